"""Drawings of networks as plain SVG: no script, the same bytes for the same network.

Pointing at a node dims the ties of the others and every mark has a title, by style alone; printed or
in a picture element the drawing is the same without that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

KLASSE = "tks-net"
_LETTER = "DejaVu Sans, Verdana, sans-serif"
_INKT, _GRIJS = "#222222", "#595959"
# Okabe and Ito's palette and black; with a shape of its own each reads without colour too.
_KLEUREN = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
    "#56B4E9", "#000000", "#7F6000", "#5E3C99", "#7F7F7F",
)  # fmt: skip
_VORMEN = (
    "cirkel",
    "vierkant",
    "driehoek",
    "ruit",
    "vijfhoek",
    "ster",
    "kruis",
    "omgekeerd",
    "zeshoek",
    "balk",
)
_OVERLEG_KLEUR = "#44546A"
NAAST_KLEUR, MIDDEN_KLEUR, NA_KLEUR = "#0072B2", "#8C8C8C", "#D55E00"
_LAAG, _HOOG = 0.4, 0.6
BAND = 0.7  # how much of what is under a broad band it hides


@dataclass(frozen=True)
class Node:
    """A node to draw; `grootte` between 0 and 1."""

    naam: str
    domein: str
    grootte: float
    titel: str


@dataclass(frozen=True)
class Tie:
    """A tie to draw: positions of its ends, `dikte` and `naast` between 0 and 1."""

    een: int
    twee: int
    dikte: float
    naast: float
    titel: str


def style_of(domeinen: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return colour and shape per domain, in alphabetical order."""
    return {d: (_KLEUREN[i % 10], _VORMEN[i % 10]) for i, d in enumerate(sorted(set(domeinen)))}


def relay_style(naast: float) -> tuple[str, str]:
    """Return colour and dash of a tie: side by side, in between, or in relay; a meeting is none of these."""
    if math.isnan(naast):
        return _OVERLEG_KLEUR, ""
    if naast >= _HOOG:
        return NAAST_KLEUR, ""
    return (MIDDEN_KLEUR, "") if naast > _LAAG else (NA_KLEUR, ' stroke-dasharray="6 4"')


def text(x: float, y: float, tekst: str, *, anker: str = "start", maat: int = 12, kleur: str = _INKT) -> str:
    """Return a line of text."""
    plek = f'x="{x:.1f}" y="{y:.1f}" font-size="{maat}" text-anchor="{anker}"'
    return f'<text {plek} fill="{kleur}">{escape(tekst)}</text>'


def page(breedte: float, hoogte: float, delen: Sequence[str], css: str = "") -> str:
    """Return a drawing on white."""
    stijl = f"<style>{css}</style>" if css else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{KLASSE}" viewBox="0 0 {breedte:.0f} {hoogte:.0f}" '
        f'width="{breedte:.0f}" height="{hoogte:.0f}" font-family="{_LETTER}">{stijl}'
        f'<rect width="{breedte:.0f}" height="{hoogte:.0f}" fill="white"/>{"".join(delen)}</svg>'
    )


def shape(vorm: str, x: float, y: float, r: float, kleur: str) -> str:
    """Return a mark with a white edge."""
    verf = f'fill="{kleur}" stroke="white" stroke-width="1.5"'
    if vorm == "cirkel":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {verf}/>'
    punten = " ".join(f"{x + r * a:.1f},{y + r * b:.1f}" for a, b in _outline(vorm))
    return f'<polygon points="{punten}" {verf}/>'


def _outline(vorm: str) -> list[tuple[float, float]]:
    def ring(n: int, draai: float, stralen: Sequence[float] = (1.1,)) -> list[tuple[float, float]]:
        hoeken = [draai + 2 * math.pi * i / n for i in range(n)]
        return [
            (stralen[i % len(stralen)] * math.sin(h), -stralen[i % len(stralen)] * math.cos(h))
            for i, h in enumerate(hoeken)
        ]

    vast = {
        "vierkant": ring(4, math.pi / 4, (1.25,)),
        "driehoek": ring(3, 0, (1.25,)),
        "omgekeerd": ring(3, math.pi, (1.25,)),
        "ruit": ring(4, 0, (1.25,)),
        "vijfhoek": ring(5, 0),
        "zeshoek": ring(6, math.pi / 6),
        "ster": ring(10, 0, (1.35, 0.6)),
        "balk": [(-1.2, -0.65), (1.2, -0.65), (1.2, 0.65), (-1.2, 0.65)],
    }
    kruis = [(-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4)]
    return vast.get(vorm, kruis + [(-a, -b) for a, b in kruis])


def ring_positions(n: int, cx: float, cy: float, r: float) -> list[tuple[float, float]]:
    """Return places on a circle, clockwise, the top between the first and the last."""
    hoeken = [2 * math.pi * (i + 0.5) / max(n, 1) for i in range(n)]
    return [(cx + r * math.sin(h), cy - r * math.cos(h)) for h in hoeken]


def spread(hoogten: Sequence[float], ruimte: float) -> list[float]:
    """Return heights at least `ruimte` apart, as near as possible to those wanted and in their order."""
    volgorde = sorted(range(len(hoogten)), key=lambda i: (hoogten[i], i))
    uit, blokken = [0.0] * len(hoogten), list[tuple[float, list[int]]]()
    for i in volgorde:
        blokken.append((hoogten[i], [i]))
        while len(blokken) > 1 and _top(blokken[-1], ruimte) < _bottom(blokken[-2], ruimte) + ruimte - 1e-9:
            (m2, b), (m1, a) = blokken.pop(), blokken.pop()
            blokken.append(((m1 * len(a) + m2 * len(b)) / (len(a) + len(b)), a + b))
    for midden, leden in blokken:
        for k, i in enumerate(leden):
            uit[i] = midden + (k - (len(leden) - 1) / 2) * ruimte
    return uit


def _top(blok: tuple[float, list[int]], ruimte: float) -> float:
    return blok[0] - (len(blok[1]) - 1) / 2 * ruimte


def _bottom(blok: tuple[float, list[int]], ruimte: float) -> float:
    return blok[0] + (len(blok[1]) - 1) / 2 * ruimte


def tie_path(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], tie: Tie, breed: float
) -> str:
    """Return a tie as a curve that bends towards `c`."""
    kleur, streep = relay_style(tie.naast)
    mx, my = (a[0] + b[0]) / 2 * 0.7 + c[0] * 0.3, (a[1] + b[1]) / 2 * 0.7 + c[1] * 0.3
    baan = f"M{a[0]:.1f} {a[1]:.1f}Q{mx:.1f} {my:.1f} {b[0]:.1f} {b[1]:.1f}"
    verf = f'fill="none" stroke="{kleur}" stroke-opacity="0.65" stroke-width="{0.6 + breed * tie.dikte:.2f}"'
    titel = f"<title>{escape(tie.titel)}</title>"
    return f'<path class="b e{tie.een} e{tie.twee}" d="{baan}" {verf}{streep}>{titel}</path>'


def hover_css(n: int) -> str:
    """Return the style that dims the ties of all other nodes when one is pointed at."""
    regels = [f".{KLASSE} .b:hover,.{KLASSE} .k:hover{{stroke-opacity:1;cursor:pointer}}"]
    regels += [f".{KLASSE}:has(.k{i}:hover) .b:not(.e{i}){{stroke-opacity:.06}}" for i in range(n)]
    return "".join(regels)


def grain(naast: float) -> str:
    """Return the white line along a broad band, by which it also reads in grey; empty for side by side."""
    return "" if naast >= _HOOG else ' stroke-dasharray="1 5"' if naast > _LAAG else ' stroke-dasharray="9 6"'


def relay_legend(x: float, y: float, *, breed: bool = False) -> list[str]:
    """Return the key to the ties, or to broad bands."""
    uit, teksten = [], ("vooral naast elkaar", "ertussenin", "vooral na elkaar")
    for i, (tekst, naast) in enumerate(zip(teksten, (1.0, 0.5, 0.0), strict=True)):
        kleur, streep = relay_style(naast)
        xi = x + i * 178
        lijn = f'<line x1="{xi:.0f}" y1="{y:.0f}" x2="{xi + 30:.0f}" y2="{y:.0f}"'
        dik = f'stroke-width="10" stroke-opacity="{BAND}"' if breed else f'stroke-width="4"{streep}'
        uit.append(f'{lijn} stroke="{kleur}" {dik}/>')
        if breed and (nerf := grain(naast)):
            uit.append(f'{lijn} stroke="white" stroke-width="2"{nerf}/>')
        uit.append(text(xi + 37, y + 4, tekst, maat=11))
    return uit


def node_link(knopen: Sequence[Node], banden: Sequence[Tie]) -> str:
    """Return nodes on a circle, neighbours in one community, with labels that do not collide."""
    n = len(knopen)
    straal = max(150.0, 11.5 * n)
    naam = 7.3 * max((len(k.naam) for k in knopen), default=0)
    breedte = max(640.0, 2 * (straal + naam + 34))
    cx, cy = breedte / 2, straal + 36
    plek = ring_positions(n, cx, cy, straal)
    stijl = style_of([k.domein for k in knopen])
    delen = [
        tie_path(plek[t.een], plek[t.twee], (cx, cy), t, 11) for t in sorted(banden, key=lambda t: t.dikte)
    ]
    for i, (k, (x, y)) in enumerate(zip(knopen, plek, strict=True)):
        kleur, vorm = stijl[k.domein]
        merk = shape(vorm, x, y, 6 + 9 * math.sqrt(k.grootte), kleur)
        delen.append(f'<g class="k k{i}">{merk}<title>{escape(k.titel)}</title></g>')
    delen += _labels(knopen, plek, cx)
    onder = cy + straal + 48
    if all(math.isnan(t.naast) for t in banden):
        onder -= 24
    else:
        delen += relay_legend(70, onder)
    uitleg = "dikte van de band: huishoudens; grootte van de vorm: huishoudens"
    delen.append(text(70, onder + 24, uitleg, maat=11, kleur=_GRIJS))
    sleutel = _domain_legend(stijl, 70, onder + 50) if any(k.naam != k.domein for k in knopen) else ([], 0.0)
    return page(breedte, onder + 40 + sleutel[1], [*delen, *sleutel[0]], hover_css(n))


def _labels(knopen: Sequence[Node], plek: Sequence[tuple[float, float]], cx: float) -> list[str]:
    """Put labels left and right of the circle, pushed apart where they would touch."""
    uit = []
    for kant in (1, -1):
        wie = [i for i, (x, _) in enumerate(plek) if (x >= cx) == (kant == 1)]
        for i, y in zip(wie, spread([plek[i][1] for i in wie], 17), strict=True):
            x = plek[i][0] + kant * 20
            if abs(y - plek[i][1]) > 6:
                begin = f"M{plek[i][0] + kant * 12:.1f} {plek[i][1]:.1f}L{x - kant * 3:.1f} {y:.1f}"
                uit.append(f'<path d="{begin}" stroke="{_GRIJS}" stroke-width="0.7" fill="none"/>')
            uit.append(text(x, y + 4, knopen[i].naam, anker="start" if kant == 1 else "end"))
    return uit


def _domain_legend(stijl: Mapping[str, tuple[str, str]], x: float, y: float) -> tuple[list[str], float]:
    uit = []
    for i, (domein, (kleur, vorm)) in enumerate(stijl.items()):
        xi, yi = x + (i % 3) * 200, y + (i // 3) * 20
        uit.append(shape(vorm, xi + 6, yi, 6, kleur))
        uit.append(text(xi + 20, yi + 4, domein or "onbekend", maat=11))
    return uit, 20.0 * math.ceil(len(stijl) / 3) + 4


def matrix(namen: Sequence[str], waarden: Mapping[tuple[int, int], tuple[float, float, str]]) -> str:
    """Return a matrix of ties: darker is more households, a stroke through a cell is in relay.

    Parameters
    ----------
    waarden : mapping of positions to (darkness 0-1, side by side 0-1, title)
    """
    n, vak = len(namen), 26.0
    links = 14 + 7.0 * max((len(naam) for naam in namen), default=0)
    boven = 20 + 5.4 * max((len(naam) for naam in namen), default=0)
    delen = []
    for i, naam in enumerate(namen):
        midden = (i + 0.5) * vak
        delen.append(text(links - 6, boven + midden + 4, naam, anker="end", maat=11))
        x = links + midden
        draai = f"translate({x + 3:.1f} {boven - 6:.1f}) rotate(-50)"
        delen.append(f'<text transform="{draai}" font-size="11" fill="{_INKT}">{escape(naam)}</text>')
    for i in range(n):
        for j in range(n):
            x, y = links + j * vak, boven + i * vak
            if i == j:
                delen.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{vak}" height="{vak}" fill="#EDEDED"/>')
            elif (i, j) in waarden:
                delen += _cell(x, y, vak, *waarden[i, j])
            else:
                delen.append(text(x + vak / 2, y + vak / 2 + 4, "·", anker="middle", kleur=_GRIJS))
    uitleg = "donkerder: meer huishoudens; schuine streep: vooral na elkaar; punt: geen band of onderdrukt"
    hoog = boven + n * vak + 34
    delen.append(text(14, hoog - 12, uitleg, maat=11, kleur=_GRIJS))
    breed = max(links + n * vak + 5.4 * max((len(naam) for naam in namen), default=0), 640.0)
    return page(breed, hoog, delen, f".{KLASSE} .c:hover rect{{stroke:{_INKT};stroke-width:2}}")


def _cell(x: float, y: float, vak: float, donker: float, naast: float, titel: str) -> list[str]:
    tint = round(235 - 200 * math.sqrt(donker))
    kleur = f"rgb({tint},{min(255, tint + 30)},{min(255, tint + 60)})"
    streep = ""
    if naast <= _LAAG:
        lijn = "white" if tint < 130 else NA_KLEUR
        baan = f"M{x + 4:.1f} {y + vak - 4:.1f}L{x + vak - 4:.1f} {y + 4:.1f}"
        streep = f'<path d="{baan}" stroke="{lijn}" stroke-width="2"/>'
    vlak = f'<rect x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{vak - 1}" height="{vak - 1}" fill="{kleur}"/>'
    return [f'<g class="c">{vlak}{streep}<title>{escape(titel)}</title></g>']

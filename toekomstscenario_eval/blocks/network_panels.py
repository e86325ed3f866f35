"""Drawings of more than one network, and of flows between columns; see `network_svg`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from toekomstscenario_eval.blocks.network_svg import (
    BAND,
    KLASSE,
    Node,
    Tie,
    grain,
    page,
    relay_legend,
    relay_style,
    ring_positions,
    shape,
    spread,
    style_of,
    text,
    tie_path,
)

_BREEDTE, _STRAAL = 720.0, 84.0
_GRIJS = "#595959"


@dataclass(frozen=True)
class Flow:
    """A flow to draw: positions left and right, share of all, part in relay, title."""

    van: int
    naar: int
    aandeel: float
    na_elkaar: float
    titel: str


def multiples(knopen: Sequence[Node], panelen: Sequence[tuple[str, Sequence[Tie], frozenset[int]]]) -> str:
    """Return the same network in several periods: places and widths mean the same in each.

    Parameters
    ----------
    panelen : sequence of (title, ties, positions of nodes that are shown)
    """
    per_rij = 3
    vak_x, vak_y = _BREEDTE / per_rij, 2 * _STRAAL + 74
    stijl = style_of([k.domein for k in knopen])
    delen = []
    for nummer, (titel, banden, aanwezig) in enumerate(panelen):
        cx = vak_x * (nummer % per_rij) + vak_x / 2
        cy = vak_y * (nummer // per_rij) + _STRAAL + 50
        plek = ring_positions(len(knopen), cx, cy, _STRAAL)
        delen.append(text(cx, cy - _STRAAL - 28, titel, anker="middle", maat=13))
        for t in sorted(banden, key=lambda t: t.dikte):
            delen.append(tie_path(plek[t.een], plek[t.twee], (cx, cy), t, 7))
        for i, (k, (x, y)) in enumerate(zip(knopen, plek, strict=True)):
            kleur, vorm = stijl[k.domein]
            if i in aanwezig:
                delen.append(f"<g>{shape(vorm, x, y, 7, kleur)}<title>{escape(k.titel)}</title></g>")
            else:
                delen.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="white" stroke="{_GRIJS}"/>')
            buiten = 1 + 19 / _STRAAL
            delen.append(
                text(cx + (x - cx) * buiten, cy + (y - cy) * buiten + 4, str(i + 1), anker="middle", maat=10)
            )
    onder = vak_y * math.ceil(len(panelen) / per_rij) + 30
    delen += relay_legend(60, onder)
    for i, k in enumerate(knopen):
        kleur, vorm = stijl[k.domein]
        x, y = 60 + (i % 3) * 212, onder + 28 + (i // 3) * 20
        delen += [shape(vorm, x + 6, y, 6, kleur), text(x + 20, y + 4, f"{i + 1}  {k.naam}", maat=11)]
    hoogte = onder + 28 + 20 * math.ceil(len(knopen) / 3) + 24
    delen.append(text(60, hoogte - 12, "open rondje: onderdrukt of niet aanwezig", maat=11, kleur=_GRIJS))
    return page(_BREEDTE, hoogte, delen)


def flows(links: Sequence[str], rechts: Sequence[str], stromen: Sequence[Flow]) -> str:
    """Return hand-overs as bands from who leaves to who comes."""
    schaal, tussen, boven = 420.0, 10.0, 40.0
    x1, x2 = 205.0, _BREEDTE - 205.0
    uit_hoogte, uit_begin = _column([s.van for s in stromen], stromen, len(links), schaal, tussen, boven)
    in_hoogte, in_begin = _column([s.naar for s in stromen], stromen, len(rechts), schaal, tussen, boven)
    delen = [text(x1, 20, "wie vertrekt", anker="end", maat=13), text(x2, 20, "wie komt", maat=13)]
    vol_links, vol_rechts = list(uit_begin), list(in_begin)
    for s in sorted(stromen, key=lambda s: (s.van, s.naar)):
        dik = max(s.aandeel * schaal, 0.8)
        y1, y2 = vol_links[s.van] + dik / 2, vol_rechts[s.naar] + dik / 2
        vol_links[s.van] += dik
        vol_rechts[s.naar] += dik
        kleur, _ = relay_style(1 - s.na_elkaar)
        mx = (x1 + x2) / 2
        baan = f"M{x1 + 8:.1f} {y1:.1f}C{mx:.1f} {y1:.1f} {mx:.1f} {y2:.1f} {x2 - 8:.1f} {y2:.1f}"
        verf = f'fill="none" stroke="{kleur}" stroke-opacity="{BAND}" stroke-width="{dik:.2f}"'
        delen.append(f'<path class="b" d="{baan}" {verf}><title>{escape(s.titel)}</title></path>')
        if nerf := grain(1 - s.na_elkaar):
            smal = min(2.0, dik / 2)
            delen.append(
                f'<path d="{baan}" fill="none" stroke="white" stroke-width="{smal:.2f}"{nerf} '
                'pointer-events="none"/>'
            )
    for namen, begin, hoogte, x, kant in (
        (links, uit_begin, uit_hoogte, x1, -1),
        (rechts, in_begin, in_hoogte, x2, 1),
    ):
        midden = [b + h / 2 for b, h in zip(begin, hoogte, strict=True)]
        for naam, b, h, y in zip(namen, begin, hoogte, spread(midden, 16), strict=True):
            delen.append(
                f'<rect x="{x - 8:.1f}" y="{b:.1f}" width="16" height="{max(h, 1):.1f}" fill="{_GRIJS}"/>'
            )
            delen.append(text(x + kant * 14, y + 4, naam, anker="end" if kant < 0 else "start"))
    einden = [b + h for b, h in zip([*uit_begin, *in_begin], [*uit_hoogte, *in_hoogte], strict=True)]
    onder = max([*einden, boven + 16 * max(len(links), len(rechts))]) + 34
    delen += relay_legend(70, onder, breed=True)
    delen.append(text(70, onder + 24, "dikte: deel van alle overdrachten", maat=11, kleur=_GRIJS))
    return page(_BREEDTE, onder + 40, delen, f".{KLASSE} .b:hover{{stroke-opacity:1}}")


def _column(
    kant: Sequence[int], stromen: Sequence[Flow], n: int, schaal: float, tussen: float, boven: float
) -> tuple[list[float], list[float]]:
    """Return height and top of each block of a column."""
    hoogte = [0.0] * n
    for plek, s in zip(kant, stromen, strict=True):
        hoogte[plek] += max(s.aandeel * schaal, 0.8)
    begin, y = [], boven
    for h in hoogte:
        begin.append(y)
        y += h + tussen
    return hoogte, begin

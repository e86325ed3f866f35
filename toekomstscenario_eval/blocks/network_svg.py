"""Drawings of networks as plain SVG: no script, the same bytes for the same network.

Pointing at a node dims the ties of the others and every mark has a title, by style alone; printed or
in a picture element the drawing is the same without that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

CLASS = "tks-net"
_LETTER = "DejaVu Sans, Verdana, sans-serif"
_INK, _GREY = "#222222", "#595959"
# Okabe and Ito's palette and black; with a shape of its own each reads without colour too.
_COLORS = (
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
_OVERLEG_COLOR = "#44546A"
BESIDE_COLOR, MIDDLE_COLOR, AFTER_COLOR = "#0072B2", "#8C8C8C", "#D55E00"
_LOW, _HIGH = 0.4, 0.6
_LEAST_WIDTH = 720.0  # room for the whole key
TIE = 0.7  # how much of what is under a broad band it hides


@dataclass(frozen=True)
class Node:
    """A node to draw; `grootte` between 0 and 1."""

    naam: str
    domein: str
    grootte: float
    titel: str


@dataclass(frozen=True)
class Tie:
    """A tie to draw: positions of its ends, `thickness` and `naast` between 0 and 1."""

    een: int
    twee: int
    thickness: float
    naast: float
    titel: str


def style_of(domeinen: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return colour and shape per domain, in alphabetical order."""
    return {d: (_COLORS[i % 10], _VORMEN[i % 10]) for i, d in enumerate(sorted(set(domeinen)))}


def relay_style(beside: float) -> tuple[str, str]:
    """Return colour and dash of a tie: side by side, in between, or in relay; none of these when missing."""
    if math.isnan(beside):
        return _OVERLEG_COLOR, ""
    if beside >= _HIGH:
        return BESIDE_COLOR, ""
    return (MIDDLE_COLOR, "") if beside > _LOW else (AFTER_COLOR, ' stroke-dasharray="6 4"')


def text(x: float, y: float, words: str, *, anchor: str = "start", maat: int = 12, color: str = _INK) -> str:
    """Return a line of text."""
    spot = f'x="{x:.1f}" y="{y:.1f}" font-size="{maat}" text-anchor="{anchor}"'
    return f'<text {spot} fill="{color}">{escape(words)}</text>'


def wide_as(words: str, maat: int) -> float:
    """Return at most how wide a line of text is: this letter takes two thirds of its size on average."""
    return 0.66 * maat * len(words)


def page(width: float, height: float, parts: Sequence[str], css: str = "") -> str:
    """Return a drawing on white."""
    style = f"<style>{css}</style>" if css else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{CLASS}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" font-family="{_LETTER}">{style}'
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>{"".join(parts)}</svg>'
    )


def shape(vorm: str, x: float, y: float, r: float, color: str) -> str:
    """Return a mark with a white edge."""
    paint = f'fill="{color}" stroke="white" stroke-width="1.5"'
    if vorm == "cirkel":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {paint}/>'
    points = " ".join(f"{x + r * a:.1f},{y + r * b:.1f}" for a, b in _outline(vorm))
    return f'<polygon points="{points}" {paint}/>'


def _outline(vorm: str) -> list[tuple[float, float]]:
    def ring(n: int, turn: float, radii: Sequence[float] = (1.1,)) -> list[tuple[float, float]]:
        corners = [turn + 2 * math.pi * i / n for i in range(n)]
        return [
            (radii[i % len(radii)] * math.sin(h), -radii[i % len(radii)] * math.cos(h))
            for i, h in enumerate(corners)
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
    cross = [(-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4)]
    return vast.get(vorm, cross + [(-a, -b) for a, b in cross])


def ring_positions(n: int, cx: float, cy: float, r: float) -> list[tuple[float, float]]:
    """Return places on a circle, clockwise, the top between the first and the last."""
    corners = [2 * math.pi * (i + 0.5) / max(n, 1) for i in range(n)]
    return [(cx + r * math.sin(h), cy - r * math.cos(h)) for h in corners]


def spread(heights: Sequence[float], room: float) -> list[float]:
    """Return heights at least `room` apart, as near as possible to those wanted and in their order."""
    order = sorted(range(len(heights)), key=lambda i: (heights[i], i))
    out, blocks = [0.0] * len(heights), list[tuple[float, list[int]]]()
    for i in order:
        blocks.append((heights[i], [i]))
        while len(blocks) > 1 and _top(blocks[-1], room) < _bottom(blocks[-2], room) + room - 1e-9:
            (m2, b), (m1, a) = blocks.pop(), blocks.pop()
            blocks.append(((m1 * len(a) + m2 * len(b)) / (len(a) + len(b)), a + b))
    for middle, members in blocks:
        for k, i in enumerate(members):
            out[i] = middle + (k - (len(members) - 1) / 2) * room
    return out


def _top(block: tuple[float, list[int]], room: float) -> float:
    return block[0] - (len(block[1]) - 1) / 2 * room


def _bottom(block: tuple[float, list[int]], room: float) -> float:
    return block[0] + (len(block[1]) - 1) / 2 * room


def tie_path(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], tie: Tie, wide: float
) -> str:
    """Return a tie as a curve that bends towards `c`."""
    color, dash = relay_style(tie.naast)
    mx, my = (a[0] + b[0]) / 2 * 0.7 + c[0] * 0.3, (a[1] + b[1]) / 2 * 0.7 + c[1] * 0.3
    lane = f"M{a[0]:.1f} {a[1]:.1f}Q{mx:.1f} {my:.1f} {b[0]:.1f} {b[1]:.1f}"
    paint = (
        f'fill="none" stroke="{color}" stroke-opacity="0.65" stroke-width="{0.6 + wide * tie.thickness:.2f}"'
    )
    title = f"<title>{escape(tie.titel)}</title>"
    return f'<path class="b e{tie.een} e{tie.twee}" d="{lane}" {paint}{dash}>{title}</path>'


def hover_css(n: int) -> str:
    """Return the style that dims the ties of all other nodes when one is pointed at."""
    lines = [f".{CLASS} .b:hover,.{CLASS} .k:hover{{stroke-opacity:1;cursor:pointer}}"]
    lines += [f".{CLASS}:has(.k{i}:hover) .b:not(.e{i}){{stroke-opacity:.06}}" for i in range(n)]
    return "".join(lines)


def grain(beside: float) -> str:
    """Return the white line along a broad band, by which it also reads in grey; empty for side by side."""
    if math.isnan(beside):
        return ' stroke-dasharray="1 14"'
    return (
        "" if beside >= _HIGH else ' stroke-dasharray="1 5"' if beside > _LOW else ' stroke-dasharray="9 6"'
    )


_KEY = (("vooral naast elkaar", 1.0), ("ertussenin", 0.5), ("vooral na elkaar", 0.0))
_NOT_TOLD = ("niet getoond", math.nan)


def relay_legend(x: float, y: float, parts: Iterable[float] = (), *, wide: bool = False) -> list[str]:
    """Return the key to the ties, or to broad bands; `parts` are what they show."""
    out, xi = [], x
    key = (*_KEY, _NOT_TOLD) if any(map(math.isnan, parts)) else _KEY
    for words, beside in key:
        color, dash = relay_style(beside)
        line = f'<line x1="{xi:.0f}" y1="{y:.0f}" x2="{xi + 30:.0f}" y2="{y:.0f}"'
        thick = f'stroke-width="10" stroke-opacity="{TIE}"' if wide else f'stroke-width="4"{dash}'
        out.append(f'{line} stroke="{color}" {thick}/>')
        if wide and (texture := grain(beside)):
            out.append(f'{line} stroke="white" stroke-width="2"{texture}/>')
        out.append(text(xi + 37, y + 4, words, maat=11))
        xi += 37 + wide_as(words, 11) + 18
    return out


def node_link(nodes: Sequence[Node], ties: Sequence[Tie]) -> str:
    """Return nodes on a circle, neighbours in one community, with labels that do not collide."""
    n = len(nodes)
    radius = max(150.0, 11.5 * n)
    naam = 7.3 * max((len(k.naam) for k in nodes), default=0)
    width = max(_LEAST_WIDTH, 2 * (radius + naam + 34))
    cx, cy = width / 2, radius + 36
    spot = ring_positions(n, cx, cy, radius)
    style = style_of([k.domein for k in nodes])
    parts = [
        tie_path(spot[t.een], spot[t.twee], (cx, cy), t, 11) for t in sorted(ties, key=lambda t: t.thickness)
    ]
    for i, (k, (x, y)) in enumerate(zip(nodes, spot, strict=True)):
        color, vorm = style[k.domein]
        mark = shape(vorm, x, y, 6 + 9 * math.sqrt(k.grootte), color)
        parts.append(f'<g class="k k{i}">{mark}<title>{escape(k.titel)}</title></g>')
    parts += _labels(nodes, spot, cx)
    under = cy + radius + 48
    if all(math.isnan(t.naast) for t in ties):
        under -= 24
    else:
        parts += relay_legend(70, under, (t.naast for t in ties))
    explanation = "dikte van de band: huishoudens; grootte van de vorm: huishoudens"
    parts.append(text(70, under + 24, explanation, maat=11, color=_GREY))
    key = _domain_legend(style, 70, under + 50) if any(k.naam != k.domein for k in nodes) else ([], 0.0)
    return page(width, under + 40 + key[1], [*parts, *key[0]], hover_css(n))


def _labels(nodes: Sequence[Node], spot: Sequence[tuple[float, float]], cx: float) -> list[str]:
    """Put labels left and right of the circle, pushed apart where they would touch."""
    out = []
    for side in (1, -1):
        who = [i for i, (x, _) in enumerate(spot) if (x >= cx) == (side == 1)]
        for i, y in zip(who, spread([spot[i][1] for i in who], 17), strict=True):
            x = spot[i][0] + side * 20
            if abs(y - spot[i][1]) > 6:
                begin = f"M{spot[i][0] + side * 12:.1f} {spot[i][1]:.1f}L{x - side * 3:.1f} {y:.1f}"
                out.append(f'<path d="{begin}" stroke="{_GREY}" stroke-width="0.7" fill="none"/>')
            out.append(text(x, y + 4, nodes[i].naam, anchor="start" if side == 1 else "end"))
    return out


def _domain_legend(style: Mapping[str, tuple[str, str]], x: float, y: float) -> tuple[list[str], float]:
    out = []
    for i, (domein, (color, vorm)) in enumerate(style.items()):
        xi, yi = x + (i % 3) * 200, y + (i // 3) * 20
        out.append(shape(vorm, xi + 6, yi, 6, color))
        out.append(text(xi + 20, yi + 4, domein or "onbekend", maat=11))
    return out, 20.0 * math.ceil(len(style) / 3) + 4


def matrix(namen: Sequence[str], waarden: Mapping[tuple[int, int], tuple[float, float, str]]) -> str:
    """Return a matrix of ties: darker is more households, a stroke through a cell is in relay.

    Parameters
    ----------
    waarden : mapping of positions to (darkness 0-1, side by side 0-1, title)
    """
    n, pane = len(namen), 26.0
    left = 14 + 7.0 * max((len(naam) for naam in namen), default=0)
    above = 20 + 5.4 * max((len(naam) for naam in namen), default=0)
    parts = []
    for i, naam in enumerate(namen):
        middle = (i + 0.5) * pane
        parts.append(text(left - 6, above + middle + 4, naam, anchor="end", maat=11))
        x = left + middle
        turn = f"translate({x + 3:.1f} {above - 6:.1f}) rotate(-50)"
        parts.append(f'<text transform="{turn}" font-size="11" fill="{_INK}">{escape(naam)}</text>')
    for i in range(n):
        for j in range(n):
            x, y = left + j * pane, above + i * pane
            if i == j:
                parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{pane}" height="{pane}" fill="#EDEDED"/>')
            elif (i, j) in waarden:
                parts += _cell(x, y, pane, *waarden[i, j])
            else:
                parts.append(text(x + pane / 2, y + pane / 2 + 4, "·", anchor="middle", color=_GREY))
    explanation = (
        "donkerder: meer huishoudens; schuine streep: vooral na elkaar; punt: geen band of niet getoond"
    )
    high = above + n * pane + 34
    parts.append(text(14, high - 12, explanation, maat=11, color=_GREY))
    wide = max(left + n * pane + 5.4 * max((len(naam) for naam in namen), default=0), _LEAST_WIDTH)
    return page(wide, high, parts, f".{CLASS} .c:hover rect{{stroke:{_INK};stroke-width:2}}")


def _cell(x: float, y: float, pane: float, dark: float, beside: float, title: str) -> list[str]:
    tint = round(235 - 200 * math.sqrt(dark))
    color = f"rgb({tint},{min(255, tint + 30)},{min(255, tint + 60)})"
    dash = ""
    if beside <= _LOW:
        line = "white" if tint < 130 else AFTER_COLOR
        lane = f"M{x + 4:.1f} {y + pane - 4:.1f}L{x + pane - 4:.1f} {y + 4:.1f}"
        dash = f'<path d="{lane}" stroke="{line}" stroke-width="2"/>'
    area = (
        f'<rect x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{pane - 1}" height="{pane - 1}" fill="{color}"/>'
    )
    return [f'<g class="c">{area}{dash}<title>{escape(title)}</title></g>']

"""Drawings of more than one network, and of flows between columns; see `network_svg`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from toekomstscenario_eval.blocks.network_svg import (
    CLASS,
    TIE,
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

_WIDTH, _MOST_RADIUS, _MOST_PER_ROW = 720.0, 130.0, 3
_GREY = "#595959"


@dataclass(frozen=True)
class Flow:
    """A flow to draw: positions left and right, share of all, part in relay, title."""

    van: int
    naar: int
    aandeel: float
    na_elkaar: float
    titel: str


def multiples(nodes: Sequence[Node], panels: Sequence[tuple[str, Sequence[Tie], Mapping[int, Node]]]) -> str:
    """Return the same network in several periods: places, widths and sizes mean the same in each.

    Parameters
    ----------
    nodes : all of them, in the order of their positions
    panels : sequence of (title, ties, the nodes that are shown in it by position, as they are then)
    """
    per_row = min(_MOST_PER_ROW, max(1, len(panels)))
    pane_x = _WIDTH / per_row
    radius = min(_MOST_RADIUS, pane_x / 2 - 36)
    pane_y = 2 * radius + 74
    style = style_of([k.domein for k in nodes])
    parts = []
    for number, (title, ties, aanwezig) in enumerate(panels):
        cx = pane_x * (number % per_row) + pane_x / 2
        cy = pane_y * (number // per_row) + radius + 50
        spot = ring_positions(len(nodes), cx, cy, radius)
        parts.append(text(cx, cy - radius - 28, title, anchor="middle", maat=13))
        for t in sorted(ties, key=lambda t: t.thickness):
            parts.append(tie_path(spot[t.een], spot[t.twee], (cx, cy), t, 7))
        for i, (x, y) in enumerate(spot):
            if k := aanwezig.get(i):
                color, vorm = style[k.domein]
                mark = shape(vorm, x, y, 3 + 7 * math.sqrt(k.grootte), color)
                parts.append(f"<g>{mark}<title>{escape(k.titel)}</title></g>")
            else:
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="white" stroke="{_GREY}"/>')
            outside = 1 + 19 / radius
            parts.append(
                text(
                    cx + (x - cx) * outside, cy + (y - cy) * outside + 4, str(i + 1), anchor="middle", maat=10
                )
            )
    under = pane_y * math.ceil(len(panels) / per_row) + 30
    parts += relay_legend(60, under, (t.naast for _, ties, _ in panels for t in ties))
    for i, k in enumerate(nodes):
        color, vorm = style[k.domein]
        x, y = 60 + (i % 3) * 212, under + 28 + (i // 3) * 20
        parts += [shape(vorm, x + 6, y, 6, color), text(x + 20, y + 4, f"{i + 1}  {k.naam}", maat=11)]
    height = under + 28 + 20 * math.ceil(len(nodes) / 3) + 40
    scale = "dikte van de band en grootte van de vorm: huishoudens, in elke periode op dezelfde schaal"
    parts.append(text(60, height - 28, scale, maat=11, color=_GREY))
    parts.append(text(60, height - 12, "open rondje: niet getoond of niet aanwezig", maat=11, color=_GREY))
    return page(_WIDTH, height, parts)


def flows(left: Sequence[str], right: Sequence[str], streams: Sequence[Flow]) -> str:
    """Return hand-overs as bands from who leaves to who comes."""
    schaal, between, above = 420.0, 10.0, 40.0
    x1, x2 = 205.0, _WIDTH - 205.0
    from_height, from_begin = _column([s.van for s in streams], streams, len(left), schaal, between, above)
    in_height, in_begin = _column([s.naar for s in streams], streams, len(right), schaal, between, above)
    parts = [text(x1, 20, "wie vertrekt", anchor="end", maat=13), text(x2, 20, "wie komt", maat=13)]
    full_left, full_right = list(from_begin), list(in_begin)
    for s in sorted(streams, key=lambda s: (s.van, s.naar)):
        thick = max(s.aandeel * schaal, 0.8)
        y1, y2 = full_left[s.van] + thick / 2, full_right[s.naar] + thick / 2
        full_left[s.van] += thick
        full_right[s.naar] += thick
        color, _ = relay_style(1 - s.na_elkaar)
        mx = (x1 + x2) / 2
        lane = f"M{x1 + 8:.1f} {y1:.1f}C{mx:.1f} {y1:.1f} {mx:.1f} {y2:.1f} {x2 - 8:.1f} {y2:.1f}"
        paint = f'fill="none" stroke="{color}" stroke-opacity="{TIE}" stroke-width="{thick:.2f}"'
        parts.append(f'<path class="b" d="{lane}" {paint}><title>{escape(s.titel)}</title></path>')
        if texture := grain(1 - s.na_elkaar):
            narrow = min(2.0, thick / 2)
            parts.append(
                f'<path d="{lane}" fill="none" stroke="white" stroke-width="{narrow:.2f}"{texture} '
                'pointer-events="none"/>'
            )
    for namen, begin, height, x, side in (
        (left, from_begin, from_height, x1, -1),
        (right, in_begin, in_height, x2, 1),
    ):
        middle = [b + h / 2 for b, h in zip(begin, height, strict=True)]
        for naam, b, h, y in zip(namen, begin, height, spread(middle, 16), strict=True):
            parts.append(
                f'<rect x="{x - 8:.1f}" y="{b:.1f}" width="16" height="{max(h, 1):.1f}" fill="{_GREY}"/>'
            )
            parts.append(text(x + side * 14, y + 4, naam, anchor="end" if side < 0 else "start"))
    einden = [b + h for b, h in zip([*from_begin, *in_begin], [*from_height, *in_height], strict=True)]
    under = max([*einden, above + 16 * max(len(left), len(right))]) + 34
    parts += relay_legend(70, under, (s.na_elkaar for s in streams), wide=True)
    parts.append(text(70, under + 24, "dikte: deel van alle overdrachten", maat=11, color=_GREY))
    return page(_WIDTH, under + 40, parts, f".{CLASS} .b:hover{{stroke-opacity:1}}")


def _column(
    side: Sequence[int], streams: Sequence[Flow], n: int, schaal: float, between: float, above: float
) -> tuple[list[float], list[float]]:
    """Return height and top of each block of a column."""
    height = [0.0] * n
    for spot, s in zip(side, streams, strict=True):
        height[spot] += max(s.aandeel * schaal, 0.8)
    begin, y = [], above
    for h in height:
        begin.append(y)
        y += h + between
    return height, begin

"""A flow diagram as SVG: what comes in, what stays, and beside each step what drops out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from toekomstscenario_eval.document.theme import AREA, COLORS, GREY, INK, LETTER

_WIDE, _HIGH, _BETWEEN, _THEY, _MARGIN = 180, 50, 34, 230, 10
_LETTER_CHARS = 32


@dataclass(frozen=True)
class Step:
    """A step with its number, and what left on the way to it: how many, and why."""

    naam: str
    aantal: str
    dropout: str = ""
    redenen: tuple[str, ...] = ()


def _text(x: float, y: float, text: str, *, maat: int = 12, bold: bool = False, middle: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{LETTER}" font-size="{maat}"{weight}{anchor} '
        f'fill="{INK}">{escape(text)}</text>'
    )


def _box(x: float, y: float, wide: float, high: float, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    area = "#ffffff" if dashed else AREA
    line = GREY if dashed else COLORS[0]
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="4" fill="{area}" '
        f'stroke="{line}" stroke-width="1.5"{dash}/>'
    )


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a line with a head; the line runs straight down or straight to the right."""
    to_right = y1 == y2
    point = (
        f"{x2:g},{y2:g} {x2 - 8:g},{y2 - 5:g} {x2 - 8:g},{y2 + 5:g}"
        if to_right
        else f"{x2:g},{y2:g} {x2 - 5:g},{y2 - 8:g} {x2 + 5:g},{y2 - 8:g}"
    )
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2 - 6 * to_right:g}" y2="{y2 - 6 * (not to_right):g}" '
        f'stroke="{GREY}" stroke-width="1.5"/><polygon points="{point}" fill="{GREY}"/>'
    )


def _wrap(text: str) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > _LETTER_CHARS:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def flow_svg(stappen: Sequence[Step]) -> str:
    """Return the steps under each other, with a dashed box for what left between two steps."""
    parts: list[str] = []
    middle, right = _MARGIN + _WIDE / 2, _MARGIN + _WIDE + 46
    y = float(_MARGIN)
    for number, stap in enumerate(stappen):
        if number:
            lines = (
                [stap.dropout, *(r for reden in stap.redenen for r in _wrap(reden))] if stap.dropout else []
            )
            high = 16.0 * len(lines) + 14 if lines else 0.0
            room = max(_BETWEEN, high + 18)
            parts.append(_arrow(middle, y, middle, y + room))
            if lines:
                above = y + (room - high) / 2
                parts += [
                    _arrow(middle, y + room / 2, right, y + room / 2),
                    _box(right, above, _THEY, high, dashed=True),
                    *(
                        _text(right + 12, above + 20 + 16 * i, line, maat=11, bold=i == 0)
                        for i, line in enumerate(lines)
                    ),
                ]
            y += room
        parts += [
            _box(_MARGIN, y, _WIDE, _HIGH),
            _text(middle, y + 22, stap.naam, middle=True),
            _text(middle, y + 42, stap.aantal, maat=15, bold=True, middle=True),
        ]
        y += _HIGH
    wide, height = right + _THEY + _MARGIN, y + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{height:g}" '
        f'viewBox="0 0 {wide:g} {height:g}"><rect width="{wide:g}" height="{height:g}" fill="#ffffff"/>'
        f"{''.join(parts)}</svg>"
    )

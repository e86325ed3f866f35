"""The mark of exact numbers: each table and figure that holds any says so, also when it is taken out.

What a reader can copy by itself carries the mark in itself: the caption of a table, and of a figure the
caption, its text alternative and the drawing. Pages carry it in their header, which is for the renderers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.document.languages import DUTCH
from toekomstscenario_eval.document.nodes import Block, Figuur, Herkomst, Kaart, Kader, Tabel
from toekomstscenario_eval.identity import BADGE

# What stands in a drawing, where room is short.
ON_DRAWING = "INTERN: niet publiceren"
COLOR = "#a3152b"
_BAND, _LETTER = 20.0, 12.0
# Width of a bold letter, in its height; broad enough for any sans serif.
_WIDE = 0.68
_ROOT = re.compile(r"<svg\b[^>]*>")
_CLASS = "tks-intern"


def marked(
    blocks: tuple[Block, ...], *, language: str = DUTCH, dutch: frozenset[str] = frozenset()
) -> tuple[tuple[Block, ...], frozenset[str]]:
    """Return the blocks with a mark on each table and figure; what is marked already stays as it is.

    Parameters
    ----------
    blocks : tuple of Block
        In the language of the document.
    language : str
        That language.
    dutch : frozenset of str
        Texts that stayed Dutch in it.

    Returns
    -------
    tuple
        The blocks, and the texts that stayed Dutch: captions among these keep a Dutch mark.
    """
    marker = _Marker(language, dutch)
    return marker.walk(blocks), dutch | marker.added


@dataclass
class _Marker:
    """Walks the blocks, and remembers the marked texts that are Dutch."""

    language: str
    dutch: frozenset[str]
    added: set[str] = field(default_factory=set)

    def text(self, text: str) -> str:
        stays = self.language == DUTCH or text in self.dutch
        badge = BADGE if stays else translate(BADGE) or BADGE
        if text.startswith(f"{badge}: "):
            return text
        out = f"{badge}: {text}"
        if self.language != DUTCH and stays:
            self.added.add(out)
        return out

    def drawing(self, svg: str) -> str:
        words = ON_DRAWING if self.language == DUTCH else translate(ON_DRAWING) or ON_DRAWING
        return stamped(svg, words)

    def walk(self, part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(self.walk(under) for under in part)
        if isinstance(part, Tabel):
            return replace(part, bijschrift=self.text(part.bijschrift))
        if isinstance(part, Figuur):
            return replace(
                part,
                bijschrift=self.text(part.bijschrift),
                alt=self.text(part.alt),
                svg=self.drawing(part.svg),
                gegevens=self.walk(part.gegevens),
            )
        if isinstance(part, Kader):
            return replace(part, inhoud=self.walk(part.inhoud))
        if isinstance(part, Herkomst):
            return replace(part, kaarten=self.walk(part.kaarten), bijschrift=self.text(part.bijschrift))
        if isinstance(part, Kaart):
            return replace(part, titel=self.text(part.titel))
        return part


def stamped(svg: str, words: str = ON_DRAWING) -> str:
    """Return a drawing with a white band above it that holds the mark; a marked one stays as it is."""
    found = _ROOT.search(svg)
    if f'class="{_CLASS}"' in svg or found is None:
        return svg
    root = found.group()
    x, y, width, height = _frame(root)
    # One pixel on the screen, in the measure of the drawing.
    pixel = width / (_size(root, "width") or width)
    band, letter = _BAND * pixel, min(_LETTER * pixel, width / (_WIDE * len(words)))
    root = _with(root, "viewBox", f"{x:g} {y - band:g} {width:g} {height + band:g}")
    if high := _size(root, "height"):
        root = _with(root, "height", f"{high * (height + band) / height:g}")
    mark = (
        f'<g class="{_CLASS}"><rect x="{x:g}" y="{y - band:g}" width="{width:g}" height="{band:g}" '
        f'fill="#ffffff"/><text x="{x + 2 * pixel:g}" y="{y - band / 3:g}" font-size="{letter:g}" '
        f'font-family="sans-serif" font-weight="bold" fill="{COLOR}">{escape(words)}</text></g>'
    )
    if root.endswith("/>"):
        return f"{svg[: found.start()]}{root[:-2]}>{mark}</svg>{svg[found.end() :]}"
    end = svg.rindex("</svg>")
    return svg[: found.start()] + root + svg[found.end() : end] + mark + svg[end:]


def _frame(root: str) -> tuple[float, float, float, float]:
    """Return corner and size of what the drawing shows."""
    found = re.search(r'\sviewBox="([^"]*)"', root)
    parts = [float(part) for part in re.split(r"[\s,]+", found[1].strip())] if found else []
    if len(parts) == 4 and parts[2] > 0 and parts[3] > 0:
        return parts[0], parts[1], parts[2], parts[3]
    # The size of a drawing that says nothing; see the standard of CSS.
    return 0.0, 0.0, _size(root, "width") or 300.0, _size(root, "height") or 150.0


def _size(root: str, naam: str) -> float:
    """Return a size in pixels; 0 when it has none, or follows from what is around it."""
    found = re.search(rf'\s{naam}="([\d.]+)(?:px)?"', root)
    return float(found[1]) if found else 0.0


def _with(root: str, naam: str, waarde: str) -> str:
    """Return the opening tag with an attribute replaced, or added behind the others."""
    new, times = re.subn(rf'(\s{naam}=)"[^"]*"', rf'\g<1>"{waarde}"', root, count=1)
    if times:
        return new
    end = "/>" if root.endswith("/>") else ">"
    return f'{root.removesuffix(end)} {naam}="{waarde}"{end}'

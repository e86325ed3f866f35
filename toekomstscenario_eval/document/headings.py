"""The headings of a document: levels that never skip one, anchors, and which start a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from toekomstscenario_eval.document.nodes import Block, Kop

# A chapter of this name, when first, stands on a page of its own.
SUMMARY = ("Samenvatting", "Summary")
CONTENT_UP_TO = 2


@dataclass(frozen=True)
class HeadingSpot:
    """Where a heading stands: its level without gaps, and its anchor, unique in the document."""

    niveau: int
    anker: str
    tekst: str


def headings(blocks: Iterable[Block]) -> tuple[HeadingSpot, ...]:
    """Return the headings in order, one per `Kop`, with levels that never skip one.

    A reader with a screen reader moves by level, and PDF/UA refuses a jump; so a heading that is
    two levels deeper than the one above it becomes one level deeper.
    """
    above: list[int] = []
    seen: set[str] = set()
    spots = []
    for heading in (block for block in blocks if isinstance(block, Kop)):
        while above and above[-1] >= heading.niveau:
            above.pop()
        above.append(heading.niveau)
        bare = unicodedata.normalize("NFKD", heading.tekst.lower()).encode("ascii", "ignore").decode()
        base = re.sub(r"[^a-z0-9]+", "-", bare).strip("-") or "kop"
        anchor, teller = base, 1
        while anchor in seen:
            teller += 1
            anchor = f"{base}-{teller}"
        seen.add(anchor)
        spots.append(HeadingSpot(len(above), anchor, heading.tekst))
    return tuple(spots)


def own_page(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the anchors of headings that start a page: the summary, and the chapter after it."""
    above = [spot for spot in headings(blocks) if spot.niveau == 1]
    if len(above) < 2 or above[0].tekst not in SUMMARY:
        return ()
    return (above[0].anker, above[1].anker)

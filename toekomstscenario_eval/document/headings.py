"""The headings of a document: levels that never skip one, anchors, and which start a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from toekomstscenario_eval.document.nodes import Block, Kop

# A chapter of this name, when first, stands on a page of its own.
SAMENVATTING = ("Samenvatting", "Summary")
INHOUD_TOT = 2


@dataclass(frozen=True)
class KopPlek:
    """Where a heading stands: its level without gaps, and its anchor, unique in the document."""

    niveau: int
    anker: str
    tekst: str


def koppen(blokken: Iterable[Block]) -> tuple[KopPlek, ...]:
    """Return the headings in order, one per `Kop`, with levels that never skip one.

    A reader with a screen reader moves by level, and PDF/UA refuses a jump; so a heading that is
    two levels deeper than the one above it becomes one level deeper.
    """
    boven: list[int] = []
    gezien: set[str] = set()
    plekken = []
    for kop in (blok for blok in blokken if isinstance(blok, Kop)):
        while boven and boven[-1] >= kop.niveau:
            boven.pop()
        boven.append(kop.niveau)
        kaal = unicodedata.normalize("NFKD", kop.tekst.lower()).encode("ascii", "ignore").decode()
        basis = re.sub(r"[^a-z0-9]+", "-", kaal).strip("-") or "kop"
        anker, teller = basis, 1
        while anker in gezien:
            teller += 1
            anker = f"{basis}-{teller}"
        gezien.add(anker)
        plekken.append(KopPlek(len(boven), anker, kop.tekst))
    return tuple(plekken)


def own_page(blokken: Iterable[Block]) -> tuple[str, ...]:
    """Return the anchors of headings that start a page: the summary, and the chapter after it."""
    boven = [plek for plek in koppen(blokken) if plek.niveau == 1]
    if len(boven) < 2 or boven[0].tekst not in SAMENVATTING:
        return ()
    return (boven[0].anker, boven[1].anker)

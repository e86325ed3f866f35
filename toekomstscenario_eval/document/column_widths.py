"""How wide the columns of a printed table are: by what stands in them, the same in PDF and DOCX."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Tabel

# A4 less the margins, in twentieths of a point.
TEKSTBREEDTE = 9185
# Beyond this many columns the text is set smaller.
DICHT_VANAF = 8
_MEESTE_TEKENS = 60
_LANGSTE_WOORD = 16
_LANGSTE_KOP = 9
_RAND = 220


def column_widths(tabel: Tabel) -> tuple[int, ...]:
    """Return the width of each column: room for its longest word, and the rest by its longest text.

    A number is never broken over lines; a long word may be hyphenated.
    """
    per_teken = 88 if len(tabel.kop) >= DICHT_VANAF else 102
    nodig, ruim = [], []
    for plek, (naam, rechts) in enumerate(zip(tabel.kop, tabel.kolom_rechts(), strict=True)):
        cellen = [rij[plek].getoond for rij in tabel.rijen]
        regel = max((len(regel) for tekst in (naam, *cellen) for regel in tekst.split("\n")), default=1)
        if rechts:
            tekens = max(min(_longest_word([naam]), _LANGSTE_KOP) + 1, *(len(cel) for cel in cellen), 3)
        else:
            tekens = max(min(_longest_word([naam, *cellen]), _LANGSTE_WOORD), 3)
        nodig.append(tekens * per_teken + _RAND)
        ruim.append(max(min(regel, _MEESTE_TEKENS), tekens) * per_teken + _RAND)
    if sum(ruim) <= TEKSTBREEDTE:
        return tuple(ruim)
    if sum(nodig) >= TEKSTBREEDTE:
        return tuple(breedte * TEKSTBREEDTE // sum(nodig) for breedte in nodig)
    deel = (TEKSTBREEDTE - sum(nodig)) / (sum(ruim) - sum(nodig))
    return tuple(int(n + (r - n) * deel) for n, r in zip(nodig, ruim, strict=True))


def _longest_word(teksten: list[str]) -> int:
    woorden = (woord for tekst in teksten for woord in tekst.replace("\u00ad", " ").split())
    return max((len(woord) for woord in woorden), default=1)

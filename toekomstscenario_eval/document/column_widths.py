"""How wide the columns of a printed table are: by what stands in them, the same in PDF and DOCX."""

from __future__ import annotations

from toekomstscenario_eval.document.document import Tabel

# A4 less the margins, in twentieths of a point.
TEXT_WIDTH = 9185
# Beyond this many columns the text is set smaller.
DENSE_SINCE = 8
_MAX_CHARS = 60
_LONGEST_WORD = 16
_LONGEST_HEADING = 9
_EDGE = 220


def column_widths(table: Tabel) -> tuple[int, ...]:
    """Return the width of each column: room for its longest word, and the rest by its longest text.

    A number is never broken over lines; a long word may be hyphenated.
    """
    per_char = 88 if len(table.kop) >= DENSE_SINCE else 102
    needed, ample = [], []
    for spot, (naam, right) in enumerate(zip(table.kop, table.kolom_rechts(), strict=True)):
        cells = [row[spot].getoond for row in table.rijen]
        line = max((len(line) for text in (naam, *cells) for line in text.split("\n")), default=1)
        if right:
            chars = max(min(_longest_word([naam]), _LONGEST_HEADING) + 1, *(len(cell) for cell in cells), 3)
        else:
            chars = max(min(_longest_word([naam, *cells]), _LONGEST_WORD), 3)
        needed.append(chars * per_char + _EDGE)
        ample.append(max(min(line, _MAX_CHARS), chars) * per_char + _EDGE)
    if sum(ample) <= TEXT_WIDTH:
        return tuple(ample)
    if sum(needed) >= TEXT_WIDTH:
        return tuple(width * TEXT_WIDTH // sum(needed) for width in needed)
    part = (TEXT_WIDTH - sum(needed)) / (sum(ample) - sum(needed))
    return tuple(int(n + (r - n) * part) for n, r in zip(needed, ample, strict=True))


def _longest_word(texts: list[str]) -> int:
    words = (word for text in texts for word in text.replace("\u00ad", " ").split())
    return max((len(word) for word in words), default=1)

"""What the bytes and the first line of a text file tell before it is read as a table.

Whoever reads one, a package or an export, says in its own words what is wrong and how to mend it.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

SEPARATORS = {"komma": ",", "puntkomma": ";", "tab": "\t", "streep": "|"}
_CHUNK = 1 << 22
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONGEST_NAAM = 131_072  # characters of a column name; beyond it a file is no table


@dataclass(frozen=True)
class Seen:
    """What the bytes tell; with a `fout` only those before it were looked at.

    Attributes
    ----------
    begin : bytes
        The first four.
    fout : int
        Line of the first byte that does not belong in the encoding; 0 when there is none.
    regels : int
        Lines, the last counted when it is not closed too.
    half : bool
        Whether the file stops within a character.
    ascii, quote : bool
        Whether all is ASCII; whether there is a double quote.
    """

    begin: bytes
    fout: int
    regels: int
    half: bool
    ascii: bool
    quote: bool

    @property
    def utf16(self) -> bool:
        """Whether the file begins as UTF-16 does."""
        return self.begin[:2] in _UTF16


def look(path: Path, encoding: str) -> Seen:
    """Go through a file once, whatever its size."""
    decoder = codecs.getincrementaldecoder(encoding)()
    begin, fout, line, plain, quote = b"", 0, 1, True, False
    with path.open("rb") as file:
        while not fout and (chunk := file.read(_CHUNK)):
            begin = begin or chunk[:4]
            wait = len(decoder.getstate()[0])  # bytes of a character that was cut in two
            try:
                decoder.decode(chunk)
            except UnicodeError as wrong:  # without a place when UTF-16 does not say which of the two
                begin_error = getattr(wrong, "start", 0) - wait
                fout = line + chunk[: max(begin_error, 0)].count(b"\n")
            line += chunk.count(b"\n")
            plain, quote = plain and chunk.isascii(), quote or b'"' in chunk
    half = not fout and bool(decoder.getstate()[0])
    return Seen(begin, fout, line, half, plain, quote)


def first_row(path: Path, encoding: str, char: str) -> tuple[str, ...] | None:
    """Return the values on the first line; None when that is no line of a table."""
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        try:
            heading = tuple(next(csv.reader(file, delimiter=char), ()))
        except (csv.Error, UnicodeError):  # it may stop within a character
            return None
    # The limit of the csv module is shared by the whole process: another library may have lifted it.
    return None if any(len(naam) > _LONGEST_NAAM for naam in heading) else heading


def other_separator(heading: Collection[str], char: str, known: Collection[str]) -> str:
    """Return by which other separator the first line holds a known name; empty when by none."""
    line = char.join(heading)
    for naam, other in SEPARATORS.items():
        if other != char and set(known) & {k.strip('"') for k in line.split(other)}:
            return naam
    return ""

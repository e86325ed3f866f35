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
_BROK = 1 << 22
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LANGSTE_NAAM = 131_072  # characters of a column name; beyond it a file is no table


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
    ascii, aanhaling : bool
        Whether all is ASCII; whether there is a double quote.
    """

    begin: bytes
    fout: int
    regels: int
    half: bool
    ascii: bool
    aanhaling: bool

    @property
    def utf16(self) -> bool:
        """Whether the file begins as UTF-16 does."""
        return self.begin[:2] in _UTF16


def look(pad: Path, codering: str) -> Seen:
    """Go through a file once, whatever its size."""
    decoder = codecs.getincrementaldecoder(codering)()
    begin, fout, regel, gewoon, aanhaling = b"", 0, 1, True, False
    with pad.open("rb") as bestand:
        while not fout and (brok := bestand.read(_BROK)):
            begin = begin or brok[:4]
            wacht = len(decoder.getstate()[0])  # bytes of a character that was cut in two
            try:
                decoder.decode(brok)
            except UnicodeError as verkeerd:  # without a place when UTF-16 does not say which of the two
                begin_fout = getattr(verkeerd, "start", 0) - wacht
                fout = regel + brok[: max(begin_fout, 0)].count(b"\n")
            regel += brok.count(b"\n")
            gewoon, aanhaling = gewoon and brok.isascii(), aanhaling or b'"' in brok
    half = not fout and bool(decoder.getstate()[0])
    return Seen(begin, fout, regel, half, gewoon, aanhaling)


def first_row(pad: Path, codering: str, teken: str) -> tuple[str, ...] | None:
    """Return the values on the first line; None when that is no line of a table."""
    with pad.open(encoding="utf-8-sig" if codering == "utf-8" else codering, newline="") as bestand:
        try:
            kop = tuple(next(csv.reader(bestand, delimiter=teken), ()))
        except (csv.Error, UnicodeError):  # it may stop within a character
            return None
    # The limit of the csv module is shared by the whole process: another library may have lifted it.
    return None if any(len(naam) > _LANGSTE_NAAM for naam in kop) else kop


def other_separator(kop: Collection[str], teken: str, bekend: Collection[str]) -> str:
    """Return by which other separator the first line holds a known name; empty when by none."""
    regel = teken.join(kop)
    for naam, ander in SEPARATORS.items():
        if ander != teken and set(bekend) & {k.strip('"') for k in regel.split(ander)}:
            return naam
    return ""

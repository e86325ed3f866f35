"""Errors for end users: what, where, expected, got, how to mend; one exit code per class.

The command line prints these without a traceback. No message may hold a value of personal data:
name the table, the column and the row number instead.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from typing import Self

_LONGEST = 2000  # characters of a part of a message: a screen, whatever a file holds


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


class TksFout(Exception):
    """Base of every error that a user can mend.

    Parameters
    ----------
    wat : str
        What is wrong, in one Dutch sentence.
    waar : str, optional
        Place: file, table, column, row, notebook cell.
    verwacht, kreeg : str, optional
        What was expected and what was found. Never a value of personal data.
    herstel : str, optional
        What the user can do about it.
    """

    exitcode = 1
    kop = "Er ging iets mis"

    def __init__(
        self, wat: str, *, waar: str = "", verwacht: str = "", kreeg: str = "", herstel: str = ""
    ) -> None:
        self.wat, self.waar, self.verwacht, self.kreeg, self.herstel = wat, waar, verwacht, kreeg, herstel
        self._text = ""
        super().__init__(self.tekst())

    @classmethod
    def from_text(cls, tekst: str) -> Self:
        """Return the error whose whole message is `tekst`, such as one that crossed a process."""
        fout = cls(tekst)
        fout._text = tekst
        fout.args = (tekst,)
        return fout

    def tekst(self) -> str:
        """Return the message as lines of plain Dutch text."""
        if self._text:
            return self._text
        lines = [f"{self.kop}: {_short(self.wat)}"]
        parts = (
            ("Waar", self.waar),
            ("Verwacht", self.verwacht),
            ("Kreeg", self.kreeg),
            ("Herstel", self.herstel),
        )
        lines += [f"  {naam}: {_short(waarde)}" for naam, waarde in parts if waarde]
        return "\n".join(lines)


class GebruikFout(TksFout):
    """An unknown option, indicator, format or parameter."""

    exitcode = 2
    kop = "Opdracht niet begrepen"


class InvoerFout(TksFout):
    """A package, file or mapping that cannot be read."""

    exitcode = 3
    kop = "Invoer niet leesbaar"


class ControleFout(TksFout):
    """A package that was read but fails a blocking check."""

    exitcode = 4
    kop = "Controle gefaald"


class OnthullingsFout(TksFout):
    """Something would leave the tool that did not pass release."""

    exitcode = 5
    kop = "Niet vrijgegeven"


class UitvoerFout(TksFout):
    """A result that cannot be written or rendered."""

    exitcode = 6
    kop = "Uitvoer niet gelukt"


class IndicatorFout(TksFout):
    """An indicator that breaks its own contract: whoever made it must mend it, not the user."""

    exitcode = 8
    kop = "Fout in een indicator"


def did_you_mean(woord: str, mogelijk: Iterable[str]) -> str:
    """Return a Dutch hint with the nearest of `mogelijk`, or the whole list when nothing is near."""
    namen = sorted(mogelijk)
    near = difflib.get_close_matches(woord, namen, n=1, cutoff=0.65)
    if near:
        return f"Bedoelt u '{near[0]}'?"
    return "Kies uit: " + ", ".join(namen) + "."


_REASONS = {
    errno.ENOENT: "het bestaat niet",
    errno.EISDIR: "het is een map",
    errno.ENOTDIR: "een deel van het pad is een bestand",
    errno.EEXIST: "het bestaat al",
    errno.EACCES: "u hebt er geen recht toe",
    errno.EPERM: "u hebt er geen recht toe",
    errno.EROFS: "deze plek is alleen te lezen",
    errno.ENOSPC: "de schijf is vol",
    errno.EFBIG: "het bestand mag niet zo groot worden",
    errno.ENAMETOOLONG: "de naam is te lang",
}


def reason(fout: OSError) -> str:
    """Return in Dutch why the system refused a file; its own words, in English, for what is rare."""
    return _REASONS.get(fout.errno or 0) or fout.strerror or ""

"""What an import did: nothing read, left out or translated without being counted here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from toekomstscenario_eval.types import Venster


@dataclass(frozen=True)
class SetAside:
    """Rows of the source that could not be used, for one reason in one column, and the first of them."""

    kolom: str
    reden: str
    aantal: int
    rijen: tuple[int, ...]

    def __str__(self) -> str:
        kolom = f"kolom {self.kolom}: " if self.kolom else ""
        eerste = "eerste: " if self.aantal > len(self.rijen) else "rij "
        rijen = ", ".join(str(r) for r in self.rijen)
        return f"{kolom}{self.reden}, {_rows(self.aantal)} ({eerste}{rijen})"


@dataclass(frozen=True)
class Translated:
    """How many source rows had this code of the mapping."""

    tabel: str
    veld: str
    code: str
    waarde: str
    aantal: int


@dataclass(frozen=True)
class Unknown:
    """Codes outside the translation: how many rows and how many different codes; never the codes."""

    tabel: str
    veld: str
    kolom: str
    aantal: int
    codes: int
    gevolg: str


@dataclass(frozen=True)
class ImportVerslag:
    """What an import did.

    Attributes
    ----------
    gelezen : int
        Rows in the source, unreadable ones included.
    geschreven : mapping of str to int
        Rows written per table.
    rijen_apart : int
        Rows of the source set aside; a row with two reasons counts once here, and in both reasons.
    buiten_keuze : mapping of str to int
        Usable rows that a table skipped because its `alleen` says so.
    """

    pakket: Path
    peildatum: date
    venster: Venster
    gelezen: int
    geschreven: Mapping[str, int]
    rijen_apart: int
    apart: tuple[SetAside, ...]
    buiten_keuze: Mapping[str, int]
    vertaald: tuple[Translated, ...]
    onbekend: tuple[Unknown, ...]

    def tekst(self) -> str:
        """Return the report as lines of plain Dutch text."""
        regels = [
            f"Pakket: {self.pakket}",
            f"Peildatum: {self.peildatum}; waarneemvenster: {self.venster}",
            f"Rijen gelezen: {self.gelezen}; gebruikt: {self.gelezen - self.rijen_apart}; "
            f"apart gezet: {self.rijen_apart}",
        ]
        regels += [f"  apart: {a}" for a in self.apart]
        regels += [f"Tabel {tabel}: {_rows(n)} geschreven" for tabel, n in self.geschreven.items()]
        regels += [f"  buiten 'alleen' van {t}: {_rows(n)} van de bron" for t, n in self.buiten_keuze.items()]
        regels += [
            f"Vertaald in {v.tabel}.{v.veld}: {v.code or '(leeg)'} -> {v.waarde}, {_rows(v.aantal)}"
            for v in self.vertaald
        ]
        regels += [
            f"Onbekend in {o.tabel}.{o.veld} (kolom {o.kolom}): {_rows(o.aantal)} met "
            f"{o.codes} {'code' if o.codes == 1 else 'verschillende codes'}, {o.gevolg}"
            for o in self.onbekend
        ]
        return "\n".join(regels)


def _rows(aantal: int) -> str:
    return f"{aantal} {'rij' if aantal == 1 else 'rijen'}"

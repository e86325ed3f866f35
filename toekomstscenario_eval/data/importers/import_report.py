"""What an import did: nothing read, left out or translated without being counted here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from toekomstscenario_eval.data.importers.partial import PartialDates
from toekomstscenario_eval.data.importers.redelivered import Replaced
from toekomstscenario_eval.types import Venster

if TYPE_CHECKING:
    from toekomstscenario_eval.data.importers.accounting import Account
    from toekomstscenario_eval.data.importers.source import FilePart
    from toekomstscenario_eval.data.importers.stacking import Orphans


@dataclass(frozen=True)
class SetAside:
    """Rows of the source that could not be used, for one reason in one column, and the first of them."""

    kolom: str
    reden: str
    aantal: int
    rijen: tuple[int, ...]

    def __str__(self) -> str:
        column = f"kolom {self.kolom}: " if self.kolom else ""
        first = "eerste: " if self.aantal > len(self.rijen) else "rij "
        rows = ", ".join(str(r) for r in self.rijen)
        return f"{column}{self.reden}, {_rows(self.aantal)} ({first}{rows})"


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
    consequence: str


@dataclass(frozen=True)
class Numberless:
    """Rows with a value that says that there is no personal number, by what it says.

    `ongeboren` of them have the date of birth of a child that is not born yet. Where that does not fit what
    the value says, the profile is of another year.
    """

    kolom: str
    soort: str
    aantal: int
    ongeboren: int


@dataclass(frozen=True)
class SourceAccount:
    """A source, its files, the account of its rows, and what the reader found out by itself."""

    naam: str
    account: Account
    files: tuple[FilePart, ...]
    gezien: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the account as lines of text."""
        files = ", ".join(f"{p.naam} ({_rows(p.rijen)})" for p in self.files)
        return [
            f"Bron {self.naam + ': ' if self.naam else ''}{files}",
            f"  {self.account}",
            *(f"  {g}" for g in self.gezien),
        ]


@dataclass(frozen=True)
class ImportVerslag:
    """What an import did.

    Attributes
    ----------
    gelezen : int
        Rows in the source, unreadable ones included.
    written : mapping of str to int
        Rows written per table.
    rows_apart : int
        Rows of the source set aside; a row with two reasons counts once here, and in both reasons.
    outside_choice : mapping of str to int
        Usable rows that a table skipped because its `alleen` says so.
    replaced : Replaced
        Rows that another row took the place of: delivered again, or withdrawn.
    planned : mapping of str to int
        Rows of a table with an end after the peildatum, read as still running.
    sources : tuple of SourceAccount
        Every source with its files and the account of its rows.
    merged : mapping of str to int
        Rows of a table that were one with a row of another source, by their key.
    orphans : tuple of Orphans
        Rows of tables that named a key which nobody delivered.
    quarantine : tuple of Path
        The files with every row that was set aside; none when there was none.
    """

    pakket: Path
    peildatum: date
    venster: Venster
    gelezen: int
    written: Mapping[str, int]
    rows_apart: int
    apart: tuple[SetAside, ...]
    outside_choice: Mapping[str, int]
    translated: tuple[Translated, ...]
    onbekend: tuple[Unknown, ...]
    partial: tuple[PartialDates, ...] = ()
    nobody: tuple[Numberless, ...] = ()
    replaced: Replaced = field(default_factory=Replaced)
    planned: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[SourceAccount, ...] = ()
    merged: Mapping[str, int] = field(default_factory=dict)
    orphans: tuple[Orphans, ...] = ()
    quarantine: tuple[Path, ...] = ()

    @property
    def used(self) -> int:
        """Rows of the source that stand in the package."""
        return self.gelezen - self.rows_apart - self.replaced.aantal

    def tekst(self) -> str:
        """Return the report as lines of plain Dutch text."""
        lines = [
            f"Pakket: {self.pakket}",
            f"Peildatum: {self.peildatum}; waarneemvenster: {self.venster}",
            f"Rijen gelezen: {self.gelezen}; gebruikt: {self.used}; "
            f"apart gezet: {self.rows_apart}"
            + (f"; vervangen: {self.replaced.aantal}" if self.replaced.aantal else ""),
        ]
        lines += [line for source in self.sources for line in source.lines()]
        if self.replaced.aantal:
            lines.append(f"  {self.replaced}")
        lines += [f"  {d}" for d in self.replaced.drift]
        lines += [f"  apart: {a}" for a in self.apart]
        lines += [f"  apart: {o}" for o in self.orphans]
        if self.quarantine:
            lines.append("  alle rijen die apart staan: " + " en ".join(str(p) for p in self.quarantine))
        lines += [f"Tabel {table}: {_rows(n)} geschreven" for table, n in self.written.items()]
        lines += [
            f"  {table}: {_rows(n)} dubbel in twee bronnen, één keer geschreven"
            for table, n in self.merged.items()
        ]
        lines += [
            f"  buiten 'alleen' van {t}: {_rows(n)} van de bron" for t, n in self.outside_choice.items()
        ]
        lines += [
            f"  gepland eind na de peildatum in {t}, gelezen als nog lopend: {_rows(n)}"
            for t, n in self.planned.items()
        ]
        lines += [
            f"Vertaald in {v.tabel}.{v.veld}: {v.code or '(leeg)'} -> {v.waarde}, {_rows(v.aantal)}"
            for v in self.translated
        ]
        lines += [
            f"Onbekend in {o.tabel}.{o.veld} (kolom {o.kolom}): {_rows(o.aantal)} met "
            f"{o.codes} {'code' if o.codes == 1 else 'verschillende codes'}, {o.consequence}"
            for o in self.onbekend
        ]
        lines += [
            f"Zonder persoonsnummer (kolom {n.kolom}): {_rows(n.aantal)} met '{n.soort}', waarvan "
            f"{n.ongeboren} met 99999999 als geboortedatum; zij krijgen een sleutel binnen hun huishouden"
            for n in self.nobody
        ]
        lines += [f"Gedeeltelijke datums: {p}" for p in self.partial]
        return "\n".join(lines)


def _rows(aantal: int) -> str:
    return f"{aantal} {'rij' if aantal == 1 else 'rijen'}"

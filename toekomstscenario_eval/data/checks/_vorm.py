"""What a rule file is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.types import Ernst, Venster

FIRST = 5  # so many row numbers go into a finding
_VENSTER = Venster(date(2023, 1, 1), date(2024, 7, 1))


@dataclass(frozen=True)
class Rule:
    """A rule; its id is the name of its file.

    `needed` names the tables and columns without which the rule does not apply. `structure`: it looks at
    which files and columns were delivered, never at a row.
    """

    titel: str
    ernst: Ernst
    uitleg: str
    herstel: str
    needed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    structure: bool = False


@dataclass(frozen=True)
class Toets:
    """A question for the engine: which rows of `rijen` meet the condition `violation`?

    `rijen` holds the row number `_rij` of the table; without `violation` each of its rows is a
    violation. With `duplicate` only the rows whose values in those columns occur more than once are
    looked at. All questions on the same rows are answered in one scan.
    """

    tabel: str
    kolom: str
    rijen: ir.Table
    violation: ir.BooleanValue | None = None
    duplicate: tuple[str, ...] = ()
    verwacht: str = ""
    herstel: str = ""


@dataclass(frozen=True)
class Telling:
    """A question that the rule answered itself: `aantal` violations (0: none), first row numbers."""

    tabel: str
    kolom: str = ""
    aantal: int = 0
    rijen: tuple[int, ...] = ()
    verwacht: str = ""
    herstel: str = ""
    toelichting: str = ""


@dataclass(frozen=True)
class Nvt:
    """A question that this package cannot answer, and why."""

    reden: str
    tabel: str = ""
    kolom: str = ""


@dataclass(frozen=True)
class Case:
    """A worked case: small tables in, findings out; documentation and test at once.

    `tabellen` maps a table to the text of its file: a header and rows with columns separated by
    `|`, or CSV as it stands; a `-` before the name leaves the file out of the description.
    `found` lists (tabel, kolom, aantal, rijen) of each failed finding.
    """

    naam: str
    tabellen: Mapping[str, str]
    found: tuple[tuple[str, str, int, tuple[int, ...]], ...] = ()
    venster: Venster = _VENSTER
    peildatum: date = _VENSTER.eind

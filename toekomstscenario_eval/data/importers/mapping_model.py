"""What a mapping says, once it is read: columns, origins, spells, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toekomstscenario_eval.data.importers.package_info import PackageInfo
from toekomstscenario_eval.data.importers.redelivered import Deliveries
from toekomstscenario_eval.data.importers.special import EmptyStart, IfEmpty, Nobody
from toekomstscenario_eval.data.schema import TableSchema, load_schema
from toekomstscenario_eval.data.yaml_node import Place

NOTATION = ("iso", "jjjjmmdd", "dd-mm-jjjj")
FILLED = "gevuld"
REFUSE, APART, EMPTY, MIDDLE = "weigeren", "apart", "leeg", "midden"
BEGIN, END = "begin", "eind"
OPEN, NOT_AFTER = "open", "niet_na_peildatum"
AMSTERDAM, AS_WRITTEN, TOGETHER = "Europe/Amsterdam", "zoals_geschreven", "samen"


@dataclass(frozen=True)
class SourceColumn:
    """How one column of the source is read, the same wherever it is used."""

    naam: str
    notation: str
    gedeeltelijk: str = REFUSE
    ongeboren: str = REFUSE
    leeg: tuple[str, ...] = ()
    heel_getal: bool = False
    vul_aan: int = 0
    spaties: str = ""
    sleutel: str = ""
    tijdzone: str = ""
    sleutel_vorm: str = ""
    samen: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    nobody: Nobody | None = None


def behind(column: SourceColumn) -> tuple[str, ...]:
    """Return the columns that are read for one column: itself, its parts, and what tells persons apart."""
    return (column.naam, *column.samen, *(column.nobody.columns if column.nobody else ()))


@dataclass(frozen=True)
class Origin:
    """Where the value of one field comes from: a column, a constant or a numbered key."""

    soort: str
    waarde: str
    plek: Place
    vertaling: Mapping[str, str] | None = None
    onbekend: str = REFUSE
    jaar: bool = False
    als_leeg: IfEmpty | None = None


@dataclass(frozen=True)
class Period:
    """Which dates make a spell; `open_als_leeg` is the column whose emptiness means still running.

    `over` names those of the `per` columns that share one spell; empty: every row has its own.
    Where `planned` stands (None: nowhere) an end after the peildatum is a plan, and the spell runs.
    """

    van: tuple[str, ...]
    tot: tuple[str, ...]
    laatste_dag_telt_mee: bool
    open_als_leeg: str
    over: tuple[str, ...]
    planned: Place | None = None
    empty_start: EmptyStart | None = None


@dataclass(frozen=True)
class TableMapping:
    """How the rows of one table arise; `per` is None for one row per source row."""

    naam: str
    per: tuple[str, ...] | None
    alleen: Mapping[str, tuple[str, ...] | None]
    periode: Period | None
    fields: Mapping[str, Origin]

    @property
    def schema(self) -> TableSchema:
        """The table in the contract."""
        return load_schema().tabellen[self.naam]


@dataclass(frozen=True)
class ImportMapping:
    """A whole mapping, checked against the contract. `used` lists source columns with their place.

    `options` are those of the format of the source, each with its value; without a word on it
    `decimaalteken` is empty. `given` are the columns that do not stand in its files.
    """

    pakket: PackageInfo
    formaat: str
    options: Mapping[str, str]
    decimaalteken: str
    apart: bool
    kolommen: Mapping[str, SourceColumn]
    tabellen: tuple[TableMapping, ...]
    levering: Deliveries | None
    used: tuple[tuple[str, Place], ...] = field(repr=False)
    given: frozenset[str] = frozenset()

    @property
    def namen(self) -> tuple[str, ...]:
        """The columns in use, each once, in the order of the mapping."""
        return tuple(dict.fromkeys(naam for naam, _ in self.used))

    @property
    def own(self) -> tuple[str, ...]:
        """Those that stand in the source: not the ones put together from others."""
        return tuple(naam for naam in self.namen if not self.kolommen[naam].samen)

    @property
    def in_file(self) -> tuple[str, ...]:
        """Those that a file of the source must have."""
        return tuple(naam for naam in self.own if naam not in self.given)

    @property
    def as_datum(self) -> frozenset[str]:
        """The source columns that are read as dates."""
        periods = [t.periode for t in self.tabellen if t.periode is not None]
        dates = {
            b.waarde
            for t in self.tabellen
            for n, b in t.fields.items()
            if b.soort == "kolom" and t.schema.veld(n).type == "date"
        }
        started = {p.empty_start.kolom for p in periods if p.empty_start is not None}
        return frozenset(dates.union(started, *((*p.van, *p.tot) for p in periods)))

    @property
    def as_year(self) -> frozenset[str]:
        """The source columns of which only the year is taken."""
        return frozenset(b.waarde for t in self.tabellen for b in t.fields.values() if b.jaar)

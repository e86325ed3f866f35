"""A value that refers to another table is found there."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Nvt, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import ForeignKey, TableSchema
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een verwijzing wijst naar niets",
    ernst=Ernst.FOUT,
    uitleg="De waarde komt niet voor in de tabel waarnaar zij verwijst, dus de rij hoort nergens bij.",
    herstel="lever de ontbrekende rijen, of controleer of beide tabellen met dezelfde sleutels zijn "
    "gepseudonimiseerd",
)

CASES = (
    Case(
        "alles gevonden; leeg mag",
        {
            "huishouden": "huishouden_id | proeftuin_id\nh1 | p1",
            "persoon": "persoon_id | huishouden_id\nk1 | h1",
            "meting": "meting_id | huishouden_id | persoon_id\nm1 | h1 | k1\nm2 | h1 |",
        },
    ),
    Case(
        "onbekend huishouden en onbekende persoon",
        {
            "persoon": "persoon_id | huishouden_id\nk1 | h1\nk2 | H1\nk3 | h9",
            "meting": "meting_id | huishouden_id | persoon_id\nm1 | h1 | k9",
        },
        (("persoon", "huishouden_id", 2, (2, 3)), ("meting", "persoon_id", 1, (1,))),
    ),
)


def toetsen(package: Package) -> Iterator[Toets | Nvt]:
    """Ask of each referring column for values that the other table does not have."""
    for table in delivered(package):
        for reference in table.references:
            yield _one(package, table, reference)


def _one(package: Package, table: TableSchema, reference: ForeignKey) -> Toets | Nvt:
    column = reference.kolom
    reden = package.ontbreekt({table.naam: (column,), reference.tabel: (column,)})
    if reden:
        return Nvt(reden, table.naam, column)
    t, target = package.tabellen[table.naam], package.tabellen[reference.tabel]
    filled = t.filter(t[column].notnull())
    return Toets(
        table.naam,
        column,
        filled.anti_join(target, column),
        verwacht=f"een waarde van {column} in de tabel {reference.tabel}",
    )

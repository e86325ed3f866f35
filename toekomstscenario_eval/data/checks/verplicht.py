"""Required columns hold a value in every row."""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._support import columns, filled
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een verplichte waarde ontbreekt",
    ernst=Ernst.FOUT,
    uitleg="Zonder deze waarde is de rij niet te plaatsen of te tellen.",
    herstel="vul de waarde aan bij de bron; kan dat niet, lever de rij dan niet en meld hoeveel er zijn "
    "weggelaten",
)

CASES = (
    Case("gevuld", {"contact": "contact_id | datum\nc1 | 2024-01-01"}),
    Case(
        "leeg, of alleen spaties",
        {"contact": 'contact_id,huishouden_id,datum\nc1,h1,\nc2,"  ",2024-01-01\n"",h1,2024-01-01'},
        (
            ("contact", "contact_id", 1, (3,)),
            ("contact", "huishouden_id", 1, (2,)),
            ("contact", "datum", 1, (1,)),
        ),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask of each required column for rows without a value."""
    for column in columns(package):
        if column.veld.required:
            yield Toets(
                column.tabel,
                column.veld.naam,
                column.rows_raw,
                _empty(column.raw),
                verwacht="in elke rij een waarde",
            )


def _empty(column: ir.Column) -> ir.BooleanValue:
    empty = ~filled(column)
    if not column.type().is_string():
        return empty
    # Only what starts with a space can be nothing but spaces.
    return column.startswith(" ").ifelse(column.strip() == "", empty)

"""Required columns hold a value in every row."""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir

from toekomstscenario_eval.data.checks._hulp import columns, filled
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een verplichte waarde ontbreekt",
    ernst=Ernst.FOUT,
    uitleg="Zonder deze waarde is de rij niet te plaatsen of te tellen.",
    herstel="vul de waarde aan bij de bron; kan dat niet, lever de rij dan niet en meld hoeveel er zijn "
    "weggelaten",
)

GEVALLEN = (
    Geval("gevuld", {"contact": "contact_id | datum\nc1 | 2024-01-01"}),
    Geval(
        "leeg, of alleen spaties",
        {"contact": 'contact_id,huishouden_id,datum\nc1,h1,\nc2,"  ",2024-01-01\n"",h1,2024-01-01'},
        (
            ("contact", "contact_id", 1, (3,)),
            ("contact", "huishouden_id", 1, (2,)),
            ("contact", "datum", 1, (1,)),
        ),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask of each required column for rows without a value."""
    for kolom in columns(pakket):
        if kolom.veld.verplicht:
            yield Toets(
                kolom.tabel,
                kolom.veld.naam,
                kolom.rijen_ruw,
                _empty(kolom.ruw),
                verwacht="in elke rij een waarde",
            )


def _empty(kolom: ir.Column) -> ir.BooleanValue:
    leeg = ~filled(kolom)
    if not kolom.type().is_string():
        return leeg
    # Only what starts with a space can be nothing but spaces.
    return kolom.startswith(" ").ifelse(kolom.strip() == "", leeg)

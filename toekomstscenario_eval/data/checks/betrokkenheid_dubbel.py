"""A spell of a professional with a household is delivered once."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

_EQUAL = ("huishouden_id", "professional_id", "organisatie_id", "rol", "begin", "eind")

RULE = Rule(
    titel="Dezelfde betrokkenheid is meer dan eens geleverd",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Huishouden, professional, organisatie, rol, begin en eind zijn gelijk. Analyses tellen de "
    "periode een keer; "
    "het aantal telt alle gelijke rijen.",
    herstel="haal dubbele rijen weg bij de bron; vaak komen zij door een koppeling die rijen vermenigvuldigt",
    needed={"betrokkenheid": _EQUAL},
)
_HEADING = "betrokkenheid_id | huishouden_id | professional_id | organisatie_id | rol | begin | eind\n"

CASES = (
    Case(
        "een verschil in rol of eind",
        {
            "betrokkenheid": _HEADING + "b1 | h1 | a | o1 | lid | 2024-01-01 |\n"
            "b2 | h1 | a | o1 | vast_gezicht | 2024-01-01 |\nb3 | h1 | a | o1 | lid | 2024-01-01 | 2024-02-01"
        },
    ),
    Case(
        "twee keer hetzelfde, ook zonder eind",
        {
            "betrokkenheid": _HEADING + "b1 | h1 | a | o1 | lid | 2024-01-01 |\n"
            "b2 | h1 | a | o1 | lid | 2024-01-01 |\nb3 | h1 | a | o1 | lid | 2024-01-01 | 2024-02-01\n"
            "b4 | h1 | a | o1 | lid | 2024-01-01 | 2024-02-01"
        },
        (("betrokkenheid", "betrokkenheid_id", 4, (1, 2, 3, 4)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for spells that equal another one in all but their key."""
    t = package.tabellen["betrokkenheid"]
    full = t.filter(t.huishouden_id.notnull(), t.professional_id.notnull(), t.begin.notnull())
    yield Toets("betrokkenheid", "betrokkenheid_id", full, duplicate=_EQUAL, verwacht="elke periode een keer")

"""Contacts and meetings fall in the time that the household is in the study."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import households
from toekomstscenario_eval.data.checks._vorm import Case, Nvt, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een contact of overleg valt buiten de tijd van het huishouden in het onderzoek",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Het contact of overleg telt niet mee, want op die dag was het huishouden niet in het onderzoek.",
    herstel="verbeter de datum, of begin en eind van het huishouden; het eind is de dag na de laatste dag",
    needed={"huishouden": ("huishouden_id", "begin", "eind")},
)
_TABLES = ("contact", "overleg")
_HOUSE = (
    "huishouden_id | proeftuin_id | begin | eind\nh1 | p1 | 2024-01-01 | 2024-03-01\nh2 | p1 | 2024-01-01 |"
)

CASES = (
    Case(
        "eerste en laatste dag",
        {
            "huishouden": _HOUSE,
            "contact": "huishouden_id | datum\nh1 | 2024-01-01\nh1 | 2024-02-29\nh2 | 2024-07-01",
        },
    ),
    Case(
        "een dag ervoor, en op het eind",
        {
            "huishouden": _HOUSE,
            "contact": "huishouden_id | datum\nh1 | 2023-12-31\nh1 | 2024-03-01\nh2 | 2024-01-01",
            "overleg": "huishouden_id | datum\nh2 | 2020-01-01",
        },
        (("contact", "datum", 2, (1, 2)), ("overleg", "datum", 1, (1,))),
    ),
)


def toetsen(package: Package) -> Iterator[Toets | Nvt]:
    """Ask of contacts and meetings for days outside the stay of their household."""
    for table in _TABLES:
        reden = package.ontbreekt({table: ("huishouden_id", "datum")})
        if reden:
            yield Nvt(reden, table, "datum")
            continue
        t = package.tabellen[table].inner_join(households(package), "huishouden_id")
        yield Toets(
            table,
            "datum",
            t,
            (t.datum < t.van) | (t.datum >= t.tot),
            verwacht="een dag waarop het huishouden in het onderzoek is",
        )

"""Contacts and meetings fall in the time that the household is in the study."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import households
from toekomstscenario_eval.data.checks._vorm import Geval, Nvt, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een contact of overleg valt buiten de tijd van het huishouden in het onderzoek",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Het contact of overleg telt niet mee, want op die dag was het huishouden niet in het onderzoek.",
    herstel="verbeter de datum, of begin en eind van het huishouden; het eind is de dag na de laatste dag",
    nodig={"huishouden": ("huishouden_id", "begin", "eind")},
)
_TABELLEN = ("contact", "overleg")
_HUIS = (
    "huishouden_id | proeftuin_id | begin | eind\nh1 | p1 | 2024-01-01 | 2024-03-01\nh2 | p1 | 2024-01-01 |"
)

GEVALLEN = (
    Geval(
        "eerste en laatste dag",
        {
            "huishouden": _HUIS,
            "contact": "huishouden_id | datum\nh1 | 2024-01-01\nh1 | 2024-02-29\nh2 | 2024-07-01",
        },
    ),
    Geval(
        "een dag ervoor, en op het eind",
        {
            "huishouden": _HUIS,
            "contact": "huishouden_id | datum\nh1 | 2023-12-31\nh1 | 2024-03-01\nh2 | 2024-01-01",
            "overleg": "huishouden_id | datum\nh2 | 2020-01-01",
        },
        (("contact", "datum", 2, (1, 2)), ("overleg", "datum", 1, (1,))),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets | Nvt]:
    """Ask of contacts and meetings for days outside the stay of their household."""
    for tabel in _TABELLEN:
        reden = pakket.ontbreekt({tabel: ("huishouden_id", "datum")})
        if reden:
            yield Nvt(reden, tabel, "datum")
            continue
        t = pakket.tabellen[tabel].inner_join(households(pakket), "huishouden_id")
        yield Toets(
            tabel,
            "datum",
            t,
            (t.datum < t.van) | (t.datum >= t.tot),
            verwacht="een dag waarop het huishouden in het onderzoek is",
        )

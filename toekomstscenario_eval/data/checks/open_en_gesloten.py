"""A spell that has ended stands in the delivery with its end only."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.data.standing import SAME_SPELL
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Dezelfde periode is zonder en met eind geleverd",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Twee leveringen staan waarschijnlijk onder elkaar. De periode met een eind telt, die zonder eind "
    "telt niet mee; het aantal telt de rijen die zo vervallen.",
    herstel="lever elke periode een keer, met haar eind zodra dat bekend is",
)
_SPELL = "betrokkenheid_id | huishouden_id | professional_id | organisatie_id | rol | begin | eind\n"

CASES = (
    Case(
        "een andere rol, een andere instelling, een ander begin, of twee verschillende einden",
        {
            "betrokkenheid": _SPELL + "b1 | h1 | a | o1 | lid | 2024-01-01 |\n"
            "b2 | h1 | a | o1 | vast_gezicht | 2024-01-01 | 2024-02-01\n"
            "b3 | h2 | a | o1 | lid | 2024-01-01 |",
            "maatregel": "persoon_id | soort | organisatie_id | begin | eind\n"
            "k1 | 11 | g1 | 2024-01-01 |\nk1 | 11 | g2 | 2024-01-01 | 2024-02-01\nk1 | 11 | | 2024-01-01 |\n"
            "k2 | 11 | g1 | 2024-01-01 | 2024-02-01\nk2 | 11 | g1 | 2024-01-01 | 2024-03-01",
            "ketenstap": "huishouden_id | stap | begin | eind\n"
            "h1 | zitting | 2024-01-01 |\nh1 | zitting | 2024-01-02 | 2024-02-01",
        },
    ),
    Case(
        "open en gesloten, ook zonder instelling of rol, en meer dan eens open",
        {
            "betrokkenheid": _SPELL
            + "b1 | h1 | a | o1 | | 2024-01-01 |\nb2 | h1 | a | o1 | | 2024-01-01 | 2024-02-01\n"
            "b3 | h1 | a | o1 | | 2024-01-01 |",
            "maatregel": "persoon_id | soort | organisatie_id | begin | eind\n"
            "k1 | 11 | | 2024-01-01 | 2024-02-01\nk1 | 11 | | 2024-01-01 |\nk2 | 11 | g1 | 2024-01-01 |",
            "ketenstap": "huishouden_id | stap | begin | eind\n"
            "h1 | zitting | 2024-01-01 |\nh1 | zitting | 2024-01-01 | 2024-01-01",
        },
        (
            ("betrokkenheid", "eind", 2, (1, 3)),
            ("maatregel", "eind", 1, (2,)),
            ("ketenstap", "eind", 1, (1,)),
        ),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for the spells without an end that were also delivered with one."""
    for naam in SAME_SPELL:
        if naam in package.tabellen:
            rows, gone = package.tabellen[naam], package.superseded.get(naam)
            hit = rows.limit(0) if gone is None else rows.semi_join(gone, ROW)
            yield Toets(naam, "eind", hit, verwacht="elke periode een keer")

"""A professional is involved while the household is in the study."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import NEVER, households
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een betrokkenheid valt helemaal buiten de tijd van het huishouden in het onderzoek",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De periode heeft geen dag gemeen met die van het huishouden en telt daardoor nergens mee.",
    herstel="verbeter begin en eind van de betrokkenheid of van het huishouden; controleer of de sleutel "
    "klopt",
    needed={
        "betrokkenheid": ("huishouden_id", "begin", "eind"),
        "huishouden": ("huishouden_id", "begin", "eind"),
    },
)
_HOUSE = (
    "huishouden_id | proeftuin_id | begin | eind\nh1 | p1 | 2024-01-01 | 2024-03-01\nh2 | p1 | 2024-01-01 |"
)

CASES = (
    Case(
        "een dag gemeen aan de rand",
        {
            "huishouden": _HOUSE,
            "betrokkenheid": "huishouden_id | begin | eind\nh1 | 2023-01-01 | 2024-01-02\n"
            "h1 | 2024-02-29 |\nh2 | 2024-06-01 |",
        },
    ),
    Case(
        "net ervoor, net erna",
        {
            "huishouden": _HOUSE,
            "betrokkenheid": "huishouden_id | begin | eind\nh1 | 2023-01-01 | 2024-01-01\n"
            "h1 | 2024-03-01 |\nh2 | 2023-01-01 | 2023-12-31\nh2 | 2024-01-01 |",
        },
        (("betrokkenheid", "begin", 3, (1, 2, 3)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for spells without a day in common with the stay of their household."""
    b = package.tabellen["betrokkenheid"]
    t = b.mutate(eind_of_nu=b.eind.fill_null(NEVER)).inner_join(households(package), "huishouden_id")
    # Spells of zero days or less are for other rules.
    yield Toets(
        "betrokkenheid",
        "begin",
        t,
        (t.begin < t.eind_of_nu) & (t.van < t.tot) & ((t.begin >= t.tot) | (t.eind_of_nu <= t.van)),
        verwacht="ten minste een dag binnen begin en eind van het huishouden",
    )

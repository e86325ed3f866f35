"""Some professional is involved with each household."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Bij een huishouden is geen professional betrokken",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Het huishouden telt mee met nul professionals en zonder duo. Vaker is de betrokkenheid niet "
    "geregistreerd.",
    herstel="lever de betrokkenheid aan, of ga na welke teams hun betrokkenheid niet registreren",
    needed={"huishouden": ("huishouden_id",), "betrokkenheid": ("huishouden_id",)},
)
_HOUSE = "huishouden_id | proeftuin_id | begin\nh1 | p1 | 2024-01-01\nh2 | p1 | 2024-01-01"

CASES = (
    Case(
        "overal iemand",
        {
            "huishouden": _HOUSE,
            "betrokkenheid": "betrokkenheid_id | huishouden_id\nb1 | h1\nb2 | h2\nb3 | h2",
        },
    ),
    Case(
        "bij een huishouden niemand",
        {"huishouden": _HOUSE, "betrokkenheid": "betrokkenheid_id | huishouden_id\nb1 | h2"},
        (("huishouden", "huishouden_id", 1, (1,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for households that the table betrokkenheid does not mention."""
    t = package.tabellen["huishouden"].anti_join(package.tabellen["betrokkenheid"], "huishouden_id")
    yield Toets("huishouden", "huishouden_id", t, verwacht="ten minste een rij in de tabel betrokkenheid")

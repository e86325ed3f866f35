"""Households are in the study on some day of the observation window."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import NEVER
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een huishouden heeft geen dag binnen het waarneemvenster",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Het huishouden telt in geen enkele analyse van dit venster mee.",
    herstel="lever deze huishoudens niet, of maak het waarneemvenster van het pakket ruimer",
    needed={"huishouden": ("begin", "eind")},
)

CASES = (
    Case(
        "de eerste en de laatste dag van het venster",
        {
            "huishouden": "huishouden_id | begin | eind\nh1 | 2020-01-01 | 2023-01-02\nh2 | 2024-06-30 |\n"
            "h3 | 2020-01-01 |"
        },
    ),
    Case(
        "ervoor uitgestroomd, erna ingestroomd",
        {"huishouden": "huishouden_id | begin | eind\nh1 | 2020-01-01 | 2023-01-01\nh2 | 2024-07-01 |"},
        (("huishouden", "begin", 2, (1, 2)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for households that left before the window or came after it."""
    t = package.tabellen["huishouden"]
    venster = package.venster
    yield Toets(
        "huishouden",
        "begin",
        t,
        (t.begin >= venster.eind) | (t.eind.fill_null(NEVER) <= venster.begin),
        verwacht=f"ten minste een dag in de periode {venster}",
    )

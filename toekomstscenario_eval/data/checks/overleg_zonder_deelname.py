"""Each meeting has participants."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een overleg heeft geen deelnemers",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De deelnemers zijn niet geregistreerd; het overleg zegt niets over de grootte van overleggen.",
    herstel="lever de deelnemers, of ga na welke teams alleen het overleg registreren",
    needed={"overleg": ("overleg_id",), "overleg_deelname": ("overleg_id",)},
)
_OVERLEG = "overleg_id | huishouden_id\no1 | h1\no2 | h1"

CASES = (
    Case(
        "overal deelnemers",
        {"overleg": _OVERLEG, "overleg_deelname": "overleg_id | professional_id\no1 | a\no2 | a"},
    ),
    Case(
        "een overleg zonder",
        {"overleg": _OVERLEG, "overleg_deelname": "overleg_id | professional_id\no1 | a\no1 | b"},
        (("overleg", "overleg_id", 1, (2,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for meetings that no participant refers to."""
    t = package.tabellen["overleg"].anti_join(package.tabellen["overleg_deelname"], "overleg_id")
    yield Toets("overleg", "overleg_id", t, verwacht="ten minste een deelnemer")

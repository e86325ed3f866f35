"""Each meeting has participants."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een overleg heeft geen deelnemers",
    ernst=Ernst.WAARSCHUWING,
    uitleg="De deelnemers zijn niet geregistreerd; het overleg zegt niets over de grootte van overleggen.",
    herstel="lever de deelnemers, of ga na welke teams alleen het overleg registreren",
    nodig={"overleg": ("overleg_id",), "overleg_deelname": ("overleg_id",)},
)
_OVERLEG = "overleg_id | huishouden_id\no1 | h1\no2 | h1"

GEVALLEN = (
    Geval(
        "overal deelnemers",
        {"overleg": _OVERLEG, "overleg_deelname": "overleg_id | professional_id\no1 | a\no2 | a"},
    ),
    Geval(
        "een overleg zonder",
        {"overleg": _OVERLEG, "overleg_deelname": "overleg_id | professional_id\no1 | a\no1 | b"},
        (("overleg", "overleg_id", 1, (2,)),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask for meetings that no participant refers to."""
    t = pakket.tabellen["overleg"].anti_join(pakket.tabellen["overleg_deelname"], "overleg_id")
    yield Toets("overleg", "overleg_id", t, verwacht="ten minste een deelnemer")

"""Some professional is involved with each household."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Bij een huishouden is geen professional betrokken",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Het huishouden telt mee met nul professionals en zonder duo. Vaker is de betrokkenheid niet "
    "geregistreerd.",
    herstel="lever de betrokkenheid aan, of ga na welke teams hun betrokkenheid niet registreren",
    nodig={"huishouden": ("huishouden_id",), "betrokkenheid": ("huishouden_id",)},
)
_HUIS = "huishouden_id | proeftuin_id | begin\nh1 | p1 | 2024-01-01\nh2 | p1 | 2024-01-01"

GEVALLEN = (
    Geval(
        "overal iemand",
        {"huishouden": _HUIS, "betrokkenheid": "betrokkenheid_id | huishouden_id\nb1 | h1\nb2 | h2\nb3 | h2"},
    ),
    Geval(
        "bij een huishouden niemand",
        {"huishouden": _HUIS, "betrokkenheid": "betrokkenheid_id | huishouden_id\nb1 | h2"},
        (("huishouden", "huishouden_id", 1, (1,)),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask for households that the table betrokkenheid does not mention."""
    t = pakket.tabellen["huishouden"].anti_join(pakket.tabellen["betrokkenheid"], "huishouden_id")
    yield Toets("huishouden", "huishouden_id", t, verwacht="ten minste een rij in de tabel betrokkenheid")

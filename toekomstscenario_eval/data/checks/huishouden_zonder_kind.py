"""Each household has a child."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een huishouden heeft geen kind",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Het huishouden telt niet mee in aandelen over huishoudens met kinderen.",
    herstel="lever alle leden van het huishouden, of controleer de rol van de leden die er zijn",
    needed={"huishouden": ("huishouden_id",), "persoon": ("huishouden_id", "rol")},
)
_HOUSE = "huishouden_id | proeftuin_id | begin\nh1 | p1 | 2024-01-01\nh2 | p1 | 2024-01-01"

CASES = (
    Case(
        "overal een kind",
        {"huishouden": _HOUSE, "persoon": "huishouden_id | rol\nh1 | kind\nh2 | ouder\nh2 | kind"},
    ),
    Case(
        "alleen een ouder",
        {"huishouden": _HOUSE, "persoon": "huishouden_id | rol\nh1 | kind\nh2 | ouder"},
        (("huishouden", "huishouden_id", 1, (2,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for households without a person in the role of child."""
    h, p = package.tabellen["huishouden"], package.tabellen["persoon"]
    yield Toets(
        "huishouden",
        "huishouden_id",
        h.anti_join(p.filter(p.rol == "kind"), "huishouden_id"),
        verwacht="ten minste een persoon met de rol kind",
    )

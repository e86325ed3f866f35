"""Of each household the family profile is known, or said to be unknown."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import filled
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Het gezinsprofiel is leeg",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Zonder profiel is niet te zeggen welke gezinnen wel en niet worden bereikt.",
    herstel="vul het profiel aan; gebruik 'onbekend' als het niet is vastgesteld",
    needed={"huishouden": ("gezinsprofiel",)},
)

CASES = (
    Case(
        "gevuld, of gezegd dat het onbekend is",
        {"huishouden": "huishouden_id | gezinsprofiel\nh1 | langdurige_zorg\nh2 | onbekend"},
    ),
    Case(
        "leeg",
        {"huishouden": "huishouden_id | gezinsprofiel\nh1 | langdurige_zorg\nh2 |"},
        (("huishouden", "gezinsprofiel", 1, (2,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for households without a profile."""
    t = package.raw["huishouden"]
    empty = ~filled(t.gezinsprofiel)
    yield Toets("huishouden", "gezinsprofiel", t, empty, verwacht="bij elk huishouden een profiel")

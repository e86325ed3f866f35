"""Of each child the year of birth is known."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Van een kind ontbreekt het geboortejaar",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Zonder geboortejaar is niet vast te stellen of iemand op een dag kind is; het kind telt niet "
    "mee in "
    "aandelen en wordt als uitgesloten gemeld.",
    herstel="vul het geboortejaar aan; laat het alleen leeg bij een ongeboren kind",
    needed={"persoon": ("rol", "geboortejaar")},
)

CASES = (
    Case("een ouder mag zonder", {"persoon": "rol | geboortejaar\nkind | 2015\nouder |"}),
    Case(
        "een kind zonder",
        {"persoon": "rol | geboortejaar\nkind | 2015\nkind |"},
        (("persoon", "geboortejaar", 1, (2,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for children without a year of birth."""
    t = package.tabellen["persoon"]
    yield Toets(
        "persoon",
        "geboortejaar",
        t,
        (t.rol == "kind") & t.geboortejaar.isnull(),
        verwacht="bij elk kind een geboortejaar",
    )

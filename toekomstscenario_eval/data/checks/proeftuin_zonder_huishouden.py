"""Each site delivered households."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een proeftuin of vergelijkingsregio heeft geen huishoudens",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Wie niets leverde, is in geen enkel cijfer te zien. Dat hoort in het verslag te staan.",
    herstel="lever de huishoudens, of verklaar in het verslag waarom zij er niet zijn",
    needed={"proeftuin": ("proeftuin_id",), "huishouden": ("proeftuin_id",)},
)
_PROEFTUIN = "proeftuin_id | naam | soort\np1 | Noord | proeftuin\np2 | Zuid | vergelijking"

CASES = (
    Case(
        "overal huishoudens",
        {"proeftuin": _PROEFTUIN, "huishouden": "huishouden_id | proeftuin_id\nh1 | p1\nh2 | p2"},
    ),
    Case(
        "een regio zonder",
        {"proeftuin": _PROEFTUIN, "huishouden": "huishouden_id | proeftuin_id\nh1 | p1"},
        (("proeftuin", "proeftuin_id", 1, (2,)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for sites that no household refers to."""
    t = package.tabellen["proeftuin"].anti_join(package.tabellen["huishouden"], "proeftuin_id")
    yield Toets("proeftuin", "proeftuin_id", t, verwacht="ten minste een huishouden")

"""Each site delivered households."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een proeftuin of vergelijkingsregio heeft geen huishoudens",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Wie niets leverde, is in geen enkel cijfer te zien. Dat hoort in het verslag te staan.",
    herstel="lever de huishoudens, of verklaar in het verslag waarom zij er niet zijn",
    nodig={"proeftuin": ("proeftuin_id",), "huishouden": ("proeftuin_id",)},
)
_PROEFTUIN = "proeftuin_id | naam | soort\np1 | Noord | proeftuin\np2 | Zuid | vergelijking"

GEVALLEN = (
    Geval(
        "overal huishoudens",
        {"proeftuin": _PROEFTUIN, "huishouden": "huishouden_id | proeftuin_id\nh1 | p1\nh2 | p2"},
    ),
    Geval(
        "een regio zonder",
        {"proeftuin": _PROEFTUIN, "huishouden": "huishouden_id | proeftuin_id\nh1 | p1"},
        (("proeftuin", "proeftuin_id", 1, (2,)),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask for sites that no household refers to."""
    t = pakket.tabellen["proeftuin"].anti_join(pakket.tabellen["huishouden"], "proeftuin_id")
    yield Toets("proeftuin", "proeftuin_id", t, verwacht="ten minste een huishouden")

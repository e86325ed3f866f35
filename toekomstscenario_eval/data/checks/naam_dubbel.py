"""Sites can be told apart by the name that the report shows."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Twee proeftuinen hebben dezelfde naam",
    ernst=Ernst.WAARSCHUWING,
    uitleg="In tabellen en figuren zijn zij niet uit elkaar te houden.",
    herstel="geef elke proeftuin en vergelijkingsregio een eigen naam",
    nodig={"proeftuin": ("naam",)},
)

GEVALLEN = (
    Geval("eigen namen", {"proeftuin": "proeftuin_id | naam\np1 | Noord\np2 | Zuid"}),
    Geval(
        "dezelfde naam",
        {"proeftuin": "proeftuin_id | naam\np1 | Noord\np2 | Zuid\np3 | Noord"},
        (("proeftuin", "naam", 2, (1, 3)),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask for sites that share their name."""
    t = pakket.tabellen["proeftuin"]
    met_naam = t.filter(t.naam.notnull())
    yield Toets("proeftuin", "naam", met_naam, dubbel=("naam",), verwacht="bij elke rij een andere naam")

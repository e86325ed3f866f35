"""Sites can be told apart by the name that the report shows."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Twee proeftuinen hebben dezelfde naam",
    ernst=Ernst.WAARSCHUWING,
    uitleg="In tabellen en figuren zijn zij niet uit elkaar te houden.",
    herstel="geef elke proeftuin en vergelijkingsregio een eigen naam",
    needed={"proeftuin": ("naam",)},
)

CASES = (
    Case("eigen namen", {"proeftuin": "proeftuin_id | naam\np1 | Noord\np2 | Zuid"}),
    Case(
        "dezelfde naam",
        {"proeftuin": "proeftuin_id | naam\np1 | Noord\np2 | Zuid\np3 | Noord"},
        (("proeftuin", "naam", 2, (1, 3)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for sites that share their name."""
    t = package.tabellen["proeftuin"]
    with_naam = t.filter(t.naam.notnull())
    yield Toets("proeftuin", "naam", with_naam, duplicate=("naam",), verwacht="bij elke rij een andere naam")

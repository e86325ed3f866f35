"""Sites can be told apart by the name that the report shows."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Twee proeftuinen hebben dezelfde naam",
    ernst=Ernst.FOUT,
    uitleg="In tabellen en figuren zijn zij niet uit elkaar te houden, en hun huishoudens zouden bij elkaar "
    "worden geteld. Hoofdletters en spaties maken een naam niet anders.",
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
    Case(
        "een verschil in hoofdletters of spaties",
        {
            "proeftuin": "proeftuin_id,naam\np1,Étten-Leur\np2,Zuid\np3,étten-leur \np4, Zuid\n"
            "p5,Aan  Zee\np6,aan zee"
        },
        (("proeftuin", "naam", 6, (1, 2, 3, 4, 5)),),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask for sites that share their name."""
    t = package.tabellen["proeftuin"]
    named = t.filter(t.naam.notnull())
    plain = named.mutate(naam=named.naam.re_replace(r"\s+", " ").strip().lower())
    yield Toets("proeftuin", "naam", plain, duplicate=("naam",), verwacht="bij elke rij een andere naam")

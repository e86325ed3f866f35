"""Every optional column of a delivered table is there."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een kolom die mag ontbreken, ontbreekt",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Analyses die deze kolom nodig hebben, zijn niet van toepassing.",
    herstel="lever de kolom als de bron haar heeft; anders hoeft u niets te doen",
    structure=True,
)

CASES = (
    Case("alle kolommen", {"professional": "professional_id | functie\na | x"}),
    Case("geen functie", {"professional": "professional_id\na"}, (("professional", "functie", 1, ()),)),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Ask of each optional column whether it was delivered."""
    for table in delivered(package):
        for field in table.fields:
            if not field.required:
                gone = field.naam not in package.raw[table.naam].columns
                yield Telling(
                    table.naam,
                    field.naam,
                    int(gone),
                    verwacht=f"de kolom {field.naam}",
                    toelichting=f"{RULE.uitleg} De kolom dient hiervoor: {field.doel}.",
                )

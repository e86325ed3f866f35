"""Every required column of a delivered table is there."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een verplichte kolom ontbreekt",
    ernst=Ernst.FOUT,
    uitleg="Zonder deze kolom zijn de rijen van de tabel niet te gebruiken.",
    herstel="lever de kolom onder precies deze naam; hoofdletters en spaties tellen mee",
    structure=True,
)

CASES = (
    Case("alle verplichte kolommen", {"professional": "professional_id | functie\na | x"}),
    Case(
        "een hoofdletter is een andere naam",
        {"persoon": "persoon_id | Huishouden_id | geboortejaar\nk1 | h1 | 2015"},
        (("persoon", "huishouden_id", 1, ()), ("persoon", "rol", 1, ())),
    ),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Ask of each required column whether it was delivered."""
    for table in delivered(package):
        for field in table.fields:
            if field.required:
                gone = field.naam not in package.raw[table.naam].columns
                yield Telling(table.naam, field.naam, int(gone), verwacht=f"de kolom {field.naam}")

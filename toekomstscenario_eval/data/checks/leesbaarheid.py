"""Every line of a CSV file could be read."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Regels in het bestand zijn niet te lezen",
    ernst=Ernst.FOUT,
    uitleg="Een regel heeft te veel of te weinig kolommen, of een aanhalingsteken dat niet wordt gesloten.",
    herstel="zet tekst met een komma tussen dubbele aanhalingstekens en geef elke regel evenveel kolommen",
)

CASES = (
    Case("een komma binnen aanhalingstekens", {"professional": 'professional_id,functie\na,"x, y"'}),
    Case(
        "te weinig en te veel kolommen",
        {"professional": "professional_id,functie\na,x\nb\nc,x\nd,x,y"},
        (("professional", "", 2, ()),),
    ),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Report the lines that were set apart while reading, by their line number in the file."""
    for table in delivered(package):
        file = package.bestanden[table.naam]
        rules = ", ".join(map(str, file.onleesbare_regels))
        yield Telling(
            table.naam,
            aantal=file.onleesbaar,
            verwacht="op elke regel evenveel kolommen als in de kop",
            toelichting=f"{RULE.uitleg} Eerste regels in {file.pad} (de kop is regel 1): {rules}. "
            "De rijnummers van andere bevindingen tellen deze regels niet mee.",
        )

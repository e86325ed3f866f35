"""Every line of a CSV file could be read."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Regels in het bestand zijn niet te lezen",
    ernst=Ernst.FOUT,
    uitleg="Een regel heeft te veel of te weinig kolommen, of een aanhalingsteken dat niet wordt gesloten.",
    herstel="zet tekst met een komma tussen dubbele aanhalingstekens en geef elke regel evenveel kolommen",
)

GEVALLEN = (
    Geval("een komma binnen aanhalingstekens", {"professional": 'professional_id,functie\na,"x, y"'}),
    Geval(
        "te weinig en te veel kolommen",
        {"professional": "professional_id,functie\na,x\nb\nc,x\nd,x,y"},
        (("professional", "", 2, ()),),
    ),
)


def toetsen(pakket: Package) -> Iterator[Telling]:
    """Report the lines that were set apart while reading, by their line number in the file."""
    for tabel in delivered(pakket):
        bestand = pakket.bestanden[tabel.naam]
        regels = ", ".join(map(str, bestand.onleesbare_regels))
        yield Telling(
            tabel.naam,
            aantal=bestand.onleesbaar,
            verwacht="op elke regel evenveel kolommen als in de kop",
            toelichting=f"{REGEL.uitleg} Eerste regels in {bestand.pad} (de kop is regel 1): {regels}. "
            "De rijnummers van andere bevindingen tellen deze regels niet mee.",
        )

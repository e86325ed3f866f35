"""Every optional column of a delivered table is there."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een kolom die mag ontbreken, ontbreekt",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Analyses die deze kolom nodig hebben, zijn niet van toepassing.",
    herstel="lever de kolom als de bron haar heeft; anders hoeft u niets te doen",
)

GEVALLEN = (
    Geval("alle kolommen", {"professional": "professional_id | functie\na | x"}),
    Geval("geen functie", {"professional": "professional_id\na"}, (("professional", "functie", 1, ()),)),
)


def toetsen(pakket: Package) -> Iterator[Telling]:
    """Ask of each optional column whether it was delivered."""
    for tabel in delivered(pakket):
        for veld in tabel.velden:
            if not veld.verplicht:
                weg = veld.naam not in pakket.ruw[tabel.naam].columns
                yield Telling(
                    tabel.naam,
                    veld.naam,
                    int(weg),
                    verwacht=f"de kolom {veld.naam}",
                    toelichting=f"{REGEL.uitleg} De kolom dient hiervoor: {veld.doel}.",
                )

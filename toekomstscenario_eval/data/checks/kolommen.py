"""Every required column of a delivered table is there."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Telling
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een verplichte kolom ontbreekt",
    ernst=Ernst.FOUT,
    uitleg="Zonder deze kolom zijn de rijen van de tabel niet te gebruiken.",
    herstel="lever de kolom onder precies deze naam; hoofdletters en spaties tellen mee",
)

GEVALLEN = (
    Geval("alle verplichte kolommen", {"professional": "professional_id | functie\na | x"}),
    Geval(
        "een hoofdletter is een andere naam",
        {"persoon": "persoon_id | Huishouden_id | geboortejaar\nk1 | h1 | 2015"},
        (("persoon", "huishouden_id", 1, ()), ("persoon", "rol", 1, ())),
    ),
)


def toetsen(pakket: Package) -> Iterator[Telling]:
    """Ask of each required column whether it was delivered."""
    for tabel in delivered(pakket):
        for veld in tabel.velden:
            if veld.verplicht:
                weg = veld.naam not in pakket.ruw[tabel.naam].columns
                yield Telling(tabel.naam, veld.naam, int(weg), verwacht=f"de kolom {veld.naam}")

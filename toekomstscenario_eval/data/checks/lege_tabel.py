"""A delivered table holds rows."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._hulp import delivered
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Telling
from toekomstscenario_eval.data.package import BESCHRIJVING, Package
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="Een tabel heeft geen rijen",
    ernst=Ernst.FOUT,
    uitleg="Een lege tabel zegt dat iets niet voorkwam. Meestal is het niet geregistreerd of niet geleverd.",
    herstel=f"laat de tabel weg uit {BESCHRIJVING}, of lever haar met rijen",
)

GEVALLEN = (
    Geval("een rij", {"professional": "professional_id | functie\na | x"}),
    Geval("alleen kolomnamen", {"professional": "professional_id,functie"}, (("professional", "", 1, ()),)),
    Geval("wel regels, maar geen leesbare", {"professional": "professional_id,functie\na\nb"}),
)


def toetsen(pakket: Package) -> Iterator[Telling]:
    """Ask of each table whether it has rows; unreadable lines are for another rule."""
    for tabel in delivered(pakket):
        bestand = pakket.bestanden[tabel.naam]
        leeg = bestand.rijen == 0 and bestand.onleesbaar == 0
        yield Telling(tabel.naam, aantal=int(leeg), verwacht="ten minste een rij")

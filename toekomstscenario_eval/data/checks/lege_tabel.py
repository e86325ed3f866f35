"""A delivered table holds rows."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import delivered
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling
from toekomstscenario_eval.data.package import COMPLETE, DESCRIPTION, Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een tabel heeft geen rijen",
    ernst=Ernst.FOUT,
    uitleg="Een lege tabel zegt dat iets niet voorkwam. Meestal is het niet geregistreerd of niet geleverd.",
    herstel=f'kwam het echt niet voor, zet dan bij de tabel "{COMPLETE}": true in {DESCRIPTION}; laat haar '
    "anders weg, of lever haar met rijen",
)

CASES = (
    Case("een rij", {"professional": "professional_id | functie\na | x"}),
    Case("alleen kolomnamen", {"professional": "professional_id,functie"}, (("professional", "", 1, ()),)),
    Case("wel regels, maar geen leesbare", {"professional": "professional_id,functie\na\nb"}),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Ask of each table whether it has rows; unreadable lines are for another rule."""
    for table in delivered(package):
        file = package.bestanden[table.naam]
        empty = file.rijen == 0 and file.onleesbaar == 0 and table.naam not in package.complete
        yield Telling(table.naam, aantal=int(empty), verwacht="ten minste een rij")

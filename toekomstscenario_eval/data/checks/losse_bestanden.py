"""Each data file in the folder is part of the package."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Telling
from toekomstscenario_eval.data.package import BESCHRIJVING, Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.types import Ernst

REGEL = Regel(
    titel="In de map staat een tabel die niet bij het pakket hoort",
    ernst=Ernst.WAARSCHUWING,
    uitleg=f"Het bestand heeft de naam van een tabel, maar {BESCHRIJVING} noemt het niet. Het wordt niet "
    f"gelezen.",
    herstel=f"noem het bestand in {BESCHRIJVING}, of haal het weg uit de map",
)

GEVALLEN = (
    Geval("alles genoemd", {"persoon": "persoon_id | rol\nk1 | kind"}),
    Geval("een bestand te veel", {"-persoon": "persoon_id | rol\nk1 | kind"}, (("persoon", "", 1, ()),)),
)


def toetsen(pakket: Package) -> Iterator[Telling]:
    """Look for files that are named after a table but are not part of the package."""
    genoemd = {b.pad for b in pakket.bestanden.values()}
    for naam in load_schema().tabellen:
        los = [
            f"{naam}{soort}"
            for soort in (".csv", ".parquet")
            if (pakket.map / f"{naam}{soort}").is_file() and f"{naam}{soort}" not in genoemd
        ]
        yield Telling(naam, aantal=len(los), toelichting=f"{REGEL.uitleg} Bestand: {', '.join(los)}.")

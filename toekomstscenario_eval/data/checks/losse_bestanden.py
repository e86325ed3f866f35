"""Each data file in the folder is part of the package."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._vorm import Case, Rule, Telling
from toekomstscenario_eval.data.package import DESCRIPTION, Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="In de map staat een tabel die niet bij het pakket hoort",
    ernst=Ernst.WAARSCHUWING,
    uitleg=f"Het bestand heeft de naam van een tabel, maar {DESCRIPTION} noemt het niet. Het wordt niet "
    f"gelezen.",
    herstel=f"noem het bestand in {DESCRIPTION}, of haal het weg uit de map",
    structure=True,
)

CASES = (
    Case("alles genoemd", {"persoon": "persoon_id | rol\nk1 | kind"}),
    Case("een bestand te veel", {"-persoon": "persoon_id | rol\nk1 | kind"}, (("persoon", "", 1, ()),)),
)


def toetsen(package: Package) -> Iterator[Telling]:
    """Look for files that are named after a table but are not part of the package."""
    named = {b.pad for b in package.bestanden.values()}
    for naam in load_schema().tabellen:
        loose = [
            f"{naam}{soort}"
            for soort in (".csv", ".parquet")
            if (package.map / f"{naam}{soort}").is_file() and f"{naam}{soort}" not in named
        ]
        yield Telling(naam, aantal=len(loose), toelichting=f"{RULE.uitleg} Bestand: {', '.join(loose)}.")

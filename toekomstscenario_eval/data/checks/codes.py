"""Coded columns hold codes of their code list."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import columns, filled
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een code staat niet in de codelijst",
    ernst=Ernst.FOUT,
    uitleg="Een onbekende code kan niet worden geteld en wordt nooit geraden.",
    herstel="gebruik een code uit de lijst, precies zoals zij er staat; hoofdletters en spaties tellen mee",
)
_GETALLEN = (
    "bewaar codes als tekst: Excel maakt van 01 een 1, SPSS en gegevensframes maken van 11 een 11.0; "
    "vertaal codes van een ander systeem eerst met de eigen lijst van dat systeem"
)

CASES = (
    Case(
        "codes uit de lijst, of leeg",
        {"maatregel": "maatregel_id | soort | reden_einde\nm1 | 11 | 01\nm2 | UH |"},
    ),
    Case(
        "voorloopnul kwijt, een decimaal te veel, hoofdletter",
        {
            "maatregel": "maatregel_id | soort | reden_einde\nm1 | 11 | 1\nm2 | 11.0 |\nm3 | 12 | 01",
            "persoon": "persoon_id | rol\nk1 | Kind\nk2 | kind",
        },
        (
            ("persoon", "rol", 1, (1,)),
            ("maatregel", "soort", 1, (2,)),
            ("maatregel", "reden_einde", 1, (1,)),
        ),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask of each coded column for values outside its code list."""
    for column in columns(package):
        if column.veld.codelijst:
            codes = load_schema().codelists[column.veld.codelijst].codes
            yield Toets(
                column.tabel,
                column.veld.naam,
                column.rows_raw,
                filled(column.raw) & ~column.raw.cast("string").isin(codes).fill_null(False),
                verwacht="een van de codes " + ", ".join(codes),
                herstel=_GETALLEN if any(c.isdigit() for c in codes) else "",
            )

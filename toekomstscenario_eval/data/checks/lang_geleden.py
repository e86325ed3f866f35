"""Dates are not so long ago that they must be fillers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toekomstscenario_eval.data.checks._support import columns
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

_YEARS = 25  # longer than a childhood, jeugdreclassering included

RULE = Rule(
    titel="Een datum ligt onwaarschijnlijk ver terug",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Datums als 1900-01-01 zijn meestal vulwaarden. Zij maken een duur veel te lang.",
    herstel="laat een onbekend eind leeg; zoek een onbekend begin op bij de bron",
)

CASES = (
    Case("lang, maar mogelijk", {"maatregel": "maatregel_id | begin | eind\nm1 | 2006-01-01 |"}),
    Case(
        "vulwaarden",
        {"maatregel": "maatregel_id | begin | eind\nm1 | 1900-01-01 | 1970-01-01\nm2 | 1998-12-31 |"},
        (("maatregel", "begin", 2, (1, 2)), ("maatregel", "eind", 1, (1,))),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask of each date column for dates more than a childhood ago."""
    limit = date(package.peildatum.year - _YEARS, 1, 1)
    for column in columns(package):
        if column.veld.type == "date":
            yield Toets(
                column.tabel,
                column.veld.naam,
                column.rijen,
                column.waarde < limit,
                verwacht=f"een datum vanaf {limit}",
            )

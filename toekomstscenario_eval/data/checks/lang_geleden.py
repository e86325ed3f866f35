"""Dates are not so long ago that they must be fillers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from toekomstscenario_eval.data.checks._hulp import columns
from toekomstscenario_eval.data.checks._vorm import Geval, Regel, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

_JAREN = 25  # longer than a childhood, jeugdreclassering included

REGEL = Regel(
    titel="Een datum ligt onwaarschijnlijk ver terug",
    ernst=Ernst.WAARSCHUWING,
    uitleg="Datums als 1900-01-01 zijn meestal vulwaarden. Zij maken een duur veel te lang.",
    herstel="laat een onbekend eind leeg; zoek een onbekend begin op bij de bron",
)

GEVALLEN = (
    Geval("lang, maar mogelijk", {"maatregel": "maatregel_id | begin | eind\nm1 | 2006-01-01 |"}),
    Geval(
        "vulwaarden",
        {"maatregel": "maatregel_id | begin | eind\nm1 | 1900-01-01 | 1970-01-01\nm2 | 1998-12-31 |"},
        (("maatregel", "begin", 2, (1, 2)), ("maatregel", "eind", 1, (1,))),
    ),
)


def toetsen(pakket: Package) -> Iterator[Toets]:
    """Ask of each date column for dates more than a childhood ago."""
    grens = date(pakket.peildatum.year - _JAREN, 1, 1)
    for kolom in columns(pakket):
        if kolom.veld.type == "date":
            yield Toets(
                kolom.tabel,
                kolom.veld.naam,
                kolom.rijen,
                kolom.waarde < grens,
                verwacht=f"een datum vanaf {grens}",
            )

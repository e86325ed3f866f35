"""Nothing happened after the day the data were extracted."""

from __future__ import annotations

from collections.abc import Iterator

from toekomstscenario_eval.data.checks._support import columns
from toekomstscenario_eval.data.checks._vorm import Case, Rule, Toets
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.types import Ernst

RULE = Rule(
    titel="Een datum ligt na de peildatum",
    ernst=Ernst.FOUT,
    uitleg="Na de peildatum is niets meer waargenomen. Een gepland of verwacht eind is geen eind.",
    herstel="laat eind leeg zolang de periode loopt, ook als een einddatum is afgesproken; klopt de datum "
    "wel, "
    "verbeter dan de peildatum van het pakket",
)
# A start may be planned: it says from when a site works in the new way.
_MAY_BE_LATER = {("proeftuin", "start_datum")}

CASES = (
    Case(
        "op de peildatum; een geplande start mag",
        {
            "proeftuin": "proeftuin_id | start_datum\np1 | 2030-01-01",
            "contact": "contact_id | datum\nc1 | 2024-07-01",
            "persoon": "persoon_id | geboortejaar\nk1 | 2024",
        },
    ),
    Case(
        "een dag te laat, een afgesproken eind en een kind van volgend jaar",
        {
            "contact": "contact_id | datum\nc1 | 2024-07-02",
            "maatregel": "maatregel_id | begin | eind\nm1 | 2024-01-01 | 2025-01-01\nm2 | 2024-01-01 |",
            "persoon": "persoon_id | geboortejaar\nk1 | 2025",
        },
        (
            ("persoon", "geboortejaar", 1, (1,)),
            ("maatregel", "eind", 1, (1,)),
            ("contact", "datum", 1, (1,)),
        ),
    ),
)


def toetsen(package: Package) -> Iterator[Toets]:
    """Ask of each date and year for values after the peildatum."""
    day = package.peildatum
    for column in columns(package):
        spot = (column.tabel, column.veld.naam)
        if column.veld.type == "date" and spot not in _MAY_BE_LATER:
            yield Toets(*spot, column.rijen, column.waarde > day, verwacht=f"een datum tot en met {day}")
        if column.veld.type == "year":
            yield Toets(
                *spot,
                column.rijen,
                column.waarde > day.year,
                verwacht=f"een jaar tot en met {day.year}",
                herstel="laat het jaar leeg bij een ongeboren kind",
            )

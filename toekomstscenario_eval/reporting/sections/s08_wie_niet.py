"""8 Who is not seen: regions, profiles and domains, against what could be there."""

from __future__ import annotations

from toekomstscenario_eval.reporting.document import Block, Kop
from toekomstscenario_eval.reporting.report import Report, paragraph
from toekomstscenario_eval.reporting.table import counts_table

TITEL = "8 Wie zien we niet"
_TABELLEN = {
    "huishoudens_per_proeftuin": "Proeftuin of regio",
    "huishoudens_per_gezinsprofiel": "Gezinsprofiel",
    "huishoudens_per_soort_organisatie": "Soort organisatie",
}


def _absent(rapport: Report) -> tuple[Block, ...]:
    namen = [
        str(groep)
        for sleutel in _TABELLEN
        if rapport.has(sleutel)
        for groep in rapport.vrijgave.resultaat(sleutel)
        .schattingen.query("schatting == 0 and uitsplitsing != ''")["groep"]
        .tolist()
    ]
    if not namen:
        return (
            paragraph(
                "Van elke regio, elk gezinsprofiel en elke soort organisatie is ten minste één rij geleverd."
            ),
        )
    return (paragraph(f"Geheel afwezig in dit pakket: {', '.join(namen)}."),)


def blokken(rapport: Report) -> tuple[Block, ...]:
    """Return the researcher's words and the counts, zero included."""
    tellingen = [
        counts_table(rapport.vrijgave, sleutel, kop=kop)
        for sleutel, kop in _TABELLEN.items()
        if rapport.has(sleutel)
    ]
    return (
        *rapport.tekst("wie_niet"),
        Kop(2, "Wat de gegevens laten zien"),
        paragraph(
            "Nul betekent hier: in dit pakket niet gezien. Dat kan komen doordat deze gezinnen of organisaties",
            "er niet waren, of doordat niemand ze aanleverde.",
        ),
        *_absent(rapport),
        *tellingen,
    )

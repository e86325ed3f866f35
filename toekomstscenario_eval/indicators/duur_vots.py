"""How long a voorlopige ondertoezichtstelling (VOTS) lasts, and whether it becomes an OTS."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import VOTS, durations
from toekomstscenario_eval.indicators._maatregel_card import duration_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = duration_card(
    VOTS,
    horizon=180,
    incidentie=90,
    reads="Een VOTS duurt volgens de wet hooguit drie maanden: een langere duur wijst eerst op de "
    "registratie. Gaat zij over in een OTS, dan eindigt de VOTS en begint een nieuwe maatregel; de duur "
    "van het geheel staat hier niet. Reden 07 bestaat pas vanaf 2016. Lees dit samen met de instroom van "
    "VOTS en de duur van de OTS.",
    sources=(
        "CBS Beleidsinformatie Jeugd, redenen beëindiging 01 tot en met 07 (07 vanaf 2016)",
        "Burgerlijk Wetboek boek 1, artikel 257: een voorlopige ondertoezichtstelling duurt hooguit drie "
        "maanden",
        "Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452",
    ),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="omgezet in een OTS die zelf niet meetelt; overgedragen met een dag ertussen; nog lopend",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                omgezet       | 2023-01-01 |
                over          | 2023-01-01 |
                loopt         | 2023-01-01 |
                afgelopen     | 2023-01-01 |
            """,
            "persoon": """
                persoon_id    | huishouden_id | rol
                omgezet       | omgezet       | kind
                over          | over          | kind
                loopt         | loopt         | kind
                afgelopen     | afgelopen     | kind
            """,
            "maatregel": """
                persoon_id    | soort | begin      | eind       | reden_einde
                omgezet       | 12    | 2024-02-01 | 2024-03-01 | 07
                omgezet       | 11    | 2024-03-01 | 2024-09-01 | 02
                over          | 12    | 2024-01-01 | 2024-01-20 | OV
                over          | 12    | 2024-01-21 | 2024-01-31 | 02
                loopt         | 12    | 2024-12-31 |            |
                afgelopen     | 12    | 2023-12-22 | 2024-01-11 | 03
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde
            omgezet       | 0        | 29   | 1
            over          | 0        | 30   | 2
            loopt         | 0        | 1    | 0
            afgelopen     | 10       | 20   | 3
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per measure: days since its begin at entry and at exit, and the cause of its end."""
    return durations(t, vraag, VOTS)

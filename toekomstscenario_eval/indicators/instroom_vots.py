"""New voorlopige ondertoezichtstellingen (VOTS) per 1,000 child-years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import VOTS, incidence
from toekomstscenario_eval.indicators._maatregel_card import incidence_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = incidence_card(
    VOTS,
    reads="Een VOTS is een spoedmaatregel: lees de instroom samen met die van de OTS, met het deel van de "
    "VOTS'en dat in een OTS overgaat en met het aandeel maatregelen na een duo.",
    sources=("CBS, Jeugdbescherming: begonnen maatregelen (type maatregel 12)",),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="de overgang naar een OTS is geen nieuwe VOTS; begin op de eerste dag van het venster telt, op "
        "de dag na het venster niet, en wat bij instroom al liep apart",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2023-12-01 |
                h2            | 2024-07-01 | 2024-07-31
                h3            | 2023-01-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | h1            | kind | 2010
                k2         | h2            | kind | 2012
                k3         | h3            | kind | 2013
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | 12    | 2024-01-01 | 2024-03-01
                k1         | 11    | 2024-03-01 |
                k1         | 12    | 2024-09-01 | 2024-10-01
                k2         | 12    | 2024-06-30 | 2024-07-15
                k3         | 12    | 2025-01-01 |
            """,
        },
        vraag=Vraag(_VRAAG.venster, date(2025, 6, 1)),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 2      | 366           |
            h2            | 0      | 30            |
            h2            |        |               | had de maatregel al bij instroom
            h3            | 0      | 366           |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: measures that began, and days of its children under 18."""
    return incidence(t, vraag, VOTS)

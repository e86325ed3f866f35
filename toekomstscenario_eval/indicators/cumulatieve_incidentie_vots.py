"""Share of households with a first VOTS within half a year, one and two years since instroom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import VOTS, first_since_entry
from toekomstscenario_eval.indicators._maatregel_card import first_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = first_card(
    VOTS,
    reads="Een VOTS is een spoedmaatregel en gaat vaak over in een OTS: lees dit samen met de eerste OTS "
    "na instroom en met het aandeel maatregelen na een duo.",
    sources=("CBS Beleidsinformatie Jeugd, type maatregel 12",),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="een eerdere OTS sluit niet uit, een lopende VOTS wel; wie voor het venster instroomde, telt "
        "later mee",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                ots           | 2024-02-01 |
                had_al        | 2024-02-01 |
                laat          | 2023-01-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | ots           | kind | 2010
                k2         | had_al        | kind | 2010
                k3         | laat          | kind | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | 11    | 2023-01-01 | 2024-01-01
                k1         | 12    | 2024-03-01 | 2024-04-01
                k1         | 11    | 2024-04-01 |
                k2         | 12    | 2024-01-31 | 2024-02-02
                k3         | 12    | 2022-11-01 | 2023-01-01
                k3         | 12    | 2024-01-02 |
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            ots           | 0        | 29   | 1     |
            had_al        |          |      |       | had de maatregel al bij instroom
            laat          | 365      | 366  | 1     |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: days since instroom until the first measure (1) or leaving (2)."""
    return first_since_entry(t, vraag, VOTS)

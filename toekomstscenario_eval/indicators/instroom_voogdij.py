"""New guardianships (voogdij) per 1,000 child-years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import VOOGDIJ, incidence
from toekomstscenario_eval.indicators._maatregel_card import incidence_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = incidence_card(
    VOOGDIJ,
    reads="Voogdij, voorlopige voogdij en tijdelijke voogdij zijn één familie: gaat de ene in de andere "
    "over, dan is dat geen nieuwe maatregel. Lees de instroom samen met de OTS'en die met een "
    "gezagsbeëindigende maatregel eindigden en met het aandeel maatregelen na een duo.",
    sources=("CBS, Jeugdbescherming: begonnen maatregelen (typen maatregel 21, 22 en 23)",),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="voorlopige voogdij die voogdij wordt is één; een kind dat in het venster is geboren; "
        "peildatum voor het eind",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2024-01-01 |
                h2            | 2023-07-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | h1            | kind | 2010
                k2         | h2            | kind | 2024
                k3         | h2            | kind | 2005
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | 22    | 2024-02-01 | 2024-04-01
                k1         | 21    | 2024-04-01 | 2024-05-01
                k1         | 23    | 2024-05-02 |
                k2         | 21    | 2024-02-29 |
                k3         | 21    | 2024-02-01 |
            """,
        },
        vraag=Vraag(_VRAAG.venster, date(2024, 7, 1)),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 1      | 182           |
            h2            | 1      | 182           |
            h2            |        |               | kind zonder dag onder de 18 in het venster
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: measures that began, and days of its children under 18."""
    return incidence(t, vraag, VOOGDIJ)

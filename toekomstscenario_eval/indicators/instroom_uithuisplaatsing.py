"""New placements away from home (uithuisplaatsing) per 1,000 child-years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import UITHUISPLAATSING, incidence
from toekomstscenario_eval.indicators._maatregel_card import incidence_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = incidence_card(
    UITHUISPLAATSING,
    reads="Een kind dat terug naar huis gaat en later weer uit huis wordt geplaatst, telt twee keer. Een "
    "verhuizing naar een ander pleeggezin telt niet opnieuw als de perioden aansluiten. Lees de instroom "
    "nooit alleen, maar samen met het aandeel en de duur van uithuisplaatsingen, met het aandeel "
    "maatregelen na een duo en met wat er eerder had gekund.",
    sources=(
        "Eigen code: CBS kent voor uithuisplaatsing geen type maatregel",
        "Van den Enden & Kuiper 2026, hoofdstuk 7: voorkomen of verkorten van uithuisplaatsing (Team AnderS)",
    ),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="twee plaatsingen, een verhuizing die aansluit, en een plaatsing voor instroom",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2024-01-01 |
                h2            | 2024-12-02 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | h1            | kind | 2010
                k2         | h1            | kind | 2012
                k3         | h2            | kind | 2012
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | UH    | 2024-02-01 | 2024-03-01
                k1         | UH    | 2024-08-01 |
                k2         | UH    | 2024-02-01 | 2024-03-01
                k2         | UH    | 2024-03-01 | 2024-04-01
                k3         | UH    | 2024-12-01 |
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 3      | 732           |
            h2            | 0      | 30            |
            h2            |        |               | had de maatregel al bij instroom
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: measures that began, and days of its children under 18."""
    return incidence(t, vraag, UITHUISPLAATSING)

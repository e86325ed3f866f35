"""Share of households with a first placement away from home since instroom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import UITHUISPLAATSING, first_since_entry
from toekomstscenario_eval.indicators._maatregel_card import first_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = first_card(
    UITHUISPLAATSING,
    reads="Een uithuisplaatsing kan nodig zijn en op tijd komen: een lager cijfer is niet vanzelf beter. "
    "Lees het samen met de duur van de uithuisplaatsing, de reden van einde (terug naar huis), het aandeel "
    "maatregelen na een duo en wat er eerder had gekund.",
    sources=(
        "Eigen code: CBS kent voor uithuisplaatsing geen type maatregel",
        "Van den Enden & Kuiper 2026, hoofdstuk 7: voorkomen of verkorten van uithuisplaatsing (Team AnderS)",
    ),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="een tweede plaatsing telt niet; een die voor instroom was afgelopen sluit niet uit; nul "
        "dagen is geen plaatsing",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                twee          | 2024-01-01 |
                afgelopen     | 2024-02-01 | 2024-03-01
                nul           | 2024-12-02 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | twee          | kind | 2010
                k2         | afgelopen     | kind | 2010
                k3         | nul           | kind | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | UH    | 2024-01-31 | 2024-03-01
                k1         | UH    | 2024-05-01 |
                k2         | UH    | 2023-02-01 | 2024-02-01
                k3         | UH    | 2024-12-12 | 2024-12-12
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde
            twee          | 0        | 30   | 1
            afgelopen     | 0        | 29   | 2
            nul           | 0        | 30   | 0
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: days since instroom until the first measure (1) or leaving (2)."""
    return first_since_entry(t, vraag, UITHUISPLAATSING)

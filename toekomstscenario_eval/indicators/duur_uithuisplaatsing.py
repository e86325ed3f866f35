"""How long a placement away from home (uithuisplaatsing) lasts, by the reason of its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import UITHUISPLAATSING, durations
from toekomstscenario_eval.indicators._maatregel_card import duration_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = duration_card(
    UITHUISPLAATSING,
    horizon=730,
    incidentie=365,
    reads="Een kortere plaatsing is niet vanzelf beter; lees de duur samen met de reden van einde (terug "
    "naar huis of niet), met de instroom van uithuisplaatsingen, met hoe vaak er daarna opnieuw een "
    "maatregel kwam, en met wat er eerder had gekund. Een verhuizing naar een ander pleeggezin breekt de "
    "duur niet als de perioden aansluiten.",
    sources=(
        "Eigen codes: CBS kent voor uithuisplaatsing geen type maatregel en geen redenen",
        "Van den Enden & Kuiper 2026, hoofdstuk 7: voorkomen of verkorten van uithuisplaatsing (Team AnderS)",
        "Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452",
        "Tsai, Jewell & Wang 1987 (late instroom), doi 10.1093/biomet/74.4.883",
    ),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="verhuisd en dan terug naar huis; twee plaatsingen; meerderjarig; nul dagen is geen plaatsing",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                verhuisd      | 2023-01-01 |
                twee          | 2023-01-01 |
                achttien      | 2023-01-01 |
                nul           | 2023-01-01 |
            """,
            "persoon": """
                persoon_id    | huishouden_id | rol
                verhuisd      | verhuisd      | kind
                twee          | twee          | kind
                achttien      | achttien      | kind
                nul           | nul           | kind
            """,
            "maatregel": """
                persoon_id    | soort | begin      | eind       | reden_einde
                verhuisd      | UH    | 2024-01-01 | 2024-02-01 | UO
                verhuisd      | UH    | 2024-02-01 | 2024-03-01 | TH
                twee          | UH    | 2024-01-01 | 2024-01-31 | UO
                twee          | UH    | 2024-06-01 | 2024-07-01 | TH
                achttien      | UH    | 2024-02-28 | 2024-03-01 | UM
                nul           | UH    | 2024-02-28 | 2024-02-28 | TH
                nul           | 11    | 2024-02-28 |            |
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde
            verhuisd      | 0        | 60   | 1
            twee          | 0        | 30   | 3
            twee          | 0        | 30   | 1
            achttien      | 0        | 2    | 2
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per measure: days since its begin at entry and at exit, and the cause of its end."""
    return durations(t, vraag, UITHUISPLAATSING)

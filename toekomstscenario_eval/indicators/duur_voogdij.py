"""How long guardianship by an institution (voogdij) lasts, by the reason of its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import VOOGDIJ, durations
from toekomstscenario_eval.indicators._maatregel_card import duration_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = duration_card(
    VOOGDIJ,
    horizon=1095,
    incidentie=730,
    reads="Voogdij duurt vaak jaren, langer dan het venster: de mediaan is dan niet te bepalen, en het "
    "gemiddelde binnen drie jaar zegt meer. Voorlopige, tijdelijke en gewone voogdij die op elkaar volgen, "
    "zijn één maatregel. Lees de duur samen met de reden van einde: voogdij die naar een pleegouder gaat, "
    "is iets anders dan herstel van gezag.",
    sources=(
        "CBS Beleidsinformatie Jeugd, redenen beëindiging 11 tot en met 15",
        "Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452",
        "Tsai, Jewell & Wang 1987 (late instroom), doi 10.1093/biomet/74.4.883",
    ),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="voorlopige voogdij die voogdij wordt, een burgervoogd, herstel van gezag, en een reden van "
        "een andere soort",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                door          | 2023-01-01 |
                burger        | 2023-01-01 |
                herstel       | 2023-01-01 |
                vreemd        | 2023-01-01 |
            """,
            "persoon": """
                persoon_id    | huishouden_id | rol
                door          | door          | kind
                burger        | burger        | kind
                herstel       | herstel       | kind
                vreemd        | vreemd        | kind
            """,
            "maatregel": """
                persoon_id    | soort | begin      | eind       | reden_einde
                door          | 22    | 2023-12-02 | 2024-02-01 |
                door          | 21    | 2024-02-02 |            |
                burger        | 21    | 2024-01-01 | 2024-03-01 | 13
                herstel       | 23    | 2024-01-01 | 2024-01-31 | 14
                vreemd        | 21    | 2024-01-01 | 2024-01-31 | 02
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde
            door          | 30       | 396  | 0
            burger        | 0        | 60   | 2
            herstel       | 0        | 30   | 3
            vreemd        | 0        | 30   | 5
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per measure: days since its begin at entry and at exit, and the cause of its end."""
    return durations(t, vraag, VOOGDIJ)

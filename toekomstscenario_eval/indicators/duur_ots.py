"""How long an ondertoezichtstelling (OTS) lasts, by the reason of its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import OTS, durations
from toekomstscenario_eval.indicators._maatregel_card import duration_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = duration_card(
    OTS,
    horizon=730,
    incidentie=365,
    reads="Een OTS wordt voor ten hoogste een jaar uitgesproken en kan worden verlengd: rond een jaar "
    "eindigen er daarom veel. Korter is niet vanzelf beter: een opheffing is iets anders dan een "
    "gezagsbeëindigende maatregel, dus lees de duur samen met de reden van einde, en met hoe vaak er "
    "daarna opnieuw een maatregel kwam. Reden 07 (VOTS omgezet in OTS) hoort bij de VOTS en telt bij een "
    "OTS als andere reden.",
    sources=(
        "CBS Beleidsinformatie Jeugd, redenen beëindiging 01 tot en met 07",
        "Burgerlijk Wetboek boek 1, artikelen 258 en 260: ten hoogste een jaar, steeds te verlengen",
        "Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452",
        "Tsai, Jewell & Wang 1987 (late instroom), doi 10.1093/biomet/74.4.883",
    ),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="overdracht met en zonder dag ertussen en zonder vervolg, late instroom, einde op de rand, "
        "redenen",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                een_dag       | 2023-01-01 |
                aansluitend   | 2023-01-01 |
                geen_vervolg  | 2023-01-01 |
                laat          | 2023-01-01 |
                rand          | 2023-01-01 |
                loopt         | 2023-01-01 |
                twee_redenen  | 2023-01-01 |
                zonder_reden  | 2023-01-01 |
                overleden     | 2023-01-01 |
                voorbij       | 2023-01-01 |
            """,
            "persoon": """
                persoon_id    | huishouden_id | rol
                een_dag       | een_dag       | kind
                aansluitend   | aansluitend   | kind
                geen_vervolg  | geen_vervolg  | kind
                laat          | laat          | kind
                rand          | rand          | kind
                loopt         | loopt         | kind
                twee_redenen  | twee_redenen  | kind
                zonder_reden  | zonder_reden  | kind
                overleden     | overleden     | kind
                voorbij       | voorbij       | kind
            """,
            "maatregel": """
                persoon_id    | soort | begin      | eind       | reden_einde
                een_dag       | 11    | 2024-01-01 | 2024-02-01 | OV
                een_dag       | 11    | 2024-01-01 | 2024-02-01 | OV
                een_dag       | 11    | 2024-02-02 | 2024-03-01 | 02
                aansluitend   | 11    | 2024-01-01 | 2024-02-01 | OV
                aansluitend   | 11    | 2024-02-01 | 2024-03-01 | 04
                aansluitend   | 11    | 2024-03-03 | 2024-03-10 | 03
                geen_vervolg  | 11    | 2024-01-01 | 2024-02-01 | OV
                laat          | 11    | 2023-12-02 | 2024-01-11 | 05
                rand          | 11    | 2024-12-22 | 2025-01-01 | 01
                loopt         | 11    | 2024-12-01 |            |
                twee_redenen  | 11    | 2024-01-01 | 2024-01-11 | 02
                twee_redenen  | 11    | 2024-01-01 | 2024-01-11 | 04
                zonder_reden  | 11    | 2024-01-01 | 2024-01-11 |
                overleden     | 11    | 2024-01-01 | 2024-01-11 | 06
                overleden     | 11    | 2024-01-01 | 2024-01-11 |
                voorbij       | 11    | 2023-06-01 | 2024-01-01 | 02
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            een_dag       | 0        | 60   | 2     |
            aansluitend   | 0        | 60   | 4     |
            aansluitend   | 0        | 7    | 3     |
            geen_vervolg  | 0        | 31   | 0     |
            laat          | 30       | 40   | 5     |
            rand          | 0        | 10   | 1     |
            loopt         | 0        | 31   | 0     |
            twee_redenen  | 0        | 10   | 7     |
            zonder_reden  | 0        | 10   | 7     |
            overleden     | 0        | 10   | 6     |
            voorbij       |          |      |       | maatregel geheel buiten venster of verblijf
        """,
    ),
    Voorbeeld(
        naam="instroom tijdens de maatregel, vertrek tijdens de maatregel, en een maatregel op een ouder",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                komt          | 2024-06-01 |
                gaat          | 2024-01-01 | 2024-03-01
            """,
            "persoon": """
                persoon_id | huishouden_id | rol
                k1         | komt          | kind
                k2         | gaat          | kind
                o2         | gaat          | ouder
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind       | reden_einde
                k1         | 11    | 2024-05-22 | 2024-06-11 | 02
                k2         | 11    | 2024-02-20 | 2024-06-01 | 02
                o2         | 11    | 2024-02-01 | 2024-02-10 | 02
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            komt          | 10       | 20   | 2     |
            gaat          | 0        | 10   | 0     |
            gaat          |          |      |       | maatregel op een lid dat geen kind is
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per measure: days since its begin at entry and at exit, and the cause of its end."""
    return durations(t, vraag, OTS)

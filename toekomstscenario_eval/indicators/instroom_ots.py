"""New ondertoezichtstellingen (OTS) per 1,000 child-years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import OTS, incidence
from toekomstscenario_eval.indicators._maatregel_card import incidence_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = incidence_card(
    OTS,
    reads="De instroom zegt hoeveel er beginnen, niet hoeveel er lopen: lees haar samen met het aandeel en "
    "de duur van de OTS, en met het aandeel maatregelen na een duo. Een VOTS die in een OTS overgaat, telt "
    "hier als nieuwe OTS en bij de VOTS als nieuwe VOTS.",
    sources=("CBS, Jeugdbescherming: begonnen maatregelen (type maatregel 11)",),
)

_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="overdracht met nul en met een dag ertussen is één; twee dagen niet; tot de dag van 18; een "
        "schrikkeldag",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2023-01-01 |
                h2            | 2024-02-28 | 2024-03-01
                h3            | 2024-01-01 |
                h4            | 2022-01-01 | 2023-01-01
                h5            | 2024-01-01 |
                h6            | 2024-01-01 |
                h7            | 2024-01-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol   | geboortejaar
                k1         | h1            | kind  | 2010
                k2         | h1            | kind  | 2012
                k3         | h2            | kind  | 2015
                k4         | h3            | kind  | 2006
                k5         | h3            | kind  | 2006
                k6         | h4            | kind  | 2010
                k7         | h5            | kind  |
                k8         | h5            | kind  | 2000
                o1         | h6            | ouder | 1980
                k9         | h7            | kind  | 2010
                k10        | h7            | kind  | 2011
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind
                k1         | 11    | 2024-02-01 | 2024-05-01
                k1         | 11    | 2024-02-01 | 2024-05-01
                k1         | 11    | 2024-05-02 |
                k2         | 11    | 2023-06-01 | 2024-03-01
                k2         | 11    | 2024-03-01 | 2024-04-01
                k2         | 11    | 2024-04-03 |
                k3         | 11    | 2024-03-01 |
                k4         | 11    | 2024-06-30 |
                k5         | 11    | 2024-07-01 |
                k7         | 11    | 2024-02-01 |
                k9         | 11    | 2024-01-01 |
                k10        | 11    | 2024-05-05 | 2024-05-05
                k10        | 12    | 2024-05-05 |
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 2      | 732           |
            h2            | 0      | 2             |
            h3            | 1      | 364           |
            h4            |        |               | geen dag in het venster
            h5            |        |               | kind zonder geboortejaar
            h5            |        |               | kind zonder dag onder de 18 in het venster
            h6            |        |               | huishouden zonder kind
            h7            | 0      | 732           |
            h7            |        |               | had de maatregel al bij instroom
        """,
    ),
    Voorbeeld(
        naam="een overdracht over een weekend is één OTS, na een ander einde niet; op de dag van instroom "
        "als nieuw gerekend",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                weekend       | 2024-01-01 |
                acht          | 2024-01-01 |
                einde         | 2024-01-01 |
                meteen        | 2024-01-01 |
                liep_al       | 2024-01-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | weekend       | kind | 2010
                k2         | acht          | kind | 2010
                k3         | einde         | kind | 2010
                k4         | meteen        | kind | 2010
                k5         | liep_al       | kind | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind       | reden_einde
                k1         | 11    | 2024-02-01 | 2024-03-01 | OV
                k1         | 11    | 2024-03-04 | 2024-03-20 | OV
                k1         | 11    | 2024-03-27 | 2024-06-01 | 02
                k2         | 11    | 2024-02-01 | 2024-03-01 | OV
                k2         | 11    | 2024-03-09 | 2024-06-01 | 02
                k3         | 11    | 2024-02-01 | 2024-03-01 | 02
                k3         | 11    | 2024-03-01 | 2024-03-08 | 03
                k3         | 11    | 2024-03-10 |            |
                k4         | 11    | 2024-01-01 | 2024-03-01 | OV
                k4         | 11    | 2024-03-05 |            |
                k5         | 11    | 2023-12-31 |            |
            """,
        },
        vraag=Vraag(_VRAAG.venster, _VRAAG.peildatum, {"op_dag_van_instroom": "nieuw"}),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            weekend       | 1      | 366           |
            acht          | 2      | 366           |
            einde         | 2      | 366           |
            meteen        | 1      | 366           |
            liep_al       | 0      | 366           |
            liep_al       |        |               | had de maatregel al bij instroom
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: measures that began, and days of its children under 18."""
    return incidence(t, vraag, OTS)

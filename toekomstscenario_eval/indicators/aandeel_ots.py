"""Point prevalence of the ondertoezichtstelling (OTS)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import OTS, prevalence
from toekomstscenario_eval.indicators._maatregel_card import prevalence_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = prevalence_card(
    OTS,
    vraag="Op welk deel van de kinderen (of huishoudens) rust op de meetdag een ondertoezichtstelling?",
    reads="",
    sources=(
        "Van der Steege & Regeer; NVO 24-02-2023: 4 van 103 zaken leidden tot een OTS (andere noemer!)",
        "CBS Beleidsinformatie Jeugd, type maatregel 11",
        "Korn & Graubard 1998 (interval bij clusters); Wilson 1927, doi 10.1080/01621459.1927.10502953",
    ),
    core=True,
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 |
        h2            | 2024-01-01 | 2024-12-31
        h3            | 2024-01-01 |
        h4            | 2024-01-01 |
    """,
    "persoon": """
        persoon_id | huishouden_id | rol   | geboortejaar
        k1         | h1            | kind  | 2010
        k2         | h1            | kind  | 2012
        k3         | h1            | kind  |
        k4         | h1            | kind  | 2006
        o1         | h1            | ouder | 1980
        k5         | h2            | kind  | 2015
        k6         | h3            | kind  | 2007
        k7         | h4            | kind  | 2006
    """,
    "maatregel": """
        persoon_id | soort | begin      | eind
        k1         | 11    | 2024-02-01 |
        k1         | 11    | 2024-02-01 |
        k2         | 11    | 2024-02-01 | 2024-12-31
        k2         | 12    | 2024-02-01 |
        k4         | 11    | 2020-01-01 |
        k5         | 11    | 2024-02-01 |
        k6         | 11    | 2024-12-31 |
    """,
}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="per kind: meetdag 31 december; dubbele rij telt eens, einde op de meetdag telt niet mee",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "kind"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 2      |
            h1            |        | 1      | geboortejaar onbekend
            h1            |        | 1      | 18 jaar of ouder
            h2            |        | 1      | huishouden niet in het onderzoek op de meetdag
            h3            | 1      | 1      |
            h4            |        | 1      | 18 jaar of ouder
        """,
    ),
    Voorbeeld(
        naam="per huishouden",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "huishouden"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 1      |
            h2            |        | 1      | huishouden niet in het onderzoek op de meetdag
            h3            | 1      | 1      |
            h4            |        | 1      | geen kind onder de 18 met bekend geboortejaar
        """,
    ),
    Voorbeeld(
        naam="de meetdag ligt tussen een overdracht en het vervolg: de maatregel loopt door, na een ander "
        "einde, na meer dagen of zonder vervolg niet",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                over          | 2024-01-01 |
                einde         | 2024-01-01 |
                te_lang       | 2024-01-01 |
                zonder        | 2024-01-01 |
            """,
            "persoon": """
                persoon_id | huishouden_id | rol  | geboortejaar
                k1         | over          | kind | 2010
                k2         | einde         | kind | 2010
                k3         | te_lang       | kind | 2010
                k4         | zonder        | kind | 2010
            """,
            "maatregel": """
                persoon_id | soort | begin      | eind       | reden_einde
                k1         | 11    | 2024-02-01 | 2024-12-30 | OV
                k1         | 11    | 2025-01-02 |            |
                k2         | 11    | 2024-02-01 | 2024-12-30 | 02
                k2         | 11    | 2025-01-02 |            |
                k3         | 11    | 2024-02-01 | 2024-12-30 | OV
                k3         | 11    | 2025-01-07 |            |
                k4         | 11    | 2024-02-01 | 2024-12-30 | OV
            """,
        },
        vraag=Vraag(_VENSTER, date(2025, 2, 1)),
        verwacht="""
            huishouden_id | teller | noemer
            over          | 1      | 1
            einde         | 0      | 1
            te_lang       | 0      | 1
            zonder        | 0      | 1
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: children (or households) with an OTS and in all, on the last day."""
    return prevalence(t, vraag, OTS)

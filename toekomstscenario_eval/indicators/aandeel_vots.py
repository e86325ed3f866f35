"""Point prevalence of the voorlopige ondertoezichtstelling (VOTS)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import VOTS, prevalence
from toekomstscenario_eval.indicators._maatregel_card import prevalence_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = prevalence_card(
    VOTS,
    vraag="Op welk deel van de kinderen (of huishoudens) rust op de meetdag een voorlopige "
    "ondertoezichtstelling?",
    reads="Een VOTS duurt hooguit drie maanden: op één dag zijn er weinig, ook als er in een jaar veel "
    "beginnen. Lees haar daarom samen met de instroom van VOTS, het aandeel met een OTS en het aandeel "
    "maatregelen na een duo.",
    sources=(
        "CBS Beleidsinformatie Jeugd, type maatregel 12",
        "Burgerlijk Wetboek boek 1, artikel 257: een voorlopige ondertoezichtstelling duurt hooguit drie "
        "maanden",
        "Korn & Graubard 1998 (interval bij clusters); Wilson 1927, doi 10.1080/01621459.1927.10502953",
    ),
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 |
        h2            | 2024-12-31 |
        h3            | 2024-01-01 | 2024-12-31
    """,
    "persoon": """
        persoon_id | huishouden_id | rol   | geboortejaar
        k1         | h1            | kind  | 2010
        k2         | h1            | kind  | 2012
        k3         | h1            | kind  | 2006
        k4         | h2            | kind  | 2014
        o1         | h2            | ouder | 1980
        k5         | h3            | kind  | 2015
    """,
    "maatregel": """
        persoon_id | soort | begin      | eind
        k1         | 12    | 2024-11-01 | 2024-12-31
        k1         | 11    | 2024-12-31 |
        k2         | 12    | 2024-12-01 |
        k2         | 12    | 2024-12-01 |
        k3         | 12    | 2024-12-01 |
        k4         | 12    | 2024-12-31 | 2025-01-01
        k5         | 12    | 2024-12-01 |
    """,
}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="een VOTS die op de meetdag OTS werd telt niet; een die alleen die dag liep wel",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "kind"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 2      |
            h1            |        | 1      | 18 jaar of ouder
            h2            | 1      | 1      |
            h3            |        | 1      | huishouden niet in het onderzoek op de meetdag
        """,
    ),
    Voorbeeld(
        naam="dezelfde gegevens per huishouden",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "huishouden"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 1      |
            h2            | 1      | 1      |
            h3            |        | 1      | huishouden niet in het onderzoek op de meetdag
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: children (or households) with the measure, and all, on the last day."""
    return prevalence(t, vraag, VOTS)

"""Point prevalence of guardianship by an institution (voogdij)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import VOOGDIJ, prevalence
from toekomstscenario_eval.indicators._maatregel_card import prevalence_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = prevalence_card(
    VOOGDIJ,
    vraag="Over welk deel van de kinderen (of huishoudens) is op de meetdag voogdij uitgesproken?",
    reads="Voogdij, voorlopige voogdij en tijdelijke voogdij tellen samen. Voogdij duurt vaak tot het kind "
    "18 is: de stand zegt vooral iets over beslissingen van jaren terug. Lees haar samen met de instroom "
    "en de duur van voogdij en met de OTS'en die met een gezagsbeëindigende maatregel eindigden.",
    sources=(
        "CBS Beleidsinformatie Jeugd, typen maatregel 21, 22 en 23",
        "Korn & Graubard 1998 (interval bij clusters); Wilson 1927, doi 10.1080/01621459.1927.10502953",
    ),
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 |
        h2            | 2024-01-01 |
    """,
    "persoon": """
        persoon_id | huishouden_id | rol  | geboortejaar
        k1         | h1            | kind | 2010
        k2         | h1            | kind | 2012
        k3         | h1            | kind | 2014
        k4         | h2            | kind |
        k5         | h2            | kind | 2007
    """,
    "maatregel": """
        persoon_id | soort | begin      | eind
        k1         | 21    | 2020-01-01 |
        k1         | 22    | 2020-01-01 |
        k2         | 22    | 2024-12-01 |
        k3         | 11    | 2024-01-01 |
        k4         | 21    | 2024-01-01 |
        k5         | 23    | 2024-01-01 | 2024-12-31
    """,
}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="twee soorten voogdij bij één kind tellen eens; een OTS telt niet",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "kind"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 2      | 3      |
            h2            | 0      | 1      |
            h2            |        | 1      | geboortejaar onbekend
        """,
    ),
    Voorbeeld(
        naam="dezelfde gegevens per huishouden",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "huishouden"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 1      |
            h2            | 0      | 1      |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: children (or households) with the measure, and all, on the last day."""
    return prevalence(t, vraag, VOOGDIJ)

"""Point prevalence of placement away from home (uithuisplaatsing)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._maatregel import UITHUISPLAATSING, prevalence
from toekomstscenario_eval.indicators._maatregel_card import prevalence_card
from toekomstscenario_eval.types import Venster, Voorbeeld, Vraag

CARD = prevalence_card(
    UITHUISPLAATSING,
    vraag="Welk deel van de kinderen (of bij welk deel van de huishoudens een kind) is op de meetdag uit "
    "huis geplaatst?",
    reads="Een aandeel uithuisplaatsingen staat nooit alleen: lees het samen met het aandeel maatregelen "
    "na een duo, de instroom en de duur van uithuisplaatsingen, de OTS die vaak voorafging, en het verhaal "
    "van de gezinnen. Een lager aandeel is niet vanzelf beter: soms is een veilige plek elders nodig.",
    sources=(
        "Eigen code: CBS kent voor uithuisplaatsing geen type maatregel",
        "Van den Enden & Kuiper 2026, hoofdstuk 7: voorkomen of verkorten van uithuisplaatsing (Team AnderS)",
        "Korn & Graubard 1998 (interval bij clusters); Wilson 1927, doi 10.1080/01621459.1927.10502953",
    ),
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 |
        h2            | 2024-01-01 |
        h3            | 2024-01-01 |
    """,
    "persoon": """
        persoon_id | huishouden_id | rol   | geboortejaar
        k1         | h1            | kind  | 2010
        k2         | h1            | kind  | 2012
        k3         | h2            | kind  | 2006
        k4         | h3            | kind  | 2016
    """,
    "maatregel": """
        persoon_id | soort | begin      | eind
        k1         | UH    | 2024-02-01 | 2024-05-01
        k1         | UH    | 2024-12-01 |
        k1         | 11    | 2024-02-01 |
        k2         | UH    | 2024-02-01 | 2024-12-31
        k3         | UH    | 2024-02-01 |
        k4         | UH    | 2024-12-31 | 2024-12-31
    """,
}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="terug naar huis op de meetdag, een tweede plaatsing, en een plaatsing van nul dagen",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "kind"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 2      |
            h2            |        | 1      | 18 jaar of ouder
            h3            | 0      | 1      |
        """,
    ),
    Voorbeeld(
        naam="dezelfde gegevens per huishouden",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "huishouden"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 1      |
            h2            |        | 1      | geen kind onder de 18 met bekend geboortejaar
            h3            | 0      | 1      |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: children (or households) with the measure, and all, on the last day."""
    return prevalence(t, vraag, UITHUISPLAATSING)

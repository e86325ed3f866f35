"""Scores of a household at its first and last measurement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._scale import DESCRIBED, MINIMUM_ITEMS
from toekomstscenario_eval.indicators._scores import (
    INFORMANT,
    INSTRUMENT,
    SAME,
    SCHAAL,
    TABLES,
    UITSLUITINGEN,
    WARNING,
    absent_households,
    changes,
    points,
    unit_rows,
)
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Uitkomsten bij eerste en laatste meting",
    kind=Kind.SCORE,
    versie="1.1",
    vraag="Hoe verandert de score van een huishouden tussen de eerste en de laatste meting?",
    populatie="huishoudens met ten minste één dag en ten minste twee vergelijkbare metingen in het venster",
    teller="de score bij de laatste meting min die bij de eerste, opgeteld over de huishoudens",
    noemer="huishoudens van de populatie",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: wie maar één keer is gemeten, valt buiten de telling; de tijd tussen twee metingen "
    "verschilt per huishouden",
    uitsluitingen=UITSLUITINGEN,
    lezen=f"{WARNING} {SAME} Wie hoog of laag begint, schuift ook zonder hulp naar het midden, en wie "
    "afhaakt wordt niet opnieuw gemeten: een verandering is nog geen effect.",
    bronnen=(
        "Toekomstscenario kind- en gezinsbescherming: veiligheid, bestaanszekerheid en ontwikkeling samen",
        "Bonett 2008 (interval van de effectgrootte), doi 10.1037/1082-989X.13.2.99",
        "Lakens 2013 (effectgrootten), doi 10.3389/fpsyg.2013.00863",
    ),
    thema="Uitkomsten",
    naast_elkaar="schaal",
    tabellen=TABLES,
    facultatief=DESCRIBED,
    maten={
        "verschil": Maat("Gemiddelde verandering", "punten", Vorm.GETAL),
        "effectgrootte": Maat("Effectgrootte (Hedges' g)", "standaardafwijkingen", Vorm.GETAL),
        "gemiddelde_voor": Maat("Gemiddelde bij de eerste meting", "punten", Vorm.GETAL),
        "gemiddelde": Maat("Gemiddelde bij de laatste meting", "punten", Vorm.GETAL),
        "standaardafwijking": Maat(
            "Spreiding tussen huishoudens bij de laatste meting", "punten (standaardafwijking)", Vorm.GETAL
        ),
    },
    params={
        "schaal": SCHAAL,
        "informant": INFORMANT,
        "instrument": INSTRUMENT,
        "minimum_items": MINIMUM_ITEMS,
    },
    # Half a point: a third of the spread of a list from 1 to 10, and two thirds of one from 1 to 5.
    stap=500_000,
)

_HUISHOUDEN = """
    huishouden_id | begin      | eind
    beter         | 2024-01-01 |
    twee_kinderen | 2024-01-01 |
    eenmaal       | 2024-01-01 |
    wisselend     | 2024-01-01 |
    deels         | 2024-01-01 |
    ander         | 2024-01-01 |
    niet          | 2024-01-01 |
    vertrokken    | 2022-01-01 | 2024-01-01
    laat          | 2024-12-31 |
"""
_METING = """
    huishouden_id | persoon_id | datum      | instrument | schaal     | item | waarde | informant
    beter         |            | 2024-01-01 | lijst      | veiligheid | i1   | 4      | ouder
    beter         |            | 2024-01-01 | lijst      | veiligheid | i2   | 7      | ouder
    beter         |            | 2024-06-01 | lijst      | veiligheid | i1   | 1      | ouder
    beter         |            | 2024-12-31 | lijst      | veiligheid | i1   | 6      | ouder
    beter         |            | 2024-12-31 | lijst      | veiligheid | i1   | 7      | ouder
    beter         |            | 2024-12-31 | lijst      | veiligheid | i2   | 9.5    | ouder
    beter         |            | 2025-01-01 | lijst      | veiligheid | i1   | 1      | ouder
    beter         |            | 2023-12-31 | lijst      | veiligheid | i1   | 1      | ouder
    beter         |            | 2024-02-01 | lijst      | rust       | i1   | 2      | ouder
    beter         |            | 2024-03-01 | lijst      | rust       | i1   | 5      | ouder
    twee_kinderen | k1         | 2024-02-01 | lijst      | veiligheid | i1   | 5      | professional
    twee_kinderen | k1         | 2024-02-01 | lijst      | veiligheid | i2   | 5      | professional
    twee_kinderen | k1         | 2024-08-01 | lijst      | veiligheid | i1   | 6      | professional
    twee_kinderen | k1         | 2024-08-01 | lijst      | veiligheid | i2   | 6      | professional
    twee_kinderen | k2         | 2024-02-01 | lijst      | veiligheid | i1   | 6      | professional
    twee_kinderen | k2         | 2024-02-01 | lijst      | veiligheid | i2   | 6      | professional
    twee_kinderen | k2         | 2024-08-01 | lijst      | veiligheid | i1   | 4      | professional
    twee_kinderen | k2         | 2024-08-01 | lijst      | veiligheid | i2   | 4      | professional
    twee_kinderen | k3         | 2024-08-01 | lijst      | veiligheid | i1   | 1      | professional
    twee_kinderen | k3         | 2024-08-01 | lijst      | veiligheid | i2   | 1      | professional
    eenmaal       |            | 2024-05-01 | lijst      | veiligheid | i1   | 6      | ouder
    eenmaal       |            | 2024-05-01 | lijst      | veiligheid | i2   | 6      | ouder
    wisselend     |            | 2024-02-01 | lijst      | veiligheid | i1   | 6      | ouder
    wisselend     |            | 2024-02-01 | lijst      | veiligheid | i2   | 6      | ouder
    wisselend     |            | 2024-08-01 | lijst      | veiligheid | i1   | 9      | professional
    wisselend     |            | 2024-08-01 | lijst      | veiligheid | i2   | 9      | professional
    deels         |            | 2024-02-01 | lijst      | veiligheid | i1   | 5      | ouder
    deels         |            | 2024-02-01 | lijst      | veiligheid | i2   | 5      | ouder
    deels         |            | 2024-08-01 | lijst      | veiligheid | i1   | 9      | ouder
    ander         |            | 2024-02-01 | meter      | veiligheid |      | 60     | ouder
    ander         |            | 2024-08-01 | meter      | veiligheid |      | 80     | ouder
    vertrokken    |            | 2024-02-01 | lijst      | veiligheid | i1   | 6      | ouder
    vertrokken    |            | 2024-03-01 | lijst      | veiligheid | i1   | 7      | ouder
    laat          |            | 2024-12-31 | lijst      | veiligheid | i1   | 6      | ouder
"""
_TABLES = {"huishouden": _HUISHOUDEN, "meting": _METING}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="eerste en laatste meting in het venster; gemiddelde van de items, en van de kinderen",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 2, 1)),
        verwacht="""
            huishouden_id | voor | waarde | uitsluiting
            beter         | 5.5  | 8      |
            twee_kinderen | 5.5  | 5      |
            eenmaal       |      |        | één meting in het venster
            wisselend     |      |        | wel vaker gemeten, maar niet in dezelfde reeks
            deels         |      |        | niet alle items van de schaal beantwoord
            ander         |      |        | alleen met een ander instrument of soort score gemeten
            niet          |      |        | niet gemeten in het venster
            vertrokken    |      |        | geen dag in het venster
            laat          |      |        | één meting in het venster
        """,
    ),
    Voorbeeld(
        naam="een ander instrument: de schaalscore zelf",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 2, 1), {"instrument": "meter", "informant": "ouder"}),
        verwacht="""
            huishouden_id | voor | waarde | uitsluiting
            beter         |      |        | alleen met een ander instrument of soort score gemeten
            twee_kinderen |      |        | niet gemeten in het venster
            eenmaal       |      |        | alleen met een ander instrument of soort score gemeten
            wisselend     |      |        | alleen met een ander instrument of soort score gemeten
            deels         |      |        | alleen met een ander instrument of soort score gemeten
            ander         | 60   | 80     |
            niet          |      |        | niet gemeten in het venster
            vertrokken    |      |        | geen dag in het venster
            laat          |      |        | alleen met een ander instrument of soort score gemeten
        """,
    ),
    Voorbeeld(
        naam="wat na de peildatum komt, is nog niet gezien",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2024, 8, 1), {"schaal": "veiligheid"}),
        verwacht="""
            huishouden_id | voor | waarde | uitsluiting
            beter         |      |        | niet alle items van de schaal beantwoord
            twee_kinderen |      |        | één meting in het venster
            eenmaal       |      |        | één meting in het venster
            wisselend     |      |        | één meting in het venster
            deels         |      |        | één meting in het venster
            ander         |      |        | alleen met een ander instrument of soort score gemeten
            niet          |      |        | niet gemeten in het venster
            vertrokken    |      |        | geen dag in het venster
            laat          |      |        | geen dag in het venster
        """,
    ),
    # At first those with both items had 5.2 on i1 and 5.8 on i2: a 9 on i1 alone is 9 + 0.3.
    Voorbeeld(
        naam="met minimum_items telt ook een deel van de items, op het niveau van alle",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 2, 1), {"minimum_items": 1}),
        verwacht="""
            huishouden_id | voor | waarde | uitsluiting
            beter         | 5.5  | 8      |
            twee_kinderen | 5.5  | 5      |
            eenmaal       |      |        | één meting in het venster
            wisselend     |      |        | wel vaker gemeten, maar niet in dezelfde reeks
            deels         | 5    | 9.3    |
            ander         |      |        | alleen met een ander instrument of soort score gemeten
            niet          |      |        | niet gemeten in het venster
            vertrokken    |      |        | geen dag in het venster
            laat          |      |        | één meting in het venster
        """,
    ),
    Voorbeeld(
        naam="de tabel schaal_item zegt welke items er zijn, en welke andersom is gesteld",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                om            | 2024-01-01 |
                kort          | 2024-01-01 |
            """,
            "meting": """
                huishouden_id | datum      | instrument | schaal     | item | waarde | informant
                om            | 2024-02-01 | lijst      | veiligheid | i1   | 4      | ouder
                om            | 2024-02-01 | lijst      | veiligheid | i2   | 8      | ouder
                om            | 2024-02-01 | lijst      | veiligheid | i3   | 10     | ouder
                om            | 2024-08-01 | lijst      | veiligheid | i1   | 6      | ouder
                om            | 2024-08-01 | lijst      | veiligheid | i2   | 3      | ouder
                kort          | 2024-02-01 | lijst      | veiligheid | i1   | 4      | ouder
                kort          | 2024-08-01 | lijst      | veiligheid | i1   | 5      | ouder
            """,
            "schaal_item": """
                instrument | schaal     | item | minimum | maximum | richting
                lijst      | veiligheid | i1   | 1       | 10      | hoger_is_beter
                lijst      | veiligheid | i2   | 1       | 10      | lager_is_beter
                lijst      | rust       | i1   | 1       | 10      | lager_is_beter
                ander      | veiligheid | i1   | 1       | 5       | lager_is_beter
            """,
        },
        vraag=Vraag(_VENSTER, date(2025, 2, 1)),
        verwacht="""
            huishouden_id | voor | waarde | uitsluiting
            om            | 3.5  | 7      |
            kort          |      |        | niet alle items van de schaal beantwoord
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: the score at the first (voor) and at the last measurement."""
    rows = changes(t, vraag)
    waarden = {"voor": points(rows.voor), "waarde": points(rows.na)}
    return unit_rows(rows, waarden, absent_households(t, rows))

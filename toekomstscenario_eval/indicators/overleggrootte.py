"""How many professionals take part in a multidisciplinary meeting (MDO) about a household."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.indicators._overleg import MDO, NO_PARTICIPANTS, TABLES_SIZE, mdo_sizes
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.indicators._stay import OUTSIDE_STAY
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Deelnemers per MDO",
    kind=Kind.AANTAL,
    versie="1.0",
    vraag="Hoeveel professionals zitten aan tafel bij een multidisciplinair overleg (MDO) over een "
    "huishouden?",
    populatie="MDO's in het venster, op een dag waarop het huishouden in het onderzoek is",
    teller="verschillende professionals die aan het MDO deelnamen",
    noemer="alle MDO's van de populatie waarvan ten minste één deelnemer is vastgelegd",
    eenheid="MDO (een huishouden kan er meer hebben)",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: een overleg is op één dag",
    uitsluitingen="MDO's op een dag waarop het huishouden niet in het onderzoek was; MDO's zonder "
    "vastgelegde deelnemer",
    lezen="Geteld worden professionals; het gezin en zijn netwerk tellen niet mee (zie gezin_aan_tafel). "
    "Huishoudens met veel overleg wegen zwaarder, en hun overleggen lijken op elkaar: het interval is "
    "daardoor eerder te smal dan te breed. Wie niet op de deelnemerslijst staat, telt niet mee.",
    bronnen=(
        "Van den Enden & Kuiper 2026: in sommige proeftuinen meer dan twintig professionals aan één MDO",
    ),
    thema="Samen optrekken",
    tabellen=TABLES_SIZE,
    komt_voor={("overleg", "soort"): (MDO,)},
    maten={
        "gemiddelde": Maat("Gemiddeld aantal deelnemers", "professionals per MDO", Vorm.GETAL),
        "mediaan": Maat("Mediaan", "professionals per MDO", Vorm.GETAL),
        "p90": Maat("Bij 90 procent van de MDO's hooguit", "professionals per MDO", Vorm.GETAL),
    },
)

VOORBEELDEN = (
    Voorbeeld(
        naam="per MDO; ander overleg, dubbele deelnemer, zonder deelnemers, na vertrek, buiten het venster",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2024-01-01 |
                h2            | 2024-01-01 | 2024-03-01
            """,
            "overleg": """
                overleg_id | huishouden_id | datum      | soort
                o1         | h1            | 2024-01-01 | mdo
                o2         | h1            | 2024-01-01 | mdo
                o3         | h1            | 2024-02-01 | evaluatie
                o4         | h1            | 2024-12-31 | mdo
                o5         | h1            | 2025-01-01 | mdo
                o6         | h1            | 2023-12-31 | mdo
                o7         | h2            | 2024-02-29 | mdo
                o8         | h2            | 2024-03-01 | mdo
            """,
            "overleg_deelname": """
                overleg_id | professional_id
                o1         | a
                o1         | b
                o1         | b
                o2         | a
                o3         | a
                o5         | a
                o6         | a
                o7         | a
                o7         | b
                o7         | c
                o8         | a
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 2      | 1             |
            h1            | 1      | 1             |
            h1            |        |               | geen deelnemers vastgelegd
            h2            | 3      | 1             |
            h2            |        |               | op die dag niet in het onderzoek
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per MDO: its participants; every MDO weighs the same (blootstelling 1)."""
    having, without, elsewhere = mdo_sizes(t, vraag)
    rows = having.select(
        "huishouden_id", aantal=having.grootte.cast("int64"), blootstelling=ibis.literal(1, "int64")
    )
    return with_exclusions(rows, (without, NO_PARTICIPANTS), (elsewhere, OUTSIDE_STAY))

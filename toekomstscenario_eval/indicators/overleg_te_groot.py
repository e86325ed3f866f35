"""Share of the multidisciplinary meetings (MDO) with more professionals than a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.indicators._overleg import MDO, NO_PARTICIPANTS, TABLES_SIZE, mdo_sizes
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.indicators._stay import OUTSIDE_STAY
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Aandeel MDO's met te veel deelnemers",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Bij welk deel van de multidisciplinaire overleggen (MDO's) zitten meer professionals dan de "
    "drempel aan tafel?",
    populatie="MDO's in het venster, op een dag waarop het huishouden in het onderzoek is",
    teller="MDO's met meer verschillende professionals dan de drempel (precies de drempel telt niet)",
    noemer="alle MDO's van de populatie waarvan ten minste één deelnemer is vastgelegd",
    eenheid="MDO (een huishouden kan er meer hebben)",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: een overleg is op één dag",
    uitsluitingen="MDO's op een dag waarop het huishouden niet in het onderzoek was; MDO's zonder "
    "vastgelegde deelnemer",
    lezen="De drempel is een afspraak en geen norm: kijk ook bij een lagere en een hogere drempel, en naar "
    "de verdeling bij overleggrootte. Geteld worden professionals, niet het gezin en zijn netwerk. "
    "Onvolledige deelnemerslijsten maken het aandeel te laag.",
    bronnen=(
        "Van den Enden & Kuiper 2026: in sommige proeftuinen meer dan twintig professionals aan één MDO",
    ),
    thema="Samen optrekken",
    tabellen=TABLES_SIZE,
    komt_voor={("overleg", "soort"): (MDO,)},
    maten={"aandeel": Maat("MDO's met meer deelnemers dan de drempel", "aandeel van de MDO's", Vorm.AANDEEL)},
    params={
        "drempel": Param(20, "meer professionals dan dit aantal is te groot", minimum=1, redelijk=(15, 25))
    },
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 |
        h2            | 2024-01-01 | 2024-03-01
    """,
    "overleg": """
        overleg_id | huishouden_id | datum      | soort
        o1         | h1            | 2024-01-01 | mdo
        o2         | h1            | 2024-02-01 | mdo
        o3         | h1            | 2024-02-01 | overig
        o4         | h1            | 2024-03-01 | mdo
        o5         | h2            | 2024-02-01 | mdo
        o6         | h2            | 2024-03-01 | mdo
    """,
    "overleg_deelname": """
        overleg_id | professional_id
        o1         | a
        o1         | b
        o1         | c
        o2         | a
        o2         | b
        o2         | b
        o3         | a
        o3         | b
        o3         | c
        o5         | a
        o6         | a
    """,
}
_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="drempel 2: drie deelnemers is te veel, twee (een dubbel genoemd) niet",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"drempel": 2}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 2      |
            h1            |        | 1      | geen deelnemers vastgelegd
            h2            | 0      | 1      |
            h2            |        | 1      | op die dag niet in het onderzoek
        """,
    ),
    Voorbeeld(
        naam="de gewone drempel van twintig wordt hier niet gehaald",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | teller | noemer
            h1            | 0      | 2
            h1            |        | 1
            h2            | 0      | 1
            h2            |        | 1
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: MDO's above the threshold and in all."""
    having, without, elsewhere = mdo_sizes(t, vraag)
    rows = having.group_by("huishouden_id").agg(
        teller=(having.grootte > vraag.params["drempel"]).cast("int64").sum(), noemer=having.count()
    )
    one = ibis.literal(1, "int64")
    return with_exclusions(
        rows, (without.mutate(noemer=one), NO_PARTICIPANTS), (elsewhere.mutate(noemer=one), OUTSIDE_STAY)
    )

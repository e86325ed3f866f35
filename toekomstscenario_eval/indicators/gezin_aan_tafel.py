"""Share of the multidisciplinary meetings (MDO) at which the family itself is present."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import present
from toekomstscenario_eval.indicators._overleg import MDO
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.indicators._stay import OUTSIDE_STAY, split_by_stay
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

UNKNOWN = "niet vastgelegd of het gezin erbij was"

CARD = Card(
    label="Aandeel MDO's met het gezin aan tafel",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Bij welk deel van de multidisciplinaire overleggen (MDO's) over een huishouden is het gezin zelf "
    "aanwezig?",
    populatie="MDO's (of alle overleggen) in het venster, op een dag waarop het huishouden in het onderzoek "
    "is",
    teller="overleggen waar het gezin bij was",
    noemer="alle overleggen van de populatie waarvan vaststaat of het gezin erbij was",
    eenheid="overleg (een huishouden kan er meer hebben)",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: een overleg is op één dag",
    uitsluitingen="overleggen op een dag waarop het huishouden niet in het onderzoek was; overleggen waarvan "
    "niet is vastgelegd of het gezin erbij was",
    lezen="Aanwezig zijn is nog geen inspraak, en een gezin kan ook zelf kiezen om niet te komen. Wie "
    "aanwezigheid alleen noteert als het gezin er was, krijgt een te hoog aandeel: kijk hoeveel overleggen "
    "als onbekend zijn uitgesloten.",
    bronnen=(
        "Toekomstscenario kind- en gezinsbescherming, principe gezinsgericht: met het gezin, niet erover",
    ),
    thema="Samen optrekken",
    tabellen={
        "huishouden": ("huishouden_id", "begin", "eind"),
        "overleg": ("overleg_id", "huishouden_id", "datum", "soort", "gezin_aanwezig"),
    },
    komt_voor={("overleg", "soort"): (MDO,)},
    maten={
        "aandeel": Maat("MDO's met het gezin erbij", "aandeel van de MDO's", Vorm.AANDEEL, {"soort": (MDO,)}),
        "aandeel_alle": Maat(
            "Overleggen met het gezin erbij",
            "aandeel van de overleggen",
            Vorm.AANDEEL,
            {"soort": ("alle",)},
            schatter="aandeel",
        ),
    },
    params={
        "soort": Param(MDO, "mdo: alleen een MDO; alle: elk soort overleg", (MDO, "alle"), redelijk=("alle",))
    },
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 |
        h2            | 2024-01-01 | 2024-03-01
    """,
    "overleg": """
        overleg_id | huishouden_id | datum      | soort        | gezin_aanwezig
        o1         | h1            | 2024-01-01 | mdo          | true
        o2         | h1            | 2024-02-01 | mdo          | false
        o2         | h1            | 2024-02-01 | mdo          | false
        o3         | h1            | 2024-12-31 | mdo          |
        o4         | h1            | 2024-03-01 | startgesprek | true
        o5         | h1            | 2025-01-01 | mdo          | true
        o6         | h2            | 2024-02-29 | mdo          | false
        o7         | h2            | 2024-03-01 | mdo          | true
    """,
}
_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="onbekend en na vertrek tellen niet mee maar worden geteld; een dubbele rij telt eens",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 2      |
            h1            |        | 1      | niet vastgelegd of het gezin erbij was
            h2            | 0      | 1      |
            h2            |        | 1      | op die dag niet in het onderzoek
        """,
    ),
    Voorbeeld(
        naam="elk soort overleg: het startgesprek komt erbij",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"soort": "alle"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 2      | 3      |
            h1            |        | 1      | niet vastgelegd of het gezin erbij was
            h2            | 0      | 1      |
            h2            |        | 1      | op die dag niet in het onderzoek
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: meetings with the family and in all of which it is known."""
    overleg = t["overleg"]
    if vraag.params["soort"] == MDO:
        overleg = overleg.filter(overleg.soort == MDO)
    unique = overleg.select("overleg_id", "huishouden_id", "datum", "gezin_aanwezig").distinct()
    here, elsewhere = split_by_stay(unique, present(t["huishouden"], vraag), vraag)
    known = here.filter(here.gezin_aanwezig.notnull())
    rows = known.group_by("huishouden_id").agg(
        teller=known.gezin_aanwezig.cast("int64").sum(), noemer=known.count()
    )
    one = ibis.literal(1, "int64")
    unknown = here.filter(here.gezin_aanwezig.isnull()).select("huishouden_id", noemer=one)
    return with_exclusions(
        rows, (unknown, UNKNOWN), (elsewhere.select("huishouden_id", noemer=one), OUTSIDE_STAY)
    )

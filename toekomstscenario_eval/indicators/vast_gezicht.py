"""Share of the days of stay with exactly one fixed professional (vast gezicht)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._gezichten import AANTAL, EXACTLY_ONE, MORE, NONE, TABLES, days_with
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

ROL = "vast_gezicht"

CARD = Card(
    label="Dagen met precies één vast gezicht",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Op welk deel van de dagen in het onderzoek heeft een huishouden precies één vast gezicht?",
    populatie="dagen in het onderzoek binnen het venster, van alle huishoudens samen",
    teller="dagen waarop precies één persoon de rol van vast gezicht heeft; of niemand; of twee of meer",
    noemer="alle dagen van de populatie",
    eenheid="dag dat een huishouden in het onderzoek is",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: elke dag is waargenomen of valt buiten de populatie",
    uitsluitingen="huishoudens zonder dag in het venster (geteld als huishouden)",
    lezen="Lange verblijven wegen zwaarder: het gaat om dagen, niet om huishoudens. Eén persoon die namens "
    "twee organisaties komt of daarnaast een andere rol heeft, is één gezicht. Twee vaste gezichten "
    "tegelijk kan ook een goede overdracht zijn. Wie de rol niet registreert, lijkt geen vast gezicht "
    "te hebben.",
    bronnen=(
        "Toekomstscenario kind- en gezinsbescherming: één vaste lokale professional, het vaste gezicht",
        "Doodkorte (illustratie): één contactpersoon na zes professionals in een jaar",
    ),
    thema="Professionals rond een huishouden",
    stap=30,
    tabellen=TABLES,
    komt_voor={("betrokkenheid", "rol"): (ROL,)},
    maten={
        "aandeel": Maat(
            "Dagen met precies één vast gezicht",
            "aandeel van de dagen",
            Vorm.AANDEEL,
            {"aantal": (EXACTLY_ONE,)},
        ),
        "aandeel_geen": Maat(
            "Dagen zonder vast gezicht",
            "aandeel van de dagen",
            Vorm.AANDEEL,
            {"aantal": (NONE,)},
            schatter="aandeel",
        ),
        "aandeel_meer": Maat(
            "Dagen met twee of meer vaste gezichten",
            "aandeel van de dagen",
            Vorm.AANDEEL,
            {"aantal": (MORE,)},
            schatter="aandeel",
        ),
    },
    params={"aantal": AANTAL},
)

# h1: a on 10-30 January (10 to 20 for lt, 15 to 30 for gi), b on 25 January-4 February, a also as lid.
_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 | 2024-02-10
        h2            | 2024-12-22 |
        h3            | 2023-01-01 |
        h4            | 2023-01-01 | 2024-01-01
    """,
    "betrokkenheid": """
        huishouden_id | professional_id | organisatie_id | rol          | begin      | eind
        h1            | a               | lt             | vast_gezicht | 2024-01-10 | 2024-01-20
        h1            | a               | lt             | vast_gezicht | 2024-01-10 | 2024-01-20
        h1            | a               | gi             | vast_gezicht | 2024-01-15 | 2024-01-30
        h1            | a               | lt             | lid          | 2024-01-01 | 2024-02-10
        h1            | b               | lt             | vast_gezicht | 2024-01-25 | 2024-02-04
        h1            | c               | lt             | vast_gezicht | 2024-02-06 | 2024-02-06
        h1            | d               | lt             | regisseur    | 2024-01-01 |
        h3            | a               | lt             | vast_gezicht | 2023-06-01 | 2024-01-11
        h4            | a               | lt             | vast_gezicht | 2023-01-01 | 2024-01-01
    """,
}
_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="precies een: 25 dagen met iemand, min 5 met twee; nul dagen en andere rollen tellen niet",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 20     | 40     |
            h2            | 0      | 10     |
            h3            | 10     | 366    |
            h4            |        |        | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="geen vast gezicht",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"aantal": NONE}),
        verwacht="""
            huishouden_id | teller | noemer
            h1            | 15     | 40
            h2            | 10     | 10
            h3            | 356    | 366
            h4            |        |
        """,
    ),
    Voorbeeld(
        naam="twee of meer: drie tegelijk op een dag telt als een dag",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2024-12-01 |
            """,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | rol          | begin      | eind
                h1            | a               | lt             | vast_gezicht | 2024-12-01 |
                h1            | b               | lt             | vast_gezicht | 2024-12-20 |
                h1            | c               | lt             | vast_gezicht | 2024-12-22 | 2024-12-24
            """,
        },
        vraag=Vraag(_VENSTER, _PEILDATUM, {"aantal": MORE}),
        verwacht="""
            huishouden_id | teller | noemer
            h1            | 12     | 31
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: days with the asked number of fixed faces, and days of stay."""
    return days_with(t, vraag, rol=ROL)

"""Share of the days of stay with exactly one professional who directs (regisseur)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._gezichten import AANTAL, EXACTLY_ONE, MORE, NONE, TABLES, days_with
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

ROL = "regisseur"

CARD = Card(
    label="Dagen met precies één regisseur",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Op welk deel van de dagen in het onderzoek heeft een huishouden precies één regisseur?",
    populatie="dagen in het onderzoek binnen het venster, van alle huishoudens samen",
    teller="dagen waarop precies één persoon de rol van regisseur heeft; of niemand; of twee of meer",
    noemer="alle dagen van de populatie",
    eenheid="dag dat een huishouden in het onderzoek is",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: elke dag is waargenomen of valt buiten de populatie",
    uitsluitingen="huishoudens zonder dag in het venster (geteld als huishouden)",
    lezen="Lange verblijven wegen zwaarder: het gaat om dagen, niet om huishoudens. In de nieuwe werkwijze "
    "kan het vaste gezicht zelf de regie voeren en staat er dan geen aparte regisseur: lees dit cijfer "
    "samen met vast_gezicht. Een dag zonder regisseur is dus niet vanzelf een dag zonder regie.",
    bronnen=("Eigen definitie, bij het principe eenvoudig van het Toekomstscenario",),
    thema="Professionals rond een huishouden",
    stap=30,
    tabellen=TABLES,
    komt_voor={("betrokkenheid", "rol"): (ROL,)},
    maten={
        "aandeel": Maat(
            "Dagen met precies één regisseur",
            "aandeel van de dagen",
            Vorm.AANDEEL,
            {"aantal": (EXACTLY_ONE,)},
        ),
        "aandeel_geen": Maat(
            "Dagen zonder regisseur",
            "aandeel van de dagen",
            Vorm.AANDEEL,
            {"aantal": (NONE,)},
            schatter="aandeel",
        ),
        "aandeel_meer": Maat(
            "Dagen met twee of meer regisseurs",
            "aandeel van de dagen",
            Vorm.AANDEEL,
            {"aantal": (MORE,)},
            schatter="aandeel",
        ),
    },
    params={"aantal": AANTAL},
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 | 2024-01-31
        h2            | 2023-12-01 |
        h3            | 2025-01-01 |
    """,
    "betrokkenheid": """
        huishouden_id | professional_id | organisatie_id | rol          | begin      | eind
        h1            | a               | vt             | regisseur    | 2023-12-01 | 2024-01-11
        h1            | b               | gi             | regisseur    | 2024-01-09 | 2024-01-21
        h1            | c               | lt             | vast_gezicht | 2024-01-01 |
        h2            | a               | vt             | regisseur    | 2024-12-31 |
        h2            | a               | gi             | regisseur    | 2024-12-31 |
        h2            | b               | gi             | regisseur    | 2024-02-01 | 2024-02-01
    """,
}
_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="a tot 11 januari, b van 9 tot 21 januari: 20 dagen een of meer, waarvan 2 met twee",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 18     | 30     |
            h2            | 1      | 366    |
            h3            |        |        | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="twee of meer: wie namens twee organisaties komt, is een persoon",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"aantal": MORE}),
        verwacht="""
            huishouden_id | teller | noemer
            h1            | 2      | 30
            h2            | 0      | 366
            h3            |        |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: days with the asked number of directors, and days of stay."""
    return days_with(t, vraag, rol=ROL)

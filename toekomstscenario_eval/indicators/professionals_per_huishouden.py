"""How many professionals a household deals with: in a window, and at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._professionals import TELLING, counted, maten
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Card, Kind, Venster, Voorbeeld, Vraag

CARD = Card(
    label="Professionals per huishouden",
    kind=Kind.AANTAL,
    versie="1.0",
    vraag="Met hoeveel verschillende professionals heeft een huishouden te maken, en met hoeveel tegelijk?",
    populatie="huishoudens met ten minste één dag in het venster",
    teller="verschillende professionals met ten minste één dag betrokkenheid in het venster; of het hoogste "
    "aantal op één dag; of de opgetelde dagen van alle professionals",
    noemer="huishoudens; of dagen in het onderzoek binnen het venster",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen; wie langer in beeld is, ontmoet meer mensen: gebruik dan het cijfer per jaar",
    uitsluitingen="huishoudens zonder dag in het venster; huishoudens zonder professional tellen mee met nul",
    lezen="Minder gezichten is de belofte van het toekomstscenario, maar de registratie bepaalt wie wordt "
    "gezien: een professional die niet wordt geregistreerd, telt niet mee. Een professional die voor "
    "twee organisaties komt, telt als één gezicht. Wie er op de eerste dag al is, telt ook: over een "
    "korter venster is het aantal lager en het aantal per jaar hoger.",
    bronnen=(
        "Doodkorte (illustratie): zes professionals in een jaar voor, één contactpersoon erna",
        "Van den Enden & Kuiper 2026: soms meer dan twintig professionals aan één overleg",
    ),
    thema="Professionals rond een huishouden",
    kern=True,
    tabellen={
        "huishouden": ("huishouden_id", "begin", "eind"),
        "betrokkenheid": ("huishouden_id", "professional_id", "begin", "eind"),
    },
    maten=maten("professionals"),
    params={"telling": TELLING},
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 | 2024-01-31
        h2            | 2024-06-01 |
        h3            | 2020-01-01 | 2021-01-01
    """,
    "betrokkenheid": """
        huishouden_id | professional_id | organisatie_id | begin      | eind
        h1            | a               | lt             | 2024-01-01 | 2024-01-11
        h1            | a               | lt             | 2024-01-01 | 2024-01-11
        h1            | a               | gi             | 2024-01-06 | 2024-01-16
        h1            | b               | rvt            | 2024-01-11 | 2024-01-21
        h1            | c               | gi             | 2024-01-31 |
        h1            | d               | gi             | 2024-01-05 | 2024-01-05
    """,
}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="verschillende professionals: dubbele rij, nul dagen en na vertrek tellen niet",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1)),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 2      | 30            |
            h2            | 0      | 214           |
            h3            |        |               | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="hoogste aantal op een dag: a telt eens, ook namens twee organisaties",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"telling": "gelijktijdig_hoogste"}),
        verwacht="""
            huishouden_id | aantal | blootstelling
            h1            | 2      | 30
            h2            | 0      | 214
            h3            |        |
        """,
    ),
    Voorbeeld(
        naam="gemiddeld tegelijk: a 15 dagen en b 10 dagen op een verblijf van 30 dagen",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"telling": "gelijktijdig_gemiddeld"}),
        verwacht="""
            huishouden_id | aantal | blootstelling
            h1            | 25     | 30
            h2            | 0      | 214
            h3            |        |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: number of professionals (or professional days) and days of stay."""
    rows, aanwezig = counted(t, t["betrokkenheid"], vraag)
    return with_exclusions(rows, (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER))

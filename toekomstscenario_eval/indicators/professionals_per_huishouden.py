"""How many professionals a household deals with: in a window, and at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, dagen, merge, most_at_once, present
from toekomstscenario_eval.indicators._rijen import BUITEN_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

_TELLING = ("verschillend", "gelijktijdig_hoogste", "gelijktijdig_gemiddeld")
_PER_HUISHOUDEN = {"telling": ("verschillend", "gelijktijdig_hoogste")}

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
    "twee organisaties komt, telt als één gezicht.",
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
    maten={
        "gemiddelde": Maat(
            "Gemiddeld aantal professionals", "professionals per huishouden", Vorm.GETAL, _PER_HUISHOUDEN
        ),
        "mediaan": Maat("Mediaan", "professionals per huishouden", Vorm.GETAL, _PER_HUISHOUDEN),
        "p90": Maat(
            "90 procent heeft er hooguit", "professionals per huishouden", Vorm.GETAL, _PER_HUISHOUDEN
        ),
        "overspreiding": Maat(
            "Spreiding tussen huishoudens (variantie gedeeld door gemiddelde; 1 is toeval)",
            "verhouding",
            Vorm.GETAL,
            _PER_HUISHOUDEN,
        ),
        "per_jaar": Maat(
            "Aantal per jaar in het onderzoek",
            "professionals per huishoudjaar",
            Vorm.GETAL,
            {"telling": ("verschillend",)},
            schatter="per_blootstelling",
            schaal=365.25,
        ),
        "gemiddeld_tegelijk": Maat(
            "Gemiddeld aantal tegelijk",
            "professionals op een dag",
            Vorm.GETAL,
            {"telling": ("gelijktijdig_gemiddeld",)},
            schatter="per_blootstelling",
        ),
    },
    params={
        "telling": Param(
            "verschillend",
            "verschillend: wie in het venster langskwam; gelijktijdig_hoogste: het hoogste aantal op één "
            "dag; gelijktijdig_gemiddeld: het aantal op een gemiddelde dag",
            _TELLING,
        )
    },
)

_TABELLEN = {
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
        tabellen=_TABELLEN,
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
        tabellen=_TABELLEN,
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
        tabellen=_TABELLEN,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"telling": "gelijktijdig_gemiddeld"}),
        verwacht="""
            huishouden_id | aantal | blootstelling
            h1            | 25     | 30
            h2            | 0      | 214
            h3            |        |
        """,
    ),
)


def _count(gezien: ir.Table, telling: str) -> ir.Table:
    """Return `huishouden_id, aantal` from merged and clipped spells per professional."""
    if telling == "gelijktijdig_hoogste":
        return most_at_once(gezien, "huishouden_id").rename(aantal="hoogste")
    per_huishouden = gezien.group_by("huishouden_id")
    if telling == "gelijktijdig_gemiddeld":
        return per_huishouden.agg(aantal=dagen(gezien.van, gezien.tot).sum())
    return per_huishouden.agg(aantal=gezien.professional_id.nunique())


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: number of professionals (or professional days) and days of stay."""
    aanwezig = present(t["huishouden"], vraag)
    sleutels = ["huishouden_id", "professional_id"]
    gezien = clip(merge(t["betrokkenheid"].select(*sleutels, "begin", "eind"), sleutels), aanwezig)
    geteld = _count(gezien, vraag.params["telling"])
    bij = aanwezig.left_join(geteld, "huishouden_id")
    rijen = bij.select(
        "huishouden_id",
        aantal=bij.aantal.fill_null(ibis.literal(0)).cast("int64"),
        blootstelling=dagen(bij.van, bij.tot),
    )
    return with_exclusions(rijen, (absent(t["huishouden"], aanwezig), BUITEN_VENSTER))

"""How many professionals of one domain, or in one role, a household deals with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip
from toekomstscenario_eval.indicators._professionals import TELLING, counted, maten
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Card, Kind, Param, Venster, Voorbeeld, Vraag

ALL = "alle"
DOMEINEN = (
    "lokale_hulp",
    "veiligheid",
    "jeugdbescherming",
    "zorg",
    "onderwijs",
    "wonen",
    "inkomen",
    "justitie",
    "ervaring",
    "overig",
)
ROLLEN = ("vast_gezicht", "regisseur", "lid", "consulent")
WITHOUT_DOMEIN = "professional van een organisatie waarvan het domein niet is vastgelegd"

CARD = Card(
    label="Professionals naar domein en rol",
    kind=Kind.AANTAL,
    versie="1.0",
    vraag="Met hoeveel professionals uit een domein, of in een rol, heeft een huishouden te maken? "
    "Zonder keuze: met hoeveel verschillende vaste gezichten?",
    populatie="huishoudens met ten minste één dag in het venster",
    teller="professionals van het gekozen domein in de gekozen rol met ten minste één dag betrokkenheid in "
    "het venster; of het hoogste aantal op één dag; of de opgetelde dagen van die professionals",
    noemer="huishoudens; of dagen in het onderzoek binnen het venster",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen; wie langer in beeld is, ontmoet meer mensen: gebruik dan het cijfer per jaar",
    uitsluitingen="huishoudens zonder dag in het venster; bij een domein: betrokkenheid van een organisatie "
    "waarvan het domein niet is vastgelegd (per professional geteld); huishoudens zonder zo'n professional "
    "tellen mee met nul",
    lezen="Een professional die in twee rollen of voor twee domeinen komt, telt bij elk van beide mee: de "
    "getallen per domein of per rol zijn samen meer dan het totaal. Een domein dat niets levert, staat op "
    "nul: dat zegt iets over de gegevens, niet over de gezinnen.",
    bronnen=(
        "Eigen definitie, als uitsplitsing van professionals_per_huishouden",
        "Van den Enden & Kuiper 2026, hoofdstuk 8: ggz en verslavingszorg leverden geen casussen",
    ),
    thema="Professionals rond een huishouden",
    tabellen={
        "huishouden": ("huishouden_id", "begin", "eind"),
        "betrokkenheid": ("huishouden_id", "professional_id", "organisatie_id", "rol", "begin", "eind"),
        "organisatie": ("organisatie_id", "domein"),
    },
    maten=maten("professionals in deze rol of dit domein"),
    params={
        "domein": Param(ALL, "domein van de organisatie waarvoor de professional komt", (ALL, *DOMEINEN)),
        "rol": Param("vast_gezicht", "rol van de professional in dit huishouden", (ALL, *ROLLEN)),
        "telling": TELLING,
    },
)

# a is a fixed face for lt and then a member for the GI; b of the GI follows as a fixed face, c of an
# organisation without a domain is a member.
_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 | 2024-01-31
        h2            | 2024-06-01 |
        h3            | 2020-01-01 | 2021-01-01
    """,
    "organisatie": """
        organisatie_id | soort       | domein
        lt             | lokaal_team | lokale_hulp
        gi             | gi          | jeugdbescherming
        los            | overig      |
    """,
    "betrokkenheid": """
        huishouden_id | professional_id | organisatie_id | rol          | begin      | eind
        h1            | a               | lt             | vast_gezicht | 2024-01-01 | 2024-01-11
        h1            | a               | lt             | vast_gezicht | 2024-01-01 | 2024-01-11
        h1            | a               | gi             | lid          | 2024-01-06 | 2024-01-16
        h1            | b               | gi             | vast_gezicht | 2024-01-09 | 2024-01-21
        h1            | c               | los            | lid          | 2024-01-01 | 2024-02-10
        h1            | d               | gi             | lid          | 2024-01-31 |
    """,
}
_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="zonder keuze: verschillende vaste gezichten",
        tabellen=_TABLES,
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 2      | 30            |
            h2            | 0      | 214           |
            h3            |        |               | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="een domein: a en b; wie na vertrek komt niet; zonder domein telt niet mee maar wordt geteld",
        tabellen=_TABLES,
        vraag=Vraag(_VRAAG.venster, _VRAAG.peildatum, {"domein": "jeugdbescherming", "rol": ALL}),
        verwacht=f"""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 2      | 30            |
            h1            |        |               | {WITHOUT_DOMEIN}
            h2            | 0      | 214           |
            h3            |        |               | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="vaste gezichten tegelijk: a en b twee dagen samen",
        tabellen=_TABLES,
        vraag=Vraag(_VRAAG.venster, _VRAAG.peildatum, {"telling": "gelijktijdig_hoogste"}),
        verwacht="""
            huishouden_id | aantal | blootstelling
            h1            | 2      | 30
            h2            | 0      | 214
            h3            |        |
        """,
    ),
    Voorbeeld(
        naam="domein en rol samen, dagen opgeteld: b twaalf dagen",
        tabellen=_TABLES,
        vraag=Vraag(
            _VRAAG.venster,
            _VRAAG.peildatum,
            {"domein": "jeugdbescherming", "rol": "vast_gezicht", "telling": "gelijktijdig_gemiddeld"},
        ),
        verwacht="""
            huishouden_id | aantal | blootstelling
            h1            | 12     | 30
            h2            | 0      | 214
            h3            |        |
        """,
    ),
)


def _seen(perioden: ir.Table, aanwezig: ir.Table) -> ir.Table:
    """Return `huishouden_id` of each professional with a day in the window; a split spell is one."""
    keys = ["huishouden_id", "professional_id"]
    seen = clip(perioden.select(*keys, "begin", "eind"), aanwezig)
    return seen.select(*keys).distinct().select("huishouden_id")


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: professionals of the domain in the role, and days of stay."""
    domein, rol = vraag.params["domein"], vraag.params["rol"]
    at = t["betrokkenheid"].left_join(t["organisatie"].select("organisatie_id", "domein"), "organisatie_id")
    chosen = at.filter(at.rol == rol) if rol != ALL else at
    counts, unknown = chosen, chosen.limit(0)
    if domein != ALL:
        counts, unknown = chosen.filter(chosen.domein == domein), chosen.filter(chosen.domein.isnull())
    rows, aanwezig = counted(t, counts, vraag)
    return with_exclusions(
        rows,
        (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER),
        (_seen(unknown, aanwezig), WITHOUT_DOMEIN),
    )

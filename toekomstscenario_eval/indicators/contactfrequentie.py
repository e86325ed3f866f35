"""How often professionals and a household have contact, per month in the study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import dagen, present
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.indicators._stay import OUTSIDE_STAY, split_by_stay
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

IN_GESPREK = ("huisbezoek", "gesprek_kantoor", "beeldbellen")
UNKNOWN = "contact waarvan de vorm niet is vastgelegd"

CARD = Card(
    label="Contacten per maand",
    kind=Kind.AANTAL,
    versie="1.0",
    vraag="Hoe vaak per maand is er contact tussen professionals en een huishouden?",
    populatie="huishoudens met ten minste één dag in het venster",
    teller="contacten in het venster op een dag waarop het huishouden in het onderzoek is",
    noemer="maanden (365,25 / 12 dagen) in het onderzoek binnen het venster",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen; gedeeld wordt door de tijd die elk huishouden is waargenomen",
    uitsluitingen="huishoudens zonder dag in het venster; contacten op een dag waarop het huishouden niet in "
    "het onderzoek was; met vorm=gesprek ook contacten waarvan de vorm niet is vastgelegd. Huishoudens "
    "zonder contact tellen mee met nul",
    lezen="Meer contact is niet vanzelf beter. In de eerste maanden is er meer contact dan later: vergelijk "
    "alleen groepen die even lang in beeld zijn. Twee contacten op één dag tellen als twee. Organisaties "
    "die bellen en berichten niet registreren, lijken minder contact te hebben.",
    bronnen=("Eigen definitie; tijd onder waarneming als noemer volgt CohortIncidence (OHDSI)",),
    thema="Professionals rond een huishouden",
    tabellen={
        "huishouden": ("huishouden_id", "begin", "eind"),
        "contact": ("contact_id", "huishouden_id", "datum", "vorm"),
    },
    maten={
        "per_maand": Maat(
            "Contacten per maand",
            "contacten per huishoudmaand",
            Vorm.GETAL,
            schatter="per_blootstelling",
            schaal=365.25 / 12,
        )
    },
    params={
        "vorm": Param(
            "alle",
            "alle: elk contact; gesprek: alleen huisbezoek, gesprek op kantoor en beeldbellen",
            ("alle", "gesprek"),
            redelijk=("gesprek",),
        )
    },
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 | 2024-01-31
        h2            | 2024-06-01 |
        h3            | 2020-01-01 | 2021-01-01
    """,
    "contact": """
        contact_id | huishouden_id | professional_id | datum      | vorm
        c1         | h1            | a               | 2024-01-01 | huisbezoek
        c1         | h1            | a               | 2024-01-01 | huisbezoek
        c2         | h1            | a               | 2024-01-01 | telefoon
        c3         | h1            | b               | 2024-01-30 | beeldbellen
        c4         | h1            | b               | 2024-01-30 |
        c5         | h1            | b               | 2024-01-31 | huisbezoek
        c6         | h1            | b               | 2023-12-31 | huisbezoek
        c7         | h2            | b               | 2025-01-01 | huisbezoek
    """,
}
_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="vier contacten in 30 dagen; een dubbele rij telt eens, de dag van vertrek telt niet",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 4      | 30            |
            h1            |        |               | op die dag niet in het onderzoek
            h2            | 0      | 214           |
            h3            |        |               | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="alleen gesprekken: onbekende vorm telt niet mee maar wordt geteld",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"vorm": "gesprek"}),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            h1            | 2      | 30            |
            h1            |        |               | contact waarvan de vorm niet is vastgelegd
            h1            |        |               | op die dag niet in het onderzoek
            h2            | 0      | 214           |
            h3            |        |               | geen dag in het venster
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: contacts, and days of stay."""
    aanwezig = present(t["huishouden"], vraag)
    unique = t["contact"].select("contact_id", "huishouden_id", "datum", "vorm").distinct()
    here, elsewhere = split_by_stay(unique, aanwezig, vraag)
    counts, unknown = here, here.limit(0)
    if vraag.params["vorm"] == "gesprek":
        counts, unknown = here.filter(here.vorm.isin(IN_GESPREK)), here.filter(here.vorm.isnull())
        elsewhere = elsewhere.filter(elsewhere.vorm.isin(IN_GESPREK) | elsewhere.vorm.isnull())
    at = aanwezig.left_join(counts.group_by("huishouden_id").agg(aantal=counts.count()), "huishouden_id")
    rows = at.select(
        "huishouden_id",
        aantal=at.aantal.fill_null(ibis.literal(0)).cast("int64"),
        blootstelling=dagen(at.van, at.tot),
    )
    return with_exclusions(
        rows,
        (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER),
        (elsewhere.select("huishouden_id"), OUTSIDE_STAY),
        (unknown.select("huishouden_id"), UNKNOWN),
    )

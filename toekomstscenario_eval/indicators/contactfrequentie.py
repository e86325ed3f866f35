"""How often professionals and a household have contact, per month in the study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import dagen, present
from toekomstscenario_eval.indicators._rijen import BUITEN_VENSTER, absent, with_exclusions
from toekomstscenario_eval.indicators._verblijf import BUITEN_VERBLIJF, split_by_stay
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

IN_GESPREK = ("huisbezoek", "gesprek_kantoor", "beeldbellen")
ONBEKEND = "contact waarvan de vorm niet is vastgelegd"

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

_TABELLEN = {
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
        tabellen=_TABELLEN,
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
        tabellen=_TABELLEN,
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
    uniek = t["contact"].select("contact_id", "huishouden_id", "datum", "vorm").distinct()
    hier, elders = split_by_stay(uniek, aanwezig, vraag)
    telt, onbekend = hier, hier.limit(0)
    if vraag.params["vorm"] == "gesprek":
        telt, onbekend = hier.filter(hier.vorm.isin(IN_GESPREK)), hier.filter(hier.vorm.isnull())
        elders = elders.filter(elders.vorm.isin(IN_GESPREK) | elders.vorm.isnull())
    bij = aanwezig.left_join(telt.group_by("huishouden_id").agg(aantal=telt.count()), "huishouden_id")
    rijen = bij.select(
        "huishouden_id",
        aantal=bij.aantal.fill_null(ibis.literal(0)).cast("int64"),
        blootstelling=dagen(bij.van, bij.tot),
    )
    return with_exclusions(
        rijen,
        (absent(t["huishouden"], aanwezig), BUITEN_VENSTER),
        (elders.select("huishouden_id"), BUITEN_VERBLIJF),
        (onbekend.select("huishouden_id"), ONBEKEND),
    )

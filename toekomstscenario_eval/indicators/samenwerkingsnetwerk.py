"""Who works with whom: ties between households and professionals, and what they project to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, present
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

NONE = "geen professional in het venster"

CARD = Card(
    label="Samenwerkingsnetwerk",
    kind=Kind.NETWERK,
    versie="1.0",
    vraag="Welke professionals en organisaties delen huishoudens, en hoe dicht is dat netwerk?",
    populatie="huishoudens en professionals met ten minste één gezamenlijke dag in het venster",
    teller="banden: een professional is ten minste één dag betrokken bij een huishouden",
    noemer="alle mogelijke banden tussen de huishoudens en professionals van het netwerk",
    eenheid="band tussen huishouden en professional; paar van professionals of organisaties dat een "
    "huishouden deelt",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen; een langer venster geeft meer banden: vergelijk alleen vensters van gelijke lengte",
    uitsluitingen="huishoudens zonder professional in het venster",
    lezen="Een huishouden delen is nog geen samenwerken: het netwerk laat zien wie elkaar bij een gezin "
    "kunnen tegenkomen. Grotere netwerken zijn vanzelf minder dicht: vergelijk dichtheid alleen "
    "tussen netwerken van gelijke grootte.",
    bronnen=(
        "Borgatti & Everett 1997 (tweezijdige netwerken), doi 10.1016/S0378-8733(96)00301-2",
        "Newman 2001 (projecties), doi 10.1103/PhysRevE.64.016132",
    ),
    thema="Professionals rond een huishouden",
    kern=True,
    tabellen={
        "huishouden": ("huishouden_id", "begin", "eind"),
        "betrokkenheid": ("huishouden_id", "professional_id", "organisatie_id", "begin", "eind"),
        "organisatie": ("organisatie_id", "soort"),
    },
    maten={
        "professionals_per_huishouden": Maat(
            "Professionals per huishouden in het netwerk", "professionals", Vorm.GETAL, over_tijd=True
        ),
        "professionals": Maat("Professionals in het netwerk", "professionals", Vorm.TELLING),
        "organisaties": Maat("Organisaties in het netwerk", "organisaties", Vorm.TELLING, los="organisaties"),
        "banden": Maat("Banden tussen huishouden en professional", "banden", Vorm.TELLING),
        "paren": Maat("Paren professionals die een huishouden delen", "paren", Vorm.TELLING),
        "dichtheid_tweezijdig": Maat(
            "Dichtheid tussen huishoudens en professionals", "aandeel van de banden", Vorm.AANDEEL
        ),
        "dichtheid": Maat("Dichtheid tussen professionals", "aandeel van de paren", Vorm.AANDEEL),
        "over_organisaties": Maat(
            "Paren uit twee verschillende organisaties", "aandeel van de paren", Vorm.AANDEEL, los="menging"
        ),
    },
)

VOORBEELDEN = (
    Voorbeeld(
        naam="banden in het venster; dubbele en gesplitste perioden geven een band",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2024-01-01 |
                h2            | 2024-01-01 |
                h3            | 2024-01-01 |
            """,
            "organisatie": """
                organisatie_id | soort
                lt             | lokaal_team
                gi             | gi
            """,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                h1            | a               | lt             | 2024-01-01 | 2024-03-01
                h1            | a               | lt             | 2024-03-01 |
                h1            | b               | gi             | 2024-02-01 |
                h2            | b               | gi             | 2024-02-01 | 2024-02-11
                h3            | b               | gi             | 2023-01-01 | 2024-01-01
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | actor | organisatie | soort       | uitsluiting
            h1            | a     | lt          | lokaal_team |
            h1            | b     | gi          | gi          |
            h2            | b     | gi          | gi          |
            h3            |       |             |             | geen professional in het venster
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per tie: household, professional (actor), organisation and its kind."""
    aanwezig = present(t["huishouden"], vraag)
    keys = ["huishouden_id", "professional_id", "organisatie_id"]
    # One day is enough, so spells need not be joined first.
    seen = clip(t["betrokkenheid"].select(*keys, "begin", "eind"), aanwezig)
    tie = seen.select(*keys).distinct()
    with_soort = tie.join(t["organisatie"].select("organisatie_id", "soort"), "organisatie_id")
    rows = with_soort.select(
        "huishouden_id", actor="professional_id", organisatie="organisatie_id", soort="soort"
    )
    only = aanwezig.anti_join(rows, "huishouden_id").select("huishouden_id")
    return with_exclusions(rows, (only, NONE))

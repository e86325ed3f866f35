"""How long a household waits for the first talk after it entered the study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import dagen, present
from toekomstscenario_eval.indicators._first_gesprek import TABLES, entered, first_talks
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, with_exclusions
from toekomstscenario_eval.indicators._stay import NOT_ENTERED
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Wachttijd tot het eerste gesprek",
    kind=Kind.DUUR,
    versie="1.0",
    vraag="Hoe lang na de instroom heeft een huishouden het eerste gesprek met een professional?",
    populatie="huishoudens die in het venster zijn ingestroomd",
    teller="huishoudens waarvan het eerste gesprek in het venster is gezien",
    noemer="alle huishoudens van de populatie",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="een huishouden zonder gesprek aan het eind van het venster, op de peildatum of bij vertrek "
    "is rechts gecensureerd",
    uitsluitingen="huishoudens die niet in het venster zijn ingestroomd: van hen kan een eerder gesprek zijn "
    "gevoerd dat niet is geleverd; huishoudens die op de dag van instroom weer vertrokken",
    lezen="Een gesprek is een huisbezoek, een gesprek op kantoor, beeldbellen of een startgesprek. Bellen en "
    "berichten tellen niet, en een contact waarvan de vorm niet is vastgelegd ook niet: dat maakt de "
    "wachttijd eerder te lang. Een gesprek van voor de instroom telt niet. Een eerste gesprek op de dag van "
    "instroom is een wachttijd van nul dagen.",
    bronnen=(
        "Eigen definitie, bij de kwaliteit tijdigheid",
        "Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452",
    ),
    thema="Tijdigheid",
    tabellen=TABLES,
    maten={
        "mediaan": Maat("Mediane wachttijd tot het eerste gesprek", "dagen", Vorm.DAGEN),
        "gemiddelde_beperkt": Maat("Gemiddelde wachttijd binnen het eerste jaar", "dagen", Vorm.DAGEN),
        "langer_90": Maat("Langer dan 90 dagen", "aandeel van de huishoudens", Vorm.AANDEEL),
    },
)

VOORBEELDEN = (
    Voorbeeld(
        naam="huisbezoek, startgesprek, zelfde dag, alleen bellen, vertrokken, instroom voor het venster",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                bezoek        | 2024-01-01 |
                start         | 2024-01-01 | 2024-01-31
                direct        | 2024-05-01 |
                gebeld        | 2024-12-02 |
                weg           | 2024-01-01 | 2024-01-11
                eerder        | 2023-12-31 |
                later         | 2025-01-01 |
                nul           | 2024-03-01 | 2024-03-01
            """,
            "contact": """
                contact_id | huishouden_id | professional_id | datum      | vorm
                c1         | bezoek        | a               | 2024-01-05 | telefoon
                c2         | bezoek        | a               | 2024-01-21 | huisbezoek
                c3         | bezoek        | a               | 2024-01-21 | huisbezoek
                c4         | start         | a               | 2024-01-30 | gesprek_kantoor
                c5         | direct        | a               | 2024-04-30 | huisbezoek
                c6         | direct        | b               | 2024-05-01 | beeldbellen
                c7         | gebeld        | a               | 2024-12-03 | bericht
                c8         | gebeld        | a               | 2024-12-04 |
                c9         | gebeld        | a               | 2025-01-01 | huisbezoek
                c10        | weg           | a               | 2024-01-11 | huisbezoek
                c11        | eerder        | a               | 2024-01-05 | huisbezoek
            """,
            "overleg": """
                overleg_id | huishouden_id | datum      | soort
                o1         | bezoek        | 2024-01-03 | mdo
                o2         | start         | 2024-01-15 | startgesprek
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            bezoek        | 0        | 20   | 1     |
            start         | 0        | 14   | 1     |
            direct        | 0        | 0    | 1     |
            gebeld        | 0        | 30   | 0     |
            weg           | 0        | 10   | 0     |
            eerder        |          |      |       | niet ingestroomd in het venster
            later         |          |      |       | niet ingestroomd in het venster
            nul           |          |      |       | geen dag in het venster
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household that entered in the window: days to the first talk, seen or not."""
    new = entered(t["huishouden"], vraag)
    stay = present(new, vraag)
    having = first_talks(t, stay)
    rows = having.select(
        "huishouden_id",
        instroom=ibis.literal(0, "int64"),
        duur=dagen(having.van, having.eerste.fill_null(having.tot)),
        einde=having.eerste.notnull().cast("int64"),
    )
    return with_exclusions(
        rows,
        (t["huishouden"].anti_join(new, "huishouden_id").select("huishouden_id"), NOT_ENTERED),
        (new.anti_join(stay, "huishouden_id").select("huishouden_id"), OUTSIDE_VENSTER),
    )

"""Share of the households with a first talk within some days after they entered the study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import dagen
from toekomstscenario_eval.indicators._first_gesprek import TABLES, entered, first_talks
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.indicators._stay import NOT_ENTERED, whole_stay
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

TOO_SHORT = "vertrokken voordat de termijn om was"
RUNS = "termijn nog niet om op de peildatum"

CARD = Card(
    label="Eerste gesprek op tijd",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Welk deel van de huishoudens heeft binnen het afgesproken aantal dagen na de instroom een eerste "
    "gesprek met een professional?",
    populatie="huishoudens die in het venster zijn ingestroomd en ten minste het afgesproken aantal dagen "
    "zijn waargenomen, de laatste dag meegerekend",
    teller="huishoudens met een gesprek uiterlijk het afgesproken aantal dagen na de dag van instroom",
    noemer="alle huishoudens van de populatie",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan; het gaat om de dag van instroom, het gesprek mag "
    "ook na het venster zijn, tot de peildatum",
    censurering="geen: alleen huishoudens die lang genoeg zijn waargenomen tellen mee, ook als het gesprek "
    "al eerder was",
    uitsluitingen="huishoudens die niet in het venster zijn ingestroomd; huishoudens die vertrokken voordat "
    "de termijn om was; huishoudens waarvan de termijn op de peildatum nog liep",
    lezen="Het aantal dagen is een afspraak en geen norm: kijk ook bij een kortere en een langere termijn. "
    "Een gesprek is een huisbezoek, een gesprek op kantoor, beeldbellen of een startgesprek; een contact "
    "waarvan de vorm niet is vastgelegd telt niet. Snel is niet vanzelf goed: het gaat ook om wie er komt.",
    bronnen=("Eigen definitie, bij de kwaliteit tijdigheid",),
    thema="Tijdigheid",
    tabellen=TABLES,
    maten={"aandeel": Maat("Eerste gesprek op tijd", "aandeel van de huishoudens", Vorm.AANDEEL)},
    params={
        "dagen": Param(14, "uiterlijk dit aantal dagen na de dag van instroom", minimum=0, redelijk=(7, 28))
    },
)

VOORBEELDEN = (
    Voorbeeld(
        naam="dag 14 is op tijd en dag 15 niet; vertrek op dag 14 en een te korte waarneming tellen niet mee",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                op_tijd       | 2024-01-01 |
                te_laat       | 2024-01-01 | 2024-02-01
                nooit         | 2024-01-01 | 2024-01-16
                weg           | 2024-01-01 | 2024-01-15
                kort          | 2024-12-18 |
                net           | 2024-12-17 |
                eerder        | 2023-12-31 |
                nul           | 2024-03-01 | 2024-03-01
            """,
            "contact": """
                contact_id | huishouden_id | professional_id | datum      | vorm
                c1         | op_tijd       | a               | 2024-01-15 | huisbezoek
                c2         | te_laat       | a               | 2024-01-16 | huisbezoek
                c3         | te_laat       | a               | 2024-01-02 | telefoon
                c4         | weg           | a               | 2024-01-02 | huisbezoek
                c5         | kort          | a               | 2024-12-19 | huisbezoek
                c6         | eerder        | a               | 2024-01-01 | huisbezoek
            """,
            "overleg": """
                overleg_id | huishouden_id | datum      | soort
                o1         | net           | 2024-12-31 | startgesprek
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            op_tijd       | 1      | 1      |
            te_laat       | 0      | 1      |
            nooit         | 0      | 1      |
            weg           |        | 1      | vertrokken voordat de termijn om was
            kort          |        | 1      | termijn nog niet om op de peildatum
            net           | 1      | 1      |
            eerder        |        | 1      | niet ingestroomd in het venster
            nul           |        | 1      | vertrokken voordat de termijn om was
        """,
    ),
    Voorbeeld(
        naam="nul dagen: alleen op de dag van instroom; het gesprek mag na het venster zijn",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                zelfde        | 2024-01-10 |
                dag_later     | 2024-01-10 |
                laatste       | 2024-01-31 |
            """,
            "contact": """
                contact_id | huishouden_id | professional_id | datum      | vorm
                c1         | zelfde        | a               | 2024-01-10 | gesprek_kantoor
                c2         | dag_later     | a               | 2024-01-11 | gesprek_kantoor
                c3         | laatste       | a               | 2024-02-01 | beeldbellen
            """,
            "overleg": """
                overleg_id | huishouden_id | datum      | soort
                o1         | dag_later     | 2024-01-10 | evaluatie
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2024, 2, 1)), date(2025, 1, 1), {"dagen": 0}),
        verwacht="""
            huishouden_id | teller | noemer
            zelfde        | 1      | 1
            dag_later     | 0      | 1
            laatste       | 0      | 1
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: teller 1 with a first talk in time, noemer 1."""
    termijn, one = vraag.params["dagen"], ibis.literal(1, "int64")
    new = entered(t["huishouden"], vraag)
    having = first_talks(t, whole_stay(new, vraag))
    long = having.filter(dagen(having.van, having.tot) > termijn)
    rows = long.select(
        "huishouden_id",
        teller=(dagen(long.van, long.eerste) <= termijn).fill_null(False).cast("int64"),
        noemer=one,
    )
    short = new.anti_join(long, "huishouden_id")
    gone = (dagen(short.begin, short.eind) <= termijn).fill_null(False)
    return with_exclusions(
        rows,
        (
            t["huishouden"].anti_join(new, "huishouden_id").select("huishouden_id", noemer=one),
            NOT_ENTERED,
        ),
        (short.filter(gone).select("huishouden_id", noemer=one), TOO_SHORT),
        (short.filter(~gone).select("huishouden_id", noemer=one), RUNS),
    )

"""Share of the steps in the chain that were taken within the legal term."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import dagen, with_window
from toekomstscenario_eval.indicators._chain import TABLES, waits
from toekomstscenario_eval.indicators._termijnen import terms
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Binnen de wettelijke termijn",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Welk deel van de stappen in de keten is gezet binnen de wettelijke termijn?",
    populatie="stappen van de gekozen soort waarvan de termijn in het venster afliep, van huishoudens die "
    "van het begin van de stap tot het einde van de termijn in het onderzoek waren",
    teller="stappen die uiterlijk op de laatste dag van de termijn zijn gezet",
    noemer="alle stappen van de populatie, ook die nog open staan",
    eenheid="ketenstap (een huishouden kan er meer hebben)",
    venster="de hele waarneemperiode, of een deel daarvan; een stap hoort bij het venster waarin zijn "
    "termijn afloopt, dus bij precies één venster",
    censurering="geen: alleen stappen waarvan de hele termijn is waargenomen tellen mee, ook als zij al "
    "eerder zijn gezet; zo kan een open stap het aandeel niet vertekenen",
    uitsluitingen="stappen waarvan de termijn nog loopt aan het eind van het venster of op de peildatum; "
    "stappen waarvan de termijn voor het venster afliep; stappen die voor de instroom begonnen; stappen "
    "van huishoudens die vertrokken voor de termijn afliep",
    lezen="Binnen de termijn is nog niet goed gedaan, en te laat kan een reden hebben. Werkdagen zijn naar "
    "kalenderdagen omgerekend, zonder feestdagen. De klok begint op de dag waarop het wachten op deze stap "
    "begint: telt de wet vanaf een eerdere dag, dan is dit aandeel te gunstig. Voor andere stappen is geen "
    "wettelijke termijn opgenomen.",
    bronnen=tuple(f"{row.label}: {row.bron}" for row in terms().values()),
    thema="Tijdigheid",
    tabellen=TABLES,
    maten={"aandeel": Maat("Binnen de wettelijke termijn", "aandeel van de stappen", Vorm.AANDEEL)},
    params={
        "stap": Param(
            "onderzoek_vt",
            "; ".join(f"{stap}: {row.label}" for stap, row in terms().items()),
            tuple(terms()),
        )
    },
)

VOORBEELDEN = (
    Voorbeeld(
        naam="melding, termijn zeven dagen: de zevende dag is op tijd, de achtste te laat; open is te laat",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2023-06-01 |
                h2            | 2024-03-05 | 2024-03-21
                h3            | 2024-12-01 |
            """,
            "ketenstap": """
                ketenstap_id | huishouden_id | stap         | begin      | eind
                k1           | h1            | melding      | 2024-02-01 | 2024-02-08
                k2           | h1            | melding      | 2024-02-01 | 2024-02-09
                k3           | h1            | melding      | 2024-03-01 |
                k4           | h1            | melding      | 2024-04-01 | 2024-04-01
                k5           | h1            | melding      | 2024-04-01 | 2024-04-01
                k6           | h1            | melding      | 2023-12-25 | 2023-12-26
                k7           | h1            | melding      | 2023-12-26 | 2023-12-27
                k8           | h1            | onderzoek_vt | 2024-02-01 | 2024-02-03
                k9           | h2            | melding      | 2024-03-04 | 2024-03-06
                k10          | h2            | melding      | 2024-03-14 | 2024-03-15
                k11          | h2            | melding      | 2024-03-15 | 2024-03-16
                k12          | h3            | melding      | 2024-12-25 | 2025-01-01
                k13          | h3            | melding      | 2024-12-26 | 2024-12-27
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1), {"stap": "melding"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 3      | 5      |
            h1            |        | 1      | termijn afgelopen voor het venster
            h2            | 1      | 1      |
            h2            |        | 1      | stap begonnen voor de instroom
            h2            |        | 1      | huishouden vertrokken voor het einde van de termijn
            h3            | 1      | 1      |
            h3            |        | 1      | termijn nog niet afgelopen
        """,
    ),
    Voorbeeld(
        naam="onderzoek, termijn zeventig dagen; op een vroege peildatum loopt de termijn nog",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2024-01-01 |
            """,
            "ketenstap": """
                ketenstap_id | huishouden_id | stap         | begin      | eind
                k1           | h1            | onderzoek_vt | 2024-01-01 | 2024-03-11
                k2           | h1            | onderzoek_vt | 2024-01-02 | 2024-01-03
            """,
        },
        vraag=Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2024, 3, 11)),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 1      |
            h1            |        | 1      | termijn nog niet afgelopen
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household and reason: steps taken within the term, and steps in all."""
    termijn = terms()[vraag.params["stap"]].dagen
    house = t["huishouden"].select("huishouden_id", van="begin", tot="eind")
    stap = with_window(waits(t, vraag.params["stap"]).join(house, "huishouden_id"), vraag)
    at_latest = (stap.begin + ibis.interval(days=termijn)).cast("date")
    judged = stap.select(
        "huishouden_id",
        op_tijd=(dagen(stap.begin, stap.eind) <= termijn).fill_null(False).cast("int64"),
        uitsluiting=ibis.cases(
            (at_latest <= stap.venster_begin, "termijn afgelopen voor het venster"),
            (at_latest > stap.grens, "termijn nog niet afgelopen"),
            (stap.begin < stap.van, "stap begonnen voor de instroom"),
            (
                (stap.tot < at_latest).fill_null(False),
                "huishouden vertrokken voor het einde van de termijn",
            ),
            else_=ibis.null("string"),
        ),
    )
    return judged.group_by(["huishouden_id", "uitsluiting"]).agg(
        teller=ibis.cases(
            (judged.uitsluiting.isnull().all(), judged.op_tijd.sum()), else_=ibis.null("int64")
        ),
        noemer=judged.count(),
    )

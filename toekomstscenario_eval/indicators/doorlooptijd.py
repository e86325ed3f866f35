"""How long a step in the chain takes, or the whole chain until help or a measure starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import present
from toekomstscenario_eval.indicators._chain import STAPPEN, TABLES, WHOLE_CHAIN, durations, observed, waits
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

OUTSIDE = "stap geheel buiten venster of verblijf"

CARD = Card(
    label="Doorlooptijd in de keten",
    kind=Kind.DUUR,
    versie="1.0",
    vraag="Hoe lang duurt een stap in de keten, of de hele keten tot er hulp of een maatregel start?",
    populatie="stappen van de gekozen soort (of ketens) met ten minste één dag in het venster, van "
    "huishoudens die dan in het onderzoek zijn; ook een stap die dezelfde dag is gezet",
    teller="stappen die in het venster zijn gezet",
    noemer="alle stappen van de populatie; elke stap telt mee vanaf de dag waarop hij wordt waargenomen",
    eenheid="ketenstap; bij hele_keten het huishouden, van het begin van de eerste stap tot de eerste dag "
    "waarop hulp of een maatregel start",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="een stap die nog niet is gezet aan het eind van het venster, op de peildatum of bij vertrek "
    "van het huishouden is rechts gecensureerd; een stap die al liep bij het begin telt pas mee vanaf dat "
    "begin (late instroom)",
    uitsluitingen="stappen die geheel buiten het venster of het verblijf van hun huishouden vallen; dezelfde "
    "stap met hetzelfde begin en eind telt één keer",
    lezen="De mediaan is de dag waarop de helft van de stappen is gezet. Wachten en werken zitten er beide "
    "in: de klok loopt vanaf de dag waarop het wachten begint. 547 dagen is achttien maanden. Een "
    "keten die stopt zonder hulp of maatregel blijft open tot het huishouden vertrekt: lees hele_keten "
    "daarom niet als de wachttijd van wie hulp kreeg. Een tweede keten van hetzelfde huishouden telt bij "
    "hele_keten niet mee.",
    bronnen=(
        "Position paper over het Toekomstscenario: 18 maanden door de keten binnen de wettelijke termijnen",
        "Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452",
        "Tsai, Jewell & Wang 1987 (late instroom), doi 10.1093/biomet/74.4.883",
    ),
    thema="Tijdigheid",
    naast_elkaar="stap",
    tabellen=TABLES,
    maten={
        "mediaan": Maat("Mediane doorlooptijd", "dagen", Vorm.DAGEN),
        "gemiddelde_beperkt": Maat("Gemiddelde doorlooptijd binnen het eerste jaar", "dagen", Vorm.DAGEN),
        "langer_90": Maat("Langer dan 90 dagen", "aandeel van de stappen", Vorm.AANDEEL),
        "langer_180": Maat("Langer dan 180 dagen", "aandeel van de stappen", Vorm.AANDEEL),
        "langer_365": Maat("Langer dan 365 dagen", "aandeel van de stappen", Vorm.AANDEEL),
        "langer_547": Maat("Langer dan 547 dagen", "aandeel van de stappen", Vorm.AANDEEL),
        "gemiddelde_beeindigd": Maat("Gemiddelde van gezette stappen (naïef)", "dagen", Vorm.DAGEN),
    },
    params={
        "stap": Param(
            WHOLE_CHAIN,
            "hele_keten: van de eerste stap tot de start van hulp of maatregel; anders één soort stap",
            (WHOLE_CHAIN, *STAPPEN),
        )
    },
)

_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="een soort stap: gezet, open, late instroom, op de rand, nul dagen, vertrokken, dubbel, buiten",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h1            | 2023-01-01 |
                h2            | 2023-12-22 |
                weg           | 2024-01-01 | 2024-03-01
            """,
            "ketenstap": """
                ketenstap_id | huishouden_id | stap         | begin      | eind
                k1           | h1            | onderzoek_vt | 2024-01-11 | 2024-02-10
                k2           | h1            | onderzoek_vt | 2024-01-11 | 2024-02-10
                k3           | h1            | onderzoek_vt | 2024-12-02 |
                k4           | h1            | onderzoek_vt | 2023-12-22 | 2024-01-11
                k5           | h1            | onderzoek_vt | 2023-12-01 | 2024-01-01
                k6           | h1            | melding      | 2024-01-01 | 2024-01-11
                k7           | h2            | onderzoek_vt | 2024-12-22 | 2025-01-01
                k8           | h2            | onderzoek_vt | 2024-06-01 | 2024-06-01
                k9           | h2            | onderzoek_vt | 2023-12-12 | 2024-01-21
                k10          | weg           | onderzoek_vt | 2024-02-20 | 2024-04-01
                k11          | weg           | onderzoek_vt | 2024-03-01 | 2024-03-01
            """,
        },
        vraag=Vraag(_VENSTER, _PEILDATUM, {"stap": "onderzoek_vt"}),
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            h1            | 0        | 30   | 1     |
            h1            | 0        | 30   | 0     |
            h1            | 10       | 20   | 1     |
            h1            |          |      |       | stap geheel buiten venster of verblijf
            h2            | 0        | 10   | 1     |
            h2            | 0        | 0    | 1     |
            h2            | 20       | 40   | 1     |
            weg           | 0        | 10   | 0     |
            weg           |          |      |       | stap geheel buiten venster of verblijf
        """,
    ),
    Voorbeeld(
        naam="hele keten: tot hulp of maatregel, wat het eerst komt; zonder start blijft zij open",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                hulp          | 2024-01-01 |
                maatregel     | 2024-01-01 |
                open          | 2024-01-01 | 2024-04-10
                eerder        | 2023-01-01 |
            """,
            "ketenstap": """
                ketenstap_id | huishouden_id | stap            | begin      | eind
                k1           | hulp          | melding         | 2024-01-11 | 2024-01-15
                k2           | hulp          | onderzoek_vt    | 2024-01-15 | 2024-03-01
                k3           | hulp          | start_hulp      | 2024-01-15 | 2024-02-10
                k4           | hulp          | start_maatregel | 2024-03-01 | 2024-06-01
                k5           | hulp          | melding         | 2024-08-01 | 2024-08-05
                k6           | maatregel     | raadsonderzoek  | 2024-02-01 | 2024-04-01
                k7           | maatregel     | start_maatregel | 2024-04-01 | 2024-05-11
                k8           | maatregel     | start_hulp      | 2024-04-01 |
                k9           | open          | melding         | 2024-03-01 | 2024-03-05
                k10          | eerder        | start_hulp      | 2023-02-01 | 2023-03-01
            """,
        },
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | instroom | duur | einde | uitsluiting
            hulp          | 0        | 30   | 1     |
            maatregel     | 0        | 100  | 1     |
            open          | 0        | 40   | 0     |
            eerder        |          |      |       | stap geheel buiten venster of verblijf
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per wait: days since its begin at entry and at exit, and whether the step was taken."""
    waiting = waits(t, vraag.params["stap"])
    seen = observed(waiting, present(t["huishouden"], vraag))
    outside = waiting.anti_join(seen, "wacht_id").select("huishouden_id")
    return with_exclusions(durations(seen), (outside, OUTSIDE))

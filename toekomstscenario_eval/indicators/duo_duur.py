"""How long a duo of a local and an RVT professional lasts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, dagen, present
from toekomstscenario_eval.indicators._duo import COMES_BEFORE, GAP, TABLES, duos
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Duur van het duo",
    kind=Kind.DUUR,
    versie="1.0",
    vraag="Hoe lang werken een lokale professional en een professional van het Regionaal Veiligheidsteam "
    "als duo met een huishouden?",
    populatie="duo's met ten minste één dag in het venster, van huishoudens die dan in het onderzoek zijn",
    teller="duo's waarvan het einde in het venster is gezien",
    noemer="alle duo's van de populatie; elk duo telt mee vanaf de dag waarop het wordt waargenomen",
    eenheid="duo (aaneengesloten periode; een huishouden kan er meer hebben)",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="een duo dat nog loopt aan het eind van het venster, op de peildatum of bij vertrek van het "
    "huishouden is rechts gecensureerd; een duo dat al liep bij het begin telt pas mee vanaf dat "
    "begin (late instroom)",
    uitsluitingen="duo's die geheel buiten het verblijf van hun huishouden vallen",
    lezen="De mediaan is de dag waarop de helft van de duo's is afgelopen. Het gewone gemiddelde van "
    "afgelopen duo's mist duo's die nog lopen, waardoor het te laag kan zijn, en dat van duo's die al "
    "liepen bij het begin de korte, waardoor het te hoog kan zijn; het staat er alleen ter vergelijking "
    "bij. Een korter duo is niet vanzelf beter.",
    bronnen=(
        "Van der Steege & Regeer 2023/2024: gemiddeld ongeveer drie maanden, bij 10% langer (FoodValley)",
        "Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452",
        "Tsai, Jewell & Wang 1987 (late instroom), doi 10.1093/biomet/74.4.883",
    ),
    thema="Samen optrekken",
    kern=True,
    tabellen=TABLES,
    komt_voor=COMES_BEFORE,
    maten={
        "mediaan": Maat("Mediane duur van een duo", "dagen", Vorm.DAGEN),
        "gemiddelde_beperkt": Maat("Gemiddelde duur binnen het eerste jaar", "dagen", Vorm.DAGEN),
        "langer_90": Maat("Langer dan 90 dagen", "aandeel van de duo's", Vorm.AANDEEL),
        "langer_180": Maat("Langer dan 180 dagen", "aandeel van de duo's", Vorm.AANDEEL),
        "langer_365": Maat("Langer dan 365 dagen", "aandeel van de duo's", Vorm.AANDEEL),
        "gemiddelde_beeindigd": Maat("Gemiddelde van afgelopen duo's (naïef)", "dagen", Vorm.DAGEN),
    },
    params={
        "variant": Param(
            "huishouden",
            "huishouden: er is steeds een duo, wie het ook zijn; vaste_duo: dezelfde twee personen",
            ("huishouden", "vaste_duo"),
            redelijk=("vaste_duo",),
        ),
        "maximale_onderbreking": GAP,
    },
)

_ORGANISATIE = """
    organisatie_id | soort
    lt             | lokaal_team
    rvt            | regionaal_veiligheidsteam
"""
_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="afgelopen, nog lopend, al begonnen voor het venster, en gezien einde op de rand",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                afgelopen     | 2024-01-01 |
                loopt         | 2024-01-01 |
                laat          | 2023-01-01 |
                rand          | 2024-01-01 |
                weg           | 2024-01-01 | 2024-03-01
            """,
            "organisatie": _ORGANISATIE,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                afgelopen     | a               | lt             | 2024-01-01 |
                afgelopen     | b               | rvt            | 2024-02-01 | 2024-03-01
                loopt         | a               | lt             | 2024-12-01 |
                loopt         | b               | rvt            | 2024-12-01 |
                laat          | a               | lt             | 2023-12-02 |
                laat          | b               | rvt            | 2023-12-02 | 2024-01-11
                rand          | a               | lt             | 2024-12-22 | 2025-01-01
                rand          | b               | rvt            | 2024-12-22 | 2025-01-01
                weg           | a               | lt             | 2024-02-20 |
                weg           | b               | rvt            | 2024-02-20 | 2024-06-01
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | instroom | duur | einde
            afgelopen     | 0        | 29   | 1
            loopt         | 0        | 31   | 0
            laat          | 30       | 40   | 1
            rand          | 0        | 10   | 1
            weg           | 0        | 10   | 0
        """,
    ),
    Voorbeeld(
        naam="een wissel van persoon breekt een vast duo, maar niet het duo van het huishouden",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h             | 2024-01-01 |
            """,
            "organisatie": _ORGANISATIE,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                h             | a               | lt             | 2024-01-01 | 2024-01-21
                h             | a               | lt             | 2024-01-11 | 2024-01-21
                h             | b               | rvt            | 2024-01-01 | 2024-01-11
                h             | c               | rvt            | 2024-01-11 | 2024-02-10
            """,
        },
        vraag=Vraag(_VRAAG.venster, _VRAAG.peildatum, {"variant": "vaste_duo"}),
        verwacht="""
            huishouden_id | instroom | duur | einde
            h             | 0        | 10   | 1
            h             | 0        | 10   | 1
        """,
    ),
    Voorbeeld(
        naam="een onderbreking van vijf dagen hoort erbij als dat zo is afgesproken",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h             | 2024-01-01 |
            """,
            "organisatie": _ORGANISATIE,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                h             | a               | lt             | 2024-01-01 |
                h             | b               | rvt            | 2024-01-01 | 2024-01-11
                h             | c               | rvt            | 2024-01-16 | 2024-01-21
                h             | c               | rvt            | 2024-01-27 | 2024-01-28
            """,
        },
        vraag=Vraag(_VRAAG.venster, _VRAAG.peildatum, {"maximale_onderbreking": 5}),
        verwacht="""
            huishouden_id | instroom | duur | einde
            h             | 0        | 20   | 1
            h             | 0        | 1    | 1
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per duo: days since its begin at entry and at exit, and whether it ended."""
    aanwezig = present(t["huishouden"], vraag)
    every = duos(
        t,
        gap=vraag.params["maximale_onderbreking"],
        vast=vraag.params["variant"] == "vaste_duo",
    )
    seen = clip(every, aanwezig)
    rows = seen.select(
        "huishouden_id",
        instroom=dagen(seen.begin, seen.van),
        duur=dagen(seen.begin, seen.tot),
        einde=seen.geeindigd.cast("int64"),
    )
    keys = [k for k in every.columns if k != "eind"]
    outside = every.anti_join(seen, keys)
    return with_exclusions(rows, (outside, "duo geheel buiten venster of verblijf"))

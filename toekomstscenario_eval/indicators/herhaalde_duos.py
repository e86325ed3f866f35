"""How many duos a household gets: the mean cumulative number since instroom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import dagen, present
from toekomstscenario_eval.indicators._duo import COMES_BEFORE, GAP, TABLES, duos
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Venster, Voorbeeld, Vorm, Vraag

NOT_BEGUN = "duo niet begonnen in venster en verblijf"
INSIDE, LEFT_OUT, DUO = -1, 0, 1

CARD = Card(
    label="Aantal duo's per huishouden",
    kind=Kind.HERHAALD,
    versie="1.0",
    vraag="Hoeveel keer begint er bij een huishouden een duo van een lokale professional en een professional "
    "van het Regionaal Veiligheidsteam?",
    populatie="huishoudens met ten minste één dag in het venster",
    teller="duo's die in het venster beginnen, terwijl het huishouden in het onderzoek is",
    noemer="de huishoudens die op die dag sinds hun instroom worden waargenomen; bij het aantal per jaar de "
    "waargenomen jaren",
    eenheid="huishouden; een huishouden kan meer duo's na elkaar hebben",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="een huishouden telt mee tot het einde van het verblijf, van het venster of de peildatum; "
    "wie al eerder instroomde, telt pas mee vanaf het begin van het venster (late instroom)",
    uitsluitingen="huishoudens zonder dag in het venster; duo's die eerder begonnen of geheel buiten "
    "venster of verblijf vallen",
    lezen="Het getal is een gemiddelde over alle huishoudens, ook die zonder duo: 0,6 na een jaar kan zijn "
    "dat zes van de tien huishoudens één duo kregen, of drie van de tien er twee. Een tweede duo kan een "
    "terugval zijn, maar ook een nieuwe afspraak of een gat in de registratie: reken het ook uit met een "
    "langere toegestane onderbreking. Meer duo's is niet vanzelf slechter of beter. Vertrekken huishoudens "
    "juist omdat het goed of slecht gaat, dan geldt het gemiddelde alleen voor wie nog in beeld is.",
    bronnen=(
        "Nelson 1995 (gemiddeld cumulatief aantal), doi 10.1080/00401706.1995.10484299",
        "Lawless & Nadeau 1995 (robuust interval), doi 10.1080/00401706.1995.10484300",
    ),
    thema="Samen optrekken",
    tabellen=TABLES,
    komt_voor=COMES_BEFORE,
    maten={
        "mcf_365": Maat("Begonnen duo's in het eerste jaar", "duo's per huishouden", Vorm.GETAL),
        "per_jaar": Maat("Begonnen duo's per jaar in beeld", "duo's per huishouden per jaar", Vorm.GETAL),
    },
    params={"maximale_onderbreking": GAP},
)

_ORGANISATIE = """
    organisatie_id | soort
    lt             | lokaal_team
    rvt            | regionaal_veiligheidsteam
"""
_VRAAG = Vraag(Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="twee duo's na elkaar, geen duo, al langer in beeld, en een duo dat al liep",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                twee          | 2024-01-01 |
                geen          | 2024-12-31 |
                laat          | 2023-12-02 |
                liep          | 2024-03-01 | 2024-03-11
                vertrokken    | 2023-01-01 | 2024-01-01
            """,
            "organisatie": _ORGANISATIE,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                twee          | a               | lt             | 2024-01-01 |
                twee          | b               | rvt            | 2024-01-01 | 2024-01-11
                twee          | b               | rvt            | 2024-01-01 | 2024-01-11
                twee          | c               | rvt            | 2024-01-13 |
                twee          | d               | rvt            | 2024-02-01 | 2024-02-01
                laat          | a               | lt             | 2023-12-02 |
                laat          | b               | rvt            | 2024-01-01 | 2024-02-01
                liep          | a               | lt             | 2024-02-01 |
                liep          | b               | rvt            | 2024-02-01 |
                vertrokken    | a               | lt             | 2023-02-01 |
                vertrokken    | b               | rvt            | 2023-02-01 | 2023-03-01
            """,
        },
        vraag=_VRAAG,
        verwacht="""
            huishouden_id | dag | soort | uitsluiting
            twee          | 0   | -1    |
            twee          | 1   | 1     |
            twee          | 13  | 1     |
            twee          | 366 | 0     |
            geen          | 0   | -1    |
            geen          | 1   | 0     |
            laat          | 30  | -1    |
            laat          | 31  | 1     |
            laat          | 396 | 0     |
            liep          | 0   | -1    |
            liep          | 10  | 0     |
            liep          |     |       | duo niet begonnen in venster en verblijf
            vertrokken    |     |       | geen dag in het venster
            vertrokken    |     |       | duo niet begonnen in venster en verblijf
        """,
    ),
    Voorbeeld(
        naam="een onderbreking van twee dagen is geen tweede duo als dat zo is afgesproken",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                h             | 2024-01-01 |
            """,
            "organisatie": _ORGANISATIE,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                h             | a               | lt             | 2024-01-01 |
                h             | b               | rvt            | 2024-01-03 | 2024-01-11
                h             | c               | rvt            | 2024-01-13 | 2024-01-20
                h             | c               | rvt            | 2024-01-23 | 2024-01-25
            """,
        },
        vraag=Vraag(_VRAAG.venster, _VRAAG.peildatum, {"maximale_onderbreking": 2}),
        verwacht="""
            huishouden_id | dag | soort
            h             | 0   | -1
            h             | 3   | 1
            h             | 23  | 1
            h             | 366 | 0
        """,
    ),
    Voorbeeld(
        naam="de laatste dag in beeld telt mee, de dag van vertrek en de peildatum niet",
        tabellen={
            "huishouden": """
                huishouden_id | begin      | eind
                laatste       | 2024-05-01 | 2024-05-21
                weg           | 2024-05-01 | 2024-05-21
                peildatum     | 2024-05-01 |
            """,
            "organisatie": _ORGANISATIE,
            "betrokkenheid": """
                huishouden_id | professional_id | organisatie_id | begin      | eind
                laatste       | a               | lt             | 2024-05-01 |
                laatste       | b               | rvt            | 2024-05-20 |
                weg           | a               | lt             | 2024-05-01 |
                weg           | b               | rvt            | 2024-05-21 |
                peildatum     | a               | lt             | 2024-05-01 |
                peildatum     | b               | rvt            | 2024-06-01 |
            """,
        },
        vraag=Vraag(_VRAAG.venster, date(2024, 6, 1)),
        verwacht="""
            huishouden_id | dag | soort | uitsluiting
            laatste       | 0   | -1    |
            laatste       | 20  | 1     |
            laatste       | 20  | 0     |
            weg           | 0   | -1    |
            weg           | 20  | 0     |
            weg           |     |       | duo niet begonnen in venster en verblijf
            peildatum     | 0   | -1    |
            peildatum     | 31  | 0     |
            peildatum     |     |       | duo niet begonnen in venster en verblijf
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return per household the days of entry (-1) and end of observation (0), and one row per duo begun (1).

    Days count from instroom; a duo that begins on the day of instroom begins on day 1.
    """
    aanwezig = present(t["huishouden"], vraag)
    in_picture = aanwezig.join(t["huishouden"].select("huishouden_id", instroom="begin"), "huishouden_id")
    every = duos(t, gap=vraag.params["maximale_onderbreking"])
    at = every.join(in_picture, "huishouden_id")
    begun = at.filter(at.begin >= at.van, at.begin < at.tot)

    def row(table: ir.Table, day: ir.IntegerValue, soort: int) -> ir.Table:
        return table.select("huishouden_id", dag=day, soort=ibis.literal(soort, "int64"))

    rows = (
        row(in_picture, dagen(in_picture.instroom, in_picture.van), INSIDE)
        .union(row(in_picture, dagen(in_picture.instroom, in_picture.tot), LEFT_OUT))
        .union(row(begun, dagen(begun.instroom, begun.begin) + 1, DUO))
    )
    otherwise = every.anti_join(begun, ["huishouden_id", "begin"])
    return with_exclusions(rows, (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER), (otherwise, NOT_BEGUN))

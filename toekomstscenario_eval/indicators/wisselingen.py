"""How often a household gets another fixed professional (vast gezicht)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import clip, dagen, merge, present
from toekomstscenario_eval.indicators._gezichten import TABLES, holders
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

ROL = "vast_gezicht"
NO_GEZICHT = "geen dag met een vast gezicht in het venster"

CARD = Card(
    label="Wisselingen van vast gezicht",
    kind=Kind.AANTAL,
    versie="1.0",
    vraag="Hoe vaak per jaar krijgt een huishouden een ander vast gezicht?",
    populatie="huishoudens met ten minste één dag in het venster; of alleen hun dagen met een vast gezicht",
    teller="dagen in het venster waarop iemand vast gezicht wordt die dat net daarvoor niet was, terwijl een "
    "ander dat was of, als er even niemand was, het laatst was geweest",
    noemer="jaren (365,25 dagen) in het onderzoek binnen het venster; of jaren met een vast gezicht",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan; een eerder vast gezicht telt als voorganger, ook "
    "als dat voor het venster was",
    censurering="geen; gedeeld wordt door de tijd die elk huishouden is waargenomen",
    uitsluitingen="huishoudens zonder dag in het venster; met blootstelling=met_gezicht ook huishoudens "
    "zonder dag met een vast gezicht",
    lezen="Een huishouden zonder vast gezicht kan niet wisselen: een laag cijfer kan dus ook betekenen dat "
    "er niemand was. Lees het samen met vast_gezicht, of kies blootstelling=met_gezicht. Een tijdelijke "
    "vervanger telt als één wisseling, ook als de eerste blijft. Komt na een tijd zonder vast gezicht "
    "dezelfde persoon terug, dan is dat geen wisseling. Meer op één dag is één wisseling.",
    bronnen=("Eigen definitie, bij de belofte van één vast gezicht in het Toekomstscenario",),
    thema="Professionals rond een huishouden",
    tabellen=TABLES,
    komt_voor={("betrokkenheid", "rol"): (ROL,)},
    maten={
        "per_jaar": Maat(
            "Wisselingen van vast gezicht per jaar",
            "wisselingen per huishoudjaar",
            Vorm.GETAL,
            schatter="per_blootstelling",
            schaal=365.25,
        )
    },
    params={
        "blootstelling": Param(
            "verblijf",
            "verblijf: per jaar in het onderzoek; met_gezicht: per jaar met een vast gezicht",
            ("verblijf", "met_gezicht"),
            redelijk=("met_gezicht",),
        )
    },
)

_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        gewisseld     | 2024-01-01 |
        eerste        | 2024-01-01 |
        terug         | 2024-01-01 |
        samen         | 2024-01-01 |
        samen_terug   | 2024-01-01 |
        eerder        | 2023-01-01 | 2024-01-31
        zonder        | 2024-12-22 |
        weg           | 2023-01-01 | 2024-01-01
    """,
    "betrokkenheid": """
        huishouden_id | professional_id | organisatie_id | rol          | begin      | eind
        gewisseld     | a               | lt             | vast_gezicht | 2024-01-01 | 2024-03-01
        gewisseld     | b               | lt             | vast_gezicht | 2024-02-20 | 2024-06-01
        gewisseld     | b               | lt             | vast_gezicht | 2024-02-20 | 2024-06-01
        gewisseld     | a               | lt             | vast_gezicht | 2024-07-01 | 2024-07-11
        eerste        | a               | lt             | vast_gezicht | 2024-01-01 | 2024-01-11
        eerste        | b               | lt             | lid          | 2024-02-01 |
        terug         | a               | lt             | vast_gezicht | 2024-01-01 | 2024-01-11
        terug         | a               | lt             | vast_gezicht | 2024-02-01 | 2024-02-11
        samen         | a               | lt             | vast_gezicht | 2024-01-01 | 2024-01-11
        samen         | b               | lt             | vast_gezicht | 2024-01-11 | 2024-01-21
        samen         | c               | lt             | vast_gezicht | 2024-01-11 | 2024-01-21
        samen         | d               | lt             | vast_gezicht | 2024-03-01 | 2024-03-01
        samen_terug   | a               | lt             | vast_gezicht | 2024-01-01 | 2024-02-01
        samen_terug   | b               | lt             | vast_gezicht | 2024-01-01 | 2024-02-01
        samen_terug   | a               | lt             | vast_gezicht | 2024-03-01 | 2024-03-11
        eerder        | a               | lt             | vast_gezicht | 2023-01-01 | 2023-12-01
        eerder        | b               | lt             | vast_gezicht | 2024-01-01 | 2024-01-31
        eerder        | c               | lt             | vast_gezicht | 2024-01-31 |
        weg           | a               | lt             | vast_gezicht | 2023-01-01 | 2023-06-01
        weg           | b               | lt             | vast_gezicht | 2023-06-01 | 2024-01-01
    """,
}
_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="naar b en terug naar a; twee nieuwen op een dag; dezelfde terug; voorganger voor het venster",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            gewisseld     | 2      | 366           |
            eerste        | 0      | 366           |
            terug         | 0      | 366           |
            samen         | 1      | 366           |
            samen_terug   | 0      | 366           |
            eerder        | 1      | 30            |
            zonder        | 0      | 10            |
            weg           |        |               | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="per jaar met een vast gezicht: overlap telt een keer, 152 dagen tot 1 juni en 10 in juli",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"blootstelling": "met_gezicht"}),
        verwacht="""
            huishouden_id | aantal | blootstelling | uitsluiting
            gewisseld     | 2      | 162           |
            eerste        | 0      | 10            |
            terug         | 0      | 20            |
            samen         | 1      | 20            |
            samen_terug   | 0      | 41            |
            eerder        | 1      | 30            |
            zonder        |        |               | geen dag met een vast gezicht in het venster
            weg           |        |               | geen dag in het venster
        """,
    ),
)


def _changes(personen: ir.Table) -> ir.Table:
    """Return `huishouden_id, datum`: the days on which another person becomes the fixed face.

    Just before a day the face is whoever was last there: of all earlier spells those that reach
    furthest. The person who arrives must not be among them.
    """
    earlier = personen.view().rename(ander="professional_id", begin_eerder="begin", eind_eerder="eind")
    pair = personen.join(
        earlier,
        [personen.huishouden_id == earlier.huishouden_id, earlier.begin_eerder < personen.begin],
    )
    stop = ibis.least(pair.eind_eerder.fill_null(pair.begin), pair.begin)
    itself = pair.professional_id == pair.ander
    last = pair.group_by(["huishouden_id", "professional_id", "begin"]).agg(
        zelf=stop.max(where=itself), ander=stop.max(where=~itself)
    )
    switched = last.filter(
        last.ander.notnull(), last.zelf.isnull() | (last.zelf < last.ander).fill_null(False)
    )
    return switched.select("huishouden_id", datum=switched.begin).distinct()


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: days with a change of fixed face, and days of exposure."""
    aanwezig = present(t["huishouden"], vraag)
    personen = holders(t, ROL)
    at = _changes(personen).join(aanwezig, "huishouden_id")
    here = at.filter(at.datum >= at.van, at.datum < at.tot)
    aantal = here.group_by("huishouden_id").agg(aantal=here.count())
    time, without = aanwezig, aanwezig.limit(0)
    if vraag.params["blootstelling"] == "met_gezicht":
        time = clip(merge(personen.select("huishouden_id", "begin", "eind"), ["huishouden_id"]), aanwezig)
        without = aanwezig.anti_join(time, "huishouden_id")
    exposure = time.group_by("huishouden_id").agg(blootstelling=dagen(time.van, time.tot).sum())
    having = exposure.left_join(aantal, "huishouden_id")
    rows = having.select(
        "huishouden_id",
        aantal=having.aantal.fill_null(ibis.literal(0)).cast("int64"),
        blootstelling=having.blootstelling.cast("int64"),
    )
    return with_exclusions(
        rows,
        (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER),
        (without.select("huishouden_id"), NO_GEZICHT),
    )

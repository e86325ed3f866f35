"""How much a parent and a professional agree on the same household."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import dagen
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.indicators._scale import DESCRIBED, MINIMUM_ITEMS
from toekomstscenario_eval.indicators._scores import (
    INSTRUMENT,
    NOT_MEASURED,
    OTHER,
    SCHAAL,
    TABLES,
    WARNING,
    answers,
    moments,
    points,
    too_few,
)
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

ONE_SIDE = "niet door ouder én professional over dezelfde persoon gemeten"
TOO_FAR = "de metingen van ouder en professional liggen te ver uit elkaar"
_SIDES = ("ouder", "professional")

CARD = Card(
    label="Overeenstemming tussen ouder en professional",
    kind=Kind.MATRIX,
    versie="1.2",
    vraag="In hoeverre geven een ouder en een professional dezelfde score voor hetzelfde gezin?",
    populatie="huishoudens met ten minste één dag in het venster en daarin een score van een ouder en van "
    "een professional over dezelfde persoon, met hetzelfde instrument, niet verder uit elkaar dan gekozen",
    teller="de spreiding tussen huishoudens",
    noemer="alle spreiding: tussen huishoudens, tussen ouder en professional, en de rest",
    eenheid="huishouden: het paar scores dat in tijd het dichtst bij elkaar ligt",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen",
    uitsluitingen="huishoudens zonder dag in het venster; niet gemeten; alleen met een ander instrument of "
    "een andere soort score gemeten; niet door beiden gemeten, of niet door beiden met alle items van de "
    "schaal (of met minimum_items); metingen te ver uit elkaar",
    lezen=f"{WARNING} Geen overeenstemming is geen fout van een van beiden: ouder en professional zien "
    "een ander deel van het leven van het gezin. Een lage waarde is een reden voor gesprek. De maat daalt "
    "ook als alle gezinnen op elkaar lijken. ICC en kappa zijn bijna gelijk; kappa kan al bij minder paren. "
    "Gezinnen die door beiden zijn gemeten, zijn geen steekproef van alle gezinnen.",
    bronnen=(
        "McGraw & Wong 1996, doi 10.1037/1082-989X.1.1.30",
        "Shrout & Fleiss 1979, doi 10.1037/0033-2909.86.2.420",
        "Cohen 1968 (gewogen kappa), doi 10.1037/h0026256; Lin 1989 (interval), doi 10.2307/2532051",
    ),
    thema="Uitkomsten",
    stap=250_000,
    tabellen=TABLES,
    facultatief=DESCRIBED,
    komt_voor={("meting", "informant"): _SIDES},
    maten={
        "kappa": Maat("Overeenstemming (kappa, gewogen)", "ten hoogste 1", Vorm.GETAL, grenzen=(-1.0, 1.0)),
        "icc": Maat("Overeenstemming (ICC)", "ten hoogste 1", Vorm.GETAL, grenzen=(-1.0, 1.0)),
    },
    params={
        "schaal": SCHAAL,
        "instrument": INSTRUMENT,
        "minimum_items": MINIMUM_ITEMS,
        "maximale_dagen": Param(30, "hooguit zoveel dagen tussen de twee metingen", minimum=0),
    },
)

_HUISHOUDEN = """
    huishouden_id | begin      | eind
    samen         | 2024-01-01 |
    deels         | 2024-01-01 |
    keus          | 2024-01-01 |
    te_ver        | 2024-01-01 |
    een_kant      | 2024-01-01 |
    ander_kind    | 2024-01-01 |
    meter         | 2024-01-01 |
    niet          | 2024-01-01 |
    vertrokken    | 2022-01-01 | 2024-01-01
"""
_METING = """
    huishouden_id | persoon_id | datum      | instrument | schaal     | item | waarde | informant
    samen         |            | 2024-03-01 | lijst      | veiligheid | i1   | 4      | ouder
    samen         |            | 2024-03-01 | lijst      | veiligheid | i2   | 5      | ouder
    deels         |            | 2024-03-01 | lijst      | veiligheid | i1   | 4      | ouder
    deels         |            | 2024-03-02 | lijst      | veiligheid | i2   | 4      | professional
    samen         |            | 2024-03-31 | lijst      | veiligheid | i1   | 7      | professional
    keus          |            | 2024-03-01 | lijst      | veiligheid | i1   | 1      | ouder
    keus          |            | 2024-03-11 | lijst      | veiligheid | i1   | 2      | professional
    keus          |            | 2024-03-21 | lijst      | veiligheid | i1   | 3      | ouder
    keus          |            | 2024-06-01 | lijst      | veiligheid | i1   | 9      | kind
    te_ver        |            | 2024-03-01 | lijst      | veiligheid | i1   | 4      | ouder
    te_ver        |            | 2024-04-01 | lijst      | veiligheid | i1   | 4      | professional
    een_kant      |            | 2024-03-01 | lijst      | veiligheid | i1   | 4      | ouder
    een_kant      |            | 2025-01-01 | lijst      | veiligheid | i1   | 4      | professional
    ander_kind    | k1         | 2024-03-01 | lijst      | veiligheid | i1   | 4      | ouder
    ander_kind    | k2         | 2024-03-01 | lijst      | veiligheid | i1   | 4      | professional
    meter         |            | 2024-03-01 | meter      | veiligheid | i1   | 4      | ouder
    meter         |            | 2024-03-01 | meter      | veiligheid | i1   | 4      | professional
    niet          |            | 2024-03-01 | lijst      | rust       | i1   | 4      | ouder
    vertrokken    |            | 2024-03-01 | lijst      | veiligheid | i1   | 4      | ouder
    vertrokken    |            | 2024-03-01 | lijst      | veiligheid | i1   | 4      | professional
"""
_TABLES = {"huishouden": _HUISHOUDEN, "meting": _METING}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))
_GONE = """
            deels         |         |              |        | niet alle items van de schaal beantwoord
            een_kant      |         |              |        | niet door ouder én professional over dezelfde persoon gemeten
            ander_kind    |         |              |        | niet door ouder én professional over dezelfde persoon gemeten
            meter         |         |              |        | alleen met een ander instrument of soort score gemeten
            niet          |         |              |        | niet gemeten in het venster
            vertrokken    |         |              |        | geen dag in het venster
"""  # noqa: E501

VOORBEELDEN = (
    Voorbeeld(
        naam="het paar dat het dichtst bij elkaar ligt, bij gelijke afstand het eerste; dertig dagen mag nog",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 2, 1)),
        verwacht=f"""
            huishouden_id | eenheid | item         | waarde | uitsluiting
            samen         | samen   | ouder        | 4      |
            samen         | samen   | professional | 7      |
            keus          | keus    | ouder        | 1      |
            keus          | keus    | professional | 2      |
            te_ver        |         |              |        | {TOO_FAR}
            {_GONE.strip()}
        """,
    ),
    Voorbeeld(
        naam="hooguit negen dagen ertussen",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 2, 1), {"maximale_dagen": 9}),
        verwacht=f"""
            huishouden_id | eenheid | item         | waarde | uitsluiting
            samen         |         |              |        | {TOO_FAR}
            keus          |         |              |        | {TOO_FAR}
            te_ver        |         |              |        | {TOO_FAR}
            {_GONE.strip()}
        """,
    ),
)


def _pairs(m: ir.Table) -> ir.Table:
    """Return the pair of scores of each household that lies closest in time, with its distance in days."""
    ouder, professional = (
        m.filter(m.informant == side).select(
            "huishouden_id", "persoon", **{side: m.w, f"dag_{side}": m.datum}
        )
        for side in _SIDES
    )
    pair = ouder.join(professional, ["huishouden_id", "persoon"])
    distance = dagen(pair.dag_professional, pair.dag_ouder).abs()
    pair = pair.mutate(afstand=distance)
    order = ibis.window(
        group_by="huishouden_id", order_by=["afstand", "dag_ouder", "dag_professional", "persoon"]
    )
    return pair.mutate(volg=ibis.row_number().over(order)).filter(lambda r: r.volg == 0)


def _by_both(counted: ir.Table) -> ir.Table:
    """Return the households of which both sides answered something about the same person."""
    ouder, professional = (
        counted.filter(counted.informant == side).select("huishouden_id", "persoon").distinct()
        for side in _SIDES
    )
    return ouder.semi_join(professional, ["huishouden_id", "persoon"]).select("huishouden_id").distinct()


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return two rows per household: the score by a parent and by a professional, closest in time."""
    a = answers(t, vraag)
    minimum = vraag.params["minimum_items"]
    pairs = _pairs(moments(a, minimum))
    near = pairs.filter(pairs.afstand <= vraag.params["maximale_dagen"])
    ouder, professional = (
        near.select(
            "huishouden_id",
            eenheid=near.huishouden_id.cast("string"),
            item=ibis.literal(side),
            waarde=points(near[side]),
        )
        for side in _SIDES
    )
    measured = a.counted.select("huishouden_id").distinct()
    both = _by_both(a.counted)
    other = a.alle.select("huishouden_id").distinct().anti_join(measured, "huishouden_id")
    return with_exclusions(
        ouder.union(professional),
        (pairs.anti_join(near, "huishouden_id"), TOO_FAR),
        (both.anti_join(pairs, "huishouden_id"), too_few(minimum)),
        (measured.anti_join(both, "huishouden_id"), ONE_SIDE),
        (other, OTHER),
        (a.aanwezig.anti_join(a.alle, "huishouden_id"), NOT_MEASURED),
        (absent(t["huishouden"], a.aanwezig), OUTSIDE_VENSTER),
    )

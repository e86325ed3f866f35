"""How much the contacts of a household are with the same professional: UPC, COC and SECON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import present
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER, absent, with_exclusions
from toekomstscenario_eval.indicators._stay import OUTSIDE_STAY, split_by_stay
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

TOO_FEW = "te weinig contacten voor een index"
UPC, COC, SECON = "upc", "coc", "secon"
# The summaries count in millionths as well; rounding here makes the value free of any order of adding.
_DECIMALS = 6

CARD = Card(
    label="Continuïteit van gezichten",
    kind=Kind.SCORE,
    versie="1.0",
    vraag="In hoeverre heeft een huishouden steeds contact met dezelfde professional?",
    populatie="huishoudens met in het venster ten minste minimum_contacten contacten, op dagen waarop zij in "
    "het onderzoek zijn",
    teller="upc: contacten met de meest geziene professional; coc: paren contacten met dezelfde "
    "professional; secon: opeenvolgende contacten met dezelfde professional",
    noemer="upc: alle contacten van het huishouden; coc: alle paren contacten; secon: alle opeenvolgende "
    "contacten. Het cijfer is het gemiddelde over huishoudens",
    eenheid="huishouden; de index loopt van 0 tot 1, en 1 is steeds dezelfde professional",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen; met meer contacten wordt upc vanzelf lager: vergelijk alleen vensters van gelijke "
    "lengte",
    uitsluitingen="huishoudens zonder dag in het venster; huishoudens met minder contacten dan "
    "minimum_contacten (onder de twee bestaat de index niet); contacten op een dag waarop het huishouden "
    "niet in het onderzoek was",
    lezen="Hoger is meer continuïteit, maar niet vanzelf beter: een goede wissel kan helpen. Meer contacten "
    "op één dag hebben geen bekende volgorde: secon rekent dan met het gemiddelde over alle volgordes van "
    "die dag, zodat de uitkomst niet afhangt van hoe de rijen staan of hoe professionals heten. Een dubbele "
    "rij (zelfde contact) telt één keer. Wie weinig contact heeft, valt weg: kijk hoeveel huishoudens dat "
    "zijn.",
    bronnen=(
        "Bice & Boxerman 1977 (COC), Steinwachs 1979 (SECON), Breslau & Reeb 1975 (UPC)",
        "Overzicht van deze maten: Saultz 2003, doi 10.1370/afm.23",
    ),
    thema="Professionals rond een huishouden",
    tabellen={
        "huishouden": ("huishouden_id", "begin", "eind"),
        "contact": ("contact_id", "huishouden_id", "professional_id", "datum"),
    },
    maten={
        UPC: Maat(
            "Aandeel contacten met de meest geziene professional (UPC)",
            "index van 0 tot 1",
            Vorm.GETAL,
            {"index": (UPC,)},
            schatter="gemiddelde",
            grenzen=(0.0, 1.0),
            over_tijd=True,
        ),
        COC: Maat(
            "Continuïteit van contacten (COC)",
            "index van 0 tot 1",
            Vorm.GETAL,
            {"index": (COC,)},
            schatter="gemiddelde",
            grenzen=(0.0, 1.0),
        ),
        SECON: Maat(
            "Opeenvolgende contacten met dezelfde professional (SECON)",
            "index van 0 tot 1",
            Vorm.GETAL,
            {"index": (SECON,)},
            schatter="gemiddelde",
            grenzen=(0.0, 1.0),
        ),
    },
    params={
        "index": Param(
            UPC,
            "upc: aandeel van de meest geziene professional; coc: kans dat twee contacten met dezelfde zijn; "
            "secon: aandeel opeenvolgende contacten met dezelfde",
            (UPC, COC, SECON),
        ),
        "minimum_contacten": Param(
            2, "een huishouden met minder contacten telt niet mee", minimum=2, redelijk=(3, 5)
        ),
    },
    stap=50_000,
)

# drie: visits (3, 2, 1).   reeks: A,A,B,A,C,A,A,D,A,A,B,A, a day each.   dag: A and B on one day, then A:
# orders A-B-A (none alike) and B-A-A (1 of 2 alike), on average 1/4.   een: only one contact.
_TABLES = {
    "huishouden": """
        huishouden_id | begin      | eind
        drie          | 2024-01-01 |
        reeks         | 2024-01-01 |
        dag           | 2024-01-01 |
        steeds        | 2024-01-01 | 2024-02-01
        een           | 2024-01-01 |
        geen          | 2024-01-01 |
        weg           | 2023-01-01 | 2024-01-01
    """,
    "contact": """
        contact_id | huishouden_id | professional_id | datum
        d1         | drie          | a               | 2024-02-01
        d2         | drie          | a               | 2024-02-02
        d3         | drie          | a               | 2024-02-03
        d4         | drie          | b               | 2024-02-04
        d5         | drie          | b               | 2024-02-05
        d6         | drie          | c               | 2024-02-06
        d6         | drie          | c               | 2024-02-06
        r01        | reeks         | a               | 2024-03-01
        r02        | reeks         | a               | 2024-03-02
        r03        | reeks         | b               | 2024-03-03
        r04        | reeks         | a               | 2024-03-04
        r05        | reeks         | c               | 2024-03-05
        r06        | reeks         | a               | 2024-03-06
        r07        | reeks         | a               | 2024-03-07
        r08        | reeks         | d               | 2024-03-08
        r09        | reeks         | a               | 2024-03-09
        r10        | reeks         | a               | 2024-03-10
        r11        | reeks         | b               | 2024-03-11
        r12        | reeks         | a               | 2024-03-12
        g1         | dag           | a               | 2024-04-01
        g2         | dag           | b               | 2024-04-01
        g3         | dag           | a               | 2024-04-20
        s1         | steeds        | a               | 2024-01-01
        s2         | steeds        | a               | 2024-01-31
        s3         | steeds        | b               | 2024-02-01
        s4         | steeds        | b               | 2023-12-31
        e1         | een           | a               | 2024-02-01
        e2         | een           | a               | 2025-01-01
    """,
}
_VENSTER, _PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)

VOORBEELDEN = (
    Voorbeeld(
        naam="UPC: bezoeken (3, 2, 1) geven 3/6; van de reeks 8/12; een contact is te weinig",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM),
        verwacht="""
            huishouden_id | voor | waarde   | uitsluiting
            drie          |      | 0.5      |
            reeks         |      | 0.666667 |
            dag           |      | 0.666667 |
            steeds        |      | 1        |
            steeds        |      |          | op die dag niet in het onderzoek
            een           |      |          | te weinig contacten voor een index
            geen          |      |          | te weinig contacten voor een index
            weg           |      |          | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="COC: (3, 2, 1) geeft 8/30; van de reeks (8, 2, 1, 1) is het (70 - 12) / 132",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"index": COC}),
        verwacht="""
            huishouden_id | waarde
            drie          | 0.266667
            reeks         | 0.439394
            dag           | 0.333333
            steeds        | 1
            steeds        |
            een           |
            geen          |
            weg           |
        """,
    ),
    Voorbeeld(
        naam="SECON: de reeks geeft 3/11; twee op een dag telt als het gemiddelde over de volgordes",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"index": SECON}),
        verwacht="""
            huishouden_id | waarde
            drie          | 0.6
            reeks         | 0.272727
            dag           | 0.25
            steeds        | 1
            steeds        |
            een           |
            geen          |
            weg           |
        """,
    ),
    Voorbeeld(
        naam="met ten minste drie contacten valt wie er twee heeft ook weg",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, _PEILDATUM, {"minimum_contacten": 3}),
        verwacht="""
            huishouden_id | waarde   | uitsluiting
            drie          | 0.5      |
            reeks         | 0.666667 |
            dag           | 0.666667 |
            steeds        |          | te weinig contacten voor een index
            steeds        |          | op die dag niet in het onderzoek
            een           |          | te weinig contacten voor een index
            geen          |          | te weinig contacten voor een index
            weg           |          | geen dag in het venster
        """,
    ),
)


def _by_person(contact: ir.Table) -> ir.Table:
    """Return per household: `n` contacts, the `hoogste` of one professional, and sum of squares."""
    per = contact.group_by(["huishouden_id", "professional_id"]).agg(c=contact.count())
    return per.group_by("huishouden_id").agg(
        n=per.c.sum(), hoogste=per.c.max(), kwadraten=(per.c * per.c).sum()
    )


def _alike_in_sequence(contact: ir.Table) -> ir.Table:
    """Return per household the expected number of consecutive contacts with the same professional.

    Over all orders within a day of k contacts, c of them with one professional, c (c - 1) / k
    neighbours are alike on average; the last of a day and the first of the next day with contact
    are alike with chance (c / k) (c' / k').
    """
    per = contact.group_by(["huishouden_id", "datum", "professional_id"]).agg(c=contact.count())
    day = per.group_by(["huishouden_id", "datum"]).agg(k=per.c.sum())
    day = day.mutate(volgende=day.datum.lead().over(ibis.window(group_by="huishouden_id", order_by="datum")))
    having = per.join(day, ["huishouden_id", "datum"])
    within = having.select("huishouden_id", gelijk=having.c * (having.c - 1) / having.k)
    after = having.view().select("huishouden_id", "professional_id", volgende="datum", c_erna="c", k_erna="k")
    pair = having.join(after, ["huishouden_id", "professional_id", "volgende"])
    between = pair.select("huishouden_id", gelijk=pair.c * pair.c_erna / (pair.k * pair.k_erna))
    return within.union(between).group_by("huishouden_id").agg(gelijk=lambda g: g.gelijk.sum())


def _index(contact: ir.Table, index: str, minimum: int) -> ir.Table:
    """Return `huishouden_id, waarde` of the households with enough contacts."""
    per = _by_person(contact)
    enough = per.filter(per.n >= minimum)
    if index == SECON:
        enough = enough.join(_alike_in_sequence(contact), "huishouden_id")
        waarde = enough.gelijk / (enough.n - 1)
    elif index == COC:
        waarde = (enough.kwadraten - enough.n) / (enough.n * (enough.n - 1))
    else:
        waarde = enough.hoogste / enough.n
    return enough.select("huishouden_id", waarde=waarde.cast("float64").round(_DECIMALS))


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: the index of its contacts (`voor` is empty: there is no change)."""
    aanwezig = present(t["huishouden"], vraag)
    columns = ("contact_id", "huishouden_id", "professional_id", "datum")
    here, elsewhere = split_by_stay(t["contact"].select(*columns).distinct(), aanwezig, vraag)
    rows = _index(here, vraag.params["index"], vraag.params["minimum_contacten"])
    return with_exclusions(
        rows.select("huishouden_id", voor=ibis.null("float64"), waarde="waarde"),
        (absent(t["huishouden"], aanwezig), OUTSIDE_VENSTER),
        (aanwezig.anti_join(rows, "huishouden_id").select("huishouden_id"), TOO_FEW),
        (elsewhere.select("huishouden_id"), OUTSIDE_STAY),
    )

"""Point prevalence of the ondertoezichtstelling (OTS)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import is_child, running_on
from toekomstscenario_eval.indicators._rijen import with_exclusions
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

OTS = "11"

CARD = Card(
    label="Aandeel met een ondertoezichtstelling (OTS)",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Op welk deel van de kinderen (of huishoudens) rust op de meetdag een ondertoezichtstelling?",
    populatie="kinderen onder de 18 jaar van huishoudens die op de meetdag in het onderzoek zijn; of die "
    "huishoudens zelf, als er zo'n kind is",
    teller="kinderen met een lopende OTS op de meetdag; of huishoudens met ten minste één zo'n kind",
    noemer="alle kinderen (of huishoudens) van de populatie",
    eenheid="kind of huishouden: de twee verschillen en worden nooit gemengd",
    venster="één dag: de laatste dag van het venster",
    censurering="geen: gemeten wordt wat op de meetdag loopt",
    uitsluitingen="kinderen zonder geboortejaar; huishoudens die op de meetdag niet in het onderzoek zijn",
    lezen="Dit is een stand, geen instroom: lange maatregelen wegen zwaar. Lees het aandeel samen met wat "
    "eraan voorafging en wat er eerder had gekund. Meer meldingen of maatregelen kunnen ook komen door "
    "ander registreren of door meer vertrouwen. Alleen het geboortejaar is bekend: de verjaardag is "
    "op 1 juli gesteld.",
    bronnen=(
        "Van der Steege & Regeer; NVO 24-02-2023: 4 van 103 zaken leidden tot een OTS (andere noemer!)",
        "CBS Beleidsinformatie Jeugd, type maatregel 11",
        "Korn & Graubard 1998 (interval bij clusters); Wilson 1927, doi 10.1080/01621459.1927.10502953",
    ),
    tabellen={
        "huishouden": ("huishouden_id", "begin", "eind"),
        "persoon": ("persoon_id", "huishouden_id", "rol", "geboortejaar"),
        "maatregel": ("persoon_id", "soort", "begin", "eind"),
    },
    maten={
        "aandeel": Maat(
            "Aandeel met een OTS (kinderen)", "aandeel van de kinderen", Vorm.AANDEEL, {"eenheid": ("kind",)}
        ),
        "aandeel_huishouden": Maat(
            "Aandeel met een OTS (huishoudens)",
            "aandeel van de huishoudens",
            Vorm.AANDEEL,
            {"eenheid": ("huishouden",)},
            schatter="aandeel",
        ),
    },
    params={
        "eenheid": Param(
            "kind", "wat wordt geteld: elk kind apart, of het huishouden", ("kind", "huishouden")
        )
    },
)

_TABELLEN = {
    "huishouden": """
        huishouden_id | begin      | eind
        h1            | 2024-01-01 |
        h2            | 2024-01-01 | 2024-12-31
        h3            | 2024-01-01 |
        h4            | 2024-01-01 |
    """,
    "persoon": """
        persoon_id | huishouden_id | rol   | geboortejaar
        k1         | h1            | kind  | 2010
        k2         | h1            | kind  | 2012
        k3         | h1            | kind  |
        k4         | h1            | kind  | 2006
        o1         | h1            | ouder | 1980
        k5         | h2            | kind  | 2015
        k6         | h3            | kind  | 2007
        k7         | h4            | kind  | 2006
    """,
    "maatregel": """
        persoon_id | soort | begin      | eind
        k1         | 11    | 2024-02-01 |
        k1         | 11    | 2024-02-01 |
        k2         | 11    | 2024-02-01 | 2024-12-31
        k2         | 12    | 2024-02-01 |
        k4         | 11    | 2020-01-01 |
        k5         | 11    | 2024-02-01 |
        k6         | 11    | 2024-12-31 |
    """,
}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="per kind: meetdag 31 december; dubbele rij telt eens, einde op de meetdag telt niet mee",
        tabellen=_TABELLEN,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "kind"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 2      |
            h1            |        | 1      | geboortejaar onbekend
            h1            |        | 1      | 18 jaar of ouder
            h2            |        | 1      | huishouden niet in het onderzoek op de meetdag
            h3            | 1      | 1      |
            h4            |        | 1      | 18 jaar of ouder
        """,
    ),
    Voorbeeld(
        naam="per huishouden",
        tabellen=_TABELLEN,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"eenheid": "huishouden"}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            h1            | 1      | 1      |
            h2            |        | 1      | huishouden niet in het onderzoek op de meetdag
            h3            | 1      | 1      |
            h4            |        | 1      | geen kind onder de 18 met bekend geboortejaar
        """,
    ),
)


def _children(t: Mapping[str, ir.Table], dag: date) -> ir.Table:
    """Return one row per child: household, whether an OTS runs, and why it is left out (null: it counts)."""
    ots = running_on(t["maatregel"].filter(lambda m: m.soort == OTS), dag)
    met_ots = ots.select("persoon_id").distinct().mutate(ots=ibis.literal(1, "int64"))
    hier = running_on(t["huishouden"], dag).select("huishouden_id", hier=ibis.literal(True))
    kind = t["persoon"].filter(lambda p: p.rol == "kind")
    bij = kind.left_join(met_ots, "persoon_id").left_join(hier, "huishouden_id")
    minderjarig = is_child(bij, dag)
    return bij.select(
        "huishouden_id",
        ots=bij.ots.fill_null(0),
        uitsluiting=ibis.cases(
            (bij.hier.isnull(), "huishouden niet in het onderzoek op de meetdag"),
            (minderjarig.isnull(), "geboortejaar onbekend"),
            (~minderjarig, "18 jaar of ouder"),
            else_=ibis.null("string"),
        ),
    )


def _per_household(t: Mapping[str, ir.Table], kinderen: ir.Table, dag: date) -> ir.Table:
    mee = kinderen.filter(kinderen.uitsluiting.isnull())
    rijen = mee.group_by("huishouden_id").agg(teller=mee.ots.max(), noemer=ibis.literal(1, "int64"))
    een = ibis.literal(1, "int64")
    hier = running_on(t["huishouden"], dag)
    zonder_kind = hier.anti_join(rijen, "huishouden_id").select("huishouden_id", noemer=een)
    elders = t["huishouden"].anti_join(hier, "huishouden_id").select("huishouden_id", noemer=een)
    return with_exclusions(
        rijen,
        (zonder_kind, "geen kind onder de 18 met bekend geboortejaar"),
        (elders, "huishouden niet in het onderzoek op de meetdag"),
    )


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: children (or households) with an OTS and in all, on the last day."""
    dag = vraag.grens - timedelta(days=1)
    kinderen = _children(t, dag)
    if vraag.params["eenheid"] == "huishouden":
        return _per_household(t, kinderen, dag)
    return kinderen.group_by(["huishouden_id", "uitsluiting"]).agg(
        teller=ibis.cases(
            (kinderen.uitsluiting.isnull().all(), kinderen.ots.sum()), else_=ibis.null("int64")
        ),
        noemer=kinderen.count(),
    )

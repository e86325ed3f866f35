"""Share of households whose score reliably improved."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from toekomstscenario_eval.indicators._change import (
    GONE,
    HUISHOUDEN,
    ITEMS,
    ONE_ITEM,
    PEILDATUM,
    READS,
    SCALE_SCORES,
    SOURCES,
    THRESHOLD,
    VENSTER,
    WITHOUT_MEASUREMENT_ERROR,
    changed,
)
from toekomstscenario_eval.indicators._scale import DESCRIBED, MINIMUM_ITEMS
from toekomstscenario_eval.indicators._scores import INFORMANT, INSTRUMENT, SCHAAL, TABLES
from toekomstscenario_eval.types import Card, Kind, Maat, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Betrouwbare verbetering",
    kind=Kind.AANDEEL,
    versie="1.1",
    vraag="Welk deel van de huishoudens scoort bij de laatste meting beter dan bij de eerste, meer dan "
    "meetfout verklaart?",
    populatie="huishoudens met ten minste één dag en ten minste twee vergelijkbare metingen in het venster",
    teller="huishoudens waarvan de laatste score meer dan de grens hoger is dan de eerste",
    noemer="huishoudens van de populatie",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: wie maar één keer is gemeten, valt buiten de telling",
    uitsluitingen=GONE,
    lezen=READS,
    bronnen=SOURCES,
    thema="Uitkomsten",
    tabellen=TABLES,
    facultatief=DESCRIBED,
    maten={
        "aandeel": Maat("Aandeel met een betrouwbare verbetering", "aandeel van de huishoudens", Vorm.AANDEEL)
    },
    params={
        "schaal": SCHAAL,
        "informant": INFORMANT,
        "instrument": INSTRUMENT,
        "minimum_items": MINIMUM_ITEMS,
        "drempel": THRESHOLD,
    },
)

VOORBEELDEN = (
    Voorbeeld(
        naam="een eigen drempel van anderhalf punt; precies de drempel is te weinig",
        tabellen={"huishouden": HUISHOUDEN, "meting": SCALE_SCORES},
        vraag=Vraag(VENSTER, PEILDATUM, {"drempel": 15}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            omhoog        | 1      | 1      |
            omlaag        | 0      | 1      |
            juist_op      | 0      | 1      |
            juist_neer    | 0      | 1      |
            eenmaal       |        |        | één meting in het venster
            vertrokken    |        |        | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="de grens uit de gegevens: twee items, vier huishoudens met beide, grens 0,66 punt",
        tabellen={"huishouden": HUISHOUDEN, "meting": ITEMS},
        vraag=Vraag(VENSTER, PEILDATUM),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            omhoog        | 1      | 1      |
            omlaag        | 0      | 1      |
            juist_op      | 0      | 1      |
            juist_neer    | 0      | 1      |
            eenmaal       |        |        | één meting in het venster
            vertrokken    |        |        | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="een deel van de items is geen score",
        tabellen=ONE_ITEM,
        vraag=Vraag(VENSTER, PEILDATUM),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            omhoog        | 1      | 1      |
            omlaag        | 0      | 1      |
            juist_op      | 0      | 1      |
            juist_neer    | 0      | 1      |
            eenmaal       |        |        | één meting in het venster
            vertrokken    |        |        | geen dag in het venster
            net_niet      |        |        | niet alle items van de schaal beantwoord
            net_wel       |        |        | niet alle items van de schaal beantwoord
        """,
    ),
    Voorbeeld(
        naam="met minimum_items wel, en dan met de meetfout van zo weinig items",
        tabellen=ONE_ITEM,
        vraag=Vraag(VENSTER, PEILDATUM, {"minimum_items": 1}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            omhoog        | 1      | 1      |
            omlaag        | 0      | 1      |
            juist_op      | 0      | 1      |
            juist_neer    | 0      | 1      |
            eenmaal       |        |        | één meting in het venster
            vertrokken    |        |        | geen dag in het venster
            net_niet      | 0      | 1      |
            net_wel       | 1      | 1      |
        """,
    ),
    Voorbeeld(
        naam="een enkel item geeft geen meetfout, en een schaalscore ook niet",
        tabellen=WITHOUT_MEASUREMENT_ERROR,
        vraag=Vraag(VENSTER, PEILDATUM),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            een_item      |        |        | betrouwbaarheid van de schaal niet te bepalen
            schaalscore   |        |        | alleen met een ander instrument of soort score gemeten
        """,
    ),
    Voorbeeld(
        naam="met een eigen drempel telt ook een enkel cijfer; bij evenveel huishoudens de schaalscore",
        tabellen=WITHOUT_MEASUREMENT_ERROR,
        vraag=Vraag(VENSTER, PEILDATUM, {"drempel": 10}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            een_item      |        |        | alleen met een ander instrument of soort score gemeten
            schaalscore   | 1      | 1      |
        """,
    ),
)


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: teller 1 when its score reliably improved, noemer 1."""
    return changed(t, vraag, direction=1)

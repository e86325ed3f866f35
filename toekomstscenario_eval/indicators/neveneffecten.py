"""Households that do better on one of the three values and worse on another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.indicators._scale import DESCRIBED, MINIMUM_ITEMS, POINT
from toekomstscenario_eval.indicators._scores import (
    INFORMANT,
    INSTRUMENT,
    SAME,
    TABLES,
    UITSLUITINGEN,
    WAARDEN,
    WARNING,
    absent_households,
    changes,
    unit_rows,
)
from toekomstscenario_eval.types import Card, Kind, Maat, Param, Venster, Voorbeeld, Vorm, Vraag

CARD = Card(
    label="Neveneffecten tussen de drie waarden",
    kind=Kind.AANDEEL,
    versie="1.0",
    vraag="Welk deel van de huishoudens gaat op veiligheid, bestaanszekerheid of ontwikkeling vooruit en op "
    "een andere van deze drie achteruit?",
    populatie="huishoudens met ten minste één dag in het venster en op alle drie de waarden ten minste twee "
    "vergelijkbare metingen daarin",
    teller="huishoudens die tussen eerste en laatste meting op ten minste één waarde meer dan het minimum "
    "stijgen en op ten minste één andere meer dan het minimum dalen",
    noemer="huishoudens van de populatie",
    eenheid="huishouden",
    venster="de hele waarneemperiode, of een deel daarvan",
    censurering="geen: wie niet op alle drie de waarden twee keer is gemeten, valt buiten de telling",
    uitsluitingen=f"per waarde, de eerste die geldt telt: {UITSLUITINGEN}",
    lezen=f"{WARNING} {SAME} Een deel van deze huishoudens verandert alleen door meetfout: hoe lager "
    "het minimum, hoe meer. Weeg de drie waarden samen; welke ruil aanvaardbaar is, zegt dit aandeel niet.",
    bronnen=(
        "Toekomstscenario kind- en gezinsbescherming: veiligheid, bestaanszekerheid en ontwikkeling samen",
    ),
    thema="Uitkomsten",
    tabellen=TABLES,
    facultatief=DESCRIBED,
    maten={"aandeel": Maat("Aandeel met een neveneffect", "aandeel van de huishoudens", Vorm.AANDEEL)},
    params={
        "informant": INFORMANT,
        "instrument": INSTRUMENT,
        "minimum_items": MINIMUM_ITEMS,
        "minimum": Param(
            1, "zoveel punten moet een score meer dan veranderen", minimum=0, redelijk=(0, 1, 2)
        ),
    },
)

_HUISHOUDEN = """
    huishouden_id | begin      | eind
    ruil          | 2024-01-01 |
    beter         | 2024-01-01 |
    te_klein      | 2024-01-01 |
    twee_waarden  | 2024-01-01 |
    eenmaal       | 2024-01-01 |
    vertrokken    | 2022-01-01 | 2024-01-01
"""
_METING = """
    huishouden_id | datum      | instrument | schaal            | item | waarde | informant
    ruil          | 2024-02-01 | lijst      | veiligheid        | i1   | 4      | ouder
    ruil          | 2024-09-01 | lijst      | veiligheid        | i1   | 6      | ouder
    ruil          | 2024-02-01 | lijst      | bestaanszekerheid | i1   | 8      | ouder
    ruil          | 2024-09-01 | lijst      | bestaanszekerheid | i1   | 6      | ouder
    ruil          | 2024-02-01 | lijst      | ontwikkeling      | i1   | 5      | ouder
    ruil          | 2024-09-01 | lijst      | ontwikkeling      | i1   | 5      | ouder
    beter         | 2024-02-01 | lijst      | veiligheid        | i1   | 4      | ouder
    beter         | 2024-09-01 | lijst      | veiligheid        | i1   | 7      | ouder
    beter         | 2024-02-01 | lijst      | bestaanszekerheid | i1   | 4      | ouder
    beter         | 2024-09-01 | lijst      | bestaanszekerheid | i1   | 7      | ouder
    beter         | 2024-02-01 | lijst      | ontwikkeling      | i1   | 4      | ouder
    beter         | 2024-09-01 | lijst      | ontwikkeling      | i1   | 7      | ouder
    te_klein      | 2024-02-01 | lijst      | veiligheid        | i1   | 4      | ouder
    te_klein      | 2024-09-01 | lijst      | veiligheid        | i1   | 7      | ouder
    te_klein      | 2024-02-01 | lijst      | bestaanszekerheid | i1   | 5      | ouder
    te_klein      | 2024-02-01 | lijst      | bestaanszekerheid | i2   | 6      | ouder
    te_klein      | 2024-02-01 | lijst      | bestaanszekerheid | i3   | 6      | ouder
    te_klein      | 2024-09-01 | lijst      | bestaanszekerheid | i1   | 4      | ouder
    te_klein      | 2024-09-01 | lijst      | bestaanszekerheid | i2   | 5      | ouder
    te_klein      | 2024-09-01 | lijst      | bestaanszekerheid | i3   | 5      | ouder
    te_klein      | 2024-02-01 | lijst      | ontwikkeling      | i1   | 5      | ouder
    te_klein      | 2024-09-01 | lijst      | ontwikkeling      | i1   | 5      | ouder
    twee_waarden  | 2024-02-01 | lijst      | veiligheid        | i1   | 4      | ouder
    twee_waarden  | 2024-09-01 | lijst      | veiligheid        | i1   | 7      | ouder
    twee_waarden  | 2024-02-01 | lijst      | bestaanszekerheid | i1   | 8      | ouder
    twee_waarden  | 2024-09-01 | lijst      | bestaanszekerheid | i1   | 5      | ouder
    eenmaal       | 2024-02-01 | lijst      | veiligheid        | i1   | 4      | ouder
"""
_TABLES = {"huishouden": _HUISHOUDEN, "meting": _METING}
_VENSTER = Venster(date(2024, 1, 1), date(2025, 1, 1))

VOORBEELDEN = (
    Voorbeeld(
        naam="een ruil telt; precies één punt minder is niet meer dan één punt",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1)),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            ruil          | 1      | 1      |
            beter         | 0      | 1      |
            te_klein      | 0      | 1      |
            twee_waarden  |        |        | ontwikkeling: niet gemeten in het venster
            eenmaal       |        |        | veiligheid: één meting in het venster
            vertrokken    |        |        | geen dag in het venster
        """,
    ),
    Voorbeeld(
        naam="zonder minimum telt elke verandering",
        tabellen=_TABLES,
        vraag=Vraag(_VENSTER, date(2025, 1, 1), {"minimum": 0}),
        verwacht="""
            huishouden_id | teller | noemer | uitsluiting
            ruil          | 1      | 1      |
            beter         | 0      | 1      |
            te_klein      | 1      | 1      |
            twee_waarden  |        |        | ontwikkeling: niet gemeten in het venster
            eenmaal       |        |        | veiligheid: één meting in het venster
            vertrokken    |        |        | geen dag in het venster
        """,
    ),
)


def _value(t: Mapping[str, ir.Table], vraag: Vraag, naam: str) -> ir.Table:
    rows = changes(t, vraag, schaal=naam)
    return rows.select(
        "huishouden_id",
        **{naam: rows.na - rows.voor, f"reden_{naam}": ibis.literal(f"{naam}: ").concat(rows.reden)},
    )


def compute(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row per household: teller 1 when one value rose and another fell, noemer 1."""
    rows = reduce(lambda a, b: a.join(b, "huishouden_id"), (_value(t, vraag, naam) for naam in WAARDEN))
    rows = rows.mutate(reden=ibis.coalesce(*(rows[f"reden_{naam}"] for naam in WAARDEN)))
    minimum = ibis.literal(vraag.params["minimum"] * POINT, "int64")
    highest = ibis.greatest(*(rows[naam] for naam in WAARDEN))
    lowest = ibis.least(*(rows[naam] for naam in WAARDEN))
    teller = ((highest > minimum) & (lowest < -minimum)).cast("int64")
    waarden = {"teller": teller, "noemer": ibis.literal(1, "int64")}
    return unit_rows(rows, waarden, absent_households(t, rows))

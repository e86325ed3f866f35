"""Households whose score changed more than measurement error explains, upward or downward."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.indicators._scale import POINT
from toekomstscenario_eval.indicators._scores import (
    NO_MEASUREMENT_ERROR,
    SAME,
    UITSLUITINGEN,
    WARNING,
    absent_households,
    changes,
    reliable_change,
    unit_rows,
)
from toekomstscenario_eval.types import Param, Venster, Vraag

THRESHOLD = Param(
    0, "verandering in tienden van een punt die meer is dan meetfout; 0: uit de gegevens berekend", minimum=0
)
READS = (
    f"{WARNING} {SAME} Zonder eigen drempel is de grens 2,77 keer de meetfout van de schaal (1,96 "
    "maal de wortel uit 2), over alle huishoudens samen: het getal staat bij 'schaalbetrouwbaarheid'. Rust "
    "een score op minder items, dan is de grens van dat huishouden hoger: met m van de k items is de "
    "meetfout de wortel uit k / m keer zo groot. Ook zonder echte verandering komt zo'n 2,5 procent erboven "
    "en 2,5 procent eronder. Wie geen betrouwbare verandering heeft, kan wel veranderd zijn."
)
GONE = f"{UITSLUITINGEN}; zonder eigen drempel ook wie alleen een schaalscore heeft, zonder items"
SOURCES = (
    "Jacobson & Truax 1991 (betrouwbare verandering), doi 10.1037/0022-006X.59.1.12",
    "Toekomstscenario kind- en gezinsbescherming: de drie waarden samen wegen",
)


def changed(t: Mapping[str, ir.Table], vraag: Vraag, *, direction: int) -> ir.Table:
    """Return one row per household: teller 1 when the change in this direction exceeds the threshold."""
    own = vraag.params["drempel"]
    if own:
        rows = changes(t, vraag).mutate(grens=ibis.literal(own * POINT // 10, "int64"))
    else:
        rows = reliable_change(t, vraag)
    no = rows.reden.isnull() & rows.grens.isnull()
    rows = rows.mutate(reden=ibis.ifelse(no, NO_MEASUREMENT_ERROR, rows.reden))
    teller = ((rows.na - rows.voor) * direction > rows.grens).cast("int64")
    waarden = {"teller": teller, "noemer": ibis.literal(1, "int64")}
    return unit_rows(rows, waarden, absent_households(t, rows))


# What the worked examples of both directions share.
VENSTER, PEILDATUM = Venster(date(2024, 1, 1), date(2025, 1, 1)), date(2025, 1, 1)
HUISHOUDEN = """
    huishouden_id | begin      | eind
    omhoog        | 2024-01-01 |
    omlaag        | 2024-01-01 |
    juist_op      | 2024-01-01 |
    juist_neer    | 2024-01-01 |
    eenmaal       | 2024-01-01 |
    vertrokken    | 2022-01-01 | 2023-12-01
"""
SCALE_SCORES = """
    huishouden_id | datum      | instrument | schaal     | item | waarde | informant
    omhoog        | 2024-02-01 | lijst      | veiligheid |      | 5      | ouder
    omhoog        | 2024-09-01 | lijst      | veiligheid |      | 6.6    | ouder
    omlaag        | 2024-02-01 | lijst      | veiligheid |      | 5      | ouder
    omlaag        | 2024-09-01 | lijst      | veiligheid |      | 3.4    | ouder
    juist_op      | 2024-02-01 | lijst      | veiligheid |      | 5.1    | ouder
    juist_op      | 2024-09-01 | lijst      | veiligheid |      | 6.6    | ouder
    juist_neer    | 2024-02-01 | lijst      | veiligheid |      | 6.6    | ouder
    juist_neer    | 2024-09-01 | lijst      | veiligheid |      | 5.1    | ouder
    eenmaal       | 2024-02-01 | lijst      | veiligheid |      | 5      | ouder
    vertrokken    | 2024-02-01 | lijst      | veiligheid |      | 5      | ouder
"""
# First day, without the household that skipped an item: variances 1.6667 and 1.0625, of the sum 5.2292;
# squared error (2 * 2.7292 - 5.2292) / 4 = 0.0573, so the threshold is 2.772 * 0.2394 = 0.66 points.
ITEMS = """
    huishouden_id | datum      | instrument | schaal     | item | waarde | informant
    omhoog        | 2024-02-01 | lijst      | veiligheid | i1   | 4      | ouder
    omhoog        | 2024-02-01 | lijst      | veiligheid | i2   | 4      | ouder
    omhoog        | 2024-09-01 | lijst      | veiligheid | i1   | 5      | ouder
    omhoog        | 2024-09-01 | lijst      | veiligheid | i2   | 4.4    | ouder
    omlaag        | 2024-02-01 | lijst      | veiligheid | i1   | 5      | ouder
    omlaag        | 2024-02-01 | lijst      | veiligheid | i2   | 5      | ouder
    omlaag        | 2024-09-01 | lijst      | veiligheid | i1   | 4      | ouder
    omlaag        | 2024-09-01 | lijst      | veiligheid | i2   | 4.6    | ouder
    juist_op      | 2024-02-01 | lijst      | veiligheid | i1   | 6      | ouder
    juist_op      | 2024-02-01 | lijst      | veiligheid | i2   | 5      | ouder
    juist_op      | 2024-09-01 | lijst      | veiligheid | i1   | 7      | ouder
    juist_op      | 2024-09-01 | lijst      | veiligheid | i2   | 5.2    | ouder
    juist_neer    | 2024-02-01 | lijst      | veiligheid | i1   | 7      | ouder
    juist_neer    | 2024-02-01 | lijst      | veiligheid | i2   | 6.5    | ouder
    juist_neer    | 2024-09-01 | lijst      | veiligheid | i1   | 6      | ouder
    juist_neer    | 2024-09-01 | lijst      | veiligheid | i2   | 6.3    | ouder
    eenmaal       | 2024-02-01 | lijst      | veiligheid | i1   | 9      | ouder
"""
# One item each time: the limit is the square root of 2 times as high, 0.94.
ONE_ITEM = {
    "huishouden": f"""
    {HUISHOUDEN.strip()}
    net_niet      | 2024-01-01 |
    net_wel       | 2024-01-01 |
""",
    "meting": f"""
    {ITEMS.strip()}
    net_niet      | 2024-02-01 | lijst      | veiligheid | i1   | 5      | ouder
    net_niet      | 2024-09-01 | lijst      | veiligheid | i1   | 5.9    | ouder
    net_wel       | 2024-02-01 | lijst      | veiligheid | i1   | 5      | ouder
    net_wel       | 2024-09-01 | lijst      | veiligheid | i1   | 6      | ouder
""",
}
WITHOUT_MEASUREMENT_ERROR = {
    "huishouden": """
        huishouden_id | begin      | eind
        een_item      | 2024-01-01 |
        schaalscore   | 2024-01-01 |
    """,
    "meting": """
        huishouden_id | datum      | instrument | schaal     | item | waarde | informant
        een_item      | 2024-02-01 | lijst      | veiligheid | i1   | 5      | ouder
        een_item      | 2024-09-01 | lijst      | veiligheid | i1   | 9      | ouder
        schaalscore   | 2024-02-01 | lijst      | veiligheid |      | 5      | ouder
        schaalscore   | 2024-09-01 | lijst      | veiligheid |      | 9      | ouder
    """,
}

"""Numbers as people and spreadsheets write them: a thousands point never becomes a decimal one.

With `decimaalteken: komma` points stand between groups of three digits and are taken away (`1.234,5` is
1234.5); any other point is refused. With `punt` a number is read as it stands. When the mapping does not
say, a column in which every point is followed by exactly three digits may be either, and is refused until
it does. Formats that hold numbers as numbers deliver them with a point: there a point is always a decimal
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from toekomstscenario_eval.errors import InvoerFout

if TYPE_CHECKING:
    from toekomstscenario_eval.data.importers.values import Rows

POINT, COMMA = "punt", "komma"
# Formats in which a number is the text that somebody wrote.
_WRITTEN = ("csv",)
_PLAIN = r"^[+-]?\d+(?:,\d+)?(?:[eE][+-]?\d+)?$"
_GROUPED = r"^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$"
_AMBIGUOUS = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"


def in_points(text: Any, mark: str, fmt: str) -> Any:
    """Return numbers with a point for the decimals; null where the text does not follow its mark."""
    if mark != COMMA:
        return text
    comma = text.replace(",", ".")
    without = text.replace(".", "").replace(",", ".")
    as_typed = ibis.null("string") if fmt in _WRITTEN else text
    return ibis.cases(
        (text.re_search(_PLAIN), comma),
        (text.re_search(_GROUPED) & (text.contains(",") | (fmt in _WRITTEN)), without),
        else_=as_typed,
    )


def expected(mark: str) -> str:
    """Return how a number is written (Dutch)."""
    return f"een getal met een {'komma' if mark == COMMA else 'punt'} voor de decimalen"


def refuse_ambiguous(rows: Rows) -> None:
    """Refuse a column of numbers whose points may be for thousands or for decimals, until it is said.

    Raises
    ------
    InvoerFout
        With the column, how many values, and what to add to the mapping.
    """
    mapping = rows.mapping
    if mapping.decimaalteken or mapping.formaat not in _WRITTEN:
        return
    columns = {
        origin.waarde
        for table in mapping.tabellen
        for naam, origin in table.fields.items()
        if origin.soort == "kolom" and table.schema.veld(naam).type == "number" and origin.vertaling is None
    }
    for column in sorted(columns):
        words = rows.tabel.select(w=rows.text(column))
        counted = words.aggregate(
            every=words.count(where=words.w.contains(".")),
            both=words.count(where=words.w.re_search(_AMBIGUOUS)),
        )
        found = counted.to_pyarrow().to_pylist()[0]
        if found["every"] and found["every"] == found["both"]:
            raise InvoerFout(
                "na elke punt in deze getallen staan precies drie cijfers: het kunnen duizendtallen zijn of "
                "decimalen",
                waar=f"kolom '{column}' van de bron",
                verwacht=f"onder bron: 'decimaalteken: {COMMA}' (1.234 is duizend en nog wat) of "
                f"'decimaalteken: {POINT}' (1.234 is één en nog wat)",
                kreeg=f"{found['every']} {'getal' if found['every'] == 1 else 'getallen'} met een punt",
                herstel="voeg een van deze regels toe",
            )

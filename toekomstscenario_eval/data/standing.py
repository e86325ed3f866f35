"""Which records stand: of one spell delivered without and with its end, the one with its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.parsing import ROW

# What makes two records in a table the same spell: all but their own key and what is told of the end.
SAME_SPELL: Mapping[str, tuple[str, ...]] = {
    "betrokkenheid": ("huishouden_id", "professional_id", "organisatie_id", "rol", "begin"),
    "maatregel": ("persoon_id", "soort", "organisatie_id", "begin"),
    "ketenstap": ("huishouden_id", "stap", "begin"),
}
_OF_NO_DAYS = {"ketenstap"}


def superseded(naam: str, table: ir.Table) -> ir.Table:
    """Return the records of table `naam` without an end, of a spell that was also delivered with its end.

    An end is delivered only after the end, so deliveries put together hold both: the closed one counts. A
    spell of zero days covers no day, and takes the place of nothing; a step may take no days.
    """
    keys = SAME_SPELL[naam]
    begun = table.filter(table.begin.notnull())
    ended = begun.eind >= begun.begin if naam in _OF_NO_DAYS else begun.eind > begun.begin
    closed = begun.filter(ended).select(*keys).distinct()
    still_open = begun.filter(begun.eind.isnull())
    return still_open.semi_join(closed, [still_open[k].identical_to(closed[k]) for k in keys])


def find_superseded(con: Backend, tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """Return by table the row numbers of what is `superseded`, found once; tables without any are absent."""
    found = {}
    for naam in sorted(tables.keys() & SAME_SPELL.keys()):
        numbers = superseded(naam, tables[naam]).select(ROW).to_pyarrow()
        if len(numbers):
            found[naam] = con.create_table(f"vervallen_{naam}", numbers)
    return found


@dataclass(frozen=True)
class RowCount:
    """What became of the delivered rows of a table: `delivered` is the sum of the others.

    Refused are lines that could not be read, superseded records that another took the place of, excluded
    spells of zero days, and used all others.
    """

    delivered: int
    refused: int
    superseded: int
    excluded: int
    used: int


def count_rows(
    naam: str, table: ir.Table, *, read: int, refused: int, superseded: ir.Table | None
) -> RowCount:
    """Count what became of the rows of table `naam`, of which `read` were read and `refused` were not."""
    gone = 0 if superseded is None else int(superseded.count().execute())
    empty = 0
    if naam in SAME_SPELL.keys() - _OF_NO_DAYS:
        empty = int(table.count(where=table.eind == table.begin).execute())
    return RowCount(read + refused, refused, gone, empty, read - gone - empty)


def without(tables: Mapping[str, ir.Table], gone: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """Return the tables without the rows of which `gone` has the numbers."""
    return {
        naam: table.anti_join(gone[naam], ROW).select(*table.columns) if naam in gone else table
        for naam, table in tables.items()
    }

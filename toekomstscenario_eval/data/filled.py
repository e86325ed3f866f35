"""Columns that were delivered and hold nothing: no value in any row is not 'no' in every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import ibis.expr.types as ir

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema

# Of fewer rows all can be empty by chance.
_LEAST = 20
# What may be empty everywhere: what still runs, and to whom or what a score does not refer.
_MAY_BE_EMPTY = frozenset({"eind", "persoon_id", "item", "informant"})
CHILD = "kind"


def asked(needed: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the needed columns that can be empty in a row, and say nothing when they are so in every row."""
    tables = load_schema().tabellen
    for table, columns in needed.items():
        optional = {field.naam for field in tables[table].fields if not field.required}
        yield from ((table, k) for k in columns if k in optional - _MAY_BE_EMPTY)


def holders(table: ir.Table, column: str) -> ir.Table:
    """Return the rows of which a value is expected: of a reason the spells that ended, of a year children."""
    if column == "reden_einde":
        return table.filter(table.eind.notnull())
    if column == "geboortejaar" and "rol" in table.columns:
        return table.filter(table.rol == CHILD)
    return table


def empty(package: Package, needed: Mapping[str, tuple[str, ...]]) -> str:
    """Return which needed columns hold nothing although values are expected; empty text when none."""
    gone = [spot for spot in asked(needed) if _is_empty(package, *spot)]
    return "; ".join(reason(*spot) for spot in gone)


def reason(table: str, column: str) -> str:
    """Return what is said of a column without values."""
    return f"in de tabel {table} is overal leeg: {column}"


def _is_empty(package: Package, table: str, column: str) -> bool:
    key = ("gevuld", table, column)
    if key not in package.memory:
        found = package.tabellen.get(table)
        if found is None or column not in package.raw[table].columns:
            return False
        rows = holders(found, column)
        many, filled = rows.aggregate(many=rows.count(), filled=rows[column].count()).execute().iloc[0]
        package.memory[key] = bool(many >= _LEAST and filled == 0)
    is_empty: bool = package.memory[key]
    return is_empty

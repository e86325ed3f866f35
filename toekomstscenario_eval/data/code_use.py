"""Which codes a query names: every text that is compared with a column that has a code list.

Read from the query itself, so that it does not matter where the text comes from: the indicator, a helper,
a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ibis.expr.operations as ops
import ibis.expr.types as ir

from toekomstscenario_eval.data.schema import Field, load_schema


@dataclass(frozen=True, order=True)
class UnknownCode:
    """A code that a query compares with a column, and that does not stand in the list of that column."""

    tabel: str
    kolom: str
    code: str


def field(table: str, column: str) -> Field | None:
    """Return a column of the contract; None when it has none of that name."""
    schema = load_schema().tabellen.get(table)
    return next((v for v in schema.fields if v.naam == column), None) if schema else None


def code_list(table: str, column: str) -> tuple[str, ...]:
    """Return the codes that a column may hold; empty when it has no list."""
    entry = field(table, column)
    return load_schema().codelists[entry.codelijst].codes if entry and entry.codelijst else ()


def unknown_codes(vraag: ir.Table) -> list[UnknownCode]:
    """Return the codes in a query over tables of the contract that do not exist, each once and in order.

    Follows a column through selections, joins, unions, aggregates and conditions to where it was delivered.
    """
    out, sources = set(), _Sources()
    for node in vraag.op().find(ops.Value):
        sides = _compared(node)
        codes = [k.value for k in sides if isinstance(k, ops.Literal) and isinstance(k.value, str)]
        if codes:
            for table, column in {spot for side in sides for spot in sources[side]}:
                listing = code_list(table, column)
                out |= {UnknownCode(table, column, code) for code in codes if listing and code not in listing}
    return sorted(out)


def _compared(node: ops.Value) -> tuple[ops.Value, ...]:
    """Return what a value compares with each other; nothing for one that compares nothing."""
    match node:
        case ops.Comparison():
            return (node.left, node.right)
        case ops.NullIf():
            return (node.arg, node.null_if_expr)
        case ops.InValues():
            return (node.value, *node.options)
        case ops.SimpleCase():
            return (node.base, *node.cases)
    return ()


def _handed_on(waarde: ops.Value) -> list[ops.Value]:
    """Return the parts of a value whose text it may hold: a condition decides on it, and is no part of it."""
    match waarde:
        case ops.SimpleCase():
            parts: tuple[object, ...] = (waarde.results, waarde.default)
        case ops.WindowFunction():
            parts = (waarde.func,)
        case _:
            parts = waarde.args if waarde.dtype.is_string() else ()
    flat = [d for part in parts for d in (part if isinstance(part, tuple) else (part,))]
    return [d for d in flat if isinstance(d, ops.Value) and d.dtype.is_string()]


class _Sources(dict[ops.Value, frozenset[tuple[str, str]]]):
    """The delivered columns, table and name, whose text a value may hold; looked up once for each value."""

    def __missing__(self, waarde: ops.Value) -> frozenset[tuple[str, str]]:
        out = self[waarde] = (
            self._behind(waarde.rel, waarde.name)
            if isinstance(waarde, ops.Field)
            else self._all(_handed_on(waarde))
        )
        return out

    def _all(self, parts: Iterable[ops.Value]) -> frozenset[tuple[str, str]]:
        return frozenset().union(*(self[part] for part in parts))

    def _behind(self, rel: ops.Relation, naam: str) -> frozenset[tuple[str, str]]:
        if isinstance(rel, ops.PhysicalTable):
            return frozenset({(rel.name, naam)})
        if isinstance(rel, ops.SelfReference):
            return self[ops.Field(rel.parent, naam)]
        parts = (rel.left, rel.right) if isinstance(rel, ops.Set) else ()
        return self._all(ops.Field(part, naam) for part in parts) if parts else self[rel.values[naam]]

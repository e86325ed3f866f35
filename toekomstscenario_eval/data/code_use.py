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


def field(tabel: str, kolom: str) -> Field | None:
    """Return a column of the contract; None when it has none of that name."""
    schema = load_schema().tabellen.get(tabel)
    return next((v for v in schema.velden if v.naam == kolom), None) if schema else None


def code_list(tabel: str, kolom: str) -> tuple[str, ...]:
    """Return the codes that a column may hold; empty when it has no list."""
    veld = field(tabel, kolom)
    return load_schema().codelijsten[veld.codelijst].codes if veld and veld.codelijst else ()


def unknown_codes(vraag: ir.Table) -> list[UnknownCode]:
    """Return the codes in a query over tables of the contract that do not exist, each once and in order.

    Follows a column through selections, joins, unions, aggregates and conditions to where it was delivered.
    """
    uit, sources = set(), _Sources()
    for knoop in vraag.op().find(ops.Value):
        kanten = _compared(knoop)
        codes = [k.value for k in kanten if isinstance(k, ops.Literal) and isinstance(k.value, str)]
        if codes:
            for tabel, kolom in {plek for kant in kanten for plek in sources[kant]}:
                lijst = code_list(tabel, kolom)
                uit |= {UnknownCode(tabel, kolom, code) for code in codes if lijst and code not in lijst}
    return sorted(uit)


def _compared(knoop: ops.Value) -> tuple[ops.Value, ...]:
    """Return what a value compares with each other; nothing for one that compares nothing."""
    match knoop:
        case ops.Comparison():
            return (knoop.left, knoop.right)
        case ops.NullIf():
            return (knoop.arg, knoop.null_if_expr)
        case ops.InValues():
            return (knoop.value, *knoop.options)
        case ops.SimpleCase():
            return (knoop.base, *knoop.cases)
    return ()


def _handed_on(waarde: ops.Value) -> list[ops.Value]:
    """Return the parts of a value whose text it may hold: a condition decides on it, and is no part of it."""
    match waarde:
        case ops.SimpleCase():
            delen: tuple[object, ...] = (waarde.results, waarde.default)
        case ops.WindowFunction():
            delen = (waarde.func,)
        case _:
            delen = waarde.args if waarde.dtype.is_string() else ()
    plat = [d for deel in delen for d in (deel if isinstance(deel, tuple) else (deel,))]
    return [d for d in plat if isinstance(d, ops.Value) and d.dtype.is_string()]


class _Sources(dict[ops.Value, frozenset[tuple[str, str]]]):
    """The delivered columns, table and name, whose text a value may hold; looked up once for each value."""

    def __missing__(self, waarde: ops.Value) -> frozenset[tuple[str, str]]:
        uit = self[waarde] = (
            self._behind(waarde.rel, waarde.name)
            if isinstance(waarde, ops.Field)
            else self._all(_handed_on(waarde))
        )
        return uit

    def _all(self, delen: Iterable[ops.Value]) -> frozenset[tuple[str, str]]:
        return frozenset().union(*(self[deel] for deel in delen))

    def _behind(self, rel: ops.Relation, naam: str) -> frozenset[tuple[str, str]]:
        if isinstance(rel, ops.PhysicalTable):
            return frozenset({(rel.name, naam)})
        if isinstance(rel, ops.SelfReference):
            return self[ops.Field(rel.parent, naam)]
        delen = (rel.left, rel.right) if isinstance(rel, ops.Set) else ()
        return self._all(ops.Field(deel, naam) for deel in delen) if delen else self[rel.values[naam]]

"""Expressions that several rules share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import Field, TableSchema, load_schema

# Stands for "still running" inside a comparison.
NEVER = date(9999, 12, 31)


@ibis.udf.agg.builtin(name="min")  # type: ignore[untyped-decorator, unused-ignore]
def smallest(row: dt.int64, aantal: dt.int64) -> dt.Array[dt.int64]:
    """Return the `aantal` smallest row numbers (null when there are none)."""


@dataclass(frozen=True)
class Column:
    """A delivered column of the contract, as delivered (`raw`) and typed (`waarde`)."""

    tabel: str
    veld: Field
    rows_raw: ir.Table
    rijen: ir.Table

    @property
    def raw(self) -> ir.Column:
        """The column as delivered."""
        return self.rows_raw[self.veld.naam]

    @property
    def waarde(self) -> ir.Column:
        """The typed column; null where the delivered value could not be parsed."""
        return self.rijen[self.veld.naam]


def delivered(package: Package) -> Iterator[TableSchema]:
    """Yield the tables of the contract that the package holds, in the order of the contract."""
    for schema in load_schema().tabellen.values():
        if schema.naam in package.raw:
            yield schema


def columns(package: Package) -> Iterator[Column]:
    """Yield the delivered columns of the contract."""
    for schema in delivered(package):
        raw = package.raw[schema.naam]
        for field in schema.fields:
            if field.naam in raw.columns:
                yield Column(schema.naam, field, raw, package.tabellen[schema.naam])


def filled(column: ir.Column) -> ir.BooleanValue:
    """Return whether a delivered cell holds something."""
    empty = column.isnull()
    # Only text can be empty without being null. (Comparing the text of a moment in time with a
    # constant makes the engine read the constant as a moment.)
    return cast(ir.BooleanValue, ~(empty | (column == "") if column.type().is_string() else empty))


def repeated(table: ir.Table, columns: Sequence[str]) -> ir.Table:
    """Return every row whose values in `columns` occur more than once; nulls equal nulls.

    Looks for them at once; what it returns is empty or a question about the few rows that are left.
    """
    # Equal rows have the same hash, and sorting numbers takes a fraction of the time of counting values.
    having = table.mutate(hash=ibis.struct({k: table[k] for k in columns}).hash())
    hashes = np.sort(having.select("hash").to_pyarrow()["hash"].to_numpy())
    more_often_seen = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not len(more_often_seen):
        return table.limit(0)
    clashes = ibis.memtable({"hash": more_often_seen})
    possible = having.semi_join(clashes, "hash").select(*table.columns)
    groepen = possible.group_by(list(columns)).agg(keer=possible.count())
    more_often = groepen.filter(groepen.keer > 1)
    return possible.semi_join(more_often, [possible[k].identical_to(more_often[k]) for k in columns])


def households(package: Package) -> ir.Table:
    """Return `huishouden_id, van, tot`: one row per household even if its key was delivered twice."""
    h = package.tabellen["huishouden"]
    return h.group_by("huishouden_id").agg(van=h.begin.min(), tot=h.eind.fill_null(NEVER).max())


def persons(package: Package) -> ir.Table:
    """Return `persoon_id, huis, kind, jaar`: one row per person even if the key was delivered twice."""
    p = package.tabellen["persoon"]
    return p.group_by("persoon_id").agg(
        huis=p.huishouden_id.min(), kind=(p.rol == "kind").max(), jaar=p.geboortejaar.max()
    )


def ranges(package: Package) -> ir.Table:
    """Return what is said of each item of a scale, once: its keys, `minimum`, `maximum` and `richting`.

    The score of a scale itself has an empty item; of an item that is described twice the widest range counts.
    """
    s = package.tabellen["schaal_item"]
    told = s.mutate(item=s.item.fill_null(""))
    return told.group_by(["instrument", "schaal", "item"]).agg(
        minimum=told.minimum.min(), maximum=told.maximum.max(), richting=told.richting.max()
    )

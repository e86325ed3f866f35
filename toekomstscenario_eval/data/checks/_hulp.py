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
NOOIT = date(9999, 12, 31)


@ibis.udf.agg.builtin(name="min")  # type: ignore[untyped-decorator, unused-ignore]
def smallest(rij: dt.int64, aantal: dt.int64) -> dt.Array[dt.int64]:
    """Return the `aantal` smallest row numbers (null when there are none)."""


@dataclass(frozen=True)
class Kolom:
    """A delivered column of the contract, as delivered (`ruw`) and typed (`waarde`)."""

    tabel: str
    veld: Field
    rijen_ruw: ir.Table
    rijen: ir.Table

    @property
    def ruw(self) -> ir.Column:
        """The column as delivered."""
        return self.rijen_ruw[self.veld.naam]

    @property
    def waarde(self) -> ir.Column:
        """The typed column; null where the delivered value could not be parsed."""
        return self.rijen[self.veld.naam]


def delivered(pakket: Package) -> Iterator[TableSchema]:
    """Yield the tables of the contract that the package holds, in the order of the contract."""
    for schema in load_schema().tabellen.values():
        if schema.naam in pakket.ruw:
            yield schema


def columns(pakket: Package) -> Iterator[Kolom]:
    """Yield the delivered columns of the contract."""
    for schema in delivered(pakket):
        ruw = pakket.ruw[schema.naam]
        for veld in schema.velden:
            if veld.naam in ruw.columns:
                yield Kolom(schema.naam, veld, ruw, pakket.tabellen[schema.naam])


def filled(kolom: ir.Column) -> ir.BooleanValue:
    """Return whether a delivered cell holds something."""
    leeg = kolom.isnull()
    # Only text can be empty without being null. (Comparing the text of a moment in time with a
    # constant makes the engine read the constant as a moment.)
    return cast(ir.BooleanValue, ~(leeg | (kolom == "") if kolom.type().is_string() else leeg))


def repeated(tabel: ir.Table, kolommen: Sequence[str]) -> ir.Table:
    """Return every row whose values in `kolommen` occur more than once; nulls equal nulls.

    Looks for them at once; what it returns is empty or a question about the few rows that are left.
    """
    # Equal rows have the same hash, and sorting numbers takes a fraction of the time of counting values.
    met = tabel.mutate(hash=ibis.struct({k: tabel[k] for k in kolommen}).hash())
    hashes = np.sort(met.select("hash").to_pyarrow()["hash"].to_numpy())
    vaker_gezien = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not len(vaker_gezien):
        return tabel.limit(0)
    botst = ibis.memtable({"hash": vaker_gezien})
    mogelijk = met.semi_join(botst, "hash").select(*tabel.columns)
    groepen = mogelijk.group_by(list(kolommen)).agg(keer=mogelijk.count())
    vaker = groepen.filter(groepen.keer > 1)
    return mogelijk.semi_join(vaker, [mogelijk[k].identical_to(vaker[k]) for k in kolommen])


def households(pakket: Package) -> ir.Table:
    """Return `huishouden_id, van, tot`: one row per household even if its key was delivered twice."""
    h = pakket.tabellen["huishouden"]
    return h.group_by("huishouden_id").agg(van=h.begin.min(), tot=h.eind.fill_null(NOOIT).max())


def persons(pakket: Package) -> ir.Table:
    """Return `persoon_id, huis, kind, jaar`: one row per person even if the key was delivered twice."""
    p = pakket.tabellen["persoon"]
    return p.group_by("persoon_id").agg(
        huis=p.huishouden_id.min(), kind=(p.rol == "kind").max(), jaar=p.geboortejaar.max()
    )

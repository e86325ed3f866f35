"""Shape shared by the unit rows of every indicator."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

BUITEN_VENSTER = "geen dag in het venster"


def with_exclusions(rijen: ir.Table, *uitgesloten: tuple[ir.Table, str]) -> ir.Table:
    """Add excluded units to the unit rows, each with the reason in the column `uitsluiting`.

    Every excluded table holds `huishouden_id` and may hold any other column of `rijen`; what it
    lacks is null. Rows that count have a null reason.
    """
    uit = rijen.mutate(uitsluiting=ibis.null("string"))
    schema = uit.schema()
    for tabel, reden in uitgesloten:
        aangevuld = tabel.select(
            **{
                k: tabel[k].cast(schema[k]) if k in tabel.columns else ibis.null(schema[k])
                for k in schema
                if k != "uitsluiting"
            },
            uitsluiting=ibis.literal(reden),
        )
        uit = uit.union(aangevuld)
    return uit


def absent(huishouden: ir.Table, aanwezig: ir.Table) -> ir.Table:
    """Return the households without a day in the window."""
    return huishouden.anti_join(aanwezig, "huishouden_id").select("huishouden_id")


def count_distinct(tabel: ir.Table, sleutel: str, wat: str) -> ir.Table:
    """Return `sleutel, aantal`: the number of different values of `wat` per key, zero when all are null.

    In two steps, which of very many keys takes far less time than a set of values for each.
    """
    uniek = tabel.select(sleutel, wat).distinct()
    return uniek.group_by(sleutel).agg(aantal=uniek[wat].count())

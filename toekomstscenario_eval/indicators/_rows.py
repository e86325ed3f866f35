"""Shape shared by the unit rows of every indicator."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

OUTSIDE_VENSTER = "geen dag in het venster"


def with_exclusions(rows: ir.Table, *excluded: tuple[ir.Table, str]) -> ir.Table:
    """Add excluded units to the unit rows, each with the reason in the column `uitsluiting`.

    Every excluded table holds `huishouden_id` and may hold any other column of `rows`; what it
    lacks is null. Rows that count have a null reason.
    """
    out = rows.mutate(uitsluiting=ibis.null("string"))
    schema = out.schema()
    for table, reden in excluded:
        completed = table.select(
            **{
                k: table[k].cast(schema[k]) if k in table.columns else ibis.null(schema[k])
                for k in schema
                if k != "uitsluiting"
            },
            uitsluiting=ibis.literal(reden),
        )
        out = out.union(completed)
    return out


def absent(huishouden: ir.Table, aanwezig: ir.Table) -> ir.Table:
    """Return the households without a day in the window."""
    return huishouden.anti_join(aanwezig, "huishouden_id").select("huishouden_id")


def count_distinct(table: ir.Table, key: str, what: str) -> ir.Table:
    """Return the key and `aantal`: the number of different values of `what` per key, zero when all are null.

    In two steps, which of very many keys takes far less time than a set of values for each.
    """
    unique = table.select(key, what).distinct()
    return unique.group_by(key).agg(aantal=unique[what].count())

"""Cells of what describes households: those with each characteristic of the card, and n: all that count."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.summaries.cells._lines import HOUSE, Grid, line
from toekomstscenario_eval.types import Card


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household has; all that count are a cell too, for where nobody has anything."""
    del card, kap
    having = rows.filter(rows.kenmerk.notnull()).select(*HOUSE, "kenmerk").distinct()
    every = rows.select(*HOUSE).distinct()
    one = ibis.literal(1, "int64")
    return [line(having, having.kenmerk, 0, one), line(every, "n", 0, one)]


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name: a household has it or not."""
    del card, kap
    return {}

"""Cells of what describes households: the households with each characteristic of the card."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.summaries.cells._lines import HOUSE, Grid, line
from toekomstscenario_eval.types import Card


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household has; who has none of them counts among everybody only."""
    del card, kap
    having = rows.filter(rows.kenmerk.notnull()).select(*HOUSE, "kenmerk").distinct()
    return [line(having, having.kenmerk, 0, ibis.literal(1, "int64"))]


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name: a household has it or not."""
    del card, kap
    return {}

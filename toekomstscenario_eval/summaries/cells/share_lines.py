"""Cells of shares: households with at least k in the teller (t), the rest (r) and the noemer (n)."""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.summaries.cells._lines import HOUSE, Grid, floored, line
from toekomstscenario_eval.types import Card


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household counts."""
    per = rows.group_by(HOUSE).agg(t=rows.teller.sum(), n=rows.noemer.sum())
    per = per.mutate(r=per.n - per.t)
    return [line(per, k, 0, floored(per[k], card.stap, kap)) for k in ("t", "r", "n")]


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name."""
    return dict.fromkeys(("t", "r", "n"), Grid(ladder(card.stap, kap)))

"""Cells of counts per unit.

a: households with at least k units that count x or more; u: with at least k units; of a rate also b: with at
least k days of exposure, and ab: with a product of count and days of at least k.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir

from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.summaries.cells._lines import HOUSE, Grid, downward, floored, line
from toekomstscenario_eval.types import Card

_RATE = "per_blootstelling"


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household counts."""
    per = rows.group_by(HOUSE).agg(u=rows.count(), a=rows.aantal.sum(), b=rows.blootstelling.sum())
    out = [line(per, "u", 0, floored(per.u, 1, kap))]
    if any((maat.schatter or naam) == _RATE for naam, maat in card.maten.items()):
        out.append(line(per, "b", 0, floored(per.b, 30, kap)))
        out.append(line(per, "ab", 0, floored(per.a * per.b, 1, kap)))
    step = rows.select(*HOUSE, x=floored(rows.aantal, 1, kap))
    return [*out, *downward(step, "a")]


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name."""
    del card
    whole = Grid(ladder(1, kap))
    return {"u": whole, "ab": whole, "b": Grid(ladder(30, kap)), "a": Grid(None, ladder(1, 0))}

"""Cells of durations, by grid day x.

u: households with at least k spells; risico: with at least k spells at risk after day x; einde_<c>: with at
least k spells ended by cause c, by day x.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.grids import duration_days
from toekomstscenario_eval.summaries.cells._lines import HOUSE, Grid, line
from toekomstscenario_eval.types import Card


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household counts."""
    del kap
    u = rows.group_by(HOUSE).agg(u=rows.count())
    days = ibis.memtable({"x": list(duration_days(card.horizon))}).mutate(x=ibis._.x.cast("int64"))
    at = rows.cross_join(days)
    causes = {f"einde_{c}": c for c in (card.oorzaken or (1,))}
    gone = {naam: ((at.duur <= at.x) & (at.einde == c)).sum() for naam, c in causes.items()}
    per = at.group_by([*HOUSE, "x"]).agg(risico=((at.instroom <= at.x) & (at.x < at.duur)).sum(), **gone)
    return [line(u, "u", 0, u.u), *(line(per, naam, per.x, per[naam]) for naam in ("risico", *causes))]


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name: every whole number."""
    del card, kap
    return {}

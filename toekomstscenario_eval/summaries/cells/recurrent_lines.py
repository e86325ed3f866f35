"""Cells of what can happen more than once, by grid day x.

u: households with at least k records; begin: with at least k records entered by day x; risico: with at least
k records under observation after day x; gebeurd: with at least k events by day x. Over all days a: with at
least x events (k = 1); of a rate also b: with at least k days of observation, and ab: with a product of
events and days of at least k.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.grids import duration_days, ladder
from toekomstscenario_eval.summaries.cells._lines import HOUSE, Grid, downward, floored, line, upward
from toekomstscenario_eval.types import Card

_RATE = "per_jaar"
_IN, _OUT, _EVENT = -1, 0, 1


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household counts."""
    inside, gone, event = ((rows.soort == s).cast("int64") for s in (_IN, _OUT, _EVENT))
    per = rows.group_by(HOUSE).agg(u=inside.sum(), a=event.sum(), b=(rows.dag * (gone - inside)).sum())
    days = duration_days(card.horizon)
    on_grid = ibis.cases(*((rows.dag <= day, day) for day in days), else_=None).cast("int64")
    counted = {"begin": inside, "risico": inside - gone, "gebeurd": event}
    at = rows.select(*HOUSE, x=on_grid, **counted)
    steps = (
        at.filter(at.x.notnull()).group_by([*HOUSE, "x"]).agg(**{naam: at[naam].sum() for naam in counted})
    )
    out = [line(per, "u", 0, per.u), *downward(per.select(*HOUSE, x=floored(per.a, 1, kap)), "a")]
    if any((maat.schatter or naam) == _RATE for naam, maat in card.maten.items()):
        out.append(line(per, "b", 0, floored(per.b, 30, kap)))
        out.append(line(per, "ab", 0, floored(per.a * per.b, 1, kap)))
    for naam in counted:
        out += upward(steps.select(*HOUSE, "x", c=naam), naam)
    return out


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name."""
    by_day = Grid(up=duration_days(card.horizon))
    return {
        "a": Grid(None, ladder(1, 0)),
        "b": Grid(ladder(30, kap)),
        "ab": Grid(ladder(1, kap)),
        **dict.fromkeys(("begin", "risico", "gebeurd"), by_day),
    }

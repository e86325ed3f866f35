"""Cells of units by items, x in steps of the card.

u: households with at least k units; items: with a unit of at least k items. Further households with at least
k units that count x or more: item_<i> the answer to an item, som the sum T of the answers, and afwijking_<i>
k times the answer less T, for k items: how far an item lies from the rest. With more than two items also
spreiding: k times the sum of squares less T squared, what the answers of one unit differ. Of two items the
deviations are each other's opposite, and only the first is counted: the difference of the two.

What lies below zero has a name of its own, with `_onder`: households with minus x or less. Items go by their
rank by name: no name of an item leaves.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.grids import ITEM_BANDS, POINT, item_ladder
from toekomstscenario_eval.summaries.cells._lines import HOUSE, Grid, banded, downward_by_name, line
from toekomstscenario_eval.summaries.kinds import complete
from toekomstscenario_eval.types import Card

BELOW = "_onder"
_NAMED = [*HOUSE, "naam", "x"]


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household counts."""
    del kap
    steps = (rows.waarde.cast("float64") * POINT / card.stap).round().cast("int64")
    answers = complete(rows.select(*HOUSE, "eenheid", "item", x=steps))
    rank = answers.select("item").distinct().mutate(rang=ibis.dense_rank().over(ibis.window(order_by="item")))
    answers = answers.join(rank.mutate(rang=(rank.rang + 1).cast("string")), "item")
    per = answers.group_by([*HOUSE, "eenheid"]).agg(
        t=answers.x.sum(), tt=(answers.x * answers.x).sum(), k=answers.count()
    )
    units = per.group_by(HOUSE).agg(u=per.count(), k=per.k.max())
    steps = reversed_too(_counted(answers, per))
    return [
        line(units, "u", 0, units.u),
        line(units, "items", 0, units.k),
        *downward_by_name(steps.mutate(x=banded(steps.x, ITEM_BANDS))),
    ]


def _counted(answers: ir.Table, per: ir.Table) -> ir.Table:
    """Return `HOUSE`, `naam` and x of every quantity of every unit."""
    at = answers.join(per.select("eenheid", "t", "k"), "eenheid")
    apart = at.filter((at.k > 2) | (at.rang == "1"))
    many = per.filter(per.k > 2)
    pieces = [
        answers.select(*HOUSE, naam=ibis.literal("item_") + answers.rang, x=answers.x),
        apart.select(*HOUSE, naam=ibis.literal("afwijking_") + apart.rang, x=apart.k * apart.x - apart.t),
        per.select(*HOUSE, naam=ibis.literal("som"), x=per.t),
        many.select(*HOUSE, naam=ibis.literal("spreiding"), x=many.k * many.tt - many.t * many.t),
    ]
    return ibis.union(*(p.cast({"x": "int64"}).select(*_NAMED) for p in pieces), distinct=False)


def reversed_too(steps: ir.Table) -> ir.Table:
    """Return the same rows, those below zero under a name of their own and as a number above it."""
    under = (steps.x < 0).ifelse(BELOW, "")
    return steps.mutate(naam=steps.naam + under, x=steps.x.abs())


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name, the empty name for all that are not named here."""
    del card, kap
    return {"": Grid(None, item_ladder()), **dict.fromkeys(("h", "u", "items"), Grid())}

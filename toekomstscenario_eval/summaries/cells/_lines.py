"""What every kind counts households with: steps of k, one row per household, and the halves of its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import cast

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.grids import BANDS, ladder
from toekomstscenario_eval.summaries.kinds import CELL

# The two halves of a record key, as columns of the table of keys.
HALVES = ("boven", "onder")
KEY = "sleutel"
EVERYBODY = "h"
HOUSE = [CELL, "huishouden_id", *HALVES]


@dataclass(frozen=True)
class Grid:
    """On which points the cells of one name stand.

    Attributes
    ----------
    k : steps of "with at least k"; None: every whole number
    down : grid of x where a row also counts for every smaller x; None: each x stands for itself
    up : the same for every larger x
    """

    k: tuple[int, ...] | None = None
    down: tuple[int, ...] | None = None
    up: tuple[int, ...] | None = None


def floored(column: ir.IntegerValue, stap: int, kap: int) -> ir.IntegerValue:
    """Return the highest step of `grids.ladder` that is not above the value; 0 stays 0."""
    if stap == 1:
        return banded(column, BANDS)
    more = ibis.least(kap + (column - kap) - (column - kap) % stap, ladder(stap, kap)[-1])
    step = ibis.cases(
        (column == kap, kap),
        (column > kap + stap - 1, more),
        (column > kap, kap + 1),
        (column < stap, 1),
        else_=column - column % stap,
    )
    return cast(ir.IntegerValue, ibis.cases((column <= 0, 0), else_=step).cast("int64"))


def banded(column: ir.IntegerValue, bands: Sequence[tuple[int, int]]) -> ir.IntegerValue:
    """Return the highest step of these bands that is not above the value; 0 stays 0."""
    # At a border of two bands the step is that border, until the first whole one of the wider band.
    borders = zip(bands, (0, *(top for top, _ in bands)), strict=False)
    step = ibis.cases(
        *((column <= top, ibis.greatest(column - column % width, low)) for (top, width), low in borders),
        else_=bands[-1][0],
    )
    return cast(ir.IntegerValue, ibis.cases((column <= 0, 0), else_=step).cast("int64"))


def line(
    table: ir.Table, naam: ir.Value | str, x: ir.Value | int, waarde: ir.Value, sign: int = 1
) -> ir.Table:
    """Return one row per household of the histogram; without what is zero."""
    rows = table.select(
        *HOUSE,
        naam=ibis.literal(naam) if isinstance(naam, str) else naam,
        x=(ibis.literal(x) if isinstance(x, int) else x).cast("int64"),
        waarde=waarde.cast("int64"),
        teken=ibis.literal(sign, "int64"),
    )
    return rows.filter(rows.waarde > 0)


def downward(steps: ir.Table, naam: str) -> list[ir.Table]:
    """Return how many units of each household count x or more.

    Parameters
    ----------
    steps : Table
        One row per unit: `HOUSE`, and x as a step of the grid; what is zero has none.
    """
    return downward_by_name(steps.mutate(naam=ibis.literal(naam)))


def downward_by_name(steps: ir.Table) -> list[ir.Table]:
    """Return the same of rows that say in `naam` what they count."""
    counted = steps.filter(steps.x > 0).group_by([*HOUSE, "naam", "x"]).agg(c=lambda t: t.count())
    # From the highest step down: how many units of the household count at least that much. The next step
    # down starts where this one ends, so that the row is taken back there.
    own = [CELL, "huishouden_id", "naam"]
    down = ibis.window(group_by=own, order_by=ibis.desc("x"), preceding=None, following=0)
    lower = ibis.window(group_by=own, order_by=ibis.desc("x"))
    at = counted.mutate(s=counted.c.sum().over(down), lager=counted.x.lead().over(lower))
    low = at.filter(at.lager.notnull())
    return [line(at, at.naam, at.x, at.s), line(low, low.naam, low.lager, low.s, -1)]


def upward(steps: ir.Table, naam: str) -> list[ir.Table]:
    """Return how many each household counts from x on, until its next row.

    Parameters
    ----------
    steps : Table
        `HOUSE`, x as a point of the grid, once per household, and c: how many more than before (or fewer).
    """
    until = ibis.window(group_by=[CELL, "huishouden_id"], order_by="x", preceding=None, following=0)
    some = steps.filter(steps.c != 0)
    at = some.mutate(s=some.c.sum().over(until))
    return [line(at, naam, at.x, at.s), line(at, naam, at.x, at.s - at.c, -1)]


def added(lines: Sequence[ir.Table]) -> ir.Table:
    """Return households, and the sums of the halves of their keys, by what they count."""
    together = reduce(partial(ir.Table.union, distinct=False), lines)
    return together.group_by([CELL, "naam", "x", "waarde", "teken"]).agg(
        n=together.count(), **{half: together[half].sum() for half in HALVES}
    )

"""Cells of scores, x in finest steps of the card.

u: households with at least k units; w: with at least k units that score x or more, and w_onder: minus x or
less. Where the change counts also p: households with at least k units with a value before; v and v_onder: the
same of that value, and d and d_onder of value minus value before.

A score is rounded to a step of the grid, up as likely as it lies near the next: then no score is off on
average, whatever it is that scores are multiples of. The chance comes from the key of the household, so that
the same score of it is always rounded alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.grids import SCORE_BANDS, score_ladder
from toekomstscenario_eval.identity import PAIRED
from toekomstscenario_eval.summaries.cells._lines import HALVES, HOUSE, Grid, downward, line
from toekomstscenario_eval.summaries.kinds import whole
from toekomstscenario_eval.types import Card

BELOW = "_onder"
_HALF = 2**32


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household counts."""
    del kap
    per = rows.group_by(HOUSE).agg(u=rows.count(), p=rows.voor.count())
    scores = rows.select(*HOUSE, v=whole(rows.voor), w=whole(rows.waarde)).mutate(d=ibis._.w - ibis._.v)
    out = [line(per, "u", 0, per.u), *_both_sides(scores, "w", card.stap)]
    if _paired(card):
        out += [line(per, "p", 0, per.p), *_both_sides(scores, "v", card.stap)]
        out += _both_sides(scores, "d", card.stap)
    return out


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name."""
    del kap
    names = ("w", "v", "d") if _paired(card) else ("w",)
    return dict.fromkeys((n + side for n in names for side in ("", BELOW)), Grid(None, score_ladder()))


def _both_sides(scores: ir.Table, naam: str, stap: int) -> list[ir.Table]:
    known = scores.filter(scores[naam].notnull())
    out = []
    for side, sign in (("", 1), (BELOW, -1)):
        away = ibis.greatest(known[naam] * sign, 0)
        out += downward(known.select(*HOUSE, x=rounded(away, known[HALVES[1]], stap)), naam + side)
    return out


def rounded(score: ir.IntegerValue, chance: ir.IntegerValue, stap: int) -> ir.IntegerValue:
    """Return the step of the ladder of scores that a score of at least 0 is rounded to, up or down by chance.

    Parameters
    ----------
    score : integer column
        In millionths of a point.
    chance : integer column
        A number from 0 up to 2^32, any as likely.
    stap : int
        The finest step, in millionths of a point.
    """
    lower = (0, *(top for top, _ in SCORE_BANDS))
    steps = []
    for low, (top, width) in zip(lower, SCORE_BANDS, strict=False):
        wide = width * stap
        above = (score - low * stap) % wide
        up = (above * _HALF + chance * wide >= wide * _HALF).cast("int64")
        # Whole already: what is left after the part above the step is a multiple of the finest one.
        steps.append((score < top * stap, (score - above) // stap + up * width))
    return cast(ir.IntegerValue, ibis.cases(*steps, else_=SCORE_BANDS[-1][0]).cast("int64"))


def _paired(card: Card) -> bool:
    """Return whether any estimand needs the value before."""
    return any((maat.schatter or naam) in PAIRED for naam, maat in card.maten.items())

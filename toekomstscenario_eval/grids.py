"""The grids on which households are counted: public, fixed by the card and the window, never by the data."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

# Days that cards name as a horizon; they stand on every grid of durations, with a day every 30.
HORIZONS = (90, 180, 365, 547, 730)
STEP = 30
# Fewer under observation on some day of a curve than this is little to rest on.
SMALL_RISK_SET = 10
# Up to the first number in steps of the second: what a household counts in, and how coarse it is told.
BANDS = (
    (50, 1),
    (200, 5),
    (1_000, 25),
    (10_000, 100),
    (100_000, 1_000),
    (1_000_000, 10_000),
    (10_000_000, 100_000),
)
_PERSONS = 12
# The same of a score, in its finest steps: half points to 10, whole ones to 20, and so on to 1,000.
SCORE_BANDS = ((20, 1), (40, 2), (100, 5), (200, 10), (400, 20), (2_000, 100))
# The same of answers to items, of their sum, of how far they lie apart and of squares of that: in steps of
# the card, below zero as above.
ITEM_BANDS = ((100, 1), (400, 5), (2_000, 25), (10_000, 100), (100_000, 1_000), (1_000_000, 10_000))
# Scores are whole millionths, so that sums are the same in any order and a point is exactly a point.
POINT = 1_000_000


@cache
def ladder(stap: int, kap: int) -> tuple[int, ...]:
    """Return the values k of "households with at least k", in order.

    Parameters
    ----------
    stap : int
        1: every number up to 50, then wider steps; 30: days, every 30.
    kap : int
        Length of the window in days, where many households are when `stap` is 30: a step of its own.
        Beyond it lies who brings the days of more than one person.
    """
    if stap > 1:
        beyond = range(kap + stap, _PERSONS * kap + 1, stap)
        return (*(k for k in (1, *range(stap, kap, stap)) if k < kap), kap, kap + 1, *beyond)
    return _banded(BANDS)


@cache
def score_ladder() -> tuple[int, ...]:
    """Return on which values above zero scores are counted, in their finest steps; below zero the same."""
    return _banded(SCORE_BANDS)


@cache
def item_ladder() -> tuple[int, ...]:
    """Return on which values above zero answers to items are counted, in steps of the card."""
    return _banded(ITEM_BANDS)


def _banded(bands: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    lower = (0, *(top for top, _ in bands))
    return tuple(
        k for low, (top, width) in zip(lower, bands, strict=False) for k in range(low + width, top + 1, width)
    )


def middles(steps: tuple[int, ...]) -> NDArray[np.float64]:
    """Return what a household counts as that lies between a step and the next: the middle; shape as `steps`.

    Values are whole. The last step stands for itself.
    """
    low = np.array(steps, dtype=np.float64)
    high = np.append(low[1:] - 1, low[-1])
    return np.asarray((low + high) / 2)


@cache
def duration_days(horizon: int) -> tuple[int, ...]:
    """Return the days on which durations are counted: every 30 and those named, to two years or `horizon`."""
    top = max(horizon, HORIZONS[-1])
    days = {*range(0, top + 1, STEP), *(h for h in HORIZONS if h <= top), horizon}
    return tuple(sorted(days))

"""Figures with their intervals from rows of households, written out from the formulas.

Intervals are two-sided, 95%. Of fewer than two households there is no figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from toekomstscenario_eval.second_route.delivered import Codes, Days, Flags

_Z = NormalDist().inv_cdf(0.975)
_SLACK = float(np.sqrt(np.finfo(np.float64).eps))
_FEWEST = 2
# Households that share a team: how many times larger a variance may be for it, in halves up to ten.
_EFFECTS = tuple(half / 2 for half in range(3, 21))


@dataclass(frozen=True)
class Figure:
    """A figure with its interval (NaN: none), the households behind it, and its two counts.

    Of a duration the interval is also in `wider` for every larger design effect there may be.
    """

    waarde: float
    onder: float
    boven: float
    n: int
    teller: float
    noemer: float
    wider: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Shares:
    """Of every household that counts how many units it has, and how many of those have something."""

    house: Codes
    having: NDArray[np.int64]
    all: NDArray[np.int64]

    def only(self, members: Flags) -> Shares:
        """Return the same of these households."""
        here = members[self.house]
        return Shares(self.house[here], self.having[here], self.all[here])


@dataclass(frozen=True)
class Counts:
    """A number for every household that counts."""

    house: Codes
    count: NDArray[np.int64]

    def only(self, members: Flags) -> Counts:
        """Return the same of these households."""
        here = members[self.house]
        return Counts(self.house[here], self.count[here])


@dataclass(frozen=True)
class Spells:
    """Of every spell its household, the days since its begin at entry and exit, and whether it ended."""

    house: Codes
    entry: Days
    exit: Days
    ended: Flags

    def only(self, members: Flags) -> Spells:
        """Return the same of these households."""
        here = members[self.house]
        return Spells(self.house[here], self.entry[here], self.exit[here], self.ended[here])


def _student(freedom: float) -> float:
    # |T| <= t has the chance I(1/2, df/2) of t^2 / (df + t^2).
    part = float(betaincinv(0.5, freedom / 2, 0.95))
    return float(np.sqrt(freedom * part / (1 - part)))


def share(rows: Shares) -> Figure:
    """Return the share of all units, with Wilson's interval at the effective number of units.

    That is the number of independent units with the same variance between households, times the
    squared ratio of the t quantiles (Korn and Graubard 1998); never more than there are.
    """
    households, units, with_ = len(rows.house), float(rows.all.sum()), float(rows.having.sum())
    if households < _FEWEST or units <= 0:
        return Figure(nan, nan, nan, households, with_, units)
    p = with_ / units
    if p in (0.0, 1.0):
        independent = min(households, units)
    elif units <= 1:
        return Figure(nan, nan, nan, households, with_, units)
    else:
        apart = rows.having - p * rows.all
        seen = households / (households - 1) * float(apart @ apart) / units**2
        simple = p * (1 - p) / (units - 1)
        independent = units
        if seen > simple * 1e-9:
            narrow = (_student(units - 1) / _student(households - 1)) ** 2
            independent = min(units, units * simple / seen * narrow)
    low, high = wilson(p, independent)
    return Figure(p, low, high, households, with_, units)


def wilson(p: float, n: float) -> tuple[float, float]:
    """Return where (p - q)^2 n = z^2 q (1 - q): Wilson's bounds as roots of a quadratic."""
    a, b, c = n + _Z**2, -(2 * n * p + _Z**2), n * p * p
    root = np.sqrt(max(0.0, b * b - 4 * a * c))
    high = (-b + root) / (2 * a)
    # The product of the roots is c / a: without taking near numbers from each other.
    return float(c / (a * high)), 1.0 if p >= 1 else float(high)


def mean(rows: Counts) -> Figure:
    """Return the mean of all households, with a t interval cut off at zero."""
    n, total = len(rows.count), float(rows.count.sum())
    if n < _FEWEST:
        return Figure(nan, nan, nan, n, total, n)
    middle = total / n
    if rows.count.min() == rows.count.max():
        return Figure(middle, nan, nan, n, total, n)
    half = _student(n - 1) * float(np.std(rows.count, ddof=1)) / np.sqrt(n)
    return Figure(middle, max(0.0, middle - half), middle + half, n, total, n)


@dataclass(frozen=True)
class _Curve:
    """Kaplan-Meier on the days on which something ended, and Greenwood's sum."""

    days: Days
    survival: NDArray[np.float64]
    greenwood: NDArray[np.float64]
    first: int
    last: int


def _curve(rows: Spells) -> _Curve:
    days, ends = np.unique(rows.exit[rows.ended], return_counts=True)
    # At risk on a day: entered before it, and not gone before it.
    entered = np.searchsorted(np.sort(rows.entry), days, side="left")
    gone = np.searchsorted(np.sort(rows.exit), days, side="left")
    risk = entered - gone
    with np.errstate(divide="ignore"):
        step = ends / (risk * (risk - ends))
    return _Curve(
        days, np.cumprod(1 - ends / risk), np.cumsum(step), int(rows.entry.min()), int(rows.exit.max())
    )


def _counted(
    rows: Spells, value: float = nan, bounds: Callable[[float], tuple[float, float]] | None = None
) -> Figure:
    """Return a figure; `bounds` gives its interval at a design effect, and without there is none."""
    low, high = bounds(1.0) if bounds else (nan, nan)
    wider = tuple(bounds(effect) for effect in _EFFECTS) if bounds else ()
    households = len(np.unique(rows.house))
    return Figure(value, low, high, households, int(rows.ended.sum()), len(rows.house), wider)


def _too_few(rows: Spells) -> bool:
    return len(np.unique(rows.house)) < _FEWEST


def median(rows: Spells) -> Figure:
    """Return the day on which half had ended, and where Greenwood's bounds (log scale) cross one half."""
    if _too_few(rows):
        return _counted(rows)
    c = _curve(rows)

    def bounds(effect: float) -> tuple[float, float]:
        with np.errstate(invalid="ignore"):
            half = _Z * np.sqrt(effect * np.where(c.survival > 0, c.greenwood, np.nan))
            low, high = c.survival * np.exp(-half), np.minimum(1.0, c.survival * np.exp(half))
        return _half(low, c.days), _half(high, c.days)

    return _counted(rows, _half(c.survival, c.days), bounds)


def _half(height: NDArray[np.float64], days: Days) -> float:
    """Return the first day with one half or less; when it is just that, halfway to the next drop."""
    under = np.flatnonzero(height < 0.5 + _SLACK)
    if not len(under):
        return nan
    first = int(under[0])
    lower = under[height[under] < height[first]]
    if abs(height[first] - 0.5) < _SLACK and len(lower):
        return float(days[first] + days[lower[0]]) / 2
    return float(days[first])


def restricted(rows: Spells, horizon: int) -> Figure:
    """Return the mean up to a horizon, the area under the curve, with a normal interval inside it."""
    if _too_few(rows):
        return _counted(rows)
    c = _curve(rows)
    until = c.days <= horizon
    end = float(c.survival[until][-1]) if until.any() else 1.0
    if horizon <= c.first or (horizon > c.last and end > 0):
        return _counted(rows)
    # The curve day by day: the height on each day of the horizon.
    height = np.append(1.0, c.survival)[np.searchsorted(c.days, np.arange(horizon), side="right")]
    after = np.cumsum(height[::-1])[::-1]
    rise = np.diff(np.append(0.0, c.greenwood[until & np.isfinite(c.greenwood)]))
    at = c.days[until & np.isfinite(c.greenwood)]
    inside = at < horizon
    error = float(np.sqrt((after[at[inside]] ** 2 * rise[inside]).sum()))
    area = float(height.sum())
    if error <= 0:
        return _counted(rows, area)

    def bounds(effect: float) -> tuple[float, float]:
        half = _Z * error * float(np.sqrt(effect))
        return max(0.0, area - half), min(float(horizon), area + half)

    return _counted(rows, area, bounds)

"""A statistic beside what it could have been: p, and the interval of a shift that the test does not refuse.

Whatever is drawn again (starts of regions, dates, signs of residuals), each draw j has a statistic that is
linear in the figures. Taking an effect delta off the treated figures makes it d_j - delta c_j. The draw that
was seen has d_0 and c_0; the estimate is d_0 / c_0. At delta, p is the part of the draws, the seen one among
them, that lie at least as far from zero; the interval holds every delta with p above 5%.

Plain. |d_j - delta c_j| >= |d_0 - delta c_0|. With c = c_j / c_0 and e = (d_j - c d_0) / c_0 and u the step
from the estimate, this is |e - u c| >= |u|: all u between e / (1 + c) and -e / (1 - c) when |c| is at most 1,
as it is for treatments that stay. So p falls to both sides of the estimate, and the bounds follow from
sorting. For |c| above 1 the draw is counted everywhere, which can only widen.

Studentised. Each draw has its own error, of which the square is v_j(delta) = v0 + v1 delta + v2 delta^2, and
(d_j - delta c_j)^2 / v_j is compared. Then p need not fall steadily; the bounds are the outermost crossings
on a grid of steps, each an eighth longer than the one before, and bisection from there.

References
----------
Ernst (2004), Permutation methods: a basis for exact inference, doi:10.1214/088342304000000396
Chung and Romano (2013), Exact and asymptotically robust permutation tests, doi:10.1214/13-AOS1090
Phipson and Smyth (2010), a sample of draws, doi:10.2202/1544-6115.1585
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.designs._assignment import LEVEL

Floats = NDArray[np.float64]
_SAME = 1e-9  # part of the largest value below which values are ties
_FIRST, _GROWTH, _STEPS, _ROUNDS = 0.05, 1.125, 84, 44
# Of more draws than this, every so many choose where on the grid to look.
_MANY = 200_000


@dataclass(frozen=True)
class Shift:
    """An estimate by what could have been.

    Attributes
    ----------
    estimate : float
        In the unit of the figures; nan when the form does not react to the effect, as for placebos.
    p : float
        Two-sided, of no effect.
    under, above : float
        95% interval; infinite where no step is refused.
    """

    estimate: float
    p: float
    under: float
    above: float


def refused(number: int) -> int:
    """Return how many draws may lie as far away and the test still refuses."""
    return int(np.floor(LEVEL * number + _SAME))


def plain(d: Floats, c: Floats, seen: Floats, tie: float) -> Shift:
    """Return the test of a statistic without an error of its own.

    Parameters
    ----------
    d, c : array of shape (J,)
        Statistic of each draw and how it follows the effect; the seen one is among them.
    seen : array of shape (2,)
        d_0 and c_0.
    tie : float
        Statistics that differ by less are as far.
    """
    d0, c0 = float(seen[0]), float(seen[1])
    p = float(np.count_nonzero(np.abs(d) >= abs(d0) - tie) / len(d))
    if abs(c0) < _SAME:
        return Shift(np.nan, p, -np.inf, np.inf)
    estimate = d0 / c0
    ratio = c / c0
    off = d / c0 - ratio * estimate
    edge = np.abs(ratio) >= 1 - _SAME
    anywhere = edge & ((np.abs(ratio) > 1 + _SAME) | (np.abs(off) <= tie / abs(c0)))
    ratio[edge] = np.sign(ratio[edge])
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = off / (1 + ratio), -off / (1 - ratio)
    low, high = np.minimum(one, two), np.maximum(one, two)
    low[anywhere], high[anywhere] = -np.inf, np.inf
    k = refused(len(d))
    under = estimate + float(np.partition(low, k)[k])
    above = estimate + float(np.partition(high, -k - 1)[-k - 1])
    return Shift(estimate, p, under, above)


@dataclass(frozen=True)
class Draws:
    """Statistics with errors of their own, as polynomials of the effect.

    Attributes
    ----------
    d, c : array of shape (J,)
        Of each draw, as in `plain`.
    v : array of shape (3, J)
        Coefficients of the squared error: constant, linear and quadratic.
    seen : array of shape (5,)
        d_0, c_0 and the three coefficients of the draw that was seen.
    tie : float
        Statistics that differ by less are as far.
    common : callable, optional
        What all draws have in the squared error beside it, by the effect.
    """

    d: Floats
    c: Floats
    v: Floats
    seen: Floats
    tie: float
    common: Callable[[float], float] | None = None

    def as_far(self, delta: float) -> int:
        """Return how many draws lie at least as far away when the effect is `delta`."""
        d0, c0, *v0 = self.seen.tolist()
        more = self.common(delta) if self.common else 0.0
        mine = max(v0[0] + delta * (v0[1] + delta * v0[2]), 0.0) + more
        away = max(abs(d0 - delta * c0) - self.tie, 0.0) ** 2
        if delta == 0:
            top, error = self.d, self.v[0]
        else:
            top = self.d - delta * self.c
            error = self.v[2] * delta
            error += self.v[1]
            error *= delta
            error += self.v[0]
        left = top * top
        left *= mine
        right = np.maximum(error, 0.0)
        right += more
        right *= away * (1 - _SAME)
        return int(np.count_nonzero(left >= right))

    def thinned(self, step: int) -> Draws:
        """Return every so many draws."""
        return Draws(self.d[::step], self.c[::step], self.v[:, ::step], self.seen, self.tie, self.common)


def divided(draws: Draws) -> Shift:
    """Return the test of a statistic divided by its own error."""
    d0, c0, v0, v1, v2 = draws.seen.tolist()
    number = len(draws.d)
    p = draws.as_far(0.0) / number
    if abs(c0) < _SAME:
        return Shift(np.nan, p, -np.inf, np.inf)
    estimate = d0 / c0
    more = draws.common(estimate) if draws.common else 0.0
    scale = float(np.sqrt(max(v0 + estimate * (v1 + estimate * v2), 0.0) + more)) / abs(c0)
    if scale == 0:
        scale = float(np.std(draws.d)) / abs(c0) or 1.0
    return Shift(estimate, p, _bound(draws, estimate, -scale), _bound(draws, estimate, scale))


def _bound(draws: Draws, estimate: float, scale: float) -> float:
    """Return the outermost effect that is not refused, to the side of `scale`."""
    steps = scale * _FIRST * _GROWTH ** np.arange(_STEPS)
    number = len(draws.d)
    some = draws.thinned(-(-number // _MANY))
    limit = LEVEL * len(some.d) if len(some.d) < number else refused(number)
    held = [i for i, step in enumerate(steps) if some.as_far(estimate + step) > limit]
    at = held[-1] if held else -1
    limit = refused(number)
    # Of a thinned set the crossing may lie a step away.
    while at >= 0 and draws.as_far(estimate + steps[at]) <= limit:
        at -= 1
    while at + 1 < _STEPS and draws.as_far(estimate + steps[at + 1]) > limit:
        at += 1
    if at + 1 == _STEPS:
        return float(np.copysign(np.inf, scale))
    inside, outside = (float(steps[at]) if at >= 0 else 0.0), float(steps[at + 1])
    for _ in range(_ROUNDS if number <= _MANY else _ROUNDS // 2):
        middle = (inside + outside) / 2
        if draws.as_far(estimate + middle) > limit:
            inside = middle
        else:
            outside = middle
    return estimate + inside

"""The comparisons that fit a plan: each a weighted sum of the figures of regions and periods.

With y_it the figure of region i in period t a comparison is d = sum w_it y_it, with weights so that d is the
difference when proeftuinen are that much higher from their start on. Its test goes by all ways in which the
start could have been assigned: which regions are proeftuinen, which sign a change has, or who starts when.

References
----------
Hussey and Hughes (2007), Design and analysis of stepped wedge cluster randomized trials,
doi:10.1016/j.cct.2006.05.007
Callaway and Sant'Anna (2021), Difference-in-differences with multiple time periods,
doi:10.1016/j.jeconom.2020.12.001
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.designs._assignment import LEVEL, Assignments, possible, weights
from toekomstscenario_eval.power.setting import Floats, Setting

Bools = NDArray[np.bool_]
_SEED = 20261130
# Sign vectors and orders of starting are all made up to so many; otherwise a sample, itself included.
_ALL, _SAMPLE = 2**14, 1_999
_NOTHING = 1e-12
_ONE = (
    "proeftuinen die al zijn begonnen naast regio's die dat nog niet zijn, over alle perioden. Neemt aan dat "
    "het verschil vanaf de start in elke regio en elke periode even groot is."
)
_EACH = (
    "per golf en periode de verandering sinds de laatste periode voor de start, min die van regio's die nog "
    "niet zijn begonnen; daarvan het gemiddelde. Het verschil mag per golf en per periode anders zijn."
)


@dataclass(frozen=True)
class Layout:
    """A comparison that fits a plan.

    Attributes
    ----------
    naam, explained : str
        What it is called in a table, and what it compares.
    treated : array of shape (regions, periods)
        Whether a region has started.
    weights : array of the same shape
        What each figure is multiplied by; the proeftuinen stand first.
    df : int
        Degrees of freedom of its t-approximation; 0 when nothing can be said of the error.
    ways : Assignments
        How often the start could have been assigned.
    others : int
        How many of the regions are comparison regions.
    assigned : callable
        Returns the weights under each assignment, the one of the plan first, as rows.
    waves : bool
        Whether it is one of regions that start in waves.
    """

    naam: str
    explained: str
    treated: Bools
    weights: Floats
    df: int
    ways: Assignments
    others: int
    assigned: Callable[[], Floats]
    waves: bool = False

    @property
    def level(self) -> float:
        """How often the test finds something where there is nothing: 5% or just under it, as steps allow."""
        step = self.ways.kleinste
        return float(np.floor(LEVEL / step + _NOTHING) * step)

    @property
    def reaches(self) -> bool:
        """Whether a difference can be found at 5% at all."""
        return self.ways.reaches


def layouts(s: Setting) -> tuple[Layout, ...]:
    """Return every comparison that fits a plan, from the plainest on."""
    found = [_beside(s), _change_difference(s)] if s.others else []
    return (*found, _before_after(s), *_staggered(s))


def _beside(s: Setting) -> Layout:
    """Proeftuinen beside comparison regions in one period."""
    explained = (
        "het gemiddelde van de proeftuinen min dat van de vergelijkingsregio's, in één periode na de start. "
        "Regio's die vooraf al verschilden, blijven verschillen."
    )
    return _of_groups(s, "Naast elkaar", explained, np.array([1.0]))


def _change_difference(s: Setting) -> Layout:
    """The change of proeftuinen minus that of comparison regions, from one period to the next."""
    explained = (
        "de verandering van de proeftuinen min die van de vergelijkingsregio's, van één periode voor naar "
        "één periode na. Neemt aan dat zij anders evenveel waren veranderd."
    )
    return _of_groups(s, "Verschil van veranderingen", explained, np.array([-1.0, 1.0]))


def _of_groups(s: Setting, naam: str, explained: str, contrast: Floats) -> Layout:
    a, b = s.pilots, s.others
    started = np.zeros((a + b, len(contrast)), dtype=bool)
    started[:a, -1] = True
    own = np.repeat([1 / a, -1 / b], (a, b))
    return Layout(
        naam,
        explained,
        started,
        own[:, None] * contrast,
        a + b - 2,
        possible(a, b),
        b,
        lambda: np.asarray(np.kron(weights(a, b), contrast), dtype=np.float64),
    )


def _before_after(s: Setting) -> Layout:
    """The change within proeftuinen; under no difference every change could have had the other sign."""
    k, contrast = s.pilots, np.array([-1.0, 1.0])
    started = np.zeros((k, 2), dtype=bool)
    started[:, 1] = True
    every = 2**k
    number = every if every <= _ALL else _SAMPLE + 1
    ways = Assignments(number, number == every, (2 if number == every else 1) / number)
    return Layout(
        "Voor en na",
        "de verandering binnen de proeftuinen, van één periode voor naar één periode na. Wat er in die tijd "
        "overal veranderde, zit erin: wat de werkwijze daaraan deed, is hieruit niet te zien.",
        started,
        np.full((k, 1), 1 / k) * contrast,
        k - 1,
        ways,
        0,
        lambda: np.asarray(np.kron(_signs(k) / k, contrast), dtype=np.float64),
    )


@lru_cache(maxsize=4)
def _signs(k: int) -> Floats:
    if 2**k <= _ALL:
        bits = (np.arange(2**k)[:, None] >> np.arange(k)) & 1
    else:
        bits = np.random.default_rng([_SEED, k]).integers(0, 2, (_SAMPLE + 1, k))
        bits[0] = 0
    return np.asarray(1.0 - 2 * bits)


def _staggered(s: Setting) -> tuple[Layout, ...]:
    """Proeftuinen that start in waves; nothing where no two regions ever differ in whether they started."""
    if not s.waves:
        return ()
    begin = np.repeat([*range(1, len(s.waves) + 1), s.periods], (*s.waves, s.others))
    ways = _orders(s)
    out = []
    for naam, explained, make, df in (
        ("Golven, één verschil", _ONE, _one_effect, (len(begin) - 1) * (s.periods - 1) - 1),
        ("Golven, per golf", _EACH, _per_wave, len(begin) - 2),
    ):
        own = make(begin, s.periods)
        if np.abs(own).max() < _NOTHING:
            continue
        out.append(
            Layout(
                naam,
                explained,
                begin[:, None] <= np.arange(s.periods),
                own,
                df,
                ways,
                s.others,
                partial(_reordered, begin, s.periods, ways.aantal, make),
                waves=True,
            )
        )
    return tuple(out)


def _one_effect(begin: NDArray[np.int64], periods: int) -> Floats:
    """Weights of least squares with a level for each region and each period and one effect.

    With x_it = 1 from the start on, and x~ what is left of it after taking off its means over the region and
    over the period: w = x~ / sum x~^2.
    """
    x = (begin[:, None] <= np.arange(periods)).astype(np.float64)
    x = x - x.mean(axis=1, keepdims=True) - x.mean(axis=0) + x.mean()
    total = float((x**2).sum())
    return x / total if total > _NOTHING else np.zeros_like(x)


def _per_wave(begin: NDArray[np.int64], periods: int) -> Floats:
    """Weights of the mean, over waves and periods, of the change since the last period before the start.

    Each is compared with the change of all regions that have not started by then; a wave counts by its
    regions. A period in which all have started plays no part.
    """
    out, count = np.zeros((len(begin), periods)), 0
    for start in np.unique(begin[begin < periods]):
        own = begin == start
        for t in range(start, periods):
            later = begin > t
            if not later.any():
                continue
            share = own / own.sum() - later / later.sum()
            out[:, t] += own.sum() * share
            out[:, start - 1] -= own.sum() * share
            count += int(own.sum())
    return out / max(count, 1)


def _orders(s: Setting) -> Assignments:
    """Return in how many ways the regions could have been divided over the starts.

    The mirror image is as far only with two starts and as many regions in each.
    """
    groups = [*s.waves, *([s.others] if s.others else [])]
    every, left = 1, sum(groups)
    for size in groups:
        every, left = every * comb(left, size), left - size
    least = 2 if len(groups) == 2 and groups[0] == groups[1] else 1
    return Assignments(every, True, least / every)


def _reordered(
    begin: NDArray[np.int64], periods: int, every: int, make: Callable[[NDArray[np.int64], int], Floats]
) -> Floats:
    """Return the weights under each order of starting: what a region weighs follows from its own start."""
    by_start = np.zeros((periods + 1, periods))
    by_start[begin] = make(begin, periods)
    orders = _every(begin) if every <= _SAMPLE + 1 else _drawn(begin)
    return by_start[orders].reshape(len(orders), -1)


def _every(begin: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return every different order of the starts, the one of the plan first."""
    out = np.full((1, len(begin)), -1)
    for start in np.unique(begin):
        many = int((begin == start).sum())
        # Each order so far, with the places still free in every choice of as many for this start.
        chosen = np.array(list(combinations(range(int((out[0] < 0).sum())), many)), dtype=np.intp)
        free = np.nonzero(out < 0)[1].reshape(len(out), -1)
        places = free[:, chosen].reshape(-1, many)
        out = np.repeat(out, len(chosen), axis=0)
        np.put_along_axis(out, places, start, axis=1)
    return out


def _drawn(begin: NDArray[np.int64]) -> NDArray[np.int64]:
    rng = np.random.default_rng([_SEED, *begin])
    return np.asarray(np.vstack([begin, rng.permuted(np.tile(begin, (_SAMPLE, 1)), axis=1)]))

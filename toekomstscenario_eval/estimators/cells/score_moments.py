"""Mean and spread of a score from nested published counts of households, with what noise adds to both.

With U_x the units that score x or more and D_x those that score minus x or less, on steps x_1 < x_2 < ... and
x_0 = 0, the sum of f(score) is N f(0) + sum (f(x_j) - f(x_j-1)) U_j + sum (f(-x_j) - f(-x_j-1)) D_j. Mean and
squares are such sums, so that their noise is that of a sum of nested counts. Scores were rounded to the steps
up or down by chance, which moves no mean, and adds to the spread.

References
----------
Fraser and Wooton (2005), A proposed method for confidentialising tabular output to protect against
differencing, Joint UNECE/Eurostat work session on statistical data confidentiality, Geneva
Satterthwaite (1946), doi:10.2307/3002019
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators.cells.nested import noise_variance, table, whole_steps
from toekomstscenario_eval.estimators.intervals import Interval, Reeks, t_waarde
from toekomstscenario_eval.grids import POINT, score_ladder

BELOW = "_onder"
# Rounding adds a sixth of the square of a width to the variance when scores lie anywhere between two steps,
# nothing when all lie on one, and this part when they are multiples of half a step.
_ROUNDED = 8
_LADDER = np.array(score_ladder(), dtype=np.float64)


def widths() -> Reeks:
    """Return the width of the step up to each of the ladder of scores, in finest steps."""
    return np.diff(_LADDER, prepend=0.0)


@dataclass(frozen=True)
class Moments:
    """Published counts of one score at one place.

    Attributes
    ----------
    n : float
        Units.
    up, down : arrays over the ladder
        Units that score a step or more, and minus a step or less.
    point : float
        The finest step, in points.
    v : float
        Variance of the noise of one count.
    """

    n: float
    up: Reeks
    down: Reeks
    point: float
    v: float

    def weights(self, f: Callable[[Reeks], Reeks]) -> tuple[Reeks, Reeks]:
        """Return what each count of `up` and `down` adds to the sum of f(score) above N f(0)."""
        steps = np.concatenate(([0.0], _LADDER)) * self.point
        return np.diff(f(steps)), np.diff(f(-steps))

    def noise(self, of_n: float, up: Reeks, down: Reeks) -> float:
        """Return the noise variance of `of_n` times N plus the counts times their weights.

        Who scores above the lowest step that anybody has, and all: the same set, and the same noise. It is
        on the side where most units are.
        """
        sides = sorted(((up, self.up), (down, self.down)), key=lambda side: float(side[1][0]))
        (less, fewer), (more, most) = sides
        with_all = noise_variance(np.append(of_n, more), np.append(self.n, most), self.v)
        return float(with_all + noise_variance(less, fewer, self.v))

    @property
    def beyond(self) -> bool:
        """Whether anybody reaches a last step, after which scores are no longer told apart."""
        return bool(self.up[-1] > 0 or self.down[-1] > 0)

    @cached_property
    def mean(self) -> float:
        """Mean score; without the bias that noise in N gives a ratio, V (mean - lowest step) / N^2."""
        up, down = self.weights(lambda x: x)
        ratio = float(up @ self.up + down @ self.down) / self.n
        lowest = float(up @ (self.up == self.n) + down @ (self.down == self.n))
        return ratio - self.v * (ratio - lowest) / self.n**2

    @cached_property
    def noise_of_mean(self) -> float:
        """Noise variance of the mean, linearised."""
        return self.noise(-self.mean, *self.weights(lambda x: x)) / self.n**2

    @cached_property
    def variance(self) -> float:
        """Variance between units, rounding included; 0 where noise leaves none."""
        up, down = self.weights(np.square)
        squares = float(up @ self.up + down @ self.down) - self.n * self.mean**2
        return max(0.0, squares) / max(1.0, self.n - 1)

    @cached_property
    def noise_of_variance(self) -> float:
        """Noise variance of the variance, linearised."""
        around = self.weights(lambda x: (x - self.mean) ** 2)
        return self.noise(self.mean**2 - self.variance, *around) / max(1.0, self.n - 1) ** 2

    @property
    def of_rounding(self) -> float:
        """What rounding adds to the variance, about."""
        wide = np.concatenate(([1.0], widths())) ** 2 * self.point**2
        change = np.diff(wide)
        return float(wide[0] + change @ (self.up + self.down) / self.n) / _ROUNDED

    @property
    def own_variance(self) -> float:
        """Variance between units without what rounding adds; 0 where nothing is left."""
        return max(0.0, self.variance - self.of_rounding)

    @property
    def df(self) -> float:
        """Degrees of freedom of the variance: units less one, fewer by the noise (Satterthwaite)."""
        return 1 / (1 / max(1.0, self.n - 1) + self.noise_of_variance / (2 * self.variance**2))

    @property
    def standard_error(self) -> float:
        """Standard error of the mean: chance, rounding and noise."""
        return math.sqrt(self.variance / self.n + self.noise_of_mean)

    def interval(self) -> Interval:
        """Return the 95% interval of the mean (t)."""
        half = t_waarde(self.df) * self.standard_error
        return self.mean - half, self.mean + half


def moments(cells: pd.DataFrame, naam: str, n: float, stap: int, v: float) -> Moments:
    """Return the counts of a name of one place, added up over k; `n` units."""
    up, down = (
        table(cells, naam + side, points=score_ladder(), steps=whole_steps(cells, naam + side)).sum(axis=1)
        for side in ("", BELOW)
    )
    return Moments(n, up, down, stap / POINT, v)


def units(cells: pd.DataFrame, naam: str) -> Reeks:
    """Return the published households with at least 1, 2, ... units."""
    return np.asarray(table(cells, naam, points=(0,), steps=whole_steps(cells, naam))[0])

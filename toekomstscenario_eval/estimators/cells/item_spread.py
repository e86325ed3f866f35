"""How the answers to items differ, from nested published counts of households; and what noise adds to it.

Four quantities per unit of k items are counted, with T the sum of its answers: each answer, T itself, k times
an answer less T, and what the answers differ from each other, k times their sum of squares less T squared.
The last gives the rest of the two-way analysis of variance by a mean, with hardly any noise; the spread of T
is where the noise is. Households that count at least so much can only get fewer as it rises: noisy counts are
made to fall before they are added up (isotonic regression), each set of households once.

References
----------
Barlow, Bartholomew, Bremner and Brunk (1972), Statistical inference under order restrictions
Fraser and Wooton (2005), A proposed method for confidentialising tabular output to protect against
differencing, Joint UNECE/Eurostat work session on statistical data confidentiality, Geneva
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import optimize

from toekomstscenario_eval.estimators.cells.nested import table, weights, whole_steps
from toekomstscenario_eval.estimators.intervals import Reeks
from toekomstscenario_eval.estimators.matrix import Spread
from toekomstscenario_eval.grids import POINT, item_ladder
from toekomstscenario_eval.protection.noise import noise_variance

BELOW = "_onder"
_STEPS = item_ladder()
_WEIGHTS = {power: weights(_STEPS, power) for power in (1, 2)}
_NUDGE = 1e-5


@dataclass(frozen=True)
class Quantity:
    """Published counts of one quantity: of each side of zero an array of shape (steps of x, steps of k).

    `power` says of what power of a point it is.
    """

    sides: tuple[Reeks, Reeks]
    point: float
    power: int = 1

    @property
    def beyond(self) -> bool:
        """Whether anybody reaches a last step, after which values are no longer told apart."""
        return any(bool((side[-1] > 0).any()) for side in self.sides)

    def weights(self, power: int, side: int) -> Reeks:
        """Return what each count of a side adds to the sum of the quantity to this power."""
        sign = (-1.0) ** (side * power)
        return np.asarray(sign * _WEIGHTS[power] * self.point ** (self.power * power))

    def moments(self, heads: Reeks) -> tuple[float, float]:
        """Return the means of the quantity and of its square; `heads` units by steps of k."""
        first, second = 0.0, 0.0
        for i, side in enumerate(self.sides):
            # Beyond the last column nobody counts anything.
            fallen = np.array([falling(np.append(n, c)) for n, c in zip(heads, side.T, strict=False)])
            units, counts = float(fallen[:, 0].sum() + heads[len(fallen) :].sum()), fallen[:, 1:].sum(axis=0)
            first += float(self.weights(1, i) @ counts) / units
            second += float(self.weights(2, i) @ counts) / units
        return first, second


def falling(counts: Reeks) -> Reeks:
    """Return counts that do not rise, nearest to the published ones; equal ones are one set, drawn once."""
    starts = np.flatnonzero(np.concatenate(([True], counts[1:] != counts[:-1])))
    fitted = optimize.isotonic_regression(counts[starts], increasing=False).x
    return np.repeat(fitted, np.diff(np.append(starts, len(counts))))


@dataclass(frozen=True)
class Answers:
    """Published counts of the answers of one place.

    Attributes
    ----------
    k : number of items
    heads : array, households with at least 1, 2, ... units
    quantities : by name, in the order of `means`
    v : variance of the noise of one count; 0: the counts are true
    """

    k: int
    heads: Reeks
    quantities: Mapping[str, Quantity]
    v: float

    @property
    def n(self) -> float:
        """Number of units."""
        return float(self.heads.sum())

    @property
    def beyond(self) -> bool:
        """Whether any quantity goes beyond its grid."""
        return any(q.beyond for q in self.quantities.values())

    @cached_property
    def means(self) -> Reeks:
        """The number of units, and of each quantity its mean and that of its square."""
        pairs = [q.moments(self.heads) for q in self.quantities.values()]
        return np.array([self.n, *(m for pair in pairs for m in pair)])

    def moved(self, means: Reeks) -> Moved:
        """Return what follows from these means, shape (..., m)."""
        return Moved(means, self.k, {naam: 1 + 2 * i for i, naam in enumerate(self.quantities)})

    @cached_property
    def correction(self) -> float:
        """What is added to the spread of T: noise below a line makes a ratio too large on average.

        For a ratio to T with noise variance s^2, the mean of 1 / (T + noise) is 1 / T (1 + s^2 / T^2), about.
        """
        total = float(self.moved(self.means).totaal)
        return self.noise(lambda m: m.totaal) / total if total > 0 else 0.0

    @property
    def spread(self) -> Spread:
        """How the answers differ, as the exact estimators ask for it."""
        m = self.moved(self.means)
        totaal = float(m.totaal) + self.correction
        latent = (self.k - 1) * float(m.rest) + totaal / self.k
        # The variances of single items are noisier than their sum: they only divide it.
        own = np.maximum(m.variances, 0.0)
        return Spread(self.n, m.levels, latent * own / max(float(own.sum()), _NUDGE), latent, totaal)

    def noise(self, function: Callable[[Moved], Reeks]) -> float:
        """Return the noise variance of a function of the means, by its slopes; at most so much.

        Sets that hold everybody have the noise of everybody, whatever they count. That counts were made to
        fall only takes noise away.
        """
        if not self.v:
            return 0.0
        size = np.maximum(np.abs(self.means), 1.0) * _NUDGE
        up, down = (function(self.moved(self.means + sign * np.diag(size))) for sign in (1, -1))
        slopes = (up - down) / (2 * size)
        everybody, rest = np.full(len(self.heads), slopes[0]), 0.0
        for own, at in self._chains(slopes):
            everybody += own
            rest += at
        return float(self.v * (everybody**2).sum() + rest)

    def _chains(self, slopes: Reeks) -> Iterator[tuple[Reeks, float]]:
        """Yield of each quantity what it adds to the weight of everybody, and its own noise variance."""
        for i, q in enumerate(self.quantities.values()):
            (first, second), (mean, square) = (
                values[1 + 2 * i : 3 + 2 * i] for values in (slopes, self.means)
            )
            everybody, rest = np.full(len(self.heads), -(first * mean + second * square) / self.n), 0.0
            for at, side in enumerate(q.sides):
                weight = (first * q.weights(1, at) + second * q.weights(2, at)) / self.n
                for j, counts in enumerate(side.T[: len(self.heads)]):
                    same = int(np.argmin(np.append(counts == self.heads[j], False)))
                    everybody[j] += weight[:same].sum()
                    if same < len(counts):
                        rest += float(noise_variance(weight[same:], counts[same:], self.v))
            yield everybody, rest


@dataclass(frozen=True)
class Moved:
    """What follows from means of shape (..., m), every result of shape (...) or (..., k).

    `at` says where the mean of each quantity stands, that of its square after it.
    """

    values: Reeks
    k: int
    at: Mapping[str, int]

    @property
    def n(self) -> Reeks:
        """Number of units."""
        return np.asarray(self.values[..., 0])

    def _variance(self, naam: str) -> Reeks:
        mean, square = (self.values[..., self.at[naam] + i] for i in (0, 1))
        return np.asarray((square - mean**2) * self.n / (self.n - 1))

    @property
    def totaal(self) -> Reeks:
        """Variance of the sum of the items."""
        return self._variance("som")

    @property
    def variances(self) -> Reeks:
        """Variance of each item."""
        return np.stack([self._variance(f"item_{i + 1}") for i in range(self.k)], axis=-1)

    @property
    def levels(self) -> Reeks:
        """Mean of each item less the mean of all items."""
        first = self.values[..., self.at["afwijking_1"]] / self.k
        if self.k == 2:
            return np.stack([first, -first], axis=-1)
        rest = [self.values[..., self.at[f"afwijking_{i + 1}"]] / self.k for i in range(1, self.k)]
        return np.stack([first, *rest], axis=-1)

    @property
    def rest(self) -> Reeks:
        """Mean square of what is left after units and items."""
        # Of two items what they differ squared is the square of their difference.
        within = self.values[..., self.at["spreiding"] if self.k > 2 else self.at["afwijking_1"] + 1]
        between = (self.levels**2).sum(axis=-1)
        return np.asarray((within / self.k - between) * self.n / ((self.n - 1) * (self.k - 1)))

    @property
    def together(self) -> Reeks:
        """Covariance of each item with the sum of the others."""
        k, own = self.k, self.variances
        apart = np.stack([self._variance(f"afwijking_{i + 1}") for i in range(k)], axis=-1)
        return np.asarray(((k * k - 2 * k) * own + self.totaal[..., None] - apart) / (2 * k))


def answers(cells: pd.DataFrame, step: int, v: float) -> Answers:
    """Return the counts of one place.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam`, `x`, `k`, `n`; see `summaries.cells.matrix_lines`.
    step : int
        The step of the answers, in millionths of a point.
    """
    heads, items = (
        table(cells, naam, points=(0,), steps=whole_steps(cells, naam))[0] for naam in ("u", "items")
    )
    k = int((items > 0).sum())
    names = [f"item_{i + 1}" for i in range(k)] + ["som"]
    names += [f"afwijking_{i + 1}" for i in range(k if k > 2 else min(k, 1))]
    found = {naam: Quantity(_sides(cells, naam), step / POINT) for naam in names}
    if k > 2:
        found["spreiding"] = Quantity(_sides(cells, "spreiding"), step / POINT, 2)
    return Answers(k, heads[heads > 0], found, v)


def _sides(cells: pd.DataFrame, naam: str) -> tuple[Reeks, Reeks]:
    up, down = (
        table(cells, naam + side, points=_STEPS, steps=whole_steps(cells, naam + side))
        for side in ("", BELOW)
    )
    return up, down

"""Sums of nested published counts, and what noise adds to their variance.

With C_k the published number of households with at least k of something, the sum over households is the sum
of C_k times the width of the step to k, and the sum of squares that of C_k times the difference of squares.
Noise of one set of households is drawn once: where a nested count does not change from one step to the next,
the set is taken to be the same, and the weights of the steps add up before they are squared.

References
----------
Fraser and Wooton (2005), A proposed method for confidentialising tabular output to protect against
differencing, Joint UNECE/Eurostat work session on statistical data confidentiality, Geneva
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators.intervals import NAN, Reeks, column, require
from toekomstscenario_eval.grids import middles
from toekomstscenario_eval.protection.noise import ZEROS, draws, noise_variance

__all__ = ["Nested", "draws", "nested", "noise_of_part", "noise_variance", "table", "weights", "whole_steps"]


def weights(steps: tuple[int, ...], power: int = 1, *, low: float = NAN) -> Reeks:
    """Return what each household with at least a step adds to the sum of values to this power.

    Who lies between two steps counts as the middle, or below the second as `low`.
    """
    values = middles(steps)
    if not np.isnan(low):
        values[0] = low
    return np.diff(values**power, prepend=0.0)


def whole_steps(cells: pd.DataFrame, *names: str) -> tuple[int, ...]:
    """Return every whole number that a cell of these names may have for k, and two more."""
    own = cells[cells["naam"].isin(names).to_numpy(dtype=bool)]
    return tuple(range(1, int(column(own, "k").max(initial=0)) + 1 + ZEROS))


def table(cells: pd.DataFrame, naam: str, *, points: tuple[int, ...], steps: tuple[int, ...]) -> Reeks:
    """Return the published counts of one name, shape (points of x, steps of k); what is absent is 0.

    Of the steps that nobody reaches at any point only the first two are kept.
    """
    own = cells[(cells["naam"] == naam).to_numpy(dtype=bool)]
    spots = [_spots(column(own, which), grid, which) for which, grid in (("x", points), ("k", steps))]
    n = column(own, "n")
    require(bool((n >= 0).all()), naam="n", what="er staat een negatief getal in")
    last = min(len(steps), int(spots[1].max(initial=0)) + 1 + ZEROS)
    require(len(set(zip(*(s.tolist() for s in spots), strict=True))) == len(own), naam="k", what=_TWICE)
    out = np.zeros((len(points), last))
    out[spots[0], spots[1]] = n
    return out


_TWICE = "een telling staat er meer dan één keer in"


def _spots(values: Reeks, grid: tuple[int, ...], naam: str) -> Any:
    known = np.array(grid, dtype=np.float64)
    spot = np.minimum(np.searchsorted(known, values), len(known) - 1)
    require(bool((known[spot] == values).all()), naam=naam, what="er staat een trede buiten het raster in")
    return spot


@dataclass(frozen=True)
class Nested:
    """One series of nested counts: of the steps of a ladder, from the first on.

    Attributes
    ----------
    counts : array of j published counts
    steps : tuple of int
    v : float
        Variance of the noise.
    low : float
        Mean value of the households below the second step; NaN: its middle.
    """

    counts: Reeks
    steps: tuple[int, ...]
    v: float
    low: float = NAN

    def weight(self, power: int = 1) -> Reeks:
        """Return the weight of each count in the sum of values to this power."""
        return weights(self.steps, power, low=self.low)[: len(self.counts)]

    def sum(self, power: int = 1) -> float:
        """Return the sum over households of their value to this power."""
        return float(self.weight(power) @ self.counts)

    def noise(self, weight: Reeks) -> float:
        """Return the noise variance of the counts times `weight`, added up."""
        return float(noise_variance(weight, self.counts, self.v))

    def noise_of_sum(self) -> float:
        """Return the noise variance of the sum over households of their value."""
        return self.noise(self.weight())

    @property
    def households(self) -> float:
        """Published number of households with any."""
        return float(self.counts[0])

    @property
    def below(self) -> float:
        """Number of households below the second step; at least 0."""
        return max(0.0, float(self.counts[0] - self.counts[1:2].sum()))

    @property
    def single(self) -> bool:
        """Whether no household reaches a second step."""
        return not bool((self.counts[1:] > 0).any())

    def first(self) -> Nested:
        """Return the first step alone: where no household can have more, zeros after it are certain."""
        return Nested(self.counts[:1], self.steps, self.v)


def noise_of_part(having: Nested, lacking: Nested) -> float:
    """Return the noise variance of p = a / (a + b), with a and b the sums of two series drawn on their own.

    Linearised: the variance of (1 - p) a - p b, over (a + b)^2.
    """
    whole = having.sum() + lacking.sum()
    p = having.sum() / whole
    noise = having.noise((1 - p) * having.weight()) + lacking.noise(p * lacking.weight())
    return noise / whole**2


def nested(cells: pd.DataFrame, naam: str, steps: tuple[int, ...], v: float) -> Nested:
    """Return the counts of a name without grid points."""
    return Nested(np.asarray(table(cells, naam, points=(0,), steps=steps)[0]), steps, v)

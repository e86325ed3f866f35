"""The mean cumulative number of events on a grid of days, from published counts of households.

Between two days of the grid as many are at risk as the mean of those at its begin and at its end. Of events
on day 0 those are at risk that are there after it. All "with at least k events" are used: leaving out those
that few reach makes the mean too low. Households with at least k events by one day after another are a count
that can only rise, by about as many as in the months around it; how far each published count is followed is
weighed against its noise (the best linear prediction of a random walk seen with noise).

References
----------
Nelson (1995), doi:10.1080/00401706.1995.10484299
Lawless and Nadeau (1995), doi:10.1080/00401706.1995.10484300
Robinson (1991), That BLUP is a good thing, doi:10.1214/ss/1177011926
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from toekomstscenario_eval.estimators.cells.lattice import steps_with_enough
from toekomstscenario_eval.estimators.cells.nested import noise_variance, table, whole_steps
from toekomstscenario_eval.estimators.intervals import Reeks

# Days before and after a day from which it is told how fast a count rises there, and the least that it rises
# by in a step: a variance of 0 would make the count a constant.
_AROUND, _LEAST_RISE = 151, 0.05


@dataclass(frozen=True)
class Recurrence:
    """Published numbers of one place on J days.

    Attributes
    ----------
    days : array of J days, the first 0
    begin_by, risk_by : arrays of shape (J, k), households with at least k records entered by that day, and
        under observation after it
    event_by : array of shape (J, k), households with at least k events by that day
    cap : int
        Days of the window: nobody is under observation on two days that lie further apart.
    v : float
        Variance of the noise.
    at_risk : int
        A step needs this many.
    """

    days: Reeks
    begin_by: Reeks
    risk_by: Reeks
    event_by: Reeks
    cap: int
    v: float
    at_risk: int = 5

    @cached_property
    def risk(self) -> Reeks:
        """Records under observation after each day."""
        return np.asarray(self.risk_by.sum(axis=-1))

    @cached_property
    def published(self) -> Reeks:
        """Events by each day, as published."""
        return np.asarray(self.event_by.sum(axis=-1))

    @cached_property
    def between(self) -> Reeks:
        """Records at risk in the step up to each day."""
        before = np.concatenate((self.risk[:1], self.risk[:-1]))
        return np.asarray((before + self.risk) / 2)

    @cached_property
    def steps(self) -> npt.NDArray[np.bool_]:
        """Which steps the mean is made of: those with enough at risk, from the first with anybody on."""
        return steps_with_enough(self.between, self.at_risk)

    @cached_property
    def smoothed_by(self) -> Reeks:
        """`event_by` after the noise is weighed, shape (J, k)."""
        chains = zip(self._smoothers, self.event_by.T, strict=True)
        return np.asarray(np.stack([matrix @ chain + shift for (matrix, shift), chain in chains], axis=-1))

    @cached_property
    def rate(self) -> Reeks:
        """Events per record at risk in each step; 0 in steps that do not count."""
        d = np.diff(self.smoothed_by.sum(axis=-1), prepend=0.0)
        return np.asarray(np.divide(d, self.between, out=np.zeros_like(d), where=self.steps))

    @cached_property
    def mean(self) -> Reeks:
        """Mean number of events per record by each day."""
        return np.asarray(np.cumsum(self.rate))

    @cached_property
    def variance(self) -> Reeks:
        """Variance of `mean` on each day: of sampling and of noise."""
        return np.asarray(self.sampling + self.noise)

    @cached_property
    def sampling(self) -> Reeks:
        """Sampling variance of `mean` on each day.

        Poisson's, sum of d / m^2, and how households differ: with P the records at risk in two steps, the
        sum of N (N - 1) over households is (1 + theta) times that of rate rate P over two steps; theta gives
        the mean a variance of theta times the sum of rate rate P / (m m).
        """
        k = np.arange(self.event_by.shape[1])
        pairs = 2 * (k * self.smoothed_by).sum(axis=-1)
        each = self.rate * self._per_record
        foreseen = _up_to(np.outer(self.rate, self.rate) * self._together)
        spread = _up_to(np.outer(each, each) * self._together)
        theta = np.divide(pairs, foreseen, out=np.ones_like(foreseen), where=foreseen > 0) - 1
        return np.asarray(np.maximum(np.cumsum(each) + theta * spread, 0.0))

    @cached_property
    def noise(self) -> Reeks:
        """Noise variance of `mean` on each day.

        Abel summation: the sum of (C_j - C_j-1) / m_j up to J is C_J / m_J plus that of
        C_j (1 / m_j - 1 / m_j+1), so that the noise of nested counts nearly cancels. To the number at risk
        after day j the slope is minus half of d / m^2 in the steps before and after it.
        """
        each, j = self._per_record, len(self.days)
        up_to, before = np.tri(j), np.tri(j, k=-1)
        # Row J of the slopes: what each count (column) weighs in the mean by day J.
        of_event = up_to * each - before * np.append(each[1:], 0.0)
        fall = self.rate * each
        half = np.where(np.arange(j) == 0, fall, fall / 2)
        of_risk = -(up_to * half + before * np.append(fall[1:] / 2, 0.0))
        # Of what only rises the largest set is that of the last day.
        chains = [
            ((of_event @ m)[:, ::-1], c[::-1])
            for (m, _), c in zip(self._smoothers, self.event_by.T, strict=True)
        ]
        chains += [(of_risk, c) for c in self.risk_by.T]
        return np.asarray(
            sum(noise_variance(slope, c, self.v) for slope, c in chains if c.any()) + np.zeros(j)
        )

    @cached_property
    def _per_record(self) -> Reeks:
        return np.divide(1.0, self.between, out=np.zeros_like(self.between), where=self.steps)

    @cached_property
    def _smoothers(self) -> list[tuple[Reeks, Reeks]]:
        """By k what makes a published chain C* the smoothed one: a matrix, and what it adds.

        The smallest sum of (C - C*)^2 / V and (rise of C - r)^2 / r over the steps, with r the rise that the
        steps around give for the number at risk and the days of the step. What happens on day 0 says nothing
        of the days after it, nor they of day 0: r of day 0 is what is published there.
        """
        time = self.between * np.diff(self.days, prepend=0.0)
        near = np.abs(self.days - self.days[:, None]) <= _AROUND
        difference, own = np.diff(np.eye(len(self.days)), axis=0, prepend=0.0), np.eye(len(self.days))[:1]
        out = []
        for chain in self.event_by.T:
            rise = np.clip(near[:, 1:] @ np.diff(chain), 0.0, None) / np.maximum(near @ time, 1.0) * time
            rise[0] = chain[0]
            pull = self.v * difference.T / np.maximum(rise, _LEAST_RISE)
            inverse = np.linalg.inv(np.eye(len(chain)) + pull @ difference)
            out.append((inverse + inverse @ pull[:, :1] @ own, inverse @ (pull[:, 1:] @ rise[1:])))
        return out

    @cached_property
    def _together(self) -> Reeks:
        """Records at risk in both of two steps, shape (J, J).

        Of those in the earlier step the part that stays, had who entered late left as much as who entered
        early; and no more than are in the later one.
        """
        m = self.between
        left = np.diff(self.begin_by.sum(axis=-1), prepend=0.0) - np.diff(self.risk, prepend=0.0)
        part = np.divide(left, m, out=np.zeros_like(m), where=m > 0).clip(0.0, 1.0)
        stay = np.concatenate(([1.0], np.cumprod(1 - part)[:-1])) * (1 - part / 2)
        ratio = np.divide(stay, stay[:, None], out=np.zeros((len(m), len(m))), where=stay[:, None] > 0)
        both = np.minimum(m[:, None] * ratio, np.minimum(m, m[:, None]))
        middle = (np.concatenate((self.days[:1], self.days[:-1])) + self.days) / 2
        both = np.triu(np.where(np.abs(middle - middle[:, None]) < self.cap, both, 0.0))
        return np.asarray(both + np.triu(both, 1).T)


def _up_to(values: Reeks) -> Reeks:
    """Return the sum of the square of the first rows and columns, for each number of them."""
    return np.asarray(np.diagonal(values.cumsum(axis=0).cumsum(axis=1)))


def recurrence(
    cells: pd.DataFrame, days: tuple[int, ...], *, cap: int, v: float, at_risk: int = 5
) -> Recurrence:
    """Return the numbers of one place."""
    begin, risk, event = (
        table(cells, naam, points=days, steps=whole_steps(cells, naam))
        for naam in ("begin", "risico", "gebeurd")
    )
    return Recurrence(np.array(days, dtype=np.float64), begin, risk, event, cap, v, at_risk)

"""Survival and incidence on a grid of days, from published numbers at risk and ended.

Between two days of the grid the spells at risk are the mean of those at its begin and those at its end, the
ended put back: right without censoring or late entry, and the actuarial correction with it. Ends on day 0
have a step of their own.

References
----------
Cutler and Ederer (1958), Maximum utilization of the life table method in analyzing survival,
doi:10.1016/0021-9681(58)90126-7
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.interpolate import PchipInterpolator

from toekomstscenario_eval.estimators.cells.nested import noise_variance, table, whole_steps
from toekomstscenario_eval.estimators.intervals import Reeks

# Below this part the curve goes on with the number at risk alone, for too few are left for a step; but not
# where this many more than those at risk should still be there: they were lost from sight.
TAIL, LOST = 0.1, 10
ENDED = "einde_"
_NUDGE = 1e-3
# Points of a quadrature.
_NODES = 5
# From the numbers at risk (..., J) and ended (..., C, J) to what follows from them.
_Function = Callable[[Reeks, Reeks], Reeks]


def steps_with_enough(between: Reeks, at_risk: int) -> npt.NDArray[np.bool_]:
    """Return which steps have `at_risk` or more under observation: from the first with anybody, to a gap."""
    some = between > 0
    enough = (between >= at_risk) & (np.cumsum(some) > 0)
    started = int(np.argmax(some))
    stops = np.flatnonzero(~enough[started:])
    enough[started + int(stops[0]) if stops.size else len(enough) :] = False
    return np.asarray(enough)


@dataclass(frozen=True)
class Lattice:
    """Published numbers of one place on J days, of C causes.

    Attributes
    ----------
    days : array of J days, the first 0
    causes : tuple of C causes
    risk_by : array of shape (J, k), households with at least k spells at risk after that day
    ended_by : array of shape (C, J, k), the same ended by that day
    spells : float
        Number of spells in all.
    v : float
        Variance of the noise.
    at_risk : int
        A step of the curve needs this many.
    """

    days: Reeks
    causes: tuple[int, ...]
    risk_by: Reeks
    ended_by: Reeks
    spells: float
    v: float
    at_risk: int = 5

    @cached_property
    def risk(self) -> Reeks:
        """Spells at risk after each day."""
        return np.asarray(self.risk_by.sum(axis=-1))

    @cached_property
    def ended(self) -> Reeks:
        """Spells ended by each day, shape (C, J)."""
        return np.asarray(self.ended_by.sum(axis=-1))

    @cached_property
    def between(self) -> Reeks:
        """Spells at risk in the step up to each day."""
        return risk_between(self.risk, np.diff(self.ended.sum(axis=0), prepend=0.0))

    @cached_property
    def steps(self) -> npt.NDArray[np.bool_]:
        """Which steps the curve is made of: those with enough at risk, from the first with anybody on."""
        return steps_with_enough(self.between, self.at_risk)

    @cached_property
    def last(self) -> int:
        """Place of the last step; -1 without any."""
        return int(np.flatnonzero(self.steps)[-1]) if self.steps.any() else -1

    @cached_property
    def survival(self) -> Reeks:
        """Part that lasts longer than each day; see `known`."""
        return self.survival_of(self.risk, self.ended)

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """On which days something is known: up to the last step, and on when hardly any last that long."""
        out = np.cumsum(self.steps) > 0
        left, lasting = self.risk[self.last], self.survival[self.last]
        if lasting > TAIL or lasting * self.spells - left >= LOST:
            out[self.last + 1 :] = False
        return out

    def survival_of(self, risk: Reeks, ended: Reeks) -> Reeks:
        """Return the part that lasts longer than each day, shape (..., J), had the numbers been these."""
        d = np.diff(ended.sum(axis=-2), prepend=0.0, axis=-1)
        h = np.divide(d, risk_between(risk, d), out=np.zeros_like(d), where=self.steps)
        s = np.cumprod(1 - np.minimum(h, 1.0), axis=-1)
        if self.last >= 0:
            rest = slice(self.last + 1, None)
            ratio = risk[..., rest] / np.maximum(risk[..., [self.last]], 1.0)
            s[..., rest] = s[..., [self.last]] * np.minimum(ratio, 1.0)
        return np.asarray(s)

    def incidence_of(self, risk: Reeks, ended: Reeks) -> Reeks:
        """Return the part that has ended by each cause (Aalen-Johansen), shape (..., C, J)."""
        d = np.diff(ended, prepend=0.0, axis=-1)
        m = risk_between(risk, d.sum(axis=-2))[..., None, :]
        h = np.divide(d, m, out=np.zeros_like(d), where=np.broadcast_to(self.steps, d.shape))
        return np.asarray(np.cumsum(h * just_before(self.survival_of(risk, ended))[..., None, :], axis=-1))

    def area_of(self, risk: Reeks, ended: Reeks, horizon: float) -> Reeks:
        """Return the area under the curve up to the horizon, shape (..., 1).

        The curve between the days is a monotone cubic. Ends fall on whole days, so that the curve is a
        staircase: half a day is added for all that end.

        References
        ----------
        Fritsch and Butland (1984), doi:10.1137/0905021
        """
        s, up_to = self.survival_of(risk, ended), self.days <= horizon
        area = PchipInterpolator(self.days[up_to], s[..., up_to], axis=-1).integrate(0, horizon)
        return np.asarray(area + (s[..., 0] - s[..., up_to][..., -1]) / 2)[..., None]

    def noise(self, function: _Function) -> Reeks:
        """Return the noise variance of each value of a function of the numbers, by its slopes."""
        slopes = self._slopes(function)
        total = np.zeros(slopes.shape[1:-1])
        # Noise is drawn per set: one chain per cause and per number of spells in a household.
        for i, by in enumerate((self.risk_by, *(e[::-1] for e in self.ended_by))):
            slope = slopes[i] if i == 0 else slopes[i][..., ::-1]
            for chain in by.T:
                if chain.any():
                    total += noise_variance(slope, chain, self.v)
        return np.asarray(total)

    def _slopes(self, function: _Function) -> Reeks:
        """Return the slopes of a function, shape (1 + C, ..., J): to the risk, and to the ended by cause."""
        c, j = self.ended.shape
        nudge = _NUDGE * np.eye((1 + c) * j).reshape(1 + c, j, 1 + c, j)
        up, down = (
            function(self.risk + sign * nudge[:, :, 0], self.ended + sign * nudge[:, :, 1:])
            for sign in (1, -1)
        )
        return np.moveaxis((up - down) / (2 * _NUDGE), 1, -1)


def risk_between(risk: Reeks, d: Reeks) -> Reeks:
    """Return the spells at risk in the step up to each day, of `d` ends in each; shape (..., J)."""
    begin = np.concatenate((risk[..., :1] + d[..., :1], risk[..., :-1]), axis=-1)
    m = (begin + risk + d) / 2
    # On day 0 those at risk after it, and who ended then.
    m[..., 0] = risk[..., 0] + d[..., 0]
    return np.asarray(m)


def just_before(s: Reeks) -> Reeks:
    """Return the curve before each step, shape (..., J)."""
    return np.concatenate((np.ones_like(s[..., :1]), s[..., :-1]), axis=-1)


def lattice(
    cells: pd.DataFrame,
    days: tuple[int, ...],
    causes: tuple[int, ...],
    *,
    spells: float,
    v: float,
    at_risk: int = 5,
) -> Lattice:
    """Return the numbers of one place; causes that do not occur have none."""
    names = [f"{ENDED}{cause}" for cause in causes]
    steps = whole_steps(cells, *names)
    risk = table(cells, "risico", points=days, steps=whole_steps(cells, "risico"))
    by = np.zeros((len(causes), len(days), len(steps)))
    for own, naam in zip(by, names, strict=True):
        found = table(cells, naam, points=days, steps=steps)
        own[:, : found.shape[1]] = found
    return Lattice(np.array(days, float), causes, risk, by, spells, v, at_risk)


@dataclass(frozen=True)
class Spread:
    """Variances of what follows from a lattice: of sampling and of noise together.

    Attributes
    ----------
    survival : array of J variances of the logarithm of the curve
    incidence : array of shape (C, J)
    """

    survival: Reeks
    incidence: Reeks


def spread(c: Lattice, effect: float = 1.0) -> Spread:
    """Return the variances of the curve and of the incidence on every day.

    `effect` is the design effect: what the part of sampling is multiplied by.
    """
    s = c.survival
    noise = np.divide(c.noise(c.survival_of), s**2, out=np.zeros_like(s), where=s > 0)
    incidence = effect * _variance_of_incidence(c) + c.noise(c.incidence_of)
    return Spread(effect * np.cumsum(_greenwood(c)) + noise, incidence)


def _hazard(c: Lattice) -> Reeks:
    """Return the part that ends in each step, at least 0."""
    s, before = c.survival, just_before(c.survival)
    h = 1 - np.divide(s, before, out=np.ones_like(s), where=before > 0)
    return np.asarray(np.clip(h, 0.0, 1.0))


def _greenwood(c: Lattice) -> Reeks:
    """Return the increments of Greenwood's sum, h / ((1 - h) m); 0 once nobody is left."""
    h, m = _hazard(c), np.maximum(c.between, 1.0)
    return np.divide(h, (1 - h) * m, out=np.zeros_like(h), where=h < 1)


def area(c: Lattice, horizon: float, effect: float = 1.0) -> tuple[float, float]:
    """Return the restricted mean and its variance, of sampling (times the design effect) and of noise.

    Sampling: the integral of (area still to come)^2 against Greenwood's increments, with the curve on a line
    between the days and at risk in proportion to it.
    """

    def function(risk: Reeks, ended: Reeks) -> Reeks:
        return c.area_of(risk, ended, horizon)

    sampling = effect * _variance_of_area(c, c.days <= horizon)
    return float(function(c.risk, c.ended)[0]), sampling + float(c.noise(function)[0])


def _variance_of_area(c: Lattice, up_to: npt.NDArray[np.bool_]) -> float:
    s, m, width = c.survival[up_to], np.maximum(c.between[up_to], 1.0), np.diff(c.days[up_to])
    begin, end = s[:-1, None], np.minimum(s[1:], s[:-1])[:, None]
    panels = width * (begin + end)[:, 0] / 2
    after = np.append(np.cumsum(panels[::-1])[::-1], 0.0)
    nodes, weight = np.polynomial.legendre.leggauss(_NODES)
    part = (nodes + 1) / 2
    height = begin - (begin - end) * part
    to_come = after[1:, None] + width[:, None] * (1 - part) * (height + end) / 2
    # Per unit of the part of the panel: fall of the curve, over the number at risk and the curve itself.
    fall = np.divide((begin - end) * begin, m[1:, None] * height**2, out=0 * height, where=height > 0)
    on_day_0 = after[0] ** 2 * _greenwood(c)[0]
    return float(on_day_0 + (to_come**2 * fall * weight / 2).sum())


def _variance_of_incidence(c: Lattice) -> Reeks:
    """Return the sampling variance of the incidence by each day, shape (C, J).

    As in `estimators.incidence.incidentie_on`, with the steps of the grid for days.
    """
    f = c.incidence_of(c.risk, c.ended)
    m, before = np.maximum(c.between, 1.0), just_before(c.survival)
    h = _hazard(c)
    own = np.clip(np.diff(c.ended, prepend=0.0, axis=-1) / m, 0.0, h)
    # What an end in one step (last axis) takes away from the incidence by a later day (axis before it).
    gone = np.clip(f[:, :, None] - f[:, None, :], 0.0, None) / np.maximum(1 - h, 1e-9)
    own, later = own[:, None, :], np.tri(len(c.days))
    per_step = before**2 * own * (1 - own) + gone**2 * h * (1 - h) - 2 * before * gone * own * (1 - h)
    return np.asarray(np.clip((later * per_step / m).sum(axis=-1), 0.0, None))

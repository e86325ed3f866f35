"""Scores of groups on one grid of days: log-rank, Gray's and the hazard ratio, with their noise.

Every score is a function of the published numbers at risk and ended. Its noise follows from the slopes to
each of these, added up over runs of equal counts (see `cells.nested`). A step to the number ended by a day is
the difference of two steps of the score, so that all but the last of it cancels (Abel summation).

References
----------
Mantel (1966), Cancer Chemotherapy Reports 50, 163-170
Gray (1988), doi:10.1214/aos/1176350951
Holford (1980), The analysis of rates and of survivorship using log-linear models, doi:10.2307/2529982
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from toekomstscenario_eval.estimators.cells.lattice import Lattice, just_before, risk_between
from toekomstscenario_eval.estimators.cells.nested import draws
from toekomstscenario_eval.estimators.contrast import Score, gray_score
from toekomstscenario_eval.estimators.curve import Curve
from toekomstscenario_eval.estimators.group_tests import LEAST_CLUSTERS
from toekomstscenario_eval.estimators.intervals import Reeks

_NUDGE = 1e-3
_STEPS, _DONE, _LARGEST = 50, 1e-10, 10.0
# From the numbers at risk (..., G, J) and ended (..., G, C, J) of the groups to P numbers (..., P).
_Function = Callable[[Reeks, Reeks], Reeks]


def joined(lattices: Sequence[Lattice]) -> Lattice:
    """Return places with other households as one: its numbers are sums, and the noise of each stays apart."""
    first = lattices[0]
    risk = np.concatenate([c.risk_by for c in lattices], axis=-1)
    ended = np.concatenate([c.ended_by for c in lattices], axis=-1)
    spells = sum(c.spells for c in lattices)
    return Lattice(first.days, first.causes, risk, ended, spells, first.v, first.at_risk)


@dataclass(frozen=True)
class Groups:
    """Published numbers of G groups with other households, on the same days and with the same causes.

    `cause` is the end that is compared, all others then being censored; None: every end.
    """

    lattices: tuple[Lattice, ...]
    cause: int | None = None

    @cached_property
    def risk(self) -> Reeks:
        """Spells at risk after each day, shape (G, J)."""
        return np.array([c.risk for c in self.lattices])

    @cached_property
    def ended(self) -> Reeks:
        """Spells ended by each day, shape (G, C, J)."""
        return np.array([c.ended for c in self.lattices])

    @cached_property
    def counted(self) -> npt.NDArray[np.bool_]:
        """In which steps each group takes part, shape (G, J): as long as enough are at risk."""
        return np.array([c.steps for c in self.lattices])

    @cached_property
    def own(self) -> list[int]:
        """Places of the causes that are compared."""
        return [i for i, naam in enumerate(self.lattices[0].causes) if self.cause in (None, naam)]

    def numbers(self, risk: Reeks, ended: Reeks) -> tuple[Reeks, Reeks, Reeks]:
        """Return per group and step the spells at risk, ended, and ended by what is compared (..., G, J)."""
        d = np.diff(ended, prepend=0.0, axis=-1)
        every = d.sum(axis=-2)
        own = d[..., self.own, :].sum(axis=-2)
        zero = np.zeros_like(every)
        m = np.maximum(risk_between(risk, every), 0.0)
        return (
            np.where(self.counted, m, zero),
            np.where(self.counted, every, zero),
            np.where(self.counted, own, zero),
        )

    @cached_property
    def known(self) -> tuple[Reeks, Reeks, Reeks]:
        """What `numbers` gives for the published numbers."""
        return self.numbers(self.risk, self.ended)

    def noise(self, function: _Function) -> Reeks:
        """Return the covariance that noise gives to P numbers, shape (P, P), by their slopes."""
        p = function(self.risk, self.ended).shape[-1]
        total = np.zeros((p, p))
        # Noise is drawn per set: a chain per group, cause and number of spells in a household.
        for spot, c in enumerate(self.lattices):
            if not c.v:
                continue
            slopes = self._slopes(function, spot)
            for i, by in enumerate((c.risk_by, *(e[::-1] for e in c.ended_by))):
                slope = slopes[i] if i == 0 else slopes[i][..., ::-1]
                for chain in by.T:
                    if chain.any():
                        each, variance = draws(slope, chain, c.v)
                        total = total + (each * variance) @ each.T
        return total

    def _slopes(self, function: _Function, spot: int) -> Reeks:
        """Return the slopes to the numbers of one group, (1 + C, P, J): at risk, and ended by each cause."""
        _, c, j = self.ended.shape
        nudge = _NUDGE * np.eye((1 + c) * j).reshape(1 + c, j, 1 + c, j)
        values = []
        for sign in (1, -1):
            risk, ended = (np.tile(a, (1 + c, j, *(1,) * a.ndim)) for a in (self.risk, self.ended))
            risk[..., spot, :] += sign * nudge[..., 0, :]
            ended[..., spot, :, :] += sign * nudge[..., 1:, :]
            values.append(function(risk, ended))
        return np.moveaxis((values[0] - values[1]) / (2 * _NUDGE), 1, -1)


def _part(teller: Reeks, noemer: Reeks) -> Reeks:
    """Return the quotient, and 0 where there is nothing to divide by."""
    out = np.zeros(np.broadcast_shapes(teller.shape, noemer.shape))
    np.divide(teller, noemer, out=out, where=np.broadcast_to(noemer > 0, out.shape))
    return out


def logrank_score(g: Groups) -> Score:
    """Return ends seen and expected in each group, with the variance of sampling and of noise.

    With m_gj at risk and d_gj ended in step j, and a part p_gj = m_gj / m_j: U_g = sum_j (d_gj - d_j p_gj),
    with the hypergeometric variance sum_j d_j (m_j - d_j) / (m_j - 1) p_gj (1[g = h] - p_hj).
    """

    def score(risk: Reeks, ended: Reeks) -> Reeks:
        m, _, d = g.numbers(risk, ended)
        return np.asarray((d - d.sum(axis=-2, keepdims=True) * _parts(m)).sum(axis=-1))

    m, _, d = g.known
    total_m, total_d, part = m.sum(axis=0), d.sum(axis=0), _parts(m)
    w = np.where(total_m > 1, total_d * (total_m - total_d) / np.maximum(total_m - 1, 1.0), 0.0)
    variance = np.diag((w * part).sum(axis=1)) - (w * part) @ part.T
    expected = (total_d * part).sum(axis=1)
    return Score(d.sum(axis=1), expected, variance + g.noise(score))


def _parts(m: Reeks) -> Reeks:
    return _part(m, m.sum(axis=-2, keepdims=True))


def stratified_score(strata: Sequence[Sequence[Sequence[Lattice]]], cause: int | None = None) -> Score:
    """Return the log-rank score added up over strata.

    Parameters
    ----------
    strata : per stratum, per group, the counts of the places in both
        A group without places in a stratum takes no part there.
    """
    k = len(strata[0])
    observed, expected, variance = np.zeros(k), np.zeros(k), np.zeros((k, k))
    for stratum in strata:
        spot = [i for i, places in enumerate(stratum) if places]
        score = logrank_score(Groups(tuple(joined(stratum[i]) for i in spot), cause))
        observed[spot] += score.observed
        expected[spot] += score.verwacht
        variance[np.ix_(spot, spot)] += score.variantie
    return Score(observed, expected, variance)


def gray_on_grid(g: Groups, cause: int) -> Score:
    """Return the score of Gray's test as in `contrast.gray`, with the steps of the grid for days."""

    def score(risk: Reeks, ended: Reeks) -> Reeks:
        m, every, d = g.numbers(risk, ended)
        before = just_before(np.cumprod(1 - np.minimum(_part(every, m), 1.0), axis=-1))
        own = _part(before * d, m)
        r = _part(m * (1 - np.cumsum(own, axis=-1) + own), before)
        return np.asarray((d - d.sum(axis=-2, keepdims=True) * _parts(r)).sum(axis=-1))

    found = gray_score([_curve(g, i, cause) for i in range(len(g.lattices))], cause)
    expected = found.observed - score(g.risk, g.ended)
    return Score(found.observed, expected, found.variantie + g.noise(score))


def _curve(g: Groups, i: int, cause: int) -> Curve:
    m, every, d = (part[i] for part in g.known)
    survival = np.cumprod(1 - np.minimum(_part(every, m), 1.0))
    zero, causes = np.zeros_like(m), {cause: d, cause + 1: every - d}
    return Curve(g.lattices[i].days, zero, every, zero, causes, m, survival, zero)


@dataclass(frozen=True)
class Ratio:
    """Logarithm of how much faster spells of the first group end than those of the second.

    Attributes
    ----------
    coefficient : float
    information : float
        Of the likelihood; its inverse is the variance of sampling.
    noise : float
        Variance that noise gives to the coefficient.
    shift : tuple of float
        Score of a ratio that goes with the part ended of all, and its variance, noise included.
    """

    groups: Groups
    coefficient: float
    information: float
    noise: float
    shift: tuple[float, float]

    @property
    def variance(self) -> float:
        """Variance with households counted as independent."""
        return 1 / self.information + self.noise


def hazard_ratio(g: Groups) -> Ratio | None:
    """Fit the ratio of two groups by the likelihood of ends given their number in each step.

    Rates are constant in a step. With y_gj the mean number at risk in step j, the ends of the first group
    have the part pi_j = y_1j e^b / (y_1j e^b + y_2j) of d_j: the score is sum_j (d_1j - d_j pi_j), and its
    information sum_j d_j pi_j (1 - pi_j). Halves of the ends count as at risk, which is Efron's way with
    ties. The test of a constant ratio adds to b a multiple of the part ended of both groups together.

    Returns
    -------
    Ratio or None
        None when nothing can be estimated.
    """
    y, d = _mean_at_risk(g, g.risk, g.ended)
    b = 0.0
    for _ in range(_STEPS):
        part = _expected(y, b)
        information = float((d.sum(axis=0) * part * (1 - part)).sum())
        if not information > 0 or abs(b) > _LARGEST:
            return None
        step = float((d[0] - d.sum(axis=0) * part).sum()) / information
        b += float(np.clip(step, -1.0, 1.0))
        if abs(step) < _DONE:
            break
    else:
        return None
    part = _expected(y, b)
    weight = d.sum(axis=0) * part * (1 - part)
    m, total = g.known[0].sum(axis=0), d.sum(axis=0)
    elapsed = 1 - just_before(np.asarray(np.cumprod(1 - np.clip(_part(total, m), 0.0, 1.0))))
    elapsed = elapsed - float((elapsed * weight).sum() / weight.sum())

    def score(risk: Reeks, ended: Reeks) -> Reeks:
        y, d = _mean_at_risk(g, risk, ended)
        rest = d[..., 0, :] - d.sum(axis=-2) * _expected(y, b)
        return np.stack([rest.sum(axis=-1), (elapsed * rest).sum(axis=-1)], axis=-1)

    noise, shift = g.noise(score), float(score(g.risk, g.ended)[1])
    information = float(weight.sum())
    spread = float((elapsed**2 * weight).sum() + noise[1, 1])
    return Ratio(g, b, information, float(noise[0, 0]) / information**2, (shift, spread))


def _mean_at_risk(g: Groups, risk: Reeks, ended: Reeks) -> tuple[Reeks, Reeks]:
    m, every, d = g.numbers(risk, ended)
    return np.maximum(m - every / 2, 0.0), d


def _expected(y: Reeks, b: float) -> Reeks:
    weighed = y[..., 0, :] * np.exp(b)
    return _part(weighed, weighed + y[..., 1, :])


def variance_by_site(ratio: Ratio, sites: Sequence[Sequence[Lattice]]) -> tuple[float, int] | None:
    """Return the variance of the coefficient with sites as the unit, and how many; None with too few.

    Sites differ by a factor e^u with the same spread of u in both groups. With O_s ends in a site and E_s
    those that the ratio expects there, Q = sum (O_s - E_s)^2 / E_s is larger than k - 2, and than what the
    noise of the sites' own counts gives, by var(u) sum_g (sum E_s - sum E_s^2 / sum E_s). A site moves the
    coefficient by u times its expected part of the score, sum_j (x - pi_j) E_sj, over the information. With
    few sites in one group this keeps its coverage, where a robust variance is too small.

    Parameters
    ----------
    sites : per group the counts of its sites

    References
    ----------
    DerSimonian and Laird (1986), doi:10.1016/0197-2456(86)90046-2
    """
    g = ratio.groups
    y, d = _mean_at_risk(g, g.risk, g.ended)
    part = _expected(y, ratio.coefficient)
    rate = _part(d.sum(axis=0), y[0] * np.exp(ratio.coefficient) + y[1])
    excess = weight = moves = 0.0
    units = 0
    for group, own in enumerate(sites):
        hazard = rate * (np.exp(ratio.coefficient) if group == 0 else 1.0) * g.counted[group]
        found = [_of_site(g, c, hazard, group) for c in own]
        expected = np.array([e.sum() for e, *_ in found])
        if (expected > 0).sum() < LEAST_CLUSTERS:
            return None
        for e, rest, noise in (f for f, total in zip(found, expected, strict=True) if total > 0):
            excess += (rest**2 - noise) / float(e.sum()) - 1
            moves += float(((1 - group - part) * e).sum()) ** 2
            units += 1
        excess += 1  # the ratio itself was fitted
        weight += float(expected.sum() - (expected**2).sum() / expected.sum())
    between = max(0.0, excess / weight)
    return ratio.variance + between * moves / ratio.information**2, units


def _of_site(g: Groups, c: Lattice, hazard: Reeks, group: int) -> tuple[Reeks, float, float]:
    """Return the ends expected in a site by step, what was seen more in all, and the noise of that."""

    def expected(risk: Reeks, ended: Reeks) -> Reeks:
        every = np.diff(ended, prepend=0.0, axis=-1).sum(axis=-2)
        return np.asarray((risk_between(risk, every) - every / 2) * hazard)

    def rest(risk: Reeks, ended: Reeks) -> Reeks:
        own = np.diff(ended[..., g.own, :], prepend=0.0, axis=-1).sum(axis=-2)
        return np.asarray((own * g.counted[group] - expected(risk, ended)).sum(axis=-1))[..., None]

    return expected(c.risk, c.ended), float(rest(c.risk, c.ended)[0]), float(c.noise(rest)[0])

"""The chance to find a difference, and the smallest one that is found often enough, by formula.

The figure of region i in period t has mean m_it, a standard deviation tau between regions, correlation rho
between periods of one region, and the error of its households:

    Var(d) = sum_it w_it^2 (h(m_it) / n_i + q(m_it) / n_i^2)
             + tau^2 sum_i (rho (sum_t w_it)^2 + (1 - rho) sum_t w_it^2)

h is what households of one region differ: m (1 - m) - tau^2 for a share, phi m for a count. q is the noise of
published counts: of a share t / (t + r) with V on both, V ((1 - m)^2 + m^2); of a mean, a sum of counts "at
least so many" over a count, V (sum over its steps of their width squared + m^2). The chance is that of a
noncentral t with the degrees of freedom of the comparison, at the level that its exact test can reach.

References
----------
Cohen (1988), Statistical power analysis for the behavioral sciences, chapter 2
Hooper and others (2016), Sample size calculation for stepped wedge and other longitudinal cluster randomised
trials, doi:10.1002/sim.7028
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from toekomstscenario_eval.designs._assignment import LEVEL
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.power.layouts import Layout
from toekomstscenario_eval.power.setting import Floats, Setting

# A difference up to the farthest that can be, but for where a share would be 0 or 1 in every region.
_WITHIN = 1 - 1e-6
# Beyond so many standard errors the chance is 1, and the distribution function is no longer exact.
_SURE, _OTHER = 30.0, 6.0


@dataclass(frozen=True)
class Parts:
    """The variance of a comparison by where it comes from."""

    regions: float
    households: float
    noise: float

    @property
    def error(self) -> float:
        """The standard error."""
        return math.sqrt(self.regions + self.households + self.noise)


def means(s: Setting, layout: Layout, effect: float) -> Floats:
    """Return the mean of each region and period when proeftuinen differ by `effect` (0 or more)."""
    return np.asarray(s.base + s.sign * effect * layout.treated, dtype=np.float64)


def of_households(s: Setting, mean: Floats) -> Floats:
    """Return the variance between households of one region, averaged over regions."""
    return np.asarray(mean * (1 - mean) - s.spread**2 if s.share else s.dispersion * mean)


def of_noise(s: Setting, mean: Floats, n: Floats) -> Floats:
    """Return the variance that noise gives to n times a figure."""
    if s.noise is None:
        return np.zeros_like(mean)
    if s.share:
        # The mean of (1 - p)^2 + p^2 over regions.
        return s.noise.v * (1 - 2 * mean + 2 * (mean**2 + s.spread**2))
    return s.noise.v * (_steps(s, mean, n) + mean**2)


def _steps(s: Setting, mean: Floats, n: Floats) -> Floats:
    """Return the sum of squared widths of the steps "at least x" that any household is expected to reach.

    Counts are negative binomial with variance phi m.
    """
    steps = np.array(ladder(1, 0), dtype=np.float64)
    wide = np.diff(steps, prepend=0.0)
    # Only a few means and sizes differ.
    pairs, of = np.unique(np.stack([mean.ravel(), n.ravel()]), axis=1, return_inverse=True)
    reached = 1.0 - _below(s, pairs[0][:, None], steps - 1)
    told = (wide**2 * (pairs[1][:, None] * reached >= 0.5)).sum(axis=1)
    return np.asarray(told[of.ravel()].reshape(mean.shape))


def _below(s: Setting, mean: Floats, most: Floats) -> Floats:
    """Return the chance of a count of at most `most`."""
    if s.dispersion == 1:
        return np.asarray(special.pdtr(most, mean))
    # Around one mean for all regions: what regions differ adds next to nothing to the steps.
    size = np.maximum(mean, 1e-12) / (s.dispersion - 1)
    return np.asarray(special.betainc(size, most + 1, 1 / s.dispersion))


def parts(s: Setting, layout: Layout, effect: float) -> Parts:
    """Return the variance of a comparison; see the text of this module."""
    w, n = layout.weights, s.sizes(others=layout.others)[:, None]
    mean = means(s, layout, effect)
    wide = np.broadcast_to(n, mean.shape)
    together = s.stable * w.sum(axis=1) ** 2 + (1 - s.stable) * (w**2).sum(axis=1)
    return Parts(
        s.spread**2 * float(together.sum()),
        float((w**2 * np.maximum(of_households(s, mean), 0.0) / n).sum()),
        float((w**2 * of_noise(s, mean, wide) / n**2).sum()),
    )


def t_chance(distance: float, df: int, level: float) -> float:
    """Return the chance that a two-sided t-test finds what is `distance` standard errors from zero.

    Noncentral t with `df` degrees of freedom, both sides counted.
    """
    if df < 1 or level <= 0:
        return 0.0
    edge = float(special.stdtrit(df, 1 - level / 2))
    if distance > _SURE + edge:
        return 1.0
    # Far from zero nothing is found on the other side, and the distribution function no longer answers.
    other = float(special.nctdtr(df, distance, -edge)) if distance < _OTHER else 0.0
    return 1 - float(special.nctdtr(df, distance, edge)) + other


def chance(s: Setting, layout: Layout, effect: float) -> float:
    """Return the chance to find a difference of `effect`; 0 when the design cannot find any."""
    if not layout.reaches:
        return 0.0
    error = parts(s, layout, effect).error
    return t_chance(effect / error if error else math.inf, layout.df, layout.level)


def detectable(s: Setting, layout: Layout) -> float:
    """Return the smallest difference found with the chance asked for; NaN when there is none."""
    top = s.farthest * _WITHIN
    if chance(s, layout, top) < s.chance:
        return math.nan
    return float(optimize.brentq(lambda d: chance(s, layout, d) - s.chance, 0.0, top, xtol=1e-9))


def half_width(s: Setting, layout: Layout) -> float:
    """Return half the width of a 95% t-interval to expect without a difference; NaN without an error."""
    if layout.df < 1:
        return math.nan
    return float(special.stdtrit(layout.df, 1 - LEVEL / 2)) * parts(s, layout, 0.0).error

"""Sites together when their means are known with noise: what is said of one site has tau and mu integrated.

A mean y_i with standard error s_i, noise included, says of the true mean theta_i ~ Normal(mu, tau^2) what a
normal likelihood says. Given tau all is in closed form; tau has a flat prior on a grid, and mu a flat one.

References
----------
Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), Bayesian Data Analysis, section 5.4
Gelman (2006), flat priors on tau, doi:10.1214/06-BA117A
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
_TAUS, _WIDE = 400, 8.0
_ROUNDS = 60


@dataclass(frozen=True)
class Integrated:
    """Sites drawn to the middle: estimate and 95% interval of each, arrays of shape (k,)."""

    gekrompen: Floats
    onder: Floats
    boven: Floats


def integrate(y: Floats, se: Floats) -> Integrated:
    """Return each site drawn to the middle, with the uncertainty of tau and of the mean in its interval."""
    v = se**2
    taus = np.linspace(0.0, _WIDE * max(float(np.std(y)), float(se.mean())), _TAUS)
    total = taus[:, None] ** 2 + v
    w = 1 / total
    sums = w.sum(axis=1)
    mu = (w * y).sum(axis=1) / sums
    log = -0.5 * (np.log(total).sum(axis=1) + np.log(sums) + (w * (y - mu[:, None]) ** 2).sum(axis=1))
    likely = np.exp(log - log.max())
    likely /= likely.sum()
    part = taus[:, None] ** 2 * w
    middle = mu[:, None] + part * (y - mu[:, None])
    spread = np.sqrt(part * v + (1 - part) ** 2 / sums[:, None])
    bounds = [_quantile(p, likely, middle, spread) for p in (0.025, 0.975)]
    return Integrated(likely @ middle, *bounds)


def _quantile(p: float, likely: Floats, middle: Floats, spread: Floats) -> Floats:
    """Return quantile p of each site: of a mixture of normals, by halving."""
    low, high = (middle - _WIDE * spread).min(axis=0), (middle + _WIDE * spread).max(axis=0)
    for _ in range(_ROUNDS):
        half = (low + high) / 2
        under = likely @ special.ndtr((half - middle) / spread) < p
        low, high = np.where(under, half, low), np.where(under, high, half)
    return np.asarray((low + high) / 2)

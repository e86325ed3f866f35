"""How much sites differ beyond their own errors: estimators of the variance between sites, tau^2.

With y_i the estimate of site i, v_i its variance, w_i = 1 / (v_i + tau^2) and mu = sum w y / sum w:

- `reml`: the root of sum w^2 (y - mu)^2 - sum w + sum w^2 / sum w, found to machine precision.
- `scoring`: the same criterion by Fisher scoring from Hedges' estimate, ended when a step is smaller than
  1e-5, as R's metafor does by default. Published figures carry that stop: of the BCG trials tau^2 is
  0.31324333 where the optimum is 0.31324326, and metafor itself gives the latter with a threshold of 1e-10.
- `dersimonian_laird`: (Q - (k - 1)) / (sum 1/v - sum 1/v^2 / sum 1/v), no less than 0.
- `EE`: 0, one effect for all.

References
----------
Viechtbauer (2005), doi:10.3102/10769986030003261
DerSimonian and Laird (1986), doi:10.1016/0197-2456(86)90046-2
Hedges and Olkin (1985), Statistical methods for meta-analysis, chapter 9
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]
Method = Literal["REML", "REML (stap 1e-5)", "DL", "EE"]
_STOP = 1e-5  # metafor's default threshold
_ROUNDS = 100  # and its default number of iterations


def mean(y: Floats, weight: Floats) -> float:
    """Return the weighted mean."""
    return float(np.sum(weight * y) / np.sum(weight))


def typical(v: Floats) -> float:
    """Return the variance of a typical site (Higgins and Thompson 2002, doi:10.1002/sim.1186)."""
    w = 1 / v
    return (len(v) - 1) * float(np.sum(w)) / float(np.sum(w) ** 2 - np.sum(w**2))


def cochran(y: Floats, v: Floats) -> float:
    """Return Cochran's Q: squared distance to the common effect, in units of the sites' own errors."""
    return float(np.sum((y - mean(y, 1 / v)) ** 2 / v))


def _slope(y: Floats, v: Floats, tau2: float) -> float:
    """Return twice the derivative of the restricted log-likelihood."""
    w = 1 / (v + tau2)
    return float(np.sum(w**2 * (y - mean(y, w)) ** 2) - np.sum(w) + np.sum(w**2) / np.sum(w))


def reml(y: Floats, v: Floats) -> float:
    """Return the REML estimate of the variance between sites: the optimum itself."""
    if _slope(y, v, 0.0) <= 0:
        return 0.0
    above = max(float(np.var(y)), float(v.max()), 1e-12)
    while _slope(y, v, above) > 0:
        above *= 2
    return float(optimize.brentq(lambda tau2: _slope(y, v, tau2), 0.0, above, xtol=1e-14, rtol=1e-13))


def scoring(y: Floats, v: Floats, *, threshold: float = _STOP) -> float:
    """Return the REML estimate as far as Fisher scoring comes before a step is under `threshold`.

    Parameters
    ----------
    y, v : array of shape (k,)
        Estimate and its variance per site.
    threshold : float
        In the unit of tau^2: not for estimates on a scale on which tau^2 itself is that small.

    Raises
    ------
    ArithmeticError
        When it does not come to an end in 100 rounds; metafor refuses then too.
    """
    tau2 = max(0.0, float(np.var(y, ddof=1) - np.mean(v)))
    for _ in range(_ROUNDS):
        w = 1 / (v + tau2)
        one, two, three = (float(np.sum(w**power)) for power in (1, 2, 3))
        step = _slope(y, v, tau2) / (two - 2 * three / one + (two / one) ** 2)
        while tau2 + step < 0:
            step /= 2
        tau2 += step
        if abs(step) <= threshold:
            return tau2
    raise ArithmeticError("the iterations for the variance between sites do not converge")


def dersimonian_laird(y: Floats, v: Floats) -> float:
    """Return the estimate of DerSimonian and Laird."""
    w = 1 / v
    scale = float(np.sum(w) - np.sum(w**2) / np.sum(w))
    return max(0.0, (cochran(y, v) - (len(y) - 1)) / scale)


METHODS: Mapping[Method, Callable[[Floats, Floats], float]] = {
    "REML": reml,
    "REML (stap 1e-5)": scoring,
    "DL": dersimonian_laird,
    "EE": lambda _y, _v: 0.0,
}

"""Sites combined under random effects, by an estimate and standard error of each; and with each left out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from toekomstscenario_eval.designs._between import METHODS, Method, cochran, mean, typical

Floats = NDArray[np.float64]
LEAST_OTHERS = 4  # sites before one of them can be held against, or left out of, the others


@dataclass(frozen=True)
class MetaAnalysis:
    """Sites combined under random effects.

    Attributes
    ----------
    gemiddelde, se : float
        Mean over sites and its standard error (Knapp-Hartung, never narrower than a common effect allows).
    ondergrens, bovengrens : float
        95% interval of the mean (t, k - 1 degrees of freedom).
    tau2, i2, q, p_q : float
        Variance between sites (REML), share of variance between sites (0-1), Cochran's Q and its p.
    predict_under, predict_above : float
        95% prediction interval for a new site (t, k - 1 degrees of freedom).
    gekrompen, shrunken_se : array of shape (k,)
        Empirical Bayes estimate per site and its standard error.
    """

    gemiddelde: float
    se: float
    ondergrens: float
    bovengrens: float
    tau2: float
    i2: float
    q: float
    p_q: float
    predict_under: float
    predict_above: float
    gekrompen: Floats
    shrunken_se: Floats


def combine(schatting: Floats, se: Floats, *, method: Method = "REML") -> MetaAnalysis:
    """Combine sites under random effects (REML, Knapp-Hartung with the ad hoc correction).

    With w = 1 / (v + tau^2) the variance of the mean is max(1, sum w (y - mu)^2 / (k - 1)) / sum w. Without
    the 1 sites that happen to lie close together would give an interval narrower than their own errors
    allow, and of width zero when they are the same.

    Parameters
    ----------
    schatting, se : array of shape (k,)
        Estimate and standard error per site, on a scale where normality fits; k at least 3.
    method : str
        How the variance between sites is estimated, see `_between`: REML unless another is asked for.

    Raises
    ------
    ValueError
        With fewer than three sites, or a standard error that is not positive.

    References
    ----------
    Knapp and Hartung (2003), doi:10.1002/sim.1482
    Roever, Knapp and Friede (2015), doi:10.1186/s12874-015-0091-1
    Higgins, Thompson and Spiegelhalter (2009), doi:10.1111/j.1467-985X.2008.00552.x
    """
    y, v = np.asarray(schatting, dtype=float), np.asarray(se, dtype=float) ** 2
    k = len(y)
    if k < 3 or not np.all(np.isfinite(y)) or not np.all(v > 0):
        raise ValueError("ten minste drie regio's met een positieve standaardfout")
    tau2 = METHODS[method](y, v)
    w = 1 / (v + tau2)
    mu = mean(y, w)
    apart = float(np.sum(w * (y - mu) ** 2)) / (k - 1)
    se_mu = math.sqrt(max(1.0, apart) / float(np.sum(w)))
    q, chance = cochran(y, v), typical(v)
    t = float(stats.t.ppf(0.975, k - 1))
    spread = t * math.sqrt(tau2 + se_mu**2)
    part = tau2 * w
    return MetaAnalysis(
        gemiddelde=mu,
        se=se_mu,
        ondergrens=mu - t * se_mu,
        bovengrens=mu + t * se_mu,
        tau2=tau2,
        i2=tau2 / (tau2 + chance),
        q=q,
        p_q=float(stats.chi2.sf(q, k - 1)),
        predict_under=mu - spread,
        predict_above=mu + spread,
        gekrompen=mu + part * (y - mu),
        shrunken_se=np.sqrt(part * v + (1 - part) ** 2 * se_mu**2),
    )


@dataclass(frozen=True)
class LeftOut:
    """The mean over sites with each of them left out in turn, arrays of shape (k,).

    `gemiddelde`, `ondergrens`, `bovengrens` and `tau2` are those of the other sites; `shift` is how far the
    mean moves, and `most` the place of the site whose omission moves it most.
    """

    gemiddelde: Floats
    ondergrens: Floats
    bovengrens: Floats
    tau2: Floats
    shift: Floats
    most: int


def leave_one_out(schatting: Floats, se: Floats, *, method: Method = "REML") -> LeftOut | None:
    """Return the mean with each site left out; None with fewer than four sites, of which three would be left.

    Parameters
    ----------
    schatting, se, method
        See `combine`.

    References
    ----------
    Viechtbauer and Cheung (2010), doi:10.1002/jrsm.11
    """
    y, s = np.asarray(schatting, dtype=float), np.asarray(se, dtype=float)
    if len(y) < LEAST_OTHERS:
        return None
    whole = combine(y, s, method=method)
    rest = [combine(np.delete(y, i), np.delete(s, i), method=method) for i in range(len(y))]
    mu, under, above, tau2 = np.array([(m.gemiddelde, m.ondergrens, m.bovengrens, m.tau2) for m in rest]).T
    shift = mu - whole.gemiddelde
    return LeftOut(mu, under, above, tau2, shift, int(np.argmax(np.abs(shift))))

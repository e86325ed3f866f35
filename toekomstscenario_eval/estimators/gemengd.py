"""Scores of units in sites: a mixed model with a random effect of the site, from sums per site.

Sites were not drawn by lot and differ in more than what is studied; units of one site are alike. A model
that knows this gives a mean over sites, with an interval that rests on the number of sites rather than
of households. With covariates of sites alone the likelihood needs no more than the number, sum and sum
of squares of each site.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.intervals import Interval, Reeks, eis, t_waarde

_AFRONDING = 1e-12


@dataclass(frozen=True)
class Gemengd:
    """A fitted model.

    Attributes
    ----------
    coefficienten, standaardfouten : tuple of float
        One per column of x.
    tussen, binnen : float
        Variance between sites and of units within a site.
    eenheden, clusters : int
        Number of units and of sites.
    df : int
        Degrees of freedom of the intervals: sites less coefficients. Conservative: covariates are of sites.
    """

    coefficienten: tuple[float, ...]
    standaardfouten: tuple[float, ...]
    tussen: float
    binnen: float
    eenheden: int
    clusters: int
    df: int

    def interval(self, i: int) -> Interval:
        """Return the 95% interval (t) of coefficient `i`."""
        half = t_waarde(self.df) * self.standaardfouten[i]
        return self.coefficienten[i] - half, self.coefficienten[i] + half

    def toets(self, i: int) -> tuple[float, float]:
        """Return the t statistic of coefficient `i`, and its two-sided probability."""
        t = self.coefficienten[i] / self.standaardfouten[i]
        return t, float(2 * special.stdtr(self.df, -abs(t)))


def gemengd(n: Reeks, som: Reeks, kwadraat: Reeks, x: Reeks) -> Gemengd:
    """Fit y_ij = x_i b + u_i + e_ij for unit j in site i, by restricted maximum likelihood.

    With lambda = var(u) / var(e) and c_i = lambda + 1 / n_i, -2 log L = (N - p) log R + sum(log(n_i c_i))
    + log |X' C^-1 X|, where R adds up squares within sites and (mean_i - x_i b)^2 / c_i.

    Parameters
    ----------
    n, som, kwadraat : arrays of k sites
        Units, sum and sum of squares of the score.
    x : array (k, p)
        Covariates of sites; a column of ones for the mean.

    Returns
    -------
    Gemengd
        Equals `lmer(y ~ x + (1 | site))` of R's lme4; its intervals use t with k - p degrees of freedom.

    Raises
    ------
    GebruikFout
        With no more sites than coefficients, or without spread within sites.

    References
    ----------
    Laird and Ware (1982), doi:10.2307/2529876
    Bates, Maechler, Bolker and Walker (2015), doi:10.18637/jss.v067.i01
    """
    mee = n > 0
    n, som, kwadraat, x = n[mee], som[mee], kwadraat[mee], x[mee]
    k, p = x.shape
    if k <= p or int(np.linalg.matrix_rank(x)) < p:
        raise GebruikFout(
            "er zijn te weinig regio's voor dit model", verwacht="meer regio's dan coëfficiënten"
        )
    gemiddeld = som / n
    rest = kwadraat - n * gemiddeld**2
    eis(bool((rest >= -1e-9 * (1 + kwadraat)).all()), naam="kwadraat", wat="de som van kwadraten is te klein")
    binnen = float(np.maximum(rest, 0.0).sum())
    totaal = float(n.sum())
    if binnen <= _AFRONDING * float(kwadraat.sum()):
        raise GebruikFout("er is geen spreiding binnen regio's", herstel="kijk na of de scores verschillen")

    def pas_aan(labda: float) -> tuple[Reeks, Reeks, float, float]:
        c = labda + 1 / n
        informatie = x.T @ (x / c[:, None])
        b = np.linalg.solve(informatie, x.T @ (gemiddeld / c))
        kwadraten = binnen + float(((gemiddeld - x @ b) ** 2 / c).sum())
        criterium = (totaal - p) * math.log(kwadraten) + float(np.log(n * c).sum())
        return (
            np.asarray(b),
            np.asarray(informatie),
            kwadraten,
            criterium + float(np.linalg.slogdet(informatie)[1]),
        )

    labda = _kleinste(lambda log: pas_aan(math.exp(log))[3], pas_aan(0.0)[3])
    b, informatie, kwadraten, _ = pas_aan(labda)
    sigma2 = kwadraten / (totaal - p)
    fouten = np.sqrt(sigma2 * np.diag(np.linalg.inv(informatie)))
    return Gemengd(tuple(b.tolist()), tuple(fouten.tolist()), labda * sigma2, sigma2, round(totaal), k, k - p)


def _kleinste(criterium: Callable[[float], float], bij_nul: float) -> float:
    """Return the lambda with the smallest criterion; the search is on the log scale, and 0 may win."""
    # A grid first: the criterion may have a flat part next to 0.
    raster = np.linspace(math.log(1e-9), math.log(1e4), 60)
    waarden = [criterium(float(log)) for log in raster]
    i = int(np.argmin(waarden))
    grenzen = (float(raster[max(0, i - 1)]), float(raster[min(len(raster) - 1, i + 1)]))
    gevonden = optimize.minimize_scalar(criterium, bounds=grenzen, method="bounded", options={"xatol": 1e-10})
    return math.exp(float(gevonden.x)) if float(gevonden.fun) < bij_nul else 0.0

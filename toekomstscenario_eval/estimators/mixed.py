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
from toekomstscenario_eval.estimators.intervals import Interval, Reeks, require, t_waarde

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Mixed:
    """A fitted model.

    Attributes
    ----------
    coefficients, standard_errors : tuple of float
        One per column of x.
    between, binnen : float
        Variance between sites and of units within a site.
    eenheden, clusters : int
        Number of units and of sites.
    df : int
        Degrees of freedom of the intervals: sites less coefficients. Conservative: covariates are of sites.
    """

    coefficients: tuple[float, ...]
    standard_errors: tuple[float, ...]
    between: float
    binnen: float
    eenheden: int
    clusters: int
    df: int

    def interval(self, i: int) -> Interval:
        """Return the 95% interval (t) of coefficient `i`."""
        half = t_waarde(self.df) * self.standard_errors[i]
        return self.coefficients[i] - half, self.coefficients[i] + half

    def toets(self, i: int) -> tuple[float, float]:
        """Return the t statistic of coefficient `i`, and its two-sided probability."""
        t = self.coefficients[i] / self.standard_errors[i]
        return t, float(2 * special.stdtr(self.df, -abs(t)))


def mixed(n: Reeks, total: Reeks, square: Reeks, x: Reeks) -> Mixed:
    """Fit y_ij = x_i b + u_i + e_ij for unit j in site i, by restricted maximum likelihood.

    With lambda = var(u) / var(e) and c_i = lambda + 1 / n_i, -2 log L = (N - p) log R + sum(log(n_i c_i))
    + log |X' C^-1 X|, where R adds up squares within sites and (mean_i - x_i b)^2 / c_i.

    Parameters
    ----------
    n, total, square : arrays of k sites
        Units, sum and sum of squares of the score.
    x : array (k, p)
        Covariates of sites; a column of ones for the mean.

    Returns
    -------
    Mixed
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
    counted = n > 0
    n, total, square, x = n[counted], total[counted], square[counted], x[counted]
    k, p = x.shape
    if k <= p or int(np.linalg.matrix_rank(x)) < p:
        raise GebruikFout(
            "er zijn te weinig regio's voor dit model", verwacht="meer regio's dan coëfficiënten"
        )
    average = total / n
    rest = square - n * average**2
    require(
        bool((rest >= -1e-9 * (1 + square)).all()), naam="kwadraat", what="de som van kwadraten is te klein"
    )
    within = float(np.maximum(rest, 0.0).sum())
    totaal = float(n.sum())
    if within <= _ROUNDING * float(square.sum()):
        raise GebruikFout("er is geen spreiding binnen regio's", herstel="kijk na of de scores verschillen")

    def fit_on(lambda_: float) -> tuple[Reeks, Reeks, float, float]:
        c = lambda_ + 1 / n
        information = x.T @ (x / c[:, None])
        b = np.linalg.solve(information, x.T @ (average / c))
        squares = within + float(((average - x @ b) ** 2 / c).sum())
        criterion = (totaal - p) * math.log(squares) + float(np.log(n * c).sum())
        return (
            np.asarray(b),
            np.asarray(information),
            squares,
            criterion + float(np.linalg.slogdet(information)[1]),
        )

    lambda_ = _smallest(lambda log: fit_on(math.exp(log))[3], fit_on(0.0)[3])
    b, information, squares, _ = fit_on(lambda_)
    sigma2 = squares / (totaal - p)
    fouten = np.sqrt(sigma2 * np.diag(np.linalg.inv(information)))
    return Mixed(tuple(b.tolist()), tuple(fouten.tolist()), lambda_ * sigma2, sigma2, round(totaal), k, k - p)


def mixed_means(average: Reeks, variance: Reeks, x: Reeks, *, within: float, units: float) -> Mixed:
    """Fit mean_i = x_i b + u_i + e_i by restricted maximum likelihood, with the variance of every e_i known.

    With V_i = var(u) + var(e_i), -2 log L = sum(log V_i) + log |X' V^-1 X| + sum((mean_i - x_i b)^2 / V_i).

    Parameters
    ----------
    average, variance : arrays of k sites
        Mean score, and its variance: chance within the site, and whatever else makes the mean uncertain.
    x : array (k, p)
        Covariates of sites; a column of ones for the mean.
    within, units : float
        Variance of units within a site, and their number, for the outcome.

    Returns
    -------
    Mixed
        Intervals use t with k - p degrees of freedom.

    Raises
    ------
    GebruikFout
        With no more sites than coefficients, or a variance that is not positive.

    References
    ----------
    Raudenbush (2009), doi:10.7758/9781610448864.19
    """
    k, p = x.shape
    if k <= p or int(np.linalg.matrix_rank(x)) < p or not (variance > 0).all():
        raise GebruikFout(
            "er zijn te weinig regio's voor dit model", verwacht="meer regio's dan coëfficiënten"
        )

    def fit_on(between: float) -> tuple[Reeks, Reeks, float]:
        total = between + variance
        information = x.T @ (x / total[:, None])
        b = np.linalg.solve(information, x.T @ (average / total))
        criterion = float(np.log(total).sum() + ((average - x @ b) ** 2 / total).sum())
        return np.asarray(b), np.asarray(information), criterion + float(np.linalg.slogdet(information)[1])

    # Looked for in units of the typical variance, from far below it to far above.
    typical = float(np.median(variance))
    between = typical * _smallest(lambda log: fit_on(typical * math.exp(log))[2], fit_on(0.0)[2])
    b, information, _ = fit_on(between)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    return Mixed(tuple(b.tolist()), tuple(errors.tolist()), between, within, round(units), k, k - p)


def _smallest(criterion: Callable[[float], float], at_zero: float) -> float:
    """Return the lambda with the smallest criterion; the search is on the log scale, and 0 may win."""
    # A grid first: the criterion may have a flat part next to 0.
    grid = np.linspace(math.log(1e-9), math.log(1e4), 60)
    waarden = [criterion(float(log)) for log in grid]
    i = int(np.argmin(waarden))
    bounds = (float(grid[max(0, i - 1)]), float(grid[min(len(grid) - 1, i + 1)]))
    found = optimize.minimize_scalar(criterion, bounds=bounds, method="bounded", options={"xatol": 1e-10})
    return math.exp(float(found.x)) if float(found.fun) < at_zero else 0.0

"""Estimators of a table of units by items: reliability of a scale, agreement of raters.

Everything follows from the covariance matrix and the means of the items, over the units that have
all of them. A household brings one unit; where there are more, no interval is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special

from toekomstscenario_eval.estimators.intervals import (
    NIVEAU,
    Interval,
    Outcome,
    calculate,
    choose,
    column,
    require,
    rows,
    too_small,
    z_waarde,
)
from toekomstscenario_eval.types import Estimates, Maat

Vector = npt.NDArray[np.float64]

INTERVALS = ()
_ROUNDING = 1e-12
# Smallest part of an item's variance that is its own, as in R's factanal.
_LEAST_OWN = 0.005
# Change beyond what measurement error alone gives in 95 of 100: 1.96 times the error of a difference.
_RELIABLE = 1.96 * math.sqrt(2)
_EQUAL = "niet te schatten: geen spreiding tussen de scores"


@dataclass(frozen=True)
class Items:
    """Units, the households they come from, means and covariance matrix of the items."""

    n: int
    huishoudens: int
    means: Vector
    covariances: Vector

    @property
    def k(self) -> int:
        """Number of items."""
        return len(self.means)

    @property
    def totaal(self) -> float:
        """Variance of the sum of the items."""
        return float(self.covariances.sum())

    @property
    def eigen(self) -> float:
        """Sum of the variances of the items."""
        return float(np.trace(self.covariances))

    @property
    def rest(self) -> float:
        """Mean square of what is left after units and items (two-way analysis of variance)."""
        return (self.eigen - self.totaal / self.k) / (self.k - 1)

    @property
    def df(self) -> int:
        """Degrees of freedom of `rest`."""
        return (self.n - 1) * (self.k - 1)


def estimate_group(
    data: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
) -> Estimates:
    """Estimate reliability or agreement of one group.

    Parameters
    ----------
    data : DataFrame
        A row for every ordered pair of items, the diagonal included: `rij`, `kolom`, `n` (units with
        all items), `h` (their households), `som_r`, `som_k`, `som_rk`.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Any of `alfa`, `omega`, `icc`, `meetfout`, `grens`, as id or as `schatter`.

    Returns
    -------
    Estimates
        One row per estimand; no series.

    Raises
    ------
    GebruikFout
        When pairs are missing, or households without all items were not excluded.
    """
    items = _items(data, huishoudens)
    choice = choose(maten, _CALCULATORS, soort="matrix")
    outcomes = calculate({k: partial(f, items) for k, f in choice.items()}, reden=_reden(items))
    if items.n > items.huishoudens:
        outcomes = {k: _fair(u) for k, u in outcomes.items()}
    tellingen = {"n": items.huishoudens, "teller": math.nan, "noemer": items.n, "gecensureerd": 0}
    return Estimates(rows(maten, outcomes, tellingen=tellingen))


def _reden(items: Items) -> str:
    if reden := too_small(items.n, items.huishoudens):
        return reden
    if items.k < 2:
        return "niet te schatten: minder dan twee items"
    return _EQUAL if items.totaal <= _ROUNDING * (1 + items.eigen) else ""


def _fair(u: Outcome) -> Outcome:
    if math.isnan(u.schatting):
        return u
    naam = u.methode.split(", 95%")[0]
    return Outcome(f"{naam}; geen interval: meer eenheden uit één huishouden hangen samen", u.schatting)


def _items(data: pd.DataFrame, huishoudens: int) -> Items:
    n, h, r, rk = (column(data, k) for k in ("n", "h", "som_r", "som_rk"))
    if not len(data):
        return Items(0, 0, np.zeros(0), np.zeros((0, 0)))
    require(len(np.unique(n)) == 1, naam="n", what="niet elk paar van items berust op dezelfde eenheden")
    require(len(np.unique(h)) == 1, naam="h", what="niet elk paar van items berust op dezelfde huishoudens")
    require(h[0] <= n[0], naam="h", what="er zijn meer huishoudens dan eenheden")
    require(h[0] == huishoudens, naam="h", what="huishoudens zonder alle items horen bij de uitsluitingen")
    namen, row = np.unique(data["rij"].to_numpy(dtype=str), return_inverse=True)
    namen_k, col = np.unique(data["kolom"].to_numpy(dtype=str), return_inverse=True)
    k = len(namen)
    pairs = np.unique(row * k + col)
    full = list(namen) == list(namen_k) and len(pairs) == len(data) == k * k
    require(full, naam="rij", what="niet elk paar van items komt precies één keer voor")
    total = np.zeros(k)
    total[row] = r
    product = np.zeros((k, k))
    product[row, col] = rk
    require(
        bool(np.allclose(product, product.T, rtol=1e-9)), naam="som_rk", what="de twee helften verschillen"
    )
    aantal = round(float(n[0]))
    deviation = product - np.outer(total, total) / aantal
    deviation[np.abs(deviation) <= _ROUNDING * np.abs(product)] = 0.0
    covariances = deviation / max(aantal - 1, 1)
    return Items(aantal, round(float(h[0])), total / aantal, (covariances + covariances.T) / 2)


def _f(p: float, teller: float, noemer: float) -> float:
    """Return quantile `p` of the F distribution."""
    return float(special.fdtri(teller, noemer, p))


def _alpha(items: Items) -> Outcome:
    """Cronbach's alpha k / (k - 1) * (1 - sum of variances / variance of the sum), Feldt interval.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555
    Feldt, Woodruff and Salih (1987), doi:10.1177/014662168701100107
    """
    k = items.k
    alpha = k / (k - 1) * (1 - items.eigen / items.totaal)
    under, above = (
        1 - (1 - alpha) * _f(p, items.n - 1, items.df) for p in ((1 + NIVEAU) / 2, (1 - NIVEAU) / 2)
    )
    return Outcome("Cronbachs alfa, 95%-interval (Feldt)", alpha, (under, above))


def _error(factor: float, naam: str) -> Callable[[Items], Outcome]:
    def calculator(items: Items) -> Outcome:
        """Standard error of measurement of the mean of the items, times `factor`.

        sd * sqrt(1 - alpha) equals sqrt(MSE / k), with MSE the residual mean square of the two-way
        analysis of variance; the interval is that of MSE (chi-squared).
        """
        rest = items.rest
        if rest <= _ROUNDING * (1 + items.eigen):
            return Outcome(_EQUAL)
        waarde = math.sqrt(rest / items.k)
        alpha = (1 - NIVEAU) / 2
        chi = (2 * float(special.gammaincinv(items.df / 2, p)) for p in (1 - alpha, alpha))
        under, above = (factor * waarde * math.sqrt(items.df / q) for q in chi)
        methode = f"{naam} (uit Cronbachs alfa), 95%-interval (chi-kwadraat)"
        return Outcome(methode, factor * waarde, (under, above))

    return calculator


def _icc(items: Items) -> Outcome:
    """Agreement ICC(A,1): two-way random effects, absolute agreement, one rater.

    (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n), from the mean squares of units, raters
    and residual; F interval with Satterthwaite degrees of freedom.

    References
    ----------
    McGraw and Wong (1996), doi:10.1037/1082-989X.1.1.30
    """
    n, k = items.n, items.k
    msr, mse = items.totaal / k, items.rest
    msc = n * float(items.means.var(ddof=1))
    division = msr + (k - 1) * mse + k * (msc - mse) / n
    icc = (msr - mse) / division
    if mse <= _ROUNDING * (1 + items.eigen):
        return Outcome("ICC(A,1); geen interval: de scores verschillen alleen in niveau", icc)
    # a and b times (1 - icc) and n: so that an icc of 1 divides nothing by zero.
    a = k * icc
    b = n * (1 - icc) + k * icc * (n - 1)
    freedom = (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / items.df)
    together = k * msc + (k * n - k - n) * mse
    f_low = _f((1 + NIVEAU) / 2, n - 1, freedom)
    f_high = _f((1 + NIVEAU) / 2, freedom, n - 1)
    bounds = (
        n * (msr - f_low * mse) / (f_low * together + n * msr),
        n * (f_high * msr - mse) / (together + n * f_high * msr),
    )
    return Outcome("ICC(A,1): één informant, absolute overeenstemming, 95%-interval (F)", icc, bounds)


def _omega(items: Items) -> Outcome:
    """McDonald's omega total of a model with one factor, by maximum likelihood.

    (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances), on the covariance matrix.
    Standard error by the delta method from the expected information; interval on log(1 - omega).

    References
    ----------
    McDonald (1999), Test theory: a unified treatment, doi:10.4324/9781410601087
    Raykov (2002), doi:10.1207/S15327906MBR3701_04
    """
    naam = "McDonalds omega (één factor)"
    if items.k < 3:
        return Outcome("niet te schatten: één factor vraagt ten minste drie items")
    sd = np.sqrt(np.diag(items.covariances))
    if not (sd > 0).all() or items.n <= items.k + 1:
        return Outcome("niet te schatten: een item zonder spreiding, of te weinig eenheden")
    correlations = items.covariances / np.outer(sd, sd)
    if float(np.linalg.eigvalsh(correlations)[0]) < 1e-8:
        return Outcome("niet te schatten: een item volgt uit de andere items")
    found = one_factor(correlations)
    if found is None:
        return Outcome("niet te schatten: de schatting van één factor liep vast")
    loadings, unique = found[0] * sd, found[1] * sd**2
    together = float(loadings.sum()) ** 2
    omega = together / (together + float(unique.sum()))
    if found[1].min() < _LEAST_OWN * 1.001:
        return Outcome(f"{naam}; geen interval: een item valt samen met de factor", omega)
    fout = omega_error(loadings, unique, items.n)
    if math.isnan(fout):
        return Outcome(f"{naam}; geen interval: de items delen geen factor", omega)
    return Outcome(f"{naam}, 95%-interval (delta, log)", omega, _log_interval(omega, fout))


def _log_interval(omega: float, fout: float) -> Interval:
    factor = math.exp(z_waarde() * fout / (1 - omega))
    return 1 - (1 - omega) * factor, 1 - (1 - omega) / factor


def _structure(unique: Vector, correlations: Vector) -> tuple[Vector, Vector]:
    """Return the other eigenvalues and the loadings that fit best with these unique variances."""
    schaal = np.sqrt(unique)
    waarden, vectors = np.linalg.eigh(correlations / np.outer(schaal, schaal))
    return waarden[:-1], schaal * vectors[:, -1] * math.sqrt(max(float(waarden[-1]) - 1, 0.0))


def one_factor(correlations: Vector) -> tuple[Vector, Vector] | None:
    """Return loadings and unique variances of one factor by maximum likelihood; None without a fit.

    Parameters
    ----------
    correlations : array (k, k)
        Positive definite, k at least 3. Unique variances stay between 0.005 and 1.

    References
    ----------
    Lawley and Maxwell (1971), Factor analysis as a statistical method, chapter 4.
    """

    def target(unique: Vector) -> tuple[float, Vector]:
        rest, loadings = _structure(unique, correlations)
        deviation = np.outer(loadings, loadings) + np.diag(unique) - correlations
        return float((rest - np.log(rest)).sum()) - len(rest), np.diag(deviation) / unique**2

    k = len(correlations)
    begin = np.clip((1 - 0.5 / k) / np.diag(np.linalg.inv(correlations)), _LEAST_OWN, 1)
    out: Any = optimize.minimize(
        target,
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LEAST_OWN, 1.0)] * k,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
    )
    # The line search may stop on the last bit of the function; only a slope that is left is no fit.
    slope = np.where((out.x <= _LEAST_OWN) | (out.x >= 1), 0, target(out.x)[1])
    if np.abs(slope).max() > 1e-4:
        return None
    loadings = _structure(out.x, correlations)[1]
    return loadings, np.asarray(out.x, dtype=np.float64)


def omega_error(loadings: Vector, unique: Vector, n: int) -> float:
    """Return the standard error of omega (delta method, expected information); NaN when singular."""
    k = len(loadings)
    eenheid = np.eye(k)
    reversed_ = np.linalg.inv(np.outer(loadings, loadings) + np.diag(unique))
    slope = [reversed_ @ (np.outer(e, loadings) + np.outer(loadings, e)) for e in eenheid]
    slope += [reversed_ @ np.outer(e, e) for e in eenheid]
    information = (n - 1) / 2 * np.array([[np.sum(a * b.T) for b in slope] for a in slope])
    schaal = np.sqrt(np.diag(information))
    if not (schaal > 0).all() or np.linalg.cond(information / np.outer(schaal, schaal)) > 1e12:
        return math.nan
    total, rest = float(loadings.sum()), float(unique.sum())
    noemer = (total * total + rest) ** 2
    grad = np.r_[np.full(k, 2 * total * rest / noemer), np.full(k, -total * total / noemer)]
    return math.sqrt(float(grad @ np.linalg.solve(information, grad)))


_CALCULATORS: Mapping[str, Callable[[Items], Outcome]] = {
    "alfa": _alpha,
    "omega": _omega,
    "icc": _icc,
    "meetfout": _error(1.0, "meetfout van het gemiddelde van de items"),
    "grens": _error(_RELIABLE, "betrouwbare verandering"),
}

"""Estimators of a table of units by items: reliability of a scale, agreement of raters.

Everything follows from the covariance matrix and the means of the items, over the units that have
all of them. A household brings one unit; where there are more, no interval is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from toekomstscenario_eval.estimators.intervals import (
    NIVEAU,
    Outcome,
    calculate,
    choose,
    column,
    require,
    rows,
    too_small,
    z_waarde,
)
from toekomstscenario_eval.estimators.one_factor import LEAST_OWN, log_interval, omega_error, one_factor
from toekomstscenario_eval.types import Estimates, Maat

Vector = npt.NDArray[np.float64]

INTERVALS = ()
_ROUNDING = 1e-12
# Change beyond what measurement error alone gives in 95 of 100: 1.96 times the error of a difference.
_RELIABLE = 1.96 * math.sqrt(2)
_EQUAL = "niet te schatten: geen spreiding tussen de scores"


@dataclass(frozen=True)
class Spread:
    """How the answers of units differ: all that reliability and agreement rest on but omega.

    Attributes
    ----------
    n : number of units
    means, variances : of each item; of the means only what they differ matters
    eigen : sum of the variances of the items
    totaal : variance of the sum of the items
    """

    n: float
    means: Vector
    variances: Vector
    eigen: float
    totaal: float

    @property
    def k(self) -> int:
        """Number of items."""
        return len(self.means)

    @property
    def rest(self) -> float:
        """Mean square of what is left after units and items (two-way analysis of variance)."""
        return (self.eigen - self.totaal / self.k) / (self.k - 1)

    @property
    def df(self) -> float:
        """Degrees of freedom of `rest`."""
        return (self.n - 1) * (self.k - 1)


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
    def spread(self) -> Spread:
        """What all but omega rest on."""
        own, total = np.diag(self.covariances), float(self.covariances.sum())
        return Spread(self.n, self.means, own, float(own.sum()), total)


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
        Any of `alfa`, `omega`, `icc`, `kappa`, `meetfout`, `grens`, as id or as `schatter`.

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
        outcomes = {k: without_interval(u) for k, u in outcomes.items()}
    tellingen = {"n": items.huishoudens, "teller": math.nan, "noemer": items.n, "gecensureerd": 0}
    return Estimates(rows(maten, outcomes, tellingen=tellingen))


def _reden(items: Items) -> str:
    if reden := too_small(items.n, items.huishoudens):
        return reden
    if items.k < 2:
        return "niet te schatten: minder dan twee items"
    spread = items.spread
    return _EQUAL if spread.totaal <= _ROUNDING * (1 + spread.eigen) else ""


def without_interval(u: Outcome) -> Outcome:
    """Return an outcome of units of which a household brings more than one."""
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


def alpha(items: Spread) -> Outcome:
    """Cronbach's alpha k / (k - 1) * (1 - sum of variances / variance of the sum), Feldt interval.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555
    Feldt, Woodruff and Salih (1987), doi:10.1177/014662168701100107
    """
    k = items.k
    value = k / (k - 1) * (1 - items.eigen / items.totaal)
    under, above = (
        1 - (1 - value) * _f(p, items.n - 1, items.df) for p in ((1 + NIVEAU) / 2, (1 - NIVEAU) / 2)
    )
    return Outcome("Cronbachs alfa, 95%-interval (Feldt)", value, (under, above))


def error(factor: float, naam: str) -> Callable[[Spread], Outcome]:
    """Return the calculator of the standard error of measurement, times `factor`."""

    def calculator(items: Spread) -> Outcome:
        """Standard error of measurement of the mean of the items, times `factor`.

        sd * sqrt(1 - alpha) equals sqrt(MSE / k), with MSE the residual mean square of the two-way
        analysis of variance; the interval is that of MSE (chi-squared).
        """
        rest = items.rest
        if rest <= _ROUNDING * (1 + items.eigen):
            return Outcome(_EQUAL)
        waarde = math.sqrt(rest / items.k)
        tail = (1 - NIVEAU) / 2
        chi = (2 * float(special.gammaincinv(items.df / 2, p)) for p in (1 - tail, tail))
        under, above = (factor * waarde * math.sqrt(items.df / q) for q in chi)
        methode = f"{naam} (uit Cronbachs alfa), 95%-interval (chi-kwadraat)"
        return Outcome(methode, factor * waarde, (under, above))

    return calculator


def icc(items: Spread) -> Outcome:
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
    rho = (msr - mse) / division
    if mse <= _ROUNDING * (1 + items.eigen):
        return Outcome("ICC(A,1); geen interval: de scores verschillen alleen in niveau", rho)
    # a and b times (1 - rho) and n: so that a rho of 1 divides nothing by zero.
    a = k * rho
    b = n * (1 - rho) + k * rho * (n - 1)
    freedom = (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / items.df)
    together = k * msc + (k * n - k - n) * mse
    f_low = _f((1 + NIVEAU) / 2, n - 1, freedom)
    f_high = _f((1 + NIVEAU) / 2, freedom, n - 1)
    bounds = (
        n * (msr - f_low * mse) / (f_low * together + n * msr),
        n * (f_high * msr - mse) / (together + n * f_high * msr),
    )
    return Outcome("ICC(A,1): één informant, absolute overeenstemming, 95%-interval (F)", rho, bounds)


def kappa(items: Spread) -> Outcome:
    """Kappa of two raters, weighed by squares: 1 - E (x - y)^2 / the same of unrelated x and y.

    Equal to Lin's coefficient of concordance, 2 cov / (var x + var y + (mean x - mean y)^2); its interval on
    the scale of Fisher's z, as corrected in 2000.

    References
    ----------
    Cohen (1968), doi:10.1037/h0026256
    Lin (1989), doi:10.2307/2532051; corrected in Biometrics 56 (2000), 324
    """
    naam = "kappa, gewogen naar het kwadraat van het verschil"
    if items.k != 2:
        return Outcome("niet te schatten: kappa vergelijkt er precies twee")
    # With divisor n, as kappa has it.
    part = (items.n - 1) / items.n
    cov, shift = part * (items.totaal - items.eigen) / 2, float(items.means[0] - items.means[1])
    level = 2 * cov / (part * items.eigen + shift**2)
    product = part**2 * float(items.variances.prod())
    r = cov / math.sqrt(product) if product > 0 else 0.0
    if items.n < 3 or abs(r) <= _ROUNDING or 1 - abs(level) <= _ROUNDING:
        return Outcome(f"{naam}; geen interval: zonder samenhang, of zonder verschil", level)
    u2, left = shift**2 / math.sqrt(product), 1 - level**2
    variance = (1 - r**2) * level**2 / (left * r**2) + 2 * level**3 * (1 - level) * u2 / (r * left**2)
    variance -= level**4 * u2**2 / (2 * r**2 * left**2)
    fout = math.sqrt(max(0.0, variance) / (items.n - 2))
    half = z_waarde() * fout
    bounds = (math.tanh(math.atanh(level) - half), math.tanh(math.atanh(level) + half))
    return Outcome(f"{naam}, 95%-interval (Lin, Fishers z)", level, bounds, fout * left)


def omega(items: Items) -> Outcome:
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
    level = together / (together + float(unique.sum()))
    if found[1].min() < LEAST_OWN * 1.001:
        return Outcome(f"{naam}; geen interval: een item valt samen met de factor", level)
    fout = omega_error(loadings, unique, items.n)
    if math.isnan(fout):
        return Outcome(f"{naam}; geen interval: de items delen geen factor", level)
    return Outcome(f"{naam}, 95%-interval (delta, log)", level, log_interval(level, fout), fout)


# What rests on the spread alone, and so may also come from published counts.
OF_SPREAD: Mapping[str, Callable[[Spread], Outcome]] = {
    "alfa": alpha,
    "icc": icc,
    "kappa": kappa,
    "meetfout": error(1.0, "meetfout van het gemiddelde van de items"),
    "grens": error(_RELIABLE, "betrouwbare verandering"),
}


def _of_spread(calculator: Callable[[Spread], Outcome], items: Items) -> Outcome:
    return calculator(items.spread)


_CALCULATORS: Mapping[str, Callable[[Items], Outcome]] = {
    "omega": omega,
    **{naam: partial(_of_spread, f) for naam, f in OF_SPREAD.items()},
}

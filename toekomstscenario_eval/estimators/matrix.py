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
    Uitkomst,
    eis,
    kies,
    kolom,
    reken,
    rijen,
    te_klein,
    z_waarde,
)
from toekomstscenario_eval.types import Estimates, Maat

Vector = npt.NDArray[np.float64]

INTERVALLEN = ()
_AFRONDING = 1e-12
# Smallest part of an item's variance that is its own, as in R's factanal.
_MINSTE_EIGEN = 0.005
# Change beyond what measurement error alone gives in 95 of 100: 1.96 times the error of a difference.
_BETROUWBAAR = 1.96 * math.sqrt(2)
_GELIJK = "niet te schatten: geen spreiding tussen de scores"


@dataclass(frozen=True)
class Items:
    """Units, the households they come from, means and covariance matrix of the items."""

    n: int
    huishoudens: int
    gemiddelden: Vector
    covarianties: Vector

    @property
    def k(self) -> int:
        """Number of items."""
        return len(self.gemiddelden)

    @property
    def totaal(self) -> float:
        """Variance of the sum of the items."""
        return float(self.covarianties.sum())

    @property
    def eigen(self) -> float:
        """Sum of the variances of the items."""
        return float(np.trace(self.covarianties))

    @property
    def rest(self) -> float:
        """Mean square of what is left after units and items (two-way analysis of variance)."""
        return (self.eigen - self.totaal / self.k) / (self.k - 1)

    @property
    def df(self) -> int:
        """Degrees of freedom of `rest`."""
        return (self.n - 1) * (self.k - 1)


def schat(
    gegevens: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
) -> Estimates:
    """Estimate reliability or agreement of one group.

    Parameters
    ----------
    gegevens : DataFrame
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
    items = _items(gegevens, huishoudens)
    keuze = kies(maten, _REKENAARS, soort="matrix")
    uitkomsten = reken({k: partial(f, items) for k, f in keuze.items()}, reden=_reden(items))
    if items.n > items.huishoudens:
        uitkomsten = {k: _eerlijk(u) for k, u in uitkomsten.items()}
    tellingen = {"n": items.huishoudens, "teller": math.nan, "noemer": items.n, "gecensureerd": 0}
    return Estimates(rijen(maten, uitkomsten, tellingen=tellingen))


def _reden(items: Items) -> str:
    if reden := te_klein(items.n, items.huishoudens):
        return reden
    if items.k < 2:
        return "niet te schatten: minder dan twee items"
    return _GELIJK if items.totaal <= _AFRONDING * (1 + items.eigen) else ""


def _eerlijk(u: Uitkomst) -> Uitkomst:
    if math.isnan(u.schatting):
        return u
    naam = u.methode.split(", 95%")[0]
    return Uitkomst(f"{naam}; geen interval: meer eenheden uit één huishouden hangen samen", u.schatting)


def _items(gegevens: pd.DataFrame, huishoudens: int) -> Items:
    n, h, r, rk = (kolom(gegevens, k) for k in ("n", "h", "som_r", "som_rk"))
    if not len(gegevens):
        return Items(0, 0, np.zeros(0), np.zeros((0, 0)))
    eis(len(np.unique(n)) == 1, naam="n", wat="niet elk paar van items berust op dezelfde eenheden")
    eis(len(np.unique(h)) == 1, naam="h", wat="niet elk paar van items berust op dezelfde huishoudens")
    eis(h[0] <= n[0], naam="h", wat="er zijn meer huishoudens dan eenheden")
    eis(h[0] == huishoudens, naam="h", wat="huishoudens zonder alle items horen bij de uitsluitingen")
    namen, rij = np.unique(gegevens["rij"].to_numpy(dtype=str), return_inverse=True)
    namen_k, kol = np.unique(gegevens["kolom"].to_numpy(dtype=str), return_inverse=True)
    k = len(namen)
    paren = np.unique(rij * k + kol)
    vol = list(namen) == list(namen_k) and len(paren) == len(gegevens) == k * k
    eis(vol, naam="rij", wat="niet elk paar van items komt precies één keer voor")
    som = np.zeros(k)
    som[rij] = r
    product = np.zeros((k, k))
    product[rij, kol] = rk
    eis(bool(np.allclose(product, product.T, rtol=1e-9)), naam="som_rk", wat="de twee helften verschillen")
    aantal = round(float(n[0]))
    afwijking = product - np.outer(som, som) / aantal
    afwijking[np.abs(afwijking) <= _AFRONDING * np.abs(product)] = 0.0
    covarianties = afwijking / max(aantal - 1, 1)
    return Items(aantal, round(float(h[0])), som / aantal, (covarianties + covarianties.T) / 2)


def _f(p: float, teller: float, noemer: float) -> float:
    """Return quantile `p` of the F distribution."""
    return float(special.fdtri(teller, noemer, p))


def _alfa(items: Items) -> Uitkomst:
    """Cronbach's alpha k / (k - 1) * (1 - sum of variances / variance of the sum), Feldt interval.

    References
    ----------
    Cronbach (1951), doi:10.1007/BF02310555
    Feldt, Woodruff and Salih (1987), doi:10.1177/014662168701100107
    """
    k = items.k
    alfa = k / (k - 1) * (1 - items.eigen / items.totaal)
    onder, boven = (
        1 - (1 - alfa) * _f(p, items.n - 1, items.df) for p in ((1 + NIVEAU) / 2, (1 - NIVEAU) / 2)
    )
    return Uitkomst("Cronbachs alfa, 95%-interval (Feldt)", alfa, (onder, boven))


def _error(factor: float, naam: str) -> Callable[[Items], Uitkomst]:
    def rekenaar(items: Items) -> Uitkomst:
        """Standard error of measurement of the mean of the items, times `factor`.

        sd * sqrt(1 - alpha) equals sqrt(MSE / k), with MSE the residual mean square of the two-way
        analysis of variance; the interval is that of MSE (chi-squared).
        """
        rest = items.rest
        if rest <= _AFRONDING * (1 + items.eigen):
            return Uitkomst(_GELIJK)
        waarde = math.sqrt(rest / items.k)
        alfa = (1 - NIVEAU) / 2
        chi = (2 * float(special.gammaincinv(items.df / 2, p)) for p in (1 - alfa, alfa))
        onder, boven = (factor * waarde * math.sqrt(items.df / q) for q in chi)
        methode = f"{naam} (uit Cronbachs alfa), 95%-interval (chi-kwadraat)"
        return Uitkomst(methode, factor * waarde, (onder, boven))

    return rekenaar


def _icc(items: Items) -> Uitkomst:
    """Agreement ICC(A,1): two-way random effects, absolute agreement, one rater.

    (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n), from the mean squares of units, raters
    and residual; F interval with Satterthwaite degrees of freedom.

    References
    ----------
    McGraw and Wong (1996), doi:10.1037/1082-989X.1.1.30
    """
    n, k = items.n, items.k
    msr, mse = items.totaal / k, items.rest
    msc = n * float(items.gemiddelden.var(ddof=1))
    deling = msr + (k - 1) * mse + k * (msc - mse) / n
    icc = (msr - mse) / deling
    if mse <= _AFRONDING * (1 + items.eigen):
        return Uitkomst("ICC(A,1); geen interval: de scores verschillen alleen in niveau", icc)
    # a and b times (1 - icc) and n: so that an icc of 1 divides nothing by zero.
    a = k * icc
    b = n * (1 - icc) + k * icc * (n - 1)
    vrijheid = (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / items.df)
    samen = k * msc + (k * n - k - n) * mse
    f_laag = _f((1 + NIVEAU) / 2, n - 1, vrijheid)
    f_hoog = _f((1 + NIVEAU) / 2, vrijheid, n - 1)
    grenzen = (
        n * (msr - f_laag * mse) / (f_laag * samen + n * msr),
        n * (f_hoog * msr - mse) / (samen + n * f_hoog * msr),
    )
    return Uitkomst("ICC(A,1): één informant, absolute overeenstemming, 95%-interval (F)", icc, grenzen)


def _omega(items: Items) -> Uitkomst:
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
        return Uitkomst("niet te schatten: één factor vraagt ten minste drie items")
    sd = np.sqrt(np.diag(items.covarianties))
    if not (sd > 0).all() or items.n <= items.k + 1:
        return Uitkomst("niet te schatten: een item zonder spreiding, of te weinig eenheden")
    correlaties = items.covarianties / np.outer(sd, sd)
    if float(np.linalg.eigvalsh(correlaties)[0]) < 1e-8:
        return Uitkomst("niet te schatten: een item volgt uit de andere items")
    gevonden = one_factor(correlaties)
    if gevonden is None:
        return Uitkomst("niet te schatten: de schatting van één factor liep vast")
    ladingen, uniek = gevonden[0] * sd, gevonden[1] * sd**2
    samen = float(ladingen.sum()) ** 2
    omega = samen / (samen + float(uniek.sum()))
    if gevonden[1].min() < _MINSTE_EIGEN * 1.001:
        return Uitkomst(f"{naam}; geen interval: een item valt samen met de factor", omega)
    fout = omega_error(ladingen, uniek, items.n)
    if math.isnan(fout):
        return Uitkomst(f"{naam}; geen interval: de items delen geen factor", omega)
    return Uitkomst(f"{naam}, 95%-interval (delta, log)", omega, _log_interval(omega, fout))


def _log_interval(omega: float, fout: float) -> Interval:
    factor = math.exp(z_waarde() * fout / (1 - omega))
    return 1 - (1 - omega) * factor, 1 - (1 - omega) / factor


def _structure(uniek: Vector, correlaties: Vector) -> tuple[Vector, Vector]:
    """Return the other eigenvalues and the loadings that fit best with these unique variances."""
    schaal = np.sqrt(uniek)
    waarden, vectoren = np.linalg.eigh(correlaties / np.outer(schaal, schaal))
    return waarden[:-1], schaal * vectoren[:, -1] * math.sqrt(max(float(waarden[-1]) - 1, 0.0))


def one_factor(correlaties: Vector) -> tuple[Vector, Vector] | None:
    """Return loadings and unique variances of one factor by maximum likelihood; None without a fit.

    Parameters
    ----------
    correlaties : array (k, k)
        Positive definite, k at least 3. Unique variances stay between 0.005 and 1.

    References
    ----------
    Lawley and Maxwell (1971), Factor analysis as a statistical method, chapter 4.
    """

    def doel(uniek: Vector) -> tuple[float, Vector]:
        rest, ladingen = _structure(uniek, correlaties)
        afwijking = np.outer(ladingen, ladingen) + np.diag(uniek) - correlaties
        return float((rest - np.log(rest)).sum()) - len(rest), np.diag(afwijking) / uniek**2

    k = len(correlaties)
    begin = np.clip((1 - 0.5 / k) / np.diag(np.linalg.inv(correlaties)), _MINSTE_EIGEN, 1)
    uit: Any = optimize.minimize(
        doel,
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=[(_MINSTE_EIGEN, 1.0)] * k,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
    )
    # The line search may stop on the last bit of the function; only a slope that is left is no fit.
    helling = np.where((uit.x <= _MINSTE_EIGEN) | (uit.x >= 1), 0, doel(uit.x)[1])
    if np.abs(helling).max() > 1e-4:
        return None
    ladingen = _structure(uit.x, correlaties)[1]
    return ladingen, np.asarray(uit.x, dtype=np.float64)


def omega_error(ladingen: Vector, uniek: Vector, n: int) -> float:
    """Return the standard error of omega (delta method, expected information); NaN when singular."""
    k = len(ladingen)
    eenheid = np.eye(k)
    omgekeerd = np.linalg.inv(np.outer(ladingen, ladingen) + np.diag(uniek))
    helling = [omgekeerd @ (np.outer(e, ladingen) + np.outer(ladingen, e)) for e in eenheid]
    helling += [omgekeerd @ np.outer(e, e) for e in eenheid]
    informatie = (n - 1) / 2 * np.array([[np.sum(a * b.T) for b in helling] for a in helling])
    schaal = np.sqrt(np.diag(informatie))
    if not (schaal > 0).all() or np.linalg.cond(informatie / np.outer(schaal, schaal)) > 1e12:
        return math.nan
    som, rest = float(ladingen.sum()), float(uniek.sum())
    noemer = (som * som + rest) ** 2
    grad = np.r_[np.full(k, 2 * som * rest / noemer), np.full(k, -som * som / noemer)]
    return math.sqrt(float(grad @ np.linalg.solve(informatie, grad)))


_REKENAARS: Mapping[str, Callable[[Items], Uitkomst]] = {
    "alfa": _alfa,
    "omega": _omega,
    "icc": _icc,
    "meetfout": _error(1.0, "meetfout van het gemiddelde van de items"),
    "grens": _error(_BETROUWBAAR, "betrouwbare verandering"),
}

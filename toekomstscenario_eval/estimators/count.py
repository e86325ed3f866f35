"""Estimators of a count per household, from the histogram of the counts and their exposure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators import overdispersion
from toekomstscenario_eval.estimators.intervals import (
    NAN,
    NONE,
    Interval,
    Outcome,
    Reeks,
    add_up,
    calculate,
    choose,
    column,
    estimator,
    poisson,
    rank,
    ranks,
    require,
    rows,
    t_waarde,
    too_small,
    wilson,
)
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.types import Estimates, Maat

ROBUST, OVERDISPERSED = "robuust", "overspreid"
INTERVALS = (ROBUST, OVERDISPERSED)

# Below this part of its terms a sum of squares is rounding, not spread.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Histogram:
    """Distinct counts in order, units per count, and sums of exposure and its square per count."""

    aantal: Reeks
    n: Reeks
    som_b: Reeks
    som_bb: Reeks

    @property
    def eenheden(self) -> int:
        """Number of units (households, unless an indicator counts something within them)."""
        return round(float(self.n.sum()))

    @property
    def totaal(self) -> float:
        """Sum of the counts over all units."""
        return float((self.n * self.aantal).sum())

    @property
    def blootstelling(self) -> float:
        """Total exposure."""
        return float(self.som_b.sum())


def estimate_group(
    data: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    interval: str = ROBUST,
) -> Estimates:
    """Estimate mean, rate and quantiles of the counts of one group.

    Parameters
    ----------
    data : DataFrame
        Columns `aantal` (count), `n` (units with it), `som_b`, `som_bb` (sums over those units of
        the exposure and its square). Rows with the same count are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Any of `gemiddelde`, `per_blootstelling`, `mediaan`, `p90`, `overspreiding` (variance
        divided by mean; 1 when counts vary as by chance), as id or as `schatter`. The
        rate is per `schaal` units of `som_b`, and its noemer is the exposure in those units.
    interval : str
        `robuust`: from the spread between units, whatever their distribution; `overspreid`: the mean
        as of a negative binomial, a rate as exact Poisson with fewer, independent events.

    Returns
    -------
    Estimates
        The estimands asked for, and the series `verdeling`: x = count, waarde = share of units,
        with a Wilson interval when every household is one unit.
    """
    h = _histogram(data)
    choice = choose(
        maten, {**_CALCULATORS, **(_OVERDISPERSED if interval == OVERDISPERSED else {})}, soort="aantal"
    )
    reden = too_small(h.eenheden, huishoudens)
    # In units of exposure: days over 365.25 are years, and then the rate is per year.
    per_maat = {naam: _in_eenheden(h, maat.schaal) for naam, maat in maten.items()}
    outcomes = calculate({k: partial(f, per_maat[k]) for k, f in choice.items()}, reden=reden)
    if h.eenheden > huishoudens:
        outcomes = {k: _independent(u) for k, u in outcomes.items()}
    schattingen = tuple(
        row
        for k, maat in maten.items()
        for row in rows(
            {k: maat}, outcomes, tellingen=_tellingen(per_maat[k], estimator(k, maat), huishoudens)
        )
    )
    # A distribution belongs to counts; of person-days it would be a list of households.
    counts = any(estimator(k, maat) != "per_blootstelling" for k, maat in maten.items())
    return Estimates(schattingen, _distribution(h, huishoudens) if counts and not reden else ())


def _in_eenheden(h: Histogram, schaal: float) -> Histogram:
    return replace(h, som_b=h.som_b / schaal, som_bb=h.som_bb / schaal**2)


def _histogram(data: pd.DataFrame) -> Histogram:
    aantal, n, total_b, total_bb = (column(data, k) for k in ("aantal", "n", "som_b", "som_bb"))
    for naam, waarden in (("aantal", aantal), ("n", n), ("som_b", total_b), ("som_bb", total_bb)):
        require(bool((waarden >= 0).all()), naam=naam, what="er staat een negatief getal in")
    require(bool((aantal == np.floor(aantal)).all()), naam="aantal", what="er staat een gebroken getal in")
    over = n > 0
    unique, (n_, b_, bb_) = add_up(aantal[over], (n[over], total_b[over], total_bb[over]))
    return Histogram(unique, n_, b_, bb_)


def _tellingen(h: Histogram, naam: str, huishoudens: int) -> dict[str, float]:
    noemer = h.blootstelling if naam == "per_blootstelling" else h.eenheden
    return {"n": huishoudens, "teller": h.totaal, "noemer": noemer, "gecensureerd": 0}


def _independent(u: Outcome) -> Outcome:
    if math.isnan(u.schatting):
        return u
    return replace(u, methode=f"{u.methode}; eenheden binnen een huishouden als onafhankelijk geteld")


def _mean(h: Histogram) -> Outcome:
    """Mean per unit; t interval with n - 1 degrees of freedom, cut off at 0."""
    n, mean = h.eenheden, h.totaal / h.eenheden
    if n < 2:
        return Outcome("gemiddelde; geen interval bij zo weinig eenheden", mean)
    squares = float((h.n * (h.aantal - mean) ** 2).sum())
    if len(h.aantal) == 1:
        return Outcome("gemiddelde; geen interval: alle eenheden hebben hetzelfde aantal", mean)
    fout = math.sqrt(squares / (n - 1) / n)
    half = t_waarde(n - 1) * fout
    return Outcome("gemiddelde, 95%-interval (t)", mean, (max(0.0, mean - half), mean + half), fout)


def _per_exposure(h: Histogram) -> Outcome:
    """Rate r = sum(a) / sum(b) with a robust interval on the log scale.

    The linearised variance of log r is n / (n - 1) * sum((a - r b)^2) / sum(a)^2 over units, which
    follows exactly from the histogram; t quantile with n - 1 degrees of freedom.
    """
    n, totaal, exposure = h.eenheden, h.totaal, h.blootstelling
    if exposure <= 0:
        return Outcome("niet te schatten: geen blootstelling")
    r = totaal / exposure
    if totaal <= 0:
        return Outcome("aantal per blootstelling, exact 95%-interval (Poisson)", r, poisson(0, exposure))
    squares = _squares(h, r)
    if n < 2 or squares <= 0:
        return Outcome("aantal per blootstelling; geen interval: geen spreiding tussen eenheden", r)
    fout = math.sqrt(n / (n - 1) * squares) / totaal
    factor = math.exp(t_waarde(n - 1) * fout)
    methode = "aantal per blootstelling, robuust 95%-interval (log)"
    return Outcome(methode, r, (r / factor, r * factor), fout * r)


def _squares(h: Histogram, r: float) -> float:
    """Return sum((a - r b)^2) over units; 0 when that is no more than rounding."""
    terms = np.array([(h.n * h.aantal**2).sum(), -2 * r * (h.aantal * h.som_b).sum(), r * r * h.som_bb.sum()])
    total = float(terms.sum())
    return total if total > _ROUNDING * float(np.abs(terms).sum()) else 0.0


def _mean_nb(h: Histogram) -> Outcome:
    """Mean per unit with the interval of a negative binomial on the log scale."""
    if h.totaal <= 0:
        naam = "gemiddelde, exact 95%-interval (Poisson)"
        return Outcome(naam, 0.0, poisson(0, h.eenheden))
    mean, (bounds, fout) = h.totaal / h.eenheden, overdispersion.negative_binomial(h.aantal, h.n)
    return Outcome("gemiddelde, 95%-interval (negatief-binomiaal, log)", mean, bounds, fout)


def _rate(h: Histogram) -> Outcome:
    if h.blootstelling <= 0:
        return Outcome("niet te schatten: geen blootstelling")
    r = h.totaal / h.blootstelling
    bounds, fout = overdispersion.rate(h.totaal, h.blootstelling, _squares(h, r), h.eenheden)
    return Outcome("aantal per blootstelling, exact 95%-interval (Poisson, overspreid)", r, bounds, fout)


def _overdispersion(h: Histogram) -> Outcome:
    if h.totaal <= 0:
        return Outcome("niet te schatten: alle aantallen zijn nul")
    naam = "variantie gedeeld door gemiddelde; geen interval"
    return Outcome(naam, overdispersion.dispersion(h.aantal, h.n))


def _quantile(p: float, naam: str) -> Callable[[Histogram], Outcome]:
    def calculator(h: Histogram) -> Outcome:
        """Quantile by the inverse of the empirical distribution (R type 1), order-statistic interval."""
        n, up_to_and_with = h.eenheden, np.cumsum(h.n)

        def waarde(k: int) -> float:
            return float(h.aantal[np.searchsorted(up_to_and_with, k)]) if 1 <= k <= n else NAN

        low, high = ranks(n, p)
        open_ = "" if low >= 1 and high <= n else "; een grens is niet te bepalen bij zo weinig eenheden"
        methode = f"{naam}, verdelingsvrij 95%-interval{open_}"
        return Outcome(methode, waarde(rank(n, p)), (waarde(low), waarde(high)))

    return calculator


def _distribution(h: Histogram, huishoudens: int) -> tuple[Mapping[str, Any], ...]:
    def between(part: float) -> Interval:
        # Units of one household are alike; the histogram does not tell how much.
        return wilson(part, h.eenheden) if h.eenheden <= huishoudens else NONE

    return tuple(
        point(
            "verdeling", a, n / h.eenheden, interval=between(n / h.eenheden), label=str(round(a)), n=round(n)
        )
        for a, n in zip(h.aantal.tolist(), h.n.tolist(), strict=True)
    )


_CALCULATORS: Mapping[str, Callable[[Histogram], Outcome]] = {
    "gemiddelde": _mean,
    "per_blootstelling": _per_exposure,
    "mediaan": _quantile(0.5, "mediaan"),
    "p90": _quantile(0.9, "90e percentiel"),
    "overspreiding": _overdispersion,
}
_OVERDISPERSED: Mapping[str, Callable[[Histogram], Outcome]] = {
    "gemiddelde": _mean_nb,
    "per_blootstelling": _rate,
}

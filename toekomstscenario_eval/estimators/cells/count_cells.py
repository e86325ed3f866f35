"""Estimators of a count per household, from nested published counts of households.

With one unit per household these are "households with a count of at least v"; more units come in through
"households with at least j units whose count is at least v", added up over j.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators import count
from toekomstscenario_eval.estimators.cells.distribution import Tail, classes, quantile
from toekomstscenario_eval.estimators.cells.nested import (
    Nested,
    nested,
    noise_variance,
    table,
    weights,
    whole_steps,
)
from toekomstscenario_eval.estimators.cells.shown import (
    FROM_COUNTS,
    Shown,
    few,
    hidden,
    rows,
    why_none,
    word,
)
from toekomstscenario_eval.estimators.intervals import (
    NONE,
    Outcome,
    Reeks,
    choose,
    estimator,
    poisson,
    t_waarde,
    z_waarde,
)
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.types import TOON, Estimates, Maat

INTERVALS = count.INTERVALS
STEPS = ladder(1, 0)
# From how many households above the quantile on it is estimated.
_ABOVE, _ROUNDING = 10, 1e-9
TOP = "niet te schatten: aantallen reiken tot de hoogste trede, de schatting zou te laag zijn"


@dataclass(frozen=True)
class Counts:
    """Nested counts of one place.

    Attributes
    ----------
    a : array of shape (v, j)
        Households with at least j units with a count of at least v.
    u, b, ab : Nested
        Units, days of exposure, and the product of count and exposure, per household.
    huishoudens : int
        Published number of households.
    least : Least
        From which numbers on something is estimated.
    """

    a: Reeks
    u: Nested
    b: Nested
    ab: Nested
    huishoudens: int
    least: Least

    @property
    def v(self) -> float:
        """Variance of the noise."""
        return self.u.v

    @property
    def units(self) -> float:
        """Number of units."""
        return self.u.sum()

    @property
    def at_least(self) -> Reeks:
        """Number of units with a count of at least each step."""
        return np.asarray(self.a.sum(axis=1))

    @property
    def with_any(self) -> float:
        """Households with a unit that counts at least one."""
        return float(self.a[0, 0])

    @property
    def beyond(self) -> bool:
        """Whether anybody reaches the last step, after which counts are no longer told apart."""
        return bool(self.a[-1].any())

    def moment(self, power: int) -> float:
        """Return the sum over units of their count to this power."""
        return float(weights(STEPS, power) @ self.at_least)

    def noise(self, weight: Reeks) -> float:
        """Return the noise variance of the counts times `weight` per step, added up over units."""
        return float(sum(noise_variance(weight, column, self.v) for column in self.a.T if column.any()))

    @property
    def spread(self) -> float:
        """Variance between units."""
        n, mean = self.units, self.moment(1) / self.units
        return max(0.0, self.moment(2) - n * mean**2) / max(1.0, n - 1)


def estimate_group(
    cells: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    noise: Noise,
    step: int,  # noqa: ARG001 - counts go by one, exposure by 30 days
    cap: int,
    threshold: int,
    least: Least = LEAST,
    interval: str = "",
) -> Estimates:
    """Estimate mean, rate and quantiles of the counts of one place.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam` (`a`, `u`, `b`, `ab`), `x`, `k`, `n`: published counts of households.
    huishoudens : int
        Published number of households of the place.
    maten : mapping
        As in `estimators.count`.
    noise, step, cap, threshold, least
        As in `protection.public.PublicSummary`.
    interval : str
        `robuust` (also when empty) or `overspreid`.

    Returns
    -------
    Estimates
        As in `estimators.count`; in words only where fewer than `threshold` households have any. A median
        from 30 households, the 90th percentile and the series `verdeling` from 100, with classes of at
        least `threshold` units.
    """
    c = read_counts(cells, huishoudens, ladder(30, cap), noise.v, least)
    choice = choose(
        maten, {**_CALCULATORS, **(_OVERDISPERSED if interval == count.OVERDISPERSED else {})}, soort="aantal"
    )
    reden = why_none(c.units, huishoudens)
    weergave = word(c.with_any, threshold)
    # In units of exposure: days over 365.25 are years, and then the rate is per year.
    per = {k: maat.schaal if estimator(k, maat) == "per_blootstelling" else 1.0 for k, maat in maten.items()}
    shown = {
        k: hidden(reden) if reden else few(weergave) if weergave != TOON else _scaled(c, calculate(c), per[k])
        for k, calculate in choice.items()
    }

    def tellingen(naam: str) -> Mapping[str, Any]:
        rate = estimator(naam, maten[naam]) == "per_blootstelling"
        noemer = c.b.sum() / per[naam] if rate else c.units
        return {"n": huishoudens, "teller": c.moment(1), "noemer": noemer, "gecensureerd": 0}

    counts = any(estimator(k, maat) != "per_blootstelling" for k, maat in maten.items())
    with_series = counts and not reden and weergave == TOON and huishoudens >= least.series
    return Estimates(rows(maten, shown, tellingen), classes(_tail(c), threshold) if with_series else ())


def read_counts(
    cells: pd.DataFrame, huishoudens: int, days: tuple[int, ...], v: float, least: Least
) -> Counts:
    """Return the counts of one place; `days` are the steps of the exposure."""
    u, ab = (nested(cells, naam, STEPS, v) for naam in ("u", "ab"))
    a = table(cells, "a", points=STEPS, steps=whole_steps(cells, "a"))
    return Counts(a, u.first() if u.single else u, nested(cells, "b", days, v), ab, huishoudens, least)


def _scaled(c: Counts, s: Shown, schaal: float) -> Shown:
    """Return an outcome per `schaal` units, with a note when units of one household count apart."""
    u, note = s.outcome, "; eenheden binnen een huishouden als onafhankelijk geteld"
    apart = not (c.u.single or math.isnan(u.schatting))
    bounds = (u.interval[0] * schaal, u.interval[1] * schaal)
    return Shown(Outcome(u.methode + note * apart, u.schatting * schaal, bounds, u.fout * schaal), s.weergave)


def _of_total(calculate: Callable[[Counts], Outcome]) -> Callable[[Counts], Shown]:
    """Return the calculation of what rests on the total of the counts, unless the ladder is too short."""
    return lambda c: hidden(TOP) if c.beyond else Shown(calculate(c))


def _mean(c: Counts) -> Outcome:
    """Mean per unit; t interval with the noise of both sums, cut off at 0."""
    mean = c.moment(1) / c.units
    fout = math.sqrt(c.spread / c.units + _noise_of_ratio(c, mean, c.u))
    half = t_waarde(max(1.0, c.units - 1)) * fout
    methode = f"{FROM_COUNTS}: gemiddelde, 95%-interval (t), met de ruis"
    return Outcome(methode, mean, (max(0.0, mean - half), mean + half), fout)


def _noise_of_ratio(c: Counts, ratio: float, under: Nested) -> float:
    """Return the noise variance of the total over the sum `under`, linearised."""
    return (c.noise(weights(STEPS)) + ratio**2 * under.noise_of_sum()) / under.sum() ** 2


def _mean_nb(c: Counts) -> Outcome:
    """Mean with the interval of a negative binomial on the log scale; at least as wide as Poisson's.

    The over-dispersion follows from the variance: (variance - mean) / mean^2, by moments.
    """
    mean = c.moment(1) / c.units
    variance = max(c.spread, mean) / c.units + _noise_of_ratio(c, mean, c.u)
    fout = math.sqrt(variance)
    factor = math.exp(z_waarde() * fout / mean)
    methode = f"{FROM_COUNTS}: gemiddelde, 95%-interval (negatief-binomiaal, log), met de ruis"
    return Outcome(methode, mean, (mean / factor, mean * factor), fout)


def _squares(c: Counts, r: float) -> float:
    """Return sum((a - r b)^2) and the noise of a - r b, with m / (m - 1) for m units; at least Poisson's."""
    m, total = c.units, c.moment(1)
    squares = max(total, c.moment(2) - 2 * r * c.ab.sum() + r**2 * c.b.sum(2))
    return m / max(1.0, m - 1) * squares + c.noise(weights(STEPS)) + r**2 * c.b.noise_of_sum()


def per_exposure(c: Counts) -> Outcome:
    """Rate per day with the interval on the log scale; t quantile as for that many units."""
    total, exposure = c.moment(1), c.b.sum()
    if exposure <= 0:
        return Outcome("niet te schatten: geen blootstelling")
    r = total / exposure
    fout = math.sqrt(_squares(c, r)) / total
    factor = math.exp(t_waarde(max(1.0, c.units - 1)) * fout)
    methode = f"{FROM_COUNTS}: aantal per blootstelling, 95%-interval (log), met de ruis"
    return Outcome(methode, r, (r / factor, r * factor), fout * r)


def _rate(c: Counts) -> Outcome:
    total, exposure = c.moment(1), c.b.sum()
    if exposure <= 0:
        return Outcome("niet te schatten: geen blootstelling")
    r = total / exposure
    phi = _squares(c, r) / total
    how = "exact 95%-interval (Poisson, overspreid), met de ruis"
    methode = f"{FROM_COUNTS}: aantal per blootstelling, {how}"
    return Outcome(methode, r, poisson(total / phi, exposure / phi), math.sqrt(phi * total) / exposure)


def _overdispersion(c: Counts) -> Outcome:
    methode = f"{FROM_COUNTS}: variantie gedeeld door gemiddelde; geen interval"
    return Outcome(methode, c.spread / (c.moment(1) / c.units), NONE)


def _tail(c: Counts) -> Tail:
    noise = c.v * (c.a > 0).sum(axis=1)
    return Tail(STEPS, c.units, c.at_least, c.u.noise_of_sum(), noise, single=c.u.single)


def _quantile(c: Counts, *, p: float, naam: str, at: str) -> Shown:
    if c.huishoudens < getattr(c.least, at) or c.huishoudens * (1 - p) < _ABOVE - _ROUNDING:
        return hidden(f"{FROM_COUNTS}: te weinig huishoudens voor {naam}")
    methode = f"{FROM_COUNTS}: {naam}, verdelingsvrij 95%-interval, met de ruis"
    return Shown(Outcome(methode, *quantile(_tail(c), p)))


_CALCULATORS: Mapping[str, Callable[[Counts], Shown]] = {
    "gemiddelde": _of_total(_mean),
    "per_blootstelling": _of_total(per_exposure),
    "mediaan": partial(_quantile, p=0.5, naam="de mediaan", at="median"),
    "p90": partial(_quantile, p=0.9, naam="het 90e percentiel", at="p90"),
    "overspreiding": _of_total(_overdispersion),
}
_OVERDISPERSED: Mapping[str, Callable[[Counts], Shown]] = {
    "gemiddelde": _of_total(_mean_nb),
    "per_blootstelling": _of_total(_rate),
}

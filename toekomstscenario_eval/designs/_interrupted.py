"""Interrupted time series: did the level or the slope of one series change where something started?

With t in periods from the start s, D_t = 1 from the start on, and seasonal terms h_t,

    eta_t = a + b t + level D_t + slope D_t t + sum_k (c_k sin(2 pi k t / S) + d_k cos(2 pi k t / S)),

log(mu_t / exposure_t) = eta_t for counts, mu_t = eta_t for means. `level` is the change in the first period,
`slope` how much more (or less) it changes each period than before. What would have been without a change
is a + b t + season: the line goes on as it went, which nothing in the series can show.

References
----------
Wagner, Soumerai, Zhang and Ross-Degnan (2002), doi:10.1046/j.1365-2710.2002.00430.x
Lopez Bernal, Cummins and Gasparrini (2017), doi:10.1093/ije/dyw098
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.designs._segments import (
    Autocorrelation,
    Family,
    Fit,
    Floats,
    Term,
    autocorrelation,
    fit,
    harmonics,
    lag_rule,
)

Bools = NDArray[np.bool_]
# Periods for each coefficient that rests on one side of the start, and years for a season.
PER_COEFFICIENT, YEARS = 4, 2
TOGETHER = (
    "Wat tegelijk met de start veranderde (beleid, registratie, instroom), is in één reeks niet van de start "
    "te onderscheiden."
)


@dataclass(frozen=True)
class Interrupted:
    """One series with a break.

    Attributes
    ----------
    status : str
        Empty when there is an answer, otherwise why there is none; then `level` is None.
    notes : tuple of str
        What the answer cannot say, and what was left out.
    level, slope, trend : Term or None
        Change of level, change of slope, and slope before; `slope` is None when it was not asked for.
    dispersion : float
        Phi: squared Pearson residuals over their degrees of freedom.
    lag : int
        How many periods apart residuals may be correlated in the error of Newey and West.
    residuals : Autocorrelation or None
        What the Pearson residuals say of correlation in time.
    before, after : int
        Periods with a number before and from the start on.
    expected, without : array of shape (T,)
        What the regression expects in each period, and what it would have without a change.
    """

    status: str
    notes: tuple[str, ...] = ()
    level: Term | None = None
    slope: Term | None = None
    trend: Term | None = None
    dispersion: float = math.nan
    lag: int = 0
    residuals: Autocorrelation | None = None
    before: int = 0
    after: int = 0
    expected: Floats | None = None
    without: Floats | None = None


@dataclass(frozen=True)
class Shape:
    """Which terms a regression has.

    `season` is the number of harmonics, `period` how many periods a year has, `slope` whether the slope may
    change.
    """

    season: int = 0
    period: int = 12
    slope: bool = True

    def columns(self, t: Floats) -> Floats:
        """Return constant, slope, level change and (when asked) change of slope, then the season."""
        later = (t >= 0).astype(float)
        return np.column_stack([np.ones_like(t), t, later, *([later * t] if self.slope else [])])

    def seasonal(self, calendar: Floats) -> Floats:
        """Return the columns of the season by the calendar, the first period being 0."""
        return harmonics(calendar, self.season, self.period)


def interrupted(
    y: Floats,
    start: float,
    *,
    exposure: Floats | None = None,
    variance: Floats | None = None,
    family: Family = "poisson",
    season: int = 0,
    period: int = 12,
    slope: bool = True,
) -> Interrupted:
    """Return the change of level and slope of one series.

    Parameters
    ----------
    y : array of shape (T,)
        Counts or means per period; NaN where there is none.
    start : float
        Index of the first period with what started; inf when it never did.
    exposure : array of shape (T,), optional
        Of counts: persons, households or days that could count. Without it the count itself is compared.
    variance : array of shape (T,), optional
        Of means: the variance of each, chance and noise together (needed). Of counts: the variance of what
        was added to protect them; without it nothing was.
    family : str
        "poisson" for counts, "normaal" for means.
    season, period : int
        Number of harmonics (0: no season), and periods in a year.
    slope : bool
        Whether the slope may change too.

    Returns
    -------
    Interrupted
        With a status instead of an answer where the series has too little before or from the start on.

    Raises
    ------
    ValueError
        When means have no positive variance, or an exposure is not positive where there is a number.
    """
    y = np.asarray(y, dtype=float)
    extent, noise = extents(y, exposure, variance, family)
    shape = Shape(season, period, slope)
    there = np.isfinite(y)
    before, after = sides(there, start)
    if reason := too_little(y, start, before, after, shape, family):
        return Interrupted(reason, before=before, after=after)
    calendar = np.arange(len(y), dtype=float)
    main = shape.columns(calendar - start)
    x = np.hstack([main, shape.seasonal(calendar)])
    f = fit(y[there], x[there], family=family, extent=extent[there], noise=noise[there])
    if f is None:
        return Interrupted(NO_OPTIMUM, before=before, after=after)
    return _outcome(f, x, there, before, after, shape, extent)


NO_OPTIMUM = (
    "De verandering is niet te schatten: in een deel van de reeks gebeurt niets, of termen zeggen hetzelfde. "
    "Neem langere perioden, of laat de helling of het seizoen weg."
)


def _outcome(
    f: Fit,
    x: Floats,
    there: Bools,
    before: int,
    after: int,
    shape: Shape,
    extent: Floats,
) -> Interrupted:
    at = np.flatnonzero(there)
    lag = lag_rule(len(there))
    robust = f.newey_west(at, lag)
    terms = [
        f.term(i, {"newey-west": (math.sqrt(robust[i, i]), f.df)}) for i in range(1, 4 if shape.slope else 3)
    ]
    rest = np.full(len(there), np.nan)
    rest[at] = f.pearson
    plain = x.copy()
    plain[:, 2 : 4 if shape.slope else 3] = 0.0
    scale = extent if f.ratio else None
    return Interrupted(
        "",
        _notes(there),
        terms[1],
        terms[2] if shape.slope else None,
        terms[0],
        f.phi,
        lag,
        autocorrelation(rest, lags=shape.period),
        before,
        after,
        _mean(x @ f.b, scale),
        _mean(plain @ f.b, scale),
    )


def _mean(eta: Floats, exposure: Floats | None) -> Floats:
    return eta if exposure is None else np.asarray(exposure * np.exp(eta))


def _notes(there: Bools) -> tuple[str, ...]:
    gone = int((~there).sum())
    missing = (f"Van {gone} van de {len(there)} perioden is er geen cijfer; die tellen niet mee.",)
    return (TOGETHER, *(missing if gone else ()))


def sides(there: Bools, start: float) -> tuple[int, int]:
    """Return how many periods have a number before, and from the start on."""
    later = np.arange(len(there)) >= start
    return int((there & ~later).sum()), int((there & later).sum())


def too_little(y: Floats, start: float, before: int, after: int, shape: Shape, family: Family) -> str:
    """Return why a series cannot answer; empty when it may."""
    if not 0 < start < len(y):
        return "De start ligt buiten de perioden van de reeks: er is geen voor en na."
    least_before = 2 * PER_COEFFICIENT
    least_after = PER_COEFFICIENT * (2 if shape.slope else 1)
    for found, least, where in ((before, least_before, "voor"), (after, least_after, "vanaf")):
        if found < least:
            fewer = where == "vanaf" and shape.slope and found >= PER_COEFFICIENT
            hint = " Voor alleen een verandering van niveau volstaan er minder." if fewer else ""
            return f"Het aantal perioden {where} de start is {found}; nodig zijn er ten minste {least}.{hint}"
    if shape.season and before + after < YEARS * shape.period:
        least = YEARS * shape.period
        return f"Voor een seizoen zijn ten minste {least} perioden nodig; het zijn er {before + after}."
    return _no_events(y, start) if family == "poisson" else ""


def _no_events(y: Floats, start: float) -> str:
    later = np.arange(len(y)) >= start
    nothing = [where for where, side in (("voor", ~later), ("vanaf", later)) if not np.nansum(y[side]) > 0]
    if len(nothing) == 2:
        return "Er is in geen enkele periode iets gebeurd: er valt niets te vergelijken."
    if nothing:
        return (
            f"{nothing[0].capitalize()} de start is er niets gebeurd: een verhouding is dan niet te schatten."
        )
    return ""


def extents(
    y: Floats, exposure: Floats | None, variance: Floats | None, family: Family
) -> tuple[Floats, Floats]:
    """Return the exposure (or variance) and the noise of each number."""
    if family == "normaal":
        if variance is None:
            raise ValueError("van elk gemiddelde is een variantie nodig")
        extent, noise = np.asarray(variance, dtype=float), np.zeros(y.shape)
    else:
        extent = np.ones(y.shape) if exposure is None else np.asarray(exposure, dtype=float)
        noise = np.zeros(y.shape) if variance is None else np.asarray(variance, dtype=float)
    if not np.all(extent[np.isfinite(y)] > 0):
        raise ValueError("een variantie of blootstelling is niet positief waar wel een cijfer is")
    return extent, noise

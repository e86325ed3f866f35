"""Interrupted time series of several sites together, with comparison series where there are.

Without comparison series, site i with its own start s_i, D_it = 1 from then on:

    eta_it = a_i + b t + season_t + level D_it + slope D_it (t - s_i).

With them, one stack for every start s, in which the sites with that start stand beside all comparison sites:

    eta_it = a_i + b t + e P_i t + season_t + (c + d (t - s)) D_t + (level + slope (t - s)) P_i D_t,

P_i = 1 for the sites that started. Level and slope are then how much more these changed than the comparison
series did at the same moment, each from its own line; they and the season are common to the stacks, all else
is of the stack. A site that started is never the comparison of a later one: weights could be negative then.
Comparison sites stand in every stack: only an error by site allows for that, and for correlation in time. It
is CR2 with Satterthwaite's degrees of freedom, few where there are few comparison sites.

References
----------
Linden (2015), comparative interrupted series, doi:10.1177/1536867X1501500208
Lopez Bernal, Cummins and Gasparrini (2018), doi:10.1093/ije/dyy135
Baker, Larcker and Wang (2022), stacks by start, doi:10.1016/j.jfineco.2022.01.004
Pustejovsky and Tipton (2018), CR2, doi:10.1080/07350015.2016.1247004
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.designs._interrupted import (
    NO_OPTIMUM,
    TOGETHER,
    Bools,
    Shape,
    extents,
    sides,
    too_little,
)
from toekomstscenario_eval.designs._segments import (
    Autocorrelation,
    Family,
    Fit,
    Floats,
    Term,
    autocorrelation,
    fit,
)

NO_SITES = (
    "Er is één regio van een soort: het interval gaat ervan uit dat perioden van een regio niet samenhangen."
)


@dataclass(frozen=True)
class InterruptedSites:
    """Several series with a break.

    Attributes
    ----------
    status : str
        Empty when there is an answer, otherwise why there is none; then `level` is None.
    notes : tuple of str
        What the answer cannot say, and what was left out.
    level, slope : Term or None
        Change of the sites that started, beyond that of comparison series where there are.
    beside : tuple of Term
        Change of level of the comparison series at each start; empty without them.
    starts : tuple of int
        The starts, in order.
    dispersion : float
        Phi: squared Pearson residuals over their degrees of freedom.
    residuals : Autocorrelation or None
        What the Pearson residuals say of correlation in time within sites.
    sites, comparison : int
        Sites that started and comparison sites that took part.
    """

    status: str
    notes: tuple[str, ...] = ()
    level: Term | None = None
    slope: Term | None = None
    beside: tuple[Term, ...] = ()
    starts: tuple[int, ...] = ()
    dispersion: float = math.nan
    residuals: Autocorrelation | None = None
    sites: int = 0
    comparison: int = 0


@dataclass(frozen=True)
class _Rows:
    """The rows of a regression: which site and period each is, and its columns; the first are asked for."""

    site: NDArray[np.int64]
    period: NDArray[np.int64]
    x: Floats
    beside: tuple[int, ...]


def interrupted_sites(
    y: Floats,
    start: Floats,
    *,
    exposure: Floats | None = None,
    variance: Floats | None = None,
    family: Family = "poisson",
    season: int = 0,
    period: int = 12,
    slope: bool = True,
) -> InterruptedSites:
    """Return the change of level and slope of sites together.

    Parameters
    ----------
    y : array of shape (N, T)
        Counts or means per site and period; NaN where there is none.
    start : array of shape (N,)
        Index of the first period of each site with what started; inf for a comparison site.
    exposure, variance : array of shape (N, T), optional
        See `interrupted`.
    family, season, period, slope
        See `interrupted`.

    Returns
    -------
    InterruptedSites
        With a status instead of an answer where there is too little.
    """
    y, start = np.asarray(y, dtype=float), np.asarray(start, dtype=float)
    extent, noise = extents(y, exposure, variance, family)
    shape = Shape(season, period, slope)
    started = np.isfinite(start)
    used, why = _usable(y, start, shape, family)
    nothing = InterruptedSites("", sites=int((used & started).sum()), comparison=int((used & ~started).sum()))
    if not (used & started).any():
        return replace(nothing, status=why or "Er is geen regio die begon.")
    if (~started).any() and not (used & ~started).any():
        return replace(nothing, status="Van geen vergelijkingsregio is de reeks bruikbaar.")
    starts = np.unique(start[used & started])
    compared = bool((used & ~started).any())
    rows = (
        _stacks(start, used, starts, y.shape[1], shape)
        if compared
        else _alone(start, used, y.shape[1], shape)
    )
    there = np.isfinite(y[rows.site, rows.period])
    site, at = rows.site[there], rows.period[there]
    f = fit(y[site, at], rows.x[there], family=family, extent=extent[site, at], noise=noise[site, at])
    if f is None:
        return replace(nothing, status=NO_OPTIMUM)
    which = [0, *([1] if slope else []), *rows.beside]
    by_site = _by_site(nothing.sites, nothing.comparison)
    found = f.by_cluster(site, which) if by_site else []
    terms = [f.term(i, {"regio": found[k]} if found else {}) for k, i in enumerate(which)]
    return replace(
        nothing,
        notes=_notes(y, used, starts, compared=compared, by_site=by_site),
        level=terms[0],
        slope=terms[1] if slope else None,
        beside=tuple(terms[2 if slope else 1 :]),
        starts=tuple(int(s) for s in starts),
        dispersion=f.phi,
        residuals=_residuals(f, site, at, (y.shape[0], y.shape[1]), shape.period),
    )


def _usable(y: Floats, start: Floats, shape: Shape, family: Family) -> tuple[Bools, str]:
    """Return which sites take part, and why the first of those that started does not."""
    used, why = np.zeros(len(start), dtype=bool), ""
    for i, s in enumerate(start):
        if not math.isfinite(s):
            used[i] = np.nansum(y[i]) > 0 if family == "poisson" else np.isfinite(y[i]).any()
            continue
        # What the family asks of a series is asked of all sites together; a site may have an empty side.
        reason = too_little(y[i], s, *sides(np.isfinite(y[i]), s), shape, "normaal")
        if family == "poisson" and not reason and not np.nansum(y[i]) > 0:
            reason = "In geen van de regio's die begonnen is iets gebeurd."
        used[i], why = not reason, why or reason
    return used, why


def _alone(start: Floats, used: Bools, periods: int, shape: Shape) -> _Rows:
    """Return the rows of sites that all started: one for each site and period."""
    sites = np.flatnonzero(used)
    site, t = np.repeat(sites, periods), np.tile(np.arange(periods), len(sites))
    main = shape.columns(t - start[site])
    own = (site[:, None] == sites).astype(float)
    calendar = t.astype(float)
    # Centred, so that the constants of sites do not rest on a period far away.
    line = (calendar - calendar.mean())[:, None]
    return _Rows(site, t, np.hstack([main[:, 2:], own, line, shape.seasonal(calendar)]), ())


def _stacks(start: Floats, used: Bools, starts: Floats, periods: int, shape: Shape) -> _Rows:
    """Return the rows of one stack for every start, with its own columns, and the common ones first."""
    parts = [
        _stack(np.flatnonzero(used & ((start == s) | np.isinf(start))), s, start, periods, shape)
        for s in starts
    ]
    changes = 2 if shape.slope else 1
    site, t = (np.concatenate([p[i] for p in parts]) for i in (0, 1))
    own = [p[2] for p in parts]
    widths = np.cumsum([0, *(block.shape[1] - changes for block in own)])
    x = np.zeros((len(site), changes + widths[-1]))
    row = 0
    for block, left in zip(own, widths[:-1], strict=True):
        here = slice(row, row + len(block))
        x[here, :changes] = block[:, :changes]
        x[here, changes + left : changes + left + block.shape[1] - changes] = block[:, changes:]
        row += len(block)
    beside = tuple(int(changes + left) for left in widths[:-1])
    return _Rows(site, t, np.hstack([x, shape.seasonal(t.astype(float))]), beside)


def _stack(
    sites: NDArray[np.int64], s: float, start: Floats, periods: int, shape: Shape
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return site, period and columns: those of interest, what the others changed, lines, constants."""
    site, t = np.repeat(sites, periods), np.tile(np.arange(periods), len(sites))
    main = shape.columns(np.asarray(t - s, dtype=np.float64))
    pilot = np.isfinite(start[site]).astype(float)[:, None]
    line, change = main[:, 1:2], main[:, 2:]
    own = (site[:, None] == sites).astype(float)
    return site, t, np.hstack([pilot * change, change, line, pilot * line, own])


def _by_site(sites: int, comparison: int) -> bool:
    """Whether errors can be taken by site: of one site of a kind they would come out as nothing."""
    return sites >= 2 and comparison != 1


def _notes(y: Floats, used: Bools, starts: Floats, *, compared: bool, by_site: bool) -> tuple[str, ...]:
    notes, n = [], int(used.sum())
    if not compared and len(starts) == 1:
        notes.append(TOGETHER)
    if gone := len(used) - n:
        notes.append(
            f"{gone} van de {len(used)} regio's doen niet mee: te weinig perioden voor of na de start, of "
            "er gebeurde niets."
        )
    if missing := int((~np.isfinite(y[used])).sum()):
        notes.append(f"Van {missing} van de {y[used].size} perioden is er geen cijfer; die tellen niet mee.")
    if not by_site:
        notes.append(NO_SITES)
    return tuple(notes)


def _residuals(
    f: Fit, site: NDArray[np.int64], at: NDArray[np.int64], extent: tuple[int, ...], lags: int
) -> Autocorrelation:
    """Return the correlation in time within sites: the series behind each other, with a gap between them."""
    rest = np.full((extent[0], extent[1] + lags), np.nan)
    # A comparison site stands in each stack; its residuals of the first count.
    for i, t, e in zip(site[::-1], at[::-1], f.pearson[::-1], strict=True):
        rest[i, t] = e
    return autocorrelation(rest.ravel(), lags=lags)

"""What a proportional hazards model needs of the data: sums over who is at risk and who ends, per day.

At one end day with m ends, S0 = sum of n w over who is at risk (w = exp(x'b)) and D0 the same over
who ends, Efron's likelihood has the denominators S0 - l / m D0 for l = 0 .. m - 1. All that is
needed of them are the sums of their logarithms, inverses and squared inverses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.intervals import Reeks, column, require

# Below this part of the largest, a spread or an eigenvalue is rounding.
SINGULAR = 1e-9
# Up to this many ends on one day the denominators are summed one by one.
_LOOSE = 500

Wholes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Distinct rows. `inside` and `left_out` number the moments of all strata together, in order of time."""

    x: Reeks
    n: Reeks
    einde: npt.NDArray[np.bool_]
    inside: Wholes
    left_out: Wholes
    cluster: Wholes
    dagen: Reeks
    schaal: Reeks


@dataclass(frozen=True)
class Moments:
    """Per stratum and end day, with p covariates and k such days.

    Attributes
    ----------
    m : array of k numbers of ends
    s0, d0 : arrays of k sums of n w over the risk set and over the ends
    d1, e1 : arrays (k, p): sum of n w x over the ends; over the risk set, less s0 / d0 times that
    a1, a2 : arrays of k sums of the inverse and the squared inverse of Efron's denominators
    rest : array (k, p) of x of the ends, less what is expected (Schoenfeld residuals, added up)
    information : array (k, p, p)
    """

    m: Reeks
    s0: Reeks
    d0: Reeks
    d1: Reeks
    e1: Reeks
    a1: Reeks
    a2: Reeks
    rest: Reeks
    information: Reeks
    loglik: float


def read(data: pd.DataFrame, covariates: Sequence[str], cause: int | None) -> Rows:
    """Check, add up rows that agree, and number the moments; covariates get mean 0 and spread 1."""
    if not covariates or len(set(covariates)) != len(covariates):
        raise GebruikFout("geef ten minste één covariaat, elk één keer", waar="covariaten van het model")
    start, stop, einde, n = (column(data, k) for k in ("instroom", "duur", "einde", "n"))
    raw = np.column_stack([column(data, k) for k in covariates])
    require(bool((start >= 0).all()), naam="instroom", what="er staat een negatieve dag in")
    require(bool((stop >= start).all()), naam="duur", what="een duur eindigt voor de instroom")
    require(
        bool(((n >= 0) & (n == np.floor(n))).all()), naam="n", what="er staat iets anders in dan een aantal"
    )
    ended = einde >= 1 if cause is None else einde == cause
    require(
        not bool((ended & (stop == start) & (start > 0)).any()), naam="duur", what="een duur telt geen dag"
    )
    codes = [_codes(data, "stratum"), _codes(data, "cluster")]
    # Entry on day 0 means there from the start: before every end, also one on day 0.
    everything = np.column_stack([*codes, np.where(start <= 0, -1.0, start), stop, ended, raw])[n > 0]
    unique, spot = np.unique(everything, axis=0, return_inverse=True)
    aantal: Reeks = np.bincount(spot.ravel(), weights=n[n > 0], minlength=len(unique)).astype(np.float64)
    require(bool(unique[:, 4].any()), naam="einde", what="geen enkele duur is beëindigd")
    x = unique[:, 5:]
    middle = np.average(x, axis=0, weights=aantal)
    schaal = np.sqrt(np.average((x - middle) ** 2, axis=0, weights=aantal))
    for naam, spread, large in zip(covariates, schaal, np.abs(x).max(axis=0), strict=True):
        if spread <= SINGULAR * large:
            raise GebruikFout(f"de covariaat '{naam}' is overal gelijk", herstel="laat de covariaat weg")
    dagen = np.unique(unique[:, 2:4])
    stratum = unique[:, 0].astype(np.int64)
    inside, left_out = (stratum * len(dagen) + np.searchsorted(dagen, unique[:, k]) for k in (2, 3))
    moments = np.tile(dagen, int(stratum.max()) + 1)
    cluster = unique[:, 1].astype(np.int64)
    return Rows((x - middle) / schaal, aantal, unique[:, 4] > 0, inside, left_out, cluster, moments, schaal)


def _codes(data: pd.DataFrame, naam: str) -> Reeks:
    """Number the values of a column; one stratum, and no cluster (-1), when it is not there."""
    if naam not in data.columns:
        return np.full(len(data), 0.0 if naam == "stratum" else -1.0)
    waarden = data[naam]
    require(not bool(waarden.isna().any()), naam=naam, what="er staan lege waarden in")
    return np.unique(waarden.astype(str).to_numpy(dtype=str), return_inverse=True)[1].astype(np.float64)


def end_days(rows: Rows) -> Wholes:
    """Return the numbers of the moments with an end."""
    return np.unique(rows.left_out[rows.einde])


def _total_since(waarden: Reeks, moments: Wholes, since: Wholes) -> Reeks:
    """Return the sum of `waarden` over rows with a moment of `since` or later."""
    ordering = np.argsort(moments, kind="stable")
    total = np.concatenate(
        (np.cumsum(waarden[ordering][::-1], axis=0)[::-1], np.zeros((1, waarden.shape[1])))
    )
    return total[np.searchsorted(moments[ordering], since, side="left")]


def moments(rows: Rows, b: Reeks) -> Moments:
    k, p = end_days(rows), len(b)
    eta = rows.x @ b
    w = rows.n * np.exp(eta - eta.max())
    cross = (rows.x[:, :, None] * rows.x[:, None, :]).reshape(len(w), p * p)
    everything = w[:, None] * np.column_stack([np.ones(len(w)), rows.x, cross])
    # Rows of later strata count in both sums, and so in neither.
    s = _total_since(everything, rows.left_out, k) - _total_since(everything, rows.inside, k)
    d = np.zeros((len(k), everything.shape[1]))
    spot = np.searchsorted(k, rows.left_out[rows.einde])
    np.add.at(d, spot, everything[rows.einde])
    m, total_x = np.zeros(len(k)), np.zeros((len(k), p))
    np.add.at(m, spot, rows.n[rows.einde])
    np.add.at(total_x, spot, (rows.n[:, None] * rows.x)[rows.einde])
    s0, s1, s2 = np.maximum(s[:, 0], d[:, 0]), s[:, 1 : p + 1], s[:, p + 1 :].reshape(-1, p, p)
    d0, d1, d2 = d[:, 0], d[:, 1 : p + 1], d[:, p + 1 :].reshape(-1, p, p)
    a0, a1, a2 = efron(m, s0, d0)
    ratio = s0 / d0
    e1, e2 = s1 - d1 * ratio[:, None], s2 - d2 * ratio[:, None, None]
    middle = d1 / d0[:, None]
    mixed = middle[:, :, None] * e1[:, None, :]
    information = (
        (m / d0)[:, None, None] * d2
        + a1[:, None, None] * (e2 - mixed - mixed.transpose(0, 2, 1))
        - m[:, None, None] * middle[:, :, None] * middle[:, None, :]
        - a2[:, None, None] * e1[:, :, None] * e1[:, None, :]
    )
    rest = total_x - m[:, None] * middle - a1[:, None] * e1
    loglik = float((total_x @ b).sum() - (a0 + m * eta.max()).sum())
    return Moments(m, s0, d0, d1, e1, a1, a2, rest, information, loglik)


def efron(m: Reeks, s0: Reeks, d0: Reeks, *, loose_up_to: int = _LOOSE) -> tuple[Reeks, Reeks, Reeks]:
    """Return the sums over l < m of log(c), 1 / c and 1 / c^2, with c = s0 - l / m d0."""
    a0, a1, a2 = (np.zeros_like(m) for _ in range(3))
    loose = m <= loose_up_to
    if loose.any():
        times = m[loose].astype(np.int64)
        begin = np.cumsum(times) - times
        spot = np.repeat(np.arange(len(times)), times)
        rank = np.arange(int(times.sum())) - begin[spot]
        c = s0[loose][spot] - rank / m[loose][spot] * d0[loose][spot]
        a0[loose], a1[loose], a2[loose] = (np.add.reduceat(v, begin) for v in (np.log(c), 1 / c, 1 / c**2))
    if not loose.all():
        many, z, per = m[~loose], (m * s0 / d0)[~loose], (m / d0)[~loose]
        under, above = z - many + 1, z + 1
        a0[~loose] = special.gammaln(above) - special.gammaln(under) - many * np.log(per)
        a1[~loose] = per * (special.digamma(above) - special.digamma(under))
        a2[~loose] = per**2 * (special.zeta(2, under) - special.zeta(2, above))
    return a0, a1, a2


def residuals(rows: Rows, mom: Moments, b: Reeks) -> Reeks:
    """Return per row the score residual of one spell: its part in the derivative of the likelihood."""
    k = end_days(rows)
    eta = rows.x @ b
    w = np.exp(eta - eta.max())
    middle = mom.d1 / mom.d0[:, None]
    # Over the denominators: sums of 1 / c, and of the weighted mean of x over c.
    h, hx = mom.a1, middle * mom.a1[:, None] + mom.e1 * mom.a2[:, None]
    total = np.concatenate((np.zeros((1, 1 + len(b))), np.cumsum(np.column_stack([h, hx]), axis=0)))
    during = (
        total[np.searchsorted(k, rows.left_out, "right")] - total[np.searchsorted(k, rows.inside, "right")]
    )
    out: Reeks = -w[:, None] * (rows.x * during[:, :1] - during[:, 1:])
    # Who ends is in the denominators for a part (1 - l / m) only.
    part = ((mom.d0 - mom.s0) * mom.a1 + mom.m) / mom.d0
    part_2 = ((mom.d0 - mom.s0) * mom.a2 + mom.a1) / mom.d0
    h_gone, hx_gone = h - part, hx - middle * part[:, None] - mom.e1 * part_2[:, None]
    average = middle + mom.e1 * (mom.a1 / mom.m)[:, None]
    j = np.searchsorted(k, rows.left_out[rows.einde])
    x, w_einde = rows.x[rows.einde], w[rows.einde, None]
    out[rows.einde] += x - average[j] + w_einde * (x * h_gone[j, None] - hx_gone[j])
    return out

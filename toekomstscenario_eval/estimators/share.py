"""Estimator of a share: a ratio of sums over households, with a cluster-aware Wilson interval.

A household may bring several units (children, days). Units of one household are alike, so the
interval rests on an effective sample size: the number of independent units that would give the
same variance as the one seen between households.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from toekomstscenario_eval.estimators.intervals import (
    Interval,
    Outcome,
    calculate,
    choose,
    clopper_pearson,
    column,
    require,
    rows,
    t_waarde,
    too_small,
    wilson,
)
from toekomstscenario_eval.types import Estimates, Maat

WILSON, CLOPPER_PEARSON = "wilson", "clopper-pearson"
INTERVALS = (WILSON, CLOPPER_PEARSON)
# Both take a share and an effective number of units; exact with those is Korn and Graubard's interval.
METHODS: Mapping[str, tuple[str, Callable[[float, float], Interval]]] = {
    WILSON: ("Wilson", wilson),
    CLOPPER_PEARSON: ("Clopper-Pearson", lambda p, n: clopper_pearson(p * n, n)),
}
# Sums of floats may differ in the last bits with the order of adding up.
_SLACK = 1e-9


@dataclass(frozen=True)
class Sums:
    """Sums over `huishoudens` households of teller (t), noemer (n), their squares and product."""

    huishoudens: int
    t: float
    n: float
    tt: float
    nn: float
    tn: float


def estimate_group(
    data: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    interval: str = WILSON,
) -> Estimates:
    """Estimate the share of one group.

    Parameters
    ----------
    data : DataFrame
        Columns `som_t, som_n, som_tt, som_nn, som_tn`; rows are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Only `aandeel` is known, as id or as `schatter`.
    interval : str
        `wilson`, or `clopper-pearson`: never covers less than 95%, and is wider.

    Returns
    -------
    Estimates
        `aandeel` = som_t / som_n; no series.
    """
    s = _sums(data, huishoudens)
    choice = choose(maten, {"aandeel": partial(_aandeel, interval=interval)}, soort="aandeel")
    outcomes = calculate({k: partial(f, s) for k, f in choice.items()}, reden=too_small(s.n, huishoudens))
    tellingen = {"n": huishoudens, "teller": s.t, "noemer": s.n, "gecensureerd": 0}
    return Estimates(rows(maten, outcomes, tellingen=tellingen))


def _sums(data: pd.DataFrame, huishoudens: int) -> Sums:
    t, n, tt, nn, tn = (float(column(data, f"som_{k}").sum()) for k in ("t", "n", "tt", "nn", "tn"))
    require(min(t, n) >= 0, naam="som_t", what="een som is negatief")
    require(t <= n * (1 + _SLACK), naam="som_t", what="de teller is groter dan de noemer")
    return Sums(huishoudens, t, n, tt, nn, tn)


def _aandeel(s: Sums, *, interval: str) -> Outcome:
    naam, bounds = METHODS[interval]
    p = s.t / s.n
    if p <= _SLACK or p >= 1 - _SLACK:
        p = float(round(p))
        return Outcome(_methode_edge(s, naam), p, bounds(p, min(s.huishoudens, s.n)))
    if s.n <= 1:
        return Outcome("niet te schatten: te weinig eenheden in de noemer")
    n_eff = effective_extent(s)
    association = "" if n_eff >= s.n * (1 - _SLACK) else ", gecorrigeerd voor samenhang binnen huishoudens"
    return Outcome(f"{naam}, 95%-interval{association}", p, bounds(p, n_eff), standard_error(p, n_eff))


def standard_error(p: float, n: float) -> float:
    """Return the standard error of a share of `n` units, which may be an effective number."""
    return math.sqrt(p * (1 - p) / n)


def _methode_edge(s: Sums, naam: str) -> str:
    if s.nn == s.n:  # at most one unit per household
        return f"{naam}, 95%-interval"
    return (
        f"{naam}, 95%-interval; samenhang binnen huishoudens niet te schatten bij 0 of 100 procent, "
        "gerekend met het aantal huishoudens"
    )


def effective_extent(s: Sums) -> float:
    """Return the effective number of units behind a share strictly between 0 and 1.

    With m households, r = som_t / som_n and d = t - r n per household, the linearised variance is
    V = m / (m - 1) * sum(d^2) / som_n^2; the variance of independent units is
    V0 = r (1 - r) / (som_n - 1). The result is som_n * V0 / V, times the squared ratio of the t
    quantiles with som_n - 1 and m - 1 degrees of freedom, and never more than som_n. With one
    unit per household it equals som_n.

    References
    ----------
    Korn and Graubard (1998), Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data. Survey Methodology 24, 193-201.
    Franco, Little, Louis and Slud (2019), doi:10.1093/jssam/smy019
    """
    m, r = s.huishoudens, s.t / s.n
    squares = max(0.0, s.tt - 2 * r * s.tn + r * r * s.nn)
    variance = m / (m - 1) * squares / s.n**2
    independent = r * (1 - r) / (s.n - 1)
    if variance * s.n <= independent * s.n * _SLACK:
        return s.n
    freedom = (t_waarde(s.n - 1) / t_waarde(m - 1)) ** 2
    return min(s.n, s.n * independent / variance * freedom)

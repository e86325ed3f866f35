"""Estimator of a share: a ratio of sums over households, with a cluster-aware Wilson interval.

A household may bring several units (children, days). Units of one household are alike, so the
interval rests on an effective sample size: the number of independent units that would give the
same variance as the one seen between households.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from toekomstscenario_eval.estimators.intervals import (
    Interval,
    Uitkomst,
    clopper_pearson,
    eis,
    kies,
    kolom,
    reken,
    rijen,
    t_waarde,
    te_klein,
    wilson,
)
from toekomstscenario_eval.types import Estimates, Maat

WILSON, CLOPPER_PEARSON = "wilson", "clopper-pearson"
INTERVALLEN = (WILSON, CLOPPER_PEARSON)
# Both take a share and an effective number of units; exact with those is Korn and Graubard's interval.
_INTERVALLEN: Mapping[str, tuple[str, Callable[[float, float], Interval]]] = {
    WILSON: ("Wilson", wilson),
    CLOPPER_PEARSON: ("Clopper-Pearson", lambda p, n: clopper_pearson(p * n, n)),
}
# Sums of floats may differ in the last bits with the order of adding up.
_SPELING = 1e-9


@dataclass(frozen=True)
class Sommen:
    """Sums over `huishoudens` households of teller (t), noemer (n), their squares and product."""

    huishoudens: int
    t: float
    n: float
    tt: float
    nn: float
    tn: float


def schat(
    gegevens: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    interval: str = WILSON,
) -> Estimates:
    """Estimate the share of one group.

    Parameters
    ----------
    gegevens : DataFrame
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
    s = _sommen(gegevens, huishoudens)
    keuze = kies(maten, {"aandeel": partial(_aandeel, interval=interval)}, soort="aandeel")
    uitkomsten = reken({k: partial(f, s) for k, f in keuze.items()}, reden=te_klein(s.n, huishoudens))
    tellingen = {"n": huishoudens, "teller": s.t, "noemer": s.n, "gecensureerd": 0}
    return Estimates(rijen(maten, uitkomsten, tellingen=tellingen))


def _sommen(gegevens: pd.DataFrame, huishoudens: int) -> Sommen:
    t, n, tt, nn, tn = (float(kolom(gegevens, f"som_{k}").sum()) for k in ("t", "n", "tt", "nn", "tn"))
    eis(min(t, n) >= 0, naam="som_t", wat="een som is negatief")
    eis(t <= n * (1 + _SPELING), naam="som_t", wat="de teller is groter dan de noemer")
    return Sommen(huishoudens, t, n, tt, nn, tn)


def _aandeel(s: Sommen, *, interval: str) -> Uitkomst:
    naam, grenzen = _INTERVALLEN[interval]
    p = s.t / s.n
    if p <= _SPELING or p >= 1 - _SPELING:
        p = float(round(p))
        return Uitkomst(_methode_rand(s, naam), p, grenzen(p, min(s.huishoudens, s.n)))
    if s.n <= 1:
        return Uitkomst("niet te schatten: te weinig eenheden in de noemer")
    n_eff = effectieve_omvang(s)
    samenhang = "" if n_eff >= s.n * (1 - _SPELING) else ", gecorrigeerd voor samenhang binnen huishoudens"
    return Uitkomst(f"{naam}, 95%-interval{samenhang}", p, grenzen(p, n_eff))


def _methode_rand(s: Sommen, naam: str) -> str:
    if s.nn == s.n:  # at most one unit per household
        return f"{naam}, 95%-interval"
    return (
        f"{naam}, 95%-interval; samenhang binnen huishoudens niet te schatten bij 0 of 100 procent, "
        "gerekend met het aantal huishoudens"
    )


def effectieve_omvang(s: Sommen) -> float:
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
    kwadraten = max(0.0, s.tt - 2 * r * s.tn + r * r * s.nn)
    variantie = m / (m - 1) * kwadraten / s.n**2
    onafhankelijk = r * (1 - r) / (s.n - 1)
    if variantie * s.n <= onafhankelijk * s.n * _SPELING:
        return s.n
    vrijheid = (t_waarde(s.n - 1) / t_waarde(m - 1)) ** 2
    return min(s.n, s.n * onafhankelijk / variantie * vrijheid)

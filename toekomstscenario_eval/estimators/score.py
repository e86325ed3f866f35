"""Estimators of a score: mean, change between two moments, effect size and spread.

A household brings one score (and one before it). Where an indicator brings several, no interval is
given: the sums cannot tell how much the scores of one household are alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
from scipy import special

from toekomstscenario_eval.estimators.intervals import (
    NIVEAU,
    Interval,
    Outcome,
    calculate,
    choose,
    column,
    estimator,
    require,
    rows,
    t_waarde,
    too_small,
    z_waarde,
)
from toekomstscenario_eval.identity import PAIRED
from toekomstscenario_eval.types import Estimates, Maat

INTERVALS = ()
# Below this part of its terms a sum of squares is rounding, not spread.
_ROUNDING = 1e-12
_EQUAL = "niet te schatten: geen spreiding tussen de scores"


@dataclass(frozen=True)
class Moments:
    """Number of units, mean and sum of squared deviations."""

    n: int
    gemiddelde: float
    kwadraten: float

    @property
    def variantie(self) -> float:
        """Unbiased variance between units."""
        return self.kwadraten / (self.n - 1)


@dataclass(frozen=True)
class Scores:
    """Moments of the value over all units, and over pairs of the values before and after."""

    alle: Moments
    voor: Moments
    na: Moments
    kruis: float

    @property
    def verschil(self) -> Moments:
        """Moments of the change, value after minus value before."""
        v, w = self.voor, self.na
        squares = v.kwadraten + w.kwadraten - 2 * self.kruis
        large = v.kwadraten + w.kwadraten + v.n * (v.gemiddelde**2 + w.gemiddelde**2)
        own = squares if squares > _ROUNDING * large else 0.0
        return Moments(v.n, w.gemiddelde - v.gemiddelde, own)


def estimate_group(
    data: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
) -> Estimates:
    """Estimate means, change and effect size of one group.

    Parameters
    ----------
    data : DataFrame
        Columns `n, som_w, som_ww` over all units and `n_paar, som_v, som_vv, paar_w, paar_ww,
        som_vw` over units with a value before; rows are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Any of `gemiddelde`, `gemiddelde_voor`, `verschil`, `effectgrootte`,
        `standaardafwijking`, as id or as `schatter`. The middle three need a value before of
        every unit: a mean over everybody beside a change over some would tell the others' scores.

    Returns
    -------
    Estimates
        One row per estimand; no series.

    Raises
    ------
    GebruikFout
        When a change is asked for and units without a value before were not excluded.
    """
    s = _scores(data)
    choice = choose(maten, _CALCULATORS, soort="score")
    if any(estimator(k, maat) in PAIRED for k, maat in maten.items()):
        require(
            s.voor.n == s.alle.n,
            naam="n_paar",
            what="eenheden zonder vorige score horen bij de uitsluitingen",
        )
    outcomes = calculate(
        {k: partial(f, s) for k, f in choice.items()}, reden=too_small(s.alle.n, huishoudens)
    )
    if s.alle.n > huishoudens:
        outcomes = {k: _fair(u) for k, u in outcomes.items()}
    tellingen = {"n": huishoudens, "teller": math.nan, "noemer": s.alle.n, "gecensureerd": 0}
    return Estimates(rows(maten, outcomes, tellingen=tellingen))


def _fair(u: Outcome) -> Outcome:
    if math.isnan(u.schatting):
        return u
    naam = u.methode.split(", 95%")[0]
    return Outcome(f"{naam}; geen interval: meer scores uit één huishouden hangen samen", u.schatting)


def _scores(data: pd.DataFrame) -> Scores:
    n, pairs = (round(float(column(data, k).sum())) for k in ("n", "n_paar"))
    w, ww, v, vv, pw, pww, vw = (
        float(column(data, k).sum())
        for k in ("som_w", "som_ww", "som_v", "som_vv", "paar_w", "paar_ww", "som_vw")
    )
    require(0 <= pairs <= n, naam="n_paar", what="er zijn meer paren dan eenheden")
    before, after = _moments(pairs, v, vv, "som_vv"), _moments(pairs, pw, pww, "paar_ww")
    cross = vw - v * pw / pairs if pairs else 0.0
    limit = math.sqrt(before.kwadraten * after.kwadraten)
    too_large = "het kruisproduct is groter dan de kwadraten toelaten"
    require(abs(cross) <= limit + 1e-9 * (1 + vv + pww), naam="som_vw", what=too_large)
    return Scores(_moments(n, w, ww, "som_ww"), before, after, cross)


def _moments(n: int, total: float, square: float, naam: str) -> Moments:
    if n == 0:
        return Moments(0, math.nan, 0.0)
    rest = square - total * total / n
    require(rest >= -1e-9 * (1 + square), naam=naam, what="de som van kwadraten is te klein voor de som")
    return Moments(n, total / n, rest if rest > _ROUNDING * square else 0.0)


def _t_interval(m: Moments) -> Interval:
    half = t_waarde(m.n - 1) * _error(m)
    return m.gemiddelde - half, m.gemiddelde + half


def _error(m: Moments) -> float:
    return math.sqrt(m.variantie / m.n)


def _mean(naam: str, choose_: Callable[[Scores], Moments]) -> Callable[[Scores], Outcome]:
    def calculator(s: Scores) -> Outcome:
        """Mean with a t interval, n - 1 degrees of freedom.

        Without spread there is no answer: it would be the score of every single household.
        """
        m = choose_(s)
        if m.kwadraten == 0:
            return Outcome(_EQUAL)
        return Outcome(f"{naam}, 95%-interval (t)", m.gemiddelde, _t_interval(m), _error(m))

    return calculator


def _effect(s: Scores) -> Outcome:
    """Standardised mean change d_av with the correction for small samples (Hedges).

    d = mean change / sqrt((s_v^2 + s_w^2) / 2): in standard deviations of the score itself, and so
    comparable with differences between groups, unlike d_z, which grows with the correlation of the
    two moments. Variance by Bonett (2008, within-subjects):
    d^2 (s_v^4 + s_w^4 + 2 cov^2) / (8 df s^4) + s_d^2 / (df s^2), df = n - 1, s^2 = (s_v^2 + s_w^2) / 2;
    normal quantile; estimate and limits times the correction.

    References
    ----------
    Bonett (2008), doi:10.1037/1082-989X.13.2.99
    Lakens (2013), doi:10.3389/fpsyg.2013.00863
    """
    import pingouin as pg

    n, df = s.voor.n, s.voor.n - 1
    if s.voor.kwadraten == 0 or s.na.kwadraten == 0 or s.verschil.kwadraten == 0:
        return Outcome(_EQUAL)
    v, w, cov = s.voor.variantie, s.na.variantie, s.kruis / df
    average = (v + w) / 2
    d = s.verschil.gemiddelde / math.sqrt(average)
    variance = d * d * (v * v + w * w + 2 * cov * cov) / (8 * df * average**2)
    variance += s.verschil.variantie / (df * average)
    fout = math.sqrt(variance)
    half = z_waarde() * fout
    g, low, high, fout = (
        float(pg.convert_effsize(x, "cohen", "hedges", nx=n, ny=n)) for x in (d, d - half, d + half, fout)
    )
    methode = "gestandaardiseerde verandering (Hedges' g, gemiddelde spreiding), 95%-interval (Bonett)"
    return Outcome(methode, g, (low, high), fout)


def _spread(s: Scores) -> Outcome:
    """Standard deviation between units, interval from the chi-squared distribution."""
    m = s.alle
    if m.kwadraten == 0:
        return Outcome(_EQUAL)
    methode = "standaardafwijking, 95%-interval (chi-kwadraat, bij een normale verdeling)"
    return Outcome(methode, math.sqrt(m.variantie), chi_interval(m.kwadraten, m.n - 1))


def chi_interval(squares: float, df: float, *, niveau: float = NIVEAU) -> Interval:
    """Return the interval of a standard deviation from a sum of squares with `df` degrees of freedom."""
    alpha = (1 - niveau) / 2
    # The chi-squared distribution is a gamma distribution: far cheaper to import than scipy.stats.
    under, above = (2 * float(special.gammaincinv(df / 2, p)) for p in (1 - alpha, alpha))
    return math.sqrt(squares / under), math.sqrt(squares / above)


_CALCULATORS: Mapping[str, Callable[[Scores], Outcome]] = {
    "gemiddelde": _mean("gemiddelde", lambda s: s.alle),
    "gemiddelde_voor": _mean("gemiddelde", lambda s: s.voor),
    "verschil": _mean("gemiddelde verandering", lambda s: s.verschil),
    "effectgrootte": _effect,
    "standaardafwijking": _spread,
}

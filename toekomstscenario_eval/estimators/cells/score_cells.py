"""Estimators of a score, from nested published counts of households.

Counted are households by their score, by the value before and by the change of each: the change of a
household is counted itself, so that how alike its two scores are plays no part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from toekomstscenario_eval.estimators import score
from toekomstscenario_eval.estimators.cells.score_moments import Moments, moments, units
from toekomstscenario_eval.estimators.cells.shown import FROM_COUNTS, Shown, hidden, rows, why_none
from toekomstscenario_eval.estimators.intervals import NAN, Outcome, choose, estimator, require, z_waarde
from toekomstscenario_eval.estimators.score import chi_interval
from toekomstscenario_eval.identity import PAIRED
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.types import Estimates, Maat

INTERVALS = score.INTERVALS
_EQUAL = "niet te schatten: geen spreiding tussen de scores, of de ruis verbergt haar"
_TOP = "niet te schatten: scores reiken tot de hoogste trede, de schatting zou te laag zijn"
_WITH = "met de ruis en de afronding op treden"
_APART = "geen interval: meer scores uit één huishouden hangen samen"


@dataclass(frozen=True)
class Scores:
    """Published counts of the score (w), the value before (v) and the change (d) of one place.

    `single` tells whether every household has one score.
    """

    w: Moments
    v: Moments
    d: Moments
    single: bool


def estimate_group(
    cells: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    noise: Noise,
    step: int,
    cap: int,  # noqa: ARG001 - scores do not grow with the window
    threshold: int,  # noqa: ARG001 - a place with fewer households has no cells
    least: Least = LEAST,
    interval: str = "",  # noqa: ARG001 - one interval only
) -> Estimates:
    """Estimate means, change and effect size of one place.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam` (`u`, `w`, `w_onder`; of a change also `p`, `v`, `v_onder`, `d`, `d_onder`), `x`, `k`,
        `n`: published counts of households.
    huishoudens : int
        Published number of households of the place.
    maten : mapping
        As in `estimators.score`.
    noise, step, cap, threshold, least
        As in `protection.public.PublicSummary`; `step` in millionths of a point.

    Returns
    -------
    Estimates
        As in `estimators.score`: one row per estimand, no series. Means and spread from `least.score`
        households, the change and its effect size from `least.change`.

    Raises
    ------
    GebruikFout
        When a change is asked for and units without a value before were not excluded.
    """
    u = units(cells, "u")
    if any(estimator(k, maat) in PAIRED for k, maat in maten.items()):
        # The same households have the same noise.
        same = u.tolist() == units(cells, "p").tolist()
        require(same, naam="naam", what="eenheden zonder vorige score horen bij de uitsluitingen")
    n = float(u.sum())
    w, v, d = (moments(cells, naam, n, step, noise.v) for naam in ("w", "v", "d"))
    s = Scores(w, v, d, single=not u[1:].any())
    choice = choose(maten, _CALCULATORS, soort="score")
    reden = why_none(n, huishoudens)
    shown = {
        k: hidden(reden) if reden else calculate(s, huishoudens, least) for k, calculate in choice.items()
    }
    tellingen = {"n": huishoudens, "teller": NAN, "noemer": n, "gecensureerd": 0}
    return Estimates(rows(maten, shown, lambda _: tellingen))


@dataclass(frozen=True)
class _Calculator:
    """One estimand: what it rests on, from how many households on (a field of `Least`), and the numbers."""

    rests_on: Callable[[Scores], tuple[Moments, ...]]
    at: str
    few: str
    outcome: Callable[[Scores], Outcome]

    def __call__(self, s: Scores, huishoudens: int, least: Least) -> Shown:
        """Return the outcome, or why there is none."""
        if huishoudens < getattr(least, self.at):
            return hidden(f"{FROM_COUNTS}: te weinig huishoudens voor {self.few}")
        parts = self.rests_on(s)
        if any(m.beyond for m in parts):
            return hidden(_TOP)
        if not all(m.own_variance > 0 for m in parts):
            return hidden(_EQUAL)
        u = self.outcome(s)
        return Shown(u if s.single else _alone(u))


def _alone(u: Outcome) -> Outcome:
    return Outcome(f"{u.methode.split(', 95%')[0]}; {_APART}", u.schatting)


def _mean(s: Scores, *, naam: str, of: Callable[[Scores], Moments]) -> Outcome:
    """Mean with a t interval: chance, rounding and noise; degrees of freedom by Satterthwaite."""
    m = of(s)
    return Outcome(
        f"{FROM_COUNTS}: {naam}, 95%-interval (t), {_WITH}", m.mean, m.interval(), m.standard_error
    )


def _spread(s: Scores) -> Outcome:
    """Standard deviation without what rounding adds; interval from the chi-squared distribution."""
    m = s.w
    squares = m.own_variance * m.df
    methode = (
        f"{FROM_COUNTS}: standaardafwijking, 95%-interval (chi-kwadraat, bij een normale verdeling), {_WITH}"
    )
    return Outcome(methode, math.sqrt(m.own_variance), chi_interval(squares, m.df))


def _effect(s: Scores) -> Outcome:
    """Standardised mean change as in `estimators.score`, with the variance of the noise added.

    With s^2 the mean of both variances: Bonett's variance, where the change brings its own spread and
    rounding, plus the noise of the mean change over s^2, plus d^2 (noise of s^2) / (4 s^4). The covariance
    follows from the variances: (s_v^2 + s_w^2 - s_d^2) / 2.

    References
    ----------
    Bonett (2008), doi:10.1037/1082-989X.13.2.99
    """
    import pingouin as pg

    n, df = round(s.d.n), s.d.n - 1
    v, w = s.v.own_variance, s.w.own_variance
    average, cov = (v + w) / 2, (v + w - s.d.own_variance) / 2
    d = s.d.mean / math.sqrt(average)
    variance = d * d * (v * v + w * w + 2 * cov * cov) / (8 * df * average**2)
    variance += (s.d.variance / df + s.d.noise_of_mean) / average
    variance += d * d * (s.v.noise_of_variance + s.w.noise_of_variance) / 4 / (4 * average**2)
    fout = math.sqrt(variance)
    half = z_waarde() * fout
    g, low, high, fout = (
        float(pg.convert_effsize(x, "cohen", "hedges", nx=n, ny=n)) for x in (d, d - half, d + half, fout)
    )
    what = "gestandaardiseerde verandering (Hedges' g, gemiddelde spreiding)"
    return Outcome(f"{FROM_COUNTS}: {what}, 95%-interval (Bonett), {_WITH}", g, (low, high), fout)


def _last(s: Scores) -> Moments:
    return s.w


def _first(s: Scores) -> Moments:
    return s.v


def _change(s: Scores) -> Moments:
    return s.d


_A_MEAN, _A_CHANGE = "een gemiddelde score", "een verandering"
_CALCULATORS: Mapping[str, _Calculator] = {
    "gemiddelde": _Calculator(
        lambda s: (s.w,), "score", _A_MEAN, partial(_mean, naam="gemiddelde", of=_last)
    ),
    "gemiddelde_voor": _Calculator(
        lambda s: (s.v,), "score", _A_MEAN, partial(_mean, naam="gemiddelde", of=_first)
    ),
    "verschil": _Calculator(
        lambda s: (s.d,), "change", _A_CHANGE, partial(_mean, naam="gemiddelde verandering", of=_change)
    ),
    "effectgrootte": _Calculator(lambda s: (s.v, s.w, s.d), "change", _A_CHANGE, _effect),
    "standaardafwijking": _Calculator(lambda s: (s.w,), "score", "de spreiding", _spread),
}

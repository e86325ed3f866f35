"""Estimators of reliability and agreement, from nested published counts of households.

As in `estimators.matrix`, from the spread that the counts give; what noise adds widens each interval, on the
scale on which it is made. Omega is that of the covariances of each item with the rest, not by maximum
likelihood: the two differ by far less than chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators import matrix
from toekomstscenario_eval.estimators.cells.item_spread import Answers, Moved, answers
from toekomstscenario_eval.estimators.cells.shown import FROM_COUNTS, Shown, hidden, rows, why_none
from toekomstscenario_eval.estimators.intervals import NAN, Outcome, Reeks, choose, z_waarde
from toekomstscenario_eval.estimators.one_factor import LEAST_OWN, log_interval, omega_error
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.types import Estimates, Maat

INTERVALS = matrix.INTERVALS
# A policy that asks for this many publishes none.
_NEVER = 10**6
_NOISY = "niet te schatten: de ruis verbergt de spreiding tussen de scores"
_TOP = "niet te schatten: antwoorden reiken tot de hoogste trede, de schatting zou te laag zijn"
_NO_FACTOR = "niet te schatten: de items delen geen factor, of de ruis verbergt hem"
_FACTOR = "McDonalds omega (één factor, uit de samenhang van elk item met de rest)"
_TURNS, _EDGE = 200, 1e-9
_NUDGE = 1e-6


def estimate_group(
    cells: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    noise: Noise,
    step: int,
    cap: int,  # noqa: ARG001 - answers do not grow with the window
    threshold: int,  # noqa: ARG001 - a place with fewer households has no cells
    least: Least = LEAST,
    interval: str = "",  # noqa: ARG001 - one interval only
) -> Estimates:
    """Estimate reliability or agreement of one place.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam`, `x`, `k`, `n`: published counts of households; see `summaries.cells.matrix_lines`.
    huishoudens : int
        Published number of households of the place.
    maten : mapping
        As in `estimators.matrix`.
    noise, step, cap, threshold, least
        As in `protection.public.PublicSummary`; `step` in millionths of a point.

    Returns
    -------
    Estimates
        As in `estimators.matrix`: one row per estimand, no series. Reliability from `least.alpha` households,
        kappa from `least.kappa`, the intraclass correlation from `least.icc`.
    """
    found = answers(cells, step, noise.v)
    choice = choose(maten, _CALCULATORS, soort="matrix")
    reden = _reason(found, huishoudens)
    shown = {k: hidden(reden) if reden else c(found, huishoudens, least) for k, c in choice.items()}
    tellingen = {"n": huishoudens, "teller": NAN, "noemer": found.n, "gecensureerd": 0}
    return Estimates(rows(maten, shown, lambda _: tellingen))


def _reason(a: Answers, huishoudens: int) -> str:
    if reden := why_none(a.n, huishoudens):
        return reden
    if a.k < 2:
        return "niet te schatten: minder dan twee items"
    if a.beyond:
        return _TOP
    m = a.moved(a.means)
    return "" if a.n > 2 and min(float(m.totaal), float(m.rest)) > 0 else _NOISY


@dataclass(frozen=True)
class _Scale:
    """A scale on which an interval is made: forth, and back."""

    forth: Callable[[float], float]
    back: Callable[[float], float]

    def wider(self, u: Outcome, variance: float) -> Outcome:
        """Return an outcome of which the interval takes in this variance more."""
        middle, more = self.forth(u.schatting), z_waarde() ** 2 * variance
        under, above = (
            self.back(middle + math.copysign(math.sqrt((end - middle) ** 2 + more), end - middle))
            for end in map(self.forth, u.interval)
        )
        # On the scale the error is that of the estimate over the slope of the way back.
        slope = (self.back(middle + _NUDGE) - self.back(middle - _NUDGE)) / (2 * _NUDGE)
        return Outcome(
            u.methode, u.schatting, (under, above), math.hypot(u.fout, slope * math.sqrt(variance))
        )


_UNRELIABLE = _Scale(lambda a: math.log(1 - a), lambda y: 1 - math.exp(y))
_LOG = _Scale(math.log, math.exp)
_PLAIN = _Scale(lambda a: a, lambda y: y)
_FISHER = _Scale(math.atanh, math.tanh)


@dataclass(frozen=True)
class _Calculator:
    """One estimand: from how many households on (a field of `Least`), and its numbers.

    `value` is the estimand on its scale, from means of any shape and what is added to the spread of the sum.
    """

    at: str
    what: str
    outcome: Callable[[Answers], Outcome]
    scale: _Scale
    value: Callable[[Moved, float], Reeks]

    def __call__(self, a: Answers, huishoudens: int, least: Least) -> Shown:
        """Return the outcome, or why there is none."""
        fewest = getattr(least, self.at)
        if fewest >= _NEVER:
            return hidden(f"{FROM_COUNTS}: volgens het beleid is {self.what} niet openbaar")
        if huishoudens < fewest:
            return hidden(f"{FROM_COUNTS}: te weinig huishoudens voor {self.what}")
        u = self.outcome(a)
        if math.isnan(u.schatting):
            return hidden(u.methode)
        if len(a.heads) > 1:
            u = matrix.without_interval(u)
        elif not math.isnan(u.interval[0]):
            wider = self.scale.wider(u, a.noise(lambda m: self.value(m, a.correction)))
            u = replace(wider, methode=f"{u.methode}, met de ruis")
        return Shown(replace(u, methode=f"{FROM_COUNTS}: {u.methode}"))


def _of_spread(naam: str, a: Answers) -> Outcome:
    return matrix.OF_SPREAD[naam](a.spread)


def _log_unreliable(m: Moved, more: float) -> Reeks:
    """Return log(1 - alpha): that of the rest over the spread of the sum."""
    return np.asarray(np.log(_above(m.rest)) - np.log(_above(m.totaal + more)))


def _log_error(m: Moved, more: float) -> Reeks:
    del more
    return np.asarray(np.log(_above(m.rest)) / 2)


def _shared(m: Moved, more: float) -> tuple[Reeks, Reeks]:
    """Return mean squares of units and rest."""
    return np.asarray((m.totaal + more) / m.k), m.rest


def _correlation(m: Moved, more: float) -> Reeks:
    msr, mse = _shared(m, more)
    msc = m.n * (m.levels**2).sum(axis=-1) / (m.k - 1)
    return np.asarray((msr - mse) / (msr + (m.k - 1) * mse + m.k * (msc - mse) / m.n))


def _fisher_kappa(m: Moved, more: float) -> Reeks:
    msr, mse = _shared(m, more)
    shift = (m.levels[..., 0] - m.levels[..., 1]) ** 2 * m.n / (m.n - 1)
    return np.asarray(np.arctanh(np.clip((msr - mse) / (msr + mse + shift), -1 + _EDGE, 1 - _EDGE)))


def _above(values: Reeks) -> Reeks:
    return np.maximum(values, _EDGE)


def _loadings(m: Moved, more: float) -> tuple[Reeks, Reeks, Reeks]:
    """Return the loadings of one factor, what the items share, and the spread of their sum.

    The covariance of item i with the sum of the others is l_i (L - l_i), with L the sum of the loadings;
    these add up to what the items share. Solved by substitution.
    """
    totaal = m.totaal + more
    shared = (totaal - ((m.k - 1) * m.rest + totaal / m.k))[..., None]
    with_rest = np.maximum(m.together, 0.0)
    with_rest = with_rest * shared / _above(with_rest.sum(axis=-1, keepdims=True))
    out = np.sqrt(_above(with_rest) / (m.k - 1))
    for _ in range(_TURNS):
        others = _above(out.sum(axis=-1, keepdims=True) - out)
        out = (out + with_rest / others) / 2
    return out, shared[..., 0], totaal


def _omega_of(m: Moved, more: float) -> Reeks:
    """Return omega: (sum of loadings)^2 over itself and the unique variances, all spread of the sum."""
    loadings, shared, totaal = _loadings(m, more)
    return np.asarray((shared + (loadings**2).sum(axis=-1)) / _above(totaal))


def _omega(a: Answers) -> Outcome:
    if a.k < 3:
        return Outcome("niet te schatten: één factor vraagt ten minste drie items")
    m = a.moved(a.means)
    own = m.variances
    if not (own > 0).all() or a.n <= a.k + 1:
        return Outcome("niet te schatten: een item zonder spreiding, of te weinig eenheden")
    loadings, shared, _ = _loadings(m, a.correction)
    level = float(_omega_of(m, a.correction))
    settled = abs(float(loadings.sum() ** 2 - (loadings**2).sum()) - float(shared)) <= 1e-6 * float(shared)
    if not (m.together > 0).all() or not settled or not 0 < level < 1:
        return Outcome(_NO_FACTOR)
    unique = np.maximum(own - loadings**2, LEAST_OWN * own)
    fout = omega_error(loadings, unique, a.n)
    if math.isnan(fout):
        return Outcome(f"{_FACTOR}; geen interval: de items delen geen factor", level)
    return Outcome(f"{_FACTOR}, 95%-interval (delta, log)", level, log_interval(level, fout), fout)


def _reliability(naam: str, scale: _Scale, value: Callable[[Moved, float], Reeks]) -> _Calculator:
    return _Calculator("alpha", "de betrouwbaarheid", partial(_of_spread, naam), scale, value)


_CALCULATORS: Mapping[str, _Calculator] = {
    "alfa": _reliability("alfa", _UNRELIABLE, _log_unreliable),
    "meetfout": _reliability("meetfout", _LOG, _log_error),
    "grens": _reliability("grens", _LOG, _log_error),
    "omega": _Calculator(
        "alpha",
        "de betrouwbaarheid",
        _omega,
        _UNRELIABLE,
        lambda m, more: np.asarray(np.log(_above(1 - _omega_of(m, more)))),
    ),
    "icc": _Calculator("icc", "de ICC", partial(_of_spread, "icc"), _PLAIN, _correlation),
    "kappa": _Calculator("kappa", "een kappa", partial(_of_spread, "kappa"), _FISHER, _fisher_kappa),
}

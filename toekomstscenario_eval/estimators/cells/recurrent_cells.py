"""Estimators of what can happen more than once, from published counts; see `cells.recurrence`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators import recurrent
from toekomstscenario_eval.estimators.cells import count_cells
from toekomstscenario_eval.estimators.cells.nested import Nested
from toekomstscenario_eval.estimators.cells.recurrence import Recurrence, recurrence
from toekomstscenario_eval.estimators.cells.shown import (
    FROM_COUNTS,
    Shown,
    few,
    hidden,
    rows,
    why_none,
    word,
)
from toekomstscenario_eval.estimators.curve import grid
from toekomstscenario_eval.estimators.intervals import NAN, NONE, Interval, Outcome, Reeks, choose, estimator
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.grids import duration_days, ladder
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.types import TOON, Estimates, Maat

INTERVALS = recurrent.INTERVALS
_MEAN = f"{FROM_COUNTS}: gemiddeld cumulatief aantal op een raster van dagen"
_FEW_HOUSEHOLDS = f"{FROM_COUNTS}: te weinig huishoudens voor wat vaker kan gebeuren"
_FEW_EVENTS = f"{FROM_COUNTS}: niet te schatten, het gebeurde te weinig"


@dataclass(frozen=True)
class Counts:
    """What the estimands of one place rest on; `all_days` are the events of each household over all days."""

    c: Recurrence
    all_days: count_cells.Counts
    huishoudens: int
    threshold: int
    least: Least

    @property
    def events(self) -> float:
        """Events over all days."""
        return self.all_days.moment(1)

    def known(self, day: float) -> bool:
        """Whether the counts say anything about a day."""
        return day <= self.c.days[-1] and bool(self.c.steps[np.searchsorted(self.c.days, day)])

    def at(self, day: float, values: Reeks) -> float:
        """Return values of the grid on a day; between two days of the grid on the line."""
        return float(np.interp(day, self.c.days, values))

    def instead(self, day: float) -> Shown | None:
        """Return what is said instead of an estimate when events by a day are too few; None: they are not."""
        spot = int(np.searchsorted(self.c.days, day, side="right")) - 1
        return self._instead(float(self.c.event_by[spot, 0]), float(self.c.published[spot]))

    def instead_of_rate(self) -> Shown | None:
        """Return the same of the events over all days."""
        return self._instead(self.all_days.with_any, self.events)

    def _instead(self, households: float, events: float) -> Shown | None:
        weergave = word(households, self.threshold)
        if weergave != TOON:
            return few(weergave)
        if self.huishoudens < self.least.recurrent:
            return hidden(_FEW_HOUSEHOLDS)
        return hidden(_FEW_EVENTS) if events < self.least.events else None


def estimate_group(
    cells: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,
    noise: Noise,
    step: int,  # noqa: ARG001 - records and events go by one, days of observation by 30
    cap: int,
    threshold: int,
    least: Least = LEAST,
) -> Estimates:
    """Estimate how often something happens to the households of one place.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam` (`u`, `begin`, `risico`, `gebeurd`, `a`, `b`, `ab`), `x`, `k`, `n`: published counts of
        households.
    huishoudens : int
        Published number of households of the place.
    maten : mapping
        As in `estimators.recurrent`.
    horizon : int
        Day up to which the series goes.
    noise, step, cap, threshold, least
        As in `protection.public.PublicSummary`.

    Returns
    -------
    Estimates
        As in `estimators.recurrent`, from 30 households and 25 events; the series from 100 households, on
        days with 5 at risk. In words where fewer than `threshold` households have an event.
    """
    choice = choose(maten, _calculators(maten), soort="herhaald")
    s = _counts(cells, huishoudens, horizon, noise.v, cap, threshold, least)
    records = float(cells.loc[(cells["naam"] == "u").to_numpy(dtype=bool), "n"].sum())
    reden = why_none(records, huishoudens)
    shown = {k: hidden(reden) if reden else calculate(s) for k, calculate in choice.items()}

    def tellingen(naam: str) -> Mapping[str, Any]:
        rate = estimator(naam, maten[naam]) == "per_jaar"
        noemer = s.all_days.b.sum() / recurrent.YEAR if rate else huishoudens
        return {"n": huishoudens, "teller": s.events, "noemer": noemer, "gecensureerd": 0}

    return Estimates(rows(maten, shown, tellingen), () if reden else _series(s, horizon))


def _counts(
    cells: pd.DataFrame, huishoudens: int, horizon: int, v: float, cap: int, threshold: int, least: Least
) -> Counts:
    c = recurrence(cells, duration_days(horizon), cap=cap, v=v, at_risk=least.at_risk)
    counted = count_cells.read_counts(cells, huishoudens, ladder(30, cap), v, least)
    # A household is the unit, whatever the number of its records.
    unit = Nested(np.array([float(huishoudens)]), (1,), v)
    return Counts(c, replace(counted, u=unit), huishoudens, threshold, least)


def _interval(value: float, variance: float) -> Interval:
    return recurrent.log_interval(value, math.sqrt(variance)) if value > 0 and variance > 0 else NONE


def _mcf(s: Counts, *, day: int) -> Shown:
    if not s.known(day):
        return hidden(
            f"{FROM_COUNTS}: niet te schatten, rond dag {day} worden te weinig huishoudens waargenomen"
        )
    if other := s.instead(day):
        return other
    value = s.at(day, s.c.mean)
    methode = f"{_MEAN}, 95%-interval (log), met de ruis en met wat huishoudens verschillen"
    variance = s.at(day, s.c.variance)
    fout = math.sqrt(variance) if variance > 0 else NAN
    return Shown(Outcome(methode, value, _interval(value, variance), fout))


def _per_year(s: Counts) -> Shown:
    if other := s.instead_of_rate():
        return other
    if s.all_days.beyond:
        return hidden(count_cells.TOP)
    u = count_cells.per_exposure(s.all_days)
    if math.isnan(u.schatting):
        return hidden(u.methode)
    how = "robuust 95%-interval (log, ten minste zo breed als dat van Poisson), met de ruis"
    methode = f"{FROM_COUNTS}: aantal per jaar, {how}"
    low, high, fout = (value * recurrent.YEAR for value in (*u.interval, u.fout))
    return Shown(Outcome(methode, u.schatting * recurrent.YEAR, (low, high), fout))


def _series(s: Counts, horizon: int) -> tuple[Mapping[str, Any], ...]:
    """Return the series `mcf` on the days that are known and have enough at risk."""
    if s.huishoudens < s.least.series or s.instead(horizon):
        return ()
    out = []
    for day in grid(horizon):
        i = int(np.searchsorted(s.c.days, day))
        if not (s.c.steps[i] and s.c.risk[i] >= s.c.at_risk):
            continue
        # Nothing published on day 0 is a curve that begins at 0, and no proof that nothing happened then.
        begun = day > 0 or s.c.published[0] > 0
        value = max(0.0, float(s.c.mean[i])) if begun else 0.0
        interval = _interval(value, float(s.c.variance[i]))
        out.append(point("mcf", day, value, interval=interval, n=round(float(s.c.risk[i]))))
    return tuple(out)


def _calculators(maten: Mapping[str, Maat]) -> dict[str, Callable[[Counts], Shown]]:
    days = recurrent.days_asked(maten)
    return {"per_jaar": _per_year, **{naam: partial(_mcf, day=day) for naam, day in days.items()}}

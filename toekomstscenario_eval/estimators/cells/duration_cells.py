"""Estimators of a duration from published counts: a curve on a grid of days, see `cells.lattice`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.interpolate import PchipInterpolator

from toekomstscenario_eval import design_effect
from toekomstscenario_eval.estimators import duration, incidence
from toekomstscenario_eval.estimators.cells.lattice import (
    ENDED,
    Lattice,
    Spread,
    area,
    lattice,
    spread,
)
from toekomstscenario_eval.estimators.cells.nested import Nested, nested, whole_steps
from toekomstscenario_eval.estimators.cells.shown import (
    FROM_COUNTS,
    Shown,
    few,
    hidden,
    rows,
    why_none,
    word,
)
from toekomstscenario_eval.estimators.curve import bounds, grid, log_bounds
from toekomstscenario_eval.estimators.intervals import (
    NAN,
    NONE,
    Interval,
    Outcome,
    Reeks,
    choose,
    z_waarde,
)
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.grids import duration_days
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.types import TOON, Estimates, Maat

INTERVALS = duration.INTERVALS
_ON_GRID = "op een raster van dagen"
_KAPLAN_MEIER = f"{FROM_COUNTS}: Kaplan-Meier {_ON_GRID}"
_WITH_NOISE = "met de ruis"
# A value on the grid is met on its day.
_SLACK = 1e-12
_QUANTILE_NAMES = {"mediaan": "de mediaan", "p25": "het eerste kwart", "p75": "het derde kwart"}
_CAUSE = re.compile(ENDED + r"([1-9]\d*)")


@dataclass(frozen=True)
class Counts:
    """What the estimands of one place rest on.

    `schaal` is that of the intervals of the curve; `effect` the design effect, None where none is published.
    """

    c: Lattice
    u: Nested
    huishoudens: int
    horizon: int
    threshold: int
    schaal: str
    least: Least
    effect: float | None = None

    @cached_property
    def spread(self) -> Spread:
        """Variances of the curve and the incidence."""
        return spread(self.c, self.effect or 1.0)

    @cached_property
    def bounds(self) -> tuple[Reeks, Reeks]:
        """Interval of the curve on every day; where it is 0 or 1 there is none."""
        s = np.clip(self.c.survival, 0.0, 1.0)
        under, above = bounds(s, self.spread.survival, schaal=self.schaal)
        return np.where(s < 1, under, NAN), np.where(s < 1, above, NAN)

    @property
    def ended(self) -> float:
        """Spells ended, of all causes."""
        return float(self.c.ended[:, -1].sum())

    def households_ended(self, day: float, *, cause: int = 0) -> float:
        """Households with a spell ended by a day, by one cause or (0) added up over all."""
        own = [i for i, naam in enumerate(self.c.causes) if cause in (0, naam)]
        spot = int(np.searchsorted(self.c.days, day, side="right")) - 1
        return float(self.c.ended_by[own, spot, 0].sum())

    def ended_by(self, cause: int, day: float) -> float:
        """Spells ended by one cause by a day."""
        return max(0.0, self.at(day, self.c.ended[self.c.causes.index(cause)]))

    def known(self, day: float) -> bool:
        """Whether the counts say anything about a day."""
        return day <= self.c.days[-1] and bool(self.c.known[np.searchsorted(self.c.days, day)])

    def at(self, day: float, values: Reeks) -> float:
        """Return values of the grid on a day; between two days of the grid on the line."""
        return float(np.interp(day, self.c.days, values))


def estimate_group(
    cells: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,
    noise: Noise,
    step: int,  # noqa: ARG001 - spells go by one
    cap: int,  # noqa: ARG001 - the grid of days follows from the horizon
    threshold: int,
    least: Least = LEAST,
    interval: str = "",
) -> Estimates:
    """Estimate how long spells of one place last.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam` (`u`, `risico`, `einde_<oorzaak>`), `x`, `k`, `n`: published counts of households, and
        the cell of `design_effect` where it is published.
    huishoudens : int
        Published number of households of the place.
    maten : mapping
        As in `estimators.duration`.
    horizon : int
        Day up to which the restricted mean and the series go.
    noise, step, cap, threshold, least
        As in `protection.public.PublicSummary`.
    interval : str
        Scale of the intervals of the curve and its quantiles: `log` (also when empty) or `log-log`.

    Returns
    -------
    Estimates
        As in `estimators.duration`, with the series from 100 households and on days with 5 at risk. Where
        fewer than `threshold` households have an end, a share is given in words and the rest not at all.
    """
    asked = incidence.asked(maten)
    choice = choose(maten, {**_CALCULATORS, **_incidences(maten)}, soort="duur")
    causes = {int(m[1]) for m in map(_CAUSE.fullmatch, cells["naam"].unique()) if m}
    causes |= {cause for cause, _ in asked.values()}
    u = nested(cells, "u", whole_steps(cells, "u"), noise.v)
    c = lattice(
        cells,
        duration_days(horizon),
        tuple(sorted(causes)),
        spells=u.sum(),
        v=noise.v,
        at_risk=least.at_risk,
    )
    s = Counts(
        c, u, huishoudens, horizon, threshold, interval or INTERVALS[0], least, design_effect.published(cells)
    )
    reden = why_none(u.sum(), huishoudens)
    shown = {k: hidden(reden) if reden else _with_effect(s, f(s)) for k, f in choice.items()}
    noemer = u.sum()
    tellingen = {
        "n": huishoudens,
        "teller": s.ended if s.households_ended(c.days[-1]) >= threshold else NAN,
        "noemer": noemer,
        "gecensureerd": round(max(0.0, noemer - s.ended)),
    }
    series = (
        ()
        if reden or huishoudens < least.series
        else (*_survival(s), *(_incidence_series(s) if asked else ()))
    )
    of_cause = {naam: {"teller": s.ended_by(*at)} for naam, at in incidence.by_name(maten).items()}
    return Estimates(rows(maten, shown, lambda naam: {**tellingen, **of_cause.get(naam, {})}), series)


def _with_effect(s: Counts, shown: Shown) -> Shown:
    return Shown(duration.with_effect(shown.outcome, s.effect), shown.weergave)


def _unknown(s: Counts, day: float) -> Shown:
    if not s.c.steps.any():
        where = "er zijn"
    elif day < s.c.days[int(np.argmax(s.c.steps))]:
        where = f"in de eerste {day:g} dagen zijn"
    else:
        where = f"na {day:g} dagen zijn"
    return hidden(f"{FROM_COUNTS}: niet te schatten, {where} te weinig duren onder risico")


def _too_few_ended(s: Counts, day: float) -> Shown | None:
    if s.households_ended(day) >= s.threshold:
        return None
    return hidden(f"{FROM_COUNTS}: niet te schatten, te weinig duren zijn beëindigd")


def _longer(s: Counts, *, day: int) -> Shown:
    weergave = word(s.households_ended(day), s.threshold, rest=True)
    if not s.known(day):
        return _unknown(s, day)
    if weergave != TOON:
        return few(weergave)
    survival = min(1.0, s.at(day, s.c.survival))
    left = float(s.c.risk_by[np.searchsorted(s.c.days, day, side="right") - 1, 0])
    if left < s.c.at_risk and day > s.c.days[s.c.last]:
        return few(word(left, s.threshold))
    methode = f"{_KAPLAN_MEIER}, 95%-interval (Greenwood, {s.schaal}), {_WITH_NOISE}"
    fout = survival * math.sqrt(s.at(day, s.spread.survival)) if 0 < survival < 1 else NAN
    return Shown(Outcome(methode, survival, (s.at(day, s.bounds[0]), s.at(day, s.bounds[1])), fout))


def _crossing(s: Counts, values: Reeks, height: float) -> float:
    """Return the first whole day on which the values are `height` or less; NaN when that is not known.

    Values are made to fall first; between two days of the grid they follow a monotone cubic, as the area
    does (see `Lattice.area_of`).
    """
    known = s.c.known & ~np.isnan(values)
    days, falling = s.c.days[known], np.minimum.accumulate(values[known])
    if not (falling <= height).any():
        return NAN
    if falling[0] <= height:
        return float(days[0])
    each = np.arange(days[0], days[-1] + 1)
    under = PchipInterpolator(days, falling)(each) <= height + _SLACK
    return float(each[np.argmax(under)])


def _beyond_first_step(s: Counts, interval: Interval) -> Interval:
    """Widen an interval to the edges of the first step of the grid where it lies in that step.

    Of later steps the days around them tell how the curve falls; within the first it may fall on any day.
    """
    first = float(s.c.days[s.c.days > 0].min(initial=np.inf))
    under, above = interval
    return (0.0 if under < first else under), (max(above, first) if above <= first else above)


def _quantile(s: Counts, *, part: float, naam: str, word_: str) -> Shown:
    if s.huishoudens < s.least.median:
        return hidden(f"{FROM_COUNTS}: te weinig huishoudens voor {_QUANTILE_NAMES[naam]}")
    if not s.c.steps.any():
        return _unknown(s, 0)
    height = 1 - part
    # Before the first end the curve is 1 and certain; once all ended it is 0.
    under, above = (np.where(np.isnan(b), s.c.survival, b) for b in s.bounds)
    quantile = _crossing(s, s.c.survival, height)
    interval = _beyond_first_step(s, (_crossing(s, under, height), _crossing(s, above, height)))
    if np.isnan(quantile):
        # Of spells that run on while hardly any is at risk nothing is said.
        what = f"{naam} niet bereikt, zolang genoeg duren onder risico zijn is minder dan {word_} beëindigd"
        return Shown(Outcome(f"{_KAPLAN_MEIER}: {what}", NAN, interval))
    methode = f"{_KAPLAN_MEIER}, 95%-interval (Brookmeyer-Crowley, {s.schaal}), {_WITH_NOISE}"
    return _too_few_ended(s, s.c.days[-1]) or Shown(Outcome(methode, quantile, interval))


def _restricted(s: Counts) -> Shown:
    if not s.known(s.horizon):
        return _unknown(s, s.horizon)
    mean, variance = area(s.c, s.horizon, s.effect or 1.0)
    fout = math.sqrt(variance)
    half = z_waarde() * fout
    methode = f"{_KAPLAN_MEIER}, beperkt tot {s.horizon} dagen, 95%-interval (standaardfout), {_WITH_NOISE}"
    inside = (max(0.0, mean - half), min(float(s.horizon), mean + half))
    mean = min(float(s.horizon), max(0.0, mean))
    return _too_few_ended(s, s.horizon) or Shown(Outcome(methode, mean, inside, fout))


def _mean_of_ended(s: Counts) -> Shown:
    """Plain mean of spells ended on the grid, each on the middle of its step."""
    d = np.diff(s.c.ended.sum(axis=0), prepend=0.0)
    middles = np.concatenate(([0.0], (s.c.days[:-1] + 1 + s.c.days[1:]) / 2))
    top = round(float(s.c.days[-1]))
    methode = (
        f"{FROM_COUNTS}: naïef, alleen beëindigd binnen {top} dagen en op een raster van dagen, naar beneden "
        "vertekend; daarom geen interval"
    )
    return _too_few_ended(s, top) or Shown(Outcome(methode, float(middles @ d) / s.ended))


def _incidence(s: Counts, *, cause: int, day: int) -> Shown:
    if not s.known(day):
        return _unknown(s, day)
    weergave = word(s.households_ended(day, cause=cause), s.threshold)
    if weergave != TOON:
        return few(weergave)
    i = s.c.causes.index(cause)
    f = s.at(day, s.c.incidence_of(s.c.risk, s.c.ended)[i])
    how = f"Aalen-Johansen {_ON_GRID}, met concurrerende eindes, 95%-interval (log)"
    methode = f"{FROM_COUNTS}: {how}, {_WITH_NOISE}"
    variance = s.at(day, s.spread.incidence[i])
    fout = math.sqrt(variance) if f > 0 and variance > 0 else NAN
    return Shown(Outcome(methode, min(1.0, max(0.0, f)), _interval_of(f, variance), fout))


def _interval_of(f: float, variance: float) -> Interval:
    if not (f > 0 and variance > 0):
        return NONE
    under, above = log_bounds(np.array([f]), np.array([math.sqrt(variance) / f]))
    return float(under[0]), float(above[0])


def _shown_days(s: Counts) -> list[tuple[int, int]]:
    """Return the days of the series with their place on the grid: known, and with enough at risk."""
    spots = [(day, int(np.searchsorted(s.c.days, day))) for day in grid(s.horizon)]
    return [(day, i) for day, i in spots if s.c.known[i] and s.c.risk[i] >= s.c.at_risk]


def _falling(values: Reeks) -> Reeks:
    """Return the values, none above one before it; what is not known stays so."""
    return np.where(np.isnan(values), np.nan, np.fmin.accumulate(values))


def _survival(s: Counts) -> tuple[Mapping[str, Any], ...]:
    if s.households_ended(s.horizon) < s.threshold:
        return ()
    # What still runs cannot grow; noise can make it look so.
    curve, under, above = (_falling(np.clip(values, 0.0, 1.0)) for values in (s.c.survival, *s.bounds))
    return tuple(
        point(
            "overleving",
            day,
            curve[i],
            interval=(1.0, 1.0) if day == 0 and curve[i] == 1 else (under[i], above[i]),
            n=round(float(s.c.risk[i])),
        )
        for day, i in _shown_days(s)
    )


def _incidence_series(s: Counts) -> tuple[Mapping[str, Any], ...]:
    f = np.clip(s.c.incidence_of(s.c.risk, s.c.ended), 0.0, 1.0)
    out = []
    for spot, cause in enumerate(s.c.causes):
        if s.households_ended(s.horizon, cause=cause) < s.threshold:
            continue
        for day, i in _shown_days(s):
            value = float(f[spot, i])
            certain = day == 0 and value == 0
            interval = (0.0, 0.0) if certain else _interval_of(value, float(s.spread.incidence[spot, i]))
            n = round(float(s.c.risk[i]))
            out.append(point("incidentie", day, value, interval=interval, label=str(cause), n=n))
    return tuple(out)


def _incidences(maten: Mapping[str, Maat]) -> dict[str, Callable[[Counts], Shown]]:
    return {
        naam: partial(_incidence, cause=cause, day=day)
        for naam, (cause, day) in incidence.asked(maten).items()
    }


_CALCULATORS: Mapping[str, Callable[[Counts], Shown]] = {
    "mediaan": partial(_quantile, part=0.5, naam="mediaan", word_="de helft"),
    "p25": partial(_quantile, part=0.25, naam="p25", word_="een kwart"),
    "p75": partial(_quantile, part=0.75, naam="p75", word_="driekwart"),
    "gemiddelde_beperkt": _restricted,
    **{f"langer_{day}": partial(_longer, day=day) for day in duration.LONGER},
    "gemiddelde_beeindigd": _mean_of_ended,
}

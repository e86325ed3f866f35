"""Estimators of events that can happen to a household more than once.

On day t a household is at risk when it entered before t and its observation ends on t or later; one
that entered on day 0 is at risk on day 0 too. An indicator that counts what begins in `[van, tot)`
therefore gives the number of the day: 1 for the day of instroom itself.

Households with many events make a mean less certain than the number of events suggests. The robust
variance needs, per household, which records go together. The summary holds that as counts of pairs
of records of one household: for any numbers g(day, kind), the sum over households of (sum of g over
the records of the household)^2 is the sum over pairs of n g g'. Without the pairs there is only
the Poisson variance, too small as soon as households differ; `methode` then says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.curve import grid
from toekomstscenario_eval.estimators.intervals import (
    NAN,
    NONE,
    Interval,
    Outcome,
    Reeks,
    add_up,
    calculate,
    choose,
    column,
    estimator,
    poisson,
    require,
    rows,
    t_waarde,
    too_small,
    z_waarde,
)
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.types import Estimates, Maat

INTERVALS = ()
YEAR = 365.25
# Stands in `soort2` for: this row counts single records, not pairs.
NO_PAIR = -2
_NAAM = re.compile(r"mcf_(\d+)")
# Below this part of the estimate a standard error is rounding.
_ROUNDING = 1e-7


@dataclass(frozen=True)
class Pairs:
    """Pairs of records of one household; a pair of two different records stands here once."""

    dag: Reeks
    soort: Reeks
    dag2: Reeks
    soort2: Reeks
    n: Reeks

    def som(self, waarde: Callable[[Reeks, Reeks], Reeks]) -> float:
        """Return the sum over households of the square of their sum of `waarde(dag, soort)`."""
        itself = (self.dag == self.dag2) & (self.soort == self.soort2)
        weighting = self.n * np.where(itself, 1.0, 2.0)
        return float((weighting * waarde(self.dag, self.soort) * waarde(self.dag2, self.soort2)).sum())


@dataclass(frozen=True)
class Course:
    """Entries, events and ends of observation on the distinct days, and who is at risk.

    Attributes
    ----------
    dagen : array of k days, ascending
    inside, happened, left_out, risico : arrays of k counts
    paren : Pairs or None
        None when the summary does not have them.
    """

    dagen: Reeks
    inside: Reeks
    happened: Reeks
    left_out: Reeks
    risico: Reeks
    paren: Pairs | None

    @property
    def person_time(self) -> float:
        """Days under observation of all households together."""
        return float(((self.left_out - self.inside) * self.dagen).sum())

    @property
    def laatste(self) -> float:
        """Last day with a household at risk; 0 without any."""
        at_risk = self.dagen[self.risico > 0]
        return float(at_risk[-1]) if at_risk.size else 0.0

    @property
    def eerste(self) -> float:
        """First day of entry."""
        return float(self.dagen[np.argmax(self.inside > 0)])


def estimate_group(
    data: pd.DataFrame, *, huishoudens: int, maten: Mapping[str, Maat], horizon: int
) -> Estimates:
    """Estimate how often something happens to the households of one group.

    Parameters
    ----------
    data : DataFrame
        Columns `dag` (days since the start), `soort` (-1 entry, 0 end of observation, 1 event), `n`
        (records); optionally `dag2`, `soort2`: the second record of a pair of one household, with
        `soort2` = -2 in a row that counts single records. Rows that agree are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        `mcf_<dagen>` (mean number of events per household by that day, for a household observed
        throughout) and `per_jaar` (events per year of observation), as id or as `schatter`.
    horizon : int
        Day up to which the series goes.

    Returns
    -------
    Estimates
        The estimands asked for (teller = events, noemer = households, of `per_jaar` years of
        observation) and the series `mcf` every 30 days, with the number of households at risk.

    References
    ----------
    Nelson (1995), doi:10.1080/00401706.1995.10484299
    Lawless and Nadeau (1995), doi:10.1080/00401706.1995.10484300
    """
    v = compute(data)
    choice = choose(maten, _calculators(maten), soort="herhaald")
    reden = too_small(float(v.inside.sum()), huishoudens)
    outcomes = calculate({k: partial(f, v) for k, f in choice.items()}, reden=reden)
    schattingen: list[Mapping[str, Any]] = []
    for naam, maat in maten.items():
        years = estimator(naam, maat) == "per_jaar"
        tellingen = {
            "n": huishoudens,
            "teller": round(float(v.happened.sum())),
            "noemer": v.person_time / YEAR if years else huishoudens,
            "gecensureerd": 0,
        }
        schattingen += rows({naam: maat}, outcomes, tellingen=tellingen)
    return Estimates(tuple(schattingen), () if reden else _reeks(v, horizon))


def compute(data: pd.DataFrame) -> Course:
    """Return who was at risk and what happened per day; refuse a summary that contradicts itself."""
    day, soort, n = (column(data, k) for k in ("dag", "soort", "n"))
    require(bool((day >= 0).all()), naam="dag", what="er staat een negatieve dag in")
    require(bool(np.isin(soort, (-1, 0, 1)).all()), naam="soort", what="onbekende soort")
    require(bool((n >= 0).all()), naam="n", what="er staat een negatief getal in")
    single, pairs = _pairs(data, day, soort, n)
    dagen, (inside, left_out, happened) = add_up(
        day[single], [np.where(soort[single] == s, n[single], 0.0) for s in (-1, 0, 1)]
    )
    state: Reeks = np.cumsum(inside - left_out)
    require(
        float(inside.sum()) == float(left_out.sum()),
        naam="n",
        what="niet elke waarneming heeft begin en einde",
    )
    risk: Reeks = state - inside + left_out + np.where(dagen <= 0, inside, 0.0)
    require(bool((state >= 0).all()), naam="dag", what="er eindigen meer waarnemingen dan er lopen")
    fitting = bool((risk[happened > 0] > 0).all())
    require(fitting, naam="dag", what="er gebeurt iets terwijl niemand wordt waargenomen")
    return Course(dagen, inside, happened, left_out, risk, pairs)


def _pairs(
    data: pd.DataFrame, day: Reeks, soort: Reeks, n: Reeks
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], Pairs | None]:
    """Return which rows count single records, and the pairs when the summary has them."""
    if "soort2" not in data.columns:
        return np.ones(len(day), dtype=np.bool_), None
    day2, soort2 = column(data, "dag2"), column(data, "soort2")
    single = soort2 == NO_PAIR
    require(bool(np.isin(soort2[~single], (-1, 0, 1)).all()), naam="soort2", what="onbekende soort")
    # Sorted and added up, so that the order of the rows cannot reach the last digit.
    table = pd.DataFrame({"dag": day, "soort": soort, "dag2": day2, "soort2": soort2, "n": n})[~single]
    total = table.groupby(["dag", "soort", "dag2", "soort2"], sort=True)["n"].sum().reset_index()
    return single, Pairs(
        *(total[k].to_numpy(dtype=np.float64) for k in ("dag", "soort", "dag2", "soort2", "n"))
    )


def mcf_on(v: Course, day: float) -> tuple[float, float]:
    """Return the mean cumulative number of events up to and on `day`, and its standard error.

    M(t) adds up d(s) / Y(s) over s <= t. The robust variance is the sum over households of the
    square of the sum over s <= t of (dN_i(s) - Y_i(s) d(s) / Y(s)) / Y(s): R's `survfit` with
    `id`. Without pairs: the sum of d / Y^2. NaN beyond the last day at risk and before the first.
    """
    if day > v.laatste or 0 < day <= v.eerste:
        return NAN, NAN
    having = (v.happened > 0) & (v.dagen <= day)
    dagen, d, y = v.dagen[having], v.happened[having], v.risico[having]
    total = float((d / y).sum())
    if v.paren is None:
        return total, math.sqrt(float((d / y**2).sum()))
    # What a household loses by having been at risk up to and on each of these days.
    gone = np.concatenate(([0.0], np.cumsum(d / y**2)))
    weight = dict(zip(dagen.tolist(), (1 / y).tolist(), strict=True))

    def influence(on: Reeks, soort: Reeks) -> Reeks:
        stop = np.searchsorted(dagen, on, side="right")
        # Who enters on day 0 is at risk on that day too.
        since = np.where(on <= 0, 0, stop)
        gain = np.array([weight.get(x, 0.0) for x in on.tolist()])
        return np.select([soort == 1, soort == 0], [gain, -gone[stop]], gone[since])

    return total, math.sqrt(max(0.0, v.paren.som(influence)))


def log_interval(waarde: float, fout: float, quantile: float | None = None) -> Interval:
    """Return the interval on the log scale; without `quantile` that of the normal distribution."""
    if not (waarde > 0 and fout > 0):
        return NONE
    factor = math.exp((z_waarde() if quantile is None else quantile) * fout / waarde)
    return waarde / factor, waarde * factor


def _mcf(v: Course, *, day: int) -> Outcome:
    waarde, fout = mcf_on(v, day)
    naam = "gemiddeld cumulatief aantal (Nelson-Aalen)"
    if math.isnan(waarde):
        return Outcome(f"{naam}: niet te schatten, rond dag {day} wordt geen huishouden waargenomen")
    if waarde <= 0:
        return Outcome(f"{naam}; geen interval: niets gebeurt binnen {day} dagen", waarde)
    if fout <= waarde * _ROUNDING:
        return Outcome(f"{naam}; geen interval: geen spreiding tussen huishoudens", waarde)
    if v.paren is None:
        methode = f"{naam}, 95%-interval (log, Poisson: te smal als huishoudens verschillen)"
    else:
        methode = f"{naam}, robuust 95%-interval (log)"
    return Outcome(methode, waarde, log_interval(waarde, fout), fout)


def _per_year(v: Course) -> Outcome:
    """Events per year of observation; robust interval as for a rate in `count`.

    The linearised variance of log r is m / (m - 1) times the sum over m households of
    (N - r T)^2 / N_total^2, with the t quantile of m - 1 degrees of freedom.
    """
    totaal, years = float(v.happened.sum()), v.person_time / YEAR
    if years <= 0:
        return Outcome("niet te schatten: geen waarneemtijd")
    r = totaal / years
    if totaal <= 0 or v.paren is None:
        at = "" if totaal <= 0 else ": te smal als huishoudens verschillen"
        methode = f"aantal per jaar, exact 95%-interval (Poisson{at})"
        return Outcome(methode, r, poisson(totaal, years))

    def rest(on: Reeks, soort: Reeks) -> Reeks:
        return np.where(soort == 1, 1.0, np.where(soort == 0, -1.0, 1.0) * r * on / YEAR)

    fout = math.sqrt(max(0.0, v.paren.som(rest))) / totaal
    m = float(v.inside.sum())
    if m < 2 or fout <= _ROUNDING:
        return Outcome("aantal per jaar; geen interval: geen spreiding tussen huishoudens", r)
    fout *= math.sqrt(m / (m - 1))
    fout *= r
    interval = log_interval(r, fout, t_waarde(m - 1))
    return Outcome("aantal per jaar, robuust 95%-interval (log)", r, interval, fout)


def _reeks(v: Course, horizon: int) -> tuple[Mapping[str, Any], ...]:
    """Return the series `mcf` on a grid that does not depend on the data; n = households at risk."""
    state = np.concatenate(([0.0], np.cumsum(v.inside - v.left_out)))
    points = []
    for day in grid(horizon):
        spot = np.searchsorted(v.dagen, day, side="right" if day <= 0 else "left")
        at = float(v.inside[v.dagen <= 0].sum()) if day <= 0 else float(state[spot])
        waarde, fout = mcf_on(v, day)
        certain = day == 0 and waarde == 0
        interval = (0.0, 0.0) if certain else log_interval(waarde, fout)
        points.append(point("mcf", day, waarde, interval=interval, n=round(at)))
    return tuple(points)


def days_asked(maten: Mapping[str, Maat]) -> dict[str, int]:
    """Return the day of each estimand that names one, `mcf_<dagen>`.

    Raises
    ------
    GebruikFout
        When what stands after `mcf_` is no number of days.
    """
    out: dict[str, int] = {}
    for naam in (estimator(k, maat) for k, maat in maten.items()):
        if not naam.startswith("mcf_"):
            continue
        found = _NAAM.fullmatch(naam)
        if found is None:
            raise GebruikFout(
                f"de maat '{naam}' bestaat niet bij de soort herhaald",
                waar="maten van de definitiekaart",
                verwacht="mcf_<dagen> of per_jaar",
                kreeg=naam,
                herstel="schrijf bijvoorbeeld mcf_365",
            )
        out[naam] = int(found[1])
    return out


def _calculators(maten: Mapping[str, Maat]) -> dict[str, Callable[[Course], Outcome]]:
    days = days_asked(maten)
    return {"per_jaar": _per_year, **{naam: partial(_mcf, day=day) for naam, day in days.items()}}

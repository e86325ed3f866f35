"""Durations as counts per day: who enters, who ends, who is under observation.

Conventions are those of R's `survfit` on `Surv(start, stop, event)`: a spell is at risk on day t
when start < t <= stop; on one day ends come before censorings. Spells that enter on day 0 were
there from the start, so an end on day 0 (a wait of no days) counts among them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from toekomstscenario_eval.estimators.intervals import (
    NAN,
    NONE,
    Interval,
    Reeks,
    add_up,
    column,
    require,
    z_waarde,
)
from toekomstscenario_eval.grids import SMALL_RISK_SET

GRID = 30
_EMPTY = np.empty(0)
LOG, LOG_LOG = "log", "log-log"
SCHALEN = (LOG, LOG_LOG)
_NO_BOUND = 700.0


@dataclass(frozen=True)
class Curve:
    """Kaplan-Meier on the distinct days with an entry or an exit.

    Attributes
    ----------
    dagen : array of k days, ascending
    inside, eind, censor : arrays of k counts of spells on that day
    oorzaken : per cause the array of k counts of spells that ended by it; together `eind`
    risico : array of k counts of spells at risk on that day
    overleving : array of k probabilities to last longer than that day
    increase : array of k increments of Greenwood's sum, d / (Y (Y - d)), times `effect`; infinite when all
        ended
    effect : how many times larger every variance is because spells share a team; see `design_effect`
    """

    dagen: Reeks
    inside: Reeks
    eind: Reeks
    censor: Reeks
    oorzaken: Mapping[int, Reeks]
    risico: Reeks
    overleving: Reeks
    increase: Reeks
    effect: float = 1.0

    @property
    def duren(self) -> int:
        """Number of spells."""
        return round(float(self.inside.sum()))

    @property
    def eerste(self) -> float:
        """First day of entry; the first day with a spell at risk is the one after."""
        return float(self.dagen[np.argmax(self.inside > 0)])

    @property
    def laatste(self) -> float:
        """Last day with a spell at risk; 0 without any."""
        at_risk = self.dagen[self.risico > 0]
        return float(at_risk[-1]) if at_risk.size else 0.0

    @property
    def ervoor(self) -> Reeks:
        """Probability to last up to each day: the curve just before it."""
        return np.concatenate(([1.0], self.overleving))[: len(self.dagen)]


def compute(data: pd.DataFrame, *, dagen: Reeks = _EMPTY, effect: float = 1.0) -> Curve:
    """Return the Kaplan-Meier curve of a summary of entries, ends and censorings per day.

    Parameters
    ----------
    data : DataFrame
        Columns `day`, `soort` (-1 entry, 0 censored, 1 or higher ended by that cause), `n`; rows
        that agree are added up.
    dagen : array, optional
        Days that must be on the curve too, so that curves can share one grid.
    effect : float
        Design effect: what the variances are multiplied by.
    """
    day, soort, n = (column(data, k) for k in ("dag", "soort", "n"))
    require(bool((day >= 0).all()), naam="dag", what="er staat een negatieve dag in")
    require(bool(((soort >= -1) & (soort == np.floor(soort))).all()), naam="soort", what="onbekende soort")
    require(bool((n >= 0).all()), naam="n", what="er staat een negatief getal in")
    causes = sorted({int(s) for s in np.unique(soort[soort >= 1])})
    on, tellingen = add_up(
        np.concatenate((day, dagen)),
        [np.concatenate((np.where(soort == s, n, 0.0), np.zeros(len(dagen)))) for s in (-1, 0, *causes)],
    )
    inside, censor, *per_cause = tellingen
    eind: Reeks = np.sum([np.zeros(len(on)), *per_cause], axis=0)
    left_out = eind + censor
    state: Reeks = np.cumsum(inside - left_out)
    require(
        float(inside.sum()) == float(left_out.sum()),
        naam="n",
        what="niet elke duur heeft een begin en een einde",
    )
    risk: Reeks = state - inside + left_out + np.where(on <= 0, inside, 0.0)
    # Who leaves on a day was at risk that day: nobody leaves on the day of entry, but for day 0.
    fitting = bool((left_out <= risk).all())
    require(fitting, naam="dag", what="er eindigen meer duren dan er lopen")
    having = eind > 0
    factor = np.ones_like(on)
    factor[having] -= eind[having] / risk[having]
    increase = np.zeros_like(on)
    with np.errstate(divide="ignore"):
        increase[having] = effect * eind[having] / (risk[having] * (risk[having] - eind[having]))
    survival = np.asarray(np.cumprod(factor), dtype=np.float64)
    per = dict(zip(causes, per_cause, strict=True))
    return Curve(on, inside, eind, censor, per, risk, survival, increase, effect)


def log_log_bounds(waarde: Reeks, fout: Reeks) -> tuple[Reeks, Reeks]:
    """Return the interval on the complementary log-log scale; NaN where the probability is 0 or 1."""
    within = (waarde > 0) & (waarde < 1)
    s = np.where(within, waarde, np.nan)
    wide = np.exp(z_waarde() * fout / np.abs(np.log(s)))
    return s**wide, s ** (1 / wide)


def log_bounds(waarde: Reeks, fout: Reeks) -> tuple[Reeks, Reeks]:
    """Return the interval on the log scale of a probability; `fout` is the relative standard error."""
    # Beyond this the bounds are 0 and 1, and the power is no number any more.
    half = np.minimum(z_waarde() * fout, _NO_BOUND)
    return waarde * np.exp(-half), np.minimum(1.0, waarde * np.exp(half))


def bounds(survival: Reeks, increase: Reeks, *, schaal: str = LOG) -> tuple[Reeks, Reeks]:
    """Return Greenwood's interval on one of `SCHALEN`; NaN where the curve is 0, as in R.

    The log scale is what R gives by default; log-log stays within 0 and 1 and covers better with few ends.

    References
    ----------
    Borgan and Liestol (1990), https://www.jstor.org/stable/4616151
    """
    fout = np.full_like(survival, np.nan)
    np.sqrt(increase, out=fout, where=survival > 0)
    return (log_log_bounds if schaal == LOG_LOG else log_bounds)(survival, fout)


def known(c: Curve, day: float) -> bool:
    """Whether the data say anything about `day`: somebody was at risk up to it, or all had ended."""
    i = int(np.searchsorted(c.dagen, day, side="right"))
    s = float(c.overleving[i - 1]) if i else 1.0
    return not ((day > c.laatste and s > 0) or 0 < day <= c.eerste)


def survival_on(c: Curve, day: float, *, schaal: str = LOG) -> tuple[float, Interval]:
    """Return the share that lasts longer than `day`, with its interval.

    NaN after the last day with anybody at risk, unless all had ended by then (0, without
    interval), and NaN when nobody was at risk yet. Before the first end there is no interval:
    Greenwood's variance is 0 there.
    """
    if not known(c, day):
        return NAN, NONE
    i = int(np.searchsorted(c.dagen, day, side="right"))
    s = float(c.overleving[i - 1]) if i else 1.0
    total = c.increase[:i].sum(keepdims=True)
    if s <= 0 or total[0] <= 0:
        return s, NONE
    under, above = bounds(np.array([s]), total, schaal=schaal)
    return s, (float(under[0]), float(above[0]))


def survival_error(c: Curve, day: float) -> float:
    """Return Greenwood's standard error of the share that lasts longer than `day`; NaN at 0 and 1."""
    i = int(np.searchsorted(c.dagen, day, side="right"))
    s, total = (float(c.overleving[i - 1]), float(c.increase[:i].sum())) if i else (1.0, 0.0)
    return s * math.sqrt(total) if known(c, day) and 0 < s < 1 else NAN


def restricted(c: Curve, horizon: float) -> tuple[float, float]:
    """Return the area under the curve up to the horizon and its standard error; NaN when unknown.

    The variance is the sum over days of (area under the curve from that day on)^2 times Greenwood's
    increment, without a small-sample factor: R's `print(survfit, rmean = horizon)`.
    """
    if not known(c, horizon):
        return NAN, NAN
    stop = c.dagen <= horizon
    height = np.concatenate(([1.0], c.overleving[stop]))
    panels = np.diff(np.concatenate(([0.0], c.dagen[stop], [float(horizon)]))) * height
    afterwards = np.cumsum(panels[:0:-1])[::-1]
    increase = np.where(np.isfinite(c.increase[stop]), c.increase[stop], 0.0)
    return float(panels.sum()), float(np.sqrt((afterwards**2 * increase).sum()))


def at_risk(c: Curve, on: Reeks) -> npt.NDArray[np.int64]:
    """Return the number of spells at risk on each of the days `on`; on day 0 those that entered then."""
    state = np.concatenate(([0.0], np.cumsum(c.inside - c.eind - c.censor)))
    begin = float(c.inside[c.dagen <= 0].sum())
    under = np.where(on <= 0, begin, state[np.searchsorted(c.dagen, on, side="left")])
    return np.rint(under).astype(np.int64)


def grid(horizon: int) -> list[int]:
    """Return the days at which a curve is shown; they do not depend on the data, so no spell stands out."""
    return sorted({*range(0, horizon + 1, GRID), horizon})


def why_not(c: Curve, day: int) -> str:
    """Return why nothing is known about `day`; see `known`."""
    if day <= c.eerste:
        return f"niet te schatten, in de eerste {day} dagen is geen duur onder risico"
    return f"niet te schatten, na {day} dagen is geen duur meer onder risico"


def warning(c: Curve, stop: float) -> str:
    """Return a note when the curve up to day `stop` rests on few spells while more enter later."""
    previous = np.concatenate(([0.0], c.dagen[:-1]))
    # Between two listed days the risk set is that of the second one; entries on that day come later.
    later = c.inside[::-1].cumsum()[::-1]
    narrow = (previous < stop) & (c.dagen > 0) & (c.risico < SMALL_RISK_SET) & (later > 0)
    if not bool(narrow.any()):
        return ""
    return (
        f"; let op: op een dag zijn minder dan {SMALL_RISK_SET} duren onder risico "
        "terwijl er later nog instromen"
    )

"""Cumulative incidence of one way to end, when other ways to end compete: Aalen-Johansen.

One minus Kaplan-Meier, with the other ends as censored, answers a question about a world in which
those do not exist, and comes out too high. Here a spell that ended otherwise is gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.curve import (
    Curve,
    at_risk,
    grid,
    known,
    log_bounds,
    warning,
    why_not,
)
from toekomstscenario_eval.estimators.intervals import NAN, NONE, Interval, Outcome, Reeks, estimator
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.types import Maat

_NAAM = re.compile(r"incidentie_([1-9]\d*)_(\d+)")
PREFIX = "incidentie_"


def incidentie_on(c: Curve, cause: int, day: float) -> tuple[float, float]:
    """Return the probability to have ended by one cause up to and on a day, and its standard error.

    With Y at risk, d_k ended by the cause and d by any on day s, and S the Kaplan-Meier curve of
    all ends, F_k(t) is the sum of S(s-) d_k(s) / Y(s) over s <= t. Its variance adds up the
    multinomial variances of the days, times the design effect. Without late entry and that effect it
    equals the infinitesimal jackknife that R's `survfit` gives; with late entry the jackknife needs
    more than counts per day, and both estimate the same. NaN for a day of which the data say nothing
    (see `curve.known`).

    References
    ----------
    Aalen and Johansen (1978), https://www.jstor.org/stable/4615704
    Allignol, Schumacher and Beyersmann (2010), variance and late entry, doi:10.1002/bimj.200900039
    """
    if not known(c, day):
        return NAN, NAN
    having = (c.eind > 0) & (c.dagen <= day)
    if cause not in c.oorzaken or not having.any():
        return 0.0, 0.0
    y, d, d_k, before = c.risico[having], c.eind[having], c.oorzaken[cause][having], c.ervoor[having]
    f = np.cumsum(before * d_k / y)
    stays = (y - d) / y
    # What an end on day s takes away from the incidence after s; nothing is left to take once all ended.
    gone: Reeks = np.zeros_like(f)
    np.divide(f[-1] - f, stays, out=gone, where=stays > 0)
    # Variance per day of ervoor * dN_k - weg * dN, with (dN_k, dN - dN_k, rest) multinomial.
    per_day = (before**2 * d_k * (y - d_k) / y + gone**2 * d * stays - 2 * before * gone * d_k * stays) / y**2
    return min(1.0, float(f[-1])), float(np.sqrt(max(0.0, c.effect * per_day.sum())))


def _interval(f: float, fout: float) -> Interval:
    """Return the interval on the log scale, as in `survfit`; none where F is 0."""
    if not (f > 0 and fout > 0):
        return NONE
    under, above = log_bounds(np.array([f]), np.array([fout / f]))
    return float(under[0]), float(above[0])


def parse(naam: str) -> tuple[int, int]:
    """Return cause and days of an estimand `incidentie_<oorzaak>_<dagen>`; GebruikFout if it is none."""
    found = _NAAM.fullmatch(naam)
    if found is None:
        raise GebruikFout(
            f"de maat '{naam}' bestaat niet bij de soort duur",
            waar="maten van de definitiekaart",
            verwacht="incidentie_<oorzaak>_<dagen>, met een oorzaak vanaf 1",
            kreeg=naam,
            herstel="schrijf bijvoorbeeld incidentie_1_365",
        )
    return int(found[1]), int(found[2])


def asked(maten: Mapping[str, Maat]) -> dict[str, tuple[int, int]]:
    """Return cause and days of every incidence that is asked for, by the name of its estimator."""
    namen = (estimator(naam, maat) for naam, maat in maten.items())
    return {naam: parse(naam) for naam in namen if naam.startswith(PREFIX)}


def by_name(maten: Mapping[str, Maat]) -> dict[str, tuple[int, int]]:
    """Return cause and days of every incidence that is asked for, by its id."""
    known = asked(maten)
    namen = {naam: estimator(naam, maat) for naam, maat in maten.items()}
    return {naam: known[which] for naam, which in namen.items() if which in known}


def ended_by(c: Curve, cause: int, day: float) -> int:
    """Return the number of spells that ended by one cause up to and on a day."""
    return round(float(c.oorzaken[cause][c.dagen <= day].sum())) if cause in c.oorzaken else 0


def calculators(maten: Mapping[str, Maat]) -> dict[str, Callable[[Curve], Outcome]]:
    """Return the calculation of every incidence that is asked for, by the name of its estimator."""
    return {naam: partial(_outcome, cause=cause, day=day) for naam, (cause, day) in asked(maten).items()}


def _outcome(c: Curve, *, cause: int, day: int) -> Outcome:
    f, fout = incidentie_on(c, cause, day)
    if np.isnan(f):
        return Outcome(f"Aalen-Johansen: {why_not(c, day)}")
    if f <= 0:
        methode = f"Aalen-Johansen; geen interval: binnen {day} dagen eindigt niets op deze manier"
    elif fout <= 0:
        methode = f"Aalen-Johansen; geen interval: binnen {day} dagen eindigt alles op deze manier"
    else:
        methode = "Aalen-Johansen met concurrerende eindes, 95%-interval (log)"
    return Outcome(methode + warning(c, day), f, _interval(f, fout), fout if f > 0 and fout > 0 else NAN)


def reeks(c: Curve, maten: Mapping[str, Maat], horizon: int) -> tuple[Mapping[str, Any], ...]:
    """Return the series `incidentie` of every cause: x = day, label = cause, n = spells at risk.

    Empty when `maten` asks for no incidence. Causes are those asked for and those that occur.
    """
    causes = {cause for cause, _ in asked(maten).values()}
    if not causes:
        return ()
    dagen = grid(horizon)
    risk = at_risk(c, np.array(dagen, dtype=np.float64)).tolist()
    points = []
    for cause in sorted(causes | c.oorzaken.keys()):
        for day, at in zip(dagen, risk, strict=True):
            f, fout = incidentie_on(c, cause, day)
            # That nothing has ended after no time at all is certain.
            interval = (0.0, 0.0) if day == 0 and f == 0 else _interval(f, fout)
            points.append(point("incidentie", day, f, interval=interval, label=str(cause), n=at))
    return tuple(points)

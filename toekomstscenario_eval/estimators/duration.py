"""Estimators of a duration: Kaplan-Meier on daily counts of entries, ends and censorings.

Who is at risk on a day is in `curve`. After a day on which everybody at risk ended, the curve stays
at 0, also when spells enter later; over days without anybody at risk it stays level. R does the
same. Unlike R, which then says 1, nothing is estimated for a day up to which nobody was ever at
risk, nor is the curve drawn on beyond the last day with anybody at risk. A late entry can make the
curve rest on hardly anything: when fewer than `SMALL_RISK_SET` spells are at risk on some day
while more enter later, `methode` says so. Ends of every cause count as the end, but for an
incidence (see `incidence`). Where a design effect is known, variances are multiplied by it, for spells of one
household or team resemble each other; otherwise spells count as independent. `methode` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval import design_effect
from toekomstscenario_eval.estimators import incidence
from toekomstscenario_eval.estimators.curve import (
    GRID,
    LOG,
    SCHALEN,
    Curve,
    at_risk,
    bounds,
    compute,
    grid,
    restricted,
    survival_error,
    survival_on,
    warning,
    why_not,
)
from toekomstscenario_eval.estimators.intervals import (
    NAN,
    Outcome,
    Reeks,
    calculate,
    choose,
    rows,
    too_small,
    z_waarde,
)
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.types import Estimates, Maat

__all__ = ["GRID", "LONGER", "Curve", "compute", "estimate_group", "survival_on"]

LONGER = (90, 180, 365, 547)  # a quarter, half a year, a year, eighteen months
INTERVALS = SCHALEN
# Of all spells this part has ended by the day that the estimand gives.
_QUANTILES = {"p25": (0.25, "een kwart"), "mediaan": (0.5, "de helft"), "p75": (0.75, "driekwart")}

# As R compares a survival probability with a quantile.
_SLACK = float(np.sqrt(np.finfo(np.float64).eps))


def estimate_group(
    data: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,
    interval: str = LOG,
    effect: float | None = None,
) -> Estimates:
    """Estimate how long spells of one group last.

    Parameters
    ----------
    data : DataFrame
        Columns `dag` (days since the start of the spell), `soort` (-1 entry, 0 censored, 1 or
        higher ended by that cause), `n` (spells). Rows that agree are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Any of `mediaan`, `gemiddelde_beperkt`, `langer_90`, `langer_180`, `langer_365`,
        `langer_547`, `gemiddelde_beeindigd`, `p25`, `p75` (day by which that part had ended) and
        `incidentie_<oorzaak>_<dagen>`, as id or as `schatter`.
    horizon : int
        Day up to which the restricted mean and the series go.
    interval : str
        Scale of the intervals of the curve and its quantiles: `log` or `log-log`.
    effect : float, optional
        Design effect of the group; used in halves, as it is published. None: not known.

    Returns
    -------
    Estimates
        The estimands asked for (teller = ended, beside an incidence by that cause by that day; noemer =
        spells), and the series `overleving`:
        every 30 days and at the horizon, with the number of spells at risk. With an incidence
        also the series `incidentie` on the same days, one for each cause (`label`).

    References
    ----------
    Kaplan and Meier (1958), doi:10.1080/01621459.1958.10501452
    Brookmeyer and Crowley (1982), doi:10.2307/2530286
    """
    effect = None if effect is None else design_effect.in_halves(effect) / design_effect.HALVES
    c = compute(data, effect=effect or 1.0)
    choice = choose(maten, {**_calculators(horizon, interval), **incidence.calculators(maten)}, soort="duur")
    reden = too_small(c.duren, huishoudens)
    outcomes = calculate({k: partial(f, c) for k, f in choice.items()}, reden=reden)
    outcomes = {k: with_effect(u, effect) for k, u in outcomes.items()}
    tellingen = {
        "n": huishoudens,
        "teller": round(float(c.eind.sum())),
        "noemer": c.duren,
        "gecensureerd": round(float(c.censor.sum())),
    }
    reeksen = () if reden else (*_survival(c, horizon, interval), *incidence.reeks(c, maten, horizon))
    ended = {naam: incidence.ended_by(c, *at) for naam, at in incidence.by_name(maten).items()}
    found = rows(maten, outcomes, tellingen=tellingen)
    return Estimates(
        tuple({**row, "teller": ended.get(row["maat"], row["teller"])} for row in found), reeksen
    )


def _crossing(waarden: Reeks, dagen: Reeks, height: float) -> float:
    """Return the first day with a value of `height` or less; NaN when there is none.

    As in R: when the value is exactly that, halfway between that day and the next drop.
    """
    # NaN compares as false, which is what R does with bounds that do not exist.
    spots = np.flatnonzero(waarden < height + _SLACK)
    if not spots.size:
        return NAN
    first = spots[0]
    lower = spots[waarden[spots] < waarden[first]]
    if abs(waarden[first] - height) < _SLACK and lower.size:
        return float(dagen[first] + dagen[lower[0]]) / 2
    return float(dagen[first])


def _quantile(c: Curve, *, naam: str, schaal: str) -> Outcome:
    """Quantile with the Brookmeyer-Crowley interval: where the bounds of the curve cross it."""
    part, word = _QUANTILES[naam]
    quantile = _crossing(c.overleving, c.dagen, 1 - part)
    under, above = bounds(c.overleving, np.cumsum(c.increase), schaal=schaal)
    if not np.isnan(quantile):
        methode = f"Kaplan-Meier, 95%-interval (Brookmeyer-Crowley, {schaal})"
    elif naam == "mediaan":
        methode = "Kaplan-Meier: mediaan niet bereikt, de curve blijft boven de helft"
    else:
        methode = f"Kaplan-Meier: {naam} niet bereikt, minder dan {word} is beëindigd"
    stop = c.laatste if np.isnan(quantile) else quantile
    interval = (_crossing(under, c.dagen, 1 - part), _crossing(above, c.dagen, 1 - part))
    return Outcome(methode + warning(c, stop), quantile, interval)


def _restricted(c: Curve, *, horizon: int) -> Outcome:
    """Area under the curve up to the horizon; normal interval within [0, horizon]."""
    naam = f"Kaplan-Meier, beperkt tot {horizon} dagen"
    mean, fout = restricted(c, horizon)
    if np.isnan(mean):
        return Outcome(f"{naam}: {why_not(c, horizon)}")
    caution = warning(c, horizon)
    if fout <= 0:
        return Outcome(f"{naam}; geen interval: geen spreiding vast te stellen{caution}", mean)
    half = z_waarde() * fout
    interval = (max(0.0, mean - half), min(float(horizon), mean + half))
    return Outcome(f"{naam}, 95%-interval (standaardfout){caution}", mean, interval, fout)


def _longer(c: Curve, *, day: int, schaal: str) -> Outcome:
    survival, interval = survival_on(c, day, schaal=schaal)
    if np.isnan(survival):
        return Outcome(f"Kaplan-Meier: {why_not(c, day)}")
    if not np.isnan(interval[0]):
        methode = f"Kaplan-Meier, 95%-interval (Greenwood, {schaal})"
    elif survival <= 0:
        methode = f"Kaplan-Meier; geen interval: de curve is 0 na {day} dagen"
    else:
        methode = f"Kaplan-Meier; geen interval: niets is beëindigd binnen {day} dagen"
    return Outcome(methode + warning(c, day), survival, interval, survival_error(c, day))


def _ended(c: Curve) -> Outcome:
    """Plain mean of ended spells. An interval would suggest a precision that a biased mean lacks."""
    aantal = float(c.eind.sum())
    if aantal <= 0:
        return Outcome("niet te schatten: niets is beëindigd")
    methode = "naïef: alleen beëindigd, naar beneden vertekend; daarom geen interval"
    return Outcome(methode, float((c.dagen * c.eind).sum()) / aantal)


def with_effect(u: Outcome, effect: float | None) -> Outcome:
    """Say in the method of an interval how it takes shared teams into account."""
    if np.isnan(u.interval).all():
        return u
    return replace(u, methode=f"{u.methode}; {design_effect.in_words(effect)}")


def _survival(c: Curve, horizon: int, schaal: str) -> tuple[Mapping[str, Any], ...]:
    dagen = grid(horizon)
    n = at_risk(c, np.array(dagen, dtype=np.float64))
    rows_ = []
    for day, at in zip(dagen, n.tolist(), strict=True):
        waarde, interval = survival_on(c, day, schaal=schaal)
        rows_.append(
            point("overleving", day, waarde, interval=interval if waarde < 1 or day else (1.0, 1.0), n=at)
        )
    return tuple(rows_)


def _calculators(horizon: int, schaal: str) -> Mapping[str, Callable[[Curve], Outcome]]:
    longer = {f"langer_{day}": partial(_longer, day=day, schaal=schaal) for day in LONGER}
    return {
        **{naam: partial(_quantile, naam=naam, schaal=schaal) for naam in _QUANTILES},
        "gemiddelde_beperkt": partial(_restricted, horizon=horizon),
        **longer,
        "gemiddelde_beeindigd": _ended,
    }

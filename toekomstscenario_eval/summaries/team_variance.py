"""The variance of a restricted mean when spells share a team, as a multiple of that of independent ones.

The multiple (design effect) follows from how a team's spells move the mean together. With few teams that is
uncertain: the multiple is made larger by as much as the t distribution is wider than the normal one, so that
an interval of 1.96 standard errors may be made with it.

References
----------
Lin and Wei (1989), robust variance of a survival model, doi:10.1080/01621459.1989.10478874
Satterthwaite (1946), degrees of freedom of a sum of variances, doi:10.2307/3002019
Donner and Klar (2000), Design and Analysis of Cluster Randomization Trials, ISBN 9780340691533
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

_SURE = 0.975
# Of numbers of spells, which are whole: no difference.
_NONE = 1e-9


def weights(counts: pd.DataFrame, horizon: float) -> tuple[pd.DataFrame, float]:
    """Return how each entry and exit moves the restricted mean of Kaplan-Meier, and its variance.

    With Y at risk and d ended on a day, h = d/Y and A the area under the curve from that day to the horizon,
    a spell moves the mean by the sum of A h / (Y (1 - h)) over its days at risk, less A / (Y (1 - h)) on the
    day that it ends (the infinitesimal jackknife). The variance of independent spells is Greenwood's: the sum
    of A^2 d / (Y (Y - d)).

    Parameters
    ----------
    counts : DataFrame
        Columns `dag`, `soort` (-1 entry, 0 censored, 1 or higher ended) and `n` of one group, added up here.
    horizon : float
        Day up to which the mean goes, at most the last with a spell at risk.

    Returns
    -------
    each : DataFrame
        Columns `dag`, `soort`, `gewicht`: what a spell adds by entering, or leaving, so.
    variance : float
    """
    summed: pd.DataFrame = counts.groupby(["dag", "soort"])["n"].sum().reset_index()
    days = np.unique(summed["dag"].to_numpy(dtype=np.int64))
    soort = summed["soort"]
    inside, ended, gone = (
        _per_day(summed, which, days) for which in (soort.eq(-1), soort.gt(0), soort.eq(0))
    )
    leaving = ended + gone
    at_risk = np.cumsum(inside - leaving) - inside + leaving + np.where(days <= 0, inside, 0.0)
    stop = min(float(horizon), float(days[at_risk > 0].max(initial=0)))
    h = np.divide(ended, at_risk, out=np.zeros_like(ended), where=ended > 0)
    to_come = _area_after(days, np.cumprod(1 - h), stop)
    left = at_risk - ended
    own = np.divide(to_come, left, out=np.zeros_like(h), where=(left > 0) & (ended > 0) & (days <= stop))
    over = np.concatenate(([0.0], np.cumsum(own * h)))
    place = np.searchsorted(days, summed["dag"].to_numpy())
    # Who enters on day 0 was at risk on it; who enters later only from the day after.
    at_entry = np.where(days[place] <= 0, 0.0, over[place + 1])
    at_exit = over[place + 1] - np.where(soort.gt(0).to_numpy(), own[place], 0.0)
    each = summed[["dag", "soort"]].assign(gewicht=np.where(soort.eq(-1).to_numpy(), -at_entry, at_exit))
    return each, float((to_come * own * h).sum())


def _per_day(summed: pd.DataFrame, which: pd.Series, days: np.ndarray) -> np.ndarray:
    per = summed[which].groupby("dag")["n"].sum()
    return np.asarray(per.reindex(days, fill_value=0).to_numpy(dtype=np.float64))


def _area_after(days: np.ndarray, survival: np.ndarray, stop: float) -> np.ndarray:
    """Return the area under the curve from each day to `stop`; 0 on later days."""
    width = np.clip(np.diff(np.append(days, stop)), 0.0, np.maximum(stop - days, 0.0))
    return np.asarray(np.cumsum((width * survival)[::-1])[::-1])


@dataclass(frozen=True)
class Sums:
    """Sums over teams: of the squares of what they move the mean, and of powers of their spells."""

    raw: float
    m1: float
    m2: float
    m3: float
    m4: float


def design_effect_of(s: Sums, variance: float) -> float:
    """Return the design effect, with the width of the t distribution in it.

    Two spells of one team are taken to move the mean alike to a part rho. What the raw sum is expected to be
    given rho, after the mean was estimated from the same teams, gives rho; the effect is then
    1 + rho (sum m^2 / sum m - 1) for teams of m spells. Degrees of freedom are Satterthwaite's, less one.

    Parameters
    ----------
    variance : float
        Of the mean, had the spells been independent.

    Returns
    -------
    float
        1 where every team has one spell, and infinite where one team has all, for then nothing is known.
    """
    if s.m2 - s.m1 < _NONE:
        return 1.0
    alone = s.m1 - s.m2 / s.m1
    shared = s.m2 - 2 * s.m3 / s.m1 + (s.m2 / s.m1) ** 2
    if shared - alone < _NONE:
        return float("inf")
    rho = min(max((s.raw / (variance / s.m1) - alone) / (shared - alone), 0.0), 1.0)
    effect = 1 + rho * (s.m2 / s.m1 - 1)
    of_teams = (1 - rho) * s.m1 + rho * s.m2
    squares = (1 - rho) ** 2 * s.m2 + 2 * rho * (1 - rho) * s.m3 + rho**2 * s.m4
    freedom = max(1.0, of_teams**2 / squares - 1)
    return float(effect * (stats.t.ppf(_SURE, freedom) / stats.norm.ppf(_SURE)) ** 2)

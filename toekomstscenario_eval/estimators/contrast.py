"""Durations of groups compared: log-rank test, Gray's test, difference in restricted mean.

All work on counts per group, day and kind of row, as in a summary of kind DUUR. Groups that were not
drawn by lot differ in more than what is studied: a difference is no effect. Spells count as independent, also
when a household has more than one; a comparison of sites with households as clusters is in `cox`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.curve import Curve, compute, restricted
from toekomstscenario_eval.estimators.intervals import NAN, NONE, Interval, Reeks, column, z_waarde

# Below this part of the largest, an eigenvalue of a variance is rounding.
_ROUNDING = 1e-10


@dataclass(frozen=True)
class Toets:
    """A test of the hypothesis that groups are alike.

    Attributes
    ----------
    methode : str
        Name of the test, or why there is none.
    statistiek : float
        Chi-square statistic; NaN when the data leave nothing to compare.
    df : int
        Degrees of freedom.
    p : float
        Probability of a statistic at least this large when the groups are alike.
    groepen : tuple
        The groups, in alphabetical order.
    observed, verwacht : tuple of float
        Ends per group, as seen and as expected when the groups are alike.
    """

    methode: str
    statistiek: float = NAN
    df: int = 0
    p: float = NAN
    groepen: tuple[Hashable, ...] = ()
    observed: tuple[float, ...] = ()
    verwacht: tuple[float, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Restricted mean of group `a` minus that of group `b`, in days, with a 95% interval."""

    a: Hashable
    b: Hashable
    horizon: int
    methode: str
    schatting: float = NAN
    standard_error: float = NAN
    interval: Interval = NONE
    p: float = NAN


@dataclass(frozen=True)
class Score:
    """Sums over strata of ends seen and expected per group, and the variance of their difference."""

    observed: Reeks
    verwacht: Reeks
    variantie: Reeks


_Calculator = Callable[[Sequence[Curve]], Score]


def logrank(data: pd.DataFrame, *, cause: int | None = None) -> Toets:
    """Test whether spells of two or more groups last equally long (log-rank).

    On each day with an end, the d ends are expected to fall on the groups in proportion to the
    numbers at risk Y_g: E_g = d Y_g / Y, with the hypergeometric variance d (Y - d) / (Y - 1) times
    Y_g / Y (1[g = h] - Y_h / Y). Late entry needs no more than the numbers at risk. With strata the
    sums are taken within each and added up.

    Parameters
    ----------
    data : DataFrame
        Columns `groep`, `dag`, `soort` (-1 entry, 0 censored, 1 or higher ended by that cause) and
        `n`; `stratum` if groups are to be compared within strata. Rows that agree are added up.
    cause : int, optional
        Compare how fast spells end by this cause, with other ends as censored (the cause-specific
        hazard). Default: every end. For incidences with competing ends see `gray`.

    Returns
    -------
    Toets
        With one degree of freedom less than there are groups with an expected end. Equals R's
        `survdiff`, which knows no late entry.

    References
    ----------
    Mantel (1966), Cancer Chemotherapy Reports 50, 163-170
    Peto and Peto (1972), doi:10.2307/2344317
    """
    naam = "log-rank" if cause is None else f"log-rank, oorzaak {cause}"
    return _toets(data, naam, lambda curves: _logrank(curves, cause))


def gray(data: pd.DataFrame, *, cause: int) -> Toets:
    """Test whether cumulative incidences of one cause are the same in two or more groups (Gray).

    The score of group g adds up, over days with an end by the cause, d_g - d R_g / R, where
    R_g = Y_g (1 - F_g(t-)) / S_g(t-) also counts what has ended otherwise. The variance takes the
    incidence of all groups together. With strata both are added up.

    Parameters
    ----------
    data : DataFrame
        As for `logrank`.
    cause : int
        Cause, 1 or higher.

    Returns
    -------
    Toets
        Equals `cuminc` of R's cmprsk (rho = 0), which knows no late entry.

    References
    ----------
    Gray (1988), doi:10.1214/aos/1176350951
    """
    return _toets(data, f"Gray, oorzaak {cause}", lambda curves: gray_score(curves, cause))


def difference_restricted(data: pd.DataFrame, a: Hashable, b: Hashable, *, horizon: int) -> Difference:
    """Compare the mean number of days within the first `horizon` days of two groups.

    The difference of the areas under both Kaplan-Meier curves, with a normal interval from their
    standard errors. Unlike a hazard ratio it needs no constant ratio and reads in days.

    Parameters
    ----------
    data : DataFrame
        Columns `groep`, `dag`, `soort`, `n`; other groups may be in it.
    a, b : str
        The groups: the result is a minus b.
    horizon : int
        Day up to which both curves must be known.

    References
    ----------
    Royston and Parmar (2013), doi:10.1186/1471-2288-13-152
    """
    parts = dict(_parts(data, "groep"))
    for groep in (a, b):
        if groep not in parts:
            raise GebruikFout("een van de groepen komt niet voor", waar="kolom groep van de samenvatting")
    (m_a, f_a), (m_b, f_b) = (restricted(compute(parts[g]), horizon) for g in (a, b))
    naam = f"verschil in gemiddelde binnen {horizon} dagen"
    if math.isnan(m_a) or math.isnan(m_b):
        return Difference(a, b, horizon, f"{naam}: niet te schatten, een curve reikt niet zo ver")
    difference, fout = m_a - m_b, math.hypot(f_a, f_b)
    if fout <= 0:
        return Difference(a, b, horizon, f"{naam}; geen interval: geen spreiding vast te stellen", difference)
    half = z_waarde() * fout
    p = float(2 * special.ndtr(-abs(difference) / fout))
    return Difference(
        a,
        b,
        horizon,
        f"{naam}, 95%-interval (normaal)",
        difference,
        fout,
        (difference - half, difference + half),
        p,
    )


def _parts(data: pd.DataFrame, naam: str) -> list[tuple[Hashable, pd.DataFrame]]:
    """Return the rows per value of a column, in an order that does not depend on that of the rows."""
    if naam not in data.columns:
        raise GebruikFout(
            f"de kolom '{naam}' ontbreekt", waar="de samenvatting", verwacht="groep, dag, soort en n"
        )
    return sorted(data.groupby(naam, dropna=False, sort=False), key=lambda part: str(part[0]))


_NOWHERE = "op geen dag zijn groepen te vergelijken"


def _toets(data: pd.DataFrame, naam: str, score: _Calculator) -> Toets:
    groepen = [groep for groep, _ in _parts(data, "groep")]
    strata = [d for _, d in _parts(data, "stratum")] if "stratum" in data.columns else [data]
    total = [np.zeros(len(groepen)), np.zeros(len(groepen)), np.zeros((len(groepen), len(groepen)))]
    for stratum in strata:
        parts = _parts(stratum, "groep")
        if not parts:
            continue
        dagen = np.unique(column(stratum, "dag"))
        part = score([compute(d, dagen=dagen) for _, d in parts])
        spot = [_spot(groepen, groep) for groep, _ in parts]
        total[0][spot] += part.observed
        total[1][spot] += part.verwacht
        total[2][np.ix_(spot, spot)] += part.variantie
    core = f"{naam}, gestratificeerd" if "stratum" in data.columns else naam
    return verdict(core, groepen, Score(*total))


def _spot(groepen: Sequence[Hashable], groep: Hashable) -> int:
    # A missing name is not equal to itself.
    return next(i for i, g in enumerate(groepen) if g == groep or (g != g and groep != groep))


def verdict(naam: str, groepen: Sequence[Hashable], score: Score) -> Toets:
    """Return the test of a score with its variance, or why there is none."""
    difference = score.observed - score.verwacht
    # The differences add up to zero, so one direction has no variance; a group without risk has none too.
    waarden, directions = np.linalg.eigh(score.variantie)
    edge = _ROUNDING * max(1e-300, float(np.abs(waarden).max(initial=0.0)))
    vast = waarden > edge
    df = int(vast.sum())
    namen, seen, otherwise = tuple(groepen), tuple(score.observed.tolist()), tuple(score.verwacht.tolist())
    # When hardly anybody is left, drawing without replacement can make Gray's variance negative.
    negative = bool((waarden < -edge).any())
    if not df or negative:
        why = "te weinig perioden om de variantie te schatten" if negative else _NOWHERE
        reden = f"{naam}: niet te toetsen, {why}"
        return Toets(reden, groepen=namen, observed=seen, verwacht=otherwise)
    statistiek = float(((directions[:, vast].T @ difference) ** 2 / waarden[vast]).sum())
    return Toets(naam, statistiek, df, float(special.chdtrc(df, statistiek)), namen, seen, otherwise)


def _logrank(curves: Sequence[Curve], cause: int | None) -> Score:
    y = np.array([c.risico for c in curves])
    d = np.array([_eind(c, cause) for c in curves])
    having = d.sum(axis=0) > 0
    y, d = y[:, having], d[:, having]
    total_y, total_d = y.sum(axis=0), d.sum(axis=0)
    part = y / total_y
    w = np.where(total_y > 1, total_d * (total_y - total_d) / np.maximum(total_y - 1, 1), 0.0)
    variance = np.diag((w * part).sum(axis=1)) - (w * part) @ part.T
    return Score(d.sum(axis=1), (total_d * part).sum(axis=1), variance)


def _eind(c: Curve, cause: int | None) -> Reeks:
    return c.eind if cause is None else c.oorzaken.get(cause, np.zeros_like(c.eind))


def gray_score(curves: Sequence[Curve], cause: int) -> Score:
    """Score and variance of one stratum; rows are groups, columns days.

    The variance follows the linear part of the score. With h_g = Y_g / S_g(t-), F the incidence of
    all groups together and b_gk = h_g (1[g = k] - h_k / h), an end by the cause in group k on day s
    moves the score of g by S_k(s-) / Y_k(s) times b_gk(s) + C_gk(s) (1 - (1 - F(s)) / S_k(s)), and
    another end by -C_gk(s) (1 - F(s)) / S_k(s); C_gk(s) adds up b_gk dF / (1 - F(-)) after s. The
    numbers of ends vary as drawn without replacement.
    """
    y, s, before = (np.array([getattr(c, k) for c in curves]) for k in ("risico", "overleving", "ervoor"))
    # After a curve is down to 0 later entries of that group cannot be compared any more.
    counted = (y > 0) & (before > 0)
    d = np.where(counted, np.array([_eind(c, cause) for c in curves]), 0.0)
    other = np.where(counted, np.array([c.eind for c in curves]), 0.0) - d
    h = _part(y, before, counted)
    own = np.cumsum(_part(before * d, y, counted), axis=1)
    r = h * (1 - own + _part(before * d, y, counted))
    total_d, total_h = d.sum(axis=0), h.sum(axis=0)
    expected = _part(r, r.sum(axis=0), counted) * total_d
    stap = _part(total_d, total_h, total_h > 0)
    f = np.cumsum(stap)
    b = h[:, None, :] * (np.eye(len(h))[:, :, None] - _part(h, total_h, counted)[None, :, :])
    # With late entry something may still end after the incidence has come to 1: it weighs nothing.
    over = 1 - f + stap
    c = np.cumsum(b * _part(stap, over, over > _ROUNDING), axis=2)
    later = c[:, :, -1:] - c
    rest = _part(np.broadcast_to(1 - f, s.shape), s, s > 0)
    cause_v = _part(before * total_d, total_h * y, counted) * _without_back(total_d, total_h * before)
    other_v = _part(before**2 * other, y**2, counted & (s > 0)) * _without_back(other, y)
    influence = b + later * (1 - rest)
    variance = np.einsum("gkt,hkt,kt->gh", influence, influence, cause_v)
    variance += np.einsum("gkt,hkt,kt->gh", later * rest, later * rest, other_v)
    return Score(d.sum(axis=1), expected.sum(axis=1), variance)


def _part(teller: Reeks, noemer: Reeks, where: np.ndarray) -> Reeks:
    """Return the quotient where `where`, and 0 elsewhere."""
    out = np.zeros(np.broadcast_shapes(teller.shape, noemer.shape))
    np.divide(teller, noemer, out=out, where=where)
    return out


def _without_back(d: Reeks, y: Reeks) -> Reeks:
    """Return by how much drawing d out of y without replacement lowers the variance."""
    more = np.broadcast_to(d > 1, np.broadcast_shapes(d.shape, y.shape))
    return 1 - _part(
        np.broadcast_to(d - 1.0, more.shape), np.broadcast_to(y - 1.0, more.shape), more & (y > 1)
    )

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
from toekomstscenario_eval.estimators.curve import Curve, beperkt, bereken
from toekomstscenario_eval.estimators.intervals import GEEN, NAN, Interval, Reeks, kolom, z_waarde

# Below this part of the largest, an eigenvalue of a variance is rounding.
_AFRONDING = 1e-10


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
    waargenomen, verwacht : tuple of float
        Ends per group, as seen and as expected when the groups are alike.
    """

    methode: str
    statistiek: float = NAN
    df: int = 0
    p: float = NAN
    groepen: tuple[Hashable, ...] = ()
    waargenomen: tuple[float, ...] = ()
    verwacht: tuple[float, ...] = ()


@dataclass(frozen=True)
class Verschil:
    """Restricted mean of group `a` minus that of group `b`, in days, with a 95% interval."""

    a: Hashable
    b: Hashable
    horizon: int
    methode: str
    schatting: float = NAN
    standaardfout: float = NAN
    interval: Interval = GEEN
    p: float = NAN


@dataclass(frozen=True)
class _Score:
    """Sums over strata of ends seen and expected per group, and the variance of their difference."""

    waargenomen: Reeks
    verwacht: Reeks
    variantie: Reeks


_Rekenaar = Callable[[Sequence[Curve]], _Score]


def logrank(gegevens: pd.DataFrame, *, oorzaak: int | None = None) -> Toets:
    """Test whether spells of two or more groups last equally long (log-rank).

    On each day with an end, the d ends are expected to fall on the groups in proportion to the
    numbers at risk Y_g: E_g = d Y_g / Y, with the hypergeometric variance d (Y - d) / (Y - 1) times
    Y_g / Y (1[g = h] - Y_h / Y). Late entry needs no more than the numbers at risk. With strata the
    sums are taken within each and added up.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `groep`, `dag`, `soort` (-1 entry, 0 censored, 1 or higher ended by that cause) and
        `n`; `stratum` if groups are to be compared within strata. Rows that agree are added up.
    oorzaak : int, optional
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
    naam = "log-rank" if oorzaak is None else f"log-rank, oorzaak {oorzaak}"
    return _toets(gegevens, naam, lambda curven: _logrank(curven, oorzaak))


def gray(gegevens: pd.DataFrame, *, oorzaak: int) -> Toets:
    """Test whether cumulative incidences of one cause are the same in two or more groups (Gray).

    The score of group g adds up, over days with an end by the cause, d_g - d R_g / R, where
    R_g = Y_g (1 - F_g(t-)) / S_g(t-) also counts what has ended otherwise. The variance takes the
    incidence of all groups together. With strata both are added up.

    Parameters
    ----------
    gegevens : DataFrame
        As for `logrank`.
    oorzaak : int
        Cause, 1 or higher.

    Returns
    -------
    Toets
        Equals `cuminc` of R's cmprsk (rho = 0), which knows no late entry.

    References
    ----------
    Gray (1988), doi:10.1214/aos/1176350951
    """
    return _toets(gegevens, f"Gray, oorzaak {oorzaak}", lambda curven: _gray(curven, oorzaak))


def verschil_beperkt(gegevens: pd.DataFrame, a: Hashable, b: Hashable, *, horizon: int) -> Verschil:
    """Compare the mean number of days within the first `horizon` days of two groups.

    The difference of the areas under both Kaplan-Meier curves, with a normal interval from their
    standard errors. Unlike a hazard ratio it needs no constant ratio and reads in days.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `groep`, `dag`, `soort`, `n`; other groups may be in it.
    a, b : str
        The groups: the result is a minus b.
    horizon : int
        Day up to which both curves must be known.

    References
    ----------
    Royston and Parmar (2013), doi:10.1186/1471-2288-13-152
    """
    delen = dict(_delen(gegevens, "groep"))
    for groep in (a, b):
        if groep not in delen:
            raise GebruikFout("een van de groepen komt niet voor", waar="kolom groep van de samenvatting")
    (m_a, f_a), (m_b, f_b) = (beperkt(bereken(delen[g]), horizon) for g in (a, b))
    naam = f"verschil in gemiddelde binnen {horizon} dagen"
    if math.isnan(m_a) or math.isnan(m_b):
        return Verschil(a, b, horizon, f"{naam}: niet te schatten, een curve reikt niet zo ver")
    verschil, fout = m_a - m_b, math.hypot(f_a, f_b)
    if fout <= 0:
        return Verschil(a, b, horizon, f"{naam}; geen interval: geen spreiding vast te stellen", verschil)
    half = z_waarde() * fout
    p = float(2 * special.ndtr(-abs(verschil) / fout))
    return Verschil(
        a,
        b,
        horizon,
        f"{naam}, 95%-interval (normaal)",
        verschil,
        fout,
        (verschil - half, verschil + half),
        p,
    )


def _delen(gegevens: pd.DataFrame, naam: str) -> list[tuple[Hashable, pd.DataFrame]]:
    """Return the rows per value of a column, in an order that does not depend on that of the rows."""
    if naam not in gegevens.columns:
        raise GebruikFout(
            f"de kolom '{naam}' ontbreekt", waar="de samenvatting", verwacht="groep, dag, soort en n"
        )
    return sorted(gegevens.groupby(naam, dropna=False, sort=False), key=lambda deel: str(deel[0]))


_NERGENS = "op geen dag zijn groepen te vergelijken"


def _toets(gegevens: pd.DataFrame, naam: str, score: _Rekenaar) -> Toets:
    groepen = [groep for groep, _ in _delen(gegevens, "groep")]
    strata = [d for _, d in _delen(gegevens, "stratum")] if "stratum" in gegevens.columns else [gegevens]
    som = [np.zeros(len(groepen)), np.zeros(len(groepen)), np.zeros((len(groepen), len(groepen)))]
    for stratum in strata:
        delen = _delen(stratum, "groep")
        if not delen:
            continue
        dagen = np.unique(kolom(stratum, "dag"))
        deel = score([bereken(d, dagen=dagen) for _, d in delen])
        plek = [_plek(groepen, groep) for groep, _ in delen]
        som[0][plek] += deel.waargenomen
        som[1][plek] += deel.verwacht
        som[2][np.ix_(plek, plek)] += deel.variantie
    kern = f"{naam}, gestratificeerd" if "stratum" in gegevens.columns else naam
    return _uitslag(kern, groepen, _Score(*som))


def _plek(groepen: Sequence[Hashable], groep: Hashable) -> int:
    # A missing name is not equal to itself.
    return next(i for i, g in enumerate(groepen) if g == groep or (g != g and groep != groep))


def _uitslag(naam: str, groepen: Sequence[Hashable], score: _Score) -> Toets:
    verschil = score.waargenomen - score.verwacht
    # The differences add up to zero, so one direction has no variance; a group without risk has none too.
    waarden, richtingen = np.linalg.eigh(score.variantie)
    rand = _AFRONDING * max(1e-300, float(np.abs(waarden).max(initial=0.0)))
    vast = waarden > rand
    df = int(vast.sum())
    namen, gezien, anders = tuple(groepen), tuple(score.waargenomen.tolist()), tuple(score.verwacht.tolist())
    # When hardly anybody is left, drawing without replacement can make Gray's variance negative.
    negatief = bool((waarden < -rand).any())
    if not df or negatief:
        waarom = "te weinig perioden om de variantie te schatten" if negatief else _NERGENS
        reden = f"{naam}: niet te toetsen, {waarom}"
        return Toets(reden, groepen=namen, waargenomen=gezien, verwacht=anders)
    statistiek = float(((richtingen[:, vast].T @ verschil) ** 2 / waarden[vast]).sum())
    return Toets(naam, statistiek, df, float(special.chdtrc(df, statistiek)), namen, gezien, anders)


def _logrank(curven: Sequence[Curve], oorzaak: int | None) -> _Score:
    y = np.array([c.risico for c in curven])
    d = np.array([_eind(c, oorzaak) for c in curven])
    met = d.sum(axis=0) > 0
    y, d = y[:, met], d[:, met]
    som_y, som_d = y.sum(axis=0), d.sum(axis=0)
    deel = y / som_y
    w = np.where(som_y > 1, som_d * (som_y - som_d) / np.maximum(som_y - 1, 1), 0.0)
    variantie = np.diag((w * deel).sum(axis=1)) - (w * deel) @ deel.T
    return _Score(d.sum(axis=1), (som_d * deel).sum(axis=1), variantie)


def _eind(c: Curve, oorzaak: int | None) -> Reeks:
    return c.eind if oorzaak is None else c.oorzaken.get(oorzaak, np.zeros_like(c.eind))


def _gray(curven: Sequence[Curve], oorzaak: int) -> _Score:
    """Score and variance of one stratum; rows are groups, columns days.

    The variance follows the linear part of the score. With h_g = Y_g / S_g(t-), F the incidence of
    all groups together and b_gk = h_g (1[g = k] - h_k / h), an end by the cause in group k on day s
    moves the score of g by S_k(s-) / Y_k(s) times b_gk(s) + C_gk(s) (1 - (1 - F(s)) / S_k(s)), and
    another end by -C_gk(s) (1 - F(s)) / S_k(s); C_gk(s) adds up b_gk dF / (1 - F(-)) after s. The
    numbers of ends vary as drawn without replacement.
    """
    y, s, ervoor = (np.array([getattr(c, k) for c in curven]) for k in ("risico", "overleving", "ervoor"))
    # After a curve is down to 0 later entries of that group cannot be compared any more.
    mee = (y > 0) & (ervoor > 0)
    d = np.where(mee, np.array([_eind(c, oorzaak) for c in curven]), 0.0)
    ander = np.where(mee, np.array([c.eind for c in curven]), 0.0) - d
    h = _deel(y, ervoor, mee)
    eigen = np.cumsum(_deel(ervoor * d, y, mee), axis=1)
    r = h * (1 - eigen + _deel(ervoor * d, y, mee))
    som_d, som_h = d.sum(axis=0), h.sum(axis=0)
    verwacht = _deel(r, r.sum(axis=0), mee) * som_d
    stap = _deel(som_d, som_h, som_h > 0)
    f = np.cumsum(stap)
    b = h[:, None, :] * (np.eye(len(h))[:, :, None] - _deel(h, som_h, mee)[None, :, :])
    # With late entry something may still end after the incidence has come to 1: it weighs nothing.
    over = 1 - f + stap
    c = np.cumsum(b * _deel(stap, over, over > _AFRONDING), axis=2)
    straks = c[:, :, -1:] - c
    rest = _deel(np.broadcast_to(1 - f, s.shape), s, s > 0)
    oorzaak_v = _deel(ervoor * som_d, som_h * y, mee) * _zonder_terug(som_d, som_h * ervoor)
    ander_v = _deel(ervoor**2 * ander, y**2, mee & (s > 0)) * _zonder_terug(ander, y)
    invloed = b + straks * (1 - rest)
    variantie = np.einsum("gkt,hkt,kt->gh", invloed, invloed, oorzaak_v)
    variantie += np.einsum("gkt,hkt,kt->gh", straks * rest, straks * rest, ander_v)
    return _Score(d.sum(axis=1), verwacht.sum(axis=1), variantie)


def _deel(teller: Reeks, noemer: Reeks, waar: np.ndarray) -> Reeks:
    """Return the quotient where `waar`, and 0 elsewhere."""
    uit = np.zeros(np.broadcast_shapes(teller.shape, noemer.shape))
    np.divide(teller, noemer, out=uit, where=waar)
    return uit


def _zonder_terug(d: Reeks, y: Reeks) -> Reeks:
    """Return by how much drawing d out of y without replacement lowers the variance."""
    meer = np.broadcast_to(d > 1, np.broadcast_shapes(d.shape, y.shape))
    return 1 - _deel(
        np.broadcast_to(d - 1.0, meer.shape), np.broadcast_to(y - 1.0, meer.shape), meer & (y > 1)
    )

"""The cheapest repair that there is, by integer programming, where the system is small enough.

Hide a set of numbers, and see how far each target may then be from the truth. The dual of that linear
program names the published numbers that hold a target too tight: one of those must be hidden. The
cheapest set that hides one of every such group is an integer program; the two take turns until every
target is wide enough (Fischetti and Salazar-González, 2001, doi:10.1287/mnsc.47.7.1008.9785). What is
found is a proposal: in whole numbers a target may move less, so the attack decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from toekomstscenario_eval.disclosure.attack import Klok, Nummers
from toekomstscenario_eval.disclosure.system import KRAP, Reeks, Stelsel, Vlag

# Targets times numbers of one part; beyond this, or after so many turns, the quick repair stands. Numbers
# and no time, so that every machine decides the same.
_GROOTST, _BEURTEN = 600, 25
# Only a machine that is slow beyond reason comes near the end of the time; then it is not for this.
_DEEL_VAN_DE_TIJD = 0.5
# No number has to be further from the truth than this many times the width that is asked.
_VERST = 4.0


@dataclass(frozen=True)
class Voorstel:
    """What to hide instead, and whether in every part nothing cheaper would do."""

    erbij: Vlag
    bewezen: bool


@dataclass(frozen=True)
class _Deel:
    """Numbers that have equations in common: how far each may move when it is hidden, and its price."""

    a: sparse.csr_matrix
    op: Reeks
    neer: Reeks
    dicht: Vlag
    prijs: Reeks
    doelen: Nummers
    breedte: Reeks


def cheapest(
    stelsel: Stelsel, doelen: Nummers, breedte: Reeks, kosten: Reeks, snel: Vlag, *, klok: Klok
) -> Voorstel:
    """Return the cheapest numbers to hide so that every target gets its width.

    Parameters
    ----------
    stelsel : what is published before the repair
    doelen, breedte : (d,) the targets that are known too well, and the width that each must have
    kosten : (n,) what hiding costs; infinite for a number that cannot be hidden
    snel : (n,) what the quick repair hides; kept in parts that are too large, or when it costs no more
    klok : Klok

    Raises
    ------
    OnthullingsFout
        When the time is up.
    """
    eind = klok.over * _DEEL_VAN_DE_TIJD
    mag = stelsel.dicht | np.isfinite(kosten)
    deel = _parts(stelsel.matrix, mag)
    uit, bewezen = snel.copy(), True
    for stuk in np.unique(deel[doelen]):
        eigen, mijn = (deel == stuk) & mag, deel[doelen] == stuk
        kolommen = np.flatnonzero(eigen)
        beste = None
        if int(mijn.sum()) * len(kolommen) <= _GROOTST and klok.over > eind:
            beste = _solve(_take(stelsel, kolommen, doelen[mijn], breedte[mijn], kosten), klok)
        bewezen &= beste is not None
        if beste is not None and kosten[kolommen[beste]].sum() < kosten[snel & eigen].sum() - KRAP:
            uit &= ~eigen
            uit[kolommen[beste]] = True
    return Voorstel(uit, bewezen)


def _parts(matrix: sparse.csr_matrix, mag: Vlag) -> Nummers:
    """Return the part of every number; parts have no equation over movable numbers in common."""
    a = abs(matrix).multiply(sparse.csr_matrix(mag.astype(np.float64))).tocsr()
    _, deel = sparse.csgraph.connected_components(a.T @ a, directed=False)
    return np.asarray(deel, dtype=np.int64)


def _take(stelsel: Stelsel, kolommen: Nummers, doelen: Nummers, breedte: Reeks, kosten: Reeks) -> _Deel:
    a = stelsel.matrix[:, kolommen]
    w, onder, boven = (r[kolommen] for r in (stelsel.waarden, stelsel.onder, stelsel.boven))
    dicht = stelsel.dicht[kolommen]
    ver = _VERST * float(breedte.max())
    return _Deel(
        a[np.diff(a.indptr) > 0],
        np.where(dicht, np.minimum(boven - w, ver), ver),
        np.where(dicht, np.minimum(w - onder, ver), np.clip(w, 0.0, ver)),
        dicht,
        np.where(dicht, 0.0, kosten[kolommen]),
        np.searchsorted(kolommen, doelen).astype(np.int64),
        breedte,
    )


def _solve(d: _Deel, klok: Klok) -> Vlag | None:
    """Return which numbers of a part to hide; None when that is not settled in the turns there are."""
    gekozen, groepen = np.zeros(len(d.prijs), dtype=bool), list[Vlag]()
    for _ in range(_BEURTEN):
        nieuw = [g for doel, breed in zip(d.doelen, d.breedte, strict=True)
                 if (g := _held_by(d, gekozen, int(doel), float(breed), klok)) is not None]  # fmt: skip
        if not nieuw:
            return gekozen
        if any(not g.any() for g in nieuw):
            return None
        groepen += nieuw
        antwoord = optimize.milp(
            d.prijs,
            integrality=np.ones(len(d.prijs)),
            bounds=optimize.Bounds(0.0, np.where(d.dicht, 0.0, 1.0)),
            constraints=optimize.LinearConstraint(np.array(groepen, dtype=np.float64), 1.0, np.inf),
            options={"time_limit": klok.over},
        )
        if antwoord.status != 0:
            _ = klok.over
            return None
        gekozen = np.asarray(antwoord.x > 0.5)
    return None


def _held_by(d: _Deel, gekozen: Vlag, doel: int, breedte: float, klok: Klok) -> Vlag | None:
    """Return the published numbers that keep a target too tight; None when it is wide enough."""
    los = d.dicht | gekozen
    wijd, groep = 0.0, np.zeros(len(los), dtype=bool)
    for kant in (-1.0, 1.0):
        c = np.zeros(len(los))
        c[doel] = kant
        antwoord = optimize.linprog(
            c,
            A_eq=d.a if d.a.shape[0] else None,
            b_eq=np.zeros(d.a.shape[0]) if d.a.shape[0] else None,
            bounds=np.column_stack((np.where(los, -d.neer, 0.0), np.where(los, d.op, 0.0))),
            method="highs",
            options={"time_limit": klok.over},
        )
        if antwoord.status != 0:
            _ = klok.over
            return np.zeros(len(los), dtype=bool)
        wijd -= float(antwoord.fun)
        groep |= np.abs(antwoord.lower.marginals + antwoord.upper.marginals) > KRAP
    return None if wijd >= breedte - KRAP else groep & ~los

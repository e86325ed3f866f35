"""The attack: for each hidden number the interval that follows from everything published.

An interval that is wide enough is proved by two solutions in whole numbers that differ that much;
one that is too narrow by an optimum of linear or integer programming (HiGHS). Components of the
system have nothing to do with each other, so one program attacks a number in each of them at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from toekomstscenario_eval.disclosure.system import KRAP, Reeks, Rest, Stelsel, Vlag, presolve
from toekomstscenario_eval.errors import OnthullingsFout

Nummers = npt.NDArray[np.int64]
TIJD = 60.0
# Further from a whole number than this is not rounding of the solver.
_HEEL = 1e-5
# Moves of many numbers at once, before each is looked at by itself.
_OOGST = 12
_RUW = 0.5


@dataclass(frozen=True)
class Aanval:
    """What an attacker may know of each target.

    Attributes
    ----------
    doelen : (d,) columns of the system
    laag, hoog : (d,) an interval that surely holds solutions at both ends; where `veilig` is
        false, the whole interval
    veilig : (d,) whether the interval is as wide as it must be
    """

    doelen: Nummers
    laag: Reeks
    hoog: Reeks
    veilig: Vlag


class Klok:
    """A bounded time; after it nothing is released."""

    def __init__(self, seconden: float) -> None:
        self._eind = time.monotonic() + seconden

    @property
    def over(self) -> float:
        """Seconds left; OnthullingsFout when there are none."""
        rest = self._eind - time.monotonic()
        if rest <= 0:
            raise OnthullingsFout(
                "de aanval op de vrijgave kwam niet op tijd klaar",
                herstel="geef minder uitsplitsingen tegelijk vrij; zonder uitkomst wordt niets vrijgegeven",
            )
        return rest


def attack(stelsel: Stelsel, doelen: Nummers, breedte: Reeks, *, klok: Klok | None = None) -> Aanval:
    """Return for each target whether its interval is as wide as `breedte`.

    Parameters
    ----------
    stelsel : Stelsel
    doelen : (d,) columns that must not be known
    breedte : (d,) width that each interval must have

    Raises
    ------
    OnthullingsFout
        When the time is up, or the solver has no answer.
    """
    klok = klok or Klok(TIJD)
    rest = presolve(stelsel)
    zoek = _Zoeker(rest, stelsel, klok)
    plaats = np.full(len(stelsel.waarden), -1, dtype=np.int64)
    plaats[rest.kolommen] = np.arange(len(rest.kolommen))
    buiten = rest.hoog - rest.laag
    # Whoever cannot be wide enough by the bounds alone needs no search to be found out.
    open_ = (plaats[doelen] >= 0) & (buiten[doelen] >= breedte - KRAP)
    nodig = np.zeros(len(rest.kolommen))
    np.maximum.at(nodig, plaats[doelen[open_]], breedte[open_])
    zoek.prove(nodig)
    laag, hoog = rest.laag[doelen].copy(), rest.hoog[doelen].copy()
    p = plaats[doelen[open_]]
    laag[open_], hoog[open_] = zoek.laag[p], zoek.hoog[p]
    veilig = np.zeros(len(doelen), dtype=bool)
    veilig[open_] = (hoog - laag)[open_] >= breedte[open_] - KRAP
    w = stelsel.waarden[doelen]
    return Aanval(doelen, w + laag, w + hoog, veilig)


class _Zoeker:
    """Solutions found so far, as the lowest and the highest that each unknown took."""

    def __init__(self, rest: Rest, stelsel: Stelsel, klok: Klok) -> None:
        self.klok = klok
        self.a, self.deel = rest.matrix, rest.deel
        self.onder, self.boven = rest.laag[rest.kolommen], rest.hoog[rest.kolommen]
        self.geheel = stelsel.geheel[rest.kolommen]
        self.laag = np.zeros(len(rest.kolommen))
        self.hoog = np.zeros(len(rest.kolommen))
        self.rij_deel = self._rows()

    def _rows(self) -> Nummers:
        if not self.a.shape[0]:
            return np.zeros(0, dtype=np.int64)
        eerste = self.a.indices[self.a.indptr[:-1]]
        return np.asarray(self.deel[eerste], dtype=np.int64)

    def prove(self, nodig: Reeks) -> None:
        """Search until each unknown is as wide as `nodig`, or known to be narrower."""
        self._plain()
        self._harvest(nodig)
        smal = np.zeros(len(nodig), dtype=bool)
        geprobeerd = np.zeros((2, len(nodig)), dtype=bool)
        while True:
            mist = nodig - (self.hoog - self.laag)
            wacht = np.flatnonzero((mist > KRAP) & ~smal)
            if not len(wacht):
                return
            # In each component the one that is furthest from wide enough.
            volgorde = wacht[np.argsort(-mist[wacht], kind="stable")]
            _, eerste = np.unique(self.deel[volgorde], return_index=True)
            keus = volgorde[eerste]
            kant = np.where(geprobeerd[0, keus], -1.0, 1.0)
            self._step(keus, kant)
            geprobeerd[(kant < 0).astype(int), keus] = True
            klaar = keus[geprobeerd[:, keus].all(axis=0)]
            smal[klaar] = (self.hoog - self.laag)[klaar] < nodig[klaar] - KRAP

    def _harvest(self, nodig: Reeks) -> None:
        """Move many unknowns at once, in all components: most prove wide that way."""
        kans = np.random.default_rng(0)
        for ronde in range(_OOGST):
            mist = nodig - (self.hoog - self.laag) > KRAP
            if np.bincount(self.deel[mist]).max(initial=0) <= 2 * (_OOGST - ronde):
                return
            self._move(np.where(mist, kans.uniform(-1, 1, len(mist)), 0.0), speling=_RUW)

    def _plain(self) -> None:
        """Where at most one equation binds, every bound that it leaves can be reached."""
        aantal = int(self.deel.max(initial=-1)) + 1
        rijen = np.bincount(self.rij_deel, minlength=aantal)
        # With other coefficients than one, not every whole number within the bounds can be reached.
        per_rij = np.repeat(np.arange(self.a.shape[0]), np.diff(self.a.indptr))
        anders = np.abs(np.abs(self.a.data) - 1) > KRAP
        gewogen = np.bincount(self.rij_deel[per_rij[anders]], minlength=aantal) > 0
        los = ((rijen <= 1) & ~gewogen)[self.deel]
        self.laag[los], self.hoog[los] = self.onder[los], self.boven[los]

    def _step(self, keus: Nummers, kant: Reeks) -> None:
        """Find the highest (or lowest) value of each of `keus`, which lie in different components."""
        doel = np.zeros(len(self.deel))
        doel[keus] = -kant
        self._move(doel)

    def _move(self, doel: Reeks, *, speling: float = 0.0) -> None:
        """Minimise `doel` in the components that it says anything about, and keep what was found.

        With `speling` a solution in whole numbers that far from the best is good enough.
        """
        actief = np.zeros(int(self.deel.max(initial=-1)) + 1, dtype=bool)
        actief[self.deel[doel != 0]] = True
        kolommen, rijen = np.flatnonzero(actief[self.deel]), np.flatnonzero(actief[self.rij_deel])
        deelmatrix = self.a[rijen][:, kolommen]
        x = solve_lp(doel[kolommen], deelmatrix, self.onder[kolommen], self.boven[kolommen], self.klok)
        fout = self.geheel[kolommen] & (np.abs(x - np.round(x)) > _HEEL)
        for stuk in np.unique(self.deel[kolommen][fout]):
            self._whole(stuk, kolommen, rijen, doel, x, speling)
        self.laag[kolommen] = np.minimum(self.laag[kolommen], x)
        self.hoog[kolommen] = np.maximum(self.hoog[kolommen], x)

    def _whole(
        self, stuk: int, kolommen: Nummers, rijen: Nummers, doel: Reeks, x: Reeks, speling: float
    ) -> None:
        """Replace the part of `x` in one component by the optimum in whole numbers."""
        eigen = self.deel[kolommen] == stuk
        k, r = kolommen[eigen], rijen[self.rij_deel[rijen] == stuk]
        antwoord = optimize.milp(
            doel[k],
            integrality=self.geheel[k].astype(int),
            bounds=optimize.Bounds(self.onder[k], self.boven[k]),
            constraints=optimize.LinearConstraint(self.a[r][:, k].tocsc(), 0.0, 0.0),
            options={"time_limit": self.klok.over, "mip_rel_gap": speling},
        )
        x[eigen] = _answer(antwoord, self.klok)


def solve_lp(doel: Reeks, a: sparse.csr_matrix, onder: Reeks, boven: Reeks, klok: Klok) -> Reeks:
    """Minimise `doel` over `a @ x = 0` within bounds; OnthullingsFout without an answer."""
    antwoord = optimize.linprog(
        doel,
        A_eq=a if a.shape[0] else None,
        b_eq=np.zeros(a.shape[0]) if a.shape[0] else None,
        bounds=np.column_stack((onder, boven)),
        method="highs",
        options={"time_limit": klok.over},
    )
    return _answer(antwoord, klok)


def _answer(antwoord: optimize.OptimizeResult, klok: Klok) -> Reeks:
    if antwoord.status != 0 or antwoord.x is None:
        _ = klok.over
        raise OnthullingsFout(
            "de aanval op de vrijgave gaf geen uitkomst",
            kreeg=f"status {antwoord.status} van de oplosser",
            herstel="geef minder uitsplitsingen tegelijk vrij; zonder uitkomst wordt niets vrijgegeven",
        )
    return np.asarray(antwoord.x, dtype=np.float64)

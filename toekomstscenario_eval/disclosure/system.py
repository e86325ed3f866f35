"""Published numbers as linear equations, and what follows from those without any search.

Every number that a reader could ask for is an unknown; what is published is known, or known up to
its rounding; what adds up is an equation. The truth solves the system, so everything is counted
from the truth: the unknowns are how far a number may be from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

Reeks = npt.NDArray[np.float64]
Vlag = npt.NDArray[np.bool_]

# Beyond this nobody needs to look: an interval this wide tells nothing.
RUIM = 1e6
KRAP = 1e-7
_RONDES = 25


@dataclass(frozen=True)
class Stelsel:
    """Equations `matrix @ x = 0` that the true values solve, and what is known of each value.

    Attributes
    ----------
    waarden : (n,) true values
    matrix : (m, n) sparse
    onder, boven : (n,) the bounds that a reader knows; equal where a number is published as it is
    geheel : (n,) whether the value is a whole number
    """

    waarden: Reeks
    matrix: sparse.csr_matrix
    onder: Reeks
    boven: Reeks
    geheel: Vlag = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self) -> None:
        n = len(self.waarden)
        if not self.geheel.size:
            object.__setattr__(self, "geheel", np.ones(n, dtype=bool))
        if self.matrix.shape[1] != n or not n == len(self.onder) == len(self.boven) == len(self.geheel):
            raise ValueError("een stelsel met ongelijke lengtes")
        fout = np.abs(self.matrix @ self.waarden) > 1e-6 * (1 + abs(self.matrix) @ np.abs(self.waarden))
        speling = KRAP * (1 + np.abs(self.waarden))
        buiten = (self.waarden < self.onder - speling) | (self.waarden > self.boven + speling)
        if fout.any() or buiten.any():
            raise ValueError("een stelsel dat de ware waarden niet toelaat")

    @property
    def dicht(self) -> Vlag:
        """Which values are not published as they are."""
        return self.boven - self.onder > KRAP

    def met_open(self, open_: Vlag) -> Stelsel:
        """Return the system in which the values marked are published as they are as well."""
        return Stelsel(
            self.waarden,
            self.matrix,
            np.where(open_, self.waarden, self.onder),
            np.where(open_, self.waarden, self.boven),
            self.geheel,
        )

    def met_dicht(self, dicht: Vlag) -> Stelsel:
        """Return the system in which the values marked are hidden, and known not to be negative."""
        return Stelsel(
            self.waarden,
            self.matrix,
            np.where(dicht, np.minimum(0.0, self.waarden), self.onder),
            np.where(dicht, np.inf, self.boven),
            self.geheel,
        )


def build(waarden: Reeks, rijen: list[tuple[list[int], list[float]]], open_: Vlag) -> Stelsel:
    """Return the system of values from 0, of which those marked are published as they are.

    Parameters
    ----------
    rijen : list of (columns, coefficients)
    """
    lengtes = [len(kolommen) for kolommen, _ in rijen]
    matrix = sparse.csr_matrix(
        (
            np.array([c for _, cs in rijen for c in cs], dtype=np.float64),
            np.array([k for ks, _ in rijen for k in ks], dtype=np.int64),
            np.concatenate(([0], np.cumsum(lengtes))).astype(np.int64),
        ),
        shape=(len(rijen), len(waarden)),
    )
    return Stelsel(
        waarden,
        matrix,
        np.where(open_, waarden, np.minimum(0.0, waarden)),
        np.where(open_, waarden, np.inf),
        np.abs(waarden - np.round(waarden)) < KRAP,
    )


@dataclass(frozen=True)
class Rest:
    """What is left of a system: unknowns that may move, as distance to the truth.

    Attributes
    ----------
    laag, hoog : (n,) bounds of the distance that follow without search; 0 where nothing may move
    kolommen : (k,) the unknowns that may move
    matrix : (r, k) the equations between them
    deel : (k,) the component of each; components have no equation in common
    """

    laag: Reeks
    hoog: Reeks
    kolommen: npt.NDArray[np.int64]
    matrix: sparse.csr_matrix
    deel: npt.NDArray[np.int64]


def presolve(stelsel: Stelsel) -> Rest:
    """Fix what an equation determines, tighten bounds, and split into components."""
    w = stelsel.waarden
    laag = np.clip(stelsel.onder - w, -RUIM, 0.0)
    hoog = np.clip(stelsel.boven - w, 0.0, RUIM)
    a = _tighten(stelsel.matrix, laag, hoog)
    vrij = hoog - laag > KRAP
    kolommen = np.flatnonzero(vrij)
    a = a[:, kolommen]
    a = a[np.diff(a.indptr) > 0]
    graaf = (abs(a).T @ abs(a)) if a.shape[0] else sparse.csr_matrix((len(kolommen), len(kolommen)))
    _, deel = sparse.csgraph.connected_components(graaf, directed=False)
    return Rest(laag, hoog, kolommen, a, deel.astype(np.int64))


def _tighten(matrix: sparse.csr_matrix, laag: Reeks, hoog: Reeks) -> sparse.csr_matrix:
    """Tighten `laag` and `hoog` in place by every equation by itself; return what still binds."""
    a = matrix.tocsr()
    for _ in range(_RONDES):
        vast = hoog - laag <= KRAP
        laag[vast] = hoog[vast] = 0.0
        a = a[:, :].multiply(sparse.csr_matrix((~vast).astype(np.float64))).tocsr()
        a.eliminate_zeros()
        a = a[np.diff(a.indptr) > 0]
        if not a.shape[0] or not _round(a.tocoo(), laag, hoog):
            break
    vast = hoog - laag <= KRAP
    laag[vast] = hoog[vast] = 0.0
    a = a.multiply(sparse.csr_matrix((~vast).astype(np.float64))).tocsr()
    a.eliminate_zeros()
    return a


def _round(a: sparse.coo_matrix, laag: Reeks, hoog: Reeks) -> bool:
    """Do one round of tightening; return whether anything changed much."""
    rij, kolom, c = a.row, a.col, a.data
    klein = np.where(c > 0, c * laag[kolom], c * hoog[kolom])
    groot = np.where(c > 0, c * hoog[kolom], c * laag[kolom])
    som_klein = np.bincount(rij, klein, minlength=a.shape[0])
    som_groot = np.bincount(rij, groot, minlength=a.shape[0])
    # The term of this unknown equals minus the sum of the others.
    tot = -(som_klein[rij] - klein) / c
    van = -(som_groot[rij] - groot) / c
    boven, onder = np.where(c > 0, tot, van), np.where(c > 0, van, tot)
    nieuw_hoog, nieuw_laag = hoog.copy(), laag.copy()
    np.minimum.at(nieuw_hoog, kolom, boven + KRAP / 10)
    np.maximum.at(nieuw_laag, kolom, onder - KRAP / 10)
    # The truth itself always fits.
    nieuw_hoog, nieuw_laag = np.maximum(nieuw_hoog, 0.0), np.minimum(nieuw_laag, 0.0)
    winst = float((hoog - nieuw_hoog).sum() + (nieuw_laag - laag).sum())
    laag[:], hoog[:] = nieuw_laag, nieuw_hoog
    return winst > 0.5

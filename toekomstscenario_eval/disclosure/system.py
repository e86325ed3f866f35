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
Flag = npt.NDArray[np.bool_]

# Beyond this nobody needs to look: an interval this wide tells nothing.
AMPLE = 1e6
TIGHT = 1e-7
_ROUNDS = 25


@dataclass(frozen=True)
class System:
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
    geheel: Flag = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self) -> None:
        n = len(self.waarden)
        if not self.geheel.size:
            object.__setattr__(self, "geheel", np.ones(n, dtype=bool))
        if self.matrix.shape[1] != n or not n == len(self.onder) == len(self.boven) == len(self.geheel):
            raise ValueError("een stelsel met ongelijke lengtes")
        fout = np.abs(self.matrix @ self.waarden) > 1e-6 * (1 + abs(self.matrix) @ np.abs(self.waarden))
        slack = TIGHT * (1 + np.abs(self.waarden))
        outside = (self.waarden < self.onder - slack) | (self.waarden > self.boven + slack)
        if fout.any() or outside.any():
            raise ValueError("een stelsel dat de ware waarden niet toelaat")

    @property
    def shut(self) -> Flag:
        """Which values are not published as they are."""
        return self.boven - self.onder > TIGHT

    def with_open(self, open_: Flag) -> System:
        """Return the system in which the values marked are published as they are as well."""
        return System(
            self.waarden,
            self.matrix,
            np.where(open_, self.waarden, self.onder),
            np.where(open_, self.waarden, self.boven),
            self.geheel,
        )

    def with_dense(self, shut: Flag) -> System:
        """Return the system in which the values marked are hidden, and known not to be negative."""
        return System(
            self.waarden,
            self.matrix,
            np.where(shut, np.minimum(0.0, self.waarden), self.onder),
            np.where(shut, np.inf, self.boven),
            self.geheel,
        )


def build(waarden: Reeks, rows: list[tuple[list[int], list[float]]], open_: Flag) -> System:
    """Return the system of values from 0, of which those marked are published as they are.

    Parameters
    ----------
    rows : list of (columns, coefficients)
    """
    lengths = [len(columns) for columns, _ in rows]
    matrix = sparse.csr_matrix(
        (
            np.array([c for _, cs in rows for c in cs], dtype=np.float64),
            np.array([k for ks, _ in rows for k in ks], dtype=np.int64),
            np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        ),
        shape=(len(rows), len(waarden)),
    )
    return System(
        waarden,
        matrix,
        np.where(open_, waarden, np.minimum(0.0, waarden)),
        np.where(open_, waarden, np.inf),
        np.abs(waarden - np.round(waarden)) < TIGHT,
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


def presolve(system: System) -> Rest:
    """Fix what an equation determines, tighten bounds, and split into components."""
    w = system.waarden
    low = np.clip(system.onder - w, -AMPLE, 0.0)
    high = np.clip(system.boven - w, 0.0, AMPLE)
    a = _tighten(system.matrix, low, high)
    free = high - low > TIGHT
    columns = np.flatnonzero(free)
    a = a[:, columns]
    a = a[np.diff(a.indptr) > 0]
    graph = (abs(a).T @ abs(a)) if a.shape[0] else sparse.csr_matrix((len(columns), len(columns)))
    _, part = sparse.csgraph.connected_components(graph, directed=False)
    return Rest(low, high, columns, a, part.astype(np.int64))


def _tighten(matrix: sparse.csr_matrix, low: Reeks, high: Reeks) -> sparse.csr_matrix:
    """Tighten `low` and `high` in place by every equation by itself; return what still binds."""
    a = matrix.tocsr()
    for _ in range(_ROUNDS):
        vast = high - low <= TIGHT
        low[vast] = high[vast] = 0.0
        a = a[:, :].multiply(sparse.csr_matrix((~vast).astype(np.float64))).tocsr()
        a.eliminate_zeros()
        a = a[np.diff(a.indptr) > 0]
        if not a.shape[0] or not _round(a.tocoo(), low, high):
            break
    vast = high - low <= TIGHT
    low[vast] = high[vast] = 0.0
    a = a.multiply(sparse.csr_matrix((~vast).astype(np.float64))).tocsr()
    a.eliminate_zeros()
    return a


def _round(a: sparse.coo_matrix, low: Reeks, high: Reeks) -> bool:
    """Do one round of tightening; return whether anything changed much."""
    row, column, c = a.row, a.col, a.data
    small = np.where(c > 0, c * low[column], c * high[column])
    large = np.where(c > 0, c * high[column], c * low[column])
    total_small = np.bincount(row, small, minlength=a.shape[0])
    total_large = np.bincount(row, large, minlength=a.shape[0])
    # The term of this unknown equals minus the sum of the others.
    stop = -(total_small[row] - small) / c
    start = -(total_large[row] - large) / c
    above, under = np.where(c > 0, stop, start), np.where(c > 0, start, stop)
    new_high, new_low = high.copy(), low.copy()
    np.minimum.at(new_high, column, above + TIGHT / 10)
    np.maximum.at(new_low, column, under - TIGHT / 10)
    # The truth itself always fits.
    new_high, new_low = np.maximum(new_high, 0.0), np.minimum(new_low, 0.0)
    gain = float((high - new_high).sum() + (new_low - low).sum())
    low[:], high[:] = new_low, new_high
    return gain > 0.5

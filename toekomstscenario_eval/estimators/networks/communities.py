"""Communities: groups that are tied more among themselves than chance would have it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Labels = NDArray[np.int64]
# Above this networkx takes seconds per run, and stability asks for several.
NETWORKX_TOT = 5_000
_RONDES, _GENOEG = 40, 1e-7


@dataclass(frozen=True)
class Communities:
    """The best of several runs, and how alike the runs are.

    Attributes
    ----------
    groep : array of shape (actors,)
        Community of each actor, numbered from the largest (0) down.
    modulariteit : float
    stabiliteit : float
        Mean adjusted Rand index over pairs of runs with different seeds: 1 is the same each time,
        0 no more alike than chance.
    runs : int
    """

    groep: Labels
    modulariteit: float
    stabiliteit: float
    runs: int

    @property
    def aantal(self) -> int:
        """Number of communities."""
        return int(self.groep.max()) + 1 if len(self.groep) else 0


def modularity(matrix: sparse.csr_array, groep: NDArray[Any]) -> float:
    """Return the share of the weight within groups, less that expected by strength; NaN without ties.

    Reference: Newman & Girvan 2004, doi 10.1103/PhysRevE.69.026113.
    """
    sterkte = np.asarray(matrix.sum(axis=1), dtype=np.float64).reshape(-1)
    totaal = float(sterkte.sum())
    if not totaal:
        return np.nan
    rij = np.repeat(np.arange(int(matrix.shape[0])), np.diff(matrix.indptr))
    binnen = float(np.sum(matrix.data[groep[rij] == groep[matrix.indices]]))
    per_groep = np.bincount(groep, weights=sterkte)
    return binnen / totaal - float(np.sum((per_groep / totaal) ** 2))


def communities(
    matrix: sparse.csr_array, *, seed: int = 0, runs: int = 10, networkx_tot: int = NETWORKX_TOT
) -> Communities:
    """Find communities by the Louvain method, from several seeds.

    Parameters
    ----------
    matrix : csr_array
        Symmetric weights, no diagonal.
    runs : int
        Different seeds; the run with the highest modularity counts.
    networkx_tot : int
        Up to this number of actors networkx does it; above, the same method moves many actors at once.

    Reference: Blondel et al. 2008, doi 10.1088/1742-5468/2008/10/P10008; stability: Hubert & Arabie
    1985, doi 10.1007/BF01908075.
    """
    n = int(matrix.shape[0])
    if not matrix.nnz:
        return Communities(np.arange(n), np.nan, np.nan, 0)
    zaden = np.random.default_rng(seed).integers(0, 2**31, size=runs).tolist()
    if n <= networkx_tot:
        graaf = nx.from_scipy_sparse_array(matrix)
        gevonden = [_by_networkx(graaf, n, zaad) for zaad in zaden]
    else:
        gevonden = [louvain(matrix, seed=zaad) for zaad in zaden]
    waarden = [modularity(matrix, g) for g in gevonden]
    gelijk = [adjusted_rand(a, b) for a, b in combinations(gevonden, 2)]
    beste = int(np.argmax(waarden))
    return Communities(
        _by_size(gevonden[beste]), waarden[beste], float(np.mean(gelijk)) if gelijk else np.nan, runs
    )


def _by_networkx(graaf: nx.Graph, n: int, seed: int) -> Labels:
    uit = np.empty(n, dtype=np.int64)
    for i, leden in enumerate(nx.community.louvain_communities(graaf, seed=seed)):
        uit[list(leden)] = i
    return uit


def _by_size(groep: Labels) -> Labels:
    """Number groups from the largest down; equal sizes by their first member."""
    _, eerste, terug, aantal = np.unique(groep, return_index=True, return_inverse=True, return_counts=True)
    rang = np.empty(len(aantal), dtype=np.int64)
    rang[np.lexsort((eerste, -aantal))] = np.arange(len(aantal))
    return rang[terug]


def adjusted_rand(een: NDArray[Any], twee: NDArray[Any]) -> float:
    """Return how alike two partitions are, corrected for chance."""
    n = len(een)
    tabel = sparse.coo_array((np.ones(n), (een, twee))).tocsr()
    tabel.sum_duplicates()

    def paren(x: NDArray[Any]) -> float:
        return float(np.sum(x * (x - 1)) / 2)

    samen = paren(tabel.data)
    a, b = (paren(np.asarray(tabel.sum(axis=k)).reshape(-1)) for k in (0, 1))
    verwacht, hoogste = a * b / max(n * (n - 1) / 2, 1), (a + b) / 2
    return 1.0 if hoogste == verwacht else (samen - verwacht) / (hoogste - verwacht)


def louvain(matrix: sparse.csr_array, *, seed: int) -> Labels:
    """Return communities by Louvain in rounds in which half of the actors may move at once.

    For networks of ten thousands of actors: the work of a round is one sort of the ties.
    """
    rng = np.random.default_rng(seed)
    graaf, groep = sparse.csr_array(matrix, dtype=np.float64), np.arange(int(matrix.shape[0]))
    vorige = -np.inf
    while True:
        deel = _move(graaf, rng)
        _, deel = np.unique(deel, return_inverse=True)
        waarde = modularity(graaf, deel)
        if waarde <= vorige + _GENOEG:
            return groep
        vorige, groep = waarde, deel[groep]
        n, k = int(graaf.shape[0]), int(deel.max()) + 1
        lid = sparse.csr_array((np.ones(n), (np.arange(n), deel)), shape=(n, k))
        graaf = sparse.csr_array(lid.T @ graaf @ lid)


def _move(graaf: sparse.csr_array, rng: np.random.Generator) -> Labels:
    """Move actors to the group that gains most, until hardly any would."""
    n = int(graaf.shape[0])
    sterkte = np.asarray(graaf.sum(axis=1)).reshape(-1)
    los = sparse.csr_array(graaf - sparse.diags_array(graaf.diagonal()))
    los.eliminate_zeros()
    groep = np.arange(n, dtype=np.int64)
    beste, hoogste = groep.copy(), modularity(graaf, groep)
    for _ in range(_RONDES):
        wie = np.flatnonzero((rng.random(n) < 0.5) & (np.diff(los.indptr) > 0))
        waar, beter = _best_group(los, wie, groep, sterkte)
        groep[wie[beter]] = waar[beter]
        waarde = modularity(graaf, groep)
        if waarde > hoogste:
            beste, hoogste = groep.copy(), waarde
        if np.count_nonzero(beter) <= len(wie) / 500:
            break
    return beste


def _best_group(
    los: sparse.csr_array, wie: Labels, groep: Labels, sterkte: NDArray[np.float64]
) -> tuple[Labels, NDArray[np.bool_]]:
    """Return for the actors `wie` the group that gains most, and whether it beats their own."""
    n, totaal = len(groep), float(sterkte.sum())
    lid = sparse.csr_array((np.ones(n), (np.arange(n), groep)), shape=(n, n))
    som = sparse.csr_array(los[wie] @ lid)
    aantal = np.diff(som.indptr)
    rij = np.repeat(np.arange(len(wie)), aantal)
    eigen = som.indices == groep[wie][rij]
    k = sterkte[wie]
    omvang = np.bincount(groep, weights=sterkte, minlength=n)
    winst = som.data - k[rij] * (omvang[som.indices] - np.where(eigen, k[rij], 0.0)) / totaal
    nu = -k * (omvang[groep[wie]] - k) / totaal
    nu[rij[eigen]] = winst[eigen]
    if not len(wie):
        return groep[:0], np.zeros(0, dtype=bool)
    top = np.maximum.reduceat(winst, som.indptr[:-1])
    # Of equal gains the group with the highest number: the same whatever the order of the ties.
    waar = np.maximum.reduceat(np.where(winst == top[rij], som.indices, -1), som.indptr[:-1])
    return waar.astype(np.int64), top > nu + 1e-12

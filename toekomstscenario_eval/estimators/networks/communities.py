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
NETWORKX_UP_TO = 5_000
_ROUNDS, _ENOUGH = 40, 1e-7


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
    strength = np.asarray(matrix.sum(axis=1), dtype=np.float64).reshape(-1)
    totaal = float(strength.sum())
    if not totaal:
        return np.nan
    row = np.repeat(np.arange(int(matrix.shape[0])), np.diff(matrix.indptr))
    within = float(np.sum(matrix.data[groep[row] == groep[matrix.indices]]))
    per_groep = np.bincount(groep, weights=strength)
    return within / totaal - float(np.sum((per_groep / totaal) ** 2))


def communities(
    matrix: sparse.csr_array, *, seed: int = 0, runs: int = 10, networkx_up_to: int = NETWORKX_UP_TO
) -> Communities:
    """Find communities by the Louvain method, from several seeds.

    Parameters
    ----------
    matrix : csr_array
        Symmetric weights, no diagonal.
    runs : int
        Different seeds; the run with the highest modularity counts.
    networkx_up_to : int
        Up to this number of actors networkx does it; above, the same method moves many actors at once.

    Reference: Blondel et al. 2008, doi 10.1088/1742-5468/2008/10/P10008; stability: Hubert & Arabie
    1985, doi 10.1007/BF01908075.
    """
    n = int(matrix.shape[0])
    if not matrix.nnz:
        return Communities(np.arange(n), np.nan, np.nan, 0)
    seeds = np.random.default_rng(seed).integers(0, 2**31, size=runs).tolist()
    if n <= networkx_up_to:
        graph = nx.from_scipy_sparse_array(matrix)
        found = [_by_networkx(graph, n, seed) for seed in seeds]
    else:
        found = [louvain(matrix, seed=seed) for seed in seeds]
    waarden = [modularity(matrix, g) for g in found]
    equal = [adjusted_rand(a, b) for a, b in combinations(found, 2)]
    best = int(np.argmax(waarden))
    return Communities(_by_size(found[best]), waarden[best], float(np.mean(equal)) if equal else np.nan, runs)


def _by_networkx(graph: nx.Graph, n: int, seed: int) -> Labels:
    out = np.empty(n, dtype=np.int64)
    for i, members in enumerate(nx.community.louvain_communities(graph, seed=seed)):
        out[list(members)] = i
    return out


def _by_size(groep: Labels) -> Labels:
    """Number groups from the largest down; equal sizes by their first member."""
    _, first, back, aantal = np.unique(groep, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(aantal), dtype=np.int64)
    rank[np.lexsort((first, -aantal))] = np.arange(len(aantal))
    return rank[back]


def adjusted_rand(one: NDArray[Any], two: NDArray[Any]) -> float:
    """Return how alike two partitions are, corrected for chance."""
    n = len(one)
    table = sparse.coo_array((np.ones(n), (one, two))).tocsr()
    table.sum_duplicates()

    def pairs(x: NDArray[Any]) -> float:
        return float(np.sum(x * (x - 1)) / 2)

    together = pairs(table.data)
    a, b = (pairs(np.asarray(table.sum(axis=k)).reshape(-1)) for k in (0, 1))
    expected, highest = a * b / max(n * (n - 1) / 2, 1), (a + b) / 2
    return 1.0 if highest == expected else (together - expected) / (highest - expected)


def louvain(matrix: sparse.csr_array, *, seed: int) -> Labels:
    """Return communities by Louvain in rounds in which half of the actors may move at once.

    For networks of ten thousands of actors: the work of a round is one sort of the ties.
    """
    rng = np.random.default_rng(seed)
    graph, groep = sparse.csr_array(matrix, dtype=np.float64), np.arange(int(matrix.shape[0]))
    previous = -np.inf
    while True:
        part = _move(graph, rng)
        _, part = np.unique(part, return_inverse=True)
        waarde = modularity(graph, part)
        if waarde <= previous + _ENOUGH:
            return groep
        previous, groep = waarde, part[groep]
        n, k = int(graph.shape[0]), int(part.max()) + 1
        member = sparse.csr_array((np.ones(n), (np.arange(n), part)), shape=(n, k))
        graph = sparse.csr_array(member.T @ graph @ member)


def _move(graph: sparse.csr_array, rng: np.random.Generator) -> Labels:
    """Move actors to the group that gains most, until hardly any would."""
    n = int(graph.shape[0])
    strength = np.asarray(graph.sum(axis=1)).reshape(-1)
    loose = sparse.csr_array(graph - sparse.diags_array(graph.diagonal()))
    loose.eliminate_zeros()
    groep = np.arange(n, dtype=np.int64)
    best, highest = groep.copy(), modularity(graph, groep)
    for _ in range(_ROUNDS):
        who = np.flatnonzero((rng.random(n) < 0.5) & (np.diff(loose.indptr) > 0))
        where, better = _best_group(loose, who, groep, strength)
        groep[who[better]] = where[better]
        waarde = modularity(graph, groep)
        if waarde > highest:
            best, highest = groep.copy(), waarde
        if np.count_nonzero(better) <= len(who) / 500:
            break
    return best


def _best_group(
    loose: sparse.csr_array, who: Labels, groep: Labels, strength: NDArray[np.float64]
) -> tuple[Labels, NDArray[np.bool_]]:
    """Return for the actors `who` the group that gains most, and whether it beats their own."""
    n, totaal = len(groep), float(strength.sum())
    member = sparse.csr_array((np.ones(n), (np.arange(n), groep)), shape=(n, n))
    total = sparse.csr_array(loose[who] @ member)
    aantal = np.diff(total.indptr)
    row = np.repeat(np.arange(len(who)), aantal)
    own = total.indices == groep[who][row]
    k = strength[who]
    extent = np.bincount(groep, weights=strength, minlength=n)
    gain = total.data - k[row] * (extent[total.indices] - np.where(own, k[row], 0.0)) / totaal
    now = -k * (extent[groep[who]] - k) / totaal
    now[row[own]] = gain[own]
    if not len(who):
        return groep[:0], np.zeros(0, dtype=bool)
    top = np.maximum.reduceat(gain, total.indptr[:-1])
    # Of equal gains the group with the highest number: the same whatever the order of the ties.
    where = np.maximum.reduceat(np.where(gain == top[row], total.indices, -1), total.indptr[:-1])
    return where.astype(np.int64), top > now + 1e-12

"""Clustering: of one-mode networks, and of two-mode networks by Robins-Alexander and by Opsahl.

A projection is full of triangles because every household makes one of its professionals. The
two-mode coefficients ask instead whether professionals meet again in another household.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from toekomstscenario_eval.estimators.networks.paths import ranges
from toekomstscenario_eval.estimators.networks.projection import TwoMode, adjacency, project

Ints = NDArray[np.int64]
# Triples of one row grow with its cube; such a row is a fault in the data rather than a household.
MAX_PER_ROW = 200
_LARGEST_TABLE = 100_000_000  # bytes
# Triples to look at for triangles; more would take more memory than a report has.
MAX_TRIPLES = 25_000_000


@dataclass(frozen=True)
class Triangles:
    """Positions of three actors that are tied to each other, a < b < c, each triangle once."""

    a: Ints
    b: Ints
    c: Ints


def triples(outside: tuple[Ints, Ints]) -> int:
    """Return how many triples `triangles` looks at, from the ties `outward`."""
    per = np.bincount(outside[0], minlength=1).astype(np.int64)
    return int(np.sum(per * (per - 1)) // 2)


def outward(matrix: sparse.csr_array) -> tuple[Ints, Ints]:
    """Return every tie once, from the actor with fewer ties to the one with more.

    No actor then has more than sqrt(2 * ties) ties outward.
    """
    n = int(matrix.shape[0])
    above = sparse.triu(matrix, k=1).tocoo()
    spot = np.empty(n, dtype=np.int64)
    spot[np.lexsort((np.arange(n), np.diff(matrix.indptr)))] = np.arange(n)
    turn = spot[above.row] > spot[above.col]
    start = np.where(turn, above.col, above.row).astype(np.int64)
    return start, np.where(turn, above.row, above.col).astype(np.int64)


def triangles(matrix: sparse.csr_array, outside: tuple[Ints, Ints] | None = None) -> Triangles:
    """List the triangles of a symmetric 0/1 matrix without diagonal.

    `outside`, when given, are the ties `outward` of the same matrix.
    """
    n = int(matrix.shape[0])
    start, toward = outside or outward(matrix)
    i, j = pairs_within(start)
    one, two = np.minimum(toward[i], toward[j]), np.maximum(toward[i], toward[j])
    hit = _among(one * n + two, np.minimum(start, toward) * n + np.maximum(start, toward), n * n)
    top, one, two = start[i][hit], one[hit], two[hit]
    a, c = np.minimum(top, one), np.maximum(top, two)
    return Triangles(a, top + one + two - a - c, c)


def _among(sought: Ints, keys: Ints, limit: int) -> NDArray[np.bool_]:
    """Return which of the numbers below `limit` are among the keys: by a table when that is small."""
    if limit <= _LARGEST_TABLE:
        table = np.zeros(limit, dtype=bool)
        table[keys] = True
        return np.asarray(table[sought], dtype=bool)
    keys = np.sort(keys)
    where = np.searchsorted(keys, sought)
    hit = np.zeros(len(sought), dtype=bool)
    within = where < len(keys)
    hit[within] = keys[where[within]] == sought[within]
    return hit


def pairs_within(groep: NDArray[np.int64]) -> tuple[Ints, Ints]:
    """Return the positions of all pairs that have the same value in `groep`, each pair once."""
    order = np.argsort(groep, kind="stable").astype(np.int64)
    sorted_ = groep[order]
    _, begin, aantal = np.unique(sorted_, return_index=True, return_counts=True)
    eind = np.repeat(begin + aantal, aantal)
    spot = np.arange(len(groep))
    rest = eind - spot - 1
    i = np.repeat(spot, rest)
    j = ranges(spot + 1, rest)
    return order[i], order[j]


def transitivity(matrix: sparse.csr_array, three: Triangles | None = None) -> float:
    """Return three times the triangles over the connected triples; NaN when there are none.

    `three`, when given, are the triangles of the same matrix.
    """
    degree = np.diff(matrix.indptr).astype(np.int64)
    triples = int(np.sum(degree * (degree - 1)) // 2)
    three = three or triangles(matrix)
    return 3 * len(three.a) / triples if triples else np.nan


def robins_alexander(netwerk: TwoMode) -> float:
    """Return four times the four-cycles over the three-paths of a two-mode network.

    The share of the times that two actors who share a household, of whom one has another household,
    also share that one. NaN when there are no three-paths.

    Reference: Robins & Alexander 2004, doi 10.1023/B:CMOT.0000032580.12184.c0.
    """
    ties = netwerk.ties
    per_row = np.diff(ties.indptr).astype(np.int64)
    per_column = np.bincount(ties.indices, minlength=int(ties.shape[1])).astype(np.int64)
    # Over all pairs: households shared, squared, less those shared; the diagonal holds the degrees.
    shared = (ties.T @ ties).data.astype(np.int64)
    duplicate = int(np.sum(shared**2) - np.sum(per_column**2) - np.sum(per_row * (per_row - 1)))
    squares = duplicate // 4
    paths = int(np.sum(np.repeat(per_row - 1, per_row) * (per_column[ties.indices] - 1)))
    return 4 * squares / paths if paths else np.nan


def opsahl(netwerk: TwoMode, three: Triangles | None = None) -> float:
    """Return Opsahl's two-mode clustering of the actors: closed four-paths over four-paths.

    A four-path joins three actors through two households; it is closed when the outer two share a
    third household. NaN when there are no four-paths, or when a household has more than
    `MAX_PER_ROW` actors. `three`, when given, are the triangles of the projection.

    Reference: Opsahl 2013, doi 10.1016/j.socnet.2011.07.001.
    """
    ties, n = netwerk.ties, int(netwerk.ties.shape[1])
    per_row = np.diff(ties.indptr).astype(np.int64)
    if len(per_row) and per_row.max() > MAX_PER_ROW:
        return np.nan
    pairs = project(netwerk)
    weighted = adjacency(pairs, n, pairs.gedeeld)
    # For every middle actor: ordered pairs of ties, less those to the same actor or of one household.
    strength = np.asarray(weighted.sum(axis=1)).reshape(-1)
    same = np.asarray(weighted.multiply(weighted).sum(axis=1)).reshape(-1)
    in_one = int(np.sum(per_row * (per_row - 1) * (per_row - 2)))
    totaal = round(float(np.sum(strength**2 - same))) - in_one
    three = three or triangles(adjacency(pairs, n))
    return _closed(netwerk, weighted, three) / totaal if totaal else np.nan


def _closed(netwerk: TwoMode, weighted: sparse.csr_array, d: Triangles) -> int:
    """Return the closed four-paths, in both directions, with each of the three in the middle once."""
    if not len(d.a):
        return 0
    ab, bc, ac = _lookup(weighted, d)
    # As if no household held all three; then put right for the few triangles of which one does.
    everything = int((ab * (bc + ac) + bc * ac).sum())
    together, t = _in_one_household(netwerk)
    ab, bc, ac = _lookup(weighted, together)
    for p, q, r in ((ab, bc, ac), (ab, ac, bc), (ac, bc, ab)):
        everything += int((_closed_paths(p, q, r, t) - p * q).sum())
    return 2 * everything


def _closed_paths(p: Ints, q: Ints, over: Ints, t: Ints) -> Ints:
    """Return closed four-paths over two pairs with p and q households; t of them hold all three actors.

    A household of the path that already holds the third actor is no household to close it with.
    """
    free = (p - t) * (q - t) * (over > 0)
    half = (t * (q - t) + (p - t) * t) * (over > 1)
    return np.asarray(free + half + t * (t - 1) * (over > 2), dtype=np.int64)


def _lookup(matrix: sparse.csr_array, d: Triangles) -> tuple[Ints, Ints, Ints]:
    """Return the weights between a and b, b and c, a and c."""
    n = int(matrix.shape[0])
    if 8 * n * n <= _LARGEST_TABLE:
        table = matrix.toarray().astype(np.int64).reshape(-1)
        return table[d.a * n + d.b], table[d.b * n + d.c], table[d.a * n + d.c]

    def weight(i: Ints, j: Ints) -> Ints:
        return np.asarray(matrix[i, j]).reshape(-1).astype(np.int64)

    return weight(d.a, d.b), weight(d.b, d.c), weight(d.a, d.c)


def _in_one_household(netwerk: TwoMode) -> tuple[Triangles, Ints]:
    """Return the threes that some household holds, and how many households do."""
    ties, n = netwerk.ties, int(netwerk.ties.shape[1])
    row = np.repeat(np.arange(int(ties.shape[0]), dtype=np.int64), np.diff(ties.indptr))
    column = ties.indices.astype(np.int64)
    order = np.lexsort((column, row))
    row, column = row[order], column[order]
    i, j = pairs_within(row)
    # A pair and a third actor of the same household that comes after both.
    eind = np.searchsorted(row, row, side="right")
    rest = (eind[j] - j - 1).astype(np.int64)
    k = ranges(j + 1, rest)
    i, j = np.repeat(i, rest), np.repeat(j, rest)
    key, aantal = np.unique((column[i] * n + column[j]) * n + column[k], return_counts=True)
    pair, c = np.divmod(key, n)
    return Triangles(*np.divmod(pair, n), c), aantal.astype(np.int64)

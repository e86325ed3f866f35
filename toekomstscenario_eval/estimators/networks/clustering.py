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
MEESTE_PER_RIJ = 200
_GROOTSTE_TABEL = 100_000_000  # bytes
# Triples to look at for triangles; more would take more memory than a report has.
MEESTE_DRIETALLEN = 25_000_000


@dataclass(frozen=True)
class Triangles:
    """Positions of three actors that are tied to each other, a < b < c, each triangle once."""

    a: Ints
    b: Ints
    c: Ints


def triples(buiten: tuple[Ints, Ints]) -> int:
    """Return how many triples `triangles` looks at, from the ties `outward`."""
    per = np.bincount(buiten[0], minlength=1).astype(np.int64)
    return int(np.sum(per * (per - 1)) // 2)


def outward(matrix: sparse.csr_array) -> tuple[Ints, Ints]:
    """Return every tie once, from the actor with fewer ties to the one with more.

    No actor then has more than sqrt(2 * ties) ties outward.
    """
    n = int(matrix.shape[0])
    boven = sparse.triu(matrix, k=1).tocoo()
    plek = np.empty(n, dtype=np.int64)
    plek[np.lexsort((np.arange(n), np.diff(matrix.indptr)))] = np.arange(n)
    draai = plek[boven.row] > plek[boven.col]
    van = np.where(draai, boven.col, boven.row).astype(np.int64)
    return van, np.where(draai, boven.row, boven.col).astype(np.int64)


def triangles(matrix: sparse.csr_array, buiten: tuple[Ints, Ints] | None = None) -> Triangles:
    """List the triangles of a symmetric 0/1 matrix without diagonal.

    `buiten`, when given, are the ties `outward` of the same matrix.
    """
    n = int(matrix.shape[0])
    van, naar = buiten or outward(matrix)
    i, j = pairs_within(van)
    een, twee = np.minimum(naar[i], naar[j]), np.maximum(naar[i], naar[j])
    raak = _among(een * n + twee, np.minimum(van, naar) * n + np.maximum(van, naar), n * n)
    top, een, twee = van[i][raak], een[raak], twee[raak]
    a, c = np.minimum(top, een), np.maximum(top, twee)
    return Triangles(a, top + een + twee - a - c, c)


def _among(gezocht: Ints, sleutels: Ints, grens: int) -> NDArray[np.bool_]:
    """Return which of the numbers below `grens` are among the keys: by a table when that is small."""
    if grens <= _GROOTSTE_TABEL:
        tabel = np.zeros(grens, dtype=bool)
        tabel[sleutels] = True
        return np.asarray(tabel[gezocht], dtype=bool)
    sleutels = np.sort(sleutels)
    waar = np.searchsorted(sleutels, gezocht)
    raak = np.zeros(len(gezocht), dtype=bool)
    binnen = waar < len(sleutels)
    raak[binnen] = sleutels[waar[binnen]] == gezocht[binnen]
    return raak


def pairs_within(groep: NDArray[np.int64]) -> tuple[Ints, Ints]:
    """Return the positions of all pairs that have the same value in `groep`, each pair once."""
    volgorde = np.argsort(groep, kind="stable").astype(np.int64)
    gesorteerd = groep[volgorde]
    _, begin, aantal = np.unique(gesorteerd, return_index=True, return_counts=True)
    eind = np.repeat(begin + aantal, aantal)
    plek = np.arange(len(groep))
    rest = eind - plek - 1
    i = np.repeat(plek, rest)
    j = ranges(plek + 1, rest)
    return volgorde[i], volgorde[j]


def transitivity(matrix: sparse.csr_array, drie: Triangles | None = None) -> float:
    """Return three times the triangles over the connected triples; NaN when there are none.

    `drie`, when given, are the triangles of the same matrix.
    """
    graad = np.diff(matrix.indptr).astype(np.int64)
    drietallen = int(np.sum(graad * (graad - 1)) // 2)
    drie = drie or triangles(matrix)
    return 3 * len(drie.a) / drietallen if drietallen else np.nan


def robins_alexander(netwerk: TwoMode) -> float:
    """Return four times the four-cycles over the three-paths of a two-mode network.

    The share of the times that two actors who share a household, of whom one has another household,
    also share that one. NaN when there are no three-paths.

    Reference: Robins & Alexander 2004, doi 10.1023/B:CMOT.0000032580.12184.c0.
    """
    ties = netwerk.ties
    per_rij = np.diff(ties.indptr).astype(np.int64)
    per_kolom = np.bincount(ties.indices, minlength=int(ties.shape[1])).astype(np.int64)
    # Over all pairs: households shared, squared, less those shared; the diagonal holds the degrees.
    gedeeld = (ties.T @ ties).data.astype(np.int64)
    dubbel = int(np.sum(gedeeld**2) - np.sum(per_kolom**2) - np.sum(per_rij * (per_rij - 1)))
    vierkanten = dubbel // 4
    paden = int(np.sum(np.repeat(per_rij - 1, per_rij) * (per_kolom[ties.indices] - 1)))
    return 4 * vierkanten / paden if paden else np.nan


def opsahl(netwerk: TwoMode, drie: Triangles | None = None) -> float:
    """Return Opsahl's two-mode clustering of the actors: closed four-paths over four-paths.

    A four-path joins three actors through two households; it is closed when the outer two share a
    third household. NaN when there are no four-paths, or when a household has more than
    `MEESTE_PER_RIJ` actors. `drie`, when given, are the triangles of the projection.

    Reference: Opsahl 2013, doi 10.1016/j.socnet.2011.07.001.
    """
    ties, n = netwerk.ties, int(netwerk.ties.shape[1])
    per_rij = np.diff(ties.indptr).astype(np.int64)
    if len(per_rij) and per_rij.max() > MEESTE_PER_RIJ:
        return np.nan
    paren = project(netwerk)
    gewogen = adjacency(paren, n, paren.gedeeld)
    # For every middle actor: ordered pairs of ties, less those to the same actor or of one household.
    sterkte = np.asarray(gewogen.sum(axis=1)).reshape(-1)
    zelfde = np.asarray(gewogen.multiply(gewogen).sum(axis=1)).reshape(-1)
    in_een = int(np.sum(per_rij * (per_rij - 1) * (per_rij - 2)))
    totaal = round(float(np.sum(sterkte**2 - zelfde))) - in_een
    drie = drie or triangles(adjacency(paren, n))
    return _closed(netwerk, gewogen, drie) / totaal if totaal else np.nan


def _closed(netwerk: TwoMode, gewogen: sparse.csr_array, d: Triangles) -> int:
    """Return the closed four-paths, in both directions, with each of the three in the middle once."""
    if not len(d.a):
        return 0
    ab, bc, ac = _lookup(gewogen, d)
    # As if no household held all three; then put right for the few triangles of which one does.
    alles = int((ab * (bc + ac) + bc * ac).sum())
    samen, t = _in_one_household(netwerk)
    ab, bc, ac = _lookup(gewogen, samen)
    for p, q, r in ((ab, bc, ac), (ab, ac, bc), (ac, bc, ab)):
        alles += int((_closed_paths(p, q, r, t) - p * q).sum())
    return 2 * alles


def _closed_paths(p: Ints, q: Ints, over: Ints, t: Ints) -> Ints:
    """Return closed four-paths over two pairs with p and q households; t of them hold all three actors.

    A household of the path that already holds the third actor is no household to close it with.
    """
    vrij = (p - t) * (q - t) * (over > 0)
    half = (t * (q - t) + (p - t) * t) * (over > 1)
    return np.asarray(vrij + half + t * (t - 1) * (over > 2), dtype=np.int64)


def _lookup(matrix: sparse.csr_array, d: Triangles) -> tuple[Ints, Ints, Ints]:
    """Return the weights between a and b, b and c, a and c."""
    n = int(matrix.shape[0])
    if 8 * n * n <= _GROOTSTE_TABEL:
        tabel = matrix.toarray().astype(np.int64).reshape(-1)
        return tabel[d.a * n + d.b], tabel[d.b * n + d.c], tabel[d.a * n + d.c]

    def gewicht(i: Ints, j: Ints) -> Ints:
        return np.asarray(matrix[i, j]).reshape(-1).astype(np.int64)

    return gewicht(d.a, d.b), gewicht(d.b, d.c), gewicht(d.a, d.c)


def _in_one_household(netwerk: TwoMode) -> tuple[Triangles, Ints]:
    """Return the threes that some household holds, and how many households do."""
    ties, n = netwerk.ties, int(netwerk.ties.shape[1])
    rij = np.repeat(np.arange(int(ties.shape[0]), dtype=np.int64), np.diff(ties.indptr))
    kolom = ties.indices.astype(np.int64)
    volgorde = np.lexsort((kolom, rij))
    rij, kolom = rij[volgorde], kolom[volgorde]
    i, j = pairs_within(rij)
    # A pair and a third actor of the same household that comes after both.
    eind = np.searchsorted(rij, rij, side="right")
    rest = (eind[j] - j - 1).astype(np.int64)
    k = ranges(j + 1, rest)
    i, j = np.repeat(i, rest), np.repeat(j, rest)
    sleutel, aantal = np.unique((kolom[i] * n + kolom[j]) * n + kolom[k], return_counts=True)
    paar, c = np.divmod(sleutel, n)
    return Triangles(*np.divmod(paar, n), c), aantal.astype(np.int64)

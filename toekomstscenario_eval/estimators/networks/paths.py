"""Measures along shortest paths: betweenness, closeness, mean distance; exact when small, else sampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

# Up to here everything is exact; the work grows with actors times ties.
EXACT_UP_TO = 10_000
SAMPLE = 150

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sampled:
    """A centrality per actor with its standard error; zero when it is exact.

    Attributes
    ----------
    waarde, fout : array of shape (actors,)
    bronnen : int
        Actors from which paths were followed.
    exact : bool
    """

    waarde: Floats
    fout: Floats
    bronnen: int
    exact: bool


@dataclass(frozen=True)
class Paths:
    """All measures along shortest paths.

    Attributes
    ----------
    between : Sampled
        Betweenness: pairs of others whose shortest paths run through the actor (a share when there
        are more shortest paths).
    near : Sampled
        Closeness in Wasserman and Faust's form: (r - 1) / (n - 1) times (r - 1) / (sum of distances),
        with r the actors in the component, the actor included. An actor alone gets 0.
    afstand, distance_error : float
        Mean shortest path over pairs in reach of each other, and its standard error.
    """

    between: Sampled
    near: Sampled
    afstand: float
    distance_error: float


def to_rustworkx(matrix: sparse.csr_array) -> Any:
    """Return the graph of a symmetric matrix as rustworkx wants it."""
    import rustworkx as rx

    above = sparse.triu(matrix, k=1).tocoo()
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(int(matrix.shape[0])))
    graph.add_edges_from_no_data(list(zip(above.row.tolist(), above.col.tolist(), strict=True)))
    return graph


def paths(
    matrix: sparse.csr_array, *, exact_up_to: int = EXACT_UP_TO, sources: int = SAMPLE, seed: int = 0
) -> Paths:
    """Return betweenness, closeness and mean distance.

    Parameters
    ----------
    matrix : csr_array of shape (actors, actors)
        Symmetric 0/1, no diagonal.
    exact_up_to : int
        Above this number of actors the values are estimated from `sources` random actors.
    seed : int
        Of the choice of actors.

    Notes
    -----
    Exact by rustworkx (Brandes 2001, doi 10.1080/0022250X.2001.9990249). Sampled: means over random
    sources (Brandes & Pich 2007, doi 10.1142/S0218127407018403; Eppstein & Wang 2004,
    doi 10.7155/jgaa.00081), with the standard error of a sample without replacement. Betweenness is
    skewed: for an actor on few paths one more source may change much, so that two standard errors
    hold the exact value less often than 95 in 100 times.
    """
    n = int(matrix.shape[0])
    if n <= exact_up_to or sources >= n:
        return _exact(matrix)
    return _from_sample(matrix, np.random.default_rng(seed).choice(n, size=sources, replace=False))


def betweenness(matrix: sparse.csr_array, *, exact_up_to: int = EXACT_UP_TO, seed: int = 0) -> Sampled:
    """Return betweenness alone; see `paths`."""
    if int(matrix.shape[0]) <= exact_up_to:
        return _exact_betweenness(matrix)
    return paths(matrix, exact_up_to=exact_up_to, seed=seed).between


def _reach(matrix: sparse.csr_array) -> Floats:
    """Return for each actor the number of actors in its component."""
    number = csgraph.connected_components(matrix, directed=False)[1]
    return np.asarray(np.bincount(number)[number], dtype=np.float64)


def _certain(waarde: Floats) -> Sampled:
    return Sampled(waarde, np.zeros(len(waarde)), len(waarde), True)


def _exact_betweenness(matrix: sparse.csr_array) -> Sampled:
    import rustworkx as rx

    n = int(matrix.shape[0])
    out = rx.betweenness_centrality(to_rustworkx(matrix), normalized=False) if n else {}
    return _certain(np.fromiter((out[i] for i in range(n)), dtype=np.float64, count=n))


def _exact(matrix: sparse.csr_array) -> Paths:
    import rustworkx as rx

    n = int(matrix.shape[0])
    if not n:
        return Paths(_certain(np.zeros(0)), _certain(np.zeros(0)), np.nan, np.nan)
    near = rx.closeness_centrality(to_rustworkx(matrix), wf_improved=True)
    closeness = np.fromiter((near[i] for i in range(n)), dtype=np.float64, count=n)
    r = _reach(matrix)
    # Closeness holds the summed distance of each actor.
    counts = closeness > 0
    total = float(np.sum((r[counts] - 1) ** 2 / ((n - 1) * closeness[counts])))
    pairs = float(np.sum(r - 1))
    middle = total / pairs if pairs else np.nan
    return Paths(_exact_betweenness(matrix), _certain(closeness), middle, 0.0 if pairs else np.nan)


def _from_sample(matrix: sparse.csr_array, chosen: Ints) -> Paths:
    n, k = int(matrix.shape[0]), len(chosen)
    between, between2, far, far2, seen = (np.zeros(n) for _ in range(5))
    sums, aantallen = np.zeros(k), np.zeros(k)
    for i, source in enumerate(chosen.tolist()):
        distance, part = _one_source(matrix, source)
        between += part
        between2 += part * part
        d = np.maximum(distance, 0).astype(np.float64)
        far += d
        far2 += d * d
        seen += distance >= 0
        sums[i], aantallen[i] = d.sum(), np.count_nonzero(d)
    middle = float(sums.sum() / aantallen.sum()) if aantallen.any() else np.nan
    rest = sums - middle * aantallen
    fout = np.sqrt(np.sum(rest**2) * k / max(k - 1, 1) * (1 - k / n)) / max(aantallen.sum(), 1)
    near = _closeness(matrix, far, far2, seen, k)
    return Paths(_betweenness(between, between2, n=n, k=k), near, middle, float(fout))


def _betweenness(total: Floats, square: Floats, *, n: int, k: int) -> Sampled:
    """Return the mean over `k` of `n` sources as a total over pairs, with its standard error."""
    middle = total / k
    variance = np.maximum(square / k - middle * middle, 0) * k / max(k - 1, 1)
    fout = np.sqrt(variance / k * (1 - k / n))
    # Every pair is followed from both ends.
    return Sampled(middle * n / 2, fout * n / 2, k, False)


def _closeness(matrix: sparse.csr_array, far: Floats, far2: Floats, seen: Floats, k: int) -> Sampled:
    """Return closeness from the mean distance to the sources in reach; the error by the delta method."""
    n, r = int(matrix.shape[0]), _reach(matrix)
    m = np.maximum(seen, 1)
    # A source is at no distance from itself; the mean is over the others.
    times = np.divide(r, r - 1, out=np.ones(n), where=r > 1)
    middle = far / m * times
    variance = np.maximum(far2 / m - (far / m) ** 2, 0) * m / np.maximum(m - 1, 1) * times**2
    empty = np.zeros(n)
    waarde = np.divide((r - 1) / (n - 1), middle, out=empty.copy(), where=middle > 0)
    relative = np.divide(np.sqrt(variance / m * (1 - m / n)), middle, out=empty.copy(), where=middle > 0)
    return Sampled(waarde, waarde * relative, k, False)


def ranges(begin: NDArray[Any], aantal: NDArray[Any]) -> Ints:
    """Return begin[0], begin[0] + 1, ... for each of the counts, one after the other."""
    before = np.concatenate([[0], np.cumsum(aantal)[:-1]]).astype(np.int64)
    jump = np.repeat(np.asarray(begin, dtype=np.int64) - before, aantal)
    return np.asarray(jump + np.arange(len(jump)), dtype=np.int64)


def _one_source(matrix: sparse.csr_array, source: int) -> tuple[Ints, Floats]:
    """Return the distance of every actor from `source` (-1: out of reach) and its dependency.

    The dependency is how much an actor lies on the shortest paths from `source` to all others.
    """
    n, begin, other = int(matrix.shape[0]), matrix.indptr, matrix.indices
    degree = np.diff(begin)
    distance = np.full(n, -1, dtype=np.int64)
    distance[source] = 0
    paths = np.zeros(n)
    paths[source] = 1.0
    edge, arcs = np.array([source]), []
    while len(edge):
        start, toward = np.repeat(edge, degree[edge]), other[ranges(begin[edge], degree[edge])]
        new = distance[toward] < 0
        start, toward = start[new], toward[new]
        arcs.append((start, toward))
        distance[toward] = len(arcs)
        paths += np.bincount(toward, weights=paths[start], minlength=n)
        edge = np.flatnonzero(distance == len(arcs))
    part, reversed_ = np.zeros(n), 1 / np.maximum(paths, 1)
    for start, toward in reversed(arcs):
        part += np.bincount(start, weights=paths[start] * ((1 + part) * reversed_)[toward], minlength=n)
    part[source] = 0.0
    return distance, part

"""Measures along shortest paths: betweenness, closeness, mean distance; exact when small, else sampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

# Up to here everything is exact; the work grows with actors times ties.
EXACT_TOT = 10_000
STEEKPROEF = 150

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
    tussen : Sampled
        Betweenness: pairs of others whose shortest paths run through the actor (a share when there
        are more shortest paths).
    nabij : Sampled
        Closeness in Wasserman and Faust's form: (r - 1) / (n - 1) times (r - 1) / (sum of distances),
        with r the actors in the component, the actor included. An actor alone gets 0.
    afstand, afstand_fout : float
        Mean shortest path over pairs in reach of each other, and its standard error.
    """

    tussen: Sampled
    nabij: Sampled
    afstand: float
    afstand_fout: float


def to_rustworkx(matrix: sparse.csr_array) -> Any:
    """Return the graph of a symmetric matrix as rustworkx wants it."""
    import rustworkx as rx

    boven = sparse.triu(matrix, k=1).tocoo()
    graaf = rx.PyGraph(multigraph=False)
    graaf.add_nodes_from(range(int(matrix.shape[0])))
    graaf.add_edges_from_no_data(list(zip(boven.row.tolist(), boven.col.tolist(), strict=True)))
    return graaf


def paths(
    matrix: sparse.csr_array, *, exact_tot: int = EXACT_TOT, bronnen: int = STEEKPROEF, seed: int = 0
) -> Paths:
    """Return betweenness, closeness and mean distance.

    Parameters
    ----------
    matrix : csr_array of shape (actors, actors)
        Symmetric 0/1, no diagonal.
    exact_tot : int
        Above this number of actors the values are estimated from `bronnen` random actors.
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
    if n <= exact_tot or bronnen >= n:
        return _exact(matrix)
    return _from_sample(matrix, np.random.default_rng(seed).choice(n, size=bronnen, replace=False))


def betweenness(matrix: sparse.csr_array, *, exact_tot: int = EXACT_TOT, seed: int = 0) -> Sampled:
    """Return betweenness alone; see `paths`."""
    if int(matrix.shape[0]) <= exact_tot:
        return _exact_betweenness(matrix)
    return paths(matrix, exact_tot=exact_tot, seed=seed).tussen


def _reach(matrix: sparse.csr_array) -> Floats:
    """Return for each actor the number of actors in its component."""
    nummer = csgraph.connected_components(matrix, directed=False)[1]
    return np.asarray(np.bincount(nummer)[nummer], dtype=np.float64)


def _certain(waarde: Floats) -> Sampled:
    return Sampled(waarde, np.zeros(len(waarde)), len(waarde), True)


def _exact_betweenness(matrix: sparse.csr_array) -> Sampled:
    import rustworkx as rx

    n = int(matrix.shape[0])
    uit = rx.betweenness_centrality(to_rustworkx(matrix), normalized=False) if n else {}
    return _certain(np.fromiter((uit[i] for i in range(n)), dtype=np.float64, count=n))


def _exact(matrix: sparse.csr_array) -> Paths:
    import rustworkx as rx

    n = int(matrix.shape[0])
    if not n:
        return Paths(_certain(np.zeros(0)), _certain(np.zeros(0)), np.nan, np.nan)
    dichtbij = rx.closeness_centrality(to_rustworkx(matrix), wf_improved=True)
    nabij = np.fromiter((dichtbij[i] for i in range(n)), dtype=np.float64, count=n)
    r = _reach(matrix)
    # Closeness holds the summed distance of each actor.
    telt = nabij > 0
    som = float(np.sum((r[telt] - 1) ** 2 / ((n - 1) * nabij[telt])))
    paren = float(np.sum(r - 1))
    midden = som / paren if paren else np.nan
    return Paths(_exact_betweenness(matrix), _certain(nabij), midden, 0.0 if paren else np.nan)


def _from_sample(matrix: sparse.csr_array, gekozen: Ints) -> Paths:
    n, k = int(matrix.shape[0]), len(gekozen)
    tussen, tussen2, ver, ver2, gezien = (np.zeros(n) for _ in range(5))
    sommen, aantallen = np.zeros(k), np.zeros(k)
    for i, bron in enumerate(gekozen.tolist()):
        afstand, deel = _one_source(matrix, bron)
        tussen += deel
        tussen2 += deel * deel
        d = np.maximum(afstand, 0).astype(np.float64)
        ver += d
        ver2 += d * d
        gezien += afstand >= 0
        sommen[i], aantallen[i] = d.sum(), np.count_nonzero(d)
    midden = float(sommen.sum() / aantallen.sum()) if aantallen.any() else np.nan
    rest = sommen - midden * aantallen
    fout = np.sqrt(np.sum(rest**2) * k / max(k - 1, 1) * (1 - k / n)) / max(aantallen.sum(), 1)
    nabij = _closeness(matrix, ver, ver2, gezien, k)
    return Paths(_betweenness(tussen, tussen2, n=n, k=k), nabij, midden, float(fout))


def _betweenness(som: Floats, kwadraat: Floats, *, n: int, k: int) -> Sampled:
    """Return the mean over `k` of `n` sources as a total over pairs, with its standard error."""
    midden = som / k
    variantie = np.maximum(kwadraat / k - midden * midden, 0) * k / max(k - 1, 1)
    fout = np.sqrt(variantie / k * (1 - k / n))
    # Every pair is followed from both ends.
    return Sampled(midden * n / 2, fout * n / 2, k, False)


def _closeness(matrix: sparse.csr_array, ver: Floats, ver2: Floats, gezien: Floats, k: int) -> Sampled:
    """Return closeness from the mean distance to the sources in reach; the error by the delta method."""
    n, r = int(matrix.shape[0]), _reach(matrix)
    m = np.maximum(gezien, 1)
    # A source is at no distance from itself; the mean is over the others.
    keer = np.divide(r, r - 1, out=np.ones(n), where=r > 1)
    midden = ver / m * keer
    variantie = np.maximum(ver2 / m - (ver / m) ** 2, 0) * m / np.maximum(m - 1, 1) * keer**2
    leeg = np.zeros(n)
    waarde = np.divide((r - 1) / (n - 1), midden, out=leeg.copy(), where=midden > 0)
    relatief = np.divide(np.sqrt(variantie / m * (1 - m / n)), midden, out=leeg.copy(), where=midden > 0)
    return Sampled(waarde, waarde * relatief, k, False)


def ranges(begin: NDArray[Any], aantal: NDArray[Any]) -> Ints:
    """Return begin[0], begin[0] + 1, ... for each of the counts, one after the other."""
    voor = np.concatenate([[0], np.cumsum(aantal)[:-1]]).astype(np.int64)
    sprong = np.repeat(np.asarray(begin, dtype=np.int64) - voor, aantal)
    return np.asarray(sprong + np.arange(len(sprong)), dtype=np.int64)


def _one_source(matrix: sparse.csr_array, bron: int) -> tuple[Ints, Floats]:
    """Return the distance of every actor from `bron` (-1: out of reach) and its dependency.

    The dependency is how much an actor lies on the shortest paths from `bron` to all others.
    """
    n, begin, ander = int(matrix.shape[0]), matrix.indptr, matrix.indices
    graad = np.diff(begin)
    afstand = np.full(n, -1, dtype=np.int64)
    afstand[bron] = 0
    paden = np.zeros(n)
    paden[bron] = 1.0
    rand, bogen = np.array([bron]), []
    while len(rand):
        van, naar = np.repeat(rand, graad[rand]), ander[ranges(begin[rand], graad[rand])]
        nieuw = afstand[naar] < 0
        van, naar = van[nieuw], naar[nieuw]
        bogen.append((van, naar))
        afstand[naar] = len(bogen)
        paden += np.bincount(naar, weights=paden[van], minlength=n)
        rand = np.flatnonzero(afstand == len(bogen))
    deel, omgekeerd = np.zeros(n), 1 / np.maximum(paden, 1)
    for van, naar in reversed(bogen):
        deel += np.bincount(van, weights=paden[van] * ((1 + deel) * omgekeerd)[naar], minlength=n)
    deel[bron] = 0.0
    return afstand, deel

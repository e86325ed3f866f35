"""Size, density, components, degrees and centralisation of networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from toekomstscenario_eval.estimators.networks.projection import TwoMode
from toekomstscenario_eval.tie_names import PAIRS_OF_KINDS


def degrees(matrix: sparse.csr_array) -> NDArray[np.int64]:
    """Return the number of ties of each actor."""
    return np.asarray(np.diff(matrix.indptr), dtype=np.int64)


def density(matrix: sparse.csr_array) -> float:
    """Return ties over possible pairs; NaN below two actors."""
    n = int(matrix.shape[0])
    return float(matrix.nnz / (n * (n - 1))) if n > 1 else np.nan


def density_of_kinds(matrix: sparse.csr_array) -> float:
    """Return ties over all pairs of kinds of organisation in the code list.

    Over the pairs of kinds that are there it goes by which are: where few work, or few are large enough to be
    seen, they have the more ties.
    """
    return float(matrix.nnz / 2 / PAIRS_OF_KINDS)


def density_two_mode(netwerk: TwoMode) -> float:
    """Return ties over the product of households and actors; NaN for an empty network."""
    rows, columns = netwerk.ties.shape
    return float(netwerk.ties.nnz / (rows * columns)) if rows and columns else np.nan


def components(matrix: sparse.csr_array) -> NDArray[np.int64]:
    """Return the component of each actor, numbered from the largest (0) down."""
    if matrix.shape[0] == 0:
        return np.zeros(0, dtype=np.int64)
    _, number = csgraph.connected_components(matrix, directed=False)
    size = np.bincount(number)
    order = np.argsort(-size, kind="stable")
    rank = np.empty(len(size), dtype=np.int64)
    rank[order] = np.arange(len(size))
    return np.asarray(rank[number], dtype=np.int64)


def largest_component(matrix: sparse.csr_array) -> NDArray[np.int64]:
    """Return the positions of the actors in the largest component."""
    return np.flatnonzero(components(matrix) == 0)


def centralisation(waarden: NDArray[Any], highest_total: float) -> float:
    """Return Freeman's centralisation: the summed distance to the most central actor, over its maximum.

    Parameters
    ----------
    waarden : array of shape (actors,)
        A centrality of each actor.
    highest_total : float
        The same sum in the most central network possible (a star).

    Reference: Freeman 1978, doi 10.1016/0378-8733(78)90021-7.
    """
    if len(waarden) < 3 or highest_total <= 0:
        return np.nan
    return float(np.sum(waarden.max() - waarden) / highest_total)


def degree_centralisation(matrix: sparse.csr_array) -> float:
    """Return Freeman's centralisation of degree, 0 (all alike) to 1 (a star); NaN below three actors."""
    n = int(matrix.shape[0])
    return centralisation(degrees(matrix), float((n - 1) * (n - 2)))


def betweenness_centralisation(between: NDArray[np.float64]) -> float:
    """Return Freeman's centralisation of betweenness counted in undirected pairs."""
    n = len(between)
    return centralisation(between, (n - 1) ** 2 * (n - 2) / 2)


def gini(waarden: NDArray[Any]) -> float:
    """Return the Gini coefficient of a distribution of ties: 0 (all alike) to nearly 1; NaN when empty."""
    x = np.sort(np.asarray(waarden, dtype=np.float64))
    n, total = len(x), float(x.sum())
    if n == 0 or total == 0:
        return np.nan
    return float(np.sum((2 * np.arange(1, n + 1) - n - 1) * x) / (n * total))

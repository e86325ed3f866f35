"""Two-mode ties to one-mode networks, on sparse matrices; networkx is what users get in hand."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

_BLOCK = 4_000_000  # shared households looked at in one go
_THREADS = 4  # blocks at once: each takes about 100 MB


@dataclass(frozen=True)
class TwoMode:
    """Ties between households (rows) and actors (columns), each tie once.

    Attributes
    ----------
    ties : csr_array of shape (households, actors)
        1 where the actor is involved with the household.
    actors : array
        The label of each column.
    households : array
        The label of each row.
    """

    ties: sparse.csr_array
    actors: NDArray[Any]
    households: NDArray[Any]


@dataclass(frozen=True)
class Pairs:
    """Pairs of actors that share at least one household: positions `een` < `twee` and households shared."""

    een: NDArray[np.int64]
    twee: NDArray[np.int64]
    gedeeld: NDArray[np.int64]


def two_mode(data: pd.DataFrame, actor: str, row: str = "huishouden") -> TwoMode:
    """Build the two-mode network of the columns `row` and `actor`; double ties count once.

    Rows are households, or meetings when `row` says so. A row or actor that is missing makes no tie.
    """
    tie_list = data[[row, actor]].dropna()
    rows, huishoudens = pd.factorize(tie_list[row], sort=True)
    columns, actors = pd.factorize(tie_list[actor], sort=True)
    vorm = (len(huishoudens), len(actors))
    one = np.ones(len(tie_list), dtype=np.int64)
    ties = sparse.csr_array((one, (rows, columns)), shape=vorm)
    # The matrix adds doubles up; setting them back to 1 takes far less memory than finding them before.
    ties.sum_duplicates()
    ties.data[:] = 1
    return TwoMode(ties, np.asarray(actors, dtype=object), np.asarray(huishoudens, dtype=object))


def _upper(together: Any) -> Any:
    """Return the part above the diagonal, sorted by row and column."""
    above = sparse.triu(together, k=1).tocsr()
    above.sort_indices()
    return above.tocoo()


def project(netwerk: TwoMode) -> Pairs:
    """Project on the actors: B'B above the diagonal (Newman 2001, simple counts)."""
    above = _upper(netwerk.ties.T @ netwerk.ties)
    return Pairs(
        above.row.astype(np.int64), above.col.astype(np.int64), np.asarray(above.data).astype(np.int64)
    )


def count_pairs(netwerk: TwoMode, member: sparse.csr_array) -> tuple[int, int]:
    """Return how many pairs `project` holds, and how many of them have a group in common.

    A block of actors at a time: of a large network all pairs at once do not fit in memory.

    Parameters
    ----------
    member : csr_array of shape (actors, groups)
        1 where the actor belongs to the group.
    """
    ties = netwerk.ties.astype(np.int32)
    per_actor = ties.T.tocsr()
    aantal = np.diff(member.indptr)
    single = np.full(len(aantal), -1, dtype=np.int64)
    single[aantal == 1] = member.indices[member.indptr[:-1][aantal == 1]]

    def count(block: tuple[int, int]) -> tuple[int, int]:
        together = per_actor[slice(*block)] @ ties
        row = np.repeat(np.arange(*block), np.diff(together.indptr))
        above = together.indices > row
        one, two = row[above], together.indices[above]
        return len(one), _in_common(member, single, one, two)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, _THREADS)) as threads:
        parts = list(threads.map(count, _blocks(per_actor @ np.diff(ties.indptr))))
    return sum(pairs for pairs, _ in parts), sum(within for _, within in parts)


def _blocks(work: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Cut the actors into stretches of about as many steps each."""
    total = np.cumsum(work)
    edges = np.searchsorted(total, np.arange(_BLOCK, int(total[-1]) if len(total) else 0, _BLOCK)) + 1
    every = np.unique(np.concatenate([[0], edges, [len(work)]]))
    return list(itertools.pairwise(every.tolist()))


def _in_common(
    member: sparse.csr_array, single: NDArray[np.int64], one: NDArray[np.int64], two: NDArray[np.int32]
) -> int:
    """Count the pairs with a group in common; `single` is the group of who has just one, else -1."""
    left, right = single[one], single[two]
    more = (left < 0) | (right < 0)
    equal = member[one[more]].multiply(member[two[more]]).sum(axis=1)
    return int(np.count_nonzero((left == right) & ~more) + np.count_nonzero(np.asarray(equal)))


def newman_weights(netwerk: TwoMode) -> NDArray[np.float64]:
    """Return a weight per pair of `project`: the sum over shared households of 1 / (actors - 1).

    A household with many professionals says less about any two of them (Newman 2001,
    doi 10.1103/PhysRevE.64.016132). The weights of one actor add up to the number of its households
    that it shares with anybody.
    """
    degree = np.diff(netwerk.ties.indptr)
    together = degree > 1
    part = np.zeros(len(degree))
    part[together] = 1.0 / (degree[together] - 1)
    scaled = sparse.diags_array(part) @ netwerk.ties
    return np.asarray(_upper(netwerk.ties[together].T @ scaled[together]).data, dtype=np.float64)


def adjacency(pairs: Pairs, aantal: int, weight: NDArray[Any] | None = None) -> sparse.csr_array:
    """Return the symmetric matrix of a projection, without a diagonal; 1 per tie when no weight is given."""
    waarde = np.ones(len(pairs.een)) if weight is None else np.asarray(weight, dtype=np.float64)
    row, column = np.concatenate([pairs.een, pairs.twee]), np.concatenate([pairs.twee, pairs.een])
    out = sparse.csr_array((np.concatenate([waarde, waarde]), (row, column)), shape=(aantal, aantal))
    out.sort_indices()
    return out


def tied(netwerk: TwoMode) -> sparse.csr_array:
    """Return the 0/1 matrix of a projection, without a diagonal: who shares a household with whom."""
    together = sparse.csr_array(netwerk.ties.T @ netwerk.ties)
    together.sort_indices()
    row = np.repeat(np.arange(int(together.shape[0])), np.diff(together.indptr))
    otherwise = row != together.indices
    begin = np.concatenate([[0], np.cumsum(np.bincount(row[otherwise], minlength=int(together.shape[0])))])
    column = together.indices[otherwise]
    return sparse.csr_array((np.ones(len(column)), column, begin), shape=together.shape)


def overlap_days(together: pd.DataFrame, netwerk: TwoMode) -> NDArray[np.float64]:
    """Return a weight per pair of `project`: days together, added up over the shared households.

    Parameters
    ----------
    together : DataFrame
        Columns `een, twee` (labels of actors) and `dagen`, one row per household and pair.
    """
    pairs = project(netwerk)
    spot = pd.Series(np.arange(len(netwerk.actors)), index=pd.Index(netwerk.actors))
    one, two = (spot.reindex(together[k]).to_numpy(dtype=np.float64) for k in ("een", "twee"))
    added = ~(np.isnan(one) | np.isnan(two))
    low = np.minimum(one[added], two[added]).astype(np.int64)
    high = np.maximum(one[added], two[added]).astype(np.int64)
    n = len(netwerk.actors)
    vorm = sparse.coo_array((together["dagen"].to_numpy(dtype=np.float64)[added], (low, high)), shape=(n, n))
    total = sparse.csr_array(vorm)
    return np.asarray(total[pairs.een, pairs.twee], dtype=np.float64).reshape(-1)


def to_networkx(
    netwerk: TwoMode,
    *,
    features: Mapping[str, Mapping[Any, Any]] | None = None,
    together: pd.DataFrame | None = None,
) -> nx.Graph:
    """Return the projection on actors as a networkx graph.

    Nodes carry the labels of the actors and the attribute `huishoudens`, and those in `features`
    (name -> label -> value). Edges carry `gedeeld` (households shared), `newman` (Newman's weight)
    and, when `together` is given, `dagen` (days together). The graph is for analysis in hand: it did
    not pass release and the exporters refuse to show it.
    """
    pairs = project(netwerk)
    graph = nx.Graph()
    graph.add_nodes_from(netwerk.actors.tolist())
    own = np.bincount(netwerk.ties.indices, minlength=len(netwerk.actors)).tolist()
    nx.set_node_attributes(graph, dict(zip(netwerk.actors.tolist(), own, strict=True)), "huishoudens")
    for naam, waarden in (features or {}).items():
        nx.set_node_attributes(graph, {k: w for k, w in waarden.items() if k in graph}, naam)
    ties = {"gedeeld": pairs.gedeeld.tolist(), "newman": newman_weights(netwerk).tolist()}
    if together is not None:
        ties["dagen"] = overlap_days(together, netwerk).tolist()
    one, two = netwerk.actors[pairs.een].tolist(), netwerk.actors[pairs.twee].tolist()
    for naam, weight in ties.items():
        graph.add_weighted_edges_from(zip(one, two, weight, strict=True), weight=naam)
    return graph

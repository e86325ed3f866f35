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

_BLOK = 4_000_000  # shared households looked at in one go
_DRADEN = 4  # blocks at once: each takes about 100 MB


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


def two_mode(gegevens: pd.DataFrame, actor: str, rij: str = "huishouden") -> TwoMode:
    """Build the two-mode network of the columns `rij` and `actor`; double ties count once.

    Rows are households, or meetings when `rij` says so. A row or actor that is missing makes no tie.
    """
    banden = gegevens[[rij, actor]].dropna()
    rijen, huishoudens = pd.factorize(banden[rij], sort=True)
    kolommen, actoren = pd.factorize(banden[actor], sort=True)
    vorm = (len(huishoudens), len(actoren))
    een = np.ones(len(banden), dtype=np.int64)
    ties = sparse.csr_array((een, (rijen, kolommen)), shape=vorm)
    # The matrix adds doubles up; setting them back to 1 takes far less memory than finding them before.
    ties.sum_duplicates()
    ties.data[:] = 1
    return TwoMode(ties, np.asarray(actoren, dtype=object), np.asarray(huishoudens, dtype=object))


def _upper(samen: Any) -> Any:
    """Return the part above the diagonal, sorted by row and column."""
    boven = sparse.triu(samen, k=1).tocsr()
    boven.sort_indices()
    return boven.tocoo()


def project(netwerk: TwoMode) -> Pairs:
    """Project on the actors: B'B above the diagonal (Newman 2001, simple counts)."""
    boven = _upper(netwerk.ties.T @ netwerk.ties)
    return Pairs(
        boven.row.astype(np.int64), boven.col.astype(np.int64), np.asarray(boven.data).astype(np.int64)
    )


def count_pairs(netwerk: TwoMode, lid: sparse.csr_array) -> tuple[int, int]:
    """Return how many pairs `project` holds, and how many of them have a group in common.

    A block of actors at a time: of a large network all pairs at once do not fit in memory.

    Parameters
    ----------
    lid : csr_array of shape (actors, groups)
        1 where the actor belongs to the group.
    """
    ties = netwerk.ties.astype(np.int32)
    per_actor = ties.T.tocsr()
    aantal = np.diff(lid.indptr)
    enkel = np.full(len(aantal), -1, dtype=np.int64)
    enkel[aantal == 1] = lid.indices[lid.indptr[:-1][aantal == 1]]

    def tel(blok: tuple[int, int]) -> tuple[int, int]:
        samen = per_actor[slice(*blok)] @ ties
        rij = np.repeat(np.arange(*blok), np.diff(samen.indptr))
        boven = samen.indices > rij
        een, twee = rij[boven], samen.indices[boven]
        return len(een), _in_common(lid, enkel, een, twee)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, _DRADEN)) as draden:
        delen = list(draden.map(tel, _blocks(per_actor @ np.diff(ties.indptr))))
    return sum(paren for paren, _ in delen), sum(binnen for _, binnen in delen)


def _blocks(werk: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Cut the actors into stretches of about as many steps each."""
    som = np.cumsum(werk)
    randen = np.searchsorted(som, np.arange(_BLOK, int(som[-1]) if len(som) else 0, _BLOK)) + 1
    alle = np.unique(np.concatenate([[0], randen, [len(werk)]]))
    return list(itertools.pairwise(alle.tolist()))


def _in_common(
    lid: sparse.csr_array, enkel: NDArray[np.int64], een: NDArray[np.int64], twee: NDArray[np.int32]
) -> int:
    """Count the pairs with a group in common; `enkel` is the group of who has just one, else -1."""
    links, rechts = enkel[een], enkel[twee]
    meer = (links < 0) | (rechts < 0)
    gelijk = lid[een[meer]].multiply(lid[twee[meer]]).sum(axis=1)
    return int(np.count_nonzero((links == rechts) & ~meer) + np.count_nonzero(np.asarray(gelijk)))


def newman_weights(netwerk: TwoMode) -> NDArray[np.float64]:
    """Return a weight per pair of `project`: the sum over shared households of 1 / (actors - 1).

    A household with many professionals says less about any two of them (Newman 2001,
    doi 10.1103/PhysRevE.64.016132). The weights of one actor add up to the number of its households
    that it shares with anybody.
    """
    graad = np.diff(netwerk.ties.indptr)
    samen = graad > 1
    deel = np.zeros(len(graad))
    deel[samen] = 1.0 / (graad[samen] - 1)
    geschaald = sparse.diags_array(deel) @ netwerk.ties
    return np.asarray(_upper(netwerk.ties[samen].T @ geschaald[samen]).data, dtype=np.float64)


def adjacency(paren: Pairs, aantal: int, gewicht: NDArray[Any] | None = None) -> sparse.csr_array:
    """Return the symmetric matrix of a projection, without a diagonal; 1 per tie when no weight is given."""
    waarde = np.ones(len(paren.een)) if gewicht is None else np.asarray(gewicht, dtype=np.float64)
    rij, kolom = np.concatenate([paren.een, paren.twee]), np.concatenate([paren.twee, paren.een])
    uit = sparse.csr_array((np.concatenate([waarde, waarde]), (rij, kolom)), shape=(aantal, aantal))
    uit.sort_indices()
    return uit


def tied(netwerk: TwoMode) -> sparse.csr_array:
    """Return the 0/1 matrix of a projection, without a diagonal: who shares a household with whom."""
    samen = sparse.csr_array(netwerk.ties.T @ netwerk.ties)
    samen.sort_indices()
    rij = np.repeat(np.arange(int(samen.shape[0])), np.diff(samen.indptr))
    anders = rij != samen.indices
    begin = np.concatenate([[0], np.cumsum(np.bincount(rij[anders], minlength=int(samen.shape[0])))])
    kolom = samen.indices[anders]
    return sparse.csr_array((np.ones(len(kolom)), kolom, begin), shape=samen.shape)


def overlap_days(samen: pd.DataFrame, netwerk: TwoMode) -> NDArray[np.float64]:
    """Return a weight per pair of `project`: days together, added up over the shared households.

    Parameters
    ----------
    samen : DataFrame
        Columns `een, twee` (labels of actors) and `dagen`, one row per household and pair.
    """
    paren = project(netwerk)
    plek = pd.Series(np.arange(len(netwerk.actors)), index=pd.Index(netwerk.actors))
    een, twee = (plek.reindex(samen[k]).to_numpy(dtype=np.float64) for k in ("een", "twee"))
    erbij = ~(np.isnan(een) | np.isnan(twee))
    laag = np.minimum(een[erbij], twee[erbij]).astype(np.int64)
    hoog = np.maximum(een[erbij], twee[erbij]).astype(np.int64)
    n = len(netwerk.actors)
    vorm = sparse.coo_array((samen["dagen"].to_numpy(dtype=np.float64)[erbij], (laag, hoog)), shape=(n, n))
    som = sparse.csr_array(vorm)
    return np.asarray(som[paren.een, paren.twee], dtype=np.float64).reshape(-1)


def to_networkx(
    netwerk: TwoMode,
    *,
    kenmerken: Mapping[str, Mapping[Any, Any]] | None = None,
    samen: pd.DataFrame | None = None,
) -> nx.Graph:
    """Return the projection on actors as a networkx graph.

    Nodes carry the labels of the actors and the attribute `huishoudens`, and those in `kenmerken`
    (name -> label -> value). Edges carry `gedeeld` (households shared), `newman` (Newman's weight)
    and, when `samen` is given, `dagen` (days together). The graph is for analysis in hand: it did
    not pass release and the exporters refuse to show it.
    """
    paren = project(netwerk)
    graaf = nx.Graph()
    graaf.add_nodes_from(netwerk.actors.tolist())
    eigen = np.bincount(netwerk.ties.indices, minlength=len(netwerk.actors)).tolist()
    nx.set_node_attributes(graaf, dict(zip(netwerk.actors.tolist(), eigen, strict=True)), "huishoudens")
    for naam, waarden in (kenmerken or {}).items():
        nx.set_node_attributes(graaf, {k: w for k, w in waarden.items() if k in graaf}, naam)
    banden = {"gedeeld": paren.gedeeld.tolist(), "newman": newman_weights(netwerk).tolist()}
    if samen is not None:
        banden["dagen"] = overlap_days(samen, netwerk).tolist()
    een, twee = netwerk.actors[paren.een].tolist(), netwerk.actors[paren.twee].tolist()
    for naam, gewicht in banden.items():
        graaf.add_weighted_edges_from(zip(een, twee, gewicht, strict=True), weight=naam)
    return graaf

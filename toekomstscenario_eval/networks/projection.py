"""Two-mode ties to one-mode networks, on sparse matrices; networkx is what users get in hand."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class TwoMode:
    """Ties between households (rows) and actors (columns), each tie once.

    Attributes
    ----------
    ties : csr_array of shape (households, actors)
        1 where the actor is involved with the household.
    actors : array
        The label of each column.
    """

    ties: sparse.csr_array
    actors: NDArray[np.object_]


@dataclass(frozen=True)
class Pairs:
    """Pairs of actors that share at least one household: positions `een` < `twee` and households shared."""

    een: NDArray[np.int64]
    twee: NDArray[np.int64]
    gedeeld: NDArray[np.int64]


def two_mode(gegevens: pd.DataFrame, actor: str) -> TwoMode:
    """Build the two-mode network of households and the column `actor`; double ties count once."""
    uniek = gegevens[["huishouden", actor]].drop_duplicates()
    rij, huishoudens = pd.factorize(uniek["huishouden"], sort=True)
    kolom, actoren = pd.factorize(uniek[actor], sort=True)
    vorm = (len(huishoudens), len(actoren))
    een = np.ones(len(uniek), dtype=np.int64)
    return TwoMode(sparse.csr_array((een, (rij, kolom)), shape=vorm), np.asarray(actoren, dtype=object))


def project(netwerk: TwoMode) -> Pairs:
    """Project on the actors: B'B above the diagonal (Newman 2001, simple counts)."""
    samen = sparse.triu(netwerk.ties.T @ netwerk.ties, k=1).tocoo()
    volgorde = np.lexsort((samen.col, samen.row))
    return Pairs(
        samen.row[volgorde].astype(np.int64),
        samen.col[volgorde].astype(np.int64),
        samen.data[volgorde].astype(np.int64),
    )


def to_networkx(netwerk: TwoMode) -> nx.Graph:
    """Return the projection on actors as a networkx graph.

    Nodes carry the labels of the actors, edges the attribute `gedeeld` (households shared). The
    graph is for analysis in hand: it did not pass release and the exporters refuse to show it.
    """
    paren = project(netwerk)
    graaf = nx.Graph()
    graaf.add_nodes_from(netwerk.actors.tolist())
    graaf.add_weighted_edges_from(
        zip(netwerk.actors[paren.een], netwerk.actors[paren.twee], paren.gedeeld.tolist(), strict=True),
        weight="gedeeld",
    )
    return graaf

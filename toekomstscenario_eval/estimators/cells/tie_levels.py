"""Published counts of ties as matrices: one level of a network, with the ties that are large enough.

Sums over all ties take every published count, small ones too: the noise has no bias. What goes by whether a
tie is there takes the ties from `least` published households on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.estimators.intervals import Reeks
from toekomstscenario_eval.tie_names import DOMAIN, KIND, ORGANISATION

LEVELS = (DOMAIN, KIND, ORGANISATION)


@dataclass(frozen=True)
class Level:
    """The nodes and ties of one level.

    Attributes
    ----------
    level : str
        `domein`, `soort` or `organisatie`.
    nodes : DataFrame
        `label, n, domein, soort`: published households; of organisations the label goes by their rank.
    counts : DataFrame
        `wat, een, twee, n`: published households of every tie between nodes, by the kind of tie.
    least : int
        From which published count on a tie is one.
    meetings : bool
        Whether ties are meetings.
    """

    level: str
    nodes: pd.DataFrame
    counts: pd.DataFrame
    least: int
    meetings: bool = False

    @property
    def tie(self) -> str:
        """The kind of tie that the network is made of."""
        return names.MEETING if self.meetings else names.SHARED

    def weights(self, what: str = "") -> Reeks:
        """Return the published households of each tie, symmetric, shape (nodes, nodes)."""
        size = len(self.nodes)
        spot = pd.Index(self.nodes["label"])
        rows = self.counts[self.counts["wat"].eq(what or self.tie)]
        one, two = (spot.get_indexer(rows[k]) for k in ("een", "twee"))
        out = np.zeros((size, size))
        out[one, two] = out[two, one] = rows["n"]
        return out

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """The 0/1 matrix of the ties that are large enough."""
        return sparse.csr_array((self.weights() >= self.least).astype(np.float64))

    @property
    def domains(self) -> NDArray[np.object_]:
        """The domain of each node."""
        return self.nodes["domein"].to_numpy(dtype=object)

    def shown(self, what: str) -> pd.DataFrame:
        """Return `een, twee, n` of the ties of one kind that are large enough."""
        rows = self.counts[self.counts["wat"].eq(what) & self.counts["n"].ge(self.least)]
        return rows[["een", "twee", "n"]].reset_index(drop=True)

    def part(self, of: str, what: str, threshold: int) -> pd.DataFrame:
        """Return the ties of kind `of` that are shown; `deel`: the part of their households with `what`.

        As any share it is missing when fewer than `threshold` households have it, or lack it.
        """
        rows = self.shown(of)
        found = self.counts[self.counts["wat"].eq(what)].rename(columns={"n": "m"})
        both = rows.merge(found[["een", "twee", "m"]], on=["een", "twee"], how="left").fillna({"m": 0})
        enough = both["m"].ge(threshold) & (both["n"] - both["m"]).ge(threshold)
        return both.assign(deel=(both["m"] / both["n"]).where(enough))


def levels(cells: pd.DataFrame, least: int, *, meetings: bool = False) -> dict[str, Level]:
    """Return every level that published counts hold.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam, n` (and more) of one place.
    least : int
        From which published count on a node or a tie is one.
    """
    parts = pd.DataFrame(list(_split(cells)), columns=["wat", "niveau", "een", "twee", "drie", "n"])
    out = {}
    node = names.AT_TABLE if meetings else names.NODE
    for level in LEVELS:
        own = parts[parts["niveau"].eq(level)]
        # Organisations at a meeting are those that have households, too.
        nodes = own[own["wat"].eq(names.NODE if level == ORGANISATION else node) & own["n"].ge(least)]
        if nodes.empty:
            continue
        table = _nodes(level, nodes)
        code = dict(zip(nodes["een"], table["label"], strict=True))
        ties = own[own["wat"].isin(names.TIES) & own["een"].isin(code) & own["twee"].isin(code)]
        named = ties.assign(een=ties["een"].map(code), twee=ties["twee"].map(code))
        counts = named[["wat", "een", "twee", "n"]].reset_index(drop=True)
        table = table.sort_values("label", ignore_index=True)
        out[level] = Level(level, table, counts, least, meetings)
    return out


def _split(cells: pd.DataFrame) -> Iterator[tuple[str, str, str, str, str, int]]:
    for naam, n in zip(cells["naam"].tolist(), cells["n"].tolist(), strict=True):
        what, *rest = names.parts_of(naam)
        if rest:
            level, one, two, three = (*rest, "", "")[:4]
            yield what, level, one, two, three, int(n)


def _nodes(level: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return nodes in the order of the rows; organisations are numbered by their published households."""
    label = rows["een"]
    if level == ORGANISATION:
        order = rows.sort_values(["n", "een"], ascending=[False, True]).index
        width = len(str(len(order)))
        label = pd.Series({i: f"Organisatie {k:0{width}d}" for k, i in enumerate(order, start=1)})
    domain = {DOMAIN: rows["een"], KIND: rows["twee"], ORGANISATION: rows["drie"]}[level]
    kind = {DOMAIN: "", KIND: rows["een"], ORGANISATION: rows["twee"]}[level]
    return pd.DataFrame({"label": label.reindex(rows.index), "n": rows["n"], "domein": domain, "soort": kind})

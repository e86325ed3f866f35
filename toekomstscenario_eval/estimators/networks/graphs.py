"""Networks as networkx graphs for analysis in hand: by household, by meeting, by hand-over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
import pandas as pd

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.estimators.networks import network_cards
from toekomstscenario_eval.estimators.networks.mixing import main_value
from toekomstscenario_eval.estimators.networks.network_tables import Source
from toekomstscenario_eval.estimators.networks.projection import project, to_networkx, two_mode

# What a node may be, and the level of the ties that it is.
NODES: Mapping[str, str] = {
    "organisatie_soort": "soort",
    "domein": "domein",
    "organisatie": "organisatie",
    "professional": "professional",
}
_FEATURES = {
    "professional": ("organisatie", "soort", "domein"),
    "organisatie": ("soort", "domein"),
    "soort": ("domein",),
}


def check(per: str, tie: str) -> None:
    """Raise GebruikFout on a kind of node or tie that does not exist."""
    if per not in NODES:
        raise GebruikFout(f"een netwerk per '{per}' bestaat niet", herstel=did_you_mean(per, NODES))
    if tie not in TIES:
        raise GebruikFout(f"de band '{tie}' bestaat niet", herstel=did_you_mean(tie, TIES))


def graph(source: Source, *, per: str, tie: str) -> nx.Graph:
    """Return a network; see `Study.netwerk`."""
    check(per, tie)
    if reden := source.missing(
        (network_cards.OVERLEG if tie == "overleg" else network_cards.NETWERK).tabellen
    ):
        raise GebruikFout("van dit pakket is geen netwerk te maken", kreeg=reden)
    niveau = NODES[per]
    graph_ = TIES[tie](source, niveau)
    if niveau in ("soort", "domein"):
        nx.set_node_attributes(graph_, {k: source.labels.text(niveau, k) for k in graph_}, "naam")
    return graph_


def _attributes(source: Source, ties: pd.DataFrame, niveau: str) -> dict[str, dict[Any, Any]]:
    """Return what is known of each node: where it belongs, by most of its ties."""
    column = source.column(niveau)
    out = {k: main_value(ties, column, k).to_dict() for k in _FEATURES.get(niveau, ())}
    if niveau == "professional":
        out["organisaties"] = ties.groupby(column)["organisatie"].nunique().to_dict()
    return out


def _by_household(source: Source, niveau: str) -> nx.Graph:
    ties = source.ties()
    net = two_mode(ties, source.column(niveau))
    together = source.together(niveau)
    return to_networkx(net, features=_attributes(source, ties, niveau), together=together)


def _by_meeting(source: Source, niveau: str) -> nx.Graph:
    deelname, column = source.meetings(), source.column(niveau)
    net = two_mode(deelname, column, "overleg")
    pairs, graph = project(net), nx.Graph()
    graph.add_nodes_from(net.actors.tolist())
    for naam, waarden in _attributes(source, deelname, niveau).items():
        nx.set_node_attributes(graph, waarden, naam)
    nx.set_node_attributes(graph, deelname.groupby(column)["overleg"].nunique().to_dict(), "overleggen")
    one, two = net.actors[pairs.een].tolist(), net.actors[pairs.twee].tolist()
    graph.add_weighted_edges_from(zip(one, two, pairs.gedeeld.tolist(), strict=True), weight="overleggen")
    return graph


def _by_handover(source: Source, niveau: str) -> nx.DiGraph:
    ties = source.ties()
    # Between kinds and domains a hand-over is one between their organisations.
    origin = niveau if niveau == "professional" else "organisatie"
    over = source.handovers(origin)
    if niveau in ("soort", "domein"):
        home = main_value(ties, "organisatie", niveau)
        over = over.assign(bron=over["bron"].map(home), doel=over["doel"].map(home)).dropna()
    graph = nx.DiGraph()
    graph.add_nodes_from(sorted({*over["bron"], *over["doel"]}, key=str))
    for naam, waarden in _attributes(source, ties, niveau).items():
        nx.set_node_attributes(graph, {k: w for k, w in waarden.items() if k in graph}, naam)
    for (start, toward), part in over.groupby(["bron", "doel"], sort=True):
        graph.add_edge(
            start,
            toward,
            aantal=len(part),
            huishoudens=int(part["huishouden"].nunique()),
            dagen=float(part["dagen"].median()),
            na_elkaar=float(part["dagen"].ge(0).mean()),
        )
    return graph


TIES: Mapping[str, Callable[[Source, str], nx.Graph]] = {
    "huishouden": _by_household,
    "overleg": _by_meeting,
    "overdracht": _by_handover,
}

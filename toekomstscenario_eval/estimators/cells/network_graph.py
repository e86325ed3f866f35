"""A published network as a networkx graph, for analysis in hand."""

from __future__ import annotations

import math

import networkx as nx

from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.estimators.cells.tie_levels import levels
from toekomstscenario_eval.identity import Labels
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.tie_names import ORGANISATION

HOUSEHOLD, MEETING, HANDOVER = "huishouden", "overleg", "overdracht"


def public_graph(
    summary: PublicSummary, *, level: str, tie: str, labels: Labels, periode: str = ""
) -> nx.Graph:
    """Return the nodes and ties of the whole that are large enough.

    Parameters
    ----------
    summary : PublicSummary
        Of the whole.
    level : str
        `domein`, `soort` or `organisatie`.
    tie : str
        `huishouden`, `overleg` or `overdracht`; the last gives a directed graph.

    Returns
    -------
    networkx.Graph
        Nodes carry `huishoudens`, `domein` and, where it differs, `soort` and `naam`. Ties carry `gedeeld`
        (of meetings and hand-overs `huishoudens`) and, with enough households on both sides, the part of
        those households where both were there at once (`naast_elkaar`), or in which the one had left when
        the other came (`na_elkaar`). All households are published counts; the graph says so, and from how
        many a tie is one.
    """
    cells = summary.cellen[summary.cellen["periode"].eq(periode)]
    least = summary.vanaf.tie if summary.uitsplitsing else summary.vanaf.tie_whole
    graph: nx.Graph = nx.DiGraph() if tie == HANDOVER else nx.Graph()
    stand = summary.plekken.loc[summary.plekken["periode"].eq(periode), "stand"]
    graph.graph |= {"bron": "beschermde tellingen", "band_vanaf": least, "stand": "".join(stand)}
    net = levels(cells, least, meetings=tie == MEETING).get(level)
    if net is None:
        return graph
    for label, n, domain, kind in net.nodes[["label", "n", "domein", "soort"]].itertuples(index=False):
        more = {"naam": labels.text(level, label)} if level != ORGANISATION else {"soort": kind}
        graph.add_node(label, huishoudens=int(n), domein=domain, **more)
    if tie == HANDOVER:
        for one, two, n, _, part in net.part(names.HANDOVER, names.RELAY, summary.drempel).itertuples(
            index=False
        ):
            graph.add_edge(one, two, huishoudens=int(n), **_told(na_elkaar=part))
        # Who hands nothing over is no part of it, as inside.
        graph.remove_nodes_from(list(nx.isolates(graph)))
        return graph
    for one, two, n, _, part in net.part(net.tie, names.SAME_DAY, summary.drempel).itertuples(index=False):
        own = {"huishoudens": int(n)} if net.meetings else {"gedeeld": int(n), **_told(naast_elkaar=part)}
        graph.add_edge(one, two, **own)
    return graph


def _told(**parts: float) -> dict[str, float]:
    """Return the parts that are not missing."""
    return {naam: float(part) for naam, part in parts.items() if not math.isnan(part)}

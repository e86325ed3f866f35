"""Networks as networkx graphs for analysis in hand: by household, by meeting, by hand-over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
import pandas as pd

from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.estimators.networks import card
from toekomstscenario_eval.estimators.networks.mixing import main_value
from toekomstscenario_eval.estimators.networks.projection import project, to_networkx, two_mode
from toekomstscenario_eval.estimators.networks.source import Source

# What a node may be, and the level of the ties that it is.
KNOPEN: Mapping[str, str] = {
    "organisatie_soort": "soort",
    "domein": "domein",
    "organisatie": "organisatie",
    "professional": "professional",
}
_KENMERKEN = {
    "professional": ("organisatie", "soort", "domein"),
    "organisatie": ("soort", "domein"),
    "soort": ("domein",),
}


def graph(source: Source, *, per: str, band: str) -> nx.Graph:
    """Return a network; see `Study.netwerk`."""
    if per not in KNOPEN:
        raise GebruikFout(f"een netwerk per '{per}' bestaat niet", herstel=bedoelt_u(per, KNOPEN))
    if band not in BANDEN:
        raise GebruikFout(f"de band '{band}' bestaat niet", herstel=bedoelt_u(band, BANDEN))
    if reden := source.missing((card.OVERLEG if band == "overleg" else card.NETWERK).tabellen):
        raise GebruikFout("van dit pakket is geen netwerk te maken", kreeg=reden)
    niveau = KNOPEN[per]
    graaf = BANDEN[band](source, niveau)
    if niveau in ("soort", "domein"):
        nx.set_node_attributes(graaf, {k: source.labels.text(niveau, k) for k in graaf}, "naam")
    return graaf


def _attributes(source: Source, banden: pd.DataFrame, niveau: str) -> dict[str, dict[Any, Any]]:
    """Return what is known of each node: where it belongs, by most of its ties."""
    kolom = source.column(niveau)
    uit = {k: main_value(banden, kolom, k).to_dict() for k in _KENMERKEN.get(niveau, ())}
    if niveau == "professional":
        uit["organisaties"] = banden.groupby(kolom)["organisatie"].nunique().to_dict()
    return uit


def _by_household(source: Source, niveau: str) -> nx.Graph:
    banden = source.ties()
    net = two_mode(banden, source.column(niveau))
    samen = source.together(niveau)
    return to_networkx(net, kenmerken=_attributes(source, banden, niveau), samen=samen)


def _by_meeting(source: Source, niveau: str) -> nx.Graph:
    deelname, kolom = source.meetings(), source.column(niveau)
    net = two_mode(deelname, kolom, "overleg")
    paren, graaf = project(net), nx.Graph()
    graaf.add_nodes_from(net.actors.tolist())
    for naam, waarden in _attributes(source, deelname, niveau).items():
        nx.set_node_attributes(graaf, waarden, naam)
    nx.set_node_attributes(graaf, deelname.groupby(kolom)["overleg"].nunique().to_dict(), "overleggen")
    een, twee = net.actors[paren.een].tolist(), net.actors[paren.twee].tolist()
    graaf.add_weighted_edges_from(zip(een, twee, paren.gedeeld.tolist(), strict=True), weight="overleggen")
    return graaf


def _by_handover(source: Source, niveau: str) -> nx.DiGraph:
    banden = source.ties()
    # Between kinds and domains a hand-over is one between their organisations.
    bron = niveau if niveau == "professional" else "organisatie"
    over = source.handovers(bron)
    if niveau in ("soort", "domein"):
        thuis = main_value(banden, "organisatie", niveau)
        over = over.assign(bron=over["bron"].map(thuis), doel=over["doel"].map(thuis)).dropna()
    graaf = nx.DiGraph()
    graaf.add_nodes_from(sorted({*over["bron"], *over["doel"]}, key=str))
    for naam, waarden in _attributes(source, banden, niveau).items():
        nx.set_node_attributes(graaf, {k: w for k, w in waarden.items() if k in graaf}, naam)
    for (van, naar), deel in over.groupby(["bron", "doel"], sort=True):
        graaf.add_edge(
            van,
            naar,
            aantal=len(deel),
            huishoudens=int(deel["huishouden"].nunique()),
            dagen=float(deel["dagen"].median()),
            na_elkaar=float(deel["dagen"].ge(0).mean()),
        )
    return graaf


BANDEN: Mapping[str, Callable[[Source, str], nx.Graph]] = {
    "huishouden": _by_household,
    "overleg": _by_meeting,
    "overdracht": _by_handover,
}

"""A released network as files for other programs: GraphML, GEXF (Gephi), CSV, a matrix and a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

import networkx as nx
import pandas as pd

from toekomstscenario_eval.blocks.network import drawing
from toekomstscenario_eval.blocks.network_data import NETWERK, ShownNetwork, shown, to_graph
from toekomstscenario_eval.document.marking import ON_DRAWING, stamped
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.identity import INSIDE_MARK, inside_name
from toekomstscenario_eval.results import Release


def _stem(net: ShownNetwork) -> str:
    """Return the name of the files: another window than that of the package stands in it."""
    own = f"_{net.venster}" if net.own_window else ""
    return f"{'overleg' if net.overleg else 'netwerk'}_{net.niveau}{own}"


def _graph(net: ShownNetwork, mark: str) -> nx.Graph:
    """Return the network as a graph; an exact one is marked as a whole, and on all that can be taken out."""
    graph = to_graph(net)
    if mark:
        graph.graph["mark"] = mark
        nx.set_node_attributes(graph, mark, "mark")
        nx.set_edge_attributes(graph, mark, "mark")
    return graph


def _graphml(net: ShownNetwork, mark: str) -> dict[str, bytes]:
    buffer = BytesIO()
    nx.write_graphml(_graph(net, mark), buffer)
    return {f"{_stem(net)}.graphml": buffer.getvalue()}


def _gexf(net: ShownNetwork, mark: str) -> dict[str, bytes]:
    # Without the day and the program, so that the same network gives the same bytes.
    graph = _graph(net, mark)
    text = "\n".join(nx.generate_gexf(graph, prettyprint=True))
    begin, eind = text.find("<meta"), text.find("</meta>")
    clean = text if begin < 0 else text[:begin] + _meta(graph) + text[eind + len("</meta>") :].lstrip()
    return {f"{_stem(net)}.gexf": ("<?xml version='1.0' encoding='utf-8'?>\n" + clean + "\n").encode()}


def _meta(graph: nx.Graph) -> str:
    """Return what holds of the network as a whole, for which GEXF has one line of text."""
    parts = "; ".join(f"{field}: {value}" for field, value in graph.graph.items())
    return f"<meta><description>{escape(parts)}</description></meta>\n  "


def _csv(net: ShownNetwork, mark: str) -> dict[str, bytes]:
    # What is not told of any node or tie has no column.
    gone = ["professionals"] * bool(net.vanaf) + ["soort"] * (not any(net.knopen["soort"]))
    tables = {
        "knopen": net.knopen.astype({"professionals": "Int64"}).drop(columns=gone),
        "banden": net.banden.drop(columns="naast" if net.overleg else []),
        "overdrachten": net.flows.drop(columns="dagen" if net.vanaf else []),
    }
    if net.overleg:
        del tables["overdrachten"]
    if net.vanaf:
        tables = {naam: _read(net, table) for naam, table in tables.items()}
    if mark:
        tables = {naam: table.assign(merk=mark) for naam, table in tables.items()}
    return {
        f"{_stem(net)}_{naam}.csv": table.to_csv(index=False, lineterminator="\n").encode()
        for naam, table in tables.items()
    }


def _read(net: ShownNetwork, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which few households are no number: `leest` says how they read."""
    few = table["huishoudens"].map(net.few)
    told = few.eq("")
    return table.assign(
        huishoudens=table["huishoudens"].astype("Int64").where(told),
        aandeel=table["aandeel"].where(told),
        leest=few,
    )


def _matrix(net: ShownNetwork, mark: str) -> dict[str, bytes]:
    """Return the households of every two nodes, rows and columns in the same order; empty: no tie.

    In public few households are no number, but how they read.
    """
    both = pd.concat([net.banden, net.banden.rename(columns={"een": "twee", "twee": "een"})])
    names = net.knopen["naam"].tolist()
    table = both.pivot(index="een", columns="twee", values="huishoudens").reindex(index=names, columns=names)
    cells = [[("" if n != n else net.few(n) or str(round(n))) for n in row] for row in table.to_numpy(float)]
    out = pd.DataFrame(cells, columns=names).assign(naam=names)[["naam", *names]]
    if mark:
        out = out.assign(merk=mark)
    return {f"{_stem(net)}_matrix.csv": out.to_csv(index=False, lineterminator="\n").encode()}


def _svg(net: ShownNetwork, mark: str) -> dict[str, bytes]:
    picture = drawing(net)
    return {f"{_stem(net)}.svg": (stamped(picture, ON_DRAWING) if mark else picture).encode()}


FORMATS: Mapping[str, Callable[[ShownNetwork, str], dict[str, bytes]]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "matrix": _matrix,
    "svg": _svg,
}


def check_formats(formats: Sequence[str]) -> None:
    """Raise GebruikFout on a format that does not exist."""
    for fmt in formats:
        if fmt not in FORMATS:
            raise GebruikFout(f"het formaat '{fmt}' bestaat niet", herstel=did_you_mean(fmt, FORMATS))


def export_files(
    vrijgave: Release, formats: Sequence[str], *, niveau: str, key: str = NETWERK
) -> dict[str, bytes]:
    """Return file name and content of a network in each format; of an exact one, both say so.

    Raises
    ------
    GebruikFout
        When a format or level is unknown.
    OnthullingsFout
        When professionals are asked for, or nothing was given that passed release.
    """
    check_formats(formats)
    net = shown(vrijgave, key, niveau=niveau)
    mark = INSIDE_MARK if vrijgave.intern else ""
    files = {naam: content for f in formats for naam, content in FORMATS[f](net, mark).items()}
    return {inside_name(naam): content for naam, content in files.items()} if mark else files

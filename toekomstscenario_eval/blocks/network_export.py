"""A released network as files for other programs: GraphML, GEXF (Gephi) and CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

import networkx as nx

from toekomstscenario_eval.blocks.network_data import NETWERK, ShownNetwork, shown, to_graph
from toekomstscenario_eval.disclosure.release import Release
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u


def _stem(net: ShownNetwork) -> str:
    return f"{'overleg' if net.overleg else 'netwerk'}_{net.niveau}"


def _graphml(net: ShownNetwork) -> dict[str, bytes]:
    buffer = BytesIO()
    nx.write_graphml(to_graph(net), buffer)
    return {f"{_stem(net)}.graphml": buffer.getvalue()}


def _gexf(net: ShownNetwork) -> dict[str, bytes]:
    # Without the day and the program, so that the same network gives the same bytes.
    tekst = "\n".join(nx.generate_gexf(to_graph(net), prettyprint=True))
    begin, eind = tekst.find("<meta"), tekst.find("</meta>")
    schoon = tekst if begin < 0 else tekst[:begin] + tekst[eind + len("</meta>") :].lstrip()
    return {f"{_stem(net)}.gexf": ("<?xml version='1.0' encoding='utf-8'?>\n" + schoon + "\n").encode()}


def _csv(net: ShownNetwork) -> dict[str, bytes]:
    tabellen = {"knopen": net.knopen, "banden": net.banden, "overdrachten": net.stromen}
    if net.overleg:
        tabellen = {"knopen": net.knopen, "banden": net.banden.drop(columns="naast")}
    return {
        f"{_stem(net)}_{naam}.csv": tabel.to_csv(index=False, lineterminator="\n").encode()
        for naam, tabel in tabellen.items()
    }


FORMATEN: Mapping[str, Callable[[ShownNetwork], dict[str, bytes]]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
}


def check_formats(formaten: Sequence[str]) -> None:
    """Raise GebruikFout on a format that does not exist."""
    for formaat in formaten:
        if formaat not in FORMATEN:
            raise GebruikFout(f"het formaat '{formaat}' bestaat niet", herstel=bedoelt_u(formaat, FORMATEN))


def export_files(
    vrijgave: Release, formaten: Sequence[str], *, niveau: str, sleutel: str = NETWERK
) -> dict[str, bytes]:
    """Return file name and content of a released network in each format.

    Raises
    ------
    GebruikFout
        When a format or level is unknown.
    OnthullingsFout
        When professionals are asked for, or nothing was given that passed release.
    """
    check_formats(formaten)
    net = shown(vrijgave, sleutel, niveau=niveau)
    return {naam: inhoud for f in formaten for naam, inhoud in FORMATEN[f](net).items()}

"""A released network as tables and as a graph: only nodes and ties that may be shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import networkx as nx
import pandas as pd

from toekomstscenario_eval.blocks import access, whose
from toekomstscenario_eval.blocks.wording import ends, kind_and_domain
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, TksFout, did_you_mean
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.series import HOME, NIVEAUS
from toekomstscenario_eval.types import Result

NETWERK, OVERLEG = "netwerk", "netwerk_overleg"
ORGANISATION = "organisatie"
NUMBERED = (
    "Organisatie 01 heeft de meeste huishoudens in dit venster; in een ander venster kan dat een andere "
    "organisatie zijn"
)


NO_PHASE = "Netwerken zijn niet apart voor en vanaf de start geteld."


@dataclass(frozen=True)
class ShownNetwork:
    """What of one network may be shown.

    Attributes
    ----------
    knopen : DataFrame
        `naam, soort, domein, huishoudens, aandeel, professionals, getal_id`, in the order of communities;
        `soort` is of organisations alone, and `professionals` is missing in public.
    banden : DataFrame
        `een, twee, huishoudens, aandeel, naast, getal_id`: `naast` is the mean part of the time that
        both were there side by side, in public the part of the households in which they were at all,
        missing for few households; missing everywhere in a network of meetings.
    flows : DataFrame
        `van, naar, huishoudens, aandeel, na_elkaar, dagen, getal_id`; `dagen` is missing in public.
    verborgen : dict
        Numbers of nodes, ties and flows that are hidden.
    least, vanaf : int
        In public under which number of households reads "minder dan", and from which on a tie is one; 0
        inside.
    overleg : bool
        Whether ties are meetings instead of days with one household.
    venster, stand : str
        First day and the day after the last, and the day that the counts were drawn on; the last is empty
        inside.
    own_window : bool
        Whether that is another window than that of the package.
    over : str
        Whom it is about in a caption, where that can be more than one thing.
    populatie : tuple of str
        Whom it is about, in full.
    """

    niveau: str
    periode: str
    knopen: pd.DataFrame
    banden: pd.DataFrame
    flows: pd.DataFrame
    verborgen: dict[str, int]
    least: int = 0
    vanaf: int = 0
    overleg: bool = False
    venster: str = ""
    stand: str = ""
    own_window: bool = False
    over: str = ""
    populatie: tuple[str, ...] = ()

    def about(self, caption: str) -> str:
        """Return a caption with whom the network is about."""
        return f"{caption}. Over: {self.over}" if self.over else caption

    def few(self, huishoudens: float) -> str:
        """Return how a count reads that is too small to be told; empty for any other, and inside."""
        return f"minder dan {self.least}" if huishoudens < self.least else ""


def check_level(niveau: str) -> None:
    """Raise GebruikFout when networks are not published on this level."""
    if niveau == "professional":
        raise OnthullingsFout(
            "een netwerk van professionals wordt niet getoond: professionals zijn personen",
            verwacht="domein, soort of organisatie",
            herstel="kies een ander niveau; alleen in Python, met Study.open(intern=True), geeft "
            "studie.netwerk(per='professional') de graaf in handen",
        )
    if niveau not in NIVEAUS:
        raise GebruikFout(f"het niveau '{niveau}' bestaat niet", herstel=did_you_mean(niveau, NIVEAUS))


def periods(vrijgave: Release, key: str) -> list[str]:
    """Return the periods of a result in order."""
    return sorted(access.released(vrijgave, key).reeksen["periode"].unique().tolist())


def shown(
    vrijgave: Release, key: str = NETWERK, *, niveau: str = "domein", periode: str = ""
) -> ShownNetwork:
    """Return the network of a result as it may be shown.

    Raises
    ------
    GebruikFout
        When the level or period is unknown, or the result holds no network.
    OnthullingsFout
        When professionals are asked for.
    """
    check_level(niveau)
    r = access.released(vrijgave, key)
    if r.reden_nvt or r.reeksen.empty:
        raise _nothing(r)
    if periode not in periods(vrijgave, key):
        raise GebruikFout(
            f"de periode '{periode}' zit niet in {key}",
            herstel=did_you_mean(periode, [p for p in periods(vrijgave, key) if p]),
        )
    parts = {n: _part(r, f"{niveau}{n}", periode) for n in ("knopen", "banden", "overdrachten")}
    hidden = {n: int(d["onderdrukt"].sum()) for n, d in parts.items()}
    view = {n: d[~d["onderdrukt"]] for n, d in parts.items()}
    ties = _named(r, view["banden"], "een", "twee").rename(columns={"ondergrens": "naast"})
    flows = _named(r, view["overdrachten"], "van", "naar")
    flows = flows.rename(columns={"ondergrens": "na_elkaar", "bovengrens": "dagen"})
    nodes = _named(r, view["knopen"], "naam").rename(columns={"x": "professionals"})
    nodes = nodes.assign(**_kinds(r, nodes, niveau, periode))
    base = ["huishoudens", "aandeel", "getal_id"]
    public = r.publiek.get("")
    return ShownNetwork(
        niveau,
        periode,
        _by_community(nodes[["naam", "soort", "domein", "professionals", *base]], ties),
        ties[["een", "twee", "naast", *base]].reset_index(drop=True),
        flows[["van", "naar", "na_elkaar", "dagen", *base]].reset_index(drop=True),
        hidden,
        public.drempel if public else 0,
        public.vanaf.tie_whole if public else 0,
        r.indicator == OVERLEG,
        f"{r.venster.begin.isoformat()}_{r.venster.eind.isoformat()}",
        _stand(r, periode),
        r.variant.venster is not None,
        whose.whose(r),
        population(r),
    )


def population(r: Result, per: str = "") -> tuple[str, ...]:
    """Return whom the networks of a breakdown (empty text: the whole) are about, and which of their days."""
    told = whose.notes(r, per)
    return (*told, NO_PHASE) if told else ()


def _nothing(r: Result) -> TksFout:
    """Return why a result holds no network: it does not apply, is not public, or nobody is tied."""
    if r.reden_nvt:
        return GebruikFout(f"{r.sleutel} heeft geen netwerk om te tonen", kreeg=r.reden_nvt)
    if not r.publiek:
        return GebruikFout(f"{r.sleutel} heeft geen netwerk om te tonen", kreeg="geen banden")
    places = r.publiek[""].plekken
    reason = "".join(places.loc[places["reden"].ne(""), "reden"].head(1))
    return OnthullingsFout(
        f"dit netwerk is niet openbaar te maken: {reason or 'geen band is groot genoeg'}",
        herstel="werk binnen: geef --intern, of open het pakket met Study.open(intern=True)",
    )


def _stand(r: Result, periode: str) -> str:
    """Return the day that the published counts of a network were drawn on; empty inside."""
    if not r.publiek:
        return ""
    places = r.publiek[""].plekken
    return "".join(places.loc[places["periode"].eq(periode), "stand"].head(1))


def _part(r: Result, reeks: str, periode: str) -> pd.DataFrame:
    whole = r.reeksen["uitsplitsing"].eq("") & r.reeksen["periode"].eq(periode)
    part = r.reeksen[whole & r.reeksen["reeks"].eq(reeks)]
    return part.rename(columns={"n": "huishoudens", "waarde": "aandeel"})


def _named(r: Result, part: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return points with the names of their ends in these columns, and in their order."""
    namen = [ends(r, *point) for point in tuples(part, ("reeks", "label", "ander"))]
    having = part.assign(**{column: [n[i] for n in namen] for i, column in enumerate(columns)})
    return having.sort_values(list(columns), kind="stable")


def _kinds(r: Result, nodes: pd.DataFrame, niveau: str, periode: str) -> dict[str, list[str]]:
    """Return the names of the kind (of organisations) and the domain that each node belongs to."""
    if niveau == ORGANISATION:
        pairs = [kind_and_domain(r, other) for other in nodes["ander"].astype(str)]
        return {"soort": [kind for kind, _ in pairs], "domein": [domain for _, domain in pairs]}
    domains = _domains(r, niveau, periode)
    return {
        "soort": [""] * len(nodes),
        "domein": [domains.get(label, "") for label in nodes["label"].astype(str)],
    }


def _domains(r: Result, niveau: str, periode: str) -> dict[str, str]:
    """Return the name of the domain that each node belongs to, of domains and kinds."""
    part = _part(r, "domeinknopen" if niveau == "domein" else HOME, periode)
    part = part[~part["onderdrukt"]]
    home = part["label"] if niveau == "domein" else part["ander"]
    return {code: r.labels.text("domein", domein) for code, domein in zip(part["label"], home, strict=True)}


def _by_community(nodes: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    """Put nodes of one community beside each other: largest first, and in it the best tied first."""
    graph = nx.Graph()
    graph.add_nodes_from(sorted(nodes["naam"]))
    graph.add_weighted_edges_from(tuples(ties, ("een", "twee", "huishoudens")))
    groepen = nx.community.louvain_communities(graph, seed=0) if ties.size else [{n} for n in graph]
    strength = dict(graph.degree(weight="weight"))
    order = sorted(groepen, key=lambda g: (-len(g), min(g)))
    namen = [n for groep in order for n in sorted(groep, key=lambda n: (-strength[n], n))]
    return nodes.set_index("naam").reindex(namen).reset_index()


def to_graph(net: ShownNetwork) -> nx.Graph:
    """Return a released network as a networkx graph, as `tks netwerk` exports it.

    Nodes carry `domein`, `huishoudens`, `soort` (of organisations) and, inside, `professionals`; ties
    `huishoudens`, `aandeel` (of all households) and, when they are no meetings, `naast_elkaar`. A public one
    says from how many households on a tie is one; few households are no number there, but read in `leest`.
    """
    public = {"bron": "beschermde tellingen", "band_vanaf": net.vanaf, "stand": net.stand}
    graph = nx.Graph(venster=net.venster.replace("_", " tot "), **(public if net.vanaf else {}))
    if net.niveau == ORGANISATION:
        graph.graph["nummering"] = NUMBERED
    for k in access.records(net.knopen):
        people = {} if net.vanaf else {"professionals": int(k["professionals"])}
        kind = {"soort": k["soort"]} if k["soort"] else {}
        graph.add_node(k["naam"], **kind, domein=k["domein"], **_told(net, k), **people)
    for b in access.records(net.banden):
        added = {} if math.isnan(b["naast"]) else {"naast_elkaar": float(b["naast"])}
        share = {} if net.few(b["huishoudens"]) else {"aandeel": float(b["aandeel"])}
        graph.add_edge(b["een"], b["twee"], **_told(net, b), **share, **added)
    return graph


def _told(net: ShownNetwork, row: access.Row) -> dict[str, int | str]:
    """Return the households of a node or tie, or how they read when they are few."""
    few = net.few(row["huishoudens"])
    return {"leest": few} if few else {"huishoudens": int(row["huishoudens"])}

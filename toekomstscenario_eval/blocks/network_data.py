"""A released network as tables and as a graph: only nodes and ties that may be shown."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import pandas as pd

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.blocks.wording import ends
from toekomstscenario_eval.disclosure.networks import NIVEAUS, THUIS
from toekomstscenario_eval.disclosure.release import Release, Released
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, bedoelt_u
from toekomstscenario_eval.frames import tuples

NETWERK = "netwerk"


@dataclass(frozen=True)
class ShownNetwork:
    """What of one network may be shown.

    Attributes
    ----------
    knopen : DataFrame
        `naam, domein, huishoudens, aandeel, professionals, getal_id`, in the order of communities.
    banden : DataFrame
        `een, twee, huishoudens, aandeel, naast, getal_id`: `naast` is the mean part of the time that
        both were there side by side; missing everywhere in a network of meetings.
    stromen : DataFrame
        `van, naar, huishoudens, aandeel, na_elkaar, dagen, getal_id`.
    verborgen : dict
        Numbers of nodes, ties and flows that are hidden.
    """

    niveau: str
    periode: str
    knopen: pd.DataFrame
    banden: pd.DataFrame
    stromen: pd.DataFrame
    verborgen: dict[str, int]

    @property
    def overleg(self) -> bool:
        """Whether ties are meetings instead of days with one household."""
        return not self.banden.empty and bool(self.banden["naast"].isna().all())


def check_level(niveau: str) -> None:
    """Raise GebruikFout when networks are not published on this level."""
    if niveau == "professional":
        raise OnthullingsFout(
            "een netwerk van professionals wordt niet getoond: professionals zijn personen",
            verwacht="domein, soort of organisatie",
            herstel="kies een ander niveau; voor eigen analyse geeft studie.netwerk de graaf in handen",
        )
    if niveau not in NIVEAUS:
        raise GebruikFout(f"het niveau '{niveau}' bestaat niet", herstel=bedoelt_u(niveau, NIVEAUS))


def periods(vrijgave: Release, sleutel: str) -> list[str]:
    """Return the periods of a result in order."""
    return sorted(access.released(vrijgave, sleutel).reeksen["periode"].unique().tolist())


def shown(
    vrijgave: Release, sleutel: str = NETWERK, *, niveau: str = "domein", periode: str = ""
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
    r = access.released(vrijgave, sleutel)
    if r.reden_nvt or r.reeksen.empty:
        raise GebruikFout(f"{sleutel} heeft geen netwerk om te tonen", kreeg=r.reden_nvt or "geen banden")
    if periode not in periods(vrijgave, sleutel):
        raise GebruikFout(
            f"de periode '{periode}' zit niet in {sleutel}",
            herstel=bedoelt_u(periode, [p for p in periods(vrijgave, sleutel) if p]),
        )
    delen = {n: _part(r, f"{niveau}{n}", periode) for n in ("knopen", "banden", "overdrachten")}
    verborgen = {n: int(d["onderdrukt"].sum()) for n, d in delen.items()}
    zicht = {n: d[~d["onderdrukt"]] for n, d in delen.items()}
    banden = _named(r, zicht["banden"], "een", "twee").rename(columns={"ondergrens": "naast"})
    stromen = _named(r, zicht["overdrachten"], "van", "naar")
    stromen = stromen.rename(columns={"ondergrens": "na_elkaar", "bovengrens": "dagen"})
    knopen = _named(r, zicht["knopen"], "naam").rename(columns={"x": "professionals"})
    knopen = knopen.assign(domein=knopen["label"].map(_domains(r, niveau, periode)).fillna(""))
    basis = ["huishoudens", "aandeel", "getal_id"]
    return ShownNetwork(
        niveau,
        periode,
        _by_community(knopen[["naam", "domein", "professionals", *basis]], banden),
        banden[["een", "twee", "naast", *basis]].reset_index(drop=True),
        stromen[["van", "naar", "na_elkaar", "dagen", *basis]].reset_index(drop=True),
        verborgen,
    )


def _part(r: Released, reeks: str, periode: str) -> pd.DataFrame:
    deel = r.reeksen[r.reeksen["reeks"].eq(reeks) & r.reeksen["periode"].eq(periode)]
    return deel.rename(columns={"n": "huishoudens", "waarde": "aandeel"})


def _named(r: Released, deel: pd.DataFrame, *kolommen: str) -> pd.DataFrame:
    """Return points with the names of their ends in these columns, and in their order."""
    namen = [ends(r, *punt) for punt in tuples(deel, ("reeks", "label", "ander"))]
    met = deel.assign(**{kolom: [n[i] for n in namen] for i, kolom in enumerate(kolommen)})
    return met.sort_values(list(kolommen), kind="stable")


def _domains(r: Released, niveau: str, periode: str) -> dict[str, str]:
    """Return the name of the domain that each node belongs to."""
    if niveau not in ("domein", "soort"):
        return {}
    deel = _part(r, "domeinknopen" if niveau == "domein" else THUIS, periode)
    deel = deel[~deel["onderdrukt"]]
    thuis = deel["label"] if niveau == "domein" else deel["ander"]
    return {code: r.labels.text("domein", domein) for code, domein in zip(deel["label"], thuis, strict=True)}


def _by_community(knopen: pd.DataFrame, banden: pd.DataFrame) -> pd.DataFrame:
    """Put nodes of one community beside each other: largest first, and in it the best tied first."""
    graaf = nx.Graph()
    graaf.add_nodes_from(sorted(knopen["naam"]))
    graaf.add_weighted_edges_from(tuples(banden, ("een", "twee", "huishoudens")))
    groepen = nx.community.louvain_communities(graaf, seed=0) if banden.size else [{n} for n in graaf]
    sterkte = dict(graaf.degree(weight="weight"))
    volgorde = sorted(groepen, key=lambda g: (-len(g), min(g)))
    namen = [n for groep in volgorde for n in sorted(groep, key=lambda n: (-sterkte[n], n))]
    return knopen.set_index("naam").reindex(namen).reset_index()


def to_graph(net: ShownNetwork) -> nx.Graph:
    """Return a released network as a networkx graph, as `tks netwerk` exports it.

    Nodes carry `domein`, `huishoudens` and `professionals`; ties `huishoudens`, `aandeel` (of all
    households) and, when they are no meetings, `naast_elkaar`.
    """
    graaf = nx.Graph()
    for k in access.records(net.knopen):
        graaf.add_node(
            k["naam"],
            domein=k["domein"],
            huishoudens=int(k["huishoudens"]),
            professionals=int(k["professionals"]),
        )
    for b in access.records(net.banden):
        erbij = {} if net.overleg else {"naast_elkaar": float(b["naast"])}
        graaf.add_edge(
            b["een"], b["twee"], huishoudens=int(b["huishoudens"]), aandeel=float(b["aandeel"]), **erbij
        )
    return graaf

"""Networks against igraph and published values; `r/netwerk.R` made the numbers."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.estimators.networks import clustering, communities, paths, structure
from toekomstscenario_eval.estimators.networks.projection import adjacency, project, two_mode

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "netwerk.json").read_text())
NETWERKEN = ("karate", "davis", "toeval")


def lees(naam: str) -> pd.DataFrame:
    return pd.read_csv(HIER / "data" / f"netwerk_{naam}.csv")


@pytest.fixture(scope="module", params=NETWERKEN)
def net(request):
    ref, tabel = REFERENTIE[request.param], lees(request.param)
    if request.param == "davis":
        two = two_mode(tabel.rename(columns={"een": "actor", "twee": "huishouden"}), "actor")
        return adjacency(project(two), len(two.actors)), ref
    graaf = nx.Graph()
    graaf.add_nodes_from(range(len(ref["graad"])))
    graaf.add_edges_from(tabel.itertuples(index=False, name=None))
    return nx.to_scipy_sparse_array(graaf, dtype=float), ref


def test_size_and_density(net):
    matrix, ref = net
    assert structure.degrees(matrix).tolist() == ref["graad"]
    assert structure.density(matrix) == pytest.approx(ref["dichtheid"], rel=1e-12)
    assert np.bincount(structure.components(matrix)).tolist() == ref["delen"]


def test_clustering(net):
    matrix, ref = net
    assert clustering.transitivity(matrix) == pytest.approx(ref["transitiviteit"], rel=1e-12)
    assert len(clustering.triangles(matrix).a) == ref["driehoeken"]


def test_shortest_paths(net):
    matrix, ref = net
    uit = paths.paths(matrix)
    assert uit.between.waarde == pytest.approx(ref["tussen"], rel=1e-9, abs=1e-9)
    assert uit.afstand == pytest.approx(ref["afstand"], rel=1e-12)


def test_closeness(net):
    """igraph looks at the actors in reach only (none: missing); ours also at how many those are."""
    matrix, ref = net
    delen = structure.components(matrix)
    bereik = (np.bincount(delen)[delen] - 1) / (len(delen) - 1)
    nabij = np.nan_to_num(np.array(ref["nabij"], dtype=float)) * bereik
    assert paths.paths(matrix).near.waarde == pytest.approx(nabij, rel=1e-9)


def test_centralisation(net):
    matrix, ref = net
    assert structure.degree_centralisation(matrix) == pytest.approx(ref["centralisatie_graad"], rel=1e-12)
    tussen = paths.betweenness(matrix).waarde
    assert structure.betweenness_centralisation(tussen) == pytest.approx(
        ref["centralisatie_tussen"], rel=1e-9
    )


def test_groups(net):
    matrix, ref = net
    groep = np.array(ref["groep"])
    assert communities.modularity(matrix, groep - 1) == pytest.approx(ref["modulariteit"], rel=1e-12)


@pytest.fixture(scope="module")
def davis():
    return two_mode(lees("davis").rename(columns={"een": "actor", "twee": "huishouden"}), "actor")


def test_projection_of_davis(davis):
    ref = REFERENTIE["davis"]
    assert (int(davis.ties.nnz), len(project(davis).een)) == (ref["banden"], 139)
    assert sorted(project(davis).gedeeld.tolist()) == ref["gedeeld"]
    assert structure.density_two_mode(davis) == pytest.approx(ref["dichtheid_tweezijdig"])


def test_published_values_of_davis(davis):
    assert structure.density_two_mode(davis) == pytest.approx(0.3532, abs=5e-5)
    assert clustering.robins_alexander(davis) == pytest.approx(0.4678, abs=5e-5)


def test_published_values_of_the_karate_club():
    matrix = nx.to_scipy_sparse_array(nx.karate_club_graph(), weight=None, dtype=float)
    assert structure.density(matrix) == pytest.approx(0.13903743, abs=5e-9)
    assert clustering.transitivity(matrix) == pytest.approx(0.25568182, abs=5e-9)
    uit = paths.paths(matrix)
    assert uit.afstand == pytest.approx(2.4081996, abs=5e-8)
    assert uit.between.waarde[0] == pytest.approx(231.07143, abs=5e-6)

"""Measures by family: against counting by hand or by brute force, and on networks that are hardly one."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from toekomstscenario_eval.estimators.networks import (
    brokerage,
    clustering,
    communities,
    mixing,
    paths,
    resample,
    structure,
)
from toekomstscenario_eval.estimators.networks.analysis import MATEN, TELLINGEN, VAST, NetworkData, outcomes
from toekomstscenario_eval.estimators.networks.core import core_periphery
from toekomstscenario_eval.estimators.networks.overlap import reach, side_by_side, turnover
from toekomstscenario_eval.estimators.networks.projection import (
    adjacency,
    newman_weights,
    overlap_days,
    project,
    to_networkx,
    two_mode,
)


def toeval(seed: int, banden: int = 30, n: int = 9):
    d = pd.DataFrame(
        np.random.default_rng(seed).integers(0, n, size=(banden, 2)), columns=["huishouden", "actor"]
    )
    return two_mode(d, "actor")


def graaf(seed: int, n: int = 14, deel: float = 0.35):
    a = (np.random.default_rng(seed).random((n, n)) < deel).astype(float)
    np.fill_diagonal(a, 0)
    return np.maximum(a, a.T)


def opsahl_by_hand(net) -> float:
    m = net.ties.toarray()
    bij = [set(np.flatnonzero(m[:, i])) for i in range(m.shape[1])]
    wie = [set(np.flatnonzero(m[i])) for i in range(m.shape[0])]
    alle = dicht = 0
    for midden in range(m.shape[1]):
        for e1 in bij[midden]:
            for e2 in bij[midden] - {e1}:
                for p1 in wie[e1] - {midden}:
                    for p3 in wie[e2] - {midden, p1}:
                        alle += 1
                        dicht += bool(bij[p1] & bij[p3] - {e1, e2})
    return dicht / alle if alle else np.nan


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), banden=st.integers(1, 45))
def test_two_mode_clustering_equals_brute_force(seed, banden):
    net = toeval(seed, banden)
    assert clustering.opsahl(net) == pytest.approx(opsahl_by_hand(net), nan_ok=True)
    paren = nx.bipartite.robins_alexander_clustering(nx.bipartite.from_biadjacency_matrix(net.ties))
    assert np.nan_to_num(clustering.robins_alexander(net)) == pytest.approx(paren)


def roles_by_hand(a, groep):
    uit = np.zeros((len(a), 5), dtype=int)
    for b in range(len(a)):
        for van in np.flatnonzero(a[:, b]):
            for naar in np.flatnonzero(a[b]):
                if van == naar or a[van, naar]:
                    continue
                x, y, z = groep[van] == groep[b], groep[b] == groep[naar], groep[van] == groep[naar]
                uit[b, 0 if x and y else 1 if z else 2 if x else 3 if y else 4] += 1
    return uit


@pytest.mark.parametrize("seed", range(4))
def test_brokerage_equals_brute_force(seed):
    groep = np.random.default_rng(seed).integers(0, 3, 14)
    samen = graaf(seed)
    matrix = sparse.csr_array(samen)
    snel = brokerage.gould_fernandez_undirected(matrix, groep, clustering.triangles(matrix))
    assert (snel.to_numpy() == roles_by_hand(samen, groep)).all()
    assert tuple(snel.columns) == brokerage.ROLLEN


def test_sampled_paths_are_near_and_know_their_error():
    matrix = nx.to_scipy_sparse_array(nx.barabasi_albert_graph(400, 3, seed=1), dtype=float)
    exact = paths.paths(matrix)
    delen = [paths.paths(matrix, exact_up_to=10, sources=80, seed=i) for i in range(25)]
    assert exact.between.exact
    assert not delen[0].between.exact
    for naam in ("between", "near"):
        echt = getattr(exact, naam).waarde
        ver = np.mean([(getattr(d, naam).waarde - echt) ** 2 for d in delen], axis=0)
        fout = np.mean([getattr(d, naam).fout ** 2 for d in delen], axis=0)
        # What the estimates are off, squared, is what they say that they are off.
        assert ver.sum() / fout.sum() == pytest.approx(1, abs=0.25)
        midden = np.mean([getattr(d, naam).waarde for d in delen], axis=0)
        assert midden.sum() == pytest.approx(echt.sum(), rel=0.03)
    ver = [abs(d.afstand - exact.afstand) / d.distance_error for d in delen]
    assert np.mean(np.array(ver) < 2) >= 0.8


def test_core_is_the_best_of_all_splits():
    a = graaf(3, n=9)
    kern = core_periphery(sparse.csr_array(a))

    def fouten(binnen):
        k, r = a[np.ix_(binnen, binnen)], a[np.ix_(~binnen, ~binnen)]
        n = binnen.sum()
        return n * (n - 1) / 2 - k.sum() / 2 + r.sum() / 2

    alle = [np.array([i >> b & 1 for b in range(9)], dtype=bool) for i in range(2**9)]
    assert fouten(kern) == min(map(fouten, alle))


def test_large_and_small_method_find_the_same_planted_groups():
    matrix = nx.to_scipy_sparse_array(nx.planted_partition_graph(6, 25, 0.5, 0.02, seed=1), dtype=float)
    klein = communities.communities(matrix, runs=3)
    groot = communities.communities(matrix, runs=3, networkx_up_to=0)
    assert klein.aantal == groot.aantal == 6
    assert communities.adjusted_rand(klein.groep, groot.groep) == pytest.approx(1)
    assert klein.stabiliteit == pytest.approx(1)
    assert groot.stabiliteit > 0.95
    assert klein.modulariteit == pytest.approx(groot.modulariteit)


def test_rand_index_by_hand():
    """Hubert and Arabie: the same is 1, and the names of groups do not matter."""
    assert communities.adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])) == 1
    assert communities.adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == pytest.approx(-0.5)


def test_mixing_by_hand():
    """Ties a-b within, a-c and b-c between: E-I (2 - 1) / 3; one of three pairs is within."""
    matrix = sparse.csr_array(np.ones((3, 3)) - np.eye(3))
    uit = mixing.mixing(matrix, np.array(["x", "x", "y"]))
    assert (uit.ei, uit.ei_verwacht, uit.tabel.tolist()) == (
        pytest.approx(1 / 3),
        pytest.approx(1 / 3),
        [[1, 2], [2, 0]],
    )


def test_newman_weights_add_up_to_shared_households():
    net = toeval(5)
    matrix = adjacency(project(net), len(net.actors), newman_weights(net))
    samen = net.ties[np.diff(net.ties.indptr) > 1]
    assert np.asarray(matrix.sum(axis=1)) == pytest.approx(np.asarray(samen.sum(axis=0)))


SAMEN = pd.DataFrame(
    [
        (1, "a", "b", 5, 10, False),
        (1, "a", "c", 0, 4, False),
        (1, "b", "c", 4, 4, False),
        (2, "a", "b", 0, 7, False),
        (2, "b", "c", 0, 7, True),  # one person for both: neither side by side nor in relay
    ],
    columns=["huishouden", "een", "twee", "dagen", "kortste", "zelf"],
)


def test_side_by_side_by_hand():
    """Household 1: (0.5 + 0 + 1) / 3, household 2: 0; two of four pairs never met."""
    uit = side_by_side(SAMEN)
    assert (uit.index, uit.na_elkaar) == (0.25, 0.5)
    assert np.isnan(side_by_side(SAMEN.iloc[:0]).index)


def test_days_together_go_to_the_right_pair():
    net = two_mode(pd.DataFrame({"huishouden": [1, 1, 1, 2, 2], "actor": list("abcab")}), "actor")
    assert overlap_days(SAMEN, net).tolist() == [5, 0, 4]
    assert to_networkx(net, together=SAMEN).edges["b", "c"] == {"gedeeld": 1, "newman": 0.5, "dagen": 4}


def test_reach_by_hand():
    """In 1 the fixed face a met b (another domain) and not c; in 2 there are two fixed faces."""
    rijen = ["1axv", "1by-", "1cy-", "2axv", "2byv", "3axv"]
    banden = pd.DataFrame(
        [(int(h), actor, domein, vast == "v") for h, actor, domein, vast in rijen],
        columns=["huishouden", "actor", "domein", "vast"],
    )
    assert reach(banden, SAMEN).to_numpy().tolist() == [[1, 2, 1, 1], [3, 0, 0, 0]]


def test_turnover_by_hand():
    a = pd.DataFrame({"een": [1, 2, 3], "twee": [2, 3, 4]})
    b = pd.DataFrame({"een": [2, 3, 5], "twee": [1, 4, 6]})
    uit = turnover(a, b)
    assert uit == {"jaccard": 0.5, "gebleven": 2, "verdwenen": 1, "nieuw": 1}
    assert np.isnan(turnover(a.iloc[:0], a.iloc[:0])["jaccard"])


def test_jackknife_of_a_mean_is_the_usual_standard_error():
    x = np.random.default_rng(1).normal(size=40)
    uit = resample.jackknife(np.arange(40), lambda houd: {"m": float(x[houd].mean())}, groepen=40)["m"]
    assert uit.fout == pytest.approx(x.std(ddof=1) / np.sqrt(40))
    assert resample.jackknife(np.array([1, 1]), lambda houd: {"m": 1.0})["m"].schatting == 1.0


def test_intervals_hold_what_a_larger_population_has():
    """Households of size 1 to 4 over 60 professionals: the mean size lies in most intervals."""
    rng = np.random.default_rng(3)
    raak = 0
    for i in range(60):
        k = rng.integers(1, 5, 150)
        huis = np.repeat(np.arange(150), k)
        uit = resample.jackknife(
            np.arange(150),
            lambda houd, h=huis: {"m": float(np.bincount(h, minlength=150)[houd].mean())},
            seed=i,
        )["m"]
        raak += uit.onder <= 2.5 <= uit.boven
    assert raak >= 53


def test_missing_ties_keep_the_rest():
    tabel = resample.missing_ties(100, lambda houd: {"n": float(houd.sum())}, aantal=3)
    assert tabel[["deel", "laagste", "hoogste"]].to_numpy().tolist() == [
        [0, 100, 100], [0.05, 95, 95], [0.1, 90, 90], [0.2, 80, 80],
    ]  # fmt: skip


# Networks that are hardly one


def data(*banden: tuple[int, int, int, str, str]) -> NetworkData:
    kolommen = ["huishouden", "actor", "organisatie", "soort", "domein"]
    d = pd.DataFrame(list(banden), columns=kolommen).assign(vast=False)
    leeg = pd.DataFrame(columns=["huishouden", "een", "twee", "dagen", "kortste", "zelf"]).astype("int64")
    return NetworkData.of(d, leeg, leeg)


@pytest.mark.parametrize(
    ("banden", "paren"),
    [
        ((), 0),
        (((1, 1, 1, "lokaal_team", "x"),), 0),
        (tuple((h, h, 1, "lokaal_team", "x") for h in range(20)), 0),
        (((1, 1, 1, "lokaal_team", "x"), (1, 1, 2, "GI", "y"), (1, 2, 2, "GI", "y")), 1),
    ],
    ids=["niemand", "een professional", "alle huishoudens alleen", "een professional bij twee organisaties"],
)
def test_hardly_a_network_gives_an_answer(banden, paren):
    uit = outcomes(data(*banden))
    assert set(uit) == {*TELLINGEN, *MATEN, *VAST}
    assert uit["paren"].waarde == paren
    if not paren:
        assert np.isnan(uit["over_domeinen"].waarde)
        assert np.isnan(uit["clustering_tweezijdig"].waarde)


def test_two_organisations_at_once_count_at_the_one_with_most_households():
    uit = data(
        (1, 1, 1, "lokaal_team", "x"),
        (2, 1, 1, "lokaal_team", "x"),
        (3, 1, 2, "GI", "y"),
        (3, 2, 2, "GI", "y"),
    )
    assert uit.feature("domein").tolist() == ["x", "y"]
    assert outcomes(uit)["over_domeinen"].waarde == 1


def test_self_ties_and_double_ties_do_not_count():
    net = two_mode(pd.DataFrame({"huishouden": [1, 1, 1, 1], "actor": [1, 1, 2, None]}), "actor")
    assert project(net).gedeeld.tolist() == [1]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_measures_of_nobody_and_hardly_anybody(n):
    leeg = sparse.csr_array((n, n))
    assert np.isnan(structure.degree_centralisation(leeg))
    assert np.isnan(clustering.transitivity(leeg))
    assert np.isnan(paths.paths(leeg).afstand)
    assert communities.communities(leeg).runs == 0
    assert len(core_periphery(leeg)) == n

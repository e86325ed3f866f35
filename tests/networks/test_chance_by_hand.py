"""Probabilities, errors and intervals of networks on cases small enough to write out or to enumerate."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from toekomstscenario_eval.estimators.networks import measures, network_points, paths, resample
from toekomstscenario_eval.estimators.networks.comparison import between, paired
from toekomstscenario_eval.estimators.networks.nullmodel import beside
from toekomstscenario_eval.estimators.networks.qap import mrqap, qap
from toekomstscenario_eval.types import Maat, Vorm


class EveryOrder:
    """Deals all 120 orders of five nodes, one after the other, where chance would draw."""

    def __init__(self, *_: object) -> None:
        self.orders = itertools.cycle(itertools.permutations(range(5)))

    def permutation(self, n: int) -> np.ndarray:
        assert n == 5
        return np.array(next(self.orders))


@pytest.fixture
def every_order(monkeypatch):
    monkeypatch.setattr(np.random, "default_rng", EveryOrder)


def graph(*ties: tuple[int, int, float]) -> np.ndarray:
    a = np.zeros((5, 5))
    for i, j, weight in ties:
        a[i, j] = a[j, i] = weight
    return a


def path(last: float) -> np.ndarray:
    return graph((0, 1, 1), (1, 2, 1), (2, 3, 1), (3, 4, last))


# A probability by permutation: the network itself is one of the orders, so p is never 0


def test_nothing_drawn_is_as_strong_so_only_the_network_itself_counts():
    """19 orders of twelve nodes, none of which gives back the network: 1 in 20."""
    rng = np.random.default_rng(1)
    x, z, noise = (m + m.T for m in rng.normal(size=(3, 12, 12)))
    y = x + 0.01 * noise
    assert qap(y, x, permutations=19).coefficients["correlatie"].p == 1 / 20
    assert mrqap(y, {"x": x, "z": z}, permutations=19).coefficients["x"].p == 1 / 20


@pytest.mark.parametrize(("last", "as_strong"), [(1.0, 2), (1.02, 1)])
def test_qap_over_all_orders(every_order, last, as_strong):
    """A path of five is itself forwards and backwards; with one heavier tie only forwards."""
    uit = qap(path(last), path(last), permutations=120).coefficients["correlatie"]
    assert uit.schatting == pytest.approx(1)
    assert uit.p == (as_strong + 1) / 121


def test_correlation_of_two_networks_is_over_pairs_of_different_nodes():
    """Of ten pairs y has four, x three, both two; on the diagonal stands something else."""
    y, x = path(1), graph((0, 1, 1), (1, 2, 1), (0, 4, 1))
    uit = qap(y + 7 * np.eye(5), x - np.eye(5), permutations=1)
    assert uit.coefficients["correlatie"].schatting == pytest.approx(
        (10 * 2 - 4 * 3) / math.sqrt(4 * 6 * 3 * 7)
    )
    assert uit.r2 == pytest.approx(64 / 504)


def t_over_all_orders(y, x, z) -> np.ndarray:
    """By least squares on the whole design, once for every order of what is left of x beside z."""
    upper = np.triu_indices(5, 1)
    others = np.column_stack([np.ones(10), z[upper]])
    rest = np.zeros((5, 5))
    rest[upper] = x[upper] - others @ np.linalg.lstsq(others, x[upper], rcond=None)[0]
    rest += rest.T
    uit = []
    for order in itertools.permutations(range(5)):
        design = np.column_stack([others, rest[np.ix_(order, order)][upper]])
        beta, squares, *_ = np.linalg.lstsq(design, y[upper], rcond=None)
        uit.append(abs(beta[2]) / math.sqrt(np.linalg.inv(design.T @ design)[2, 2] * squares[0] / (10 - 3)))
    return np.array(uit)


def drawn():
    return tuple(m + m.T for m in np.random.default_rng(10).normal(size=(3, 5, 5)))


def mirrored(extra: float):
    """The three networks are the same backwards, but for `extra` on one tie of the first."""
    y = graph((0, 1, 2), (1, 2, 1), (2, 3, 1), (3, 4, 2 + extra), (1, 3, 1), (0, 3, 1), (1, 4, 1))
    x = graph((0, 1, 1), (1, 2, 2), (2, 3, 2), (3, 4, 1))
    return y, x, graph((0, 4, 1), (1, 3, 2), (0, 2, 1), (2, 4, 1))


@pytest.mark.parametrize(
    ("networks", "as_strong"), [(drawn(), 25), (mirrored(0), 76), (mirrored(1e-5), 74), (mirrored(-1e-5), 74)]
)
def test_mrqap_over_all_orders(every_order, networks, as_strong):
    """What ties with the network counts, though rounding may put it below; what is a little less does not."""
    y, x, z = networks
    t = t_over_all_orders(y, x, z)
    assert np.sum(t > t[0] * (1 - 1e-10)) == as_strong
    uit = mrqap(y, {"x": x, "z": z}, permutations=120).coefficients["x"]
    assert abs(uit.t) == pytest.approx(t[0])
    assert uit.p == (as_strong + 1) / 121


def test_beside_chance_counts_itself_on_both_sides():
    """Nine draws and the network itself: of ten, one is at least as high (or as low), and twice that is p."""
    draws = np.arange(1.0, 10.0)
    assert [beside(seen, draws).p for seen in (10.0, 9.0, 0.0, 1.0, 5.0)] == [0.2, 0.4, 0.2, 0.4, 1.0]


def test_beside_chance_rounding_is_no_difference():
    """0.1 + 0.2 is 0.3, to the computer a little more; 0.3005 is more."""
    assert beside(0.3, np.full(9, 0.1 + 0.2)).p == 1
    assert beside(0.1 + 0.2, np.full(9, 0.3)).p == 1
    assert beside(0.3, np.full(9, 0.3005)).p == 0.2


def test_beside_chance_holds_the_middle_95_percent():
    uit = beside(50.0, np.arange(101.0))
    assert (uit.onder, uit.boven) == (2.5, 97.5)


# Sites


def test_too_many_arrangements_are_drawn_and_the_real_one_is_added():
    """Nobody of the one set is near the other: none of the 20,000 draws is as far apart."""
    uit = between(np.arange(30.0), 1000 + np.arange(30.0))
    assert (uit.p, uit.arrangements, uit.exact) == (1 / 20_001, 20_000, False)
    uit = paired(np.zeros(40), np.ones(40))
    assert (uit.p, uit.arrangements, uit.exact) == (1 / 20_001, 20_000, False)


def test_two_sets_of_one_size_have_a_mirror_image():
    """1, 2 against 3, 4: of the six arrangements the real one and its mirror image are 2 apart."""
    uit = between(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    assert (uit.p, uit.smallest_p) == (2 / 6, 2 / 6)
    assert paired(np.zeros(6), np.ones(6)).smallest_p == 2 / 64


@pytest.mark.parametrize(("last", "as_far"), [(20.0, 2), (20.0 - 1e-6, 1)])
def test_arrangements_that_tie_count_and_what_is_a_little_less_does_not(last, as_far):
    """0 against 10 and 20 is 15 apart, and so is 20 against 0 and 10."""
    assert between(np.array([0.0]), np.array([10.0, last])).p == as_far / 3


# Errors of samples


def test_sampled_paths_by_hand():
    """Of a - b - c - d only a and b were followed.

    Distances add up to 6 and 4 over 3 others each: the mean is 10 / 6, the rests are 1 and -1. Of a, b lies
    on two paths and c on one; of b, c lies on one. From d the mean distance to the two is 2.5; over all
    four, itself included, that is 10 / 3 to each other.
    """
    uit = paths._from_sample(sparse.csr_array(nx.to_scipy_sparse_array(nx.path_graph(4))), np.array([0, 1]))
    half = 1 - 2 / 4  # half of the sources were not drawn
    assert uit.afstand == pytest.approx(10 / 6)
    assert uit.distance_error == pytest.approx(math.sqrt(2 * (1 + 1) * half) / 6)
    assert uit.between.waarde == pytest.approx([0, 2, 2, 0])
    # b: 2 and 0 have variance 2; c: 1 and 1 have none.
    assert uit.between.fout == pytest.approx([0, math.sqrt(2 / 2 * half) * 4 / 2, 0, 0])
    assert uit.near.waarde[3] == pytest.approx(0.3)
    # 3 and 2 have variance 0.5.
    assert uit.near.fout[3] == pytest.approx(0.3 * math.sqrt(0.5 / 2 * half) / 2.5)


def test_jackknife_interval_by_hand():
    """One household per group gives the textbook interval: 3 -/+ 2.7764 (t, 4) times sqrt(2.5 / 5)."""
    x = np.array([1.0, 2, 3, 4, 5])
    uit = resample.jackknife(np.arange(5), lambda houd: {"m": float(x[houd].mean())})["m"]
    assert (uit.onder, uit.boven) == pytest.approx((3 - 1.963243, 3 + 1.963243), abs=1e-6)


# What is counted


TIES = pd.DataFrame(
    [
        *((1, 1, 1, "gi", "x"), (1, 2, 1, "gi", "x"), (2, 1, 1, "gi", "x")),
        *((2, 3, 2, "lt", "y"), (3, 3, 2, "lt", "y"), (4, 4, 2, "lt", "y")),
    ],
    columns=["huishouden", "actor", "organisatie", "soort", "domein"],
)


def test_mean_professionals_per_household_by_hand():
    """1, 2 and 3 professionals: 2 -/+ 4.302653 (t, 2) times 1 / sqrt(3)."""
    pairs = [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3)]
    g = pd.DataFrame(
        [(h, a, 1, "x") for h, a in pairs], columns=["huishouden", "actor", "organisatie", "soort"]
    )
    name = "professionals_per_huishouden"
    uit = measures.estimate_group(g, huishoudens=3, maten={name: Maat("", "", Vorm.GETAL)}, horizon=365)
    (row,) = [r for r in uit.schattingen if r["maat"] == name]
    assert [row[k] for k in ("schatting", "ondergrens", "bovengrens")] == pytest.approx(
        [2, 2 - 2.484138, 2 + 2.484138], abs=1e-6
    )


def test_nodes_count_households_and_professionals_once():
    """The gi has two households and two professionals in three ties; the lt three and two."""
    points = network_points.nodes(TIES, "soort", "soortknopen", 4)
    assert [(p["label"], p["waarde"], p["n"], p["x"]) for p in points] == [
        ("gi", 2 / 4, 2, 2),
        ("lt", 3 / 4, 3, 2),
    ]


def test_organisations_are_ranked_by_households_not_by_ties():
    """Organisation 1 has four ties with two households, organisation 2 three ties with three."""
    many = pd.concat([TIES, TIES.iloc[[0]].assign(actor=5)])
    assert network_points.organisation_labels(many) == {2: "Organisatie 1", 1: "Organisatie 2"}


def test_handovers_count_every_time_and_households_once():
    """Household 1 is handed over from the gi to the lt twice, 2 once; on the day itself is no overlap."""
    over = pd.DataFrame(
        [(1, 1, 2, 0), (1, 1, 2, -1), (2, 1, 2, 9)], columns=["huishouden", "bron", "doel", "dagen"]
    )
    ties = pd.concat([TIES, pd.DataFrame([(1, 3, 2, "lt", "y")], columns=TIES.columns)])
    (point,) = network_points.flows(over, ties, {1: "gi", 2: "lt"}, "soortstromen")
    assert [point[k] for k in ("waarde", "n", "x", "ondergrens", "bovengrens")] == [1, 2, 1, 2 / 3, 0]

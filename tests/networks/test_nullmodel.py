"""Chance as a yardstick: right degrees, uniform, and p-values that are uniform when nothing is going on."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.networks import clustering
from toekomstscenario_eval.estimators.networks.comparison import between, paired
from toekomstscenario_eval.estimators.networks.nullmodel import beside, curveball, draws, of_size
from toekomstscenario_eval.estimators.networks.projection import project, two_mode
from toekomstscenario_eval.estimators.networks.qap import mrqap, qap


def net(*banden: tuple[int, int]):
    return two_mode(pd.DataFrame(list(banden), columns=["huishouden", "actor"]), "actor")


def toeval(seed: int, rijen: int = 30, kolommen: int = 9, banden: int = 70):
    getrokken = np.random.default_rng(seed).integers(0, (rijen, kolommen), size=(banden, 2))
    return net(*map(tuple, getrokken.tolist()))


def against_chance(netwerk, *, aantal: int, seed: int = 0):
    maat = clustering.robins_alexander
    return beside(maat(netwerk), draws(netwerk, maat, aantal=aantal, seed=seed))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rijen=st.integers(2, 15), banden=st.integers(1, 40))
def test_degrees_stay(seed, rijen, banden):
    echt = toeval(seed, rijen=rijen, kolommen=6, banden=banden)
    for los in curveball(echt, aantal=3, seed=seed):
        assert (los.ties.sum(axis=0) == echt.ties.sum(axis=0)).all()
        assert (los.ties.sum(axis=1) == echt.ties.sum(axis=1)).all()
        assert los.ties.max() == 1


def test_every_network_with_these_degrees_is_equally_likely():
    echt = net((0, 0), (0, 1), (1, 1), (1, 2), (2, 0), (3, 2))
    graden = [2, 2, 1, 1]
    rijen = [list(itertools.combinations(range(3), g)) for g in graden]
    mogelijk = [m for m in itertools.product(*rijen) if all(sum(k in r for r in m) == 2 for k in range(3))]
    gezien = Counter(los.ties.toarray().tobytes() for los in curveball(echt, aantal=6_000, seed=3))
    assert len(gezien) == len(mogelijk) == 15
    assert stats.chisquare(list(gezien.values())).pvalue > 0.001


def test_same_seed_same_networks():
    een, twee = (list(curveball(toeval(1), aantal=2, seed=5)) for _ in range(2))
    assert all((a.ties != b.ties).nnz == 0 for a, b in zip(een, twee, strict=True))


def test_p_is_uniform_when_the_network_itself_is_random():
    """Each network is one that chance gave: its p-value must be uniform (in steps of 2/40)."""
    echt = toeval(7)
    p = [
        against_chance(los, aantal=39, seed=i).p for i, los in enumerate(curveball(echt, aantal=120, seed=1))
    ]
    assert stats.kstest(p, "uniform").statistic < 0.15


def test_clustering_that_was_put_in_is_found():
    vast = net(*[(h, a + 3 * (h % 4)) for h in range(40) for a in range(3)])
    uit = against_chance(vast, aantal=99)
    assert uit.seen > uit.boven
    assert uit.p == pytest.approx(0.02)


def test_nothing_to_move_is_no_difference():
    """Every household has everybody: there is one such network."""
    uit = against_chance(net(*itertools.product(range(5), range(3))), aantal=19)
    assert (uit.verhouding, uit.p) == (1.0, 1.0)


def test_size_matched_sample_of_all_is_the_network_itself():
    echt = toeval(3)

    def paren(n):
        return float(len(project(n).een))

    assert of_size(echt, echt.ties.shape[0], paren, aantal=3) == paren(echt)
    assert of_size(echt, 10, paren, aantal=20) < paren(echt)
    assert np.isnan(of_size(echt, 1_000, paren))


def test_permutation_between_sites_by_hand():
    """Of the ten arrangements only the real one is as far apart."""
    uit = between(np.array([1.0, 2.0]), np.array([3.0, 4.0, 4.4]))
    assert (uit.verschil, uit.p, uit.smallest_p, uit.exact) == (
        pytest.approx(-2.3),
        pytest.approx(0.1),
        0.1,
        True,
    )
    assert uit.reden.startswith("met 2 en 3 gebieden kan p niet onder 0,10 komen")


def test_permutation_before_and_after_by_hand():
    uit = paired(np.zeros(6), np.array([1.0, 2, 3, 4, 5, 6]))
    assert (uit.verschil, uit.p, uit.reden) == (3.5, pytest.approx(2 / 64), "")


@pytest.mark.parametrize(("een", "twee"), [([], [1.0, 2.0]), ([np.nan], [1.0]), ([], [])])
def test_no_sites_is_a_reason_and_no_number(een, twee):
    uit = between(np.array(een), np.array(twee))
    assert np.isnan(uit.p)
    assert "gebieden met een bepaalde waarde" in uit.reden


def test_p_between_sites_is_uniform_without_a_difference():
    rng = np.random.default_rng(2)
    p = [between(rng.normal(size=6), rng.normal(size=5)).p for _ in range(150)]
    assert stats.kstest(p, "uniform").pvalue > 0.01


def symmetrisch(rng, n):
    m = rng.normal(size=(n, n))
    return m + m.T


def test_qap_p_is_uniform_without_a_relation():
    rng = np.random.default_rng(4)
    p = [
        qap(symmetrisch(rng, 8), symmetrisch(rng, 8), permutations=99, seed=i).coefficients
        for i in range(120)
    ]
    assert stats.kstest([c["correlatie"].p for c in p], "uniform").statistic < 0.15


def test_mrqap_p_is_uniform_for_a_network_that_only_goes_along():
    """y follows from x; z goes with x. Without x, z would seem to matter; with x it must not."""
    rng = np.random.default_rng(5)
    p = []
    for i in range(100):
        x = symmetrisch(rng, 9)
        y, z = x + symmetrisch(rng, 9), x + symmetrisch(rng, 9)
        p.append(mrqap(y, {"x": x, "z": z}, permutations=99, seed=i).coefficients["z"].p)
    assert stats.kstest(p, "uniform").statistic < 0.17


def test_mrqap_coefficients_are_those_of_least_squares():
    rng = np.random.default_rng(6)
    y, x, z = (symmetrisch(rng, 12) for _ in range(3))
    uit = mrqap(y, {"x": x, "z": z}, permutations=19)
    boven = np.triu_indices(12, 1)
    ontwerp = np.column_stack([np.ones(66), x[boven], z[boven]])
    beta = np.linalg.lstsq(ontwerp, y[boven], rcond=None)[0]
    rest = y[boven] - ontwerp @ beta
    fout = np.sqrt(np.diag(np.linalg.inv(ontwerp.T @ ontwerp)) * (rest @ rest) / 63)
    assert [c.schatting for c in uit.coefficients.values()] == pytest.approx(beta[1:])
    assert [c.t for c in uit.coefficients.values()] == pytest.approx(beta[1:] / fout[1:])
    assert uit.r2 == pytest.approx(1 - rest @ rest / (66 * np.var(y[boven])))
    assert (uit.knopen, uit.permutations, uit.reden) == (12, 19, "")


def test_mrqap_p_is_the_share_of_all_orders():
    """Five nodes have 120 orders: the drawn p must be near that over all of them."""
    rng = np.random.default_rng(8)
    y, x, z = (symmetrisch(rng, 5) for _ in range(3))
    boven = np.triu_indices(5, 1)
    anderen = np.column_stack([np.ones(10), z[boven]])
    weg = anderen @ np.linalg.pinv(anderen)
    vol = np.zeros((5, 5))
    vol[boven] = x[boven] - weg @ x[boven]
    vol += vol.T

    def t(o):
        o = list(o)
        ontwerp = np.column_stack([anderen, vol[np.ix_(o, o)][boven]])
        beta = np.linalg.lstsq(ontwerp, y[boven], rcond=None)[0]
        rest = y[boven] - ontwerp @ beta
        return beta[-1] / np.sqrt(np.linalg.inv(ontwerp.T @ ontwerp)[-1, -1] * (rest @ rest) / 7)

    alle = np.abs([t(o) for o in itertools.permutations(range(5))])
    uit = mrqap(y, {"x": x, "z": z}, permutations=4_000, seed=1).coefficients["x"]
    assert uit.p == pytest.approx(np.mean(alle >= abs(uit.t) - 1e-9), abs=0.03)


def test_qap_says_when_there_is_too_little():
    assert "te weinig om te toetsen" in qap(np.eye(3), np.eye(3)).reden
    assert "niets te vergelijken" in qap(np.ones((6, 6)), np.eye(6) + 1).reden
    x = symmetrisch(np.random.default_rng(0), 6)
    assert "niet van elkaar te onderscheiden" in mrqap(x, {"a": x, "b": x}).reden
    assert "niets te vergelijken" in mrqap(np.ones((6, 6)), {"a": x}).reden
    assert "niets te vergelijken" in mrqap(x, {"a": x, "b": np.ones((6, 6))}).reden
    assert "te weinig om te toetsen" in mrqap(np.eye(4), {"a": np.eye(4)}).reden


@pytest.mark.parametrize(
    ("y", "x"),
    [(np.ones((5, 5)), np.ones((6, 6))), (np.ones((5, 6)), np.ones((5, 6))), (np.eye(5), np.eye(5, k=1))],
)
def test_networks_on_other_nodes_or_with_a_direction_are_refused(y, x):
    for een, ander in ((y, x), (x, y)):
        with pytest.raises(GebruikFout, match="de netwerken passen niet bij elkaar"):
            qap(een, ander)
        with pytest.raises(GebruikFout, match="symmetrische matrices met dezelfde knopen"):
            mrqap(een, {"y": ander})

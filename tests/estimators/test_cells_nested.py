"""Sums of nested counts, and the variance that noise gives them."""

import math

import numpy as np
import pandas as pd
import pytest

from tests.estimators.cells_world import NOISE, count_cells, uniform, world
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.cells.nested import Nested, noise_variance, table, weights
from toekomstscenario_eval.grids import ladder

ONE = ladder(1, 0)


def cells(*rows):
    return pd.DataFrame(rows, columns=["naam", "x", "k", "n"])


def test_weights_give_back_the_value_of_a_household():
    assert weights(ONE)[:49].tolist() == [1.0] * 49
    # From 50 on steps are wider: 50 stands for 50 to 54, 55 for 55 to 59.
    assert weights(ONE)[49:51].tolist() == [3.0, 5.0]
    assert weights(ONE, 2)[:4].tolist() == [1.0, 3.0, 5.0, 7.0]
    days = ladder(30, 365)
    for value, middle in ((1, 15.0), (29, 15.0), (30, 44.5), (359, 344.5), (365, 365.0)):
        reached = np.array(days) <= value
        assert weights(days)[reached].sum() == pytest.approx(middle)
        assert weights(days, 2)[reached].sum() == pytest.approx(middle**2)


def test_what_is_absent_is_zero_and_two_steps_stay_after_the_last():
    found = table(
        cells(("a", 1, 1, 9), ("a", 2, 1, 4), ("a", 1, 3, 3), ("u", 0, 1, 9)), "a", points=ONE, steps=ONE
    )
    assert found.shape == (len(ONE), 5)
    assert found[0].tolist() == [9, 0, 3, 0, 0]
    assert found[1].tolist() == [4, 0, 0, 0, 0]
    assert found[2:].sum() == 0
    assert table(cells(), "a", points=(0,), steps=ONE).tolist() == [[0, 0, 0]]
    last = table(cells(("a", 0, ONE[-1], 3)), "a", points=(0,), steps=ONE)
    assert last.shape == (1, len(ONE))


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([("a", 0, 1, 5), ("a", 0, 1, 5)], "meer dan één keer"),
        ([("a", 0, 52, 5)], "buiten het raster"),
        ([("a", 7, 1, 5)], "buiten het raster"),
        ([("a", 0, 1, -3)], "negatief"),
    ],
)
def test_counts_that_cannot_be_are_refused(rows, what):
    with pytest.raises(GebruikFout, match=what):
        table(cells(*rows), "a", points=(0,), steps=ONE)


def test_equal_counts_share_one_draw_and_two_zeros_count():
    w = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    published = np.array([9.0, 9.0, 5.0, 0.0, 0.0, 0.0])
    assert noise_variance(w, published, 3.0) == 3 * (3**2 + 4**2) + 2 * (8**2 + 16**2)
    assert noise_variance(np.array([w, -w]), published, 3.0).shape == (2,)
    # The difference of two equal counts has no noise.
    assert noise_variance(np.array([1.0, -1.0]), np.array([9.0, 9.0]), 3.0) == 0
    assert noise_variance(w, np.zeros(6), 3.0) == 2 * (1 + 4)


def test_a_first_step_alone_has_no_zeros():
    one = Nested(np.array([20.0, 0.0, 0.0]), ONE, 3.0)
    assert one.single
    assert one.noise_of_sum() == 3 + 2 * 2
    assert one.first().noise_of_sum() == 3
    assert one.first().sum() == one.sum() == 20
    assert not Nested(np.array([20.0, 4.0]), ONE, 3.0).single


def test_the_variance_is_that_of_noise_drawn_per_set():
    """Of one population the published sum is drawn many times; its spread is what was foreseen."""
    rng = np.random.default_rng(5)
    a = rng.poisson(4, 80)
    w = count_cells(world(rng, 80), np.arange(80), a, np.full(80, 365.0), 365)
    naam, _, _, n, sums = w.columns()
    n, sums = n[naam == "a"], sums[naam == "a"]
    draws = np.array([NOISE.draw(n, uniform(sums, seed)) for seed in range(3000)], dtype=float)
    total = draws.sum(axis=1)
    foreseen = [Nested(np.append(d, [0.0, 0.0]), ONE, NOISE.v).noise_of_sum() for d in draws]
    assert total.mean() == pytest.approx(a.sum(), abs=4 * total.std() / math.sqrt(len(total)))
    # The zeros that may hide a few make it a little more.
    assert 0.95 * total.var() < np.mean(foreseen) < 1.2 * total.var()

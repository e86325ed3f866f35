"""Meta-analysis over sites against published values (metafor, dat.bcg) and simple cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.designs.meta import combine, deviating, holm, reml

# Thirteen trials of BCG vaccine: diseased and not, vaccinated and control (Colditz et al. 1994).
BCG = np.array(
    [
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
        (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
        (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ],
    dtype=float,
)  # fmt: skip


@pytest.fixture(scope="module")
def bcg():
    a, b, c, d = BCG.T
    y = np.log(a / (a + b)) - np.log(c / (c + d))
    v = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    return y, v


def test_published_values(bcg):
    y, v = bcg
    assert np.sum(y / v) / np.sum(1 / v) == pytest.approx(-0.43028516, abs=5e-9)
    assert reml(y, v) == pytest.approx(0.31324333, abs=5e-6)
    m = combine(y, np.sqrt(v))
    assert m.gemiddelde == pytest.approx(-0.71453235, abs=1e-6)
    assert (m.ondergrens, m.bovengrens) == pytest.approx((-1.1084437, -0.32062097), abs=1e-6)
    assert (m.predict_under, m.predict_above) == pytest.approx((-1.996017, 0.56695227), abs=1e-5)
    assert m.q == pytest.approx(152.23301, abs=5e-6)
    assert 100 * m.i2 == pytest.approx(92.22, abs=5e-3)


def test_equal_sites_do_not_differ():
    m = combine(np.array([1.0, 1.0, 1.0]), np.array([0.1, 0.2, 0.3]))
    assert (m.tau2, m.gemiddelde, m.q) == (0.0, pytest.approx(1.0), pytest.approx(0.0, abs=1e-20))
    assert m.gekrompen == pytest.approx([1, 1, 1])
    assert not deviating(np.array([1.0, 1.0, 1.0]), np.array([0.1, 0.2, 0.3])).any()


def test_three_sites_by_hand():
    """0, 1 and 2 with error 1: Q is 2, with 3 - 1 degrees of freedom a probability of 1 / e."""
    m = combine(np.array([0.0, 1.0, 2.0]), np.ones(3))
    assert (m.q, m.p_q) == pytest.approx((2, np.exp(-1)))
    assert (m.tau2, m.i2) == (0, 0)
    # The variance of the three is 1, as their own, and t with 2 degrees of freedom 4.302653.
    assert (m.ondergrens, m.bovengrens) == pytest.approx((1 - 2.484138, 1 + 2.484138), abs=1e-6)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 2)), min_size=3, max_size=14))
def test_no_interval_is_narrower_than_that_of_a_common_effect(punten):
    y, se = np.array(punten).T
    m = combine(y, se)
    common = 1.959964 / np.sqrt(np.sum(1 / se**2))
    assert m.bovengrens - m.gemiddelde >= common
    assert m.predict_above - m.gemiddelde >= m.bovengrens - m.gemiddelde
    assert np.all(m.shrunken_se >= common / 1.96)


def test_one_site_far_away_is_found():
    y, se = np.array([0.0, 0.1, -0.1, 0.05, 5.0]), np.full(5, 0.2)
    assert deviating(y, se).tolist() == [False, False, False, False, True]


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 2)), min_size=3, max_size=14),
    st.floats(-3, 3),
    st.floats(0.5, 3),
)
def test_shift_and_scale(punten, schuif, schaal):
    y, se = np.array(punten).T
    m, n = combine(y, se), combine(schaal * y + schuif, schaal * se)
    assert n.gemiddelde == pytest.approx(schaal * m.gemiddelde + schuif, abs=1e-5)
    assert n.tau2 == pytest.approx(schaal**2 * m.tau2, abs=1e-5)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 2)), min_size=3, max_size=14))
def test_shrinkage_lies_between_site_and_mean(punten):
    y, se = np.array(punten).T
    m = combine(y, se)
    laag, hoog = np.minimum(y, m.gemiddelde), np.maximum(y, m.gemiddelde)
    assert np.all(m.gekrompen >= laag - 1e-9)
    assert np.all(m.gekrompen <= hoog + 1e-9)


@pytest.mark.parametrize("se", [[0.1, 0.1], [0.1, 0.0, 0.1], [0.1, np.nan, 0.1]])
def test_too_little_is_refused(se):
    with pytest.raises(ValueError, match="ten minste drie"):
        combine(np.arange(float(len(se))), np.array(se))


@settings(max_examples=30)  # statsmodels collects all garbage of the process at every call
@given(
    st.lists(st.sampled_from([0.0, 1e-9, 0.001, 0.01, 0.0125, 0.02, 0.05, 0.3, 1.0]), min_size=1, max_size=12)
)
def test_holm_is_that_of_statsmodels(p):
    from statsmodels.stats.multitest import multipletests

    np.testing.assert_array_equal(holm(np.array(p)), multipletests(p, method="holm")[0])

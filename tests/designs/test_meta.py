"""Meta-analysis over sites against published values (metafor, dat.bcg) and simple cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.designs._between import reml, scoring
from toekomstscenario_eval.designs.meta import combine, deviating, holm, leave_one_out

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


def shown(x):
    """A number as the reference shows it: eight digits."""
    return float(f"{x:.8g}")


def test_published_values_to_every_digit(bcg):
    """With the stop of the software that published them: Fisher scoring until a step is under 1e-5."""
    y, v = bcg
    m = combine(y, np.sqrt(v), method="REML (stap 1e-5)")
    assert (shown(m.gemiddelde), shown(m.tau2), shown(m.q)) == (-0.71453235, 0.31324333, 152.23301)
    assert (shown(m.ondergrens), shown(m.bovengrens)) == (-1.1084437, -0.32062097)
    assert (shown(m.predict_under), shown(m.predict_above)) == (-1.9960170, 0.56695227)
    dl = combine(y, np.sqrt(v), method="DL")
    assert (shown(dl.gemiddelde), shown(dl.tau2), shown(100 * dl.i2)) == (-0.71411722, 0.30876026, 92.117347)
    assert shown(combine(y, np.sqrt(v), method="EE").gemiddelde) == -0.43028516


def test_the_optimum_is_where_more_rounds_lead(bcg):
    y, v = bcg
    assert reml(y, v) == pytest.approx(scoring(y, v, threshold=1e-13), rel=1e-12)
    # Seven digits are the same as published; the eighth is where the published iterations were ended.
    assert (shown(reml(y, v)), shown(scoring(y, v))) == (0.31324326, 0.31324333)
    w = 1 / (v + reml(y, v))
    mu = np.sum(w * y) / np.sum(w)
    # The derivative of the restricted likelihood is nothing there.
    assert np.sum(w**2 * (y - mu) ** 2) == pytest.approx(np.sum(w) - np.sum(w**2) / np.sum(w), rel=1e-12)


def test_scoring_ends_at_nothing_and_refuses_what_does_not_end():
    assert scoring(np.ones(3), np.ones(3)) == 0
    with pytest.raises(ArithmeticError, match="converge"):
        scoring(np.array([0.0, 1, 5]), np.array([0.1, 0.2, 0.3]), threshold=-1.0)


def test_the_site_whose_omission_moves_the_mean_most(bcg):
    y, v = bcg
    left = leave_one_out(y, np.sqrt(v))
    # Hart and Sutherland (1977): a large trial with a large effect.
    assert (left.most, y[left.most]) == (3, pytest.approx(-1.44155, abs=1e-5))
    assert left.shift[left.most] == pytest.approx(0.0861230, abs=1e-7)
    assert leave_one_out(y[:3], np.sqrt(v[:3])) is None


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

"""Exact assignment: against every assignment one by one, a published example, and its own promises."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.designs import _assignment
from toekomstscenario_eval.designs._assignment import compare, possible


def one_by_one(first, second, delta=0.0):
    """Return p of a shift by going through all assignments in plain Python."""
    values = [x - delta for x in first] + list(second)
    a, k = len(first), len(values)
    seen = abs(sum(values[:a]) / a - sum(values[a:]) / (k - a))
    far = every = 0
    for chosen in itertools.combinations(range(k), a):
        own = sum(values[i] for i in chosen)
        gap = own / a - (sum(values) - own) / (k - a)
        far += abs(gap) >= seen - 1e-9
        every += 1
    return far / every


@pytest.mark.parametrize(
    ("a", "b", "aantal", "kleinste"),
    [(11, 3, 364, 1 / 364), (7, 7, 3432, 2 / 3432), (3, 1, 4, 1 / 4), (6, 1, 7, 1 / 7), (1, 1, 2, 1.0)],
)
def test_how_many_there_are_and_the_smallest_p(a, b, aantal, kleinste):
    ways = possible(a, b)
    assert (ways.aantal, ways.alle) == (aantal, True)
    assert ways.kleinste == pytest.approx(kleinste)
    # It is reached where the kinds lie apart.
    out = compare(np.linspace(0, 0.1, a), np.full(b, 5.0))
    assert float(out.p) == pytest.approx(kleinste)


@pytest.mark.parametrize(("right", "p"), [(4, 2 / 70), (3, 34 / 70), (2, 1.0)])
def test_lady_tasting_tea(right, p):
    """Fisher 1935, chapter 2: of four cups all right in 1 of 70 ways, three or more in 17; both sides."""
    first = np.array([1.0] * right + [0.0] * (4 - right))
    assert float(compare(first, 1 - first).p) == pytest.approx(p)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-6, 6), min_size=2, max_size=6),
    st.lists(st.integers(-6, 6), min_size=1, max_size=4),
)
def test_p_is_that_of_all_assignments_one_by_one(first, second):
    """Whole numbers have many ties, and as tenths they are no exact floats."""
    x, y = np.array(first) / 10, np.array(second) / 10
    assert float(compare(x, y).p) == pytest.approx(one_by_one(x, y))


@pytest.mark.parametrize(("a", "b"), [(11, 3), (5, 3), (4, 4), (3, 6)])
def test_the_interval_holds_what_the_test_does_not_refuse(a, b):
    rng = np.random.default_rng(100 * a + b)
    for _ in range(5):
        x, y = rng.normal(1, 1, a), rng.normal(0, 2, b)
        out = compare(x, y)
        for bound, outward in ((float(out.under), -1), (float(out.above), 1)):
            assert one_by_one(x, y, bound - outward * 1e-6) > 0.05
            assert one_by_one(x, y, bound + outward * 1e-6) <= 0.05


def test_no_shift_can_be_refused_by_too_few():
    out = compare(np.array([0.1, 0.2, 0.3]), np.array([9.0]))
    assert float(out.under) == -np.inf
    assert float(out.above) == np.inf


@given(st.floats(-5, 5), st.floats(0.1, 10))
def test_shift_and_scale_go_along(shift, scale):
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=11), rng.normal(size=3)
    one, two = compare(x, y), compare(scale * x + shift, scale * y)
    assert float(two.under) == pytest.approx(scale * float(one.under) + shift)
    assert float(two.above) == pytest.approx(scale * float(one.above) + shift)
    assert float(compare(scale * x + shift, scale * y + shift).p) == float(one.p)


def test_swapped_kinds_turn_the_sign():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=6), rng.normal(size=4)
    one, two = compare(x, y), compare(y, x)
    assert float(one.p) == float(two.p)
    assert (float(one.under), float(one.above)) == pytest.approx((-float(two.above), -float(two.under)))


def test_level_and_coverage_without_a_difference():
    """Of 8,000 studies 11 against 3: at 18 of 364, so 4.95%, with four standard errors."""
    rng = np.random.default_rng(6)
    y = rng.normal(size=(8000, 14))
    out = compare(y[:, :11], y[:, 11:])
    assert float((out.p <= 0.05).mean()) == pytest.approx(18 / 364, abs=0.01)
    held = (out.under <= 0) & (out.above >= 0)
    assert (held == (out.p > 0.05)).all()


def test_of_too_many_a_sample_that_is_the_same_each_time():
    ways = possible(14, 12)
    assert (ways.aantal, ways.alle) == (20_000, False)
    rng = np.random.default_rng(7)
    x, y = rng.normal(0.5, 1, 14), rng.normal(0, 1, 12)
    one = compare(x, y)
    _assignment.weights.cache_clear()
    two = compare(x, y)
    assert (float(one.p), float(one.under)) == (float(two.p), float(two.under))
    # Beside a t-test of equal variances, which it is near with this many.
    from scipy import stats

    assert float(one.p) == pytest.approx(stats.ttest_ind(x, y).pvalue, abs=0.02)
    assert float(one.p) >= ways.kleinste

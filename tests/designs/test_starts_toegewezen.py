"""Starts handed out in every way: all ways one by one, the test of two kinds, and its own promises."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from toekomstscenario_eval.designs._assignment import compare
from toekomstscenario_eval.designs._shift_test import plain
from toekomstscenario_eval.designs._start_assignments import (
    assign,
    before_after,
    by_dates,
    moved,
    p_values,
    possible,
    starts,
)
from toekomstscenario_eval.designs._start_ways import Ways
from toekomstscenario_eval.designs._waves import NoComparison, linear

NEVER = np.inf


def world(sizes, first, periods=6, seed=0, **how):
    """Return figures, starts and the test of regions in waves of these sizes."""
    rng = np.random.default_rng(seed)
    start = np.repeat(np.array(first, dtype=float), sizes)
    y = rng.normal(20, 3, (len(start), 1)) + rng.normal(size=(len(start), periods))
    levels, form = linear(start, periods, **how)
    return y - 0.7 * (np.arange(periods) >= start[:, None]), start, levels, form


def of_known(y, form, size, own):
    """Return the variance of each region in each wave: what is known, and beyond it by all regions."""
    known = own @ (form**2).T
    score = y @ form.T
    total = score.var(axis=0, ddof=1)
    error = total * np.sqrt(2 / (len(y) - 1))
    z = np.linspace(-9, 9, 18_001)[:, None]
    chance = stats.norm.pdf(z) / stats.norm.pdf(z).sum()
    beyond = (chance * np.maximum(total - known.mean(axis=0) + error * z, 0)).sum(axis=0)
    return (known + beyond) / np.array(size) ** 2


def one_by_one(y, start, levels, form, delta=0.0, *, allowed=None, by_wave=False, variance=None, own=None):
    """Return p by going through all ways in plain Python."""
    y = y - delta * (np.arange(y.shape[1]) >= start[:, None])
    seen = tuple(int(np.flatnonzero(levels == s)[0]) for s in start)
    size = [seen.count(g) for g in range(len(levels))]
    if own is not None:
        variance = of_known(y, form, size, own)

    def far(of):
        theta = square = 0.0
        for g, n in enumerate(size):
            own = [float(form[g] @ y[i]) for i in range(len(of)) if of[i] == g]
            theta += sum(own) / n
            if by_wave:
                square += sum((x - sum(own) / n) ** 2 for x in own) / (n * (n - 1))
        if variance is not None:
            square = sum(variance[i, g] for i, g in enumerate(of))
        return abs(theta) / square**0.5 if by_wave or variance is not None else abs(theta)

    ways = {
        w
        for w in itertools.permutations(seen)
        if allowed is None or all(allowed[i, g] for i, g in enumerate(w))
    }
    return sum(far(w) >= far(seen) * (1 - 1e-9) for w in ways) / len(ways)


@pytest.mark.parametrize(
    ("sizes", "number"),
    [([6, 5], 462), ([4, 4, 3], 11_550), ([4, 4, 3, 3], 4_204_200), ([3, 1], 4), ([5], 1)],
)
def test_how_many_ways_there_are(sizes, number):
    seen = np.repeat(np.arange(len(sizes)), sizes).astype(np.int8)
    assert Ways(seen, np.ones((len(seen), len(sizes)), dtype=bool)).number == number


@pytest.mark.parametrize("sizes", [[3, 2, 2], [1, 1, 1, 2], [4, 3], [2]])
def test_each_way_is_made_once_and_summed(sizes):
    seen = np.repeat(np.arange(len(sizes)), sizes).astype(np.int8)
    ways = Ways(seen, np.ones((len(seen), len(sizes)), dtype=bool))
    rows = ways.rows()
    assert {tuple(r) for r in rows.tolist()} == set(itertools.permutations(seen.tolist()))
    assert len(rows) == ways.number
    values = np.random.default_rng(1).normal(size=(2, len(seen), len(sizes)))
    found = np.concatenate(list(ways.sums(values)), axis=1)
    assert found == pytest.approx(values[:, np.arange(len(seen)), rows].sum(axis=2))


@pytest.mark.parametrize(
    ("sizes", "first", "how"),
    [
        ([2, 2, 3], [2, 4, NEVER], {}),
        ([2, 3, 2], [2, 3, 5], {"control": "nog_niet", "aggregation": "eenvoudig"}),
        ([4, 3], [3, NEVER], {"aggregation": "groep"}),
    ],
)
def test_p_and_interval_are_those_of_all_ways_one_by_one(sizes, first, how):
    y, *rest = world(sizes, first, **how)
    test = starts(*rest)
    variance = np.random.default_rng(3).uniform(0.2, 1, (len(y), len(sizes)))
    own = np.random.default_rng(4).uniform(0.1, 2, y.shape)
    cases = [
        ({}, {}),
        ({"by_wave": True}, {"error": "golven"}),
        ({"variance": variance}, {"error": variance}),
        ({"own": own}, {"own": own}),
    ]
    for how_by_hand, how_ours in cases:
        out = assign(y, test, **how_ours)
        assert out.p == pytest.approx(one_by_one(y, *rest, **how_by_hand))
        assert one_by_one(y, *rest, out.estimate, **how_by_hand) == 1.0
        for bound, outward in ((out.under, -1), (out.above, 1)):
            if np.isfinite(bound):
                assert one_by_one(y, *rest, bound - outward * 1e-5, **how_by_hand) > 0.05
                assert one_by_one(y, *rest, bound + outward * 1e-5, **how_by_hand) <= 0.05


def test_one_start_is_the_comparison_of_two_kinds():
    y, *rest = world([6, 5], [3, NEVER], aggregation="eenvoudig")
    change = y[:, 3:].mean(axis=1) - y[:, 2]
    known = compare(change[:6], change[6:])
    out = assign(y, starts(*rest))
    assert (out.estimate, out.p) == pytest.approx((float(known.gap), float(known.p)))
    assert (out.under, out.above) == pytest.approx((float(known.under), float(known.above)))


def test_regions_that_could_not_have_started_early():
    y, start, levels, form = world([2, 2, 3], [2, 4, NEVER])
    allowed = np.ones((7, 3), dtype=bool)
    allowed[2:5, 0] = allowed[6, 1] = False
    test = starts(start, levels, form, allowed=allowed)
    rows = test.ways.rows()
    assert allowed[np.arange(7), rows].all()
    assert len(np.unique(rows, axis=0)) == possible(test).aantal == len(rows)
    assert assign(y, test).p == pytest.approx(one_by_one(y, start, levels, form, allowed=allowed))
    allowed[0, 0] = False
    with pytest.raises(ValueError, match="barred"):
        starts(start, levels, form, allowed=allowed)


def test_smallest_p_before_any_figure():
    # The mirror image of two halves is as far; by waves of two and three it is not.
    assert possible(starts(*world([3, 3], [3, NEVER])[1:])).kleinste == pytest.approx(2 / 20)
    assert possible(starts(*world([3, 2], [3, NEVER])[1:])).kleinste == pytest.approx(1 / 10)
    # Event 3 has the first wave only; the second one, which does not count, may hold whom it will, and so p
    # of errors by wave is the same.
    _, *rest = world([2, 2, 3], [2, 4, NEVER], aggregation=("gebeurtenis", 3))
    every = starts(*rest)
    assert possible(every).kleinste == pytest.approx(1 / 210)
    assert possible(every, by_wave=True).kleinste == pytest.approx(1 / 210)
    # It is reached: no way lies as far when those that started lie far from the rest.
    y, *rest = world([2, 2, 3], [2, 4, NEVER])
    y -= 50 * (np.arange(6) >= rest[0][:, None])
    assert assign(y, starts(*rest)).p == pytest.approx(possible(starts(*rest)).kleinste)
    # Two waves that have the same weights are one.
    start = np.array([2.0, 2.0, 3.0, 3.0, NEVER, NEVER])
    form = np.array([[-1.0, 1.0, 0], [-1.0, 1.0, 0], [2.0, -2.0, 0]])
    alike = starts(start, np.array([2.0, 3.0, NEVER]), np.repeat(form, [1, 1, 2], axis=1) / 2)
    assert possible(alike).kleinste == pytest.approx(6 / 90)
    assert possible(alike, by_wave=True).kleinste == pytest.approx(2 / 90)
    assert not possible(starts(*world([2, 1], [3, NEVER])[1:])).reaches


def test_nothing_is_refused_where_the_design_cannot_reach():
    y, *rest = world([1, 3], [3, NEVER])
    out = assign(y, starts(*rest))
    assert (out.under, out.above) == (-np.inf, np.inf)
    assert out.p >= 0.25
    with pytest.raises(NoComparison):
        assign(y, starts(*rest), error="golven")


def test_no_events_at_all():
    y, *rest = world([3, 3], [3, NEVER])
    for error in (None, "golven"):
        out = assign(np.zeros_like(y), starts(*rest), error=error)
        assert (out.estimate, out.p) == (0.0, 1.0)


def test_a_figure_that_is_missing_is_refused_only_where_it_is_used():
    y, *rest = world([3, 3], [3, NEVER], aggregation=("gebeurtenis", 0))
    whole = assign(y, starts(*rest))
    y[0, 5] = np.nan
    assert assign(y, starts(*rest)).p == whole.p
    y[0, 3] = np.nan
    with pytest.raises(ValueError, match="missing"):
        assign(y, starts(*rest))


def test_a_sample_holds_what_was_seen_and_each_way_as_often():
    y, *rest = world([3, 3, 2], [2, 4, NEVER])
    allowed = np.ones((8, 3), dtype=bool)
    allowed[0, 1] = allowed[7, 0] = False
    test = starts(*rest, allowed=allowed, most=10, sample=40_000)
    rows = test.ways.rows()
    assert (rows[0] == test.ways.seen).all()
    found, often = np.unique(rows[1:], axis=0, return_counts=True)
    every = starts(*rest, allowed=allowed)
    assert len(found) == every.ways.number
    assert ((often - 40_000 / len(found)) ** 2 / (40_000 / len(found))).sum() < len(found) + 5 * len(
        found
    ) ** 0.5 * 1.5
    ways = possible(test)
    assert (ways.aantal, ways.alle, ways.kleinste) == (40_001, False, pytest.approx(1 / 40_001))
    assert assign(y, test).p == pytest.approx(assign(y, every).p, abs=0.01)
    again = starts(*rest, allowed=allowed, most=10, sample=40_000)
    assert assign(y, again) == assign(y, test)


def test_level_when_regions_are_alike():
    """At 23 of 462 ways, so 4.98%; with four standard errors."""
    rng = np.random.default_rng(8)
    _, *rest = world([6, 5], [3, NEVER])
    test = starts(*rest)
    y = rng.normal(size=(4000, 11, 6))
    for error in (None, "golven"):
        assert (p_values(y, test, error=error) <= 0.05).mean() == pytest.approx(23 / 462, abs=0.014)


def test_many_panels_at_once_are_each_alone():
    _, *rest = world([3, 2, 3], [2, 4, NEVER])
    test = starts(*rest)
    y = np.round(np.random.default_rng(9).normal(size=(40, 8, 6)))
    y[0] = 0
    rng = np.random.default_rng(3)
    for error in (None, "golven", rng.uniform(0.2, 1, (8, 3))):
        alone = [assign(one, test, error=error).p for one in y]
        assert p_values(y, test, error=error) == pytest.approx(alone)
    own = rng.uniform(0.2, 1, y.shape)
    alone = [assign(one, test, own=v).p for one, v in zip(y, own, strict=True)]
    assert p_values(y, test, own=own) == pytest.approx(alone)


def test_level_when_regions_differ_in_size():
    """Eleven sure regions beside three unsure ones: alike they would be refused four times too often."""
    rng = np.random.default_rng(10)
    _, *rest = world([11, 3], [3, NEVER], aggregation="eenvoudig")
    test = starts(*rest)
    own = np.repeat([1.0, 5.0], [11, 3])[:, None] * np.ones((14, 6))
    y = np.sqrt(own) * rng.normal(size=(3000, 14, 6))
    found = [(p_values(y, test, **how) <= 0.05).mean() for how in ({}, {"error": "golven"}, {"own": own})]
    assert found[0] > 0.12
    assert found[1] < found[0]
    assert 0.03 < found[2] < 0.06


def test_known_variances_that_are_alike_change_nothing():
    y, *rest = world([3, 3, 2], [2, 4, NEVER])
    test = starts(*rest)
    plainly, known = assign(y, test), assign(y, test, own=np.full(y.shape, 0.7))
    assert (known.estimate, known.p) == (plainly.estimate, plainly.p)
    assert (known.under, known.above) == pytest.approx((plainly.under, plainly.above), rel=1e-6)


def test_placebos_have_p_only():
    y, *rest = world([4, 3], [3, NEVER], aggregation=("gebeurtenis", -1))
    out = assign(y, starts(*rest))
    assert np.isnan(out.estimate)
    assert 0 < out.p <= 1
    assert (out.under, out.above) == (-np.inf, np.inf)


def test_dates_of_one_series():
    """By hand: 1, 1, 1, 1, 5, 5 steps by 4 at 4; at 2, 3 and 5 by 2, 2.67 and 3.2."""
    y = np.array([[1.0, 1.0, 1.0, 1.0, 5.0, 5.0]])
    dates = [2, 3, 4, 5]
    treated = (np.arange(6) >= 4)[None].astype(float)
    ways, out = by_dates(y, before_after(dates, 6), treated, 2)
    assert (ways.aantal, ways.kleinste, ways.reaches) == (4, 0.25, False)
    assert (out.estimate, out.p) == pytest.approx((4.0, 0.25))
    assert (out.under, out.above) == (-np.inf, np.inf)
    with pytest.raises(NoComparison):
        before_after([0, 3], 6)


def test_dates_of_all_waves_together():
    y, start, _, _ = world([3, 2, 2], [4, 6, NEVER], periods=30)
    steps = list(range(-3, 20))
    forms = []
    for row in moved(start, steps):
        levels, form = linear(row, 30, aggregation=("gebeurtenis", 0))
        of = np.searchsorted(levels, row)
        forms.append(form[of] / np.bincount(of)[of][:, None])
    treated = (np.arange(30) >= start[:, None]).astype(float)
    y = y - 9 * treated
    ways, out = by_dates(y, np.array(forms), treated, steps.index(0))
    assert (out.p, ways.kleinste) == pytest.approx((1 / 23, 1 / 23))
    levels, form = linear(start, 30, aggregation=("gebeurtenis", 0))
    assert out.estimate == pytest.approx(assign(y, starts(start, levels, form)).estimate)
    assert out.under < out.estimate < out.above < 0
    with pytest.raises(ValueError, match="dates"):
        moved(start, [1, 2])


def test_a_draw_that_reacts_more_than_what_was_seen_only_widens():
    d, c = np.arange(1.0, 101), np.zeros(100)
    inside = plain(d, c, np.array([100.0, 1.0]), 1e-7)
    c[50:60] = 1.5
    wider = plain(d, c, np.array([100.0, 1.0]), 1e-7)
    assert wider.under == -np.inf
    assert np.isfinite(inside.under)

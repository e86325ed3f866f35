"""Waves of regions by group-time effects: diff-diff, a published example, by hand, and its promises."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.designs._group_time import group_time
from toekomstscenario_eval.designs._waves import NoComparison, keep, levels_of, linear, usable

KNOWN = json.loads((Path(__file__).parents[1] / "reference" / "golven.json").read_text())
CASES = [name for name in KNOWN if name != "versies"]
MPDTA = Path(__file__).parents[3] / "shared" / "praktijk" / "referentie" / "mpdta.csv"
ALL = ("dynamisch", "groep", "eenvoudig", "kalender", ("gebeurtenis", 0), ("gebeurtenis", 1))


def panel(name="nooit"):
    case = KNOWN[name]
    start = np.array([np.inf if s is None else s for s in case["start"]], dtype=float)
    weights = None if case["gewichten"] is None else np.array(case["gewichten"])
    how = {"control": case["controle"], "anticipation": case["vooruit"], "weights": weights}
    return np.array(case["y"]), start, how


@pytest.mark.parametrize("name", CASES)
def test_group_time_effects_and_errors_of_diff_diff(name):
    y, start, how = panel(name)
    out = group_time(y, start, **how)
    first = out.cells.levels[out.cells.group].astype(int)
    ours = {
        (g, int(t)): (a, e) for g, t, a, e in zip(first, out.cells.period, out.effect, out.se, strict=True)
    }
    # With weights it takes a survey, whose errors are the root of n / (n - 1) larger.
    more = 1.0 if how["weights"] is None else np.sqrt(len(y) / (len(y) - 1))
    seen = {(g, t): (a, e / more) for g, t, a, e in KNOWN[name]["cellen"] if a is not None}
    assert {k for k, (a, _) in ours.items() if np.isfinite(a)} == set(seen)
    for k, pair in seen.items():
        assert ours[k] == pytest.approx(pair, rel=1e-10)
    for event, a, e in KNOWN[name]["gebeurtenis"]:
        got = out.aggregate(("gebeurtenis", event))
        assert (got.estimate, got.se) == pytest.approx((a, e / more), rel=1e-10)
    if not how["anticipation"]:  # it counts the periods before the start with those after
        whole, waves = out.aggregate("eenvoudig"), out.aggregate("groep")
        assert (whole.estimate, whole.se * more) == pytest.approx(KNOWN[name]["eenvoudig"], rel=1e-10)
        assert waves.label.tolist() == [g for g, _, _ in KNOWN[name]["groep"]]
        assert waves.estimates == pytest.approx([a for _, a, _ in KNOWN[name]["groep"]], rel=1e-10)
        assert waves.errors * more == pytest.approx([e for _, _, e in KNOWN[name]["groep"]], rel=1e-10)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("aggregation", ALL)
def test_the_form_gives_the_aggregation_and_needs_no_level_nor_trend(name, aggregation):
    y, start, how = panel(name)
    levels, form = linear(start, y.shape[1], aggregation=aggregation, **how)
    w = np.ones(len(y)) if how["weights"] is None else how["weights"]
    of = levels_of(start, y.shape[1])
    means = np.array([np.average(y[of == g], axis=0, weights=w[of == g]) for g in levels])
    expected = group_time(y, start, **how).aggregate(aggregation).estimate
    assert (form * means).sum() == pytest.approx(expected, rel=1e-10)
    assert np.abs(form.sum(axis=0)).max() < 1e-12
    assert np.abs(form.sum(axis=1)).max() < 1e-12
    treated = (np.arange(y.shape[1]) >= start[:, None]).astype(float)
    of_treated = np.array([treated[of == g][0] for g in levels])
    assert (form * of_treated).sum() == pytest.approx(1)


@pytest.mark.skipif(not MPDTA.exists(), reason="the county data lie outside the project")
def test_county_teen_employment():
    """Callaway and Sant'Anna's example as the R package documents it."""
    data = pd.read_csv(MPDTA)
    y = data.pivot(index="countyreal", columns="year", values="lemp").to_numpy()
    first = data.groupby("countyreal")["first.treat"].first().to_numpy().astype(float)
    assert (y.shape, int(np.isnan(y).sum())) == ((500, 5), 0)
    start = np.where(first == 0, np.inf, first - 2003)
    out = group_time(y, start)
    expected = [
        *(-0.0105, -0.0704, -0.1373, -0.1008),
        *(0.0065, -0.0028, -0.0046, -0.0412),
        *(0.0305, -0.0027, -0.0311, -0.0261),
    ]
    assert out.effect.round(4).tolist() == expected
    dynamic, group = out.aggregate("dynamisch"), out.aggregate("groep")
    assert (round(dynamic.estimate, 4), round(group.estimate, 4)) == (-0.0772, -0.0310)
    assert (round(dynamic.se, 4), round(group.se, 4)) == (0.0200, 0.0124)
    # The published errors, 0.0219 and 0.0126, are one draw of a bootstrap: 1,000 times the influences with
    # random signs, and the distance of the quartiles. They lie where such draws lie.
    rng = np.random.default_rng(1)
    for influence, published in ((dynamic.influence, 0.0219), (group.influence, 0.0126)):
        drawn = (2.0 * rng.integers(0, 2, (25, 1000, len(y)), dtype=np.int8) - 1) @ influence
        errors = np.diff(np.quantile(drawn, [0.25, 0.75], axis=1), axis=0)[0] / 1.348980
        assert abs(published - errors.mean()) < 2 * errors.std()


def test_two_waves_by_hand():
    """One change each: wave 1 has 3 - 1 - (1 - 0) = 1 in its first period."""
    y = np.array([[0.0, 2.0, 3.0], [2.0, 4.0, 3.0], [1.0, 1.0, 6.0], [0.0, 1.0, 1.0], [0.0, 1.0, 3.0]])
    start = np.array([1.0, 1.0, 2.0, np.inf, np.inf])
    out = group_time(y, start)
    assert out.effect.tolist() == [1.0, 0.0, -1.0, 4.0]
    assert out.treated.tolist() == [2, 2, 1, 1]
    # One region has no deviation of its own.
    assert np.isfinite(out.se).tolist() == [True, True, False, False]
    assert np.isnan(out.aggregate("eenvoudig").se)
    assert out.aggregate("eenvoudig").estimate == pytest.approx((2 * 1 + 2 * 0 + 4) / 5)
    assert out.aggregate("groep").estimate == pytest.approx((2 * 0.5 + 1 * 4) / 3)
    assert out.aggregate("kalender").estimate == pytest.approx((1 + 4 / 3) / 2)


def test_who_takes_no_part_is_counted_by_reason():
    y = np.ones((7, 4))
    y[4, 2] = np.nan
    start = np.array([0.0, 1.0, 2.0, 4.0, np.inf, np.inf, 9.0])
    kept = keep(y, start, anticipation=1)
    assert (kept.early, kept.late, kept.missing) == (2, 1, 1)
    assert np.flatnonzero(kept.units).tolist() == [2, 5, 6]
    # Start after the window: it had not started in it.
    out = group_time(y, start, anticipation=1)
    assert out.cells.levels.tolist() == [2.0, np.inf]
    assert set(out.compared.tolist()) == {2}


def test_a_missing_figure_counts_only_where_the_form_looks():
    y, start, _ = panel()
    y[0, 7], y[5, 1] = np.nan, np.nan

    def form_of(some):
        return linear(some, 8, aggregation=("gebeurtenis", 0))[1]

    kept = usable(y, start, form_of)
    assert (kept.missing, kept.units[0], kept.units[5]) == (1, True, False)
    assert group_time(y, start).kept.missing == 2


def test_where_nothing_can_be_compared_it_says_so():
    y = np.arange(12.0).reshape(3, 4)
    with pytest.raises(NoComparison):
        linear(np.array([2.0, 2.0, 2.0]), 4)
    with pytest.raises(NoComparison):
        linear(np.full(3, np.inf), 4)
    with pytest.raises(NoComparison):
        linear(np.array([0.0, 2.0, np.inf]), 4)
    with pytest.raises(NoComparison):
        linear(np.array([3.0, 3.0, np.inf]), 4, aggregation=("gebeurtenis", 2))
    with pytest.raises(NoComparison):
        group_time(y[:, :1], np.array([1.0, 1.0, np.inf]))
    with pytest.raises(NoComparison):
        group_time(np.full((3, 4), np.nan), np.array([1.0, 1.0, np.inf]))
    # All in the end: the last wave has nothing beside it, the first one has until then.
    out = group_time(y, np.array([1.0, 3.0, 3.0]), control="nog_niet")
    assert np.isfinite(out.effect).tolist() == [True, True, False, False, False, False]

"""Errors within regions: clubSandwich, all signs fitted one by one in R, and what must hold of both."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.designs import _cluster_robust, _wild_bootstrap
from toekomstscenario_eval.designs._cluster_robust import robust, two_way
from toekomstscenario_eval.designs._waves import NoComparison
from toekomstscenario_eval.designs._wild_bootstrap import VALUES, possible, wild

HERE = Path(__file__).parents[1] / "reference"
R = json.loads((HERE / "clusters.json").read_text())
DATA = pd.read_csv(HERE / "data" / "clusters.csv")
START = np.array([2.0] * 4 + [4.0] * 4 + [5.0] * 3 + [np.inf] * 3)
Y, SEEN, SIZE = (DATA[c].to_numpy(dtype=float).reshape(14, 8) for c in ("y", "seen", "n"))
HOLES = np.where(SEEN == 1, Y, np.nan)
ONE = [0, 11, 12, 13]
CASES = {
    "paneel": (Y, START, None),
    "gaten": (HOLES, START, None),
    "gewogen": (HOLES, START, SIZE),
    "enkel": (Y[ONE], START[ONE], None),
}
FEW = np.array(R["tekens"]["regio"]) - 1


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("correction", ["CR0", "CR1", "CR2"])
def test_panel_of_regions_and_periods_in_clubsandwich(name, correction):
    y, start, weights = CASES[name]
    out = _cluster_robust.of_panel(y, start, weights=weights, correction=correction)
    assert (out.effect, out.se) == pytest.approx((R[name]["effect"], R[name][correction]), rel=1e-9)
    if correction == "CR2":
        assert (out.df, out.p) == pytest.approx((R[name]["df"], R[name]["p"]), rel=1e-9)
        assert (out.under <= 0 <= out.above) == (out.p > 0.05)


def test_kinds_of_region_in_clubsandwich():
    rows = DATA[DATA["t"] >= 5]
    design = np.column_stack([np.ones(len(rows)), rows["region"] <= 11, rows["n"]]).astype(float)
    for correction in ("CR0", "CR1", "CR2"):
        form = robust(design, rows["region"].to_numpy(), np.array([0, 1.0, 0]), correction=correction)
        out = form.of(rows["y"].to_numpy())
        assert (out.effect, out.se) == pytest.approx((R["soorten"]["effect"], R["soorten"][correction]))
    assert (out.df, out.p) == pytest.approx((R["soorten"]["df"], R["soorten"]["p"]), rel=1e-9)


def test_error_is_unbiased_under_the_working_model():
    """The mean of the squared error over outcomes of one variance is that of the coefficient."""
    panel = two_way(START, np.ones((14, 8), dtype=bool))
    design = np.column_stack([panel.x, panel.effects])
    form = robust(design, panel.cluster, np.eye(23)[0])
    assert (form.parts**2).sum() == pytest.approx((form.weight**2).sum(), rel=1e-9)
    assert (robust(design, panel.cluster, np.eye(23)[0], correction="CR0").parts ** 2).sum() < (
        form.parts**2
    ).sum()
    two = form.of(np.column_stack([Y.ravel(), 2 * Y.ravel() + 5]))
    assert two.effect[1] == pytest.approx(2 * two.effect[0])
    assert two.p[1] == pytest.approx(two.p[0])


@pytest.mark.parametrize(("key", "y"), [("p", Y), ("p_gaten", HOLES)])
def test_every_sign_as_fitted_one_by_one_in_r(key, y):
    treated = np.arange(8) >= START[FEW][:, None]
    found = [_wild_bootstrap.of_panel(y[FEW] - b * treated, START[FEW])[1].p for b in R["tekens"]["nul"]]
    assert found == pytest.approx(R["tekens"][key], abs=1e-12)


@pytest.mark.parametrize("kind", ["tekens", "webb"])
@pytest.mark.parametrize("weights", [None, SIZE[[0, 4, 11, 12]]])
def test_p_and_interval_are_those_of_all_draws_fitted_again(kind, weights):
    some = [0, 4, 11, 12]
    y, start = Y[some], START[some]
    w = np.ones(32) if weights is None else weights.ravel()
    panel = two_way(start, np.isfinite(y))
    design = np.column_stack([panel.x, panel.effects]) * np.sqrt(w)[:, None]
    part = design[:, 0] - design[:, 1:] @ np.linalg.lstsq(design[:, 1:], design[:, 0], rcond=None)[0]

    def t_of(outcomes):
        fit = np.linalg.lstsq(design, outcomes, rcond=None)[0]
        scores = (part[:, None] * (outcomes - design @ fit)).reshape(4, 8, -1).sum(axis=1)
        return np.abs(fit[0]) * (part @ part) / np.sqrt((scores**2).sum(axis=0))

    draws = np.array(list(itertools.product(VALUES[kind], repeat=4))).T

    def p_of(b):
        left = (y.ravel() - b * panel.x) * np.sqrt(w)
        u = left - design[:, 1:] @ np.linalg.lstsq(design[:, 1:], left, rcond=None)[0]
        return (t_of(u[:, None] * np.repeat(draws, 8, axis=0)) >= t_of(u[:, None]) * (1 - 1e-7)).mean()

    ways, out = _wild_bootstrap.of_panel(y, start, weights=weights, kind=kind)
    assert ways.aantal == draws.shape[1]
    assert out.p == pytest.approx(p_of(0.0))
    assert out.estimate == pytest.approx(np.linalg.lstsq(design, y.ravel() * np.sqrt(w), rcond=None)[0][0])
    if kind == "webb":
        for bound, outward in ((out.under, -1), (out.above, 1)):
            assert p_of(bound - outward * 1e-4) > 0.05 >= p_of(bound + outward * 1e-4)
    else:  # 2 of 16 is above 5%: four regions cannot reach it
        assert (out.under, out.above, ways.reaches) == (-np.inf, np.inf, False)


@pytest.mark.parametrize(
    ("regions", "kind", "number", "whole", "least"),
    [
        (11, "tekens", 2048, True, 2 / 2048),
        (14, "tekens", 16_384, True, 2 / 16_384),
        (5, "webb", 7776, True, 6 / 7776),
        (20, "tekens", 20_000, False, 1 / 20_000),
    ],
)
def test_how_many_draws_there_are_and_the_smallest_p(regions, kind, number, whole, least):
    ways = possible(regions, kind)
    assert (ways.aantal, ways.alle, ways.kleinste) == (number, whole, pytest.approx(least))


def test_smallest_p_is_reached():
    far = Y - 100 * (np.arange(8) >= START[:, None])
    ways, out = _wild_bootstrap.of_panel(far, START)
    assert out.p == ways.kleinste
    assert out.under < out.estimate < out.above < -90


def test_many_outcomes_at_once_are_each_alone():
    rng = np.random.default_rng(2)
    panel = two_way(START, np.ones((14, 8), dtype=bool))
    test = wild(panel.x, panel.effects, panel.cluster)
    y = np.round(rng.normal(size=(112, 12)))
    y[:, 0] = 0
    assert test.p_values(y) == pytest.approx([test.of(one).p for one in y.T])
    assert test.of(y[:, 0]).p == 1.0


def test_level_when_regions_are_alike():
    """Of 1,500 panels with errors that last, at 5%, four standard errors and what is known to be lacking."""
    rng = np.random.default_rng(3)
    y = rng.normal(size=(11, 8, 1500))
    for t in range(1, 8):
        y[:, t] = 0.5 * y[:, t - 1] + np.sqrt(0.75) * y[:, t]
    start = np.array([2.0] * 4 + [4.0] * 4 + [5.0] * 3)
    panel = two_way(start, np.ones((11, 8), dtype=bool))
    y = y.reshape(88, -1)
    assert (wild(panel.x, panel.effects, panel.cluster).p_values(y) <= 0.05).mean() == pytest.approx(
        0.05, abs=0.023
    )
    design = np.column_stack([panel.x, panel.effects])
    p = robust(design, panel.cluster, np.eye(20)[0]).of(y).p
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.023)


def test_no_events_at_all():
    out = _cluster_robust.of_panel(np.full((14, 8), 3.0), START)
    assert out.effect == pytest.approx(0, abs=1e-12)
    assert np.isnan([out.se, out.p, out.under, out.above]).all()


@pytest.mark.parametrize("of_panel", [_cluster_robust.of_panel, _wild_bootstrap.of_panel])
def test_where_nothing_can_be_compared_it_says_so(of_panel):
    for start in (np.full(4, 3.0), np.full(4, np.inf), np.zeros(4), np.full(4, 9.0)):
        with pytest.raises(NoComparison):
            of_panel(Y[:4], start)
    with pytest.raises(NoComparison):
        of_panel(Y[:1], START[:1])
    with pytest.raises(NoComparison):
        of_panel(Y[:4, :1], np.array([0.0, 0.0, np.inf, np.inf]))

"""Power before data against base R: `r/kracht.R` made the numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from toekomstscenario_eval.power import cases, formula
from toekomstscenario_eval.power.layouts import STAGGERED, layouts
from toekomstscenario_eval.power.setting import Setting

R = json.loads(Path(__file__).with_name("kracht.json").read_text())


@pytest.mark.parametrize("naam", ["t_2", "t_12", "t_90"])
def test_chance_of_a_t_test(naam):
    r = R[naam]
    found = [formula.t_chance(d, r["df"], r["level"]) for d in r["distance"]]
    assert found == pytest.approx(r["power"], abs=1e-8)


def test_two_equal_samples_as_power_t_test():
    """The comparison beside each other, of regions whose households are without end, is a plain t-test."""
    r = R["two_samples"]
    assert formula.t_chance(r["delta"] / (r["sd"] * np.sqrt(2 / r["n"])), 2 * r["n"] - 2, 0.05) == (
        pytest.approx(r["power"], abs=1e-9)
    )
    s = plan(r["n"], r["n"], (), r["sd"], 0.0, 1e-12)
    (x, *_) = layouts(s)
    assert formula.parts(s, x, 0.0).error == pytest.approx(r["sd"] * np.sqrt(2 / r["n"]), rel=1e-6)


def plan(pilots, others, waves, spread, stable, household, periods=2):
    """Return a plan of counts whose variance of a mean over households is `household`."""
    return Setting(
        pilots=pilots,
        others=others,
        households=1000,
        households_others=1000,
        measure="aantal",
        base=max(household * 1000, 1e-9),
        spread=spread,
        dispersion=1.0,
        stable=stable,
        waves=waves,
        periods=periods,
        chance=0.8,
        sign=1,
        noise=None,
    )


@pytest.mark.parametrize("naam", ["waves_443", "waves_alone", "waves_two"])
def test_waves_put_together_one_comparison_at_a_time(naam):
    r = R[naam]
    waves = tuple(r["sizes"])
    s = plan(sum(waves), r["others"], waves, r["tau"], r["rho"], r["household"], r["periods"])
    (x,) = [x for x in layouts(s) if x.naam == STAGGERED]
    assert formula.parts(s, x, 0.0).error == pytest.approx(r["error"], rel=1e-9)


def test_shares_as_power_prop_test():
    r = R["shares"]
    for n, other in zip(r["n"], r["other"], strict=True):
        d = cases.smallest_difference(cases.normal_chance, r["base"], n, n, sign=1, chance=0.8)
        assert r["base"] + d == pytest.approx(other, abs=1e-7)


def test_change_of_a_score_as_power_t_test():
    r = R["change"]
    found = [cases.smallest_change(n, r["chance"]) for n in r["n"]]
    assert found == pytest.approx(r["delta"], abs=1e-7)


def test_fisher_over_all_tables():
    r = R["fisher"]
    found = [cases.exact_chance(p, r["second"], r["n"], r["m"]) for p in r["first"]]
    assert found == pytest.approx(r["power"], abs=1e-10)

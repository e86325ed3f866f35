"""Power before data: formulas against made-up studies and plain counting, and plans that cannot be."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from toekomstscenario_eval.designs._assignment import LEVEL, compare
from toekomstscenario_eval.designs._sign_flips import flip
from toekomstscenario_eval.designs._start_assignments import p_values, starts
from toekomstscenario_eval.designs._waves import linear
from toekomstscenario_eval.designs.staggered_start import AGGREGATION, control
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.cells.share_cells import estimate_group
from toekomstscenario_eval.power import cases, formula, simulation
from toekomstscenario_eval.power.layouts import BESIDE, CHANGE, CHANGES, STAGGERED, layouts
from toekomstscenario_eval.power.plan_overview import overview, steps, variants
from toekomstscenario_eval.power.setting import Setting, waves_of
from toekomstscenario_eval.protection.policy import load_policy
from toekomstscenario_eval.types import Maat, Vorm

RUIS = load_policy().ruis
PLAN = {
    "pilots": 11,
    "others": 3,
    "households": 100,
    "households_others": 100,
    "measure": "aandeel",
    "base": 0.35,
    "spread": 0.05,
    "dispersion": 1.0,
    "stable": 0.5,
    "waves": (4, 4, 3),
    "periods": 4,
    "chance": 0.8,
    "sign": 1,
    "noise": RUIS,
}


def plan(**anders) -> Setting:
    return Setting(**{**PLAN, **anders})


def een(s: Setting, naam: str):
    (gevonden,) = [x for x in layouts(s) if x.naam == naam]
    return gevonden


@pytest.mark.parametrize("anders", [{}, {"others": 0}, {"waves": (2, 5, 4), "periods": 7}, {"waves": ()}])
def test_every_comparison_is_the_difference_itself(anders):
    """Of figures that differ by exactly one after the start, whatever regions and periods add."""
    s = plan(**anders)
    rng = np.random.default_rng(1)
    for x in layouts(s):
        shape = x.treated.shape
        per_region = rng.normal(size=(shape[0], 1)) if shape[1] > 1 else np.zeros((shape[0], 1))
        per_period = rng.normal(size=shape[1]) if x.naam != CHANGE else np.zeros(shape[1])
        y = x.treated + per_region + per_period
        assert float((x.weights * y).sum()) == pytest.approx(1.0)


@pytest.mark.parametrize("naam", [BESIDE, CHANGE, STAGGERED])
@pytest.mark.parametrize(
    "anders",
    [
        {},
        {"spread": 0.1, "households": 400, "households_others": 400, "stable": 0.8, "sign": -1},
        {"measure": "aantal", "base": 2.0, "spread": 0.4, "dispersion": 3.0},
    ],
    ids=["aandeel", "afname", "aantal"],
)
def test_formula_and_simulation_agree(naam, anders):
    s = plan(**anders)
    x = een(s, naam)
    kleinste = formula.detectable(s, x)
    niets, gevonden = simulation.simulate(s, x, [0.0, kleinste], studies=1500)
    assert niets.chance <= LEVEL + 3 * math.sqrt(LEVEL * 0.95 / 1500)
    # More than one period a region makes it somewhat surer than the degrees of freedom of regions allow.
    assert -0.025 - 3 * gevonden.error <= gevonden.chance - 0.8 <= 0.035 + 3 * gevonden.error


def test_the_formula_is_too_sure_of_rare_shares_and_the_simulation_shows_it():
    s = plan(base=0.05, spread=0.02)
    x = een(s, BESIDE)
    (gevonden,) = simulation.simulate(s, x, [formula.detectable(s, x)])
    assert 0.70 <= gevonden.chance <= 0.77


def test_a_simulated_study_is_tested_as_the_designs_of_a_report_test_it():
    s = plan(pilots=6, others=3, waves=(4, 2), periods=3)
    beside, change, staggered = layouts(s)
    y = np.random.default_rng(3).normal(size=(20, 9, 3))
    own = np.zeros(20)
    p = simulation._p(y[..., :1], own, beside.assigned())
    assert p == pytest.approx(compare(y[:, :6, 0], y[:, 6:, 0]).p)
    d = [(change.weights * one[:6]).sum(axis=1) for one in y]
    assert simulation._p(y[:, :6], own, change.assigned()) == pytest.approx([float(flip(v).p) for v in d])
    start = np.repeat([1.0, 2.0, np.inf], (4, 2, 3))
    test = starts(start, *linear(start, 3, control=control(start, 3), aggregation=AGGREGATION))
    assert simulation._p(y, own, staggered.assigned()) == pytest.approx(p_values(y, test))


@pytest.mark.parametrize(
    ("measure", "base", "spread"), [("aandeel", 0.2, 0.08), ("aandeel", 0.9, 0.03), ("aantal", 1.5, 0.6)]
)
def test_true_figures_have_the_mean_spread_and_correlation_of_the_plan(measure, base, spread):
    s = plan(measure=measure, base=base, spread=spread, stable=0.6, dispersion=1.0)
    rng = np.random.default_rng(4)
    mean = np.full((20, 2), base)
    true = simulation._true(s, mean, simulation._normal(rng, s, (1000, 20, 2))).reshape(-1, 2)
    assert true.mean() == pytest.approx(base, rel=0.01)
    assert true.std() == pytest.approx(spread, rel=0.02)
    assert np.corrcoef(true.T)[0, 1] == pytest.approx(0.6, abs=0.03)


def test_noise_of_a_mean_is_that_of_its_steps():
    """Each count of households with x or more is drawn by the table; the figure is total over number."""
    s = plan(measure="aantal", base=2.0, spread=0.0, dispersion=3.0)
    rng, n, keer = np.random.default_rng(5), 200, 3000
    huis = rng.negative_binomial(2.0 / 2.0, 1 / 3.0, size=n)
    top = int(huis.max())
    echt = np.array([(huis >= x).sum() for x in range(1, top + 1)])
    getrokken = np.column_stack([RUIS.draw(np.full(keer, k), rng.random(keer)) for k in (*echt, n)])
    fout = getrokken[:, :-1].sum(axis=1) / getrokken[:, -1] - huis.mean()
    formule = formula.of_noise(s, np.array([[2.0]]), np.array([[float(n)]])) / n**2
    assert float(np.sqrt(formule[0, 0])) == pytest.approx(fout.std(), rel=0.15)


@pytest.mark.parametrize(
    ("waves", "others", "periods"),
    [((2, 2), 0, 3), ((3,), 3, 2), ((2, 1), 2, 3), ((1, 2), 0, 4), ((2,), 3, 2), ((1, 1, 2), 2, 4)],
)
def test_the_smallest_p_of_starts_is_reached(waves, others, periods):
    """By the figures that are the weights themselves: no assignment but the mirror image is as far."""
    s = plan(pilots=sum(waves), others=others, waves=waves, periods=periods)
    x = layouts(s)[-1]
    made = x.assigned()
    assert len(np.unique(np.round(made, 9), axis=0)) <= len(made) == x.ways.aantal
    assert made[0] == pytest.approx(x.weights.ravel())
    d = np.abs(made @ x.weights.ravel())
    assert float((d >= d[0] - 1e-12).mean()) == pytest.approx(x.ways.kleinste)


@pytest.mark.parametrize(
    ("a", "b", "level"), [(11, 3, 18 / 364), (5, 3, 2 / 56), (7, 7, 170 / 3432), (3, 1, 0.0), (19, 1, 1 / 20)]
)
def test_the_level_is_what_the_test_can_reach(a, b, level):
    x = een(plan(pilots=a, others=b, waves=()), BESIDE)
    assert x.level == pytest.approx(level)
    # Where there is nothing every assignment is as likely: so often it finds something.
    d = np.abs(x.assigned() @ np.random.default_rng(a).normal(size=a + b))
    p = np.array([(d >= one - 1e-12).mean() for one in d])
    assert float((p <= LEVEL).mean()) == pytest.approx(level)


def test_a_plan_that_cannot_reach_the_level_has_an_interval_only():
    o = overview(plan(pilots=3, others=1, waves=()), studies=200)
    assert not o.effects
    for x in o.lines:
        assert not x.layout.reaches
        assert math.isnan(x.smallest)
        assert x.check is None
        assert x.by_simulation == ()
        assert x.half > 0
    (een_tegen_een, *_) = overview(plan(pilots=1, others=1, waves=()), studies=200).lines
    assert math.isnan(een_tegen_een.half)


@pytest.mark.parametrize(
    ("anders", "namen"),
    [
        ({}, [BESIDE, CHANGE, STAGGERED]),
        ({"waves": ()}, [BESIDE, CHANGE, CHANGES]),
        ({"others": 0}, [CHANGE, STAGGERED]),
        ({"others": 0, "waves": ()}, [CHANGE]),
        ({"others": 0, "waves": (11,), "periods": 2}, [CHANGE]),
        ({"pilots": 19, "waves": ()}, [BESIDE, CHANGES]),
    ],
)
def test_only_what_fits_is_there(anders, namen):
    assert [x.naam for x in layouts(plan(**anders))] == namen


def smallest(s: Setting) -> list[float]:
    return [d if not math.isnan(d := formula.detectable(s, x)) else math.inf for x in layouts(s)]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(6, 9),
    st.integers(3, 6),
    st.integers(10, 400),
    st.floats(0.1, 0.9),
    st.floats(0.0, 0.1),
    st.sampled_from([-1, 1]),
)
def test_more_regions_more_households_less_spread_find_less(pilots, others, households, base, spread, sign):
    anders = {
        "pilots": pilots,
        "others": others,
        "households": households,
        "households_others": households,
        "base": base,
        "spread": spread,
        "sign": sign,
        "waves": (2, pilots - 2),
        "periods": 3,
    }
    own = smallest(plan(**anders))
    for more in (
        {"households": 2 * households, "households_others": 2 * households},
        {"pilots": 2 * pilots, "others": 2 * others, "waves": (4, 2 * pilots - 4)},
        {"spread": spread / 2},
        {"noise": None},
        {"chance": 0.6},
    ):
        for now, then in zip(own, smallest(plan(**{**anders, **more})), strict=True):
            assert then <= now * (1 + 1e-6)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.02, 0.98), st.floats(0.0, 0.1), st.sampled_from([-1, 1]))
def test_the_chance_rises_with_the_difference(base, spread, sign):
    if spread**2 >= base * (1 - base):
        spread = 0.0
    s = plan(base=base, spread=spread, sign=sign)
    for x in layouts(s):
        d = np.linspace(0, s.farthest * 0.999, 12)
        chances = [formula.chance(s, x, float(v)) for v in d]
        assert chances[0] == pytest.approx(x.level, abs=1e-6)
        assert np.all(np.diff(chances) >= -1e-6)
        assert all(0 <= c <= 1 + 1e-12 for c in chances)


def test_other_plans_change_one_thing():
    labels = dict(variants(plan()))
    assert labels["200 huishoudens per regio"].households_others == 200
    assert labels["6 vergelijkingsregio's"].others == 6
    assert labels["Spreiding tussen regio's 10,0 procentpunt"].spread == pytest.approx(0.1)
    assert labels["Zonder ruis"].noise is None
    # No spread beyond what shares can have, and none of what is not there.
    namen = [naam for naam, _ in variants(plan(base=0.02, spread=0.1, noise=None))]
    assert not any("20,0" in naam or "ruis" in naam for naam in namen)


def test_steps_are_round_and_start_at_nothing():
    assert steps([0.14, math.nan, 0.17], most=0.6) == pytest.approx((0, 0.04, 0.08, 0.12, 0.16, 0.2))
    assert steps([math.nan], most=0.6) == ()
    assert max(steps([0.5], most=0.5)) < 0.5


@pytest.mark.parametrize(
    ("anders", "waar", "verwacht"),
    [
        ({"pilots": 0}, "proeftuinen", "van 1 tot"),
        ({"others": -1}, "vergelijking", "van 0 tot"),
        ({"households": 2.5}, "huishoudens", "geheel getal"),
        ({"households_others": True}, "huishoudens_vergelijking", "geheel getal"),
        ({"measure": "duur"}, "", "aandeel of aantal"),
        ({"base": 0.0}, "basis", "tussen 0 en 1"),
        ({"base": 1.2}, "basis", "tussen 0 en 1"),
        ({"base": math.nan}, "basis", "tussen 0 en 1"),
        ({"measure": "aantal", "base": -2.0}, "basis", "boven 0"),
        ({"measure": "aantal", "spread": math.inf}, "spreiding", "0 of meer"),
        ({"spread": -0.1}, "spreiding", "0 of meer"),
        ({"spread": 0.5}, "spreiding", "minder dan 0.477"),
        ({"dispersion": 2.0}, "overspreiding", ""),
        ({"measure": "aantal", "dispersion": 0.5}, "overspreiding", "1 of meer"),
        ({"stable": 1.5}, "samenhang", "0 tot en met 1"),
        ({"chance": 1.0}, "kans", "onder 1"),
        ({"waves": (4, 4)}, "golven", "samen 11"),
        ({"waves": (11, 0)}, "golven", "van 1 tot"),
        ({"periods": 3}, "perioden", "van 4 tot"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(anders, waar, verwacht):
    with pytest.raises(GebruikFout) as fout:
        plan(**anders)
    assert fout.value.waar == waar
    assert verwacht in fout.value.verwacht


def test_waves_are_read_and_refused():
    assert waves_of("4, 4,3") == waves_of([4, 4, 3]) == (4, 4, 3)
    with pytest.raises(GebruikFout, match="rij van aantallen"):
        waves_of("vier")


def test_fisher_refuses_the_same_tables_as_scipy():
    n, m = 9, 6
    own = cases._refused(n, m)
    for a, b in itertools.product(range(n + 1), range(m + 1)):
        p = stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue
        assert own[a, b] == (p <= LEVEL)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 0.99))
def test_the_exact_test_never_finds_too_much(p):
    assert cases.exact_chance(p, p, 21, 103) <= LEVEL


def test_what_is_rare_by_plain_counting():
    assert cases.seen_at_least_once(0.1, 21) == pytest.approx(1 - 0.9**21)
    nodig = cases.needed_to_see(0.01, 0.95)
    assert 1 - 0.99**nodig >= 0.95 > 1 - 0.99 ** (nodig - 1)
    for n in (21, 103):
        hoogste = cases.highest_after_none(n)
        assert (1 - hoogste) ** n == pytest.approx(0.05)
        assert hoogste == pytest.approx(3 / n, rel=0.08)
    k = cases.same_side_needed()
    assert stats.binomtest(k, k).pvalue <= LEVEL < stats.binomtest(k - 1, k - 1).pvalue


def test_a_published_share_has_the_interval_of_a_report():
    """As the estimator makes it of the published counts 36 and 67 of 103."""
    cells = pd.DataFrame({"naam": ["t", "r", "n"], "x": 0, "k": 1, "n": [36, 67, 103]})
    (rij,) = estimate_group(
        cells,
        huishoudens=103,
        maten={"aandeel": Maat("Aandeel", "aandeel", Vorm.AANDEEL)},
        horizon=0,
        noise=RUIS,
        step=1,
        cap=0,
        threshold=10,
    ).schattingen
    assert cases.with_noise(36, 103, RUIS) == pytest.approx((rij["ondergrens"], rij["bovengrens"]))


def test_shares_that_are_not_shown_say_why():
    public = cases.Public(RUIS, 10, 30)
    assert [x.published for x in cases.shares_seen(21, [0.5], public)] == [None]
    few, many = cases.shares_seen(103, [0.05, 0.051, 0.35], public)
    assert few.why.endswith("minder dan 10")
    assert many.published is not None
    assert many.wilson[0] > many.published[0]
    with pytest.raises(GebruikFout, match="huishoudens kan niet"):
        cases.check("casussen", 1)

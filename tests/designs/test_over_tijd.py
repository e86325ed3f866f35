"""Designs over time on panels of which the answer is known, and what they say where there is none."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.blocks import panel_chart
from toekomstscenario_eval.designs import (
    before_after,
    course,
    find,
    interrupted_series,
    over_time,
    regression,
    staggered_start,
)
from toekomstscenario_eval.designs._checked import ASSUMPTIONS, SENSITIVITY, all_checks, run
from toekomstscenario_eval.designs._panel import NEVER, Panel
from toekomstscenario_eval.designs._sign_flips import flip, possible
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.types import Kind, Maat, Status, Vorm

T = 8


def paneel(start, *, effect=0.0, n=100.0, seed=1, perioden=T, trend=0.0, kind=Kind.AANTAL, ruis=0.1) -> Panel:
    """Return a panel of means around 3, with an effect from each start on."""
    begin = np.asarray(start, dtype=float)
    rng = np.random.default_rng(seed)
    na = np.arange(perioden) >= begin[:, None]
    y = 3 + rng.normal(0, 0.2, (len(begin), 1)) + trend * np.arange(perioden) + rng.normal(0, ruis, na.shape)
    y = y + effect * na
    wide = np.full(na.shape, float(n))
    namen = tuple(f"r{i:02}" for i in range(len(begin)))
    labels = tuple(f"2024-K{t + 1}" for t in range(perioden))
    return Panel(namen, labels, y, np.full(na.shape, ruis**2), wide, begin, np.ones_like(na), kind)


ELF = (3,) * 4 + (4,) * 4 + (5,) * 3 + (NEVER,) * 3


def test_every_design_finds_what_was_planted():
    p = paneel(ELF, effect=1.0)
    for ontwerp in over_time():
        if ontwerp.card.code != "onderbroken_reeks":
            e = ontwerp.effect(p)
            assert not e.reason
            assert e.under < 1.0 < e.above
            assert e.p <= 0.05
    lang = paneel((10,) * 6 + (NEVER,) * 4, effect=1.0, perioden=24)
    e = interrupted_series.effect(lang)
    assert e.under < 1.0 < e.above
    assert e.pilots == 6


def test_before_and_after_is_the_mean_of_the_changes_of_each_pilot():
    p = paneel(ELF, effect=0.5)
    e = before_after.effect(p)
    own = [y[s:].mean() - y[:s].mean() for y, s in zip(p.y[:11], p.start[:11].astype(int), strict=True)]
    assert e.estimate == pytest.approx(np.mean(own))
    assert [part.estimate for part in e.parts] == pytest.approx(own)
    assert (e.ways, e.least) == (2048, 2 / 2048)


def test_households_weigh_within_a_side_and_regions_alike():
    p = paneel((2, 2, 2), perioden=4)
    n = p.n.copy()
    n[0] = [10, 30, 40, 60]
    e = before_after.effect(replace(p, n=n))
    first = (40 * p.y[0, 2] + 60 * p.y[0, 3]) / 100 - (10 * p.y[0, 0] + 30 * p.y[0, 1]) / 40
    assert e.parts[0].estimate == pytest.approx(first)
    assert e.estimate == pytest.approx(np.mean([part.estimate for part in e.parts]))


def test_too_few_regions_have_an_interval_and_no_test():
    e = before_after.effect(paneel((2, 2, 2, 2, 2), effect=1.0, perioden=4))
    assert not e.tests
    assert np.isnan(e.p)
    assert e.bounded


def test_sign_flips_by_hand():
    d = np.array([0.3, 0.1, -0.2, 0.4, 0.5, 0.6])
    ways = [
        sum(d[i] if i in kept else -d[i] for i in range(6))
        for k in range(7)
        for kept in combinations(range(6), k)
    ]
    assert flip(d).p == np.mean(np.abs(ways) >= abs(d.sum()) - 1e-12)
    assert possible(6).kleinste == 2 / 64


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=6, max_size=8, unique=True), st.floats(-2, 2))
def test_interval_of_sign_flips_holds_what_is_not_refused(values, delta):
    d = np.array(values)
    out = flip(d)
    if min(abs(delta - out.under), abs(delta - out.above)) > 1e-6:
        assert (out.under < delta < out.above) == (flip(d - delta).p > 0.05)


def test_staggered_is_that_of_comparison_regions_taken_off():
    p = paneel((3, 3, 3, 3, NEVER, NEVER, NEVER), effect=0.7, trend=0.5)
    e = staggered_start.effect(p)
    gap = p.y[:4].mean(axis=0) - p.y[4:].mean(axis=0)
    assert e.estimate == pytest.approx((gap[3:] - gap[2]).mean())
    assert e.ways == 35
    assert e.least == pytest.approx(1 / 35)


def test_a_trend_of_all_regions_moves_before_and_after_only():
    flat, steep = (paneel(ELF, effect=0.5, trend=t) for t in (0.0, 0.3))
    assert staggered_start.effect(steep).estimate == pytest.approx(staggered_start.effect(flat).estimate)
    assert before_after.effect(steep).estimate > before_after.effect(flat).estimate + 0.5


def test_periods_that_lie_partly_after_the_start_belong_to_neither_side():
    p = paneel(ELF, effect=1.0)
    clean, y = p.clean.copy(), p.y.copy()
    for i, s in enumerate(p.start[:11].astype(int)):
        clean[i, s - 1], y[i, s - 1] = False, 99.0
    mixed = replace(p, clean=clean, y=y)
    assert before_after.effect(mixed).estimate < 2
    assert staggered_start.effect(mixed).estimate < 2


@pytest.mark.parametrize(
    ("paneel_", "words"),
    [
        (paneel((3,)), "maar één proeftuin heeft"),
        (paneel((NEVER, NEVER)), "er is geen proeftuin met een startdatum"),
        (paneel((1, 1, 1), perioden=1), "geen proeftuin heeft een cijfer"),
        (paneel((9, 9, 9)), "geen proeftuin heeft een cijfer"),
        (paneel((0, 0, 0)), "geen proeftuin heeft een cijfer"),
    ],
    ids=["one site", "none", "one period", "start after the window", "started before it"],
)
def test_before_and_after_says_why_not(paneel_, words):
    assert words in before_after.effect(paneel_).reason


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ((3, 3, 3), "geen proeftuin heeft een periode helemaal voor de start met regio's ernaast"),
        ((9, 9, NEVER), "geen proeftuin begon binnen het venster"),
        ((0, 0, NEVER, NEVER), "geen proeftuin heeft een periode helemaal voor de start met regio's ernaast"),
    ],
    ids=["all at once", "after the window", "before it"],
)
def test_staggered_says_why_not(start, words):
    assert staggered_start.effect(paneel(start)).reason.startswith(words)


def test_one_treated_region_has_an_interval_when_nothing_can_be_found():
    e = staggered_start.effect(paneel((4, NEVER, NEVER), effect=1.0))
    assert not e.tests
    assert np.isnan(e.p)
    assert not e.bounded


def test_missing_figures_leave_a_region_out_and_say_so():
    p = paneel(ELF)
    y = p.y.copy()
    y[0, 3:] = np.nan
    e = staggered_start.effect(replace(p, y=y))
    assert e.pilots == 10
    assert e.left == ("1 regio: te weinig huishoudens in een periode",)
    left = before_after.effect(replace(p, y=y)).left
    assert left == ("1 regio: te weinig huishoudens in elke periode voor of na de start",)


def test_without_events_there_is_no_change():
    p = replace(paneel(ELF), y=np.zeros((14, T)))
    for design in (before_after, staggered_start):
        e = design.effect(p)
        assert e.estimate == 0
        assert e.under <= 0 <= e.above
        assert e.p == 1


def test_a_series_that_is_too_short_says_what_it_needs():
    e = interrupted_series.effect(paneel(ELF))
    assert (
        e.reason
        == "voor een lijn zijn ten minste 8 perioden voor de start nodig; de langste reeks heeft er 5"
    )


def test_an_unknown_design_is_refused():
    with pytest.raises(GebruikFout, match="het ontwerp 'gespreid' bestaat niet"):
        find("gespreid")


def checked(p: Panel, design=staggered_start) -> dict[str, Status]:
    """Return by code how each assumption of a design came out."""
    found = run(ASSUMPTIONS, design.CARD.code, p, design.effect(p), design.effect)
    return {card.code: outcome.status for card, outcome in found}


def test_assumptions_that_hold_pass_but_for_chance():
    """Each check is at 5%: over worlds in which all hold, few of them fail."""
    worlds = [checked(paneel(ELF, effect=2.0, ruis=0.02, seed=seed)) for seed in range(6)]
    failed = [status is Status.GEFAALD for world in worlds for status in world.values()]
    assert np.mean(failed) <= 0.1


def test_a_trend_before_the_start_is_seen_and_comes_first():
    p = paneel(ELF, ruis=0.02)
    y = p.y + np.where(p.pilots[:, None], 0.3 * np.arange(T), 0.0)
    found = checked(replace(p, y=y))
    assert found["voortrend"] is Status.GEFAALD
    assert found["schijnstart"] is Status.GEFAALD
    assert next(iter(found.values())) is Status.GEFAALD


def test_a_change_just_before_the_start_is_seen():
    p = paneel(ELF, ruis=0.02)
    early = np.arange(T) == p.start[:, None] - 1
    assert checked(replace(p, y=p.y + 1.0 * early))["vooruitlopen"] is Status.GEFAALD


def test_one_region_that_carries_the_change_is_named():
    p = paneel((3,) * 6 + (NEVER,) * 6, ruis=0.02)
    y = p.y.copy()
    y[0, 3:] += 8.0
    effect = replace(staggered_start.effect(replace(p, y=y)), under=0.1, above=2.0)
    (out,) = [
        o
        for card, o in run(ASSUMPTIONS, "gespreide_start", replace(p, y=y), effect, staggered_start.effect)
        if card.code == "zonder_een_regio"
    ]
    assert out.status is Status.GEFAALD
    assert "zonder r00" in out.words


def test_others_that_enter_are_seen():
    p = paneel(ELF, effect=1.0)
    n = np.where(p.treated, 2 * p.n, p.n)
    assert checked(replace(p, n=n))["hoeveel_instroomt"] is Status.GEFAALD
    assert checked(p)["hoeveel_instroomt"] is Status.GESLAAGD


def test_another_level_before_the_start_is_seen():
    p = paneel(ELF, ruis=0.02)
    assert checked(replace(p, y=p.y + 2.0 * p.pilots[:, None]))["beginstand"] is Status.GEFAALD


def test_comparison_regions_that_change_are_seen():
    p = paneel(ELF, ruis=0.02)
    moved = p.y + np.where(p.pilots[:, None], 0.0, 1.0 * (np.arange(T) >= 3))
    assert checked(replace(p, y=moved))["overloop"] is Status.GEFAALD


def test_figures_that_follow_each_other_are_seen():
    p = paneel(ELF, perioden=16)
    wave = np.sin(np.arange(16) / 2.5) * np.where(np.arange(14) % 2, 1.0, -1.0)[:, None]
    assert checked(replace(p, y=p.y + wave))["samenhang_in_de_tijd"] is Status.GEFAALD


def bent(p: Panel, design):
    """Return by code what may overturn the change of a design."""
    found = run(SENSITIVITY, design.CARD.code, p, design.effect(p), design.effect)
    return {card.code: out for card, out in found}


def test_bounds_of_another_trend_hold_zero_when_it_may_be_large():
    p = paneel(ELF, effect=0.3, ruis=0.1)
    e = staggered_start.effect(p)
    found = bent(p, staggered_start)
    once, twice = found["trendbreuk"].points[-2:]
    assert (once.above - once.under) - (e.above - e.under) == pytest.approx(
        ((twice.above - twice.under) - (e.above - e.under)) / 2
    )


def test_better_recording_explains_a_rise_when_the_same_is_written_down_more():
    p = paneel(ELF, effect=0.0, ruis=0.001)
    drift = replace(p, y=np.where(p.treated, p.y * 1.08, p.y))
    out = bent(drift, before_after)["registratie"]
    assert out.status is Status.GEFAALD
    assert out.points[0].estimate == pytest.approx(0.08, abs=0.005)
    assert "Meer in beeld is niet erger" in out.words


def test_missing_households_explain_a_share_by_hand():
    p = paneel(ELF, kind=Kind.AANDEEL, ruis=0.001)
    share = replace(p, y=np.where(p.treated, 0.4, 0.3))
    out = bent(share, before_after)["ontbrekend"]
    # Of 100 with 40, a quarter more without any gives 30%: seen is (1 - m) of all.
    assert out.points[0].estimate == pytest.approx(0.25)


def test_every_check_has_a_card_of_its_own():
    every = [f.card for kind in (ASSUMPTIONS, SENSITIVITY) for f in all_checks(kind)]
    assert len({card.code for card in every}) == len(every) == 11
    assert all(card.vraag.endswith("?") for card in every)


def test_lines_are_the_waves_and_the_comparison_regions_last():
    p = paneel(ELF)
    found = course.lines(p)
    assert [(line.start, line.regions) for line in found] == [(3, 4), (4, 4), (5, 3), (None, 3)]
    assert found[0].mean == pytest.approx(p.y[:4].mean(axis=0))
    assert course.name(p, found[-1]) == "nooit begonnen (3 regio's)"


def test_regression_is_least_squares_on_regions_and_periods():
    p = paneel(ELF, effect=0.8)
    n, t = p.y.shape
    region, period = np.eye(n)[np.repeat(np.arange(n), t)], np.eye(t)[np.tile(np.arange(t), n)]
    x = np.column_stack([p.treated.ravel().astype(float), region, period])
    e = regression.effect(p)
    assert e.estimate == pytest.approx(np.linalg.lstsq(x, p.y.ravel(), rcond=None)[0][0])
    assert (e.ways, e.pilots, e.comparison) == (2**14, 11, 3)
    (cr2,) = e.also
    assert cr2.under < 0.8 < cr2.above


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ((3,), "te weinig regio's"),
        ((9, 9, NEVER), "te weinig regio's"),
        ((3, 3, 3), "niet te onderscheiden"),
    ],
    ids=["one site", "after the window", "all at once"],
)
def test_regression_says_why_not(start, words):
    assert words in regression.effect(paneel(start)).reason


def test_a_region_without_a_period_is_told_from_one_with_too_few_households():
    p = paneel((0, 3, 3, 3))
    y = p.y.copy()
    y[1, :3] = np.nan
    left = before_after.effect(replace(p, y=y)).left
    assert left == (
        "1 regio: geen periode helemaal voor of na de start",
        "1 regio: te weinig huishoudens in elke periode voor of na de start",
    )


def test_a_share_of_a_handful_is_told_from_noise():
    p = paneel(ELF, kind=Kind.AANDEEL)
    assert replace(p, y=np.full((14, T), 0.02)).sparse
    assert replace(p, y=np.full((14, T), 0.99)).sparse
    assert not replace(p, y=np.full((14, T), 0.2)).sparse
    assert not replace(p, y=np.full((14, T), np.nan)).sparse


def test_what_bounds_nothing_confirms_nothing():
    p = paneel((4, NEVER, NEVER), effect=1.0)
    assert not set(bent(p, staggered_start).values()) & {Status.GESLAAGD}
    assert {out.status for out in bent(p, staggered_start).values()} == {Status.NVT}
    assert checked(p)["zonder_een_regio"] is Status.NVT
    assert checked(p)["vooruitlopen"] is Status.NVT


def test_every_line_is_drawn_however_many_waves_there_are():
    rows = [(f"lijn {i}", f"2024-M0{t}", 0.1 * i, 0.0, 1.0, t > 2) for i in range(9) for t in range(1, 5)]
    frame = pd.DataFrame(rows, columns=["naam", "periode", "schatting", "ondergrens", "bovengrens", "na"])
    svg = panel_chart.lines(frame, Maat("Deel", "aandeel", Vorm.AANDEEL), [f"lijn {i}" for i in range(9)])
    assert all(f"lijn {i}" in svg for i in range(9))

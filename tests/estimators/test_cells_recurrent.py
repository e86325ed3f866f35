"""What can happen more than once, from published counts: against the households themselves, and its edges."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.estimators.cells_world import (
    NOISE,
    WINDOW,
    YEAR,
    _module,
    maten,
    recurrent_cells,
    recurrent_sums,
    visits,
    world,
)
from toekomstscenario_eval import estimators
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.cells.recurrence import recurrence
from toekomstscenario_eval.grids import duration_days
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import LEAST
from toekomstscenario_eval.types import NIET, NUL, TOON, WEINIG, Kind

DAYS = duration_days(YEAR)
ASKED = maten("mcf_180", "mcf_365", "per_jaar")


class Without(Noise):
    """No noise: true counts."""

    def __init__(self):
        for naam, waarde in (("d", 6), ("v", 0.0), ("js", 2)):
            object.__setattr__(self, naam, waarde)


WITHOUT = Without()


def estimate(cells, n, *, noise=NOISE, asked=ASKED, cap=WINDOW, least=LEAST):
    out = _module(estimators.PUBLIC_MODULES, Kind.HERHAALD).estimate_group(
        cells,
        huishoudens=n,
        maten=asked,
        horizon=YEAR,
        noise=noise,
        step=1,
        cap=cap,
        threshold=10,
        least=least,
    )
    return {row["maat"]: row for row in out.schattingen}, pd.DataFrame(out.reeksen)


def exact(sums, n, *, asked=ASKED):
    out = _module(estimators.MODULES, Kind.HERHAALD).estimate_group(
        sums, huishoudens=n, maten=asked, horizon=YEAR
    )
    return {row["maat"]: row for row in out.schattingen}, pd.DataFrame(out.reeksen)


def made(start, stop, of, day, *, cap=WINDOW):
    """Return the true cells and the exact summary of households."""
    start, stop, of, day = (np.asarray(x) for x in (start, stop, of, day))
    w = recurrent_cells(world(np.random.default_rng(1), len(start)), start, stop, of, day, cap, YEAR)
    return w.true(), recurrent_sums(start, stop, of, day)


def few(rate, n=200):
    """Households all seen for two years, of whom so many have an event on day 20."""
    return made(np.zeros(n, int), np.full(n, WINDOW), np.arange(rate), np.full(rate, 20))[0]


def half(row):
    return (row["bovengrens"] - row["ondergrens"]) / 2


@pytest.mark.parametrize("late", [0.0, 0.4])
def test_true_counts_give_what_the_households_give(late):
    sample = visits(np.random.default_rng(4), 400, late=late)
    (found, series), (per_day, exact_series) = (
        estimate(sample.world.true(), 400, noise=WITHOUT),
        exact(sample.exact, 400),
    )
    for naam in ASKED:
        row, whole = found[naam], per_day[naam]
        assert row["weergave"] == TOON
        assert abs(row["schatting"] - whole["schatting"]) < 0.05 * half(whole), naam
        assert half(row) == pytest.approx(half(whole), rel=0.05), naam
        assert row["teller"] == whole["teller"]
        assert row["noemer"] == pytest.approx(whole["noemer"], rel=0.01)
    both = series.merge(exact_series, on="x", suffixes=("", "_exact"))
    assert len(both) == len(series) == len(exact_series)
    assert (both["waarde"] - both["waarde_exact"]).abs().max() < 0.02


def test_households_that_hardly_differ_give_a_narrower_interval_than_poisson():
    """One event for each household, or two: counted by Poisson the mean would be far less certain."""
    n = 120
    of = np.concatenate((np.arange(n), np.arange(0, n, 2)))
    day = np.concatenate((1 + np.arange(n) % 300, 310 + np.arange(0, n, 2) % 40))
    cells, sums = made(np.zeros(n, int), np.full(n, WINDOW), of, day)
    row, whole = estimate(cells, n, noise=WITHOUT)[0]["mcf_365"], exact(sums, n)[0]["mcf_365"]
    assert half(row) == pytest.approx(half(whole), rel=0.05)
    poisson = 1.96 * math.sqrt(len(of)) / n
    assert half(row) < 0.5 * poisson


def test_everybody_who_was_there_for_a_part_counts_for_that_part():
    """Half leaves on day 100, before anything happens; without them the mean would be half as high."""
    n = 200
    stop = np.where(np.arange(n) < 100, 100, WINDOW)
    of = np.arange(100, 180)
    cells, sums = made(np.zeros(n, int), stop, of, 200 + np.arange(80))
    row = estimate(cells, n, noise=WITHOUT)[0]["mcf_365"]
    assert row["schatting"] == pytest.approx(0.8)
    assert row["schatting"] == pytest.approx(exact(sums, n)[0]["mcf_365"]["schatting"])


def test_few_who_reach_a_step_are_not_left_out():
    """Over many draws the mean is that of the households, though hardly any has the most events."""
    sample = visits(np.random.default_rng(8), 60)
    true = exact(sample.exact, 60)[0]["mcf_365"]
    found = [
        recurrence(sample.world.published(seed)[0], DAYS, cap=WINDOW, v=NOISE.v).mean[DAYS.index(YEAR)]
        for seed in range(300)
    ]
    assert np.mean(found) == pytest.approx(true["schatting"], rel=0.02)


def test_the_noise_is_what_draws_give():
    """The spread of the published mean over many draws of the same households, against what is foreseen."""
    sample = visits(np.random.default_rng(11), 150, late=0.3)
    spots = [DAYS.index(day) for day in (180, YEAR)]
    draws = [recurrence(sample.world.published(s)[0], DAYS, cap=WINDOW, v=NOISE.v) for s in range(200)]
    seen = np.var([c.mean[spots] for c in draws], axis=0)
    assert seen == pytest.approx(np.mean([c.noise[spots] for c in draws], axis=0), rel=0.4)


def test_weighing_the_noise_brings_the_mean_closer():
    sample = visits(np.random.default_rng(12), 100)
    spot, true = DAYS.index(YEAR), exact(sample.exact, 100)[0]["mcf_365"]["schatting"]
    smoothed, plain = [], []
    for seed in range(150):
        c = recurrence(sample.world.published(seed)[0], DAYS, cap=WINDOW, v=NOISE.v)
        smoothed.append(c.mean[spot] - true)
        # Without noise to weigh every published count is taken as it is.
        plain.append(replace(c, v=0.0).mean[spot] - true)
    assert np.mean(np.square(smoothed)) < 0.7 * np.mean(np.square(plain))


def test_a_window_limits_who_can_be_seen_on_two_days():
    """Who entered long before a year's window is seen for a year: no pair of days lies further apart."""
    c = recurrence(visits(np.random.default_rng(3), 300, late=0.6).world.true(), DAYS, cap=200, v=0.0)
    middle = (np.concatenate(([0.0], c.days[:-1])) + c.days) / 2
    far = np.abs(middle - middle[:, None]) >= 200
    assert far.any()
    assert (c._together[far] == 0).all()
    np.testing.assert_allclose(c._together, c._together.T)


@pytest.mark.parametrize(
    ("events", "households", "weergave", "what"),
    [
        (0, 200, NUL, "nul of enkele"),
        (6, 200, WEINIG, "te weinig huishoudens"),
        (24, 200, NIET, "het gebeurde te weinig"),
        (25, 200, TOON, "op een raster van dagen"),
        (28, 29, NIET, "te weinig huishoudens voor wat vaker kan gebeuren"),
        (28, 30, TOON, "op een raster van dagen"),
    ],
)
def test_minima(events, households, weergave, what):
    found, series = estimate(few(events, households), households)
    row = found["mcf_365"]
    assert (row["weergave"], what in row["methode"]) == (weergave, True)
    assert found["per_jaar"]["weergave"] == weergave
    assert math.isnan(row["schatting"]) == (weergave != TOON)
    assert math.isnan(row["teller"]) == (weergave != TOON)
    assert series.empty == (weergave != TOON or households < 100)


def test_a_policy_may_ask_for_more():
    assert estimate(few(40), 200)[0]["mcf_365"]["weergave"] == TOON
    for more in (replace(LEAST, events=50), replace(LEAST, recurrent=300)):
        assert estimate(few(40), 200, least=more)[0]["mcf_365"]["weergave"] == NIET


def test_days_with_too_few_under_observation_are_unknown():
    n = 200
    cells, _ = made(np.zeros(n, int), np.full(n, 200), np.arange(80), 1 + np.arange(80))
    found, series = estimate(cells, n)
    assert (found["mcf_180"]["weergave"], found["mcf_365"]["weergave"]) == (TOON, NIET)
    assert "rond dag 365 worden te weinig huishoudens waargenomen" in found["mcf_365"]["methode"]
    assert found["per_jaar"]["weergave"] == TOON
    assert series["x"].max() == 180
    far = estimate(cells, n, asked=maten("mcf_1000"))[0]["mcf_1000"]
    assert far["weergave"] == NIET


def test_nobody_yet_on_the_first_days():
    n, rng = 300, np.random.default_rng(2)
    start = rng.integers(65, 90, n)
    cells, sums = made(start, start + 600, np.arange(150), start[:150] + rng.integers(1, 250, 150))
    found, series = estimate(cells, n, noise=WITHOUT)
    assert found["mcf_365"]["schatting"] == pytest.approx(exact(sums, n)[0]["mcf_365"]["schatting"], abs=0.02)
    assert series["x"].min() > 30
    early = estimate(cells, n, asked=maten("mcf_30"))[0]["mcf_30"]
    assert early["weergave"] == NIET


def test_a_day_between_two_of_the_grid_is_on_the_line():
    sample = visits(np.random.default_rng(5), 300)
    found = estimate(sample.world.true(), 300, asked=maten("mcf_90", "mcf_100", "mcf_120"))[0]
    f = {naam: row["schatting"] for naam, row in found.items()}
    assert f["mcf_100"] == pytest.approx(f["mcf_90"] + (f["mcf_120"] - f["mcf_90"]) / 3)


def test_nobody_and_one_household():
    nothing = pd.DataFrame({"naam": [], "x": [], "k": [], "n": []})
    found, series = estimate(nothing, 0)
    assert {row["methode"] for row in found.values()} == {"niet te schatten: geen eenheden in de noemer"}
    assert series.empty
    one = pd.DataFrame({"naam": ["u"], "x": [0], "k": [1], "n": [3]})
    assert {row["methode"] for row in estimate(one, 1)[0].values()} == {
        "niet te schatten: te weinig huishoudens"
    }
    # Households, but of none a day that is known.
    found, series = estimate(one.assign(n=120), 120)
    assert found["mcf_365"]["weergave"] == NIET
    assert found["per_jaar"]["weergave"] == NUL
    assert series.empty


@pytest.mark.parametrize("naam", ["aandeel", "mcf_jaar"])
def test_another_estimand_is_refused(naam):
    with pytest.raises(GebruikFout, match=f"de maat '{naam}' bestaat niet"):
        estimate(few(40), 200, asked=maten(naam))

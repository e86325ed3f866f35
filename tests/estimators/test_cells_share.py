"""A share from published counts: the same figure as from the households, the noise, and the edges."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.estimators.cells_world import (
    NOISE,
    children_with,
    days_with,
    estimate_public,
    households_with,
    maten,
    share_cells,
    world,
)
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import share
from toekomstscenario_eval.estimators.cells import share_cells as public
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.types import ALLE, BIJNA, NIET, NUL, WEINIG, Kind

SHARE = maten("aandeel")
WITHOUT = SimpleNamespace(v=0.0)


def row(cells, n, *, noise=NOISE, step=1, interval=""):
    out = public.estimate_group(
        cells, huishoudens=n, maten=SHARE, horizon=365, noise=noise, step=step, cap=365, threshold=10,
        interval=interval,
    )  # fmt: skip
    assert not out.reeksen
    return out.schattingen[0]


def exact(sample, *, interval=share.WILSON):
    n = len(sample.world.keys)
    out = share.estimate_group(sample.exact, huishoudens=n, maten=SHARE, horizon=365, interval=interval)
    return out.schattingen[0]


def three(found):
    return [found[k] for k in ("schatting", "ondergrens", "bovengrens")]


def counts(t, r):
    rows = [("t", 0, 1, t), ("r", 0, 1, r), ("n", 0, 1, t + r)]
    return pd.DataFrame([r for r in rows if r[3]], columns=["naam", "x", "k", "n"])


@pytest.mark.parametrize("interval", share.INTERVALS)
def test_true_counts_give_what_the_households_give(interval):
    sample = households_with(np.random.default_rng(3), 157)
    found = row(sample.world.true(), 157, noise=WITHOUT, interval=interval)
    whole = exact(sample, interval=interval)
    assert three(found) == pytest.approx(three(whole), rel=1e-12)
    assert {k: found[k] for k in ("n", "teller", "noemer", "gecensureerd", "weergave")} == {
        k: whole[k] for k in ("n", "teller", "noemer", "gecensureerd", "weergave")
    }


def test_children_of_one_household_count_together():
    sample = children_with(np.random.default_rng(3), 200)
    found, whole = row(sample.world.true(), 200, noise=WITHOUT), exact(sample)
    assert found["schatting"] == pytest.approx(whole["schatting"], rel=1e-12)
    # What two published zeros may hide is in the interval, and nothing else.
    assert three(found) == pytest.approx(three(whole), abs=2e-3)
    assert found["methode"] == (
        "uit beschermde tellingen: Wilson, 95%-interval, met de ruis, "
        "gecorrigeerd voor samenhang binnen huishoudens"
    )


def test_days_go_by_thirty():
    sample = days_with(np.random.default_rng(3), 300)
    found, whole = row(sample.world.true(), 300, noise=WITHOUT, step=30), exact(sample)
    assert three(found) == pytest.approx(three(whole), abs=0.004)


def test_noise_makes_the_interval_as_much_wider_as_it_should():
    p, n = 0.4, 100
    found = row(counts(40, 60), 100)
    variance = p * (1 - p) / n + 3 * ((1 - p) ** 2 + p**2) / n**2
    assert three(found)[1:] == pytest.approx(share.wilson(p, p * (1 - p) / variance), rel=1e-12)
    assert found["methode"] == "uit beschermde tellingen: Wilson, 95%-interval, met de ruis"


@pytest.mark.parametrize(
    ("t", "r", "weergave"),
    [
        (0, 90, NUL),
        (3, 90, WEINIG),
        (9, 90, WEINIG),
        (10, 90, ""),
        (90, 10, ""),
        (90, 9, BIJNA),
        (90, 0, ALLE),
        (8, 7, WEINIG),
        (8, 0, ALLE),
        (0, 8, NUL),
    ],
)
def test_few_households_are_told_in_words(t, r, weergave):
    found = row(counts(t, r), 99)
    assert (found["weergave"], found["n"], found["noemer"]) == (weergave, 99, t + r)
    hidden = [math.isnan(found[k]) for k in ("schatting", "ondergrens", "bovengrens", "teller")]
    assert hidden == [weergave != ""] * 4


def test_nobody_and_one_household():
    found = row(counts(0, 0), 0)
    assert (found["weergave"], found["methode"]) == (NIET, "niet te schatten: geen eenheden in de noemer")
    assert math.isnan(found["noemer"])
    # Published counts need not agree: the number of the place may be drawn as 0 where others are not.
    found = row(counts(3, 0), 0)
    assert (found["weergave"], found["methode"]) == (NIET, "niet te schatten: te weinig huishoudens")


def test_a_household_with_all_of_its_many_units():
    """Households with ten units each of which all or none count: ten units are worth one."""
    n, rng = 60, np.random.default_rng(1)
    of, all_or_none = np.repeat(np.arange(n), 10), np.repeat((np.arange(n) < 25).astype(float), 10)
    cells = share_cells(world(rng, n), of, all_or_none, np.ones(10 * n), ladder(1, 365)).true()
    found = row(cells, n, noise=WITHOUT)
    assert found["schatting"] == pytest.approx(25 / 60, rel=1e-12)
    assert found["bovengrens"] - found["ondergrens"] > 0.23


def test_an_estimand_of_another_kind_is_refused():
    with pytest.raises(GebruikFout, match="de maat 'mediaan' bestaat niet"):
        estimate_public(Kind.AANDEEL, counts(20, 20), 40, maten("mediaan"))


def test_teller_and_rest_tell_where_the_lowest_step_lies():
    """Everybody lacks two days of a year: the middle of 1 to 29 would make that a share of .96."""
    n = 2000
    t, r = np.full(n, 363.0), np.full(n, 2.0)
    few = np.arange(n) < 50
    t, r = np.where(few, 0.0, t), np.where(few, 365.0, r)
    cells = share_cells(world(np.random.default_rng(1), n), np.arange(n), t, t + r, ladder(30, 365)).true()
    found = row(cells, n, noise=WITHOUT, step=30)
    assert found["schatting"] == pytest.approx((t / (t + r)).mean(), abs=0.004)
    # With all of them below the second step, a mean below 1 or above 29 cannot be.
    short = share_cells(
        world(np.random.default_rng(1), n), np.arange(n), np.ones(n), np.ones(n) * 2, ladder(30, 365)
    )
    found = row(short.true(), n, noise=WITHOUT, step=30)
    assert found["schatting"] == pytest.approx(0.5)
    assert found["noemer"] >= 2 * n


def test_without_anybody_below_the_second_step_its_middle_does_not_matter():
    n = 100
    t = np.where(np.arange(n) < 40, 365.0, 0.0)
    cells = share_cells(
        world(np.random.default_rng(1), n), np.arange(n), t, np.full(n, 365.0), ladder(30, 365)
    )
    assert row(cells.true(), n, noise=WITHOUT, step=30)["schatting"] == pytest.approx(0.4)

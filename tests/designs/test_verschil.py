"""Differences between two groups, against published intervals and pingouin."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from scipy import stats

from toekomstscenario_eval.designs._regions import region_difference
from toekomstscenario_eval.designs.group_difference import TOO_FEW, difference, mover
from toekomstscenario_eval.estimators.intervals import wilson
from toekomstscenario_eval.types import WEINIG

VELDEN = ["groep", "schatting", "ondergrens", "bovengrens", "n", "onderdrukt", "standaardfout", "noemer"]


def test_newcombe_published():
    """Newcombe 1998, table II, method 10: 56/70 - 48/80 gives 0.0524 to 0.3339."""
    een, twee = ((p, *wilson(p, n)) for p, n in ((56 / 70, 70), (48 / 80, 80)))
    assert mover(een, twee) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize("per", [1, 4])
def test_hedges_g_equals_pingouin_on_the_rows(per):
    """Also where a household brings four units: the spread is that between units, and so is their number.

    Taking households for units makes the spread half as large, and g twice.
    """
    rng = np.random.default_rng(3)
    x, y = rng.poisson(6, 80), rng.poisson(4, 50)
    rijen = []
    for naam, w in (("a", x), ("b", y)):
        fout = w.std(ddof=1) / math.sqrt(len(w))
        half = stats.t.ppf(0.975, len(w) - 1) * fout
        rijen.append((naam, w.mean(), w.mean() - half, w.mean() + half, len(w) // per, False, fout, len(w)))
    v = difference(pd.DataFrame(rijen, columns=VELDEN), "a", "b", per_huishouden=True)
    assert v.schatting == pytest.approx(x.mean() - y.mean())
    assert v.hedges_g == pytest.approx(pg.compute_effsize(x, y, eftype="hedges"))
    assert v.g_ondergrens < v.hedges_g < v.g_bovengrens


@pytest.mark.parametrize(
    ("rij", "reden"),
    [
        (("b", np.nan, np.nan, np.nan, np.nan, True, np.nan, np.nan), "een van de groepen is niet getoond"),
        (
            ("b", 0.3, np.nan, np.nan, 40, False, np.nan, 40),
            "een van de groepen heeft geen schatting met interval",
        ),
        (("c", 0.3, 0.2, 0.4, 40, False, 0.05, 40), "een van de groepen is er niet"),
    ],
)
def test_no_difference_without_both(rij, reden):
    rijen = pd.DataFrame([("a", 0.5, 0.4, 0.6, 50, False, 0.05, 50), rij], columns=VELDEN)
    v = difference(rijen, "a", "b", per_huishouden=False)
    assert v.reden == reden
    assert math.isnan(v.schatting)


def test_a_group_that_reads_as_words_is_not_shown_and_not_undetermined():
    rijen = [("a", 0.5, 0.4, 0.6, 50, False, 0.05, 50), ("b", *[np.nan] * 3, 40, False, np.nan, 40)]
    tabel = pd.DataFrame(rijen, columns=VELDEN).assign(weergave=["", WEINIG])
    assert difference(tabel, "a", "b", per_huishouden=False).reden == TOO_FEW


# Regions as units


def regions(*rijen, fout=0.001):
    """Return a row for each (figure, kind)."""
    table = pd.DataFrame(rijen, columns=["schatting", "stratum"])
    return table.assign(fout=fout)


PROEF = [(0.10, "P / noord"), (0.16, "P / zuid"), (0.22, "P / noord"), (0.12, "P / oost"), (0.15, "P / west")]
ANDER = [(0.20, "V / noord"), (0.31, "V / zuid")]


def test_by_hand():
    """Means 0.15 and 0.255. Of 21 pairs only {0.22, 0.31} is as far from the other five: p = 2 / 21."""
    v = region_difference(regions(*PROEF, *ANDER), "P", "V")
    assert v.schatting == pytest.approx(-0.105)
    assert v.aantal == (5, 2)
    assert v.ways.aantal == 21
    assert v.p == pytest.approx(2 / 21)
    assert not v.by_own
    # Refused is what at most one of 21 is as far from: the bounds are the second of each side.
    assert v.ondergrens < v.schatting < v.bovengrens


def test_regions_that_lie_close_together_know_no_more_than_their_households():
    """Errors of 0.2: the means have an error of sqrt(0.04 / 5 + 0.04 / 2)."""
    v = region_difference(regions(*PROEF, *ANDER, fout=0.2), "P", "V")
    half = 1.959964 * math.sqrt(0.04 / 5 + 0.04 / 2)
    assert v.by_own
    assert (v.ondergrens, v.bovengrens) == pytest.approx((-0.105 - half, -0.105 + half), abs=1e-6)
    assert v.p == pytest.approx(2 * stats.norm.sf(0.105 / math.sqrt(0.028)))
    # What is not known of one region is taken from the others of its kind.
    part = [0.2, np.nan, 0.2, np.nan, np.nan, 0.2, np.nan]
    assert region_difference(regions(*PROEF, *ANDER, fout=part), "P", "V") == v


def test_regions_that_are_the_same_have_an_interval():
    """Four regions of each kind, 40 of 100 households in each: errors of a mean are sqrt(0.24 / 100 / 4)."""
    same = [(0.4, soort) for soort in "PV" for _ in range(4)]
    v = region_difference(regions(*same, fout=math.sqrt(0.24 / 100)), "P", "V")
    half = 1.959964 * math.sqrt(2 * 0.24 / 100 / 4)
    assert (v.schatting, v.ondergrens, v.bovengrens) == pytest.approx((0, -half, half), abs=1e-7)
    assert v.p == 1


def test_p_and_interval_agree():
    """Zero lies outside the interval just when p is at most 5%."""
    rng = np.random.default_rng(8)
    seen = set()
    for _ in range(200):
        x, y = rng.normal(0.4, rng.choice([0.1, 0.4]), 11), rng.normal(0, 0.2, 3)
        rijen = [(w, "P") for w in x] + [(w, "V") for w in y]
        v = region_difference(regions(*rijen, fout=rng.choice([0.01, 0.3])), "P", "V")
        assert (v.p <= 0.05) is not (v.ondergrens <= 0 <= v.bovengrens)
        assert v.p >= v.ways.kleinste
        seen.add((v.p <= 0.05, v.by_own))
    assert len(seen) == 4


def test_how_unsure_regions_of_the_smaller_kind_are():
    """Between regions nothing, errors of 0.2 and 0.1: four times the variance."""
    rijen = [(0.5, "P")] * 6 + [(0.5, "V")] * 3
    assert region_difference(regions(*rijen, fout=[0.1] * 6 + [0.2] * 3), "P", "V").uneven == pytest.approx(4)
    # What regions of one kind differ is the same on both sides: squares of 0.32 over 7, less 0.02.
    rijen = [(0.3, "P"), (0.7, "P")] * 3 + [(0.3, "V"), (0.5, "V"), (0.7, "V")]
    v = region_difference(regions(*rijen, fout=[0.1] * 6 + [0.2] * 3), "P", "V")
    assert v.uneven == pytest.approx((0.32 / 7 - 0.02 + 0.04) / (0.32 / 7 - 0.02 + 0.01))


@pytest.mark.parametrize(("aantal", "kleinste"), [((6, 1), 1 / 7), ((3, 1), 1 / 4), ((3, 2), 1 / 10)])
def test_a_design_that_cannot_find_anything_has_no_p_and_no_interval(aantal, kleinste):
    rijen = [(0.1 + 0.01 * i, "P") for i in range(aantal[0])] + [(0.9, "V")] * aantal[1]
    v = region_difference(regions(*rijen), "P", "V")
    assert v.ways.kleinste == pytest.approx(kleinste)
    assert v.schatting < -0.7
    assert all(math.isnan(w) for w in (v.p, v.ondergrens, v.bovengrens))
    assert v.reden == ""


def test_regions_of_neither_kind_are_left_out():
    meer = [(0.5, ""), (0.9, "Q / noord")]
    one, two = (region_difference(regions(*PROEF, *ANDER, *m), "P", "V") for m in (meer, []))
    assert one == two


@pytest.mark.parametrize(
    ("rijen", "fout", "reden"),
    [
        (PROEF, 0.1, "van een van de soorten is er geen regio"),
        ([(0.1, "P")] * 4 + [(0.2, "V")] * 4, np.nan, "van geen regio is bekend hoe onzeker het cijfer is"),
    ],
)
def test_no_difference_without_a_kind_or_without_spread(rijen, fout, reden):
    v = region_difference(regions(*rijen, fout=fout), "P", "V")
    assert v.reden == reden

"""Differences between two groups, against published intervals and pingouin."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from scipy import stats

from toekomstscenario_eval.designs.group_difference import difference, mover, site_difference
from toekomstscenario_eval.estimators.intervals import wilson

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


# Sites as units


def sites(*rijen, fout=0.0):
    table = pd.DataFrame(rijen, columns=["groep", "schatting", "stratum", "onderdrukt"])
    return table.assign(fout=fout)


PROEF = [("a", 0.10, "P / noord", False), ("b", 0.16, "P / zuid", False), ("c", 0.22, "P / noord", False)]
ANDER = [("x", 0.20, "V / noord", False), ("y", 0.30, "V / zuid", False)]


def test_welch_by_hand():
    """Means 0.16 and 0.25; variances 0.0036 / 3 and 0.005 / 2 of the means, so t = -0.09 / sqrt(0.0037)."""
    v = site_difference(sites(*PROEF, *ANDER), "P", "V")
    assert v.schatting == pytest.approx(-0.09)
    assert v.t == pytest.approx(-0.09 / math.sqrt(0.0012 + 0.0025))
    assert v.df == pytest.approx(0.0037**2 / (0.0012**2 / 2 + 0.0025**2 / 1))
    assert v.ondergrens < v.schatting < v.bovengrens
    assert v.aantal == (3, 2)
    toets = stats.ttest_ind([0.10, 0.16, 0.22], [0.20, 0.30], equal_var=False)
    bounds = toets.confidence_interval(0.95)
    assert (v.ondergrens, v.bovengrens, v.p) == pytest.approx((bounds.low, bounds.high, toets.pvalue))


def test_sites_that_lie_close_together_know_no_more_than_their_households():
    """Errors of 0.07: 0.0049 is more than the variance 0.0036 of the first kind, less than 0.005."""
    v = site_difference(sites(*PROEF, *ANDER, fout=0.07), "P", "V")
    assert v.t == pytest.approx(-0.09 / math.sqrt(0.0049 / 3 + 0.005 / 2))
    # What is not known of one site is taken from the others.
    part = site_difference(sites(*PROEF, *ANDER, fout=[0.07, np.nan, 0.07, np.nan, np.nan]), "P", "V")
    assert part == v


def test_sites_that_are_the_same_have_an_interval():
    """Four sites of each kind, 40 of 100 households in each: the error of a mean is sqrt(0.24 / 100 / 4)."""
    same = [(f"{soort}{i}", 0.4, soort, False) for soort in "PV" for i in range(4)]
    v = site_difference(sites(*same, fout=math.sqrt(0.24 / 100)), "P", "V")
    half = 2.446912 * math.sqrt(2 * 0.24 / 100 / 4)  # t with 6 degrees of freedom
    assert (v.schatting, v.ondergrens, v.bovengrens) == pytest.approx((0, -half, half), abs=1e-7)
    assert v.p == pytest.approx(1)


def test_hidden_and_unknown_sites_are_left_out():
    meer = [("d", 0.9, "P / zuid", True), ("z", np.nan, "V / noord", False), ("q", 0.5, "", False)]
    assert site_difference(sites(*PROEF, *ANDER, *meer), "P", "V") == site_difference(
        sites(*PROEF, *ANDER), "P", "V"
    )


@pytest.mark.parametrize(
    ("rijen", "reden"),
    [
        ([*PROEF, ANDER[0]], "van een van de soorten zijn minder dan twee regio's te zien"),
        (
            [("a", 0.1, "P", False), ("b", 0.1, "P", False), ("x", 0.2, "V", False), ("y", 0.2, "V", False)],
            "van geen regio is bekend hoe onzeker het cijfer is",
        ),
    ],
)
def test_no_difference_with_too_few_sites_or_without_spread(rijen, reden):
    v = site_difference(sites(*rijen), "P", "V")
    assert v.reden == reden
    assert math.isnan(v.p)

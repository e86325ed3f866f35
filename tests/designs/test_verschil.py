"""Differences between two groups, against published intervals and pingouin."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pingouin as pg
import pytest

from toekomstscenario_eval.designs.verschil import difference, mover
from toekomstscenario_eval.estimators.intervals import wilson

VELDEN = ["groep", "schatting", "ondergrens", "bovengrens", "n", "onderdrukt"]


def test_newcombe_published():
    """Newcombe 1998, table II, method 10: 56/70 - 48/80 gives 0.0524 to 0.3339."""
    een, twee = ((p, *wilson(p, n)) for p, n in ((56 / 70, 70), (48 / 80, 80)))
    assert mover(een, twee) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_hedges_g_equals_pingouin_on_the_rows():
    rng = np.random.default_rng(3)
    x, y = rng.poisson(6, 80), rng.poisson(4, 50)
    rijen = []
    for naam, w in (("a", x), ("b", y)):
        from scipy import stats

        half = stats.t.ppf(0.975, len(w) - 1) * w.std(ddof=1) / math.sqrt(len(w))
        rijen.append((naam, w.mean(), w.mean() - half, w.mean() + half, len(w), False))
    v = difference(pd.DataFrame(rijen, columns=VELDEN), "a", "b", per_huishouden=True)
    assert v.schatting == pytest.approx(x.mean() - y.mean())
    assert v.hedges_g == pytest.approx(pg.compute_effsize(x, y, eftype="hedges"))
    assert v.g_ondergrens < v.hedges_g < v.g_bovengrens


@pytest.mark.parametrize(
    ("rij", "reden"),
    [
        (("b", np.nan, np.nan, np.nan, np.nan, True), "een van de groepen is onderdrukt"),
        (("b", 0.3, np.nan, np.nan, 40, False), "een van de groepen heeft geen schatting met interval"),
        (("c", 0.3, 0.2, 0.4, 40, False), "een van de groepen is er niet"),
    ],
)
def test_no_difference_without_both(rij, reden):
    rijen = pd.DataFrame([("a", 0.5, 0.4, 0.6, 50, False), rij], columns=VELDEN)
    v = difference(rijen, "a", "b", per_huishouden=False)
    assert v.reden == reden
    assert math.isnan(v.schatting)

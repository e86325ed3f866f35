"""The standard error of an estimate, in its own unit: computed with it, whatever its interval is made of."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.estimators.scores_world import WITHOUT
from toekomstscenario_eval.estimators import count, duration, share
from toekomstscenario_eval.estimators.cells import count_cells, share_cells
from toekomstscenario_eval.types import Maat, Vorm

GETAL = Maat("", "", Vorm.GETAL)
YEAR = 365.25


def rij(module, data, huishoudens, naam, **anders):
    maten = {naam: anders.pop("maat", GETAL)}
    anders = {"horizon": 365, **anders}
    return module.estimate_group(data, huishoudens=huishoudens, maten=maten, **anders).schattingen[0]


@pytest.mark.parametrize("interval", share.INTERVALS)
def test_of_a_share_by_hand(interval):
    """12 of 40 households; the same for both intervals. Of nothing there is none."""
    data = pd.DataFrame({"som_t": [12], "som_n": [40], "som_tt": [12], "som_nn": [40], "som_tn": [12]})
    gevonden = rij(share, data, 40, "aandeel", interval=interval)
    assert gevonden["standaardfout"] == pytest.approx(math.sqrt(0.3 * 0.7 / 40))
    niets = rij(share, data.assign(som_t=0, som_tt=0, som_tn=0), 40, "aandeel", interval=interval)
    assert math.isnan(niets["standaardfout"])


COUNTS = np.array([0, 0, 1, 1, 1, 2, 3, 5, 8, 2, 0, 4])
DAYS = np.array([30, 400, 200, 365, 90, 700, 365, 365, 500, 120, 60, 730])


def histogram():
    frame = pd.DataFrame({"aantal": COUNTS, "n": 1, "som_b": DAYS, "som_bb": DAYS**2})
    return frame.groupby("aantal", as_index=False).sum()


def test_of_a_mean_by_hand():
    """Robust: s / sqrt(n). As of a negative binomial: sqrt((1 / m + alpha) / n) times m, which is another."""
    n, m = len(COUNTS), COUNTS.mean()
    robuust = rij(count, histogram(), n, "gemiddelde")["standaardfout"]
    assert robuust == pytest.approx(COUNTS.std(ddof=1) / math.sqrt(n))
    nb = rij(count, histogram(), n, "gemiddelde", interval=count.OVERDISPERSED)
    assert nb["standaardfout"] == pytest.approx(m * math.log(nb["bovengrens"] / m) / 1.959963984540054)
    assert nb["standaardfout"] != pytest.approx(robuust, rel=0.01)
    assert math.isnan(rij(count, histogram(), n, "mediaan")["standaardfout"])


def test_of_a_rate_by_hand_and_per_the_unit_of_the_card():
    """Linearised: sqrt(n / (n - 1) sum (a - r b)^2) / sum b; times 365.25 when it is per year."""
    n, r = len(COUNTS), COUNTS.sum() / DAYS.sum()
    fout = math.sqrt(n / (n - 1) * ((COUNTS - r * DAYS) ** 2).sum()) / DAYS.sum()
    per_jaar = Maat("", "", Vorm.GETAL, schatter="per_blootstelling", schaal=YEAR)
    gevonden = rij(count, histogram(), n, "maat", maat=per_jaar)
    assert gevonden["standaardfout"] == pytest.approx(YEAR * fout)
    phi = max(1.0, n / (n - 1) * ((COUNTS - r * DAYS) ** 2).sum() / COUNTS.sum())
    anders = rij(count, histogram(), n, "maat", maat=per_jaar, interval=count.OVERDISPERSED)
    assert anders["standaardfout"] == pytest.approx(YEAR * math.sqrt(phi * COUNTS.sum()) / DAYS.sum())


def test_of_a_curve_is_that_of_greenwood():
    """Four of ten ended on day 20, none censored: the binomial error of 6 in 10."""
    data = pd.DataFrame({"dag": [0, 20, 100, 200], "soort": [-1, 1, 1, 0], "n": [10, 4, 2, 4]})
    gevonden = rij(duration, data, 10, "langer_90", horizon=90)
    assert gevonden["standaardfout"] == pytest.approx(math.sqrt(0.6 * 0.4 / 10))
    anders = rij(duration, data, 10, "langer_90", horizon=90, interval="log-log")
    assert anders["standaardfout"] == gevonden["standaardfout"]
    assert anders["bovengrens"] != gevonden["bovengrens"]


def published(rows):
    return pd.DataFrame(rows, columns=["naam", "x", "k", "n"])


def test_public_without_noise_is_the_exact_one():
    """Of a share, and of a mean but for the width of the steps."""
    data = published([("t", 0, 1, 30), ("r", 0, 1, 70), ("n", 0, 1, 100)])
    beleid = {"noise": WITHOUT, "step": 1, "cap": 1, "threshold": 10}
    gevonden = rij(share_cells, data, 100, "aandeel", **beleid)["standaardfout"]
    assert gevonden == pytest.approx(math.sqrt(0.3 * 0.7 / 100))
    x = np.repeat([0, 1, 2, 4], [20, 30, 30, 20])
    cells = published([("u", 0, 1, 100), *(("a", v, 1, int((x >= v).sum())) for v in range(1, 5))])
    mean = rij(count_cells, cells, 100, "gemiddelde", **{**beleid, "cap": 365})
    half = (mean["bovengrens"] - mean["ondergrens"]) / 2
    assert mean["standaardfout"] == pytest.approx(half / stats.t.ppf(0.975, 99))
    assert mean["standaardfout"] == pytest.approx(x.std(ddof=1) / 10, rel=0.02)

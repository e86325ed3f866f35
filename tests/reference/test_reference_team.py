"""The variance with shared teams against R's survival; `r/team.R` made the numbers."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.summaries.team_variance import weights

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "team.json").read_text())
SETS = sorted(set(REFERENCE) - {"versies"})


def moved_by(name):
    """How each spell moves the restricted mean, and Greenwood's variance."""
    d = pd.read_csv(HERE / "data" / f"{name}.csv")
    counts = pd.concat(
        [
            pd.DataFrame({"dag": d["start"], "soort": -1, "n": 1}),
            pd.DataFrame({"dag": d["stop"], "soort": d["event"], "n": 1}),
        ]
    )
    each, variance = weights(counts, REFERENCE[name]["horizon"])
    of = each.set_index(["dag", "soort"])["gewicht"]
    entry = of.reindex(zip(d["start"], [-1] * len(d), strict=True)).to_numpy()
    return entry + of.reindex(zip(d["stop"], d["event"], strict=True)).to_numpy(), variance


@pytest.mark.parametrize("name", SETS)
def test_each_spell_moves_the_mean_as_in_r(name):
    moved, _ = moved_by(name)
    np.testing.assert_allclose(moved, REFERENCE[name]["moved"], atol=1e-10)


@pytest.mark.parametrize("name", SETS)
def test_sums_of_teams_are_those_of_r(name):
    moved, _ = moved_by(name)
    team = np.arange(1, len(moved) + 1) * 7 % REFERENCE[name]["teams"]
    assert (np.bincount(team, moved) ** 2).sum() == pytest.approx(REFERENCE[name]["raw"], rel=1e-10)


@pytest.mark.parametrize("name", SETS)
def test_variance_without_teams_is_that_of_r(name):
    _, variance = moved_by(name)
    assert variance == pytest.approx(REFERENCE[name]["variance"], rel=1e-10)

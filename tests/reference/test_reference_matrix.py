"""Reliability and agreement against R (psych, lavaan, factanal); `r/matrix.R` made the numbers."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.estimators.intervals import z_waarde
from toekomstscenario_eval.estimators.matrix import estimate_group, one_factor
from toekomstscenario_eval.types import Maat, Vorm

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "matrix.json").read_text())
MATEN = {m: Maat(m, "", Vorm.GETAL) for m in ("alfa", "omega", "icc", "meetfout", "grens")}


def items(naam):
    return pd.read_csv(HIER / "data" / f"items_{naam}.csv")


def rijen(naam):
    x = items(naam)
    n = len(x)
    som = [(a, b, n, n, x[a].sum(), x[b].sum(), (x[a] * x[b]).sum()) for a in x for b in x]
    gegevens = pd.DataFrame(som, columns=["rij", "kolom", "n", "h", "som_r", "som_k", "som_rk"])
    return {
        r["maat"]: r for r in estimate_group(gegevens, huishoudens=n, maten=MATEN, horizon=365).schattingen
    }


@pytest.mark.parametrize("maat", ["alfa", "meetfout", "icc"])
@pytest.mark.parametrize("naam", REFERENTIE["alfa"])
def test_estimate_and_interval(maat, naam):
    rij = rijen(naam)[maat]
    drie = (rij["schatting"], rij["ondergrens"], rij["bovengrens"])
    assert drie == pytest.approx(REFERENTIE[maat][naam], rel=1e-10)


@pytest.mark.parametrize("naam", REFERENTIE["omega"])
def test_omega(naam):
    """As exact as the optimisers of lavaan and factanal agree with each other."""
    lavaan, fout, factanal = REFERENTIE["omega"][naam]
    rij = rijen(naam)["omega"]
    assert rij["schatting"] == pytest.approx(lavaan, abs=1e-6)
    assert rij["schatting"] == pytest.approx(factanal, abs=1e-6)
    factor = math.exp(z_waarde() * fout / (1 - lavaan))
    verwacht = (1 - (1 - lavaan) * factor, 1 - (1 - lavaan) / factor)
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(verwacht, abs=1e-5)


@pytest.mark.parametrize("naam", REFERENTIE["meetfout"])
def test_reliable_change_is_a_multiple_of_the_error(naam):
    rij, fout = rijen(naam)["grens"], REFERENTIE["meetfout"][naam]
    drie = (rij["schatting"], rij["ondergrens"], rij["bovengrens"])
    assert drie == pytest.approx([1.96 * math.sqrt(2) * w for w in fout], rel=1e-10)


def test_one_factor_finds_the_factor_it_was_given():
    ladingen = np.array([0.9, 0.7, 0.5, 0.3])
    model = np.outer(ladingen, ladingen) + np.diag(1 - ladingen**2)
    gevonden, uniek = one_factor(model)
    assert np.abs(gevonden) == pytest.approx(ladingen, abs=1e-6)
    assert uniek == pytest.approx(1 - ladingen**2, abs=1e-6)

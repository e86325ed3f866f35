"""Protected counts against a package of the British statistical office; `ons/celsleutels.py` made them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from toekomstscenario_eval.protection.noise import Noise

HIER = Path(__file__).parent
REFERENTIE = json.loads((HIER / "celsleutels.json").read_text(encoding="utf-8"))["tabellen"]
SLEUTELS, GROOTSTE = 256, 750


def cellen(per: str) -> pd.DataFrame:
    """Count the invented records and add their keys modulo 2^64, as the engine does."""
    data = pd.read_csv(HIER / "data" / "celsleutels.csv").astype({"sleutel": "uint64"})
    uit = data.groupby(per.split(" x "))["sleutel"].agg(["size", "sum"]).reset_index()
    plek = uit[per.split(" x ")].astype(str).agg("/".join, axis=1)
    return pd.DataFrame({"plek": plek, "aantal": uit["size"], "som": uit["sum"]})


@pytest.mark.parametrize("naam", REFERENTIE)
@pytest.mark.parametrize("per", ["soort", "groep", "soort x groep"])
def test_counts_are_those_of_the_package(naam, per):
    ref = REFERENTIE[naam]
    van_hen = {plek: rest for over, plek, *rest in ref["cellen"] if over == per}
    eigen = cellen(per)
    sleutel = eigen["som"].to_numpy() % SLEUTELS
    ruis = Noise(ref["d"], ref["v"], ref["js"])
    getrokken = ruis.draw(eigen["aantal"].to_numpy(), (sleutel + 0.5) / SLEUTELS)
    rijen = zip(eigen["plek"], eigen["aantal"], sleutel, getrokken, strict=True)
    assert {plek: [int(n), int(k), int(g)] for plek, n, k, g in rijen} == van_hen


def test_the_cells_are_small_and_large():
    aantallen = {n for ref in REFERENTIE.values() for _, _, n, *_ in ref["cellen"]}
    assert {1, 2, 3, 4, 5, 6, 7, 8, 9} <= aantallen
    assert 500 < max(aantallen) <= GROOTSTE


@pytest.mark.parametrize("naam", REFERENTIE)
def test_the_noise_was_there(naam):
    verschil = np.array([g - n for _, _, n, _, g in REFERENTIE[naam]["cellen"]])
    assert np.abs(verschil).max() <= REFERENTIE[naam]["d"]
    assert (verschil != 0).mean() > 0.5

"""Shares of households by characteristic: exact, and from published counts."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import characteristic
from toekomstscenario_eval.estimators.cells import characteristic_cells
from toekomstscenario_eval.estimators.intervals import wilson
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.types import ALLE, BIJNA, NIET, NUL, TOON, WEINIG, Maat, Vorm

RUIS = Noise(6, 3.0, 2)


def maten(*namen):
    return {naam: Maat(naam, "aandeel", Vorm.AANDEEL, schatter="aandeel") for naam in namen}


def openbaar(huishoudens: int, **cellen):
    tabel = pd.DataFrame({"naam": list(cellen), "x": 0, "k": 1, "n": list(cellen.values())})
    out = characteristic_cells.estimate_group(
        tabel,
        huishoudens=huishoudens,
        maten=maten(*cellen, "niemand"),
        horizon=365,
        noise=RUIS,
        step=1,
        cap=365,
        threshold=10,
    )
    return {rij["maat"]: rij for rij in out.schattingen}


def test_exact_shares_are_over_all_households():
    data = pd.DataFrame({"kenmerk": ["a", "a", "b"], "h": [3, 2, 20]})
    out = characteristic.estimate_group(data, huishoudens=20, maten=maten("a", "b", "c"), horizon=365)
    a, b, c = out.schattingen
    assert (a["teller"], a["noemer"], a["schatting"]) == (5, 20, 0.25)
    assert (a["ondergrens"], a["bovengrens"]) == pytest.approx(wilson(0.25, 20))
    assert (b["schatting"], b["bovengrens"]) == (1.0, 1.0)
    assert (c["teller"], c["schatting"], c["ondergrens"]) == (0, 0.0, 0.0)


def test_nobody_and_one_household_have_no_share():
    for n in (0, 1):
        data = pd.DataFrame({"kenmerk": pd.Series(dtype="str"), "h": pd.Series(dtype="int64")})
        (rij,) = characteristic.estimate_group(data, huishoudens=n, maten=maten("a"), horizon=1).schattingen
        assert math.isnan(rij["schatting"])
        assert rij["methode"].startswith("niet te schatten")


def test_more_with_it_than_there_are_is_refused():
    data = pd.DataFrame({"kenmerk": ["a"], "h": [21]})
    with pytest.raises(GebruikFout, match="een kenmerk telt meer dan alle huishoudens"):
        characteristic.estimate_group(data, huishoudens=20, maten=maten("a"), horizon=365)


def test_both_sides_need_the_threshold():
    """Of 40 households: 10 shown, 9 few, 31 nearly all, 40 all, and nobody."""
    rijen = openbaar(40, tien=10, negen=9, veel=31, allen=40)
    gezien = {naam: rij["weergave"] for naam, rij in rijen.items()}
    assert gezien == {"tien": TOON, "negen": WEINIG, "veel": BIJNA, "allen": ALLE, "niemand": NUL}
    assert rijen["tien"]["schatting"] == 0.25
    assert all(math.isnan(rijen[naam]["schatting"]) for naam in ("negen", "veel", "allen", "niemand"))
    assert {rij["n"] for rij in rijen.values()} == {40}


def test_the_interval_holds_the_noise_of_both_counts():
    """p (1 - p) / n + V (1 + p^2) / n^2 with p = .25, n = 40, V = 3: as of 28 households."""
    rij = openbaar(40, tien=10)["tien"]
    variantie = 0.1875 / 40 + 3 * (1 + 0.0625) / 1600
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(wilson(0.25, 0.1875 / variantie))
    assert "met de ruis" in rij["methode"]


def test_a_place_without_households_shows_nothing():
    assert {rij["weergave"] for rij in openbaar(0, tien=0).values()} == {NIET}

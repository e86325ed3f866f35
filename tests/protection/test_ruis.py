"""The table of noise: as published, and what must hold for every table that exists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import load_policy, policies

# True count: published count and its probability. The first as published for D 2, V 1.08, js 1; the second
# the test values of the R package ptable for D 2, V 1.05, js 1.
GEPUBLICEERD = {
    (2, 1.08, 1, 1e-9): {
        1: {0: 0.513333333333334, 2: 0.459999999999997, 3: 0.0266666666666684},
        2: {0: 0.165608346861048, 2: 0.546349918833711, 3: 0.244866774888386, 4: 0.043174959416855},
        3: {2: 0.420784681404797, 3: 0.277645955785609, 4: 0.182354044214391, 5: 0.119215318595203},
        4: {
            2: 0.0739466779323054,
            3: 0.244213288270854,
            4: 0.363680067593605,
            5: 0.244213288271006,
            6: 0.0739466779322297,
        },
    },
    (2, 1.05, 1, 1e-7): {
        1: {0: 0.50833333, 2: 0.475, 3: 0.01666667},
        2: {0: 0.16155827, 2: 0.55565037, 3: 0.24246618, 4: 0.04032518},
        3: {2: 0.41231301, 3: 0.28806097, 4: 0.18693903, 5: 0.11268699},
        4: {2: 0.07012498, 3: 0.24450007, 4: 0.3707499, 5: 0.24450007, 6: 0.07012498},
    },
}
BELEID = {naam: load_policy(naam).ruis for naam in policies()}


@pytest.mark.parametrize("vorm", GEPUBLICEERD, ids=str)
def test_rows_are_those_published(vorm):
    d, v, js, verschil = vorm
    rijen = Noise(d, v, js).rows
    for aantal, kansen in GEPUBLICEERD[vorm].items():
        eigen = {aantal + i - d: p for i, p in enumerate(rijen[aantal]) if p > 0}
        assert eigen == pytest.approx(kansen, abs=verschil, rel=0)


def check(ruis: Noise) -> None:
    stappen = np.arange(-ruis.d, ruis.d + 1)
    assert ruis.rows.shape == (ruis.d + ruis.js + 2, 2 * ruis.d + 1)
    assert ruis.rows[0].tolist() == (stappen == 0).astype(float).tolist()
    for aantal, rij in enumerate(ruis.rows[1:], start=1):
        assert (rij >= 0).all()
        assert rij.sum() == pytest.approx(1, abs=1e-12)
        assert rij @ stappen == pytest.approx(0, abs=1e-8)
        assert rij @ stappen**2 == pytest.approx(ruis.v, abs=1e-8)
        nooit = (aantal + stappen < 0) | ((aantal + stappen >= 1) & (aantal + stappen <= ruis.js))
        assert not rij[nooit].any()
    # From here on nothing is cut off, and the row is symmetric.
    assert ruis.rows[-1] == pytest.approx(ruis.rows[-1][::-1], abs=1e-9)


@pytest.mark.parametrize("naam", BELEID)
def test_the_noise_of_a_policy_is_unbiased_with_its_variance_and_bound(naam):
    check(BELEID[naam])


def variances(aantal: int, d: int, js: int) -> tuple[float, float]:
    """Least and largest variance of unbiased noise on this count, by linear programming."""
    stappen = np.arange(-d, d + 1)
    mag = (aantal + stappen >= 0) & ~((aantal + stappen >= 1) & (aantal + stappen <= js))
    s = stappen[mag].astype(float)
    uit = []
    for teken in (1, -1):
        los = len(s) and linprog(teken * s**2, A_eq=[np.ones(len(s)), s], b_eq=[1, 0], bounds=(0, 1))
        if not (los and los.success):
            return np.inf, -np.inf
        uit.append(teken * los.fun)
    return uit[0], uit[1]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 60), st.integers(0, 5))
def test_a_table_that_exists_keeps_everything_and_another_is_refused(d, tienden, js):
    v = tienden / 10
    grenzen = [variances(i, d, js) for i in range(1, d + js + 2)]
    ruimte = min(min(v - laag, hoog - v) for laag, hoog in grenzen)
    # On the very edge rounding decides.
    assume(abs(ruimte) > 1e-3)
    if ruimte > 0:
        check(Noise(d, v, js))
    else:
        with pytest.raises(OnthullingsFout, match="deze ruis bestaat niet"):
            Noise(d, v, js)


def test_what_does_not_exist_says_what_does():
    with pytest.raises(OnthullingsFout) as fout:
        Noise(2, 1.08, 2)
    assert fout.value.tekst() == (
        "Niet vrijgegeven: deze ruis bestaat niet\n"
        "  Verwacht: een grens D, een variantie V en een kleinste getal js die samen kunnen\n"
        "  Kreeg: D 2, V 1.08, js 2\n"
        "  Herstel: neem een grotere D, een andere V of een kleinere js; standaard is D 6, V 3, js 2"
    )


@pytest.mark.parametrize("vorm", [(0, 1.0, 0), (3, 0.0, 0), (3, -1.0, 0), (3, 1.0, -1)])
def test_noise_that_is_none_is_refused(vorm):
    with pytest.raises(OnthullingsFout, match="deze ruis bestaat niet"):
        Noise(*vorm)


@pytest.mark.parametrize("naam", BELEID)
def test_draws_follow_the_row(naam):
    """A grid of uniform numbers meets each published count as often as the row says, to one over its size."""
    ruis, punten = BELEID[naam], 40_000
    u = (np.arange(punten) + 0.5) / punten
    for aantal in (*range(ruis.d + ruis.js + 3), 750):
        getrokken = ruis.draw(np.full(punten, aantal), u)
        vaak = np.bincount(getrokken - aantal + ruis.d, minlength=2 * ruis.d + 1) / punten
        assert vaak == pytest.approx(ruis.rows[min(aantal, len(ruis.rows) - 1)], abs=1.01 / punten)


@pytest.mark.parametrize("naam", BELEID)
def test_the_ends_of_the_uniform_numbers_stay_on_the_row(naam):
    ruis = BELEID[naam]
    aantal = np.arange(60)
    for u in (0.0, np.nextafter(1.0, 0.0)):
        getrokken = ruis.draw(aantal, np.full(60, u))
        assert (np.abs(getrokken - aantal) <= ruis.d).all()
        assert (getrokken >= 0).all()
        assert not np.isin(getrokken, np.arange(1, ruis.js + 1)).any()
    assert getrokken[0] == 0


@pytest.mark.parametrize("naam", BELEID)
def test_the_likelihood_is_the_column_of_the_table(naam):
    ruis = BELEID[naam]
    for gepubliceerd in (0, ruis.js + 1, 12, 40):
        kans = ruis.likelihood(gepubliceerd, 60)
        for waar in range(61):
            verschil = gepubliceerd - waar + ruis.d
            rij = ruis.rows[min(waar, len(ruis.rows) - 1)]
            assert kans[waar] == (rij[verschil] if 0 <= verschil <= 2 * ruis.d else 0)

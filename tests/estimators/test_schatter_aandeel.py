"""Shares: properties of the effective size, and what happens at the edges."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.intervals import t_waarde, wilson
from toekomstscenario_eval.estimators.share import estimate_group
from toekomstscenario_eval.types import Maat, Vorm

KOLOMMEN = ["som_t", "som_n", "som_tt", "som_nn", "som_tn"]
MATEN = {"aandeel": Maat("aandeel", "aandeel van de kinderen", Vorm.AANDEEL)}
huishouden = st.integers(0, 4).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
huishoudens_ = st.lists(huishouden, min_size=2, max_size=30)


def samenvatting(huishoudens):
    t, n = (np.array(k, dtype=float) for k in zip(*huishoudens, strict=True))
    return pd.DataFrame([[t.sum(), n.sum(), t @ t, n @ n, t @ n]], columns=KOLOMMEN)


def reken(gegevens, *, huishoudens):
    (rij,) = estimate_group(gegevens, huishoudens=huishoudens, maten=MATEN, horizon=365).schattingen
    return rij


def test_by_hand():
    """Four households, 1 of 2, 0 of 1, 3 of 3, 0 of 2: r = 1/2 and the residuals are 0, -.5, 1.5, -1."""
    rij = reken(samenvatting([(1, 2), (0, 1), (3, 3), (0, 2)]), huishoudens=4)
    variantie = 4 / 3 * (0.25 + 2.25 + 1) / 64
    omvang = 8 * (0.25 / 7) / variantie * (t_waarde(7) / t_waarde(3)) ** 2
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(wilson(0.5, omvang), rel=1e-12)
    assert rij["schatting"] == 0.5
    assert (rij["n"], rij["teller"], rij["noemer"], rij["gecensureerd"]) == (4, 4, 8, 0)
    assert rij["eenheid"] == "aandeel van de kinderen"


@given(huishoudens_)
def test_never_narrower_than_independent_units(huishoudens):
    rij = reken(samenvatting(huishoudens), huishoudens=len(huishoudens))
    t, n = rij["teller"], rij["noemer"]
    if math.isnan(rij["schatting"]):
        assert n == 0
        return
    onder, boven = wilson(t / n, n)
    assert 0 <= rij["ondergrens"] <= onder + 1e-12
    assert boven - 1e-12 <= rij["bovengrens"] <= 1
    assert rij["ondergrens"] <= rij["schatting"] <= rij["bovengrens"]


@given(huishoudens_, st.randoms(use_true_random=False))
def test_adding_up_households_or_rows_is_the_same(huishoudens, willekeur):
    los = pd.concat([samenvatting([h]) for h in huishoudens]).sample(
        frac=1, random_state=willekeur.randrange(1000)
    )
    een = reken(samenvatting(huishoudens), huishoudens=len(huishoudens))
    twee = reken(los, huishoudens=len(huishoudens))
    assert {k: str(v) for k, v in een.items()} == {k: str(v) for k, v in twee.items()}


@given(huishoudens_)
def test_the_complement_mirrors(huishoudens):
    een = reken(samenvatting(huishoudens), huishoudens=len(huishoudens))
    twee = reken(samenvatting([(n - t, n) for t, n in huishoudens]), huishoudens=len(huishoudens))
    assert een["schatting"] == pytest.approx(1 - twee["schatting"], nan_ok=True)
    assert een["ondergrens"] == pytest.approx(1 - twee["bovengrens"], nan_ok=True, abs=1e-9)


@given(st.lists(st.booleans(), min_size=2, max_size=60), st.integers(1, 5))
def test_identical_children_count_as_one(kinderen, aantal):
    """When all children of a household agree, only households carry information."""
    rij = reken(samenvatting([(aantal * k, aantal) for k in kinderen]), huishoudens=len(kinderen))
    p, m = sum(kinderen) / len(kinderen), len(kinderen)
    if 0 < p < 1:
        n = m * aantal
        omvang = n * (m - 1) / (n - 1) * (t_waarde(n - 1) / t_waarde(m - 1)) ** 2
    else:
        omvang = m
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(wilson(p, omvang), abs=1e-9)


@pytest.mark.parametrize(("teller", "p"), [(0, 0), (60, 1)])
def test_zero_and_all_use_the_number_of_households(teller, p):
    rij = reken(samenvatting([(teller // 20, 3)] * 20), huishoudens=20)
    assert rij["schatting"] == p
    assert (rij["ondergrens"], rij["bovengrens"]) == wilson(p, 20)
    assert rij["methode"] == (
        "Wilson, 95%-interval; samenhang binnen huishoudens niet te schatten bij 0 of 100 procent, "
        "gerekend met het aantal huishoudens"
    )


def test_zero_with_one_unit_per_household_is_plain_wilson():
    rij = reken(samenvatting([(0, 1)] * 20), huishoudens=20)
    assert (rij["ondergrens"], round(rij["bovengrens"], 8)) == (0, 0.16112516)
    assert rij["methode"] == "Wilson, 95%-interval"


def test_zero_with_more_households_than_units():
    rij = reken(samenvatting([(0, 1), (0, 0), (0, 0)]), huishoudens=3)
    assert rij["bovengrens"] == wilson(0, 1)[1]


@pytest.mark.parametrize(
    ("huishoudens", "aantal", "methode"),
    [
        ([(0, 0)], 0, "niet te schatten: geen eenheden in de noemer"),
        ([(0, 0)] * 5, 5, "niet te schatten: geen eenheden in de noemer"),
        ([(2, 3)], 1, "niet te schatten: te weinig huishoudens"),
        ([(0.25, 0.5), (0.1, 0.5)], 2, "niet te schatten: te weinig eenheden in de noemer"),
    ],
)
def test_no_estimate(huishoudens, aantal, methode):
    rij = reken(samenvatting(huishoudens), huishoudens=aantal)
    assert rij["methode"] == methode
    assert all(math.isnan(rij[k]) for k in ("schatting", "ondergrens", "bovengrens"))


def test_group_without_rows():
    rij = reken(pd.DataFrame(columns=KOLOMMEN), huishoudens=0)
    assert math.isnan(rij["schatting"])
    assert (rij["n"], rij["teller"], rij["noemer"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("waarden", "wat"),
    [
        ((5, 4, 9, 8, 9), "de teller is groter dan de noemer"),
        ((-1, 4, 9, 8, 9), "een som is negatief"),
        ((None, 4, 9, 8, 9), "er staan lege of oneindige waarden in"),
    ],
)
def test_contradictory_summary_is_refused(waarden, wat):
    with pytest.raises(GebruikFout) as fout:
        reken(pd.DataFrame([waarden], columns=KOLOMMEN), huishoudens=4)
    assert fout.value.wat == f"de samenvatting klopt niet: {wat}"
    assert fout.value.waar == "kolom som_t van de samenvatting"


def test_units_without_households_are_refused():
    with pytest.raises(GebruikFout, match="er zijn eenheden zonder huishouden"):
        reken(samenvatting([(1, 2), (0, 2)]), huishoudens=0)


def test_missing_column_is_refused():
    with pytest.raises(GebruikFout, match="de kolom ontbreekt"):
        reken(samenvatting([(1, 2), (0, 2)]).drop(columns="som_tn"), huishoudens=2)


@pytest.mark.parametrize(("teller", "rand"), [(0, True), (1, False), (1999, False), (2000, True)])
def test_a_rare_share_is_not_rounded_to_none_or_all(teller, rand):
    """1 of 2,000 is 0.0005: rare, not never."""
    rij = reken(samenvatting([(1, 1)] * teller + [(0, 1)] * (2000 - teller)), huishoudens=2000)
    assert rij["schatting"] == pytest.approx(teller / 2000, abs=1e-15)
    assert (rij["schatting"] in (0, 1)) == rand


def test_one_too_many_in_the_numerator_is_refused():
    gegevens = samenvatting([(1, 1)] * 2000)
    with pytest.raises(GebruikFout, match="de teller is groter dan de noemer"):
        reken(gegevens.assign(som_t=2001.0), huishoudens=2000)

"""How numbers read: signs, shares and their differences, and chances that are never zero."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vrijgave_bouw import aandeel, resultaat
from toekomstscenario_eval.blocks.difference import differences_table
from toekomstscenario_eval.blocks.table import number_cell
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.document.format import (
    EMPTY,
    MINUS,
    interval,
    least_chance,
    number,
    of_method,
    probability,
)
from toekomstscenario_eval.estimators.networks import comparison, qap
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import SITE_KIND, Kind, Vorm


def value(text: str) -> float:
    """Read a Dutch number back."""
    digits = re.sub(r"[^\d,.]", "", text).replace(".", "").replace(",", ".")
    return float(digits) * (-1 if MINUS in text else 1)


@given(st.floats(-1e6, 1e6), st.sampled_from([v for v in Vorm if v is not Vorm.KANS]))
def test_a_number_below_zero_has_a_minus_sign_and_zero_has_none(waarde, vorm):
    text = number(waarde, vorm)
    assert "-" not in text
    factor, decimals = (100, 1) if vorm in (Vorm.AANDEEL, Vorm.PROCENTPUNT) else (1, 2)
    rounded = value(text) / factor
    assert (
        abs(rounded - waarde) <= 0.5 * 10 ** -(0 if vorm in (Vorm.TELLING, Vorm.DAGEN) else decimals) + 1e-6
    )
    assert (MINUS in text) is (rounded < 0)
    # English has other marks, and the same digits.
    engels = translate(text)
    assert engels is not None
    assert re.sub(r"\D", "", engels) == re.sub(r"\D", "", text)


@pytest.mark.parametrize(
    ("p", "tekst"),
    [(1 / 364, "0,0027"), (1 / 4, "0,25"), (1 / 7, "0,14"), (1.0, "1,0"), (2 / 3432, "kleiner dan 0,001")],
)
def test_the_smallest_p_has_two_digits_that_count_and_is_never_zero(p, tekst):
    assert least_chance(p) == tekst


@given(st.floats(0, 1))
def test_a_chance_is_never_zero(p):
    text = probability(p)
    assert text == ("< 0,001" if p < 0.001 else text)
    assert value(text) > 0


@pytest.mark.parametrize(
    ("p", "methode", "begin"),
    [
        (1 / 501, "500 omwisselingen van 14 organisaties (QAP)", "≤ "),
        (2 / 501, "500 omwisselingen van 14 organisaties (QAP)", ""),
        (1 / 2001, "2000 omwisselingen van organisaties", "< "),
        (1 / 501, "uit beschermde tellingen: 364 alle verdelingen van gebieden", ""),
        (1 / 501, "gemiddelde; 500 willekeurige verdelingen van gebieden", "≤ "),
        (2 / 101, "gemiddelde, tegenover 100 netwerken met dezelfde aantallen (curveball)", "≤ "),
        (1 / 501, "t-toets", ""),
    ],
)
def test_the_least_that_draws_can_give_is_at_most_that(p, methode, begin):
    text = of_method(p, Vorm.KANS, methode)
    assert re.match(r"[^\d]*", text)[0] == begin
    # A share that happens to be as small is no chance.
    assert of_method(p, Vorm.AANDEEL, methode) == number(p, Vorm.AANDEEL)


def test_the_floor_is_that_of_the_tests_themselves():
    """A perfect association of the same network with itself: no draw is as large."""
    y = np.triu(np.random.default_rng(1).random((9, 9)), 1)
    found = qap.qap(y + y.T, y + y.T, permutations=200, seed=1)
    methode = f"{found.permutations} omwisselingen van {found.knopen} organisaties (QAP)"
    assert of_method(found.coefficients["correlatie"].p, Vorm.KANS, methode).startswith("≤ ")
    apart = comparison.between(np.arange(20.0), np.arange(20.0) + 100, seed=1)
    assert not apart.exact
    assert apart.p == pytest.approx(1 / (apart.arrangements + 1))
    methode = f"gemiddelde; {apart.arrangements} willekeurige verdelingen van gebieden"
    assert of_method(apart.p, Vorm.KANS, methode)[:2] in ("≤ ", "< ")


def test_cells_show_the_floor():
    rij = {"onderdrukt": False, "schatting": 1 / 501, "methode": "500 omwisselingen", "getal_id": "g1"}
    assert number_cell(rij, Vorm.KANS).tekst == "≤ 0,002"


@pytest.mark.parametrize(("a", "b"), [((30, 100), (20, 80)), ((5, 100), (40, 80)), ((25, 100), (20, 80))])
def test_a_difference_of_shares_is_in_percentage_points(a, b):
    rijen = [
        aandeel("", TOTAAL, a[0] + b[0], a[1] + b[1]),
        aandeel(SITE_KIND, "proeftuin", *a),
        aandeel(SITE_KIND, "vergelijking", *b),
    ]
    (rij,) = differences_table(bundle((resultaat(Kind.AANDEEL, rijen),)), "proef").rijen
    schatting, grenzen = rij[1].tekst, rij[2].tekst
    assert value(schatting) == pytest.approx(100 * (a[0] / a[1] - b[0] / b[1]), abs=0.05)
    assert schatting.endswith(" procentpunt")
    assert grenzen.endswith(" procentpunt")
    assert grenzen.count("procentpunt") == 1
    assert "%" not in schatting + grenzen
    onder, boven = (value(deel) for deel in grenzen.split(" – "))
    assert onder <= value(schatting) <= boven


def test_a_missing_number_has_no_sign():
    assert number(math.nan, Vorm.PROCENTPUNT) == EMPTY
    assert interval(math.nan, math.nan, Vorm.PROCENTPUNT) == ""

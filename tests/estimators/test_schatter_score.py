"""Scores: the sums give what the separate households give, and what happens at the edges."""

import math

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.intervals import t_waarde
from toekomstscenario_eval.estimators.score import estimate_group
from toekomstscenario_eval.types import Maat, Vorm

ALLE = ("gemiddelde", "gemiddelde_voor", "verschil", "effectgrootte", "standaardafwijking")
score = st.integers(10, 100).map(lambda x: x / 10)
paren_ = st.lists(st.tuples(score, score), min_size=2, max_size=40)
GELIJK = "niet te schatten: geen spreiding tussen de scores"


def sommen(na, voor=()):
    v, w = np.array(voor, dtype=float), np.array(na, dtype=float)
    p = w[: len(v)]
    return pd.DataFrame(
        [
            {
                "n": len(w), "som_w": w.sum(), "som_ww": (w * w).sum(),
                "n_paar": len(v), "som_v": v.sum(), "som_vv": (v * v).sum(),
                "paar_w": p.sum(), "paar_ww": (p * p).sum(), "som_vw": (v * p).sum(),
            }
        ]
    )  # fmt: skip


def reken(gegevens, huishoudens, maten=ALLE):
    keuze = {m: Maat(m, "punten", Vorm.GETAL) for m in maten}
    uit = estimate_group(gegevens, huishoudens=huishoudens, maten=keuze, horizon=365)
    assert uit.reeksen == ()
    return {rij["maat"]: rij for rij in uit.schattingen}


def grenzen(rij):
    return rij["ondergrens"], rij["bovengrens"]


@settings(deadline=None, max_examples=50)
@given(paren_)
def test_means_and_change_from_separate_households(paren):
    v, w = (np.array(k) for k in zip(*paren, strict=True))
    uit, n = reken(sommen(w, v), len(v)), len(v)
    for maat, x in (("gemiddelde", w), ("gemiddelde_voor", v), ("verschil", w - v)):
        rij = uit[maat]
        assert (rij["n"], rij["noemer"], rij["gecensureerd"]) == (n, n, 0)
        if np.ptp(x) < 1e-9:
            assert math.isnan(rij["schatting"])
            assert rij["methode"] == GELIJK
        else:
            half = t_waarde(n - 1) * x.std(ddof=1) / math.sqrt(n)
            assert rij["schatting"] == pytest.approx(x.mean(), abs=1e-9)
            assert grenzen(rij) == pytest.approx((x.mean() - half, x.mean() + half), abs=1e-6)


@settings(deadline=None, max_examples=50)
@given(paren_)
def test_effect_size_is_that_of_pingouin(paren):
    v, w = (np.array(k) for k in zip(*paren, strict=True))
    rij = reken(sommen(w, v), len(v))["effectgrootte"]
    if min(np.ptp(v), np.ptp(w), np.ptp(w - v)) < 1e-9:
        assert rij["methode"] == GELIJK
        return
    assert rij["schatting"] == pytest.approx(pg.compute_effsize(w, v, paired=True, eftype="hedges"), abs=1e-8)
    assert rij["ondergrens"] < rij["schatting"] < rij["bovengrens"]


@settings(deadline=None, max_examples=50)
@given(paren_, st.integers(1, 39))
def test_rows_are_added_up(paren, knip):
    v, w = (np.array(k) for k in zip(*paren, strict=True))
    heel = reken(sommen(w, v), len(v))
    delen = pd.concat([sommen(w[:knip], v[:knip]), sommen(w[knip:], v[knip:])])
    for maat, rij in reken(delen, len(v)).items():
        assert rij["schatting"] == pytest.approx(heel[maat]["schatting"], abs=1e-6, nan_ok=True)


def test_spread_of_the_value_alone():
    rij = reken(sommen([1, 2, 3, 4]), 4, ("standaardafwijking",))["standaardafwijking"]
    assert rij["schatting"] == pytest.approx(math.sqrt(5 / 3))
    assert grenzen(rij) == pytest.approx((0.7313349, 4.8135338), abs=1e-6)


def test_several_scores_of_a_household_get_no_interval():
    uit = reken(sommen([5, 6, 7, 9], [4, 6, 6, 5]), 2)
    assert {maat: rij["methode"].split("; ")[1] for maat, rij in uit.items()} == dict.fromkeys(
        ALLE, "geen interval: meer scores uit één huishouden hangen samen"
    )
    assert all(math.isnan(g) for rij in uit.values() for g in grenzen(rij))
    assert uit["verschil"]["schatting"] == 1.5
    assert {rij["n"] for rij in uit.values()} == {2}


@pytest.mark.parametrize(
    ("gegevens", "huishoudens", "methode"),
    [
        (sommen([], []), 0, "niet te schatten: geen eenheden in de noemer"),
        (sommen([], []), 20, "niet te schatten: geen eenheden in de noemer"),
        (sommen([5], [4]), 1, "niet te schatten: te weinig huishoudens"),
        (sommen([5, 5, 5], [4, 4, 4]), 3, GELIJK),
    ],
)
def test_nothing_to_estimate(gegevens, huishoudens, methode):
    for rij in reken(gegevens, huishoudens).values():
        assert math.isnan(rij["schatting"])
        assert rij["methode"] == methode


def test_same_change_for_everybody_is_not_shown():
    """The mean change would be the change of every single household."""
    uit = reken(sommen([5.3, 6.3, 9.3], [4.1, 5.1, 8.1]), 3)
    assert math.isnan(uit["verschil"]["schatting"])
    assert math.isnan(uit["effectgrootte"]["schatting"])
    assert uit["gemiddelde"]["schatting"] == pytest.approx(20.9 / 3)


def test_unpaired_units_beside_a_change_are_refused():
    with pytest.raises(GebruikFout) as fout:
        reken(sommen([5, 6, 7], [4, 5]), 3)
    assert str(fout.value) == (
        "Opdracht niet begrepen: de samenvatting klopt niet: eenheden zonder vorige score horen bij de "
        "uitsluitingen\n"
        "  Waar: kolom n_paar van de samenvatting\n"
        "  Herstel: kijk na of de indicator per eenheid de kolommen geeft die bij zijn soort horen"
    )
    assert reken(sommen([5, 6, 7], [4, 5]), 3, ("gemiddelde",))["gemiddelde"]["schatting"] == 6


@pytest.mark.parametrize(
    ("anders", "kolom", "wat"),
    [
        ({"n_paar": 9}, "n_paar", "er zijn meer paren dan eenheden"),
        ({"som_ww": 1.0}, "som_ww", "de som van kwadraten is te klein voor de som"),
        ({"som_vw": 999.0}, "som_vw", "het kruisproduct is groter dan de kwadraten toelaten"),
    ],
)
def test_sums_that_contradict_themselves_are_refused(anders, kolom, wat):
    with pytest.raises(GebruikFout) as fout:
        reken(sommen([5, 6, 8], [4, 5, 5]).assign(**anders), 3)
    assert fout.value.wat == f"de samenvatting klopt niet: {wat}"
    assert fout.value.waar == f"kolom {kolom} van de samenvatting"


def test_unknown_estimand_is_refused():
    with pytest.raises(GebruikFout, match="de maat 'gemiddeld' bestaat niet bij de soort score"):
        reken(sommen([5, 6], [4, 5]), 2, ("gemiddeld",))

"""Items: the sums per pair give what the table of answers gives, and what happens at the edges."""

import math
import warnings

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.matrix import estimate_group, omega_error, one_factor
from toekomstscenario_eval.types import Maat, Vorm

ALLE = ("alfa", "omega", "icc", "meetfout", "grens")
# Without the one that searches for its answer: that is for the reference tests.
GESLOTEN = ("alfa", "icc", "meetfout", "grens")
KOLOMMEN = ["rij", "kolom", "n", "h", "som_r", "som_k", "som_rk"]
GELIJK = "niet te schatten: geen spreiding tussen de scores"
tabellen_ = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(1, 10), min_size=k, max_size=k), min_size=4, max_size=25)
)


def sommen(antwoorden, h=None):
    x = pd.DataFrame(antwoorden, dtype=float)
    x.columns = [f"i{k}" for k in range(x.shape[1])]
    rijen = [
        (a, b, len(x), len(x) if h is None else h, x[a].sum(), x[b].sum(), (x[a] * x[b]).sum())
        for a in x
        for b in x
    ]
    return pd.DataFrame(rijen, columns=KOLOMMEN)


def reken(gegevens, huishoudens, maten=ALLE):
    keuze = {m: Maat(m, "", Vorm.GETAL) for m in maten}
    uit = estimate_group(gegevens, huishoudens=huishoudens, maten=keuze, horizon=365)
    assert uit.reeksen == ()
    return {rij["maat"]: rij for rij in uit.schattingen}


def drie(rij):
    return rij["schatting"], rij["ondergrens"], rij["bovengrens"]


@settings(deadline=None, max_examples=50)
@given(tabellen_)
def test_alpha_is_that_of_pingouin(antwoorden):
    x = np.array(antwoorden, dtype=float)
    rij = reken(sommen(x), len(x), GESLOTEN)["alfa"]
    if np.ptp(x.sum(axis=1)) == 0:
        assert rij["methode"] == GELIJK
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pingouin on pandas 3
        alfa, (onder, boven) = pg.cronbach_alpha(pd.DataFrame(x))
    assert rij["schatting"] == pytest.approx(alfa, rel=1e-8, abs=1e-8)
    # Pingouin rounds the interval.
    assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx((onder, boven), rel=1e-6, abs=6e-4)


@settings(deadline=None, max_examples=50)
@given(tabellen_)
def test_error_is_spread_times_root_of_unreliability(antwoorden):
    x = np.array(antwoorden, dtype=float)
    uit = reken(sommen(x), len(x), GESLOTEN)
    if math.isnan(uit["meetfout"]["schatting"]):
        assert uit["meetfout"]["methode"] == GELIJK
        return
    fout = x.mean(axis=1).std(ddof=1) * math.sqrt(max(0, 1 - uit["alfa"]["schatting"]))
    assert uit["meetfout"]["schatting"] == pytest.approx(fout, abs=1e-6)
    assert uit["grens"]["schatting"] == pytest.approx(1.96 * math.sqrt(2) * fout, abs=1e-5)


def test_agreement_is_that_of_pingouin():
    rng = np.random.default_rng(3)
    for k in (2, 3, 5):
        x = rng.normal(size=(30, 1)) + 0.8 * rng.normal(size=(30, k)) + np.linspace(0, 1, k)
        lang = pd.DataFrame(x).reset_index().melt(id_vars="index")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pingouin on pandas 3
            tabel = pg.intraclass_corr(lang, targets="index", raters="variable", ratings="value")
        pingouin = tabel.set_index("Type").loc["ICC(A,1)"]
        icc = drie(reken(sommen(x), 30)["icc"])
        assert icc[0] == pytest.approx(pingouin["ICC"], abs=1e-8)
        assert icc[1:] == pytest.approx(tuple(pingouin["CI95"]), abs=6e-3)


@settings(deadline=None, max_examples=50)
@given(tabellen_, st.randoms(use_true_random=False))
def test_order_of_pairs_does_not_matter(antwoorden, toeval):
    x = np.array(antwoorden, dtype=float)
    volgorde = list(range(x.shape[1] ** 2))
    toeval.shuffle(volgorde)
    een, twee = (reken(d, len(x), GESLOTEN) for d in (sommen(x), sommen(x).iloc[volgorde]))
    for maat in GESLOTEN:
        assert drie(een[maat]) == pytest.approx(drie(twee[maat]), nan_ok=True)


def test_omega_of_a_scale_with_equal_items_is_alpha():
    """With equal loadings and unique variances both are the same number."""
    k = np.full(4, 0.7)
    ladingen, uniek = one_factor(np.outer(k, k) + np.diag(1 - k**2))
    omega = ladingen.sum() ** 2 / (ladingen.sum() ** 2 + uniek.sum())
    alfa = 4 / 3 * (1 - 4 / (4 + 12 * 0.49))
    assert omega == pytest.approx(alfa, abs=1e-7)


def test_standard_error_of_omega_shrinks_with_the_root_of_n():
    ladingen, uniek = np.array([1.0, 0.8, 0.6]), np.array([0.5, 0.5, 0.5])
    assert omega_error(ladingen, uniek, 101) == pytest.approx(2 * omega_error(ladingen, uniek, 401))
    assert math.isnan(omega_error(np.zeros(3), uniek, 101))


@pytest.mark.parametrize(
    ("antwoorden", "methode"),
    [
        ([[1, 2], [2, 4], [5, 5], [6, 3]], "niet te schatten: één factor vraagt ten minste drie items"),
        (
            [[1, 2, 3], [2, 4, 1], [5, 5, 2], [6, 3, 3]],
            "niet te schatten: een item zonder spreiding, of te weinig eenheden",
        ),
        (
            [[1, 2, 3], [2, 4, 3], [5, 5, 3], [6, 3, 3], [7, 6, 3], [8, 2, 3]],
            "niet te schatten: een item zonder spreiding, of te weinig eenheden",
        ),
        (
            [[1, 2, 3], [2, 4, 6], [5, 5, 10], [6, 3, 9], [7, 6, 13], [8, 2, 10]],
            "niet te schatten: een item volgt uit de andere items",
        ),
    ],
)
def test_no_omega(antwoorden, methode):
    rij = reken(sommen(antwoorden), len(antwoorden))["omega"]
    assert math.isnan(rij["schatting"])
    assert rij["methode"] == methode


def test_item_that_is_the_factor_has_no_interval():
    rng = np.random.default_rng(11)
    f = rng.normal(size=200)
    x = np.c_[
        f, 0.6 * f + rng.normal(size=200), 0.6 * f + rng.normal(size=200), 0.6 * f + rng.normal(size=200)
    ]
    x[:, 0] += 0.01 * rng.normal(size=200)
    rij = reken(sommen(x), 200)["omega"]
    assert rij["methode"] == "McDonalds omega (één factor); geen interval: een item valt samen met de factor"
    assert 0 < rij["schatting"] < 1
    assert math.isnan(rij["ondergrens"])


def test_raters_that_differ_in_level_only():
    x = np.array([[1, 3], [2, 4], [5, 7], [9, 11]], dtype=float)
    rij = reken(sommen(x), 4)["icc"]
    assert rij["methode"] == "ICC(A,1); geen interval: de scores verschillen alleen in niveau"
    assert rij["schatting"] == pytest.approx(np.var(x[:, 0], ddof=1) / (np.var(x[:, 0], ddof=1) + 2))


@pytest.mark.parametrize(
    ("gegevens", "huishoudens", "methode"),
    [
        (sommen(np.zeros((0, 2))).iloc[:0], 0, "niet te schatten: geen eenheden in de noemer"),
        (sommen([[3, 4, 5]]), 1, "niet te schatten: te weinig huishoudens"),
        (sommen([[3], [4], [5]]), 3, "niet te schatten: minder dan twee items"),
        (sommen([[3, 4, 5]] * 4), 4, GELIJK),
        (sommen([[3, 5], [5, 3], [4, 4]]), 3, GELIJK),
    ],
)
def test_nothing_to_estimate(gegevens, huishoudens, methode):
    for rij in reken(gegevens, huishoudens).values():
        assert math.isnan(rij["schatting"])
        assert rij["methode"] == methode


def test_several_units_of_a_household_get_no_interval():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(40, 1)) + rng.normal(size=(40, 4))
    uit = reken(sommen(x, h=20), 20)
    for rij in uit.values():
        assert rij["methode"].endswith("; geen interval: meer eenheden uit één huishouden hangen samen")
        assert rij["methode"].count("interval") == 1
        assert not math.isnan(rij["schatting"])
        assert math.isnan(rij["ondergrens"])
        assert (rij["n"], rij["noemer"]) == (20, 40)


VOL = sommen([[1, 2], [2, 4], [5, 5]])


@pytest.mark.parametrize(
    ("gegevens", "kolom", "wat"),
    [
        (VOL.iloc[:3], "rij", "niet elk paar van items komt precies één keer voor"),
        (pd.concat([VOL, VOL.iloc[:1]]), "rij", "niet elk paar van items komt precies één keer voor"),
        (VOL.assign(n=[3, 3, 3, 4]), "n", "niet elk paar van items berust op dezelfde eenheden"),
        (VOL.assign(h=[3, 3, 3, 2]), "h", "niet elk paar van items berust op dezelfde huishoudens"),
        (VOL.assign(h=2), "h", "huishoudens zonder alle items horen bij de uitsluitingen"),
        (VOL.assign(n=2), "h", "er zijn meer huishoudens dan eenheden"),
        (VOL.assign(som_rk=[30.0, 34.0, 35.0, 45.0]), "som_rk", "de twee helften verschillen"),
    ],
)
def test_sums_that_contradict_themselves_are_refused(gegevens, kolom, wat):
    with pytest.raises(GebruikFout) as fout:
        reken(gegevens, 3)
    assert fout.value.wat == f"de samenvatting klopt niet: {wat}"
    assert fout.value.waar == f"kolom {kolom} van de samenvatting"


def test_unknown_estimand_is_refused():
    with pytest.raises(GebruikFout, match="de maat 'alpha' bestaat niet bij de soort matrix"):
        reken(VOL, 3, ("alpha",))

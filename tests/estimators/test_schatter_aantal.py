"""Counts: the histogram gives what the separate households give, and what happens at the edges."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.count import estimate_group
from toekomstscenario_eval.estimators.intervals import poisson, rank, ranks, t_waarde
from toekomstscenario_eval.types import Maat, Vorm

KOLOMMEN = ["aantal", "n", "som_b", "som_bb"]
MATEN = {
    naam: Maat(naam, "professionals", Vorm.GETAL)
    for naam in ("gemiddelde", "per_blootstelling", "mediaan", "p90")
}
huishoudens_ = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 366)), min_size=2, max_size=40)


def samenvatting(huishoudens):
    """One row per household: rows with the same count are added up by the estimator."""
    return pd.DataFrame([(a, 1, b, b * b) for a, b in huishoudens], columns=KOLOMMEN)


def reken(gegevens, *, huishoudens, maten=MATEN):
    uit = estimate_group(gegevens, huishoudens=huishoudens, maten=maten, horizon=365)
    return {rij["maat"]: rij for rij in uit.schattingen}, uit.reeksen


def drie(rij):
    return rij["schatting"], rij["ondergrens"], rij["bovengrens"]


@given(huishoudens_)
def test_mean_from_separate_households(huishoudens):
    a = np.array([a for a, _ in huishoudens])
    rij = reken(samenvatting(huishoudens), huishoudens=len(a))[0]["gemiddelde"]
    assert rij["schatting"] == pytest.approx(a.mean())
    if a.std() == 0:
        assert math.isnan(rij["ondergrens"])
        assert rij["methode"] == "gemiddelde; geen interval: alle eenheden hebben hetzelfde aantal"
    else:
        half = t_waarde(len(a) - 1) * a.std(ddof=1) / math.sqrt(len(a))
        verwacht = max(0, a.mean() - half), a.mean() + half
        assert (rij["ondergrens"], rij["bovengrens"]) == pytest.approx(verwacht, abs=1e-9)


@given(huishoudens_)
def test_rate_from_separate_households(huishoudens):
    a, b = (np.array(k, dtype=float) for k in zip(*huishoudens, strict=True))
    m, r = len(a), a.sum() / b.sum()
    rij = reken(samenvatting(huishoudens), huishoudens=m)[0]["per_blootstelling"]
    assert rij["schatting"] == pytest.approx(r)
    assert (rij["teller"], rij["noemer"]) == (a.sum(), b.sum())
    fout = math.sqrt(m / (m - 1) * ((a - r * b) ** 2).sum()) / a.sum() if a.sum() else 0
    if a.sum() == 0:
        assert (rij["ondergrens"], rij["bovengrens"]) == poisson(0, b.sum())
    elif fout > 1e-4:
        factor = math.exp(t_waarde(m - 1) * fout)
        assert drie(rij)[1:] == pytest.approx((r / factor, r * factor), rel=1e-6)


@given(huishoudens_, st.sampled_from([("mediaan", 0.5), ("p90", 0.9)]))
def test_quantiles_from_separate_households(huishoudens, maat):
    naam, p = maat
    a = np.sort([a for a, _ in huishoudens])
    rij = reken(samenvatting(huishoudens), huishoudens=len(a))[0][naam]
    assert rij["schatting"] == np.quantile(a, p, method="inverted_cdf")
    laag, hoog = ranks(len(a), p)
    assert rij["ondergrens"] == pytest.approx(a[laag - 1] if laag else math.nan, nan_ok=True)
    assert rij["bovengrens"] == pytest.approx(a[hoog - 1] if hoog <= len(a) else math.nan, nan_ok=True)
    half_open = not (laag and hoog <= len(a))
    assert rij["methode"].endswith("; een grens is niet te bepalen bij zo weinig eenheden") == half_open


@given(st.integers(2, 400), st.sampled_from([0.1, 0.5, 0.9]))
def test_ranks_cover_at_least_95_percent(n, p):
    kansen = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    laag, hoog = ranks(n, p)
    assert sum(kansen[laag:hoog]) >= 0.95 - 1e-9
    # Neither tail could give up one more rank.
    assert sum(kansen[: laag + 1]) >= 0.025 - 1e-9
    assert sum(kansen[hoog - 1 :]) >= 0.025 - 1e-9


@pytest.mark.parametrize(
    ("n", "p", "k"),
    [(10, 0.9, 9), (30, 0.9, 27), (10, 0.5, 5), (11, 0.5, 6), (1, 0.5, 1), (100, 0.55, 55), (1001, 0.9, 901)],
)
def test_rank_has_no_rounding_error(n, p, k):
    assert rank(n, p) == k


@given(huishoudens_, st.randoms(use_true_random=False))
def test_row_order_and_splitting_rows_do_not_matter(huishoudens, willekeur):
    los = samenvatting(huishoudens).sample(frac=1, random_state=willekeur.randrange(1000))
    samen = los.groupby("aantal", as_index=False).sum()
    een, reeks_een = reken(samen, huishoudens=len(huishoudens))
    twee, reeks_twee = reken(los, huishoudens=len(huishoudens))
    assert str(een) == str(twee)
    assert reeks_een == reeks_twee or str(reeks_een) == str(reeks_twee)


def test_distribution():
    _, reeks = reken(samenvatting([(2, 9), (0, 9), (2, 9), (5, 9)]), huishoudens=4)
    assert [(p["reeks"], p["x"], p["label"], p["waarde"], p["n"]) for p in reeks] == [
        ("verdeling", 0, "0", 0.25, 1),
        ("verdeling", 2, "2", 0.5, 2),
        ("verdeling", 5, "5", 0.25, 1),
    ]


def test_only_what_is_asked_under_the_name_that_is_asked():
    maten = {"per_jaar": Maat("", "per jaar", Vorm.GETAL, schatter="per_blootstelling", schaal=365.25)}
    rijen, _ = reken(samenvatting([(1, 365.25), (3, 365.25)]), huishoudens=2, maten=maten)
    assert list(rijen) == ["per_jaar"]
    assert (rijen["per_jaar"]["schatting"], rijen["per_jaar"]["noemer"]) == (2, 2)


def test_scale_leaves_the_interval_in_proportion():
    maten = {
        "dag": Maat("", "", Vorm.GETAL, schatter="per_blootstelling"),
        "jaar": Maat("", "", Vorm.GETAL, schatter="per_blootstelling", schaal=365.25),
    }
    rijen, _ = reken(samenvatting([(1, 200), (3, 365), (0, 90)]), huishoudens=3, maten=maten)
    assert drie(rijen["jaar"]) == pytest.approx([365.25 * w for w in drie(rijen["dag"])], rel=1e-12)


@pytest.mark.parametrize(
    ("huishoudens", "aantal", "methode"),
    [
        ([], 0, "niet te schatten: geen eenheden in de noemer"),
        ([], 7, "niet te schatten: geen eenheden in de noemer"),
        ([(3, 100)], 1, "niet te schatten: te weinig huishoudens"),
    ],
)
def test_no_estimate(huishoudens, aantal, methode):
    rijen, reeks = reken(samenvatting(huishoudens), huishoudens=aantal)
    assert reeks == ()
    for rij in rijen.values():
        assert rij["methode"] == methode
        assert all(math.isnan(w) for w in drie(rij))


def test_no_exposure():
    rijen, _ = reken(samenvatting([(3, 0), (1, 0)]), huishoudens=2)
    assert rijen["per_blootstelling"]["methode"] == "niet te schatten: geen blootstelling"
    assert math.isnan(rijen["per_blootstelling"]["schatting"])
    assert rijen["gemiddelde"]["schatting"] == 2


def test_no_spread_between_households():
    rijen, _ = reken(samenvatting([(3, 30), (6, 60), (1, 10)]), huishoudens=3)
    rij = rijen["per_blootstelling"]
    assert rij["schatting"] == pytest.approx(0.1)
    assert math.isnan(rij["ondergrens"])
    assert rij["methode"] == "aantal per blootstelling; geen interval: geen spreiding tussen eenheden"


def test_one_unit_has_no_interval():
    """Only when an indicator reports households without unit rows."""
    rijen, _ = reken(samenvatting([(3, 30)]), huishoudens=2)
    assert rijen["gemiddelde"]["schatting"] == 3
    for naam in ("gemiddelde", "per_blootstelling"):
        assert math.isnan(rijen[naam]["ondergrens"])
        assert "geen interval" in rijen[naam]["methode"]


def test_note_on_independence_only_where_there_is_an_estimate():
    rijen, _ = reken(samenvatting([(3, 0), (1, 0), (1, 0)]), huishoudens=2)
    assert rijen["per_blootstelling"]["methode"] == "niet te schatten: geen blootstelling"
    assert rijen["gemiddelde"]["methode"].endswith("als onafhankelijk geteld")


def test_more_units_than_households_is_said():
    rijen, _ = reken(samenvatting([(3, 30), (6, 50), (1, 10)]), huishoudens=2)
    assert rijen["gemiddelde"]["methode"] == (
        "gemiddelde, 95%-interval (t); eenheden binnen een huishouden als onafhankelijk geteld"
    )


@pytest.mark.parametrize(
    ("rij", "kolom", "wat"),
    [
        ((-1, 1, 1, 1), "aantal", "er staat een negatief getal in"),
        ((1.5, 1, 1, 1), "aantal", "er staat een gebroken getal in"),
        ((1, -1, 1, 1), "n", "er staat een negatief getal in"),
        ((1, 1, None, 1), "som_b", "er staan lege of oneindige waarden in"),
    ],
)
def test_contradictory_summary_is_refused(rij, kolom, wat):
    with pytest.raises(GebruikFout) as fout:
        reken(pd.DataFrame([rij], columns=KOLOMMEN), huishoudens=2)
    assert fout.value.wat == f"de samenvatting klopt niet: {wat}"
    assert fout.value.waar == f"kolom {kolom} van de samenvatting"


def test_unknown_estimand_is_refused():
    with pytest.raises(GebruikFout) as fout:
        reken(samenvatting([(1, 2)]), huishoudens=2, maten={"gemiddeld": Maat("", "", Vorm.GETAL)})
    assert str(fout.value) == (
        "Opdracht niet begrepen: de maat 'gemiddeld' bestaat niet bij de soort aantal\n"
        "  Waar: maten van de definitiekaart\n"
        "  Verwacht: een van gemiddelde, mediaan, overspreiding, p90, per_blootstelling\n"
        "  Kreeg: gemiddeld\n"
        "  Herstel: Bedoelt u 'gemiddelde'?"
    )


def test_hardly_any_spread_is_spread():
    """1,000 and 1,001 in a day each: half a unit from the mean on both sides; t with 1 df is 12.7062."""
    uit, _ = reken(samenvatting([(1000, 1), (1001, 1)]), huishoudens=2)
    assert drie(uit["gemiddelde"]) == pytest.approx((1000.5, 1000.5 - 6.353102368, 1000.5 + 6.353102368))
    factor = math.exp(12.706204736 / 2001)
    assert drie(uit["per_blootstelling"]) == pytest.approx((1000.5, 1000.5 / factor, 1000.5 * factor))

"""Counts from published numbers of households: the same figures as from the households, and the edges."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.estimators.cells_world import NOISE, count_cells, count_sums, counts, crowds, maten, world
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import count
from toekomstscenario_eval.estimators.cells import count_cells as public
from toekomstscenario_eval.types import NIET, NUL, TOON, WEINIG, Maat, Vorm

ALL = maten("gemiddelde", "per_blootstelling", "mediaan", "p90", "overspreiding")
WITHOUT = SimpleNamespace(v=0.0)
YEAR = 365


def both(a, b, *, of=None, interval=count.ROBUST, asked=ALL, noise=WITHOUT):
    """Return rows and series from true counts, and the same from the households."""
    a, b = np.array(a), np.array(b, dtype=float)
    of = np.arange(len(a)) if of is None else np.array(of)
    n = int(of.max()) + 1
    cells = count_cells(world(np.random.default_rng(2), n), of, a, b, YEAR).true()
    whole = count.estimate_group(
        count_sums(a, b), huishoudens=n, maten=asked, horizon=YEAR, interval=interval
    )
    return estimate(cells, n, interval=interval, asked=asked, noise=noise), (by_name(whole), whole.reeksen)


def by_name(out):
    return {row["maat"]: row for row in out.schattingen}


def estimate(cells, n, *, interval="", asked=ALL, noise=NOISE, threshold=10):
    out = public.estimate_group(
        cells, huishoudens=n, maten=asked, horizon=YEAR, noise=noise, step=1, cap=YEAR, threshold=threshold,
        interval=interval,
    )  # fmt: skip
    return by_name(out), out.reeksen


def three(row):
    return [row[k] for k in ("schatting", "ondergrens", "bovengrens")]


def cells(*rows):
    return pd.DataFrame(rows, columns=["naam", "x", "k", "n"])


def drawn(seed, n=200):
    rng = np.random.default_rng(seed)
    return rng.negative_binomial(3, 0.3, n), np.full(n, YEAR)


def test_true_counts_give_what_the_households_give():
    (found, _), (exact, _) = both(*drawn(1))
    for naam in ALL:
        assert found[naam]["schatting"] == pytest.approx(exact[naam]["schatting"], rel=1e-12), naam
        assert (found[naam]["n"], found[naam]["weergave"]) == (200, TOON)
        assert found[naam]["teller"] == exact[naam]["teller"]
        assert found[naam]["noemer"] == pytest.approx(exact[naam]["noemer"])
    # Without noise the intervals of mean and rate are those of the households, but for two published zeros.
    for naam in ("gemiddelde", "per_blootstelling"):
        assert three(found[naam]) == pytest.approx(three(exact[naam]), rel=0.01)


@pytest.mark.parametrize("p", ["mediaan", "p90"])
@pytest.mark.parametrize("seed", range(5))
def test_quantiles_hold_the_interval_of_the_households(p, seed):
    (found, _), (exact, _) = both(*drawn(seed, 150))
    assert found[p]["schatting"] == exact[p]["schatting"]
    assert found[p]["ondergrens"] <= exact[p]["ondergrens"] + 1
    assert found[p]["bovengrens"] >= exact[p]["bovengrens"] - 1
    assert found[p]["ondergrens"] <= found[p]["schatting"] <= found[p]["bovengrens"]


def test_exposure_goes_by_thirty_days():
    sample = counts(np.random.default_rng(4), 300)
    exact = by_name(count.estimate_group(sample.exact, huishoudens=300, maten=ALL, horizon=YEAR))
    found = estimate(sample.world.true(), 300, noise=WITHOUT)[0]
    assert three(found["per_blootstelling"]) == pytest.approx(three(exact["per_blootstelling"]), rel=0.015)


def test_a_rate_is_per_unit_of_its_scale():
    asked = {
        "per_jaar": Maat("x", "x", Vorm.GETAL, schatter="per_blootstelling", schaal=365.25),
        "per_dag": Maat("x", "x", Vorm.GETAL, schatter="per_blootstelling"),
    }
    (found, series), (exact, _) = both(*drawn(1), asked=asked)
    assert not series
    for naam in asked:
        assert three(found[naam]) == pytest.approx(three(exact[naam]), rel=0.01)
        assert found[naam]["noemer"] == pytest.approx(exact[naam]["noemer"])
    assert found["per_jaar"]["schatting"] == pytest.approx(365.25 * found["per_dag"]["schatting"])


def test_overdispersed_intervals():
    (found, _), (exact, _) = both(*drawn(1), interval=count.OVERDISPERSED)
    assert "negatief-binomiaal" in found["gemiddelde"]["methode"]
    assert "Poisson, overspreid" in found["per_blootstelling"]["methode"]
    for naam in ("gemiddelde", "per_blootstelling"):
        assert three(found[naam]) == pytest.approx(three(exact[naam]), rel=0.03)


def test_a_rate_never_varies_less_than_by_chance():
    """Everybody has exactly two in a year: the exact interval has no width, the public one is Poisson's."""
    (found, _), _ = both([2] * 100, [YEAR] * 100)
    row, half = found["per_blootstelling"], 1.984 * math.sqrt(100 / 99 / 200)
    assert row["bovengrens"] / row["schatting"] == pytest.approx(math.exp(half), rel=0.01)


def test_units_of_one_household_are_added_up_over_the_number_that_reach_a_count():
    of = np.repeat(np.arange(60), 3)
    a = np.random.default_rng(1).poisson(6, 180)
    (found, series), (exact, _) = both(a, np.full(180, 30), of=of)
    for naam in ("gemiddelde", "mediaan", "overspreiding"):
        assert found[naam]["schatting"] == pytest.approx(exact[naam]["schatting"], rel=1e-12)
        assert found[naam]["noemer"] == 180
        assert "als onafhankelijk geteld" in found[naam]["methode"]
    assert three(found["gemiddelde"]) == pytest.approx(three(exact["gemiddelde"]), rel=0.02)
    assert not series


def test_more_than_fifty_units_in_a_household():
    """The number of units that reach a count goes by one, however many there are."""
    of = np.repeat(np.arange(40), [60] * 20 + [3] * 20)
    a = np.random.default_rng(1).integers(1, 9, len(of))
    (found, _), (exact, _) = both(a, np.full(len(of), 30), of=of)
    assert found["gemiddelde"]["teller"] == exact["gemiddelde"]["teller"]
    # How many units there are goes by five from 50 on.
    assert found["gemiddelde"]["noemer"] == pytest.approx(exact["gemiddelde"]["noemer"], rel=0.04)


@pytest.mark.parametrize(("any_", "weergave"), [(0, NUL), (3, WEINIG), (9, WEINIG), (10, TOON)])
def test_few_households_with_any_are_told_in_words(any_, weergave):
    rows = [("u", 0, 1, 120), ("b", 0, 1, 120), *([("a", 1, 1, any_)] if any_ else [])]
    found, series = estimate(cells(*rows), 118)
    for row in found.values():
        assert (row["weergave"], row["n"]) == (weergave, 118)
        assert math.isnan(row["schatting"]) == math.isnan(row["teller"]) == (weergave != TOON)
        assert row["noemer"] > 0
    assert bool(series) == (weergave == TOON)


@pytest.mark.parametrize(
    ("n", "shown"), [(29, set()), (30, {"mediaan"}), (99, {"mediaan"}), (100, {"mediaan", "p90"})]
)
def test_quantiles_and_series_need_households(n, shown):
    (found, series), _ = both(np.arange(n) % 12, [YEAR] * n)
    assert {naam for naam in ("mediaan", "p90") if found[naam]["weergave"] != NIET} == shown
    assert bool(series) == (n >= 100)
    assert found["gemiddelde"]["weergave"] == TOON


def test_classes_have_enough_units_and_add_up():
    sample = crowds(np.random.default_rng(8), 150)
    published, n = sample.world.published(1)
    series = estimate(published, n)[1]
    assert sum(point["waarde"] for point in series) == pytest.approx(1)
    assert all(point["n"] >= 10 and point["reeks"] == "verdeling" for point in series)
    assert all(point["ondergrens"] < point["waarde"] < point["bovengrens"] for point in series)
    assert [point["x"] for point in series] == sorted({point["x"] for point in series})
    assert series[-1]["label"] == f"{series[-1]['x']:.0f} of meer"
    labels = [point["label"] for point in series[:-1]]
    following = [int(label.split("-")[-1]) + 1 for label in labels]
    assert following == [point["x"] for point in series[1:]]


def test_a_distribution_of_true_counts_is_that_of_the_households():
    a = np.repeat([0, 1, 2, 5], [30, 40, 50, 20])
    (_, series), (_, exact) = both(a, [YEAR] * 140)
    assert [(p["label"], p["n"]) for p in series] == [("0", 30), ("1", 40), ("2", 50), ("3 of meer", 20)]
    assert [p["waarde"] for p in series] == pytest.approx([p["waarde"] for p in exact])


def test_counts_beyond_the_ladder_are_not_estimated_too_low():
    found = both(np.full(120, 20_000_000), [YEAR] * 120)[0][0]
    assert {found[k]["weergave"] for k in ("gemiddelde", "per_blootstelling", "overspreiding")} == {NIET}
    assert "hoogste trede" in found["gemiddelde"]["methode"]


def test_nobody_and_one_household():
    found, series = estimate(cells(), 0)
    assert {row["weergave"] for row in found.values()} == {NIET}
    assert {row["methode"] for row in found.values()} == {"niet te schatten: geen eenheden in de noemer"}
    assert not series
    found, _ = estimate(cells(("u", 0, 1, 3), ("a", 1, 1, 3)), 1)
    assert {row["methode"] for row in found.values()} == {"niet te schatten: te weinig huishoudens"}


def test_without_exposure_there_is_no_rate():
    found, _ = estimate(cells(("u", 0, 1, 40), ("a", 1, 1, 30)), 40)
    assert found["per_blootstelling"]["methode"] == "niet te schatten: geen blootstelling"
    assert math.isnan(found["per_blootstelling"]["schatting"])
    found, _ = estimate(cells(("u", 0, 1, 40), ("a", 1, 1, 30)), 40, interval=count.OVERDISPERSED)
    assert found["per_blootstelling"]["methode"] == "niet te schatten: geen blootstelling"


def test_a_bound_that_does_not_exist_is_missing():
    """Nine in ten of the households at least; with few above it the upper bound is open."""
    (found, _), _ = both(np.repeat([1, 5], [93, 7]), [YEAR] * 100)
    assert found["p90"]["schatting"] == 1
    assert found["p90"]["bovengrens"] == 5


def test_an_estimand_of_another_kind_is_refused():
    with pytest.raises(GebruikFout, match="de maat 'aandeel' bestaat niet"):
        estimate(cells(), 0, asked=maten("aandeel"))

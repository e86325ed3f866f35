"""Scores from published numbers of households: the same figures as from the households, and the edges."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks import metingen_scores
from tests.estimators.cells_world import NOISE, maten, measure, world
from tests.estimators.scores_world import (
    SCORES,
    WITHOUT,
    by_site,
    indices,
    lists,
    score_cells,
    score_sums,
    sums,
)
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators import score
from toekomstscenario_eval.estimators.cells import score_cells as public
from toekomstscenario_eval.estimators.cells.score_moments import Moments, moments
from toekomstscenario_eval.estimators.cells.score_tests import mixed_cells
from toekomstscenario_eval.estimators.mixed import mixed, mixed_means
from toekomstscenario_eval.grids import POINT, score_ladder
from toekomstscenario_eval.protection.noise import noise_variance
from toekomstscenario_eval.protection.public import LEAST
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import NIET, TOON

ALL = maten("verschil", "effectgrootte", "gemiddelde_voor", "gemiddelde", "standaardafwijking")
HALF = 500_000
SEED = 20261130


def estimate(cells, n, *, asked=ALL, noise=NOISE, step=HALF, least=LEAST):
    out = public.estimate_group(
        cells, huishoudens=n, maten=asked, horizon=365, noise=noise, step=step, cap=365, threshold=10,
        least=least,
    )  # fmt: skip
    assert out.reeksen == ()
    return {row["maat"]: row for row in out.schattingen}


def true_cells(v, w, *, of=None, step=HALF):
    of = np.arange(len(w)) if of is None else np.array(of)
    v, w = np.array(v, dtype=float), np.array(w, dtype=float)
    return score_cells(
        world(np.random.default_rng(2), int(of.max()) + 1), of, {"w": w, "v": v, "d": w - v}, step
    ).true()


def exact(v, w):
    v, w = np.array(v, dtype=float), np.array(w, dtype=float)
    out = score.estimate_group(score_sums(w, v), huishoudens=len(w), maten=ALL, horizon=365)
    return {row["maat"]: row for row in out.schattingen}


def three(row):
    return [row[k] for k in ("schatting", "ondergrens", "bovengrens")]


def on_the_grid(seed, n=200, low=1, high=6):
    rng = np.random.default_rng(seed)
    v = rng.integers(2 * low, 2 * high, n) / 2
    return v, v + rng.integers(-4, 7, n) / 2


@pytest.mark.parametrize(("low", "high"), [(1, 6), (-5, 5), (-8, -4)])
def test_true_counts_of_scores_on_the_grid_give_what_the_households_give(low, high):
    v, w = on_the_grid(1, low=low, high=high)
    found, real = estimate(true_cells(v, w), 200, noise=WITHOUT), exact(v, w)
    for naam in ("verschil", "gemiddelde_voor", "gemiddelde"):
        assert found[naam]["schatting"] == pytest.approx(real[naam]["schatting"], rel=1e-9), naam
        # But for the two published zeros at either end.
        assert three(found[naam]) == pytest.approx(three(real[naam]), abs=0.01), naam
    for naam in ("effectgrootte", "standaardafwijking"):
        # Of scores that all lie on a step rounding adds nothing, and a little is taken off.
        assert three(found[naam]) == pytest.approx(three(real[naam]), rel=0.05, abs=0.005), naam
    for naam in ALL:
        row = found[naam]
        assert (row["n"], row["noemer"], row["weergave"], row["gecensureerd"]) == (200, 200, TOON, 0)
        assert math.isnan(row["teller"])
        assert row["methode"].endswith("met de ruis en de afronding op treden")


def test_scores_between_steps_are_right_on_average():
    """A third is no step of the grid: what is rounded down is made up by what is rounded up."""
    rng = np.random.default_rng(4)
    v = rng.integers(3, 25, 20_000) / 3
    w = v + rng.integers(-3, 6, 20_000) / 3
    found, real = estimate(true_cells(v, w), 20_000, noise=WITHOUT), exact(v, w)
    for naam in ALL:
        half = (real[naam]["bovengrens"] - real[naam]["ondergrens"]) / 2
        assert abs(found[naam]["schatting"] - real[naam]["schatting"]) < 0.5 * half, naam


def test_the_change_rests_on_its_own_counts():
    """The same scores at both moments in another order: means as before, another spread of the change."""
    v, w = on_the_grid(3)
    mixed_up = np.sort(w)[np.argsort(np.argsort(-v))]
    one, other = (estimate(true_cells(v, x), 200) for x in (w, mixed_up))
    assert one["gemiddelde"]["schatting"] == pytest.approx(other["gemiddelde"]["schatting"])
    assert one["verschil"]["schatting"] == pytest.approx(other["verschil"]["schatting"], abs=0.02)
    wide = [row["verschil"]["bovengrens"] - row["verschil"]["ondergrens"] for row in (one, other)]
    assert wide[1] > 1.5 * wide[0]


@pytest.mark.parametrize(("n", "shown"), [(29, ()), (30, ("gemiddelde",)), (49, ("gemiddelde",)), (50, ALL)])
def test_each_has_its_own_minimum(n, shown):
    v, w = on_the_grid(5, 60)
    found = estimate(true_cells(v, w), n)
    assert (found["gemiddelde"]["weergave"] == TOON) == ("gemiddelde" in shown)
    for naam in ("verschil", "effectgrootte"):
        assert (found[naam]["weergave"] == TOON) == (naam in shown)
    if n < 50:
        assert found["verschil"]["weergave"] == NIET
        text = "uit beschermde tellingen: te weinig huishoudens voor een verandering"
        assert found["verschil"]["methode"] == text
        assert math.isnan(found["verschil"]["noemer"])
    other = estimate(true_cells(v, w), n, least=replace(LEAST, score=10, change=10))
    assert {row["weergave"] for row in other.values()} == {TOON}


def test_without_spread_there_is_no_figure():
    found = estimate(true_cells([4.0] * 60, [6.0] * 60), 60)
    for row in found.values():
        assert (row["weergave"], math.isnan(row["schatting"])) == (NIET, True)
        assert row["methode"].startswith("niet te schatten: geen spreiding")


@pytest.mark.parametrize("far", [1000.0, -1000.0, 5000.0])
def test_scores_beyond_the_grid_are_not_taken_for_less(far):
    v, w = on_the_grid(6, 80)
    w = np.where(np.arange(80) < 12, far, w)
    found = estimate(true_cells(v, w), 80)
    for naam in ("gemiddelde", "verschil", "effectgrootte"):
        assert found[naam]["weergave"] == NIET
        assert "scores reiken tot de hoogste trede" in found[naam]["methode"]
    assert found["gemiddelde_voor"]["weergave"] == TOON


def test_nobody_and_one_household():
    cells = true_cells([4.0] * 3, [6.0, 5.0, 4.0])
    assert {r["methode"] for r in estimate(cells.iloc[:0], 40).values()} == {
        "niet te schatten: geen eenheden in de noemer"
    }
    assert {r["methode"] for r in estimate(cells, 1).values()} == {"niet te schatten: te weinig huishoudens"}


def test_a_change_over_some_beside_a_mean_over_all_is_refused():
    v, w = on_the_grid(7, 80)
    cells = true_cells(v, w)
    cells.loc[cells["naam"].eq("p"), "n"] = 60
    with pytest.raises(GebruikFout, match="eenheden zonder vorige score horen bij de uitsluitingen"):
        estimate(cells, 80)
    # A mean alone needs no score before.
    row = estimate(cells[~cells["naam"].eq("p")], 80, asked=maten("gemiddelde"))["gemiddelde"]
    assert row["weergave"] == TOON


def test_more_scores_of_a_household_have_no_interval():
    v, w = on_the_grid(8, 120)
    of = np.repeat(np.arange(60), 2)
    found = estimate(true_cells(v, w, of=of), 60, noise=WITHOUT)
    row = found["gemiddelde"]
    assert row["schatting"] == pytest.approx(w.mean())
    assert math.isnan(row["ondergrens"])
    assert row["noemer"] == 120
    assert row["methode"] == (
        "uit beschermde tellingen: gemiddelde; geen interval: meer scores uit één huishouden hangen samen"
    )


def test_an_unknown_estimand_is_refused():
    with pytest.raises(GebruikFout, match="de maat 'mediaan' bestaat niet bij de soort score"):
        estimate(true_cells(*on_the_grid(9)), 200, asked=maten("mediaan"))


# The noise


def test_all_and_those_above_the_lowest_score_are_one_set():
    """Everybody scores 4 or more: the noise of N moves the mean by what it is above 4, not by all of it."""
    up = np.zeros(len(score_ladder()))
    up[:8], up[8:12] = 100.0, [80.0, 55.0, 30.0, 12.0]
    m = Moments(100.0, up, np.zeros_like(up), 0.5, 3.0)
    assert m.mean == pytest.approx(4.885, abs=0.001)
    above = m.mean - 4.0
    zeros = 2 * 2.0 * 0.5**2
    # Counts under zero are published as none too, of which the first two may be a few.
    assert m.noise_of_mean * 100**2 == pytest.approx(3 * (above**2 + 4 * 0.5**2) + 2 * zeros, rel=1e-6)


def test_the_noise_of_a_mean_is_what_it_varies_by():
    rng, means, of_noise = np.random.default_rng(3), [], []
    sample = lists(rng, 80)
    for seed in range(400):
        cells, n = sample.world.published(seed)
        m = moments(cells, "w", float(n), HALF, NOISE.v)
        means.append(m.mean)
        of_noise.append(m.noise_of_mean)
    assert np.var(means) == pytest.approx(np.mean(of_noise), rel=0.25)


def test_a_ratio_has_no_bias_from_the_noise_of_its_denominator():
    """Of small places: everybody scores 6 to 8, far from zero."""
    rng, errors = np.random.default_rng(5), []
    for i in range(150):
        w = rng.integers(12, 17, 12) / 2
        sample = score_cells(world(rng, 12), np.arange(12), {"w": w}, HALF)
        for seed in range(4):
            cells, _ = sample.published(1000 * i + seed)
            n = float(cells.loc[cells["naam"].eq("u"), "n"].sum())
            errors.append(moments(cells, "w", n, HALF, NOISE.v).mean - w.mean() if n else np.nan)
    errors = np.array(errors)
    assert abs(np.nanmean(errors)) < 3 * np.nanstd(errors) / math.sqrt(len(errors))


def test_degrees_of_freedom_fall_with_the_noise():
    v, w = on_the_grid(10, 60)
    cells = true_cells(v, w)
    calm, noisy = (moments(cells, "d", 60.0, HALF, noise) for noise in (0.0, 3.0))
    assert noisy.df < calm.df <= 59
    assert noisy.interval()[0] < calm.interval()[0] < calm.interval()[1] < noisy.interval()[1]


def test_noise_counts_once_for_a_run_of_equal_counts():
    counts = np.array([40.0, 40.0, 31.0])
    assert noise_variance(np.array([-2.0, 3.0, 1.0]), counts, 3.0) == pytest.approx(3.0 * (1 + 1))


# How good it is; `benchmarks/metingen_scores.py` does the same with more studies


def measured(scene, households, times):
    return {row["maat"]: row for row in measure(scene, households, times, SEED, SCORES)}


@pytest.mark.parametrize("scene", SCORES)
def test_means_and_changes_of_fifty_households(scene):
    for maat, found in measured(scene, 55, 120).items():
        assert found["dekking"] >= 0.90, maat
        if maat in ("verschil", "gemiddelde"):
            assert found["fout"] <= 0.75, maat
        assert abs(found["bias"]) < 0.2, maat


def test_of_many_households_rounding_biases_nothing():
    found = measured("index van 0 tot 1", 5000, 30)["gemiddelde"]
    assert abs(found["bias"]) < 0.05
    assert found["fout"] <= 0.35


def test_the_benchmark_measures_every_scene_and_sites():
    rows = metingen_scores.scores(3, (50,))
    assert {row["Wat"] for row in rows} == set(SCORES)
    # Which of three studies has fifty published households is chance; the bound goes with the change alone.
    assert {row["Maat"] for row in rows if row["Grens"] == 0.75} <= {"verschil"}
    (mean, gap) = metingen_scores.sites(2, ((8, 30, 40),))[2:]
    assert (mean["maat"], gap["maat"], gap["echt verschil"]) == ("gemiddelde", "verschil", 0.5)
    assert mean["Getoond"] == 1
    assert gap["Fout, p95"] < 1


# Sites


CARD = registry.find("uitkomsten").card
PARAMS = registry.fill_params(registry.find("uitkomsten"), {})


def test_true_counts_of_large_sites_give_the_mixed_model():
    summary, groups, changes = by_site([400, 500, 600, 450, 380, 520, 610, 430], noise=WITHOUT, gap=0.5)
    rows = mixed_cells(summary, groups, CARD, PARAMS)
    n, total, square, *designs = sums(changes, groups)
    namen = ["gemiddelde verandering", "verschil in verandering"]
    assert [r["toets"] for r in rows] == [f"{naam}, regio als toevalseffect" for naam in namen]
    for row, x in zip(rows, designs, strict=True):
        model = mixed(n, total, square, x)
        spot = len(model.coefficients) - 1
        assert row["schatting"] == pytest.approx(model.coefficients[spot], abs=0.001)
        bounds = [row["ondergrens"], row["bovengrens"]]
        assert bounds == pytest.approx(list(model.interval(spot)), abs=0.01)
        assert (row["df"], row["per_cluster"], row["eenheid"]) == (model.df, True, "punten")
        assert row["kleinste"] == sum(len(d) for s, d in changes.items() if groups[s] == "b")
        assert 0 <= row["p"] <= 1


def test_the_difference_is_that_of_the_first_group_less_the_second():
    summary, groups, _ = by_site([80] * 10, gap=1.5)
    difference = mixed_cells(summary, groups, CARD, PARAMS)[1]
    assert difference["ondergrens"] > 0.8
    turned = {site: {"a": "z"}.get(group, group) for site, group in groups.items()}
    assert mixed_cells(summary, turned, CARD, PARAMS)[1]["schatting"] == pytest.approx(
        -difference["schatting"]
    )
    # Of three groups there is a mean only.
    groups["s00"] = "c"
    groups["s02"] = "c"
    assert len(mixed_cells(summary, groups, CARD, PARAMS)) == 1


def test_a_small_site_or_one_that_is_hidden_stops_the_comparison():
    few = "gemengd model: niet te schatten, in een regio tellen te weinig huishoudens mee; ongeveer 20 per"
    for summary, groups, _ in (by_site([60, 60, 60, 5]), by_site([60] * 4, reason="te klein")):
        rows = mixed_cells(summary, groups, CARD, PARAMS)
        assert all(r["methode"].startswith(few) and "schatting" not in r for r in rows)
    # Who is not compared does not matter.
    summary, groups, _ = by_site([60, 60, 60, 60, 5])
    groups.pop("s04")
    assert "schatting" in mixed_cells(summary, groups, CARD, PARAMS)[0]


def test_a_group_of_one_site_is_no_group():
    summary, groups, _ = by_site([60] * 4)
    alone = {**groups, "s00": "a", "s01": "b", "s02": "b", "s03": "b"}
    rows = mixed_cells(summary, alone, CARD, PARAMS)
    assert {r["methode"] for r in rows} == {"gemengd model: niet te schatten, te weinig regio's in een groep"}


def test_without_spread_or_beyond_the_grid_sites_are_not_compared():
    summary, groups, _ = by_site([60] * 4)
    far = summary.cellen[summary.cellen["naam"].eq("d") & summary.cellen["x"].eq(1)].assign(x=2000, n=20)
    wide = replace(summary, cellen=pd.concat([summary.cellen, far], ignore_index=True))
    assert "scores reiken tot de hoogste" in mixed_cells(wide, groups, CARD, PARAMS)[0]["methode"]
    flat = replace(summary, cellen=summary.cellen[summary.cellen["naam"].isin(["u", "p"])])
    assert "geen spreiding" in mixed_cells(flat, groups, CARD, PARAMS)[0]["methode"]


def test_mixed_means_by_hand():
    """Equal variances: the mean of means, and by restricted likelihood the variance of means less theirs."""
    y = np.array([1.0, 2.0, 3.0, 6.0])
    model = mixed_means(y, np.full(4, 0.5), np.ones((4, 1)), within=2.0, units=40.0)
    assert model.coefficients[0] == pytest.approx(3.0)
    assert model.between == pytest.approx(y.var(ddof=1) - 0.5, rel=1e-4)
    assert model.standard_errors[0] == pytest.approx(math.sqrt(y.var(ddof=1) / 4), rel=1e-4)
    assert (model.binnen, model.eenheden, model.clusters, model.df) == (2.0, 40, 4, 3)
    none = mixed_means(np.array([1.0, 1.1, 0.9]), np.full(3, 0.5), np.ones((3, 1)), within=1.0, units=6.0)
    assert none.between == 0.0
    for x, v in ((np.ones((1, 1)), [0.5]), (np.ones((3, 2)), [0.5] * 3), (np.ones((3, 1)), [0.5, 0.0, 1.0])):
        with pytest.raises(GebruikFout, match="te weinig regio's"):
            mixed_means(np.arange(len(x), dtype=float), np.array(v), x, within=1.0, units=3.0)


def test_the_mixed_model_covers():
    held = []
    for seed in range(80):
        summary, groups, _ = by_site(np.random.default_rng(seed).integers(14, 40, 12), seed=seed)
        for row, true in zip(mixed_cells(summary, groups, CARD, PARAMS), (0.6, 0.0), strict=True):
            if "schatting" in row:
                held.append(row["ondergrens"] <= true <= row["bovengrens"])
    assert len(held) > 140
    assert np.mean(held) >= 0.95 - 2.58 * math.sqrt(0.95 * 0.05 / len(held))


def test_steps_are_fine_beside_their_scale():
    """An index from 0 to 1 in twentieths, and a list from 1 to 10 in half points."""
    found = {naam: registry.find(naam).card.stap / POINT for naam in ("continuiteit", "uitkomsten")}
    assert found == {"continuiteit": 0.05, "uitkomsten": 0.5}
    sample = indices(np.random.default_rng(1), 40)
    assert sample.world.true()["x"].max() == 20

"""How close figures from published counts come, and how often their intervals hold the truth.

Studies with a fixed seed; `benchmarks/metingen_schatters.py` does the same with more of them.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tests.estimators.cells_world import SCENES, measure, uniform, world

ROOT = Path(__file__).parents[2]
SEED = 20261130


def measured(scene, households, times):
    return {row["maat"]: row for row in measure(scene, households, times, SEED)}


def lowest(times, level=0.95):
    """Return what an interval of this level covers at least in so many studies, but for one in 200."""
    return level - 2.58 * np.sqrt(level * (1 - level) / times)


@pytest.mark.parametrize("n", [100, 300])
def test_shares_cover_and_are_close(n):
    found = measured("aandeel van huishoudens", n, 300)["aandeel"]
    assert 0.93 <= found["dekking"] <= 0.97
    assert found["fout"] <= 0.45
    assert abs(found["bias"]) < 0.05


@pytest.mark.parametrize("scene", ["aandeel van kinderen", "aandeel van dagen"])
def test_shares_of_units_within_households(scene):
    found = measured(scene, 100, 120)["aandeel"]
    assert found["dekking"] >= lowest(120)
    assert found["fout"] <= 0.45
    assert abs(found["bias"]) < 0.06


@pytest.mark.parametrize("n", [100, 300])
def test_means_and_rates(n):
    for maat, found in measured("aantallen en blootstelling", n, 120).items():
        assert found["dekking"] >= lowest(120), maat
        assert found["fout"] <= 0.90, maat
        assert abs(found["bias"]) < 0.05, maat


def test_rates_that_do_not_rise_with_exposure_cover_too():
    found = measured("aantallen los van blootstelling", 100, 150)["per_blootstelling"]
    assert found["dekking"] >= lowest(150)


def test_quantiles():
    found = measured("aantallen, kwantielen", 300, 120)
    for maat in ("mediaan", "p90"):
        assert found[maat]["dekking"] >= 0.95, maat
        assert found[maat]["getoond"] == 1, maat
    assert found["gemiddelde"]["dekking"] >= lowest(120)


@pytest.mark.parametrize(("n", "most"), [(30, 0.7), (100, 0.45), (300, 0.3)])
def test_what_can_happen_more_than_once(n, most):
    for scene in ("wat vaker gebeurt", "wat vaker gebeurt, late instroom"):
        for maat, found in measured(scene, n, 250).items():
            if found["getoond"] < 0.3:
                continue
            assert found["dekking"] >= lowest(250), maat
            assert found["fout"] <= most, maat
            # As a part of half the exact interval.
            assert abs(found["bias"]) < 0.08, maat


def test_durations():
    found = measured("duren", 300, 80)
    for maat, row in found.items():
        assert row["dekking"] >= lowest(80), maat
        assert row["fout"] <= 0.95, maat
        assert abs(row["bias"]) < 0.1, maat
    # In days: what the grid does to the restricted mean.
    assert abs(found["gemiddelde_beperkt"]["verschil"]) < 1


def test_a_set_has_the_same_noise_wherever_it_appears():
    w = world(np.random.default_rng(1), 50)
    values = np.repeat([3.0, 0.0], [40, 10])
    for naam in ("a", "b"):
        w.add(naam, 0, values, (1, 2, 3))
    for seed in range(20):
        cells, _ = w.published(seed)
        assert cells["n"].nunique() == 1
    sums = np.arange(20000, dtype=np.uint64)
    first, second = uniform(sums, 1), uniform(sums, 2)
    assert abs(first.mean() - 0.5) < 0.01
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03


def test_the_benchmark_prints_a_table_of_what_is_shown():
    spec = importlib.util.spec_from_file_location("metingen", ROOT / "benchmarks" / "metingen_schatters.py")
    metingen = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(metingen)
    rows = metingen.meet([40], 3)
    lines = metingen.tabel(rows).splitlines()
    assert len(lines) == len(rows) + 2
    assert {row["tafereel"] for row in rows} == set(SCENES)
    # Of 40 households no 90th percentile is published.
    assert "p90" not in {row["maat"] for row in rows}
    assert lines[2].startswith("| aandeel van huishoudens | 40 | aandeel | ")
    assert all(line.count("|") == lines[0].count("|") for line in lines)

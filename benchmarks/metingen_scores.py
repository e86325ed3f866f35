"""How good mean scores and changes from published counts are, beside those from the households.

    python benchmarks/metingen.py scores

Each study is made up with a fixed seed, so that the truth is known. Of scores the error is that of the
published estimate against the exact one, over half the exact interval. Of sites together a mixed model from
published counts stands beside the exact one: without a difference between two kinds of site the part that
finds one has to be 5%, with one it has to be near the exact one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import Any

import numpy as np

from tests.estimators.cells_world import measure as measure_scene
from tests.estimators.scores_world import SCORES, by_site, sums
from toekomstscenario_eval.estimators.cells.score_tests import mixed_cells
from toekomstscenario_eval.estimators.mixed import mixed
from toekomstscenario_eval.summaries import registry

SEED, TIMES, SITES_TIMES = 20261130, 400, 300
SIZES = (30, 50, 100, 300, 1500)
# What the method promises: of a change the 95th percentile of the error over half the exact interval.
MOST = {("verschil", 50): 0.75}
COLUMNS = {
    "tafereel": "Wat",
    "huishoudens": "Huishoudens",
    "maat": "Maat",
    "getoond": "Getoond",
    "midden": "Fout, mediaan",
    "fout": "Fout, p95",
    "grens": "Grens",
    "bias": "Vertekening",
    "dekking": "Dekking",
    "dekking_exact": "Dekking exact",
}
# Sites, and how many households they have.
STUDIES = ((8, 14, 40), (14, 14, 40), (14, 40, 120), (24, 14, 40))
LEVEL, GAPS = 0.6, (0.0, 0.5)
NAMES = ("gemiddelde", "verschil")
Row = dict[str, object]


def scores(times: int = TIMES, sizes: Sequence[int] = SIZES) -> list[Row]:
    """Return how good the estimands of every scene are at every size; what is never shown is left out."""
    out = []
    for scene in SCORES:
        for n in sizes:
            for row in measure_scene(scene, n, times, SEED, SCORES):
                grens = MOST.get((str(row["maat"]), n), nan)
                if row["getoond"]:
                    out.append({head: (row | {"grens": grens})[k] for k, head in COLUMNS.items()})
    return out


def sites(times: int = SITES_TIMES, studies: Sequence[tuple[int, int, int]] = STUDIES) -> list[Row]:
    """Return how good the mixed model of the change is, of all sites and between two kinds."""
    what = registry.find("uitkomsten")
    params = registry.fill_params(what, {})
    out: list[Row] = []
    for k, low, high in studies:
        for gap in GAPS:
            found: dict[str, list[tuple[float, ...]]] = {naam: [] for naam in NAMES}
            for time in range(times):
                rng = np.random.default_rng([SEED, k, low, time])
                sizes = rng.integers(low, high, k)
                summary, groups, changes = by_site(sizes, seed=int(rng.integers(2**31)), gap=gap)
                rows = mixed_cells(summary, groups, what.card, params)
                n, total, square, *designs = sums(changes, groups)
                for naam, row, x, true in zip(NAMES, rows, designs, (LEVEL + gap / 2, gap), strict=True):
                    model = mixed(n, total, square, x)
                    exact = (model.coefficients[-1], *model.interval(len(model.coefficients) - 1))
                    found[naam].append(_compare(row, exact, true))
            first = {"regio's": k, "huishoudens": f"{low} tot {high - 1}", "echt verschil": gap}
            out += [{**first, "maat": naam, **_summary(found[naam])} for naam in NAMES]
    return out


def _compare(row: Mapping[str, Any], exact: tuple[float, float, float], true: float) -> tuple[float, ...]:
    own = tuple(row.get(k, nan) for k in ("schatting", "ondergrens", "bovengrens"))
    half = (exact[2] - exact[1]) / 2
    held, finds = ([float(low <= at <= high) for _, low, high in (own, exact)] for at in (true, 0.0))
    return (own[0] - exact[0]) / half, *held, *(1 - x for x in finds)


def _summary(rows: list[tuple[float, ...]]) -> Row:
    error, held, held_exact, finds, finds_exact = (np.array(c) for c in zip(*rows, strict=True))
    shown = ~np.isnan(error)
    return {
        "Getoond": float(shown.mean()),
        "Fout, p95": float(np.quantile(np.abs(error[shown]), 0.95)),
        "Vertekening": float(error[shown].mean()),
        "Dekking": float(held[shown].mean()),
        "Dekking exact": float(held_exact.mean()),
        "Vindt iets": float(finds[shown].mean()),
        "Vindt iets, exact": float(finds_exact.mean()),
    }


def measure() -> dict[str, list[Row]]:
    """Return the tables for `metingen.py`."""
    return {
        "Scores uit openbare tellingen naast die uit de huishoudens": scores(),
        "Gemiddelde verandering van regio's, met een gemengd model": sites(),
    }

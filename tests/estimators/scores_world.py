"""Scores of households made up with a fixed seed: their cells, their sums, and sites that differ."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd

from tests.estimators.cells_world import NOISE, Sample, Scene, World, per_household, whole, world
from toekomstscenario_eval.grids import POINT, score_ladder
from toekomstscenario_eval.protection.public import CELLEN, PLEKKEN, PublicSummary
from toekomstscenario_eval.types import Kind

WITHOUT = SimpleNamespace(v=0.0)
HALF = 500_000


def rounded(points: np.ndarray, stap: int, keys: np.ndarray) -> np.ndarray:
    """Return the step that each score of at least 0 is rounded to, by the chance in the key."""
    steps = np.array((0, *score_ladder()), dtype=np.float64)
    # Whole millionths first, as the engine has them.
    place = np.rint(points * POINT) / stap
    at = np.minimum(np.searchsorted(steps, place, side="right"), len(steps) - 1)
    low, high = steps[at - 1], steps[at]
    up = (place - low) / (high - low) + (keys % np.uint64(2**32)).astype(float) / 2**32 >= 1
    return np.where(place >= steps[-1], steps[-1], np.where(up, high, low))


def score_cells(w: World, of: np.ndarray, values: Mapping[str, np.ndarray], stap: int) -> World:
    """Cells of one score per unit (`w`), and where given of before (`v`) and of the change (`d`)."""
    m, every, keys = len(w.keys), whole(of), w.keys[of]
    for naam in ("u", "p")[: 1 + ("v" in values)]:
        w.add(naam, 0, per_household(of, np.ones(len(of)), m), every)
    for naam, value in values.items():
        for side, sign in (("", 1.0), ("_onder", -1.0)):
            steps = rounded(np.maximum(0.0, sign * value), stap, keys)
            if len(every) == 1 and len(of) == m:
                w.add_down(naam + side, steps, score_ladder())
                continue
            for x in (x for x in score_ladder() if x <= steps.max(initial=0)):
                w.add(naam + side, x, per_household(of, (steps >= x).astype(float), m), every)
    return w


def score_sums(w: np.ndarray, v: np.ndarray | None = None) -> pd.DataFrame:
    sums = {"n": len(w), "som_w": w.sum(), "som_ww": (w * w).sum(), "n_paar": 0}
    sums |= dict.fromkeys(("som_v", "som_vv", "paar_w", "paar_ww", "som_vw"), 0.0)
    if v is not None:
        sums |= {"n_paar": len(v), "som_v": v.sum(), "som_vv": (v * v).sum(), "som_vw": (v * w).sum()}
        sums |= {"paar_w": w.sum(), "paar_ww": (w * w).sum()}
    return pd.DataFrame({k: [x] for k, x in sums.items()})


def answers(rng: np.random.Generator, level: np.ndarray, items: int, top: int, noise: float) -> np.ndarray:
    """Return the mean of so many items, each a whole number from 1 to the top."""
    answer = level[:, None] + noise * rng.standard_normal((len(level), items))
    return np.asarray(np.clip(np.rint(answer), 1, top).mean(axis=1))


def _lists(rng: np.random.Generator, n: int, items: int, top: int) -> tuple[np.ndarray, np.ndarray]:
    unit = top / 10
    level = (0.4 + 0.16 * rng.standard_normal(n)) * top + 0.5
    growth = unit * (0.6 + 0.7 * rng.standard_normal(n))
    return answers(rng, level, items, top, 1.35 * unit), answers(rng, level + growth, items, top, 1.35 * unit)


def _scored(rng: np.random.Generator, v: np.ndarray, w: np.ndarray, truth: Mapping[str, float]) -> Sample:
    n = len(w)
    cells = score_cells(world(rng, n), np.arange(n), {"w": w, "v": v, "d": w - v}, 500_000)
    return Sample(Kind.SCORE, cells, score_sums(w, v), truth, stap=500_000)


@cache
def _truth_of_lists(items: int, top: int) -> Mapping[str, float]:
    """What is true, from half a million households."""
    v, w = _lists(np.random.default_rng(1), 500_000, items, top)
    spread = np.sqrt((v.var() + w.var()) / 2)
    return {
        "verschil": (w - v).mean(),
        "effectgrootte": (w - v).mean() / spread,
        "gemiddelde_voor": v.mean(),
        "gemiddelde": w.mean(),
        "standaardafwijking": w.std(),
    }


def lists(rng: np.random.Generator, n: int) -> Sample:
    """Means of four items from 1 to 10, before and after."""
    return _scored(rng, *_lists(rng, n, 4, 10), _truth_of_lists(4, 10))


def short_lists(rng: np.random.Generator, n: int) -> Sample:
    """Means of seven items from 1 to 5: half a point is more than half of their spread."""
    return _scored(rng, *_lists(rng, n, 7, 5), _truth_of_lists(7, 5))


def thermometers(rng: np.random.Generator, n: int) -> Sample:
    """Whole numbers to 100, counted in wide steps, and a change that is often none."""
    level = 60 + 12 * rng.standard_normal(n)
    v = np.rint(level)
    w = np.where(rng.random(n) < 0.3, v, np.rint(level + 4 + 8 * rng.standard_normal(n)))
    return _scored(rng, v, w, {"verschil": 0.7 * 4, "gemiddelde_voor": 60.0, "gemiddelde": 60 + 0.7 * 4})


def indices(rng: np.random.Generator, n: int) -> Sample:
    """An index from 0 to 1 with values that many households share."""
    shared = np.array([0.0, 1 / 3, 0.5, 2 / 3, 0.75, 1.0])
    p = np.array([0.05, 0.2, 0.25, 0.2, 0.1, 0.2])
    w = rng.choice(shared, n, p=p)
    cells = score_cells(world(rng, n), np.arange(n), {"w": w}, 50_000)
    return Sample(Kind.SCORE, cells, score_sums(w), {"gemiddelde": float(shared @ p)}, stap=50_000)


SCORES: Mapping[str, Scene] = {
    "lijst van 1 tot 10": lists,
    "lijst van 1 tot 5": short_lists,
    "thermometer tot 100": thermometers,
    "index van 0 tot 1": indices,
}


def by_site(sizes, *, seed=1, tau=0.3, gap=0.0, noise=NOISE, reason=""):
    """Return published counts by site, the group of each, and the true changes."""
    rng = np.random.default_rng(seed)
    cells, places, groups, changes = [], [], {}, {}
    for i, n in enumerate(sizes):
        site, group = f"s{i:02d}", "ab"[i % 2]
        v = rng.integers(4, 13, n) / 2
        level = 0.6 + gap * (group == "a") + tau * rng.standard_normal()
        d = np.rint(2 * (level + 1.2 * rng.standard_normal(n))) / 2
        made = score_cells(world(rng, n), np.arange(n), {"w": v + d, "v": v, "d": d}, HALF)
        own, drawn = (made.true(), n) if noise is WITHOUT else made.published(seed)
        cells.append(own.assign(groep=site, periode=""))
        places.append((site, "", drawn, "2026-01-01", 365, False, reason if i == 0 else ""))
        groups[site], changes[site] = group, d
    public_noise = SimpleNamespace(v=0.0) if noise is WITHOUT else noise
    summary = PublicSummary(
        Kind.SCORE,
        pd.concat(cells, ignore_index=True)[list(CELLEN)],
        pd.DataFrame(places, columns=list(PLEKKEN)),
        public_noise,
        stap=HALF,
    )
    return summary, groups, changes


def sums(changes, groups):
    parts = [changes[site] for site in sorted(changes)]
    n, total, square = (np.array([f(d) for d in parts], dtype=float) for f in (len, np.sum, lambda d: d @ d))
    one = np.ones(len(n))
    first = np.array([groups[site] == "a" for site in sorted(changes)], dtype=float)
    return n, total, square, one[:, None], np.column_stack([one, first])

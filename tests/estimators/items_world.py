"""Units by items made up with a fixed seed: true and published cells, and how good the estimators are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tests.estimators.cells_world import NOISE, THRESHOLD, YEAR, World, maten, world
from toekomstscenario_eval.estimators import matrix
from toekomstscenario_eval.estimators.cells import matrix_cells
from toekomstscenario_eval.grids import POINT, item_ladder
from toekomstscenario_eval.protection.public import LEAST

SCALE = ("alfa", "omega", "meetfout", "grens")
PAIR = ("icc", "kappa")
# Every minimum at the least there can be: what is measured is the numbers, not when they are shown.
ALWAYS = replace(LEAST, alpha=2, kappa=2, icc=2)


def quantities(x: np.ndarray, step: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what is counted of units by items, in steps."""
    steps = np.rint(x * POINT / step).astype(np.int64)
    k, total = steps.shape[1], steps.sum(axis=1)
    yield "som", total
    for i, own in enumerate(steps.T, 1):
        yield f"item_{i}", own
        if k > 2 or i == 1:
            yield f"afwijking_{i}", k * own - total
    if k > 2:
        yield "spreiding", k * (steps**2).sum(axis=1) - total**2


def item_cells(w: World, x: np.ndarray, step: int) -> World:
    """Add the cells of one unit per household."""
    n, k = x.shape
    w.add("u", 0, np.ones(n), (1,))
    w.add("items", 0, np.full(n, float(k)), tuple(range(1, k + 1)))
    for naam, values in quantities(x, step):
        for side, sign in (("", 1), ("_onder", -1)):
            # Of one unit per household every step of x is one of a nested series.
            w.add(naam + side, 0, np.maximum(sign * values, 0).astype(float), item_ladder())
            named, _, steps, reach, sums = w.rows[-1]
            w.rows[-1] = (named, steps.astype(np.float64), np.ones_like(steps), reach, sums)
    return w


def item_sums(x: np.ndarray) -> pd.DataFrame:
    """Return the exact summary."""
    n, k = x.shape
    product, total = x.T @ x, x.sum(axis=0)
    rows = [(f"i{a}", f"i{b}", n, n, total[a], total[b], product[a, b]) for a in range(k) for b in range(k)]
    return pd.DataFrame(rows, columns=["rij", "kolom", "n", "h", "som_r", "som_k", "som_rk"])


def exact(x: np.ndarray, names: tuple[str, ...]) -> dict[str, Mapping]:
    """Return the exact rows by estimand."""
    out = matrix.estimate_group(item_sums(x), huishoudens=len(x), maten=maten(*names), horizon=YEAR)
    return {row["maat"]: row for row in out.schattingen}


def public(cells, n, names, *, step=POINT, noise=NOISE, least=ALWAYS) -> dict[str, Mapping]:
    """Return the rows from published counts by estimand."""
    out = matrix_cells.estimate_group(
        cells, huishoudens=n, maten=maten(*names), horizon=YEAR, noise=noise, step=step, cap=YEAR,
        threshold=THRESHOLD, least=least,
    )  # fmt: skip
    return {row["maat"]: row for row in out.schattingen}


def answers(level: np.ndarray, noise: np.ndarray, loadings: tuple[float, ...], low: int, high: int):
    """Return whole answers of units with a level to items of so much weight."""
    hard = np.resize([0.3, 0.0, -0.2, -0.1], len(loadings))
    return np.clip(np.rint(level[:, None] * np.array(loadings) + hard + noise), low, high)


def example(rng: np.random.Generator, n: int) -> np.ndarray:
    """Four items from 1 to 10, as in the example packages."""
    level = 5.4 + 1.35 * rng.normal(size=n)
    return answers(level, 1.35 * rng.normal(size=(n, 4)), (1.0,) * 4, 1, 10)


def unequal(rng: np.random.Generator, n: int) -> np.ndarray:
    """Five items that weigh more and less."""
    level, weight = 1.35 * rng.normal(size=n), (1.3, 1.1, 1.0, 0.8, 0.5)
    return answers(level, 5.4 + 1.35 * rng.normal(size=(n, 5)), weight, 1, 10)


def likert(rng: np.random.Generator, n: int) -> np.ndarray:
    """Six items from 1 to 5."""
    level = 3 + 0.7 * rng.normal(size=n)
    return answers(level, 0.8 * rng.normal(size=(n, 6)), (1.0,) * 6, 1, 5)


def skewed(rng: np.random.Generator, n: int) -> np.ndarray:
    """Four items on which most score low."""
    level = 1.5 + rng.gamma(1.2, 1.3, n)
    return answers(level, 0.9 * rng.normal(size=(n, 4)), (1.0,) * 4, 1, 10)


def pairs(rng: np.random.Generator, n: int) -> np.ndarray:
    """Means of four items by a parent, and by a professional who is stricter."""
    level = 5.4 + 1.35 * rng.normal(size=n)
    seen = level[:, None] + [0.0, -0.4] + [0.6, 1.0] * rng.normal(size=(n, 2))
    return np.rint(4 * np.clip(seen, 1, 10)) / 4


@dataclass(frozen=True)
class Scene:
    """What units are like, what is asked of them, and the step of the card in millionths."""

    make: Callable[[np.random.Generator, int], np.ndarray]
    names: tuple[str, ...]
    step: int = POINT


SCENES: Mapping[str, Scene] = {
    "vier items van 1 tot 10": Scene(example, SCALE[:3]),
    "vijf ongelijke items": Scene(unequal, SCALE[:3]),
    "zes items van 1 tot 5": Scene(likert, SCALE[:3]),
    "vier scheve items": Scene(skewed, SCALE[:3]),
    "ouder en professional": Scene(pairs, PAIR, POINT // 4),
}
_MANY = 100_000


def measure(scene: str, households: int, times: int, seed: int) -> Iterator[dict[str, object]]:
    """Yield for each estimand how good it is over so many studies.

    `fout` is the 95th percentile of |published - exact|, `fout_half` the same over half the exact interval;
    `dekking` how often the interval holds the truth, `dekking_exact` of the exact one; `bias` the mean of
    published minus exact over the exact half-width, `breedte` the median of the widths of the two intervals
    over each other.
    """
    s = SCENES[scene]
    truth = exact(s.make(np.random.default_rng(seed), _MANY), s.names)
    found: dict[str, list[tuple[float, ...]]] = {naam: [] for naam in s.names}
    for time in range(times):
        rng = np.random.default_rng([seed, households, time])
        x = s.make(rng, households)
        cells, n = item_cells(world(rng, households), x, s.step).published(time)
        own, whole = public(cells, n, s.names, step=s.step), exact(x, s.names)
        for naam, rows in found.items():
            rows.append(_compare(own[naam], whole[naam], truth[naam]["schatting"]))
    for naam, rows in found.items():
        error, half, own_half, held, held_exact = (np.array(c) for c in zip(*rows, strict=True))
        shown = ~np.isnan(error)
        error, half, own_half = error[shown], half[shown], own_half[shown]
        yield {
            "tafereel": scene,
            "huishoudens": households,
            "maat": naam,
            "getoond": shown.mean(),
            "fout": np.quantile(np.abs(error), 0.95),
            "fout_half": np.nanquantile(np.abs(error / half), 0.95),
            "bias": np.nanmean(error / half),
            "breedte": np.nanmedian(own_half / half),
            "dekking": held[shown].mean(),
            "dekking_exact": held_exact.mean(),
        }


def _compare(own: Mapping, whole: Mapping, true: float) -> tuple[float, ...]:
    (low, high), (under, above) = ((row["ondergrens"], row["bovengrens"]) for row in (own, whole))
    error, inside = own["schatting"] - whole["schatting"], float(under <= true <= above)
    return error, (above - under) / 2, (high - low) / 2, float(low <= true <= high), inside

"""Households made up with a fixed seed, their true and published cells, and how good the estimators are.

A set of households has the same noise wherever it appears: the number that picks it comes from the sum of
the random keys of its households.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module

import numpy as np
import pandas as pd

from toekomstscenario_eval import estimators
from toekomstscenario_eval.grids import duration_days, ladder
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.types import Kind, Maat, Vorm

NOISE = Noise(6, 3.0, 2)
THRESHOLD = 10
YEAR = 365


def maten(*names: str) -> Mapping[str, Maat]:
    return {name: Maat(name, "x", Vorm.GETAL) for name in names}


def _mixed(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def uniform(sums: np.ndarray, seed: int) -> np.ndarray:
    """Return a number in [0, 1) for each sum of keys (splitmix64)."""
    with np.errstate(over="ignore"):
        z = _mixed(_mixed(np.array([seed + 1], dtype=np.uint64)) ^ _mixed(sums))
    return (z >> np.uint64(11)).astype(np.float64) / 2.0**53


@dataclass
class World:
    """Cells of households with a key each, in the order of `keys`."""

    keys: np.ndarray
    rows: list[tuple[np.ndarray, ...]] = field(default_factory=list)

    def add(self, naam: str, x: float, values: np.ndarray, steps: tuple[int, ...]) -> None:
        """Add the households with a value of at least each step."""
        order = np.argsort(-values, kind="stable")
        falling = -values[order]
        reach = np.searchsorted(falling, -np.array(steps, dtype=np.float64), side="right")
        with np.errstate(over="ignore"):
            sums = np.concatenate(([np.uint64(0)], np.cumsum(self.keys[order], dtype=np.uint64)))
        some = reach > 0
        named = np.full(int(some.sum()), naam, dtype=object)
        at = np.full(len(named), x, dtype=np.float64)
        self.rows.append((named, at, np.array(steps)[some], reach[some], sums[reach[some]]))

    def add_down(self, naam: str, values: np.ndarray, points: tuple[int, ...]) -> None:
        """Add the households with a value of at least each point, of one unit per household."""
        alone = World(self.keys)
        alone.add(naam, 0, values, points)
        ((named, _, at, reach, sums),) = alone.rows
        self.rows.append((named, at.astype(np.float64), np.ones(len(at), dtype=np.int64), reach, sums))

    def columns(self) -> tuple[np.ndarray, ...]:
        return tuple(np.concatenate(c) for c in zip(*self.rows, strict=True))

    def true(self) -> pd.DataFrame:
        naam, x, k, n, _ = self.columns()
        return pd.DataFrame({"naam": naam, "x": x, "k": k, "n": n})

    def published(self, seed: int, noise: Noise = NOISE) -> tuple[pd.DataFrame, int]:
        """Return the published cells and the published number of households."""
        naam, x, k, n, sums = self.columns()
        drawn = noise.draw(n, uniform(sums, seed))
        with np.errstate(over="ignore"):
            everybody = self.keys.sum(dtype=np.uint64)
        of_all = noise.draw(np.array([len(self.keys)]), uniform(np.array([everybody]), seed))
        out = drawn > 0
        cells = pd.DataFrame({"naam": naam[out], "x": x[out], "k": k[out], "n": drawn[out]})
        return cells, int(of_all[0])


def world(rng: np.random.Generator, households: int) -> World:
    return World(rng.integers(0, 2**63, households, dtype=np.uint64))


def per_household(of: np.ndarray, values: np.ndarray, households: int) -> np.ndarray:
    return np.bincount(of, weights=values, minlength=households)


def whole(of: np.ndarray) -> tuple[int, ...]:
    """Return every number of units that a household may bring."""
    return tuple(range(1, int(np.bincount(of).max(initial=0)) + 1))


# Of each kind: the cells, and the exact summary, from unit rows with the household of each in `of`.
def share_cells(w: World, of: np.ndarray, t: np.ndarray, n: np.ndarray, steps: tuple[int, ...]) -> World:
    m = len(w.keys)
    for naam, values in (("t", t), ("r", n - t), ("n", n)):
        w.add(naam, 0, per_household(of, values, m), steps)
    return w


def share_sums(of: np.ndarray, t: np.ndarray, n: np.ndarray, m: int) -> pd.DataFrame:
    a, b = per_household(of, t, m), per_household(of, n, m)
    sums = {"t": a.sum(), "n": b.sum(), "tt": (a * a).sum(), "nn": (b * b).sum(), "tn": (a * b).sum()}
    return pd.DataFrame({f"som_{k}": [v] for k, v in sums.items()})


def count_cells(w: World, of: np.ndarray, a: np.ndarray, b: np.ndarray, kap: int) -> World:
    m, steps, every = len(w.keys), ladder(1, 0), whole(of)
    w.add("u", 0, per_household(of, np.ones(len(of)), m), steps)
    exposure = per_household(of, b, m)
    w.add("b", 0, exposure, ladder(30, kap))
    w.add("ab", 0, per_household(of, a, m) * exposure, steps)
    for v in steps[: np.searchsorted(steps, a.max(initial=0), side="right")]:
        w.add("a", v, per_household(of, (a >= v).astype(float), m), every)
    return w


def count_sums(a: np.ndarray, b: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"aantal": a, "n": 1, "som_b": b, "som_bb": b * b})


def duration_cells(
    w: World, of: np.ndarray, start: np.ndarray, stop: np.ndarray, end: np.ndarray, horizon: int
) -> World:
    m, steps = len(w.keys), whole(of)
    w.add("u", 0, per_household(of, np.ones(len(of)), m), steps)
    for x in duration_days(horizon):
        w.add("risico", x, per_household(of, ((start <= x) & (x < stop)).astype(float), m), steps)
        for cause in np.unique(end[end > 0]):
            ended = ((stop <= x) & (end == cause)).astype(float)
            w.add(f"einde_{cause}", x, per_household(of, ended, m), steps)
    return w


def duration_sums(start: np.ndarray, stop: np.ndarray, end: np.ndarray) -> pd.DataFrame:
    inside = pd.DataFrame({"dag": start, "soort": -1, "n": 1})
    rows = pd.concat([inside, pd.DataFrame({"dag": stop, "soort": end, "n": 1})])
    return rows.groupby(["dag", "soort"], as_index=False)["n"].sum()


def recurrent_cells(
    w: World, start: np.ndarray, stop: np.ndarray, of: np.ndarray, day: np.ndarray, kap: int, horizon: int
) -> World:
    m, steps = len(w.keys), whole(of)
    events, days = np.bincount(of, minlength=m).astype(float), (stop - start).astype(float)
    w.add("u", 0, np.ones(m), (1,))
    w.add("b", 0, days, ladder(30, kap))
    w.add("ab", 0, events * days, ladder(1, 0))
    for v in range(1, int(events.max(initial=0)) + 1):
        w.add("a", v, (events >= v).astype(float), (1,))
    for x in duration_days(horizon):
        w.add("begin", x, (start <= x).astype(float), (1,))
        w.add("risico", x, ((start <= x) & (x < stop)).astype(float), (1,))
        w.add("gebeurd", x, np.bincount(of[day <= x], minlength=m).astype(float), steps)
    return w


def recurrent_sums(start: np.ndarray, stop: np.ndarray, of: np.ndarray, day: np.ndarray) -> pd.DataFrame:
    every, keys = np.arange(len(start)), ["dag", "soort", "dag2", "soort2"]
    pieces = [(every, start, -1), (every, stop, 0), (of, day, 1)]
    rows = pd.concat([pd.DataFrame({"of": h, "dag": d, "soort": s}) for h, d, s in pieces])
    per = rows.groupby(["of", "dag", "soort"], as_index=False).size().rename(columns={"size": "n"})
    pairs = per.merge(per, on="of", suffixes=("", "2"))
    once = (pairs.dag < pairs.dag2) | ((pairs.dag == pairs.dag2) & (pairs.soort <= pairs.soort2))
    pairs = pairs[once].assign(n=pairs.n * pairs.n2)
    both = pd.concat([per.assign(dag2=-1, soort2=-2), pairs])
    return both.groupby(keys, as_index=False)["n"].sum()


@dataclass(frozen=True)
class Sample:
    """One study: its cells, the exact summary, and what is true in the population."""

    kind: Kind
    world: World
    exact: pd.DataFrame
    truth: Mapping[str, float]
    stap: int = 1
    kap: int = YEAR
    horizon: int = YEAR

    def rows(self, seed: int) -> tuple[dict[str, Mapping], dict[str, Mapping]]:
        """Return the rows from published counts and the exact ones, by estimand."""
        cells, n = self.world.published(seed)
        asked = maten(*self.truth)
        public = estimate_public(
            self.kind, cells, n, asked, stap=self.stap, kap=self.kap, horizon=self.horizon
        )
        exact = _module(estimators.MODULES, self.kind).estimate_group(
            self.exact, huishoudens=len(self.world.keys), maten=asked, horizon=self.horizon
        )
        return public, {row["maat"]: row for row in exact.schattingen}


def _module(modules: Mapping[Kind, str | None], kind: Kind):
    return import_module(f"toekomstscenario_eval.{modules[kind]}")


def estimate_public(kind, cells, n, asked, *, stap=1, kap=YEAR, horizon=YEAR, interval=""):
    chosen = {"interval": interval} if estimators.interval_choices(kind, public=True) else {}
    out = _module(estimators.PUBLIC_MODULES, kind).estimate_group(
        cells, huishoudens=n, maten=asked, horizon=horizon, noise=NOISE, step=stap, cap=kap,
        threshold=THRESHOLD, **chosen,
    )  # fmt: skip
    return {row["maat"]: row for row in out.schattingen}


# What households are like: each gives a sample of so many.
def households_with(rng: np.random.Generator, n: int, p: float = 0.35) -> Sample:
    t = (rng.random(n) < p).astype(float)
    of, ones = np.arange(n), np.ones(n)
    steps = ladder(1, YEAR)
    return Sample(
        Kind.AANDEEL,
        share_cells(world(rng, n), of, t, ones, steps),
        share_sums(of, t, ones, n),
        {"aandeel": p},
    )


def children_with(rng: np.random.Generator, n: int) -> Sample:
    children = rng.integers(1, 5, n)
    of = np.repeat(np.arange(n), children)
    p = rng.beta(1.2, 2.8, n)[of]
    t = (rng.random(len(of)) < p).astype(float)
    ones, steps = np.ones(len(of)), ladder(1, YEAR)
    cells = share_cells(world(rng, n), of, t, ones, steps)
    return Sample(Kind.AANDEEL, cells, share_sums(of, t, ones, n), {"aandeel": 0.3})


def days_with(rng: np.random.Generator, n: int) -> Sample:
    days = np.where(rng.random(n) < 0.6, YEAR, rng.integers(1, YEAR, n)).astype(float)
    t = np.floor(days * rng.beta(1.5, 1.0, n) + 0.5)
    of, steps = np.arange(n), ladder(30, YEAR)
    cells = share_cells(world(rng, n), of, t, days, steps)
    return Sample(Kind.AANDEEL, cells, share_sums(of, t, days, n), {"aandeel": 0.6}, stap=30)


def counts(rng: np.random.Generator, n: int) -> Sample:
    b = np.where(rng.random(n) < 0.6, YEAR, rng.integers(1, YEAR, n)).astype(float)
    a = rng.poisson(5 / YEAR * b * rng.gamma(4, 1 / 4, n))
    of = np.arange(n)
    exposure = 0.6 * YEAR + 0.4 * YEAR / 2
    truth = {"gemiddelde": 5 / YEAR * exposure, "per_blootstelling": 5 / YEAR}
    return Sample(Kind.AANTAL, count_cells(world(rng, n), of, a, b, YEAR), count_sums(a, b), truth)


def acquaintances(rng: np.random.Generator, n: int) -> Sample:
    """Counts that do not rise with the time in the study."""
    b = np.where(rng.random(n) < 0.6, YEAR, rng.integers(1, YEAR, n)).astype(float)
    a = rng.poisson(4 * rng.gamma(4, 1 / 4, n))
    truth = {"per_blootstelling": 4 / (0.6 * YEAR + 0.4 * YEAR / 2)}
    return Sample(Kind.AANTAL, count_cells(world(rng, n), np.arange(n), a, b, YEAR), count_sums(a, b), truth)


def crowds(rng: np.random.Generator, n: int) -> Sample:
    """Counts of which the quantiles are known: negative binomial, mean 8."""
    a = rng.negative_binomial(4, 1 / 3, n)
    b = np.full(n, float(YEAR))
    truth = {"gemiddelde": 8.0, "mediaan": 7.0, "p90": 15.0, "overspreiding": 3.0}
    return Sample(Kind.AANTAL, count_cells(world(rng, n), np.arange(n), a, b, YEAR), count_sums(a, b), truth)


HAZARD = (0.0020, 0.0010)


def durations(rng: np.random.Generator, n: int) -> Sample:
    """Two ways to end with constant hazards, censored at random."""
    total = sum(HAZARD)
    end, censor = rng.exponential(1 / total, n), rng.uniform(150, 900, n)
    cause = np.where(rng.random(n) < HAZARD[0] / total, 1, 2)
    stop = np.ceil(np.minimum(end, censor)).astype(int)
    kind = np.where(end <= censor, cause, 0)
    start = np.zeros(n, dtype=int)
    left = np.exp(-total * np.arange(YEAR))
    truth = {
        "langer_90": np.exp(-total * 90),
        "langer_180": np.exp(-total * 180),
        "langer_365": np.exp(-total * YEAR),
        "mediaan": np.ceil(np.log(2) / total),
        "p25": np.ceil(np.log(4 / 3) / total),
        "gemiddelde_beperkt": left.sum(),
        "incidentie_1_365": HAZARD[0] / total * (1 - np.exp(-total * YEAR)),
        "incidentie_2_365": HAZARD[1] / total * (1 - np.exp(-total * YEAR)),
    }
    cells = duration_cells(world(rng, n), np.arange(n), start, stop, kind, YEAR)
    return Sample(Kind.DUUR, cells, duration_sums(start, stop, kind), truth)


VISITS, WINDOW = 1.5, 730


def visits(rng: np.random.Generator, n: int, late: float = 0.0, rate: float = VISITS) -> Sample:
    """Events at a rate that differs between households, censored at random; some enter late."""
    start = np.where(rng.random(n) < late, rng.integers(1, WINDOW, n), 0)
    stop = start + np.minimum(rng.integers(150, 900, n), WINDOW)
    many = rng.poisson(rate / YEAR * (stop - start) * rng.gamma(2, 1 / 2, n))
    of = np.repeat(np.arange(n), many)
    day = start[of] + 1 + np.floor(rng.random(len(of)) * (stop - start)[of]).astype(int)
    cells = recurrent_cells(world(rng, n), start, stop, of, day, WINDOW, YEAR)
    truth = {"mcf_180": rate * 180 / YEAR, "mcf_365": rate, "per_jaar": rate / YEAR * 365.25}
    sums = recurrent_sums(start, stop, of, day)
    return Sample(Kind.HERHAALD, cells, sums, truth, kap=WINDOW)


Scene = Callable[[np.random.Generator, int], Sample]
SCENES: Mapping[str, Scene] = {
    "aandeel van huishoudens": households_with,
    "aandeel van kinderen": children_with,
    "aandeel van dagen": days_with,
    "aantallen en blootstelling": counts,
    "aantallen los van blootstelling": acquaintances,
    "aantallen, kwantielen": crowds,
    "duren": durations,
    "wat vaker gebeurt": visits,
    "wat vaker gebeurt, late instroom": partial(visits, late=0.4),
}


def measure(
    scene: str, households: int, times: int, seed: int, scenes: Mapping[str, Scene] = SCENES
) -> Iterator[dict[str, object]]:
    """Yield for each estimand how good it is over so many studies.

    `fout` is the 95th percentile of |published - exact| over half the exact interval, `midden` its median;
    `dekking` how often the interval holds the truth, `dekking_exact` of the exact one; `bias` the mean of
    published minus exact over the exact half-width.
    """
    found: dict[str, list[tuple[float, ...]]] = {}
    for time in range(times):
        sample = scenes[scene](np.random.default_rng([seed, households, time]), households)
        public, exact = sample.rows(time)
        for naam, true in sample.truth.items():
            found.setdefault(naam, []).append(_compare(public[naam], exact[naam], true))
    for naam, rows in found.items():
        error, half, held, held_exact, shown = (np.array(c) for c in zip(*rows, strict=True))
        shown = shown.astype(bool)
        inside = shown & np.isfinite(half) & (half > 0)
        part = error[inside] / half[inside]
        yield {
            "tafereel": scene,
            "huishoudens": households,
            "maat": naam,
            "getoond": shown.mean(),
            "midden": np.median(np.abs(part)) if inside.any() else np.nan,
            "fout": np.quantile(np.abs(part), 0.95) if inside.any() else np.nan,
            "bias": part.mean() if inside.any() else np.nan,
            "verschil": _mean(error[shown]),
            "dekking": _mean(held[shown]),
            "dekking_exact": _mean(held_exact),
        }


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan


def _compare(public: Mapping, exact: Mapping, true: float) -> tuple[float, ...]:
    def held(row: Mapping) -> float:
        low, high = row["ondergrens"], row["bovengrens"]
        if np.isnan(low) and np.isnan(high):
            return np.nan
        # A bound that does not exist excludes nothing.
        return float(not (low > true) and not (high < true))

    error = public["schatting"] - exact["schatting"]
    half = (exact["bovengrens"] - exact["ondergrens"]) / 2
    return error, half, held(public), held(exact), float(not np.isnan(public["schatting"]))

"""Durations of households that share a professional: do the intervals hold, and what does the effect tell?

Coverage: studies made up with a fixed seed. Every household has one fixed professional, and professionals
differ in how fast they end: exponential durations with a lognormal frailty. Coverage is how often an interval
holds what is true over all professionals, with and without the design effect, inside and in public.

Safety: example packages. Somebody knows of all households but one everything, and two things that the one may
be: as it is or not there, as it is or with the duration of another, as it is or in the team of another. From
the published design effect this person guesses which. What it is in either case is worked out in full,
and the chance of each published value follows from how it is rounded.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.pakketten import example, open_package
from tests.estimators.cells_world import NOISE, THRESHOLD, YEAR, duration_cells, duration_sums, maten, world
from toekomstscenario_eval import design_effect
from toekomstscenario_eval.estimators import duration
from toekomstscenario_eval.estimators.cells import duration_cells as public
from toekomstscenario_eval.summaries import registry, teams
from toekomstscenario_eval.summaries.team_variance import Sums, design_effect_of, weights
from toekomstscenario_eval.types import Vraag

SEED, STUDIES = 20261130, 500
# Households and professionals, and how much these differ (standard deviation of the log of the rate).
SETTINGS = ((300, 60), (300, 20), (2000, 120), (2000, 20))
SPREADS = (0.0, 0.3, 0.5)
MEAN, WATCHED = 200, (60, 900)
ASKED = ("gemiddelde_beperkt", "langer_180", "mediaan")
SIZES, TRIED, LEAST = (103, 300, 1500), 200, 100
SURE, Z = 0.95, 1.959964
Floats = np.ndarray


def _code(day: Any, kind: Any) -> Floats:
    """Return one number for a day and what happened on it, in their order."""
    return np.asarray(day) * 16 + np.asarray(kind) + 1


def effect_of(start: Floats, stop: Floats, end: Floats, team: Floats, horizon: float) -> float:
    """Return the design effect of spells."""
    each, variance = weights(duration_sums(start, stop, end), horizon)
    known, weight = _code(each["dag"], each["soort"]), each["gewicht"].to_numpy()
    moved = (
        weight[np.searchsorted(known, _code(start, -1))] + weight[np.searchsorted(known, _code(stop, end))]
    )
    _, code = np.unique(team, return_inverse=True)
    m = np.bincount(code).astype(float)
    raw = float((np.bincount(code, moved) ** 2).sum())
    return design_effect_of(Sums(raw, *(float((m**p).sum()) for p in (1, 2, 3, 4))), variance)


@cache
def truth(spread: float) -> dict[str, float]:
    """Return what is true over all professionals, by Gauss-Hermite quadrature."""
    nodes, weight = np.polynomial.hermite_e.hermegauss(80)
    rate, part = np.exp(spread * nodes) / MEAN, weight / weight.sum()

    def survival(day: Floats) -> Floats:
        return (part[:, None] * np.exp(-rate[:, None] * day)).sum(axis=0)

    days = np.arange(0, 5000)
    s = survival(days)
    half = int(np.argmax(s <= 0.5))
    return {"gemiddelde_beperkt": float(s[:YEAR].sum()), "langer_180": float(s[180]), "mediaan": float(half)}


def study(rng: np.random.Generator, households: int, professionals: int, spread: float) -> dict[str, Any]:
    """Return the rows of one study by way of estimating, and the effect."""
    frailty = np.exp(rng.normal(0, spread, professionals))
    team = rng.integers(0, professionals, households)
    lasts = np.ceil(rng.exponential(MEAN / frailty[team])).astype(np.int64)
    watched = rng.integers(*WATCHED, households)
    start, stop = np.zeros(households, dtype=np.int64), np.minimum(lasts, watched)
    end = (lasts <= watched).astype(np.int64)
    effect = effect_of(start, stop, end, team, YEAR)
    sums = duration_sums(start, stop, end)

    def inside(known: float | None) -> dict[str, Any]:
        out = duration.estimate_group(
            sums, huishoudens=households, maten=maten(*ASKED), horizon=YEAR, effect=known
        )
        return {row["maat"]: row for row in out.schattingen}

    w = duration_cells(world(rng, households), np.arange(households), start, stop, end, YEAR)
    cells, n = w.published(int(rng.integers(2**31)))
    halves = design_effect.in_halves(effect, float(rng.random(2).sum()) - 0.5)
    shown = pd.DataFrame({"naam": [design_effect.NAME], "x": [halves], "k": [1], "n": [n]})
    found = public.estimate_group(
        pd.concat([cells, shown], ignore_index=True),
        huishoudens=n,
        maten=maten(*ASKED),
        horizon=YEAR,
        noise=NOISE,
        step=1,
        cap=YEAR,
        threshold=THRESHOLD,
    )
    return {
        "zonder": inside(None),
        "binnen": inside(effect),
        "openbaar": {row["maat"]: row for row in found.schattingen},
        "effect": halves / design_effect.HALVES,
    }


def _holds(rows: Iterable[dict[str, Any]], true: float) -> float:
    """Return how often the interval holds the truth; an open upper bound holds all above."""
    inside = []
    for row in rows:
        low, high = row["ondergrens"], row["bovengrens"]
        if not math.isnan(low):
            inside.append(low <= true and (math.isnan(high) or true <= high))
    return float(np.mean(inside)) if inside else float("nan")


def coverage(
    settings: Sequence[tuple[int, int]] = SETTINGS, spreads: Sequence[float] = SPREADS, studies: int = STUDIES
) -> list[dict[str, Any]]:
    """Return the table of coverage."""
    out = []
    for spread in spreads:
        for households, professionals in settings:
            rng = np.random.default_rng([SEED, households, professionals, round(spread * 100)])
            found = [study(rng, households, professionals, spread) for _ in range(studies)]
            means = [one["zonder"]["gemiddelde_beperkt"] for one in found]
            values = np.array([row["schatting"] for row in means])
            errors = np.array([(row["bovengrens"] - row["ondergrens"]) / (2 * Z) for row in means])
            effects = np.array([one["effect"] for one in found])
            for naam in ASKED:
                true = truth(spread)[naam]
                held = {
                    f"dekking {way}": _holds((one[way][naam] for one in found), true)
                    for way in ("zonder", "binnen", "openbaar")
                }
                out.append(
                    {
                        "huishoudens": households,
                        "professionals": professionals,
                        "spreiding": spread,
                        "maat": naam,
                        "onderzoeken": studies,
                        "werkelijk effect": float(values.var(ddof=1) / (errors**2).mean()),
                        "getoond effect": float(effects.mean()),
                        "hoogste waarde": float((effects >= design_effect.MOST).mean()),
                        **held,
                    }
                )
    return out


def chances(effect: float) -> Floats:
    """Return the chance of each published value: of 2, 3, .. 20 halves."""
    low, high = design_effect.HALVES, design_effect.HALVES * design_effect.MOST
    # What is added is the sum of two numbers in [0, 1), less a half.
    edge = np.arange(low + 1, high + 1) - min(design_effect.HALVES * effect, 10.0 * high) + 0.5
    t = np.clip(edge, 0.0, 2.0)
    below = np.where(t <= 1, t**2 / 2, 1 - (2 - t) ** 2 / 2)
    return np.diff(np.concatenate(([0.0], below, [1.0])))


@dataclass(frozen=True)
class Guess:
    """How often one of two, equally likely, is guessed right; and how often that is as good as certain."""

    right: float
    certain: float

    @classmethod
    def of(cls, one: float, other: float) -> Guess:
        """Return it for two values of the effect."""
        p, q = chances(one), chances(other)
        both = p + q
        best = np.maximum(p, q)
        sure = best > SURE * both
        return cls(float(best.sum() / 2), float(both[sure].sum() / 2))


def safety(sizes: Sequence[int] = SIZES, tried: int = TRIED) -> list[dict[str, Any]]:
    """Return the table of what the effect tells of one household."""
    out = []
    with tempfile.TemporaryDirectory() as at:
        for households in sizes:
            package = open_package(example(Path(at), households))
            of_household = teams.own_team(package).execute().set_index("huishouden_id")["eigen_team"]
            for naam, what in registry.all_indicators().items():
                if not what.card.horizon or what.card.kind.value != "duur":
                    continue
                vraag = Vraag(package.venster, package.peildatum, registry.fill_params(what, {}))
                rows = what.rows(package.records, vraag).execute()
                rows = rows[rows["uitsluiting"].isna()].sort_values(["huishouden_id", "instroom", "duur"])
                if rows["huishouden_id"].nunique() >= LEAST:
                    rows = rows.assign(team=rows["huishouden_id"].map(of_household))
                    out.append(
                        {"pakket": households, "indicator": naam, **_told(rows, what.card.horizon, tried)}
                    )
    return out


def _effect(rows: pd.DataFrame, horizon: float) -> float:
    columns = [rows[k].to_numpy(dtype=np.int64) for k in ("instroom", "duur", "einde", "team")]
    return effect_of(*columns, horizon)


def _told(rows: pd.DataFrame, horizon: float, tried: int) -> dict[str, Any]:
    rng = np.random.default_rng([SEED, len(rows)])
    names = rows["huishouden_id"].unique()
    full, found = _effect(rows, horizon), {k: list[Guess]() for k in ("zonder", "duur", "team")}
    moved, fixed = [], 0
    for naam in rng.permutation(names)[:tried]:
        mine = rows["huishouden_id"].eq(naam)
        without = _effect(rows[~mine], horizon)
        other = rows[rows["huishouden_id"].eq(rng.choice(names[names != naam]))]
        own, its = rows.loc[mine, "team"].iloc[0], other["team"].iloc[0]
        lasting = pd.concat([rows[~mine], other.assign(huishouden_id=naam, team=own)])
        instead = _effect(lasting, horizon)
        elsewhere = rows.assign(team=rows["team"].where(~mine, its))
        found["zonder"].append(Guess.of(full, without))
        found["duur"].append(Guess.of(full, instead))
        found["team"].append(Guess.of(full, _effect(elsewhere, horizon)))
        moved.append(abs(full - instead))
        fixed += design_effect.in_halves(full) != design_effect.in_halves(instead)
    many = len(moved)
    right = {k: np.array([g.right for g in guesses]) for k, guesses in found.items()}
    return {
        "huishoudens": len(names),
        "gevraagd": many,
        "effect": full,
        "verandering, mediaan": float(np.median(moved)),
        "verandering, p95": float(np.quantile(moved, SURE)),
        "geraden, zonder dit huishouden": float(right["zonder"].mean()),
        "geraden, duur van een ander": float(right["duur"].mean()),
        "geraden, team van een ander": float(right["team"].mean()),
        "p95": float(np.quantile(right["duur"], SURE)),
        "hoogste van alles": float(max(each.max() for each in right.values())),
        "zeker": float(max(np.mean([g.certain for g in guesses]) for guesses in found.values())),
        "vast afgerond: verraden": fixed / many,
    }


def measure() -> dict[str, list[dict[str, Any]]]:
    """Return both tables for `metingen.py`."""
    return {
        "Dekking van duren bij gedeelde professionals": coverage(),
        "Wat het ontwerpeffect over een huishouden zegt": safety(),
    }

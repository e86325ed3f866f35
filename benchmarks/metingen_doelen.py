"""Whom an interval holds for: these households in these regions, or regions like these; coverage of both.

    python benchmarks/metingen.py doelen

Eleven regions of one size are made up with a fixed seed; of each region the logit of its true share is drawn
around one mean. The interval over households (Wilson, all households as one group) and the one over regions
(REML with Knapp and Hartung; from published counts the likelihood with the table of noise) are held against
both targets: the share of these regions together, and that of regions like these (the middle of the logits).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from toekomstscenario_eval.designs._site_likelihood import SiteCounts
from toekomstscenario_eval.designs._sites import Floats
from toekomstscenario_eval.designs.meta import combine
from toekomstscenario_eval.estimators.intervals import wilson
from toekomstscenario_eval.protection.noise import Noise

NOISE = Noise(6, 3.0, 2)
SEED, STUDIES, PUBLIC, REGIONS = 20261130, 2000, 400, 11
SHARE, SPREADS, SIZES = 0.3, (0.0, 0.2), (40, 200, 1000)
Interval = tuple[float, float]


def over_households(t: Floats, n: int) -> Interval:
    """Return the interval of all households as one group."""
    households = float(n * len(t))
    return wilson(float(t.sum()) / households, households)


def _share(*logits: float) -> Interval:
    low, high = (1 / (1 + np.exp(-x)) for x in logits)
    return float(low), float(high)


def over_regions(t: Floats, n: int) -> Interval:
    """Return the interval of the mean over regions from exact counts."""
    m = combine(np.log(t / (n - t)), np.sqrt(1 / t + 1 / (n - t)))
    return _share(m.ondergrens, m.bovengrens)


def in_public(rng: np.random.Generator, t: Floats, n: int) -> Interval:
    """Return the interval of the mean over regions from published counts."""
    whole = np.full(len(t), n)
    having, rest, every = (
        NOISE.draw(count.astype(np.int64), rng.random(len(count))) for count in (t, whole - t, whole)
    )
    m = SiteCounts(having, rest, every, NOISE).combined
    return _share(m.ondergrens, m.bovengrens)


def studies(size: int, spread: float, times: int = STUDIES, public: int = PUBLIC) -> dict[str, float]:
    """Return how often each interval holds each target, over studies of regions of one size."""
    rng = np.random.default_rng([SEED, size, round(100 * spread)])
    middle = np.log(SHARE / (1 - SHARE))
    found: dict[str, list[float]] = {}
    for i in range(times):
        true = 1 / (1 + np.exp(-(middle + spread * rng.standard_normal(REGIONS))))
        t = rng.binomial(size, true).astype(np.float64)
        of_these, like_these = float(true.mean()), SHARE
        ways = {"huishoudens": over_households(t, size), "regio's": over_regions(t, size)}
        if i < public:
            ways["regio's, openbaar"] = in_public(rng, t, size)
        for way, (low, high) in ways.items():
            for target, value in (("deze huishoudens", of_these), ("regio's zoals deze", like_these)):
                found.setdefault(f"{way}: {target}", []).append(low <= value <= high)
            found.setdefault(f"{way}: breedte", []).append(high - low)
    return {name: float(np.mean(values)) for name, values in found.items()}


def measure(times: int = STUDIES, public: int = PUBLIC, sizes: Sequence[int] = SIZES) -> dict[str, object]:
    """Return the table for `metingen.py`."""
    rows = [
        {"huishoudens per regio": size, "spreiding (logit)": spread, **studies(size, spread, times, public)}
        for spread in SPREADS
        for size in sizes
    ]
    return {f"Dekking van het interval over huishoudens en over regio's, {REGIONS} regio's": rows}

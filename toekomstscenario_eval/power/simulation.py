"""The same plan made up many times over and tested as a report tests it, by all assignments.

True figures of regions follow a beta distribution (shares) or a gamma distribution (means) with the mean and
standard deviation of the plan, and are tied over periods through a normal copula; households are binomial or
negative binomial; with noise each count of a share is drawn by the p-table, and a mean gets the variance of
its noise. A difference is found when p of the exact test is at most 5%, and so is p by the households' own
errors alone: no comparison is surer than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from toekomstscenario_eval.designs._assignment import LEVEL, Outcome, no_surer
from toekomstscenario_eval.designs._noisy_limits import share_variance
from toekomstscenario_eval.power.formula import means, of_noise
from toekomstscenario_eval.power.layouts import Layout
from toekomstscenario_eval.power.setting import Floats, Setting

SEED, STUDIES = 20261130, 2_000
# Differences held in memory at once.
_ROOM = 4_000_000
_SAME = 1e-9  # nearer than this part of the largest figure is a tie
_Z = np.linspace(-8.0, 8.0, 1601)


@dataclass(frozen=True)
class Found:
    """How often a difference was found: its size, the part of the studies, and the error of that part."""

    effect: float
    chance: float
    error: float


def simulate(
    s: Setting, layout: Layout, effects: Sequence[float], *, studies: int = STUDIES, seed: int = SEED
) -> tuple[Found, ...]:
    """Return how often each difference is found.

    Parameters
    ----------
    s : Setting
        The plan.
    layout : Layout
        One of its comparisons.
    effects : sequence of float
        Differences, 0 or more; the first chance for 0 is the error of the first kind.
    studies : int
        Studies for each difference; the standard error of a chance c is sqrt(c (1 - c) / studies).
    seed : int
        The same seed gives the same studies.
    """
    under = layout.assigned()
    out = []
    for effect in effects:
        rng = np.random.default_rng([seed, *layout.treated.shape, round(1e6 * effect)])
        seen, own = _studies(rng, s, layout, effect, studies)
        found = float((_p(seen, own, under) <= LEVEL).mean())
        out.append(Found(effect, found, float(np.sqrt(found * (1 - found) / studies))))
    return tuple(out)


def _p(seen: Floats, own: Floats, under: Floats) -> Floats:
    """Return p of each study: the part of the assignments as far from zero, no surer than the own error."""
    flat = seen.reshape(len(seen), -1)
    tie = _SAME * np.abs(flat).max(axis=1, keepdims=True)
    step = max(1, _ROOM // len(under))
    gap, p = np.empty(len(flat)), np.empty(len(flat))
    for at in range(0, len(flat), step):
        d = flat[at : at + step] @ under.T
        gap[at : at + step] = d[:, 0]
        p[at : at + step] = (np.abs(d) >= np.abs(d[:, :1]) - tie[at : at + step]).mean(axis=1)
    return no_surer(Outcome(gap, p, gap, gap), own).p


def _studies(
    rng: np.random.Generator, s: Setting, layout: Layout, effect: float, studies: int
) -> tuple[Floats, Floats]:
    """Return figures of regions and periods, and of each study the error by its households alone."""
    mean = means(s, layout, effect)
    shape = (studies, *mean.shape)
    n = np.broadcast_to(s.sizes(others=layout.others)[:, None], mean.shape)
    true = _true(s, mean, _normal(rng, s, shape))
    seen, variance = (_shares if s.share else _counts)(rng, s, true, n)
    return seen, np.sqrt((layout.weights**2 * variance).sum(axis=(1, 2)))


def _normal(rng: np.random.Generator, s: Setting, shape: tuple[int, int, int]) -> Floats:
    """Return normal deviations with the correlation of the plan between periods of one region."""
    lasting = rng.standard_normal((*shape[:2], 1))
    return np.asarray(np.sqrt(s.stable) * lasting + np.sqrt(1 - s.stable) * rng.standard_normal(shape))


def _true(s: Setting, mean: Floats, z: Floats) -> Floats:
    """Return true figures with these means and the standard deviation of the plan."""
    if s.spread == 0:
        return np.broadcast_to(mean, z.shape)
    out = np.empty_like(z)
    for one in np.unique(mean):
        at = mean == one
        out[:, at] = np.interp(z[:, at], _Z, _quantiles(s, float(one)))
    return out


def _quantiles(s: Setting, mean: float) -> Floats:
    """Return the quantiles that belong to normal deviations `_Z`."""
    u = special.ndtr(_Z)
    if s.share:
        size = mean * (1 - mean) / s.spread**2 - 1
        return np.asarray(special.betaincinv(mean * size, (1 - mean) * size, u))
    shape = (mean / s.spread) ** 2
    return np.asarray(special.gammaincinv(shape, u) * mean / shape)


def _shares(rng: np.random.Generator, s: Setting, true: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return shares of households, published or exact, and the variance of each."""
    count = rng.binomial(n.astype(np.int64), np.clip(true, 0.0, 1.0))
    rest = n.astype(np.int64) - count
    if s.noise is not None:
        count, rest = (s.noise.draw(c.ravel(), rng.random(c.size)).reshape(c.shape) for c in (count, rest))
    total = np.maximum(count + rest, 1)
    # Half a household added, as for a share of nothing.
    p = (count + 0.5) / (total + 1)
    variance = p * (1 - p) / total if s.noise is None else share_variance(s.noise, p, total)
    return count / total, variance


def _counts(rng: np.random.Generator, s: Setting, true: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return means of households, published or exact, and the variance of each."""
    expected = np.maximum(true * n, 1e-12)
    if s.dispersion == 1:
        total = rng.poisson(expected).astype(np.float64)
    else:
        over = s.dispersion - 1
        total = rng.negative_binomial(expected / over, 1 / s.dispersion).astype(np.float64)
    noise = of_noise(s, np.asarray(true.mean(axis=0)), n)
    total = total + np.sqrt(noise) * rng.standard_normal(total.shape)
    return total / n, np.maximum(s.dispersion * (total + 0.5), 0.0) / n**2 + noise / n**2

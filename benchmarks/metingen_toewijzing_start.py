"""Starting compared over regions and quarters: how often something is found that is not there, by each test.

    python benchmarks/metingen.py starts

Worlds with a fixed seed in which starting changes nothing. A region has its own share, all shares move
together, and each quarter a region deviates from that by a normal error on the logit scale that lasts (0.5 of
it is left a quarter later); households are drawn with the share, and with noise each count is published by
the p-table. Every test sees the same worlds:

    toewijzing      every way to hand out the starts (`_start_assignments.py`), group-time effects
    eigen fout      the same, each way divided by an error from the households of its regions
    per golf        the same, divided by Neyman's error by wave
    tekens          regression on regions and quarters, wild cluster bootstrap with every sign
    CR2             the same regression, CR2 with Satterthwaite's degrees of freedom
    CR1, CR0        the same, t with the regions less one as degrees of freedom
    Welch           change of each region, proeftuinen against comparison regions
    huishoudens     the same regression over households, as if these were drawn apart

Of more ways than 20,000 a sample of 2,000 is taken, which is as exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special, stats

from benchmarks.metingen_regios import NOISE, SEED
from toekomstscenario_eval.designs._cluster_robust import Floats, robust, two_way
from toekomstscenario_eval.designs._noisy_limits import share_variance
from toekomstscenario_eval.designs._start_assignments import p_values, starts
from toekomstscenario_eval.designs._waves import linear
from toekomstscenario_eval.designs._wild_bootstrap import wild

WORLDS, QUARTERS, SHARE, LEVEL = 4000, 8, 0.3, 0.05
OWN, TOGETHER, LASTS = 0.5, 0.03, 0.5  # of a region, of all each quarter, and what is left of a deviation
MOST, SAMPLE = 20_000, 1999
NEVER = np.inf
Row = dict[str, object]


@dataclass(frozen=True)
class Plan:
    """Who starts when, and households of each region by what it is called."""

    start: Floats
    sizes: dict[str, Floats]

    @property
    def never(self) -> bool:
        """Whether there are comparison regions."""
        return bool(np.isinf(self.start).any())


_ELEVEN = np.array([60, 20, 200, 30, 400, 90, 25, 150, 40, 50, 100], dtype=float)
_ALIKE = {"100": np.full(11, 100.0), "20 tot 400": _ELEVEN}
_KINDS = {
    "100": np.full(14, 100.0),
    "200, vergelijking 40": np.repeat([200.0, 40.0], [11, 3]),
    "40, vergelijking 200": np.repeat([40.0, 200.0], [11, 3]),
    "20 tot 400": np.append(_ELEVEN, [30, 80, 300]),
}
_WAVES = [2.0] * 4 + [4.0] * 4 + [5.0] * 3
PLANS = {
    "11 proeftuinen, 6 begonnen": Plan(np.repeat([4.0, NEVER], [6, 5]), _ALIKE),
    "11 proeftuinen in golven van 4, 4 en 3": Plan(np.array(_WAVES), _ALIKE),
    "11 proeftuinen en 3 vergelijkingsregio's, een start": Plan(np.repeat([4.0, NEVER], [11, 3]), _KINDS),
    "11 proeftuinen in golven en 3 vergelijkingsregio's": Plan(np.array(_WAVES + [NEVER] * 3), _KINDS),
}
SPREADS = (0.0, 0.3)
# With noise: of these sizes, with the largest spread.
NOISY = ("100", "200, vergelijking 40")


def counts(rng: np.random.Generator, n: Floats, spread: float) -> np.ndarray:
    """Return how many households have it (W, N, T)."""
    shape = (WORLDS, len(n), QUARTERS)
    error = rng.standard_normal(shape)
    for t in range(1, QUARTERS):
        error[..., t] = LASTS * error[..., t - 1] + np.sqrt(1 - LASTS**2) * error[..., t]
    own = OWN * rng.standard_normal((*shape[:2], 1))
    logit = special.logit(SHARE) + own + TOGETHER * np.arange(QUARTERS) + spread * error
    return rng.binomial(n.astype(int)[:, None], special.expit(logit))


def publish(rng: np.random.Generator, count: np.ndarray) -> np.ndarray:
    """Return counts with noise."""
    return NOISE.draw(count.ravel(), rng.random(count.size)).reshape(count.shape)


@cache
def _by_share(n: float) -> tuple[Floats, Floats]:
    """Return shares, and the variance of a published share of so many households at each."""
    p = np.linspace(0, 1, 51)
    return p, np.array([share_variance(NOISE, x, n) for x in p])


def own_variance(t: np.ndarray, m: np.ndarray, n: Floats, *, noise: bool) -> Floats:
    """Return the variance of each figure (W, N, T) by households and noise, from the share of its region."""
    p = (t.sum(axis=2) + 0.5) / (m.sum(axis=2) + 1)
    if noise:
        at = np.stack([np.interp(p[:, i], *_by_share(size)) for i, size in enumerate(n)], axis=1)
    else:
        at = p * (1 - p) / n
    return np.repeat(at[..., None], QUARTERS, axis=2)


def welch(y: Floats, start: Floats) -> Floats:
    """Return p of the changes of proeftuinen against comparison regions, these at the middle start."""
    middle = np.median(start[np.isfinite(start)])
    at = np.where(np.isfinite(start), start, middle).astype(int)
    change = np.stack([y[:, i, k:].mean(axis=1) - y[:, i, :k].mean(axis=1) for i, k in enumerate(at)], axis=1)
    one, two = change[:, np.isfinite(start)], change[:, np.isinf(start)]
    parts = [part.var(axis=1, ddof=1) / part.shape[1] for part in (one, two)]
    total = parts[0] + parts[1]
    df = total**2 / (parts[0] ** 2 / (one.shape[1] - 1) + parts[1] ** 2 / (two.shape[1] - 1))
    return np.asarray(2 * stats.t.sf(np.abs(one.mean(axis=1) - two.mean(axis=1)) / np.sqrt(total), df))


def by_households(t: np.ndarray, m: np.ndarray, design: Floats) -> Floats:
    """Return p of the regression over households, each cell weighing by its households."""
    out = np.empty(len(t))
    rows = m.reshape(len(t), -1).astype(float)
    shares = t.reshape(len(t), -1) / rows
    for k, (n, y) in enumerate(zip(rows, shares, strict=True)):
        inverse = np.linalg.pinv((design * n[:, None]).T @ design, rcond=1e-10, hermitian=True)
        p = n @ y / n.sum()
        out[k] = (inverse[0] @ (design.T @ (n * y))) / np.sqrt(p * (1 - p) * inverse[0, 0])
    return np.asarray(2 * stats.norm.sf(np.abs(out)))


def tests(y: Floats, t: np.ndarray, m: np.ndarray, own: Floats, start: Floats) -> dict[str, Floats]:
    """Return p of each test in each world."""
    control = "nooit" if np.isinf(start).any() else "nog_niet"
    levels, form = linear(start, QUARTERS, control=control, aggregation="groep")
    ways = starts(start, levels, form, most=MOST, sample=SAMPLE)
    panel = two_way(start, np.ones(y.shape[1:], dtype=bool))
    design, flat = np.column_stack([panel.x, panel.effects]), y.reshape(len(y), -1).T
    one = np.eye(design.shape[1])[0]
    out = {
        "toewijzing": p_values(y, ways),
        "eigen fout": p_values(y, ways, own=own),
        "per golf": p_values(y, ways, error="golven"),
        "tekens": wild(panel.x, panel.effects, panel.cluster).p_values(flat),
    }
    for correction in ("CR2", "CR1", "CR0"):
        out[correction] = robust(design, panel.cluster, one, correction=correction).of(flat).p
    if control == "nooit":
        out["Welch"] = welch(y, start)
    return out | {"huishoudens": by_households(t, m, design)}


def row(which: int, name: str, size: str, spread: float, *, noise: bool) -> Row:
    """Return one setting: what part of the worlds each test refuses at 5%."""
    plan = PLANS[name]
    n = plan.sizes[size]
    rng = np.random.default_rng(
        [SEED, 3, which, list(plan.sizes).index(size), round(100 * spread), int(noise)]
    )
    t = counts(rng, n, spread)
    m = np.broadcast_to(n.astype(int)[:, None], t.shape)
    if noise:
        t, rest = publish(rng, t), publish(rng, m - t)
        m = np.maximum(t + rest, 1)
    found = tests(t / m, t, m, own_variance(t, m, n, noise=noise), plan.start)
    return {
        "regio's": name,
        "huishoudens per kwartaal": size,
        "spreiding": spread,
        "ruis": "ja" if noise else "nee",
        **{k: float((p <= LEVEL).mean()) if (p := found.get(k)) is not None else None for k in COLUMNS},
    }


COLUMNS = ("toewijzing", "eigen fout", "per golf", "tekens", "CR2", "CR1", "CR0", "Welch", "huishoudens")


def measure() -> dict[str, list[Row]]:
    """Return the table for `metingen.py`."""
    table = [
        row(which, name, size, spread, noise=noise)
        for which, (name, plan) in enumerate(PLANS.items())
        for size in plan.sizes
        for noise in ((False, True) if size in NOISY else (False,))
        for spread in (SPREADS if not noise else SPREADS[-1:])
    ]
    error = 100 * np.sqrt(LEVEL * (1 - LEVEL) / WORLDS)
    caption = (
        f"Fout van de eerste soort bij 5%, {WORLDS} werelden van {QUARTERS} kwartalen, "
        f"toevalsfout van de meting {error:.1f} procentpunt".replace(".", ",")
    )
    return {caption: table}

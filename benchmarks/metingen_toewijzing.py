"""Two kinds of region compared: how often something is found without a difference, and how often it is held.

    python benchmarks/metingen.py toewijzing

Studies of eleven regions against three, with a fixed seed; regions differ by a normal deviation on the logit
scale, and households in one region are drawn with the share of that region. Beside exact assignment, as the
package has it, stand what it replaced: Welch's t-test over regions, and the difference of all households
taken together, with an error as if they were drawn apart. The difference that an interval has to hold is that
of the mean shares of regions like these. With noise each count is published by the p-table.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from benchmarks.metingen_regios import NOISE, SEED
from toekomstscenario_eval.designs._assignment import LEVEL, Floats, Outcome, compare, no_surer, possible
from toekomstscenario_eval.designs._noisy_limits import share_variance

STUDIES, SHARE = 10_000, 0.3
KINDS = (11, 3)
SPREADS, GAPS = (0.0, 0.2, 0.5), (0.0, 0.8)
# Households a region of the first kind, and of the second.
SIZES = ((40, 40), (200, 200), (40, 200), (200, 100), (200, 40))
Row = dict[str, object]


def mean_share(logit: float, spread: float) -> float:
    """Return the mean share of regions around a logit, by Gauss and Hermite."""
    x, weight = np.polynomial.hermite_e.hermegauss(40)
    return float(weight @ (1 / (1 + np.exp(-(logit + spread * x)))) / weight.sum())


def counts(rng: np.random.Generator, spread: float, gap: float, n: np.ndarray) -> np.ndarray:
    """Return how many households of each region have it, a row for each study."""
    logit = np.log(SHARE / (1 - SHARE)) + gap * (np.arange(len(n)) < KINDS[0])
    logit = logit + spread * rng.standard_normal((STUDIES, len(n)))
    return rng.binomial(n, 1 / (1 + np.exp(-logit)))


def publish(rng: np.random.Generator, count: np.ndarray) -> np.ndarray:
    """Return counts with noise."""
    return NOISE.draw(count.ravel(), rng.random(count.size)).reshape(count.shape)


def of_regions(t: Floats, n: Floats, noise: bool) -> tuple[Outcome, Outcome]:
    """Return exact assignment alone, and as it is shown: no surer than the regions' own errors."""
    share, first = t / n, KINDS[0]
    out = compare(share[:, :first], share[:, first:])
    # Half a household added, as the package has it for a share of nothing.
    p = (t + 0.5) / (n + 1)
    variance = np.vectorize(share_variance, excluded=[0])(NOISE, p, n) if noise else p * (1 - p) / n
    own = sum(part.mean(axis=1) / part.shape[1] for part in (variance[:, :first], variance[:, first:]))
    return out, no_surer(out, np.sqrt(own))


def of_households(t: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return the difference of all households together and its error, households taken as independent."""
    first = KINDS[0]
    shares = [(t[:, at].sum(axis=1), n[:, at].sum(axis=1)) for at in (slice(first), slice(first, None))]
    a, b = (x / m for x, m in shares)
    error = np.sqrt(sum((x / m) * (1 - x / m) / m for x, m in shares))
    return a - b, error


def welch(share: Floats) -> tuple[Floats, Floats]:
    """Return p of Welch's t-test over regions, and half the width of its interval."""
    x, y = share[:, : KINDS[0]], share[:, KINDS[0] :]
    parts = [part.var(axis=1, ddof=1) / part.shape[1] for part in (x, y)]
    total = parts[0] + parts[1]
    df = total**2 / sum(v**2 / (k - 1) for v, k in zip(parts, KINDS, strict=True))
    t = np.abs(x.mean(axis=1) - y.mean(axis=1)) / np.sqrt(total)
    return 2 * stats.t.sf(t, df), stats.t.ppf(1 - LEVEL / 2, df) * np.sqrt(total)


def row(sizes: tuple[int, int], spread: float, gap: float, *, noise: bool) -> Row:
    """Return one setting: what part finds a difference at 5%, and how often intervals hold the true one."""
    rng = np.random.default_rng([SEED, 2, *sizes, round(100 * spread), round(100 * gap), int(noise)])
    n = np.repeat(sizes, KINDS)
    t = counts(rng, spread, gap, n)
    m = np.broadcast_to(n, t.shape)
    if noise:
        t, rest = publish(rng, t), publish(rng, m - t)
        m = np.maximum(t + rest, 1)
    base = np.log(SHARE / (1 - SHARE))
    true = mean_share(base + gap, spread) - mean_share(base, spread)
    alone, shown = of_regions(t, m, noise)
    p_welch, half = welch(t / m)
    together, error = of_households(t, m)
    width = stats.norm.ppf(1 - LEVEL / 2) * error
    return {
        "huishoudens": f"{sizes[0]} en {sizes[1]}",
        "spreiding": spread,
        "verschil": gap,
        "ruis": "ja" if noise else "nee",
        "toewijzing vindt": float((alone.p <= LEVEL).mean()),
        "verslag vindt": float((shown.p <= LEVEL).mean()),
        "verslag dekking": float(((shown.under <= true) & (true <= shown.above)).mean()),
        "Welch vindt": float((p_welch <= LEVEL).mean()),
        "Welch dekking": float((np.abs(shown.gap - true) <= half).mean()),
        "huishoudens vindt": float((np.abs(together) > width).mean()),
        "huishoudens dekking": float((np.abs(together - true) <= width).mean()),
    }


def measure() -> dict[str, list[Row]]:
    """Return the table for `metingen.py`."""
    ways = possible(*KINDS).aantal
    table = [
        row(sizes, spread, gap, noise=noise)
        for sizes in SIZES
        for noise in (False, True)
        for spread in SPREADS
        for gap in GAPS
    ]
    return {f"{KINDS[0]} tegen {KINDS[1]} regio's, {ways} toewijzingen, {STUDIES} onderzoeken": table}

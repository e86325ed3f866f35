"""Sites compared by protected counts: bias and coverage by simulation with a fixed seed, in Markdown.

    python benchmarks/metingen_regios.py            # both tables, as in metingen_regios.md; some minutes
    python benchmarks/metingen_regios.py 100        # fewer studies for each row

A study has fourteen sites; of each the households that have it, that have not, and that count are published
with noise. Studies with a site under ten published households give no figure, nor do those of which the
whole is too small to show. Beside the package's method stands the plain one: REML on published shares, with
the noise in the weights. It is drawn to the sites whose count happened to come out high: these weigh most.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np

from toekomstscenario_eval.designs._noisy_limits import share_variance
from toekomstscenario_eval.designs._site_likelihood import SiteCounts
from toekomstscenario_eval.designs._sites import Floats
from toekomstscenario_eval.designs.funnel import NIVEAU, control_limits, noisy_funnel
from toekomstscenario_eval.designs.meta import combine
from toekomstscenario_eval.protection.noise import Noise

NOISE = Noise(6, 3.0, 2)
SEED, STUDIES, SITES, LEAST_N = 20261130, 1000, 14, 10
SHARES, SPREADS, SIZES = (0.04, 0.1, 0.3, 0.6), (0.0, 0.25, 0.5), ((7, 100), (12, 35))
STRICT = max(NIVEAU)


@dataclass(frozen=True)
class Drawn:
    """A study: true logits, protected counts, and the share of the whole as published."""

    logits: Floats
    counts: SiteCounts
    whole: float


def publish(rng: np.random.Generator, count: np.ndarray) -> np.ndarray:
    """Return counts with noise."""
    return NOISE.draw(count, rng.random(len(count)))


def study(rng: np.random.Generator, share: float, tau: float, sizes: tuple[int, int]) -> Drawn | None:
    """Return one study, or None when nothing of its sites would be compared."""
    n = rng.integers(sizes[0], sizes[1] + 1, SITES)
    logits = np.log(share / (1 - share)) + tau * rng.standard_normal(SITES)
    t = rng.binomial(n, 1 / (1 + np.exp(-logits)))
    counts = SiteCounts(publish(rng, t), publish(rng, n - t), publish(rng, n), NOISE)
    whole = publish(rng, np.array([t.sum(), (n - t).sum()]))
    if counts.n.min() < LEAST_N or whole.min() < LEAST_N:
        return None
    return Drawn(logits, counts, float(whole[0] / whole.sum()))


def plain(counts: SiteCounts) -> tuple[float, float, float]:
    """Return the mean with its interval by REML, half a household added, with the noise in the weights."""
    t, r = counts.t + 0.5, counts.r + 0.5
    share = t / (t + r)
    variance = [share_variance(NOISE, p, n) for p, n in zip(share, t + r, strict=True)]
    m = combine(np.log(t / r), np.sqrt(variance) / (share * (1 - share)))
    return m.gemiddelde, m.ondergrens, m.bovengrens


def pooled(share: float, tau: float, sizes: tuple[int, int], *, studies: int) -> dict[str, float]:
    """Return bias and coverage of the mean over sites, of each site drawn to the middle, and of the plain."""
    rng = np.random.default_rng([SEED, round(1000 * share), round(100 * tau), *sizes])
    truth = float(np.log(share / (1 - share)))
    error, covers, site, new, plainly, seconds = [], [], [], [], [], []
    for _ in range(studies):
        drawn = study(rng, share, tau, sizes)
        if drawn is None:
            continue
        begin = time.process_time()
        m = drawn.counts.combined
        seconds.append(time.process_time() - begin)
        if not m.se < 1:
            continue
        error.append(m.gemiddelde - truth)
        covers.append(m.ondergrens <= truth <= m.bovengrens)
        site.append(np.mean((m.onder <= drawn.logits) & (drawn.logits <= m.boven)))
        new.append(m.predict[0] <= truth + tau * rng.standard_normal() <= m.predict[1])
        simple = plain(drawn.counts)
        plainly.append((simple[0] - truth, simple[1] <= truth <= simple[2]))
    other = np.mean(plainly, axis=0)
    return {
        "uitkomst": len(error) / studies,
        "vertekening": float(np.mean(error)),
        "dekking": float(np.mean(covers)),
        "dekking_regio": float(np.mean(site)),
        "dekking_nieuw": float(np.mean(new)),
        "gewoon_vertekening": float(other[0]),
        "gewoon_dekking": float(other[1]),
        "ms": 1000 * float(np.median(seconds)),
    }


def outside(share: float, sizes: tuple[int, int], *, studies: int) -> dict[str, float]:
    """Return which part of the sites lies outside the limits when all share the same chance."""
    rng = np.random.default_rng([SEED, 1, round(1000 * share), *sizes])
    noisy: dict[float, list[float]] = {niveau: [] for niveau in NIVEAU}
    without = []
    for _ in range(studies):
        drawn = study(rng, share, 0.0, sizes)
        if drawn is None:
            continue
        counts, target = drawn.counts, drawn.whole
        for niveau, beyond in noisy_funnel(counts, target).buiten.items():
            noisy[niveau].append(float(beyond.mean()))
        under, above = control_limits("binomiaal", target, (counts.t + counts.r).astype(float), niveau=STRICT)
        without.append(float(((counts.shares < under) | (counts.shares > above)).mean()))
    return {
        **{f"buiten_{NIVEAU[niveau]}": float(np.mean(part)) for niveau, part in noisy.items()},
        f"zonder_ruis_{NIVEAU[STRICT]}": float(np.mean(without)),
    }


def markdown(rows: list[dict[str, object]]) -> str:
    """Return rows as a table."""
    head = list(rows[0])
    lines = [[f"{v:.3f}" if isinstance(v, float) else str(v) for v in row.values()] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *lines))


def measure(studies: int = STUDIES) -> dict[str, list[dict[str, object]]]:
    """Return both tables."""
    size = {s: f"{s[0]}-{s[1]}" for s in SIZES}
    means = [
        {"huishoudens": size[s], "aandeel": p, "tau": tau, **pooled(p, tau, s, studies=studies)}
        for s in SIZES
        for p in SHARES
        for tau in SPREADS
    ]
    funnels = [
        {"huishoudens": size[s], "aandeel": p, **outside(p, s, studies=studies)}
        for s in SIZES
        for p in SHARES
    ]
    return {
        f"Regio's samengenomen, {SITES} regio's, op de logitschaal": means,
        "Trechter zonder echt verschil, deel van de regio's buiten de grens": funnels,
    }


def main(studies: int = STUDIES) -> None:
    """Print both tables."""
    print("\n\n".join(f"{caption}:\n\n{markdown(rows)}" for caption, rows in measure(studies).items()))


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))

"""The other way: what so many households of one study can show, each taken as independent of the others.

References
----------
Fleiss, Levin and Paik (2003), Statistical methods for rates and proportions, chapter 4,
doi:10.1002/0471445428
Hanley and Lippman-Hand (1983), If nothing goes wrong, is everything all right?,
doi:10.1001/jama.1983.03330370053031
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from toekomstscenario_eval.designs._assignment import LEVEL
from toekomstscenario_eval.designs._noisy_limits import share_variance
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.intervals import Interval, clopper_pearson, wilson, z_waarde
from toekomstscenario_eval.power.formula import t_chance
from toekomstscenario_eval.protection.noise import Noise

# Of more households than this in a group not every table is gone through.
MOST_EXACT = 1_500
_LEAST, _MOST = 2, 1_000_000
_SAME = 1e-7  # chances of tables nearer than this part are ties, as in R


def check(naam: str, households: int) -> None:
    """Refuse a number of households that is none."""
    whole = isinstance(households, int) and not isinstance(households, bool)
    if not whole or not _LEAST <= households <= _MOST:
        raise GebruikFout(
            "dit aantal huishoudens kan niet",
            waar=naam,
            verwacht=f"een geheel getal van {_LEAST} tot en met {_MOST}",
            kreeg=str(households),
        )


def with_noise(k: int, n: int, noise: Noise) -> Interval:
    """Return Wilson's interval of a share when both sides of it are published with noise.

    With the number of households that gives the variance of chance and noise together,
    p (1 - p) / (p (1 - p) / n + V ((1 - p)^2 + p^2) / n^2); p strictly between 0 and 1.
    """
    p = k / n
    return wilson(p, p * (1 - p) / float(share_variance(noise, p, n)))


def seen_at_least_once(rarity: float, n: int) -> float:
    """Return the chance that what happens to a part `rarity` happens to one or more of n."""
    return -math.expm1(n * math.log1p(-rarity))


def needed_to_see(rarity: float, chance: float) -> int:
    """Return how many are needed to see at least one with this chance."""
    return math.ceil(math.log1p(-chance) / math.log1p(-rarity) - 1e-12)


def highest_after_none(n: int) -> float:
    """Return the largest share under which none in n is not too unlikely: 1 - 0.05^(1/n), about 3 / n."""
    return -math.expm1(math.log(LEVEL) / n)


def normal_chance(base: float, other: float, n: int, m: int) -> float:
    """Return the chance that two shares, of n and of m, are found to differ: the test by the pooled share.

    With p the pooled share, s0^2 = p (1 - p) (1/n + 1/m) and s1^2 the sum of the own variances:
    Phi((|difference| - z s0) / s1), and as much less on the other side.
    """
    pooled = (base * n + other * m) / (n + m)
    equal = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    apart = math.sqrt(base * (1 - base) / n + other * (1 - other) / m)
    gap, edge = abs(base - other), z_waarde() * equal
    if not apart:
        return float(gap > edge)
    return float(special.ndtr((gap - edge) / apart) + special.ndtr((-gap - edge) / apart))


def exact_chance(base: float, other: float, n: int, m: int) -> float:
    """Return the chance that Fisher's exact test finds a difference at 5%, over every table there can be."""
    return float(_binomial(base, n) @ _refused(n, m) @ _binomial(other, m))


def _binomial(p: float, n: int) -> NDArray[np.float64]:
    k = np.arange(n + 1)
    log = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return np.asarray(np.exp(log + special.xlogy(k, p) + special.xlog1py(n - k, -p)))


@lru_cache(maxsize=4)
def _refused(n: int, m: int) -> NDArray[np.float64]:
    """Return for each pair of counts 1 where Fisher's two-sided p is at most 5%, and 0 elsewhere."""
    out = np.zeros((n + 1, m + 1))
    fact = special.gammaln(np.arange(n + m + 1) + 1)
    for total in range(n + m + 1):
        a = np.arange(max(0, total - m), min(n, total) + 1)
        b = total - a
        log = fact[n] - fact[a] - fact[n - a] + fact[m] - fact[b] - fact[m - b]
        chance = np.exp(log - special.logsumexp(log))
        order = np.argsort(chance)
        last = np.searchsorted(chance[order], chance * (1 + _SAME), side="right")
        out[a, b] = np.cumsum(chance[order])[last - 1] <= LEVEL
    return out


def smallest_difference(
    chance_of: Callable[[float, float, int, int], float],
    base: float,
    n: int,
    m: int,
    *,
    sign: int,
    chance: float,
) -> float:
    """Return how far a share of n must lie from `base`, that of m, to be found with `chance`; or NaN."""
    top = (1 - base if sign > 0 else base) * (1 - 1e-9)

    def short(d: float) -> float:
        return chance_of(base + sign * d, base, n, m) - chance

    return math.nan if short(top) < 0 else float(optimize.brentq(short, 0.0, top, xtol=1e-9))


def smallest_change(n: int, chance: float) -> float:
    """Return the smallest mean change of a score found in n households, in SDs of their changes."""

    def short(d: float) -> float:
        return t_chance(d * math.sqrt(n), n - 1, LEVEL) - chance

    return float(optimize.brentq(short, 0.0, 1_000.0, xtol=1e-9))


def same_side_needed() -> int:
    """Return how many households must change, all to the same side, before a sign test finds it."""
    return math.ceil(math.log2(2 / LEVEL))


@dataclass(frozen=True)
class Seen:
    """A share of n households as it could be seen, with its intervals.

    `published` is that with noise; None where a report gives no number, and `why` says so.
    """

    k: int
    wilson: Interval
    exact: Interval
    published: Interval | None
    why: str = ""


@dataclass(frozen=True)
class Public:
    """What a report shows: the noise, from how many on either side, and from how many in all."""

    noise: Noise
    threshold: int
    least: int


def shares_seen(n: int, shares: Sequence[float], public: Public | None) -> tuple[Seen, ...]:
    """Return what is seen of n households when about these parts have it; the same count stands once."""
    counts = dict.fromkeys(round(n * share) for share in shares)
    return tuple(_seen(k, n, public) for k in counts)


def _seen(k: int, n: int, public: Public | None) -> Seen:
    low, high = wilson(k / n, n), clopper_pearson(k, n)
    if public is None:
        return Seen(k, low, high, None)
    if n < public.least:
        return Seen(k, low, high, None, f"niet openbaar: minder dan {public.least} huishoudens")
    if min(k, n - k) < public.threshold:
        return Seen(k, low, high, None, f"alleen in woorden: minder dan {public.threshold}")
    return Seen(k, low, high, with_noise(k, n, public.noise))

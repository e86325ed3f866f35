"""Control limits of a share that is made of protected counts: chance and noise together.

Of n households that share the chance p, t have it and r = n - t have not; both are published with noise of
their own. What is seen is t* / (t* + r*), of which every value and its probability are known.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from toekomstscenario_eval.protection.noise import Noise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Counts further from the expected one than this many standard deviations, or this many, do not occur.
_SPREAD, _LEAST = 7.0, 12.0
# Of more sizes than this the limits are interpolated.
_KNOTS = 40
_ROUNDING = 1e-9


def share_variance(noise: Noise, p: float | Floats, n: float | Floats) -> Floats:
    """Return the variance of a published share: V ((1 - p)^2 + p^2) / n^2 beside p (1 - p) / n."""
    return np.asarray(p * (1 - p) / n + noise.v * ((1 - p) ** 2 + p**2) / n**2)


def noisy_limits(noise: Noise, p: float, n: Floats, niveau: float) -> tuple[Floats, Floats]:
    """Return the lower and upper limit of a published share of each size.

    Parameters
    ----------
    p : float
        The share that all have in truth, strictly between 0 and 1.
    n : array
        Households; positive.
    niveau : float
        At most (1 - niveau) / 2 of the published shares lie beyond either limit.
    """
    sizes = np.unique(np.maximum(np.rint(n), 1.0))
    if len(sizes) > _KNOTS:
        sizes = np.unique(np.rint(np.geomspace(sizes[0], sizes[-1], _KNOTS)))
    bounds = np.array([_bounds(noise, p, int(size), niveau) for size in sizes])
    # The width runs with one over the root of n: so far from p it hardly changes between two sizes.
    wide = (bounds - p) * np.sqrt(sizes)[:, None]
    under, above = (np.interp(n, sizes, wide[:, side]) / np.sqrt(n) + p for side in (0, 1))
    # What is seen may be a limit itself; rounding should not put it outside.
    return np.maximum(under - _ROUNDING, 0.0), np.minimum(above + _ROUNDING, 1.0)


def _bounds(noise: Noise, p: float, n: int, niveau: float) -> tuple[float, float]:
    shares, cumulative = _distribution(noise, p, n)
    alpha = (1 - niveau) / 2
    under, above = np.interp((alpha, 1 - alpha), cumulative, shares)
    return float(under), float(above)


@lru_cache(maxsize=512)
def _distribution(noise: Noise, p: float, n: int) -> tuple[Floats, Floats]:
    """Return the published shares in order, and how likely it is to see at most each of them."""
    spread = max(_SPREAD * float(np.sqrt(n * p * (1 - p))), _LEAST)
    t = np.arange(max(0, int(n * p - spread)), min(n, int(n * p + spread)) + 1)
    log = special.gammaln(n + 1) - special.gammaln(t + 1) - special.gammaln(n - t + 1)
    chance = np.exp(log + special.xlogy(t, p) + special.xlog1py(n - t, -p))
    wide, last = 2 * noise.d + 1, len(noise.rows) - 1
    row_t, row_r = (noise.rows[np.minimum(count, last)] for count in (t, n - t))
    # By published t, and by how much both published counts together are more than n.
    both = np.zeros((len(t) + wide - 1, 2 * wide - 1))
    for e in range(wide):
        both[e : e + len(t), e : e + wide] += (chance * row_t[:, e])[:, None] * row_r
    published = t[0] - noise.d + np.arange(len(both))
    total = n - 2 * noise.d + np.arange(2 * wide - 1)
    seen = (both > 0) & (total > 0)
    share = (published[:, None] / np.where(total > 0, total, 1))[seen]
    order = np.argsort(share, kind="stable")
    cumulative = np.cumsum(both[seen][order])
    return share[order], cumulative / cumulative[-1]

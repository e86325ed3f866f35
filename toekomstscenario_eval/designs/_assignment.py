"""Two kinds of unit compared by every way in which the kinds could have been assigned to the units.

Without a difference the kinds are labels that could have stood at any of the units. With a units of the one
kind and b of the other there are C(a + b, a) assignments; p is the part of these under which the difference
of the means is at least as far from zero as the one that was seen. So p takes no normal distribution, and
cannot be less than one over the number of assignments (two over it when a = b: the mirror image is as far).

The interval is that of the shift model: each unit of the first kind would have been lower by the same amount
delta, had it been of the second. It holds every delta that the test does not refuse at 5%. Under assignment
j the difference, after taking off delta, is d_j - delta c_j, with c_j = (own units among the first) / a -
(own units among the second) / b. It is as far away as the one seen, |d - delta|, for the delta between
(d - d_j) / (1 - c_j) and (d + d_j) / (1 + c_j); d itself lies in each of these. So p falls to both sides of
d, and the bounds follow from sorting, without a search.

References
----------
Fisher (1935), The Design of Experiments, section 21
Ernst (2004), Permutation methods: a basis for exact inference, doi:10.1214/088342304000000396
Phipson and Smyth (2010), a sample of assignments, doi:10.2202/1544-6115.1585
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
LEVEL = 0.05
# Up to so many assignments all are made; of more a sample with a fixed seed.
_ALL, _SAMPLE, _SEED = 50_000, 19_999, 20261130
_SAME = 1e-9  # differences that are nearer than this part of the largest deviation are ties


@dataclass(frozen=True)
class Assignments:
    """How often the kinds could have been assigned, known before any figure is looked at.

    Attributes
    ----------
    aantal : int
        Assignments that are made, the one that was seen among them.
    alle : bool
        Whether these are all there are; otherwise a sample.
    kleinste : float
        The smallest p that can come out.
    """

    aantal: int
    alle: bool
    kleinste: float

    @property
    def reaches(self) -> bool:
        """Whether a difference can be found at 5% at all."""
        return self.kleinste <= LEVEL


@dataclass(frozen=True)
class Outcome:
    """Difference of the means, p, and the bounds of the 95% interval, each of the shape of the studies.

    Bounds are infinite when the smallest p is above 5%: then no delta is refused.
    """

    gap: Floats
    p: Floats
    under: Floats
    above: Floats


def possible(a: int, b: int) -> Assignments:
    """Return how many assignments there are of `a` units of one kind and `b` of the other, both 1 or more."""
    every = comb(a + b, a)
    number = every if every <= _ALL else _SAMPLE + 1
    least = 2 if a == b and number == every else 1
    return Assignments(number, number == every, least / number)


@lru_cache(maxsize=8)
def weights(a: int, b: int) -> Floats:
    """Return by assignment the weight of each unit in the difference; the first is the one that was seen."""
    k = a + b
    if possible(a, b).alle:
        chosen = np.array(list(combinations(range(k), a)), dtype=np.intp)
    else:
        rng = np.random.default_rng([_SEED, a, b])
        drawn = rng.permuted(np.tile(np.arange(k), (_SAMPLE, 1)), axis=1)[:, :a]
        chosen = np.vstack([np.arange(a), drawn])
    out = np.full((len(chosen), k), -1 / b)
    np.put_along_axis(out, chosen, 1 / a, axis=1)
    return out


def compare(first: Floats, second: Floats) -> Outcome:
    """Compare the means of two kinds of unit by assignment.

    Parameters
    ----------
    first, second : array of shape (..., a) and (..., b)
        The figure of each unit; leading axes are studies apart.

    Returns
    -------
    Outcome
        In the unit of the figures, of the leading shape.

    Notes
    -----
    Everything about the shift model is in the text of this module.
    """
    y = np.concatenate([first, second], axis=-1).astype(np.float64)
    y -= y.mean(axis=-1, keepdims=True)
    made, a = weights(first.shape[-1], second.shape[-1]), first.shape[-1]
    d = y @ made.T
    gap = d[..., :1]
    tie = _SAME * np.abs(y).max(axis=-1, keepdims=True)
    p = (np.abs(d) >= np.abs(gap) - tie).mean(axis=-1)
    c = made[:, :a].sum(axis=1)
    bounds = _held(gap - d, 1 - c), _held(gap + d, 1 + c)
    refused = int(np.floor(LEVEL * len(made) + _SAME))
    # A delta with so many or fewer assignments as far away is refused.
    low = np.sort(np.minimum(bounds[0][0], bounds[1][0]), axis=-1)[..., refused]
    high = -np.sort(-np.maximum(bounds[0][1], bounds[1][1]), axis=-1)[..., refused]
    return Outcome(gap[..., 0], p, low, high)


def _held(step: Floats, by: Floats) -> tuple[Floats, Floats]:
    """Return step / by as a lower and an upper bound: infinite where delta changes nothing."""
    free = np.abs(by) < _SAME
    at = step / np.where(free, 1.0, by)
    return np.where(free, -np.inf, at), np.where(free, np.inf, at)


def no_surer(out: Outcome, own: Floats) -> Outcome:
    """Return the outcome no surer than the units' own errors allow.

    Units that lie close together by chance know no more than what was measured of each. `own` is the standard
    error of the difference by these errors alone; the interval holds gap -/+ z own, and p is at least that of
    gap / own (normal). Zero lies outside the interval just when p is at most 5%, as before.
    """
    z = np.abs(out.gap) / np.where(own > 0, own, np.nan)
    p = np.where(own > 0, 2 * special.ndtr(-z), 0.0)
    half = special.ndtri(1 - LEVEL / 2) * own
    under, above = np.minimum(out.under, out.gap - half), np.maximum(out.above, out.gap + half)
    return Outcome(out.gap, np.maximum(out.p, p), under, above)

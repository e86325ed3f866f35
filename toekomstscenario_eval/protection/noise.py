"""The table of noise: which published count may stand for which true one, and how likely.

Made by maximum entropy: of all tables that are unbiased, have the variance asked for, stay within the
bound and never publish 1..js, the one that says least. Solved anew on load; a combination without a
solution is refused.

References
----------
Giessing (2016), Computational issues in the design of transition probabilities and disclosure risk
estimation for additive noise, doi:10.1007/978-3-319-45381-1_18
Marley and Leaver (2011), A method for confidentialising user-defined tables, Int. Statistical Inst.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.errors import OnthullingsFout

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_TOLERANCE = 1e-10
_STEPS = 500
# A published zero may be a few; beyond the second in a row there is hardly ever anybody left.
ZEROS, ZERO_VARIANCE = 2, 2.0


@dataclass(frozen=True)
class Noise:
    """The noise of a policy: bound `d`, variance `v`, and the published counts 1..`js` that never occur.

    Raises
    ------
    OnthullingsFout
        When no table keeps all of this.
    """

    d: int
    v: float
    js: int

    def __post_init__(self) -> None:
        if self.d < 1 or self.v <= 0 or self.js < 0:
            raise _infeasible(self)
        _ = self.rows

    @cached_property
    def rows(self) -> Floats:
        """Probabilities, shape (d + js + 2, 2 d + 1): row i, column published count minus i plus d.

        The last row holds for its count and every larger one.
        """
        return _rows(self.d, self.v, self.js)

    @cached_property
    def _cumulative(self) -> Floats:
        return np.cumsum(self.rows, axis=1)

    def draw(self, counts: Ints, u: Floats) -> Ints:
        """Return the published counts for true `counts` and uniform numbers `u` in [0, 1), by inversion."""
        row = np.minimum(counts, len(self.rows) - 1)
        column = (self._cumulative[row] <= u[:, None]).sum(axis=1)
        # Rounding may leave the last sum just under 1: stay on what the row allows.
        last = self.rows.shape[1] - 1 - (self.rows[row][:, ::-1] > 0).argmax(axis=1)
        return np.asarray(np.where(counts > 0, counts + np.minimum(column, last) - self.d, 0), dtype=np.int64)

    def likelihood(self, published: int, top: int) -> Floats:
        """Return the probability that `published` stands for each true count 0..`top`, shape (top + 1,)."""
        true = np.arange(top + 1)
        shift = published - true + self.d
        inside = (shift >= 0) & (shift <= 2 * self.d)
        row = np.minimum(true, len(self.rows) - 1)
        return np.asarray(np.where(inside, self.rows[row, np.clip(shift, 0, 2 * self.d)], 0.0))


def draws(weight: Floats, published: Floats, v: float) -> tuple[Floats, Floats]:
    """Return what each draw of noise is multiplied by in sums of one series of nested counts.

    Parameters
    ----------
    weight : array of shape (..., j)
        What each count is multiplied by.
    published : array of j counts
        From the largest set to the smallest.
    v : float
        Variance of the noise of one count.

    Returns
    -------
    weight, variance : arrays of shape (..., draws) and (draws)
        Sums of weights over runs of equal counts, with variance v; of the zeros only the first two count,
        with variance 2.
    """
    starts = np.flatnonzero(np.concatenate(([True], published[1:] != published[:-1])))
    together = np.add.reduceat(weight, starts, axis=-1) * (published[starts] > 0)
    zeros = np.flatnonzero(published == 0)[:ZEROS]
    variance = np.concatenate((np.full(len(starts), v), np.full(len(zeros), ZERO_VARIANCE)))
    return np.concatenate((together, weight[..., zeros]), axis=-1), variance


def noise_variance(weight: Floats, published: Floats, v: float) -> Floats:
    """Return the variance that noise gives to sums of one series of nested counts; see `draws`."""
    each, variance = draws(weight, published, v)
    return np.asarray((each**2 * variance).sum(axis=-1))


def noise_of_ratio(p: float, n: float, v: float) -> float:
    """Return the variance that noise gives to t / n, both drawn each on its own: V (1 + p^2) / n^2."""
    return v * (1 + p * p) / n**2


def _infeasible(noise: Noise) -> OnthullingsFout:
    return OnthullingsFout(
        "deze ruis bestaat niet",
        verwacht="een grens D, een variantie V en een kleinste getal js die samen kunnen",
        kreeg=f"D {noise.d}, V {noise.v:g}, js {noise.js}",
        herstel="neem een grotere D, een andere V of een kleinere js; standaard is D 6, V 3, js 2",
    )


@cache
def _rows(d: int, v: float, js: int) -> Floats:
    steps = np.arange(-d, d + 1, dtype=np.float64)
    out = np.zeros((d + js + 2, 2 * d + 1))
    out[0, d] = 1.0
    for i in range(1, len(out)):
        published = i + steps
        allowed = (published >= 0) & ~((published >= 1) & (published <= js))
        row = _row(steps[allowed], v)
        if row is None:
            raise _infeasible_of(d, v, js)
        out[i, allowed] = row
    return out


def _infeasible_of(d: int, v: float, js: int) -> OnthullingsFout:
    bare = object.__new__(Noise)
    for name, value in (("d", d), ("v", v), ("js", js)):
        object.__setattr__(bare, name, value)
    return _infeasible(bare)


def _row(steps: Floats, v: float) -> Floats | None:
    """Return p proportional to exp(a d + b d^2) with mean 0 and variance v; None when there is none.

    Newton's method on the dual, log sum exp(a d + b (d^2 - v)), which is convex; with halved steps.
    """
    if not steps.size:
        return None
    features = np.stack([steps, steps**2 - v])

    def dual(t: Floats) -> tuple[float, Floats]:
        z = t @ features
        top = float(z.max())
        weight = np.exp(z - top)
        return top + float(np.log(weight.sum())), weight / weight.sum()

    t = np.zeros(2)
    value, p = dual(t)
    for _ in range(_STEPS):
        slope = features @ p
        if np.abs(slope).max() < _TOLERANCE:
            return p
        curvature = (features * p) @ features.T - np.outer(slope, slope)
        step = np.linalg.lstsq(curvature, -slope, rcond=None)[0]
        size = 1.0
        while size > 1e-12:
            new_value, new_p = dual(t + size * step)
            if (
                new_value <= value + 1e-4 * size * float(slope @ step)
                or np.abs(features @ new_p).max() < _TOLERANCE
            ):
                break
            size /= 2
        else:
            return None
        t, value, p = t + size * step, new_value, new_p
    return None

"""What a published count and all that it adds up to say about the true count: a closed form.

References
----------
Rasmussen and Williams (2006), Gaussian processes for machine learning, section 3.6 (cavity distributions)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import gammaln

from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.protection.noise import Noise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Counts of 1 up to this are small.
SMALL = 9
# Groups differ more than by chance: the variance of what is expected is mean + mean^2 / SHAPE. Own choice.
SHAPE = 2.0
_LEAST_MEAN, _LEAST_VARIANCE = 0.05, 1e-6
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Parents:
    """Published sums of base cells.

    Attributes
    ----------
    matrix : scipy sparse array, shape (parents, cells)
        1 where the cell is a part of the sum.
    published : array, shape (parents,)
        What was published of each sum.
    variance : array, shape (parents,)
        Variance of its noise: V of one count, m V of m counts added up.
    """

    matrix: Any
    published: Floats
    variance: Floats


def posterior(own: Ints, prior_mean: Floats, parents: Parents, noise: Noise) -> tuple[Ints, Floats]:
    """Return what the true counts may be, and how likely each is; two arrays of shape (cells, 2 D + 1).

    Own row of the table of noise x negative-binomial prior x Gaussian cavity. With x ~ (m, diag v) after the
    first two, and y = P x + e, the gain is W = diag(v) P' (P diag(v) P' + diag(e))^-1; the cavity is what it
    adds to each cell, in natural parameters 1/s - 1/v and mu/s - m/v.

    Parameters
    ----------
    own : array, shape (cells,)
        Published counts.
    prior_mean : array, shape (cells,)
        What a stranger would expect each to be.
    parents : Parents
        Published sums of these cells.
    noise : Noise
        How published counts differ from true ones.
    """
    true = own[:, None] + np.arange(-noise.d, noise.d + 1)
    alone = np.where(true >= 0, _likelihood(own, true, noise), 0.0) * _prior(np.maximum(true, 0), prior_mean)
    together = alone.sum(axis=1, keepdims=True)
    if not together.all():
        raise OnthullingsFout(
            "een openbaar aantal kan niet met deze ruis zijn gemaakt",
            verwacht=f"geen aantal van 1 tot en met {noise.js}, of onder nul",
            herstel="neem de openbare aantallen zoals zij zijn gemaakt, met hun eigen ruis",
        )
    alone /= together
    mean = (alone * true).sum(axis=1)
    variance = np.maximum((alone * (true - mean[:, None]) ** 2).sum(axis=1), _LEAST_VARIANCE)
    shift, precision = _cavity(mean, variance, parents)
    # About the mean of each cell, so that large counts do not overflow.
    away = true - mean[:, None]
    exponent = shift[:, None] * away - precision[:, None] * away**2 / 2
    exponent = np.where(alone > 0, exponent, -np.inf)
    both = alone * np.exp(exponent - exponent.max(axis=1, keepdims=True))
    return true, both / both.sum(axis=1, keepdims=True)


def certainty(own: Ints, prior_mean: Floats, parents: Parents, noise: Noise) -> Floats:
    """Return for each cell the largest probability of any one true count of 1 to `SMALL`; see `posterior`."""
    true, likely = posterior(own, prior_mean, parents, noise)
    small = (true >= 1) & (true <= SMALL)
    return np.asarray(np.where(small, likely, 0.0).max(axis=1, initial=0.0))


def _likelihood(own: Ints, true: Ints, noise: Noise) -> Floats:
    row = np.clip(true, 0, len(noise.rows) - 1)
    return np.asarray(noise.rows[row, own[:, None] - true + noise.d])


def _prior(true: Ints, mean: Floats) -> Floats:
    """Return the negative-binomial probability of each true count, up to a factor per cell."""
    m = np.maximum(mean, _LEAST_MEAN)[:, None]
    log = gammaln(true + SHAPE) - gammaln(true + 1.0) + true * np.log(m / (m + SHAPE))
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))


def _cavity(mean: Floats, variance: Floats, parents: Parents) -> tuple[Floats, Floats]:
    """Return what the parents say about each cell: slope at its mean, and precision."""
    p = sparse.csr_array(parents.matrix, dtype=np.float64)
    pull, known = np.zeros_like(mean), np.zeros_like(mean)
    if not p.shape[0]:
        return pull, known
    spread = sparse.csr_array(p @ sparse.diags_array(variance) @ p.T + sparse.diags_array(parents.variance))
    rest = parents.published - p @ mean
    count, label = sparse.csgraph.connected_components(spread, directed=False)
    lone = np.bincount(label, minlength=count)[label] == 1
    inverse = np.where(lone, 1 / spread.diagonal(), 0.0)
    pull += p.T @ (inverse * rest)
    known += p.power(2).T @ inverse
    tied = np.flatnonzero(~lone)
    for rows in (tied[label[tied] == c] for c in np.unique(label[tied])):
        inside = p[rows]
        block = np.linalg.inv(spread[rows][:, rows].toarray())
        pull += inside.T @ (block @ rest[rows])
        columns = np.unique(inside.indices)
        for start in range(0, len(columns), _AT_ONCE):
            some = columns[start : start + _AT_ONCE]
            piece = inside[:, some]
            known[some] += piece.multiply((piece.T @ block).T).sum(axis=0)
    # Posterior variance s = v - v^2 q and mean m + v u; 1/s - 1/v = q / (1 - v q), and mu/s - m/v about m.
    left = np.maximum(1 - variance * known, _LEAST_VARIANCE)
    return np.asarray(pull / left), np.asarray(known / left)

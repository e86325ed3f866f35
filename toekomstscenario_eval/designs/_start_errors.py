"""The error that each way of handing out the starts is divided by (`_start_assignments.py`).

By wave: se^2 = sum over g of n_g / (n_g - 1) sum over i in g of (s[i, g] - mean)^2, Neyman's error, from the
figures alone.

By region: with the variance v_it that is known of each figure (households, noise of publication), the part of
region i in wave g varies by k_ig = sum over t of C[g, t]^2 v_it for what is known, and by tau_g^2 for what
regions differ beyond that, so se^2 = sum over i of (tau_g^2 + k_ig) / n_g^2. The sum of tau_g^2 / n_g is the
same for every way, and must be found without looking at who started: from the variance S_g^2 of C[g] . y_i
over all regions, which without an effect all have one mean. An effect delta is taken off first, so S_g^2 is
quadratic in delta. S_g^2 less the mean of k_ig has error S_g^2 sqrt(2 / (N - 1)) and may come out below zero
by chance; tau_g^2 is the mean of its positive part, so that differences that do not show are not taken for
none. When regions are alike in v, the test stays exact; when they are not, each way has an error that fits
its regions.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special

from toekomstscenario_eval.designs._shift_test import Draws, Floats
from toekomstscenario_eval.designs._start_ways import Ways
from toekomstscenario_eval.designs._waves import Ints, NoComparison

_SAME = 1e-9


def spread(form: Floats, ways: Ways) -> tuple[Ints, Floats, Floats]:
    """Return the waves that count, and the weights of squares and of squared sums in Neyman's error."""
    waves = np.flatnonzero((form != 0).any(axis=1))
    n = ways.size[waves]
    if (n < 2).any():
        raise NoComparison("a wave of one region has no spread of its own")
    return waves, n / (n - 1.0), 1 / (n - 1.0)


def tie_of(s: Floats) -> float:
    """Return below which difference statistics of these scores are as far."""
    return float(_SAME * np.abs(s).max(axis=1).sum())


def seen_of(ways: Ways, values: Floats) -> Floats:
    """Return the sums (M,) of the way that was seen."""
    out: Floats = values[:, np.arange(len(ways.seen)), ways.seen].sum(axis=1)
    return out


def filled(ways: Ways, values: Floats) -> Floats:
    """Return the sums of all ways as one array (M, J)."""
    out, at = np.empty((len(values), ways.number)), 0
    for block in ways.sums(values):
        out[:, at : at + block.shape[1]] = block
        at += block.shape[1]
    return out


def by_variance(ways: Ways, s: Floats, b: Floats, variance: Floats) -> Draws:
    """Return the ways with their error from given variances."""
    values = np.stack([s, b, variance])
    d, c, v = filled(ways, values)
    still = np.zeros_like(v)
    return Draws(
        d, c, np.stack([v, still, still]), np.concatenate([seen_of(ways, values), [0.0, 0.0]]), tie_of(s)
    )


def known(form: Floats, ways: Ways, own: Floats) -> Floats:
    """Return what each region adds to the squared error in each wave by its own variances (..., N, T)."""
    out: Floats = own @ (form / np.maximum(ways.size, 1)[:, None]).T ** 2
    return out


def beyond(ways: Ways, s: Floats, k: Floats) -> Floats:
    """Return the sum over waves of tau_g^2 / n_g, of scores and known parts (..., N, G), no effect."""
    return _positive(s.var(axis=-2, ddof=1), k.mean(axis=-2), len(ways.seen)) @ ways.size


def _positive(total: Floats, part: Floats, number: int) -> Floats:
    """Return the mean of the positive part of a variance less a known one, of so many regions."""
    error = np.maximum(total * np.sqrt(2 / (number - 1)), np.finfo(float).tiny)
    z = np.maximum((total - part) / error, -30.0)  # nothing is left below
    out: Floats = error * (np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) + z * special.ndtr(z))
    return out


def by_region(ways: Ways, s: Floats, b: Floats, k: Floats) -> Draws:
    """Return the ways with their error from what is known of regions, and what they differ beyond that."""
    both = np.stack([s, b])
    covariance = ((both - both.mean(axis=1, keepdims=True)) * (s - s.mean(axis=0))).sum(axis=1) / (len(s) - 1)
    linear, square, part = -2 * covariance[1], b.var(axis=0, ddof=1), k.mean(axis=0)

    def common(delta: float) -> float:
        total = np.maximum(covariance[0] + delta * (linear + delta * square), 0.0)
        return float(_positive(total, part, len(s)) @ ways.size)

    return replace(by_variance(ways, s, b, k), common=common)


def by_wave(form: Floats, ways: Ways, s: Floats, b: Floats) -> Draws:
    """Return the ways with Neyman's error, of which the square is quadratic in the effect."""
    waves, each, less = spread(form, ways)
    square = np.zeros((3, *s.shape))
    square[:, :, waves] = each * np.stack([s**2, -2 * s * b, b**2])[:, :, waves]
    only = np.zeros((2, len(waves), *s.shape))
    for k, g in enumerate(waves):
        only[0, k, :, g], only[1, k, :, g] = s[:, g], b[:, g]
    values = np.concatenate([square, only.reshape(-1, *s.shape)])

    def combined(sums: Floats) -> Floats:
        """Return d, c and the three coefficients, of sums of squares and sums by wave."""
        of_s, of_b = sums[3:].reshape(2, len(waves), -1)
        k = less[:, None]
        out = np.empty((5, sums.shape[1]))
        out[0], out[1] = of_s.sum(axis=0), of_b.sum(axis=0)
        out[2] = sums[0] - (k * of_s**2).sum(axis=0)
        out[3] = sums[1] + 2 * (k * of_s * of_b).sum(axis=0)
        out[4] = sums[2] - (k * of_b**2).sum(axis=0)
        return out

    found, at = np.empty((5, ways.number)), 0
    for block in ways.sums(values):
        found[:, at : at + block.shape[1]] = combined(block)
        at += block.shape[1]
    return Draws(found[0], found[1], found[2:], combined(seen_of(ways, values)[:, None])[:, 0], tie_of(s))

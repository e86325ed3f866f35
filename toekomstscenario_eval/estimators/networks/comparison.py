"""Comparing networks: between groups of sites and before and after, by permutation."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import comb

import numpy as np
from numpy.typing import NDArray

# Up to so many arrangements all are looked at; beyond, this many random ones.
ALL_UP_TO = 20_000
ALPHA = 0.05


@dataclass(frozen=True)
class Permutation:
    """The difference of two means over sites, and how rare it is when sites are dealt at random.

    Attributes
    ----------
    verschil : float
    p : float
        Two-sided; NaN when nothing can be said.
    smallest_p : float
        The smallest that so few sites allow.
    reden : str
        Filled when the networks are too few or too small to compare.
    """

    verschil: float
    p: float
    smallest_p: float
    arrangements: int
    exact: bool
    reden: str = ""


def between(one: NDArray[np.float64], two: NDArray[np.float64], *, seed: int = 0) -> Permutation:
    """Compare the mean over two sets of sites by permuting which site is in which set."""
    a, b = _known(one), _known(two)
    n, k = len(a) + len(b), len(a)
    if not k or k == n:
        return _too_small(np.nan, f"er zijn {len(a)} en {len(b)} gebieden met een bepaalde waarde")
    everything = np.concatenate([a, b])
    seen = float(a.mean() - b.mean())
    possible = comb(n, k)
    if possible <= ALL_UP_TO:
        choices = np.array(list(combinations(range(n), k)))
    else:
        rng = np.random.default_rng(seed)
        choices = rng.permuted(np.tile(np.arange(n), (ALL_UP_TO, 1)), axis=1)[:, :k]
    total = everything[choices].sum(axis=1)
    differences = total / k - (everything.sum() - total) / (n - k)
    # Two sets of one size can also be swapped, and then the mirror image is as far away.
    smallest = (2 if 2 * k == n else 1) / possible
    return _judge(seen, differences, smallest, exact=possible <= ALL_UP_TO, what=f"{k} en {n - k} gebieden")


def paired(before: NDArray[np.float64], after: NDArray[np.float64], *, seed: int = 0) -> Permutation:
    """Compare sites with themselves, before and after, by turning differences around at random."""
    d = _known(np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64))
    n = len(d)
    if not n:
        return _too_small(np.nan, "er is geen gebied met een waarde ervoor en erna")
    exact = 2**n <= ALL_UP_TO
    if exact:
        chars = np.array(list(product((1.0, -1.0), repeat=n)))
    else:
        chars = np.random.default_rng(seed).choice([1.0, -1.0], size=(ALL_UP_TO, n))
    return _judge(float(d.mean()), chars @ d / n, 2 / 2**n, exact=exact, what=f"{n} gebieden")


def _known(waarden: NDArray[np.float64]) -> NDArray[np.float64]:
    w = np.asarray(waarden, dtype=np.float64)
    return w[~np.isnan(w)]


def _too_small(difference: float, reden: str) -> Permutation:
    return Permutation(difference, np.nan, np.nan, 0, True, reden)


def _judge(
    seen: float, differences: NDArray[np.float64], smallest: float, *, exact: bool, what: str
) -> Permutation:
    far = int(np.sum(np.abs(differences) >= abs(seen) - 1e-12))
    p = far / len(differences) if exact else (far + 1) / (len(differences) + 1)
    reden = ""
    if smallest > ALPHA:
        reden = f"met {what} kan p niet onder {smallest:.2f} komen: te weinig om een verschil te laten zien"
    return Permutation(seen, p, smallest, len(differences), exact, reden.replace("0.", "0,"))

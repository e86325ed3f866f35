"""Comparing networks: between groups of sites and before and after, by permutation."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import comb

import numpy as np
from numpy.typing import NDArray

# Up to so many arrangements all are looked at; beyond, this many random ones.
ALLE_TOT = 20_000
ALFA = 0.05


@dataclass(frozen=True)
class Permutation:
    """The difference of two means over sites, and how rare it is when sites are dealt at random.

    Attributes
    ----------
    verschil : float
    p : float
        Two-sided; NaN when nothing can be said.
    kleinste_p : float
        The smallest that so few sites allow.
    reden : str
        Filled when the networks are too few or too small to compare.
    """

    verschil: float
    p: float
    kleinste_p: float
    arrangementen: int
    exact: bool
    reden: str = ""


def between(een: NDArray[np.float64], twee: NDArray[np.float64], *, seed: int = 0) -> Permutation:
    """Compare the mean over two sets of sites by permuting which site is in which set."""
    a, b = _known(een), _known(twee)
    n, k = len(a) + len(b), len(a)
    if not k or k == n:
        return _too_small(np.nan, f"er zijn {len(a)} en {len(b)} gebieden met een bepaalde waarde")
    alles = np.concatenate([a, b])
    gezien = float(a.mean() - b.mean())
    mogelijk = comb(n, k)
    if mogelijk <= ALLE_TOT:
        keuzes = np.array(list(combinations(range(n), k)))
    else:
        rng = np.random.default_rng(seed)
        keuzes = rng.permuted(np.tile(np.arange(n), (ALLE_TOT, 1)), axis=1)[:, :k]
    som = alles[keuzes].sum(axis=1)
    verschillen = som / k - (alles.sum() - som) / (n - k)
    # Two sets of one size can also be swapped, and then the mirror image is as far away.
    kleinste = (2 if 2 * k == n else 1) / mogelijk
    return _judge(gezien, verschillen, kleinste, exact=mogelijk <= ALLE_TOT, wat=f"{k} en {n - k} gebieden")


def paired(voor: NDArray[np.float64], na: NDArray[np.float64], *, seed: int = 0) -> Permutation:
    """Compare sites with themselves, before and after, by turning differences around at random."""
    d = _known(np.asarray(na, dtype=np.float64) - np.asarray(voor, dtype=np.float64))
    n = len(d)
    if not n:
        return _too_small(np.nan, "er is geen gebied met een waarde ervoor en erna")
    exact = 2**n <= ALLE_TOT
    if exact:
        tekens = np.array(list(product((1.0, -1.0), repeat=n)))
    else:
        tekens = np.random.default_rng(seed).choice([1.0, -1.0], size=(ALLE_TOT, n))
    return _judge(float(d.mean()), tekens @ d / n, 2 / 2**n, exact=exact, wat=f"{n} gebieden")


def _known(waarden: NDArray[np.float64]) -> NDArray[np.float64]:
    w = np.asarray(waarden, dtype=np.float64)
    return w[~np.isnan(w)]


def _too_small(verschil: float, reden: str) -> Permutation:
    return Permutation(verschil, np.nan, np.nan, 0, True, reden)


def _judge(
    gezien: float, verschillen: NDArray[np.float64], kleinste: float, *, exact: bool, wat: str
) -> Permutation:
    ver = int(np.sum(np.abs(verschillen) >= abs(gezien) - 1e-12))
    p = ver / len(verschillen) if exact else (ver + 1) / (len(verschillen) + 1)
    reden = ""
    if kleinste > ALFA:
        reden = f"met {wat} kan p niet onder {kleinste:.2f} komen: te weinig om een verschil te laten zien"
    return Permutation(gezien, p, kleinste, len(verschillen), exact, reden.replace("0.", "0,"))

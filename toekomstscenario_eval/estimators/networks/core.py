"""Core and periphery: who are tied to each other, and who only to the core."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class Core:
    """The best split into a core and a periphery.

    Attributes
    ----------
    binnen : array of bool, shape (actors,)
        Who is in the core.
    dichtheid_kern, dichtheid_rand : float
        Share of the possible ties that exist within the core and within the periphery.
    samenhang : float
        Correlation with the ideal pattern (all ties within the core, none within the periphery) over
        the pairs within both; NaN when it cannot be determined.
    """

    binnen: NDArray[np.bool_]
    dichtheid_kern: float
    dichtheid_rand: float
    samenhang: float


def core_periphery(matrix: sparse.csr_array) -> Core:
    """Split a network so that least ties are missing in the core and present in the periphery.

    The exact optimum takes actors in order of degree for as long as one has at least as many ties as
    the core has members; equal degrees go by position.

    References: Borgatti & Everett 2000, doi 10.1016/S0378-8733(99)00019-2 (the discrete model);
    Lip 2011, arXiv 1102.5511 (the exact solution).
    """
    n = int(matrix.shape[0])
    graad = np.diff(matrix.indptr)
    volgorde = np.lexsort((np.arange(n), -graad))
    kern = int(np.count_nonzero(graad[volgorde] > np.arange(n)))
    binnen = np.zeros(n, dtype=bool)
    binnen[volgorde[:kern]] = True
    banden_kern = _ties(matrix, binnen)
    banden_rand = _ties(matrix, ~binnen)
    paren_kern, paren_rand = kern * (kern - 1) // 2, (n - kern) * (n - kern - 1) // 2
    return Core(
        binnen,
        banden_kern / paren_kern if paren_kern else np.nan,
        banden_rand / paren_rand if paren_rand else np.nan,
        _phi(banden_kern, paren_kern, banden_rand, paren_rand),
    )


def _ties(matrix: sparse.csr_array, wie: NDArray[np.bool_]) -> int:
    plek = np.flatnonzero(wie)
    return int(matrix[plek][:, plek].nnz) // 2


def _phi(banden_kern: int, paren_kern: int, banden_rand: int, paren_rand: int) -> float:
    """Return the correlation between being tied and being a pair of the core."""
    banden, paren = banden_kern + banden_rand, paren_kern + paren_rand
    noemer = float(paren_kern) * paren_rand * banden * (paren - banden)
    if noemer <= 0:
        return np.nan
    return float(
        (banden_kern * (paren_rand - banden_rand) - (paren_kern - banden_kern) * banden_rand) / noemer**0.5
    )

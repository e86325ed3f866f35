"""Core and periphery: who are tied to each other, and who only to the core."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


def core_periphery(matrix: sparse.csr_array) -> NDArray[np.bool_]:
    """Return who is in the core: the split that misses least ties there and leaves least in the periphery.

    The exact optimum takes actors in order of degree for as long as one has at least as many ties as
    the core has members; equal degrees go by position.

    References: Borgatti & Everett 2000, doi 10.1016/S0378-8733(99)00019-2 (the discrete model);
    Lip 2011, arXiv 1102.5511 (the exact solution).
    """
    n = int(matrix.shape[0])
    degree = np.diff(matrix.indptr)
    order = np.lexsort((np.arange(n), -degree))
    core = int(np.count_nonzero(degree[order] > np.arange(n)))
    within = np.zeros(n, dtype=bool)
    within[order[:core]] = True
    return within

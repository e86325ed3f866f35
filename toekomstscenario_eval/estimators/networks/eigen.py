"""Eigenvector centrality, by a spectral method that does not stop early."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import eigsh

from toekomstscenario_eval.estimators.networks.structure import largest_component

_DICHT_TOT = 50


def eigenvector(matrix: sparse.csr_array) -> tuple[NDArray[np.float64], float]:
    """Return the eigenvector centrality of each actor, the highest 1, and the eigenvalue.

    Computed in the largest component; actors outside it get 0, since their share depends on nothing
    but the size of their own component. A network without ties gives zeros and eigenvalue 0.

    Reference: Bonacich 1987, doi 10.1086/228631.
    """
    n = int(matrix.shape[0])
    uit = np.zeros(n)
    binnen = largest_component(matrix) if n else np.zeros(0, dtype=np.int64)
    if len(binnen) < 2:
        return uit, 0.0
    deel = sparse.csr_array(matrix[binnen][:, binnen]).astype(np.float64)
    if len(binnen) <= _DICHT_TOT:
        waarden, vectoren = np.linalg.eigh(deel.toarray())
        hoogste, vector = float(waarden[-1]), vectoren[:, -1]
    else:
        # A fixed start makes the answer the same each time.
        waarden, vectoren = eigsh(deel, k=1, which="LA", v0=np.ones(len(binnen)))
        hoogste, vector = float(waarden[0]), vectoren[:, 0]
    vector = np.abs(vector)
    uit[binnen] = vector / vector.max()
    return uit, hoogste

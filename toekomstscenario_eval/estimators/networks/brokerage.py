"""Brokerage: who connects two others that are not tied to each other, and between which groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from toekomstscenario_eval.estimators.networks.clustering import Triangles

# Roles of b in a -> b -> c, where a -> c does not exist: all three of one group; the outer two of one group;
# the first two of one group; the last two of one group; all three of different groups.
ROLLEN = ("coordinator", "consultant", "vertegenwoordiger", "poortwachter", "verbinder")
# What a triangle closes by the groups of its three: a row for each of eight kinds (4 when the middle and
# the first are of one group, 2 the middle and the last, 1 the outer two), a column for each role. Both
# directions of the path through the middle count.
_DICHT = np.array(
    [
        [0, 0, 0, 0, 2],
        [0, 2, 0, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [2, 0, 0, 0, 0],
    ]
)


def gould_fernandez_undirected(
    matrix: sparse.csr_array, groep: NDArray[Any], drie: Triangles
) -> pd.DataFrame:
    """Count for each actor the open two-paths through it, by role, in an undirected network.

    Parameters
    ----------
    matrix : csr_array of shape (actors, actors)
        0/1, symmetric, no diagonal. Every open two-path counts in both directions, so that
        representative equals gatekeeper.
    groep : array of shape (actors,)
        Group of each actor, such as its domain.
    drie : Triangles
        The closed ones, found before; what is left of all two-paths is open.

    Returns
    -------
    DataFrame
        One row per actor, one column for each of `ROLLEN`.

    Reference: Gould & Fernandez 1989, doi 10.2307/270949.
    """
    code = np.unique(np.asarray(groep, dtype=str), return_inverse=True)[1]
    n = len(code)
    lid = sparse.csr_array((np.ones(n), (np.arange(n), code)), shape=(n, int(code.max(initial=-1)) + 1))
    per_groep = sparse.csr_array(sparse.csr_array(matrix, dtype=np.float64) @ lid)
    eigen = _rows(per_groep.multiply(lid))
    ander = _rows(per_groep) - eigen
    kwadraat = _rows(per_groep.multiply(per_groep)) - eigen**2
    paden = (eigen * (eigen - 1), kwadraat - ander, eigen * ander, eigen * ander, ander**2 - kwadraat)
    uit = np.column_stack(paden)
    for midden, x, y in ((drie.a, drie.b, drie.c), (drie.b, drie.a, drie.c), (drie.c, drie.a, drie.b)):
        soort = 4 * (code[midden] == code[x]) + 2 * (code[midden] == code[y]) + (code[x] == code[y])
        uit -= np.bincount(8 * midden + soort, minlength=8 * n).reshape(n, 8) @ _DICHT
    return pd.DataFrame(np.rint(uit).astype(np.int64), columns=list(ROLLEN))


def _rows(matrix: sparse.csr_array) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).reshape(-1)

"""Brokerage: who connects two others that are not tied to each other, and between which groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from toekomstscenario_eval.estimators.networks.clustering import Triangles

# Roles of b in a -> b -> c, where a -> c does not exist.
ROLLEN = ("coordinator", "consultant", "vertegenwoordiger", "poortwachter", "verbinder")
UITLEG = {
    "coordinator": "alle drie uit een groep",
    "consultant": "de buitensten uit een groep, het midden uit een andere",
    "vertegenwoordiger": "afzender en midden uit een groep, de ontvanger uit een andere",
    "poortwachter": "midden en ontvanger uit een groep, de afzender uit een andere",
    "verbinder": "alle drie uit verschillende groepen",
}
_BLOK = 2_000
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


def gould_fernandez(matrix: sparse.csr_array, groep: NDArray[Any]) -> pd.DataFrame:
    """Count for each actor the open two-paths through it, by role.

    Parameters
    ----------
    matrix : csr_array of shape (actors, actors)
        0/1, no diagonal; row to column is the direction. In an undirected network every open
        two-path counts in both directions, and representative equals gatekeeper.
    groep : array of shape (actors,)
        Group of each actor, such as its domain.

    Returns
    -------
    DataFrame
        One row per actor, one column for each of `ROLLEN`.

    Reference: Gould & Fernandez 1989, doi 10.2307/270949.
    """
    code = np.unique(np.asarray(groep, dtype=str), return_inverse=True)[1]
    alle = sparse.csr_array(matrix, dtype=np.float64)
    zelfde = _where(alle, code, gelijk=True)
    ander = _where(alle, code, gelijk=False)
    uit = {rol: np.zeros(int(alle.shape[0])) for rol in ROLLEN}
    for begin in range(0, int(alle.shape[0]), _BLOK):
        plek = slice(begin, begin + _BLOK)
        zz = _open(zelfde, zelfde, alle, plek)
        zd = _open(zelfde, ander, alle, plek)
        dz = _open(ander, zelfde, alle, plek)
        dd = _open(ander, ander, alle, plek)
        binnen = _returning(ander, code, alle, plek)
        for rol, waarde in zip(ROLLEN, (zz, binnen, zd, dz, dd - binnen), strict=True):
            uit[rol][plek] = waarde
    return pd.DataFrame({rol: np.rint(waarde).astype(np.int64) for rol, waarde in uit.items()})


def gould_fernandez_undirected(
    matrix: sparse.csr_array, groep: NDArray[Any], drie: Triangles
) -> pd.DataFrame:
    """Return `gould_fernandez` of a symmetric network from its triangles: quick on large networks."""
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


def _where(matrix: sparse.csr_array, code: NDArray[np.int64], *, gelijk: bool) -> sparse.csr_array:
    rij = np.repeat(np.arange(int(matrix.shape[0])), np.diff(matrix.indptr))
    houd = (code[rij] == code[matrix.indices]) == gelijk
    return sparse.csr_array((matrix.data[houd], (rij[houd], matrix.indices[houd])), shape=matrix.shape)


def _rows(matrix: sparse.csr_array) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).reshape(-1)


def _open(
    x: sparse.csr_array, y: sparse.csr_array, alle: sparse.csr_array, plek: slice
) -> NDArray[np.float64]:
    """Count a -> b by x and b -> c by y with a and c different and a -> c absent, for b in `plek`."""
    erin, eruit = sparse.csr_array(x.T)[plek], sparse.csr_array(y)[plek]
    terug = _rows(erin.multiply(eruit))
    dicht = _rows(sparse.csr_array(eruit @ alle.T).multiply(erin))
    return _rows(erin) * _rows(eruit) - terug - dicht


def _returning(
    ander: sparse.csr_array, code: NDArray[np.int64], alle: sparse.csr_array, plek: slice
) -> NDArray[np.float64]:
    """Count a -> b -> c by ties between groups where a and c are of one group."""
    n, k = len(code), int(code.max()) + 1 if len(code) else 0
    lid = sparse.csr_array((np.ones(n), (np.arange(n), code)), shape=(n, k))
    erin, eruit = sparse.csr_array(ander.T)[plek], ander[plek]
    samen = _rows((erin @ lid).multiply(eruit @ lid))
    terug = _rows(erin.multiply(eruit))
    dicht = _rows(sparse.csr_array(eruit @ _where(alle, code, gelijk=True).T).multiply(erin))
    return samen - terug - dicht

"""Brokerage: who connects two others that are not tied to each other, and between which groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from toekomstscenario_eval.estimators.networks.clustering import Triangles, triangles

# Roles of b in a -> b -> c, where a -> c does not exist: all three of one group; the outer two of one group;
# the first two of one group; the last two of one group; all three of different groups.
ROLLEN = ("coordinator", "consultant", "vertegenwoordiger", "poortwachter", "verbinder")
# What a triangle closes by the groups of its three: a row for each of eight kinds (4 when the middle and
# the first are of one group, 2 the middle and the last, 1 the outer two), a column for each role. Both
# directions of the path through the middle count.
_SHUT = np.array(
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
    matrix: sparse.csr_array, groep: NDArray[Any], three: Triangles
) -> pd.DataFrame:
    """Count for each actor the open two-paths through it, by role, in an undirected network.

    Parameters
    ----------
    matrix : csr_array of shape (actors, actors)
        0/1, symmetric, no diagonal. Every open two-path counts in both directions, so that
        representative equals gatekeeper.
    groep : array of shape (actors,)
        Group of each actor, such as its domain.
    three : Triangles
        The closed ones, found before; what is left of all two-paths is open.

    Returns
    -------
    DataFrame
        One row per actor, one column for each of `ROLLEN`.

    Reference: Gould & Fernandez 1989, doi 10.2307/270949.
    """
    code = np.unique(np.asarray(groep, dtype=str), return_inverse=True)[1]
    n = len(code)
    member = sparse.csr_array((np.ones(n), (np.arange(n), code)), shape=(n, int(code.max(initial=-1)) + 1))
    per_groep = sparse.csr_array(sparse.csr_array(matrix, dtype=np.float64) @ member)
    own = _rows(per_groep.multiply(member))
    other = _rows(per_groep) - own
    square = _rows(per_groep.multiply(per_groep)) - own**2
    paths = (own * (own - 1), square - other, own * other, own * other, other**2 - square)
    out = np.column_stack(paths)
    for middle, x, y in (
        (three.a, three.b, three.c),
        (three.b, three.a, three.c),
        (three.c, three.a, three.b),
    ):
        soort = 4 * (code[middle] == code[x]) + 2 * (code[middle] == code[y]) + (code[x] == code[y])
        out -= np.bincount(8 * middle + soort, minlength=8 * n).reshape(n, 8) @ _SHUT
    return pd.DataFrame(np.rint(out).astype(np.int64), columns=list(ROLLEN))


def _rows(matrix: sparse.csr_array) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).reshape(-1)


def role_parts(matrix: sparse.csr_array, groep: NDArray[Any]) -> tuple[dict[str, float], int]:
    """Return which part of the open triads is of each role, and how many open triads there are.

    Without direction the representative is the gatekeeper: together they are `poort`.

    Parameters
    ----------
    matrix, groep
        As for `gould_fernandez_undirected`.
    """
    roles = gould_fernandez_undirected(matrix, groep, triangles(matrix)).sum()
    every = int(roles.sum())
    total = {
        "coordinator": roles["coordinator"],
        "consultant": roles["consultant"],
        "poort": roles["vertegenwoordiger"] + roles["poortwachter"],
        "verbinder": roles["verbinder"],
    }
    return {rol: float(n) / every if every else np.nan for rol, n in total.items()}, every // 2

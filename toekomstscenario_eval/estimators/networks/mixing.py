"""Ties within and between domains: E-I index and mixing matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class Mixing:
    """How ties divide over groups.

    Attributes
    ----------
    tabel : array of shape (groups, groups)
        Number of ties between each two groups, symmetric; on the diagonal those within a group.
    groepen : tuple of str
    ei : float
        (external - internal) / all ties: -1 all within a group, 1 all between groups.
    ei_verwacht : float
        The same if all pairs of actors were equally likely to be tied.
    """

    tabel: NDArray[np.int64]
    groepen: tuple[str, ...]
    ei: float
    ei_verwacht: float


def main_value(ties: pd.DataFrame, actor: str, feature: str) -> pd.Series[Any]:
    """Return for each actor the value of `feature` that it has in most rows; on a draw the first by code.

    A professional who works for two organisations counts at the one with most of the households.
    """
    count = ties.groupby([actor, feature], sort=True).size().rename("n").reset_index()
    best = count.sort_values(["n", feature], ascending=[False, True], kind="stable").drop_duplicates(actor)
    return best.set_index(actor)[feature].sort_index()


def mixing(matrix: sparse.csr_array, groep: NDArray[Any]) -> Mixing:
    """Count ties within and between groups.

    Reference: Krackhardt & Stern 1988, doi 10.2307/2786835 (E-I index).
    """
    namen, code = np.unique(np.asarray(groep, dtype=str), return_inverse=True)
    k = len(namen)
    above = sparse.triu(matrix, k=1).tocoo()
    one, two = code[above.row], code[above.col]
    count = np.bincount(k * np.minimum(one, two) + np.maximum(one, two), minlength=k * k).reshape(k, k)
    within, every = int(np.trace(count)), int(count.sum())
    table = count + count.T - np.diag(np.diag(count))
    return Mixing(
        table,
        tuple(namen.tolist()),
        (every - 2 * within) / every if every else np.nan,
        _expected_ei(np.bincount(code, minlength=k)),
    )


def _expected_ei(size: NDArray[np.int64]) -> float:
    n = int(size.sum())
    pairs, within = n * (n - 1) / 2, float(np.sum(size * (size - 1)) / 2)
    return (pairs - 2 * within) / pairs if pairs else np.nan


def expected_by_strength(weights: NDArray[np.float64], groep: NDArray[Any]) -> float:
    """Return the E-I index of a weighted network in which each actor keeps its strength and prefers nobody.

    The weight between two actors is then in proportion to the product of their strengths (the configuration
    model): between groups 1 - sum(S_g^2 - sum s_i^2) / (S^2 - sum s_i^2).

    Parameters
    ----------
    weights : array of shape (actors, actors)
        Symmetric, no diagonal.
    groep : array of shape (actors,)

    Reference: Newman 2003, doi 10.1103/PhysRevE.67.026126.
    """
    code = np.unique(np.asarray(groep, dtype=str), return_inverse=True)[1]
    strength = weights.sum(axis=1)
    squares = float(np.sum(strength**2))
    every = float(strength.sum()) ** 2 - squares
    within = float(np.sum(np.bincount(code, weights=strength) ** 2)) - squares
    return 1 - 2 * within / every if every > 0 else np.nan

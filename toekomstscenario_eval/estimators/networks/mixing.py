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


def main_value(banden: pd.DataFrame, actor: str, kenmerk: str) -> pd.Series[Any]:
    """Return for each actor the value of `kenmerk` that it has in most rows; on a draw the first by code.

    A professional who works for two organisations counts at the one with most of the households.
    """
    tel = banden.groupby([actor, kenmerk], sort=True).size().rename("n").reset_index()
    beste = tel.sort_values(["n", kenmerk], ascending=[False, True], kind="stable").drop_duplicates(actor)
    return beste.set_index(actor)[kenmerk].sort_index()


def mixing(matrix: sparse.csr_array, groep: NDArray[Any]) -> Mixing:
    """Count ties within and between groups.

    Reference: Krackhardt & Stern 1988, doi 10.2307/2786835 (E-I index).
    """
    namen, code = np.unique(np.asarray(groep, dtype=str), return_inverse=True)
    k = len(namen)
    boven = sparse.triu(matrix, k=1).tocoo()
    een, twee = code[boven.row], code[boven.col]
    tel = np.bincount(k * np.minimum(een, twee) + np.maximum(een, twee), minlength=k * k).reshape(k, k)
    binnen, alle = int(np.trace(tel)), int(tel.sum())
    tabel = tel + tel.T - np.diag(np.diag(tel))
    return Mixing(
        tabel,
        tuple(namen.tolist()),
        (alle - 2 * binnen) / alle if alle else np.nan,
        _expected_ei(np.bincount(code, minlength=k)),
    )


def _expected_ei(grootte: NDArray[np.int64]) -> float:
    n = int(grootte.sum())
    paren, binnen = n * (n - 1) / 2, float(np.sum(grootte * (grootte - 1)) / 2)
    return (paren - 2 * binnen) / paren if paren else np.nan

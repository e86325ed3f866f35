"""Rows of a DataFrame as plain Python, column by column (many times quicker than row by row); rounding."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import pandas as pd

CIJFERS = 12


def tuples(tabel: pd.DataFrame, kolommen: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Return the rows as tuples of plain values, of these columns or of all."""
    gekozen = kolommen or tuple(tabel.columns)
    return list(zip(*(tabel[kolom].tolist() for kolom in gekozen), strict=True))


def records(tabel: pd.DataFrame, kolommen: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of plain values by column, of these columns or of all."""
    gekozen = kolommen or tuple(tabel.columns)
    return [dict(zip(gekozen, rij, strict=True)) for rij in tuples(tabel, gekozen)]


def significant(tabel: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every number rounded to `CIJFERS` significant digits.

    The engine adds in an order that differs from run to run, and so does the last bit of a sum.
    """
    uit = tabel.copy()
    for naam in tabel.columns[tabel.dtypes == "float64"]:
        uit[naam] = _round(tabel[naam])
    return uit


def _round(kolom: pd.Series) -> pd.Series:
    # Whole numbers and what is missing or endless stay as they are.
    getallen = [
        float(f"{g:.{CIJFERS}g}") if isfinite(g) and not g.is_integer() else g for g in kolom.tolist()
    ]
    return pd.Series(getallen, kolom.index, dtype="float64")

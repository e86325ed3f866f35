"""Rows of a DataFrame as plain Python: column by column, which is many times quicker than row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def tuples(tabel: pd.DataFrame, kolommen: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Return the rows as tuples of plain values, of these columns or of all."""
    gekozen = kolommen or tuple(tabel.columns)
    return list(zip(*(tabel[kolom].tolist() for kolom in gekozen), strict=True))


def records(tabel: pd.DataFrame, kolommen: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of plain values by column, of these columns or of all."""
    gekozen = kolommen or tuple(tabel.columns)
    return [dict(zip(gekozen, rij, strict=True)) for rij in tuples(tabel, gekozen)]

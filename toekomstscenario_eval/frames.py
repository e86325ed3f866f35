"""Tables of a result: how a row is built; rows as plain Python (column by column: quicker); rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, nan
from typing import Any

import pandas as pd

from toekomstscenario_eval.identity import TOTAAL

DIGITS = 12
WHOLE = ("", TOTAAL, "")
_UNKNOWN = (nan, nan)


def estimate(
    maat: str,
    schatting: float,
    *,
    eenheid: str,
    methode: str,
    n: int,
    interval: tuple[float, float] = _UNKNOWN,
    fout: float = nan,
    teller: float = nan,
    noemer: float = nan,
    gecensureerd: int = 0,
    spot: tuple[str, str, str] = WHOLE,
    stratum: str = "",
    weergave: str = "",
) -> dict[str, Any]:
    """Return one row of `SCHATTING`; `spot` is breakdown, group and period."""
    uitsplitsing, groep, periode = spot
    return {
        "maat": maat,
        "uitsplitsing": uitsplitsing,
        "groep": groep,
        "periode": periode,
        "stratum": stratum,
        "schatting": schatting,
        "ondergrens": interval[0],
        "bovengrens": interval[1],
        "standaardfout": fout,
        "eenheid": eenheid,
        "methode": methode,
        "n": n,
        "teller": teller,
        "noemer": noemer,
        "gecensureerd": gecensureerd,
        "weergave": weergave,
    }


def point(
    reeks: str,
    x: float,
    waarde: float,
    *,
    n: int,
    label: str = "",
    other: str = "",
    interval: tuple[float, float] = _UNKNOWN,
    spot: tuple[str, str, str] = WHOLE,
) -> dict[str, Any]:
    """Return one row of `REEKS`: a point of a curve or distribution, or a tie (other end in `other`)."""
    uitsplitsing, groep, periode = spot
    return {
        "reeks": reeks,
        "uitsplitsing": uitsplitsing,
        "groep": groep,
        "periode": periode,
        "x": float(x),
        "label": label,
        "ander": other,
        "waarde": float(waarde),
        "ondergrens": float(interval[0]),
        "bovengrens": float(interval[1]),
        "n": int(n),
    }


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as one of the tables of a result, such as `SCHATTING`; empty without rows."""
    return pd.DataFrame(list(rows), columns=list(columns))


def tuples(frame: pd.DataFrame, columns: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Return the rows as tuples of plain values, of these columns or of all."""
    chosen = columns or tuple(frame.columns)
    return list(zip(*(frame[column].tolist() for column in chosen), strict=True))


def records(table: pd.DataFrame, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of plain values by column, of these columns or of all."""
    chosen = columns or tuple(table.columns)
    return [dict(zip(chosen, row, strict=True)) for row in tuples(table, chosen)]


def significant(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every number rounded to `DIGITS` significant digits.

    The engine adds in an order that differs from run to run, and so does the last bit of a sum.
    """
    out = frame.copy()
    for naam in frame.columns[frame.dtypes == "float64"]:
        out[naam] = _round(frame[naam])
    return out


def _round(column: pd.Series) -> pd.Series:
    # Whole numbers and what is missing or endless stay as they are.
    getallen = [
        float(f"{g:.{DIGITS}g}") if isfinite(g) and not g.is_integer() else g for g in column.tolist()
    ]
    return pd.Series(getallen, column.index, dtype="float64")

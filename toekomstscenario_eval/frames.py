"""Tables of a result: how a row is built; rows as plain Python (column by column: quicker); rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, nan
from typing import Any

import pandas as pd

from toekomstscenario_eval.identity import TOTAAL

CIJFERS = 12
GEHEEL = ("", TOTAAL, "")
_UNKNOWN = (nan, nan)


def estimate(
    maat: str,
    schatting: float,
    *,
    eenheid: str,
    methode: str,
    n: int,
    interval: tuple[float, float] = _UNKNOWN,
    teller: float = nan,
    noemer: float = nan,
    gecensureerd: int = 0,
    plek: tuple[str, str, str] = GEHEEL,
    stratum: str = "",
) -> dict[str, Any]:
    """Return one row of `SCHATTING`; `plek` is breakdown, group and period."""
    uitsplitsing, groep, periode = plek
    return {
        "maat": maat,
        "uitsplitsing": uitsplitsing,
        "groep": groep,
        "periode": periode,
        "stratum": stratum,
        "schatting": schatting,
        "ondergrens": interval[0],
        "bovengrens": interval[1],
        "eenheid": eenheid,
        "methode": methode,
        "n": n,
        "teller": teller,
        "noemer": noemer,
        "gecensureerd": gecensureerd,
    }


def point(
    reeks: str,
    x: float,
    waarde: float,
    *,
    n: int,
    label: str = "",
    ander: str = "",
    interval: tuple[float, float] = _UNKNOWN,
    plek: tuple[str, str, str] = GEHEEL,
) -> dict[str, Any]:
    """Return one row of `REEKS`: a point of a curve or distribution, or a tie (other end in `ander`)."""
    uitsplitsing, groep, periode = plek
    return {
        "reeks": reeks,
        "uitsplitsing": uitsplitsing,
        "groep": groep,
        "periode": periode,
        "x": float(x),
        "label": label,
        "ander": ander,
        "waarde": float(waarde),
        "ondergrens": float(interval[0]),
        "bovengrens": float(interval[1]),
        "n": int(n),
    }


def table(rijen: Iterable[Mapping[str, Any]], kolommen: Sequence[str]) -> pd.DataFrame:
    """Return rows as one of the tables of a result, such as `SCHATTING`; empty without rows."""
    return pd.DataFrame(list(rijen), columns=list(kolommen))


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

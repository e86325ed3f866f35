"""The delivered files as columns: keys as numbers, dates as day numbers, and the records that count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = NDArray[np.int64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
NEVER = date(9999, 12, 31).toordinal()
_EPOCH = date(1970, 1, 1).toordinal()
_T = TypeVar("_T")
_F = TypeVar("_F")


def once(do: Callable[[_F], _T]) -> Callable[[_F], _T]:
    """Keep the answer with what it is about, in `kept`: several figures start from it."""

    @wraps(do)
    def out(f: _F) -> _T:
        kept: dict[str, Any] = f.kept  # type: ignore[attr-defined]
        if do.__name__ not in kept:
            kept[do.__name__] = do(f)
        return cast(_T, kept[do.__name__])

    return out


class Files:
    """The delivered files; what began on the day `known` or later is not known yet."""

    def __init__(self, files: Mapping[str, Path], known: date) -> None:
        self.paths, self.known = files, known.toordinal()
        self._namen: dict[str, pd.Index] = {}
        self.kept: dict[str, Any] = {}

    def read(self, table: str, *columns: str) -> pd.DataFrame:
        """Return columns of a table as delivered, as text or in the type of the file."""
        path = self.paths[table]
        if path.suffix.lower() == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            text = [k.name for k in pq.read_schema(path) if k.name in columns and pa.types.is_string(k.type)]
            read: Any = pq.read_table(path, columns=list(columns), read_dictionary=text)
            return pd.DataFrame(read.to_pandas(strings_to_categorical=True, date_as_object=False))
        source = pd.read_csv(
            path,
            usecols=list(columns),
            dtype="category",
            encoding="utf-8-sig",
            keep_default_na=False,
            na_values=[""],
        )
        return source[[*columns]]

    def having(self, table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of these columns a table was delivered with."""
        path = self.paths[table]
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet as pq

            found = pq.read_schema(path).names
        else:
            found = list(pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns)
        return tuple(k for k in columns if k in found)

    def codes(self, column: pd.Series, key: str) -> Codes:
        """Return numbers for a key, the same for the same text in every table; -1 when unknown."""
        categorical = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
        if key not in self._namen:
            self._namen[key] = categorical.cat.categories
        spot = self._namen[key].get_indexer(categorical.cat.categories)
        code = categorical.cat.codes.to_numpy()
        return np.where(code < 0, -1, spot[code]).astype(np.int64)


def days(column: pd.Series) -> Days:
    """Return day numbers; an empty date is far away."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        dagen = [date.fromisoformat(str(d)).toordinal() for d in column.cat.categories]
        return np.array([*dagen, NEVER], dtype=np.int64)[column.cat.codes.to_numpy()]
    waarde = column.to_numpy("datetime64[D]")
    return np.where(np.isnat(waarde), NEVER - _EPOCH, waarde.astype(np.int64)) + _EPOCH


def numbers(column: pd.Series) -> NDArray[np.float64]:
    """Return a column as numbers; what is none is missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        getallen = pd.to_numeric(column.cat.categories.to_series(), errors="coerce").to_numpy(dtype=float)
        return np.append(getallen, np.nan)[column.cat.codes.to_numpy()]
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def standing(spells: pd.DataFrame, same: tuple[str, ...]) -> Flags:
    """Return which records count: not one without an end of a spell that was delivered with its end too.

    The last of `same` is the begin, `tot` the end; a spell of zero days is no end.
    """
    ended = spells["tot"] < NEVER
    with_end = (
        (ended & (spells["tot"] > spells[same[-1]]))
        .groupby([spells[k] for k in same], dropna=False)
        .transform("any")
    )
    return (ended | ~with_end).to_numpy(dtype=bool)


@once
def households(f: Files) -> tuple[Days, Days]:
    """Return for every household number the days of begin and end."""
    h = f.read("huishouden", "huishouden_id", "begin", "eind")
    code = f.codes(h["huishouden_id"], "huishouden")
    begin, eind = np.zeros(len(h), np.int64), np.zeros(len(h), np.int64)
    begin[code], eind[code] = days(h["begin"]), days(h["eind"])
    return begin, eind


@once
def sites(f: Files) -> tuple[Codes, pd.DataFrame]:
    """Return for every household the row of its site, and of every site name, kind and day of start.

    The last row is for who has no site: without name or kind, and it never starts.
    """
    h = f.read("huishouden", "huishouden_id", "proeftuin_id")
    households(f)
    p = f.read("proeftuin", "proeftuin_id", "naam", "soort", *f.having("proeftuin", ("start_datum",)))
    start = days(p["start_datum"]) if "start_datum" in p else np.full(len(p), NEVER)
    own = h["proeftuin_id"].astype("category").cat
    spot = pd.Index(p["proeftuin_id"].astype("object")).get_indexer(own.categories.astype("object"))
    # Of every category the row of its site, then of every household: who has none takes the last place.
    rows = np.append(np.where(spot < 0, len(p), spot), len(p))
    at = np.empty(len(h), np.int64)
    at[f.codes(h["huishouden_id"], "huishouden")] = rows[own.codes]
    table = pd.DataFrame(
        {"naam": p["naam"].astype("object"), "soort": p["soort"].astype("object"), "start": start}
    )
    table.loc[len(table)] = [None, None, NEVER]
    return at, table

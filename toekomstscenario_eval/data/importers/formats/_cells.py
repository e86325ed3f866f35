"""Cells to text, the same whatever format they come from.

Whole numbers are written without a point, decimals with one, dates as 2024-03-01, moments as
2024-03-01T08:30:00, yes and no as `true` and `false`; what is empty is an empty text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Stands where a cell holds what is no text, number or date; no field of the contract accepts it.
UNREADABLE = "#ONLEESBAAR"
_EXACT = 2**53  # up to here a float tells every whole number apart
_MIDNIGHT = time(0, 0)


def cell_text(value: object) -> str:
    """Return one value as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return number_text(value.total_seconds())
    if isinstance(value, Decimal):
        return _decimal_text(value)
    return UNREADABLE


def number_text(value: float) -> str:
    """Return a number as text: a whole one without a point."""
    if math.isnan(value):
        return ""
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return repr(value)


def moment_text(value: datetime) -> str:
    """Return a moment as text: a day when it is midnight without a time zone."""
    if value.tzinfo is None and value.time() == _MIDNIGHT:
        return value.date().isoformat()
    return value.isoformat()


def _decimal_text(value: Decimal) -> str:
    if not value.is_finite():
        return "" if value.is_nan() else str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def texts(values: Sequence[object]) -> pa.Array:
    """Return a column of values of any kind as text, quickly where they are all alike."""
    kinds = set(map(type, values))
    if kinds <= {str}:
        return _strings(values)
    if kinds <= {str, type(None)}:
        return _strings(["" if v is None else v for v in values])
    if kinds <= {float, int, type(None)} and bool not in kinds:
        try:
            return as_text(pa.array(values, pa.int64() if float not in kinds else pa.float64()))
        except (pa.ArrowException, OverflowError):  # whole numbers beyond 64 bits
            pass
    return _strings([cell_text(v) for v in values])


def _strings(values: Iterable[Any]) -> pa.Array:
    """Return texts as an array; one that no encoding can hold becomes unreadable."""
    try:
        return pa.array(values, pa.string())
    except UnicodeError:  # half of a character of two
        return pa.array([UNREADABLE if _is_half(v) else v for v in values], pa.string())


def _is_half(value: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in value)


def as_text(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return an Arrow column as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(pc.cast(column, kind.value_type))
    return pc.fill_null(pc.cast(_as_text(column, kind), pa.string()), "")


def _as_text(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_floating(kind):
        return _float_text(column)
    if pa.types.is_decimal(kind):
        return pa.array(
            [_decimal_text(v) if v is not None else None for v in column.to_pylist()], pa.string()
        )
    if pa.types.is_date(kind):
        return pc.cast(pc.cast(column, pa.date32()), pa.string())
    if pa.types.is_timestamp(kind):
        return _moment_text(column, kind)
    if pa.types.is_time(kind):
        return _no_fraction(pc.cast(column, pa.string()))
    if pa.types.is_duration(kind):
        return _float_text(pc.divide(pc.cast(pc.cast(column, pa.duration("us")), pa.float64()), 1e6))
    return pc.cast(column, pa.string())


def _float_text(column: pa.Array) -> pa.Array:
    single = pa.types.is_float32(column.type)
    if not single:
        column = pc.cast(column, pa.float64())
    whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), _EXACT))
    numbers = pc.cast(pc.if_else(pc.fill_null(whole, False), column, pa.scalar(0, column.type)), pa.int64())
    loose = pc.if_else(pc.is_nan(column), pa.scalar(None, pa.string()), pc.cast(column, pa.string()))
    return pc.if_else(pc.fill_null(whole, False), pc.cast(numbers, pa.string()), loose)


def _no_fraction(text: pa.Array) -> pa.Array:
    """Drop zeros behind the seconds."""
    return pc.replace_substring_regex(text, r"(:\d\d)(?:(\.\d*?[1-9])0*|\.0+)", r"\1\2")


def _moment_text(column: pa.Array, kind: pa.TimestampType) -> pa.Array:
    zoned = kind.tz is not None
    try:
        text = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S%z" if zoned else "%Y-%m-%dT%H:%M:%S")
    except pa.ArrowException:  # a time zone that this computer does not know
        text = pc.replace_substring(pc.cast(column, pa.string()), " ", "T", max_replacements=1)
    text = _no_fraction(text)
    if zoned:
        return pc.replace_substring_regex(text, r"([+-]\d\d)(\d\d)$", r"\1:\2")
    return pc.replace_substring_regex(text, "T00:00:00$", "")


def is_plain(kind: pa.DataType) -> bool:
    """Return whether a column of this kind holds one value a row; lists, structures and bytes do not."""
    if pa.types.is_dictionary(kind):
        return is_plain(kind.value_type)
    binary = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return not (pa.types.is_nested(kind) or binary or pa.types.is_interval(kind))

"""SPSS and Stata: values, labels and the codes that a researcher called missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyreadstat

from toekomstscenario_eval.data.importers.formats import CheckNames, Delivery, Part, _known, readable
from toekomstscenario_eval.data.importers.formats._cells import cell_text, texts

_HOW = {"user_missing": True, "disable_datetime_conversion": True, "output_format": "dict"}
# What the library throws on a damaged file; its words may hold a value.
_FAILURES = (
    pyreadstat.ReadstatError,
    pyreadstat.PyreadstatError,
    ValueError,
    OverflowError,
    OSError,
    MemoryError,
)
Reader = Callable[..., tuple[Mapping[str, Any], Any]]


def load(path: Path, naam: str, reader: Reader, **how: Any) -> tuple[Mapping[str, Any], Any]:
    """Return the columns of a file with what it tells on them; old files are tried as Windows-1252 too."""
    _known.refuse_absent(path)
    _known.refuse_other(path, naam, readable=readable())
    for encoding in (None, "WINDOWS-1252"):
        try:
            told = reader(str(path), encoding=encoding, metadataonly=True, **how)[1]
            if _promises_too_much(path, told):
                break
            return reader(str(path), encoding=encoding, **_HOW, **how)
        except (*_FAILURES, UnicodeError):
            continue
    raise _known.damaged(path, naam.upper() if naam == "spss" else "Stata")


def _promises_too_much(path: Path, told: Any) -> bool:
    """Tell whether a file is too small for the rows that it says to have: reading them would never end.

    Every value takes a byte at least, and what is compressed by zlib a thousandth of one.
    """
    cells = int(told.number_rows or 0) * len(told.column_names)
    return cells > path.stat().st_size * (1100 if path.suffix.lower() == ".zsav" else 1)


def deliver(
    path: Path,
    loaded: tuple[Mapping[str, Any], Any],
    *,
    check: CheckNames,
    day: Callable[[str], tuple[datetime, timedelta] | None],
) -> Delivery:
    """Return what was read as text; `day` tells from a format where its days begin and how long they are."""
    columns, meta = loaded
    heading = tuple(meta.column_names)
    _known.refuse_wide(path, len(heading))
    check(heading)
    arrays, missing = [], {}
    for naam in heading:
        values = list(columns[naam])
        origin = day(str(meta.original_variable_types.get(naam, "")))
        codes = _missing(naam, values, meta)
        if origin:
            values = [_moment(v, origin, codes) for v in values]
        if letters := set(meta.missing_user_values.get(naam) or ()):
            values = [f".{v}" if isinstance(v, str) and v in letters else v for v in values]
        arrays.append(texts(values))
        if codes:
            missing[naam] = codes
    labels = {
        naam: {cell_text(_code(c, naam, meta)): str(label) for c, label in of.items()}
        for naam, of in meta.variable_value_labels.items()
    }
    told = (
        (f"Codes die het bestand zelf ontbrekend noemt, blijven staan in: {', '.join(missing)}.",)
        if missing
        else ()
    )
    return Delivery(
        heading,
        pa.table(arrays, names=[str(i) for i in range(len(heading))]),
        first_row=1,
        gezien=told,
        labels=labels,
        ontbrekend=missing,
    )


def part(path: Path, meta: Any) -> tuple[Part, ...]:
    """Return the file itself as the one table that it holds."""
    return (Part(path.name, meta.number_rows, meta.number_columns),)


def _code(code: Any, naam: str, meta: Any) -> Any:
    return f".{code}" if code in (meta.missing_user_values.get(naam) or ()) else code


def _missing(naam: str, values: Sequence[Any], meta: Any) -> dict[str, int]:
    """Return how often each code occurs that the file calls missing."""
    letters = set(meta.missing_user_values.get(naam) or ())
    ranges = meta.missing_ranges.get(naam) or ()

    def is_missing(value: Any) -> bool:
        if isinstance(value, str) and value in letters:
            return True
        return any(type(value) is type(r["lo"]) and r["lo"] <= value <= r["hi"] for r in ranges)

    if not letters and not ranges:
        return {}
    counts = Counter(v for v in values if v is not None and is_missing(v))
    return {cell_text(_code(v, naam, meta)): n for v, n in counts.items()}


def _moment(value: Any, origin: tuple[datetime, timedelta], codes: Mapping[str, int]) -> Any:
    """Return a number of days or seconds as a moment; a code for missing stays a number."""
    if not isinstance(value, int | float) or cell_text(value) in codes:
        return value
    try:
        return origin[0] + value * origin[1]
    except (OverflowError, ValueError):  # no date that exists; the number stays, and is refused as a date
        return value

"""SPSS: data with labels, and codes for missing that stay apart from empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pyreadstat

from toekomstscenario_eval.data.importers.formats import CheckNames, Delivery, Part, Source
from toekomstscenario_eval.data.importers.formats._statistics import Reader, deliver, load, part

WHAT = "een SPSS-bestand"
EXTENSIONS = (".sav", ".zsav", ".por")
OPTIONS: dict[str, tuple[str, ...]] = {}
# Seconds since the calendar of Gregory began.
_BEGIN, _SECOND = datetime(1582, 10, 14), timedelta(seconds=1)  # noqa: DTZ001 - a file knows no time zone
_DATES = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR", "DATETIME", "YMDHMS")


def _reader(path: Path) -> Reader:
    return cast(Reader, pyreadstat.read_por if path.suffix.lower() == ".por" else pyreadstat.read_sav)


def _day(form: str) -> tuple[datetime, timedelta] | None:
    return (_BEGIN, _SECOND) if form.rstrip("0123456789.") in _DATES else None


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:
    """Read the codes as text, with their labels beside them."""
    del options, namen  # it holds one table, with its names
    path = Path(path)
    return deliver(path, load(path, "spss", _reader(path)), check=check, day=_day)


def contents(path: Source) -> tuple[Part, ...]:
    """Return the file itself as the one table that it holds."""
    path = Path(path)
    return part(path, load(path, "spss", _reader(path))[1])

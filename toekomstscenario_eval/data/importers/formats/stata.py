"""Stata: data with labels, and the letters for missing that stay apart from empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyreadstat

from toekomstscenario_eval.data.importers.formats import CheckNames, Delivery, Part, Source
from toekomstscenario_eval.data.importers.formats._statistics import deliver, load, part

WHAT = "een Stata-bestand"
EXTENSIONS = (".dta",)
OPTIONS: dict[str, tuple[str, ...]] = {}
_BEGIN = datetime(1960, 1, 1)  # noqa: DTZ001 - a file knows no time zone
_UNITS = {"%td": timedelta(days=1), "%d": timedelta(days=1), "%tc": timedelta(milliseconds=1)}


def _day(form: str) -> tuple[datetime, timedelta] | None:
    form = form.replace("%-", "%")
    return next(((_BEGIN, unit) for sign, unit in _UNITS.items() if form.startswith(sign)), None)


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:
    """Read the codes as text, with their labels beside them."""
    del options, namen  # it holds one table, with its names
    path = Path(path)
    return deliver(path, load(path, "stata", pyreadstat.read_dta), check=check, day=_day)


def contents(path: Source) -> tuple[Part, ...]:
    """Return the file itself as the one table that it holds."""
    path = Path(path)
    return part(path, load(path, "stata", pyreadstat.read_dta)[1])

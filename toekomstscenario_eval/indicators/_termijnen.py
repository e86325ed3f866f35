"""Legal terms of steps in the chain, from `_wettelijke_termijnen.csv`: data, not code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("_wettelijke_termijnen.csv")


@dataclass(frozen=True)
class Termijn:
    """The term of one step: calendar days from the day the waiting begins, and where it is laid down."""

    code: str
    label: str
    stap: str
    dagen: int
    bron: str


@cache
def terms() -> Mapping[str, Termijn]:
    """Return the term of each step that has one."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            Termijn(r["code"], r["label"], r["stap"], int(r["dagen"]), r["bron"])
            for r in csv.DictReader(file)
        ]
    return {row.stap: row for row in rows}

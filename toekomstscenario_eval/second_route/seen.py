"""Which days are seen of every household, and in which group it is: window, clock of the pilot, breakdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from toekomstscenario_eval.second_route.delivered import NEVER, Days, Files, Flags, households, once, sites

# The words of the delivery and of the report.
PILOT, COMPARISON = "proeftuin", "vergelijking"
FROM = "vanaf"
KIND, SITE = "proeftuin_soort", "proeftuin"
TOTAL, UNKNOWN = "totaal", "~"
_COLUMN = {KIND: "soort", SITE: "naam"}


@dataclass
class Seen:
    """The days of a window, of all sites or (`phase`) of pilots from the day on that they started."""

    files: Files
    begin: int
    limit: int
    phase: str = ""
    kept: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Files, begin: date, limit: date, phase: str = "") -> Seen:
        """Return the days `[begin, limit)` of a phase."""
        return cls(files, begin.toordinal(), limit.toordinal(), phase)

    def groups(self, per: str) -> Iterator[tuple[str, Flags]]:
        """Yield every group of a breakdown with its households; without one those of the whole."""
        known = households(self.files)[0] < self.files.known
        if per == "":
            whole = known
            if self.phase:
                at, table = sites(self.files)
                whole = known & (table["soort"].to_numpy() == PILOT)[at]
            yield TOTAL, whole
            return
        at, table = sites(self.files)
        label = table[_COLUMN[per]].fillna(UNKNOWN).to_numpy(dtype=object)
        for groep in sorted(set(label[np.unique(at[known])])):
            yield str(groep), known & (label == groep)[at]


@once
def windows(s: Seen) -> tuple[Days, Days]:
    """Return for every household the first day that may be seen, and the day after the last.

    Where nothing may be seen both are the same day.
    """
    many = len(households(s.files)[0])
    first, after = np.full(many, s.begin), np.full(many, s.limit)
    if not s.phase:
        return first, after
    at, table = sites(s.files)
    start, kind = table["start"].to_numpy(dtype=np.int64)[at], table["soort"].to_numpy()[at]
    pilot = (kind == PILOT) & (start < NEVER)
    first[pilot] = np.clip(start[pilot], s.begin, s.limit)
    after[~(pilot | (kind == COMPARISON))] = s.begin
    return first, after


@once
def stays(s: Seen) -> tuple[Days, Days]:
    """Return for every household the observed stay `[van, tot)`; empty ones included."""
    begin, eind = households(s.files)
    first, after = windows(s)
    return np.maximum(begin, first), np.minimum(eind, after)


@once
def present(s: Seen) -> Flags:
    """Return which households have a day that is seen."""
    start, stop = stays(s)
    return start < stop

"""The calendar of the example data, in days since 1970-01-01."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from toekomstscenario_eval.types import Venster

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# The first day of a year: a peildatum on which published counts are drawn begins an epoch.
PEILDATUM = date(2026, 1, 1)
VENSTER = Venster(date(2024, 1, 1), PEILDATUM)


def day(datum: date) -> int:
    """Return the number of days since 1970-01-01."""
    return (datum - date(1970, 1, 1)).days


LEVEL = day(PEILDATUM)
START_ = day(VENSTER.begin)
YEAR = 365.25
NEVER = 1 << 20  # a day after every other: not ended, not started

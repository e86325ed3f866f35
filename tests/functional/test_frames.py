"""Rounding of what is shown: the last bit of a sum must not change a release."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from toekomstscenario_eval.frames import significant


def test_the_last_bit_is_gone_and_nothing_else() -> None:
    tabel = pd.DataFrame(
        {
            "a": [0.1 + 0.2, 1e-200 / 3, 123456789.123456789, math.nan, math.inf, 0.0, 7.0],
            "tekst": list("abcdefg"),
        },
        index=range(3, 10),
    )
    uit = significant(tabel)
    verwacht = [0.3, 3.33333333333e-201, 123456789.123, math.nan, math.inf, 0.0, 7.0]
    assert np.array_equal(uit["a"], verwacht, equal_nan=True)
    assert uit["tekst"].equals(tabel["tekst"])
    assert uit.index.equals(tabel.index)
    assert significant(uit).equals(uit)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_rounding_stays_within_a_billionth_of_a_percent(getal: float) -> None:
    (uit,) = significant(pd.DataFrame({"x": [getal]}))["x"]
    assert math.isclose(uit, getal, rel_tol=5e-12, abs_tol=5e-324)


def test_an_empty_table_stays_empty() -> None:
    leeg = pd.DataFrame({"x": pd.Series(dtype="float64")})
    assert significant(leeg).empty

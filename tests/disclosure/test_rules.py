"""Rules on one result: what a percentile tells about the few beyond it."""

from __future__ import annotations

import math

import pytest

from toekomstscenario_eval.disclosure.policy import load_policy
from toekomstscenario_eval.disclosure.protect import Nesting, Spot
from toekomstscenario_eval.disclosure.rules import Kader, Row, Source, judge
from toekomstscenario_eval.types import Kind, Maat, Vorm

GEHEEL = Spot("", "totaal", "")


@pytest.mark.parametrize(("huishoudens", "weg"), [(99, True), (100, False), (0, False)])
@pytest.mark.parametrize("naam", ["p90", "p10"])
def test_a_percentile_needs_enough_households_beyond_it(naam, huishoudens, weg):
    """Of 99 households fewer than ten have more than the 90th percentile."""
    rij = Row(7.0, huishoudens, math.nan, math.nan, 0)
    maten = {naam: Maat("90 procent heeft er hooguit", "professionals", Vorm.GETAL),
             "gemiddelde": Maat("Gemiddeld", "professionals", Vorm.GETAL)}  # fmt: skip
    bron = Source(Kind.AANTAL, maten, {naam: {GEHEEL: rij}, "gemiddelde": {GEHEEL: rij}}, {})
    oordeel = judge(bron, Kader(load_policy(), Nesting()))
    assert (GEHEEL in oordeel.rijen[naam]) is weg
    assert GEHEEL not in oordeel.rijen["gemiddelde"]

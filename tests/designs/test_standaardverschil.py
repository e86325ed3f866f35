"""Standardised differences of characteristics: the formula, another program, and where none is given."""

from __future__ import annotations

import math

import pytest

from tests.vrijgave_bouw import aandeel, resultaat
from toekomstscenario_eval.designs import DESCRIBES, all_designs, fitting
from toekomstscenario_eval.designs.standardized_difference import (
    make,
    noise_margin,
    standardized_difference,
)
from toekomstscenario_eval.results import identified
from toekomstscenario_eval.types import NIET, SITE_KIND, WEINIG, Kind, Maat, Vorm

# Absolute values of the package tableone 0.9.6 (Python), which follows Yang and Dalton (2012): with two
# categories theirs is the same.
TABLEONE = [
    ((30, 100), (20, 100), 0.232495),
    ((379, 891), (129, 277), 0.081228),
    ((12, 40), (30, 45), 0.788738),
    ((10, 277), (35, 891), 0.016701),
]


@pytest.mark.parametrize(("een", "twee", "verwacht"), TABLEONE)
def test_it_is_that_of_another_program(een, twee, verwacht):
    p, q = een[0] / een[1], twee[0] / twee[1]
    assert abs(standardized_difference(p, q)) == pytest.approx(verwacht, abs=1e-6)
    assert standardized_difference(p, q) == -standardized_difference(q, p)


def test_by_hand():
    """.3 - .2 over the root of (.21 + .16) / 2."""
    assert standardized_difference(0.3, 0.2) == pytest.approx(0.1 / math.sqrt(0.185))


def test_without_any_spread_there_is_none_unless_they_are_equal():
    assert standardized_difference(0.0, 0.0) == standardized_difference(1.0, 1.0) == 0.0
    assert math.isnan(standardized_difference(1.0, 0.0))
    assert standardized_difference(0.5, 0.0) == pytest.approx(0.5 / math.sqrt(0.125))


def test_what_noise_can_do_is_the_error_of_both_shares():
    """V (1 + p^2) / n^2 = 3 (1.09) / 100^2 and 3 (1.04) / 50^2, over the root of .185."""
    fout = math.sqrt(3 * 1.09 / 100**2 + 3 * 1.04 / 50**2)
    assert noise_margin((0.3, 0.2), (100, 50), 3.0) == pytest.approx(1.96 * fout / math.sqrt(0.185), rel=1e-4)


def kenmerken(**groepen):
    """Exact characteristics by kind of region: estimand -> teller of both groups of 40 households."""
    rijen = [
        aandeel(SITE_KIND, groep, teller, 40, **anders) | {"maat": maat}
        for maat, tellers in groepen.items()
        for groep, (teller, anders) in zip(("proeftuin", "vergelijking"), tellers, strict=True)
    ]
    maten = {maat: Maat(maat, "aandeel", Vorm.AANDEEL, schatter="aandeel") for maat in groepen}
    return identified(resultaat(Kind.KENMERK, rijen, maten=maten))


def test_only_what_is_shown_of_both_groups_has_one():
    r = kenmerken(
        getoond=((20, {}), (10, {})),
        weinig=((20, {}), (3, {"weergave": WEINIG})),
        verborgen=((20, {"weergave": NIET}), (10, {})),
        altijd=((40, {}), (0, {})),
    )
    (made,) = make(r)
    assert made.maat == "getoond"
    assert made.waarden["schatting"] == pytest.approx(0.25 / math.sqrt((0.25 + 0.1875) / 2))
    assert made.waarden["ruis"] == 0.0
    ids = r.schattingen.set_index(["maat", "groep"])["getal_id"]
    assert made.bronnen == (ids["getoond", "proeftuin"], ids["getoond", "vergelijking"])


def test_how_long_a_household_was_seen_is_no_characteristic():
    r = kenmerken(**{"gevolgd=365": ((20, {}), (10, {})), "over_de_start": ((20, {}), (10, {}))})
    assert not list(make(r))


def test_one_kind_of_region_has_no_difference():
    r = kenmerken(getoond=((20, {}), (10, {})))
    s = r.schattingen
    alleen = identified(
        resultaat(Kind.KENMERK, s[s["groep"].eq("proeftuin")].to_dict("records"), maten=r.card.maten)
    )
    assert not list(make(alleen))


@pytest.mark.parametrize("kind", Kind)
def test_outcomes_and_characteristics_are_never_compared_by_the_same_design(kind):
    r = resultaat(kind, [aandeel(SITE_KIND, "proeftuin", 1, 2)])
    namen = {d.naam for d in fitting(r, SITE_KIND)}
    assert ("standardized_difference" in namen) == DESCRIBES[kind]
    assert ("group_difference" in namen) != DESCRIBES[kind]
    assert namen <= set(all_designs())

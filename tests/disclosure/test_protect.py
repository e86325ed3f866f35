"""What goes along with a hidden number: worked examples, one rule at a time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.disclosure.protect import Nesting, Spot, protect
from toekomstscenario_eval.identity import TOTAAL, UNKNOWN

GEHEEL = Spot("", TOTAAL, "")


def plek(naam: str, per: str = "gezinsprofiel") -> Spot:
    return Spot(per, naam, "")


def met_geheel(aantal: dict[Spot, float], per: str) -> dict[Spot, float]:
    return {GEHEEL: sum(a for p, a in aantal.items() if p.uitsplitsing == per), **aantal}


def namen(plekken) -> str:
    return " ".join(sorted(p.groep for p in plekken))


def bescherm(geheim: str, *, minimum: int = 10, per: str = "gezinsprofiel", **aantal: float) -> str:
    """Hide the groups named in `geheim` and return the names of all that must be hidden."""
    getallen = met_geheel({plek(naam, per): a for naam, a in aantal.items()}, per)
    uit = protect([plek(naam, per) for naam in geheim.split()], (getallen, minimum), nesting=Nesting())
    return namen(uit)


def test_smallest_other_group_goes_along():
    assert bescherm("a", a=4, b=30, c=12, d=50) == "a c"


def test_two_hidden_groups_that_hold_the_minimum_need_no_company():
    assert bescherm("a b", a=4, b=6, c=12) == "a b"


def test_hidden_groups_under_the_minimum_together_take_one_along():
    assert bescherm("a b", a=4, b=5, c=12, d=50) == "a b c"


def test_one_large_hidden_group_still_needs_company():
    assert bescherm("b", a=20, b=40, c=30) == "a b"


def test_of_equal_groups_the_first_by_code_goes_along():
    assert bescherm("a", d=12, c=12, b=12, a=4) == "a b"


def test_a_group_of_zero_hides_nobody():
    assert bescherm("a", a=4, b=0, c=12, d=50) == "a c"


def test_unknown_goes_along_last_because_it_also_counts_as_an_empty_field():
    assert bescherm("a", **{"a": 4, UNKNOWN: 11, "c": 60}) == "a c"
    assert bescherm("a", **{"a": 4, UNKNOWN: 11}) == f"a {UNKNOWN}"


def test_what_cannot_be_protected_is_hidden_with_the_whole():
    assert bescherm("a", a=40, b=0) == "a b totaal"


def test_a_total_of_zero_holds_nothing_to_protect():
    assert bescherm("a", a=0, b=0, c=0) == "a"


def test_nothing_hidden_hides_nothing():
    assert bescherm("", a=4, b=12) == ""


def test_a_hidden_whole_hides_its_groups():
    getallen = {GEHEEL: 40.0, plek("a"): 15.0, plek("b"): 25.0}
    assert namen(protect({GEHEEL}, (getallen, 10), nesting=Nesting())) == "a b totaal"


def test_without_a_whole_there_is_nothing_to_subtract_from():
    getallen = {plek("a"): 4.0, plek("b"): 25.0}
    assert namen(protect({plek("a")}, (getallen, 10), nesting=Nesting())) == "a"


def test_periods_are_apart():
    getallen = {
        plek_: a
        for jaar in ("2024", "2025")
        for plek_, a in {
            Spot("", TOTAAL, jaar): 80.0,
            Spot("gezinsprofiel", "a", jaar): 5.0,
            Spot("gezinsprofiel", "b", jaar): 30.0,
            Spot("gezinsprofiel", "c", jaar): 45.0,
        }.items()
    }
    uit = protect({Spot("gezinsprofiel", "a", "2024")}, (getallen, 10), nesting=Nesting())
    assert uit == {Spot("gezinsprofiel", "a", "2024"), Spot("gezinsprofiel", "b", "2024")}


def test_company_must_hold_the_minimum_of_every_quantity():
    met = met_geheel({plek("a"): 3.0, plek("b"): 12.0, plek("c"): 20.0}, "gezinsprofiel")
    zonder = met_geheel({plek("a"): 2.0, plek("b"): 4.0, plek("c"): 90.0}, "gezinsprofiel")
    assert namen(protect({plek("a")}, (met, 10), nesting=Nesting())) == "a b"
    assert namen(protect({plek("a")}, (met, 10), (zonder, 10), nesting=Nesting())) == "a b c"


# Proeftuinen within the total of their kind

STRATA = Nesting({"a": ("X",), "b": ("X",), "c": ("Y",), "d": ("Y",), "e": ("Y",)})


def per_plaats(geheim: str, nesting: Nesting = STRATA, *, soorten: bool = True, **aantal: float) -> str:
    fijn = {plek(naam, "proeftuin"): a for naam, a in aantal.items()}
    som: dict[str, float] = {}
    for naam, a in aantal.items():
        som[STRATA.strata[naam][0]] = som.get(STRATA.strata[naam][0], 0) + a
    grof = {plek(naam, "proeftuin_soort"): a for naam, a in som.items()} if soorten else {}
    getallen = met_geheel({**fijn, **grof}, "proeftuin")
    dicht = [p for p in getallen if p.groep in geheim.split()]
    return namen(protect(dicht, (getallen, 10), nesting=nesting))


def test_company_comes_from_the_same_kind():
    assert per_plaats("a", a=4, b=60, c=11, d=12, e=40) == "a b"


def test_strata_of_the_release_also_hold_in_a_result_without_the_kinds():
    assert per_plaats("a", soorten=False, a=4, b=60, c=11, d=12, e=40) == "a b"


def test_kind_that_cannot_protect_itself_takes_the_totals_of_the_kinds_along():
    assert per_plaats("a b", a=4, b=3, c=11, d=12, e=40) == "X Y a b c"


def test_hidden_kind_is_not_the_sum_of_its_proeftuinen():
    """Every kind hides a proeftuin of its own, and together they hold the minimum."""
    assert per_plaats("X", a=40, b=60, c=11, d=12, e=40) == "X Y a c d"


def test_two_coarser_breakdowns_protect_each_other():
    """When it is not known how they hang together, all go as soon as one group is hidden."""
    onbekend = Nesting({}, onbekend=True)
    assert per_plaats("a", onbekend, a=4, b=60, c=11, d=12, e=40) == "X Y a b c d e"
    assert per_plaats("", onbekend, a=14, b=60, c=11, d=12, e=40) == ""


def test_unknown_nesting_by_place_says_nothing_about_profiles():
    getallen = met_geheel({plek("a"): 4.0, plek("b"): 25.0, plek("c"): 90.0}, "gezinsprofiel")
    uit = protect({plek("a")}, (getallen, 10), nesting=Nesting({}, onbekend=True))
    assert namen(uit) == "a b"


# Properties

aantallen = st.lists(st.integers(0, 30), min_size=1, max_size=8)


@settings(deadline=None)
@given(aantallen, st.data(), st.integers(1, 20), st.integers(0, 15))
def test_properties(lijst, data, minimum, erbij):
    groepen = {plek(f"g{i}"): float(a) for i, a in enumerate(lijst) if a}
    getallen = met_geheel(groepen, "gezinsprofiel")
    geheim = data.draw(st.sets(st.sampled_from(sorted(groepen)))) if groepen else set()
    meer = geheim | (data.draw(st.sets(st.sampled_from(sorted(groepen)))) if groepen else set())

    uit = protect(geheim, (getallen, minimum), nesting=Nesting())

    omgekeerd = dict(reversed(getallen.items()))
    assert geheim <= uit == protect(geheim, (omgekeerd, minimum), nesting=Nesting())
    assert uit <= protect(meer, (getallen, minimum + erbij), nesting=Nesting())
    if uit and GEHEEL not in uit:
        assert len(uit) > 1
        assert sum(groepen[p] for p in uit) >= minimum


@pytest.mark.parametrize("geheim", [set(), {GEHEEL}])
def test_nobody_at_all(geheim):
    assert protect(geheim, ({}, 10), nesting=Nesting()) == geheim

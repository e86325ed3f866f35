"""The reporting checklists: complete, pointing at chapters that exist, and worked out from the report."""

from __future__ import annotations

from collections import Counter

from toekomstscenario_eval.report.checklists import ALIKE, BASELINE, CORE, SOURCES, Covered, all_items
from toekomstscenario_eval.report.plan import TEXTS, Plan, RegionFlow
from toekomstscenario_eval.report.report import all_sections

ALLES = frozenset({CORE, BASELINE, ALIKE, "geleverde_rijen"})


def _uitkomsten(plan: Plan, cijfers: frozenset[str] = ALLES) -> Counter[Covered]:
    return Counter(item.outcome(plan, cijfers) for item in all_items())


def test_lists_are_whole():
    per_lijst = Counter(item.lijst for item in all_items())
    assert per_lijst == {"STROBE": 22, "RECORD": 13, "TREND": 22}
    assert set(per_lijst) == set(SOURCES)
    assert len({(i.lijst, i.punt) for i in all_items()}) == 57


def test_every_item_points_at_a_chapter_and_rests_on_something_known():
    for item in all_items():
        assert item.plaats in all_sections()
        soort, _, naam = item.steunt_op.partition(":")
        assert soort in {"vast", "tekst", "verloop", "cijfers"}
        assert soort != "tekst" or naam in TEXTS
        assert soort != "cijfers" or naam in ALLES


def test_what_is_not_written_is_open_and_what_is_not_computed_is_not_covered():
    leeg = _uitkomsten(Plan(), frozenset())
    assert leeg[Covered.TEXT] == 0
    assert leeg[Covered.OPEN] > 20
    vol = Plan(teksten=dict.fromkeys(TEXTS, "x"), verloop=(RegionFlow("A", (1, 1, 1, 1), ""),))
    gevuld = _uitkomsten(vol)
    assert gevuld[Covered.OPEN] == 0
    assert gevuld[Covered.NO] == 0
    zonder = _uitkomsten(vol, ALLES - {ALIKE})
    assert zonder[Covered.NO] == 1  # whether groups are alike at the start, when nothing says so
    assert leeg[Covered.OPEN] == gevuld[Covered.TEXT]

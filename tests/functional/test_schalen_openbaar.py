"""Scores, reliability and agreement in public: from protected counts only, and near what they are inside."""

from __future__ import annotations

import pytest

from toekomstscenario_eval.protection.public import OUTSIDE
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.types import NIET, TOON


@pytest.mark.parametrize(
    ("indicator", "shown"),
    [
        ("schaalbetrouwbaarheid", {"alfa", "omega", "meetfout", "grens"}),
        ("overeenstemming_informanten", {"kappa", "icc"}),
    ],
)
def test_public_numbers_lie_near_the_exact_ones(voorbeeldpakket, indicator, shown):
    public = Study.open(voorbeeldpakket).bereken(indicator)
    inside = Study.open(voorbeeldpakket, intern=True).bereken(indicator)
    rows = public.schattingen.merge(inside.schattingen, on=["maat", "uitsplitsing"], suffixes=("", "_x"))
    assert set(rows["maat"]) == shown
    for row in rows.to_dict("records"):
        if row["weergave"] == NIET:
            assert "te weinig huishoudens voor" in row["methode"]
            continue
        assert row["weergave"] == TOON
        half = (row["bovengrens_x"] - row["ondergrens_x"]) / 2
        assert abs(row["schatting"] - row["schatting_x"]) < 1.5 * half, row["maat"]
        assert row["bovengrens"] - row["ondergrens"] > 2 * half
        assert row["methode"].startswith("uit beschermde tellingen: ")
    assert (rows["weergave"] == TOON).any()
    # What is open are counts of households and nothing else: no name of an item.
    (cells,) = (s.cellen for per, s in public.publiek.items() if per == "")
    names = {n.removesuffix("_onder").rstrip("0123456789") for n in cells["naam"]}
    assert names <= {"u", "items", "item_", "som", "afwijking_", "spreiding"}


@pytest.mark.parametrize("indicator", ["uitkomsten", "continuiteit"])
def test_public_scores_lie_near_the_exact_ones(voorbeeldpakket, indicator):
    """In a breakdown too; of a place that is too small there is no number, with the reason."""
    public = Study.open(voorbeeldpakket).bereken(indicator, per="proeftuin_soort")
    inside = Study.open(voorbeeldpakket, intern=True).bereken(indicator, per="proeftuin_soort")
    keys = ["maat", "uitsplitsing", "groep"]
    rows = public.schattingen.merge(inside.schattingen, on=keys, suffixes=("", "_x"))
    shown = rows[rows["weergave"].eq(TOON) & rows["eenheid"].ne("")]
    whole = set(shown.loc[shown["uitsplitsing"].eq(""), "maat"])
    assert whole == set(public.card.maten_bij(public.params))
    for row in shown.to_dict("records"):
        half = (row["bovengrens_x"] - row["ondergrens_x"]) / 2
        assert abs(row["schatting"] - row["schatting_x"]) < 1.5 * half, row["maat"]
        assert row["ondergrens"] < row["schatting"] < row["bovengrens"]
        assert row["methode"].startswith("uit beschermde tellingen: ")
        assert row["methode"].endswith("met de ruis en de afronding op treden")
    for reason in rows.loc[rows["weergave"].eq(NIET), "methode"]:
        assert "te weinig huishoudens" in reason
    for per, summary in public.publiek.items():
        if per == OUTSIDE:
            continue
        names = {naam.removesuffix("_onder") for naam in summary.cellen["naam"]}
        assert names <= {"h", "u", "p", "w", "v", "d"}

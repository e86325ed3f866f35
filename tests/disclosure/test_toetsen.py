"""A comparison between groups is shown only when everything behind it is."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from vrijgave_bouw import beleid, resultaat, rij

from toekomstscenario_eval.disclosure.comparison_rule import GETALLEN
from toekomstscenario_eval.disclosure.release import release
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.types import TOETS, Kind

GROEPEN = (("proeftuin_soort", "proeftuin"), ("proeftuin_soort", "vergelijking"))


def duren(n_een: int, n_twee: int):
    """A result of durations: half of the spells in each group has ended."""
    rijen = []
    for uitsplitsing, groep, n in (
        ("", "totaal", n_een + n_twee),
        (*GROEPEN[0], n_een),
        (*GROEPEN[1], n_twee),
    ):
        getallen = {"teller": n // 2, "noemer": n, "gecensureerd": n - n // 2, "schatting": 60.0}
        rijen.append({**rij(uitsplitsing, groep, n=n), **getallen, "maat": "mediaan", "methode": "km"})
    return resultaat(Kind.DUUR, rijen)


def vergelijking(**anders):
    vast = {
        "toets": "log-rank",
        "uitsplitsing": "proeftuin_soort",
        "eenheid": "",
        "statistiek": 4.2,
        "df": 1.0,
        "p": 0.04,
        "methode": "log-rank",
        "plekken": GROEPEN,
        "vrijheid": 60.0,
        "kleinste": 20.0,
    }
    return pd.DataFrame([{**vast, **anders}], columns=list(TOETS))


def vrij(bron, tabel, minimum=10):
    uit = release([replace(bron, toetsen=tabel)], policy=beleid(minimum))
    return uit.resultaten[0].toetsen.iloc[0]


def test_shown_when_all_groups_are():
    uit = vrij(duren(100, 80), vergelijking())
    assert not uit["onderdrukt"]
    assert (uit["statistiek"], uit["p"], uit["groepen"]) == (4.2, 0.04, ("proeftuin", "vergelijking"))
    assert "plekken" not in uit.index
    assert "kleinste" not in uit.index


@pytest.mark.parametrize(
    "anders",
    [
        {"vrijheid": 9.0},
        {"vrijheid": float("nan")},
        {"kleinste": 9.0},
        {"kleinste": float("nan")},
        {"plekken": (*GROEPEN, ("proeftuin", "Niet berekend"))},
        {"plekken": ()},
    ],
)
def test_hidden_when_too_little_is_behind_it_or_something_is_not_in_the_result(anders):
    uit = vrij(duren(100, 80), vergelijking(**anders))
    assert uit["onderdrukt"]
    assert uit[list(GETALLEN)].isna().all()
    assert uit["methode"] == ""


def test_hidden_when_one_of_the_groups_is_hidden():
    assert vrij(duren(100, 8), vergelijking())["onderdrukt"]


def test_why_there_is_no_test_may_be_told_only_when_the_groups_are_shown():
    geen = vergelijking(
        statistiek=float("nan"), df=float("nan"), p=float("nan"), vrijheid=0.0, methode="niets te toetsen"
    )
    assert vrij(duren(100, 80), geen)["methode"] == "niets te toetsen"
    assert vrij(duren(100, 8), geen)["methode"] == ""


def test_a_table_of_another_form_is_refused():
    bron = replace(duren(100, 80), toetsen=vergelijking().drop(columns="kleinste"))
    with pytest.raises(OnthullingsFout, match="niet de afgesproken vorm"):
        release([bron], policy=beleid())


def test_another_comparison_is_another_release():
    ids = {
        release([replace(duren(100, 80), toetsen=vergelijking(p=p))], policy=beleid()).id
        for p in (0.04, 0.05)
    }
    assert len(ids) == 2

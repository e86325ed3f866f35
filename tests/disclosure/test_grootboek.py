"""Releases one after another: nothing follows from the difference, and what cannot be read refuses."""

from __future__ import annotations

import copy
import json
import random

import numpy as np
import pytest
from aanvaller import Kennis, kijk
from hypothesis import given, settings
from hypothesis import strategies as st
from test_aanval import maak_uitgave, resultaten
from vrijgave_bouw import BELEID, GROOTHEDEN, Wereld, beleid, delen, resultaat, rij, uitsluiting

from toekomstscenario_eval.disclosure import ledger
from toekomstscenario_eval.disclosure.release import release
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.types import Kind

STAND = "stand van vrijgave"


@pytest.fixture
def bewaar(tmp_path):
    """Return a function that stores the ledger of a release and reads it back."""

    def doe(vrijgave):
        pad = tmp_path / vrijgave.id
        pad.mkdir(exist_ok=True)
        (pad / ledger.FILE).write_text(json.dumps(vrijgave.grootboek), encoding="utf-8")
        return ledger.load(pad)

    return doe


def terug(vrijgave):
    """Return the ledger as it comes back from a file."""
    bron = json.loads(json.dumps(vrijgave.grootboek))
    return ledger.Ledger(tuple(ledger._books(bron)), bron)


def wijzig(wereld: Wereld, kans: random.Random, aantal: int) -> Wereld:
    """Return the world a month later: some households more in one cell, with what comes with them."""
    cellen = {k: dict(v) for k, v in wereld.cellen.items()}
    cel = cellen[kans.choice(sorted(cellen))]
    for _ in range(aantal):
        cel["huishoudens"] += 1
        for grootheid in ("kinderen", "professionals"):
            cel[grootheid] += kans.randint(1, 3)
        if kans.random() < 0.5:
            cel["duo"] += 1
            cel["perioden"] += 1
        if kans.random() < 0.3:
            cel["ots"] += 1
    return Wereld(cellen, wereld.soort)


def nieuw(vrijgave):
    """Return the release without the numbers that stayed as they were published before."""
    uit = copy.deepcopy(vrijgave)
    for r in uit.resultaten:
        oud = r.schattingen["methode"].str.contains(STAND)
        r.schattingen.loc[oud, ["schatting", "n", "teller", "noemer", "gecensureerd"]] = np.nan
        plekken = set(map(tuple, r.schattingen.loc[oud, ["uitsplitsing", "groep", "periode"]].to_numpy()))
        mee = [tuple(p) in plekken for p in r.reeksen[["uitsplitsing", "groep", "periode"]].to_numpy()]
        r.reeksen.loc[mee, ["waarde", "n"]] = np.nan
    return uit


def lekken(een: Wereld, twee: Wereld, v1, v2, minimum: int) -> list[tuple[str, tuple[str, str, str], int]]:
    """Return differences of a few that can be calculated from two releases."""
    uit = []
    for periode in een.perioden:
        weet1, weet2 = Kennis(een, kijk(v1), periode), Kennis(twee, kijk(nieuw(v2)), periode)
        for u in ("", "proeftuin", "proeftuin_soort", "gezinsprofiel"):
            for groep in een.groepen(u):
                for g in GROOTHEDEN:
                    plek = (u, groep, periode)
                    vraag = weet1.vector(g, plek)[None]
                    if weet1.volgt(vraag)[0] and weet2.volgt(vraag)[0]:
                        verschil = abs(twee.som(g, *plek) - een.som(g, *plek))
                        if 0 < verschil < minimum and g != "dagen":
                            uit.append((g, plek, verschil))
    return uit


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 5, 10]), st.sampled_from([1, 1, 3, 12, 25]))
def test_nothing_follows_from_the_difference(zaad, minimum, aantal):
    wereld, indelingen = maak_uitgave(zaad)
    later = wijzig(wereld, random.Random(zaad), aantal)
    regels = beleid(minimum)
    eerste = release(resultaten(wereld, indelingen), policy=regels)
    tweede = release(resultaten(later, indelingen), policy=regels, earlier=[terug(eerste)])
    assert lekken(wereld, later, eerste, tweede, minimum) == []


def test_the_attacker_sees_one_household_more_without_the_ledger():
    """Otherwise the test above could not fail."""
    wereld, indelingen = maak_uitgave(11)
    later = wijzig(wereld, random.Random(11), 1)
    los = [release(resultaten(w, indelingen), policy=beleid(5)) for w in (wereld, later)]
    assert lekken(wereld, later, *los, 5)


def test_one_household_more_leaves_the_earlier_number(bewaar):
    eerste = release([delen(("a", 20, 60), ("b", 30, 70))], policy=BELEID)
    tweede = release([delen(("a", 21, 61), ("b", 30, 70))], policy=BELEID, earlier=[bewaar(eerste)])
    tabel = tweede.resultaten[0].schattingen.set_index("groep")
    assert tabel["teller"].to_dict() == {"totaal": 50, "a": 20, "b": 30}
    assert not tabel["onderdrukt"].any()
    assert tabel["methode"].str.contains(f"{STAND} {eerste.id}").to_dict() == {
        "totaal": True,
        "a": True,
        "b": False,
    }


def test_many_households_more_are_shown(bewaar):
    eerste = release([delen(("a", 20, 60), ("b", 30, 70))], policy=BELEID)
    tweede = release([delen(("a", 40, 100), ("b", 30, 70))], policy=BELEID, earlier=[bewaar(eerste)])
    tabel = tweede.resultaten[0].schattingen
    assert tabel["teller"].tolist() == [70, 40, 30]


def test_a_few_may_not_follow_from_what_is_shown_anew(bewaar):
    """The whole and a grow by enough to show; then b, with one more, would be the difference."""
    eerste = release([delen(("a", 20, 60), ("b", 30, 70))], policy=BELEID)
    tweede = release([delen(("a", 40, 100), ("b", 31, 71))], policy=BELEID, earlier=[bewaar(eerste)])
    tabel = tweede.resultaten[0].schattingen.set_index("groep")
    oud = tabel["methode"].str.contains(STAND)
    assert oud["b"]
    assert oud["a"] or oud["totaal"] or tabel["onderdrukt"]["a"] or tabel["onderdrukt"]["totaal"]


def test_many_rows_of_one_household_stay_too(bewaar):
    """Rows are no households: one household more may bring twenty."""

    def versie(huishoudens, rijen):
        tabel = [rij("tabel", "meting", rijen, maat="aantal", schatting=float(rijen), teller=float(rijen))]
        return [
            delen(("a", 20, huishoudens), ("b", 30, 70)),
            resultaat(Kind.TELLING, tabel, naam="geleverde_rijen"),
        ]

    eerste = release(versie(60, 400), policy=BELEID)
    een_meer = release(versie(61, 420), policy=BELEID, earlier=[bewaar(eerste)])
    veel_meer = release(versie(90, 420), policy=BELEID, earlier=[bewaar(eerste)])
    assert een_meer.resultaten[1].schattingen["schatting"].tolist() == [400]
    assert veel_meer.resultaten[1].schattingen["schatting"].tolist() == [420]


def test_hidden_stays_hidden(bewaar):
    eerste = release([delen(("a", 20, 24), ("b", 30, 70), ("c", 40, 90))], policy=BELEID)
    dicht = set(eerste.resultaten[0].schattingen.query("onderdrukt")["groep"])
    tweede = release(
        [delen(("a", 20, 60), ("b", 30, 70), ("c", 40, 90))], policy=BELEID, earlier=[bewaar(eerste)]
    )
    assert dicht == {"a", "b"}
    assert set(tweede.resultaten[0].schattingen.query("onderdrukt")["groep"]) >= dicht


def test_same_data_again_changes_nothing(bewaar):
    wereld, indelingen = maak_uitgave(7)
    eerste = release(resultaten(wereld, indelingen), policy=BELEID)
    tweede = release(resultaten(wereld, indelingen), policy=BELEID, earlier=[bewaar(eerste)])
    assert eerste.id == tweede.id


def test_last_ledger_holds_the_earlier_ones(bewaar):
    een = release([delen(("a", 20, 60), ("b", 30, 70))], policy=BELEID)
    twee = release([delen(("a", 40, 100), ("b", 60, 140))], policy=BELEID, earlier=[bewaar(een)])
    boek = bewaar(twee)
    assert [b.vrijgave for b in boek.books] == [twee.id, een.id]
    # One more than the first, which the second no longer shows.
    drie = release([delen(("a", 21, 61), ("b", 60, 140))], policy=BELEID, earlier=[boek])
    assert 21 not in drie.resultaten[0].schattingen["teller"].tolist()


def test_ledger_holds_nothing_hidden():
    vrijgave = release([delen(("a", 3, 7), ("b", 30, 71), ("c", 40, 97))], policy=BELEID)
    dicht = set(vrijgave.resultaten[0].schattingen.query("onderdrukt")["groep"])
    getallen = vrijgave.grootboek["resultaten"][0]["getallen"]
    assert dicht
    assert dicht.isdisjoint(g["groep"] for g in getallen)
    assert all(len(plek) == 4 for plek in vrijgave.grootboek["resultaten"][0]["verborgen"])


@pytest.mark.parametrize(
    "inhoud",
    ["", "{", "[]", "{}", '{"grootboek": 2, "vrijgave": "v1", "resultaten": [], "eerder": []}', "null", None],
)
def test_unreadable_ledger_refuses(tmp_path, inhoud):
    if inhoud is not None:
        (tmp_path / ledger.FILE).write_text(inhoud, encoding="utf-8")
    with pytest.raises(OnthullingsFout, match="niet leesbaar"):
        ledger.load(tmp_path)


def test_ledger_with_a_missing_column_refuses(tmp_path):
    bron = json.loads(json.dumps(release([delen(("a", 20, 60), ("b", 30, 70))], policy=BELEID).grootboek))
    del bron["resultaten"][0]["getallen"][0]["n"]
    (tmp_path / ledger.FILE).write_text(json.dumps(bron), encoding="utf-8")
    with pytest.raises(OnthullingsFout, match="niet leesbaar"):
        ledger.load(tmp_path)


def test_something_else_than_a_ledger_refuses():
    r = [delen(("a", 20, 60), ("b", 30, 70))]
    with pytest.raises(OnthullingsFout, match="grootboek"):
        release(r, policy=BELEID, earlier=[release(r, policy=BELEID)])


def test_a_number_left_out_that_was_hidden_stays_hidden(bewaar):
    def met(aantal):
        rijen = [rij("", "totaal", 200, maat="aandeel", schatting=0.5, teller=100, noemer=200)]
        return resultaat(Kind.AANDEEL, rijen, uitsluitingen=[uitsluiting("te laat", aantal)])

    eerste = release([met(9)], policy=BELEID)
    assert eerste.resultaten[0].uitsluitingen["aantal"].isna().all()
    tweede = release([met(10)], policy=BELEID, earlier=(bewaar(eerste),))
    assert tweede.resultaten[0].uitsluitingen["onderdrukt"].all()
    # Nothing was said about it before: then it may be shown.
    assert release([met(10)], policy=BELEID).resultaten[0].uitsluitingen["aantal"].tolist() == [10]

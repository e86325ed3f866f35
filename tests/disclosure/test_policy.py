"""Policies as data, and the rules on concentration."""

from __future__ import annotations

import tomllib

import pytest
from vrijgave_bouw import BELEID, beleid, delen, punt, resultaat, rij

from toekomstscenario_eval.disclosure.policy import FILE, load_policy
from toekomstscenario_eval.disclosure.release import release
from toekomstscenario_eval.disclosure.thresholds import all_rules
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.types import Kind

PROFIELEN = tuple(tomllib.loads(FILE.read_text(encoding="utf-8")))


def test_profiles():
    assert PROFIELEN == ("standaard", "streng", "microdata", "sacro")


@pytest.mark.parametrize("naam", PROFIELEN)
def test_every_rule_says_where_it_comes_from(naam):
    p = load_policy(naam)
    assert p.bronnen.keys() == p.regels.keys() == all_rules().keys()
    for bron in p.bronnen.values():
        assert any(woord in bron for woord in ("Brandt", "acro", "eigenaar", "microdata"))


def test_microdata_practice_and_sacro():
    m, s = load_policy("microdata"), load_policy("sacro")
    assert (m.minimum_teller, m.maximum_aandeel_een, m.maximum_aandeel_cel) == (10, 50, 90)
    assert m.minimum_vrijheidsgraden == 10
    assert (s.minimum_huishoudens, s.maximum_aandeel_twee, s.p_procent) == (10, 90, 10)


def bestand(tmp_path, **anders):
    """Return a file with one policy of which some rules differ."""
    regels = {naam: {"waarde": w, "bron": "een bron"} for naam, w in BELEID.regels.items()} | anders
    tekst = ["[proef]", 'titel = "t"', 'bron = "b"']
    for naam, inhoud in regels.items():
        if inhoud is not None:
            waarde = (
                inhoud
                if isinstance(inhoud, str)
                else f'{{ waarde = {inhoud["waarde"]}, bron = "{inhoud["bron"]}" }}'
            )
            tekst.append(f"{naam} = {waarde}")
    pad = tmp_path / "beleid.toml"
    pad.write_text("\n".join(tekst), encoding="utf-8")
    return pad


@pytest.mark.parametrize(
    ("anders", "tekst"),
    [
        ({"minimum_huishouden": {"waarde": 3, "bron": "b"}}, "onbekend"),
        ({"minimum_rest": None}, "ontbreekt of kan niet"),
        ({"minimum_rest": "10"}, "noemt geen bron"),
        ({"minimum_rest": {"waarde": 10, "bron": ""}}, "noemt geen bron"),
        ({"minimum_rest": {"waarde": 0, "bron": "b"}}, "kan niet"),
        ({"minimum_rest": {"waarde": "true", "bron": "b"}}, "kan niet"),
        ({"maximum_aandeel_cel": {"waarde": 101, "bron": "b"}}, "kan niet"),
        ({"p_procent": {"waarde": -1, "bron": "b"}}, "kan niet"),
    ],
)
def test_unknown_rule_or_value_refuses(tmp_path, anders, tekst):
    with pytest.raises(OnthullingsFout, match=tekst):
        load_policy("proef", bestand(tmp_path, **anders))


def test_unknown_profile_refuses():
    with pytest.raises(GebruikFout, match="bestaat niet"):
        load_policy("microdat")


# The rules act


def getoond(r, **regels):
    vrij = release([r], policy=beleid(10, **regels)).resultaten[0].schattingen
    return set(vrij.loc[~vrij["onderdrukt"], "groep"])


def test_no_cell_may_hold_most_of_its_row():
    r = delen(("a", 12, 200), ("b", 60, 120), ("c", 70, 130))
    assert getoond(r) == {TOTAAL, "a", "b", "c"}
    assert getoond(r, maximum_aandeel_cel=90) == {TOTAAL, "c"}


def test_no_group_may_hold_most_of_its_breakdown():
    def rijen(a, b, c):
        aantal = {TOTAAL: a + b + c, "a": a, "b": b, "c": c}
        return [
            rij(
                "" if g == TOTAAL else "gezinsprofiel",
                g,
                n,
                maat="aantal",
                schatting=float(n),
                teller=float(n),
            )
            for g, n in aantal.items()
        ]

    r = resultaat(Kind.TELLING, rijen(900, 20, 30))
    assert getoond(r) == {TOTAAL, "a", "b", "c"}
    assert "a" not in getoond(r, maximum_aandeel_cel=90)


def aantallen(hoog: int):
    """Return a mean over 20 units of 2 each, and one of `hoog`."""
    punten = [
        punt("verdeling", 2, 20 / 21, 20, label="2"),
        punt("verdeling", hoog, 1 / 21, 1, label=str(hoog)),
    ]
    totaal = 40 + hoog
    return resultaat(
        Kind.AANTAL,
        [rij("", TOTAAL, 21, maat="gemiddelde", schatting=totaal / 21, teller=totaal, noemer=21)],
        reeksen=punten,
    )


@pytest.mark.parametrize(
    ("hoog", "regels", "mag"),
    [
        (39, {"maximum_aandeel_een": 50}, True),
        (41, {"maximum_aandeel_een": 50}, False),
        (41, {}, True),
        (300, {"maximum_aandeel_twee": 90}, True),
        (400, {"maximum_aandeel_twee": 90}, False),
        (370, {"p_procent": 10}, True),
        (390, {"p_procent": 10}, False),
    ],
)
def test_one_unit_may_not_make_up_a_total(hoog, regels, mag):
    assert (getoond(aantallen(hoog), **regels) == {TOTAAL}) is mag


def test_total_of_which_the_largest_is_unknown_is_not_shown():
    r = resultaat(
        Kind.AANTAL,
        [rij("", TOTAAL, 40, maat="gemiddelde", schatting=2.0, teller=80.0, noemer=40.0)],
    )
    assert getoond(r) == {TOTAAL}
    assert getoond(r, maximum_aandeel_een=50) == set()


def test_mean_needs_degrees_of_freedom():
    r = resultaat(
        Kind.AANTAL,
        [rij("", TOTAAL, 15, maat="gemiddelde", schatting=2.0, teller=30.0, noemer=15.0)],
    )
    assert getoond(r, minimum_vrijheidsgraden=14) == {TOTAAL}
    assert getoond(r, minimum_vrijheidsgraden=15) == set()

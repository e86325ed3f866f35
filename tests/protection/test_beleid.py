"""Policies as data: every rule documented, and whatever is unknown or impossible refused."""

from __future__ import annotations

import ast
import pickle
import tomllib
from dataclasses import replace

import pytest

from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import DEFAULT, FILE, load_policy, policies
from toekomstscenario_eval.protection.rules import Card, all_rules
from toekomstscenario_eval.summaries.breakdowns import group_fields

NAMEN = ("standaard", "streng", "microdata")
STANDAARD = load_policy()


def test_the_policies():
    assert policies() == NAMEN
    assert STANDAARD.naam == DEFAULT


@pytest.mark.parametrize("naam", NAMEN)
def test_every_rule_says_what_it_is_and_where_it_comes_from(naam):
    p = load_policy(naam)
    assert list(p.regels) == list(p.bronnen) == list(all_rules())
    for bron in p.bronnen.values():
        assert "te bevestigen door de eigenaar" in bron or "Brandt" in bron
    assert all(rule.card.uitleg for rule in all_rules().values())


def test_the_rules_stand_in_their_order():
    order = [rule.card.order for rule in all_rules().values()]
    assert order == list(range(1, len(order) + 1))


def test_the_default_is_what_was_measured():
    assert STANDAARD.ruis == Noise(6, 3.0, 2)
    assert STANDAARD.fixed == {"ruis_d": 6, "ruis_v": 3, "ruis_js": 2, "epoche": "jaar"}
    sizes = [v for naam, v in STANDAARD.regels.items() if naam.startswith("omvang_")]
    assert sizes == [30, 100, 300, 1500]
    assert (STANDAARD.drempel, STANDAARD.gebeurtenissen_aantal, STANDAARD.gebeurtenissen_procent) == (
        10,
        10,
        20,
    )
    assert (STANDAARD.risico, STANDAARD.cellen_onder_drempel) == (0.8, True)
    vanaf = [v for naam, v in STANDAARD.regels.items() if naam.endswith("_vanaf")]
    assert vanaf == [30, 100, 5, 10, 50, 20, 30, 50, 30, 100, 300, 30, 25, 10, 5, 100, 100]


def test_the_strict_one_is_stricter_and_microdata_leaves_small_cells_out():
    s, m = load_policy("streng"), load_policy("microdata")
    assert s.ruis.d > STANDAARD.ruis.d
    assert s.ruis.v > STANDAARD.ruis.v
    assert s.ruis.js > STANDAARD.ruis.js
    for naam, waarde in STANDAARD.regels.items():
        if naam.startswith(("omvang_", "gebeurtenissen_", "drempel")) or naam.endswith("_vanaf"):
            assert s.regels[naam] > waarde, naam
    assert s.risico < STANDAARD.risico
    assert set(s.uitsplitsingen) < set(STANDAARD.uitsplitsingen)
    # Without its small counts sums over tails are too low: only the habit for microdata asks that.
    assert s.cellen_onder_drempel
    assert not m.cellen_onder_drempel
    assert m.ruis == STANDAARD.ruis


@pytest.mark.parametrize("naam", NAMEN)
def test_breakdowns_exist(naam):
    assert set(load_policy(naam).uitsplitsingen) <= set(group_fields())


@pytest.mark.parametrize("naam", NAMEN)
def test_a_policy_crosses_a_process(naam):
    p = load_policy(naam)
    again = pickle.loads(pickle.dumps(p))
    assert again == p
    assert again.ruis == p.ruis
    assert hash(again) == hash(p)


def test_another_rule_is_no_attribute():
    with pytest.raises(AttributeError, match="geen regel 'drempels'"):
        _ = STANDAARD.drempels


def test_every_rule_that_code_asks_a_policy_for_exists():
    """A policy gives its rules as attributes, and no type checker sees a wrong name."""
    known = set(all_rules()) | {*vars(STANDAARD), "ruis", "fixed"}
    asked = {
        (path.name, node.attr)
        for path in FILE.parents[1].rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "policy"
    }
    assert {name for _, name in asked} > {"drempel", "risico", "omvang_geheel"}
    assert not {(path, name) for path, name in asked if name not in known}


def bestand(tmp_path, **anders):
    """Return a file with one policy of which some rules differ; None leaves one out."""
    bron = tomllib.loads(FILE.read_text(encoding="utf-8"))[DEFAULT]
    regels = {naam: bron[naam]["waarde"] for naam in all_rules()} | anders
    tekst = ["[proef]", 'titel = "t"', 'bron = "b"']
    for naam, waarde in regels.items():
        if isinstance(waarde, str) and waarde.startswith("!"):
            tekst.append(f"{naam} = {waarde[1:]}")
        elif waarde is not None:
            vorm = str(waarde).lower() if isinstance(waarde, bool) else repr(waarde).replace("(", "[")
            tekst.append(f'{naam} = {{ waarde = {vorm.replace(")", "]")}, bron = "b" }}')
    pad = tmp_path / "beleid.toml"
    pad.write_text("\n".join(tekst), encoding="utf-8")
    return pad


def test_a_file_of_the_owner_is_read(tmp_path):
    p = load_policy("proef", bestand(tmp_path, epoche="halfjaar", drempel=15, ruis_v=2.5))
    assert (p.epoche, p.drempel, p.ruis) == ("halfjaar", 15, Noise(6, 2.5, 2))


@pytest.mark.parametrize(
    ("anders", "tekst"),
    [
        ({"dremppel": 3}, "de regel 'dremppel' in het beleid 'proef' is onbekend"),
        ({"drempel": None}, "de regel 'drempel' in het beleid 'proef' ontbreekt of kan niet"),
        ({"drempel": "!10"}, "de regel 'drempel' in het beleid 'proef' noemt geen bron"),
        ({"drempel": '!{ waarde = 10, bron = "" }'}, "noemt geen bron"),
        ({"drempel": '!{ waarde = 10, bron = "b", van = 1 }'}, "noemt geen bron"),
        ({"drempel": 2}, "'drempel' .* kan niet"),
        ({"drempel": 10.5}, "'drempel' .* kan niet"),
        ({"drempel": True}, "'drempel' .* kan niet"),
        ({"drempel": "tien"}, "'drempel' .* kan niet"),
        ({"drempel": 31}, "'omvang_geheel' .* kan niet"),
        ({"ruis_js": 10, "ruis_v": 40.0, "ruis_d": 30}, "'drempel' .* kan niet"),
        ({"ruis_d": 0}, "'ruis_d' .* kan niet"),
        ({"ruis_v": 0.9, "ruis_js": 0}, "'ruis_v' .* kan niet"),
        ({"ruis_v": 101}, "'ruis_v' .* kan niet"),
        ({"ruis_js": -1}, "'ruis_js' .* kan niet"),
        ({"epoche": "maand"}, "'epoche' .* kan niet"),
        ({"epoche": 1}, "'epoche' .* kan niet"),
        ({"cellen_onder_drempel": 1}, "'cellen_onder_drempel' .* kan niet"),
        ({"risico": 0.99}, "'risico' .* kan niet"),
        ({"gebeurtenissen_procent": 101}, "'gebeurtenissen_procent' .* kan niet"),
        ({"omvang_plaats": 99}, "'omvang_plaats' .* kan niet"),
        ({"omvang_kruising": 299}, "'omvang_kruising' .* kan niet"),
        ({"uitsplitsingen": "proeftuin"}, "'uitsplitsingen' .* kan niet"),
        ({"uitsplitsingen": "!{ waarde = [], bron = 'b' }"}, "'uitsplitsingen' .* kan niet"),
        ({"uitsplitsingen": "!{ waarde = [3], bron = 'b' }"}, "'uitsplitsingen' .* kan niet"),
        ({"ruis_d": 2}, "deze ruis bestaat niet"),
    ],
)
def test_what_is_unknown_or_cannot_be_is_refused(tmp_path, anders, tekst):
    pad = bestand(tmp_path, **anders)
    with pytest.raises(OnthullingsFout, match=tekst):
        load_policy("proef", pad)


@pytest.mark.parametrize("inhoud", ["geen = [toml", "proef = 3", "[proef]\ntitel = 3"])
def test_a_file_that_holds_no_policy_is_refused(tmp_path, inhoud):
    pad = tmp_path / "beleid.toml"
    pad.write_text(inhoud, encoding="utf-8")
    with pytest.raises(OnthullingsFout):
        load_policy("proef", pad)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(OnthullingsFout, match="niet leesbaar"):
        policies(tmp_path / "weg.toml")


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(GebruikFout) as fout:
        load_policy("microdat")
    assert fout.value.herstel == "Bedoelt u 'microdata'?"
    with pytest.raises(GebruikFout, match="bestaat niet"):
        load_policy("sacro")


def test_a_policy_made_in_code_is_held_to_the_same():
    with pytest.raises(OnthullingsFout, match="'drempel'"):
        replace(STANDAARD, regels={**STANDAARD.regels, "drempel": 0})
    with pytest.raises(OnthullingsFout, match="onbekend"):
        replace(STANDAARD, regels={**STANDAARD.regels, "minimum_teller": 10})
    with pytest.raises(OnthullingsFout, match="'titel'"):
        replace(STANDAARD, titel="")


@pytest.mark.parametrize(
    ("card", "tekst"),
    [
        (Card("u", 1, onder=3), "een geheel getal vanaf 3"),
        (Card("u", 1, onder=1, boven=100), "een geheel getal vanaf 1 tot en met 100"),
        (Card("u", 1, onder=0.2, boven=0.95, fraction=True), "een getal vanaf 0,2 tot en met 0,95"),
        (Card("u", 1, keuzes=("jaar", "halfjaar")), "een van jaar, halfjaar"),
        (Card("u", 1, names=True), "een lijst van namen"),
    ],
)
def test_what_was_expected_is_said(card, tekst):
    assert card.expected == tekst

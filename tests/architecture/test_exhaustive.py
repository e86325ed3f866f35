"""A new kind of result or form of number cannot be forgotten: where they differ stands a table of all.

The syntax tree is read, so no table escapes, at whatever depth it stands. A member of these enums is the key
of a table, or it is passed on; it is never compared, for what compares sends every other member one way.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from tests.vrijgave_bouw import delen
from toekomstscenario_eval import estimators
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.networks import network_cards
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.report.methods import METHODS, methods
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.summaries.facts import CARDS
from toekomstscenario_eval.types import Kind, Maat, Vorm

PAKKET = Path(__file__).parents[2] / "toekomstscenario_eval"
BESTANDEN = sorted(p for p in PAKKET.rglob("*.py") if "meegeleverd" not in p.parts)
ENUMS = {soort.__name__: {lid.name for lid in soort} for soort in (Kind, Vorm)}


def member(knoop: ast.AST | None) -> tuple[str, str] | None:
    """Return enum and member of `Kind.DUUR`."""
    if isinstance(knoop, ast.Attribute) and isinstance(knoop.value, ast.Name):
        soort, naam = knoop.value.id, knoop.attr
        return (soort, naam) if naam in ENUMS.get(soort, ()) else None
    return None


def parts(knoop: ast.AST) -> list[ast.AST]:
    """Return what a node compares, picks from or looks up."""
    if isinstance(knoop, ast.Compare):
        return [knoop.left, *knoop.comparators]
    if isinstance(knoop, ast.Tuple | ast.List | ast.Set):
        return list(knoop.elts)
    if isinstance(knoop, ast.MatchValue):
        return [knoop.value]
    if isinstance(knoop, ast.Call) and getattr(knoop.func, "attr", "") == "get":
        return list(knoop.args[:1])
    return [knoop.slice] if isinstance(knoop, ast.Subscript) else []


def is_code(knoop: ast.AST) -> bool:
    """Whether this is the text behind a kind or form, such as `card.kind.value`."""
    tekst = isinstance(knoop, ast.Attribute) and knoop.attr == "value"
    return tekst and getattr(knoop.value, "attr", "") in ("kind", "vorm")


def is_looked_up(knoop: ast.AST) -> bool:
    """Whether a kind or form is looked up with an answer for those that are not there."""
    if not (isinstance(knoop, ast.Call) and getattr(knoop.func, "attr", "") == "get" and knoop.args):
        return False
    return getattr(knoop.args[0], "attr", "") in ("kind", "vorm")


def faults(tekst: str) -> list[str]:
    """Return every place in a source where a kind or form can be forgotten."""
    uit = []
    for knoop in ast.walk(ast.parse(tekst)):
        if isinstance(knoop, ast.Dict):
            gezien: dict[str, set[str]] = {}
            for soort, naam in filter(None, map(member, knoop.keys)):
                gezien.setdefault(soort, set()).add(naam)
            for soort, namen in gezien.items():
                uit += [f"regel {knoop.lineno}: zonder {soort}.{n}" for n in sorted(ENUMS[soort] - namen)]
        if any(member(deel) or is_code(deel) for deel in parts(knoop)) or is_looked_up(knoop):
            uit.append(f"regel {knoop.lineno}: een keuze buiten een tabel")
    return uit


@pytest.mark.parametrize("pad", BESTANDEN, ids=lambda p: str(p.relative_to(PAKKET)))
def test_kinds_and_forms_are_told_apart_in_tables_of_all(pad):
    assert not faults(pad.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("tekst", "wat"),
    [
        ("T = {Kind.DUUR: 1}", "zonder Kind.AANDEEL"),
        ("def f():\n    return {Vorm.AANDEEL: 1, Vorm.TELLING: 2, Vorm.DAGEN: 3}[v]", "zonder Vorm.GETAL"),
        ("if card.kind is Kind.DUUR: pass", "buiten een tabel"),
        ("if kind in (Kind.DUUR, Kind.SCORE): pass", "buiten een tabel"),
        ("MEE = frozenset({Vorm.AANDEEL})", "buiten een tabel"),
        ("match kind:\n    case Kind.DUUR: pass\n    case _: pass", "buiten een tabel"),
        ("T.get(card.kind, ())", "buiten een tabel"),
        ("if card.kind.value == 'duur': pass", "buiten een tabel"),
        ("T[card.kind.value]", "buiten een tabel"),
    ],
)
def test_what_forgets_a_member_is_found(tekst, wat):
    assert any(wat in fout for fout in faults(tekst))


def test_a_table_of_all_and_a_member_passed_on_are_no_fault():
    vol = ", ".join(f"Vorm.{lid.name}: 1" for lid in Vorm)
    assert faults(f"T = {{{vol}}}\nCard(kind=Kind.DUUR)\nnumber(1.0, Vorm.AANDEEL)\nT[card.vorm]") == []


def test_tables_stand_in_every_layer():
    """Summary, estimator, rule, figure, table and method: a layer without a table would not be seen above."""
    met = {
        pad.relative_to(PAKKET).as_posix()
        for pad in BESTANDEN
        for knoop in ast.walk(ast.parse(pad.read_text(encoding="utf-8")))
        if isinstance(knoop, ast.Dict) and any(map(member, knoop.keys))
    }
    assert {
        "summaries/kinds.py",
        "estimators/__init__.py",
        "estimators/group_tests.py",
        "summaries/cells/__init__.py",
        "summaries/answers.py",
        "protection/rules/_kinds.py",
        "blocks/views.py",
        "blocks/figure.py",
        "designs/_sites.py",
        "report/methods.py",
        "document/format.py",
    } <= met


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_estimated_by_a_module_or_refused(kind):
    naam = estimators.MODULES[kind]
    if naam is None:
        assert estimators.interval_choices(kind) == ()
        return
    module = import_module(f"toekomstscenario_eval.{naam}")
    assert callable(module.estimate_group)
    assert estimators.interval_choices(kind) == module.INTERVALS


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_estimated_from_published_counts_or_refused(kind):
    naam = estimators.PUBLIC_MODULES[kind]
    if naam is None:
        return
    module = import_module(f"toekomstscenario_eval.{naam}")
    assert callable(module.estimate_group)
    # What may be chosen does not depend on whether the counts are exact.
    assert estimators.interval_choices(kind) == module.INTERVALS


# Networks are estimated from ties by more modules than one: their cards hold what those know. The comparison
# of sites is made inside only.
NETWORKS = (
    set(),
    {
        maat.schatter or naam
        for card in (network_cards.NETWERK, network_cards.TIME, network_cards.OVERLEG)
        for naam, maat in card.maten.items()
    },
)


def test_published_counts_know_every_estimand_of_their_kind():
    """Asked for one that it does not know, an estimator names those that it does."""
    for kind, naam in estimators.PUBLIC_MODULES.items():
        if naam is None:
            continue
        own, exact = (import_module(f"toekomstscenario_eval.{n}") for n in (naam, estimators.MODULES[kind]))
        maten = {"onbekend": Maat("", "", Vorm.GETAL)}
        policy = {"noise": Noise(6, 3.0, 2), "step": 1, "cap": 365, "threshold": 10}
        known = []
        for module, columns, extra in ((exact, KOLOMMEN, {}), (own, ["naam", "x", "k", "n"], policy)):
            empty = pd.DataFrame(columns=columns, dtype="float64")
            with pytest.raises(GebruikFout, match="de maat 'onbekend' bestaat niet") as fout:
                module.estimate_group(empty, huishoudens=0, maten=maten, horizon=30, **extra)
            known.append(set(fout.value.verwacht.removeprefix("een van ").split(", ")))
        assert known[0] | NETWORKS[kind is Kind.NETWERK] == known[1]


KAARTEN = {naam: wat.card for naam, wat in registry.all_indicators().items()}
KAARTEN |= {
    k.label: k
    for k in (
        network_cards.NETWERK,
        network_cards.TIME,
        network_cards.VERGELIJKING,
        network_cards.OVERLEG,
        *CARDS.values(),
    )
}


@pytest.mark.parametrize("naam", KAARTEN)
def test_every_estimand_that_is_published_has_a_method(naam):
    kaart = KAARTEN[naam]
    assert methods(kaart, kaart.maten).keys() == kaart.maten.keys()


SOMMEN = ("t", "n", "tt", "nn", "tn", "b", "bb", "w", "ww", "v", "vv", "vw", "r", "k", "rk")
KOLOMMEN = [
    *(f"som_{k}" for k in SOMMEN),
    *("n", "h", "dag", "dag2", "soort", "soort2", "rij", "kolom", "aantal", "n_paar", "paar_w", "paar_ww"),
]
GESCHAT = [kind for kind in Kind if kind not in (Kind.NETWERK, Kind.TELLING)]


@pytest.mark.parametrize("kind", GESCHAT, ids=lambda k: k.value)
def test_every_estimand_that_an_estimator_knows_has_a_method(kind):
    """Asked for one that it does not know, an estimator names those that it does."""
    module = import_module(f"toekomstscenario_eval.{estimators.MODULES[kind]}")
    leeg = pd.DataFrame(columns=KOLOMMEN, dtype="float64")
    with pytest.raises(GebruikFout, match="de maat 'onbekend' bestaat niet") as fout:
        module.estimate_group(leeg, huishoudens=0, maten={"onbekend": Maat("", "", Vorm.GETAL)}, horizon=30)
    namen = fout.value.verwacht.removeprefix("een van ").split(", ")
    kaart = replace(KAARTEN["aandeel_duo"], kind=kind, maten=dict.fromkeys(namen, Maat("", "", Vorm.GETAL)))
    assert methods(kaart, namen).keys() == set(namen)


# What more than one method assumes.
GEDEELD = {
    "Huishoudens zijn onafhankelijk van elkaar",
    "Op elke dag zijn er genoeg perioden onder waarneming",
}


def test_no_assumption_is_printed_for_what_rests_on_another():
    rij, r = {"gecensureerd": 1, "noemer": 4, "n": 4, "methode": "", "ondergrens": 0.1}, delen(("a", 1, 4))
    alle = {methode for per in METHODS.values() for methode in per.values()}
    aannames = [a.assumption for methode in alle for a, _ in methode.assumptions(rij, r)]
    assert {naam for naam in aannames if aannames.count(naam) > 1} == GEDEELD
    assert len({methode.tekst for methode in alle}) >= len(Kind)

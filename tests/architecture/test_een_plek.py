"""What stands in a list stands there once: names, rules and choices follow from one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from typer.testing import CliRunner

from toekomstscenario_eval import cli
from toekomstscenario_eval.blocks import network_export
from toekomstscenario_eval.cli._shared import one_of
from toekomstscenario_eval.data.schema import FORMATS
from toekomstscenario_eval.disclosure.policy import load_policy, policies
from toekomstscenario_eval.document.languages import LANGUAGES
from toekomstscenario_eval.types import SITE, SITE_KIND

PAKKET = Path(cli.__file__).parents[1]
BRONNEN = {
    pad.relative_to(PAKKET).as_posix(): ast.parse(pad.read_text(encoding="utf-8"))
    for pad in sorted(PAKKET.rglob("*.py"))
    if "meegeleverd" not in pad.parts
}


def test_the_main_breakdowns_are_named_on_the_ground():
    assert SITE_KIND.startswith(f"{SITE}_")
    gespeld = [
        naam
        for naam, boom in BRONNEN.items()
        for knoop in ast.walk(boom)
        if isinstance(knoop, ast.Constant) and knoop.value == SITE_KIND
    ]
    assert gespeld == ["types.py"]


def test_directories_are_read_in_one_place():
    assert [naam for naam, boom in BRONNEN.items() if "iter_modules" in ast.unparse(boom)] == ["resources.py"]


def test_every_rule_that_code_asks_a_policy_for_exists():
    """A policy gives its rules as attributes, and no type checker sees a wrong name."""
    regels = load_policy().regels
    gevraagd = {
        knoop.attr
        for boom in BRONNEN.values()
        for knoop in ast.walk(boom)
        if isinstance(knoop, ast.Attribute) and knoop.attr.startswith(("minimum_", "maximum_", "p_procent"))
    } - {"minimum_contacten", "minimum_households"}
    assert gevraagd == set(regels)


@pytest.mark.parametrize(
    ("opdracht", "keuzes"),
    [
        ("rapport", one_of(policies())),
        ("netwerk", one_of(network_export.FORMATS)),
        ("voorbeeld", one_of(FORMATS)),
        *(("rapport", code) for code in LANGUAGES),
    ],
)
def test_help_names_every_choice(opdracht, keuzes):
    hulp = CliRunner().invoke(cli.app, [opdracht, "--help"], env={"COLUMNS": "200"}).output
    assert keuzes in " ".join(hulp.split())

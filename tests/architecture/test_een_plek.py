"""What stands in a list stands there once: names, rules and choices follow from one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from toekomstscenario_eval import cli
from toekomstscenario_eval.blocks import network_export
from toekomstscenario_eval.cli._shared import one_of
from toekomstscenario_eval.data.schema import FORMATS
from toekomstscenario_eval.document.languages import LANGUAGES
from toekomstscenario_eval.protection.policy import Policy, load_policy, policies
from toekomstscenario_eval.protection.rules import all_rules
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
    # The second route shares nothing with the house.
    assert [naam for naam in gespeld if not naam.startswith("second_route/")] == ["types.py"]


def test_directories_are_read_in_one_place():
    assert [naam for naam, boom in BRONNEN.items() if "iter_modules" in ast.unparse(boom)] == ["resources.py"]


def attributes(boom: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what is asked of what: the last name before the point, and the attribute."""
    for knoop in ast.walk(boom):
        if isinstance(knoop, ast.Attribute):
            yield getattr(knoop.value, "id", "") or getattr(knoop.value, "attr", ""), knoop.attr


def test_every_rule_that_code_asks_a_policy_for_exists():
    """A policy gives its rules as attributes, and no type checker sees a wrong name."""
    eigen = {v.name for v in fields(Policy)} | set(vars(Policy))
    gevraagd = {
        naam for boom in BRONNEN.values() for wat, naam in attributes(boom) if wat in ("policy", "beleid")
    }
    assert gevraagd <= eigen | set(load_policy().regels)


def test_no_rule_stands_in_a_policy_that_nothing_asks_for():
    """The record and the handbook say that it holds."""
    gevraagd = {naam for boom in BRONNEN.values() for _, naam in attributes(boom)}
    gezet = {naam for naam, regel in all_rules().items() if regel.refuse is None}
    assert gezet <= gevraagd


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

"""Every package that the code imports is declared, and what is declared is used or says what for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from toekomstscenario_eval.provenance.manifest import versions

WORTEL = Path(__file__).parents[2]
PAKKET = WORTEL / "toekomstscenario_eval"
PROJECT = (WORTEL / "pyproject.toml").read_text(encoding="utf-8")


def kort(naam: str) -> str:
    """Return the name of a distribution as all its spellings have it in common."""
    return re.sub(r"[-_.]+", "-", naam).lower()


DECLARED = {
    kort(re.split(r"[\[<>=!~ ]", regel)[0]) for regel in tomllib.loads(PROJECT)["project"]["dependencies"]
}


def imported(code: str) -> Iterator[str]:
    """Yield the names of the packages outside the standard library that some code imports."""
    for knoop in ast.walk(ast.parse(code)):
        namen = [a.name for a in knoop.names] if isinstance(knoop, ast.Import) else []
        if isinstance(knoop, ast.ImportFrom) and not knoop.level:
            namen = [knoop.module or ""]
        for naam in namen:
            if (eerste := naam.partition(".")[0]) not in sys.stdlib_module_names | {PAKKET.name}:
                yield eerste


@cache
def used() -> dict[str, set[str]]:
    """Return per distribution the files that import it; one that is not installed keeps its own name."""
    van = packages_distributions()
    uit: dict[str, set[str]] = {}
    for pad in PAKKET.rglob("*.py"):
        if "meegeleverd" not in pad.parts:
            for naam in imported(pad.read_text(encoding="utf-8")):
                for pakket in van.get(naam, [naam]):
                    uit.setdefault(kort(pakket), set()).add(str(pad.relative_to(PAKKET)))
    return uit


def test_every_import_is_declared():
    assert {naam: plekken for naam, plekken in used().items() if naam not in DECLARED} == {}


def test_what_is_declared_and_not_imported_says_what_for():
    regels = dict(re.findall(r'^  "([\w-]+)[^"]*",\s*(?:# (.+))?$', PROJECT, flags=re.MULTILINE))
    assert {kort(naam) for naam in regels} >= DECLARED
    ongebruikt = DECLARED - set(used())
    assert [naam for naam, reden in regels.items() if kort(naam) in ongebruikt and not reden] == []


def test_the_versions_of_a_report_are_those_of_what_is_imported():
    eigen = {"toekomstscenario-eval", "python"}
    assert {kort(naam) for naam in versions()} - eigen == set(used())


def test_an_import_is_found_wherever_it_stands():
    code = "import os, een.twee\nfrom . import buur\ndef f():\n    from drie.vier import vijf\n"
    assert list(imported(code)) == ["een", "drie"]

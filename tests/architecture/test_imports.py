"""The walls of the house: imports run one way, files stay small, nothing slow is loaded for help."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

WORTEL = Path(__file__).parents[2]
PAKKET = WORTEL / "toekomstscenario_eval"
NAAM = PAKKET.name
BESTANDEN = sorted(p for p in PAKKET.rglob("*.py") if "meegeleverd" not in p.parts)

# What each room may import of the others, from the ground up. What is behind the waist sees no data: it
# imports neither `data` nor `summaries`, and of the waist only what left it.
GROND = {
    "citizen_number",
    "structured_text",
    "structured_yaml",
    "characteristic_names",
    "design_effect",
    "types",
    "long_tables",
    "compared_groups",
    "errors",
    "files",
    "identity",
    "resources",
    "grids",
    "periods",
    "tie_names",
}
UITKOMST = {"frames", "results", "series"}
NA_DE_TAILLE = {"protection.public", "protection.noise"}
MAG = {
    "version": set(),
    "citizen_number": set(),
    "structured_text": set(),
    "structured_yaml": {"structured_text"},
    "errors": set(),
    "files": {"errors"},
    "resources": set(),
    "identity": set(),
    "grids": set(),
    "periods": {"types", "errors"},
    "series": set(),
    "tie_names": set(),
    "characteristic_names": set(),
    "long_tables": set(),
    "compared_groups": set(),
    "types": {"errors", "identity", "compared_groups", "long_tables"},
    "design_effect": {"types"},
    "frames": {"types", "identity"},
    "results": {"types", "long_tables", "errors", "identity", "frames"},
    "data": GROND | {"version"},
    "indicators": {"types", "data.spells", "data.schema", "characteristic_names"},
    "summaries": GROND | {"frames", "data", "indicators"},
    "protection": GROND | {"frames", "results"},
    "estimators": GROND | {"frames", "series"} | NA_DE_TAILLE,
    "designs": GROND | {"document.format"} | NA_DE_TAILLE,
    # A plan before there are data: from the plan and the noise alone.
    "power": GROND | {"designs", "estimators.intervals", "protection.noise", "document.format"},
    "document": GROND,
    "blocks": GROND | UITKOMST | {"designs", "document", "power"},
    "report": GROND | UITKOMST | {"designs", "document", "blocks", "estimators.networks.network_cards"},
    # Open data: what was protected is read again, and the same estimators fill in the numbers.
    "provenance": GROND
    | UITKOMST
    | {"version", "document", "blocks", "report"}
    | {"estimators.filling"}
    | NA_DE_TAILLE,
    # The second route shares nothing with the first.
    "second_route": set(),
}
# The conductors know the whole way.
VRIJ = {
    "passage",
    "definitions",
    "study",
    "study_baseline",
    "study_groups",
    "study_networks",
    "study_panels",
    "study_public",
    "public_networks",
    "making",
    "cli",
    "__init__",
}


def deel(pad: Path) -> str:
    return pad.relative_to(PAKKET).parts[0].removesuffix(".py")


def ingevoerd(pad: Path) -> set[str]:
    uit = set()
    for knoop in ast.walk(ast.parse(pad.read_text(encoding="utf-8"))):
        if isinstance(knoop, ast.ImportFrom) and knoop.module and knoop.module.startswith(NAAM):
            rest = knoop.module.removeprefix(NAAM).lstrip(".")
            uit |= {f"{rest}.{a.name}" if rest else a.name for a in knoop.names}
        elif isinstance(knoop, ast.Import):
            uit |= {a.name.removeprefix(NAAM + ".") for a in knoop.names if a.name.startswith(NAAM + ".")}
    return uit


@pytest.mark.parametrize("pad", BESTANDEN, ids=lambda p: str(p.relative_to(PAKKET)))
def test_imports_run_one_way(pad):
    eigen = deel(pad)
    if eigen in VRIJ:
        return
    toegestaan = MAG[eigen] | {eigen}
    verboden = {
        naam for naam in ingevoerd(pad) if not any(naam == t or naam.startswith(t + ".") for t in toegestaan)
    }
    assert not verboden


def test_every_part_has_a_rule():
    assert {deel(p) for p in BESTANDEN} - {"__init__"} <= set(MAG) | VRIJ


@pytest.mark.parametrize("pad", BESTANDEN, ids=lambda p: str(p.relative_to(PAKKET)))
def test_files_are_one_room(pad):
    assert len(pad.read_text(encoding="utf-8").splitlines()) <= 400


def test_help_loads_nothing_slow():
    """Wanted: an answer well under half a second; so none of the heavy libraries."""
    zwaar = (
        "pandas",
        "ibis",
        "duckdb",
        "scipy",
        "statsmodels",
        "pingouin",
        "altair",
        "nbconvert",
        "networkx",
    )
    code = f"import toekomstscenario_eval.cli, sys; print([m for m in {zwaar!r} if m in sys.modules])"
    uit = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert uit.stdout.strip() == "[]"


def test_statsmodels_and_pingouin_are_lazy():
    lui = ("statsmodels", "pingouin")
    code = f"import toekomstscenario_eval.study, sys; print([m for m in {lui!r} if m in sys.modules])"
    uit = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert uit.stdout.strip() == "[]"


def test_no_machine_path_and_no_registry_in_the_tree():
    """A lock file or text must work on every machine."""
    gastheren = ["py" + "pi.org", "pythonho" + "sted", "npm" + "js.", "deb." + "debian"]
    # Spelled in two parts, so that this file does not hold what it forbids.
    paden = ["/" + "work/", "/" + "root/", "/" + "home/"]
    lijst = subprocess.run(["git", "ls-files"], cwd=WORTEL, capture_output=True, text=True, check=False)
    if lijst.returncode:
        pytest.skip("geen git-checkout: de lijst van bestanden ontbreekt")
    fout = []
    for naam in lijst.stdout.splitlines():
        try:
            tekst = (WORTEL / naam).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        fout += [(naam, woord) for woord in gastheren + paden if woord in tekst]
    assert not fout

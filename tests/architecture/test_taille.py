"""Behind the waist nothing knows of the data: no file of a package, no engine, no pseudonym."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PAKKET = Path(__file__).parents[2] / "toekomstscenario_eval"
KAMERS = ("estimators", "designs", "power", "blocks", "report", "provenance", "document")
# Rooms of the house before the waist, and libraries that open what is in them.
VOOR = {"data", "indicators", "summaries", "passage", "study"}
ENGINES = {"ibis", "duckdb", "sqlglot"}
PSEUDONIEM = "huishouden_id"
# Cards name the columns that they need; they read none.
KAARTEN = {"estimators/networks/network_cards.py"}
BESTANDEN = [
    *sorted(p for kamer in KAMERS for p in (PAKKET / kamer).rglob("*.py")),
    PAKKET / "results.py",
    PAKKET / "series.py",
]


def ingevoerd(boom: ast.AST) -> set[str]:
    """Every module that is loaded, also inside a function or by its name as text."""
    uit = set()
    for knoop in ast.walk(boom):
        if isinstance(knoop, ast.Import):
            uit |= {a.name for a in knoop.names}
        elif isinstance(knoop, ast.ImportFrom) and knoop.module:
            uit |= {knoop.module, *(f"{knoop.module}.{a.name}" for a in knoop.names)}
        elif isinstance(knoop, ast.Constant) and isinstance(knoop.value, str):
            uit |= {knoop.value} if knoop.value.startswith(f"{PAKKET.name}.") else set()
    return uit


def overtredingen(bron: str) -> set[str]:
    """What a source knows of the data."""
    boom = ast.parse(bron)
    uit = set()
    for naam in ingevoerd(boom):
        eerste, _, rest = naam.partition(".")
        if eerste in ENGINES or (eerste == PAKKET.name and rest.split(".")[0] in VOOR):
            uit.add(naam)
    for knoop in ast.walk(boom):
        woord = knoop.value if isinstance(knoop, ast.Constant) else getattr(knoop, "attr", None)
        if woord in (PSEUDONIEM, "raw_sql", "open_package"):
            uit.add(woord)
    return uit


@pytest.mark.parametrize("pad", BESTANDEN, ids=lambda p: str(p.relative_to(PAKKET)))
def test_nothing_behind_the_waist_knows_of_the_data(pad):
    gevonden = overtredingen(pad.read_text(encoding="utf-8"))
    naam = pad.relative_to(PAKKET).as_posix()
    assert gevonden == ({PSEUDONIEM} if naam in KAARTEN else set())


@pytest.mark.parametrize(
    ("bron", "wat"),
    [
        ("import duckdb", "duckdb"),
        ("def f():\n    import ibis.expr", "ibis.expr"),
        ("from toekomstscenario_eval.data.package import open_package", "toekomstscenario_eval.data.package"),
        ("from toekomstscenario_eval import summaries", "toekomstscenario_eval.summaries"),
        ("import_module('toekomstscenario_eval.data.package')", "toekomstscenario_eval.data.package"),
        ("t.huishouden_id", PSEUDONIEM),
        ("t['huishouden_id']", PSEUDONIEM),
        ("con.raw_sql('x')", "raw_sql"),
    ],
)
def test_what_would_know_of_the_data_is_seen(bron, wat):
    assert wat in overtredingen(bron)

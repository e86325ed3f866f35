"""JSON, TOML and YAML are parsed in one place each, which refuses what the parsers let through."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "toekomstscenario_eval"
PLACES = {"structured_text.py": {"json", "tomllib"}, "structured_yaml.py": {"yaml"}}
PARSERS = {
    "json": {"load", "loads", "JSONDecoder"},
    "tomllib": {"load", "loads"},
    "yaml": {
        *("load", "load_all", "safe_load", "safe_load_all", "full_load", "unsafe_load"),
        *("compose", "compose_all", "parse", "scan", "SafeLoader", "Loader", "FullLoader"),
    },
}


def parsed(tree: ast.AST) -> set[tuple[str, str]]:
    """Return the parsers that a module names: `json.loads`, or imported by name."""
    out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            out |= {(node.value.id, node.attr)} if node.attr in PARSERS.get(node.value.id, ()) else set()
        elif isinstance(node, ast.ImportFrom) and node.module in PARSERS:
            out |= {(node.module, a.name) for a in node.names if a.name in PARSERS[node.module]}
        elif isinstance(node, ast.Import):
            out |= {(a.name, "as") for a in node.names if a.name in PARSERS and a.asname}
    return out


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_other_module_parses(path):
    allowed = PLACES.get(path.name, set()) if path.parent == PACKAGE else set()
    found = {name for name in parsed(ast.parse(path.read_text(encoding="utf-8"))) if name[0] not in allowed}
    assert not found


def test_what_is_looked_for_is_found():
    assert parsed(ast.parse("import json\njson.loads('1')")) == {("json", "loads")}
    assert parsed(ast.parse("from yaml import safe_load")) == {("yaml", "safe_load")}
    assert parsed(ast.parse("import tomllib as t")) == {("tomllib", "as")}
    for naam, libraries in PLACES.items():
        seen = {name for name, _ in parsed(ast.parse((PACKAGE / naam).read_text(encoding="utf-8")))}
        assert seen == libraries

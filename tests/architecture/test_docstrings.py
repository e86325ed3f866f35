"""Docstrings name what is there: each parameter that one describes is a parameter of its function."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "toekomstscenario_eval"
FILES = sorted(p for p in PACKAGE.rglob("*.py") if "meegeleverd" not in p.parts)
ENTRY = re.compile(r"^(\*{0,2}\w+(?:, \*{0,2}\w+)*)(?: : .*)?$")


def described(text: str) -> Iterator[str]:
    """Yield the names under the heading Parameters of a numpydoc docstring."""
    part = re.search(
        r"^Parameters\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", inspect.cleandoc(text), re.MULTILINE | re.DOTALL
    )
    for line in part[1].splitlines() if part else ():
        if found := ENTRY.match(line):
            yield from (name.strip("* ") for name in found[1].split(","))


def parameters(function: ast.FunctionDef) -> set[str]:
    a = function.args
    named = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    return {arg.arg for arg in named}


def faults(source: str) -> list[str]:
    """Return what is described and is no parameter, as `function: name`."""
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    return [
        f"{f.name}: {name}"
        for f in functions
        for name in described(ast.get_docstring(f) or "")
        if name not in parameters(f)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_described_parameters_exist(path):
    assert faults(path.read_text(encoding="utf-8")) == []


def test_a_parameter_of_another_name_is_found():
    planted = (
        'def f(a):\n    """Do.\n\n    Parameters\n    ----------\n    a, b : int\n        What.\n    """\n'
    )
    assert faults(planted) == ["f: b"]

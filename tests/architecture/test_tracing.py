"""A library that is not traced hides no line of this project, also when it fails."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import coverage
import pytest

from tests.tracing import untraced

CODE = """
def after(library, value):
    try:
        found = library(value)
    except ValueError:
        return "refused"
    if found:
        return "some"
    return "none"


def twice(library, value):
    return [after(library, value), after(library, -value)]
"""


def measured(path: Path, library, values) -> tuple[list, set[tuple[int, int]]]:
    """Run the code, and return what it gave and which steps between lines were measured."""
    spec = importlib.util.spec_from_file_location("own", path)
    own = importlib.util.module_from_spec(spec)
    measure = coverage.Coverage(branch=True, include=[str(path)], data_file=None, config_file=False)
    measure.start()
    try:
        spec.loader.exec_module(own)
        found = [own.twice(library, value) for value in values]
    finally:
        measure.stop()
    return found, set(measure.get_data().arcs(str(path)))


def library(value):
    """Stand for a function of a library."""
    if value > 1:
        raise ValueError
    return sum(i for i in range(3)) + 1 if value else 0


@pytest.mark.parametrize("values", [(0,), (1,), (2,), (0, 1, 2)])
def test_what_is_measured_is_the_same_as_with_the_library_traced(tmp_path, values):
    path = tmp_path / "own.py"
    path.write_text(CODE, encoding="utf-8")
    assert measured(path, untraced(library), values) == measured(path, library, values)
    steps = {values: measured(path, library, values)[1] for values in ((0,), (1,), (2,))}
    assert len({frozenset(found) for found in steps.values()}) == 3


def test_in_a_library_there_is_no_tracer_and_after_it_the_same_one(tmp_path):
    seen = []
    path = tmp_path / "own.py"
    path.write_text(CODE, encoding="utf-8")
    measured(path, untraced(lambda value: seen.append(sys.gettrace())), (0,))
    before = sys.gettrace()
    assert seen == [None, None]
    assert sys.gettrace() is before

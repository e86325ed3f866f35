"""One example package for all tests of a session: made once, shared by the workers."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from toekomstscenario_eval.data.synthetic import maak_voorbeeld
from toekomstscenario_eval.resources import HULP_VARIABELE

HUISHOUDENS = 2500


def pytest_collection_modifyitems(items) -> None:
    """Judge a mutant (see `make mutanten`) without the example package, which each would make anew."""
    if "MUTANT_UNDER_TEST" in os.environ:
        items[:] = [item for item in items if "voorbeeldpakket" not in item.fixturenames]


@pytest.fixture(scope="session")
def voorbeeldpakket(tmp_path_factory) -> Path:
    """An example package of 2,500 households."""
    basis = tmp_path_factory.getbasetemp()
    # With workers the base is one folder per worker, inside one that they share.
    gedeeld = basis.parent if os.environ.get("PYTEST_XDIST_WORKER") else basis
    map_ = gedeeld / "voorbeeldpakket"
    eigen = gedeeld / f"voorbeeldpakket.{os.getpid()}"
    if not map_.is_dir():
        maak_voorbeeld(eigen, huishoudens=HUISHOUDENS, seed=7)
        # When another worker was first, its package has the same bytes.
        with contextlib.suppress(OSError):
            eigen.rename(map_)
    return map_


@pytest.fixture(autouse=True)
def _no_helper():
    """Take back what `cli.main` sets for a process of its own: a test is none."""
    yield
    os.environ.pop(HULP_VARIABELE, None)


@pytest.fixture(autouse=True)
def _check_specifications(monkeypatch):
    """Check every chart against the schema of the language it is written in."""
    from toekomstscenario_eval.document import theme

    monkeypatch.setattr(theme, "VALIDEER", True)

"""One example package for all tests of a session: made once, shared by the workers."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

from tests import tracing
from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.package import DESCRIPTION, Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.resources import SUPPORT_VARIABLE, names
from toekomstscenario_eval.types import Finding

Drop = Callable[..., None]
# How long an example takes says nothing on a machine that is busy.
settings.register_profile("tks", deadline=None)
settings.load_profile("tks")
HUISHOUDENS = 2500


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session) -> None:
    """Where coverage is measured, measure it of this project only; who hands out the tests runs none."""
    working = "PYTEST_XDIST_WORKER" in os.environ or not session.config.getoption("numprocesses", None)
    if working and type(sys.gettrace()).__module__ == "coverage.tracer":
        tracing.install()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items) -> None:
    """Start with the files of few tests, which are long ones: no worker waits for the last of them.

    Judge a mutant (see `make mutanten`) without the example package, which each would make anew.
    """
    if "MUTANT_UNDER_TEST" in os.environ:
        items[:] = [item for item in items if "voorbeeldpakket" not in item.fixturenames]
    many = Counter(item.path for item in items)
    items.sort(key=lambda item: many[item.path])


@pytest.fixture(scope="session")
def voorbeeldpakket(tmp_path_factory) -> Path:
    """An example package of 2,500 households."""
    basis = tmp_path_factory.getbasetemp()
    # With workers the base is one folder per worker, inside one that they share.
    gedeeld = basis.parent if os.environ.get("PYTEST_XDIST_WORKER") else basis
    map_ = gedeeld / "voorbeeldpakket"
    eigen = gedeeld / f"voorbeeldpakket.{os.getpid()}"
    if not map_.is_dir():
        make_example(eigen, huishoudens=HUISHOUDENS, seed=7)
        # When another worker was first, its package has the same bytes.
        with contextlib.suppress(OSError):
            eigen.rename(map_)
    return map_


@pytest.fixture(scope="session", autouse=True)
def _checked_once() -> Iterator[None]:
    """Check a package once per process: of the same bytes, rules and data agreement come the same findings.

    Checking is most of opening a study, and tests open the same packages again and again. Those of the rules
    themselves ask `run`, which remembers nothing.
    """
    check = checks.check
    known: dict[tuple[bytes, bytes], tuple[object, object, tuple[Finding, ...]]] = {}

    def _check(package: Package, *, progress: Callable[[str], None] | None = None) -> tuple[Finding, ...]:
        key = (package.content, (package.map / DESCRIPTION).read_bytes())
        rules, schema, findings = known.get(key, (None, None, ()))
        if progress is not None or rules is not checks.rules() or schema is not load_schema():
            findings = check(package, progress=progress)
            known[key] = (checks.rules(), load_schema(), findings)
        return findings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "check", _check)
        yield


@pytest.fixture
def drop(tmp_path, monkeypatch) -> Iterator[Drop]:
    """Put a file where files of its kind are found; it is taken away after the test.

    Call it with the package, the name of the file, its code, and the registers that remember what they found;
    `opnieuw` are modules to load again, because they named what was found while they were loaded.
    """
    gelegd: list[tuple[ModuleType, str]] = []
    vergeten: list[Any] = []
    geladen: list[ModuleType] = []

    def _drop(
        kamer: ModuleType, naam: str, code: str, *registers: Any, opnieuw: tuple[ModuleType, ...] = ()
    ) -> None:
        assert naam not in names(kamer), f"{naam} bestaat al"
        map_ = tmp_path / f"bij_{kamer.__name__.rpartition('.')[2]}"
        map_.mkdir(exist_ok=True)
        (map_ / f"{naam}.py").write_text(code, encoding="utf-8")
        monkeypatch.setattr(kamer, "__path__", [*kamer.__path__, str(map_)])
        gelegd.append((kamer, naam))
        vergeten.extend(registers)
        geladen.extend(opnieuw)
        _again(registers, opnieuw)

    yield _drop
    monkeypatch.undo()
    for kamer, naam in gelegd:
        sys.modules.pop(f"{kamer.__name__}.{naam}", None)
        vars(kamer).pop(naam, None)
    _again(vergeten, geladen)


def _again(registers: Iterable[Any], modules: Iterable[ModuleType]) -> None:
    for register in registers:
        register.cache_clear()
    for module in modules:
        importlib.reload(module)


@pytest.fixture(autouse=True)
def _no_helper():
    """Take back what `cli.main` sets for a process of its own: a test is none."""
    yield
    os.environ.pop(SUPPORT_VARIABLE, None)


@pytest.fixture(autouse=True)
def _check_specifications(monkeypatch):
    """Check every chart against the schema of the language it is written in."""
    from toekomstscenario_eval.document import theme

    monkeypatch.setattr(theme, "VALIDATE", True)

"""What a directory holds: one file per indicator, check, chapter, command, design, format or rule.

A registry is a call of `modules`: nothing is listed by hand, and adding a file is all that an addition costs.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any


def names(kamer: ModuleType) -> tuple[str, ...]:
    """Return the name of each file in a package, on alphabet; one with `_` in front is a helper."""
    return tuple(sorted(i.name for i in pkgutil.iter_modules(kamer.__path__) if not i.name.startswith("_")))


def load(kamer: ModuleType, naam: str) -> Any:
    """Return the module of one file in a package."""
    return importlib.import_module(f"{kamer.__name__}.{naam}")


def modules(kamer: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield name and module of each file in a package."""
    for naam in names(kamer):
        yield naam, load(kamer, naam)

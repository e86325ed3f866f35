"""What a directory holds: one file per indicator, check, chapter, command, design, format or rule.

A registry is a call of `modules`: nothing is listed by hand, and adding a file is all that an addition costs.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any


def modules(kamer: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield name and module of each file in a package, on alphabet; a name with `_` in front is a helper."""
    for naam in sorted(info.name for info in pkgutil.iter_modules(kamer.__path__)):
        if not naam.startswith("_"):
            yield naam, importlib.import_module(f"{kamer.__name__}.{naam}")

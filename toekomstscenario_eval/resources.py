"""What is found on disk: the files that travel with the package, and what a directory of it holds.

A registry is a call of `modules`: one file per indicator, check, chapter, command, design, format or rule.
Nothing is listed by hand, and adding a file is all that an addition costs.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

PAKKETMAP = Path(__file__).resolve().parent
# The package that is read when none is given.
PAKKET_VARIABELE = "TKS_PAKKET"
# Set by whoever starts a process of its own for a report; a script of a user is not split in two,
# because a fresh process begins by running that script again.
HULP_VARIABELE = "TKS_HULPPROCES"


def meegeleverd(naam: str) -> Path:
    """Return the folder `naam` (`data_schema` or `analyses`), from a wheel or from a checkout.

    Raises
    ------
    FileNotFoundError
        When the installation is incomplete.
    """
    for kandidaat in (PAKKETMAP / "meegeleverd" / naam, PAKKETMAP.parent / naam):
        if kandidaat.is_dir():
            return kandidaat
    raise FileNotFoundError(f"De map {naam} hoort bij deze installatie maar ontbreekt; installeer opnieuw.")


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

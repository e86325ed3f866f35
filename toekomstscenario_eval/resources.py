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

PACKAGE_DIR = Path(__file__).resolve().parent
# The package that is read when none is given.
PACKAGE_VARIABLE = "TKS_PAKKET"
# Fingerprint of the published secret of the invented example (`protection.keys.EXAMPLE`).
EXAMPLE_KEY = "7b859db6cea0a05d"
EXAMPLE_LINE = ("Voorbeeld", "voorbeeld")
# What tells the files of the two kinds of keys apart, so that each is refused as the other: the field with
# the secret of a delivery line, and the kind that stands in a file of the key of pseudonyms.
PROTECTION_KEY_FIELD = "sleutel"
PSEUDONYM_KEY_KIND = "pseudoniemsleutel"
# Set by whoever starts a process of its own for a report; a script of a user is not split in two,
# because a fresh process begins by running that script again.
SUPPORT_VARIABLE = "TKS_HULPPROCES"


def bundled(naam: str) -> Path:
    """Return the folder `naam` (`data_schema` or `analyses`), from a wheel or from a checkout.

    Raises
    ------
    FileNotFoundError
        When the installation is incomplete.
    """
    for candidate in (PACKAGE_DIR / "meegeleverd" / naam, PACKAGE_DIR.parent / naam):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"De map {naam} hoort bij deze installatie maar ontbreekt; installeer opnieuw.")


def names(room: ModuleType) -> tuple[str, ...]:
    """Return the name of each file in a package, in alphabetical order; one with `_` in front is a helper."""
    return tuple(sorted(i.name for i in pkgutil.iter_modules(room.__path__) if not i.name.startswith("_")))


def load(room: ModuleType, naam: str) -> Any:
    """Return the module of one file in a package."""
    return importlib.import_module(f"{room.__name__}.{naam}")


def modules(room: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield name and module of each file in a package."""
    for naam in names(room):
        yield naam, load(room, naam)

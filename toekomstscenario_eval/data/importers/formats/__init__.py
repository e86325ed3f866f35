"""The formats that an export may have: one file each, found by directory; nothing is listed by hand.

A format is a module of this folder, with what `Format` asks for. Names that start with `_` are no format.
The names alone load nothing, so that the command line can show them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from toekomstscenario_eval import resources

if TYPE_CHECKING:
    import pyarrow as pa

# What a file is taken for when no format knows how its name ends: exports carry any.
DEFAULT = "csv"


@dataclass(frozen=True)
class Delivery:
    """What a format reads: the columns as text under their names, in a table in the same order.

    `onleesbaar` are the rows that could not be read (first data row = 1); they are not in the table.
    """

    kolommen: tuple[str, ...]
    tabel: pa.Table
    onleesbaar: Sequence[int] = ()


class Format(Protocol):
    """What a file of this folder offers.

    Attributes
    ----------
    WHAT : str
        What such a file is, with its article, for the user.
    EXTENSIONS : tuple of str
        How the name of such a file ends, as `.csv`.
    OPTIONS : mapping of str to tuple of str
        The keys under `bron` of the mapping that are of this format, each with its choices, the first by
        default; without choices any text will do.
    """

    WHAT: str
    EXTENSIONS: tuple[str, ...]
    OPTIONS: Mapping[str, tuple[str, ...]]

    def read(
        self,
        path: Path,
        options: Mapping[str, str],
        *,
        namen: Sequence[str],
        check: Callable[[tuple[str, ...]], None],
    ) -> Delivery:
        """Read a file; InvoerFout when it cannot be.

        Calls `check` with the names of the columns as soon as they are known, which refuses what does not
        fit the mapping. `namen` are those that the mapping uses, to tell what is wrong with the file.
        """


def names() -> tuple[str, ...]:
    """Return the name of every format, in alphabetical order."""
    return resources.names(sys.modules[__name__])


def find(naam: str) -> Format:
    """Return the format with this name."""
    return cast(Format, resources.load(sys.modules[__name__], naam))


def format_of(path: Path) -> str:
    """Return the name of the format of a file, by how its name ends."""
    return next((n for n in names() if path.suffix.lower() in find(n).EXTENSIONS), DEFAULT)

"""The formats that an export may have: one file each, found by directory; nothing is listed by hand.

A format is a module of this folder, with what `Format` asks for. Names that start with `_` are no format.
The names alone load nothing, so that the command line can show them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from toekomstscenario_eval import resources
from toekomstscenario_eval.data.importers.formats import _known

if TYPE_CHECKING:
    import pyarrow as pa

# What a file is taken for when neither its name nor its first bytes tell: exports carry any name.
DEFAULT = "csv"
# A source is a file, or the address of a database.
Source = str | Path
CheckNames = Callable[[tuple[str, ...]], None]


@dataclass(frozen=True)
class Delivery:
    """What a format reads: the columns as text under their names, in a table in the same order.

    Attributes
    ----------
    kolommen : tuple of str
        The names as the source has them.
    tabel : pyarrow.Table or pyarrow.RecordBatchReader
        Text only, nothing null: what is empty is an empty text. A reader when the source is large.
    onleesbaar : sequence of int
        The rows that could not be read (first data row = 1); they are not in the table. Of a reader
        this is complete after its last batch.
    first_row : int
        The number that the first data row has in the file as a person sees it; 1 for a database.
    gezien : tuple of str
        Dutch sentences on what was detected, filled in and left out.
    labels : mapping of str to mapping of str to str
        Per column what its codes mean, where the file says so.
    ontbrekend : mapping of str to mapping of str to int
        Per column the codes that the file calls missing, and how often each occurs. In the table they are
        ordinary text: the mapping decides what is empty.
    decimaalteken : str
        How the numbers in a text file are written (`punt`, `komma`); empty when nothing tells.
    numbers : pyarrow.Array or None
        The number of each row of the table (first data row of the file = 1), where they do not simply
        follow one another.
    """

    kolommen: tuple[str, ...]
    tabel: pa.Table | pa.RecordBatchReader
    onleesbaar: Sequence[int] = ()
    first_row: int = 2
    gezien: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ontbrekend: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    decimaalteken: str = ""
    numbers: pa.Array | None = None

    def whole(self) -> pa.Table:
        """Return all rows at once, whatever the size of the source; after this a reader is used up."""
        read = getattr(self.tabel, "read_all", None)
        return read() if read else self.tabel


@dataclass(frozen=True)
class Part:
    """A sheet or table in a source; `rijen` and `kolommen` are None when counting would mean reading."""

    naam: str
    rijen: int | None = None
    kolommen: int | None = None
    verborgen: bool = False


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
        default; without choices any text will do, and none by default.
    """

    WHAT: str
    EXTENSIONS: tuple[str, ...]
    OPTIONS: Mapping[str, tuple[str, ...]]

    def read(
        self, path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames
    ) -> Delivery:
        """Read a source; InvoerFout when it cannot be.

        Calls `check` with the names of the columns as soon as they are known, which refuses what does not
        fit the mapping. `namen` are those that the mapping uses, to find the sheet and the line of names
        and to tell what is wrong with the file.
        """

    def contents(self, path: Source) -> tuple[Part, ...]:
        """Return the sheets or tables that a source holds; InvoerFout when it cannot be read."""


def names() -> tuple[str, ...]:
    """Return the name of every format, in alphabetical order."""
    return resources.names(sys.modules[__name__])


def find(naam: str) -> Format:
    """Return the format with this name."""
    return cast(Format, resources.load(sys.modules[__name__], naam))


def defaults(naam: str) -> dict[str, str]:
    """Return the options of a format as they are when a mapping names none."""
    return {key: choices[0] if choices else "" for key, choices in find(naam).OPTIONS.items()}


def is_address(source: Source) -> bool:
    """Return whether a source is the address of a database and no file."""
    return isinstance(source, str) and source.lower().startswith(_known.ADDRESSES)


def shown(source: Source) -> str:
    """Return how a source is called in messages: the name of the file, or the address without password."""
    return _known.without_password(str(source)) if is_address(source) else Path(source).name


def format_of(source: Source) -> str:
    """Return the name of the format of a source: by its address, how its name ends, or its first bytes."""
    if is_address(source):
        return "postgres"
    ending = Path(source).name.lower()
    for naam in names():
        if ending.endswith(find(naam).EXTENSIONS):
            return naam
    found = _known.by_bytes(Path(source))
    return found if found in names() else DEFAULT


def contents(source: Source) -> tuple[Part, ...]:
    """Return the sheets or tables that a source holds, by its own format."""
    naam = format_of(source)
    return find(naam).contents(source if is_address(source) else Path(source))


def readable() -> str:
    """Return in one line which formats are read, with how their names end."""
    endings = {n: ", ".join(find(n).EXTENSIONS) or _known.ADDRESSES[0] for n in names()}
    return "; ".join(f"{find(n).WHAT.split(' ', 1)[1]} ({e})" for n, e in endings.items())

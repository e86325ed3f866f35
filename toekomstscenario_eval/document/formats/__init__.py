"""The formats of a report, one per file: what a user sees of a format, and how a document becomes it.

The name of the file is what a user types, and the extension of the report. Everything follows from this
directory: the option of a command with its help, the exporters for notebooks, media types, the handbook.
Only the entry point of each exporter stands in `pyproject.toml` too, because other programs read it there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.resources import modules

if TYPE_CHECKING:
    from toekomstscenario_eval.document.document import Document


@dataclass(frozen=True)
class Card:
    """What is to be known of a format.

    `titel` stands in the export menu of JupyterLab, `what_for` in the handbook; `entry` is the name of the
    exporter for `jupyter nbconvert --to`. Formats are named in the order of `order`, what most people read
    first.
    """

    titel: str
    what_for: str
    mediatype: str
    entry: str
    order: int


@dataclass(frozen=True)
class Format:
    """A format as found: name (that of the file), card, and the function that renders a document."""

    naam: str
    card: Card
    render: Callable[[Document], bytes]

    @property
    def extension(self) -> str:
        """The end of the name of a file."""
        return f".{self.naam}"


@cache
def all_formats() -> Mapping[str, Format]:
    """Return every format by name, in the order in which they are named."""
    found = [Format(naam, module.CARD, module.render) for naam, module in modules(sys.modules[__name__])]
    return {f.naam: f for f in sorted(found, key=lambda f: (f.card.order, f.naam))}


def check_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats, each once, in the order given; GebruikFout on an unknown one."""
    known = all_formats()
    for fmt in formats:
        if fmt not in known:
            raise GebruikFout(f"het formaat '{fmt}' bestaat niet", herstel=did_you_mean(fmt, known))
    if not formats:
        raise GebruikFout("er is geen formaat gekozen", verwacht=", ".join(known))
    return tuple(dict.fromkeys(formats))

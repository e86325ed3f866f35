"""What official layouts need beyond plain columns: keys of two columns, values that are nobody, transfers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from toekomstscenario_eval.data.yaml_node import Node

# The date of birth of a child that is not born yet.
UNBORN = "99999999"
_WORD = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Nobody:
    """Values that say that there is no number: unknown, or not born yet. They are nobody's key.

    Such a person gets a key within `binnen` (the household), told apart by the columns `onderscheid`; so no
    two households ever share one. `waarden` has a word for each value, which the key and the report show.
    """

    waarden: Mapping[str, str]
    binnen: str
    onderscheid: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that such a key is made of."""
        return (self.binnen, *self.onderscheid)


@dataclass(frozen=True)
class IfEmpty:
    """The code of an empty field in rows where a column is filled.

    A measure that is handed over has no end reason: it goes on.
    """

    gevuld: str
    wordt: str


@dataclass(frozen=True)
class EmptyStart:
    """The day that stands in for a first day that was not delivered, and the field that says so."""

    kolom: str
    merk: str


def nobody(node: Node) -> Nobody:
    """Read which values of a key column are nobody."""
    block = node.block(("waarden", "binnen", "onderscheid"), needed=("waarden", "binnen"))
    values: dict[str, str] = {}
    for waarde, word in block["waarden"].block().items():
        values[waarde] = word.filled()
        if not set(values[waarde]) <= set(_WORD):
            raise word.refuse(
                "hier hoort één woord in kleine letters te staan", expected="onbekend, ongeboren"
            )
    other = block["onderscheid"].items() if "onderscheid" in block else ()
    return Nobody(values, block["binnen"].filled(), other)


def if_empty(node: Node, code: Callable[[Node], str]) -> IfEmpty:
    """Read the code that an empty field gets; `code` checks it against the field."""
    block = node.block(("gevuld", "wordt"), needed=("gevuld", "wordt"))
    return IfEmpty(block["gevuld"].filled(), code(block["wordt"]))


def empty_start(node: Node) -> EmptyStart:
    """Read what stands in for a first day that was not delivered."""
    block = node.block(("wordt", "merk"), needed=("wordt", "merk"))
    return EmptyStart(block["wordt"].filled(), block["merk"].filled())

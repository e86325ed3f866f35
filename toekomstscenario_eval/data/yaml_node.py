"""Read YAML as text with line numbers: every refusal names the place in the file.

Values stay the text that was written. Usual YAML loaders turn `01` into 1 and `nee` into False,
which would change codes without anybody seeing it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from toekomstscenario_eval import structured_text, structured_yaml
from toekomstscenario_eval.errors import InvoerFout, did_you_mean

_DIGITS = 18
_YES_NO = {"ja": True, "true": True, "nee": False, "false": False}


@dataclass(frozen=True)
class Place:
    """Where something stands in the file."""

    bestand: str
    regel: int
    pad: tuple[str, ...] = ()

    def __str__(self) -> str:
        spot = f": {' > '.join(self.pad)}" if self.pad else ""
        return f"{self.bestand}, regel {self.regel}{spot}"


@dataclass(frozen=True)
class Node:
    """A value in the file with its place; the methods return it in the shape asked for or refuse."""

    bron: yaml.Node
    plek: Place

    def refuse(self, what: str, *, expected: str = "", got: str = "", remedy: str = "") -> InvoerFout:
        """Return the error about this place."""
        return InvoerFout(what, waar=str(self.plek), verwacht=expected, kreeg=got, herstel=remedy)

    @property
    def scalar(self) -> bool:
        """Whether this is a single value."""
        return isinstance(self.bron, yaml.ScalarNode)

    def text(self) -> str:
        """Return the value as written."""
        if not isinstance(self.bron, yaml.ScalarNode):
            raise self.refuse("hier hoort één waarde te staan", got="een lijst of een blok met sleutels")
        return str(self.bron.value)

    def filled(self) -> str:
        """Return the value as written, refusing an empty one."""
        text = self.text().strip()
        if not text:
            raise self.refuse("hier is niets ingevuld", remedy="vul een waarde in of haal de regel weg")
        return text

    def choice(self, possible: Collection[str]) -> str:
        """Return the value when it is one of `possible`."""
        text = self.filled()
        if text not in possible:
            raise self.refuse(f"'{text}' is hier geen keuze", remedy=did_you_mean(text, possible))
        return text

    def yes(self) -> bool:
        """Return whether the value says yes."""
        text = self.filled().lower()
        if text not in _YES_NO:
            raise self.refuse("hier hoort ja of nee te staan", got=f"'{text}'")
        return _YES_NO[text]

    def number(self, *, start: int, stop: int) -> int:
        """Return the value as an integer from `start` up to and including `stop`."""
        text = self.filled()
        if not text.isdecimal() or len(text) > _DIGITS or not start <= int(text) <= stop:
            raise self.refuse(
                "hier hoort een getal te staan", expected=f"een geheel getal van {start} tot en met {stop}"
            )
        return int(text)

    def items(self) -> tuple[str, ...]:
        """Return a list of values; a single value counts as a list of one."""
        if isinstance(self.bron, yaml.ScalarNode):
            return (self.filled(),)
        return tuple(k.text().strip() for k in self.parts())

    def parts(self) -> tuple[Node, ...]:
        """Return each item of a list with its own place."""
        if not isinstance(self.bron, yaml.SequenceNode):
            raise self.refuse("hier hoort een lijst te staan", expected="[eerste, tweede]")
        return tuple(self._at(k, self.plek.pad) for k in self.bron.value)

    def block(self, known: Collection[str] | None = None, *, needed: Collection[str] = ()) -> dict[str, Node]:
        """Return the keys with their values.

        Unknown keys (when `known` is given), double keys and missing keys (`needed`) are refused.
        """
        if not isinstance(self.bron, yaml.MappingNode):
            raise self.refuse(
                "hier hoort een blok met sleutels te staan", expected="regels als 'sleutel: waarde'"
            )
        out: dict[str, Node] = {}
        for key, node in self.pairs():
            naam = key.strip()
            if naam in out:
                raise node.refuse(f"'{naam}' staat hier twee keer", remedy="houd één van beide over")
            if known is not None and naam not in known:
                raise node.refuse(f"de sleutel '{naam}' is onbekend", remedy=did_you_mean(naam, known))
            out[naam] = node
        for naam in needed:
            if naam not in out:
                raise self.refuse(f"'{naam}' ontbreekt", remedy=f"vul '{naam}' aan")
        return out

    def line(self, number: int | None = None) -> int:
        """Return the line on which the value begins, or its item `number` (from 1)."""
        node = self.bron
        if number is not None and isinstance(node, yaml.SequenceNode):
            node = node.value[number - 1]
        return node.start_mark.line + 1

    def written(self, text: str) -> str:
        """Return the value as it stands in `text`, the text of the file."""
        return text[self.bron.start_mark.index : self.bron.end_mark.index]

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """Yield each key as written with its value, whose place is that of the key."""
        for key, waarde in self.bron.value:
            naam = self._at(key, self.plek.pad).text()
            below = (*self.plek.pad, naam.strip()) if naam.strip() else self.plek.pad
            yield naam, Node(waarde, self._at(key, below).plek)

    def _at(self, node: yaml.Node, path: tuple[str, ...]) -> Node:
        # Of a mapping completed by a profile each part says which of the two it stands in.
        named = node.start_mark.name
        file = self.plek.bestand if not named or named.startswith("<") else named
        return Node(node, Place(file, node.start_mark.line + 1, path))


@dataclass(frozen=True)
class Wording:
    """How messages speak of a kind of file, and what its writer can do about each fault."""

    naam: str
    weg: str
    onleesbaar: str
    pad: str
    utf8: str
    vorm: str
    verwacht: str = ""


def load_yaml(path: Path, how: Wording) -> tuple[Node | None, str]:
    """Read a YAML file; return its root (None: there is nothing in it) and its text.

    Raises
    ------
    InvoerFout
        When it is absent, not UTF-8 or not YAML.
    """
    try:
        text = structured_text.read_text(path)
        root = structured_yaml.yaml_tree(text)
    except OSError as fout:
        soort = how.weg if isinstance(fout, FileNotFoundError) else how.onleesbaar
        raise InvoerFout(
            f"{how.naam} {soort}", waar=str(path), verwacht=how.verwacht, herstel=how.pad
        ) from None
    except UnicodeDecodeError:
        raise InvoerFout(f"{how.naam} is niet in UTF-8 gecodeerd", waar=path.name, herstel=how.utf8) from None
    except structured_text.Malformed as fout:
        raise _no_yaml(path, how, fout) from None
    return (None if root is None else Node(root, Place(path.name, 1))), text


def plain(path: Path, text: str, how: Wording) -> Any:
    """Return the values of a YAML file as YAML itself reads them: numbers, dates, yes and no."""
    try:
        return structured_yaml.from_yaml(text)
    except structured_text.Malformed as fout:
        raise _no_yaml(path, how, fout) from None


def _no_yaml(path: Path, how: Wording, fout: structured_text.Malformed) -> InvoerFout:
    """Return the error for a file that YAML cannot read."""
    where = str(Place(path.name, fout.line)) if fout.line else path.name
    got = "" if fout.reason == structured_text.FORM else fout.reason
    return InvoerFout(f"{how.naam} is geen geldige YAML", waar=where, kreeg=got, herstel=how.vorm)


def texts(block: Mapping[str, Node], key: str) -> tuple[str, ...]:
    """Return the list under `key`, or an empty one when the key is absent."""
    return block[key].items() if key in block else ()


def chosen(block: Mapping[str, Node], key: str, possible: Sequence[str]) -> str:
    """Return the choice under `key`; the first of `possible` when the key is absent."""
    return block[key].choice(possible) if key in block else possible[0]


def flag(block: Mapping[str, Node], key: str) -> bool:
    """Return the yes or no under `key`; no when the key is absent."""
    return key in block and block[key].yes()

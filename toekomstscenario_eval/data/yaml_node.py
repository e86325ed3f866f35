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

from toekomstscenario_eval.errors import InvoerFout, bedoelt_u

_JA_NEE = {"ja": True, "true": True, "nee": False, "false": False}


@dataclass(frozen=True)
class Place:
    """Where something stands in the file."""

    bestand: str
    regel: int
    pad: tuple[str, ...] = ()

    def __str__(self) -> str:
        plek = f": {' > '.join(self.pad)}" if self.pad else ""
        return f"{self.bestand}, regel {self.regel}{plek}"


@dataclass(frozen=True)
class Node:
    """A value in the file with its place; the methods return it in the shape asked for or refuse."""

    bron: yaml.Node
    plek: Place

    def refuse(self, wat: str, *, verwacht: str = "", kreeg: str = "", herstel: str = "") -> InvoerFout:
        """Return the error about this place."""
        return InvoerFout(wat, waar=str(self.plek), verwacht=verwacht, kreeg=kreeg, herstel=herstel)

    @property
    def scalar(self) -> bool:
        """Whether this is a single value."""
        return isinstance(self.bron, yaml.ScalarNode)

    def text(self) -> str:
        """Return the value as written."""
        if not isinstance(self.bron, yaml.ScalarNode):
            raise self.refuse("hier hoort één waarde te staan", kreeg="een lijst of een blok met sleutels")
        return str(self.bron.value)

    def filled(self) -> str:
        """Return the value as written, refusing an empty one."""
        tekst = self.text().strip()
        if not tekst:
            raise self.refuse("hier is niets ingevuld", herstel="vul een waarde in of haal de regel weg")
        return tekst

    def choice(self, mogelijk: Collection[str]) -> str:
        """Return the value when it is one of `mogelijk`."""
        tekst = self.filled()
        if tekst not in mogelijk:
            raise self.refuse(f"'{tekst}' is hier geen keuze", herstel=bedoelt_u(tekst, mogelijk))
        return tekst

    def yes(self) -> bool:
        """Return whether the value says yes."""
        tekst = self.filled().lower()
        if tekst not in _JA_NEE:
            raise self.refuse("hier hoort ja of nee te staan", kreeg=f"'{tekst}'")
        return _JA_NEE[tekst]

    def number(self, *, van: int, tot: int) -> int:
        """Return the value as an integer from `van` up to and including `tot`."""
        tekst = self.filled()
        if not tekst.isdecimal() or not van <= int(tekst) <= tot:
            raise self.refuse(
                "hier hoort een getal te staan", verwacht=f"een geheel getal van {van} tot en met {tot}"
            )
        return int(tekst)

    def items(self) -> tuple[str, ...]:
        """Return a list of values; a single value counts as a list of one."""
        if isinstance(self.bron, yaml.ScalarNode):
            return (self.filled(),)
        if not isinstance(self.bron, yaml.SequenceNode):
            raise self.refuse("hier hoort een lijst te staan", verwacht="[eerste, tweede]")
        knopen = (
            Node(k, Place(self.plek.bestand, k.start_mark.line + 1, self.plek.pad)) for k in self.bron.value
        )
        return tuple(k.text().strip() for k in knopen)

    def block(self, bekend: Collection[str] | None = None, *, nodig: Collection[str] = ()) -> dict[str, Node]:
        """Return the keys with their values.

        Unknown keys (when `bekend` is given), double keys and missing keys (`nodig`) are refused.
        """
        if not isinstance(self.bron, yaml.MappingNode):
            raise self.refuse(
                "hier hoort een blok met sleutels te staan", verwacht="regels als 'sleutel: waarde'"
            )
        uit: dict[str, Node] = {}
        for sleutel, knoop in self.pairs():
            naam = sleutel.strip()
            if naam in uit:
                raise knoop.refuse(f"'{naam}' staat hier twee keer", herstel="houd één van beide over")
            if bekend is not None and naam not in bekend:
                raise knoop.refuse(f"de sleutel '{naam}' is onbekend", herstel=bedoelt_u(naam, bekend))
            uit[naam] = knoop
        for naam in nodig:
            if naam not in uit:
                raise self.refuse(f"'{naam}' ontbreekt", herstel=f"vul '{naam}' aan")
        return uit

    def line(self, nummer: int | None = None) -> int:
        """Return the line on which the value begins, or its item `nummer` (from 1)."""
        knoop = self.bron
        if nummer is not None and isinstance(knoop, yaml.SequenceNode):
            knoop = knoop.value[nummer - 1]
        return knoop.start_mark.line + 1

    def written(self, tekst: str) -> str:
        """Return the value as it stands in `tekst`, the text of the file."""
        return tekst[self.bron.start_mark.index : self.bron.end_mark.index]

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """Yield each key as written with its value, whose place is that of the key."""
        for sleutel, waarde in self.bron.value:
            naam = Node(sleutel, self._below(sleutel, "")).text()
            yield naam, Node(waarde, self._below(sleutel, naam.strip()))

    def _below(self, knoop: yaml.Node, naam: str) -> Place:
        pad = (*self.plek.pad, naam) if naam else self.plek.pad
        return Place(self.plek.bestand, knoop.start_mark.line + 1, pad)


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


def load_yaml(pad: Path, hoe: Wording) -> tuple[Node | None, str]:
    """Read a YAML file; return its root (None: there is nothing in it) and its text.

    Raises
    ------
    InvoerFout
        When it is absent, not UTF-8 or not YAML.
    """
    try:
        tekst = pad.read_text(encoding="utf-8-sig")
        wortel = yaml.compose(tekst, Loader=yaml.SafeLoader)
    except OSError as fout:
        soort = hoe.weg if isinstance(fout, FileNotFoundError) else hoe.onleesbaar
        raise InvoerFout(
            f"{hoe.naam} {soort}", waar=str(pad), verwacht=hoe.verwacht, herstel=hoe.pad
        ) from None
    except UnicodeDecodeError:
        raise InvoerFout(f"{hoe.naam} is niet in UTF-8 gecodeerd", waar=pad.name, herstel=hoe.utf8) from None
    except yaml.YAMLError as fout:
        raise _no_yaml(pad, hoe, fout) from None
    return (None if wortel is None else Node(wortel, Place(pad.name, 1))), tekst


def plain(pad: Path, tekst: str, hoe: Wording) -> Any:
    """Return the values of a YAML file as YAML itself reads them: numbers, dates, yes and no."""
    try:
        return yaml.safe_load(tekst)
    except (yaml.YAMLError, ValueError) as fout:
        raise _no_yaml(pad, hoe, fout) from None


def _no_yaml(pad: Path, hoe: Wording, fout: Exception) -> InvoerFout:
    """Return the error for a file that YAML cannot read."""
    # A quote that is never closed is noticed at the end of the file, and wrong where it opens.
    open_ = getattr(fout, "problem", "") == "found unexpected end of stream"
    merk = getattr(fout, "context_mark" if open_ else "problem_mark", None)
    waar = str(Place(pad.name, merk.line + 1)) if merk else pad.name
    return InvoerFout(f"{hoe.naam} is geen geldige YAML", waar=waar, herstel=hoe.vorm)


def texts(blok: Mapping[str, Node], sleutel: str) -> tuple[str, ...]:
    """Return the list under `sleutel`, or an empty one when the key is absent."""
    return blok[sleutel].items() if sleutel in blok else ()


def chosen(blok: Mapping[str, Node], sleutel: str, mogelijk: Sequence[str]) -> str:
    """Return the choice under `sleutel`; the first of `mogelijk` when the key is absent."""
    return blok[sleutel].choice(mogelijk) if sleutel in blok else mogelijk[0]


def flag(blok: Mapping[str, Node], sleutel: str) -> bool:
    """Return the yes or no under `sleutel`; no when the key is absent."""
    return sleutel in blok and blok[sleutel].yes()

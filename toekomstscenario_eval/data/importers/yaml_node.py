"""Read YAML as text with line numbers: every refusal names the place in the mapping.

Values stay the text that was written. Usual YAML loaders turn `01` into 1 and `nee` into False,
which would change codes without anybody seeing it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from toekomstscenario_eval.errors import InvoerFout, bedoelt_u

_JA_NEE = {"ja": True, "true": True, "nee": False, "false": False}


@dataclass(frozen=True)
class Place:
    """Where something stands in the mapping."""

    bestand: str
    regel: int
    pad: tuple[str, ...] = ()

    def __str__(self) -> str:
        plek = f": {' > '.join(self.pad)}" if self.pad else ""
        return f"{self.bestand}, regel {self.regel}{plek}"


@dataclass(frozen=True)
class Node:
    """A value in the mapping with its place; the methods return it in the shape asked for or refuse."""

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
        for sleutel, waarde in self.bron.value:
            naam = Node(sleutel, self._below(sleutel, "")).text().strip()
            knoop = Node(waarde, self._below(sleutel, naam))
            if naam in uit:
                raise knoop.refuse(f"'{naam}' staat hier twee keer", herstel="houd één van beide over")
            if bekend is not None and naam not in bekend:
                raise knoop.refuse(f"de sleutel '{naam}' is onbekend", herstel=bedoelt_u(naam, bekend))
            uit[naam] = knoop
        for naam in nodig:
            if naam not in uit:
                raise self.refuse(f"'{naam}' ontbreekt", herstel=f"vul '{naam}' aan")
        return uit

    def _below(self, knoop: yaml.Node, naam: str) -> Place:
        pad = (*self.plek.pad, naam) if naam else self.plek.pad
        return Place(self.plek.bestand, knoop.start_mark.line + 1, pad)


def load_yaml(pad: Path) -> Node:
    """Read a YAML file; raises InvoerFout when it is absent, not UTF-8, not YAML or empty."""
    try:
        tekst = pad.read_text(encoding="utf-8-sig")
        wortel = yaml.compose(tekst, Loader=yaml.BaseLoader)
    except OSError as fout:
        soort = "bestaat niet" if isinstance(fout, FileNotFoundError) else "kan niet worden gelezen"
        raise InvoerFout(
            f"de mapping {soort}",
            waar=str(pad),
            verwacht="een YAML-bestand dat zegt hoe de bron een pakket wordt",
            herstel="controleer het pad; een uitgewerkt voorbeeld staat in docs/voorbeelden",
        ) from None
    except UnicodeDecodeError:
        raise InvoerFout(
            "de mapping is niet in UTF-8 gecodeerd", waar=pad.name, herstel="sla het bestand op als UTF-8"
        ) from None
    except yaml.YAMLError as fout:
        merk = fout.problem_mark if isinstance(fout, yaml.MarkedYAMLError) else None
        raise InvoerFout(
            "de mapping is geen geldige YAML",
            waar=f"{pad.name}, regel {merk.line + 1}" if merk else pad.name,
            herstel="let op inspringen (spaties, geen tabs) en zet namen met een dubbele punt erin "
            "tussen aanhalingstekens",
        ) from None
    if wortel is None:
        raise InvoerFout("de mapping is leeg", waar=pad.name, herstel="begin met docs/voorbeelden")
    return Node(wortel, Place(pad.name, 1))


def texts(blok: Mapping[str, Node], sleutel: str) -> tuple[str, ...]:
    """Return the list under `sleutel`, or an empty one when the key is absent."""
    return blok[sleutel].items() if sleutel in blok else ()


def chosen(blok: Mapping[str, Node], sleutel: str, mogelijk: Sequence[str]) -> str:
    """Return the choice under `sleutel`; the first of `mogelijk` when the key is absent."""
    return blok[sleutel].choice(mogelijk) if sleutel in blok else mogelijk[0]


def flag(blok: Mapping[str, Node], sleutel: str) -> bool:
    """Return the yes or no under `sleutel`; no when the key is absent."""
    return sleutel in blok and blok[sleutel].yes()

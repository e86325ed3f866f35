"""The nodes of the document tree; import them from `document.document`.

Every node checks itself, so a tree that exists can be rendered. Messages name the kind of node and
the field, never its content: a tree may reach us from a notebook that did not pass release.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, TypeAlias, Union

from toekomstscenario_eval.document.svg import svg_objection
from toekomstscenario_eval.errors import OnthullingsFout, UitvoerFout

SUPPRESSED = "niet getoond"
MAX_DEPTH = 12
MAX_ROWS_AT_FIGURE = 20

# Beyond what XML forbids: C1 controls and private-use codes (PDF/A refuses those, and no reader
# can tell what they mean). Tab and line end are judged per field.
_INVALID = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff]"
)
_URL = re.compile(r"(https?://[^\s/?#]+|mailto:[^\s@]+@|#)[^\s<>\"\\^`{|}]*", re.IGNORECASE)
_FIELDS: dict[type, tuple[tuple[str, Any], ...]] = {}


def _fout(node: object, what: str, remedy: str = "") -> UitvoerFout:
    return UitvoerFout(what, waar=type(node).__name__, herstel=remedy)


def _text(node: object, field: str, *, empty: bool = False, allowed: str = "") -> None:
    text = getattr(node, field)
    if not empty and not text.strip():
        raise _fout(node, f"het veld '{field}' is leeg")
    fout = _INVALID.search(text) or re.search(f"[^\\S \u00a0\u2000-\u200a\u202f\u205f\u3000{allowed}]", text)
    if fout:
        char = f"U+{ord(fout.group()):04X}"
        raise _fout(
            node,
            f"het veld '{field}' bevat een teken dat niet in een document kan staan ({char})",
            f"haal het teken {char} weg (vaak meegekomen bij plakken uit een ander programma)",
        )


def _fields(class_: type[_Node]) -> tuple[tuple[str, Any], ...]:
    """Return name and type of each field, worked out once per class."""
    if class_ not in _FIELDS:
        hints = typing.get_type_hints(class_)
        _FIELDS[class_] = tuple((field.name, hints[field.name]) for field in fields(class_))
    return _FIELDS[class_]


def _fits(waarde: object, hint: Any) -> bool:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(waarde, part) for part in parts)
    if origin is Literal:
        return any(type(waarde) is type(part) and waarde == part for part in parts)
    if origin is tuple:
        if not isinstance(waarde, tuple):
            return False
        if parts[-1] is Ellipsis:
            return all(_fits(part, parts[0]) for part in waarde)
        return len(waarde) == len(parts) and all(map(_fits, waarde, parts))
    return type(waarde) is hint


@dataclass(frozen=True)
class _Node:
    """Base of all nodes: every field has the type it declares."""

    def __post_init__(self) -> None:
        for naam, hint in _fields(type(self)):
            if not _fits(getattr(self, naam), hint):
                raise _fout(self, f"het veld '{naam}' heeft een verkeerd type of een onbekende waarde")
        self._toets()

    def _toets(self) -> None:
        """Check what the types cannot say."""


@dataclass(frozen=True)
class Tekst(_Node):
    """A run of text; a line end inside is a hard line break."""

    tekst: str
    stijl: Literal["", "vet", "cursief", "code"] = ""

    def _toets(self) -> None:
        _text(self, "tekst", empty=True, allowed="\n")


@dataclass(frozen=True)
class Getal(_Node):
    """A number that can be traced: `id` names its row in the release."""

    tekst: str
    id: str

    def _toets(self) -> None:
        _text(self, "tekst")
        _text(self, "id")


@dataclass(frozen=True)
class Verwijzing(_Node):
    """A link: http(s), mailto, or `#anchor` to a heading of the same document."""

    tekst: str
    url: str

    def _toets(self) -> None:
        _text(self, "tekst")
        _text(self, "url")
        if not _URL.fullmatch(self.url) or self.url == "#":
            raise _fout(
                self,
                "een verwijzing heeft een adres dat niet mag",
                "gebruik een volledig adres met https://, http:// of mailto:, of #kop binnen het document",
            )


Inline: TypeAlias = Tekst | Getal | Verwijzing


@dataclass(frozen=True)
class Kop(_Node):
    """A heading; level 1 comes right under the title of the document."""

    niveau: int
    tekst: str

    def _toets(self) -> None:
        if not 1 <= self.niveau <= 4:
            raise _fout(self, "een kop heeft een niveau van 1 tot en met 4")
        _text(self, "tekst")


@dataclass(frozen=True)
class Alinea(_Node):
    """A paragraph."""

    inhoud: tuple[Inline, ...]

    def _toets(self) -> None:
        if not self.inhoud:
            raise _fout(self, "een alinea is leeg")


@dataclass(frozen=True)
class Lijst(_Node):
    """A bulleted or numbered list of one level."""

    items: tuple[tuple[Inline, ...], ...]
    genummerd: bool = False

    def _toets(self) -> None:
        if not self.items or not all(self.items):
            raise _fout(self, "een lijst heeft geen punten, of een leeg punt")


@dataclass(frozen=True)
class Cel(_Node):
    """A cell of a table. A suppressed cell holds no digit: the number must not travel along."""

    tekst: str
    getal_id: str = ""
    rechts: bool = False
    onderdrukt: bool = False

    def _toets(self) -> None:
        _text(self, "tekst", empty=True, allowed="\n")
        _text(self, "getal_id", empty=True)
        if self.onderdrukt and any(char.isnumeric() for char in self.tekst):
            raise OnthullingsFout(
                "een niet getoonde cel bevat een cijfer",
                waar="Cel",
                herstel=f"laat de tekst leeg of schrijf '{SUPPRESSED}'",
            )

    @property
    def getoond(self) -> str:
        """The text a reader sees."""
        return self.tekst.strip() or SUPPRESSED if self.onderdrukt else self.tekst


@dataclass(frozen=True)
class Tabel(_Node):
    """A table with caption and column headers; with `rijkop` the first cell of a row heads the row."""

    bijschrift: str
    kop: tuple[str, ...]
    rijen: tuple[tuple[Cel, ...], ...]
    noten: tuple[str, ...] = ()
    rijkop: bool = True

    def _toets(self) -> None:
        _text(self, "bijschrift")
        for soort, texts in (("een kolomkop", self.kop), ("een noot", self.noten)):
            for text in texts:
                if not text.strip():
                    raise _fout(self, f"{soort} is leeg")
                Tekst(text)
        if not self.kop:
            raise _fout(self, "een tabel heeft geen kolommen")
        for number, row in enumerate(self.rijen, start=1):
            if len(row) != len(self.kop):
                raise _fout(self, f"rij {number} heeft niet evenveel cellen als er kolommen zijn")
            if self.rijkop and not row[0].getoond.strip():
                raise _fout(
                    self,
                    f"de eerste cel van rij {number} is leeg, maar is de kop van die rij",
                    "vul de cel, of maak de tabel met rijkop=False",
                )

    @property
    def verborgen(self) -> bool:
        """Whether it has rows and no number in them: each has a suppressed cell, and none can be traced."""
        return bool(self.rijen) and all(
            any(cell.onderdrukt for cell in row) and not any(cell.getal_id for cell in row)
            for row in self.rijen
        )

    def kolom_rechts(self) -> tuple[bool, ...]:
        """Return per column whether it is set right: all cells are, suppressed ones aside."""
        return tuple(
            any(cell.rechts for cell in column) and all(cell.rechts or cell.onderdrukt for cell in column)
            for column in (tuple(row[spot] for row in self.rijen) for spot in range(len(self.kop)))
        )


@dataclass(frozen=True)
class Figuur(_Node):
    """A figure as SVG, with a text alternative and the data behind it."""

    bijschrift: str
    alt: str
    svg: str
    gegevens: Tabel | None = None

    def _toets(self) -> None:
        _text(self, "bijschrift")
        _text(self, "alt")
        objection = "een teken dat niet in een document kan staan" if _INVALID.search(self.svg) else ""
        objection = objection or svg_objection(self.svg)
        if objection:
            raise _fout(self, f"de SVG van een figuur bevat {objection}")

    @property
    def gedrukte_gegevens(self) -> Tabel | None:
        """The data as far as they are printed on paper: only when short."""
        short = self.gegevens is not None and len(self.gegevens.rijen) <= MAX_ROWS_AT_FIGURE
        return self.gegevens if short else None

    @property
    def gegevens_elders(self) -> str:
        """The sentence that stands on paper for data too long to print."""
        if self.gegevens is None or self.gedrukte_gegevens is not None:
            return ""
        aantal = len(self.gegevens.rijen)
        return f"De gegevens bij deze figuur ({aantal} rijen) staan in de HTML-versie van dit document."


@dataclass(frozen=True)
class Kader(_Node):
    """A box: information, a warning, or something the researcher must still write (`ontbreekt`)."""

    soort: Literal["info", "waarschuwing", "ontbreekt"]
    titel: str
    inhoud: tuple[Block, ...]

    label: ClassVar[dict[str, str]] = {
        "info": "Toelichting",
        "waarschuwing": "Let op",
        "ontbreekt": "Nog te schrijven",
    }

    @property
    def opschrift(self) -> str:
        """What stands above the box; a warning or a gap says so in words."""
        label = "" if self.soort == "info" else self.label[self.soort]
        if label and self.titel.casefold().startswith(label.casefold()):
            return self.titel
        return ": ".join(part for part in (label, self.titel) if part)

    def _toets(self) -> None:
        _text(self, "titel", empty=self.soort == "info")
        if not self.titel.strip() and not self.inhoud:
            raise _fout(self, "een kader is leeg")
        if any(isinstance(block, Kop) for block in self.inhoud):
            raise _fout(self, "een kader bevat een kop", "zet de kop buiten het kader, of maak hem vet")


@dataclass(frozen=True)
class Definities(_Node):
    """Terms, each with its meaning."""

    items: tuple[tuple[str, tuple[Inline, ...]], ...]

    def _toets(self) -> None:
        if not self.items or not all(term.strip() and explanation for term, explanation in self.items):
            raise _fout(self, "een lijst met definities is leeg, of heeft een lege term of uitleg")
        for term, _ in self.items:
            Tekst(term)


@dataclass(frozen=True)
class Code(_Node):
    """Text to show letter by letter, such as a command."""

    tekst: str

    def _toets(self) -> None:
        _text(self, "tekst", allowed="\n\t")


@dataclass(frozen=True)
class Spoor(_Node):
    """Where one number comes from: its id, what it is, and all its values as a reader sees them."""

    id: str
    wat: str
    waarde: str

    def _toets(self) -> None:
        for field in ("id", "wat", "waarde"):
            _text(self, field)


@dataclass(frozen=True)
class Kaart(_Node):
    """The origin of the numbers of one result."""

    sleutel: str
    titel: str
    definitie: str
    venster: str
    keuzes: str
    gegevens: str
    sporen: tuple[Spoor, ...]

    def _toets(self) -> None:
        for field in ("sleutel", "titel", "definitie", "venster", "keuzes", "gegevens"):
            _text(self, field)


@dataclass(frozen=True)
class Herkomst(_Node):
    """The cards of all results. A screen leads from each number to its row; paper shows one table."""

    kaarten: tuple[Kaart, ...]
    bijschrift: str = "Herkomst per resultaat"

    def _toets(self) -> None:
        _text(self, "bijschrift")

    def als_tabel(self) -> Tabel:
        """Return what stands on paper: a row per result, by which `tks herleid` finds its numbers."""
        return Tabel(
            self.bijschrift,
            ("Resultaat", "Definitie", "Venster", "Keuzes"),
            tuple(tuple(map(Cel, (k.sleutel, k.definitie, k.venster, k.keuzes))) for k in self.kaarten),
        )


Block: TypeAlias = Kop | Alinea | Lijst | Tabel | Figuur | Kader | Definities | Code | Herkomst
Node: TypeAlias = Inline | Cel | Spoor | Kaart | Block


def all_nodes(part: object) -> Iterator[Any]:
    """Yield every node in `part`, parents first."""
    if isinstance(part, tuple):
        for under in part:
            yield from all_nodes(under)
    elif isinstance(part, _Node):
        yield part
        for naam, _ in _fields(type(part)):
            yield from all_nodes(getattr(part, naam))


def flat_text(content: tuple[Inline, ...]) -> str:
    """Return inline content as plain text; the address of a link follows it in brackets."""
    return "".join(
        f"{part.tekst} ({part.url})"
        if isinstance(part, Verwijzing) and part.url != part.tekst
        else part.tekst
        for part in content
    )

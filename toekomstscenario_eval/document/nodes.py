"""The nodes of the document tree; import them from `reporting.document`.

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

from toekomstscenario_eval.document.svg import svg_bezwaar
from toekomstscenario_eval.errors import OnthullingsFout, UitvoerFout

ONDERDRUKT = "onderdrukt"
MAX_DIEPTE = 12
MAX_RIJEN_BIJ_FIGUUR = 20

# Beyond what XML forbids: C1 controls and private-use codes (PDF/A refuses those, and no reader
# can tell what they mean). Tab and line end are judged per field.
_ONGELDIG = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff]"
)
_URL = re.compile(r"(https?://[^\s/?#]+|mailto:[^\s@]+@|#)[^\s<>\"\\^`{|}]*", re.IGNORECASE)
_VELDEN: dict[type, tuple[tuple[str, Any], ...]] = {}


def _fout(knoop: object, wat: str, herstel: str = "") -> UitvoerFout:
    return UitvoerFout(wat, waar=type(knoop).__name__, herstel=herstel)


def _tekst(knoop: object, veld: str, *, leeg: bool = False, toegestaan: str = "") -> None:
    tekst = getattr(knoop, veld)
    if not leeg and not tekst.strip():
        raise _fout(knoop, f"het veld '{veld}' is leeg")
    fout = _ONGELDIG.search(tekst) or re.search(
        f"[^\\S \u00a0\u2000-\u200a\u202f\u205f\u3000{toegestaan}]", tekst
    )
    if fout:
        teken = f"U+{ord(fout.group()):04X}"
        raise _fout(
            knoop,
            f"het veld '{veld}' bevat een teken dat niet in een document kan staan ({teken})",
            f"haal het teken {teken} weg (vaak meegekomen bij plakken uit een ander programma)",
        )


def _velden(klasse: type[_Knoop]) -> tuple[tuple[str, Any], ...]:
    """Return name and type of each field, worked out once per class."""
    if klasse not in _VELDEN:
        wenken = typing.get_type_hints(klasse)
        _VELDEN[klasse] = tuple((veld.name, wenken[veld.name]) for veld in fields(klasse))
    return _VELDEN[klasse]


def _past(waarde: object, wenk: Any) -> bool:
    oorsprong, delen = typing.get_origin(wenk), typing.get_args(wenk)
    if oorsprong in (Union, types.UnionType):
        return any(_past(waarde, deel) for deel in delen)
    if oorsprong is Literal:
        return any(type(waarde) is type(deel) and waarde == deel for deel in delen)
    if oorsprong is tuple:
        if not isinstance(waarde, tuple):
            return False
        if delen[-1] is Ellipsis:
            return all(_past(deel, delen[0]) for deel in waarde)
        return len(waarde) == len(delen) and all(map(_past, waarde, delen))
    return type(waarde) is wenk


@dataclass(frozen=True)
class _Knoop:
    """Base of all nodes: every field has the type it declares."""

    def __post_init__(self) -> None:
        for naam, wenk in _velden(type(self)):
            if not _past(getattr(self, naam), wenk):
                raise _fout(self, f"het veld '{naam}' heeft een verkeerd type of een onbekende waarde")
        self._toets()

    def _toets(self) -> None:
        """Check what the types cannot say."""


@dataclass(frozen=True)
class Tekst(_Knoop):
    """A run of text; a line end inside is a hard line break."""

    tekst: str
    stijl: Literal["", "vet", "cursief", "code"] = ""

    def _toets(self) -> None:
        _tekst(self, "tekst", leeg=True, toegestaan="\n")


@dataclass(frozen=True)
class Getal(_Knoop):
    """A number that can be traced: `id` names its row in the release."""

    tekst: str
    id: str

    def _toets(self) -> None:
        _tekst(self, "tekst")
        _tekst(self, "id")


@dataclass(frozen=True)
class Verwijzing(_Knoop):
    """A link: http(s), mailto, or `#anchor` to a heading of the same document."""

    tekst: str
    url: str

    def _toets(self) -> None:
        _tekst(self, "tekst")
        _tekst(self, "url")
        if not _URL.fullmatch(self.url) or self.url == "#":
            raise _fout(
                self,
                "een verwijzing heeft een adres dat niet mag",
                "gebruik een volledig adres met https://, http:// of mailto:, of #kop binnen het document",
            )


Inline: TypeAlias = Tekst | Getal | Verwijzing


@dataclass(frozen=True)
class Kop(_Knoop):
    """A heading; level 1 comes right under the title of the document."""

    niveau: int
    tekst: str

    def _toets(self) -> None:
        if not 1 <= self.niveau <= 4:
            raise _fout(self, "een kop heeft een niveau van 1 tot en met 4")
        _tekst(self, "tekst")


@dataclass(frozen=True)
class Alinea(_Knoop):
    """A paragraph."""

    inhoud: tuple[Inline, ...]

    def _toets(self) -> None:
        if not self.inhoud:
            raise _fout(self, "een alinea is leeg")


@dataclass(frozen=True)
class Lijst(_Knoop):
    """A bulleted or numbered list of one level."""

    items: tuple[tuple[Inline, ...], ...]
    genummerd: bool = False

    def _toets(self) -> None:
        if not self.items or not all(self.items):
            raise _fout(self, "een lijst heeft geen punten, of een leeg punt")


@dataclass(frozen=True)
class Cel(_Knoop):
    """A cell of a table. A suppressed cell holds no digit: the number must not travel along."""

    tekst: str
    getal_id: str = ""
    rechts: bool = False
    onderdrukt: bool = False

    def _toets(self) -> None:
        _tekst(self, "tekst", leeg=True, toegestaan="\n")
        _tekst(self, "getal_id", leeg=True)
        if self.onderdrukt and any(teken.isnumeric() for teken in self.tekst):
            raise OnthullingsFout(
                "een onderdrukte cel bevat een cijfer",
                waar="Cel",
                herstel=f"laat de tekst leeg of schrijf '{ONDERDRUKT}'",
            )

    @property
    def getoond(self) -> str:
        """The text a reader sees."""
        return self.tekst.strip() or ONDERDRUKT if self.onderdrukt else self.tekst


@dataclass(frozen=True)
class Tabel(_Knoop):
    """A table with caption and column headers; with `rijkop` the first cell of a row heads the row."""

    bijschrift: str
    kop: tuple[str, ...]
    rijen: tuple[tuple[Cel, ...], ...]
    noten: tuple[str, ...] = ()
    rijkop: bool = True

    def _toets(self) -> None:
        _tekst(self, "bijschrift")
        for soort, teksten in (("een kolomkop", self.kop), ("een noot", self.noten)):
            for tekst in teksten:
                if not tekst.strip():
                    raise _fout(self, f"{soort} is leeg")
                Tekst(tekst)
        if not self.kop:
            raise _fout(self, "een tabel heeft geen kolommen")
        for nummer, rij in enumerate(self.rijen, start=1):
            if len(rij) != len(self.kop):
                raise _fout(self, f"rij {nummer} heeft niet evenveel cellen als er kolommen zijn")
            if self.rijkop and not rij[0].getoond.strip():
                raise _fout(
                    self,
                    f"de eerste cel van rij {nummer} is leeg, maar is de kop van die rij",
                    "vul de cel, of maak de tabel met rijkop=False",
                )

    def kolom_rechts(self) -> tuple[bool, ...]:
        """Return per column whether it is set right: all cells are, suppressed ones aside."""
        return tuple(
            any(cel.rechts for cel in kolom) and all(cel.rechts or cel.onderdrukt for cel in kolom)
            for kolom in (tuple(rij[plek] for rij in self.rijen) for plek in range(len(self.kop)))
        )


@dataclass(frozen=True)
class Figuur(_Knoop):
    """A figure as SVG, with a text alternative and the data behind it."""

    bijschrift: str
    alt: str
    svg: str
    gegevens: Tabel | None = None

    def _toets(self) -> None:
        _tekst(self, "bijschrift")
        _tekst(self, "alt")
        bezwaar = "een teken dat niet in een document kan staan" if _ONGELDIG.search(self.svg) else ""
        bezwaar = bezwaar or svg_bezwaar(self.svg)
        if bezwaar:
            raise _fout(self, f"de SVG van een figuur bevat {bezwaar}")

    @property
    def gedrukte_gegevens(self) -> Tabel | None:
        """The data as far as they are printed on paper: only when short."""
        kort = self.gegevens is not None and len(self.gegevens.rijen) <= MAX_RIJEN_BIJ_FIGUUR
        return self.gegevens if kort else None

    @property
    def gegevens_elders(self) -> str:
        """The sentence that stands on paper for data too long to print."""
        if self.gegevens is None or self.gedrukte_gegevens is not None:
            return ""
        aantal = len(self.gegevens.rijen)
        return f"De gegevens bij deze figuur ({aantal} rijen) staan in de HTML-versie van dit document."


@dataclass(frozen=True)
class Kader(_Knoop):
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
        return ": ".join(deel for deel in (label, self.titel) if deel)

    def _toets(self) -> None:
        _tekst(self, "titel", leeg=self.soort == "info")
        if not self.titel.strip() and not self.inhoud:
            raise _fout(self, "een kader is leeg")
        if any(isinstance(blok, Kop) for blok in self.inhoud):
            raise _fout(self, "een kader bevat een kop", "zet de kop buiten het kader, of maak hem vet")


@dataclass(frozen=True)
class Definities(_Knoop):
    """Terms, each with its meaning."""

    items: tuple[tuple[str, tuple[Inline, ...]], ...]

    def _toets(self) -> None:
        if not self.items or not all(term.strip() and uitleg for term, uitleg in self.items):
            raise _fout(self, "een lijst met definities is leeg, of heeft een lege term of uitleg")
        for term, _ in self.items:
            Tekst(term)


@dataclass(frozen=True)
class Code(_Knoop):
    """Text to show letter by letter, such as a command."""

    tekst: str

    def _toets(self) -> None:
        _tekst(self, "tekst", toegestaan="\n\t")


@dataclass(frozen=True)
class Spoor(_Knoop):
    """Where one number comes from: its id, what it is, and all its values as a reader sees them."""

    id: str
    wat: str
    waarde: str

    def _toets(self) -> None:
        for veld in ("id", "wat", "waarde"):
            _tekst(self, veld)


@dataclass(frozen=True)
class Kaart(_Knoop):
    """The origin of the numbers of one result."""

    sleutel: str
    titel: str
    definitie: str
    venster: str
    keuzes: str
    gegevens: str
    sporen: tuple[Spoor, ...]

    def _toets(self) -> None:
        for veld in ("sleutel", "titel", "definitie", "venster", "keuzes", "gegevens"):
            _tekst(self, veld)


@dataclass(frozen=True)
class Herkomst(_Knoop):
    """The cards of all results. A screen leads from each number to its row; paper shows one table."""

    kaarten: tuple[Kaart, ...]

    def als_tabel(self) -> Tabel:
        """Return what stands on paper: a row per result, by which `tks herleid` finds its numbers."""
        return Tabel(
            "Herkomst per resultaat",
            ("Resultaat", "Definitie", "Venster", "Keuzes"),
            tuple(tuple(map(Cel, (k.sleutel, k.definitie, k.venster, k.keuzes))) for k in self.kaarten),
        )


Block: TypeAlias = Kop | Alinea | Lijst | Tabel | Figuur | Kader | Definities | Code | Herkomst
Node: TypeAlias = Inline | Cel | Spoor | Kaart | Block


def alle_knopen(deel: object) -> Iterator[Any]:
    """Yield every node in `deel`, parents first."""
    if isinstance(deel, tuple):
        for onder in deel:
            yield from alle_knopen(onder)
    elif isinstance(deel, _Knoop):
        yield deel
        for naam, _ in _velden(type(deel)):
            yield from alle_knopen(getattr(deel, naam))


def platte_tekst(inhoud: tuple[Inline, ...]) -> str:
    """Return inline content as plain text; the address of a link follows it in brackets."""
    return "".join(
        f"{deel.tekst} ({deel.url})"
        if isinstance(deel, Verwijzing) and deel.url != deel.tekst
        else deel.tekst
        for deel in inhoud
    )

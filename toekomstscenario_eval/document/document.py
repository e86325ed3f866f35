"""The document tree: what a notebook cell shows and what a report consists of.

Tables, figures and sentences build the nodes; three renderers turn them into HTML, PDF and DOCX.
The nodes themselves live in `document.nodes` and are offered here.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from toekomstscenario_eval.document.english import word
from toekomstscenario_eval.document.format import day
from toekomstscenario_eval.document.headings import CONTENT_UP_TO, SUMMARY, HeadingSpot, headings, own_page
from toekomstscenario_eval.document.house_style import HouseStyle
from toekomstscenario_eval.document.html_fragment import fragment_html
from toekomstscenario_eval.document.languages import DUTCH
from toekomstscenario_eval.document.marking import marked
from toekomstscenario_eval.document.nodes import (
    SUPPRESSED,
    Alinea,
    Block,
    Cel,
    Code,
    Definities,
    Figuur,
    Getal,
    Herkomst,
    Inline,
    Kaart,
    Kader,
    Kop,
    Lijst,
    Spoor,
    Tabel,
    Tekst,
    Verwijzing,
    all_nodes,
    flat_text,
)
from toekomstscenario_eval.document.tree import canonical, from_json, to_json
from toekomstscenario_eval.errors import OnthullingsFout, UitvoerFout
from toekomstscenario_eval.identity import INSIDE_MARK, is_inside

__all__ = [
    "CONTENT_UP_TO",
    "MIME",
    "SUMMARY",
    "SUPPRESSED",
    "VAST",
    "VERSION",
    "Alinea",
    "Block",
    "Cel",
    "Code",
    "Definities",
    "Document",
    "Figuur",
    "Getal",
    "HeadingSpot",
    "Herkomst",
    "Inline",
    "Kaart",
    "Kader",
    "Kop",
    "Lijst",
    "Output",
    "Spoor",
    "Tabel",
    "Tekst",
    "Verwijzing",
    "all_nodes",
    "flat_text",
    "from_json",
    "headings",
    "output_from_mime",
    "own_page",
    "to_json",
]

VAST = "vast"
MIME = "application/vnd.tks.document+json"
VERSION = 1
_VRIJGAVE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


def _toets_blocks(blocks: object) -> None:
    if not isinstance(blocks, tuple) or not blocks:
        raise UitvoerFout("er zijn geen blokken om te tonen", verwacht="een tuple met ten minste een blok")
    for block in blocks:
        if not isinstance(block, Block):
            raise UitvoerFout("iets anders dan een blok staat tussen de blokken", kreeg=type(block).__name__)


def _toets_vrijgave(vrijgave: object) -> None:
    if not isinstance(vrijgave, str) or not _VRIJGAVE.fullmatch(vrijgave):
        raise UitvoerFout("de aanduiding van de vrijgave is leeg of ongeldig")


@dataclass(frozen=True)
class Output:
    """What a notebook cell shows: blocks, and the release their numbers come from.

    `vrijgave` is the id of that release, or `VAST` for text without data (a definition, the
    researcher's own words); a traceable number under `VAST` is refused.
    """

    blokken: tuple[Block, ...]
    vrijgave: str

    def __post_init__(self) -> None:
        _toets_blocks(self.blokken)
        _toets_vrijgave(self.vrijgave)
        if self.vrijgave == VAST and any(
            isinstance(node, Getal | Spoor) or (isinstance(node, Cel) and node.getal_id)
            for node in all_nodes(self.blokken)
        ):
            raise OnthullingsFout(
                "vaste tekst bevat een getal uit de gegevens",
                herstel="maak de uitvoer uit een vrijgave; die geeft haar aanduiding mee",
            )

    def to_mime(self) -> dict[str, Any]:
        """Return the sealed JSON that the gate accepts."""
        core = {"versie": VERSION, "vrijgave": self.vrijgave, "blokken": to_json(self.blokken)}
        return core | {"zegel": hashlib.sha256(canonical(core)).hexdigest()}

    def samenvatting(self) -> str:
        """Return one line that says what is shown, without any of it."""
        count = Counter(type(block).__name__.lower() for block in self.blokken)
        content = ", ".join(f"{aantal} x {soort}" for soort, aantal in sorted(count.items()))
        origin = "vaste tekst, zonder gegevens" if self.vrijgave == VAST else f"vrijgave {self.vrijgave}"
        line = f"Uitvoer voor het rapport: {content} ({origin})"
        return f"{INSIDE_MARK} {line}" if self.intern else line

    @property
    def intern(self) -> bool:
        """Whether it shows exact numbers, that stay inside."""
        return is_inside(self.vrijgave)

    def __repr__(self) -> str:
        return f"<{self.samenvatting()}>"

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        # The gate needs our own type whatever the front end asks for.
        del include, exclude
        return {
            MIME: self.to_mime(),
            "text/html": fragment_html(marked(self.blokken)[0], mark=INSIDE_MARK)
            if self.intern
            else fragment_html(self.blokken),
            "text/plain": self.samenvatting(),
        }


def output_from_mime(data: object) -> Output:
    """Return the `Output` behind the JSON of a notebook output.

    Raises
    ------
    UitvoerFout
        On an unknown version, a broken seal or an unknown part. The message shows no content.
    """
    fields = {"versie", "vrijgave", "blokken", "zegel"}
    if not isinstance(data, dict) or "versie" not in data:
        raise UitvoerFout("geen geldige uitvoer")
    if type(data["versie"]) is not int or data["versie"] != VERSION:
        raise UitvoerFout("uitvoer van een onbekende versie")
    if set(data) != fields or not isinstance(data["blokken"], list):
        raise UitvoerFout("geen geldige uitvoer")
    blocks = tuple(from_json(part) for part in data["blokken"])
    output = Output(blocks, data["vrijgave"])  # type: ignore[arg-type]  # checked by Uitvoer
    if output.to_mime()["zegel"] != data["zegel"]:
        raise UitvoerFout("uitvoer met een verbroken zegel")
    return output


@dataclass(frozen=True)
class Document:
    """A whole report, ready to render.

    `datum` is `JJJJ-MM-DD` or empty; it also fixes the time stamps in PDF and DOCX, so that the
    same document gives the same bytes. `inhoud` is whether it has a table of contents, `stijl` how it looks.
    In another `taal` than Dutch, `nederlands` are the texts that stayed Dutch; see `document.english`.
    With exact numbers (`intern`, by the ids of its releases) every table and figure in it is marked.
    """

    titel: str
    ondertitel: str
    auteurs: tuple[str, ...]
    datum: str
    concept: bool
    vrijgaven: tuple[str, ...]
    blokken: tuple[Block, ...]
    inhoud: bool = True
    stijl: HouseStyle = field(default_factory=HouseStyle)
    taal: str = DUTCH
    nederlands: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        Kop(1, self.titel)
        for text in (self.ondertitel, *self.auteurs):
            Kop(1, text or "-")
        _toets_blocks(self.blokken)
        for vrijgave in self.vrijgaven:
            _toets_vrijgave(vrijgave)
        if self.intern and not all(map(is_inside, self.vrijgaven)):
            raise OnthullingsFout(
                "openbare en exacte cijfers staan in één document",
                herstel="maak er twee van: een openbaar document, en een voor binnen",
            )
        if self.intern:
            blocks, dutch = marked(self.blokken, language=self.taal, dutch=self.nederlands)
            object.__setattr__(self, "blokken", blocks)
            object.__setattr__(self, "nederlands", dutch)
        if self.datum:
            self.dag()
        self._toets_anchors()

    @property
    def intern(self) -> bool:
        """Whether it holds exact numbers: then no page of it may look public."""
        return any(map(is_inside, self.vrijgaven))

    def dag(self) -> date | None:
        """Return the date of the document, or None when it has none."""
        if not self.datum:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.datum):
                raise ValueError
            return date.fromisoformat(self.datum)
        except ValueError as fout:
            raise UitvoerFout(
                "de datum van het document is ongeldig",
                verwacht="JJJJ-MM-DD",
                herstel="schrijf bijvoorbeeld 2026-11-01",
            ) from fout

    def datum_lang(self) -> str:
        """Return the date as a Dutch reader writes it, or an empty text."""
        this_day = self.dag()
        return word(day(this_day)) if this_day else ""

    def _toets_anchors(self) -> None:
        anchors = {spot.anker for spot in headings(self.blokken)}
        for node in all_nodes(self.blokken):
            if isinstance(node, Verwijzing) and node.url.startswith("#") and node.url[1:] not in anchors:
                raise UitvoerFout(
                    f"een verwijzing binnen het document wijst naar een kop die er niet is ({node.url})",
                    herstel="gebruik de tekst van de kop in kleine letters, met streepjes voor spaties",
                )

    def to_json(self) -> dict[str, Any]:
        """Return the document as JSON-ready data."""
        return {
            "titel": self.titel,
            "ondertitel": self.ondertitel,
            "auteurs": list(self.auteurs),
            "datum": self.datum,
            "concept": self.concept,
            "inhoud": self.inhoud,
            "vrijgaven": list(self.vrijgaven),
            "blokken": to_json(self.blokken),
        }

"""Document to a tagged PDF (PDF/UA-1 and PDF/A-2a) through typst.

The document goes to the template as JSON: text is data there, never source, so there is nothing to
escape. The same document gives the same bytes.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from toekomstscenario_eval.document.column_widths import TEXT_WIDTH, column_widths
from toekomstscenario_eval.document.document import (
    CONTENT_UP_TO,
    Block,
    Document,
    Figuur,
    HeadingSpot,
    Herkomst,
    Kader,
    Kop,
    Tabel,
    headings,
    own_page,
    to_json,
)
from toekomstscenario_eval.document.english import rendering, word
from toekomstscenario_eval.errors import UitvoerFout
from toekomstscenario_eval.identity import INSIDE_MARK

TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
LETTERS = ("DejaVu Sans",)
LETTERS_VAST = ("DejaVu Sans Mono", "DejaVu Sans")
STANDARDS: tuple[Literal["ua-1"], Literal["a-2a"]] = ("ua-1", "a-2a")
MAX_ROWS = 500
# A box with less than this (characters of JSON, some ten lines) is not broken over pages.
WHOLE_UP_TO = 2000

_NO_CHAR = re.compile(r"the text `\"(?P<teken>.+?)\"` could not be displayed")
_SVG_LETTER = re.compile(r"(font-family\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^;\"'}]+)")
_SVG_MAAT = re.compile(r"(font-size\s*[=:]\s*[\"']?\s*)(\d+(?:\.\d+)?)")
SHRINK = 0.9
_WORDS = ("Inhoud", "CONCEPT: nog niet volledig", "pagina", "van", "geen rijen", "INTERN")


def render_pdf(document: Document) -> bytes:
    """Return the document as PDF.

    Raises
    ------
    UitvoerFout
        When the document has no date, a character is not in the font, or typst refuses it.
    """
    with rendering(document.taal, document.nederlands):
        return _compiled(document)


def _compiled(document: Document) -> bytes:
    import typst

    day = document.dag()
    if day is None:
        raise UitvoerFout(
            "een PDF-bestand heeft een datum nodig",
            verwacht="een datum als JJJJ-MM-DD",
            herstel="geef het document een datum; bij een notebook: 'datum' in de metadata 'tks'",
        )
    with tempfile.TemporaryDirectory() as map_:
        letters = Path(map_) / "letters"
        letters.mkdir()
        for letter in (*fonts(), *document.stijl.letterbestanden):
            shutil.copyfile(letter, letters / letter.name)
        for naam, content in _files(document).items():
            (Path(map_) / naam).write_bytes(content)
        try:
            pdf, meldingen = typst.compile_with_warnings(
                str(Path(map_) / "document.typ"),
                root=map_,
                font_paths=[str(letters)],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=list(STANDARDS),
                timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
            )
        except typst.TypstError as fout:
            raise _translated(fout) from fout
    if meldingen:
        # Without its font typst leaves text out, and only warns.
        raise UitvoerFout(
            "het PDF-bestand zou onvolledig zijn", kreeg="; ".join(m.message for m in meldingen)
        )
    return bytes(pdf)


def _translated(fout: Exception) -> UitvoerFout:
    bericht = str(getattr(fout, "message", fout))
    found = _NO_CHAR.search(bericht)
    if found:
        return UitvoerFout(
            f"het teken {found['teken']} staat niet in het lettertype van het PDF-bestand",
            herstel="vervang het teken; emoji en schriften als het Chinese kunnen niet in het PDF-bestand",
        )
    return UitvoerFout("het PDF-bestand kon niet worden gemaakt", kreeg=bericht)


@cache
def fonts() -> tuple[Path, ...]:
    """Return the font files for text and figures: those that come with matplotlib."""
    location = importlib.util.find_spec("matplotlib")
    if location is None or location.origin is None:
        raise UitvoerFout(
            "het lettertype voor het PDF-bestand ontbreekt",
            verwacht="DejaVu Sans, meegeleverd met matplotlib",
            herstel="installeer matplotlib",
        )
    map_ = Path(location.origin).parent / "mpl-data" / "fonts" / "ttf"
    return tuple(sorted(map_.glob("DejaVuSans*.ttf")))


def _files(document: Document) -> dict[str, bytes]:
    """Return the files typst reads: the template, the document as JSON, and each figure."""
    figures: dict[str, bytes] = {}
    spots = iter(headings(document.blokken))
    apart = own_page(document.blokken)
    blocks = [
        part
        for block in document.blokken
        for part in _block(block, spot=next(spots) if isinstance(block, Kop) else None, figures=figures)
    ]
    for heading in (part for part in blocks if part["type"] == "kop"):
        heading["nieuwe_bladzijde"] = heading["anker"] in apart
    day = document.dag()
    data = {
        "titel": document.titel,
        "intern": word(INSIDE_MARK) if document.intern else "",
        "ondertitel": document.ondertitel,
        "auteurs": list(document.auteurs),
        "herkomst": " · ".join(part for part in (", ".join(document.auteurs), document.datum_lang()) if part),
        "datum": [day.year, day.month, day.day] if day else None,
        "concept": document.concept,
        "vrijgaven": word(f"Vrijgave: {', '.join(document.vrijgaven)}") if document.vrijgaven else "",
        "taal": document.taal,
        "nederlands": sorted(document.nederlands),
        "woorden": {naam: word(naam) for naam in _WORDS},
        "inhoud": document.inhoud and bool(headings(document.blokken)),
        "inhoud_tot": CONTENT_UP_TO,
        "ingangen": sum(spot.niveau <= CONTENT_UP_TO for spot in headings(document.blokken)),
        "letters": [*([document.stijl.letter] if document.stijl.letterbestanden else []), *LETTERS],
        "accent": document.stijl.kleur,
        "logo": f"logo.{document.stijl.logo_soort}" if document.stijl.logo else "",
        "logo_tekst": document.stijl.logo_tekst,
        "letters_vast": list(LETTERS_VAST),
        "blokken": blocks,
    }
    logo = {f"logo.{document.stijl.logo_soort}": document.stijl.logo} if document.stijl.logo else {}
    return (
        figures
        | logo
        | {
            "document.typ": TEMPLATE.read_bytes(),
            "document.json": json.dumps(data, ensure_ascii=False).encode(),
        }
    )


def _block(block: Block, *, spot: HeadingSpot | None, figures: dict[str, bytes]) -> list[dict[str, Any]]:
    """Return a block as the template wants it; a long table becomes several."""
    if spot is not None:
        return [{"type": "kop", "niveau": spot.niveau, "anker": spot.anker, "tekst": spot.tekst}]
    if isinstance(block, Tabel | Herkomst):
        table = block.als_tabel() if isinstance(block, Herkomst) else block
        return [_table(part) for part in split(table)]
    if isinstance(block, Figuur):
        return [_figure(block, figures=figures)]
    if isinstance(block, Kader):
        under = [part for kind in block.inhoud for part in _block(kind, spot=None, figures=figures)]
        whole = len(json.dumps(under)) < WHOLE_UP_TO
        return [
            {
                "type": "kader",
                "soort": block.soort,
                "opschrift": word(block.opschrift),
                "inhoud": under,
                "heel": whole,
            }
        ]
    return [to_json(block)]


def split(table: Tabel) -> tuple[Tabel, ...]:
    """Return the table in parts of at most `MAX_ROWS` rows; typst needs far more for one long table."""
    if len(table.rijen) <= MAX_ROWS:
        return (table,)
    begin = range(0, len(table.rijen), MAX_ROWS)
    return tuple(
        replace(
            table,
            bijschrift=f"{table.bijschrift} (deel {number} van {len(begin)})",
            rijen=table.rijen[first : first + MAX_ROWS],
            noten=table.noten if number == len(begin) else (),
        )
        for number, first in enumerate(begin, start=1)
    )


def _table(table: Tabel) -> dict[str, Any]:
    rows = [
        [{"getoond": word(c.getoond), "rechts": c.rechts, "onderdrukt": c.onderdrukt} for c in row]
        for row in table.rijen
    ]
    return {
        "type": "tabel",
        "bijschrift": table.bijschrift,
        "kop": list(table.kop),
        "kolom_rechts": list(table.kolom_rechts()),
        "breedten": _widths(table),
        "rijen": rows,
        "noten": list(table.noten),
    }


def _widths(table: Tabel) -> list[float]:
    """Return column widths in points; none when the table fits by itself."""
    widths = column_widths(table)
    return [width / 20 for width in widths] if sum(widths) > 0.98 * TEXT_WIDTH else []


def _figure(figure: Figuur, *, figures: dict[str, bytes]) -> dict[str, Any]:
    file = f"figuur-{len(figures) + 1}.svg"
    figures[file] = svg_with_letter(figure.svg).encode()
    data = figure.gedrukte_gegevens
    return {
        "type": "figuur",
        "bestand": file,
        "alt": figure.alt,
        "bijschrift": figure.bijschrift,
        "gegevens": None if data is None else _table(data),
        "elders": word(figure.gegevens_elders),
    }


def svg_with_letter(svg: str) -> str:
    """Return the SVG with its text in the font that travels along.

    Text measured for another font is set a little smaller, because ours is wider.
    """
    naam = LETTERS[0]
    wider = naam not in svg

    def family(found: re.Match[str]) -> str:
        char = found[2][0] if found[2][0] in "\"'" else ""
        return f"{found[1]}{char}{naam}{char}"

    def maat(found: re.Match[str]) -> str:
        return f"{found[1]}{float(found[2]) * SHRINK:.2f}"

    new = _SVG_LETTER.sub(family, svg)
    return _SVG_MAAT.sub(maat, new) if wider else new

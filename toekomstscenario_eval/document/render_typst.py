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

from toekomstscenario_eval.document.column_widths import TEKSTBREEDTE, column_widths
from toekomstscenario_eval.document.document import (
    INHOUD_TOT,
    Block,
    Document,
    Figuur,
    Herkomst,
    Kader,
    Kop,
    KopPlek,
    Tabel,
    koppen,
    naar_json,
    own_page,
)
from toekomstscenario_eval.document.english import rendering, word
from toekomstscenario_eval.errors import UitvoerFout

SJABLOON = Path(__file__).parent / "templates" / "document.typ"
LETTERS = ("DejaVu Sans",)
LETTERS_VAST = ("DejaVu Sans Mono", "DejaVu Sans")
NORMEN: tuple[Literal["ua-1"], Literal["a-2a"]] = ("ua-1", "a-2a")
MAX_RIJEN = 500
# A box with less than this (characters of JSON, some ten lines) is not broken over pages.
HEEL_TOT = 2000

_GEEN_TEKEN = re.compile(r"the text `\"(?P<teken>.+?)\"` could not be displayed")
_SVG_LETTER = re.compile(r"(font-family\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^;\"'}]+)")
_SVG_MAAT = re.compile(r"(font-size\s*[=:]\s*[\"']?\s*)(\d+(?:\.\d+)?)")
KRIMP = 0.9
_WOORDEN = ("Inhoud", "CONCEPT: nog niet volledig", "pagina", "van", "geen rijen")


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

    dag = document.dag()
    if dag is None:
        raise UitvoerFout(
            "een PDF-bestand heeft een datum nodig",
            verwacht="een datum als JJJJ-MM-DD",
            herstel="geef het document een datum; bij een notebook: 'datum' in de metadata 'tks'",
        )
    with tempfile.TemporaryDirectory() as map_:
        letters = Path(map_) / "letters"
        letters.mkdir()
        for letter in (*lettertypen(), *document.stijl.letterbestanden):
            shutil.copyfile(letter, letters / letter.name)
        for naam, inhoud in _bestanden(document).items():
            (Path(map_) / naam).write_bytes(inhoud)
        try:
            pdf, meldingen = typst.compile_with_warnings(
                str(Path(map_) / "document.typ"),
                root=map_,
                font_paths=[str(letters)],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=list(NORMEN),
                timestamp=datetime(dag.year, dag.month, dag.day, tzinfo=UTC),
            )
        except typst.TypstError as fout:
            raise _vertaald(fout) from fout
    if meldingen:
        # Without its font typst leaves text out, and only warns.
        raise UitvoerFout(
            "het PDF-bestand zou onvolledig zijn", kreeg="; ".join(m.message for m in meldingen)
        )
    return bytes(pdf)


def _vertaald(fout: Exception) -> UitvoerFout:
    bericht = str(getattr(fout, "message", fout))
    gevonden = _GEEN_TEKEN.search(bericht)
    if gevonden:
        return UitvoerFout(
            f"het teken {gevonden['teken']} staat niet in het lettertype van het PDF-bestand",
            herstel="vervang het teken; emoji en schriften als het Chinese kunnen niet in het PDF-bestand",
        )
    return UitvoerFout("het PDF-bestand kon niet worden gemaakt", kreeg=bericht)


@cache
def lettertypen() -> tuple[Path, ...]:
    """Return the font files for text and figures: those that come with matplotlib."""
    vindplaats = importlib.util.find_spec("matplotlib")
    if vindplaats is None or vindplaats.origin is None:
        raise UitvoerFout(
            "het lettertype voor het PDF-bestand ontbreekt",
            verwacht="DejaVu Sans, meegeleverd met matplotlib",
            herstel="installeer matplotlib",
        )
    map_ = Path(vindplaats.origin).parent / "mpl-data" / "fonts" / "ttf"
    return tuple(sorted(map_.glob("DejaVuSans*.ttf")))


def _bestanden(document: Document) -> dict[str, bytes]:
    """Return the files typst reads: the template, the document as JSON, and each figure."""
    figuren: dict[str, bytes] = {}
    plekken = iter(koppen(document.blokken))
    apart = own_page(document.blokken)
    blokken = [
        deel
        for blok in document.blokken
        for deel in _blok(blok, plek=next(plekken) if isinstance(blok, Kop) else None, figuren=figuren)
    ]
    for kop in (deel for deel in blokken if deel["type"] == "kop"):
        kop["nieuwe_bladzijde"] = kop["anker"] in apart
    dag = document.dag()
    gegevens = {
        "titel": document.titel,
        "ondertitel": document.ondertitel,
        "auteurs": list(document.auteurs),
        "herkomst": " · ".join(deel for deel in (", ".join(document.auteurs), document.datum_lang()) if deel),
        "datum": [dag.year, dag.month, dag.day] if dag else None,
        "concept": document.concept,
        "vrijgaven": word(f"Vrijgave: {', '.join(document.vrijgaven)}") if document.vrijgaven else "",
        "taal": document.taal,
        "nederlands": sorted(document.nederlands),
        "woorden": {naam: word(naam) for naam in _WOORDEN},
        "inhoud": document.inhoud and bool(koppen(document.blokken)),
        "inhoud_tot": INHOUD_TOT,
        "ingangen": sum(plek.niveau <= INHOUD_TOT for plek in koppen(document.blokken)),
        "letters": [*([document.stijl.letter] if document.stijl.letterbestanden else []), *LETTERS],
        "accent": document.stijl.kleur,
        "logo": f"logo.{document.stijl.logo_soort}" if document.stijl.logo else "",
        "logo_tekst": document.stijl.logo_tekst,
        "letters_vast": list(LETTERS_VAST),
        "blokken": blokken,
    }
    logo = {f"logo.{document.stijl.logo_soort}": document.stijl.logo} if document.stijl.logo else {}
    return (
        figuren
        | logo
        | {
            "document.typ": SJABLOON.read_bytes(),
            "document.json": json.dumps(gegevens, ensure_ascii=False).encode(),
        }
    )


def _blok(blok: Block, *, plek: KopPlek | None, figuren: dict[str, bytes]) -> list[dict[str, Any]]:
    """Return a block as the template wants it; a long table becomes several."""
    if plek is not None:
        return [{"type": "kop", "niveau": plek.niveau, "anker": plek.anker, "tekst": plek.tekst}]
    if isinstance(blok, Tabel | Herkomst):
        tabel = blok.als_tabel() if isinstance(blok, Herkomst) else blok
        return [_tabel(deel) for deel in gesplitst(tabel)]
    if isinstance(blok, Figuur):
        return [_figuur(blok, figuren=figuren)]
    if isinstance(blok, Kader):
        onder = [deel for kind in blok.inhoud for deel in _blok(kind, plek=None, figuren=figuren)]
        heel = len(json.dumps(onder)) < HEEL_TOT
        return [
            {
                "type": "kader",
                "soort": blok.soort,
                "opschrift": word(blok.opschrift),
                "inhoud": onder,
                "heel": heel,
            }
        ]
    return [naar_json(blok)]


def gesplitst(tabel: Tabel) -> tuple[Tabel, ...]:
    """Return the table in parts of at most `MAX_RIJEN` rows; typst needs far more for one long table."""
    if len(tabel.rijen) <= MAX_RIJEN:
        return (tabel,)
    begin = range(0, len(tabel.rijen), MAX_RIJEN)
    return tuple(
        replace(
            tabel,
            bijschrift=f"{tabel.bijschrift} (deel {nummer} van {len(begin)})",
            rijen=tabel.rijen[eerste : eerste + MAX_RIJEN],
            noten=tabel.noten if nummer == len(begin) else (),
        )
        for nummer, eerste in enumerate(begin, start=1)
    )


def _tabel(tabel: Tabel) -> dict[str, Any]:
    rijen = [
        [{"getoond": word(c.getoond), "rechts": c.rechts, "onderdrukt": c.onderdrukt} for c in rij]
        for rij in tabel.rijen
    ]
    return {
        "type": "tabel",
        "bijschrift": tabel.bijschrift,
        "kop": list(tabel.kop),
        "kolom_rechts": list(tabel.kolom_rechts()),
        "breedten": _widths(tabel),
        "rijen": rijen,
        "noten": list(tabel.noten),
    }


def _widths(tabel: Tabel) -> list[float]:
    """Return column widths in points; none when the table fits by itself."""
    breedten = column_widths(tabel)
    return [breedte / 20 for breedte in breedten] if sum(breedten) > 0.98 * TEKSTBREEDTE else []


def _figuur(figuur: Figuur, *, figuren: dict[str, bytes]) -> dict[str, Any]:
    bestand = f"figuur-{len(figuren) + 1}.svg"
    figuren[bestand] = svg_met_letter(figuur.svg).encode()
    gegevens = figuur.gedrukte_gegevens
    return {
        "type": "figuur",
        "bestand": bestand,
        "alt": figuur.alt,
        "bijschrift": figuur.bijschrift,
        "gegevens": None if gegevens is None else _tabel(gegevens),
        "elders": word(figuur.gegevens_elders),
    }


def svg_met_letter(svg: str) -> str:
    """Return the SVG with its text in the font that travels along.

    Text measured for another font is set a little smaller, because ours is wider.
    """
    naam = LETTERS[0]
    breder = naam not in svg

    def familie(gevonden: re.Match[str]) -> str:
        teken = gevonden[2][0] if gevonden[2][0] in "\"'" else ""
        return f"{gevonden[1]}{teken}{naam}{teken}"

    def maat(gevonden: re.Match[str]) -> str:
        return f"{gevonden[1]}{float(gevonden[2]) * KRIMP:.2f}"

    nieuw = _SVG_LETTER.sub(familie, svg)
    return _SVG_MAAT.sub(maat, nieuw) if breder else nieuw

"""Pieces of WordprocessingML that python-docx has no words for: tables, links, fields, the file itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from toekomstscenario_eval.document.column_widths import DICHT_VANAF, column_widths
from toekomstscenario_eval.document.document import Cel, Tabel
from toekomstscenario_eval.document.english import is_dutch, word

SJABLONEN = Path(__file__).parent / "templates"
_NS = nsdecls("w", "r")
_OVERBODIG = ("/thumbnail", "/extended-properties", "/stylesWithEffects")
_ZIPDATUM = (1980, 1, 1, 0, 0, 0)


def vervang_deel(element: Any, bestand: str, anders: Mapping[str, str] | None = None) -> None:
    """Replace the content of a part by that of our template, values in `anders` replaced."""
    tekst = (SJABLONEN / bestand).read_text(encoding="utf-8")
    for oud, nieuw_woord in (anders or {}).items():
        tekst = tekst.replace(f'"{oud}"', f'"{nieuw_woord}"')
    nieuw = parse_xml(tekst.encode())
    for kind in list(element):
        element.remove(kind)
    element.extend(list(nieuw))


def snoei(bestand: Any) -> None:
    """Drop what the empty document of python-docx carries along, and set it to present-day Dutch Word."""
    for verbindingen in (bestand.part.package.rels, bestand.part.rels):
        for sleutel in [s for s, r in verbindingen.items() if r.reltype.endswith(_OVERBODIG)]:
            del verbindingen[sleutel]
    instellingen = bestand.settings.element
    instellingen.find(qn("w:themeFontLang")).set(qn("w:val"), "nl-NL")
    for instelling in instellingen.iter(qn("w:compatSetting")):
        if instelling.get(qn("w:name")) == "compatibilityMode":
            instelling.set(qn("w:val"), "15")


def run_xml(tekst: str, stijl: str = "") -> str:
    """Return text as one run; a line end becomes a line break, a tab stays a tab."""
    merk = '<w:lang w:val="nl-NL"/>' if is_dutch(tekst) else ""
    tekst = word(tekst)
    naam = f'<w:rStyle w:val="{stijl}"/>' if stijl else ""
    kenmerk = f"<w:rPr>{naam}{merk}</w:rPr>" if naam or merk else ""
    regels = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(stuk)}</w:t>' for stuk in regel.split("\t"))
        for regel in tekst.split("\n")
    )
    return f"<w:r>{kenmerk}{regels}</w:r>"


def voeg_toe(alinea: Any, xml: str) -> None:
    """Append elements, given as XML, to a paragraph."""
    houder = parse_xml(f"<w:p {_NS}>{xml}</w:p>")
    alinea._p.extend(list(houder))


def link_xml(alinea: Any, *, url: str, tekst: str, bladwijzer: str = "") -> str:
    """Return a link, to a bookmark of this document or else to an address."""
    if bladwijzer:
        doel = f"w:anchor={quoteattr(bladwijzer)}"
    else:
        doel = f'r:id="{alinea.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)}"'
    return f'<w:hyperlink {doel} w:history="1">{run_xml(tekst, "Hyperlink")}</w:hyperlink>'


def veld_xml(opdracht: str, inhoud: str = "1") -> str:
    """Return a field such as PAGE, with what it shows until Word works it out."""
    return f'<w:fldSimple w:instr=" {opdracht} ">{run_xml(inhoud)}</w:fldSimple>'


def veldteken_xml(soort: str, opdracht: str = "") -> str:
    """Return one mark (begin, separate, end) of a field that spans paragraphs."""
    tekst = (
        f'<w:r><w:instrText xml:space="preserve"> {escape(opdracht)} </w:instrText></w:r>' if opdracht else ""
    )
    return f'<w:r><w:fldChar w:fldCharType="{soort}"/></w:r>{tekst}'


def bladwijzer(alinea: Any, *, naam: str, nummer: int) -> None:
    """Put a bookmark around the content of a paragraph."""
    runs = alinea._p.findall(qn("w:r"))
    runs[0].addprevious(parse_xml(f'<w:bookmarkStart {_NS} w:id="{nummer}" w:name="{naam}"/>'))
    runs[-1].addnext(parse_xml(f'<w:bookmarkEnd {_NS} w:id="{nummer}"/>'))


def herstart_nummering(nummering: Any) -> int:
    """Add a numbered list that starts at 1 and return its number."""
    nummer = max(int(num.get(qn("w:numId"))) for num in nummering.findall(qn("w:num"))) + 1
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    nummering.append(
        parse_xml(f'<w:num {_NS} w:numId="{nummer}"><w:abstractNumId w:val="1"/>{start}</w:num>')
    )
    return nummer


def tabel_element(tabel: Tabel) -> Any:
    """Return a table with a repeating header row; rows do not break over pages."""
    breedten = column_widths(tabel)
    stijl = "Tabeltekstklein" if len(tabel.kop) >= DICHT_VANAF else "Tabeltekst"
    naar_rechts = tabel.kolom_rechts()
    kop = "".join(
        _cel_xml(run_xml(naam), breedte=breedte, stijl=stijl, rechts=rechts, volgt=True)
        for naam, breedte, rechts in zip(tabel.kop, breedten, naar_rechts, strict=True)
    )
    rijen = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{kop}</w:tr>"]
    for nummer, rij in enumerate(tabel.rijen):
        cellen = "".join(
            _cel_xml(_inhoud(cel), breedte=breedte, stijl=stijl, rechts=cel.rechts, volgt=nummer == 0)
            for cel, breedte in zip(rij, breedten, strict=True)
        )
        rijen.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cellen}</w:tr>")
    if not tabel.rijen:
        leeg = _cel_xml(run_xml("geen rijen"), breedte=sum(breedten), stijl=stijl, kolommen=len(breedten))
        rijen.append(f"<w:tr>{leeg}</w:tr>")
    kolommen = "".join(f'<w:gridCol w:w="{breedte}"/>' for breedte in breedten)
    return parse_xml(
        f'<w:tbl {_NS}><w:tblPr><w:tblStyle w:val="Rapporttabel"/>'
        f'<w:tblW w:w="{sum(breedten)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{"06A0" if tabel.rijkop else "0620"}" w:firstRow="1" w:lastRow="0" '
        f'w:firstColumn="{int(tabel.rijkop)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(tabel.bijschrift)}/></w:tblPr>"
        f"<w:tblGrid>{kolommen}</w:tblGrid>{''.join(rijen)}</w:tbl>"
    )


def _inhoud(cel: Cel) -> str:
    return run_xml(cel.getoond, "Onderdrukt" if cel.onderdrukt else "")


def _cel_xml(
    inhoud: str, *, breedte: int, stijl: str, rechts: bool = False, volgt: bool = False, kolommen: int = 1
) -> str:
    uitlijning = '<w:jc w:val="right"/>' if rechts else ""
    samen = "<w:keepNext/>" if volgt else ""
    span = f'<w:gridSpan w:val="{kolommen}"/>' if kolommen > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{breedte}" w:type="dxa"/>{span}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{stijl}"/>{samen}{uitlijning}</w:pPr>{inhoud}</w:p></w:tc>'
    )


def vast_zip(inhoud: bytes) -> bytes:
    """Return a zip with the same entries, in the same order, without the time it was made."""
    uit = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(inhoud)) as bron, zipfile.ZipFile(uit, "w") as doel:
        for lid in bron.infolist():
            kop = zipfile.ZipInfo(lid.filename, date_time=_ZIPDATUM)
            kop.compress_type = zipfile.ZIP_DEFLATED
            kop.external_attr = 0o600 << 16
            kop.create_system = 3
            doel.writestr(kop, bron.read(lid), compresslevel=6)
    return uit.getvalue()

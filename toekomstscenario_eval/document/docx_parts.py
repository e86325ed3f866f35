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

from toekomstscenario_eval.document.column_widths import DENSE_SINCE, column_widths
from toekomstscenario_eval.document.document import Cel, Tabel
from toekomstscenario_eval.document.english import is_dutch, word

TEMPLATES = Path(__file__).parent / "templates"
_NS = nsdecls("w", "r")
_SUPERFLUOUS = ("/thumbnail", "/extended-properties", "/stylesWithEffects")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def replace_part(element: Any, file: str, otherwise: Mapping[str, str] | None = None) -> None:
    """Replace the content of a part by that of our template, values in `otherwise` replaced."""
    text = (TEMPLATES / file).read_text(encoding="utf-8")
    for old, new_word in (otherwise or {}).items():
        text = text.replace(f'"{old}"', f'"{new_word}"')
    new = parse_xml(text.encode())
    for kind in list(element):
        element.remove(kind)
    element.extend(list(new))


def prune(file: Any) -> None:
    """Drop what the empty document of python-docx carries along, and set it to present-day Dutch Word."""
    for connections in (file.part.package.rels, file.part.rels):
        for key in [s for s, r in connections.items() if r.reltype.endswith(_SUPERFLUOUS)]:
            del connections[key]
    settings = file.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), "nl-NL")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def run_xml(text: str, style: str = "") -> str:
    """Return text as one run; a line end becomes a line break, a tab stays a tab."""
    mark = '<w:lang w:val="nl-NL"/>' if is_dutch(text) else ""
    text = word(text)
    naam = f'<w:rStyle w:val="{style}"/>' if style else ""
    feature = f"<w:rPr>{naam}{mark}</w:rPr>" if naam or mark else ""
    lines = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in line.split("\t"))
        for line in text.split("\n")
    )
    return f"<w:r>{feature}{lines}</w:r>"


def add(paragraph: Any, xml: str) -> None:
    """Append elements, given as XML, to a paragraph."""
    holder = parse_xml(f"<w:p {_NS}>{xml}</w:p>")
    paragraph._p.extend(list(holder))


def link_xml(paragraph: Any, *, url: str, text: str, bookmark: str = "") -> str:
    """Return a link, to a bookmark of this document or else to an address."""
    if bookmark:
        target = f"w:anchor={quoteattr(bookmark)}"
    else:
        target = f'r:id="{paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)}"'
    return f'<w:hyperlink {target} w:history="1">{run_xml(text, "Hyperlink")}</w:hyperlink>'


def field_xml(command: str, content: str = "1") -> str:
    """Return a field such as PAGE, with what it shows until Word works it out."""
    return f'<w:fldSimple w:instr=" {command} ">{run_xml(content)}</w:fldSimple>'


def field_char_xml(soort: str, command: str = "") -> str:
    """Return one mark (begin, separate, end) of a field that spans paragraphs."""
    text = (
        f'<w:r><w:instrText xml:space="preserve"> {escape(command)} </w:instrText></w:r>' if command else ""
    )
    return f'<w:r><w:fldChar w:fldCharType="{soort}"/></w:r>{text}'


def bookmark(paragraph: Any, *, naam: str, number: int) -> None:
    """Put a bookmark around the content of a paragraph."""
    runs = paragraph._p.findall(qn("w:r"))
    runs[0].addprevious(parse_xml(f'<w:bookmarkStart {_NS} w:id="{number}" w:name="{naam}"/>'))
    runs[-1].addnext(parse_xml(f'<w:bookmarkEnd {_NS} w:id="{number}"/>'))


def restart_numbering(numbering: Any) -> int:
    """Add a numbered list that starts at 1 and return its number."""
    number = max(int(num.get(qn("w:numId"))) for num in numbering.findall(qn("w:num"))) + 1
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering.append(
        parse_xml(f'<w:num {_NS} w:numId="{number}"><w:abstractNumId w:val="1"/>{start}</w:num>')
    )
    return number


def table_element(table: Tabel) -> Any:
    """Return a table with a repeating header row; rows do not break over pages."""
    widths = column_widths(table)
    style = "Tabeltekstklein" if len(table.kop) >= DENSE_SINCE else "Tabeltekst"
    to_right = table.kolom_rechts()
    heading = "".join(
        _cell_xml(run_xml(naam), width=width, style=style, right=right, follows=True)
        for naam, width, right in zip(table.kop, widths, to_right, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heading}</w:tr>"]
    for number, row in enumerate(table.rijen):
        cells = "".join(
            _cell_xml(_content(cell), width=width, style=style, right=cell.rechts, follows=number == 0)
            for cell, width in zip(row, widths, strict=True)
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    if not table.rijen:
        empty = _cell_xml(run_xml("geen rijen"), width=sum(widths), style=style, columns=len(widths))
        rows.append(f"<w:tr>{empty}</w:tr>")
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {_NS}><w:tblPr><w:tblStyle w:val="Rapporttabel"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{"06A0" if table.rijkop else "0620"}" w:firstRow="1" w:lastRow="0" '
        f'w:firstColumn="{int(table.rijkop)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(table.bijschrift)}/></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _content(cell: Cel) -> str:
    return run_xml(cell.getoond, "Onderdrukt" if cell.onderdrukt else "")


def _cell_xml(
    content: str, *, width: int, style: str, right: bool = False, follows: bool = False, columns: int = 1
) -> str:
    alignment = '<w:jc w:val="right"/>' if right else ""
    together = "<w:keepNext/>" if follows else ""
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{together}{alignment}</w:pPr>{content}</w:p></w:tc>'
    )


def vast_zip(content: bytes) -> bytes:
    """Return a zip with the same entries, in the same order, without the time it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            heading = zipfile.ZipInfo(member.filename, date_time=_ZIP_DATE)
            heading.compress_type = zipfile.ZIP_DEFLATED
            heading.external_attr = 0o600 << 16
            heading.create_system = 3
            target.writestr(heading, source.read(member), compresslevel=6)
    return out.getvalue()

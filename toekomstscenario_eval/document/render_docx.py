"""Document to DOCX with real headings, lists, captions and table headers; same document, same bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Length, Pt

from toekomstscenario_eval.document import docx_parts
from toekomstscenario_eval.document.document import (
    CONTENT_UP_TO,
    Alinea,
    Block,
    Code,
    Definities,
    Document,
    Figuur,
    Getal,
    Herkomst,
    Inline,
    Kader,
    Kop,
    Lijst,
    Tabel,
    Verwijzing,
    all_nodes,
    headings,
    own_page,
)
from toekomstscenario_eval.document.english import rendering, word
from toekomstscenario_eval.document.house_style import COLOR
from toekomstscenario_eval.document.languages import DUTCH, LANGUAGES
from toekomstscenario_eval.document.pictures import SCHAAL, as_png
from toekomstscenario_eval.identity import BADGE, INSIDE_MARK

TEXT_WIDTH_CM = 16.2
_CHAR_STYLE = {"": "", "vet": "Strong", "cursief": "Emphasis", "code": "Codeteken"}


def render_docx(document: Document) -> bytes:
    """Return the document as DOCX."""
    with rendering(document.taal, document.nederlands):
        return docx_parts.vast_zip(_Writer(document).bytes())


class _Writer:
    """Writes one document, block by block."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.plekken = headings(document.blokken)
        self.bookmarks = {spot.anker: f"_kop{number}" for number, spot in enumerate(self.plekken, start=1)}
        self.apart = own_page(document.blokken)
        figures = (k for k in all_nodes(document.blokken) if isinstance(k, Figuur))
        self.images = as_png({f.svg: f"figuur '{f.bijschrift}'" for f in figures})
        self.counted = 0
        self.figures = 0
        self.docx = docx.Document()
        style = document.stijl
        otherwise = {COLOR.removeprefix("#"): style.kleur.removeprefix("#").upper()}
        otherwise |= {LANGUAGES[DUTCH].variant: LANGUAGES[document.taal].variant}
        otherwise |= {"Calibri": style.letter} if style.letter else {}
        docx_parts.replace_part(self.docx.styles.element, "stijlen.xml", otherwise)
        self.numbering = self.docx.part.numbering_part.element
        docx_parts.replace_part(self.numbering, "nummering.xml")

    def bytes(self) -> bytes:
        self._page()
        self._features()
        self._preliminaries()
        for block in self.document.blokken:
            self._block(block)
        out = io.BytesIO()
        self.docx.save(out)
        return out.getvalue()

    def _page(self) -> None:
        pane = self.docx.sections[0]
        pane.page_width, pane.page_height = Cm(21), Cm(29.7)
        pane.left_margin = pane.right_margin = Cm(2.4)
        pane.top_margin, pane.bottom_margin = Cm(2.6), Cm(2.4)
        pane.header_distance = pane.footer_distance = Cm(1.2)
        above, under = pane.header.paragraphs[0], pane.footer.paragraphs[0]
        if self.document.intern:
            docx_parts.add(above, docx_parts.run_xml(INSIDE_MARK, "Concept"))
            docx_parts.add(under, docx_parts.run_xml(BADGE, "Concept") + docx_parts.run_xml("  ·  "))
            above = pane.header.add_paragraph(style=above.style)
        concept = docx_parts.run_xml("CONCEPT: nog niet volledig", "Concept") if self.document.concept else ""
        between = docx_parts.run_xml("  ·  ") if concept else ""
        docx_parts.add(above, concept + between + docx_parts.run_xml(self.document.titel))
        vrijgaven = ", ".join(self.document.vrijgaven)
        left = docx_parts.run_xml(
            (word(f"Vrijgave: {vrijgaven}") if vrijgaven else "") + f"\t{word('pagina')} "
        )
        telling = (
            docx_parts.field_xml("PAGE")
            + docx_parts.run_xml(f" {word('van')} ")
            + docx_parts.field_xml("NUMPAGES")
        )
        docx_parts.add(under, left + telling)

    def _features(self) -> None:
        core, day = self.docx.core_properties, self.document.dag()
        mark = word(BADGE) if self.document.intern else ""
        title = f"{mark}: {self.document.titel}" if mark else self.document.titel
        core.title, core.subject = title[:255], self.document.ondertitel[:255]
        if mark:
            core.keywords = mark
        core.author = "; ".join(self.document.auteurs)[:255]
        core.last_modified_by = core.author
        core.language = LANGUAGES[self.document.taal].variant
        core.comments, core.revision = "", 1
        if day:
            core.created = core.modified = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(
                tzinfo=None
            )
        else:
            for naam in ("dcterms:created", "dcterms:modified"):
                for element in core._element.findall(qn(naam)):
                    core._element.remove(element)
        docx_parts.prune(self.docx)

    def _logo(self) -> None:
        style = self.document.stijl
        if not style.logo:
            return
        svg = "" if style.logo_soort == "png" else style.logo.decode("utf-8")
        png = as_png({svg: "het logo"})[svg] if svg else style.logo
        plate = self.docx.add_paragraph(style="Normal").add_run().add_picture(io.BytesIO(png), height=Cm(1.5))
        plate._inline.docPr.set("descr", style.logo_tekst)
        plate._inline.docPr.set("name", "Logo")

    def _preliminaries(self) -> None:
        self._logo()
        self._paragraph("Title", docx_parts.run_xml(self.document.titel))
        if self.document.intern:
            self._paragraph("Normal", docx_parts.run_xml(INSIDE_MARK, "Concept"))
        if self.document.ondertitel:
            self._paragraph("Subtitle", docx_parts.run_xml(self.document.ondertitel))
        origin = [", ".join(self.document.auteurs), self.document.datum_lang()]
        if any(origin):
            self._paragraph("Herkomst", docx_parts.run_xml(" · ".join(part for part in origin if part)))
        entries = [spot for spot in self.plekken if spot.niveau <= CONTENT_UP_TO]
        if not entries or not self.document.inhoud:
            return
        self._paragraph("TOC Heading", docx_parts.run_xml("Inhoud"))
        for number, spot in enumerate(entries):
            paragraph = self._paragraph(f"toc {spot.niveau}", "")
            link = docx_parts.link_xml(
                paragraph, url="", text=spot.tekst, bookmark=self.bookmarks[spot.anker]
            )
            # One field around all entries: Word can renew it, and without Word the links are there.
            begin = docx_parts.field_char_xml(
                "begin", f'TOC \\o "1-{CONTENT_UP_TO}" \\h \\n \\u'
            ) + docx_parts.field_char_xml("separate")
            eind = docx_parts.field_char_xml("end") if number == len(entries) - 1 else ""
            docx_parts.add(paragraph, (begin if number == 0 else "") + link + eind)

    def _paragraph(self, style: str, xml: str) -> Any:
        paragraph = self.docx.add_paragraph(style=style)
        docx_parts.add(paragraph, xml)
        return paragraph

    def _inline(self, paragraph: Any, content: tuple[Inline, ...]) -> None:
        for part in content:
            if isinstance(part, Verwijzing):
                pointer = self.bookmarks[part.url[1:]] if part.url.startswith("#") else ""
                xml = docx_parts.link_xml(paragraph, url=part.url, text=part.tekst, bookmark=pointer)
            elif isinstance(part, Getal):
                xml = docx_parts.run_xml(part.tekst)
            else:
                xml = docx_parts.run_xml(part.tekst, _CHAR_STYLE[part.stijl])
            docx_parts.add(paragraph, xml)

    def _block(self, block: Block, box: str = "") -> None:
        """Write a block; inside a box every paragraph takes the style `box`, so that it is one box."""
        if isinstance(block, Kop):
            self._kop()
        elif isinstance(block, Alinea):
            self._inline(self._paragraph(box or "Normal", ""), block.inhoud)
        elif isinstance(block, Lijst):
            self._listing(block, box=box)
        elif isinstance(block, Definities):
            for term, explanation in block.items:
                self._paragraph(box or "Definitieterm", docx_parts.run_xml(term, "Strong"))
                self._inline(self._paragraph(box or "Definitie", ""), explanation)
        elif isinstance(block, Code):
            self._paragraph(box or "Codeblok", docx_parts.run_xml(block.tekst, "Codeteken" if box else ""))
        elif isinstance(block, Tabel):
            self._table(block)
        elif isinstance(block, Herkomst):
            self._table(block.als_tabel())
        elif isinstance(block, Figuur):
            self._figure(block)
        else:
            self._box(block)

    def _kop(self) -> None:
        spot = self.plekken[self.counted]
        self.counted += 1
        paragraph = self._paragraph(f"heading {spot.niveau}", docx_parts.run_xml(spot.tekst))
        paragraph.paragraph_format.page_break_before = spot.anker in self.apart or None
        docx_parts.bookmark(paragraph, naam=self.bookmarks[spot.anker], number=self.counted)

    def _listing(self, listing: Lijst, *, box: str) -> None:
        number = docx_parts.restart_numbering(self.numbering) if listing.genummerd else 1
        for point in listing.items:
            paragraph = self._paragraph(box or ("List Number" if listing.genummerd else "List Bullet"), "")
            if box or listing.genummerd:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number
            if box:
                # The same indent as the rest of the box, or Word draws a second box.
                paragraph.paragraph_format.left_indent = Pt(12)
                paragraph.paragraph_format.first_line_indent = Pt(0)
            self._inline(paragraph, point)

    def _table(self, table: Tabel) -> None:
        self._paragraph(
            "caption", docx_parts.run_xml(table.bijschrift)
        ).paragraph_format.keep_with_next = True
        closing = self.docx.add_paragraph(style="Na tabel")
        closing._p.addprevious(docx_parts.table_element(table))
        for note in table.noten:
            closing._p.addprevious(self._paragraph("Noot", docx_parts.run_xml(note))._p)

    def _figure(self, figure: Figuur) -> None:
        image = self.images[figure.svg]
        holder = self.docx.add_paragraph(style="Normal")
        holder.paragraph_format.keep_with_next = True
        plate = holder.add_run().add_picture(io.BytesIO(image), width=_width(image))
        self.figures += 1
        feature = plate._inline.docPr
        feature.set("descr", figure.alt)
        feature.set("name", f"Figuur {self.figures}")
        self._paragraph("caption", docx_parts.run_xml(figure.bijschrift))
        if figure.gedrukte_gegevens is not None:
            self._table(figure.gedrukte_gegevens)
        elif figure.gegevens_elders:
            self._paragraph("Noot", docx_parts.run_xml(figure.gegevens_elders))

    def _box(self, box: Kader) -> None:
        style = f"Kader {box.soort}"
        if box.opschrift:
            legend = self._paragraph(style, docx_parts.run_xml(box.opschrift, f"Opschrift{box.soort}"))
            legend.paragraph_format.keep_with_next = bool(box.inhoud)
        for block in box.inhoud:
            self._block(block, box=style)
        self.docx.add_paragraph(style="Na tabel")


def _width(image: bytes) -> Length:
    """Return how wide a PNG is shown: its size in CSS pixels, within the width of the text."""
    pixels = int.from_bytes(image[16:20], "big")
    return min(Inches(pixels / SCHAAL / 96), Cm(TEXT_WIDTH_CM))

"""Document to DOCX with real headings, lists, captions and table headers; same document, same bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Length, Pt

from toekomstscenario_eval.document import docx_parts as delen
from toekomstscenario_eval.document.document import (
    INHOUD_TOT,
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
    alle_knopen,
    koppen,
    own_page,
)
from toekomstscenario_eval.document.english import rendering, word
from toekomstscenario_eval.document.house_style import KLEUR
from toekomstscenario_eval.document.languages import DUTCH, LANGUAGES
from toekomstscenario_eval.document.pictures import SCHAAL, as_png

TEKSTBREEDTE_CM = 16.2
_TEKENSTIJL = {"": "", "vet": "Strong", "cursief": "Emphasis", "code": "Codeteken"}


def render_docx(document: Document) -> bytes:
    """Return the document as DOCX."""
    with rendering(document.taal, document.nederlands):
        return delen.vast_zip(_Schrijver(document).bytes())


class _Schrijver:
    """Writes one document, block by block."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.plekken = koppen(document.blokken)
        self.bladwijzers = {plek.anker: f"_kop{nummer}" for nummer, plek in enumerate(self.plekken, start=1)}
        self.apart = own_page(document.blokken)
        figuren = (k for k in alle_knopen(document.blokken) if isinstance(k, Figuur))
        self.plaatjes = as_png({f.svg: f"figuur '{f.bijschrift}'" for f in figuren})
        self.geteld = 0
        self.figuren = 0
        self.docx = docx.Document()
        stijl = document.stijl
        anders = {KLEUR.removeprefix("#"): stijl.kleur.removeprefix("#").upper()}
        anders |= {LANGUAGES[DUTCH].variant: LANGUAGES[document.taal].variant}
        anders |= {"Calibri": stijl.letter} if stijl.letter else {}
        delen.vervang_deel(self.docx.styles.element, "stijlen.xml", anders)
        self.nummering = self.docx.part.numbering_part.element
        delen.vervang_deel(self.nummering, "nummering.xml")

    def bytes(self) -> bytes:
        self._bladzijde()
        self._kenmerken()
        self._voorwerk()
        for blok in self.document.blokken:
            self._blok(blok)
        uit = io.BytesIO()
        self.docx.save(uit)
        return uit.getvalue()

    def _bladzijde(self) -> None:
        vak = self.docx.sections[0]
        vak.page_width, vak.page_height = Cm(21), Cm(29.7)
        vak.left_margin = vak.right_margin = Cm(2.4)
        vak.top_margin, vak.bottom_margin = Cm(2.6), Cm(2.4)
        vak.header_distance = vak.footer_distance = Cm(1.2)
        boven, onder = vak.header.paragraphs[0], vak.footer.paragraphs[0]
        concept = delen.run_xml("CONCEPT: nog niet volledig", "Concept") if self.document.concept else ""
        tussen = delen.run_xml("  ·  ") if concept else ""
        delen.voeg_toe(boven, concept + tussen + delen.run_xml(self.document.titel))
        vrijgaven = ", ".join(self.document.vrijgaven)
        links = delen.run_xml((word(f"Vrijgave: {vrijgaven}") if vrijgaven else "") + f"\t{word('pagina')} ")
        telling = delen.veld_xml("PAGE") + delen.run_xml(f" {word('van')} ") + delen.veld_xml("NUMPAGES")
        delen.voeg_toe(onder, links + telling)

    def _kenmerken(self) -> None:
        kern, dag = self.docx.core_properties, self.document.dag()
        kern.title, kern.subject = self.document.titel[:255], self.document.ondertitel[:255]
        kern.author = "; ".join(self.document.auteurs)[:255]
        kern.last_modified_by = kern.author
        kern.language = LANGUAGES[self.document.taal].variant
        kern.comments, kern.revision = "", 1
        if dag:
            kern.created = kern.modified = datetime(dag.year, dag.month, dag.day, tzinfo=UTC).replace(
                tzinfo=None
            )
        else:
            for naam in ("dcterms:created", "dcterms:modified"):
                for element in kern._element.findall(qn(naam)):
                    kern._element.remove(element)
        delen.snoei(self.docx)

    def _logo(self) -> None:
        stijl = self.document.stijl
        if not stijl.logo:
            return
        svg = "" if stijl.logo_soort == "png" else stijl.logo.decode("utf-8")
        png = as_png({svg: "het logo"})[svg] if svg else stijl.logo
        plaat = self.docx.add_paragraph(style="Normal").add_run().add_picture(io.BytesIO(png), height=Cm(1.5))
        plaat._inline.docPr.set("descr", stijl.logo_tekst)
        plaat._inline.docPr.set("name", "Logo")

    def _voorwerk(self) -> None:
        self._logo()
        self._alinea("Title", delen.run_xml(self.document.titel))
        if self.document.ondertitel:
            self._alinea("Subtitle", delen.run_xml(self.document.ondertitel))
        herkomst = [", ".join(self.document.auteurs), self.document.datum_lang()]
        if any(herkomst):
            self._alinea("Herkomst", delen.run_xml(" · ".join(deel for deel in herkomst if deel)))
        ingangen = [plek for plek in self.plekken if plek.niveau <= INHOUD_TOT]
        if not ingangen or not self.document.inhoud:
            return
        self._alinea("TOC Heading", delen.run_xml("Inhoud"))
        for nummer, plek in enumerate(ingangen):
            alinea = self._alinea(f"toc {plek.niveau}", "")
            link = delen.link_xml(alinea, url="", tekst=plek.tekst, bladwijzer=self.bladwijzers[plek.anker])
            # One field around all entries: Word can renew it, and without Word the links are there.
            begin = delen.veldteken_xml(
                "begin", f'TOC \\o "1-{INHOUD_TOT}" \\h \\n \\u'
            ) + delen.veldteken_xml("separate")
            eind = delen.veldteken_xml("end") if nummer == len(ingangen) - 1 else ""
            delen.voeg_toe(alinea, (begin if nummer == 0 else "") + link + eind)

    def _alinea(self, stijl: str, xml: str) -> Any:
        alinea = self.docx.add_paragraph(style=stijl)
        delen.voeg_toe(alinea, xml)
        return alinea

    def _inline(self, alinea: Any, inhoud: tuple[Inline, ...]) -> None:
        for deel in inhoud:
            if isinstance(deel, Verwijzing):
                wijzer = self.bladwijzers[deel.url[1:]] if deel.url.startswith("#") else ""
                xml = delen.link_xml(alinea, url=deel.url, tekst=deel.tekst, bladwijzer=wijzer)
            elif isinstance(deel, Getal):
                xml = delen.run_xml(deel.tekst)
            else:
                xml = delen.run_xml(deel.tekst, _TEKENSTIJL[deel.stijl])
            delen.voeg_toe(alinea, xml)

    def _blok(self, blok: Block, kader: str = "") -> None:
        """Write a block; inside a box every paragraph takes the style `kader`, so that it is one box."""
        if isinstance(blok, Kop):
            self._kop()
        elif isinstance(blok, Alinea):
            self._inline(self._alinea(kader or "Normal", ""), blok.inhoud)
        elif isinstance(blok, Lijst):
            self._lijst(blok, kader=kader)
        elif isinstance(blok, Definities):
            for term, uitleg in blok.items:
                self._alinea(kader or "Definitieterm", delen.run_xml(term, "Strong"))
                self._inline(self._alinea(kader or "Definitie", ""), uitleg)
        elif isinstance(blok, Code):
            self._alinea(kader or "Codeblok", delen.run_xml(blok.tekst, "Codeteken" if kader else ""))
        elif isinstance(blok, Tabel):
            self._tabel(blok)
        elif isinstance(blok, Herkomst):
            self._tabel(blok.als_tabel())
        elif isinstance(blok, Figuur):
            self._figuur(blok)
        else:
            self._kader(blok)

    def _kop(self) -> None:
        plek = self.plekken[self.geteld]
        self.geteld += 1
        alinea = self._alinea(f"heading {plek.niveau}", delen.run_xml(plek.tekst))
        alinea.paragraph_format.page_break_before = plek.anker in self.apart or None
        delen.bladwijzer(alinea, naam=self.bladwijzers[plek.anker], nummer=self.geteld)

    def _lijst(self, lijst: Lijst, *, kader: str) -> None:
        nummer = delen.herstart_nummering(self.nummering) if lijst.genummerd else 1
        for punt in lijst.items:
            alinea = self._alinea(kader or ("List Number" if lijst.genummerd else "List Bullet"), "")
            if kader or lijst.genummerd:
                eigenschap = alinea._p.get_or_add_pPr().get_or_add_numPr()
                eigenschap.get_or_add_ilvl().val = 0
                eigenschap.get_or_add_numId().val = nummer
            if kader:
                # The same indent as the rest of the box, or Word draws a second box.
                alinea.paragraph_format.left_indent = Pt(12)
                alinea.paragraph_format.first_line_indent = Pt(0)
            self._inline(alinea, punt)

    def _tabel(self, tabel: Tabel) -> None:
        self._alinea("caption", delen.run_xml(tabel.bijschrift)).paragraph_format.keep_with_next = True
        slot = self.docx.add_paragraph(style="Na tabel")
        slot._p.addprevious(delen.tabel_element(tabel))
        for noot in tabel.noten:
            slot._p.addprevious(self._alinea("Noot", delen.run_xml(noot))._p)

    def _figuur(self, figuur: Figuur) -> None:
        plaatje = self.plaatjes[figuur.svg]
        houder = self.docx.add_paragraph(style="Normal")
        houder.paragraph_format.keep_with_next = True
        plaat = houder.add_run().add_picture(io.BytesIO(plaatje), width=_breedte(plaatje))
        self.figuren += 1
        kenmerk = plaat._inline.docPr
        kenmerk.set("descr", figuur.alt)
        kenmerk.set("name", f"Figuur {self.figuren}")
        self._alinea("caption", delen.run_xml(figuur.bijschrift))
        if figuur.gedrukte_gegevens is not None:
            self._tabel(figuur.gedrukte_gegevens)
        elif figuur.gegevens_elders:
            self._alinea("Noot", delen.run_xml(figuur.gegevens_elders))

    def _kader(self, kader: Kader) -> None:
        stijl = f"Kader {kader.soort}"
        if kader.opschrift:
            opschrift = self._alinea(stijl, delen.run_xml(kader.opschrift, f"Opschrift{kader.soort}"))
            opschrift.paragraph_format.keep_with_next = bool(kader.inhoud)
        for blok in kader.inhoud:
            self._blok(blok, kader=stijl)
        self.docx.add_paragraph(style="Na tabel")


def _breedte(plaatje: bytes) -> Length:
    """Return how wide a PNG is shown: its size in CSS pixels, within the width of the text."""
    pixels = int.from_bytes(plaatje[16:20], "big")
    return min(Inches(pixels / SCHAAL / 96), Cm(TEKSTBREEDTE_CM))

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st
from voorbeelddocument import BLOKKEN, FIGUUR, SVG, document, tabel

from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Code,
    Figuur,
    Kader,
    Kop,
    Lijst,
    Tabel,
    Tekst,
)
from toekomstscenario_eval.document.render_docx import render_docx
from toekomstscenario_eval.errors import UitvoerFout


def _open(blokken: tuple[Block, ...] = BLOKKEN, **anders: Any) -> Any:
    return docx.Document(io.BytesIO(render_docx(document(blokken, **anders))))


@pytest.fixture(scope="module")
def word() -> Any:
    return _open()


def _met_stijl(word: Any, stijl: str) -> list[str]:
    return [alinea.text for alinea in word.paragraphs if alinea.style.name == stijl]


def test_same_document_gives_the_same_bytes_without_the_time_it_was_made() -> None:
    inhoud = render_docx(document())
    assert inhoud == render_docx(document())
    with zipfile.ZipFile(io.BytesIO(inhoud)) as archief:
        assert {lid.date_time for lid in archief.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archief.namelist()[0] == "[Content_Types].xml"
        assert not {"docProps/thumbnail.jpeg", "docProps/app.xml", "word/stylesWithEffects.xml"} & set(
            archief.namelist()
        )


def test_properties_come_from_the_document(word: Any) -> None:
    kern = word.core_properties
    assert (kern.title, kern.subject, kern.author) == (
        "Verantwoording duo's",
        "Venster 2025",
        "A. Onderzoeker; B. Lid",
    )
    assert (kern.language, kern.comments) == ("nl-NL", "")
    dag = datetime(2026, 11, 1)  # noqa: DTZ001
    assert [d.replace(tzinfo=None) for d in (kern.created, kern.modified)] == [dag, dag]
    assert b"dcterms" not in _deel(render_docx(document(datum="")), "docProps/core.xml").replace(
        b"xmlns:dcterms", b""
    )


def _deel(inhoud: bytes, naam: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(inhoud)) as archief:
        return archief.read(naam)


def test_text_is_dutch(word: Any) -> None:
    talen = word.styles.element.findall(".//" + qn("w:lang"))
    assert [taal.get(qn("w:val")) for taal in talen] == ["nl-NL"]
    assert word.settings.element.find(qn("w:themeFontLang")).get(qn("w:val")) == "nl-NL"


def test_headings_title_and_captions_have_their_styles(word: Any) -> None:
    assert _met_stijl(word, "Title") == ["Verantwoording duo's"]
    assert _met_stijl(word, "Heading 1") == ["1 Vraag", "2 Gegevens"]
    assert _met_stijl(word, "Heading 2") == ["Bronnen"]
    assert _met_stijl(word, "Caption") == [
        "Tabel 1. Aandeel duo",
        "Tabel 2. Niets",
        "Figuur 1. Verloop",
        "Gegevens bij figuur 1",
        "Figuur 2. Lang",
    ]
    assert _met_stijl(word, "Noot")[-1] == (
        "De gegevens bij deze figuur (21 rijen) staan in de HTML-versie van dit document."
    )


def test_contents_are_one_field_of_links_that_lead_to_the_headings(word: Any) -> None:
    ingangen = [alinea for alinea in word.paragraphs if alinea.style.name.startswith("toc ")]
    assert [alinea.text for alinea in ingangen] == ["1 Vraag", "2 Gegevens", "Bronnen"]
    tekens = [t.get(qn("w:fldCharType")) for a in ingangen for t in a._p.iter(qn("w:fldChar"))]
    assert tekens == ["begin", "separate", "end"]
    doelen = {link.get(qn("w:anchor")) for link in word.element.body.iter(qn("w:hyperlink"))} - {None}
    bladwijzers = [b.get(qn("w:name")) for b in word.element.body.iter(qn("w:bookmarkStart"))]
    assert doelen == set(bladwijzers)
    assert len(bladwijzers) == 3


def test_table_has_a_repeating_header_row_and_suppressed_cells_in_words(word: Any) -> None:
    eerste = word.tables[0]
    assert [[cel.text for cel in rij.cells] for rij in eerste.rows] == [
        ["Regio", "Aandeel"],
        ["Regio 1", "1,5%"],
        ["Regio 2", "niet getoond"],
    ]
    for tafel in word.tables:
        koppen = [rij._tr.find(".//" + qn("w:tblHeader")) is not None for rij in tafel.rows]
        assert koppen == [True] + [False] * (len(koppen) - 1)
        assert all(
            rij._tr.trPr is None or rij._tr.find(".//" + qn("w:cantSplit")) is not None for rij in tafel.rows
        )
    omschrijving = eerste._tbl.tblPr.find(qn("w:tblCaption"))
    assert omschrijving.get(qn("w:val")) == "Tabel 1. Aandeel duo"
    assert [cel.text for cel in word.tables[1].rows[1].cells] == ["geen rijen", "geen rijen"]


def test_tables_stay_within_the_page() -> None:
    kolommen = tuple(f"een lange kolomkop {n}" for n in range(14))
    rij = tuple(Cel("ontzettendlangwoordzonderspatie 123.456") for _ in kolommen)
    breed = _open(
        (Tabel("t", kolommen, (rij,)), tabel(), Tabel("t", ("a", "b"), ((Cel("a " * 40), Cel("b" * 60)),)))
    )
    for tafel in breed.tables:
        breedten = [int(kolom.get(qn("w:w"))) for kolom in tafel._tbl.tblGrid.findall(qn("w:gridCol"))]
        assert min(breedten) > 0
        assert sum(breedten) <= 9185


def test_picture_has_alt_text_and_fits() -> None:
    breed = SVG.replace('width="120"', 'width="2400"')
    word = _open((FIGUUR, Figuur("Figuur 2", "Een brede staaf.", breed)))
    platen = word.inline_shapes
    kenmerken = [plaat._inline.docPr for plaat in platen]
    assert [(k.get("name"), k.get("descr")) for k in kenmerken] == [
        ("Figuur 1", "Een staaf die naar rechts loopt."),
        ("Figuur 2", "Een brede staaf."),
    ]
    assert platen[0].width.inches == pytest.approx(120 / 96, abs=0.01)
    assert platen[1].width == Cm(16.2)


def test_every_numbered_list_starts_again(word: Any) -> None:
    nummers = [
        alinea._p.pPr.numPr.numId.val for alinea in word.paragraphs if alinea.style.name == "List Number"
    ]
    assert nummers == [3, 3, 4]
    starts = word.part.numbering_part.element.findall(".//" + qn("w:startOverride"))
    assert [start.get(qn("w:val")) for start in starts] == ["1", "1"]
    assert _met_stijl(word, "List Bullet") == ["eerste bron", "tweede bron"]


def test_boxes_are_bordered_paragraphs_that_say_what_they_are(word: Any) -> None:
    assert _met_stijl(word, "Kader ontbreekt") == ["Nog te schrijven: Verloop", "Beschrijf het verloop."]
    assert _met_stijl(word, "Kader waarschuwing")[0] == "Let op: lees dit"
    assert _met_stijl(word, "Kader info") == ["Een citaat.", "punt in kader"]
    punt = next(a for a in word.paragraphs if a.text == "punt in kader")
    assert punt._p.pPr.numPr.numId.val == 1
    assert word.styles["Kader ontbreekt"].element.find(".//" + qn("w:pBdr")) is not None


def test_header_and_footer(word: Any) -> None:
    vak = word.sections[0]
    assert vak.header.paragraphs[0].text == "CONCEPT: nog niet volledig  ·  Verantwoording duo's"
    velden = vak.footer.paragraphs[0]._p.findall(qn("w:fldSimple"))
    assert [veld.get(qn("w:instr")).strip() for veld in velden] == ["PAGE", "NUMPAGES"]
    assert vak.footer.paragraphs[0].text.startswith("Vrijgave: v-2026-11\tpagina ")
    eind = _open((Code("x"),), concept=False)
    assert eind.sections[0].header.paragraphs[0].text == "Verantwoording duo's"


def test_every_style_that_is_used_exists(word: Any) -> None:
    bekend = {stijl.get(qn("w:styleId")) for stijl in word.styles.element.findall(qn("w:style"))}
    soorten = ("w:pStyle", "w:rStyle", "w:tblStyle", "w:basedOn", "w:next")
    delen = [word.element, word.styles.element, word.part.numbering_part.element]
    delen += [vak._element for vak in (word.sections[0].header, word.sections[0].footer)]
    gebruikt = {e.get(qn("w:val")) for deel in delen for soort in soorten for e in deel.iter(qn(soort))}
    assert gebruikt <= bekend


@settings(max_examples=25, deadline=None)
@given(st.text(st.sampled_from("<>&\"'{}%\\ abcé]\n\t€"), min_size=1).filter(str.strip))
def test_text_comes_out_as_it_went_in(tekst: str) -> None:
    regel = tekst.replace("\n", " ").replace("\t", " ")
    zonder_tab = tekst.replace("\t", " ")
    rij = (Cel(zonder_tab),)
    word = _open(
        (
            Kop(1, regel),
            Alinea((Tekst(zonder_tab, "vet"),)),
            Code(tekst),
            Tabel(regel, (regel,), (rij,)),
            Kader("info", regel, (Lijst(((Tekst(zonder_tab),),)),)),
            Figuur(regel, regel, SVG),
        )
    )
    assert _met_stijl(word, "Heading 1") == [regel]
    assert zonder_tab in _met_stijl(word, "Normal")
    assert _met_stijl(word, "Codeblok") == [tekst]
    assert word.tables[0].cell(1, 0).text == zonder_tab
    assert _met_stijl(word, "Kader info") == [regel, zonder_tab]
    assert word.inline_shapes[0]._inline.docPr.get("descr") == regel


def test_a_figure_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(UitvoerFout) as fout:
        render_docx(
            document((Figuur("Figuur 9", "Alt.", '<svg xmlns="http://www.w3.org/2000/svg" width="0"/>'),))
        )
    assert str(fout.value) == (
        "Uitvoer niet gelukt: een figuur kon niet in het Wordbestand worden gezet\n  Waar: figuur 'Figuur 9'"
    )

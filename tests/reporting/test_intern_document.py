"""Exact numbers say so on every page, table and figure, in every format; public ones never do."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import lxml.html
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from voorbeelddocument import BLOKKEN, FIGUUR, SVG, tabel
from voorbeelddocument import document as openbaar

from toekomstscenario_eval.document.document import (
    MIME,
    VAST,
    Alinea,
    Document,
    Figuur,
    Herkomst,
    Kaart,
    Kader,
    Kop,
    Output,
    Spoor,
    Tabel,
    Tekst,
    all_nodes,
)
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.document.exporters import exporter
from toekomstscenario_eval.document.formats import all_formats
from toekomstscenario_eval.document.gate import document_from_notebook
from toekomstscenario_eval.document.marking import marked, stamped
from toekomstscenario_eval.document.render_docx import render_docx
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.document.render_typst import render_pdf
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.report.sections import s11_privacy

sys.path.append(str(Path(__file__).parents[1] / "functional"))
from toegankelijk import axe, blader

HTML_EXPORTER = "toekomstscenario_eval.document.exporters.HtmlExporter"
ENGELS = "INTERNAL: exact figures, not to be published or shared."
HERKOMST = Herkomst((Kaart("duo", "Duo", "d", "v", "k", "g", (Spoor("r", "aandeel", "48,2%"),)),))
ALLES = (*BLOKKEN, Kader("info", "Kader", (tabel(1, "In een kader"),)), HERKOMST)


def document(**anders: Any) -> Document:
    """Return the example with every kind of block, with exact numbers."""
    return replace(openbaar(ALLES), vrijgaven=("intern-abc",), **anders)


def lang(blokken: int = 60) -> Document:
    """Return a document of several pages with nothing but text."""
    tekst = Alinea((Tekst("Een zin die telkens terugkomt. " * 20),))
    return replace(document(), blokken=(Kop(1, "Tekst"), *(tekst,) * blokken))


def tabellen_en_figuren(blokken: Any) -> list[Any]:
    return [k for k in all_nodes(blokken) if isinstance(k, Tabel | Figuur)]


def pagina(tekst: str) -> Any:
    return lxml.html.fromstring(tekst.encode())


# ---- the tree


def test_every_table_figure_and_card_is_marked_wherever_it_stands() -> None:
    gevonden = tabellen_en_figuren(document().blokken)
    assert len(gevonden) == len(tabellen_en_figuren(ALLES)) == 7
    assert all(k.bijschrift.startswith("INTERN: ") for k in gevonden)
    figuren = [k for k in gevonden if isinstance(k, Figuur)]
    assert [k.alt for k in figuren] == ["INTERN: Een staaf die naar rechts loopt.", "INTERN: Nog een staaf."]
    assert all("INTERN: niet publiceren" in k.svg for k in figuren)
    kaarten = [k.titel for k in all_nodes(document().blokken) if isinstance(k, Kaart)]
    assert kaarten == ["INTERN: Duo"]


def test_marking_twice_is_marking_once_and_leaves_the_rest_alone() -> None:
    een = document()
    assert replace(een, titel="Anders").blokken == een.blokken
    assert marked(een.blokken)[0] == een.blokken
    anders = [(a, b) for a, b in zip(ALLES, een.blokken, strict=True) if a != b]
    assert {type(a) for a, _ in anders} == {Tabel, Figuur, Kader, Herkomst}


def test_a_public_document_is_as_it_was() -> None:
    assert openbaar(ALLES).blokken == ALLES
    assert not openbaar(ALLES).intern


def test_public_and_exact_numbers_never_share_a_document() -> None:
    with pytest.raises(OnthullingsFout, match="openbare en exacte cijfers staan in één document"):
        replace(openbaar(ALLES), vrijgaven=("intern-abc", "v123"))


# ---- drawings


@pytest.mark.parametrize(
    ("wortel", "kader", "hoogte"),
    [
        ('width="120" height="60" viewBox="0 0 120 60"', (0, -20, 120, 80), "80"),
        # Twice as large on the screen: the band is so many pixels there.
        ('width="240px" height="120px" viewBox="10 5 120 60"', (10, -5, 120, 70), "140"),
        ('viewBox="0,0,400,100" width="100%"', (0, -20, 400, 120), None),
        ('width="50" height="40"', (0, -20, 50, 60), "60"),
        ("", (0, -20, 300, 170), None),
    ],
)
def test_a_drawing_gets_a_band_above_it_and_keeps_its_scale(wortel, kader, hoogte) -> None:
    oud = f'<svg xmlns="http://www.w3.org/2000/svg" {wortel}><rect width="5" height="5"/></svg>'
    nieuw = ET.fromstring(stamped(oud))
    assert tuple(map(float, nieuw.attrib["viewBox"].split())) == kader
    assert nieuw.attrib.get("height") == hoogte
    band, tekst = nieuw[-1]
    assert tekst.text == "INTERN: niet publiceren"
    assert (float(band.attrib["y"]), float(band.attrib["width"])) == (kader[1], kader[2])
    # The words fit, however narrow the drawing.
    assert 0.68 * len(tekst.text) * float(tekst.attrib["font-size"]) <= kader[2] + 0.01
    assert stamped(stamped(oud)) == stamped(oud)


def test_an_empty_drawing_is_marked_too() -> None:
    assert "INTERN" in stamped('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')


# ---- HTML


def test_html_has_a_band_a_title_and_a_mark_at_every_table_and_figure() -> None:
    boom = pagina(render_html(document()))
    assert boom.findtext(".//title").startswith("INTERN: ")
    (band,) = boom.findall(".//body/aside")
    assert band.text_content() == INSIDE_MARK
    assert band.attrib["aria-label"] == "Alleen voor binnen"
    koppen = [e.text_content().strip() for e in (*boom.iter("caption"), *boom.iter("figcaption"))]
    assert len(koppen) == 8
    assert all(k.startswith("INTERN: ") for k in koppen)
    vlakken = [e.attrib["aria-label"] for e in boom.iter("div") if e.attrib.get("class") == "schuif"]
    assert vlakken
    assert all("INTERN: " in v for v in vlakken)
    for plaat in boom.iter("img"):
        svg = base64.b64decode(plaat.attrib["src"].partition(",")[2]).decode()
        assert plaat.attrib["alt"].startswith("INTERN: ")
        assert "INTERN: niet publiceren" in svg


def test_html_on_paper_has_the_mark_on_every_page(tmp_path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("geen pdftotext op deze machine")
    pad = tmp_path / "blad.html"
    pad.write_text(render_html(lang()), encoding="utf-8")
    blader(f"--print-to-pdf={tmp_path / 'blad.pdf'}", "--no-pdf-header-footer", pad=pad)
    if not (tmp_path / "blad.pdf").is_file():
        pytest.skip("deze browser drukt niet af")
    bladen = paginas((tmp_path / "blad.pdf").read_bytes(), tmp_path)
    assert len(bladen) > 3
    assert all(INSIDE_MARK in blad for blad in bladen)


@pytest.mark.traag
def test_the_band_stays_in_sight_when_a_reader_scrolls(tmp_path) -> None:
    meet = (
        "<script>addEventListener('load', () => { scrollTo(0, 3000); document.body.dataset.band = "
        "scrollY + ' ' + document.querySelector('.internband').getBoundingClientRect().top; })</script>"
    )
    tekst = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', meet, render_html(lang()))
    pad = tmp_path / "rol.html"
    pad.write_text(tekst, encoding="utf-8")
    boom = pagina(blader("--window-size=900,700", "--virtual-time-budget=2000", pad=pad))
    assert boom.find("body").attrib["data-band"] == "3000 0"


@pytest.mark.traag
@pytest.mark.parametrize(("donker", "breed"), [(False, 1280), (True, 500)])
def test_axe_finds_nothing_wrong(tmp_path, donker, breed) -> None:
    assert axe(render_html(document()), tmp_path, donker=donker, breed=breed)["fout"] == []


# ---- PDF


def paginas(pdf: bytes, map_: Path) -> list[str]:
    pad = map_ / "blad.pdf"
    pad.write_bytes(pdf)
    uit = subprocess.run(["pdftotext", "-layout", str(pad), "-"], capture_output=True, check=True)
    return uit.stdout.decode().split("\f")[:-1]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="geen pdftotext op deze machine")
@pytest.mark.parametrize(
    ("anders", "boven", "onder"),
    [({}, INSIDE_MARK, "INTERN"), ({"taal": "en"}, ENGELS, "INTERNAL")],
    ids=["nederlands", "engels"],
)
def test_every_page_of_the_pdf_has_the_mark_above_and_below(tmp_path, anders, boven, onder) -> None:
    bladen = paginas(render_pdf(replace(lang(), **anders)), tmp_path)
    assert len(bladen) > 3
    for blad in bladen:
        eerste, *_, laatste = (regel.strip() for regel in blad.splitlines() if regel.strip())
        assert eerste == boven
        assert laatste.startswith(f"{onder} ")
    # What stands in a header is not read aloud; once it stands in the text.
    assert bladen[0].count(boven) == 2
    assert all(blad.count(boven) == 1 for blad in bladen[1:])


def test_the_pdf_stays_accessible_and_its_title_says_it(tmp_path) -> None:
    pdfua = pytest.importorskip("pdfua")
    pad = tmp_path / "intern.pdf"
    pad.write_bytes(render_pdf(document()))
    assert [(f.rule_id, f.message) for f in pdfua.validate(str(pad)).findings] == []


# ---- DOCX


def test_docx_has_the_mark_in_header_footer_text_captions_and_properties() -> None:
    bestand = docx.Document(io.BytesIO(render_docx(document())))
    (blad,) = bestand.sections
    assert not blad.different_first_page_header_footer
    assert blad.header.paragraphs[0].text == INSIDE_MARK
    assert blad.header.paragraphs[1].text.endswith(document().titel)
    assert blad.footer.paragraphs[0].text.startswith("INTERN  ·  Vrijgave: intern-abc")
    assert (bestand.core_properties.title[:8], bestand.core_properties.keywords) == ("INTERN: ", "INTERN")
    teksten = [p.text for p in bestand.paragraphs]
    assert INSIDE_MARK in teksten
    koppen = [p.text for p in bestand.paragraphs if p.style.name.lower() == "caption"]
    assert len(koppen) == 7
    assert all(k.startswith("INTERN: ") for k in koppen)
    beschreven = re.findall(r'w:tblCaption w:val="([^"]*)"', bestand.element.xml)
    assert beschreven
    assert all(b.startswith("INTERN: ") for b in beschreven)


# ---- English


def test_in_english_the_mark_is_english_and_dutch_captions_keep_a_dutch_one() -> None:
    engels = replace(
        openbaar((tabel(1, "Households"), tabel(2, "Gezinnen"))),
        taal="en",
        vrijgaven=("intern-abc",),
        nederlands=frozenset({"Gezinnen"}),
    )
    tekst = render_html(engels)
    assert ENGELS in tekst
    assert ">INTERNAL: Households<" in tekst
    assert '<span lang="nl">INTERN: Gezinnen</span>' in tekst
    assert 'aria-label="For internal use only"' in tekst
    assert "INTERNAL: do not publish" in replace(engels, blokken=(FIGUUR,)).blokken[0].svg


def test_the_chapter_on_privacy_of_an_internal_report_has_its_english() -> None:
    rapport = SimpleNamespace(
        dossier={},
        vrijgave=SimpleNamespace(intern=True),
        plan=SimpleNamespace(proza={}, typed={}, vaste_getallen=()),
        tekst=lambda _: (),
    )
    (kader,) = [b for b in s11_privacy.blocks(rapport) if isinstance(b, Kader)]
    (vertaald,), nederlands = in_english((kader,))
    assert vertaald.titel == "Internal report"
    assert nederlands == frozenset()


# ---- public: no mark anywhere


@pytest.mark.parametrize("taal", ["nl", "en"])
def test_a_public_document_has_no_mark_anywhere(taal) -> None:
    doc = replace(openbaar(ALLES), taal=taal)
    assert "intern" not in render_html(doc).lower()
    bestand = docx.Document(io.BytesIO(render_docx(doc)))
    delen = [p.text for s in bestand.sections for k in (s.header, s.footer) for p in k.paragraphs]
    assert not any("intern" in t.lower() for t in (*delen, *(p.text for p in bestand.paragraphs)))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="geen pdftotext op deze machine")
def test_a_public_pdf_has_no_mark_anywhere(tmp_path) -> None:
    assert not any("intern" in blad.lower() for blad in paginas(render_pdf(openbaar(ALLES)), tmp_path))


# ---- notebooks


def toon(vrijgave: str, sleutel: str = "abc", **metadata: Any) -> Any:
    uitvoer = Output((tabel(),) if vrijgave != VAST else (Alinea((Tekst("vast"),)),), vrijgave)
    bundel = new_output("execute_result", data=uitvoer._repr_mimebundle_(), execution_count=1)
    return new_code_cell("toon()", id=sleutel, outputs=[bundel], execution_count=1, metadata=metadata)


def boek(*cellen: Any) -> nbformat.NotebookNode:
    return new_notebook(
        cells=[new_markdown_cell("# Titel"), *cellen], metadata={"tks": {"datum": "2026-11-01"}}
    )


def test_in_jupyterlab_the_output_says_it_in_both_forms() -> None:
    uit = Output((tabel(), FIGUUR), "intern-abc")
    bundel = uit._repr_mimebundle_()
    assert bundel["text/plain"].startswith(INSIDE_MARK)
    assert INSIDE_MARK in repr(uit)
    boom = pagina(bundel["text/html"])
    assert boom.find(".//p[@class='internband']").text_content() == INSIDE_MARK
    koppen = [e.text_content() for e in (*boom.iter("caption"), *boom.iter("figcaption"))]
    assert [k.startswith("INTERN: ") for k in koppen] == [True] * 3
    # What is sealed is the output itself: the mark follows from its release, wherever it is shown.
    assert bundel[MIME]["vrijgave"] == "intern-abc"
    for anders in ("v1", "r-intern"):
        open_ = Output((tabel(), FIGUUR), anders)._repr_mimebundle_()
        assert "INTERN" not in open_["text/html"] + open_["text/plain"]


def test_a_notebook_with_exact_output_becomes_a_marked_document() -> None:
    doc = document_from_notebook(boek(toon("intern-abc"), toon(VAST, "vast")))
    assert doc.intern
    assert tabellen_en_figuren(doc.blokken)[0].bijschrift.startswith("INTERN: ")


def test_a_table_that_the_researcher_typed_beside_exact_output_is_marked() -> None:
    eigen = new_markdown_cell("Tabel: Eigen tabel\n\n| a | b |\n|---|---|\n| x | y |")
    doc = document_from_notebook(boek(eigen, toon("intern-abc")))
    assert tabellen_en_figuren(doc.blokken)[0].bijschrift == "INTERN: Eigen tabel"


@pytest.mark.parametrize("metadata", [{}, {"tags": ["verborgen"]}], ids=["te zien", "verborgen"])
def test_public_and_exact_outputs_in_one_notebook_are_refused(metadata) -> None:
    gemengd = boek(toon("v1", "een"), toon("intern-abc", "twee", **metadata), toon("v2", "drie"))
    with pytest.raises(OnthullingsFout) as fout:
        document_from_notebook(gemengd)
    tekst = fout.value.tekst()
    assert "het notebook zet openbare en exacte cijfers bij elkaar" in tekst
    assert "exact: cel 3 (id twee)" in tekst
    assert "openbaar: cel 2 (id een), cel 4 (id drie)" in tekst
    assert "zonder intern=True" in fout.value.herstel


@pytest.mark.parametrize("formaat", all_formats())
def test_no_exporter_writes_a_mixed_notebook(formaat) -> None:
    with pytest.raises(OnthullingsFout, match="bij elkaar"):
        exporter(formaat)().from_notebook_node(boek(toon("v1", "a"), toon("intern-1", "b")))


@pytest.mark.parametrize(
    ("bronnen", "naam", "uitgang"),
    [
        ({"unique_key": "notitie"}, "intern-notitie", ".html"),
        ({"unique_key": "map/notitie"}, "map/intern-notitie", ".html"),
        ({"unique_key": "intern-notitie"}, "intern-notitie", ".html"),
        ({"metadata": {"name": "notitie"}}, None, ".intern.html"),
        ({"metadata": {"name": "intern-notitie"}}, None, ".html"),
    ],
)
def test_the_exported_file_is_named_as_exact(bronnen, naam, uitgang) -> None:
    inhoud, uit = exporter("html")().from_notebook_node(boek(toon("intern-abc")), bronnen)
    assert INSIDE_MARK.encode() in inhoud
    assert uit.get("unique_key") == naam
    assert uit["output_extension"] == uitgang


def test_the_exported_file_of_public_numbers_keeps_its_name() -> None:
    inhoud, uit = exporter("html")().from_notebook_node(boek(toon("v1")), {"unique_key": "notitie"})
    assert b"INTERN" not in inhoud
    assert (uit["unique_key"], uit["output_extension"]) == ("notitie", ".html")


@pytest.mark.traag
def test_the_command_of_jupyter_names_the_file_as_exact(tmp_path) -> None:
    pad = tmp_path / "notitie.ipynb"
    nbformat.write(boek(toon("intern-abc")), pad)
    code = "from nbconvert.nbconvertapp import main; main()"
    subprocess.run(
        [sys.executable, "-c", code, "--to", HTML_EXPORTER, str(pad)],
        check=True,
        capture_output=True,
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["intern-notitie.html", "notitie.ipynb"]


def test_the_example_drawing_is_not_marked_by_itself() -> None:
    """The tests above would otherwise find a mark that was there before."""
    assert "INTERN" not in SVG

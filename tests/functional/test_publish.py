"""The main job end to end on the built-in example, in three formats, and its manifest."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path

import docx
import lxml.html
import nbformat
import numpy as np
import pytest
from docx.oxml.ns import qn
from toegankelijk import aangevraagd, axe, via_libreoffice

from toekomstscenario_eval.data import example
from toekomstscenario_eval.document.formats import all_formats, check_formats
from toekomstscenario_eval.errors import ControleFout, GebruikFout, InvoerFout, OnthullingsFout, UitvoerFout
from toekomstscenario_eval.identity import INSIDE_MARK
from toekomstscenario_eval.making import publish
from toekomstscenario_eval.making import reproduce as reproduceren
from toekomstscenario_eval.provenance import trace as herleiden
from toekomstscenario_eval.provenance.manifest import numbers
from toekomstscenario_eval.report.report import all_sections

WORTEL = Path(__file__).parents[2]
VOORBEELD = WORTEL / "rapporten" / "voorbeeld"


@pytest.fixture(scope="module")
def verslag(tmp_path_factory):
    """The report on the built-in example, made once for this module."""
    uit = tmp_path_factory.mktemp("verslag")
    stappen: list[str] = []
    paden = publish.make_report(
        None,
        onderzoek=None,
        out=uit,
        formats=("html", "pdf", "docx"),
        policy="standaard",
        per="proeftuin",
        short=True,
        progress=stappen.append,
        archiving=True,
    )
    return uit, paden, stappen


@pytest.mark.traag
def test_files_and_progress(verslag):
    uit, paden, stappen = verslag
    naast = {"manifest.json", "vrijgave.json", "vrijgave.html", "verantwoording.zip"}
    openbaar = [p for p in paden if p.parent.name == "openbaar"]
    assert {p.name for p in openbaar} == {p.name for p in (uit / "openbaar").iterdir()}
    assert {"cellen.csv", "cellen.parquet", "plekken.csv", "recepten.json"} < {p.name for p in openbaar}
    paden = [p for p in paden if p not in openbaar]
    stammen = {p.stem for p in paden if p.name not in naast}
    assert len(stammen) == 13  # the whole, the short version and eleven sites
    assert {"verantwoording", "kort"} < stammen
    assert [p.name for p in paden[:3]] == ["verantwoording.html", "verantwoording.pdf", "verantwoording.docx"]
    assert {p.name for p in paden} == {f"{s}.{f}" for s in stammen for f in all_formats()} | naast
    assert sorted(p.name for p in uit.iterdir()) == sorted(["openbaar", *(p.name for p in paden)])
    assert stappen[0] == "Rekenkern starten"
    assert {"Hoofdstuk 14", "Bijlage"} <= set(stappen)
    assert stappen[-2] == "Schrijven als HTML, PDF, DOCX: 13 verslagen"
    assert stappen[-1] == "Archief schrijven"


@pytest.mark.traag
@pytest.mark.parametrize(("donker", "breed"), [(False, 1280), (True, 1280), (False, 500), (True, 500)])
def test_axe_finds_nothing_wrong_in_light_and_dark_wide_and_narrow(verslag, tmp_path, donker, breed):
    tekst = (verslag[0] / "verantwoording.html").read_text(encoding="utf-8")
    gevonden = axe(tekst, tmp_path, donker=donker, breed=breed)
    assert gevonden["fout"] == []


@pytest.mark.traag
def test_opening_the_report_asks_nothing_of_the_network(verslag, tmp_path):
    assert aangevraagd(verslag[0] / "verantwoording.html", tmp_path) == set()


def test_a_page_that_asks_the_network_is_caught(tmp_path):
    pad = tmp_path / "lek.html"
    pad.write_text('<!DOCTYPE html><img alt="" src="https://lek.invalid/x.png">', encoding="utf-8")
    assert aangevraagd(pad, tmp_path) == {"lek.invalid"}


@pytest.mark.traag
def test_short_version_has_two_pages(verslag):
    pikepdf = pytest.importorskip("pikepdf")
    with pikepdf.open(verslag[0] / "kort.pdf") as pdf:
        assert len(pdf.pages) == 2


@pytest.mark.traag
def test_reports_of_the_sites_show_only_what_was_released_with_the_whole(verslag):
    manifest = (verslag[0] / "manifest.json").read_text(encoding="utf-8")
    paden = sorted(verslag[0].glob("proeftuin-*.html"))
    assert len(paden) == 11
    for pad in (*paden, verslag[0] / "kort.html"):
        tekst = pad.read_text(encoding="utf-8")
        ids = {i.partition(".")[0] for i in re.findall(r'data-getal="([^"]+)"', tekst)}
        assert len(ids) > 10
        assert [i for i in ids if f'"{i}"' not in manifest] == []
        assert json.loads(manifest)["vrijgave"] in tekst


@pytest.mark.traag
def test_pdf_passes_the_checks_for_pdf_ua(verslag):
    pdfua = pytest.importorskip("pdfua")
    oordeel = pdfua.validate(str(verslag[0] / "verantwoording.pdf"))
    assert [(f.rule_id, f.message) for f in oordeel.findings] == []


def _geraamte(pad):
    """Return headings, tables with a header row, and text alternatives of a Word file."""
    bestand = docx.Document(str(pad))
    koppen = [p.text for p in bestand.paragraphs if re.fullmatch(r"(?i)heading \d", p.style.name)]
    tabellen = [
        (t.cell(0, 0).text, len(t.rows), t._tbl.find(".//" + qn("w:tblHeader")) is not None)
        for t in bestand.tables
    ]
    alt = [e.get("descr") for e in bestand.element.iter(qn("wp:docPr"))]
    return koppen, tabellen, alt


@pytest.mark.traag
def test_docx_keeps_headings_tables_and_alt_text_through_libreoffice(verslag, tmp_path):
    bron = verslag[0] / "verantwoording.docx"
    koppen, tabellen, alt = _geraamte(bron)
    assert len(koppen) > 40
    assert all(kop for _, _, kop in tabellen)
    assert all(alt)
    assert _geraamte(via_libreoffice(bron, tmp_path)) == (koppen, tabellen, alt)


@pytest.mark.traag
def test_html_has_fourteen_sections_and_asks_nothing_of_the_network(verslag):
    tekst = (verslag[0] / "verantwoording.html").read_text(encoding="utf-8")
    assert '<html lang="nl"' in tekst
    titels = [s.titel for s in all_sections().values()]
    assert [t.split()[0] for t in titels[1:15]] == [str(i) for i in range(1, 15)]
    assert titels[15:] == ["Bijlage: controlelijsten voor verslagen"]
    for titel in titels:
        assert f">{titel}</h2>" in tekst or titel in re.sub("<[^>]+>", "", tekst)
    assert not re.findall(r'(?:src|srcset|action)="https?:', tekst)
    assert "<script" not in tekst
    assert "@import" not in tekst
    assert "verslag.sectie" not in tekst  # code is hidden


@pytest.mark.traag
def test_no_public_file_has_the_mark_of_exact_numbers(verslag):
    tekst = {p: p.read_text(encoding="utf-8") for p in verslag[1] if p.suffix in (".html", ".json", ".csv")}
    assert len(tekst) > 15
    assert [
        p.name for p, t in tekst.items() if INSIDE_MARK in t or "INTERN: " in t or "internband" in t
    ] == []


@pytest.mark.traag
def test_what_the_researcher_did_not_write_is_marked(verslag):
    tekst = (verslag[0] / "verantwoording.html").read_text(encoding="utf-8")
    assert "Nog te schrijven: afwijkingen" in tekst
    assert "CONCEPT" in tekst


@pytest.mark.traag
def test_pdf_is_tagged_and_docx_has_headings_and_tables(verslag):
    pdf = (verslag[0] / "verantwoording.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in pdf
    assert b"pdfuaid" in pdf
    with zipfile.ZipFile(io.BytesIO((verslag[0] / "verantwoording.docx").read_bytes())) as z:
        xml = z.read("word/document.xml").decode()
    assert xml.count("<w:tblHeader") >= 10
    assert 'w:val="Heading1"' in xml or 'w:val="Kop1"' in xml
    assert "descr=" in xml


@pytest.mark.traag
def test_manifest_traces_every_number_in_the_html(verslag):
    manifest = json.loads((verslag[0] / "manifest.json").read_text(encoding="utf-8"))
    getallen = {g["getal_id"]: g for _, _, g in numbers(manifest)}
    tekst = (verslag[0] / "verantwoording.html").read_text(encoding="utf-8")
    getoond = [
        (e.get("data-getal"), " ".join(e.text_content().split()))
        for e in lxml.html.document_fromstring(tekst).xpath("//*[@data-getal]")
    ]
    # Every number that is shown, an interval or a count beside it too, is the number of the manifest.
    every = herleiden.by_id(manifest)
    for kenmerk, getal in getoond:
        r, rij, veld = herleiden.find(manifest, kenmerk, known=every)
        # The estimate of a test has its unit beside it in the table; a ratio has none.
        eenheid = (
            rij.get("eenheid", "") if "toets" in rij and not veld and rij["schatting"] is not None else ""
        )
        erbij = f" {eenheid}" if eenheid not in ("", "verhouding") else ""
        # A count may have its share beside it; both are of the same row.
        if beide := re.fullmatch(r"([\d.]+) \((.*%)\)", getal):
            assert int(beide[1].replace(".", "")) == rij["teller"], kenmerk
            getal = beide[2]
        # Beside a standardised difference stands how large it is called.
        getal = re.sub(r" \((klein|niet klein|onzeker)\)$", "", getal)
        assert herleiden.shown(r, rij, veld) + erbij == getal, kenmerk
    gebruikt = {kenmerk.split(".")[0] for kenmerk, _ in getoond if kenmerk.startswith("g")}
    assert len(gebruikt) > 200
    assert gebruikt <= set(getallen)
    assert not [g for g in gebruikt if getallen[g].get("onderdrukt")]
    # A hash of a file would change with any correction: there is one, keyed, of what was drawn from.
    assert not any(b["sha256"] for b in manifest["pakket"]["bestanden"])
    assert manifest["versies"]["duckdb"]
    assert manifest["nog_te_schrijven"] == ["afwijkingen"]
    verborgen = [g for g in getallen.values() if g.get("onderdrukt") and "maat" in g]
    assert verborgen
    assert all(g["schatting"] is None and g["teller"] is None and g["methode"] for g in verborgen)


@pytest.mark.traag
def test_every_number_in_the_results_can_be_traced_and_leads_to_its_card(verslag):
    tekst = (verslag[0] / "verantwoording.html").read_text(encoding="utf-8")
    bladzijde = lxml.html.document_fromstring(tekst)
    hoofdstuk = bladzijde.xpath("//h2[starts-with(., '7 Resultaten')]/following-sibling::*")
    eind = next(i for i, e in enumerate(hoofdstuk) if e.tag == "h2")
    cellen = [c for e in hoofdstuk[:eind] for c in e.xpath(".//td[contains(@class, 'rechts')]")]
    getallen = [
        c for c in cellen if re.search(r"\d", c.text_content()) and "onderdrukt" not in c.get("class")
    ]
    # The day of a point on a curve is no number from the data, and neither is how many regions there are.
    los = [
        c
        for c in getallen
        if not c.xpath("descendant-or-self::*[@data-getal]")
        and not c.xpath("ancestor::table/caption[contains(., 'voor wie het cijfer geldt')]")
    ]
    dagen = [c for c in los if c.xpath("ancestor::table//th[2][. = 'Dag']")]
    assert len(getallen) > 200
    assert los == dagen
    wijzers = bladzijde.xpath("//a[@class='getal']/@href")
    assert len(wijzers) > 200
    assert {w[1:] for w in wijzers} <= set(bladzijde.xpath("//tr/@id"))


@pytest.mark.traag
def test_the_archive_gives_the_same_numbers(verslag):
    """From nothing but the protected counts in it."""
    herhaling = reproduceren.repeat(verslag[0] / "verantwoording.zip", progress=lambda _: None)
    assert herhaling.vergelijking.differences == ()
    assert herhaling.vergelijking.anders == ()
    assert herhaling.vergelijking.gelijk > 900


@pytest.mark.traag
def test_headline_figures_agree_with_the_second_route(verslag):
    manifest = json.loads((verslag[0] / "manifest.json").read_text(encoding="utf-8"))
    certificaat = manifest["certificaat"]
    assert certificaat["klopt"]
    # Compared inside, on the exact figures: the size of a difference is told nowhere.
    assert certificaat["grootste_verschil"] is None
    assert {r["verschil"] for r in certificaat["regels"]} == {None}
    assert [r["oordeel"] for r in certificaat["regels"]] == ["komt uit"] * 9
    tekst = (verslag[0] / "verantwoording.html").read_text(encoding="utf-8")
    assert "Kerncijfers twee keer berekend" in tekst
    assert "de narekening komt niet uit" not in tekst


@pytest.mark.traag
def test_most_cells_of_the_example_can_be_shown(verslag):
    manifest = json.loads((verslag[0] / "manifest.json").read_text(encoding="utf-8"))
    per_soort = defaultdict(list)
    for r in manifest["resultaten"]:
        # Ties of persons are never shown: of networks half is not, with that reason.
        own = [g for g in r["getallen"] if "professionals zijn personen" not in g["methode"]]
        per_soort[r["soort"] == "netwerk"] += [g["onderdrukt"] for g in own]
    assert np.mean(per_soort[False]) < 0.06
    assert np.mean(per_soort[True]) < 0.25


@pytest.mark.traag
def test_rendered_example_in_the_repository_is_true(verslag):
    """The numbers of `rapporten/voorbeeld` are today's; renew them with `make voorbeeldrapport`."""
    nieuw = json.loads((verslag[0] / "manifest.json").read_text(encoding="utf-8"))
    oud = json.loads((VOORBEELD / "manifest.json").read_text(encoding="utf-8"))
    assert oud["pakket"]["bestanden"] == nieuw["pakket"]["bestanden"]
    assert [r["sleutel"] for r in oud["resultaten"]] == [r["sleutel"] for r in nieuw["resultaten"]]
    for a, b in zip(oud["resultaten"], nieuw["resultaten"], strict=True):
        for g, h in zip(a["getallen"], b["getallen"], strict=True):
            same(g, h)


def test_rendered_example_and_its_manifest_belong_together():
    manifest = json.loads((VOORBEELD / "manifest.json").read_text(encoding="utf-8"))
    pagina = (VOORBEELD / "verantwoording.html").read_text(encoding="utf-8")
    bekend = set(re.findall(r'"getal_id": "([^"]+)"', json.dumps(manifest)))
    getoond = {i.partition(".")[0] for i in re.findall(r'data-getal="([^"]+)"', pagina)}
    assert len(getoond) > 300
    assert getoond <= bekend
    assert f"<code>{manifest['vrijgave']}</code>" in pagina


def same(g: dict, h: dict) -> None:
    """Numbers agree to nine digits: other versions of the libraries may differ in the last ones."""
    assert g.keys() == h.keys()
    for sleutel, waarde in g.items():
        if isinstance(waarde, float) and h[sleutel] is not None:
            assert h[sleutel] == pytest.approx(waarde, rel=1e-9)
        else:
            assert h[sleutel] == waarde, sleutel


def test_a_failing_check_in_the_kernel_comes_out_as_that_error(tmp_path, voorbeeldpakket):
    import shutil

    kapot = tmp_path / "kapot"
    shutil.copytree(voorbeeldpakket, kapot)
    pad = kapot / "huishouden.csv"
    regels = pad.read_text(encoding="utf-8").splitlines()
    pad.write_text("\n".join([*regels, regels[1]]) + "\n", encoding="utf-8")
    uit = tmp_path / "uit"
    with pytest.raises(ControleFout) as fout:
        publish.make_report(
            kapot, onderzoek=None, out=uit, formats=("html",), policy="standaard", progress=lambda _: None
        )
    assert "sleutel" in fout.value.tekst()
    assert list(uit.iterdir()) == []


def test_an_unexpected_error_in_a_notebook_shows_no_value(tmp_path):
    nb = nbformat.v4.new_notebook()
    nb.cells = [nbformat.v4.new_code_cell("geheim = 'h-geheim-1'\nraise KeyError(geheim)")]
    pad = tmp_path / "n.ipynb"
    nbformat.write(nb, pad)
    with pytest.raises(UitvoerFout) as fout:
        publish.run_notebook(pad, parameters={}, metadata={}, progress=lambda _: None)
    assert fout.value.kreeg == "KeyError"
    assert fout.value.waar == "cel 1"
    assert "geheim" not in fout.value.tekst()


def test_a_notebook_that_prints_is_refused_with_the_cell(tmp_path):
    nb = nbformat.v4.new_notebook()
    nb.cells = [nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_code_cell("print('x')")]
    pad = tmp_path / "n.ipynb"
    nbformat.write(nb, pad)
    klaar = publish.run_notebook(pad, parameters={}, metadata={"titel": "t"}, progress=lambda _: None)
    with pytest.raises(OnthullingsFout) as fout:
        publish.export(klaar, "html")
    assert "cel 1" in fout.value.tekst()
    assert "cel 2" in fout.value.tekst()


def test_parameters_reach_the_cell_that_is_tagged(tmp_path):
    nb = nbformat.v4.new_notebook()
    cel = nbformat.v4.new_code_cell("getal = 1")
    cel.metadata["tags"] = ["parameters"]
    nb.cells = [cel, nbformat.v4.new_code_cell("assert getal == 5")]
    pad = tmp_path / "n.ipynb"
    nbformat.write(nb, pad)
    publish.run_notebook(pad, parameters={"getal": 5}, metadata={}, progress=lambda _: None)


def test_formats_are_checked_before_anything_runs():
    assert check_formats(["pdf", "html", "pdf"]) == ("pdf", "html")
    with pytest.raises(GebruikFout, match="Bedoelt u 'docx'"):
        check_formats(["docxx"])


def test_writing_is_all_or_nothing(tmp_path, monkeypatch):
    echt = Path.replace
    gezien: list[str] = []

    def kapot(self: Path, doel: Path) -> Path:
        gezien.append(self.name)
        if len(gezien) == 1:
            raise OSError
        return echt(self, doel)

    monkeypatch.setattr(Path, "replace", kapot)
    with pytest.raises(UitvoerFout, match="het schrijven is niet gelukt"):
        publish.write_together(tmp_path, {"a": b"1", "b": b"2"})
    assert list(tmp_path.iterdir()) == []


def test_missing_researchers_file(tmp_path, voorbeeldpakket):
    with pytest.raises(InvoerFout, match="het onderzoeksbestand is niet te lezen"):
        publish.make_report(
            voorbeeldpakket,
            onderzoek=tmp_path / "weg.yaml",
            out=tmp_path / "uit",
            formats=("html",),
            policy="standaard",
            progress=lambda _: None,
        )
    assert not (tmp_path / "uit").exists()


def test_example_package_is_made_once(monkeypatch, tmp_path):
    monkeypatch.setattr(example, "user_cache_path", lambda _: tmp_path)
    monkeypatch.setattr(example, "VOORBEELD_HUISHOUDENS", 30)
    een = example.example_package()
    tijd = (een / "datapackage.json").stat().st_mtime_ns
    assert example.example_package() == een
    assert (een / "datapackage.json").stat().st_mtime_ns == tijd
    assert [p.name for p in tmp_path.iterdir()] == [een.name]

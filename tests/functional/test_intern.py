"""Exact numbers stay in a folder and files of their own; nothing that publishes takes them."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from types import SimpleNamespace

import docx
import lxml.html
import networkx as nx
import pytest
from toegankelijk import axe
from typer.testing import CliRunner

import toekomstscenario_eval as tks
from toekomstscenario_eval import cli
from toekomstscenario_eval.cli import vergelijk
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout
from toekomstscenario_eval.identity import INSIDE_MARK, inside_name, is_inside
from toekomstscenario_eval.making import inside, publish
from toekomstscenario_eval.results import require_public
from toekomstscenario_eval.study import Study


@pytest.fixture(scope="module")
def pakket(tmp_path_factory) -> Path:
    """A package of 300 households, as small as a programme may be."""
    map_ = tmp_path_factory.mktemp("pakket") / "voorbeeld"
    make_example(map_, huishoudens=300, seed=11)
    return map_


@pytest.fixture(scope="module")
def binnen(pakket) -> Study:
    return Study.open(pakket, intern=True)


@pytest.fixture(scope="module")
def buiten(pakket) -> Study:
    return Study.open(pakket)


def maak(pakket: Path, uit: Path, **anders) -> list[Path]:
    keuzes = {"formats": ("html", "pdf", "docx"), "policy": "standaard", "onderzoek": None}
    return publish.make_report(pakket, out=uit, progress=lambda _: None, **{**keuzes, **anders})


@pytest.fixture(scope="module")
def verslagen(tmp_path_factory) -> tuple[Path, list[Path], list[Path]]:
    """A public report and one with exact numbers, asked for in the same folder, of a small package."""
    uit = tmp_path_factory.mktemp("verslagen")
    pakket = make_example(tmp_path_factory.mktemp("klein") / "p", huishoudens=21, seed=11)
    openbaar = maak(pakket, uit, formats=("html", "pdf"))
    return uit, openbaar, maak(pakket, uit, short=True, archiving=True, intern=True)


def opdracht(*delen: str):
    return CliRunner().invoke(cli.app, list(delen), catch_exceptions=True)


# ---- the files of a report


@pytest.mark.traag
def test_every_file_with_exact_numbers_is_in_its_folder_under_its_name(verslagen):
    uit, _, intern = verslagen
    stammen = ("verantwoording", "kort")
    verwacht = {f"intern-{s}.{f}" for s in stammen for f in ("html", "pdf", "docx")}
    verwacht |= {"intern-manifest.json", "intern-verantwoording.zip"}
    assert {p.name for p in intern} == verwacht
    assert {p.parent for p in intern} == {uit / "intern"}
    # Nothing else came of it: no record of a release, no open data, nothing half.
    assert {p.name for p in (uit / "intern").iterdir()} == verwacht
    manifest = json.loads((uit / "intern" / "intern-manifest.json").read_text(encoding="utf-8"))
    assert manifest["intern"] is True
    assert is_inside(manifest["vrijgave"])


@pytest.mark.traag
def test_a_public_report_beside_it_has_no_mark_anywhere(verslagen):
    uit, openbaar, _ = verslagen
    assert not any("intern" in p.relative_to(uit).as_posix() for p in openbaar)
    assert {"vrijgave.json", "vrijgave.html", "manifest.json"} <= {p.name for p in openbaar}
    assert json.loads((uit / "manifest.json").read_text(encoding="utf-8"))["intern"] is False
    for pad in openbaar:
        if pad.suffix in (".html", ".json", ".csv"):
            tekst = pad.read_text(encoding="utf-8")
            assert INSIDE_MARK not in tekst
            assert "INTERN" not in tekst
            assert "internband" not in tekst
    if shutil.which("pdftotext"):
        assert not any("INTERN" in blad for blad in bladen(uit / "verantwoording.pdf"))


def bladen(pad: Path) -> list[str]:
    uit = subprocess.run(["pdftotext", "-layout", str(pad), "-"], capture_output=True, check=True)
    return uit.stdout.decode().split("\f")[:-1]


@pytest.mark.traag
@pytest.mark.parametrize("stam", ["verantwoording", "kort"])
def test_every_page_table_and_figure_of_the_report_is_marked(verslagen, stam):
    map_ = verslagen[0] / "intern"
    boom = lxml.html.parse(str(map_ / f"intern-{stam}.html"), lxml.html.HTMLParser(encoding="utf-8"))
    koppen = [e.text_content().strip() for t in ("caption", "figcaption") for e in boom.iter(t)]
    assert koppen
    assert [k for k in koppen if not k.startswith("INTERN: ")] == []
    assert boom.find(".//body/aside").text_content() == INSIDE_MARK
    bestand = docx.Document(str(map_ / f"intern-{stam}.docx"))
    assert [s.header.paragraphs[0].text for s in bestand.sections] == [INSIDE_MARK] * len(bestand.sections)
    onder = [p.text for p in bestand.paragraphs if p.style.name.lower() == "caption"]
    assert [k for k in onder if not k.startswith("INTERN: ")] == []
    if shutil.which("pdftotext"):
        papier = bladen(map_ / f"intern-{stam}.pdf")
        assert papier
        assert all(INSIDE_MARK in blad and re.search(r"INTERN\s+·", blad) for blad in papier)


@pytest.mark.traag
def test_the_report_with_exact_numbers_passes_the_checks_for_access(verslagen, tmp_path):
    tekst = (verslagen[0] / "intern" / "intern-kort.html").read_text(encoding="utf-8")
    assert axe(tekst, tmp_path, donker=False, breed=1280)["fout"] == []
    pdfua = pytest.importorskip("pdfua")
    assert list(pdfua.validate(str(verslagen[0] / "intern" / "intern-verantwoording.pdf")).findings) == []


@pytest.mark.traag
def test_the_report_names_its_own_manifest(verslagen):
    tekst = (verslagen[0] / "intern" / "intern-verantwoording.html").read_text(encoding="utf-8")
    assert "een manifest (intern-manifest.json)" in tekst
    assert "een manifest (manifest.json)" in (verslagen[0] / "verantwoording.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.traag
def test_the_archive_holds_the_marked_report_and_no_open_data(verslagen):
    with zipfile.ZipFile(verslagen[0] / "intern" / "intern-verantwoording.zip") as archief:
        namen = archief.namelist()
        assert INSIDE_MARK in archief.read("verantwoording.html").decode()
    assert not any(n.startswith(("openbaar/", "vrijgave.", "gegevens/")) for n in namen)


@pytest.mark.traag
def test_a_number_is_traced_in_the_folder_and_says_what_it_is(verslagen):
    map_ = verslagen[0] / "intern"
    manifest = json.loads((map_ / "intern-manifest.json").read_text(encoding="utf-8"))
    getal = next(r for r in manifest["resultaten"] if r["getallen"])["getallen"][0]["getal_id"]
    uit = opdracht("herleid", getal, str(map_))
    assert uit.exit_code == 0
    assert uit.stdout.startswith(INSIDE_MARK)
    assert INSIDE_MARK not in opdracht("herleid", getal, str(verslagen[0])).stdout


@pytest.mark.traag
def test_a_public_report_is_not_compared_with_exact_numbers(verslagen):
    uit = opdracht("vergelijk", str(verslagen[0]), str(verslagen[0] / "intern"))
    assert isinstance(uit.exception, OnthullingsFout)
    assert "het verschil is de bescherming" in str(uit.exception)


# ---- folders and names


def test_exact_numbers_get_a_folder_of_their_own(tmp_path):
    assert inside.report_folder(tmp_path, intern=True) == tmp_path / "intern"
    assert inside.report_folder(tmp_path / "intern", intern=True) == tmp_path / "intern"
    assert inside.report_folder(tmp_path, intern=False) == tmp_path


@pytest.mark.parametrize("onder", ["openbaar", "openbaar/verslag", "openbaar/intern"])
def test_exact_numbers_never_come_among_open_data(tmp_path, onder):
    with pytest.raises(OnthullingsFout, match="nooit in een map 'openbaar'") as fout:
        maak(None, tmp_path / onder, intern=True)
    assert "--uit" in fout.value.herstel
    assert not (tmp_path / "openbaar").exists()


def test_public_numbers_never_come_among_exact_ones(tmp_path):
    with pytest.raises(OnthullingsFout, match="niet in de map 'intern'") as fout:
        maak(None, tmp_path / "intern", intern=False)
    assert "--uit" in fout.value.herstel
    assert not (tmp_path / "intern").exists()


@pytest.mark.parametrize("naam", ["openbaar/cellen.csv", "vrijgave.json", "vrijgave.html"])
def test_a_file_that_is_published_is_never_among_exact_numbers(naam):
    assert list(inside.named({"verantwoording.pdf": b""})) == ["intern-verantwoording.pdf"]
    with pytest.raises(OnthullingsFout, match="een openbaar bestand hoort bij een intern verslag"):
        inside.named({"verantwoording.pdf": b"", naam: b""})


@pytest.mark.parametrize("gevraagd", [True, False])
def test_a_report_with_other_numbers_than_asked_for_is_not_written(gevraagd):
    inside.require_mode(json.dumps({"intern": gevraagd}).encode(), intern=gevraagd)
    with pytest.raises(OnthullingsFout, match="andere cijfers dan gevraagd"):
        inside.require_mode(json.dumps({"intern": not gevraagd}).encode(), intern=gevraagd)


def test_a_name_says_it_once():
    assert inside_name("a.csv") == inside_name(inside_name("a.csv")) == "intern-a.csv"


# ---- notebooks


def test_outputs_in_a_notebook_carry_the_mark(binnen, buiten):
    uit, open_ = (tks.tabel(s.bereken("aandeel_duo"))._repr_mimebundle_() for s in (binnen, buiten))
    assert INSIDE_MARK in uit["text/html"]
    assert uit["text/plain"].startswith(INSIDE_MARK)
    assert "INTERN" not in open_["text/html"] + open_["text/plain"]


def test_a_figure_with_exact_numbers_is_marked_in_the_drawing(binnen):
    html = tks.figuur(binnen.bereken("duo_duur"))._repr_mimebundle_()["text/html"]
    boom = lxml.html.fromstring(html)
    assert boom.find(".//figcaption").text_content().startswith("INTERN: ")


def test_public_and_exact_results_are_never_one_release(binnen, buiten):
    with pytest.raises(GebruikFout, match="openbare en interne resultaten staan nooit bij elkaar"):
        binnen.bundel(binnen.bereken("aandeel_duo"), buiten.bereken("duo_duur"))


# ---- what publishes


def test_the_register_never_hears_of_exact_numbers(binnen, buiten):
    exact = binnen.bereken("aandeel_duo")
    assert binnen.shown(exact) == (exact,)
    voor = buiten.passage.register.head
    with pytest.raises(OnthullingsFout, match="exacte cijfers gaan nooit naar het register") as fout:
        buiten.shown(exact)
    assert "zonder --intern" in fout.value.herstel
    assert buiten.passage.register.head == voor


def test_what_publishes_asks_first(binnen, buiten):
    require_public(buiten.bundel(buiten.bereken("aandeel_duo")), goal="de open data")
    with pytest.raises(OnthullingsFout, match="exacte cijfers gaan nooit naar de open data"):
        require_public(binnen.bundel(binnen.bereken("aandeel_duo")), goal="de open data")


# ---- networks


def test_a_graph_of_exact_ties_is_marked(binnen, buiten):
    assert binnen.netwerk().graph["mark"] == INSIDE_MARK
    assert {g.graph["mark"] for g in binnen.netwerken("jaar").values()} == {INSIDE_MARK}
    assert "mark" not in buiten.netwerk().graph


def test_files_of_a_network_are_marked_as_a_whole_and_in_each_part(pakket, tmp_path):
    uit = opdracht("netwerk", str(pakket), "--intern", "--uit", str(tmp_path))
    assert uit.exit_code == 0
    assert INSIDE_MARK in uit.stdout
    bestanden = {p.suffix: p for p in tmp_path.iterdir()}
    assert all(p.name.startswith("intern-") for p in tmp_path.iterdir())
    assert set(bestanden) == {".graphml", ".gexf", ".csv"}
    graaf = nx.read_graphml(bestanden[".graphml"])
    assert graaf.graph["mark"] == INSIDE_MARK
    assert graaf.number_of_edges() > 0
    for delen in (graaf.nodes(data="mark"), graaf.edges(data="mark")):
        assert {deel[-1] for deel in delen} == {INSIDE_MARK}
    gexf = bestanden[".gexf"]
    (beschrijving,) = ET.parse(gexf).getroot().iter("{http://www.gexf.net/1.2draft}description")
    assert INSIDE_MARK in beschrijving.text
    assert {m for *_, m in nx.read_gexf(gexf).edges(data="mark")} == {INSIDE_MARK}
    for pad in tmp_path.glob("*.csv"):
        kop, *rijen = csv.reader(io.StringIO(pad.read_text(encoding="utf-8")))
        assert kop[-1] == "merk"
        assert {rij[-1] for rij in rijen} <= {INSIDE_MARK}


# ---- commands


def test_a_table_and_a_file_of_a_command_say_it(pakket, tmp_path):
    uit = opdracht("bereken", "aandeel_duo", str(pakket), "--intern", "--uit", str(tmp_path / "a.csv"))
    assert "\nINTERN: " in uit.stdout
    assert INSIDE_MARK in uit.stdout
    (pad,) = tmp_path.iterdir()
    rijen = list(csv.DictReader(io.StringIO(pad.read_text(encoding="utf-8"))))
    assert pad.name == "intern-a.csv"
    assert {r["merk"] for r in rijen} == {INSIDE_MARK}
    open_ = opdracht("bereken", "aandeel_duo", str(pakket), "--uit", str(tmp_path / "b.csv"))
    assert "INTERN" not in open_.stdout + (tmp_path / "b.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "delen",
    [("bereken", "aandeel_duo", "a.csv"), ("netwerk", "", ""), ("multiversum", "duo_duur", "a.svg")],
    ids=["bereken", "netwerk", "multiversum"],
)
def test_no_command_writes_exact_numbers_among_open_data(pakket, tmp_path, delen):
    naam, indicator, bestand = delen
    doel = tmp_path / "openbaar" / bestand
    uit = opdracht(naam, *filter(None, [indicator]), str(pakket), "--intern", "--uit", str(doel))
    assert isinstance(uit.exception, OnthullingsFout)
    assert not (tmp_path / "openbaar").exists()


def test_comparing_groups_says_it_at_each_table(pakket):
    uit = opdracht("toets", "duo_duur", str(pakket), "--intern").stdout
    assert uit.count("\nINTERN: ") >= 3


def test_the_figure_of_the_multiverse_is_marked_in_the_file(pakket, tmp_path):
    uit = opdracht("multiversum", "doorlooptijd", str(pakket), "--intern", "--uit", str(tmp_path / "m.svg"))
    assert INSIDE_MARK in uit.stdout
    (pad,) = tmp_path.iterdir()
    assert pad.name == "intern-m.svg"
    assert "INTERN: niet publiceren" in pad.read_text(encoding="utf-8")


@pytest.mark.parametrize("intern", [True, False])
def test_a_comparison_of_reports_is_marked_when_they_are_exact(tmp_path, capsys, intern):
    v = SimpleNamespace(
        differences=[
            SimpleNamespace(
                sleutel="duo", wat="w", soort="s", old="1", nieuw="2", cause="c, met komma", getal_id="g1"
            )
        ],
        anders=[],
        per_cause={"c": 1},
        gelijk=3,
    )
    with pytest.raises(vergelijk.typer.Exit):
        vergelijk.show(v, title="Vergelijking", out=tmp_path, exact=intern)
    gedrukt = capsys.readouterr().out
    voor = "intern-" if intern else ""
    assert {p.name for p in tmp_path.iterdir()} == {f"{voor}vergelijking.html", f"{voor}vergelijking.csv"}
    blad = (tmp_path / f"{voor}vergelijking.html").read_text(encoding="utf-8")
    kop, rij = csv.reader(io.StringIO((tmp_path / f"{voor}vergelijking.csv").read_text(encoding="utf-8")))
    assert [INSIDE_MARK in gedrukt, INSIDE_MARK in blad, "<h1>INTERN: " in blad, kop[-1] == "mark"] == [
        intern
    ] * 4
    assert len(kop) == len(rij)
    assert (rij[-1] == INSIDE_MARK) is intern

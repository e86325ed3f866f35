"""An addition is one file, as CONTRIBUTING.md shows it: dropped in, seen everywhere, and taken away."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from typer.testing import CliRunner

import toekomstscenario_eval as tks
from tests.vrijgave_bouw import delen
from toekomstscenario_eval import cli, designs
from toekomstscenario_eval.blocks import design_blocks as design_blocks_
from toekomstscenario_eval.blocks.derived import derived
from toekomstscenario_eval.blocks.design_blocks import design_blocks
from toekomstscenario_eval.blocks.over_time import over_time_blocks
from toekomstscenario_eval.blocks.release_page import release_html
from toekomstscenario_eval.cli import app, bereken, rapport
from toekomstscenario_eval.data import checks
from toekomstscenario_eval.data.checks import _runner
from toekomstscenario_eval.designs import _assumptions
from toekomstscenario_eval.designs._checked import all_checks
from toekomstscenario_eval.document import exporters, formats
from toekomstscenario_eval.document.document import Lijst, Output, Tabel, flat_text
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.making import parts, publish
from toekomstscenario_eval.protection import policy, record, rules, sizes
from toekomstscenario_eval.provenance import archive
from toekomstscenario_eval.report import report, sections
from toekomstscenario_eval.report.plan import Plan
from toekomstscenario_eval.report.report import Report
from toekomstscenario_eval.report.sections import s06_methoden
from toekomstscenario_eval.results import bundle
from toekomstscenario_eval.types import Kind

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "hooks"))

WORTEL = Path(__file__).parents[2]


# The recipes, by the file that each adds.
RECEPTEN = dict(
    re.findall(
        r'```python title="([\w/]+\.py)"\n(.*?)```',
        (WORTEL / "CONTRIBUTING.md").read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
)
GROEPEN = (("a", 30, 60), ("b", 45, 70), ("c", 50, 90), ("d", 60, 120))


@pytest.fixture
def vrijgave():
    """Shares of four sites."""
    return bundle([delen(*GROEPEN, per="proeftuin", naam="proef")])


def handboek():
    return importlib.import_module("blokken").BLOKKEN


def tekst(blokken) -> str:
    return json.dumps(Output(tuple(blokken), "v1").to_mime(), ensure_ascii=False)


def test_a_design_over_time_and_a_check_of_it(drop, voorbeeldpakket, capsys):
    bekend = [d.card.code for d in designs.over_time()]
    naam = "laatste_min_eerste"
    drop(designs, naam, RECEPTEN[f"designs/{naam}.py"], designs.all_designs)
    assert [d.card.code for d in designs.over_time()] == [*bekend, naam]
    drop(_assumptions, "genoeg_perioden", RECEPTEN["designs/_assumptions/genoeg_perioden.py"], all_checks)
    studie = tks.Study.open(voorbeeldpakket, intern=True)
    vrijgave = studie.bundel(studie.paneel("professionals_per_huishouden"))
    sleutel = vrijgave.resultaten[0].sleutel
    # The report and the notebook: a line in the table of designs, and a line in that of assumptions.
    gezien = tekst(over_time_blocks(vrijgave, sleutel, ontwerp=naam))
    assert "Laatste min eerste" in gezien
    assert "Genoeg perioden: past" in gezien
    # Manifest and trace.
    assert any(rij["soort"] == "Laatste min eerste" for rij in derived(vrijgave))
    # The command.
    app(["ontwerp", "toon", naam], standalone_mode=False)
    uit = capsys.readouterr().out
    assert "Hoeveel verschilt de laatste periode van de eerste?" in uit
    assert "genoeg_perioden: Zijn er genoeg perioden?" in uit


def test_a_design(drop, vrijgave, capsys):
    voor, bekend = list(derived(vrijgave)), list(designs.all_designs())
    drop(designs, "verste", RECEPTEN["designs/verste.py"], designs.all_designs)
    assert list(designs.all_designs()) == [*bekend, "verste"]
    # Manifest and trace.
    (rij,) = [r for r in derived(vrijgave) if r not in voor]
    assert (rij["soort"], rij["resultaat"], rij["regio_aantal"]) == ("hoogste min laagste", "proef", 4)
    assert rij["schatting"] == pytest.approx(45 / 70 - 30 / 60)
    # The report: a table with the card, the methods, and in English its text as it is.
    (tabel,) = [b for b in design_blocks(vrijgave, "proef", per="proeftuin") if isinstance(b, Tabel)]
    assert tabel.bijschrift == "Proefmaat: verste regio's, naar proeftuin of regio"
    assert [cel.getoond for cel in tabel.rijen[0][2:]] == ["14,3%", "geen", "4"]
    assert [cel.getal_id for cel in tabel.rijen[0][2:]] == [
        rij["getal_id"], "", f"{rij['getal_id']}.regio_aantal",
    ]  # fmt: skip
    assert tabel.noten[1] == "Aanname: Elke getoonde regio telt even zwaar."
    (methoden, *_) = s06_methoden.blocks(Report(vrijgave, Plan(), None))
    assert isinstance(methoden, Lijst)
    assert "Verste regio's: het hoogste" in tekst([methoden])
    assert tabel.noten[1] in in_english((tabel,))[1]
    # A command and the handbook.
    bereken.print_result(vrijgave, vrijgave.resultaten[0])
    assert "hoogste min laagste" in capsys.readouterr().out
    assert "Of het verschil iets betekent" in handboek()["vergelijkingen"]()


def test_a_format(drop):
    drop(
        formats,
        "txt",
        RECEPTEN["document/formats/txt.py"],
        formats.all_formats,
        exporters.exporter,
        opnieuw=(rapport,),
    )
    hulp = CliRunner().invoke(cli.make_app(), ["rapport", "--help"], env={"COLUMNS": "200"})
    assert "html, pdf, docx, txt; met komma's ertussen." in hulp.output
    assert formats.check_formats(["txt"]) == ("txt",)
    with pytest.raises(GebruikFout, match="Bedoelt u 'txt'"):
        formats.check_formats(["tx"])
    assert exporters.TxtExporter.export_from_notebook == "Verantwoording (tekst)"
    assert archive._file("verantwoording.txt", b"")["encodingFormat"] == "text/plain"
    assert "`verantwoording.txt`" in handboek()["formaten"]()
    nb = new_notebook(cells=[new_markdown_cell("# Titel\n\nEen zin.")])
    assert publish.export(nb, "txt") == b"Titel: 1 blokken"


def test_a_protection_rule(drop, vrijgave):
    plek = {"kind": Kind.AANDEEL, "per": "proeftuin_soort", "whole_n": 1800, "kinds_of_region": 2}
    assert sizes.refusal(place_n=901, policy=policy.load_policy(), **plek) == ""
    drop(rules, "hooguit", RECEPTEN["protection/rules/hooguit.py"], rules.all_rules)
    beleid = policy.load_policy()
    assert beleid.hooguit == 900
    # It refuses where it says, and nowhere else.
    assert sizes.refusal(place_n=901, policy=beleid, **plek) == "een plek heeft hooguit 900 huishoudens"
    assert sizes.refusal(place_n=900, policy=beleid, **plek) == ""
    # Record, page of the output checker, and handbook.
    dossier = record.record(vrijgave, beleid, {})
    assert dossier["beleid"]["regels"][-1] == {
        "naam": "hooguit",
        "waarde": 900,
        "uitleg": "huishoudens die een plek hooguit mag hebben",
        "bron": "een proef",
    }
    pagina = release_html({**dossier, "epoche": "2026-01-01"}, title="Proef")
    assert "Huishoudens die een plek hooguit mag hebben" in pagina
    assert "Huishoudens die een plek hooguit mag hebben" in handboek()["beleid"]()


def test_a_check(drop):
    drop(checks, "naam_letter", RECEPTEN["data/checks/naam_letter.py"], _runner.rules)
    assert "naam_letter" in _runner.rules()
    assert "De naam van een proeftuin is een letter" in handboek()["controles"]()


def test_a_chapter(drop, vrijgave):
    drop(sections, "s02b_proef", RECEPTEN["report/sections/s02b_proef.py"], report.all_sections)
    assert list(report.all_sections())[2:5] == ["opzet", "proef", "verloop"]
    kop, zin = report.section(Report(vrijgave, Plan(), None), "proef")
    assert (kop.tekst, flat_text(zin.inhoud)) == ("2b Een proef", "Dit hoofdstuk gaat over 1 resultaten.")
    nb = nbformat.read(WORTEL / "analyses" / "verantwoording.ipynb", as_version=4)
    voor = [cel.source for cel in nb.cells]
    parts.add_chapters(nb)
    na = [cel.source for cel in nb.cells]
    nbformat.validate(nb)
    i = na.index('verslag.sectie("proef")')
    assert na[i - 1] == 'verslag.sectie("opzet")'
    assert na[:i] + na[i + 1 :] == voor
    assert "2b Een proef" in handboek()["hoofdstukken"]()


def test_a_command(drop):
    drop(cli, "proefopdracht", RECEPTEN["cli/proefopdracht.py"])
    app = cli.make_app()
    assert "Zeg gedag." in CliRunner().invoke(app, ["--help"]).output
    assert CliRunner().invoke(app, ["proefopdracht"]).output == "gedag\n"


@pytest.mark.parametrize(
    ("kamer", "register"),
    [
        (designs, designs.all_designs),
        (formats, formats.all_formats),
        (rules, rules.all_rules),
        (checks, _runner.rules),
    ],
)
def test_what_was_dropped_is_gone(kamer, register):
    (map_,) = kamer.__path__
    assert set(register()) == {pad.stem for pad in Path(map_).glob("[a-z]*.py")}


def test_designs_that_show_something_of_their_own_exist():
    assert design_blocks_._OWN.keys() <= designs.all_designs().keys()

"""The sixth indicator of the handbook works as printed: from file to table, with no other edit."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import subprocess
import sys
from pathlib import Path

import lxml.html
import pandas as pd
import pytest
from typer.testing import CliRunner

from toekomstscenario_eval import cli, indicators
from toekomstscenario_eval.blocks.card import card_items
from toekomstscenario_eval.blocks.figure import figure
from toekomstscenario_eval.blocks.table import estimates_table
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.document import Definities, Document
from toekomstscenario_eval.document.english import in_english
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.study import Study
from toekomstscenario_eval.summaries import registry

WORTEL = Path(__file__).parents[2]
PAGINA = (WORTEL / "docs" / "indicator-toevoegen.md").read_text(encoding="utf-8")
((NAAM, CODE),) = re.findall(r'```python title="(\w+)\.py"\n(.*?)```', PAGINA, flags=re.DOTALL)


@pytest.fixture
def zesde(drop) -> registry.Indicator:
    """Put the printed file where indicators are found, and take it away again."""
    drop(indicators, NAAM, CODE, registry.all_indicators)
    return registry.find(NAAM)


@pytest.fixture(scope="module")
def pakket(tmp_path_factory) -> Path:
    return make_example(tmp_path_factory.mktemp("klein") / "pakket", huishoudens=500, seed=7)


def test_commands_know_it(zesde):
    lijst = CliRunner().invoke(cli.app, ["indicatoren"])
    assert f"{NAAM:32} {zesde.card.label}\n" in lijst.output
    kaart = CliRunner().invoke(cli.app, ["toon", NAAM])
    assert zesde.card.lezen in kaart.output


def test_passes_the_tests_of_every_indicator(zesde):
    spec = importlib.util.spec_from_file_location(
        "proef_zesde", WORTEL / "tests/functional/test_voorbeelden.py"
    )
    toetsen = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(toetsen)
    gedaan = []
    for naam, toets in inspect.getmembers(toetsen, inspect.isfunction):
        vraagt = list(inspect.signature(toets).parameters)
        if not naam.startswith("test_") or vraagt[:1] != ["ind"]:
            continue
        for vb in zesde.voorbeelden if "vb" in vraagt else (None,):
            toets(zesde, vb) if vb else toets(zesde)
            gedaan.append(naam)
    moet = {"test_worked_example", "test_row_order_does_not_matter", "test_every_choice_keeps_the_contract"}
    assert moet <= set(gedaan)


@pytest.mark.parametrize("intern", [False, True])
def test_computes_and_tables(zesde, pakket, intern):
    studie = Study.open(pakket, intern=intern)
    vrijgave = studie.bundel(studie.bereken(NAAM, per="proeftuin_soort"))
    tabel = estimates_table(vrijgave, NAAM, uitsplitsing="proeftuin_soort")
    assert tabel.kop[1] == "Aandeel met het gezin erbij"
    assert [rij[0].getoond for rij in tabel.rijen] == ["Proeftuin", "Vergelijkingsregio"]
    assert figure(vrijgave, NAAM, per="proeftuin_soort").svg.startswith("<svg")
    r = vrijgave.resultaat(NAAM)
    (geheel,) = r.schattingen[r.schattingen["uitsplitsing"].eq("")].to_dict("records")
    if not intern:
        # What it says of the whole has a figure, from counts of households with their noise.
        assert 0 < geheel["ondergrens"] < geheel["schatting"] < geheel["bovengrens"] < 1
        return

    overleg = pd.read_csv(pakket / "overleg.csv").merge(
        pd.read_csv(pakket / "huishouden.csv"), "left", "huishouden_id"
    )
    grens = studie.pakket.venster.eind.isoformat()
    gezien = overleg[
        (overleg["datum"] >= overleg["begin"].clip(lower=studie.pakket.venster.begin.isoformat()))
        & (overleg["datum"] < overleg["eind"].fillna(grens).clip(upper=grens))
    ].dropna(subset="gezin_aanwezig")
    assert (geheel["teller"], geheel["noemer"]) == (gezien["gezin_aanwezig"].sum(), len(gezien))
    assert 0 < geheel["teller"] < geheel["noemer"]


def test_shows_in_an_english_report_as_dutch_while_its_translation_is_not_there(zesde):
    blokken, nederlands = in_english((Definities(card_items(NAAM, zesde.card)),))
    assert zesde.card.vraag in nederlands
    pagina = render_html(Document("T", "", (), "", True, (), blokken, taal="en", nederlands=nederlands))
    boom = lxml.html.document_fromstring(pagina)
    assert zesde.card.lezen in boom.xpath("//*[@lang='nl']/text()")
    # What the software itself says around it is English.
    assert "Question" in boom.xpath("//dt//text()")


def test_gets_its_page_in_the_handbook(zesde, monkeypatch):
    monkeypatch.syspath_prepend(str(WORTEL / "docs" / "hooks"))
    bladen = importlib.import_module("indicatorbladen").bladen()
    assert f"# {zesde.card.label}" in bladen[f"indicatoren/{NAAM}.md"]
    assert f"[`{NAAM}`](../indicatoren/{NAAM}.md) gebruikt" in importlib.import_module("codeboek").tabel_blad(
        importlib.import_module("codeboek").load_schema().tabellen["overleg"]
    )


def test_printed_code_keeps_the_style_of_the_house(tmp_path):
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("ruff is niet geïnstalleerd")
    bestand = tmp_path / f"{NAAM}.py"
    bestand.write_text(CODE, encoding="utf-8")
    instelling = ["--no-cache", "--config", str(WORTEL / "pyproject.toml"), str(bestand)]
    for opdracht in (["check", *instelling], ["format", "--check", *instelling]):
        uit = subprocess.run(
            [sys.executable, "-m", "ruff", *opdracht], capture_output=True, text=True, check=False
        )
        assert uit.returncode == 0, uit.stdout + uit.stderr

"""The record of a release, its page, and the commands of the output checker."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from typer.testing import CliRunner
from vrijgave_bouw import BELEID, delen

from toekomstscenario_eval import cli
from toekomstscenario_eval.blocks.release_page import release_html
from toekomstscenario_eval.disclosure import record
from toekomstscenario_eval.disclosure.release import release
from toekomstscenario_eval.disclosure.thresholds import all_rules, looking_at
from toekomstscenario_eval.errors import GebruikFout, InvoerFout
from toekomstscenario_eval.types import Kind


@pytest.fixture
def map_(tmp_path):
    """The folder of a report with one hidden pair of groups and numbers in free text."""
    vrijgave = release([delen(("a", 4, 60), ("b", 30, 70), ("c", 50, 90), naam="proef")], policy=BELEID)
    dossier = {**record.record(vrijgave, {"opzet": 2}), "titel": "Proefpakket"}
    (tmp_path / record.FILE).write_text(json.dumps(dossier), encoding="utf-8")
    return tmp_path


def tks(*woorden: str) -> str:
    uit = CliRunner().invoke(cli.app, ["vrijgave", *woorden], catch_exceptions=False)
    assert uit.exit_code == 0
    return uit.output


def test_rules_are_named_for_every_kind_and_exist():
    for soort in Kind:
        assert looking_at(soort)[:2] == ("minimum_huishoudens", "minimum_breedte")
    assert {naam for soort in Kind for naam in looking_at(soort)} == set(all_rules())


def test_record_says_what_was_asked_hidden_and_attacked(map_):
    _, dossier = record.load(map_)
    (uitvoer,) = dossier["uitvoer"]
    assert (uitvoer["gevraagd"], uitvoer["onderdrukt"], uitvoer["uitkomst"]) == (4, 2, "deels getoond")
    assert dossier["aanval"]["te_goed_bekend_na_herstel"] == 0
    assert dossier["aanval"]["geheimen"] == 1
    assert dossier["vrije_tekst"] == [{"veld": "opzet", "getallen": 2}]
    assert all(regel["bron"] for regel in dossier["beleid"]["regels"])


def test_list_and_show(map_):
    lijst = tks("lijst", str(map_))
    assert "Gevraagd: 4 getallen in 1 resultaten. Onderdrukt: 2 (50%)." in lijst
    assert re.search(r"proef +aandeel +deels getoond +4 +2 +0 +0", lijst)
    toon = tks("toon", str(map_), "proef")
    assert "minimum_teller = 10" in toon
    assert "Uitzondering" not in toon


def test_exception_is_kept_and_changes_no_number(map_):
    voor = record.load(map_)[1]
    tks("uitzondering", str(map_), "proef", "--wie", "A. Controleur", "--waarom", "nagezien")
    na = record.load(map_)[1]
    (uitzondering,) = na.pop("uitzonderingen")
    assert na == {k: w for k, w in voor.items() if k != "uitzonderingen"}
    assert (uitzondering["wie"], uitzondering["waarom"]) == ("A. Controleur", "nagezien")
    assert date.fromisoformat(uitzondering["wanneer"])
    assert "A. Controleur" in tks("toon", str(map_), "proef")
    assert "A. Controleur" in (map_ / "vrijgave.html").read_text(encoding="utf-8")


def test_exception_needs_a_name_a_reason_and_an_output(map_):
    _, dossier = record.load(map_)
    dag = date(2026, 1, 1)
    with pytest.raises(GebruikFout, match="een naam en een reden"):
        record.with_exception(dossier, "proef", who=" ", why="x", when=dag)
    with pytest.raises(GebruikFout, match="zit niet in deze vrijgave") as fout:
        record.with_exception(dossier, "prof", who="a", why="x", when=dag)
    assert "Bedoelt u 'proef'?" in fout.value.herstel


def test_page_is_dutch_with_table_heads_and_asks_nothing_of_the_network(map_):
    pagina = release_html(record.load(map_)[1], title="Proefpakket")
    assert '<html lang="nl"' in pagina
    assert pagina.count("<th") > 10
    assert "<caption" in pagina
    assert not re.findall(r'(?:src|srcset|action|href)="https?:', pagina)
    assert "<script" not in pagina
    for kop in ("Uitvoer", "Aanval", "Vrije tekst", "Uitzonderingen", "Beleid"):
        assert kop in pagina


@pytest.mark.parametrize("inhoud", [None, "", "{}", '{"dossier": 9, "uitvoer": [], "uitzonderingen": []}'])
def test_record_that_cannot_be_read(tmp_path, inhoud):
    if inhoud is not None:
        (tmp_path / record.FILE).write_text(inhoud, encoding="utf-8")
    with pytest.raises(InvoerFout, match="niet leesbaar"):
        record.load(tmp_path)

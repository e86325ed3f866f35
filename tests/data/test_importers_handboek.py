"""The example in the handbook works as it is printed there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.one_source import load_mapping
from toekomstscenario_eval.data.checks import check
from toekomstscenario_eval.data.importers import mapping, package_info
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.data.package import open_package

DOCS = Path(__file__).parents[2] / "docs"
PAGINA = (DOCS / "eigen-gegevens.md").read_text(encoding="utf-8")


def blok(taal: str) -> str:
    (inhoud,) = re.findall(rf"```{taal}\n(.*?)```", PAGINA, flags=re.DOTALL)
    return inhoud


def test_the_printed_example_gives_the_printed_result(tmp_path):
    (tmp_path / "mapping.yaml").write_text(blok("yaml"), encoding="utf-8")
    (tmp_path / "export.csv").write_text(blok("csv"), encoding="utf-8")
    verslag = run_import(tmp_path / "mapping.yaml", tmp_path / "export.csv", tmp_path / "pakket")
    assert (tmp_path / "pakket" / "huishouden.csv").read_text(encoding="utf-8") == blok("resultaat")
    assert (verslag.gelezen, verslag.written["contact"]) == (4, 4)
    assert [f for f in check(open_package(tmp_path / "pakket")) if f.blokkeert] == []


@pytest.mark.parametrize(
    "woord",
    [
        *mapping.NOTATION,
        package_info.WHOLE_SOURCE,
        package_info.LAST_EVENT,
        mapping.FILLED,
        mapping.MIDDLE,
        mapping.BEGIN,
        mapping.END,
        mapping.PSEUDONYM,
        mapping.UNCHANGED,
    ],
)
def test_every_choice_of_the_mapping_is_in_the_handbook(woord):
    assert re.search(rf"\b{re.escape(woord)}\b", PAGINA)


def test_the_worked_mapping_is_valid():
    gelezen = load_mapping(DOCS / "voorbeelden" / "zaaklog_gemeenten.yaml")
    assert [t.naam for t in gelezen.tabellen] == [
        "proeftuin",
        "huishouden",
        "organisatie",
        "professional",
        "betrokkenheid",
    ]

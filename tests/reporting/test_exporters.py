from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from voorbeelddocument import tabel

from toekomstscenario_eval.document import exporters
from toekomstscenario_eval.document.document import Output
from toekomstscenario_eval.document.exporters import exporter
from toekomstscenario_eval.document.formats import all_formats
from toekomstscenario_eval.errors import OnthullingsFout

WORTEL = Path(__file__).parents[2]
BEGIN = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF", "docx": b"PK"}


def _boek(uitvoer: Any) -> nbformat.NotebookNode:
    cellen = [
        new_markdown_cell("# Titel"),
        new_code_cell("toon()", id="abc", outputs=[uitvoer], execution_count=1),
    ]
    return new_notebook(cells=cellen, metadata={"tks": {"datum": "2026-11-01"}})


def _vrijgegeven() -> Any:
    return new_output("execute_result", data=Output((tabel(),), "v1")._repr_mimebundle_(), execution_count=1)


GEHEIM = new_output("stream", text="geheim")


@pytest.mark.parametrize("formaat", all_formats())
def test_a_released_notebook_becomes_a_file(formaat: str) -> None:
    inhoud, bronnen = exporter(formaat)().from_notebook_node(_boek(_vrijgegeven()))
    assert inhoud.startswith(BEGIN[formaat])
    assert bronnen["output_extension"] == f".{formaat}"


@pytest.mark.parametrize("formaat", all_formats())
def test_a_notebook_with_raw_output_becomes_nothing(formaat: str) -> None:
    with pytest.raises(OnthullingsFout, match=r"cel 2 \(id abc\): een print"):
        exporter(formaat)().from_notebook_node(_boek(GEHEIM))


def test_code_is_not_in_the_page() -> None:
    inhoud, _ = exporter("html")().from_notebook_node(_boek(_vrijgegeven()))
    assert b"toon()" not in inhoud


def test_entry_points_name_the_exporter_of_every_format() -> None:
    ingangen = tomllib.loads((WORTEL / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "entry-points"
    ]
    klassen = {}
    for ingang, doel in ingangen["nbconvert.exporters"].items():
        module, _, naam = doel.partition(":")
        klassen[ingang] = getattr(import_module(module), naam)
    assert klassen == {f.card.entry: exporter(f.naam) for f in all_formats().values()}
    with pytest.raises(AttributeError, match="XlsxExporter"):
        exporters.XlsxExporter  # noqa: B018 - asked for by name, as nbconvert does


def _nbconvert(map_: Path, uitvoer: Any) -> subprocess.CompletedProcess[str]:
    nbformat.write(_boek(uitvoer), map_ / "notitie.ipynb")
    klasse = f"{exporters.__name__}.HtmlExporter"
    opdracht = [sys.executable, "-m", "nbconvert", "--to", klasse, "notitie.ipynb"]
    return subprocess.run(opdracht, cwd=map_, capture_output=True, text=True, check=False)


@pytest.mark.traag
def test_on_the_command_line_a_refusal_is_a_message_an_exit_code_and_no_file(tmp_path: Path) -> None:
    klaar = _nbconvert(tmp_path, GEHEIM)
    assert klaar.returncode == 5
    assert klaar.stderr.endswith(
        "Niet vrijgegeven: een cel van het notebook kan niet in een document\n"
        "  Waar: cel 2 (id abc): een print\n"
        "  Herstel: laat de cel een vrijgegeven tabel, figuur of zin tonen; zie het handboek\n"
    )
    assert "Traceback" not in klaar.stderr
    assert [pad.name for pad in tmp_path.iterdir()] == ["notitie.ipynb"]


@pytest.mark.traag
def test_on_the_command_line_a_released_notebook_becomes_a_file(tmp_path: Path) -> None:
    klaar = _nbconvert(tmp_path, _vrijgegeven())
    assert klaar.returncode == 0, klaar.stderr
    assert (tmp_path / "notitie.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

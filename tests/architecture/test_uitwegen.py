"""Every way out is listed: what writes or shows takes public results, or marks exact ones, and nothing else.

It stops accidents, not forgery: whoever has the data and means harm can go around any program.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from toekomstscenario_eval import blocks, cli, document, provenance, report
from toekomstscenario_eval.document import gate
from toekomstscenario_eval.errors import OnthullingsFout, TksFout
from toekomstscenario_eval.results import Release

PAKKET = Path(document.__file__).parents[1]
TONEN = (document, blocks, report, provenance)
# Parts of the house that read the data or make what leaves of them, and show nothing themselves.
BINNEN = {"data", "indicators", "summaries", "protection", "passage", "estimators", "designs", "results"}
# What of the package writes to a file, and what it may write: public or marked results, or invented data.
SCHRIJFT = {
    "making/publish.py": "het verslag, uit de exporter",
    "making/conductor.py": "manifest, dossier en open gegevens van het verslag",
    "cli/onderzoek.py": "een leeg onderzoeksbestand",
    "provenance/archive.py": "het verslag met zijn omgeving; gegevens alleen als daarom is gevraagd",
    "provenance/manifest.py": "het manifest van de vrijgave",
    "document/render_typst.py": "tussenbestanden in een eigen map",
    "document/pictures.py": "tussenbestanden in een eigen map",
}
_SCHRIJFNAMEN = {
    "write_text",
    "write_bytes",
    "to_csv",
    "to_parquet",
    "to_json",
    "to_excel",
    "to_pickle",
    "savefig",
}


def bestanden():
    for pad in sorted(PAKKET.rglob("*.py")):
        delen = pad.relative_to(PAKKET).parts
        if delen[0].removesuffix(".py") not in BINNEN and "meegeleverd" not in delen:
            yield pad


def aanroepen(pad: Path) -> set[str]:
    boom = ast.parse(pad.read_text(encoding="utf-8"))
    return {
        k.func.attr for k in ast.walk(boom) if isinstance(k, ast.Call) and isinstance(k.func, ast.Attribute)
    }


def test_nothing_else_writes_to_a_file():
    """A new way to write is noticed here, and must say what it writes."""
    gevonden = {
        str(pad.relative_to(PAKKET)) for pad in bestanden() if aanroepen(pad) & (_SCHRIJFNAMEN - {"to_csv"})
    }
    assert gevonden <= SCHRIJFT.keys()


def test_tables_are_written_from_a_release_only():
    """`to_csv` stands in commands, on what came out of `bundel`, or in a function that takes a release."""
    for pad in bestanden():
        tekst = pad.read_text(encoding="utf-8")
        if "to_csv" in aanroepen(pad):
            assert ".bundel(" in tekst or re.search(r"\b(vrijgave|release): Release\b", tekst), pad


def opdrachten():
    for info in pkgutil.iter_modules(cli.__path__):
        if not info.name.startswith("_"):
            yield info.name, (Path(cli.__path__[0]) / f"{info.name}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(("naam", "bron"), list(opdrachten()), ids=[n for n, _ in opdrachten()])
def test_commands_show_what_a_study_gave_and_mark_what_is_exact(naam, bron):
    if "Study.open" in bron:
        assert ".bundel(" in bron
        assert bron.index("Study.open") < bron.index(".bundel(")
    # Whoever asks for exact numbers reads that they stay inside.
    if "InsideOpt" in bron and "Study.open" in bron:
        assert "intern=intern" in bron
        assert "INSIDE_MARK" in bron.partition("def ")[2]
    # Results and packages have no other way to the screen.
    assert ".execute(" not in bron
    assert ".schattingen" not in bron or ".bundel(" in bron


def test_only_the_conductors_pass_the_waist():
    """What is behind the waist is public because only what leads up to it draws."""
    plekken = {
        pad.relative_to(PAKKET).as_posix()
        for pad in PAKKET.rglob("*.py")
        if aanroepen(pad) & {"protect", "commit"} and "meegeleverd" not in pad.parts
    }
    assert plekken == {"passage.py", "study.py", "study_public.py", "public_networks.py"}
    gemaakt = [
        pad.relative_to(PAKKET).as_posix()
        for pad in PAKKET.rglob("*.py")
        for k in ast.walk(ast.parse(pad.read_text(encoding="utf-8")))
        if isinstance(k, ast.Call) and isinstance(k.func, ast.Name) and k.func.id == "PublicSummary"
    ]
    # What was drawn there is read again from the open files, and must have the hash of its release.
    assert sorted(gemaakt) == ["protection/waist.py", "provenance/open_reading.py"]


def makers():
    """Every public function of the rooms that show, that takes a release as its first argument."""
    for info in (i for room in TONEN for i in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")):
        module = importlib.import_module(info.name)
        for naam, functie in inspect.getmembers(module, inspect.isfunction):
            if naam.startswith("_") or functie.__module__ != info.name:
                continue
            parameters = list(inspect.signature(functie).parameters.values())
            if parameters and parameters[0].name == "vrijgave" and "Release" in str(parameters[0].annotation):
                yield f"{info.name.rpartition('.')[2]}.{naam}", functie


MAKERS = dict(makers())


def test_there_are_makers_to_test():
    assert len(MAKERS) >= 6


@pytest.mark.parametrize("naam", list(MAKERS))
def test_what_shows_takes_nothing_but_a_release(naam):
    """A result, a frame and a dict are refused; none of them slips through as an empty output."""
    functie = MAKERS[naam]
    verplicht = [
        p
        for p in list(inspect.signature(functie).parameters.values())[1:]
        if p.default is inspect.Parameter.empty and p.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    los = ["x" for p in verplicht if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    naam_ = {p.name: "x" for p in verplicht if p.kind is inspect.Parameter.KEYWORD_ONLY}
    for iets in (object(), {"schattingen": [1]}, np.arange(3)):
        with pytest.raises((TksFout, AttributeError, TypeError)):
            _alles(functie(iets, *los, **naam_))


def _alles(uit):
    """Run a generator to its end."""
    return list(uit) if inspect.isgenerator(uit) else uit


def test_a_release_is_made_in_one_place():
    plekken = [
        str(pad.relative_to(PAKKET))
        for pad in PAKKET.rglob("*.py")
        for k in ast.walk(ast.parse(pad.read_text(encoding="utf-8")))
        if isinstance(k, ast.Call) and isinstance(k.func, ast.Name) and k.func.id == "Release"
    ]
    assert plekken == ["results.py"]
    assert Release.__module__ == "toekomstscenario_eval.results"


@pytest.mark.parametrize(
    "data",
    [
        {"text/plain": "   n\n0  3"},
        {"text/html": "<table><tr><td>3</td></tr></table>"},
        {"image/png": "aGFsbG8="},
        {"image/svg+xml": "<svg/>"},
        {"application/vnd.vegalite.v5+json": {"data": {"values": [{"n": 3}]}}},
        {"application/json": {"n": 3}},
        {"text/latex": "$3$"},
    ],
    ids=lambda d: next(iter(d)),
)
def test_notebook_with_raw_output_is_no_document(data):
    cel = new_code_cell("x", outputs=[new_output("display_data", data=data)], execution_count=1)
    with pytest.raises(OnthullingsFout):
        gate.document_from_notebook(nbformat.reads(nbformat.writes(new_notebook(cells=[cel])), as_version=4))


def test_exporters_read_notebooks_through_the_gate_only():
    bron = (PAKKET / "document" / "exporters.py").read_text(encoding="utf-8")
    assert "document_from_notebook" in bron
    klassen = [k for k in ast.walk(ast.parse(bron)) if isinstance(k, ast.FunctionDef)]
    van_notebook = [k for k in klassen if k.name == "from_notebook_node"]
    assert van_notebook
    assert all("document" in ast.unparse(k) for k in van_notebook)

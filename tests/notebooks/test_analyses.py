"""Every notebook in `analyses/`, found by directory: clean as stored, and run end to end."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from strip import strip

import toekomstscenario_eval as tks
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.document import Kop, Output
from toekomstscenario_eval.document.gate import document_from_notebook
from toekomstscenario_eval.errors import GebruikFout, OnthullingsFout, UitvoerFout
from toekomstscenario_eval.identity import BADGE
from toekomstscenario_eval.making.publish import export, run_notebook

MAP = Path(__file__).parents[2] / "analyses"
NOTEBOOKS = sorted(MAP.glob("*.ipynb"))
# Those on one question; the report itself puts its sections together out of Python.
VRAGEN = [pad for pad in NOTEBOOKS if "Study.open" in pad.read_text(encoding="utf-8")]
# Those on exact numbers: what they ask for is not public yet.
BINNEN = {"samenwerkingsnetwerken"}
elk_notebook = pytest.mark.parametrize("pad", NOTEBOOKS, ids=lambda p: p.stem)
elke_vraag = pytest.mark.parametrize("pad", VRAGEN, ids=lambda p: p.stem)


def lees(pad: Path) -> Any:
    return nbformat.read(pad, as_version=4)


def codecellen(nb: Any) -> list[Any]:
    return [cel for cel in nb.cells if cel.cell_type == "code"]


def labels(cel: Any) -> list[str]:
    return cel.metadata.get("tags", [])


def parameters(nb: Any) -> dict[str, Any]:
    """The parameters of a notebook with their defaults, as its tagged cell gives them."""
    (cel,) = [c for c in nb.cells if "parameters" in labels(c)]
    regels = ast.parse(cel.source).body
    return {regel.targets[0].id: ast.literal_eval(regel.value) for regel in regels}


def voer_uit(pad: Path, **params: Any) -> Any:
    return run_notebook(pad, parameters=params, metadata={}, progress=lambda _: None)


@pytest.fixture(scope="module")
def studies(voorbeeldpakket) -> dict[bool, tks.Study]:
    return {intern: tks.Study.open(voorbeeldpakket, intern=intern) for intern in (False, True)}


def test_there_is_a_notebook_for_every_question():
    assert {pad.stem for pad in VRAGEN} == {
        "duo_duur",
        "maakt_het_verschil",
        "aandeel_ots",
        "professionals_per_huishouden",
        "samenwerkingsnetwerken",
    }


@elk_notebook
def test_stored_notebook_is_valid_and_stripped(pad, tmp_path):
    nb = lees(pad)
    nbformat.validate(nb)
    for cel in codecellen(nb):
        assert cel.outputs == []
        assert cel.execution_count is None
    assert len({cel.id for cel in nb.cells}) == len(nb.cells)
    assert not strip(Path(shutil.copy(pad, tmp_path)))


@elke_vraag
def test_notebook_tells_the_whole_story(pad):
    nb = lees(pad)
    assert nb.cells[0].source.startswith("# ")
    code = "\n".join(cel.source for cel in codecellen(nb))
    # What is exact has no policy, and says in words that it stays inside.
    inside = "intern=True" in code
    assert inside == (pad.stem in BINNEN)
    assert parameters(nb) == {"pakket": None} | ({} if inside else {"beleid": "standaard"})
    tekst = "\n".join(cel.source for cel in nb.cells if cel.cell_type == "markdown")
    koppen = re.findall(r"^## (.*)$", tekst, re.MULTILINE)
    assert koppen == [
        "De vraag",
        "Zo gebruikt u dit notebook",
        "De definitie",
        "Rekenen",
        "De populatie",
        "Het beeld",
        "Lezen, en wat dit niet zegt",
        "Zelf proberen",
    ]
    assert ("**Dit notebook werkt binnen.**" in nb.cells[0].source) == inside
    assert "geef_vrij" not in nbformat.writes(nb)


@pytest.fixture
def passend(pad, voorbeeldpakket, tmp_path) -> Path:
    """The example; a small one for the report, of which `test_publish` runs the notebook on a large one."""
    return voorbeeldpakket if pad in VRAGEN else make_example(tmp_path / "p", huishoudens=21, seed=2026)


@pytest.mark.traag
@elk_notebook
def test_notebook_runs_passes_the_gate_and_renders(pad, passend):
    nb = voer_uit(pad, **(parameters(lees(pad)) | {"pakket": str(passend)}))
    document = document_from_notebook(nb)
    assert document.vrijgaven
    # Public or exact, never both in one document.
    assert {naam.startswith("intern") for naam in document.vrijgaven} == {pad.stem in BINNEN}
    assert any(isinstance(blok, Kop) for blok in document.blokken)
    html = export(nb, "html").decode()
    assert '<html lang="nl"' in html
    assert (BADGE in html) == (pad.stem in BINNEN)
    assert document.titel.replace("'", "&#39;") in html.replace("&#x27;", "&#39;").replace("'", "&#39;")
    assert str(passend) not in html
    assert "import toekomstscenario_eval" not in html


@pytest.mark.traag
@elke_vraag
def test_notebook_also_shows_only_sealed_output_when_much_is_hidden(pad, voorbeeldpakket):
    """In this process, cell by cell: under the strict policy, and with warnings as errors."""
    omgeving: dict[str, Any] = {}
    getoond = 0
    for cel in codecellen(lees(pad)):
        *rest, laatste = ast.parse(cel.source).body
        if "parameters" in labels(cel):
            omgeving |= {"pakket": str(voorbeeldpakket), "beleid": "streng"}
        elif isinstance(laatste, ast.Expr):
            exec(compile(ast.Module(rest, []), pad.name, "exec"), omgeving)
            waarde = eval(compile(ast.Expression(laatste.value), pad.name, "eval"), omgeving)
            assert isinstance(waarde, Output)
            getoond += 1
        else:
            exec(cel.source, omgeving)
    assert getoond >= 5


@elke_vraag
def test_suggestions_to_try_work(pad, studies):
    nb = lees(pad)
    (cel,) = [c for c in nb.cells if c.source.startswith("## Zelf proberen")]
    stukken = re.findall(r"```python\n(.*?)```", cel.source, re.DOTALL)
    assert len(re.findall(r"^### ", cel.source, re.MULTILINE)) in (2, 3)
    assert stukken
    for stuk in stukken:
        omgeving = {"tks": tks, "studie": studies[pad.stem in BINNEN]}
        exec(stuk, omgeving)
        assert len(omgeving) > 3  # besides the two and the built-ins: what the suggestion made


@pytest.fixture
def schrijf(tmp_path):
    """Write a notebook with these code cells below a title."""

    def maak(*cellen: Any) -> Path:
        kop = new_markdown_cell("# Titel", id="kop")
        pad = tmp_path / "eigen.ipynb"
        nbformat.write(new_notebook(cells=[kop, *cellen]), pad)
        return pad

    return maak


@pytest.mark.traag
def test_raw_output_is_refused_naming_every_cell(schrijf):
    nb = voer_uit(
        schrijf(
            new_code_cell("print('h1')", id="printen"),
            new_code_cell("import pandas as pd\npd.DataFrame({'a': [1]})", id="frame"),
            new_code_cell("import networkx as nx\nnx.Graph()", id="graaf"),
            # This tag lets a notebook run on, as a user may do by hand.
            new_code_cell("1 / 0", id="delen", metadata={"tags": ["raises-exception"]}),
            new_code_cell("x = 1", id="stil"),
        )
    )
    with pytest.raises(OnthullingsFout) as fout:
        document_from_notebook(nb)
    assert fout.value.waar.split("\n") == [
        "cel 2 (id printen): een print",
        "        cel 3 (id frame): een ruwe tabel of HTML",
        "        cel 4 (id graaf): ruwe tekst",
        "        cel 5 (id delen): een foutmelding (traceback)",
    ]
    with pytest.raises(OnthullingsFout, match="4 cellen"):
        export(nb, "html")


@pytest.mark.traag
def test_notebook_that_stops_is_refused_naming_the_cell_and_no_value(schrijf):
    with pytest.raises(UitvoerFout) as fout:
        voer_uit(schrijf(new_code_cell("geheim = 'h1'"), new_code_cell("raise ValueError(geheim)")))
    assert fout.value.waar == "cel 3"
    assert fout.value.kreeg == "ValueError"
    assert "h1" not in fout.value.tekst()


@pytest.mark.traag
def test_user_error_in_a_cell_keeps_its_own_message(schrijf):
    cel = "import toekomstscenario_eval as tks\ntks.kaart('duo_duurr')"
    with pytest.raises(GebruikFout, match="Bedoelt u 'duo_duur'"):
        voer_uit(schrijf(new_code_cell(cel)))

"""Reports beside the whole: which, under what name, and each through the gate by itself."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.making.parts import Part, cells, plan_parts, take_apart


def test_nothing_beside_the_whole_unless_asked(voorbeeldpakket):
    assert plan_parts(voorbeeldpakket, per="", short=False, title="T") == ()


def test_every_site_once_and_no_comparison_region(voorbeeldpakket):
    delen = plan_parts(voorbeeldpakket, per="proeftuin", short=True, title="T")
    assert [d.stem for d in delen][:3] == ["kort", "proeftuin-brinkerade", "proeftuin-duinhorst-noord"]
    assert len({d.stem for d in delen}) == len(delen) == 12
    assert delen[1].features == {"titel": "T: Brinkerade"}
    assert delen[1].bron == "verslag.proeftuin('Brinkerade')"


def test_an_unknown_breakdown_is_refused(voorbeeldpakket):
    with pytest.raises(GebruikFout, match="verslagen per 'regio' bestaan niet"):
        plan_parts(voorbeeldpakket, per="regio", short=False, title="T")


def test_cells_are_taken_apart_with_the_hidden_ones_in_each():
    delen = (Part("a", "toon('a')", "A", {"titel": "TA"}), Part("b", "toon('b')", "B", {"titel": "TB"}))
    nb = new_notebook(
        cells=[
            new_code_cell("verborgen()", id="v", metadata={"tags": ["verborgen"]}),
            new_code_cell("geheel()", id="g"),
            *cells(delen),
        ],
        metadata={"tks": {"titel": "T", "datum": "2026-01-01"}},
    )
    nbformat.validate(nb)
    uit = take_apart(nb, delen)
    assert {stam: [c.id for c in boek.cells] for stam, boek in uit.items()} == {
        "verantwoording": ["v", "g"],
        "a": ["v", "deel-1"],
        "b": ["v", "deel-2"],
    }
    assert uit["b"].metadata["tks"] == {"titel": "TB", "datum": "2026-01-01"}
    assert nb.metadata["tks"]["titel"] == "T"

"""Every kind of block, and the page of the checks, pass axe-core and the checks for PDF/UA."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from voorbeelddocument import BLOKKEN, document

from toekomstscenario_eval.blocks.checklist import check_html
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.document.render_typst import render_pdf
from toekomstscenario_eval.types import Ernst, Finding, Status

sys.path.append(str(Path(__file__).parents[1] / "functional"))
from toegankelijk import axe

_BEVINDINGEN = [
    Finding(
        "a", Status.GEFAALD, Ernst.FOUT, "Een fout", "huishouden", "begin", 3, (1, 2, 3), "datum", "vul in"
    ),
    Finding("b", Status.GEFAALD, Ernst.WAARSCHUWING, "Een waarschuwing", "persoon", "", 1, (9,)),
    Finding("c", Status.GESLAAGD, Ernst.FOUT, "Geslaagd"),
    Finding("d", Status.NVT, Ernst.FOUT, "Niet van toepassing", toelichting="tabel ontbreekt"),
]


@pytest.mark.traag
@pytest.mark.parametrize("donker", [False, True])
@pytest.mark.parametrize(
    "pagina",
    [lambda: render_html(document(BLOKKEN)), lambda: check_html("een pakket", _BEVINDINGEN)],
    ids=["alle blokken", "controle"],
)
def test_axe_finds_nothing_wrong(tmp_path, pagina, donker):
    assert axe(pagina(), tmp_path, donker=donker, breed=800)["fout"] == []


@pytest.mark.traag
def test_axe_would_find_a_missing_alternative_and_a_pale_text(tmp_path):
    kapot = render_html(document(BLOKKEN)).replace(
        "<main", '<p style="color:#ccc">bleek</p><img src="data:,"><main', 1
    )
    fout = {naam for naam, *_ in axe(kapot, tmp_path, donker=False, breed=800)["fout"]}
    assert {"image-alt", "color-contrast"} <= fout


def test_pdf_of_every_block_passes_the_checks_for_pdf_ua(tmp_path):
    pdfua = pytest.importorskip("pdfua")
    pad = tmp_path / "alles.pdf"
    pad.write_bytes(render_pdf(document(BLOKKEN)))
    assert [(f.rule_id, f.message) for f in pdfua.validate(str(pad)).findings] == []

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voorbeelddocument import BLOKKEN, SVG, document, tabel

from toekomstscenario_eval.document import render_typst
from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Code,
    Definities,
    Figuur,
    Getal,
    Kader,
    Kop,
    Lijst,
    Tabel,
    Tekst,
)
from toekomstscenario_eval.document.render_typst import (
    MAX_ROWS,
    fonts,
    render_pdf,
    split,
    svg_with_letter,
)
from toekomstscenario_eval.errors import UitvoerFout

# What a Dutch author types, and all that typst could take for markup.
_letters = st.sampled_from("aZé ïß€–’0%#$*_`\\<>@[](){}~\"'=+-/|&;:!?^.,…•≤≥×µ\u00ad\u200b")
_tekst = st.text(_letters, min_size=1, max_size=25).filter(str.strip)


def _lees(pdf: bytes, map_: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext ontbreekt")
    (map_ / "uit.pdf").write_bytes(pdf)
    opdracht = ["pdftotext", "-layout", str(map_ / "uit.pdf"), "-"]
    return subprocess.run(opdracht, capture_output=True, check=True, text=True).stdout


def test_pdf_claims_both_standards_and_is_tagged() -> None:
    pdf = render_pdf(document())
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"(nl-NL)" in pdf


def test_same_document_gives_the_same_bytes_and_another_date_does_not() -> None:
    assert render_pdf(document()) == render_pdf(document())
    assert render_pdf(document()) != render_pdf(document(datum="2026-11-02"))


def test_everything_is_in_it(tmp_path: Path) -> None:
    tekst = _lees(render_pdf(document()), tmp_path)
    for stuk in (
        "CONCEPT: nog niet volledig",
        "Verantwoording duo's",
        "A. Onderzoeker, B. Lid · 1 november 2026",
        "Vrijgave: v-2026-11",
        "pagina 1 van",
        "48,2%",
        "einde & <b>slot</b>.",
        "Let op: lees dit",
        "Nog te schrijven: Verloop",
        "1. opnieuw",
        "Duo: Twee teams samen.",
        "tks rapport",
        "niet getoond",
        "Bron: eigen levering.",
        "geen rijen",
        "Figuur 1. Verloop",
        "Gegevens bij figuur 1",
        "De gegevens bij deze figuur (21 rijen) staan in de HTML-versie van dit document.",
    ):
        assert stuk in tekst
    assert "Gegevens bij figuur 2" not in tekst
    assert "CONCEPT" not in _lees(render_pdf(document(concept=False)), tmp_path)


@settings(max_examples=25, deadline=None)
@given(_tekst, _tekst)
def test_no_text_is_taken_for_markup(een: str, twee: str) -> None:
    blokken: tuple[Block, ...] = (
        Kop(1, een),
        Alinea(
            (Tekst(een), Tekst(twee, "vet"), Tekst(twee, "cursief"), Tekst(een, "code"), Getal(twee, een))
        ),
        Lijst(((Tekst(een),), (Tekst(twee),)), genummerd=True),
        Definities(((een, (Tekst(twee),)),)),
        Code(een),
        Tabel(een, (een, twee), ((Cel(een), Cel(twee, rechts=True)),), (twee,)),
        Kader("ontbreekt", een, (Alinea((Tekst(twee),)),)),
        Figuur(een, twee, SVG),
    )
    assert render_pdf(document(blokken)).startswith(b"%PDF")


def test_markup_signs_come_out_as_they_went_in(tmp_path: Path) -> None:
    tekst = "#let x = [1] *a* _b_ $c$ `d` <e> @f \\ // g /* h */ = i - j + k -- l ~ m"
    assert tekst in _lees(render_pdf(document((Alinea((Tekst(tekst),)),))), tmp_path)


@pytest.mark.parametrize("teken", ["漢", "\U0001f9d1"])
def test_a_character_without_a_glyph_is_refused_by_name(teken: str) -> None:
    with pytest.raises(UitvoerFout) as fout:
        render_pdf(document((Alinea((Tekst(f"x{teken}"),)),)))
    assert str(fout.value) == (
        f"Uitvoer niet gelukt: het teken {teken} staat niet in het lettertype van het PDF-bestand\n"
        "  Herstel: vervang het teken; emoji en schriften als het Chinese kunnen niet in het PDF-bestand"
    )


def test_a_pdf_needs_a_date() -> None:
    with pytest.raises(UitvoerFout) as fout:
        render_pdf(document(datum=""))
    assert str(fout.value) == (
        "Uitvoer niet gelukt: een PDF-bestand heeft een datum nodig\n"
        "  Verwacht: een datum als JJJJ-MM-DD\n"
        "  Herstel: geef het document een datum; bij een notebook: 'datum' in de metadata 'tks'"
    )


def test_without_its_font_no_pdf_rather_than_one_without_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_typst, "fonts", lambda: ())
    with pytest.raises(UitvoerFout) as fout:
        render_pdf(document())
    assert fout.value.wat == "het PDF-bestand zou onvolledig zijn"
    assert "dejavu sans" in fout.value.kreeg


def test_another_refusal_of_typst_is_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sjabloon = tmp_path / "stuk.typ"
    sjabloon.write_text('#panic("stuk")', encoding="utf-8")
    monkeypatch.setattr(render_typst, "TEMPLATE", sjabloon)
    with pytest.raises(UitvoerFout) as fout:
        render_pdf(document())
    assert str(fout.value) == (
        "Uitvoer niet gelukt: het PDF-bestand kon niet worden gemaakt\n  Kreeg: panicked with: stuk"
    )


def test_fonts_travel_with_the_installation() -> None:
    assert {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"} <= {pad.name for pad in fonts()}


def test_a_long_table_becomes_several_that_together_hold_every_row() -> None:
    lang = tabel(2 * MAX_ROWS + 1)
    delen = split(lang)
    assert [len(deel.rijen) for deel in delen] == [MAX_ROWS, MAX_ROWS, 1]
    assert sum((deel.rijen for deel in delen), ()) == lang.rijen
    assert [deel.bijschrift for deel in delen] == [
        f"Tabel 1. Aandeel duo (deel {n} van 3)" for n in (1, 2, 3)
    ]
    assert [deel.noten for deel in delen] == [(), (), lang.noten]
    assert split(tabel(MAX_ROWS)) == (tabel(MAX_ROWS),)


def test_figure_text_is_set_in_our_font_and_shrinks_when_measured_for_another() -> None:
    assert 'font-family="DejaVu Sans" font-size="9.00px"' in svg_with_letter(SVG)
    eigen = SVG.replace("sans-serif", "DejaVu Sans, sans-serif")
    assert 'font-family="DejaVu Sans" font-size="10px"' in svg_with_letter(eigen)
    assert svg_with_letter('<text style="font-family: Arial; font-size: 20px"/>') == (
        '<text style="font-family: DejaVu Sans; font-size: 18.00px"/>'
    )


def test_template_gets_text_as_data_only() -> None:
    bestanden = render_typst._files(document())
    assert json.loads(bestanden["document.json"])["titel"] == "Verantwoording duo's"
    assert bestanden["document.typ"] == render_typst.TEMPLATE.read_bytes()
    assert sorted(bestanden) == ["document.json", "document.typ", "figuur-1.svg", "figuur-2.svg"]
    assert len(BLOKKEN) == len(json.loads(bestanden["document.json"])["blokken"])


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda naam: None)
    with pytest.raises(UitvoerFout) as fout:
        fonts.__wrapped__()
    assert str(fout.value) == (
        "Uitvoer niet gelukt: het lettertype voor het PDF-bestand ontbreekt\n"
        "  Verwacht: DejaVu Sans, meegeleverd met matplotlib\n"
        "  Herstel: installeer matplotlib"
    )

"""House style: read from one file, refused when unreadable, and visible in all three formats."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from voorbeelddocument import BLOKKEN, SVG, document

from toekomstscenario_eval.document.house_style import HouseStyle, contrast, load_style
from toekomstscenario_eval.document.render_docx import render_docx
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.document.render_typst import render_pdf
from toekomstscenario_eval.errors import InvoerFout

GOED = """kleur = "#0B5D3B"
kleur_donker = "#8fd6b4"
letter = "Fira Sans"
logo = "logo.svg"
logo_tekst = "Logo van de proef"
"""


@pytest.fixture
def schrijf(tmp_path):
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")

    def doe(tekst: str):
        pad = tmp_path / "huisstijl.toml"
        pad.write_text(tekst, encoding="utf-8")
        return pad

    return doe


def test_contrast_follows_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the known near miss
    assert contrast("#154273", "#154273") == 1


def test_without_a_file_the_default(schrijf):
    assert load_style(None) == load_style("") == load_style(schrijf("")) == HouseStyle()
    assert not HouseStyle().anders


def test_all_fields(schrijf):
    stijl = load_style(schrijf(GOED))
    assert (stijl.kleur, stijl.kleur_donker, stijl.letter) == ("#0b5d3b", "#8fd6b4", "Fira Sans")
    assert (stijl.logo_soort, stijl.logo_tekst) == ("svg", "Logo van de proef")
    assert stijl.logo_adres == "data:image/svg+xml;base64," + base64.b64encode(SVG.encode()).decode()


@pytest.mark.parametrize(
    ("tekst", "melding"),
    [
        ('kleurr = "#000000"', "Bedoelt u 'kleur'"),
        ('kleur = "blauw"', "'kleur' is geen kleur"),
        ('kleur = "#9cc7f5"', "'kleur' heeft te weinig contrast"),
        ('kleur_donker = "#154273"', "'kleur_donker' heeft te weinig contrast"),
        ("kleur = 3", "het veld 'kleur' is geen tekst"),
        ('letter = "x; } body"', "'letter' is geen naam"),
        ('letterbestanden = ["weg.ttf"]', "bij 'letterbestanden' ontbreekt 'letter'"),
        ('letter = "A"\nletterbestanden = ["weg.ttf"]', "het bestand 'weg.ttf' bestaat niet"),
        ('logo = "logo.svg"', "bij het logo ontbreekt 'logo_tekst'"),
        ('logo = "weg.svg"\nlogo_tekst = "x"', "het bestand 'weg.svg' bestaat niet"),
        ('logo = "huisstijl.toml"\nlogo_tekst = "x"', "het logo bevat iets anders dan leesbare XML"),
        ("kleur = ", "geen geldig TOML-bestand"),
    ],
)
def test_what_cannot_be_read_is_refused(schrijf, tekst, melding):
    with pytest.raises(InvoerFout) as fout:
        load_style(schrijf(tekst))
    assert melding in fout.value.tekst()


def test_the_style_is_in_every_format(schrijf):
    mooi = replace(document(BLOKKEN), stijl=load_style(schrijf(GOED)))
    pagina = render_html(mooi)
    assert "--accent: #0b5d3b" in pagina
    assert "--accent: #8fd6b4" in pagina
    assert 'font-family: "Fira Sans"' in pagina
    assert 'alt="Logo van de proef"' in pagina
    bestand = docx.Document(io.BytesIO(render_docx(mooi)))
    assert str(bestand.styles["Title"].font.color.rgb) == "0B5D3B"
    assert bestand.styles.element.xml.count("Fira Sans") > 1
    assert next(bestand.element.iter(qn("wp:docPr"))).get("descr") == "Logo van de proef"
    assert render_pdf(mooi) != render_pdf(document(BLOKKEN))


def test_the_default_style_changes_nothing():
    assert render_html(document(BLOKKEN)).count("<style>") == 1

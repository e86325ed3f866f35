"""A report in English: the software's words are translated, the rest stays Dutch and says so."""

from __future__ import annotations

import ast
import inspect
import io
import itertools
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import docx
import lxml.html
import pytest
from docx.oxml.ns import qn
from voorbeelddocument import document

from toekomstscenario_eval.blocks.count_words import BOUNDED, words
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.document import english
from toekomstscenario_eval.document.document import Alinea, Cel, Getal, Kop, Tabel, Tekst
from toekomstscenario_eval.document.english import in_english, translate
from toekomstscenario_eval.document.render_docx import render_docx
from toekomstscenario_eval.document.render_html import render_html
from toekomstscenario_eval.document.render_typst import render_pdf
from toekomstscenario_eval.estimators.networks import network_cards
from toekomstscenario_eval.protection import risk, sizes, standings, waist
from toekomstscenario_eval.protection.policy import load_policy, policies
from toekomstscenario_eval.protection.rules import CROSSING, all_rules
from toekomstscenario_eval.report import short
from toekomstscenario_eval.report.plan import STAPPEN
from toekomstscenario_eval.report.report import all_sections
from toekomstscenario_eval.report.sections.s00_samenvatting import NOT
from toekomstscenario_eval.summaries import registry
from toekomstscenario_eval.types import NUL, SITE, SITE_KIND, WEINIG, Kind

BLOKKEN = (
    Kop(1, "Samenvatting"),
    Alinea(
        (
            Tekst("Aandeel met een duo: "),
            Getal("37,8%", "g1"),
            Tekst(" (95%-interval "),
            Getal("1.036,9 – 1.038,6", "g2"),
        )
    ),
    Alinea((Tekst("Wat de onderzoeker zelf schreef, over 2 zaken."),)),
    Tabel(
        "Gemiddeld aantal professionals (professionals per huishouden), per soort regio",
        ("Soort regio", "Huishoudens"),
        (
            (Cel("Vergelijkingsregio"), Cel("12.000", rechts=True)),
            (Cel("Proeftuin"), Cel("", onderdrukt=True)),
        ),
    ),
)


@pytest.fixture
def engels():
    blokken, nederlands = in_english(BLOKKEN)
    return replace(document(blokken), taal="en", nederlands=nederlands)


@pytest.mark.parametrize(
    ("nederlands", "engels"),
    [
        ("Samenvatting", "Summary"),
        ("12.000", "12,000"),
        ("37,8%", "37.8%"),
        ("1 januari 2024 tot en met 29 juni 2026", "1 January 2024 to 29 June 2026"),
        (" dagen (", " days ("),
        ("Aandeel met een OTS (kinderen): ", "Share under an OTS (children): "),
        (
            "Aandeel met een OTS (kinderen) (aandeel van de kinderen)",
            "Share under an OTS (children) (share of children)",
        ),
        (
            "Duur van het duo: Mediane duur van een duo (dagen)",
            "Duration of the duo: Median duration of a duo (days)",
        ),
        ("Dit staat er niet in", None),
        ("Dit staat er niet in (dagen)", None),
    ],
)
def test_text_is_found_by_parts_or_not_at_all(nederlands, engels):
    assert translate(nederlands) == engels


def test_every_heading_and_standing_sentence_of_the_summary_has_its_english():
    modules = [inspect.getmodule(deel.blokken) for deel in all_sections().values()]
    teksten = [deel.titel for deel in all_sections().values()] + [
        *NOT,
        *(stap.capitalize() for stap in STAPPEN),
    ]
    for module in (*modules, short):
        boom = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        teksten += [
            knoop.args[1].value
            for knoop in ast.walk(boom)
            if isinstance(knoop, ast.Call)
            and getattr(knoop.func, "id", "") == "Kop"
            and isinstance(knoop.args[1], ast.Constant)
        ]
    assert len(teksten) > 40
    assert [tekst for tekst in teksten if translate(tekst) is None] == []


@pytest.mark.parametrize(("weergave", "of"), [*((w, True) for w in BOUNDED), (WEINIG, False), (NUL, False)])
def test_a_count_between_two_bounds_reads_in_english(weergave, of):
    nederlands = words({"weergave": weergave, "n": 475.0}, least=10, of=of)
    engels = translate(nederlands)
    assert engels is not None
    assert engels != nederlands
    assert re.findall(r"\d+", engels) == re.findall(r"\d+", nederlands)


def test_html_is_english_and_marks_what_stayed_dutch(engels):
    boom = lxml.html.document_fromstring(render_html(engels))
    assert boom.get("lang") == "en"
    assert boom.xpath("//h2/text()") == ["Summary"]
    assert boom.xpath("//p//span[@lang='nl']/text()") == ["Wat de onderzoeker zelf schreef, over 2 zaken."]
    assert boom.xpath("//caption/text()") == [
        "Mean number of professionals (professionals per household), by kind of region"
    ]
    assert boom.xpath("//tbody//th/text()") == ["Comparison region", "Pilot site"]
    assert boom.xpath("//tbody//td/text()") == ["12,000", "not shown"]
    assert "Skip to the text" in boom.text_content()


def test_docx_and_pdf_are_english_too(engels):
    bestand = docx.Document(io.BytesIO(render_docx(engels)))
    assert bestand.core_properties.language == "en-GB"
    (merk,) = bestand.element.body.iter(qn("w:lang"))
    assert merk.get(qn("w:val")) == "nl-NL"
    (alinea,) = [p for p in bestand.paragraphs if merk in p._p.iter()]
    assert alinea.text == "Wat de onderzoeker zelf schreef, over 2 zaken."
    assert "Contents" in [p.text for p in bestand.paragraphs]
    assert b"/Lang" in render_pdf(engels)


def test_a_dutch_document_is_left_alone():
    pagina = render_html(document(BLOKKEN))
    assert 'lang="nl">' in pagina
    assert "Samenvatting" in pagina
    assert '<span lang="nl">' not in pagina


def _card_texts():
    """Return every text of a card and of a code list, with where it stands."""
    kaarten = {naam: wat.card for naam, wat in registry.all_indicators().items()}
    kaarten |= {
        "netwerk": network_cards.NETWERK,
        "per jaar": network_cards.TIME,
        "vergelijking": network_cards.VERGELIJKING,
    }
    kaarten |= {"overleg": network_cards.OVERLEG}
    velden = ("label", "vraag", "populatie", "teller", "noemer", "eenheid", "venster", "censurering")
    velden += ("uitsluitingen", "lezen", "thema")
    for naam, kaart in kaarten.items():
        yield from ((f"{naam}.{veld}", getattr(kaart, veld)) for veld in velden)
        yield from ((f"{naam}.maat", tekst) for m in kaart.maten.values() for tekst in (m.label, m.eenheid))
        yield from ((f"{naam}.param", p.uitleg) for p in kaart.params.values())
        yield from ((f"{naam}.einde", tekst) for tekst in kaart.oorzaken.values())
    for naam, lijst in load_schema().codelists.items():
        yield from ((f"code {naam}", label) for label in lijst.labels.values())


def test_every_definition_has_its_english():
    zonder = {waar: tekst for waar, tekst in _card_texts() if tekst and translate(tekst) is None}
    assert not zonder


def _protection_texts():
    """Return what the rules of every policy say in a report, and why something is not shown."""
    for policy in map(load_policy, policies()):
        yield f"{policy.titel}. {policy.bron}."
        yield from policy.bronnen.values()
        for kind, per, n, whole in itertools.product(
            Kind,
            ("", SITE, SITE_KIND, f"{SITE}{CROSSING}gezinsprofiel", "iets"),
            (5, 25, 2000),
            (20, 50, 2000),
        ):
            where = {"kind": kind, "per": per, "place_n": n, "whole_n": whole, "kinds_of_region": 2}
            yield sizes.refusal(policy=policy, **where)
    for rule in all_rules().values():
        yield rule.card.uitleg[:1].upper() + rule.card.uitleg[1:]
    yield from (standings._LATER, waist._MOVED, waist._FEW.format(10), waist._ALIKE.format(10), risk.GUESSED)


def test_every_rule_its_source_and_every_reason_has_its_english():
    texts = {text for text in _protection_texts() if text}
    assert len(texts) > 40
    assert sorted(text for text in texts if translate(text) is None) == []


def test_catalogues_do_not_contradict_each_other():
    alle = [tomllib.loads(pad.read_text(encoding="utf-8"))["teksten"] for pad in english.FILES]
    assert [
        sorted(een.keys() & twee.keys())
        for een, twee in itertools.combinations(alle, 2)
        if een.keys() & twee.keys()
    ] == []
    assert all(k.count("{}") == v.count("{}") for teksten in alle for k, v in teksten.items())

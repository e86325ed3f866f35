from __future__ import annotations

import base64
import re
from itertools import pairwise
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voorbeelddocument import BLOKKEN, FIGUUR, SVG, document, tabel

from toekomstscenario_eval.document.document import (
    Alinea,
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
    Verwijzing,
)
from toekomstscenario_eval.document.html_fragment import fragment_html
from toekomstscenario_eval.document.render_html import render_html


@pytest.fixture(scope="module")
def bladzijde() -> Any:
    return lxml.html.document_fromstring(render_html(document()))


def _fragment(*blokken: Any) -> Any:
    return lxml.html.fragment_fromstring(fragment_html(blokken))


def test_page_is_dutch_has_one_title_and_its_landmarks(bladzijde: Any) -> None:
    assert bladzijde.get("lang") == "nl"
    assert bladzijde.findtext(".//title") == "Concept: Verantwoording duo's"
    assert [kop.text for kop in bladzijde.findall(".//h1")] == ["Verantwoording duo's"]
    for landmark in ("header", "nav", "main", "footer"):
        assert len(bladzijde.findall(f".//{landmark}")) == 1
    assert bladzijde.find(".//a[@class='sprong']").get("href") == "#_hoofd"
    assert bladzijde.find(".//main").get("id") == "_hoofd"


def test_page_asks_nothing_of_the_network_and_runs_nothing(bladzijde: Any) -> None:
    assert not bladzijde.xpath("//script|//link|//iframe|//object|//@onclick")
    assert all(bron.startswith("data:image/svg+xml;base64,") for bron in bladzijde.xpath("//@src"))
    stijl = "".join(bladzijde.xpath("//style/text()"))
    assert "url(" not in stijl
    assert "@import" not in stijl
    assert bladzijde.xpath("//meta[@http-equiv]/@content") == [
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    ]


def test_headings_follow_each_other_and_contents_lead_to_them(bladzijde: Any) -> None:
    koppen = bladzijde.xpath("//h1|//h2|//h3|//h4|//h5|//h6")
    niveaus = [int(kop.tag[1]) for kop in koppen]
    assert niveaus == [1, 2, 2, 3]
    assert all(na <= voor + 1 for voor, na in pairwise(niveaus))
    ingangen = bladzijde.xpath("//nav//a")
    assert [(a.text, a.get("href")) for a in ingangen] == [
        ("1 Vraag", "#1-vraag"),
        ("2 Gegevens", "#2-gegevens"),
        ("Bronnen", "#bronnen"),
    ]
    namen = bladzijde.xpath("//@id")
    assert len(namen) == len(set(namen))
    assert {a.get("href")[1:] for a in ingangen} <= set(namen)


def test_contents_stop_at_level_two_and_disappear_without_headings() -> None:
    diep = lxml.html.document_fromstring(
        render_html(document((Kop(1, "a"), Kop(2, "b"), Kop(3, "c"), Kop(4, "d"))))
    )
    assert diep.xpath("//nav//a/text()") == ["a", "b"]
    assert diep.xpath("//h5/text()") == ["d"]
    zonder = lxml.html.document_fromstring(render_html(document((Code("x"),))))
    assert not zonder.xpath("//nav")


def test_table_has_caption_headers_and_a_focusable_region() -> None:
    deel = _fragment(tabel())
    assert deel.findtext(".//caption") == "Tabel 1. Aandeel duo"
    vak = deel.find(".//div[@role='group']")
    assert (vak.get("tabindex"), vak.get("aria-label")) == ("0", "Tabel: Tabel 1. Aandeel duo")
    assert [(th.text, th.get("scope"), th.get("class")) for th in deel.findall(".//thead/tr/th")] == [
        ("Regio", "col", None),
        ("Aandeel", "col", "rechts"),
    ]
    assert [(th.text, th.get("scope")) for th in deel.findall(".//tbody/tr/th")] == [
        ("Regio 1", "row"),
        ("Regio 2", "row"),
    ]
    assert [(td.text, td.get("class"), td.get("data-getal")) for td in deel.findall(".//tbody/tr/td")] == [
        ("1,5%", "rechts", "r.1"),
        ("niet getoond", "rechts onderdrukt", "r.2"),
    ]
    assert [p.text for p in deel.findall(".//p[@class='noot']")] == ["Bron: eigen levering."]


def test_table_without_row_headers_and_table_without_rows() -> None:
    deel = _fragment(Tabel("t", ("a",), ((Cel("x"),),), rijkop=False))
    assert not deel.findall(".//tbody/tr/th")
    leeg = _fragment(Tabel("t", ("a", "b"), ()))
    assert [(td.text, td.get("colspan")) for td in leeg.findall(".//td")] == [("geen rijen", "2")]


def test_figure_is_an_image_with_alt_text_and_its_data_behind_it() -> None:
    deel = _fragment(FIGUUR)
    beeld = deel.find(".//figure/img")
    assert beeld.get("alt") == "Een staaf die naar rechts loopt."
    assert base64.b64decode(beeld.get("src").partition(",")[2]).decode() == SVG
    assert deel.findtext(".//figcaption") == "Figuur 1. Verloop"
    assert deel.findtext(".//details//caption") == "Gegevens bij figuur 1"
    assert not _fragment(Figuur("b", "a", SVG)).findall(".//details")


def test_traceable_number_carries_its_id() -> None:
    getal = _fragment(Alinea((Getal("48,2%", "r.1"),))).find(".//span")
    assert (getal.text, getal.get("class"), getal.get("data-getal")) == ("48,2%", "getal", "r.1")


def test_inline_parts_touch_and_line_ends_become_breaks() -> None:
    delen = (
        Tekst("a"),
        Tekst("b", "vet"),
        Tekst("c\nd", "cursief"),
        Tekst("e", "code"),
        Verwijzing("f", "https://x.nl"),
    )
    assert lxml.html.tostring(_fragment(Alinea(delen)).find(".//p"), encoding="unicode").strip() == (
        '<p>a<strong>b</strong><em>c<br>d</em><code>e</code><a href="https://x.nl">f</a></p>'
    )


def test_boxes_say_what_they_are() -> None:
    deel = _fragment(Kader("ontbreekt", "Verloop", (Alinea((Tekst("x"),)),)), Kader("info", "", (Code("y"),)))
    assert [
        (k.get("class"), k.findtext("p[@class='opschrift']")) for k in deel.xpath(".//div[@role='note']")
    ] == [
        ("kader kader-ontbreekt", "Nog te schrijven: Verloop"),
        ("kader kader-info", None),
    ]


def test_lists_and_definitions() -> None:
    punten = ((Tekst("a"),), (Tekst("b"),))
    deel = _fragment(Lijst(punten), Lijst(punten, genummerd=True), Definities((("t", (Tekst("u"),)),)))
    assert [(lijst.tag, lijst.xpath("li/text()")) for lijst in deel.xpath(".//ul|.//ol")] == [
        ("ul", ["a", "b"]),
        ("ol", ["a", "b"]),
    ]
    assert (deel.findtext(".//dl/dt"), deel.findtext(".//dl/dd")) == ("t", "u")


def test_draft_and_final_version_differ_visibly() -> None:
    assert "<strong>CONCEPT</strong>: nog niet volledig" in render_html(document())
    assert "CONCEPT" not in render_html(document(concept=False))


def test_releases_stand_at_the_foot(bladzijde: Any) -> None:
    assert " ".join(bladzijde.find(".//footer").text_content().split()) == (
        "Alle cijfers in dit document komen uit vrijgave v-2026-11."
    )


@settings(max_examples=40)
@given(st.text(st.sampled_from("<>&\"'{}%#/ abc=;:-!\n"), min_size=1).filter(str.strip))
def test_no_text_is_taken_for_markup(tekst: str) -> None:
    regel = tekst.replace("\n", " ")
    blokken = (
        (
            Kop(1, regel),
            Alinea((Tekst(tekst), Getal(tekst.strip(), regel.strip()))),
            Code(tekst),
            Tabel(regel, (regel,), ((Cel(tekst.strip(), getal_id=regel.strip()),),), (regel,)),
            Figuur(regel, regel, SVG),
            Kader("info", regel, (Alinea((Tekst(tekst),)),)),
        )
        if "\n" not in tekst.strip()
        else (Alinea((Tekst(tekst),)), Code(tekst))
    )
    deel = _fragment(*blokken)
    bekend = "div style p h2 span pre code table caption thead tbody tr th td figure img figcaption br"
    assert {str(element.tag) for element in deel.iter()} <= set(bekend.split())
    kaal = re.sub(r"\s", "", deel.findtext(".//pre/code"))
    assert kaal == re.sub(r"\s", "", tekst)
    assert all(not naam.startswith("on") for element in deel.iter() for naam in element.attrib)


def test_rendering_twice_gives_the_same_page() -> None:
    assert render_html(document(BLOKKEN)) == render_html(document(BLOKKEN))

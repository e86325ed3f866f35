from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voorbeelddocument import BLOKKEN, SVG, document, tabel

from toekomstscenario_eval.document.document import (
    MIME,
    VAST,
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
    Output,
    Tabel,
    Tekst,
    Verwijzing,
    all_nodes,
    flat_text,
    from_json,
    headings,
    output_from_mime,
    to_json,
)
from toekomstscenario_eval.errors import OnthullingsFout, TksFout, UitvoerFout

_regel = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp"), exclude_characters="\ufffd"
    ),
    min_size=1,
    max_size=30,
).filter(
    lambda t: (
        t.strip() and all(u not in t for u in "\u1680\ufff9\ufffa\ufffb\ufffc") and max(map(ord, t)) < 0xE0000
    )
)
_inline = st.one_of(
    st.builds(Tekst, _regel, st.sampled_from(["", "vet", "cursief", "code"])),
    st.builds(Getal, _regel, _regel),
    st.builds(Verwijzing, _regel, st.sampled_from(["https://example.org/x?y=1", "mailto:a@example.org"])),
)
_inhoud = st.lists(_inline, min_size=1, max_size=3).map(tuple)
_cel = st.builds(Cel, _regel, getal_id=st.sampled_from(["", "r.1"]), rechts=st.booleans())
_tabel = st.integers(1, 3).flatmap(
    lambda n: st.builds(
        Tabel,
        _regel,
        st.tuples(*[_regel] * n),
        st.lists(st.tuples(*[_cel] * n), max_size=3).map(tuple),
        st.lists(_regel, max_size=2).map(tuple),
        st.booleans(),
    )
)
_plat: st.SearchStrategy[Block] = st.one_of(
    st.builds(Alinea, _inhoud),
    st.builds(Lijst, st.lists(_inhoud, min_size=1, max_size=3).map(tuple), genummerd=st.booleans()),
    _tabel,
    st.builds(Definities, st.lists(st.tuples(_regel, _inhoud), min_size=1, max_size=2).map(tuple)),
    st.builds(Code, _regel),
)
_blok: st.SearchStrategy[Block] = st.one_of(
    _plat,
    st.builds(Kop, st.integers(1, 4), _regel),
    st.builds(
        Kader,
        st.sampled_from(["info", "waarschuwing", "ontbreekt"]),
        _regel,
        st.lists(_plat, max_size=2).map(tuple),
    ),
)


def _boodschap(maak: Callable[[], object]) -> str:
    with pytest.raises(TksFout) as fout:
        maak()
    return fout.value.wat


class TestJson:
    @pytest.mark.parametrize("blok", BLOKKEN)
    def test_every_kind_of_block_comes_back_the_same(self, blok: Block) -> None:
        assert from_json(json.loads(json.dumps(to_json(blok)))) == blok

    @given(_blok)
    def test_round_trip(self, blok: Block) -> None:
        assert from_json(json.loads(json.dumps(to_json(blok)))) == blok

    @pytest.mark.parametrize(
        ("gegevens", "boodschap"),
        [
            ({"type": "script", "tekst": "x"}, "het document bevat een onbekend soort onderdeel"),
            ({"tekst": "x"}, "het document bevat een onbekend soort onderdeel"),
            ({"type": ["kop"]}, "het document bevat een onbekend soort onderdeel"),
            ({"type": "code"}, "een onderdeel mist een veld of heeft er een te veel"),
            (
                {"type": "code", "tekst": "x", "meer": 1},
                "een onderdeel mist een veld of heeft er een te veel",
            ),
            (
                {"type": "code", "tekst": 1},
                "het veld 'tekst' heeft een verkeerd type of een onbekende waarde",
            ),
            (
                {"type": "kop", "niveau": True, "tekst": "x"},
                "het veld 'niveau' heeft een verkeerd type of een onbekende waarde",
            ),
            (
                {"type": "kop", "niveau": 5, "tekst": "x"},
                "een kop heeft een niveau van 1 tot en met 4",
            ),
            (
                {"type": "alinea", "inhoud": [{"type": "code", "tekst": "x"}]},
                "het veld 'inhoud' heeft een verkeerd type of een onbekende waarde",
            ),
        ],
    )
    def test_refuses_what_is_not_exactly_a_node(self, gegevens: Any, boodschap: str) -> None:
        assert _boodschap(lambda: from_json(gegevens)) == boodschap

    def test_refuses_endless_nesting(self) -> None:
        gegevens: Any = {"type": "alinea", "inhoud": [{"type": "tekst", "tekst": "x", "stijl": ""}]}
        for _ in range(60):
            gegevens = {"type": "kader", "soort": "info", "titel": "", "inhoud": [gegevens]}
        assert _boodschap(lambda: from_json(gegevens)) == "het document is te diep genest"


class TestNodes:
    @pytest.mark.parametrize(
        ("maak", "boodschap"),
        [
            (lambda: Kop(1, " "), "het veld 'tekst' is leeg"),
            (lambda: Alinea(()), "een alinea is leeg"),
            (lambda: Lijst(((),)), "een lijst heeft geen punten, of een leeg punt"),
            (lambda: Definities(()), "een lijst met definities is leeg, of heeft een lege term of uitleg"),
            (lambda: Tabel("t", (), ()), "een tabel heeft geen kolommen"),
            (lambda: Tabel("t", ("",), ()), "een kolomkop is leeg"),
            (lambda: Tabel("t", ("a",), (), (" ",)), "een noot is leeg"),
            (
                lambda: Tabel("t", ("a", "b"), ((Cel("x"),),)),
                "rij 1 heeft niet evenveel cellen als er kolommen zijn",
            ),
            (
                lambda: Tabel("t", ("a",), ((Cel("x"),), (Cel(""),))),
                "de eerste cel van rij 2 is leeg, maar is de kop van die rij",
            ),
            (lambda: Figuur("b", " ", SVG), "het veld 'alt' is leeg"),
            (lambda: Kader("waarschuwing", "", ()), "het veld 'titel' is leeg"),
            (lambda: Kader("info", "", ()), "een kader is leeg"),
            (lambda: Kader("info", "x", (Kop(1, "y"),)), "een kader bevat een kop"),
            (
                lambda: Kader("fout", "x", ()),  # type: ignore[arg-type]
                "het veld 'soort' heeft een verkeerd type of een onbekende waarde",
            ),
            (
                lambda: Tekst("a\x0bb"),
                "het veld 'tekst' bevat een teken dat niet in een document kan staan (U+000B)",
            ),
            (
                lambda: Kop(1, "a\nb"),
                "het veld 'tekst' bevat een teken dat niet in een document kan staan (U+000A)",
            ),
            (
                lambda: Tekst("\uf0b7"),
                "het veld 'tekst' bevat een teken dat niet in een document kan staan (U+F0B7)",
            ),
        ],
    )
    def test_a_node_that_cannot_be_shown_is_refused(self, maak: Callable[[], object], boodschap: str) -> None:
        assert _boodschap(maak) == boodschap

    @pytest.mark.parametrize("tekst", ["4", "< 10", "\u0663", "½"])
    def test_a_suppressed_cell_holds_no_number(self, tekst: str) -> None:
        with pytest.raises(OnthullingsFout) as fout:
            Cel(tekst, onderdrukt=True)
        assert fout.value.wat == "een niet getoonde cel bevat een cijfer"
        assert tekst not in str(fout.value)

    def test_a_suppressed_cell_is_shown_in_words(self) -> None:
        assert Cel("", onderdrukt=True).getoond == "niet getoond"
        assert Cel("afgeschermd", onderdrukt=True).getoond == "afgeschermd"
        assert Cel("").getoond == ""

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "data:text/html,x",
            "notitie.md",
            "//x.nl",
            "https://",
            "#",
            "https://x y",
            "ftp://x",
        ],
    )
    def test_a_link_goes_to_the_web_a_mailbox_or_a_heading(self, url: str) -> None:
        assert _boodschap(lambda: Verwijzing("x", url)) == "een verwijzing heeft een adres dat niet mag"

    @pytest.mark.parametrize(
        "inhoud",
        [
            "<script>x</script>",
            '<rect onload="x"/>',
            '<image href="https://example.org/a.png"/>',
            '<image href="file:///a.png"/>',
            "<style>@import 'x.css';</style>",
            '<rect style="fill:url(https://example.org/a)"/>',
            '<a href="#x"><rect/></a>',
            "<foreignObject/>",
        ],
    )
    def test_a_figure_runs_and_fetches_nothing(self, inhoud: str) -> None:
        svg = SVG.replace("</svg>", f"{inhoud}</svg>")
        assert (
            _boodschap(lambda: Figuur("b", "a", svg))
            == "de SVG van een figuur bevat iets dat uitvoert of van buiten haalt"
        )

    @pytest.mark.parametrize(
        ("svg", "boodschap"),
        [
            ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG, "de SVG van een figuur bevat een DOCTYPE of ENTITY"),
            ("<svg", "de SVG van een figuur bevat iets anders dan leesbare XML"),
            ("<html/>", "de SVG van een figuur bevat iets anders dan een tekening"),
            (SVG + "\x00", "de SVG van een figuur bevat een teken dat niet in een document kan staan"),
        ],
    )
    def test_a_figure_is_an_svg(self, svg: str, boodschap: str) -> None:
        assert _boodschap(lambda: Figuur("b", "a", svg)) == boodschap

    def test_a_figure_may_refer_to_its_own_parts_and_embed_a_bitmap(self) -> None:
        eigen = '<rect clip-path="url(#a)"/><use href="#a"/><image href="data:image/png;base64,AA=="/>'
        assert Figuur("b", "a", SVG.replace("</svg>", f"{eigen}</svg>")).alt == "a"

    def test_columns_of_numbers_are_set_right_suppressed_cells_aside(self) -> None:
        assert tabel().kolom_rechts() == (False, True)
        assert Tabel("t", ("a",), ((Cel("", onderdrukt=True),),)).kolom_rechts() == (False,)

    def test_a_box_says_in_words_what_it_is(self) -> None:
        assert Kader("ontbreekt", "Verloop", ()).opschrift == "Nog te schrijven: Verloop"
        assert Kader("waarschuwing", "Let op: dit", ()).opschrift == "Let op: dit"
        assert Kader("info", "Duo", ()).opschrift == "Duo"

    def test_plain_text_keeps_the_address_of_a_link(self) -> None:
        delen = (
            Tekst("zie "),
            Verwijzing("hier", "https://x.nl"),
            Verwijzing("https://y.nl", "https://y.nl"),
        )
        assert flat_text(delen) == "zie hier (https://x.nl)https://y.nl"


class TestKoppen:
    @given(
        st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["A", "a", "Één", "?", "b c"])), max_size=12)
    )
    def test_levels_never_skip_and_anchors_are_unique(self, gegeven: list[tuple[Any, str]]) -> None:
        plekken = headings(Kop(niveau, tekst) for niveau, tekst in gegeven)
        niveaus = [plek.niveau for plek in plekken]
        assert [plek.tekst for plek in plekken] == [tekst for _, tekst in gegeven]
        assert niveaus[:1] in ([], [1])
        assert all(volgend <= vorig + 1 for vorig, volgend in pairwise(niveaus))
        assert len({plek.anker for plek in plekken}) == len(plekken)

    def test_levels_without_gaps_stay_as_they_are(self) -> None:
        gegeven = (1, 2, 3, 4, 2, 3, 1)
        assert tuple(plek.niveau for plek in headings(Kop(n, "x") for n in gegeven)) == gegeven

    def test_anchor_is_the_text_in_small_letters_with_dashes(self) -> None:
        assert [
            plek.anker for plek in headings([Kop(1, "2.1 Wié & wat?"), Kop(1, "—"), Kop(1, "2.1 wie wat")])
        ] == [
            "2-1-wie-wat",
            "kop",
            "2-1-wie-wat-2",
        ]


class TestUitvoer:
    def test_what_comes_out_of_the_notebook_is_what_went_in(self) -> None:
        uitvoer = Output(BLOKKEN, "v1")
        assert output_from_mime(json.loads(json.dumps(uitvoer.to_mime()))) == uitvoer

    @given(_blok, _blok)
    def test_another_content_breaks_the_seal(self, een: Block, ander: Block) -> None:
        bundel = Output((een,), "v1").to_mime()
        bundel["blokken"] = [to_json(ander)]
        if een == ander:
            assert output_from_mime(bundel).blokken == (ander,)
        else:
            assert _boodschap(lambda: output_from_mime(bundel)) == "uitvoer met een verbroken zegel"

    def test_another_release_breaks_the_seal(self) -> None:
        bundel = Output(BLOKKEN, "v1").to_mime() | {"vrijgave": "v2"}
        assert _boodschap(lambda: output_from_mime(bundel)) == "uitvoer met een verbroken zegel"

    @pytest.mark.parametrize(
        ("verandering", "boodschap"),
        [
            ({"versie": 2}, "uitvoer van een onbekende versie"),
            ({"versie": True}, "uitvoer van een onbekende versie"),
            ({"zegel": ""}, "uitvoer met een verbroken zegel"),
            ({"extra": 1}, "geen geldige uitvoer"),
            ({"blokken": "geheim"}, "geen geldige uitvoer"),
            ({"blokken": []}, "er zijn geen blokken om te tonen"),
            ({"vrijgave": ""}, "de aanduiding van de vrijgave is leeg of ongeldig"),
            ({"vrijgave": "a b"}, "de aanduiding van de vrijgave is leeg of ongeldig"),
            (
                {"blokken": [{"type": "tekst", "tekst": "x", "stijl": ""}]},
                "iets anders dan een blok staat tussen de blokken",
            ),
        ],
    )
    def test_refuses_a_bundle_that_is_not_ours(self, verandering: dict[str, Any], boodschap: str) -> None:
        bundel = Output((Code("x"),), VAST).to_mime() | verandering
        assert _boodschap(lambda: output_from_mime(bundel)) == boodschap

    @pytest.mark.parametrize("bundel", [None, "x", [], {}])
    def test_refuses_what_is_no_bundle(self, bundel: Any) -> None:
        assert _boodschap(lambda: output_from_mime(bundel)) == "geen geldige uitvoer"

    @pytest.mark.parametrize("blok", [Alinea((Getal("3", "r.1"),)), tabel()])
    def test_fixed_text_holds_no_traceable_number(self, blok: Block) -> None:
        with pytest.raises(OnthullingsFout) as fout:
            Output((blok,), VAST)
        assert fout.value.wat == "vaste tekst bevat een getal uit de gegevens"

    def test_jupyter_gets_the_sealed_document_html_and_a_line_without_data(self) -> None:
        bundel = Output((tabel(), Code("geheim")), "v1")._repr_mimebundle_(include=["text/plain"])
        assert set(bundel) == {MIME, "text/html", "text/plain"}
        assert bundel["text/plain"] == "Uitvoer voor het rapport: 1 x code, 1 x tabel (vrijgave v1)"
        assert repr(Output((Code("geheim"),), VAST)) == (
            "<Uitvoer voor het rapport: 1 x code (vaste tekst, zonder gegevens)>"
        )


class TestDocument:
    def test_date_in_words(self) -> None:
        assert document().datum_lang() == "1 november 2026"
        assert document(datum="").datum_lang() == ""

    @pytest.mark.parametrize("datum", ["1-11-2026", "2026-02-30", "20261101", "morgen"])
    def test_date_is_a_real_date(self, datum: str) -> None:
        with pytest.raises(UitvoerFout) as fout:
            document(datum=datum)
        assert str(fout.value) == (
            "Uitvoer niet gelukt: de datum van het document is ongeldig\n"
            "  Verwacht: JJJJ-MM-DD\n"
            "  Herstel: schrijf bijvoorbeeld 2026-11-01"
        )

    def test_a_link_inside_goes_to_a_heading_that_exists(self) -> None:
        blokken = (Kop(1, "Een kop"), Alinea((Verwijzing("x", "#twee"),)))
        with pytest.raises(UitvoerFout) as fout:
            document(blokken)
        assert str(fout.value) == (
            "Uitvoer niet gelukt: een verwijzing binnen het document wijst naar een kop "
            "die er niet is (#twee)\n"
            "  Herstel: gebruik de tekst van de kop in kleine letters, met streepjes voor spaties"
        )

    def test_json_holds_every_node(self) -> None:
        gegevens = document().to_json()
        assert tuple(from_json(blok) for blok in gegevens["blokken"]) == BLOKKEN
        assert gegevens["vrijgaven"] == ["v-2026-11"]
        assert sum(isinstance(knoop, Getal) for knoop in all_nodes(BLOKKEN)) == 1


def test_summary_stands_on_a_page_of_its_own() -> None:
    from toekomstscenario_eval.document.document import own_page

    kop = (Kop(1, "Samenvatting"), Kop(2, "Onder"), Kop(1, "1 Aanleiding"), Kop(1, "2 Opzet"))
    assert own_page(kop) == ("samenvatting", "1-aanleiding")
    assert own_page(kop[2:]) == ()

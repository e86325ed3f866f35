from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toekomstscenario_eval.document.document import (
    Alinea,
    Block,
    Cel,
    Code,
    Kader,
    Kop,
    Lijst,
    Tabel,
    Tekst,
    Verwijzing,
    flat_text,
)
from toekomstscenario_eval.document.markdown import blocks_from_markdown
from toekomstscenario_eval.errors import OnthullingsFout, TksFout, UitvoerFout


def _lees(bron: str) -> tuple[Block, ...]:
    return blocks_from_markdown(bron, where="cel 3 (id a1)")


@pytest.mark.parametrize(
    ("bron", "blokken"),
    [
        ("# Kop *schuin* &amp; `c`", (Kop(1, "Kop schuin & c"),)),
        ("Kop\n---", (Kop(2, "Kop"),)),
        (
            "een **twee** *drie* `vier` ***vijf***",
            (
                Alinea(
                    (
                        Tekst("een "),
                        Tekst("twee", "vet"),
                        Tekst(" "),
                        Tekst("drie", "cursief"),
                        Tekst(" "),
                        Tekst("vier", "code"),
                        Tekst(" "),
                        Tekst("vijf", "vet"),
                    )
                ),
            ),
        ),
        ("een\ntwee  \ndrie", (Alinea((Tekst("een twee\ndrie"),)),)),
        (r"a \* b < c & d &lt; &copy e", (Alinea((Tekst("a * b < c & d < &copy e"),)),)),
        (
            '[een](https://x.nl "titel") <https://y.nl> [z](#kop)',
            (
                Alinea(
                    (
                        Verwijzing("een (titel)", "https://x.nl"),
                        Tekst(" "),
                        Verwijzing("https://y.nl", "https://y.nl"),
                        Tekst(" "),
                        Verwijzing("z", "#kop"),
                    )
                ),
            ),
        ),
        ("- a\n- **b**", (Lijst(((Tekst("a"),), (Tekst("b", "vet"),))),)),
        ("1. a\n\n   meer\n\n2. b", (Lijst(((Tekst("a\nmeer"),), (Tekst("b"),)), genummerd=True),)),
        ("> citaat", (Kader("info", "", (Alinea((Tekst("citaat"),)),)),)),
        ("> **Let op**\n>\n> dit", (Kader("info", "Let op", (Alinea((Tekst("dit"),)),)),)),
        ("```python\nx = 1\n\n```", (Code("x = 1"),)),
        ("een\n\n***\n\ntwee", (Alinea((Tekst("een"),)), Alinea((Tekst("twee"),)))),
        ("", ()),
    ],
)
def test_markdown_becomes_blocks(bron: str, blokken: tuple[Block, ...]) -> None:
    assert _lees(bron) == blokken


def test_a_table_takes_its_caption_from_the_line_above() -> None:
    bron = "Tabel: wie doen\nmee\n\n| regio | aantal |\n|---|--:|\n| *A* | [1](https://x.nl) |\n| B | 2 |"
    rijen = (
        (Cel("A"), Cel("1 (https://x.nl)", rechts=True)),
        (Cel("B"), Cel("2", rechts=True)),
    )
    assert _lees(bron) == (Tabel("wie doen mee", ("regio", "aantal"), rijen),)


def test_a_table_with_an_empty_first_cell_has_no_row_headers() -> None:
    tabel = _lees("Tabel: t\n\n|a|b|\n|-|-|\n||1|")[0]
    assert isinstance(tabel, Tabel)
    assert not tabel.rijkop


def test_a_paragraph_that_looks_like_a_caption_but_heads_no_table_stays() -> None:
    assert _lees("Tabel: t\n\nander") == (Alinea((Tekst("Tabel: t"),)), Alinea((Tekst("ander"),)))


_HTML = (
    "Niet vrijgegeven: de tekst bevat HTML\n  Waar: cel 3 (id a1)\n"
    "  Herstel: schrijf gewone Markdown; ook opmerkingen tussen <!-- en --> kunnen niet mee"
)
_BEELD = (
    "Niet vrijgegeven: de tekst bevat een afbeelding, die kan alles tonen\n  Waar: cel 3 (id a1)\n"
    "  Herstel: laat een codecel een vrijgegeven figuur tonen"
)


@pytest.mark.parametrize(
    ("bron", "boodschap"),
    [
        ("<b>geheim</b>", _HTML),
        ("tekst <b>geheim</b>", _HTML),
        ("<!-- geheim -->", _HTML),
        ("- <i>geheim</i>", _HTML),
        ("![geheim](geheim.png)", _BEELD),
        ("> ![geheim](attachment:geheim.png)", _BEELD),
        ("[![geheim](x.png)](https://x.nl)", _BEELD),
    ],
)
def test_what_could_show_anything_is_refused_without_showing_it(bron: str, boodschap: str) -> None:
    with pytest.raises(OnthullingsFout) as fout:
        _lees(bron)
    assert str(fout.value) == boodschap


@pytest.mark.parametrize(
    ("bron", "wat", "herstel"),
    [
        ("##### x", "de tekst heeft een kop van niveau 5 of 6", "gebruik ten hoogste vier niveaus"),
        (
            "- a\n  - b",
            "een lijst staat in een andere lijst",
            "maak er één lijst van, of gebruik koppen",
        ),
        (
            "3. a",
            "een genummerde lijst begint niet bij 1",
            "begin bij 1, of schrijf het nummer als tekst met een \\ voor de punt",
        ),
        (
            "|a|b|\n|-|-|\n|1|2|",
            "een tabel heeft geen bijschrift",
            "zet er vlak boven een alinea 'Tabel: <wat er in staat>'",
        ),
        (
            "1. a\n\n   ```\n   c\n   ```",
            "de tekst bevat een onderdeel dat een document niet kent",
            "gebruik koppen, alinea's, lijsten, tabellen, citaten, verwijzingen en code",
        ),
        ("> # kop", "een kader bevat een kop", "zet de kop buiten het kader, of maak hem vet"),
        (
            "[x](javascript:alert)",
            "een verwijzing heeft een adres dat niet mag",
            "gebruik een volledig adres met https://, http:// of mailto:, of #kop binnen het document",
        ),
    ],
)
def test_what_a_document_cannot_hold_is_refused_with_a_remedy(bron: str, wat: str, herstel: str) -> None:
    with pytest.raises(UitvoerFout) as fout:
        _lees(bron)
    assert str(fout.value) == f"Uitvoer niet gelukt: {wat}\n  Waar: cel 3 (id a1)\n  Herstel: {herstel}"


@pytest.mark.parametrize(
    "bron",
    [
        "Tekst met $x^2$",
        "$$\n\\sum_i x_i\n$$",
        "- een punt met $a$",
        "| a |\n|---|\n| $b$ |",
        "Tekst \\begin{align} x \\end{align}",
    ],
)
def test_a_formula_is_refused_and_never_printed_as_dollars(bron: str) -> None:
    with pytest.raises(UitvoerFout) as fout:
        _lees(f"Tabel: iets\n\n{bron}")
    assert str(fout.value) == (
        "Uitvoer niet gelukt: de tekst bevat een formule, en die kan een document niet tonen\n"
        "  Waar: cel 3 (id a1)\n"
        "  Verwacht: gewone tekst; een dollarteken dat geen formule opent, als \\$\n"
        "  Herstel: schrijf de formule in woorden, of met gewone tekens zoals x²"
    )


@pytest.mark.parametrize(
    ("bron", "tekst"), [("kost \\$5 tot \\$6", "kost $5 tot $6"), ("een $ alleen", "een $ alleen")]
)
def test_a_dollar_that_opens_no_formula_stays(bron: str, tekst: str) -> None:
    assert [flat_text(b.inhoud) for b in _lees(bron) if isinstance(b, Alinea)] == [tekst]


@given(st.text(max_size=200))
def test_any_text_gives_blocks_or_a_refusal_with_its_place(bron: str) -> None:
    try:
        blokken = _lees(bron)
    except TksFout as fout:
        assert fout.waar == "cel 3 (id a1)"  # noqa: PT017
    else:
        assert isinstance(blokken, tuple)


@given(st.lists(st.text("abcdefgé ,.?%", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=4))
def test_plain_paragraphs_keep_every_word(alineas: list[str]) -> None:
    blokken = _lees("\n\n".join(f"x{tekst}" for tekst in alineas))
    assert [flat_text(b.inhoud) for b in blokken if isinstance(b, Alinea)] == [f"x{t}" for t in alineas]

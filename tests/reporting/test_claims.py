"""Sentences that claim a cause, significance or a league table are found; honest ones are left alone.

The patterns were made with `claims/refused.csv` and `innocent.csv`; `later_*.csv` were written when these
stood, to see what slips through. The handbook gives the rates of a first look.
"""

from __future__ import annotations

import ast
import csv
import json
import tomllib
from pathlib import Path

import pytest

from toekomstscenario_eval.designs import all_designs
from toekomstscenario_eval.document import claims, english
from toekomstscenario_eval.document.claims import overstated, overstated_in
from toekomstscenario_eval.document.document import Alinea, Cel, Figuur, Kop, Lijst, Tabel, Tekst
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.document.languages import LANGUAGES
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.resources import PACKAGE_DIR, bundled
from toekomstscenario_eval.types import Claim

ZINNEN = Path(__file__).with_name("claims")
CAUSE = "De proeftuin leidde tot minder uithuisplaatsingen."


def zinnen(naam: str) -> list[dict[str, str]]:
    with (ZINNEN / f"{naam}.csv").open(encoding="utf-8") as bron:
        return list(csv.DictReader(bron, delimiter=";"))


def soorten(tekst: str, taal: str = "nl", **kw) -> set[str]:
    return {found.soort.value for found in overstated(tekst, language=taal, **kw)}


def test_every_seeded_claim_is_refused_as_what_it_claims():
    rijen = zinnen("refused")
    for taal in LANGUAGES:
        assert {r["soort"] for r in rijen if r["taal"] == taal} == set(Claim)
        assert sum(r["taal"] == taal for r in rijen) >= 50
    assert [r["zin"] for r in rijen if r["soort"] not in soorten(r["zin"], r["taal"])] == []


def test_every_innocent_sentence_passes():
    rijen = zinnen("innocent")
    assert all(sum(r["taal"] == taal for r in rijen) >= 50 for taal in LANGUAGES)
    assert [r["zin"] for r in rijen if soorten(r["zin"], r["taal"])] == []


def test_of_sentences_written_later_most_are_found_and_no_innocent_one_is_refused():
    rijen = zinnen("later_refused")
    gevonden = [r["zin"] for r in rijen if r["soort"] in soorten(r["zin"], r["taal"])]
    assert len(gevonden) >= 17
    assert len(gevonden) < len(rijen), "the handbook says that some slip through"
    assert [r["zin"] for r in zinnen("later_innocent") if soorten(r["zin"], r["taal"])] == []


@pytest.mark.parametrize("taal", LANGUAGES)
def test_the_language_of_a_sentence_is_told_by_its_own_words(taal):
    for naam in ("refused", "innocent"):
        rijen = [r for r in zinnen(naam) if r["taal"] == taal and len(r["zin"].split()) > 7]
        anders = {r["zin"] for r in rijen if claims._which(r["zin"], taal) != taal}
        assert not anders


@pytest.mark.parametrize("taal", LANGUAGES)
def test_every_pattern_says_why_and_names_words(taal):
    bron = tomllib.loads(Path(claims.__file__).with_name(f"claims_{taal}.toml").read_text(encoding="utf-8"))
    assert {p["soort"] for p in bron["bewering"]} == set(Claim)
    assert all(p["waarom"] and not p["waarom"].endswith(".") for p in bron["bewering"])
    # A pattern or an exception that fits no text at all would refuse, or let pass, everything.
    taalregels = claims._language(taal)
    for onderdeel in (*taalregels.patterns, *taalregels.honest):
        assert onderdeel.words.search("Noord telt 40 huishoudens.") is None


def test_place_words_and_remedy():
    tekst = f"Een eerste zin.\nEen tweede, die\ndoorloopt. {CAUSE}\n\n- Noord is koploper.\n"
    een, twee = overstated(tekst)
    assert (een.soort, een.regel, twee.soort, twee.regel) == (Claim.OORZAAK, 2, Claim.RANGLIJST, 4)
    assert twee.told == "'koploper' beweert een ranglijst"
    assert een.woorden == "De proeftuin leidde tot minder"
    assert een.zin == CAUSE.removesuffix(".") + "."
    assert "sinds de start" in een.herstel


def test_emphasis_and_line_ends_hide_nothing():
    assert soorten("De *proeftuin* leidde\n  tot **minder** uithuisplaatsingen.") == {"oorzaak"}
    assert soorten("Het verschil is _significant_.") == {"significantie"}


@pytest.mark.parametrize(
    ("tekst", "verwacht"),
    [
        ("Wij weten niet alles, maar de proeftuin leidde tot minder uithuisplaatsingen.", {"oorzaak"}),
        ("Wij weten niet of de proeftuin leidde tot minder uithuisplaatsingen.", set()),
        (
            "Leidde de proeftuin tot minder uithuisplaatsingen? Het verschil is significant.",
            {"significantie"},
        ),
        ("We do not know everything, but the pilot led to fewer placements.", {"oorzaak"}),
        ("De proef werkt en het verschil is significant.", {"oorzaak", "significantie"}),
    ],
)
def test_honesty_reaches_as_far_as_its_clause(tekst, verwacht):
    assert soorten(tekst) == verwacht


def test_what_a_card_allows_passes_and_nothing_else():
    tekst = f"{CAUSE} Het verschil is significant."
    assert soorten(tekst, allowed=frozenset({Claim.OORZAAK})) == {"significantie"}
    assert soorten(tekst, allowed=frozenset(Claim)) == set()


def test_only_the_sentence_itself_is_judged():
    (found,) = overstated(CAUSE)
    assert found.stands_in("de proeftuin *leidde* tot minder  uithuisplaatsingen")
    assert found.stands_in(f"{CAUSE} En nog iets.")
    for iets_anders in ("", "tot", "De proeftuin", "Het verschil is significant.", "uithuisplaatsingen"):
        assert not found.stands_in(iets_anders)


def test_all_that_a_reader_sees_of_blocks_is_read():
    claim, los = "Het verschil is significant.", (Tekst("Het verschil is "), Tekst("significant", "vet"))
    tabel = Tabel("Titel", ("A",), ((Cel("a"),),), noten=(claim,))
    svg = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    for blok in (
        Kop(2, claim),
        Alinea(los),
        Lijst((los,)),
        tabel,
        Tabel(claim, ("A",), ((Cel("a"),),)),
        Tabel("Titel", ("A",), ((Cel(claim),),)),
        Figuur("Titel", claim, svg),
        Figuur("Titel", "alt", svg, tabel),
    ):
        assert [found.soort for found in overstated_in((blok,))] == [Claim.SIGNIFICANTIE]
        assert overstated_in((blok,), allowed={Claim.SIGNIFICANTIE}) == []


def test_the_examples_of_the_handbook_are_refused_and_what_to_write_instead_passes():
    tekst = (Path(__file__).parents[2] / "docs" / "taal.md").read_text(encoding="utf-8")
    rijen = [rij.strip("| ").split(" | ") for rij in tekst.splitlines() if rij.startswith("| ")][2:]
    assert len(rijen) > 8
    for niet, wel in rijen:
        assert soorten(niet), niet
        assert not soorten(wel), wel


def _card_texts():
    """What a card says, with what it may claim; what it assumes is read as a reader does, after that word."""
    for design in all_designs().values():
        card = design.card
        assumed = f"Aanname: {card.assumption}"
        for tekst in (card.label, card.vraag, assumed, card.grens, card.methode):
            yield tekst, card.claims


def test_every_design_keeps_to_the_claims_of_its_card():
    for tekst, claims_ in _card_texts():
        assert not soorten(tekst, allowed=claims_)
        assert not soorten(translate(tekst) or "", "en", allowed=claims_)


def test_the_words_of_the_software_claim_nothing():
    """Every text of a report, in both languages; what a card of a design may claim, that card may say."""
    mag = {tekst for tekst, claims_ in _card_texts() if claims_}
    mag |= {design.card.assumption for design in all_designs().values()}
    for file in english.FILES:
        for nederlands, engels in tomllib.loads(file.read_text(encoding="utf-8"))["teksten"].items():
            if nederlands not in mag:
                assert not soorten(nederlands), nederlands
                assert not soorten(engels, "en"), engels


@pytest.mark.parametrize("kamer", ["designs", "blocks", "report"])
def test_no_text_in_the_code_claims_more_than_a_comparison_can_bear(kamer):
    """Also what no report of the tests happens to say, or what has no English yet."""
    aannames = {design.card.assumption for design in all_designs().values()}
    for pad in sorted((PACKAGE_DIR / kamer).rglob("*.py")):
        boom = ast.parse(pad.read_text(encoding="utf-8"))
        uitleg = {knoop.value for knoop in ast.walk(boom) if isinstance(knoop, ast.Expr)}
        for knoop in ast.walk(boom):
            if isinstance(knoop, ast.Constant) and isinstance(knoop.value, str) and knoop not in uitleg:
                assert knoop.value in aannames or not soorten(knoop.value), (pad.name, knoop.lineno)


def test_what_travels_with_the_software_claims_nothing():
    assert not load_plan(bundled("analyses") / "voorbeeld_onderzoek.yaml").overstated
    for boek in sorted(bundled("analyses").glob("*.ipynb")):
        for cel in json.loads(boek.read_text(encoding="utf-8"))["cells"]:
            if cel["cell_type"] == "markdown":
                assert not soorten("".join(cel["source"])), (boek.name, cel["id"])

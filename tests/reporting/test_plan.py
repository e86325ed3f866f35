"""The researcher's file: what it takes, what it refuses, and where it says the fault is."""

from __future__ import annotations

import pytest

from toekomstscenario_eval.errors import InvoerFout, OnthullingsFout
from toekomstscenario_eval.making.plan_reading import load_plan
from toekomstscenario_eval.report.plan import (
    FIELDS,
    FixedNumber,
    Plan,
    RegionFlow,
    Soort,
    Story,
    Supplier,
    WordingException,
)
from toekomstscenario_eval.resources import bundled

_PUNT = "'vaste_getallen', punt 1"


@pytest.fixture
def lees(tmp_path):
    def doe(tekst: str) -> Plan:
        pad = tmp_path / "onderzoek.yaml"
        pad.write_text(tekst, encoding="utf-8")
        return load_plan(pad)

    return doe


def test_without_a_file_everything_is_missing(lees):
    assert load_plan(None) == Plan() == lees("") == lees("# alleen een opmerking\n")
    assert Plan().ontbreekt == tuple(v.naam for v in FIELDS if v.required)


def test_every_kind_of_field(lees):
    plan = lees(
        "titel: Een titel\nauteurs: [A. Auteur]\ndatum: 2026-07-15\nvragen: [een, twee]\nopzet: >\n  Tekst\n"
        "  op twee regels.\nverloop:\n  - {regio: Noord, gepland: 25, opgenomen: 11, reden: tijd}\n"
        "aanleveraars:\n  - {naam: ggz, gepland: 10, geleverd: 0}\n"
        "vaste_getallen:\n  - {naam: Casussen, waarde: 103, bron: tijdschrift}\n"
        "  - {naam: Deel, waarde: 3.9, bron: idem, toelichting: in procenten}\n"
        "gevallen:\n  - {titel: Een verhaal, samengesteld: true, verhaal: Zo ging het.}\n"
    )
    assert plan.titel == "Een titel"
    assert plan.datum == "2026-07-15"
    assert plan.teksten == {"vragen": "- een\n- twee", "opzet": "Tekst op twee regels.\n"}
    assert plan.verloop == (RegionFlow("Noord", (25, None, None, 11), "tijd"),)
    assert plan.aanleveraars == (Supplier("ggz", 10, 0, ""),)
    assert plan.vaste_getallen == (
        FixedNumber("Casussen", 103, "tijdschrift", ""),
        FixedNumber("Deel", 3.9, "idem", "in procenten"),
    )
    assert plan.gevallen == (Story("Een verhaal", "Zo ging het."),)
    assert plan.regels["opzet"] == 5
    assert not {"auteurs", "vragen", "opzet", "verloop"} & set(plan.ontbreekt)


def test_regions_without_a_count_are_still_missing(lees):
    assert "verloop" in lees("verloop:\n  - {regio: Noord}\n").ontbreekt


@pytest.mark.parametrize(
    ("tekst", "wat", "regel"),
    [
        ("titel: a\naanleidingg: b", "het veld 'aanleidingg' bestaat niet", 2),
        ("opzet: a\nduiding: b\nopzet: c", "het veld 'opzet' staat er twee keer", 3),
        ("\nopzet: {a: 1}", "het veld 'opzet' is geen tekst of lijst van teksten", 2),
        ("datum: 15 juli", "'datum' is geen bestaande datum", 1),
        ("auteurs: Jansen", "'auteurs' is geen lijst van namen", 1),
        ("verloop: veel", "'verloop' is geen lijst van regio's", 1),
        ("verloop:\n  - {regio: A}\n  - {gepland: 1}", "'verloop', punt 2 mist 'regio'", 3),
        (
            "verloop:\n  - {regio: A, geplant: 1}",
            "'verloop', punt 1: het veld 'geplant' bestaat niet",
            2,
        ),
        ("verloop:\n  - {regio: A, gepland: veel}", "'verloop', punt 1: 'gepland' is geen aantal", 2),
        (
            "gevallen:\n  - {titel: A, verhaal: B}",
            "'gevallen', punt 1 is niet als samengesteld verklaard",
            2,
        ),
        ("vaste_getallen: 103", "'vaste_getallen' is geen lijst van getallen", 1),
        ("vaste_getallen:\n  - {naam: A, waarde: 1}", "'vaste_getallen', punt 1 mist 'bron'", 2),
        ("vaste_getallen:\n  - {naam: A, bron: B}", "'vaste_getallen', punt 1: 'waarde' is geen getal", 2),
        (
            "vaste_getallen:\n  - {naam: A, waarde: ja, bron: B}",
            "'vaste_getallen', punt 1: 'waarde' is geen getal",
            2,
        ),
        (
            "vaste_getallen:\n  - {naam: A, waarde: .inf, bron: B}",
            "'vaste_getallen', punt 1: 'waarde' is geen getal",
            2,
        ),
        (
            "titel: a\nvaste_getallen:\n  - {naam: A, waarde: 1, bron: B}\n  - {naam: A, waarde: 2, bron: B}",
            "'vaste_getallen', punt 2: de naam 'A' staat er twee keer",
            4,
        ),
        ("aanleveraars:\n  - ggz", "'aanleveraars', punt 1 bestaat niet uit velden", 2),
    ],
)
def test_a_fault_is_named_with_its_line(lees, tekst, wat, regel):
    with pytest.raises(InvoerFout) as fout:
        lees(tekst)
    assert fout.value.wat == wat
    assert fout.value.waar == f"onderzoek.yaml, regel {regel}"


def test_a_typo_gets_a_suggestion(lees):
    with pytest.raises(InvoerFout, match=r"Bedoelt u 'aanleiding'\?"):
        lees("aanleidingg: b")
    with pytest.raises(InvoerFout, match=r"Bedoelt u 'gepland'\?"):
        lees("verloop:\n  - {regio: A, geplant: 1}")


def test_broken_yaml_says_where(lees):
    with pytest.raises(InvoerFout, match=r"geen geldige YAML\n  Waar: onderzoek\.yaml, regel 2"):
        lees("titel: a\nopzet: 'b\n")


def test_what_points_to_a_family_is_refused_with_field_and_line(lees):
    with pytest.raises(OnthullingsFout) as fout:
        lees("titel: a\nopzet: >\n  Goed.\n\n  Toen waren er twee\n  gezinnen.\nwie_niet: BSN 999990019.\n")
    assert fout.value.exitcode == 5
    assert "regel 5 (veld 'opzet'): een klein aantal" in fout.value.waar
    assert "regel 7 (veld 'wie_niet'): een burgerservicenummer" in fout.value.waar
    assert "999990019" not in fout.value.tekst()


def test_stories_and_reasons_are_searched_too(lees):
    with pytest.raises(OnthullingsFout, match="veld 'gevallen'"):
        lees("gevallen:\n  - {titel: A, samengesteld: true, verhaal: Moeder Fatima belde.}")
    with pytest.raises(OnthullingsFout, match="veld 'verloop'"):
        lees("verloop:\n  - {regio: A, reden: drie gezinnen wilden niet}")


def test_a_judged_small_number_may_stand(lees):
    plan = lees("opzet: Een groep van zes ervaren ouders las mee.\nkleine_aantallen: [zes ervaren ouders]\n")
    assert "opzet" in plan.teksten
    with pytest.raises(OnthullingsFout):
        lees("opzet: Er waren twee gezinnen.\nkleine_aantallen: [zes ervaren ouders]\n")


def test_a_number_with_a_source_is_not_counted_as_typed(lees):
    plan = lees(
        "vaste_getallen:\n  - {naam: Casussen, waarde: 1034, bron: tijdschrift, toelichting: van 12 teams}\n"
        "  - {naam: Deel, waarde: 3.9, bron: idem}\n"
        "opzet: Van de 1.034 of 1034 gezinnen was er 3,9 van de honderd, en 17 niet.\n"
        "duiding: Dat is 3,9%, of 103,4 of 1.03.4.\n"
    )
    # 17; and what is written as a percentage, or is another number, is not the one with the source.
    assert plan.typed == {"opzet": 1, "duiding": 3}
    assert lees("opzet: Er waren 1034 gezinnen.\n").typed == {"opzet": 1}


def test_fixed_numbers_are_searched_for_families_too(lees):
    with pytest.raises(OnthullingsFout, match="veld 'vaste_getallen'"):
        lees("vaste_getallen:\n  - {naam: A, waarde: 103, bron: B, toelichting: drie gezinnen vielen af}")


def test_the_example_is_valid_and_lacks_one_thing():
    assert load_plan(bundled("analyses") / "voorbeeld_onderzoek.yaml").ontbreekt == ("afwijkingen",)


def test_texts_are_all_asked_for():
    assert all(v.required for v in FIELDS if v.soort is Soort.TEXT)


TE_VEEL = "duiding: >\n  Wij schrijven het op.\n  De proeftuin leidde tot minder\n  uithuisplaatsingen.\n"
MAG = "uitzonderingen_taal:\n  - {zin: %s, reden: afgesproken met de opdrachtgever}\n"


def test_a_text_that_claims_too_much_has_its_field_and_line(lees):
    ((passage, found),) = lees(TE_VEEL).overstated
    assert (passage.veld, passage.regel + found.regel) == ("duiding", 3)
    assert lees("duiding: Sinds de start daalde het aandeel.\n").overstated == ()


def test_a_sentence_may_stand_letter_for_letter_and_with_a_reason(lees):
    zin = "De proeftuin leidde tot minder uithuisplaatsingen"
    plan = lees(TE_VEEL + MAG % zin)
    assert plan.uitzonderingen_taal == (WordingException(zin, "afgesproken met de opdrachtgever"),)
    assert plan.overstated == ()
    assert plan.idle_exceptions == ()
    anders = lees(TE_VEEL + MAG % "De proeftuin leidde tot meer duo's")
    assert len(anders.overstated) == 1
    assert anders.idle_exceptions == (1,)
    with pytest.raises(InvoerFout, match="mist 'reden'"):
        lees("uitzonderingen_taal:\n  - {zin: Noord is koploper}\n")


def test_an_exception_is_searched_for_families_too(lees):
    with pytest.raises(OnthullingsFout, match="veld 'uitzonderingen_taal'"):
        lees(MAG % "Door de proef zijn drie gezinnen geholpen")

"""The mapping language: faults are refused with line and place, before any source is read."""

from __future__ import annotations

import pytest

from tests.one_source import load_mapping
from toekomstscenario_eval.errors import InvoerFout

MAPPING = """\
pakket:
  naam: proef
  titel: Proefpakket
  peildatum: 2024-07-01
  waarneemvenster: {begin: 2024-01-01, eind: 2024-07-01}
  bronnen: [Zelfgemaakte export]
  contact: de maker
bron:
  scheidingsteken: puntkomma
  kolommen:
    nr: {sleutel: ongewijzigd}
tabellen:
  proeftuin:
    per: []
    kolommen:
      proeftuin_id: {vast: p1}
      naam: {vast: Proef}
      soort: {vast: proeftuin}
  huishouden:
    periode: {van: in, tot: uit, laatste_dag_telt_mee: ja}
    kolommen:
      huishouden_id: {kolom: nr}
      proeftuin_id: {vast: p1}
      reden_einde: {kolom: reden, vertaling: {A: afgerond, V: verhuisd}}
"""
PROEFTUIN = "tabellen > proeftuin > kolommen"
HUISHOUDEN = "tabellen > huishouden > kolommen"


def weiger(tmp_path, oud: str, nieuw: str) -> list[str]:
    assert MAPPING.count(oud) == 1
    pad = tmp_path / "mapping.yaml"
    pad.write_text(MAPPING.replace(oud, nieuw), encoding="utf-8")
    with pytest.raises(InvoerFout) as fout:
        load_mapping(pad)
    return str(fout.value).splitlines()


def test_the_mapping_itself_is_good(tmp_path):
    pad = tmp_path / "mapping.yaml"
    pad.write_text(MAPPING, encoding="utf-8")
    assert load_mapping(pad).namen == ("nr", "in", "uit", "reden")


@pytest.mark.parametrize(
    ("oud", "nieuw", "waar", "wat"),
    [
        ("contact: de maker", "contact:", "regel 7: pakket > contact", "hier is niets ingevuld"),
        ("contact: de maker", "contact: [a]", "regel 7: pakket > contact", "hier hoort één waarde te staan"),
        ("  contact: de maker\n", "", "regel 1: pakket", "'contact' ontbreekt"),
        (
            "contact: de maker",
            "contact: de maker\n  levering: {eigenaar: Zuid}",
            "regel 8: pakket > levering",
            "'naam' ontbreekt",
        ),
        (
            "contact: de maker",
            "contact: de maker\n  levering: {eigenaar: Zuid, naam: log, sleutel: abc}",
            "regel 8: pakket > levering > sleutel",
            "de sleutel 'sleutel' is onbekend",
        ),
        (
            "peildatum: 2024-07-01",
            "peildatum: juli",
            "regel 4: pakket > peildatum",
            "hier hoort een bestaande datum te staan",
        ),
        (
            "begin: 2024-01-01",
            "begin: 2025-01-01",
            "regel 5: pakket > waarneemvenster",
            "het venster is leeg of loopt terug",
        ),
        (
            "{begin: 2024-01-01, eind: 2024-07-01}",
            "alles",
            "regel 5: pakket > waarneemvenster",
            "hier hoort een blok met sleutels te staan",
        ),
        (
            "puntkomma",
            "puntkoma",
            "regel 9: bron > scheidingsteken",
            "'puntkoma' is hier geen keuze",
        ),
        (
            "bron:\n",
            "bron:\n  codeering: utf-8\n",
            "regel 9: bron > codeering",
            "de sleutel 'codeering' is onbekend",
        ),
        ("bron:\n", "bron: komma\nx:\n", "regel 9: x", "de sleutel 'x' is onbekend"),
        (
            "    nr: {",
            "    nr: {vul_aan: veel, ",
            "regel 11: bron > kolommen > nr > vul_aan",
            "hier hoort een getal te staan",
        ),
        (
            "_mee: ja",
            "_mee: soms",
            "regel 20: tabellen > huishouden > periode > laatste_dag_telt_mee",
            "hier hoort ja of nee te staan",
        ),
        (
            "    per: []\n",
            "    per: {a: b}\n",
            "regel 14: tabellen > proeftuin > per",
            "hier hoort een lijst te staan",
        ),
        (
            "{vast: Proef}",
            "{vast: Proef, kolom: nr}",
            f"regel 17: {PROEFTUIN} > naam",
            "een veld heeft precies één herkomst nodig",
        ),
        (
            "{vast: Proef}",
            "{vast: Proef, vertaling: {a: b}}",
            f"regel 17: {PROEFTUIN} > naam > vertaling",
            "'vertaling' hoort alleen bij 'kolom'",
        ),
        (
            "{vast: Proef}",
            "{nummer: p}",
            f"regel 17: {PROEFTUIN} > naam > nummer",
            "'nummer' maakt sleutels, en dit veld is geen sleutel",
        ),
        (
            "{vast: proeftuin}",
            "{vast: proeftuinen}",
            f"regel 18: {PROEFTUIN} > soort > vast",
            "'proeftuinen' staat niet in de codelijst proeftuin_soort",
        ),
        (
            "V: verhuisd",
            "V: verhuist",
            f"regel 24: {HUISHOUDEN} > reden_einde > vertaling > V",
            "'verhuist' staat niet in de codelijst reden_einde_huishouden",
        ),
        (
            "V: verhuisd",
            "A: verhuisd",
            f"regel 24: {HUISHOUDEN} > reden_einde > vertaling > A",
            "'A' staat hier twee keer",
        ),
        (
            "      naam: {vast: Proef}\n",
            "",
            f"regel 15: {PROEFTUIN}",
            "het veld 'naam' ontbreekt; het is verplicht in de tabel proeftuin",
        ),
        (
            "    per: []\n",
            "    per: []\n    periode: {}\n",
            "regel 13: tabellen > proeftuin",
            "de tabel proeftuin heeft geen begin en eind",
        ),
        (
            "    periode: {van: in, tot: uit, laatste_dag_telt_mee: ja}\n",
            "",
            "regel 19: tabellen > huishouden",
            "de tabel huishouden heeft een begin en eind",
        ),
        (
            ", laatste_dag_telt_mee: ja",
            "",
            "regel 20: tabellen > huishouden > periode",
            "'laatste_dag_telt_mee' ontbreekt",
        ),
        (
            "{kolom: nr}",
            "{kolom: nr, onbekende_code: leeg}",
            f"regel 22: {HUISHOUDEN} > huishouden_id > onbekende_code",
            "'onbekende_code' hoort bij een vertaling of een codelijst",
        ),
        (
            "{kolom: nr}",
            "{kolom: nr, jaar_uit_datum: ja}",
            f"regel 22: {HUISHOUDEN} > huishouden_id > jaar_uit_datum",
            "'jaar_uit_datum' hoort alleen bij een veld met een jaartal",
        ),
        (
            "{vast: proeftuin}",
            "{kolom: nr, onbekende_code: leeg}",
            f"regel 18: {PROEFTUIN} > soort > onbekende_code",
            "dit veld mag niet leeg blijven",
        ),
        (
            "    nr: {",
            "    uit: {gedeeltelijk: leeg}\n    nr: {",
            "regel 13: tabellen",
            "een onvolledige einddatum mag niet leeg worden: de periode lijkt dan nog te lopen",
        ),
        ("tabellen:\n", "tabellen: {}\nextra:\n", "regel 13: extra", "de sleutel 'extra' is onbekend"),
    ],
)
def test_faults_name_their_place(tmp_path, oud, nieuw, waar, wat):
    regels = weiger(tmp_path, oud, nieuw)
    assert regels[0] == f"Invoer niet leesbaar: {wat}"
    assert regels[1] == f"  Waar: mapping.yaml, {waar}"


@pytest.mark.parametrize("inhoud", ["", "# alleen een opmerking\n", "los woord\n", "- een\n- lijst\n"])
def test_a_mapping_without_keys(tmp_path, inhoud):
    pad = tmp_path / "mapping.yaml"
    pad.write_text(inhoud, encoding="utf-8")
    with pytest.raises(InvoerFout, match=r"de mapping is leeg|hier hoort een blok met sleutels te staan"):
        load_mapping(pad)


def test_the_required_tables_must_be_there(tmp_path):
    delen = MAPPING.split("  huishouden:\n")
    pad = tmp_path / "mapping.yaml"
    pad.write_text(delen[0], encoding="utf-8")
    with pytest.raises(InvoerFout, match="'huishouden' ontbreekt"):
        load_mapping(pad)


def test_a_quote_that_is_never_closed_is_wrong_where_it_opens(tmp_path):
    regels = weiger(tmp_path, "titel: Proefpakket", "titel: 'Proefpakket")
    assert regels[:2] == [
        "Invoer niet leesbaar: de mapping is geen geldige YAML",
        "  Waar: mapping.yaml, regel 3",
    ]

"""Bad mappings and bad sources: the exact message, the place in it, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, TksFout, UitvoerFout

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
BRON = "nr;in;uit;reden\nh1;2024-01-01;;\nh2;2024-01-02;2024-03-01;A\nh3;2024-01-03;2024-03-01;V\n"


def weiger(map_: Path, mapping: str = MAPPING, bron: str | bytes | None = BRON, fout=InvoerFout) -> str:
    """Import text as a source, expect a refusal, and return its message.

    Nothing is left behind, unless rows are to blame: then the message names the files with those rows.
    """
    (map_ / "mapping.yaml").write_text(mapping, encoding="utf-8")
    if bron is not None:
        (map_ / "bron.csv").write_bytes(bron if isinstance(bron, bytes) else bron.encode())
    voor = sorted(map_.rglob("*"))
    with pytest.raises(TksFout) as gevangen:
        run_import(map_ / "mapping.yaml", map_ / "bron.csv", map_ / "pakket")
    assert type(gevangen.value) is fout
    left = [p for p in sorted(map_.rglob("*")) if p not in voor]
    told = str(gevangen.value)
    if left:
        assert [p.name for p in left] == ["bron.apart.csv", "bron.apart.xlsx"]
        tail = f"alle rijen staan in bron.apart.csv en bron.apart.xlsx ({map_})"
        assert told.endswith(tail)
        told = told.removesuffix(tail).removesuffix("; ")
        for path in left:
            path.unlink()
    return told.replace(f"{map_}/", "")


def vervang(oud: str, nieuw: str, tekst: str = MAPPING) -> str:
    assert tekst.count(oud) == 1
    return tekst.replace(oud, nieuw)


def apart(mapping: str = MAPPING) -> str:
    return vervang("puntkomma\n", "puntkomma\n  onleesbare_rijen: apart\n", mapping)


HERSTEL_RIJEN = (
    "verbeter de bron of de mapping, of zet in de mapping onder bron 'onleesbare_rijen: apart': "
    "zulke rijen blijven dan buiten het pakket en worden geteld"
)
WAAR_RIJEN = "de bron (eerste rij onder de kolomnamen = rij 1)"


def test_missing_mapping(tmp_path):
    with pytest.raises(InvoerFout) as fout:
        run_import(tmp_path / "weg.yaml", tmp_path / "bron.csv", tmp_path / "pakket")
    assert str(fout.value) == (
        "Invoer niet leesbaar: de mapping bestaat niet\n"
        f"  Waar: {tmp_path}/weg.yaml\n"
        "  Verwacht: een YAML-bestand dat zegt hoe de bron een pakket wordt\n"
        "  Herstel: controleer het pad; een uitgewerkt voorbeeld staat in docs/voorbeelden"
    )


def test_yaml_syntax_error_names_the_line(tmp_path):
    assert weiger(tmp_path, vervang("  titel: Proefpakket", "  titel: [Proefpakket")) == (
        "Invoer niet leesbaar: de mapping is geen geldige YAML\n"
        "  Waar: mapping.yaml, regel 4\n"
        "  Herstel: let op inspringen (spaties, geen tabs) en zet namen met een dubbele punt erin tussen "
        "aanhalingstekens"
    )


def test_mapping_in_another_encoding(tmp_path):
    (tmp_path / "mapping.yaml").write_bytes("titel: één".encode("cp1252"))
    with pytest.raises(InvoerFout, match="de mapping is niet in UTF-8 gecodeerd"):
        run_import(tmp_path / "mapping.yaml", tmp_path / "bron.csv", tmp_path / "pakket")


def test_unknown_table(tmp_path):
    extra = MAPPING + "  betrokkenheden:\n    kolommen: {}\n"
    assert weiger(tmp_path, extra) == (
        "Invoer niet leesbaar: de tabel 'betrokkenheden' bestaat niet in de gegevensafspraak\n"
        "  Waar: mapping.yaml, regel 25: tabellen > betrokkenheden\n"
        "  Herstel: Bedoelt u 'betrokkenheid'?"
    )


def test_unknown_source_column_names_the_columns_there_are(tmp_path):
    assert weiger(tmp_path, vervang("van: in", "van: inn")) == (
        "Invoer niet leesbaar: de bron heeft geen kolom 'inn'\n"
        "  Waar: mapping.yaml, regel 20: tabellen > huishouden > periode > van\n"
        "  Verwacht: een kolom van bron.csv: nr, in, uit, reden\n"
        "  Herstel: Bedoelt u 'in'?"
    )


def test_unknown_field(tmp_path):
    assert weiger(tmp_path, vervang("      reden_einde:", "      reden_eind:")) == (
        "Invoer niet leesbaar: de sleutel 'reden_eind' is onbekend\n"
        "  Waar: mapping.yaml, regel 24: tabellen > huishouden > kolommen > reden_eind\n"
        "  Herstel: Bedoelt u 'reden_einde'?"
    )


def test_unknown_code_is_counted_but_never_shown(tmp_path):
    bron = BRON + "h4;2024-01-04;2024-03-01;Geheimstraat\nh5;2024-01-05;2024-03-01;Geheimplein\n"
    assert weiger(tmp_path, bron=bron) == (
        "Invoer niet leesbaar: 2 van de 5 rijen van de bron zijn niet te gebruiken\n"
        f"  Waar: {WAAR_RIJEN}\n"
        "  Kreeg: kolom reden: een code die niet in de vertaling van huishouden.reden_einde staat, "
        "2 rijen (rij 4, 5)\n"
        f"  Herstel: {HERSTEL_RIJEN}"
    )


def test_impossible_date(tmp_path):
    assert weiger(tmp_path, bron=BRON.replace("2024-01-03", "2024-02-30")) == (
        "Invoer niet leesbaar: 1 van de 3 rijen van de bron is niet te gebruiken\n"
        f"  Waar: {WAAR_RIJEN}\n"
        "  Kreeg: kolom in: geen bestaande datum in de notatie iso tussen 1900 en 2100, 1 rij (rij 3)\n"
        f"  Herstel: {HERSTEL_RIJEN}"
    )


def test_partial_and_unborn_dates_are_refused_by_default(tmp_path):
    mapping = vervang("puntkomma\n", "puntkomma\n  datumnotatie: jjjjmmdd\n")
    bron = "nr;in;uit;reden\nh1;20240300;;\nh2;20230000;;\nh3;99999999;;\nh4;20240101;20240230;A\n"
    assert "4 van de 4 rijen" in weiger(tmp_path, mapping, bron)
    kreeg = weiger(tmp_path, mapping, bron).splitlines()[2]
    assert kreeg == (
        "  Kreeg: kolom in: een datum van een ongeboren kind (99999999), 1 rij (rij 3); "
        "kolom in: een gedeeltelijke datum: dag of maand is 00, 2 rijen (rij 1, 2); "
        "kolom uit: geen bestaande datum in de notatie jjjjmmdd tussen 1900 en 2100, 1 rij (rij 4)"
    )


def test_wrong_delimiter(tmp_path):
    assert weiger(tmp_path, bron=BRON.replace(";", ",")) == (
        "Invoer niet leesbaar: de bron heeft een ander scheidingsteken\n"
        "  Waar: bron.csv, regel 1\n"
        "  Verwacht: puntkomma\n"
        "  Kreeg: komma\n"
        "  Herstel: zet in de mapping onder bron 'scheidingsteken: komma'"
    )


def test_source_without_names_shows_no_data(tmp_path):
    bericht = weiger(tmp_path, bron="Jansen;2024-01-01;;\nPieters;2024-01-02;;\n")
    assert bericht == (
        "Invoer niet leesbaar: de eerste regel van de bron noemt geen enkele kolom uit de mapping\n"
        "  Waar: bron.csv, regel 1\n"
        "  Verwacht: nr, in, uit, reden\n"
        "  Herstel: kies de mapping die bij deze bron hoort, of zet de kolomnamen op de eerste regel"
    )


def test_wrong_encoding_names_the_line(tmp_path):
    mapping = vervang("puntkomma\n", "puntkomma\n  codering: utf-8\n")
    assert weiger(tmp_path, mapping, BRON.replace("h3", "één").encode("cp1252")) == (
        "Invoer niet leesbaar: de bron is niet in utf-8 gecodeerd\n"
        "  Waar: bron.csv, regel 4\n"
        "  Verwacht: utf-8\n"
        "  Kreeg: een andere codering\n"
        "  Herstel: zet de goede codering in de mapping onder bron > codering; "
        "Excel schrijft vaak windows-1252"
    )
    assert "Kreeg: utf-16" in weiger(tmp_path, mapping, BRON.encode("utf-16"))


def test_what_is_no_utf16_at_all_or_stops_within_a_character(tmp_path):
    mapping = vervang("puntkomma\n", "puntkomma\n  codering: utf-16\n")
    assert "de bron is niet in utf-16 gecodeerd\n  Waar: bron.csv, regel 1\n" in weiger(tmp_path, mapping)
    half = [b.encode("utf-16")[:-1] for b in (BRON, BRON.replace("A", '"A"'), "nr;in")]
    for bron in half:
        assert "de bron kan niet als CSV worden gelezen" in weiger(tmp_path, mapping, bron)
    # A row too short as well, which the reader would drop.
    kort = (BRON + "h4;é").encode()[:-1]
    assert "de bron kan niet als CSV worden gelezen" in weiger(tmp_path, apart(), kort)


def test_utf8_that_is_called_windows_is_refused_before_accents_break(tmp_path):
    mapping = vervang("puntkomma\n", "puntkomma\n  codering: windows-1252\n")
    assert weiger(tmp_path, mapping, BRON.replace("reden\n", "reden é\n")) == (
        "Invoer niet leesbaar: de bron is in utf-8 gecodeerd\n"
        "  Waar: bron.csv\n"
        "  Verwacht: windows-1252\n"
        "  Kreeg: utf-8\n"
        "  Herstel: zet in de mapping onder bron 'codering: utf-8', anders raken letters met accenten kapot"
    )


@pytest.mark.parametrize(
    ("bron", "wat"),
    [
        (None, "de bron bestaat niet"),
        (b"", "de bron is leeg"),
        (b"\xef\xbb\xbf\n", "de bron is leeg"),
        ("nr;in;uit;reden\n", "de bron heeft wel kolomnamen maar geen rijen"),
        (
            "nr;in;uit;reden;nr\nh1;2024-01-01;;;\n",
            "een kolom uit de mapping staat meer dan één keer in de bron",
        ),
        (b"PK\x03\x04rest", "de bron is een zipbestand, en dat wordt niet gelezen"),
        (BRON + 'h4;"2024-01-04;;\nh5;2024-01-05;;\n', "een aanhalingsteken wordt niet goed gesloten"),
        (BRON + 'h4;2024-01-04;;"A\nh5;2024-01-05;;"V"\n', "een aanhalingsteken wordt niet goed gesloten"),
    ],
)
def test_sources_that_are_no_table(tmp_path, bron, wat):
    assert weiger(tmp_path, bron=bron).startswith(f"Invoer niet leesbaar: {wat}")


def test_source_is_a_folder(tmp_path):
    (tmp_path / "bron.csv").mkdir()
    assert weiger(tmp_path, bron=None).startswith("Invoer niet leesbaar: de bron is een map")


def test_all_rows_rubbish(tmp_path):
    rommel = "nr;in;uit;reden\n" + "".join(f"h{i};gisteren;;\n" for i in range(7))
    datum = (
        "kolom in: geen bestaande datum in de notatie iso tussen 1900 en 2100, "
        "7 rijen (eerste: 1, 2, 3, 4, 5)"
    )
    assert weiger(tmp_path, bron=rommel) == (
        "Invoer niet leesbaar: 7 van de 7 rijen van de bron zijn niet te gebruiken\n"
        f"  Waar: {WAAR_RIJEN}\n"
        f"  Kreeg: {datum}\n"
        f"  Herstel: {HERSTEL_RIJEN}"
    )
    assert weiger(tmp_path, apart(), rommel) == (
        "Invoer niet leesbaar: er blijft geen enkele rij van de bron over\n"
        f"  Kreeg: {datum}\n"
        "  Herstel: controleer of deze mapping bij deze bron hoort, vooral datumnotatie en vertalingen"
    )


def test_half_of_the_rows_rubbish(tmp_path):
    half = "nr;in;uit;reden\n" + "".join(f"h{i};2024-01-01;;\nh{i} x;;;\n" for i in range(3))
    assert weiger(tmp_path, bron=half) == (
        "Invoer niet leesbaar: 3 van de 6 rijen van de bron zijn niet te gebruiken\n"
        f"  Waar: {WAAR_RIJEN}\n"
        "  Kreeg: kolom in: leeg waar een waarde nodig is, 3 rijen (rij 2, 4, 6); kolom nr: tekens die in "
        "een sleutel niet mogen, of een sleutel langer dan 64 tekens, 3 rijen (rij 2, 4, 6)\n"
        f"  Herstel: {HERSTEL_RIJEN}"
    )


def test_target_in_use_and_not_writable(tmp_path):
    (tmp_path / "pakket").mkdir()
    (tmp_path / "pakket" / "iets").write_text("x")
    assert "de plek voor het pakket is al in gebruik" in weiger(tmp_path, fout=UitvoerFout)
    (tmp_path / "bestand").write_text("x")
    with pytest.raises(UitvoerFout, match="het pakket kan hier niet worden geschreven"):
        run_import(tmp_path / "mapping.yaml", tmp_path / "bron.csv", tmp_path / "bestand" / "pakket")


def test_unknown_format(tmp_path):
    weiger(tmp_path, bron=None)
    (tmp_path / "bron.csv").write_text(BRON, encoding="utf-8")
    with pytest.raises(GebruikFout, match="het formaat 'xlsx' bestaat niet"):
        run_import(tmp_path / "mapping.yaml", tmp_path / "bron.csv", tmp_path / "uit", fmt="xlsx")


@pytest.mark.parametrize("vorm", ["{}", "{}.0", "{} ", "0{}"])
def test_raw_bsn_is_refused_in_any_column(tmp_path, vorm):
    # Numbers made for tests: they pass the eleven-test and nobody has them.
    proef = ["999990019", "999990020", "999990032", "999990044", "999990056"]
    if vorm == "0{}":
        proef, vorm = ["10000008", "10000021", "10000033", "10000045", "10000057"], "{}"
    rijen = "".join(f"h{i};2024-01-01;;;{vorm.format(b)}\n" for i, b in enumerate(proef))
    bron = "nr;in;uit;reden;burger\n" + rijen + "h9;2024-01-01;;;999999999\n"
    assert weiger(tmp_path, bron=bron) == (
        "Invoer niet leesbaar: een kolom van de bron lijkt ruwe burgerservicenummers te bevatten\n"
        "  Waar: bron.csv, kolom 'burger'\n"
        "  Verwacht: pseudoniemen\n"
        "  Kreeg: 5 rijen; van 5 verschillende getallen van acht of negen cijfers doorstaan 5 de elfproef, "
        "en bij toeval zou dat 0,5 zijn\n"
        "  Herstel: laat de bronhouder de kolom vervangen door pseudoniemen of weglaten; "
        "dit programma verwerkt geen BSN"
    )


def test_pseudonyms_need_a_secret(tmp_path, monkeypatch):
    mapping = vervang("sleutel: ongewijzigd", "sleutel: pseudoniem")
    monkeypatch.delenv("TKS_GEHEIM", raising=False)
    assert weiger(tmp_path, mapping) == (
        "Invoer niet leesbaar: de mapping vraagt om pseudoniemen, maar het geheim daarvoor ontbreekt\n"
        "  Waar: omgevingsvariabele TKS_GEHEIM\n"
        "  Verwacht: ten minste 16 tekens die niemand kan raden\n"
        "  Herstel: zet een geheim in TKS_GEHEIM of wijs een sleutelbestand aan met --geheim, en bewaar het "
        "buiten het pakket; met hetzelfde geheim krijgt dezelfde sleutel elke keer hetzelfde pseudoniem"
    )
    monkeypatch.setenv("TKS_GEHEIM", "kort")
    assert "maar het geheim daarvoor is te kort" in weiger(tmp_path, mapping)


def test_a_key_without_a_word_on_pseudonyms(tmp_path):
    mapping = vervang("    nr: {sleutel: ongewijzigd}\n", "    nr: {vul_aan: 3}\n")
    assert weiger(tmp_path, mapping) == (
        "Invoer niet leesbaar: voor de sleutel 'huishouden_id' is niet gezegd of de bron al pseudoniemen "
        "bevat\n"
        "  Waar: mapping.yaml, regel 22: tabellen > huishouden > kolommen > huishouden_id > kolom\n"
        "  Verwacht: bij bron > kolommen > nr: 'sleutel: pseudoniem' (het programma maakt ze) of "
        "'sleutel: ongewijzigd' (de bron bevat ze al)\n"
        "  Herstel: voeg die regel toe; kies bij twijfel pseudoniem"
    )


def test_spaces_that_would_make_one_key_of_two(tmp_path):
    mapping = vervang("{sleutel: ongewijzigd}", '{sleutel: ongewijzigd, spaties: "_"}')
    bron = "nr;in;uit;reden\nGezin 1;2024-01-01;;\nGezin_1;2024-01-01;;\n"
    assert weiger(tmp_path, mapping, bron) == (
        "Invoer niet leesbaar: met 'spaties' vallen verschillende waarden samen\n"
        "  Waar: kolom 'nr' van de bron\n"
        "  Kreeg: 'spaties: _'\n"
        "  Herstel: kies een ander teken, of maak er pseudoniemen van zonder 'spaties'"
    )


def test_values_that_differ_within_one_household(tmp_path):
    mapping = vervang("    periode: {van: in", "    per: [nr]\n    periode: {van: in")
    assert weiger(tmp_path, mapping, BRON + "h2;2024-01-02;2024-03-01;V\n") == (
        "Invoer niet leesbaar: 2 van de 4 rijen van de bron zijn niet te gebruiken\n"
        f"  Waar: {WAAR_RIJEN}\n"
        "  Kreeg: kolom reden: verschillende waarden binnen één rij van de tabel huishouden (per nr), "
        "2 rijen (rij 2, 4)\n"
        f"  Herstel: {HERSTEL_RIJEN}"
    )
    gemengd = weiger(tmp_path, mapping, BRON + "h2;2024-01-02;;A\n")
    assert "kolom uit: verschillende waarden binnen één rij van de tabel huishouden (per nr)" in gemengd


def test_peildatum_in_the_future(tmp_path):
    mapping = vervang("peildatum: 2024-07-01", "peildatum: laatste_gebeurtenis")
    assert weiger(tmp_path, mapping, BRON.replace("2024-03-01;A", "2099-12-31;A")) == (
        "Invoer niet leesbaar: de peildatum ligt in de toekomst\n"
        "  Waar: mapping.yaml: pakket > peildatum\n"
        "  Kreeg: 2100-01-01\n"
        "  Herstel: zet de datum van de export in de mapping; markeringen zoals 9999-12-31 horen bij 'leeg'"
    )


def test_nothing_before_the_peildatum_and_no_household(tmp_path):
    heel = vervang("{begin: 2024-01-01, eind: 2024-07-01}", "hele_bron")
    vroeg = vervang("peildatum: 2024-07-01", "peildatum: 2020-01-01", heel)
    assert "alle datums in de bron liggen op of na de peildatum" in weiger(tmp_path, vroeg)
    geen = vervang("    periode: {van: in", "    alleen: {reden: [X]}\n    periode: {van: in")
    assert "geen enkele rij van de bron levert een huishouden op" in weiger(tmp_path, geen)


@pytest.mark.parametrize(
    ("oud", "nieuw", "waar", "wat"),
    [
        (
            "      proeftuin_id: {vast: p1}\n      naam",
            "      proeftuin_id: {vast: p 1}\n      naam",
            "regel 16: tabellen > proeftuin > kolommen > proeftuin_id > vast",
            "'p 1' past niet in het veld 'proeftuin_id'",
        ),
        (
            "      naam: {vast: Proef}\n",
            "      naam: {vast: Proef}\n      tranche: {vast: eerste}\n",
            "regel 18: tabellen > proeftuin > kolommen > tranche > vast",
            "'eerste' past niet in het veld 'tranche'",
        ),
    ],
)
def test_constants_that_do_not_fit_the_field(tmp_path, oud, nieuw, waar, wat):
    regels = weiger(tmp_path, vervang(oud, nieuw)).splitlines()
    assert regels[0] == f"Invoer niet leesbaar: {wat}"
    assert regels[1] == f"  Waar: mapping.yaml, {waar}"

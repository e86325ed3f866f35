"""Profiles: each on a delivery to its official layout, with known faults of every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.data.deliveries import LAYOUTS, REFUSED, Outcome, bring, deliver, mapping
from tests.one_source import load_mapping
from toekomstscenario_eval.cli import app
from toekomstscenario_eval.data.checks import check
from toekomstscenario_eval.data.importers import profile
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.data.spells import stitch
from toekomstscenario_eval.errors import GebruikFout, InvoerFout
from toekomstscenario_eval.types import Status

ROWS = 2000
LOG = Path(__file__).parents[3] / "shared" / "praktijk" / "zaaklog_gemeenten.csv"


@pytest.fixture(scope="module", params=LAYOUTS)
def brought(request, tmp_path_factory) -> tuple[str, Outcome]:
    return request.param, bring(request.param, ROWS, tmp_path_factory.mktemp("levering"))


def test_every_seeded_row_is_what_it_must_be(brought):
    _, outcome = brought
    assert {naam: found for naam, (_, found) in outcome.found.items()} == {
        naam: seeded for naam, (seeded, _) in outcome.found.items()
    }


def test_rows_add_up_and_each_kind_set_aside_is_counted(brought):
    profiel, outcome = brought
    verslag, persons = outcome.verslag, 2 if LAYOUTS[profiel].table == "ketenstap" else 1
    seeded = {naam: persons * outcome.found[naam][0] for naam in REFUSED if naam in outcome.found}
    assert verslag.gelezen == ROWS
    assert verslag.rows_apart == sum(seeded.values())
    assert sorted(a.aantal for a in verslag.apart) == sorted(seeded.values())


def test_a_value_that_is_nobody_is_never_shared_by_households(brought):
    profiel, outcome = brought
    persons = outcome.tables["persoon"]
    assert persons["persoon_id"].is_unique
    assert not persons["persoon_id"].isin(["0", "0.0", "000000000", "999999999", "999999999.0"]).any()
    own = persons[persons["persoon_id"].str.contains(r"\.(?:onbekend|ongeboren|leeg)\d+$")]
    assert (own["persoon_id"].str.split(".").str[0] == own["huishouden_id"]).all()
    counted = {n.soort: n.aantal for n in outcome.verslag.nobody}
    if LAYOUTS[profiel].unknown:
        assert counted == {
            "onbekend": outcome.found["nummer onbekend"][0]
            + outcome.found["nummer onbekend, door Excel of SPSS"][0],
            "ongeboren": outcome.found["ongeboren"][0],
            "leeg": outcome.found["nummer leeg"][0],
        }
        assert len(own) == sum(counted.values())
    else:
        assert (counted, len(own)) == ({}, 0)


def test_partial_dates_are_counted_and_bounded(brought):
    profiel, outcome = brought
    how, (effect,) = LAYOUTS[profiel], outcome.verslag.partial
    persons = 2 if how.table == "ketenstap" else 1
    seeded = outcome.found["maand bekend, dag niet"][0] + outcome.found["alleen jaar bekend"][0]
    assert (effect.tabel, effect.aantal) == (how.table, persons * seeded)
    assert 182 <= effect.grootste <= 184
    assert effect.minimum < effect.dagen < effect.maximum
    assert effect.som_dagen <= effect.aantal * effect.grootste


def test_the_package_has_no_blocking_fault(brought, tmp_path):
    _, outcome = brought
    wrong = [
        f for f in check(open_package(outcome.verslag.pakket)) if f.status in (Status.GEFAALD, Status.FOUT)
    ]
    assert [f.regel for f in wrong if f.blokkeert] == []


def test_every_profile_says_where_its_layout_comes_from_and_is_tried():
    tried = {*LAYOUTS, "gebeurtenissen"}
    assert set(profile.names()) == tried
    for naam in profile.names():
        card = profile.card(naam)
        assert card.titel
        assert card.bron
        assert "pakket" in card.zelf_invullen


def _written(folder: Path, text: str) -> Path:
    path = folder / "eigen.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_alone_says_what_is_still_missing(tmp_path):
    with pytest.raises(InvoerFout) as fout:
        load_mapping(_written(tmp_path, "profiel: jeugdbescherming_2016\n"))
    assert str(fout.value.wat) == "'pakket' ontbreekt"


def test_a_misspelt_profile_gets_a_suggestion(tmp_path):
    with pytest.raises(InvoerFout) as fout:
        load_mapping(_written(tmp_path, mapping("jeugdbescherming_2061")))
    assert fout.value.wat == "het profiel 'jeugdbescherming_2061' bestaat niet"
    assert fout.value.herstel == "Bedoelt u 'jeugdbescherming_2016'?"
    assert fout.value.waar == "eigen.yaml, regel 1: profiel"


def test_own_keys_go_before_those_of_the_profile(tmp_path):
    text = mapping("jeugdbescherming_2016") + (
        "  persoon:\n"
        "  maatregel:\n"
        "    kolommen:\n"
        "      organisatie_id: {vast: gi-noord}\n"
        "      reden_einde: {vertaling: {'08': '04'}}\n"
    )
    table = {t.naam: t for t in load_mapping(_written(tmp_path, text)).tabellen}
    assert "persoon" not in table
    fields = table["maatregel"].fields
    assert (fields["organisatie_id"].soort, fields["organisatie_id"].waarde) == ("vast", "gi-noord")
    translation = fields["reden_einde"].vertaling
    assert translation is not None
    assert (translation["08"], translation["07"], translation["01"]) == ("04", "07", "01")


def test_a_fault_in_a_profile_and_one_beside_it_name_their_own_file(tmp_path):
    text = (
        mapping("jeugdbescherming_2016")
        + "  maatregel: {kolommen: {reden_einde: {vertaling: {'08': '99'}}}}\n"
    )
    with pytest.raises(InvoerFout, match="staat niet in de codelijst") as fout:
        load_mapping(_written(tmp_path, text))
    assert fout.value.waar.startswith("eigen.yaml, regel 15:")
    text = mapping("jeugdbescherming_2016").replace("kolommen: {proeftuin_id: {vast: p1}}\n", "per:\n")
    with pytest.raises(InvoerFout, match="'proeftuin_id' ontbreekt") as fout:
        load_mapping(_written(tmp_path, text))
    assert fout.value.waar.startswith("profiel jeugdbescherming_2015, regel ")


@pytest.mark.parametrize(
    ("own", "fault"),
    [
        ("  maatregel: {periode: {van_leeg: {merk: begin_onbeknd}}}", "'merk' noemt geen"),
        ("  maatregel: {kolommen: {reden_einde: {als_leeg: {wordt: '99'}}}}", "de codelijst"),
        ("bron: {kolommen: {Burgerservicenummer: {geen_persoon: {waarden: {'1': h.1}}}}}", "één woord"),
        ("bron: {kolommen: {Burgerservicenummer: {geen_persoon: {binen: x}}}}", "'binen' is onbekend"),
        ("bron: {kolommen: {Geboortedatum: {gedeeltelijk: mdden}}}", "'mdden' is hier geen keuze"),
    ],
)
def test_mistakes_beside_a_profile_are_named(tmp_path, own, fault):
    with pytest.raises(InvoerFout) as fout:
        load_mapping(_written(tmp_path, mapping("jeugdbescherming_2016") + own + "\n"))
    assert fault in str(fout.value)
    assert str(fout.value.waar).startswith("eigen.yaml, regel 1")


def test_a_key_given_twice_beside_a_profile_is_refused(tmp_path):
    text = mapping("jeugdbescherming_2016") + "bron: {datumnotatie: iso}\nbron: {datumnotatie: jjjjmmdd}\n"
    with pytest.raises(InvoerFout, match="'bron' staat hier twee keer"):
        load_mapping(_written(tmp_path, text))


def test_columns_may_have_other_names_in_the_delivery(tmp_path):
    made = deliver("jeugdbescherming_2016", 200)
    frame = pd.read_csv(made.write(tmp_path / "levering.csv"), dtype=str)
    other = {"Burgerservicenummer": "pseudoniem", "Type maatregel": "mtr", "Datum overgedragen": "uit"}
    frame.rename(columns=other).to_csv(tmp_path / "anders.csv", index=False)
    named = "".join(f"  {old}: {new}\n" for old, new in other.items())
    plain = run_import(
        _written(tmp_path, mapping("jeugdbescherming_2016")), tmp_path / "levering.csv", tmp_path / "a"
    )
    how = _written(tmp_path, mapping("jeugdbescherming_2016") + "kolomnamen:\n" + named)
    renamed = run_import(how, tmp_path / "anders.csv", tmp_path / "b")
    assert (renamed.written, renamed.rows_apart) == (plain.written, plain.rows_apart)
    for table in plain.written:
        assert (tmp_path / "a" / f"{table}.csv").read_text() == (tmp_path / "b" / f"{table}.csv").read_text()
    wrong = _written(tmp_path, mapping("jeugdbescherming_2016") + "kolomnamen: {Type maatregl: mtr}\n")
    with pytest.raises(InvoerFout, match="gebruikt geen kolom 'Type maatregl'") as fout:
        load_mapping(wrong)
    assert fout.value.herstel == "Bedoelt u 'Type maatregel'?"


def test_a_profile_of_the_wrong_year_shows(tmp_path):
    """In 2016 the values for unknown and unborn changed places: the report shows who mixes them up."""
    source = deliver("jeugdbescherming_2016", ROWS).write(tmp_path / "levering.csv")
    verslag = run_import(_written(tmp_path, mapping("jeugdbescherming_2015")), source, tmp_path / "pakket")
    unborn = {n.soort: (n.aantal, n.ongeboren) for n in verslag.nobody}
    assert unborn == {"onbekend": (20, 20), "ongeboren": (40, 0), "leeg": (20, 0)}
    assert "met 'onbekend', waarvan 20 met 99999999 als geboortedatum" in verslag.tekst()


def test_a_referrer_of_another_year_is_counted(tmp_path):
    for year, expected in (("2015", 20), ("2016", 0)):
        source = deliver(f"jeugdhulp_{year}", ROWS).write(tmp_path / f"{year}.csv")
        how = _written(tmp_path, mapping(f"jeugdhulp_{year}"))
        verslag = run_import(how, source, tmp_path / year)
        assert sum(o.aantal for o in verslag.onbekend if o.kolom == "Verwijzer") == expected


@pytest.mark.parametrize("profiel", ["jeugdhulp_2015", "ijw_jeugdhulp"])
def test_bounds_are_what_the_first_and_the_last_possible_days_give(tmp_path, profiel):
    source = deliver(profiel, 400).write(tmp_path / "levering.csv")
    column = LAYOUTS[profiel].begin
    days = {}
    for choice in ("begin", "midden", "eind"):
        text = mapping(profiel) + f"bron: {{kolommen: {{{column}: {{gedeeltelijk: {choice}}}}}}}\n"
        (effect,) = run_import(_written(tmp_path, text), source, tmp_path / choice).partial
        days[choice] = (effect.dagen, effect.minimum, effect.maximum)
    low, high = days["eind"][0], days["begin"][0]
    assert low < days["midden"][0] < high
    assert {bounds[1:] for bounds in days.values()} == {(low, high)}


def test_two_without_a_number_in_one_household_are_two(tmp_path):
    made = deliver("jeugdbescherming_2016", 400)
    made.columns = {naam: values[:4] for naam, values in made.columns.items()}
    made.columns["Burgerservicenummer"][:3] = "999999999"
    made.columns["Geboortedatum"][:3] = ["20100101", "20120202", "20100101"]
    made.columns["Datum overgedragen gekregen"][:] = ""
    made.columns["Datum aanvang kinderbeschermingsmaatregel"][:] = "20150101"
    made.columns["Datum einde kinderbeschermingsmaatregel"][:] = ""
    made.columns["Datum overgedragen"][:] = ""
    for naam, value in {
        "Type maatregel": "11",
        "Reden beëindiging maatregel": "",
        "Huishouden": "h0",
    }.items():
        made.columns[naam][:] = value
    made.columns["Huishouden"][2:] = "h1"
    how = _written(tmp_path, mapping("jeugdbescherming_2016"))
    run_import(how, made.write(tmp_path / "l.csv"), tmp_path / "pakket")
    persons = pd.read_csv(tmp_path / "pakket" / "persoon.csv", dtype=str)["persoon_id"]
    assert set(persons) >= {"h0.onbekend1", "h0.onbekend2", "h1.onbekend1"}
    assert len(persons) == 4


@pytest.mark.skipif(not LOG.is_file(), reason="het zaaklog staat niet naast de projectmap")
def test_the_case_log_goes_through_its_profile(tmp_path):
    text = mapping("gebeurtenissen").replace("{begin: 2015-01-01", "{begin: 2010-01-01")
    # Two of its workers differ in capitals only.
    text += '\nbron:\n  kolommen:\n    "org:resource": {sleutel_vorm: zoals_geschreven}\n'
    verslag = run_import(_written(tmp_path, text), LOG, tmp_path / "pakket")
    assert (verslag.gelezen, verslag.rows_apart) == (8577, 0)
    assert verslag.written == {
        "proeftuin": 1,
        "huishouden": 1434,
        "organisatie": 10,
        "professional": 48,
        "betrokkenheid": 6296,
    }


def test_commands_list_and_show():
    runner = CliRunner()
    listed = runner.invoke(app, ["profiel", "lijst"])
    assert listed.exit_code == 0
    for naam in profile.names():
        assert re.search(rf"^{naam}: ", listed.output, re.MULTILINE)
    shown = runner.invoke(app, ["profiel", "toon", "jeugdbescherming_2016"])
    assert shown.exit_code == 0
    assert (
        "Kolommen die naast die van de indeling nodig zijn: Huishouden, Instroom, Uitstroom" in shown.output
    )
    assert "--- jeugdbescherming_2015, waarop jeugdbescherming_2016 voortbouwt" in shown.output
    assert '"07": "07"' in shown.output
    with pytest.raises(GebruikFout, match="het profiel 'jeugd' bestaat niet"):
        profile.texts("jeugd")


@pytest.mark.parametrize("profiel", LAYOUTS)
def test_provisional_final_and_overlapping_half_years_count_each_record_once(profiel, tmp_path):
    outcome = bring(profiel, ROWS, tmp_path, again=True)
    verslag, (records, right) = outcome.verslag, outcome.found["alle rijen"]
    assert (records, right) == (ROWS, ROWS)
    assert verslag.gelezen == verslag.used + verslag.rows_apart + verslag.replaced.aantal
    persons = 2 if LAYOUTS[profiel].table == "ketenstap" else 1
    refused = persons * sum(outcome.found[naam][0] for naam in REFUSED if naam in outcome.found)
    # What was withdrawn is gone, and of a record whose newest row cannot be used no older one stands in.
    assert (verslag.used, verslag.rows_apart) == (ROWS - refused, refused)
    assert verslag.replaced.other_end == outcome.found["einde later verbeterd"][0]
    assert f"vervangen: {verslag.replaced.aantal}" in verslag.tekst()


def test_rows_without_a_key_never_take_each_others_place(tmp_path):
    made = deliver("jeugdbescherming_2016", 400)
    columns = {naam: values[:6].copy() for naam, values in made.columns.items()}
    for naam, value in {
        "Burgerservicenummer": "",
        "Huishouden": "",
        "Type maatregel": "11",
        "Datum aanvang kinderbeschermingsmaatregel": "20150101",
        "Datum overgedragen gekregen": "",
    }.items():
        columns[naam][:3] = value
    made.columns = {**columns, "Periode": columns["Geslacht"].copy()}
    made.columns["Periode"][:] = "2015-1"
    text = mapping("jeugdbescherming_2016") + "bron: {levering: {volgorde: Periode}}\n"
    verslag = run_import(_written(tmp_path, text), made.write(tmp_path / "l.csv"), tmp_path / "pakket")
    assert verslag.replaced.aantal == 0
    assert [a.aantal for a in verslag.apart if a.kolom == "Burgerservicenummer"] == [3]


@pytest.mark.parametrize(
    ("levering", "fault"),
    [
        ("{versie: Versie, leverancier:, sleutel:}", "'volgorde' ontbreekt"),
        ("{volgorde: Periode, sleutel:}", "'sleutel' ontbreekt"),
        ("{volgorde: Periode, wint: laatste}", "de sleutel 'wint' is onbekend"),
    ],
)
def test_deliveries_that_are_half_said_are_refused(tmp_path, levering, fault):
    text = mapping("jeugdbescherming_2016") + f"bron: {{levering: {levering}}}\n"
    with pytest.raises(InvoerFout, match=fault):
        load_mapping(_written(tmp_path, text))


def test_the_printed_mapping_works(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "profielen.md").read_text(encoding="utf-8")
    (printed,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    (renamed, delivered) = re.findall(r"```\n((?:kolomnamen|bron):\n.*?)```", page, flags=re.DOTALL)
    made = deliver("jeugdbescherming_2016", 400)
    source = made.write(tmp_path / "levering.csv")
    verslag = run_import(_written(tmp_path, printed), source, tmp_path / "pakket")
    assert verslag.gelezen == 400
    assert verslag.used + verslag.rows_apart == 400
    both = load_mapping(_written(tmp_path, printed + renamed + delivered))
    assert {"pseudoniem_kind", "maatregel", "Verslagperiode", "Versie"} <= set(both.own)
    assert not {"Burgerservicenummer", "Type maatregel"} & set(both.own)


def test_a_measure_that_is_handed_over_is_one_measure_with_its_own_begin(tmp_path):
    outcome = bring("jeugdbescherming_2016", ROWS, tmp_path)
    handed_over, _ = outcome.found["overgedragen"]
    rows = outcome.tables["maatregel"]
    taken = rows[rows["begin_onbekend"] == "true"]
    assert len(taken) == len(rows[rows["reden_einde"] == "OV"]) == handed_over
    measure = open_package(outcome.verslag.pakket).tabellen["maatregel"]
    measure = measure.filter(measure.soort == "11")
    spells = stitch(measure, ["persoon_id"], gap=7).execute()
    of_kind = rows[rows["soort"] == "11"]
    pairs = (of_kind["reden_einde"] == "OV").sum()
    assert len(spells) == len(of_kind) - pairs
    # Each runs from the day that the first institution delivered.
    last = spells[spells["persoon_id"].isin(of_kind.loc[of_kind["begin_onbekend"] == "true", "persoon_id"])]
    assert len(last) == pairs
    assert last["eind"].isna().all()

"""Importing a small self-made event log: every way in which rows, dates, codes and keys arise."""

from __future__ import annotations

import hashlib
import hmac
import random
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toekomstscenario_eval.data.importers.import_report import SetAside
from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.data.package import open_package
from toekomstscenario_eval.types import Levering, Venster

KOP = "zaak,medewerker,team,moment,start,einde"
LOG = """\
z1,m1,Team A,2024-03-01 23:30:00+02:00,2024-03-01,2024-03-20
z1,m1,Team A,2024-03-10 08:00:00+01:00,2024-03-01,2024-03-20
z1,m2,Team B,2024-03-12 09:00:00+01:00,2024-03-01,2024-03-20
z2,m1,Team A,2024-04-01 09:00:00+02:00,2024-03-31,
z2,m1,Team B,2024-04-05 00:10:00+02:00,2024-03-31,
"""
PAKKET = """\
pakket:
  naam: proef
  titel: Proefpakket
  peildatum: laatste_gebeurtenis
  waarneemvenster: hele_bron
  bronnen: [Zelfgemaakt log]
  contact: de maker
"""
PROEFTUIN = """\
tabellen:
  proeftuin:
    per: []
    kolommen:
      proeftuin_id: {vast: p1}
      naam: {vast: Proef}
      soort: {vast: proeftuin}
"""
MAPPING = f"""\
{PAKKET}
bron:
  kolommen:
    zaak: {{sleutel: ongewijzigd}}
    medewerker: {{sleutel: ongewijzigd}}
    team: {{sleutel: ongewijzigd, spaties: "_"}}
{PROEFTUIN}
  huishouden:
    per: [zaak]
    periode: {{van: start, tot: einde, laatste_dag_telt_mee: ja}}
    kolommen:
      huishouden_id: {{kolom: zaak}}
      proeftuin_id: {{vast: p1}}
  betrokkenheid:
    per: [zaak, medewerker, team]
    periode: {{van: moment, tot: moment, laatste_dag_telt_mee: ja, open_als_leeg: einde}}
    kolommen:
      betrokkenheid_id: {{nummer: b}}
      huishouden_id: {{kolom: zaak}}
      professional_id: {{kolom: medewerker}}
      organisatie_id: {{kolom: team}}
      rol: {{vast: lid}}
"""
HUISHOUDENS = f"""\
{PAKKET.replace("laatste_gebeurtenis", "2024-07-01")}
bron:
  scheidingsteken: puntkomma
  kolommen:
    nr: {{sleutel: ongewijzigd}}
{PROEFTUIN}
  huishouden:
    periode: {{van: in, tot: uit, laatste_dag_telt_mee: ja}}
    kolommen:
      huishouden_id: {{kolom: nr}}
      proeftuin_id: {{vast: p1}}
"""


def doe(map_: Path, mapping: str, bron: str | bytes, **opties):
    """Import text as a source and return the report and the tables as text."""
    (map_ / "mapping.yaml").write_text(mapping, encoding="utf-8")
    (map_ / "bron.csv").write_bytes(bron if isinstance(bron, bytes) else bron.encode())
    verslag = run_import(map_ / "mapping.yaml", map_ / "bron.csv", map_ / "pakket", **opties)
    tabellen = {
        p.stem: pd.read_csv(p, dtype=str, keep_default_na=False) for p in (map_ / "pakket").glob("*.csv")
    }
    return verslag, tabellen


def vervang(tekst: str, oud: str, nieuw: str) -> str:
    assert tekst.count(oud) == 1
    return tekst.replace(oud, nieuw)


def test_events_become_spells_with_the_last_day_included(tmp_path):
    verslag, tabellen = doe(tmp_path, MAPPING, f"{KOP}\n{LOG}")
    assert tabellen["betrokkenheid"].to_csv(index=False) == (
        "betrokkenheid_id,huishouden_id,professional_id,organisatie_id,rol,begin,eind\n"
        "b1,z1,m1,Team_A,lid,2024-03-01,2024-03-11\n"
        "b2,z1,m2,Team_B,lid,2024-03-12,2024-03-13\n"
        "b3,z2,m1,Team_A,lid,2024-04-01,\n"
        "b4,z2,m1,Team_B,lid,2024-04-05,\n"
    )
    assert tabellen["huishouden"].to_csv(index=False) == (
        "huishouden_id,proeftuin_id,begin,eind\nz1,p1,2024-03-01,2024-03-21\nz2,p1,2024-03-31,\n"
    )
    assert tabellen["proeftuin"].to_csv(index=False) == "proeftuin_id,naam,soort\np1,Proef,proeftuin\n"
    assert verslag.written == {"proeftuin": 1, "huishouden": 2, "betrokkenheid": 4}
    assert (verslag.gelezen, verslag.rows_apart, verslag.apart) == (5, 0, ())


def test_the_last_day_counts_so_the_peildatum_is_the_day_after(tmp_path):
    verslag, _ = doe(tmp_path, MAPPING, f"{KOP}\n{LOG}")
    assert verslag.peildatum == date(2024, 4, 6)
    assert verslag.venster == Venster(date(2024, 3, 1), date(2024, 4, 6))
    pakket = open_package(tmp_path / "pakket")
    assert (pakket.peildatum, pakket.venster) == (verslag.peildatum, verslag.venster)
    assert (pakket.naam, pakket.titel, pakket.contact) == ("proef", "Proefpakket", "de maker")
    assert pakket.bronnen == ("Zelfgemaakt log",)


def test_the_delivery_line_goes_along(tmp_path):
    mapping = MAPPING.replace(
        "  contact: de maker\n", "  contact: de maker\n  levering: {eigenaar: Zuid, naam: log}\n"
    )
    doe(tmp_path, mapping, f"{KOP}\n{LOG}")
    assert open_package(tmp_path / "pakket").levering == Levering("Zuid", "log")


def test_without_the_last_day_the_end_stays_as_written(tmp_path):
    mapping = MAPPING.replace("laatste_dag_telt_mee: ja", "laatste_dag_telt_mee: nee")
    _, tabellen = doe(tmp_path, mapping, f"{KOP}\n{LOG}")
    assert tabellen["huishouden"]["eind"].tolist() == ["2024-03-20", ""]


def test_earliest_and_latest_of_several_columns(tmp_path):
    mapping = vervang(
        MAPPING,
        "{van: start, tot: einde, laatste_dag_telt_mee: ja}",
        "{van: [start, moment], tot: [einde, moment], laatste_dag_telt_mee: ja, open_als_leeg: einde}",
    )
    vroeg = "z3,m1,Team A,2024-02-01,2024-02-03,2024-02-05\nz3,m1,Team A,2024-02-09,2024-02-03,2024-02-05\n"
    _, tabellen = doe(tmp_path, mapping, f"{KOP}\n{LOG}{vroeg}")
    assert tabellen["huishouden"]["begin"].tolist() == ["2024-03-01", "2024-03-31", "2024-02-01"]
    assert tabellen["huishouden"]["eind"].tolist() == ["2024-03-21", "", "2024-02-10"]


@given(zaad=st.integers(0, 10_000))
@settings(max_examples=3, deadline=None)
def test_row_order_changes_no_byte(tmp_path_factory, zaad):
    rijen = LOG.splitlines()
    map_ = tmp_path_factory.mktemp("volgorde")
    doe(map_, MAPPING, f"{KOP}\n{LOG}")
    random.Random(zaad).shuffle(rijen)
    ander = tmp_path_factory.mktemp("geschud")
    doe(ander, MAPPING, "\n".join([KOP, *rijen]))
    for pad in sorted((map_ / "pakket").iterdir()):
        assert pad.read_bytes() == (ander / "pakket" / pad.name).read_bytes(), pad.name


@given(
    spells=st.lists(
        st.tuples(st.dates(date(1990, 1, 1), date(2023, 12, 30)), st.integers(0, 90)), min_size=5, max_size=40
    ),
    notatie=st.sampled_from([("iso", "%Y-%m-%d"), ("jjjjmmdd", "%Y%m%d"), ("dd-mm-jjjj", "%d-%m-%Y")]),
)
@settings(max_examples=4, deadline=None)
def test_every_notation_gives_the_same_days(tmp_path_factory, spells, notatie):
    naam, vorm = notatie
    tot = [(b, min(b + timedelta(days=n), date(2023, 12, 31))) for b, n in spells]
    rijen = "".join(f"h{i};{b.strftime(vorm)};{e.strftime(vorm)}\n" for i, (b, e) in enumerate(tot))
    mapping = vervang(HUISHOUDENS, "puntkomma\n", f"puntkomma\n  datumnotatie: {naam}\n")
    _, tabellen = doe(tmp_path_factory.mktemp("notatie"), mapping, "nr;in;uit\n" + rijen)
    begin = pd.to_datetime(tabellen["huishouden"]["begin"]).dt.date.tolist()
    eind = pd.to_datetime(tabellen["huishouden"]["eind"]).dt.date.tolist()
    assert begin == [b for b, _ in tot]
    assert eind == [e + timedelta(days=1) for _, e in tot]


@pytest.mark.parametrize(
    ("geschreven", "dag"),
    [
        ("2011-10-11 13:45:40.276000+02:00", "2011-10-11"),
        ("2011-10-11T00:05:00+02:00", "2011-10-11"),
        ("2011-10-11T23:59:59Z", "2011-10-11"),
        ("2011-10-11 13:45", "2011-10-11"),
        (" 2011-10-11 ", "2011-10-11"),
    ],
)
def test_the_day_as_written_counts_whatever_the_time_zone(tmp_path, geschreven, dag):
    _, tabellen = doe(tmp_path, HUISHOUDENS, f"nr;in;uit\nh1;{geschreven};\n")
    assert tabellen["huishouden"]["begin"].tolist() == [dag]


def test_partial_dates_by_an_explicit_rule(tmp_path):
    mapping = vervang(
        HUISHOUDENS,
        "  kolommen:\n    nr",
        "  datumnotatie: jjjjmmdd\n  kolommen:\n    in: {gedeeltelijk: midden}\n    nr",
    )
    _, tabellen = doe(tmp_path, mapping, "nr;in;uit\nh1;20240300;\nh2;20230000;\nh3;20240229;20240301\n")
    assert tabellen["huishouden"]["begin"].tolist() == ["2024-03-15", "2023-07-01", "2024-02-29"]


def test_the_year_of_birth_is_known_in_a_partial_date_and_not_of_the_unborn(tmp_path):
    mapping = (
        vervang(
            HUISHOUDENS,
            "nr: {sleutel: ongewijzigd}",
            "nr: {sleutel: ongewijzigd}\n    geb: {datumnotatie: jjjjmmdd, ongeboren: leeg}",
        )
        + """\
  persoon:
    kolommen:
      persoon_id: {nummer: k}
      huishouden_id: {kolom: nr}
      rol: {vast: kind}
      geboortejaar: {kolom: geb, jaar_uit_datum: ja}
      geslacht: {kolom: sekse, vertaling: {2: V, 1: M, 0: O}, onbekende_code: leeg}
"""
    )
    bron = (
        "nr;in;uit;geb;sekse\nh1;2024-01-01;;20150000;2\nh2;2024-01-02;;99999999;1\n"
        "h3;2024-01-03;;20121231;X\n"
    )
    verslag, tabellen = doe(tmp_path, mapping, bron)
    assert tabellen["persoon"]["geboortejaar"].tolist() == ["2015", "", "2012"]
    assert tabellen["persoon"]["geslacht"].tolist() == ["V", "M", ""]
    assert [(v.code, v.waarde, v.aantal) for v in verslag.translated] == [
        ("2", "V", 1),
        ("1", "M", 1),
        ("0", "O", 0),
    ]
    assert [(o.veld, o.kolom, o.aantal, o.codes, o.consequence) for o in verslag.onbekend] == [
        ("geslacht", "sekse", 1, 1, "leeg gelaten")
    ]


@pytest.mark.parametrize(
    ("optie", "waarden", "sleutels"),
    [
        ("heel_getal: ja", ["11.0", "12", "13,00"], ["11", "12", "13"]),
        ("heel_getal: ja, vul_aan: 3", ["7.0", "12", "123"], ["007", "012", "123"]),
        ("vul_aan: 2", ["7", "12", "A"], ["07", "12", "0A"]),
        ('spaties: "-"', ["Gezin  1", "Gezin 2", " Gezin3 "], ["Gezin-1", "Gezin-2", "Gezin3"]),
    ],
)
def test_keys_that_a_spreadsheet_changed(tmp_path, optie, waarden, sleutels):
    bron = "nr;in;uit\n" + "".join(f"{w};2024-01-01;\n" for w in waarden)
    mapping = vervang(HUISHOUDENS, "sleutel: ongewijzigd", f"sleutel: ongewijzigd, {optie}")
    _, tabellen = doe(tmp_path, mapping, bron)
    assert tabellen["huishouden"]["huishouden_id"].tolist() == sleutels


def test_codes_keep_their_zeros_in_the_mapping(tmp_path):
    erbij = "      reden_einde: {kolom: code, vertaling: {01: verhuisd, 1: afgerond, '': overig}}\n"
    bron = "nr;in;uit;code\nh1;2024-01-01;;01\nh2;2024-01-01;;1\nh3;2024-01-01;;\n"
    _, tabellen = doe(tmp_path, HUISHOUDENS + erbij, bron)
    assert tabellen["huishouden"]["reden_einde"].tolist() == ["verhuisd", "afgerond", "overig"]


def test_empty_markers_are_empty(tmp_path):
    mapping = vervang(HUISHOUDENS, "puntkomma\n", 'puntkomma\n  leeg: ["NULL", "9999-12-31"]\n')
    _, tabellen = doe(tmp_path, mapping, "nr;in;uit\nh1;2024-01-01;9999-12-31\nh2;2024-01-01;NULL\n")
    assert tabellen["huishouden"]["eind"].tolist() == ["", ""]


def test_only_some_rows_make_a_meeting(tmp_path):
    mapping = HUISHOUDENS.replace("    periode: {van: in", "    per: [nr]\n    periode: {van: in") + (
        "  overleg:\n    alleen: {soort: [MDO], overlegdatum: gevuld}\n    kolommen:\n"
        "      overleg_id: {nummer: o}\n      huishouden_id: {kolom: nr}\n"
        "      datum: {kolom: overlegdatum}\n      soort: {vast: mdo}\n"
        "      gezin_aanwezig: {kolom: gezin, vertaling: {J: true, N: false}}\n"
    )
    bron = (
        "nr;in;uit;soort;overlegdatum;gezin\nh1;2024-01-01;;MDO;2024-02-01;J\nh1;2024-01-01;;brief;rommel;?\n"
        "h1;2024-01-01;;MDO;;\nh1;2024-01-01;;MDO;2024-03-01;N\n"
    )
    verslag, tabellen = doe(tmp_path, mapping, bron)
    assert tabellen["overleg"][["overleg_id", "datum", "gezin_aanwezig"]].to_numpy().tolist() == [
        ["o1", "2024-02-01", "true"],
        ["o4", "2024-03-01", "false"],
    ]
    assert verslag.outside_choice == {"overleg": 2}
    assert verslag.rows_apart == 0


def test_decimal_comma_and_windows_encoding(tmp_path):
    mapping = vervang(
        HUISHOUDENS, "puntkomma\n", "puntkomma\n  codering: windows-1252\n  decimaalteken: komma\n"
    ) + (
        "  meting:\n    kolommen:\n      meting_id: {nummer: t}\n      huishouden_id: {kolom: nr}\n"
        "      datum: {kolom: in}\n      instrument: {kolom: lijst}\n      schaal: {vast: totaal}\n"
        "      waarde: {kolom: score}\n"
    )
    _, tabellen = doe(
        tmp_path, mapping, "nr;in;uit;lijst;score\nh1;2024-01-01;;Sociale coördinatie;3,5\n".encode("cp1252")
    )
    assert tabellen["meting"][["instrument", "waarde"]].to_numpy().tolist() == [
        ["Sociale coördinatie", "3.5"]
    ]


@pytest.mark.parametrize(
    ("bron", "opties"),
    [
        ("nr\tin\tuit\nh1\t2024-01-01\t\n".encode("utf-16"), "tab\n  codering: utf-16\n"),
        (b'\xef\xbb\xbf"nr";in;uit;NR;"in; x"\r\n"h1";"2024-01-01";;x;"a\nb ""c"""\r\n', "puntkomma\n"),
        (b"nr|in|uit\n\nh1|2024-01-01|", "streep\n"),
    ],
)
def test_files_as_spreadsheets_and_registrations_write_them(tmp_path, bron, opties):
    verslag, tabellen = doe(tmp_path, vervang(HUISHOUDENS, "puntkomma\n", opties), bron)
    assert tabellen["huishouden"]["huishouden_id"].tolist() == ["h1"]
    assert verslag.gelezen == 1


def test_pseudonyms_are_keyed_and_the_same_in_every_table(tmp_path, monkeypatch):
    geheim = "een geheim van voldoende lengte"
    monkeypatch.setenv("TKS_GEHEIM", geheim)
    mapping = vervang(MAPPING, "zaak: {sleutel: ongewijzigd}", "zaak: {sleutel: pseudoniem}")
    _, tabellen = doe(tmp_path, mapping, f"{KOP}\n{LOG}")
    verwacht = {
        hmac.new(geheim.encode(), zaak.encode(), hashlib.sha256).hexdigest()[:16] for zaak in ("z1", "z2")
    }
    assert set(tabellen["huishouden"]["huishouden_id"]) == verwacht
    assert set(tabellen["betrokkenheid"]["huishouden_id"]) == verwacht
    assert tabellen["huishouden"]["huishouden_id"].is_monotonic_increasing
    assert not any("z1" in p.read_text() for p in (tmp_path / "pakket").iterdir())


def test_rows_set_aside_are_counted_with_their_reason(tmp_path):
    mapping = vervang(HUISHOUDENS, "puntkomma\n", "puntkomma\n  onleesbare_rijen: apart\n")
    bron = (
        "nr;in;uit\nh1;2024-01-01;\n;2024-02-30;\nh3\nh 4;2024-01-01;\n"
        "h5;2024-01-05;2024-13-01\nh6;2024-01-06;\n"
    )
    verslag, tabellen = doe(tmp_path, mapping, bron)
    assert tabellen["huishouden"]["huishouden_id"].tolist() == ["h1", "h6"]
    assert (verslag.gelezen, verslag.rows_apart) == (6, 4)
    datum = "geen bestaande datum in de notatie iso tussen 1900 en 2100"
    assert verslag.apart == (
        SetAside("", "een ander aantal kolommen dan de eerste regel", 1, (3,)),
        SetAside("in", datum, 1, (2,)),
        SetAside("nr", "leeg waar een waarde nodig is", 1, (2,)),
        SetAside("nr", "tekens die in een sleutel niet mogen, of een sleutel langer dan 64 tekens", 1, (4,)),
        SetAside("uit", datum, 1, (5,)),
    )


def test_a_row_that_several_tables_cannot_use_counts_once(tmp_path):
    mapping = vervang(MAPPING, "bron:\n", "bron:\n  onleesbare_rijen: apart\n")
    verslag, _ = doe(tmp_path, mapping, f"{KOP}\n{LOG},m1,Team A,2024-04-01,2024-04-01,\n")
    assert verslag.apart == (SetAside("zaak", "leeg waar een waarde nodig is", 1, (6,)),)
    assert verslag.rows_apart == 1


def test_half_rubbish_is_set_aside_and_the_rest_used(tmp_path):
    mapping = vervang(HUISHOUDENS, "puntkomma\n", "puntkomma\n  onleesbare_rijen: apart\n")
    rijen = "".join(f"h{i};2024-01-01;\nh{i};rommel;\n" for i in range(50))
    verslag, tabellen = doe(tmp_path, mapping, "nr;in;uit\n" + rijen)
    assert len(tabellen["huishouden"]) == 50
    assert (verslag.gelezen, verslag.rows_apart) == (100, 50)
    assert [(a.kolom, a.aantal, a.rijen) for a in verslag.apart] == [("in", 50, (2, 4, 6, 8, 10))]


def test_all_rows_behind_an_ambiguous_household_are_set_aside(tmp_path):
    mapping = vervang(MAPPING, "bron:\n", "bron:\n  onleesbare_rijen: apart\n")
    anders = "z2,m3,Team A,2024-04-09,2024-03-31,2024-04-10\n"
    verslag, tabellen = doe(tmp_path, mapping, f"{KOP}\n{LOG}{anders}")
    assert tabellen["huishouden"]["huishouden_id"].tolist() == ["z1"]
    assert verslag.apart == (
        SetAside(
            "einde", "verschillende waarden binnen één rij van de tabel huishouden (per zaak)", 3, (4, 5, 6)
        ),
    )


def test_parquet_holds_the_same_as_csv(tmp_path):
    _, tabellen = doe(tmp_path, MAPPING, f"{KOP}\n{LOG}")
    run_import(tmp_path / "mapping.yaml", tmp_path / "bron.csv", tmp_path / "pq", fmt="parquet")
    pakket = open_package(tmp_path / "pq")
    gelezen = pakket.tabellen["betrokkenheid"].order_by("betrokkenheid_id").execute()
    assert gelezen["betrokkenheid_id"].tolist() == tabellen["betrokkenheid"]["betrokkenheid_id"].tolist()
    assert gelezen["begin"].astype(str).tolist() == tabellen["betrokkenheid"]["begin"].tolist()


def test_progress_names_every_step_and_the_report_reads_as_text(tmp_path):
    stappen: list[str] = []
    verslag, _ = doe(tmp_path, MAPPING, f"{KOP}\n{LOG}", progress=stappen.append)
    assert ", ".join(stappen) == (
        "mapping lezen, bron lezen, rijen beoordelen, tabellen maken, pakket schrijven"
    )
    assert verslag.tekst().splitlines()[1:] == [
        "Peildatum: 2024-04-06; waarneemvenster: 2024-03-01 tot 2024-04-06",
        "Rijen gelezen: 5; gebruikt: 5; apart gezet: 0",
        "Bron bron.csv (5 rijen)",
        "  5 rijen gelezen = 5 gebruikt zoals geleverd + 0 vertaald + 0 apart gezet + 0 vervangen "
        "+ 0 door geen tabel gekozen",
        "  bron.csv: Scheidingsteken: komma.",
        "Tabel proeftuin: 1 rij geschreven",
        "Tabel huishouden: 2 rijen geschreven",
        "Tabel betrokkenheid: 4 rijen geschreven",
    ]

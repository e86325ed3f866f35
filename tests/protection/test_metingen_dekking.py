"""Coverage and type I of all kinds together, and that the report shows what was measured."""

from __future__ import annotations

import json

import pytest

from benchmarks import metingen, metingen_dekking
from toekomstscenario_eval.document.document import Tabel
from toekomstscenario_eval.document.english import translate
from toekomstscenario_eval.report.measured import FILE, measured, measured_blocks


def rijen(deel: str, *regels: dict, titel: str = "Titel") -> list[tuple]:
    found = metingen_dekking.combined({deel: {"tabellen": {"": list(regels)}}}, {deel: titel})
    return [tuple(rij.values()) for rij in found]


def test_what_travels_with_the_package_is_what_was_measured():
    saved = metingen.load()
    made = metingen_dekking.text(metingen_dekking.combined(saved, metingen.titles()))
    assert metingen_dekking.SHIPPED == FILE
    assert FILE.read_text(encoding="utf-8") == made
    # Of one sort by hand.
    shares = [
        row["Dekking"]
        for row in saved["schatters"]["tabellen"][
            "Schatting uit openbare tellingen naast die uit de huishoudens"
        ]
        if row["Wat"].startswith("aandeel") and row["Huishoudens"] == 300
    ]
    assert measured()["dekking"]["Aandelen"][300] == (round(min(shares), 3), round(max(shares), 3))


def test_saving_a_measurement_renews_what_travels_with_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(metingen, "FOLDER", tmp_path / "uit")
    monkeypatch.setattr(metingen, "SHIPPED", tmp_path / "measured.csv")
    found = {"netwerk": {"tabellen": {"": [{"huishoudens": 300, "fout van de eerste soort": 0.04}]}}}
    metingen.save(found, tmp_path / "elders")
    assert not (tmp_path / "measured.csv").exists()
    metingen.save(found, tmp_path / "uit")
    assert json.loads((tmp_path / "uit" / "metingen.json").read_text()) == found
    assert measured(tmp_path / "measured.csv") == {
        "eerste soort": {"Toets van twee netwerken": {300: (0.04, 0.04)}}
    }


@pytest.mark.parametrize(
    ("deel", "regel", "uit"),
    [
        ("schatters", {"Wat": "duren", "Huishoudens": 103, "Dekking": 0.95}, ("Duren", "dekking", 100, 0.95)),
        ("nieuw", {"huishoudens": 2000, "dekking openbaar": 0.93}, ("Titel", "dekking", 1500, 0.93)),
        ("nieuw", {"huishoudens": 99, "fout van de eerste soort": 0.06}, ("Titel", "eerste soort", 0, 0.06)),
        (
            "nieuw",
            {"huishoudens per regio": 40, "regio's, openbaar: regio's zoals deze": 0.94},
            ("Titel", "dekking", 300, 0.94),  # eleven regions
        ),
        (
            "toewijzing",
            {"huishoudens": "40 en 40", "verschil": 0.0, "verslag vindt": 0.03, "Welch vindt": 0.07},
            ("Verschil tussen soorten regio", "eerste soort", 300, 0.03),
        ),
        (
            "toetsen",
            {"toets": "Cox", "huishoudens": 300, "verhouding": 1.0, "vindt": 0.051, "dekking": None},
            ("Toetsen tussen groepen", "eerste soort", 300, 0.051),
        ),
    ],
)
def test_every_form_of_a_row_is_read(deel, regel, uit):
    assert rijen(deel, regel) == [(*uit, uit[-1])]


@pytest.mark.parametrize(
    "regel",
    [
        {"huishoudens": 300, "verhouding": 1.5, "vindt": 0.8},  # power is no type I
        {"huishoudens": 300, "echt verschil": 0.0, "maat": "gemiddelde", "Vindt iets": 0.9},
        {"huishoudens": 300, "getoond": 0.1, "onderzoeken": 500, "dekking": 0.7},  # fifty studies
        {"huishoudens": 300, "dekking": None},
        {"dekking": 0.95},
        {"huishoudens": 300, "dekking exact": 0.95},
    ],
)
def test_other_rows_say_nothing(regel):
    assert rijen("nieuw", regel) == []


def test_the_lowest_and_the_highest_of_a_size_stand_beside_each_other():
    regels = [
        {"huishoudens": n, "dekking": d} for n, d in ((300, 0.96), (400, 0.93), (1500, 0.95), (1499, 0.94))
    ]
    assert rijen("nieuw", *regels) == [
        ("Titel", "dekking", 300, 0.93, 0.96),
        ("Titel", "dekking", 1500, 0.95, 0.95),
    ]


def test_tables_of_the_report_show_whatever_rows_there_are(tmp_path):
    file = tmp_path / "measured.csv"
    file.write_text(
        "wat,getal,vanaf,laagste,hoogste\nDuren,dekking,0,0.93,0.96\nDuren,dekking,1500,0.95,0.95\n"
        "Iets nieuws,dekking,300,0.5,1.0\nEen toets,eerste soort,300,0.04,0.31\n",
        encoding="utf-8",
    )
    dekking, toetsen = measured_blocks(file)
    assert isinstance(dekking, Tabel)
    assert isinstance(toetsen, Tabel)
    assert dekking.kop == ("Soort cijfer, naar aantal huishoudens", "< 300", "300 – 1.499", "1.500 +")
    assert [[c.tekst for c in rij] for rij in dekking.rijen] == [
        ["Duren", "93,0% – 96,0%", "\u2013", "95,0%"],
        ["Iets nieuws", "\u2013", "50,0% – 100,0%", "\u2013"],
    ]
    assert [[c.tekst for c in rij] for rij in toetsen.rijen] == [["Een toets", "4,0% – 31,0%"]]


def test_what_is_shown_has_its_english():
    found = [text for table in measured_blocks() for text in (table.bijschrift, *table.noten, *table.kop)]
    found += [cell.tekst for table in measured_blocks() for row in table.rijen for cell in row]
    assert [text for text in found if translate(text) is None] == []


def test_fewer_studies_of_a_part_give_the_same_kind_of_rows(monkeypatch):
    monkeypatch.setattr(metingen_dekking, "QUICK", {"schatters": metingen_dekking.QUICK["schatters"]})
    monkeypatch.setitem(
        metingen_dekking.QUICK,
        "schatters",
        lambda: {"": metingen_dekking.metingen_schatters.meet((300,), 100)},
    )
    monkeypatch.setattr(metingen_dekking.metingen_schatters, "SCENES", ("aandeel van huishoudens",))
    _, found = metingen_dekking._quick("schatters")
    (rij,) = metingen_dekking.combined({"schatters": found}, {})
    assert (rij["wat"], rij["getal"], rij["vanaf"]) == ("Aandelen", "dekking", 300)
    assert 0.85 < rij["laagste"] <= 1

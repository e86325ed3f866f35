"""The template and the dictionary: everything of the contract stands in them, and nothing is overwritten."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
import yaml
from openpyxl import load_workbook
from typer.testing import CliRunner

from toekomstscenario_eval.cli import app
from toekomstscenario_eval.data.importers import template_layout as layout
from toekomstscenario_eval.data.importers.template import write_template
from toekomstscenario_eval.data.importers.template_reading import is_template, template_yaml
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.document.document import Tabel
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, UitvoerFout
from toekomstscenario_eval.making.dictionary import dictionary, write_dictionary

TABLES = load_schema().tabellen


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return load_workbook(write_template(tmp_path_factory.mktemp("sjabloon") / "sjabloon.xlsx"))


def test_a_sheet_per_table_in_the_order_of_the_contract(book):
    assert book.sheetnames == ["Lees mij", *TABLES, "_codes", "_tks"]
    assert {s.title for s in book if s.sheet_state == "hidden"} == {"_codes", "_tks"}
    assert book["_tks"]["B1"].value == load_schema().versie


@pytest.mark.parametrize("naam", TABLES)
def test_every_field_has_its_meaning_purpose_and_example(book, naam):
    sheet, table = book[naam], TABLES[naam]
    assert [c.value for c in sheet[layout.HEADER_ROW]] == [f.naam for f in table.fields]
    for column, field in enumerate(table.fields, start=1):
        above = [sheet.cell(r, column).value for r in (2, 3, 4)]
        assert above[0] == field.wording
        assert above[1].startswith("verplicht" if field.required else "mag leeg")
        assert above[2].startswith("voorbeeld: ")
        assert field.doel in sheet.cell(layout.HEADER_ROW, column).comment.text
    assert sheet.max_row == layout.HEADER_ROW  # nothing stands where data go
    assert sheet.freeze_panes == "B6"


def test_codes_and_keys_are_text_so_that_leading_zeros_stay(book):
    for naam, table in TABLES.items():
        for column, field in enumerate(table.fields):
            wanted = {"string": "@", "date": "dd-mm-yyyy"}.get(field.type, "General")
            alike = [d for d in book[naam].column_dimensions.values() if d.min <= column + 1 <= d.max]
            assert [d.number_format for d in alike] == [wanted]


def test_every_code_can_be_picked_with_its_label(book):
    rules = {
        (naam, str(rule.sqref).split(":")[0][:-1]): rule
        for naam in TABLES
        for rule in book[naam].data_validations.dataValidation
    }
    for naam, table in TABLES.items():
        for column, field in enumerate(table.fields):
            if field.codelijst is None:
                continue
            rule = rules[naam, chr(ord("A") + column)]
            assert (rule.type, rule.formula1) == ("list", f"lijst_{field.codelijst}")
            sheet, cells = book.defined_names[f"lijst_{field.codelijst}"].attr_text.split("!")
            shown = [c.value for (c,) in book[sheet.strip("'")][cells.replace("$", "")]]
            codes = load_schema().codelists[field.codelijst].labels
            assert shown == [f"{code} – {label}" for code, label in codes.items()]
            assert [layout.meant(field)[s] for s in shown] == list(codes)


def test_the_package_fields_are_asked_for(book):
    asked = {str(c.value).removesuffix(" (mag leeg)") for c in book["Lees mij"]["A"] if c.value}
    assert {f.label for f in layout.PACKAGE_FIELDS} <= asked


def test_some_tables_only_and_the_same_bytes(tmp_path):
    paths = [write_template(tmp_path / n, ("maatregel",)) for n in ("a.xlsx", "b.xlsx")]
    assert len({hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}) == 1
    assert load_workbook(paths[0]).sheetnames[1:4] == ["proeftuin", "huishouden", "maatregel"]


def test_what_is_refused(tmp_path):
    with pytest.raises(GebruikFout, match="Bedoelt u 'maatregel'"):
        write_template(tmp_path / "a.xlsx", ("maatregl",))
    with pytest.raises(GebruikFout, match=r"eindigt niet op \.xlsx"):
        write_template(tmp_path / "a.csv")
    with pytest.raises(UitvoerFout, match="wordt niet overschreven"):
        write_template(write_template(tmp_path / "a.xlsx"))
    with pytest.raises(UitvoerFout, match="kan niet worden geschreven"):
        write_template(tmp_path / "weg" / "a.xlsx")


def test_the_dictionary_holds_every_field_and_code():
    tables = [b for b in dictionary(day="2026-01-01").blokken if isinstance(b, Tabel)]
    rows = {t.bijschrift: [[c.tekst for c in row] for row in t.rijen] for t in tables}
    for naam, table in TABLES.items():
        for row, field in zip(rows[f"De velden van {naam}"], table.fields, strict=True):
            required = "ja" if field.required else "nee"
            assert (row[0], row[1], row[3], row[4]) == (field.naam, field.wording, required, field.doel)
    used = {f.codelijst for t in TABLES.values() for f in t.fields if f.codelijst}
    for naam in used:
        assert tuple(r[0] for r in rows[f"De codes van {naam}"]) == load_schema().codelists[naam].codes


def test_the_dictionary_is_a_tagged_pdf(tmp_path):
    data = write_dictionary(tmp_path / "w.pdf", ("maatregel",)).read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in data


def _filled_in(path, *, version="", box="", gone=""):
    """Fill in a template as a person does; `version`, `box` and `gone` spoil one thing."""
    book = load_workbook(write_template(path))
    answers = {
        "Korte naam": "proef",
        "Titel": "Een proef",
        "Peildatum": datetime(2024, 7, 1),  # noqa: DTZ001
        "Venster: eerste dag": "01-01-2024",
        "Venster: dag na de laatste dag": datetime(2024, 7, 1),  # noqa: DTZ001
        "Bronnen": "Registratie A; Registratie B",
        "Contact": "de onderzoeker",
        "Zijn de sleutels pseudoniemen?": "ja",
    }
    for cell in book["Lees mij"]["A"]:
        if cell.value in answers and cell.value != box:
            book["Lees mij"].cell(cell.row, 2, answers[cell.value])
    book["proeftuin"].append(["p1", "Onze proeftuin", None, "proeftuin – Proeftuin"])
    book["huishouden"].append(["h1", "p1", datetime(2024, 3, 1), None, "afgerond"])  # noqa: DTZ001
    if version:
        book["_tks"]["B1"] = version
    if gone:
        book["huishouden"].delete_cols([f.naam for f in TABLES["huishouden"].fields].index(gone) + 1)
    book.save(path)
    return path


def test_a_filled_template_is_a_mapping(tmp_path):
    text = yaml.safe_load(template_yaml(_filled_in(tmp_path / "s.xlsx")))
    assert is_template(tmp_path / "s.xlsx")
    assert text["pakket"] == {
        "naam": "proef",
        "titel": "Een proef",
        "peildatum": "2024-07-01",
        "waarneemvenster": {"begin": "2024-01-01", "eind": "2024-07-01"},
        "bronnen": ["Registratie A", "Registratie B"],
        "contact": "de onderzoeker",
    }
    assert list(text["tabellen"]) == ["proeftuin", "huishouden"]  # what is left empty is not delivered
    source = text["bronnen"]["huishouden"]
    assert (source["blad"], source["kopregel"]) == ("huishouden", "5")
    assert source["kolommen"] == {
        "huishouden_id": {"sleutel": "ongewijzigd"},
        "proeftuin_id": {"sleutel": "ongewijzigd"},
    }
    kinds = text["tabellen"]["proeftuin"]["kolommen"]["soort"]["vertaling"]
    assert kinds == {"proeftuin – Proeftuin": "proeftuin"}
    assert text["tabellen"]["huishouden"]["kolommen"]["reden_einde"]["vertaling"] == {"afgerond": "afgerond"}


@pytest.mark.parametrize(
    ("spoiled", "message"),
    [
        ({"version": "1.0.0"}, "van een oudere versie"),
        ({"version": "99.0.0"}, "werk het programma bij"),
        ({"box": "Peildatum"}, r"'Peildatum' is niet goed ingevuld\n  Waar: s.xlsx, blad Lees mij, cel B"),
        ({"gone": "begin"}, "de kolom 'begin' ontbreekt; zij is verplicht\n  Waar: s.xlsx, blad huishouden"),
        ({"gone": "huishouden_id"}, "de regel met de namen van de velden ontbreekt"),
    ],
)
def test_what_is_wrong_in_a_filled_template(tmp_path, spoiled, message):
    with pytest.raises(InvoerFout, match=message):
        template_yaml(_filled_in(tmp_path / "s.xlsx", **spoiled))


def test_an_empty_template_names_the_first_box(tmp_path):
    with pytest.raises(InvoerFout, match="'Korte naam' is niet goed ingevuld"):
        template_yaml(write_template(tmp_path / "s.xlsx"))


def _fill(path, package: Path) -> Path:
    """Fill the template with the tables of a package, as a person would: dates as dates, codes as text."""
    book = load_workbook(write_template(path))
    answers = {
        "naam": "voorbeeld", "titel": "Voorbeeld", "peildatum": date(2025, 1, 1), "begin": date(2023, 1, 1),
        "eind": date(2025, 1, 1), "bronnen": "registratie", "contact": "onderzoeker",
        layout.PSEUDONYMS: layout.YES,
    }  # fmt: skip
    labels = {f.label: answers.get(f.key, "") for f in layout.PACKAGE_FIELDS}
    for row in book["Lees mij"].iter_rows(max_col=2):
        label = str(row[0].value or "").removesuffix(" (mag leeg)")
        if labels.get(label):
            row[1].value = labels[label]
    for naam, table in TABLES.items():
        source = package / f"{naam}.csv"
        if not source.exists():
            continue
        with source.open(encoding="utf-8", newline="") as file:
            for number, line in enumerate(csv.DictReader(file), start=layout.HEADER_ROW + 1):
                for column, field in enumerate(table.fields, start=1):
                    value = line.get(field.naam, "")
                    if value and field.type == "date":
                        value = date.fromisoformat(value)
                    elif value and field.type in ("integer", "year", "number"):
                        value = float(value)
                    if value != "":
                        book[naam].cell(number, column, value)
    book.save(path)
    return path


def test_a_filled_template_imports_without_a_mapping(tmp_path):
    made = make_example(tmp_path / "voorbeeld", huishoudens=25, seed=3)
    workbook = _fill(tmp_path / "ingevuld.xlsx", tmp_path / "voorbeeld")
    out = CliRunner().invoke(app, ["importeer", str(workbook), "--uit", str(tmp_path / "pakket")])
    assert out.exit_code == 0, out.output
    assert made is not None
    for source in sorted((tmp_path / "voorbeeld").glob("*.csv")):
        want, got = (
            pd.read_csv(p / source.name, dtype=str) for p in (tmp_path / "voorbeeld", tmp_path / "pakket")
        )
        filled = [c for c in want.columns if want[c].notna().any()]
        key = list(TABLES[source.stem].sleutel)
        want, got = (f[filled].sort_values(key, ignore_index=True) for f in (want, got))
        for column in filled:
            if TABLES[source.stem].veld(column).type == "number":
                want[column], got[column] = (f[column].astype(float).round(9) for f in (want, got))
        pd.testing.assert_frame_equal(want, got)

"""What an import reads as the same, or as a number: never guessed, and said before a family splits."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.errors import InvoerFout

MAPPING = """\
pakket:
  naam: proef
  titel: proef
  peildatum: {peildatum}
  waarneemvenster: {{begin: 2024-01-01, eind: 2025-01-01}}
  bronnen: [x]
  contact: x
bron:
  scheidingsteken: puntkomma
{bron}
  kolommen:
    gezin: {{sleutel: ongewijzigd{sleutel}}}
tabellen:
  proeftuin:
    per: []
    kolommen:
      proeftuin_id: {{vast: p1}}
      naam: {{vast: P}}
      soort: {{vast: proeftuin}}
  huishouden:
    per: [gezin]
    periode: {{van: dag, tot: eind, laatste_dag_telt_mee: {mee}{periode}}}
    kolommen:
      huishouden_id: {{kolom: gezin}}
      proeftuin_id: {{vast: p1}}
  meting:
    kolommen:
      meting_id: {{nummer: m}}
      huishouden_id: {{kolom: gezin}}
      datum: {{kolom: dag}}
      instrument: {{vast: lijst}}
      schaal: {{vast: veiligheid}}
      item: {{vast: i1}}
      waarde: {{kolom: score}}
"""
_DEFAULT = {"peildatum": "2025-01-01", "bron": "", "sleutel": "", "mee": "nee", "periode": ""}


def run(map_: Path, rows: str, **words: str):
    """Import `key end score` a line; return the report, the households and the values of the scores."""
    (map_ / "mapping.yaml").write_text(MAPPING.format(**_DEFAULT | words), encoding="utf-8")
    lines = []
    for row in rows.strip().split("\n"):
        key, end, score = (part.strip(" ") for part in row.split("|"))
        lines.append(f"{key};2024-02-01;{end};{score}\n")
    (map_ / "bron.csv").write_text("gezin;dag;eind;score\n" + "".join(lines), encoding="utf-8")
    told = run_import(map_ / "mapping.yaml", map_ / "bron.csv", map_ / "uit")
    out = []
    for naam in ("huishouden", "meting"):
        with (map_ / "uit" / f"{naam}.csv").open(encoding="utf-8", newline="") as file:
            out.append(list(csv.DictReader(file)))
    return told, {r["huishouden_id"]: r["eind"] for r in out[0]}, [r["waarde"] for r in out[1]]


def test_family_1_is_not_family_1_000(tmp_path):
    with pytest.raises(InvoerFout, match="met 'heel_getal' vallen verschillende waarden samen"):
        run(tmp_path, "1||1\n1,0||1", sleutel=", heel_getal: ja")
    with pytest.raises(InvoerFout) as fout:
        run(tmp_path, "1||1\n1.000||1\n2.000||2", sleutel=", heel_getal: ja")
    assert (
        "kolom gezin: drie cijfers na een punt of komma: een duizendtal of decimalen, "
        "2 rijen (rij 2, 3)" in str(fout.value)
    )


@pytest.mark.parametrize("decimals", ["", ".", ".0", ",0", ".00", ".0000", ",000000"])
def test_zeros_that_a_program_added_go(tmp_path, decimals):
    _, households, _ = run(tmp_path, f"7{decimals}||1", sleutel=", heel_getal: ja")
    assert list(households) == ["7"]


@pytest.mark.parametrize("value", ["7.000", "7,000", "7.5", "7.123", "1.000.000"])
def test_other_decimals_stay_out(tmp_path, value):
    with pytest.raises(InvoerFout, match=r"kolom gezin: (drie cijfers na|geen geheel getal)"):
        run(tmp_path, f"{value}||1", sleutel=", heel_getal: ja")


@pytest.mark.parametrize(
    ("option", "one", "other"),
    [("heel_getal: ja", "7", "7.0"), ("vul_aan: 3", "7", "007"), ('spaties: "_"', "G 7", "G_7")],
)
def test_options_that_make_one_key_of_two_are_refused(tmp_path, option, one, other):
    naam = option.split(":")[0]
    with pytest.raises(InvoerFout, match=f"met '{naam}' vallen verschillende waarden samen\n.*kolom 'gezin'"):
        run(tmp_path, f"{one}||1\n{other}||1", sleutel=f", {option}")


@pytest.mark.parametrize(
    ("option", "one", "other"), [("heel_getal: ja", "7", "7.0"), ("vul_aan: 3", "7", "007")]
)
def test_and_allowed_when_it_is_said(tmp_path, option, one, other):
    _, households, _ = run(tmp_path, f"{one}||1\n{other}||1", sleutel=f", {option}, sleutel_vorm: samen")
    assert len(households) == 1


ALIKE = {
    "case": ("g1", "G1"),
    "space": ("g1", "g 1"),
    "hard space at the end": ("g1", "g1\u00a0"),
    "zero width": ("g1", "g\u200b1"),
    "byte order mark": ("g1", "\ufeffg1"),
    "soft hyphen": ("g1", "g\u00ad1"),
    "a point at the end": ("g1", "g1."),
}


@pytest.mark.parametrize("way", ALIKE, ids=str)
def test_keys_that_look_the_same_are_named(tmp_path, way):
    one, other = ALIKE[way]
    with pytest.raises(InvoerFout) as fout:
        run(
            tmp_path,
            f"{one}||1\n{other}||1\n{one}||1\nh2||1",
            sleutel=', spaties: "-"' if way == "space" else "",
        )
    assert str(fout.value) == (
        "Invoer niet leesbaar: sleutels verschillen alleen in hoofdletters, spaties, onzichtbare tekens "
        "of een punt achteraan\n"
        "  Waar: kolom 'gezin' van de bron\n"
        "  Verwacht: bij bron > kolommen > gezin: 'sleutel_vorm: samen' (het zijn dezelfde) of "
        "'sleutel_vorm: zoals_geschreven' (het zijn verschillende)\n"
        "  Kreeg: 1 sleutel op 2 manieren geschreven, in 3 rijen\n"
        "  Herstel: voeg een van deze regels toe; zo blijft een gezin één gezin"
    )


@pytest.mark.parametrize("way", ALIKE, ids=str)
def test_and_are_one_when_that_is_said(tmp_path, way):
    one, other = ALIKE[way]
    _, households, scores = run(tmp_path, f"{one}||1\n{other}||1", sleutel=", sleutel_vorm: samen")
    assert (list(households), len(scores)) == (["g1"], 2)


def test_and_two_when_that_is_said(tmp_path):
    _, households, _ = run(tmp_path, "g1||1\nG1||1", sleutel=", sleutel_vorm: zoals_geschreven")
    assert sorted(households) == ["G1", "g1"]


def test_an_accent_apart_is_the_same_key(tmp_path, monkeypatch):
    monkeypatch.setenv("TKS_GEHEIM", "een lange zin die niemand raadt")
    rows = "Renée||1\nRene\u0301e||1"
    with pytest.raises(InvoerFout, match="1 sleutel op 2 manieren geschreven, in 2 rijen"):
        run(tmp_path, rows)
    mapping = MAPPING.replace("sleutel: ongewijzigd", "sleutel: pseudoniem")
    (tmp_path / "m.yaml").write_text(
        mapping.format(**_DEFAULT | {"sleutel": ", sleutel_vorm: samen"}), encoding="utf-8"
    )
    run_import(tmp_path / "m.yaml", tmp_path / "bron.csv", tmp_path / "uit")
    assert len((tmp_path / "uit" / "huishouden.csv").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.234", "1234.0"),
        ("1.234,5", "1234.5"),
        ("3,5", "3.5"),
        ("12.345.678", "12345678.0"),
        ("-1.000", "-1000.0"),
    ],
)
def test_with_a_comma_points_stand_between_thousands(tmp_path, written, value):
    _, _, scores = run(tmp_path, f"g1||{written}", bron="  decimaalteken: komma")
    assert [float(s) for s in scores] == [float(value)]


@pytest.mark.parametrize("written", ["1.5", "12.34", "1234.567", "0.123", "1,234.5", "1.23.456"])
def test_with_a_comma_another_point_is_refused(tmp_path, written):
    with pytest.raises(InvoerFout, match="niet te lezen als een getal met een komma voor de decimalen"):
        run(tmp_path, f"g1||{written}", bron="  decimaalteken: komma")


def test_three_digits_after_every_point_may_be_either(tmp_path):
    with pytest.raises(InvoerFout) as fout:
        run(tmp_path, "g1||1.234\ng2||5\ng3||12.500")
    assert str(fout.value) == (
        "Invoer niet leesbaar: na elke punt in deze getallen staan precies drie cijfers: het kunnen "
        "duizendtallen zijn of decimalen\n"
        "  Waar: kolom 'score' van de bron\n"
        "  Verwacht: onder bron: 'decimaalteken: komma' (1.234 is duizend en nog wat) of "
        "'decimaalteken: punt' (1.234 is één en nog wat)\n"
        "  Kreeg: 2 getallen met een punt\n"
        "  Herstel: voeg een van deze regels toe"
    )


def test_until_it_is_said_or_another_number_shows_it(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    _, _, scores = run(tmp_path / "a", "g1||1.234", bron="  decimaalteken: punt")
    assert scores == ["1.234"]
    _, _, scores = run(tmp_path / "b", "g1||1.234\ng2||1.5")
    assert scores == ["1.234", "1.5"]


@pytest.mark.parametrize(
    ("mee", "ends", "planned"),
    [
        ("nee", {"g1": "", "g2": "2025-01-01", "g3": "2024-12-31", "g4": ""}, 1),
        ("ja", {"g1": "", "g2": "", "g3": "2025-01-01", "g4": ""}, 2),
    ],
)
def test_an_end_after_the_peildatum_is_a_plan_when_that_is_said(tmp_path, mee, ends, planned):
    """A last day that counts ends the day after: of 1 January the end is 2 January, after the peildatum."""
    rows = "g1|2025-03-01|1\ng2|2025-01-01|1\ng3|2024-12-31|1\ng4||1"
    told, households, _ = run(tmp_path, rows, mee=mee, periode=", niet_na_peildatum: open")
    assert households == ends
    assert told.planned == {"huishouden": planned}
    assert re.search(
        rf"gepland eind na de peildatum in huishouden, gelezen als nog lopend: {planned} rij", told.tekst()
    )


def test_a_column_that_says_closed_does_not_close_a_plan(tmp_path):
    _, households, _ = run(
        tmp_path, "g1|2025-03-01|1", periode=", open_als_leeg: eind, niet_na_peildatum: open"
    )
    assert households == {"g1": ""}


def test_without_the_option_the_end_stays_as_written(tmp_path):
    told, households, _ = run(tmp_path, "g1|2025-03-01|1")
    assert (households, dict(told.planned)) == ({"g1": "2025-03-01"}, {})


def test_a_plan_needs_a_peildatum_of_its_own(tmp_path):
    with pytest.raises(InvoerFout) as fout:
        run(tmp_path, "g1|2025-03-01|1", periode=", niet_na_peildatum: open", peildatum="laatste_gebeurtenis")
    assert str(fout.value) == (
        "Invoer niet leesbaar: met 'niet_na_peildatum: open' moet de peildatum bekend zijn\n"
        "  Waar: mapping.yaml, regel 22: tabellen > huishouden > periode > niet_na_peildatum\n"
        "  Verwacht: bij pakket > peildatum een datum (JJJJ-MM-DD)\n"
        "  Kreeg: peildatum: laatste_gebeurtenis\n"
        "  Herstel: vul de dag in waarop de export is gemaakt: een gepland eind is geen gebeurtenis"
    )

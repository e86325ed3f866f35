"""Every format gives the same text of one truth; what the file hides is told."""

from __future__ import annotations

import random
import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pyreadstat
import pytest

from toekomstscenario_eval.data.connection import connect
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.reading import read
from toekomstscenario_eval.errors import InvoerFout

CODES = ["007", "é€", "x", ""]
NUMBERS = [1.0, 2.5, None, 4.0]
DAYS = [date(2024, 3, 1), date(1999, 12, 31), None, date(2024, 2, 29)]
HEADING = ("code", "aantal", "dag")
TRUTH = {
    "code": CODES,
    "aantal": ["1", "2.5", "", "4"],
    "dag": ["2024-03-01", "1999-12-31", "", "2024-02-29"],
}
ARROW = pa.table({"code": CODES, "aantal": NUMBERS, "dag": pa.array(DAYS, pa.date32())})


def lees(bron, namen=HEADING, **keuzes):
    naam = formats.format_of(bron)
    geleverd = formats.find(naam).read(
        bron, {**formats.defaults(naam), **keuzes}, namen=namen, check=lambda _: None
    )
    tabel = geleverd.whole()
    return geleverd, {k: tabel.column(i).to_pylist() for i, k in enumerate(geleverd.kolommen)}


def als_csv(pad: Path, codering: str) -> Path:
    regels = [";".join(HEADING), *(";".join(r) for r in zip(*TRUTH.values(), strict=True))]
    pad.write_bytes("\r\n".join([*regels, ""]).encode(codering))
    return pad


def als_excel(pad: Path) -> Path:
    boek = openpyxl.Workbook()
    boek.active.append(HEADING)
    for rij in zip(CODES, NUMBERS, DAYS, strict=True):
        boek.active.append([None if c == "" else c for c in rij])
    boek.save(pad)
    return pad


def als_statistiek(pad: Path) -> Path:
    frame = pd.DataFrame({"code": CODES, "aantal": NUMBERS, "dag": DAYS})
    (pyreadstat.write_sav if pad.suffix == ".sav" else pyreadstat.write_dta)(frame, pad)
    return pad


def als_sqlite(pad: Path) -> Path:
    con = sqlite3.connect(pad)
    con.execute("CREATE TABLE t (code TEXT, aantal REAL, dag TEXT)")
    con.executemany("INSERT INTO t VALUES (?, ?, ?)", zip(CODES, NUMBERS, map(_iso, DAYS), strict=True))
    con.commit()
    con.close()
    return pad


def _iso(dag: date | None) -> str | None:
    return dag and dag.isoformat()


def als_duckdb(pad: Path) -> Path:
    con = duckdb.connect(str(pad))
    con.register("x", ARROW)
    con.execute("CREATE TABLE t AS SELECT * FROM x")
    con.close()
    return pad


def _geschreven(schrijf):
    def op(pad: Path) -> Path:
        schrijf(ARROW, pad)
        return pad

    return op


MAKERS = {
    "u.csv": lambda p: als_csv(p, "utf-8-sig"),
    "w.csv": lambda p: als_csv(p, "windows-1252"),
    "h*.csv": lambda p: als_csv(p, "utf-16"),
    "[a].xlsx": als_excel,
    "s.sav": als_statistiek,
    "s.dta": als_statistiek,
    "h*.parquet": _geschreven(pq.write_table),
    "h.feather": _geschreven(pyarrow.feather.write_feather),
    "[a].sqlite": als_sqlite,
    "[a].duckdb": als_duckdb,
}


@pytest.mark.parametrize("naam", MAKERS)
def test_one_truth_through_every_format(tmp_path, naam):
    assert lees(MAKERS[naam](tmp_path / naam))[1] == TRUTH


@pytest.mark.parametrize("naam", MAKERS)
def test_the_first_bytes_tell_when_the_name_does_not(tmp_path, naam):
    bron = MAKERS[naam](tmp_path / naam)
    hernoemd = bron.rename(tmp_path / "export.dat")
    assert lees(hernoemd)[1] == TRUTH


def test_one_truth_through_a_real_server(server):
    with psycopg.connect(server) as con:
        con.execute("CREATE TABLE gezin (code text, aantal numeric(9, 2), dag date, bytes bytea)")
        for rij in zip(CODES, NUMBERS, DAYS, strict=True):
            con.execute("INSERT INTO gezin VALUES (%s, %s, %s)", rij)
        con.commit()
    geleverd, waarden = lees(server)
    assert waarden == TRUTH
    assert geleverd.gezien == (
        "Tabel: gezin.",
        "Kolommen met lijsten of bytes zijn weggelaten: bytes.",
    )
    with pytest.raises(InvoerFout, match="de bron heeft geen tabel 'gezn'") as fout:
        lees(server, tabel="gezn")
    assert "geheim" not in str(fout.value)


def test_a_password_is_in_no_message():
    with pytest.raises(InvoerFout, match="de database is niet te bereiken") as fout:
        lees("postgresql://u:geheim@127.0.0.1:1/x?password=ook")
    assert "geheim" not in str(fout.value)
    assert "ook" not in str(fout.value)


def test_titles_sep_line_and_decimal_comma_are_told(tmp_path):
    bron = tmp_path / "a.csv"
    bron.write_text("sep=;\nExport van maandag\n\nnr;score\nh1;1,5\nh2;2\n", encoding="utf-8")
    geleverd, waarden = lees(bron, ("nr",))
    assert waarden == {"nr": ["h1", "h2"], "score": ["1,5", "2"]}
    assert (geleverd.first_row, geleverd.decimaalteken) == (5, "komma")
    assert "Kolomnamen staan op regel 4; 1 gevulde regels erboven zijn overgeslagen." in geleverd.gezien


def test_what_a_workbook_hides_is_told(tmp_path):
    boek = openpyxl.Workbook()
    blad = boek.active
    for rij in (["nr", "x", "y"], ["h1", "=1/0", 1], ["h2", 2, 3], [None, 4, 5]):
        blad.append(rij)
    blad["C2"], blad["C2"].data_type = "#N/A", "e"
    blad.merge_cells("A3:A4")
    blad.column_dimensions["B"].hidden = True
    boek.create_sheet("weg").sheet_state = "hidden"
    boek.save(tmp_path / "a.xlsx")
    geleverd, waarden = lees(tmp_path / "a.xlsx", ("nr",))
    assert waarden == {"nr": ["h1", "h2", "h2"], "x": ["#ONLEESBAAR", "2", "4"], "y": ["#N/A", "3", "5"]}
    verteld = " ".join(geleverd.gezien)
    assert "Verborgen werkbladen: weg." in verteld
    assert "Verborgen kolommen, wel gelezen: x." in verteld
    assert "gelden als onleesbaar: y (1)" in verteld
    assert "Formules zonder uitkomst staan als #ONLEESBAAR in de gegevens: x (1)" in verteld
    assert "1 samengevoegde cellen" in verteld


def test_missing_codes_of_spss_stay_apart_from_empty(tmp_path):
    pyreadstat.write_sav(
        pd.DataFrame({"a": [1.0, 99.0, None]}),
        tmp_path / "a.sav",
        missing_ranges={"a": [99]},
        variable_value_labels={"a": {1: "een"}},
    )
    geleverd, waarden = lees(tmp_path / "a.sav")
    assert waarden == {"a": ["1", "99", ""]}
    assert (geleverd.labels, geleverd.ontbrekend) == ({"a": {"1": "een"}}, {"a": {"99": 1}})


LOG = """case:concept:name,concept:name,lifecycle:transition,time:timestamp
A,x,start,2024-01-01
A,x,complete,2024-01-02
A,x,complete,2024-01-03
A,x,start,2024-01-04
A,x,start,2024-01-05
A,x,complete,2024-01-06
"""


def test_starts_and_completions_become_steps(tmp_path):
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    geleverd, waarden = lees(tmp_path / "log.csv", ("begin",), gebeurtenissen="paren")
    assert waarden["begin"] == ["2024-01-01", "", "2024-01-04", "2024-01-05"]
    assert waarden["eind"] == ["2024-01-02", "2024-01-03", "2024-01-06", ""]
    assert geleverd.numbers.to_pylist() == [1, 3, 4, 5]


@pytest.mark.parametrize(
    ("inhoud", "wat"),
    [(b"%PDF-1.7", "een PDF"), (b"{\\rtf1", "een RTF-document"), (b"PK\3\4x", "een zipbestand")],
)
def test_what_is_not_read_is_named_with_what_is(tmp_path, inhoud, wat):
    (tmp_path / "a.dat").write_bytes(inhoud)
    with pytest.raises(InvoerFout, match=f"de bron is {wat}, en dat wordt niet gelezen") as fout:
        lees(tmp_path / "a.dat")
    assert all(eind in str(fout.value) for eind in (".csv", ".xlsx", ".sav", ".dta", ".parquet", ".xes"))


@pytest.mark.parametrize("naam", MAKERS)
def test_damaged_files_give_our_error_or_a_table(tmp_path, naam):
    goed = MAKERS[naam](tmp_path / naam).read_bytes()
    los = random.Random(naam)
    for _ in range(8):
        stuk = bytearray(goed[: los.randrange(1, len(goed) + 1)])
        for _ in range(los.randrange(4)):
            stuk[los.randrange(len(stuk))] = los.randrange(256)
        (tmp_path / naam).write_bytes(bytes(stuk))
        told = ""
        try:
            lees(tmp_path / naam)
        except InvoerFout as fout:
            told = str(fout)
        assert "é€" not in told


@pytest.mark.parametrize("naam", ["h*.csv", "[a].csv", "h?.csv", "h*.parquet"])
def test_a_file_of_a_package_that_is_called_like_a_pattern_is_itself(tmp_path, naam):
    for los in (naam, "hx.csv", "a.csv", "hx.parquet"):
        frame = pd.DataFrame({"huishouden_id": [los], "proeftuin_id": ["p"]})
        frame.to_csv(tmp_path / los, index=False) if los.endswith("csv") else frame.to_parquet(tmp_path / los)
    gelezen = read(connect(), "huishouden", tmp_path / naam)
    assert gelezen.tabel.execute()["huishouden_id"].tolist() == [naam]


def test_a_file_that_promises_more_rows_than_it_can_hold_is_damaged(tmp_path):
    path = tmp_path / "x.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0]}), str(path))
    raw = bytearray(path.read_bytes())
    assert raw[80:84] == (2).to_bytes(4, "little")
    raw[80:84] = (500_000_000).to_bytes(4, "little")
    path.write_bytes(bytes(raw))
    with pytest.raises(InvoerFout, match="kan niet als SPSS worden gelezen"):
        lees(path)

"""One truth through every kind of source: the package that comes back equals the one that was exported.

`python tests/data/test_import_equal.py 5000` does the same with that many households, all but the server.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import psycopg
import pyreadstat
import pytest
import yaml

from toekomstscenario_eval.data.importers.importing import run_import
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.synthetic import make_example

SCHEMA = load_schema()
Tables = Mapping[str, pd.DataFrame]


def tables_of(package: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a package as text, without columns that nobody filled."""
    out = {}
    for naam in SCHEMA.tabellen:
        path = package / f"{naam}.csv"
        if path.exists():
            frame = pd.read_csv(path, dtype=str, keep_default_na=False)
            out[naam] = frame[[c for c in frame.columns if (frame[c] != "").any()]]
    return out


def typed(naam: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as a program would hold it: dates as dates, numbers as numbers."""
    out = frame.copy()
    for field in SCHEMA.tabellen[naam].fields:
        if field.naam in out and field.type == "date":
            out[field.naam] = pd.to_datetime(out[field.naam].replace("", None))
        elif field.naam in out and field.type in ("integer", "year", "number"):
            out[field.naam] = pd.to_numeric(out[field.naam].replace("", None))
    return out


def csv_cp1252(tables: Tables, folder: Path) -> dict[str, dict[str, str]]:
    for naam, frame in tables.items():
        out = frame.copy()
        for field in SCHEMA.tabellen[naam].fields:
            if field.naam in out and field.type == "number":
                out[field.naam] = out[field.naam].str.replace(".", ",", regex=False)
        out.to_csv(folder / f"{naam}.csv", sep=";", index=False, encoding="cp1252")
    return {naam: {"bestand": f"{naam}.csv", "decimaalteken": "komma"} for naam in tables}


def excel(tables: Tables, folder: Path) -> dict[str, dict[str, str]]:
    with pd.ExcelWriter(folder / "alles.xlsx", engine="xlsxwriter") as book:
        for naam, frame in tables.items():
            typed(naam, frame).to_excel(book, sheet_name=naam, index=False)
    return {naam: {"bestand": "alles.xlsx", "blad": naam} for naam in tables}


def spss(tables: Tables, folder: Path) -> dict[str, dict[str, str]]:
    for naam, frame in tables.items():
        out = typed(naam, frame)
        for column in out.select_dtypes("datetime"):
            out[column] = out[column].dt.date.astype(object).where(out[column].notna(), None)
        pyreadstat.write_sav(out, str(folder / f"{naam}.sav"))
    return {naam: {"bestand": f"{naam}.sav"} for naam in tables}


def stata(tables: Tables, folder: Path) -> dict[str, dict[str, str]]:
    for naam, frame in tables.items():
        out = typed(naam, frame)
        dates = dict.fromkeys(out.select_dtypes("datetime"), "td")
        for column in out.select_dtypes("string"):
            out[column] = out[column].astype(object).where(out[column].notna(), "")
        out.to_stata(folder / f"{naam}.dta", write_index=False, version=118, convert_dates=dates)
    return {naam: {"bestand": f"{naam}.dta"} for naam in tables}


def sqlite(tables: Tables, folder: Path) -> dict[str, dict[str, str]]:
    con = sqlite3.connect(folder / "alles.sqlite")
    for naam, frame in tables.items():
        out = typed(naam, frame)
        for column in out.select_dtypes("datetime"):
            out[column] = out[column].dt.strftime("%Y-%m-%d")
        out.to_sql(naam, con, index=False)
    con.close()
    return {naam: {"bestand": "alles.sqlite", "tabel": naam} for naam in tables}


def parquet(tables: Tables, folder: Path) -> dict[str, dict[str, str]]:
    for naam, frame in tables.items():
        typed(naam, frame).to_parquet(folder / f"{naam}.parquet")
    return {naam: {"bestand": f"{naam}.parquet"} for naam in tables}


def duck(tables: Tables, folder: Path) -> dict[str, dict[str, str]]:
    with duckdb.connect(str(folder / "alles.duckdb")) as con:
        for naam, frame in tables.items():
            con.register("bron", typed(naam, frame))
            con.execute(f"CREATE TABLE {naam} AS SELECT * FROM bron")
            con.unregister("bron")
    return {naam: {"bestand": "alles.duckdb", "tabel": naam} for naam in tables}


_OF_SERVER = {"date": "date", "number": "double precision", "integer": "bigint", "year": "bigint"}
KINDS: dict[str, Callable[[Tables, Path], dict[str, dict[str, str]]]] = {
    "csv": csv_cp1252,
    "excel": excel,
    "spss": spss,
    "stata": stata,
    "sqlite": sqlite,
    "parquet": parquet,
    "duckdb": duck,
}


def mapping(tables: Tables, sources: Mapping[str, dict[str, str]], path: Path) -> Path:
    """Write the mapping in which every column is the field of the same name."""
    bronnen: dict[str, Any] = {}
    tabellen: dict[str, Any] = {}
    for naam, frame in tables.items():
        keys = {c: {"sleutel": "ongewijzigd"} for c in frame.columns if c.endswith("_id")}
        bronnen[naam] = {**sources[naam], "kolommen": keys}
        fields = {
            c: {"kolom": c} for c in frame.columns if c not in ("begin", "eind") or "begin" not in frame
        }
        tabellen[naam] = {"bron": naam, "kolommen": fields}
        if "begin" in frame:
            until = "eind" if "eind" in frame else "begin"
            tabellen[naam]["periode"] = {"van": "begin", "tot": until, "laatste_dag_telt_mee": "nee"}
            if "eind" not in frame:
                raise AssertionError("een tabel zonder een enkel eind past niet in deze toets")
    pakket = {
        "naam": "waarheid",
        "titel": "Waarheid",
        "peildatum": "2025-01-01",
        "waarneemvenster": {"begin": "2023-01-01", "eind": "2025-01-01"},
        "bronnen": ["x"],
        "contact": "x",
    }
    text = yaml.safe_dump({"pakket": pakket, "bronnen": bronnen, "tabellen": tabellen}, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def compare(want: Tables, got: Tables) -> None:
    """Fail where two packages differ, whatever the order of the rows and the notation of numbers."""
    assert list(got) == list(want)
    for naam, frame in want.items():
        key = list(SCHEMA.tabellen[naam].sleutel)
        one, other = (t.sort_values(key, ignore_index=True) for t in (frame, got[naam]))
        for field in SCHEMA.tabellen[naam].fields:
            if field.type == "number" and field.naam in one:
                one[field.naam], other[field.naam] = (pd.to_numeric(t[field.naam]) for t in (one, other))
        pd.testing.assert_frame_equal(one, other)


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    return tables_of(make_example(tmp_path_factory.mktemp("w") / "pakket", huishoudens=40, seed=11))


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_comes_back_equal(kind, truth, tmp_path):
    run_import(mapping(truth, KINDS[kind](truth, tmp_path), tmp_path / "m.yaml"), [], tmp_path / "uit")
    compare(truth, tables_of(tmp_path / "uit"))


def test_the_truth_comes_back_equal_from_a_server(server, truth, tmp_path):
    with psycopg.connect(server) as con:
        con.execute("CREATE SCHEMA waarheid")
        for naam, frame in truth.items():
            types = {f.naam: _OF_SERVER.get(f.type, "text") for f in SCHEMA.tabellen[naam].fields}
            con.execute(f"CREATE TABLE waarheid.{naam} ({', '.join(f'{c} {types[c]}' for c in frame)})")
            with con.cursor().copy(f"COPY waarheid.{naam} FROM STDIN") as copy:
                for row in frame.itertuples(index=False):
                    copy.write_row([value or None for value in row])
        con.commit()
    sources = {naam: {"bestand": server, "schema": "waarheid", "tabel": naam} for naam in truth}
    run_import(mapping(truth, sources, tmp_path / "m.yaml"), [], tmp_path / "uit")
    compare(truth, tables_of(tmp_path / "uit"))


def main(n: int) -> None:
    """Do all kinds with so many households, and say what each cost."""
    with tempfile.TemporaryDirectory() as folder:
        whole = tables_of(make_example(Path(folder) / "pakket", huishoudens=n, seed=11))
        for kind, write in KINDS.items():
            place = Path(folder) / kind
            place.mkdir()
            how = mapping(whole, write(whole, place), place / "m.yaml")
            begin = time.process_time()
            run_import(how, [], place / "uit")
            spent = time.process_time() - begin
            compare(whole, tables_of(place / "uit"))
            print(f"{kind}: gelijk, {sum(map(len, whole.values()))} rijen, {spent:.1f} CPU-s")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Event logs in XES, and what every format says that a source holds."""

from __future__ import annotations

import gzip
from datetime import time

import openpyxl
import pandas as pd
import pytest
import test_import_equal as equal

from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.synthetic import make_example
from toekomstscenario_eval.errors import InvoerFout


def _event(name: str, life: str, at: str, extra: str = "") -> str:
    return (
        f'<event><string key="concept:name" value="{name}"/>'
        f'<string key="lifecycle:transition" value="{life}"/>'
        f'<date key="time:timestamp" value="2023-01-{at}:00:00Z"/>{extra}</event>'
    )


LOG = (
    '<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/"><extension name="x"/>'
    '<trace><string key="concept:name" value="c1"/>'
    + _event("intake", "start", "01T10", '<int key="uren" value="3"/><float key="deel" value="0.50"/>')
    + _event("intake", "complete", "02T10", '<boolean key="klaar" value="true"/>')
    + _event("plan", "start", "03T10")
    + '</trace><trace><string key="concept:name" value="c2"/>'
    + _event("intake", "complete", "05T10")
    + "</trace></log>"
)


def lees(path, **options):
    how = {**formats.defaults("xes"), **options}
    seen = []
    delivery = formats.find("xes").read(path, how, namen=(), check=seen.append)
    assert seen == [delivery.kolommen]
    return delivery, delivery.whole().rename_columns(list(delivery.kolommen)).to_pylist()


def test_a_log_gives_its_events_with_those_of_the_case(tmp_path):
    for naam, raw in (("log.xes", LOG.encode()), ("log.xes.gz", gzip.compress(LOG.encode()))):
        (tmp_path / naam).write_bytes(raw)
        assert formats.format_of(tmp_path / naam) == "xes"
        delivery, rows = lees(tmp_path / naam)
        assert [r["case:concept:name"] for r in rows] == ["c1", "c1", "c1", "c2"]
        assert [r["concept:name"] for r in rows] == ["intake", "intake", "plan", "intake"]
        assert (rows[0]["uren"], rows[0]["deel"], rows[1]["klaar"], rows[2]["uren"]) == (
            "3",
            "0.5",
            "true",
            "",
        )
        assert delivery.first_row == 1
        (part,) = formats.contents(tmp_path / naam)
        assert (part.rijen, part.kolommen) == (4, len(delivery.kolommen))


def test_start_and_complete_are_one_step_and_running_work_runs(tmp_path):
    (tmp_path / "log.xes").write_text(LOG, encoding="utf-8")
    delivery, rows = lees(tmp_path / "log.xes", gebeurtenissen="paren")
    begin, end = (next(k for k in delivery.kolommen if k.startswith(n)) for n in ("begin", "eind"))
    steps = {(r["case:concept:name"], r["concept:name"]): (r[begin][:10], r[end][:10]) for r in rows}
    assert steps == {
        ("c1", "intake"): ("2023-01-01", "2023-01-02"),
        ("c1", "plan"): ("2023-01-03", ""),
        ("c2", "intake"): ("", "2023-01-05"),
    }
    assert "1 met begin en eind, 1 die nog lopen (zonder eind), 1 met alleen een eind" in delivery.gezien[-1]


@pytest.mark.parametrize(
    "raw",
    [
        LOG[:200],
        LOG.replace("<log", '<!DOCTYPE log [<!ENTITY e "geheim">]><log', 1),
        "<a>" * 5000,
        '<?xml version="1.0"?><html/>',
        "",
    ],
)
def test_what_is_no_log_is_refused(tmp_path, raw):
    (tmp_path / "log.xes").write_text(raw, encoding="utf-8")
    with pytest.raises(InvoerFout) as fout:
        lees(tmp_path / "log.xes")
    assert "geheim" not in str(fout.value)


@pytest.mark.parametrize("kind", [k for k in equal.KINDS if k != "csv"])
def test_a_source_says_what_it_holds(kind, tmp_path):
    tables = equal.tables_of(make_example(tmp_path / "p", huishoudens=14, seed=2))
    small = {naam: tables[naam] for naam in ("huishouden", "persoon")}
    places = equal.KINDS[kind](small, tmp_path)
    found = {
        part.naam: part for place in places.values() for part in formats.contents(tmp_path / place["bestand"])
    }
    for naam, frame in small.items():
        part = next(p for n, p in found.items() if naam in n)
        assert part.rijen in (None, len(frame), len(frame) + 1)
        assert part.kolommen in (None, frame.shape[1])


def test_sheets_of_every_kind_of_cell(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Overzicht", None, None, None],
        ["nr", "dag", "waar", "tijd"],
        ["007", pd.Timestamp("2023-01-02").to_pydatetime(), True, time(10, 30)],
        [None, None, None, None],
        ["008", pd.Timestamp("2023-01-03 10:30").to_pydatetime(), False, None],
    ):
        sheet.append(row)
    hidden = book.create_sheet("Weg")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "b.xlsx")
    reader = formats.find("excel")
    got = reader.read(
        tmp_path / "b.xlsx",
        {**formats.defaults("excel"), "kopregel": "2"},
        namen=("nr",),
        check=lambda _: None,
    )
    table = got.whole().rename_columns(list(got.kolommen)).to_pydict()
    assert table["nr"] == ["007", "008"]
    assert [v[:10] for v in table["dag"]] == ["2023-01-02", "2023-01-03"]
    assert table["waar"] == ["true", "false"]
    assert got.first_row == 3
    assert got.numbers.to_pylist() == [1, 3]
    assert {p.naam: p.verborgen for p in formats.contents(tmp_path / "b.xlsx")} == {
        "Sheet": False,
        "Weg": True,
    }
    for option, value in (("blad", "Blad9"), ("kopregel", "0"), ("kopregel", "99")):
        with pytest.raises(InvoerFout):
            reader.read(
                tmp_path / "b.xlsx",
                {**formats.defaults("excel"), option: value},
                namen=("nr",),
                check=lambda _: None,
            )


def test_what_nobody_reads_says_what_is_read(tmp_path):
    for naam, raw in (
        ("x.csv", b"%PDF-1.7"),
        ("x.csv", b"{\\rtf1"),
        ("x.xlsx", b"geen werkboek"),
        ("x.sav", b"niets"),
    ):
        (tmp_path / naam).write_bytes(raw)
        fmt = formats.format_of(tmp_path / naam)
        with pytest.raises(InvoerFout):
            formats.find(fmt).read(tmp_path / naam, formats.defaults(fmt), namen=("a",), check=lambda _: None)


def test_parquet_of_many_types(tmp_path):
    frame = pd.DataFrame(
        {"a": [1.0, None], "b": [True, False], "c": pd.to_datetime(["2023-01-01", None]), "d": [[1], [2]]}
    )
    frame.to_parquet(tmp_path / "x.parquet")
    got = formats.find("parquet").read(tmp_path / "x.parquet", {}, namen=("a",), check=lambda _: None)
    table = got.whole().rename_columns(list(got.kolommen)).to_pydict()
    assert (table["a"], table["b"]) == (["1", ""], ["true", "false"])
    assert [v[:10] for v in table["c"]] == ["2023-01-01", ""]

"""The engine: its share of memory, and where it writes what does not fit."""

from __future__ import annotations

import gc
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from toekomstscenario_eval.data import connection
from toekomstscenario_eval.data.connection import MOST, _in_bytes, connect, shrink
from toekomstscenario_eval.errors import GebruikFout


def setting(con, naam):
    return con.con.execute(f"SELECT current_setting('{naam}')").fetchall()[0][0]


def test_default_limit_is_modest(monkeypatch):
    monkeypatch.delenv("TKS_GEHEUGEN", raising=False)
    assert 0 < _in_bytes(setting(connect(), "memory_limit")) <= MOST


def test_a_small_machine_keeps_the_engines_own_limit(monkeypatch):
    monkeypatch.delenv("TKS_GEHEUGEN", raising=False)
    monkeypatch.setattr(connection, "MOST", 10**15)
    assert _in_bytes(setting(connect(), "memory_limit")) < 10**15


@pytest.mark.parametrize(("tekst", "grens"), [("512MiB", 2**29), ("3 GB", 3e9), ("1.5gib", 1.5 * 2**30)])
def test_the_user_decides(monkeypatch, tekst, grens):
    monkeypatch.setenv("TKS_GEHEUGEN", tekst)
    assert _in_bytes(setting(connect(), "memory_limit")) == pytest.approx(grens, rel=0.05)


@pytest.mark.parametrize("tekst", ["veel", "4", "0GB", "-1GB", "4 XB", "GB"])
def test_what_is_no_size_is_refused(monkeypatch, tekst):
    monkeypatch.setenv("TKS_GEHEUGEN", tekst)
    with pytest.raises(GebruikFout, match="TKS_GEHEUGEN") as fout:
        connect()
    assert fout.value.kreeg == tekst


def test_spill_is_private_and_goes_away(monkeypatch):
    monkeypatch.setenv("TKS_GEHEUGEN", "60MB")
    con = connect()
    map_ = Path(setting(con, "temp_directory"))
    assert stat.S_IMODE(map_.stat().st_mode) == 0o700
    con.con.execute("CREATE TABLE t AS SELECT hash(range) AS a, hash(range + 1) AS b FROM range(8000000)")
    assert any(map_.iterdir())
    assert con.con.execute("SELECT count(*) FROM t").fetchall() == [(8000000,)]
    del con
    gc.collect()
    assert not map_.exists()


def test_shrinking_keeps_data_and_limit(monkeypatch):
    monkeypatch.delenv("TKS_GEHEUGEN", raising=False)
    con = connect()
    grens = setting(con, "memory_limit")
    con.con.execute("CREATE TABLE t AS SELECT hash(range) AS a FROM range(40000000)")
    shrink(con)
    assert setting(con, "memory_limit") == grens
    gebruikt = con.con.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchall()[0][0]
    assert gebruikt < 250_000_000
    assert con.con.execute("SELECT count(*), count(a) FROM t").fetchall() == [(40000000, 40000000)]


def test_no_progress_bar_gets_into_a_report():
    """Under IPython the engine shows one by itself, and what is printed into a report is refused."""
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.instance()\n"
        "import duckdb\n"
        "from toekomstscenario_eval.data.connection import connect\n"
        "vraag = \"SELECT current_setting('enable_progress_bar')\"\n"
        "print(duckdb.connect().execute(vraag).fetchall(), connect().con.execute(vraag).fetchall())\n"
    )
    uit = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert uit.stdout.strip() == "[(True,)] [(False,)]"

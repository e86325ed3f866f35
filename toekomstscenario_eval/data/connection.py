"""The engine: DuckDB in this process, that writes to disk what does not fit in its share of memory."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import weakref

import duckdb
import ibis
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.errors import GebruikFout

MEMORY_VARIABLE = "TKS_GEHEUGEN"
# With the libraries, the other processes of a report and what pandas holds it then stays below 4 GB,
# also on ten million spells; half a gigabyte more hardly saves time.
MOST = 2_000_000_000
_SMALL = "200MB"
_EENHEDEN = {
    "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40,
}  # fmt: skip


def quote(text: str) -> str:
    """Return text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _in_bytes(text: str) -> float:
    """Return a size such as `2 GB` in bytes; NaN when it is none."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?I?B|B)\s*", text.upper())
    return float(match[1]) * _EENHEDEN[match[2]] if match and match[2] in _EENHEDEN else float("nan")


def _limit(con: duckdb.DuckDBPyConnection) -> str:
    """Return how much memory the engine may use: what the user asked for, or a sound default."""
    asked = os.environ.get(MEMORY_VARIABLE, "")
    if not asked:
        # The engine's own default is a share of what this machine, or its container, has.
        own = _in_bytes(str(con.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]))
        return f"{min(MOST, int(own))}B"
    if not _in_bytes(asked) > 0:
        raise GebruikFout(
            f"de hoeveelheid geheugen in {MEMORY_VARIABLE} is niet te lezen",
            verwacht="een getal met een eenheid, zoals 4GB",
            kreeg=asked,
            herstel=f"verbeter de omgevingsvariabele {MEMORY_VARIABLE}, of haal haar weg",
        )
    return f"{int(_in_bytes(asked))}B"


def _set_limit(con: Backend) -> None:
    con.con.execute(f"SET memory_limit = '{_limit(con.con)}'")


def _hide_progress(con: Backend) -> None:
    """Draw no bar for what takes long: under IPython the engine does, and a report refuses a print."""
    on = con.con.execute("SELECT current_setting('enable_progress_bar')").fetchall()[0][0]
    if on:  # in a kernel without widgets it is off, and may not be set at all
        con.con.execute("SET enable_progress_bar = false")


def connect() -> Backend:
    """Return a fresh engine whose spill goes to a folder that only this user can read.

    The folder is removed when the engine is gone, at the latest when Python stops.

    Raises
    ------
    GebruikFout
        When the environment variable TKS_GEHEUGEN holds no size.
    """
    con = ibis.duckdb.connect()
    _hide_progress(con)
    _set_limit(con)
    map_ = tempfile.mkdtemp(prefix="tks-")
    weakref.finalize(con, shutil.rmtree, map_, ignore_errors=True)
    con.con.execute(f"SET temp_directory = {quote(map_)}")
    return con


def shrink(con: Backend) -> None:
    """Let the engine give back the memory in which it keeps what it read before."""
    try:
        con.con.execute(f"SET memory_limit = '{_SMALL}'")
    except duckdb.OutOfMemoryException:
        pass  # what is in use stays where it is
    finally:
        # The engine tells its limit rounded down; set anew from its own default it stays the same.
        con.con.execute("RESET memory_limit")
        _set_limit(con)

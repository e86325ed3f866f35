"""DuckDB: one table or view of a file, opened for reading only and cut off from everything outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from toekomstscenario_eval.data.importers.formats import CheckNames, Delivery, Part, Source, _known, readable
from toekomstscenario_eval.data.importers.formats._tables import (
    BATCH,
    as_name,
    as_texts,
    choose,
    left_out,
    reader,
    told,
)

WHAT = "een DuckDB-bestand"
EXTENSIONS = (".duckdb",)
OPTIONS: dict[str, tuple[str, ...]] = {"tabel": ()}
_FAILURES = (duckdb.Error, ValueError, OSError)
_CLOSED = {"enable_external_access": "false", "autoload_known_extensions": "false"}


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    _known.refuse_absent(path)
    _known.refuse_other(path, "duckdb", readable=readable())
    if _known.begin(path, 12)[8:] != b"DUCK":  # the engine would try other programs' files too
        raise _known.damaged(path, "DuckDB")
    try:
        return duckdb.connect(str(path.resolve()), read_only=True, config=_CLOSED)
    except _FAILURES:
        raise _known.damaged(
            path, "DuckDB", remedy="sluit het programma dat het bestand open heeft, of maak de export opnieuw"
        ) from None


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:
    """Read one table as text; lists and bytes are left out and named."""
    path = Path(path)
    with closing(_open(path)) as con:
        try:
            parts = _parts(con)
            columns = {p.naam: _columns(con, p.naam) for p in parts}
            chosen = choose(
                parts,
                options.get("tabel", ""),
                where=path.name,
                hits=lambda naam: len(set(namen) & set(columns[naam])),
            )
            batches = con.execute(f"SELECT * FROM {as_name(chosen)}").to_arrow_reader(BATCH)
            heading, note = left_out(batches.schema)
            _known.refuse_wide(path, len(heading))
            check(tuple(heading))
            places = [i for i, naam in enumerate(batches.schema.names) if naam in set(heading)]
            table = reader(
                (as_texts(b, places) for b in batches),
                len(heading),
                failure=lambda: _known.damaged(path, "DuckDB"),
                errors=_FAILURES,
            ).read_all()
        except _FAILURES:  # the words of the engine may hold a value
            raise _known.damaged(path, "DuckDB") from None
    return Delivery(tuple(heading), table, first_row=1, gezien=told(chosen, parts) + note)


def contents(path: Source) -> tuple[Part, ...]:
    """Return the tables and views, with their rows counted."""
    path = Path(path)
    with closing(_open(path)) as con:
        try:
            return tuple(Part(p.naam, _count(con, p.naam), len(_columns(con, p.naam))) for p in _parts(con))
        except _FAILURES:
            raise _known.damaged(path, "DuckDB") from None


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {as_name(table)}").fetchall()[0][0])


def _parts(con: duckdb.DuckDBPyConnection) -> list[Part]:
    found = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY table_name"
    )
    return [Part(str(naam)) for (naam,) in found.fetchall()]


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> tuple[str, ...]:
    return tuple(c[0] for c in con.execute(f"SELECT * FROM {as_name(table)} LIMIT 0").description)

"""SQLite: one table or view of a file, opened for reading only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa

from toekomstscenario_eval.data.importers.formats import CheckNames, Delivery, Part, Source, _known, readable
from toekomstscenario_eval.data.importers.formats._cells import texts
from toekomstscenario_eval.data.importers.formats._tables import BATCH, as_name, choose, text_schema, told

WHAT = "een SQLite-bestand"
EXTENSIONS = (".sqlite", ".sqlite3", ".db")
OPTIONS: dict[str, tuple[str, ...]] = {"tabel": ()}
_FAILURES = (sqlite3.Error, ValueError, OverflowError)


def _open(path: Path) -> sqlite3.Connection:
    _known.refuse_absent(path)
    _known.refuse_other(path, "sqlite", readable=readable())
    try:
        con = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        con.execute("PRAGMA trusted_schema = OFF")
        con.execute("PRAGMA query_only = ON")
        con.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except _FAILURES:
        raise _known.damaged(path, "SQLite") from None
    return con


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:
    """Read one table; every value by its own kind, whatever the column says it holds."""
    path = Path(path)
    with closing(_open(path)) as con:
        try:
            parts = _parts(con)
            tables = {p.naam: _columns(con, p.naam) for p in parts}
            chosen = choose(
                parts,
                options.get("tabel", ""),
                where=path.name,
                hits=lambda naam: len(set(namen) & set(tables[naam])),
            )
            heading = tables[chosen]
            _known.refuse_wide(path, len(heading))
            check(heading)
            mixed: set[int] = set()
            table = pa.Table.from_batches(_batches(con, chosen, heading, mixed), text_schema(len(heading)))
        except _FAILURES:  # the words of the library may hold a value
            raise _known.damaged(path, "SQLite") from None
    loose = ", ".join(heading[i] for i in sorted(mixed))
    note = (f"Getallen en tekst door elkaar in: {loose}.",) if loose else ()
    return Delivery(heading, table, first_row=1, gezien=told(chosen, parts) + note)


def contents(path: Source) -> tuple[Part, ...]:
    """Return the tables and views, with their rows counted."""
    path = Path(path)
    with closing(_open(path)) as con:
        try:
            return tuple(
                Part(
                    p.naam,
                    con.execute(f"SELECT count(*) FROM {as_name(p.naam)}").fetchone()[0],
                    len(_columns(con, p.naam)),
                )
                for p in _parts(con)
            )
        except _FAILURES:
            raise _known.damaged(path, "SQLite") from None


def _parts(con: sqlite3.Connection) -> list[Part]:
    found = con.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY name"
    )
    return [Part(str(naam)) for (naam,) in found]


def _columns(con: sqlite3.Connection, table: str) -> tuple[str, ...]:
    cursor = con.execute(f"SELECT * FROM {as_name(table)} LIMIT 0")
    return tuple(column[0] for column in cursor.description)


def _batches(
    con: sqlite3.Connection, table: str, heading: Sequence[str], mixed: set[int]
) -> Iterator[pa.RecordBatch]:
    cursor = con.execute(f"SELECT * FROM {as_name(table)}")
    while rows := cursor.fetchmany(BATCH):
        columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
        for i, column in enumerate(columns):
            kinds = set(map(type, column))
            if str in kinds and {int, float} & kinds:
                mixed.add(i)
        yield pa.RecordBatch.from_arrays([texts(c) for c in columns], schema=text_schema(len(heading)))

"""PostgreSQL: one table or view of a database, read with COPY in a transaction that can change nothing."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
from psycopg import sql

from toekomstscenario_eval.data.importers.formats import CheckNames, Delivery, Part, Source, shown
from toekomstscenario_eval.data.importers.formats._tables import choose, text_schema, told
from toekomstscenario_eval.errors import InvoerFout

WHAT = "een PostgreSQL-database"
EXTENSIONS: tuple[str, ...] = ()
OPTIONS: dict[str, tuple[str, ...]] = {"tabel": (), "schema": ()}
_WAIT = 10  # seconds until a server must have answered
_FAILURES = (psycopg.Error, ValueError, UnicodeError, OSError, pa.ArrowException)
# The Dutch day counts, for a server keeps moments and not what was written.
_SETTINGS = "SET TimeZone = 'Europe/Amsterdam'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'"
_MOMENTS = {"timestamp without time zone"}
_LEFT_OUT = {"bytea", "ARRAY"}


def _connect(source: Source) -> psycopg.Connection[Any]:
    try:
        con = psycopg.connect(str(source), connect_timeout=_WAIT)
        con.read_only = True
        con.execute(_SETTINGS)
        return con
    except _FAILURES:  # the words of the library may hold the address with its password
        raise InvoerFout(
            "de database is niet te bereiken",
            waar=shown(source),
            verwacht="een adres als postgresql://gebruiker@server:5432/database",
            herstel="controleer het adres, de naam en het wachtwoord, en of de server aan staat",
        ) from None


def _damaged(source: Source) -> InvoerFout:
    return InvoerFout(
        "de tabel kan niet uit de database worden gelezen",
        waar=shown(source),
        herstel="controleer of u de tabel mag lezen, en probeer het opnieuw",
    )


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:
    """Read one table as text; lists and bytes are left out and named."""
    schema = options.get("schema", "") or "public"
    with _connect(path) as con:
        try:
            tables = _columns(con, schema)
            parts = [Part(naam, None, len(columns)) for naam, columns in tables.items()]
            chosen = choose(
                parts,
                options.get("tabel", ""),
                where=f"{shown(path)}, schema {schema}",
                hits=lambda naam: len(set(namen) & {k for k, _ in tables[naam]}),
            )
            plain = [(k, kind) for k, kind in tables[chosen] if kind not in _LEFT_OUT]
            heading = tuple(k for k, _ in plain)
            check(heading)
            table = _copy(con, schema=schema, table=chosen, columns=plain)
        except _FAILURES:
            raise _damaged(path) from None
    gone = [k for k, kind in tables[chosen] if kind in _LEFT_OUT]
    note: tuple[str, ...] = (
        (f"Kolommen met lijsten of bytes zijn weggelaten: {', '.join(gone)}.",) if gone else ()
    )
    zoned = any(kind == "timestamp with time zone" for _, kind in plain)
    note += ("Momenten met een tijdzone staan in Nederlandse tijd.",) if zoned else ()
    return Delivery(heading, table, first_row=1, gezien=told(chosen, parts) + note)


def contents(path: Source) -> tuple[Part, ...]:
    """Return the tables and views of the schema `public`; their rows are not counted."""
    with _connect(path) as con:
        try:
            return tuple(Part(naam, None, len(c)) for naam, c in _columns(con, "public").items())
        except _FAILURES:
            raise _damaged(path) from None


def _columns(con: psycopg.Connection[Any], schema: str) -> dict[str, list[tuple[str, str]]]:
    found = con.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = %s ORDER BY table_name, ordinal_position",
        (schema,),
    )
    out: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in found:
        out.setdefault(table, []).append((column, kind))
    return out


def _copy(
    con: psycopg.Connection[Any], *, schema: str, table: str, columns: Sequence[tuple[str, str]]
) -> pa.Table:
    chosen = sql.SQL(", ").join(_as_text(k, kind) for k, kind in columns)
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, ENCODING 'UTF8')").format(
        chosen, sql.Identifier(schema, table)
    )
    written = io.BytesIO()
    with con.cursor() as cursor, cursor.copy(query) as rows:
        for piece in rows:
            written.write(piece)
    names = text_schema(len(columns))
    if not written.tell():
        return names.empty_table()
    written.seek(0)
    return pacsv.read_csv(
        written,
        read_options=pacsv.ReadOptions(column_names=names.names),
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types={n: pa.string() for n in names.names}, strings_can_be_null=False
        ),
    )


def _as_text(column: str, kind: str) -> sql.Composable:
    name = sql.Identifier(column)
    if kind == "numeric":
        return sql.SQL("trim_scale({})::text").format(name)
    if kind in _MOMENTS:
        return sql.SQL("regexp_replace(replace({}::text, ' ', 'T'), 'T00:00:00$', '')").format(name)
    return sql.SQL("{}::text").format(name)

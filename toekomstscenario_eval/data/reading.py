"""Read one delivered file into DuckDB: text as text, Parquet as it is, nothing repaired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.connection import quote
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.text_file import SEPARATORS, first_row, look, other_separator
from toekomstscenario_eval.errors import InvoerFout

_COMMA, _UTF8 = SEPARATORS["komma"], "utf-8"
_LONGEST_LINE = 1 << 20
_RESERVED = {ROW, "file_row_number"}
_FIRST = 5


@dataclass(frozen=True)
class Read:
    """A file as read: the table, whether it was text, and the lines that could not be read.

    `onleesbare_regels` are the first line numbers in the file, the header being line 1.
    """

    tabel: ir.Table
    tekst: bool
    onleesbaar: int
    onleesbare_regels: tuple[int, ...]


def read(con: Backend, naam: str, path: Path) -> Read:
    """Read the file of table `naam`; raises InvoerFout when it is not CSV or Parquet as agreed."""
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InvoerFout(
            f"het bestand van de tabel {naam} heeft geen bekende vorm",
            waar=path.name,
            verwacht="een bestand dat eindigt op .csv of .parquet",
            herstel="sla het bestand op als CSV (komma, UTF-8) of Parquet",
        )
    return reader(con, naam, path)


def _literal(path: Path) -> str:
    """Return a path such that the engine reads that file, and no others that its name fits as a pattern."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path))


def _check_encoding(path: Path) -> None:
    """Refuse a file that is not UTF-8, with the line where it goes wrong."""
    seen = look(path, _UTF8)
    if seen.fout or seen.half:
        soort = "UTF-16" if seen.utf16 else "een andere codering"
        raise _not_utf8(path, seen.fout or seen.regels, soort)


def _not_utf8(path: Path, line: int, got: str) -> InvoerFout:
    return InvoerFout(
        "het bestand is niet in UTF-8 gecodeerd",
        waar=f"{path.name}, regel {line}",
        verwacht="UTF-8",
        kreeg=got,
        herstel="sla het bestand op als CSV UTF-8",
    )


def _header(path: Path, naam: str) -> tuple[str, ...]:
    """Return the column names on the first line, checked."""
    heading = first_row(path, _UTF8, _COMMA)
    if heading is None or any("\n" in k or "\r" in k for k in heading):
        raise InvoerFout(
            "een aanhalingsteken op de eerste regel wordt niet gesloten",
            waar=f"{path.name}, regel 1",
            verwacht="een regel met kolomnamen",
            herstel="zet de kolomnamen van de gegevensafspraak op de eerste regel",
        )
    if not any(heading):
        raise InvoerFout(
            "het bestand is leeg of begint met een lege regel",
            waar=path.name,
            verwacht="een eerste regel met kolomnamen",
            herstel=f"lever de tabel {naam} met kolomnamen, of laat de tabel weg uit het pakket",
        )
    if any("\0" in k for k in heading):
        raise _not_utf8(path, 1, "UTF-16")
    _check_names(heading, naam, where=f"{path.name}, regel 1")
    return heading


def _check_names(heading: Sequence[str], naam: str, *, where: str) -> None:
    """Refuse column names that cannot be told apart, or of which the contract knows none.

    The names themselves stay out of the message: without a header they would be data.
    """
    known = {v.naam for v in load_schema().tabellen[naam].fields}
    if not known & set(heading):
        if other := other_separator(heading, _COMMA, known):
            raise InvoerFout(
                "het bestand heeft een ander scheidingsteken",
                waar=where,
                verwacht="een komma",
                kreeg="een verticale streep" if other == "streep" else f"een {other}",
                herstel="sla het bestand op met een komma als scheidingsteken",
            )
        raise InvoerFout(
            f"het bestand heeft geen enkele kolom van de tabel {naam}",
            waar=where,
            verwacht="kolomnamen zoals " + ", ".join(sorted(known)[:3]),
            herstel="zet de kolomnamen van de gegevensafspraak op de eerste regel",
        )
    # The engine does not tell names apart by capitals.
    flat = [k.casefold() for k in heading]
    may_not = {*_RESERVED, *(k for k in flat if flat.count(k) > 1)}
    fout = [number for number, k in enumerate(flat, start=1) if not k.strip() or k in may_not]
    if fout:
        raise InvoerFout(
            "een kolomnaam is leeg, komt dubbel voor of is gereserveerd",
            waar=f"{where}, kolom {', '.join(map(str, fout))}",
            verwacht="een eigen naam voor elke kolom (hoofdletters maken geen verschil)",
            herstel="geef elke kolom een eigen naam, of verwijder de lege kolom",
        )


def _line_numbers(path: Path, positions: Sequence[int]) -> tuple[int, ...]:
    """Return the line of the file at each byte position (ascending, from 1).

    A position before a blank line belongs to the line after it.
    """
    line, out = 1, []
    with path.open("rb") as file:
        for position in positions:
            piece = file.read(position - 1 - file.tell())
            while (char := file.read(1)) in (b"\n", b"\r"):
                piece += char
            line += max(piece.count(b"\n"), piece.count(b"\r"))
            out.append(line)
    return tuple(out)


def _read_csv(con: Backend, naam: str, path: Path) -> Read:
    _check_encoding(path)
    columns = ", ".join(f"{quote(k)}: 'VARCHAR'" for k in _header(path, naam))
    text, look = f"tekst_{naam}", f"ruw_{naam}"
    rejected, scan = f"afgekeurd_{naam}", f"scan_{naam}"
    try:
        # Lines with the wrong number of columns are set apart and reported, not lost.
        con.raw_sql(
            f"CREATE TABLE {text} AS SELECT * FROM read_csv("
            f"{quote(_literal(path))}, header = true, auto_detect = false, delim = ',', quote = '\"', "
            f"escape = '\"', nullstr = '', columns = {{{columns}}}, strict_mode = true, "
            f"max_line_size = {_LONGEST_LINE}, store_rejects = true, rejects_limit = 0, "
            f"rejects_table = '{rejected}', rejects_scan = '{scan}')"
        )
    except duckdb.Error:  # its text holds lines of the file, so it is not passed on
        raise InvoerFout(
            "het bestand is niet als CSV te lezen",
            waar=path.name,
            verwacht="CSV met komma's, dubbele aanhalingstekens en overal hetzelfde regeleinde",
            herstel="sla het bestand opnieuw op als CSV UTF-8; regels van twee systemen aan elkaar plakken "
            "is de gewone oorzaak",
        ) from None
    spot = "DISTINCT line_byte_position"  # a line can be rejected for more than one reason
    aantal, positions = con.raw_sql(
        f"SELECT count({spot}), list_sort(list({spot}))[:{_FIRST}] FROM {rejected}"
    ).fetchall()[0]
    con.raw_sql(f"DROP TABLE {rejected}")
    con.raw_sql(f"DROP TABLE {scan}")
    # Rows are stored in the order of the file, so their place in the table is their number.
    con.raw_sql(f"CREATE VIEW {look} AS SELECT rowid + 1 AS {ROW}, * FROM {text}")
    return Read(con.table(look), True, int(aantal), _line_numbers(path, positions or ()))


def _read_parquet(con: Backend, naam: str, path: Path) -> Read:
    look, source = f"ruw_{naam}", quote(_literal(path))
    try:
        heading = [r[0] for r in con.raw_sql(f"DESCRIBE SELECT * FROM read_parquet({source})").fetchall()]
        _check_names(heading, naam, where=path.name)
        con.raw_sql(
            f"CREATE VIEW {look} AS SELECT file_row_number + 1 AS {ROW}, * EXCLUDE (file_row_number) "
            f"FROM read_parquet({source}, file_row_number = true)"
        )
    except duckdb.Error:
        raise InvoerFout(
            "het bestand is geen leesbaar Parquet-bestand",
            waar=path.name,
            herstel="schrijf het bestand opnieuw; een afgebroken kopie is de gewone oorzaak",
        ) from None
    return Read(con.table(look), False, 0, ())

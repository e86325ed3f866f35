"""Read one delivered file into DuckDB: text as text, Parquet as it is, nothing repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.connection import quote
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.text_file import SEPARATORS, first_row, look, other_separator
from toekomstscenario_eval.errors import InvoerFout

_KOMMA, _UTF8 = SEPARATORS["komma"], "utf-8"
_LANGSTE_REGEL = 1 << 20
_GERESERVEERD = {RIJ, "file_row_number"}
_EERSTE = 5


@dataclass(frozen=True)
class Gelezen:
    """A file as read: the table, whether it was text, and the lines that could not be read.

    `onleesbare_regels` are the first line numbers in the file, the header being line 1.
    """

    tabel: ir.Table
    tekst: bool
    onleesbaar: int
    onleesbare_regels: tuple[int, ...]


def read(con: Backend, naam: str, pad: Path) -> Gelezen:
    """Read the file of table `naam`; raises InvoerFout when it is not CSV or Parquet as agreed."""
    lezers = {".csv": _read_csv, ".parquet": _read_parquet}
    lezer = lezers.get(pad.suffix.lower())
    if lezer is None:
        raise InvoerFout(
            f"het bestand van de tabel {naam} heeft geen bekende vorm",
            waar=pad.name,
            verwacht="een bestand dat eindigt op .csv of .parquet",
            herstel="sla het bestand op als CSV (komma, UTF-8) of Parquet",
        )
    return lezer(con, naam, pad)


def _check_encoding(pad: Path) -> None:
    """Refuse a file that is not UTF-8, with the line where it goes wrong."""
    gezien = look(pad, _UTF8)
    if gezien.fout or gezien.half:
        soort = "UTF-16" if gezien.utf16 else "een andere codering"
        raise _not_utf8(pad, gezien.fout or gezien.regels, soort)


def _not_utf8(pad: Path, regel: int, kreeg: str) -> InvoerFout:
    return InvoerFout(
        "het bestand is niet in UTF-8 gecodeerd",
        waar=f"{pad.name}, regel {regel}",
        verwacht="UTF-8",
        kreeg=kreeg,
        herstel="sla het bestand op als CSV UTF-8",
    )


def _header(pad: Path, naam: str) -> tuple[str, ...]:
    """Return the column names on the first line, checked."""
    kop = first_row(pad, _UTF8, _KOMMA)
    if kop is None or any("\n" in k or "\r" in k for k in kop):
        raise InvoerFout(
            "een aanhalingsteken op de eerste regel wordt niet gesloten",
            waar=f"{pad.name}, regel 1",
            verwacht="een regel met kolomnamen",
            herstel="zet de kolomnamen van de gegevensafspraak op de eerste regel",
        )
    if not any(kop):
        raise InvoerFout(
            "het bestand is leeg of begint met een lege regel",
            waar=pad.name,
            verwacht="een eerste regel met kolomnamen",
            herstel=f"lever de tabel {naam} met kolomnamen, of laat de tabel weg uit het pakket",
        )
    if any("\0" in k for k in kop):
        raise _not_utf8(pad, 1, "UTF-16")
    _check_names(kop, naam, waar=f"{pad.name}, regel 1")
    return kop


def _check_names(kop: Sequence[str], naam: str, *, waar: str) -> None:
    """Refuse column names that cannot be told apart, or of which the contract knows none.

    The names themselves stay out of the message: without a header they would be data.
    """
    bekend = {v.naam for v in load_schema().tabellen[naam].velden}
    if not bekend & set(kop):
        if ander := other_separator(kop, _KOMMA, bekend):
            raise InvoerFout(
                "het bestand heeft een ander scheidingsteken",
                waar=waar,
                verwacht="een komma",
                kreeg="een verticale streep" if ander == "streep" else f"een {ander}",
                herstel="sla het bestand op met een komma als scheidingsteken",
            )
        raise InvoerFout(
            f"het bestand heeft geen enkele kolom van de tabel {naam}",
            waar=waar,
            verwacht="kolomnamen zoals " + ", ".join(sorted(bekend)[:3]),
            herstel="zet de kolomnamen van de gegevensafspraak op de eerste regel",
        )
    # The engine does not tell names apart by capitals.
    plat = [k.casefold() for k in kop]
    mag_niet = {*_GERESERVEERD, *(k for k in plat if plat.count(k) > 1)}
    fout = [nummer for nummer, k in enumerate(plat, start=1) if not k.strip() or k in mag_niet]
    if fout:
        raise InvoerFout(
            "een kolomnaam is leeg, komt dubbel voor of is gereserveerd",
            waar=f"{waar}, kolom {', '.join(map(str, fout))}",
            verwacht="een eigen naam voor elke kolom (hoofdletters maken geen verschil)",
            herstel="geef elke kolom een eigen naam, of verwijder de lege kolom",
        )


def _line_numbers(pad: Path, posities: Sequence[int]) -> tuple[int, ...]:
    """Return the line of the file at each byte position (ascending, from 1).

    A position before a blank line belongs to the line after it.
    """
    regel, uit = 1, []
    with pad.open("rb") as bestand:
        for positie in posities:
            stuk = bestand.read(positie - 1 - bestand.tell())
            while (teken := bestand.read(1)) in (b"\n", b"\r"):
                stuk += teken
            regel += max(stuk.count(b"\n"), stuk.count(b"\r"))
            uit.append(regel)
    return tuple(uit)


def _read_csv(con: Backend, naam: str, pad: Path) -> Gelezen:
    _check_encoding(pad)
    kolommen = ", ".join(f"{quote(k)}: 'VARCHAR'" for k in _header(pad, naam))
    tekst, kijk = f"tekst_{naam}", f"ruw_{naam}"
    afgekeurd, scan = f"afgekeurd_{naam}", f"scan_{naam}"
    try:
        # Lines with the wrong number of columns are set apart and reported, not lost.
        con.raw_sql(
            f"CREATE TABLE {tekst} AS SELECT * FROM read_csv("
            f"{quote(str(pad))}, header = true, auto_detect = false, delim = ',', quote = '\"', "
            f"escape = '\"', nullstr = '', columns = {{{kolommen}}}, strict_mode = true, "
            f"max_line_size = {_LANGSTE_REGEL}, store_rejects = true, rejects_limit = 0, "
            f"rejects_table = '{afgekeurd}', rejects_scan = '{scan}')"
        )
    except duckdb.Error:  # its text holds lines of the file, so it is not passed on
        raise InvoerFout(
            "het bestand is niet als CSV te lezen",
            waar=pad.name,
            verwacht="CSV met komma's, dubbele aanhalingstekens en overal hetzelfde regeleinde",
            herstel="sla het bestand opnieuw op als CSV UTF-8; regels van twee systemen aan elkaar plakken "
            "is de gewone oorzaak",
        ) from None
    plek = "DISTINCT line_byte_position"  # a line can be rejected for more than one reason
    aantal, posities = con.raw_sql(
        f"SELECT count({plek}), list_sort(list({plek}))[:{_EERSTE}] FROM {afgekeurd}"
    ).fetchall()[0]
    con.raw_sql(f"DROP TABLE {afgekeurd}")
    con.raw_sql(f"DROP TABLE {scan}")
    # Rows are stored in the order of the file, so their place in the table is their number.
    con.raw_sql(f"CREATE VIEW {kijk} AS SELECT rowid + 1 AS {RIJ}, * FROM {tekst}")
    return Gelezen(con.table(kijk), True, int(aantal), _line_numbers(pad, posities or ()))


def _read_parquet(con: Backend, naam: str, pad: Path) -> Gelezen:
    kijk, bron = f"ruw_{naam}", quote(str(pad))
    try:
        kop = [r[0] for r in con.raw_sql(f"DESCRIBE SELECT * FROM read_parquet({bron})").fetchall()]
        _check_names(kop, naam, waar=pad.name)
        con.raw_sql(
            f"CREATE VIEW {kijk} AS SELECT file_row_number + 1 AS {RIJ}, * EXCLUDE (file_row_number) "
            f"FROM read_parquet({bron}, file_row_number = true)"
        )
    except duckdb.Error:
        raise InvoerFout(
            "het bestand is geen leesbaar Parquet-bestand",
            waar=pad.name,
            herstel="schrijf het bestand opnieuw; een afgebroken kopie is de gewone oorzaak",
        ) from None
    return Gelezen(con.table(kijk), False, 0, ())

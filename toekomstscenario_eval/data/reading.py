"""Read one delivered file into DuckDB: text as text, Parquet as it is, nothing repaired."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.errors import InvoerFout

_SCHEIDING = {";": "puntkomma", "\t": "tab", "|": "verticale streep"}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BROK = 1 << 24


@dataclass(frozen=True)
class Gelezen:
    """A file as read: the table, whether it was text, and the lines that could not be read."""

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
    decoder = codecs.getincrementaldecoder("utf-8")()
    regel = 1
    with pad.open("rb") as bestand:
        while brok := bestand.read(_BROK):
            try:
                decoder.decode(brok)
            except UnicodeDecodeError as fout:
                regel += brok[: fout.start].count(b"\n")
                soort = "UTF-16" if brok[:2] in _UTF16 else "een andere codering"
                raise InvoerFout(
                    "het bestand is niet in UTF-8 gecodeerd",
                    waar=f"{pad.name}, regel {regel}",
                    verwacht="UTF-8",
                    kreeg=soort,
                    herstel="sla het bestand op als CSV UTF-8",
                ) from None
            regel += brok.count(b"\n")


def _header(pad: Path, naam: str) -> list[str]:
    with pad.open(encoding="utf-8-sig", newline="") as bestand:
        kop = next(csv.reader(bestand), [])
    if not kop or kop == [""]:
        raise InvoerFout(
            "het bestand is leeg",
            waar=pad.name,
            verwacht="een eerste regel met kolomnamen",
            herstel=f"lever de tabel {naam} met kolomnamen, of laat de tabel weg uit het pakket",
        )
    bekend = {v.naam for v in load_schema().tabellen[naam].velden}
    if not bekend & set(kop):
        for teken, woord in _SCHEIDING.items():
            if bekend & set(",".join(kop).split(teken)):
                raise InvoerFout(
                    "het bestand heeft een ander scheidingsteken",
                    waar=f"{pad.name}, regel 1",
                    verwacht="een komma",
                    kreeg=f"een {woord}",
                    herstel="sla het bestand op met een komma als scheidingsteken",
                )
        raise InvoerFout(
            "de eerste regel noemt geen enkele kolom van de tabel",
            waar=f"{pad.name}, regel 1",
            verwacht="kolomnamen zoals " + ", ".join(sorted(bekend)[:3]),
            herstel="zet de kolomnamen van de gegevensafspraak op de eerste regel",
        )
    dubbel = sorted({k for k in kop if kop.count(k) > 1 or k == RIJ})
    if dubbel:
        raise InvoerFout(
            "een kolomnaam komt dubbel voor of is gereserveerd",
            waar=f"{pad.name}, regel 1",
            kreeg=f"{len(dubbel)} zulke kolomnamen",
            herstel="geef elke kolom een eigen naam",
        )
    return kop


def _quote(tekst: str) -> str:
    return "'" + tekst.replace("'", "''") + "'"


def _read_csv(con: Backend, naam: str, pad: Path) -> Gelezen:
    _check_encoding(pad)
    kop = _header(pad, naam)
    kolommen = ", ".join(f"{_quote(k)}: 'VARCHAR'" for k in kop)
    tabel = f"ruw_{naam}"
    # Lines with the wrong number of columns are set apart and reported, not lost.
    con.raw_sql(
        f"CREATE TABLE {tabel} AS SELECT row_number() OVER () AS {RIJ}, * FROM read_csv({_quote(str(pad))}, "
        f"header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
        f"columns = {{{kolommen}}}, strict_mode = true, store_rejects = true, max_line_size = 1048576, "
        f"rejects_table = 'afgekeurd_{naam}', rejects_scan = 'scan_{naam}')"
    )
    fout = con.raw_sql(
        f"SELECT count(DISTINCT line), list_sort(list(DISTINCT line))[:5] FROM afgekeurd_{naam}"
    ).fetchall()[0]
    return Gelezen(con.table(tabel), True, int(fout[0]), tuple(int(r) for r in fout[1] or ()))


def _read_parquet(con: Backend, naam: str, pad: Path) -> Gelezen:
    kijk = f"ruw_{naam}"
    try:
        con.raw_sql(
            f"CREATE VIEW {kijk} AS SELECT file_row_number + 1 AS {RIJ}, * EXCLUDE (file_row_number) "
            f"FROM read_parquet({_quote(str(pad))}, file_row_number = true)"
        )
    except duckdb.Error:
        raise InvoerFout(
            "het bestand is geen leesbaar Parquet-bestand",
            waar=pad.name,
            herstel="schrijf het bestand opnieuw; een afgebroken kopie is de gewone oorzaak",
        ) from None
    return Gelezen(con.table(kijk), False, 0, ())

"""Read the export: text as text, with its row numbers; what cannot be read is counted, not lost."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.checks.bsn import find_bsn
from toekomstscenario_eval.data.importers.mapping import SCHEIDINGSTEKEN, ImportMapping
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.errors import InvoerFout, bedoelt_u

_BROK = 1 << 22
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = b"PK\x03\x04"

_LANGSTE_NAAM = 131_072  # characters of a column name; beyond it a file is no table


@dataclass(frozen=True)
class Source:
    """The export as read: every column as text, in DuckDB, under `kolom(naam)`.

    `onleesbaar` are the rows with another number of columns than the header (first data row = 1).
    """

    tabel: ir.Table
    kolommen: tuple[str, ...]
    rijen: int
    onleesbaar: tuple[int, ...]

    def kolom(self, naam: str) -> ir.Column:
        """Return a column by its name in the source."""
        return self.tabel[_name(self.kolommen.index(naam))]


@dataclass
class _Rejects:
    """Collects the rows with another number of columns while the reader goes on."""

    rijen: list[int] = field(default_factory=list)

    def __call__(self, rij: pacsv.InvalidRow) -> str:
        self.rijen.append(int(rij.number) - 1)
        return "skip"


def _name(nummer: int) -> str:
    # The engine does not tell `Naam` from `naam`, and names may hold anything.
    return f"k{nummer}"


def _check_bytes(pad: Path, codering: str) -> bool:
    """Refuse a file that is not in the encoding that the mapping names; return whether it holds quotes."""
    decoder = codecs.getincrementaldecoder(codering)()
    ook_utf8: codecs.IncrementalDecoder | None = None
    if codering == "windows-1252":
        ook_utf8 = codecs.getincrementaldecoder("utf-8")()
    gewoon, aanhaling, regel = True, False, 1
    with pad.open("rb") as bestand:
        while brok := bestand.read(_BROK):
            if regel == 1 and brok.startswith(_ZIP):
                raise InvoerFout(
                    "de bron is een Excel- of zipbestand, geen tekst",
                    waar=pad.name,
                    herstel="sla het werkblad op als CSV en importeer dat bestand",
                )
            try:
                decoder.decode(brok)
            except UnicodeDecodeError as fout:
                regel += brok[: fout.start].count(b"\n")
                raise InvoerFout(
                    f"de bron is niet in {codering} gecodeerd",
                    waar=f"{pad.name}, regel {regel}",
                    verwacht=codering,
                    kreeg="utf-16" if brok[:2] in _UTF16 else "een andere codering",
                    herstel="zet de goede codering in de mapping onder bron > codering; "
                    "Excel schrijft vaak windows-1252",
                ) from None
            gewoon, aanhaling = gewoon and brok.isascii(), aanhaling or b'"' in brok
            ook_utf8 = _still_utf8(ook_utf8, brok)
            regel += brok.count(b"\n")
    if ook_utf8 is not None and not gewoon:
        raise InvoerFout(
            "de bron is in utf-8 gecodeerd",
            waar=pad.name,
            verwacht=codering,
            kreeg="utf-8",
            herstel="zet in de mapping onder bron 'codering: utf-8', anders raken letters met accenten kapot",
        )
    return aanhaling


def _still_utf8(decoder: codecs.IncrementalDecoder | None, brok: bytes) -> codecs.IncrementalDecoder | None:
    if decoder is None:
        return None
    try:
        decoder.decode(brok)
    except UnicodeDecodeError:
        return None
    return decoder


def _check_quotes(pad: Path, mapping: ImportMapping) -> None:
    """Refuse quotes that do not pair: rows would stick together and disappear without a trace."""
    with pad.open(encoding=mapping.codering, newline="") as bestand:
        lezer = csv.reader(bestand, delimiter=mapping.scheidingsteken, strict=True)
        try:
            deque(lezer, maxlen=0)
        except csv.Error:
            raise InvoerFout(
                "een aanhalingsteken wordt niet goed gesloten, zodat regels aan elkaar plakken",
                waar=f"{pad.name}, op of voor regel {lezer.line_num}",
                herstel="sluit het aanhalingsteken, of verdubbel een aanhalingsteken binnen een waarde; "
                f"een waarde mag hoogstens {csv.field_size_limit()} tekens lang zijn",
            ) from None


def _header(pad: Path, mapping: ImportMapping) -> tuple[str, ...]:
    """Return the column names after checking them against the mapping."""
    codering = "utf-8-sig" if mapping.codering == "utf-8" else mapping.codering
    with pad.open(encoding=codering, newline="") as bestand:
        try:
            kop = tuple(next(csv.reader(bestand, delimiter=mapping.scheidingsteken), ()))
        except csv.Error:
            raise _no_csv(pad) from None
    # The limit of the csv module is shared by the whole process: another library may have lifted it.
    if any(len(naam) > _LANGSTE_NAAM for naam in kop):
        raise _no_csv(pad)
    if not any(kop):
        raise InvoerFout(
            "de bron is leeg",
            waar=pad.name,
            verwacht="een eerste regel met kolomnamen en daaronder de rijen",
            herstel="maak de export opnieuw",
        )
    nodig = set(mapping.namen)
    if not nodig & set(kop):
        raise _no_header(pad, mapping, kop)
    for naam, plek in mapping.gebruikt:
        if naam not in kop:
            raise InvoerFout(
                f"de bron heeft geen kolom '{naam}'",
                waar=str(plek),
                verwacht=f"een kolom van {pad.name}: " + ", ".join(k for k in kop if k),
                herstel=bedoelt_u(naam, kop),
            )
    dubbel = sorted({k for k in kop if kop.count(k) > 1 and k in nodig})
    if dubbel:
        raise InvoerFout(
            "een kolom uit de mapping staat meer dan één keer in de bron",
            waar=f"{pad.name}, regel 1",
            kreeg=", ".join(dubbel),
            herstel="geef elke kolom een eigen naam",
        )
    return kop


def _no_header(pad: Path, mapping: ImportMapping, kop: tuple[str, ...]) -> InvoerFout:
    """Tell a wrong separator from a file without names; never show the line, it may hold persons."""
    namen = {teken: naam for naam, teken in SCHEIDINGSTEKEN.items()}
    regel = mapping.scheidingsteken.join(kop)
    for teken, naam in namen.items():
        if set(mapping.namen) & {k.strip('"') for k in regel.split(teken)}:
            return InvoerFout(
                "de bron heeft een ander scheidingsteken",
                waar=f"{pad.name}, regel 1",
                verwacht=namen[mapping.scheidingsteken],
                kreeg=naam,
                herstel=f"zet in de mapping onder bron 'scheidingsteken: {naam}'",
            )
    return InvoerFout(
        "de eerste regel van de bron noemt geen enkele kolom uit de mapping",
        waar=f"{pad.name}, regel 1",
        verwacht=", ".join(mapping.namen),
        herstel="kies de mapping die bij deze bron hoort, of zet de kolomnamen op de eerste regel",
    )


def _read(pad: Path, mapping: ImportMapping, kop: tuple[str, ...]) -> tuple[pa.Table, _Rejects]:
    afgekeurd = _Rejects()
    namen = [_name(i) for i in range(len(kop))]
    try:
        tabel = pacsv.read_csv(
            pad,
            # One thread, because only then the reader knows the row numbers.
            read_options=pacsv.ReadOptions(
                use_threads=False, encoding=mapping.codering, column_names=namen, skip_rows_after_names=1
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=mapping.scheidingsteken, newlines_in_values=True, invalid_row_handler=afgekeurd
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(namen, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowException, UnicodeError):
        raise _no_csv(pad) from None
    return tabel, afgekeurd


def _no_csv(pad: Path) -> InvoerFout:
    return InvoerFout(
        "de bron kan niet als CSV worden gelezen",
        waar=pad.name,
        verwacht="regels van gewone lengte, met een waarde per kolom",
        herstel="maak de export opnieuw; een afgebroken kopie is de gewone oorzaak",
    )


def _row_numbers(aantal: int, onleesbaar: list[int]) -> pa.Array:
    """Return the row numbers of the rows that were read, given those of the rows that were not."""
    alle = np.arange(1, aantal + len(onleesbaar) + 1, dtype=np.int64)
    return pa.array(np.setdiff1d(alle, np.asarray(onleesbaar, dtype=np.int64), assume_unique=True))


def read_source(con: Backend, pad: Path, mapping: ImportMapping) -> Source:
    """Read the export into DuckDB.

    Raises
    ------
    InvoerFout
        When the file is absent, empty, of another encoding or separator, lacks a mapped column,
        or holds a column that looks like a raw BSN.
    """
    if not pad.is_file():
        raise InvoerFout(
            "de bron is een map" if pad.is_dir() else "de bron bestaat niet",
            waar=str(pad),
            verwacht="een CSV-bestand met kolomnamen op de eerste regel",
            herstel="controleer het pad",
        )
    aanhaling = _check_bytes(pad, mapping.codering)
    kop = _header(pad, mapping)
    if aanhaling:
        _check_quotes(pad, mapping)
    tabel, afgekeurd = _read(pad, mapping, kop)
    if not tabel.num_rows and not afgekeurd.rijen:
        raise InvoerFout(
            "de bron heeft wel kolomnamen maar geen rijen", waar=pad.name, herstel="maak de export opnieuw"
        )
    genummerd = tabel.append_column(RIJ, _row_numbers(tabel.num_rows, afgekeurd.rijen))
    bron = Source(
        con.create_table("bron", ibis.memtable(genummerd)),
        kop,
        tabel.num_rows + len(afgekeurd.rijen),
        tuple(afgekeurd.rijen),
    )
    _refuse_bsn(bron, pad)
    return bron


def _refuse_bsn(bron: Source, pad: Path) -> None:
    """Refuse a source with a column that holds citizen service numbers, mapped or not."""
    gevonden = find_bsn(bron.tabel)
    for i, naam in enumerate(bron.kolommen):
        if gevonden[_name(i)][0]:
            raise InvoerFout(
                "een kolom van de bron lijkt ruwe burgerservicenummers te bevatten",
                waar=f"{pad.name}, kolom '{naam}'",
                verwacht="pseudoniemen",
                herstel="laat de bronhouder de kolom vervangen door pseudoniemen of weglaten; "
                "dit programma verwerkt geen BSN",
            )

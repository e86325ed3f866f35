"""CSV: text with column names on the first line and a separator, in one of the usual encodings."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from toekomstscenario_eval.data.importers.formats import Delivery
from toekomstscenario_eval.data.text_file import SEPARATORS, Seen, first_row, look, other_separator
from toekomstscenario_eval.errors import InvoerFout

WAT = "een CSV-bestand"
EXTENSIES = (".csv", ".txt")
OPTIES = {"scheidingsteken": tuple(SEPARATORS), "codering": ("utf-8", "windows-1252", "utf-16")}
_ZIP = b"PK\x03\x04"


@dataclass
class _Rejects:
    """Collects the rows with another number of columns while the reader goes on."""

    rijen: list[int] = field(default_factory=list)

    def __call__(self, rij: pacsv.InvalidRow) -> str:
        self.rijen.append(int(rij.number) - 1)
        return "skip"


def read(
    pad: Path,
    opties: Mapping[str, str],
    *,
    namen: Sequence[str],
    check: Callable[[tuple[str, ...]], None],
) -> Delivery:
    """Read the text, every column as it stands."""
    codering, scheiding = opties["codering"], opties["scheidingsteken"]
    teken = SEPARATORS[scheiding]
    gezien = _check_bytes(pad, codering)
    kop = first_row(pad, codering, teken)
    if kop is None:
        raise _no_csv(pad)
    if any(kop) and not set(namen) & set(kop) and (ander := other_separator(kop, teken, namen)):
        raise InvoerFout(
            "de bron heeft een ander scheidingsteken",
            waar=f"{pad.name}, regel 1",
            verwacht=scheiding,
            kreeg=ander,
            herstel=f"zet in de mapping onder bron 'scheidingsteken: {ander}'",
        )
    check(kop)
    if gezien.half:  # its last row would be lost without a trace
        raise _no_csv(pad)
    if gezien.aanhaling:
        _check_quotes(pad, codering, teken)
    return _read(pad, codering, teken, kop)


def _check_bytes(pad: Path, codering: str) -> Seen:
    """Refuse a file that is not in the encoding that the mapping names."""
    gezien = look(pad, codering)
    if gezien.begin == _ZIP:
        raise InvoerFout(
            "de bron is een Excel- of zipbestand, geen tekst",
            waar=pad.name,
            herstel="sla het werkblad op als CSV en importeer dat bestand",
        )
    if gezien.fout:
        raise InvoerFout(
            f"de bron is niet in {codering} gecodeerd",
            waar=f"{pad.name}, regel {gezien.fout}",
            verwacht=codering,
            kreeg="utf-16" if gezien.utf16 else "een andere codering",
            herstel="zet de goede codering in de mapping onder bron > codering; "
            "Excel schrijft vaak windows-1252",
        )
    if codering == "windows-1252" and not gezien.ascii and not look(pad, "utf-8").fout:
        raise InvoerFout(
            "de bron is in utf-8 gecodeerd",
            waar=pad.name,
            verwacht=codering,
            kreeg="utf-8",
            herstel="zet in de mapping onder bron 'codering: utf-8', anders raken letters met accenten kapot",
        )
    return gezien


def _check_quotes(pad: Path, codering: str, teken: str) -> None:
    """Refuse quotes that do not pair: rows would stick together and disappear without a trace."""
    with pad.open(encoding=codering, newline="") as bestand:
        lezer = csv.reader(bestand, delimiter=teken, strict=True)
        try:
            deque(lezer, maxlen=0)
        except csv.Error:
            raise InvoerFout(
                "een aanhalingsteken wordt niet goed gesloten, zodat regels aan elkaar plakken",
                waar=f"{pad.name}, op of voor regel {lezer.line_num}",
                herstel="sluit het aanhalingsteken, of verdubbel een aanhalingsteken binnen een waarde; "
                f"een waarde mag hoogstens {csv.field_size_limit()} tekens lang zijn",
            ) from None


def _read(pad: Path, codering: str, teken: str, kop: tuple[str, ...]) -> Delivery:
    afgekeurd = _Rejects()
    namen = [str(i) for i in range(len(kop))]
    try:
        tabel = pacsv.read_csv(
            pad,
            # One thread, because only then the reader knows the row numbers.
            read_options=pacsv.ReadOptions(
                use_threads=False, encoding=codering, column_names=namen, skip_rows_after_names=1
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=teken, newlines_in_values=True, invalid_row_handler=afgekeurd
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(namen, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowException, UnicodeError):
        raise _no_csv(pad) from None
    return Delivery(kop, tabel, afgekeurd.rijen)


def _no_csv(pad: Path) -> InvoerFout:
    return InvoerFout(
        "de bron kan niet als CSV worden gelezen",
        waar=pad.name,
        verwacht="regels van gewone lengte, met een waarde per kolom",
        herstel="maak de export opnieuw; een afgebroken kopie is de gewone oorzaak",
    )

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

WHAT = "een CSV-bestand"
EXTENSIONS = (".csv", ".txt")
OPTIONS = {"scheidingsteken": tuple(SEPARATORS), "codering": ("utf-8", "windows-1252", "utf-16")}
_ZIP = b"PK\x03\x04"


@dataclass
class _Rejects:
    """Collects the rows with another number of columns while the reader goes on."""

    rijen: list[int] = field(default_factory=list)

    def __call__(self, row: pacsv.InvalidRow) -> str:
        self.rijen.append(int(row.number) - 1)
        return "skip"


def read(
    path: Path,
    options: Mapping[str, str],
    *,
    namen: Sequence[str],
    check: Callable[[tuple[str, ...]], None],
) -> Delivery:
    """Read the text, every column as it stands."""
    encoding, separation = options["codering"], options["scheidingsteken"]
    char = SEPARATORS[separation]
    seen = _check_bytes(path, encoding)
    heading = first_row(path, encoding, char)
    if heading is None:
        raise _no_csv(path)
    if any(heading) and not set(namen) & set(heading) and (other := other_separator(heading, char, namen)):
        raise InvoerFout(
            "de bron heeft een ander scheidingsteken",
            waar=f"{path.name}, regel 1",
            verwacht=separation,
            kreeg=other,
            herstel=f"zet in de mapping onder bron 'scheidingsteken: {other}'",
        )
    check(heading)
    if seen.half:  # its last row would be lost without a trace
        raise _no_csv(path)
    if seen.quote:
        _check_quotes(path, encoding, char)
    return _read(path, encoding, char, heading)


def _check_bytes(path: Path, encoding: str) -> Seen:
    """Refuse a file that is not in the encoding that the mapping names."""
    seen = look(path, encoding)
    if seen.begin == _ZIP:
        raise InvoerFout(
            "de bron is een Excel- of zipbestand, geen tekst",
            waar=path.name,
            herstel="sla het werkblad op als CSV en importeer dat bestand",
        )
    if seen.fout:
        raise InvoerFout(
            f"de bron is niet in {encoding} gecodeerd",
            waar=f"{path.name}, regel {seen.fout}",
            verwacht=encoding,
            kreeg="utf-16" if seen.utf16 else "een andere codering",
            herstel="zet de goede codering in de mapping onder bron > codering; "
            "Excel schrijft vaak windows-1252",
        )
    if encoding == "windows-1252" and not seen.ascii and not look(path, "utf-8").fout:
        raise InvoerFout(
            "de bron is in utf-8 gecodeerd",
            waar=path.name,
            verwacht=encoding,
            kreeg="utf-8",
            herstel="zet in de mapping onder bron 'codering: utf-8', anders raken letters met accenten kapot",
        )
    return seen


def _check_quotes(path: Path, encoding: str, char: str) -> None:
    """Refuse quotes that do not pair: rows would stick together and disappear without a trace."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=char, strict=True)
        try:
            deque(reader, maxlen=0)
        except csv.Error:
            raise InvoerFout(
                "een aanhalingsteken wordt niet goed gesloten, zodat regels aan elkaar plakken",
                waar=f"{path.name}, op of voor regel {reader.line_num}",
                herstel="sluit het aanhalingsteken, of verdubbel een aanhalingsteken binnen een waarde; "
                f"een waarde mag hoogstens {csv.field_size_limit()} tekens lang zijn",
            ) from None


def _read(path: Path, encoding: str, char: str, heading: tuple[str, ...]) -> Delivery:
    rejected = _Rejects()
    namen = [str(i) for i in range(len(heading))]
    try:
        table = pacsv.read_csv(
            path,
            # One thread, because only then the reader knows the row numbers.
            read_options=pacsv.ReadOptions(
                use_threads=False, encoding=encoding, column_names=namen, skip_rows_after_names=1
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=char, newlines_in_values=True, invalid_row_handler=rejected
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(namen, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowException, UnicodeError):
        raise _no_csv(path) from None
    return Delivery(heading, table, rejected.rijen)


def _no_csv(path: Path) -> InvoerFout:
    return InvoerFout(
        "de bron kan niet als CSV worden gelezen",
        waar=path.name,
        verwacht="regels van gewone lengte, met een waarde per kolom",
        herstel="maak de export opnieuw; een afgebroken kopie is de gewone oorzaak",
    )

"""CSV: text with column names on a line and a separator, in one of the usual encodings."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from toekomstscenario_eval.data.importers.formats import (
    CheckNames,
    Delivery,
    Part,
    Source,
    _events,
    _known,
    readable,
)
from toekomstscenario_eval.data.importers.formats._layout import (
    AUTOMATIC,
    CHARACTER_SETS,
    Layout,
    find_layout,
)
from toekomstscenario_eval.data.text_file import SEPARATORS, Seen, look, other_separator
from toekomstscenario_eval.errors import InvoerFout

WHAT = "een CSV-bestand"
EXTENSIONS = (".csv", ".txt", ".tsv")
OPTIONS = {
    "scheidingsteken": (AUTOMATIC, *SEPARATORS),
    "codering": (AUTOMATIC, *CHARACTER_SETS),
    "kopregel": (),
    **_events.OPTIONS,
}
# From this size on rows come in parts, so that memory does not grow with the file.
LARGE = 1 << 26
_BLOCK = 1 << 24


@dataclass
class _Rejects:
    """Collects the rows with another number of columns while the reader goes on."""

    above: int
    rijen: list[int] = field(default_factory=list)

    def __call__(self, row: pacsv.InvalidRow) -> str:
        self.rijen.append(int(row.number) - self.above)
        return "skip"


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:
    """Read the text, every column as it stands."""
    path = Path(path)
    _known.refuse_absent(path)
    _known.refuse_other(path, "csv", readable=readable())
    paired = _events.wanted(options)
    names = _events.before_pairing(namen, options) if paired else tuple(namen)
    layout = find_layout(path, options, names)
    _check_bytes(path, options["codering"], layout.seen)
    heading = layout.heading
    if heading is None or layout.seen.half:  # its last row would be lost without a trace
        raise _no_csv(path)
    _check_separator(path, heading, options["scheidingsteken"], names)
    _known.refuse_wide(path, len(heading))
    check(_events.after_pairing(heading, options) if paired else heading)
    if layout.seen.quote:
        _check_quotes(path, layout)
    delivery = _read(path, layout, heading)
    return _events.pair(delivery, options) if paired else delivery


def contents(path: Source) -> tuple[Part, ...]:
    """Return the file itself as the one table that it holds; its rows are not counted."""
    path = Path(path)
    _known.refuse_absent(path)
    _known.refuse_other(path, "csv", readable=readable())
    layout = find_layout(path, {"scheidingsteken": AUTOMATIC, "codering": AUTOMATIC}, ())
    return (Part(path.name, None, len(layout.heading or ())),)


def _check_bytes(path: Path, encoding: str, seen: Seen) -> None:
    """Refuse a file that is not in the encoding that the mapping names."""
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


def _check_separator(path: Path, heading: tuple[str, ...], separation: str, namen: Sequence[str]) -> None:
    """Refuse another separator than the mapping names."""
    if separation == AUTOMATIC or not any(heading) or set(namen) & set(heading):
        return
    if other := other_separator(heading, SEPARATORS[separation], namen):
        raise InvoerFout(
            "de bron heeft een ander scheidingsteken",
            waar=f"{path.name}, regel 1",
            verwacht=separation,
            kreeg=other,
            herstel=f"zet in de mapping onder bron 'scheidingsteken: {other}'",
        )


def _check_quotes(path: Path, layout: Layout) -> None:
    """Refuse quotes that do not pair: rows would stick together and disappear without a trace."""
    with path.open(encoding=layout.encoding, newline="") as file:
        for _ in range(layout.before):
            file.readline()
        reader = csv.reader(file, delimiter=layout.char, strict=True)
        try:
            deque(reader, maxlen=0)
        except csv.Error:
            raise InvoerFout(
                "een aanhalingsteken wordt niet goed gesloten, zodat regels aan elkaar plakken",
                waar=f"{path.name}, op of voor regel {layout.before + reader.line_num}",
                herstel="sluit het aanhalingsteken, of verdubbel een aanhalingsteken binnen een waarde; "
                f"een waarde mag hoogstens {csv.field_size_limit()} tekens lang zijn",
            ) from None


def _read(path: Path, layout: Layout, heading: tuple[str, ...]) -> Delivery:
    rejected = _Rejects(layout.before + 1)
    namen = [str(i) for i in range(len(heading))]
    large = path.stat().st_size > LARGE
    how = {
        # One thread, because only then the reader knows the row numbers.
        "read_options": pacsv.ReadOptions(
            use_threads=False,
            encoding=layout.encoding,
            column_names=namen,
            skip_rows=layout.before,
            skip_rows_after_names=1,
            block_size=_BLOCK if large else None,
        ),
        "parse_options": pacsv.ParseOptions(
            delimiter=layout.char, newlines_in_values=True, invalid_row_handler=rejected
        ),
        "convert_options": pacsv.ConvertOptions(
            column_types=dict.fromkeys(namen, pa.string()), strings_can_be_null=False
        ),
    }
    try:
        table = _in_parts(path, pacsv.open_csv(path, **how)) if large else pacsv.read_csv(path, **how)
    except (pa.ArrowException, UnicodeError):
        raise _no_csv(path) from None
    comma = layout.decimal_comma
    told = (f"Getallen met een komma in: {', '.join(comma)}.",) if comma else ()
    return Delivery(
        heading,
        table,
        rejected.rijen,
        first_row=layout.through + 1,
        gezien=layout.gezien + told,
        decimaalteken="komma" if comma else "",
    )


def _in_parts(path: Path, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Return a reader whose failure halfway is ours, and says nothing of what stands there."""

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from reader
        except (pa.ArrowException, UnicodeError):
            raise _no_csv(path) from None

    return pa.RecordBatchReader.from_batches(reader.schema, batches())


def _no_csv(path: Path) -> InvoerFout:
    return InvoerFout(
        "de bron kan niet als CSV worden gelezen",
        waar=path.name,
        verwacht="regels van gewone lengte, met een waarde per kolom",
        herstel="maak de export opnieuw; een afgebroken kopie is de gewone oorzaak",
    )

"""Excel: one sheet of a workbook, with the column names on a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from toekomstscenario_eval.data.importers.formats import CheckNames, Delivery, Part, Source, _known, readable
from toekomstscenario_eval.data.importers.formats._cells import UNREADABLE, cell_text, texts
from toekomstscenario_eval.data.importers.formats._heading import find_heading, joined_headings
from toekomstscenario_eval.data.importers.formats._sheet_facts import Facts, facts_of
from toekomstscenario_eval.errors import InvoerFout, did_you_mean

WHAT = "een Excel-bestand"
EXTENSIONS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
OPTIONS: dict[str, tuple[str, ...]] = {"blad": (), "kopregel": (), "serienummers": ()}
_NEAR = 60
_MOST_FILLED = 5_000_000
# Numbers that are dates between 1927 and 2119; smaller ones are amounts and codes.
_DATES = range(10_000, 80_000)
_BASE, _BASE_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a sheet knows no time zone
T = TypeVar("T")


def _guarded(path: Path, work: Callable[[], T]) -> T:
    """Run what reads the workbook; whatever its library throws, the error is ours and holds no value."""
    try:
        return work()
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError):
        raise _known.damaged(path, "Excel", remedy=_AGAIN) from None
    except BaseException as fout:
        # The library is written in Rust; what it did not foresee is not an Exception.
        if type(fout).__name__ != "PanicException":
            raise
        raise _known.damaged(path, "Excel", remedy=_AGAIN) from None


_AGAIN = "open het bestand in Excel en sla het opnieuw op; een afgebroken kopie is de gewone oorzaak"


def _open(path: Path) -> CalamineWorkbook:
    _known.refuse_absent(path)
    _known.refuse_other(path, "excel", readable=readable())
    return _guarded(path, lambda: CalamineWorkbook.from_object(str(path)))


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:
    """Read one sheet: values as Excel shows them where they are text, dates as dates, numbers in full."""
    path = Path(path)
    book = _open(path)
    naam, told = _choose(path, book, options.get("blad", ""), namen)
    facts = facts_of(path, naam)
    rows, merged = _guarded(path, lambda: _rows(book, naam))
    facts.mark(rows)
    found, top = _heading(path, rows, merged, namen=namen, heading_line=options.get("kopregel", ""))
    body = rows[top:]
    filled = _fill_merged(body, merged, top)
    used = _used_columns(found, body)
    heading = tuple(found[i] for i in used)
    _known.refuse_wide(path, len(heading))
    check(heading)
    kept = [i for i, row in enumerate(body) if any(c != "" for c in row)]
    columns = [[body[i][k] for i in kept] for k in used]
    serial = _serials(heading, columns, options.get("serienummers", ""), facts)
    told += _told(heading, used, facts=facts, top=top)
    told += [f"{filled} samengevoegde cellen zijn gevuld met de waarde linksboven."] if filled else []
    told += [f"Kolomnamen staan op rij {top}; wat erboven staat, is overgeslagen."] if top > 1 else []
    if blank := (kept[-1] + 1 - len(kept) if kept else 0):
        told.append(f"{blank} lege rijen tussen de andere zijn overgeslagen.")
    return Delivery(
        heading,
        pa.table([texts(c) for c in columns], names=[str(i) for i in range(len(columns))]),
        first_row=top + 1,
        gezien=(*told, *serial, *_only_times(heading, columns)),
        numbers=pa.array(np.asarray(kept, dtype=np.int64) + 1),
    )


def contents(path: Source) -> tuple[Part, ...]:
    """Return the sheets, hidden ones included; rows and columns as far as they are filled."""
    path = Path(path)
    book = _open(path)
    out = []
    for sheet in book.sheets_metadata:
        facts_of(path, sheet.name)  # refuses a sheet that would not fit in memory
        size = _guarded(path, partial(book.get_sheet_by_name, sheet.name))
        hidden = sheet.visible != SheetVisibleEnum.Visible
        last_row, last_col = size.end or (0, -1)
        out.append(Part(sheet.name, last_row, last_col + 1, hidden))
    return tuple(out)


def _choose(path: Path, book: CalamineWorkbook, wanted: str, namen: Sequence[str]) -> tuple[str, list[str]]:
    """Return the sheet that the mapping names, or the one visible sheet that holds its columns."""
    sheets = book.sheets_metadata
    hidden = [s.name for s in sheets if s.visible != SheetVisibleEnum.Visible]
    visible = [s.name for s in sheets if s.name not in hidden]
    told = [f"Verborgen werkbladen: {', '.join(hidden)}."] if hidden else []
    if wanted:
        if wanted not in book.sheet_names:
            raise InvoerFout(
                "de bron heeft geen werkblad met deze naam",
                waar=f"{path.name}; de mapping: bron > blad",
                kreeg=wanted,
                herstel=did_you_mean(wanted, book.sheet_names),
            )
        return wanted, [*told, f"Werkblad: {wanted}."]
    if not visible:
        raise InvoerFout(
            "alle werkbladen van de bron zijn verborgen",
            waar=path.name,
            herstel="noem in de mapping onder bron bij 'blad' welk werkblad het is",
        )
    if len(visible) == 1:
        return visible[0], told
    hits = {naam: _hits(path, book, naam, namen) for naam in visible}
    best = [naam for naam in visible if hits[naam] == max(hits.values())]
    if len(best) > 1 and hits[best[0]]:
        raise InvoerFout(
            "meer dan één werkblad heeft de kolommen van de mapping",
            waar=path.name,
            kreeg=", ".join(best),
            herstel="noem in de mapping onder bron bij 'blad' welk werkblad het is",
        )
    others = ", ".join(n for n in visible if n != best[0])
    return best[0], [*told, f"Werkblad: {best[0]}; niet gelezen: {others}."]


def _hits(path: Path, book: CalamineWorkbook, naam: str, namen: Sequence[str]) -> int:
    """Return how many of the names stand on one row of a sheet."""
    facts_of(path, naam)
    top = _guarded(path, lambda: book.get_sheet_by_name(naam).to_python(skip_empty_area=False, nrows=_NEAR))
    return max((len(set(namen) & {cell_text(c) for c in row}) for row in top), default=0)


Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


def _rows(book: CalamineWorkbook, naam: str) -> tuple[list[list[Any]], Merged]:
    sheet = book.get_sheet_by_name(naam)
    rows = sheet.to_python(skip_empty_area=False)
    try:
        merged = sheet.merged_cell_ranges or []
    except CalamineError:  # this kind of workbook does not tell
        merged = []
    return rows, merged


def _heading(
    path: Path, rows: Sequence[Sequence[Any]], merged: Merged, *, namen: Sequence[str], heading_line: str
) -> tuple[list[str], int]:
    """Return the names, and how many rows there are up to and including them."""
    top = [[cell_text(c).strip() for c in row] for row in rows[:_NEAR]]
    span = re.fullmatch(r"([1-9]\d*)(?:-([1-9]\d*))?", heading_line)
    if heading_line and heading_line != "automatisch":
        if not span or int(span[2] or span[1]) > len(top) or int(span[2] or span[1]) < int(span[1]):
            raise InvoerFout(
                "'kopregel' is geen rij van het werkblad",
                waar=f"{path.name}; de mapping: bron > kopregel",
                verwacht="het nummer van de rij met kolomnamen, zoals 3, of 2-3 voor twee rijen",
            )
        first, last = int(span[1]) - 1, int(span[2] or span[1])
        return joined_headings(top[first:last], merged, first), last
    place = find_heading(top, namen, wanted=None)
    if place is None:
        return [], 0
    single, known = top[place], set(namen)
    for first in {r for (r, c), (_, d) in merged if c < d and r + 1 < len(top)}:
        cells = [c for c in top[first] if c]
        if len(cells) < 2 or not any(top[first + 1]):  # a title over the whole width
            continue
        joined = joined_headings(top[first : first + 2], merged, first)
        better = len(known & set(joined)) > len(known & set(single))
        if better or (not known and place in (first, first + 1)):
            return joined, first + 2
    return single, place + 1


def _fill_merged(body: list[list[Any]], merged: Merged, top: int) -> int:
    """Give every cell of a merged range its value; return how many were filled."""
    filled = 0
    for (row, col), (last_row, last_col) in merged:
        if row < top or (last_row - row + 1) * (last_col - col + 1) + filled > _MOST_FILLED:
            continue
        value = body[row - top][col] if row - top < len(body) and col < len(body[row - top]) else ""
        if value == "":
            continue
        for cells in body[row - top : last_row - top + 1]:
            for k in range(col, min(last_col + 1, len(cells))):
                filled += cells[k] == ""
                cells[k] = value
    return filled


def _used_columns(heading: Sequence[str], body: Sequence[Sequence[Any]]) -> list[int]:
    """Return the columns with a name or a value: sheets begin anywhere and end late."""
    return [i for i, naam in enumerate(heading) if naam or any(row[i] != "" for row in body)]


def _serials(heading: Sequence[str], columns: list[list[Any]], wanted: str, facts: Facts) -> list[str]:
    """Turn numbers into dates in columns that hold dates too, or that the mapping names; say so."""
    named = {k.strip() for k in wanted.split(",")}
    base, told = _BASE_1904 if facts.from_1904 else _BASE, []
    for i, naam in enumerate(heading):
        kinds = set(map(type, columns[i]))
        if float not in kinds or not (naam in named or {date, datetime} & kinds):
            continue
        turned = [v if not _is_serial(v) else base + timedelta(days=v) for v in columns[i]]
        count = sum(a is not b for a, b in zip(turned, columns[i], strict=True))
        columns[i] = turned
        if count:
            told.append(f"Kolom {naam}: {count} getallen zijn als datum gelezen.")
    return told


def _is_serial(value: object) -> bool:
    return isinstance(value, float) and int(value) in _DATES


def _only_times(heading: Sequence[str], columns: Sequence[Sequence[Any]]) -> list[str]:
    """Say which columns of dates hold times without a day, which is how Excel shows day zero."""
    told = []
    for naam, column in zip(heading, columns, strict=True):
        kinds = set(map(type, column))
        if time in kinds and {date, datetime} & kinds:
            count = sum(isinstance(v, time) for v in column)
            told.append(f"Kolom {naam}: {count} cellen hebben alleen een tijd en geen dag.")
    return told


def _told(heading: Sequence[str], used: Sequence[int], *, facts: Facts, top: int) -> list[str]:
    place = dict(zip(used, heading, strict=True))

    def per_column(cells: Sequence[tuple[int, int]]) -> str:
        counts: dict[str, int] = {}
        for row, col in cells:
            if row >= top and col in place:
                counts[place[col] or f"nummer {col + 1}"] = (
                    counts.get(place[col] or f"nummer {col + 1}", 0) + 1
                )
        return ", ".join(f"{naam} ({n})" for naam, n in counts.items())

    told = []
    hidden = [place[i] or f"nummer {i + 1}" for i in facts.hidden_columns if i in place]
    if hidden:
        told.append(f"Verborgen kolommen, wel gelezen: {', '.join(hidden)}.")
    if facts.hidden_rows:
        told.append(f"{facts.hidden_rows} verborgen rijen, bijvoorbeeld door een filter, zijn wel gelezen.")
    if errors := per_column(tuple(facts.errors)):
        told.append(f"Cellen met een fout van Excel, zoals #N/A, gelden als onleesbaar: {errors}.")
    if empty := per_column(facts.uncounted):
        told.append(
            f"Formules zonder uitkomst staan als {UNREADABLE} in de gegevens: {empty}. "
            "Open het bestand in Excel en sla het op; dan staan de uitkomsten erin."
        )
    if facts.untold:
        told.append("Of er verborgen kolommen of foutwaarden zijn, is bij dit soort bestand niet na te gaan.")
    return told

"""The quarantine: every row of a source that was set aside, made to be sent back to who delivered it.

One line per row and rule, with the file, the row as it is numbered there, the column and what to do. The
values stay out, unless somebody asks for them: the file may be mailed.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import xlsxwriter

from toekomstscenario_eval.data.importers.source import FilePart
from toekomstscenario_eval.errors import UitvoerFout, reason

HEADING = ("bestand", "rij", "kolom", "regel", "herstel")
# Beyond this nobody reads a sheet, and writing it takes longer than the import; the CSV file holds all.
MOST_IN_EXCEL = 100_000
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so
_ANY = "verbeter de waarde en lever de rij opnieuw"
# By how a reason begins.
_REMEDIES = (
    ("leeg waar", "vul de waarde in, of lever de rij niet"),
    ("een code die niet", "gebruik een code uit de afgesproken lijst, of meld dat er een code bij moet"),
    (
        "tekens die in een sleutel",
        "geef een sleutel van letters, cijfers, punt of streepje, hoogstens 64 tekens",
    ),
    ("geen bestaande datum", "vul een datum in die bestaat, in de afgesproken notatie"),
    (
        "een gedeeltelijke datum",
        "vul dag en maand in; is de dag onbekend, spreek dan af wat er komt te staan",
    ),
    ("een datum van een ongeboren", "lever de datum na de geboorte opnieuw"),
    ("verschillende waarden", "maak de waarden gelijk in alle rijen over hetzelfde"),
    ("een ander aantal kolommen", "zet een waarde met een scheidingsteken erin tussen aanhalingstekens"),
    ("de sleutel staat niet", "lever ook de rij waarnaar wordt verwezen, of verbeter de sleutel"),
)


@dataclass(frozen=True)
class Refused:
    """Rows set aside for one source: number of the row over its files, column and reason of each.

    `values` (a column of text beside them) only when asked for.
    """

    rows: pa.Table
    files: tuple[FilePart, ...]

    @property
    def lines(self) -> int:
        """How many lines the quarantine has for this source."""
        return int(self.rows.num_rows)


def remedy(why: str) -> str:
    """Return what whoever delivered a row can do about a reason."""
    return next((what for begin, what in _REMEDIES if why.startswith(begin)), _ANY)


def write_quarantine(refused: Sequence[Refused], folder: Path, stem: str) -> tuple[Path, ...]:
    """Write `<stem>.apart.csv` and `.apart.xlsx` to a folder; both, or none.

    Of more than `MOST_IN_EXCEL` lines the sheet holds the first, and says that the CSV file holds all.

    Raises
    ------
    UitvoerFout
        When the folder cannot be written.
    """
    if not any(r.lines for r in refused):
        return ()
    with_values = any("waarde" in r.rows.column_names for r in refused)
    heading = (*HEADING, "waarde") if with_values else HEADING
    out = (folder / f"{stem}.apart.csv", folder / f"{stem}.apart.xlsx")
    fresh = tuple(p.with_name(f".{p.name}.{os.getpid()}") for p in out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_text(fresh[0], heading, refused)
        _write_sheet(fresh[1], heading, refused)
        for path, there in zip(fresh, out, strict=True):
            path.replace(there)
    except OSError as fout:
        raise UitvoerFout(
            "de rijen die apart zijn gezet, kunnen hier niet worden geschreven",
            waar=str(folder),
            kreeg=reason(fout),
            herstel="kies met --apart een map waarin u mag schrijven",
        ) from None
    finally:
        for path in fresh:
            path.unlink(missing_ok=True)
    return out


def _write_text(path: Path, heading: Sequence[str], refused: Sequence[Refused]) -> None:
    options = pacsv.WriteOptions(include_header=False, delimiter=";", quoting_style="needed")
    with path.open("wb") as file:
        file.write(codecs.BOM_UTF8 + ";".join(heading).encode() + b"\n")
        for batch in _batches(refused, heading):
            safe = [batch["rij"] if n == "rij" else _harmless(batch[n]) for n in heading]
            pacsv.write_csv(pa.table(safe, names=list(heading)), file, options)


def _write_sheet(path: Path, heading: Sequence[str], refused: Sequence[Refused]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("apart gezet")
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, list(heading), bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 30)
    sheet.set_column(2, 4, 45)
    for number, line in enumerate(_lines(refused, heading), start=1):
        if number > MOST_IN_EXCEL:
            sheet.write_string(number, 0, "er zijn meer regels: ze staan alle in het CSV-bestand ernaast")
            break
        for i, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(number, i, value)
            else:
                sheet.write_string(number, i, value)
    book.close()


def _lines(refused: Sequence[Refused], heading: Sequence[str]) -> Iterator[tuple[str | int, ...]]:
    for batch in _batches(refused, heading):
        yield from zip(*(batch[n].to_pylist() for n in heading), strict=True)


def _batches(refused: Sequence[Refused], heading: Sequence[str]) -> Iterator[pa.Table]:
    """Yield the lines in parts, with the columns of the heading."""
    for one in refused:
        before = np.array([part.before for part in one.files], dtype=np.int64)
        first = np.array([part.first_row for part in one.files], dtype=np.int64)
        names = pa.array([part.naam for part in one.files], pa.string())
        for batch in one.rows.to_batches(max_chunksize=1 << 16):
            rows = batch["rij"].to_numpy(zero_copy_only=False)
            where = np.searchsorted(before, rows, side="left") - 1
            out = {
                "bestand": names.take(pa.array(where)),
                "rij": pa.array(rows - before[where] + first[where] - 1),
                "kolom": batch["kolom"],
                "regel": batch["reden"],
                "herstel": _each(batch["reden"], remedy),
            }
            if "waarde" in heading:
                out["waarde"] = pc.fill_null(batch["waarde"], "")
            yield pa.table([out[n] for n in heading], names=list(heading))


def _each(column: Any, what: Callable[[str], str]) -> Any:
    """Return what a function makes of texts, of each different one once."""
    packed = pc.dictionary_encode(column)
    if isinstance(packed, pa.ChunkedArray):
        packed = packed.combine_chunks()
    made = pa.array([what(v) for v in packed.dictionary.to_pylist()], pa.string())
    return made.take(packed.indices)


def _harmless(column: Any) -> Any:
    """Return cells that no spreadsheet takes for a formula."""
    return _each(column, lambda v: f"'{v}" if v.startswith(_RISKY) else v)

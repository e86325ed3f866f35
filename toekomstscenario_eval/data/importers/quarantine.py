"""The quarantine: every row of a source that was set aside, made to be sent back to who delivered it.

One line per row and rule, with the file, the row as it is numbered there, the column and what to do. The
values stay out, unless somebody asks for them: the file may be mailed.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import xlsxwriter

from toekomstscenario_eval.data.importers.source import FilePart
from toekomstscenario_eval.errors import UitvoerFout, reason

HEADING = ("bestand", "rij", "kolom", "regel", "herstel")
_MOST_IN_EXCEL = 1_048_575  # rows of a sheet, less the heading
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

    A sheet of Excel holds about a million lines: of more lines it says that the rest stands in the CSV file.

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
        with fresh[0].open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(heading)
            writer.writerows([_harmless(c) for c in line] for line in _lines(refused))
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


def _write_sheet(path: Path, heading: Sequence[str], refused: Sequence[Refused]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("apart gezet")
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, list(heading), bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 30)
    sheet.set_column(2, 4, 45)
    for number, line in enumerate(_lines(refused), start=1):
        if number == _MOST_IN_EXCEL:
            sheet.write_string(number, 0, "meer regels dan Excel kan tonen: de rest staat in het CSV-bestand")
            break
        for i, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(number, i, value)
            else:
                sheet.write_string(number, i, value)
    book.close()


def _lines(refused: Sequence[Refused]) -> Iterator[list[str | int]]:
    for one in refused:
        starts = np.array([part.before for part in one.files], dtype=np.int64)
        for batch in one.rows.to_batches(max_chunksize=1 << 16):
            columns = batch.to_pydict()
            rows = np.asarray(columns["rij"], dtype=np.int64)
            where = np.searchsorted(starts, rows, side="left") - 1
            values = columns.get("waarde")
            for i, (row, spot) in enumerate(zip(rows.tolist(), where.tolist(), strict=True)):
                part = one.files[spot]
                why = columns["reden"][i]
                number = row - part.before + part.first_row - 1
                line = [part.naam, number, columns["kolom"][i], why, remedy(why)]
                yield line if values is None else [*line, values[i] or ""]


def _harmless(value: str | int) -> str | int:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value

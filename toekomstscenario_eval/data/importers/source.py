"""Read the export: text as text, with its row numbers; what cannot be read is counted, not lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.checks.bsn import find_bsn
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.mapping import ImportMapping
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.errors import InvoerFout, did_you_mean


@dataclass(frozen=True)
class Source:
    """The export as read: every column as text, in DuckDB, under `kolom(naam)`.

    `onleesbaar` are the rows that could not be read as one (first data row = 1).
    """

    tabel: ir.Table
    kolommen: tuple[str, ...]
    rijen: int
    onleesbaar: tuple[int, ...]

    def kolom(self, naam: str) -> ir.Column:
        """Return a column by its name in the source."""
        return self.tabel[_name(self.kolommen.index(naam))]


def _name(number: int) -> str:
    # The engine does not tell `Naam` from `naam`, and names may hold anything.
    return f"k{number}"


def _check_names(path: Path, mapping: ImportMapping, heading: tuple[str, ...]) -> None:
    """Refuse column names that do not fit the mapping; never show them when none does."""
    if not any(heading):
        raise InvoerFout(
            "de bron is leeg",
            waar=path.name,
            verwacht="een eerste regel met kolomnamen en daaronder de rijen",
            herstel="maak de export opnieuw",
        )
    if not set(mapping.namen) & set(heading):
        raise InvoerFout(
            "de eerste regel van de bron noemt geen enkele kolom uit de mapping",
            waar=f"{path.name}, regel 1",
            verwacht=", ".join(mapping.namen),
            herstel="kies de mapping die bij deze bron hoort, of zet de kolomnamen op de eerste regel",
        )
    for naam, spot in mapping.used:
        if naam not in heading:
            raise InvoerFout(
                f"de bron heeft geen kolom '{naam}'",
                waar=str(spot),
                verwacht=f"een kolom van {path.name}: " + ", ".join(k for k in heading if k),
                herstel=did_you_mean(naam, heading),
            )
    duplicate = sorted({k for k in heading if heading.count(k) > 1 and k in mapping.namen})
    if duplicate:
        raise InvoerFout(
            "een kolom uit de mapping staat meer dan één keer in de bron",
            waar=f"{path.name}, regel 1",
            kreeg=", ".join(duplicate),
            herstel="geef elke kolom een eigen naam",
        )


def _row_numbers(aantal: int, unreadable: tuple[int, ...]) -> pa.Array:
    """Return the row numbers of the rows that were read, given those of the rows that were not."""
    every = np.arange(1, aantal + len(unreadable) + 1, dtype=np.int64)
    return pa.array(np.setdiff1d(every, np.asarray(unreadable, dtype=np.int64), assume_unique=True))


def read_source(con: Backend, path: Path, mapping: ImportMapping) -> Source:
    """Read the export into DuckDB, by the format that the mapping was read for.

    Raises
    ------
    InvoerFout
        When the file is absent, empty, not as its format should be, lacks a mapped column,
        or holds a column that looks like a raw BSN.
    """
    if not path.is_file():
        soorten = [formats.find(naam).WHAT for naam in formats.names()]
        raise InvoerFout(
            "de bron is een map" if path.is_dir() else "de bron bestaat niet",
            waar=str(path),
            verwacht=" of ".join(soorten) + " met kolomnamen op de eerste regel",
            herstel="controleer het pad",
        )
    delivered = formats.find(mapping.formaat).read(
        path, mapping.options, namen=mapping.namen, check=lambda heading: _check_names(path, mapping, heading)
    )
    whole = delivered.whole()
    unreadable = tuple(delivered.onleesbaar)  # of a large source complete only now
    if not whole.num_rows and not unreadable:
        raise InvoerFout(
            "de bron heeft wel kolomnamen maar geen rijen", waar=path.name, herstel="maak de export opnieuw"
        )
    table = whole.rename_columns([_name(i) for i in range(len(delivered.kolommen))])
    numbers = delivered.nummers
    if numbers is None:
        numbers = _row_numbers(table.num_rows, unreadable)
    numbered = table.append_column(ROW, numbers)
    source = Source(
        con.create_table("bron", ibis.memtable(numbered)),
        delivered.kolommen,
        table.num_rows + len(unreadable),
        unreadable,
    )
    _refuse_bsn(source, path)
    return source


def _refuse_bsn(source: Source, path: Path) -> None:
    """Refuse a source with a column that holds citizen service numbers, mapped or not."""
    found = find_bsn(source.tabel)
    for i, naam in enumerate(source.kolommen):
        if found[_name(i)][0]:
            raise InvoerFout(
                "een kolom van de bron lijkt ruwe burgerservicenummers te bevatten",
                waar=f"{path.name}, kolom '{naam}'",
                verwacht="pseudoniemen",
                herstel="laat de bronhouder de kolom vervangen door pseudoniemen of weglaten; "
                "dit programma verwerkt geen BSN",
            )

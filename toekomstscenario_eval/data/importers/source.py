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
from toekomstscenario_eval.data.parsing import RIJ
from toekomstscenario_eval.errors import InvoerFout, bedoelt_u


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


def _name(nummer: int) -> str:
    # The engine does not tell `Naam` from `naam`, and names may hold anything.
    return f"k{nummer}"


def _check_names(pad: Path, mapping: ImportMapping, kop: tuple[str, ...]) -> None:
    """Refuse column names that do not fit the mapping; never show them when none does."""
    if not any(kop):
        raise InvoerFout(
            "de bron is leeg",
            waar=pad.name,
            verwacht="een eerste regel met kolomnamen en daaronder de rijen",
            herstel="maak de export opnieuw",
        )
    if not set(mapping.namen) & set(kop):
        raise InvoerFout(
            "de eerste regel van de bron noemt geen enkele kolom uit de mapping",
            waar=f"{pad.name}, regel 1",
            verwacht=", ".join(mapping.namen),
            herstel="kies de mapping die bij deze bron hoort, of zet de kolomnamen op de eerste regel",
        )
    for naam, plek in mapping.gebruikt:
        if naam not in kop:
            raise InvoerFout(
                f"de bron heeft geen kolom '{naam}'",
                waar=str(plek),
                verwacht=f"een kolom van {pad.name}: " + ", ".join(k for k in kop if k),
                herstel=bedoelt_u(naam, kop),
            )
    dubbel = sorted({k for k in kop if kop.count(k) > 1 and k in mapping.namen})
    if dubbel:
        raise InvoerFout(
            "een kolom uit de mapping staat meer dan één keer in de bron",
            waar=f"{pad.name}, regel 1",
            kreeg=", ".join(dubbel),
            herstel="geef elke kolom een eigen naam",
        )


def _row_numbers(aantal: int, onleesbaar: tuple[int, ...]) -> pa.Array:
    """Return the row numbers of the rows that were read, given those of the rows that were not."""
    alle = np.arange(1, aantal + len(onleesbaar) + 1, dtype=np.int64)
    return pa.array(np.setdiff1d(alle, np.asarray(onleesbaar, dtype=np.int64), assume_unique=True))


def read_source(con: Backend, pad: Path, mapping: ImportMapping) -> Source:
    """Read the export into DuckDB, by the format that the mapping was read for.

    Raises
    ------
    InvoerFout
        When the file is absent, empty, not as its format should be, lacks a mapped column,
        or holds a column that looks like a raw BSN.
    """
    if not pad.is_file():
        soorten = [formats.find(naam).WAT for naam in formats.names()]
        raise InvoerFout(
            "de bron is een map" if pad.is_dir() else "de bron bestaat niet",
            waar=str(pad),
            verwacht=" of ".join(soorten) + " met kolomnamen op de eerste regel",
            herstel="controleer het pad",
        )
    geleverd = formats.find(mapping.formaat).read(
        pad, mapping.opties, namen=mapping.namen, check=lambda kop: _check_names(pad, mapping, kop)
    )
    onleesbaar = tuple(geleverd.onleesbaar)
    if not geleverd.tabel.num_rows and not onleesbaar:
        raise InvoerFout(
            "de bron heeft wel kolomnamen maar geen rijen", waar=pad.name, herstel="maak de export opnieuw"
        )
    tabel = geleverd.tabel.rename_columns([_name(i) for i in range(len(geleverd.kolommen))])
    genummerd = tabel.append_column(RIJ, _row_numbers(tabel.num_rows, onleesbaar))
    bron = Source(
        con.create_table("bron", ibis.memtable(genummerd)),
        geleverd.kolommen,
        tabel.num_rows + len(onleesbaar),
        onleesbaar,
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

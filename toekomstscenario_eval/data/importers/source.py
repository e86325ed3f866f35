"""Read the export: text as text, with its row numbers; what cannot be read is counted, not lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.citizen_columns import find_bsn
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.importers.formats import Delivery
from toekomstscenario_eval.data.importers.import_plan import Lookup, SourcePlan
from toekomstscenario_eval.data.importers.mapping_model import ImportMapping
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.errors import InvoerFout, did_you_mean


@dataclass(frozen=True)
class FilePart:
    """The rows of one file among those of a source.

    Attributes
    ----------
    before : int
        Rows of the files before it.
    rijen : int
        Its own rows, unreadable ones included.
    first_row : int
        The number that its first row has for who opens the file.
    """

    naam: str
    before: int
    rijen: int
    first_row: int


@dataclass(frozen=True)
class Source:
    """A source as read: every column as text, in DuckDB, under `kolom(naam)`.

    `onleesbaar` are the rows that could not be read as one; rows count on over the files, from 1.
    `gezien` says what the reader found out by itself.
    """

    tabel: ir.Table
    kolommen: tuple[str, ...]
    rijen: int
    onleesbaar: tuple[int, ...]
    files: tuple[FilePart, ...] = ()
    gezien: tuple[str, ...] = ()

    def kolom(self, naam: str) -> ir.Column:
        """Return a column by its name in the source."""
        return self.tabel[_name(self.kolommen.index(naam))]


@dataclass(frozen=True)
class Raw:
    """The files of a source under each other, before the engine; columns are named by `_name`."""

    tabel: pa.Table
    numbers: pa.Array
    kolommen: tuple[str, ...]
    onleesbaar: tuple[int, ...]
    files: tuple[FilePart, ...]
    gezien: tuple[str, ...]


def _name(number: int) -> str:
    # The engine does not tell `Naam` from `naam`, and names may hold anything.
    return f"k{number}"


def _check_names(naam: str, mapping: ImportMapping, heading: tuple[str, ...], needed: Sequence[str]) -> None:
    """Refuse column names that do not fit the mapping; never show them when none does."""
    if not any(heading):
        raise InvoerFout(
            "de bron is leeg",
            waar=naam,
            verwacht="een eerste regel met kolomnamen en daaronder de rijen",
            herstel="maak de export opnieuw",
        )
    if needed and not set(needed) & set(heading):
        raise InvoerFout(
            "de eerste regel van de bron noemt geen enkele kolom uit de mapping",
            waar=f"{naam}, regel 1",
            verwacht=", ".join(needed),
            herstel="kies de mapping die bij deze bron hoort, of zet de kolomnamen op de eerste regel",
        )
    places = {column: str(spot) for column, spot in reversed(mapping.used)}
    for column in needed:
        if column not in heading:
            raise InvoerFout(
                f"de bron heeft geen kolom '{column}'",
                waar=places.get(column, naam),
                verwacht=f"een kolom van {naam}: " + ", ".join(k for k in heading if k),
                herstel=did_you_mean(column, heading),
            )
    twice = sorted(mapping.given & set(heading))
    if twice:
        raise InvoerFout(
            "een kolom die van elders komt, staat ook in de bron zelf",
            waar=naam,
            kreeg=", ".join(twice),
            herstel="geef de kolom bij 'uit_bestandsnaam' of 'erbij' een andere naam dan die van de bron",
        )
    duplicate = sorted({k for k in heading if heading.count(k) > 1 and k in needed})
    if duplicate:
        raise InvoerFout(
            "een kolom uit de mapping staat meer dan één keer in de bron",
            waar=f"{naam}, regel 1",
            kreeg=", ".join(duplicate),
            herstel="geef elke kolom een eigen naam",
        )


def _row_numbers(aantal: int, one: Delivery) -> np.ndarray:
    """Return the row numbers of the rows that were read, given those of the rows that were not."""
    if one.numbers is not None:
        return np.asarray(one.numbers, dtype=np.int64)
    every = np.arange(1, aantal + len(one.onleesbaar) + 1, dtype=np.int64)
    return np.setdiff1d(every, np.asarray(one.onleesbaar, dtype=np.int64), assume_unique=True)


def read_source(
    con: Backend,
    files: Sequence[str | Path],
    mapping: ImportMapping,
    *,
    plan: SourcePlan | None = None,
    others: Mapping[str, Raw] | None = None,
) -> Source:
    """Read the files of a source into DuckDB, under each other, with what is looked up in other sources.

    Raises
    ------
    InvoerFout
        When a file is absent, empty, not as its format should be, lacks a mapped column,
        or holds a column that looks like a raw BSN; when a lookup finds more than one row.
    """
    raw = read_files(files, mapping, plan)
    numbered = raw.tabel.append_column(ROW, raw.numbers)
    table, columns, seen = con.create_table("bron", ibis.memtable(numbered)), raw.kolommen, raw.gezien
    _refuse_bsn(table, columns, ", ".join(part.naam for part in raw.files))
    for i, lookup in enumerate(plan.looked_up if plan else ()):
        table, columns, said = _looked_up(con, table, columns, lookup, (others or {})[lookup.bron], i)
        seen += (said,)
    total = raw.tabel.num_rows + len(raw.onleesbaar)
    return Source(table, columns, total, raw.onleesbaar, raw.files, seen)


def read_files(
    files: Sequence[str | Path],
    mapping: ImportMapping,
    plan: SourcePlan | None = None,
    wanted: Sequence[str] = (),
) -> Raw:
    """Read the files of a source; each must have the columns of the mapping, and those of `wanted`."""
    # In the order in which they first occur; what another file lacks is empty there.
    parts: list[FilePart] = []
    tables: list[pa.Table] = []
    numbers: list[np.ndarray] = []
    unreadable: list[int] = []
    seen: list[str] = []
    read = [(formats.shown(f), *_read_file(f, mapping, wanted)) for f in files]
    columns = tuple(dict.fromkeys(k for _, one, _ in read for k in one.kolommen))
    if len(read) == 1:
        columns = read[0][1].kolommen
    before = 0
    for naam, one, table in read:
        own = _row_numbers(table.num_rows, one)
        parts.append(FilePart(naam, before, table.num_rows + len(one.onleesbaar), one.first_row))
        unreadable += [before + r for r in one.onleesbaar]
        numbers.append(own + before)
        tables.append(_aligned(one.kolommen, table, columns, _from_name(naam, plan)))
        seen += [f"{naam}: {g}" for g in one.gezien]
        before += max(table.num_rows + len(one.onleesbaar), int(own[-1]) if len(own) else 0)
    given = tuple(plan.from_name) if plan else ()
    return Raw(
        pa.concat_tables(tables),
        pa.array(np.concatenate(numbers)),
        (*columns, *given),
        tuple(unreadable),
        tuple(parts),
        tuple(seen),
    )


def _aligned(own: tuple[str, ...], table: pa.Table, order: tuple[str, ...], given: Sequence[str]) -> pa.Table:
    """Return the columns in the order of all files, and after them what the name of the file tells."""
    columns: list[Any] = [table.column(i) for i in range(table.num_columns)]
    if own != order:
        empty = pa.repeat(pa.scalar("", pa.string()), table.num_rows)
        columns = [columns[own.index(k)] if k in own else empty for k in order]
    columns += [pa.repeat(pa.scalar(waarde, pa.string()), table.num_rows) for waarde in given]
    return pa.table(columns, names=[_name(i) for i in range(len(columns))])


def _from_name(naam: str, plan: SourcePlan | None) -> list[str]:
    """Return what the name of a file tells, in the order of the plan."""
    out: list[str] = []
    for column, pattern in plan.from_name.items() if plan else ():
        match = pattern.search(naam)
        if match is None or not match[1]:
            raise InvoerFout(
                f"de naam van een bestand zegt niet wat '{column}' is",
                waar=naam,
                verwacht=f"een naam waarin {pattern.pattern} past",
                herstel="geef het bestand een andere naam, of verbeter het patroon bij 'uit_bestandsnaam'",
            )
        out.append(match[1])
    return out


def _read_file(path: str | Path, mapping: ImportMapping, wanted: Sequence[str]) -> tuple[Delivery, pa.Table]:
    """Return what a file gives, and its rows; only then it is known which of them could not be read."""
    naam = formats.shown(path)
    if not formats.is_address(path):
        path = Path(path)
        if not path.is_file():
            soorten = [formats.find(n).WHAT for n in formats.names()]
            raise InvoerFout(
                "de bron is een map" if path.is_dir() else "de bron bestaat niet",
                waar=str(path),
                verwacht=" of ".join(soorten) + " met kolomnamen op de eerste regel",
                herstel="controleer het pad",
            )
    needed = tuple(dict.fromkeys((*mapping.in_file, *wanted)))
    delivered = formats.find(mapping.formaat).read(
        path,
        mapping.options,
        namen=needed,
        check=lambda heading: _check_names(naam, mapping, heading, needed),
    )
    table = delivered.whole()
    if not table.num_rows and not delivered.onleesbaar:
        raise InvoerFout(
            "de bron heeft wel kolomnamen maar geen rijen", waar=naam, herstel="maak de export opnieuw"
        )
    return delivered, table


def _looked_up(
    con: Backend, table: ir.Table, columns: tuple[str, ...], lookup: Lookup, other: Raw, number: int
) -> tuple[ir.Table, tuple[str, ...], str]:
    """Return the table with the columns of another source beside it: as many rows as before."""
    keys = [f"_op_{i}" for i in range(len(lookup.op))]
    there = {
        **{
            k: other.tabel.column(other.kolommen.index(naam))
            for k, naam in zip(keys, lookup.op.values(), strict=True)
        },
        **{
            _name(len(columns) + i): other.tabel.column(other.kolommen.index(naam))
            for i, naam in enumerate(lookup.kolommen)
        },
    }
    right = con.create_table(f"erbij_{number}", ibis.memtable(pa.table(there)))
    right = right.mutate(**{k: right[k].strip() for k in keys})
    right = right.filter(ibis.and_(*(right[k] != "" for k in keys)))
    several = right.group_by(keys).aggregate(n=right.count()).filter(lambda t: t.n > 1).count().execute()
    if several:
        raise InvoerFout(
            f"in de bron '{lookup.bron}' staat een waarde om op te zoeken meer dan één keer",
            waar=str(lookup.plek),
            verwacht="één rij per " + ", ".join(lookup.op.values()),
            kreeg=f"{several} waarden met meer dan één rij",
            herstel="kies kolommen die samen één rij aanwijzen, of verbeter die bron",
        )
    left = {k: table[_name(columns.index(naam))].strip() for k, naam in zip(keys, lookup.op, strict=True)}
    marked = table.mutate(**left)
    joined = marked.left_join(right.mutate(_er=ibis.literal(1)), keys, rname="{name}_r")
    without = int(joined.filter(joined["_er"].isnull()).count().execute())
    gone = [k for k in joined.columns if k in keys or k == "_er" or k.endswith("_r")]
    kept = con.create_table(f"met_{number}", joined.drop(*gone))
    said = f"{without} {'rij' if without == 1 else 'rijen'} zonder tegenhanger in de bron '{lookup.bron}'"
    return kept, (*columns, *lookup.kolommen), said


def _refuse_bsn(table: ir.Table, columns: Sequence[str], files: str) -> None:
    """Refuse a source with a column that holds citizen service numbers, mapped or not."""
    found = find_bsn(table, {_name(i): naam for i, naam in enumerate(columns)})
    for i, naam in enumerate(columns):
        if _name(i) in found:
            raise InvoerFout(
                "een kolom van de bron lijkt ruwe burgerservicenummers te bevatten",
                waar=f"{files}, kolom '{naam}'",
                verwacht="pseudoniemen",
                kreeg=str(found[_name(i)]),
                herstel="laat de bronhouder de kolom vervangen door pseudoniemen of weglaten; "
                "dit programma verwerkt geen BSN",
            )

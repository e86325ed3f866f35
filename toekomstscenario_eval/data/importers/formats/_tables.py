"""What databases have in common: which table is meant, and how its columns become text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa

from toekomstscenario_eval.data.importers.formats import Part
from toekomstscenario_eval.data.importers.formats._cells import as_text, is_plain
from toekomstscenario_eval.errors import InvoerFout, did_you_mean

BATCH = 100_000


def as_name(text: str) -> str:
    """Return the name of a table or column as SQL writes it."""
    return '"' + text.replace('"', '""') + '"'


def choose(parts: Sequence[Part], wanted: str, *, where: str, hits: Callable[[str], int]) -> str:
    """Return the table that the mapping names, or the only one that holds most of its columns.

    Raises
    ------
    InvoerFout
        When there is no such table, or more than one fits.
    """
    names = [p.naam for p in parts]
    if wanted:
        if wanted not in names:
            raise InvoerFout(
                f"de bron heeft geen tabel '{wanted}'",
                waar=f"{where}; de mapping: bron > tabel",
                herstel=did_you_mean(wanted, names) if names else "",
            )
        return wanted
    if not names:
        raise InvoerFout("de bron heeft geen enkele tabel", waar=where, herstel="kies een andere bron")
    if len(names) == 1:
        return names[0]
    scores = {naam: hits(naam) for naam in names}
    best = [naam for naam in names if scores[naam] == max(scores.values())]
    if len(best) > 1:
        raise InvoerFout(
            "de bron heeft meer dan één tabel",
            waar=where,
            verwacht="in de mapping onder bron: 'tabel: ' met een van deze namen",
            kreeg=", ".join(names),
            herstel="voeg die regel toe",
        )
    return best[0]


def told(chosen: str, parts: Sequence[Part]) -> tuple[str, ...]:
    """Return which table was read and which were not."""
    others = ", ".join(p.naam for p in parts if p.naam != chosen)
    return (f"Tabel: {chosen}; niet gelezen: {others}." if others else f"Tabel: {chosen}.",)


def left_out(schema: pa.Schema) -> tuple[list[str], tuple[str, ...]]:
    """Return the columns that hold one value a row, and a sentence on those that do not."""
    plain = [f.name for f in schema if is_plain(f.type)]
    others = [f.name for f in schema if not is_plain(f.type)]
    if not others:
        return plain, ()
    return plain, (f"Kolommen met lijsten of bytes zijn weggelaten: {', '.join(others)}.",)


def as_texts(batch: pa.RecordBatch | pa.Table, places: Sequence[int]) -> pa.RecordBatch:
    """Return the columns at these places as text, named by their number."""
    columns = [as_text(batch.column(i)) for i in places]
    make = pa.RecordBatch if isinstance(batch, pa.RecordBatch) else pa.Table
    return make.from_arrays(columns, schema=text_schema(len(columns)))


def text_schema(width: int) -> pa.Schema:
    """Return a schema of this many columns of text."""
    return pa.schema([pa.field(str(i), pa.string()) for i in range(width)])


def reader(
    batches: Iterator[pa.RecordBatch],
    width: int,
    *,
    failure: Callable[[], InvoerFout],
    errors: tuple[type[BaseException], ...],
) -> pa.RecordBatchReader:
    """Return a reader of text; what goes wrong halfway is our error, with nothing of the data in it."""

    def guarded() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except errors:
            raise failure() from None

    return pa.RecordBatchReader.from_batches(text_schema(width), guarded())

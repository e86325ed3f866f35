"""Parquet, and Arrow files as Feather and other programs write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from toekomstscenario_eval.data.importers.formats import CheckNames, Delivery, Part, Source, _known, readable
from toekomstscenario_eval.data.importers.formats._tables import BATCH, as_texts, left_out, reader

WHAT = "een Parquet-bestand"
EXTENSIONS = (".parquet", ".arrow", ".feather")
OPTIONS: dict[str, tuple[str, ...]] = {}
LARGE = 1_000_000  # rows; from here on they come in parts
_FAILURES = (pa.ArrowException, OSError, ValueError, EOFError)


def read(path: Source, options: Mapping[str, str], *, namen: Sequence[str], check: CheckNames) -> Delivery:  # noqa: ARG001 - as every format
    """Read every column as text; lists and bytes are left out and named."""
    path = Path(path)
    try:
        schema, rows, batches = _open(path)
        heading, told = left_out(schema)
    except _FAILURES:
        raise _known.damaged(path, "Parquet of Arrow") from None
    _known.refuse_wide(path, len(heading))
    check(tuple(heading))
    places = [i for i, naam in enumerate(schema.names) if naam in set(heading)]
    stream = reader(
        (as_texts(b, places) for b in batches),
        len(heading),
        failure=lambda: _known.damaged(path, "Parquet of Arrow"),
        errors=_FAILURES,
    )
    table = stream if rows > LARGE else stream.read_all()
    return Delivery(tuple(heading), table, first_row=1, gezien=told)


def contents(path: Source) -> tuple[Part, ...]:
    """Return the file itself as the one table that it holds."""
    path = Path(path)
    try:
        schema, rows, _ = _open(path)
    except _FAILURES:
        raise _known.damaged(path, "Parquet of Arrow") from None
    return (Part(path.name, rows, len(schema)),)


def _open(path: Path) -> tuple[pa.Schema, int, Iterator[Any]]:
    _known.refuse_absent(path)
    _known.refuse_other(path, "parquet", readable=readable())
    first = _known.begin(path, 4)
    if first == b"PAR1":
        file = pq.ParquetFile(pa.OSFile(str(path)))
        return file.schema_arrow, file.metadata.num_rows, file.iter_batches(batch_size=BATCH)
    if first == b"FEA1":
        import pyarrow.feather

        table = pyarrow.feather.read_table(pa.OSFile(str(path)))
    else:
        open_ = pa.ipc.open_file if first == b"ARRO" else pa.ipc.open_stream
        with path.open("rb") as opened:
            table = open_(opened).read_all()
    return table.schema, table.num_rows, iter(table.to_batches(max_chunksize=BATCH))

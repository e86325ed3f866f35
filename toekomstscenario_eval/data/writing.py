"""Write a package to disk, all or nothing: the single place where tables become files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from toekomstscenario_eval.data.connection import quote
from toekomstscenario_eval.data.schema import FORMATS, REQUIRED_TABLES, Field, TableSchema, load_schema
from toekomstscenario_eval.errors import GebruikFout, UitvoerFout, did_you_mean, reason
from toekomstscenario_eval.types import Levering, Venster

_DESCRIPTION = "datapackage.json"
_EMPTY_TYPE = {
    "date": pa.date32(),
    "integer": pa.int64(),
    "year": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


def write_package(
    map_: Path,
    *,
    tables: Mapping[str, pd.DataFrame],
    naam: str,
    title: str,
    peildatum: date,
    venster: Venster,
    sources: Sequence[str],
    contact: str,
    fmt: str = "csv",
    levering: Levering | None = None,
) -> Path:
    """Write a package to the folder `map_` and return that folder.

    Each table becomes one file with its columns in the order of the contract; columns that the frame
    lacks are left out, tables without rows too. The package is written beside `map_` and moved into
    place when complete, so that no half-written package can ever be read. The same input gives the
    same bytes.

    Parameters
    ----------
    map_ : Path
        Must not exist yet, or be an empty folder. Folders above it are made when needed.
    tables : mapping of str to DataFrame
        Dates may be dates, timestamps at midnight or text; text is written as it is.
    fmt : {"csv", "parquet"}
        CSV: UTF-8, comma, LF, ISO dates, empty for missing, true/false, integers without decimals.
    levering : Levering, optional
        The delivery line; without it nothing of the package can be published.

    Raises
    ------
    GebruikFout
        When `fmt` is unknown.
    UitvoerFout
        When a table or column is not in the contract, a required table has no rows, a column cannot
        be written without loss, or the folder is in use or not writable.
    """
    map_ = Path(map_)
    if fmt not in FORMATS:
        raise GebruikFout(
            f"het formaat '{fmt}' bestaat niet",
            verwacht=" of ".join(FORMATS),
            herstel=did_you_mean(fmt, FORMATS),
        )
    _check_tables(tables)
    files: list[dict[str, str]] = []
    description: dict[str, Any] = {
        "name": naam,
        "title": title,
        "schema_versie": load_schema().versie,
        "peildatum": peildatum.isoformat(),
        "waarneemvenster": {"begin": venster.begin.isoformat(), "eind": venster.eind.isoformat()},
        "sources": [{"title": source} for source in sources],
        "contributors": [{"title": contact}],
    }
    if levering is not None:
        description["levering"] = {k: v for k, v in asdict(levering).items() if v}
    description["resources"] = files
    with _atomic(map_) as temporary:
        for table in load_schema().tabellen.values():
            if table.naam in tables and len(tables[table.naam]):
                _write_table(_to_arrow(tables[table.naam], table), temporary / f"{table.naam}.{fmt}")
                files.append(_resource(table.naam, fmt))
        text = json.dumps(description, ensure_ascii=False, indent=2) + "\n"
        (temporary / _DESCRIPTION).write_text(text, encoding="utf-8", newline="\n")
    return map_


def _resource(table: str, fmt: str) -> dict[str, str]:
    source = {"name": table, "path": f"{table}.{fmt}", "format": fmt}
    if fmt == "csv":
        source |= {"mediatype": "text/csv", "encoding": "utf-8"}
    return source


def _check_tables(tables: Mapping[str, pd.DataFrame]) -> None:
    known = load_schema().tabellen
    for naam in tables:
        if naam not in known:
            raise UitvoerFout(
                f"de tabel '{naam}' bestaat niet in de gegevensafspraak", herstel=did_you_mean(naam, known)
            )
    for naam in REQUIRED_TABLES:
        if naam not in tables or tables[naam].empty:
            raise UitvoerFout(
                f"de tabel {naam} heeft geen rijen",
                verwacht="in elk pakket ten minste: " + ", ".join(REQUIRED_TABLES),
                herstel=f"lever de tabel {naam} mee",
            )


@contextmanager
def _atomic(map_: Path) -> Iterator[Path]:
    """Yield a folder beside `map_` that takes its place when all went well, and disappears otherwise."""
    target = map_.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UitvoerFout(
            "de plek voor het pakket is al in gebruik",
            waar=str(map_),
            verwacht="een map die nog niet bestaat of leeg is",
            herstel="kies een andere map, of verwijder deze eerst zelf",
        )
    temporary = target.with_name(f".{target.name}.in-aanmaak-{os.getpid()}")
    try:
        temporary.mkdir(parents=True)
    except OSError as fout:
        raise _not_writable(map_, fout) from None
    try:
        yield temporary
        if target.exists():
            target.rmdir()
        temporary.rename(target)
    except (OSError, duckdb.IOException) as fout:
        raise _not_writable(map_, fout) from None
    finally:
        # Gone already when the rename succeeded.
        shutil.rmtree(temporary, ignore_errors=True)


def _not_writable(map_: Path, fout: Exception) -> UitvoerFout:
    return UitvoerFout(
        "het pakket kan hier niet worden geschreven; er is niets achtergebleven",
        waar=str(map_),
        kreeg=reason(fout) if isinstance(fout, OSError) else "",
        herstel="controleer of u in deze map mag schrijven en of de schijf niet vol is",
    )


def _write_table(table: pa.Table, path: Path) -> None:
    if path.suffix == ".parquet":
        pq.write_table(table, path, compression="zstd", row_group_size=1 << 18)
        return
    with duckdb.connect() as con:
        con.register("tabel", table)
        con.execute(
            f"COPY (SELECT * FROM tabel) TO {quote(str(path))} "
            "(FORMAT csv, HEADER true, DELIMITER ',', NULLSTR '', NEW_LINE '\\n')"
        )


def _to_arrow(frame: pd.DataFrame, table: TableSchema) -> pa.Table:
    """Return the columns of `frame` in the order of the contract, as Arrow columns of the agreed types."""
    known = [v.naam for v in table.fields]
    foreign = [str(k) for k in frame.columns if k not in known]
    if foreign or frame.columns.has_duplicates:
        raise UitvoerFout(
            f"de tabel {table.naam} heeft kolommen die niet in de gegevensafspraak staan of dubbel zijn",
            waar=f"tabel {table.naam}",
            verwacht=", ".join(known),
            kreeg=", ".join(foreign) or "een kolom die dubbel voorkomt",
            herstel="laat deze kolommen weg of geef ze de naam uit de gegevensafspraak",
        )
    fields = [v for v in table.fields if v.naam in frame.columns]
    return pa.table({v.naam: _column(frame[v.naam], field=v, table=table.naam) for v in fields})


def _column(reeks: pd.Series[Any], *, field: Field, table: str) -> Any:
    """Return one column as Arrow data of the agreed type; text that is no such value stays text."""
    try:
        column = pa.array(reeks, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise UitvoerFout(
            "een kolom bevat waarden van verschillende soort",
            waar=f"tabel {table}, kolom {field.naam}",
            herstel="maak van de hele kolom tekst, getallen of datums",
        ) from None
    if pa.types.is_dictionary(column.type):
        if field.type == "string" and "" not in _dictionary(column).to_pylist():
            return column
        column = column.cast(column.type.value_type)
    soort = column.type
    if pa.types.is_null(soort):
        column = column.cast(_EMPTY_TYPE.get(field.type, pa.string()))
    elif pa.types.is_string(soort) or pa.types.is_large_string(soort):
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, soort), column)
    elif field.type == "string":
        column = column.cast(pa.string())
    elif field.type == "date" and pa.types.is_timestamp(soort):
        column = _whole_days(column, spot=f"tabel {table}, kolom {field.naam}")
    elif field.type in ("integer", "year") and pa.types.is_floating(soort):
        whole = pc.all(pc.equal(column, pc.floor(column))).as_py()
        column = column.cast(pa.int64()) if whole is not False else column
    return column


def _dictionary(column: Any) -> Any:
    """Return the values that a dictionary column refers to."""
    if isinstance(column, pa.ChunkedArray):
        return pa.concat_arrays([part.dictionary for part in column.chunks])
    return column.dictionary


def _whole_days(column: Any, *, spot: str) -> Any:
    """Return timestamps as dates; refuses a time of day, which a date cannot hold."""
    day = pc.floor_temporal(column, unit="day")
    fout = pc.indices_nonzero(pc.fill_null(pc.not_equal(column, day), False))
    if len(fout):
        raise UitvoerFout(
            "een datumkolom bevat ook een tijd van de dag",
            waar=f"{spot}, rij {fout[0].as_py() + 1}",
            verwacht="alleen datums",
            kreeg=f"{len(fout)} waarden met een tijd",
            herstel="rond de kolom eerst af op hele dagen",
        )
    return column.cast(pa.date32())

"""Write a package to disk, all or nothing: the single place where tables become files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from toekomstscenario_eval.data.connection import quote
from toekomstscenario_eval.data.schema import FORMATEN, VERPLICHTE_TABELLEN, Field, TableSchema, load_schema
from toekomstscenario_eval.errors import GebruikFout, UitvoerFout, bedoelt_u
from toekomstscenario_eval.types import Venster

_BESCHRIJVING = "datapackage.json"
_LEEG_TYPE = {
    "date": pa.date32(),
    "integer": pa.int64(),
    "year": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


def schrijf_pakket(
    map_: Path,
    *,
    tabellen: Mapping[str, pd.DataFrame],
    naam: str,
    titel: str,
    peildatum: date,
    venster: Venster,
    bronnen: Sequence[str],
    contact: str,
    formaat: str = "csv",
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
    tabellen : mapping of str to DataFrame
        Dates may be dates, timestamps at midnight or text; text is written as it is.
    formaat : {"csv", "parquet"}
        CSV: UTF-8, comma, LF, ISO dates, empty for missing, true/false, integers without decimals.

    Raises
    ------
    GebruikFout
        When `formaat` is unknown.
    UitvoerFout
        When a table or column is not in the contract, a required table has no rows, a column cannot
        be written without loss, or the folder is in use or not writable.
    """
    map_ = Path(map_)
    if formaat not in FORMATEN:
        raise GebruikFout(
            f"het formaat '{formaat}' bestaat niet",
            verwacht=" of ".join(FORMATEN),
            herstel=bedoelt_u(formaat, FORMATEN),
        )
    _check_tables(tabellen)
    bestanden: list[dict[str, str]] = []
    beschrijving = {
        "name": naam,
        "title": titel,
        "schema_versie": load_schema().versie,
        "peildatum": peildatum.isoformat(),
        "waarneemvenster": {"begin": venster.begin.isoformat(), "eind": venster.eind.isoformat()},
        "sources": [{"title": bron} for bron in bronnen],
        "contributors": [{"title": contact}],
        "resources": bestanden,
    }
    with _atomic(map_) as tijdelijk:
        for tabel in load_schema().tabellen.values():
            if tabel.naam in tabellen and len(tabellen[tabel.naam]):
                _write_table(_to_arrow(tabellen[tabel.naam], tabel), tijdelijk / f"{tabel.naam}.{formaat}")
                bestanden.append(_resource(tabel.naam, formaat))
        tekst = json.dumps(beschrijving, ensure_ascii=False, indent=2) + "\n"
        (tijdelijk / _BESCHRIJVING).write_text(tekst, encoding="utf-8", newline="\n")
    return map_


def _resource(tabel: str, formaat: str) -> dict[str, str]:
    bron = {"name": tabel, "path": f"{tabel}.{formaat}", "format": formaat}
    if formaat == "csv":
        bron |= {"mediatype": "text/csv", "encoding": "utf-8"}
    return bron


def _check_tables(tabellen: Mapping[str, pd.DataFrame]) -> None:
    bekend = load_schema().tabellen
    for naam in tabellen:
        if naam not in bekend:
            raise UitvoerFout(
                f"de tabel '{naam}' bestaat niet in de gegevensafspraak", herstel=bedoelt_u(naam, bekend)
            )
    for naam in VERPLICHTE_TABELLEN:
        if naam not in tabellen or tabellen[naam].empty:
            raise UitvoerFout(
                f"de tabel {naam} heeft geen rijen",
                verwacht="in elk pakket ten minste: " + ", ".join(VERPLICHTE_TABELLEN),
                herstel=f"lever de tabel {naam} mee",
            )


@contextmanager
def _atomic(map_: Path) -> Iterator[Path]:
    """Yield a folder beside `map_` that takes its place when all went well, and disappears otherwise."""
    doel = map_.absolute()
    if doel.exists() and (not doel.is_dir() or any(doel.iterdir())):
        raise UitvoerFout(
            "de plek voor het pakket is al in gebruik",
            waar=str(map_),
            verwacht="een map die nog niet bestaat of leeg is",
            herstel="kies een andere map, of verwijder deze eerst zelf",
        )
    tijdelijk = doel.with_name(f".{doel.name}.in-aanmaak-{os.getpid()}")
    try:
        tijdelijk.mkdir(parents=True)
    except OSError as fout:
        raise _not_writable(map_, fout) from None
    try:
        yield tijdelijk
        if doel.exists():
            doel.rmdir()
        tijdelijk.rename(doel)
    except (OSError, duckdb.IOException) as fout:
        raise _not_writable(map_, fout) from None
    finally:
        # Gone already when the rename succeeded.
        shutil.rmtree(tijdelijk, ignore_errors=True)


def _not_writable(map_: Path, fout: Exception) -> UitvoerFout:
    return UitvoerFout(
        "het pakket kan hier niet worden geschreven; er is niets achtergebleven",
        waar=str(map_),
        kreeg=(fout.strerror or "") if isinstance(fout, OSError) else "",
        herstel="controleer of u in deze map mag schrijven en of de schijf niet vol is",
    )


def _write_table(tabel: pa.Table, pad: Path) -> None:
    if pad.suffix == ".parquet":
        pq.write_table(tabel, pad, compression="zstd", row_group_size=1 << 18)
        return
    with duckdb.connect() as con:
        con.register("tabel", tabel)
        con.execute(
            f"COPY (SELECT * FROM tabel) TO {quote(str(pad))} "
            "(FORMAT csv, HEADER true, DELIMITER ',', NULLSTR '', NEW_LINE '\\n')"
        )


def _to_arrow(frame: pd.DataFrame, tabel: TableSchema) -> pa.Table:
    """Return the columns of `frame` in the order of the contract, as Arrow columns of the agreed types."""
    bekend = [v.naam for v in tabel.velden]
    vreemd = [str(k) for k in frame.columns if k not in bekend]
    if vreemd or frame.columns.has_duplicates:
        raise UitvoerFout(
            f"de tabel {tabel.naam} heeft kolommen die niet in de gegevensafspraak staan of dubbel zijn",
            waar=f"tabel {tabel.naam}",
            verwacht=", ".join(bekend),
            kreeg=", ".join(vreemd) or "een kolom die dubbel voorkomt",
            herstel="laat deze kolommen weg of geef ze de naam uit de gegevensafspraak",
        )
    velden = [v for v in tabel.velden if v.naam in frame.columns]
    return pa.table({v.naam: _column(frame[v.naam], veld=v, tabel=tabel.naam) for v in velden})


def _column(reeks: pd.Series[Any], *, veld: Field, tabel: str) -> Any:
    """Return one column as Arrow data of the agreed type; text that is no such value stays text."""
    try:
        kolom = pa.array(reeks, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise UitvoerFout(
            "een kolom bevat waarden van verschillende soort",
            waar=f"tabel {tabel}, kolom {veld.naam}",
            herstel="maak van de hele kolom tekst, getallen of datums",
        ) from None
    if pa.types.is_dictionary(kolom.type):
        if veld.type == "string" and "" not in _dictionary(kolom).to_pylist():
            return kolom
        kolom = kolom.cast(kolom.type.value_type)
    soort = kolom.type
    if pa.types.is_null(soort):
        kolom = kolom.cast(_LEEG_TYPE.get(veld.type, pa.string()))
    elif pa.types.is_string(soort) or pa.types.is_large_string(soort):
        kolom = pc.if_else(pc.equal(kolom, ""), pa.scalar(None, soort), kolom)
    elif veld.type == "string":
        kolom = kolom.cast(pa.string())
    elif veld.type == "date" and pa.types.is_timestamp(soort):
        kolom = _whole_days(kolom, plek=f"tabel {tabel}, kolom {veld.naam}")
    elif veld.type in ("integer", "year") and pa.types.is_floating(soort):
        heel = pc.all(pc.equal(kolom, pc.floor(kolom))).as_py()
        kolom = kolom.cast(pa.int64()) if heel is not False else kolom
    return kolom


def _dictionary(kolom: Any) -> Any:
    """Return the values that a dictionary column refers to."""
    if isinstance(kolom, pa.ChunkedArray):
        return pa.concat_arrays([deel.dictionary for deel in kolom.chunks])
    return kolom.dictionary


def _whole_days(kolom: Any, *, plek: str) -> Any:
    """Return timestamps as dates; refuses a time of day, which a date cannot hold."""
    dag = pc.floor_temporal(kolom, unit="day")
    fout = pc.indices_nonzero(pc.fill_null(pc.not_equal(kolom, dag), False))
    if len(fout):
        raise UitvoerFout(
            "een datumkolom bevat ook een tijd van de dag",
            waar=f"{plek}, rij {fout[0].as_py() + 1}",
            verwacht="alleen datums",
            kreeg=f"{len(fout)} waarden met een tijd",
            herstel="rond de kolom eerst af op hele dagen",
        )
    return kolom.cast(pa.date32())

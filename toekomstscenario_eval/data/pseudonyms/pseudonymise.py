"""From a delivery with numbers and names to one without: the whole way, at the supplier."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.citizen_number import FILLERS, LOWEST, passes, says_so
from toekomstscenario_eval.data.citizen_columns import find_bsn, unlikely
from toekomstscenario_eval.data.connection import connect
from toekomstscenario_eval.data.importers import formats
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.data.pseudonyms.column_rules import BSN, KEEP, REMOVE, ColumnRules
from toekomstscenario_eval.data.pseudonyms.impact_assessment import skeleton
from toekomstscenario_eval.data.pseudonyms.pseudonym import KINDS
from toekomstscenario_eval.data.pseudonyms.pseudonym_key import PseudonymKey
from toekomstscenario_eval.data.pseudonyms.remaining_risk import remaining_risk
from toekomstscenario_eval.data.pseudonyms.removal_report import ColumnOutcome, RemovalReport, notices
from toekomstscenario_eval.data.pseudonyms.suspicion import Suspicion
from toekomstscenario_eval.data.pseudonyms.translating import Column, nine_digits, translator
from toekomstscenario_eval.errors import GebruikFout, InvoerFout, UitvoerFout, did_you_mean, reason
from toekomstscenario_eval.files import write_new

FORMATS = (".csv", ".parquet")
_BATCH = 500_000
_FEW = 3


@dataclass(frozen=True)
class _Work:
    """What is known when all rows have gone through."""

    columns: Mapping[str, Column]
    looked: Mapping[str, Suspicion]
    rows: int


def pseudonymise(
    source: Path, out: Path, *, rules: ColumnRules, key: PseudonymKey, assessment: Path | None = None
) -> RemovalReport:
    """Write a delivery without numbers, names and exact dates, with a report beside it.

    Parameters
    ----------
    source : Path
        A delivery in one of the `formats`.
    out : Path
        File that does not exist yet, `.csv` or `.parquet`. Beside it come `.verslag.txt` and `.verslag.json`.
    rules : ColumnRules
        What happens to each column.
    key : PseudonymKey
        The key that the suppliers share.
    assessment : Path, optional
        File for the skeleton of the impact assessment.

    Raises
    ------
    InvoerFout
        When the source cannot be read, or a column that would stay holds what it should not. Nothing is
        written then.
    UitvoerFout
        When a file is there already or cannot be written.
    """
    targets = [out, out.with_suffix(".verslag.txt"), out.with_suffix(".verslag.json")]
    _check_targets(out, [*targets, *([assessment] if assessment else [])])
    delivery = _open(source, rules)
    actions = {naam: rules.action(naam) for naam in delivery.kolommen}
    stays = {naam: action for naam, action in actions.items() if action != REMOVE}
    con = connect()
    try:
        with _folder(out) as folder:
            work = folder / "werk.parquet"
            done = _translate(con, delivery, actions, rules, key, work)
            _refuse(con, work, stays, done, source.name)
            risk = remaining_risk(con, work, stays, rules.risk)
            columns = tuple(_outcome(con, naam, actions, done) for naam in actions)
            ready = folder / out.name
            _write(work, ready, list(stays))
            report = RemovalReport(
                bron=source.name,
                uit=out.name,
                rijen=done.rows,
                onleesbaar=len(delivery.onleesbaar),
                vingerafdruk=key.vingerafdruk,
                sha256=_hash(ready),
                kolommen=columns,
                risico=risk,
                gezien=delivery.gezien,
                let_op=notices(columns, done.rows, risk, beside_key=_beside(key, out)),
            )
            _publish(report, ready, targets, assessment)
    finally:
        con.disconnect()
    return report


def _check_targets(out: Path, targets: list[Path]) -> None:
    if out.suffix.lower() not in FORMATS:
        raise GebruikFout(
            "aan de naam van --uit is niet te zien welk formaat het moet worden",
            verwacht=" of ".join(FORMATS),
            kreeg=out.name,
        )
    for path in targets:
        if path.exists():
            raise UitvoerFout(
                "er staat al een bestand op deze plek; er is niets veranderd",
                waar=str(path),
                herstel="kies een andere naam bij --uit, of haal het oude bestand eerst weg",
            )


def _open(source: Path, rules: ColumnRules) -> formats.Delivery:
    if not source.is_file():
        raise InvoerFout(
            "de bron is een map" if source.is_dir() else "de bron bestaat niet",
            waar=str(source),
            herstel="controleer het pad",
        )
    fmt = formats.format_of(source)
    reader = formats.find(fmt)
    for option, value in rules.options.items():
        choices = reader.OPTIONS.get(option)
        if choices is None or (choices and value not in choices):
            raise GebruikFout(
                f"bij deze bron kan '{option}={value}' niet",
                herstel=did_you_mean(option if choices is None else value, choices or reader.OPTIONS),
            )
    options = {**formats.defaults(fmt), **rules.options}
    return reader.read(
        source,
        options,
        namen=tuple(rules.kolommen),
        check=lambda heading: rules.check(heading, f"{source.name}, kolomnamen"),
    )


def _batches(table: pa.Table | pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield the rows in parts that are large enough to look at each different value only a few times."""
    if isinstance(table, pa.Table):
        for start in range(0, table.num_rows, _BATCH):
            yield table.slice(start, _BATCH)
        return
    waiting: list[pa.RecordBatch] = []
    for batch in table:
        waiting.append(batch)
        if sum(b.num_rows for b in waiting) >= _BATCH:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _translate(
    con: Backend,
    delivery: formats.Delivery,
    actions: Mapping[str, str],
    rules: ColumnRules,
    key: PseudonymKey,
    work: Path,
) -> _Work:
    """Write the rows as they leave to `work`, whose columns are named by number."""
    columns = {
        n: translator(con, a, rules, key.waarde) for n, a in actions.items() if a not in ("", KEEP, REMOVE)
    }
    looked = {n: Suspicion(n) for n, a in actions.items() if a in ("", KEEP)}
    stays = [n for n, a in actions.items() if a != REMOVE]
    schema = pa.schema([(f"k{i}", pa.string()) for i in range(len(stays))])
    rows = 0
    with pq.ParquetWriter(work, schema) as writer:
        for part in _batches(delivery.tabel):
            arrays = []
            for naam in stays:
                values = part.column(delivery.kolommen.index(naam)).combine_chunks()
                values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
                if naam in columns:
                    arrays.append(columns[naam].apply(values))
                else:
                    looked[naam].look(values)
                    arrays.append(pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values))
            writer.write_table(pa.table(arrays, schema=schema))
            rows += part.num_rows
    if not rows:
        raise InvoerFout("de bron heeft geen rijen", herstel="maak de export opnieuw")
    if not stays:
        raise GebruikFout("er blijft geen kolom over", herstel="noem met --kolom wat er wel meegaat")
    return _Work(columns, looked, rows)


def _refuse(con: Backend, work: Path, stays: Mapping[str, str], done: _Work, place: str) -> None:
    """Refuse what would leave by mistake: citizen service numbers, or names of which nobody said a word."""
    table = con.read_parquet(str(work), table_name="werk")
    plain = {f"k{i}": naam for i, naam in enumerate(stays) if naam in done.looked}
    if plain:
        numbered = table.select(*plain).mutate(**{ROW: ibis.row_number() + 1})
        for column in find_bsn(numbered, plain):
            raise _holds_bsn(plain[column], place)
    for naam, made in done.columns.items():
        if stays[naam] in KINDS and _is_citizen(naam, made):
            raise _holds_bsn(naam, place)
    for naam, seen in done.looked.items():
        if not stays[naam] and seen.found:
            raise InvoerFout(
                f"over een kolom is niets gezegd, en zij lijkt {' en '.join(seen.found)} te bevatten",
                waar=f"{place}, kolom '{naam}'",
                verwacht=f"--kolom '{naam}=WAT'",
                herstel=f"kies {naam}={REMOVE}, of {naam}={KEEP} als zij mee moet en mag",
            )


def _holds_bsn(naam: str, place: str) -> InvoerFout:
    return InvoerFout(
        "een kolom lijkt burgerservicenummers te bevatten, en is niet als zodanig genoemd",
        waar=f"{place}, kolom '{naam}'",
        verwacht=f"--kolom '{naam}={BSN}'",
        herstel=f"kies {naam}={BSN}: dan krijgt elk nummer één pseudoniem, hoe het ook is geschreven; of "
        f"{naam}={REMOVE}. Staan zij in tekst, laat de kolom dan weg",
    )


def _is_citizen(naam: str, column: Column) -> bool:
    """Whether the keys of a column that was not named as such are citizen service numbers."""
    if says_so(naam):
        return True
    digits = {d for v in column.known if (d := nine_digits(v.strip())) and int(d) >= LOWEST}
    digits = {d for d in digits if int(d) not in FILLERS}
    passing = sum(map(passes, digits))
    return unlikely(passing, len(digits)) or _FEW <= passing == len(digits) == len(column.known)


def _outcome(con: Backend, naam: str, actions: Mapping[str, str], done: _Work) -> ColumnOutcome:
    action = actions[naam]
    if naam not in done.columns:
        seen = done.looked.get(naam)
        return ColumnOutcome(naam, action, lijkt=seen.found if seen else ())
    column = done.columns[naam]
    most = 0
    if action in (BSN, *KINDS):
        spot = f"k{[n for n, a in actions.items() if a != REMOVE].index(naam)}"
        counted = con.table("werk").filter(ibis._[spot].notnull()).group_by(spot).aggregate(n=ibis._.count())
        most = int(counted.n.max().execute() or 0) if counted.count().execute() else 0
    gone = {why: count for why, count in column.counts.most_common() if why}
    return ColumnOutcome(naam, action, gone, len({v for v, _ in column.known.values() if v}), most)


@contextmanager
def _folder(out: Path) -> Iterator[Path]:
    """Give a folder beside the file for what is not ready; it is gone afterwards."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".in-aanmaak-", dir=out.parent))
    except OSError as fout:
        raise UitvoerFout(
            "de map van --uit is niet te gebruiken", waar=str(out), kreeg=reason(fout)
        ) from None
    try:
        yield folder
    except OSError as fout:
        raise UitvoerFout(
            "het bestand kan niet worden geschreven", waar=str(out), kreeg=reason(fout)
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(work: Path, ready: Path, names: list[str]) -> None:
    schema = pa.schema([(naam, pa.string()) for naam in names])
    parts = pq.ParquetFile(work).iter_batches(batch_size=_BATCH)
    with ready.open("xb") as file:
        make = pq.ParquetWriter if ready.suffix.lower() == ".parquet" else pacsv.CSVWriter
        with make(file, schema) as writer:
            for part in parts:
                writer.write_table(pa.Table.from_batches([part]).rename_columns(names))


def _publish(report: RemovalReport, ready: Path, targets: list[Path], assessment: Path | None) -> None:
    """Put everything in place, the file itself last; on a failure nothing."""
    out, words, data = targets
    texts = {words: report.text(), data: report.json()} | (
        {assessment: skeleton(report)} if assessment else {}
    )
    written: list[Path] = []
    try:
        for path, text in texts.items():
            write_new(path, text.encode(), mode=0o644)
            written.append(path)
        ready.replace(out)
    except (OSError, UitvoerFout):
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _beside(key: PseudonymKey, out: Path) -> bool:
    return key.bron is not None and os.path.realpath(key.bron.parent) == os.path.realpath(out.parent)

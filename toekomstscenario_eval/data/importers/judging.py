"""Which rows of the source are usable; what is not is counted, with the reason and the first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.importers.import_report import SetAside
from toekomstscenario_eval.data.importers.mapping_model import TableMapping
from toekomstscenario_eval.data.importers.redelivered import Replaced, keep_latest
from toekomstscenario_eval.data.importers.source import Source
from toekomstscenario_eval.data.importers.values import Fault, Rows, faults
from toekomstscenario_eval.data.parsing import ROW
from toekomstscenario_eval.errors import InvoerFout

_FIRST = 5
_MORE_LINES_IN_FAULT = 6
_COLUMNS = "een ander aantal kolommen dan de eerste regel"


@dataclass(frozen=True)
class Judged:
    """The rows that count, what was set aside, and what another row took the place of."""

    rijen: Rows
    aantal_apart: int
    apart: tuple[SetAside, ...]
    replaced: Replaced


@dataclass(frozen=True)
class _Counted:
    found: SetAside
    mag_apart: bool


class Collected:
    """Keeps every row that was set aside, with its column and reason, for the quarantine."""

    def __init__(self, *, with_values: bool = False) -> None:
        self.with_values = with_values
        self._tables: list[pa.Table] = []

    def add(self, rows: Any, column: Any, cause: Any, value: Any = None) -> None:
        """Add rows by their number; `column` and `cause` are columns, or one text for all."""
        n = len(rows)
        texts = {"kolom": column, "reden": cause} | ({"waarde": value} if self.with_values else {})
        whole = {
            k: pa.repeat(pa.scalar(v, pa.string()), n) if v is None or isinstance(v, str) else v
            for k, v in texts.items()
        }
        self._tables.append(pa.table({"rij": rows, **whole}))

    def table(self) -> pa.Table:
        """Return all of them in the order of the rows."""
        names = ("kolom", "reden", *(("waarde",) if self.with_values else ()))
        schema = pa.schema([("rij", pa.int64()), *((n, pa.string()) for n in names)])
        parts = [t.cast(schema) for t in self._tables]
        return pa.concat_tables([schema.empty_table(), *parts]).sort_by(
            [("rij", "ascending"), ("kolom", "ascending")]
        )


def judge(con: Backend, rows: Rows, source: Source, refused: Collected | None = None) -> Judged:
    """Return the usable rows, and count the others; `refused` gets each of them.

    Raises
    ------
    InvoerFout
        When rows cannot be used and the mapping does not say to set them aside, or when none is left.
    """
    apart = rows.mapping.apart
    refused = refused or Collected()
    found: list[_Counted] = []
    if source.onleesbaar:
        lines = SetAside("", _COLUMNS, len(source.onleesbaar), source.onleesbaar[:_FIRST])
        found.append(_Counted(lines, apart))
        refused.add(pa.array(source.onleesbaar, pa.int64()), "", _COLUMNS)
    # Before faults are looked for: an older row never stands in for a newer one that cannot be used.
    latest, replaced = keep_latest(con, rows)
    rows = replace(rows, tabel=latest)
    good, added = _split(con, rows.tabel, faults(rows), naam="goed", rows=rows, refused=refused)
    found += added
    good, added = _split(
        con, good, _contradictions(replace(rows, tabel=good)), naam="eenduidig", rows=rows, refused=refused
    )
    found += added
    over = int(good.count().execute())
    gone = source.rijen - over - replaced.aantal
    _refuse(found, gone=gone, totaal=source.rijen)
    return Judged(replace(rows, tabel=good), gone, tuple(g.found for g in found), replaced)


def _refuse(found: Sequence[_Counted], *, gone: int, totaal: int) -> None:
    very = [g.found for g in found if not g.mag_apart]
    redenen = "; ".join(str(g) for g in very[:_MORE_LINES_IN_FAULT])
    if len(very) > _MORE_LINES_IN_FAULT:
        redenen += f"; en nog {len(very) - _MORE_LINES_IN_FAULT} redenen"
    if very:
        raise InvoerFout(
            f"{gone} van de {totaal} rijen van de bron {'is' if gone == 1 else 'zijn'} niet te gebruiken",
            waar="de bron (eerste rij onder de kolomnamen = rij 1)",
            kreeg=redenen,
            herstel="verbeter de bron of de mapping, of zet in de mapping onder bron "
            "'onleesbare_rijen: apart': zulke rijen blijven dan buiten het pakket en worden geteld",
        )
    if gone == totaal:
        raise InvoerFout(
            "er blijft geen enkele rij van de bron over",
            kreeg="; ".join(str(g.found) for g in found[:_MORE_LINES_IN_FAULT]),
            herstel="controleer of deze mapping bij deze bron hoort, vooral datumnotatie en vertalingen",
        )


def _split(
    con: Backend,
    table: ir.Table,
    fouten: Sequence[Fault],
    *,
    naam: str,
    rows: Rows,
    refused: Collected,
) -> tuple[ir.Table, list[_Counted]]:
    """Return the rows without any of the faults, and the faults with their counts."""
    if not fouten:
        return table, []
    namen = [f"f_{i}" for i in range(len(fouten))]
    having = table.mutate(**{n: f.reden for n, f in zip(namen, fouten, strict=True)})
    aantallen = having.aggregate(**{n: having[n].count() for n in namen}).to_pyarrow().to_pylist()[0]
    if not any(aantallen.values()):
        return table, []
    having = con.create_table(f"{naam}_met", having)
    clean = ibis.and_(*(having[n].isnull() for n in namen))
    parts = [
        having.filter(having[n].notnull()).select(
            ROW,
            kolom=ibis.literal(f.kolom),
            reden=having[n],
            mag_apart=ibis.literal(f.mag_apart),
            **_shown(replace(rows, tabel=having), f.kolom, refused),
        )
        for n, f in zip(namen, fouten, strict=True)
        if aantallen[n]
    ]
    return con.create_table(naam, having.filter(clean).drop(*namen)), _count(con, parts, naam, refused)


def _shown(rows: Rows, column: str, refused: Collected) -> dict[str, Any]:
    """Return the value behind a fault, when the quarantine shows values and one column is to blame."""
    if not refused.with_values:
        return {}
    return {"waarde": rows.text(column) if column in rows.mapping.namen else ibis.null("string")}


def _count(con: Backend, parts: Sequence[ir.Table], naam: str, refused: Collected) -> list[_Counted]:
    """Count each reason per column once per row, whatever the number of tables that meet it."""
    every = con.create_table(f"{naam}_apart", (ibis.union(*parts) if len(parts) > 1 else parts[0]).distinct())
    kept = every.to_pyarrow()
    values = kept["waarde"] if refused.with_values else None
    refused.add(kept[ROW], kept["kolom"], kept["reden"], values)
    key = ["kolom", "reden", "mag_apart"]
    venster = ibis.window(group_by=key, order_by=ROW)
    counted = every.mutate(nr=ibis.row_number().over(venster), aantal=every[ROW].count().over(group_by=key))
    first = counted.filter(counted.nr < _FIRST).order_by([*key, ROW]).to_pyarrow().to_pylist()
    out: dict[tuple[Any, ...], _Counted] = {}
    for row in first:
        spot = tuple(row[k] for k in key)
        previous = out[spot].found.rijen if spot in out else ()
        out[spot] = _Counted(
            SetAside(row["kolom"], row["reden"], row["aantal"], (*previous, row[ROW])), row["mag_apart"]
        )
    return list(out.values())


def _contradictions(rows: Rows) -> list[Fault]:
    """Return, per table with one row per value, the columns that differ within such a row."""
    out: list[Fault] = []
    for table in rows.mapping.tabellen:
        equal = _per_group(rows, table)
        if table.per is None or not equal or not _differ_somewhere(rows, table, equal):
            continue
        groep = [rows.key(k) for k in table.per]
        venster = ibis.window(group_by=groep) if groep else ibis.window()
        choice = rows.selected(table)
        per = f"per {', '.join(table.per)}" if table.per else "de hele bron"
        reden = f"verschillende waarden binnen één rij van de tabel {table.naam} ({per})"
        for column, waarde in equal:
            chosen = ibis.ifelse(choice, waarde, ibis.null(waarde.type()))
            otherwise = _differs(chosen, choice.cast("int64").sum(), over=venster)
            fout = ibis.ifelse(choice & otherwise, ibis.literal(reden), ibis.null("string"))
            out.append(Fault(column, fout, rows.mapping.apart))
    return out


def _differ_somewhere(rows: Rows, table: TableMapping, equal: Sequence[tuple[str, Any]]) -> bool:
    """Tell whether any group has a difference; much cheaper than finding the rows, and usually none has."""
    per = {f"_per_{i}": rows.key(k) for i, k in enumerate(table.per or ())}
    waarden = {f"_w_{i}": w for i, (_, w) in enumerate(equal)}
    chosen = rows.tabel.select(_keuze=rows.selected(table), **per, **waarden).filter(lambda t: t["_keuze"])
    otherwise = {n: _differs(chosen[n], chosen.count()) for n in waarden}
    together = chosen.group_by(list(per)).aggregate(**otherwise) if per else chosen.aggregate(**otherwise)
    return bool(together.filter(ibis.or_(*(together[n] for n in waarden))).count().execute())


def _differs(waarde: Any, every: Any, *, over: Any = None) -> Any:
    """Return whether a value differs within a group, an empty one from a filled one included."""
    parts = (waarde.count(), every, waarde.min(), waarde.max())
    filled, every, lowest, highest = parts if over is None else (d.over(over) for d in parts)
    return (lowest != highest).fill_null(False) | ((filled > 0) & (filled < every))


def _per_group(rows: Rows, table: TableMapping) -> list[tuple[str, Any]]:
    """Return the values that must be the same in all source rows behind one row of the table."""
    out = [
        (source.waarde, rows.value(table.schema.veld(naam), source))
        for naam, source in table.fields.items()
        if source.soort == "kolom" and source.waarde not in (table.per or ())
    ]
    if table.periode is not None:
        column = table.periode.open_als_leeg or " en ".join(table.periode.tot)
        out.append((column, rows.running(table).cast("int8")))
    return out

"""From usable rows to the tables of the contract."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis.backends.duckdb import Backend

from toekomstscenario_eval.data.importers.import_report import Translated, Unknown
from toekomstscenario_eval.data.importers.mapping_model import EMPTY, ImportMapping, Origin, TableMapping
from toekomstscenario_eval.data.importers.values import Rows, known_codes
from toekomstscenario_eval.data.parsing import EXPECTED, ROW, parse
from toekomstscenario_eval.data.schema import Field
from toekomstscenario_eval.errors import InvoerFout

_FIRST, _AFTER, _NUMBER = "_eerste", "_na_laatste", "_nummer"
_DAY = ibis.interval(days=1)


@dataclass(frozen=True)
class Built:
    """A table of the contract, with the first day in it and the day after the last (None: no days).

    `rows` are the rows of the source behind its rows, when it has one row for each.
    """

    frame: pd.DataFrame
    eerste: date | None
    after_last: date | None
    rows: np.ndarray | None = None


def build(rows: Rows, table: TableMapping, start: int = 0) -> Built:
    """Return one table of the contract; numbered keys count on from `start`."""
    source = rows.tabel.filter(rows.selected(table))
    rows = Rows(source, rows.mapping)
    per_row = _per_row(rows, table, start) if table.per is None else _per_value(rows, table, start)
    arrow = per_row.to_pyarrow()
    behind = arrow[_NUMBER].to_numpy() if table.per is None else None
    dagen = arrow.select([_FIRST, _AFTER]).to_pandas()
    begin, after = dagen[_FIRST].dropna(), dagen[_AFTER].dropna()
    frame = arrow.drop([_FIRST, _AFTER, _NUMBER]).to_pandas()
    order = [v.naam for v in table.schema.fields if v.naam in frame.columns]
    eerste, last = begin.min() if len(begin) else None, after.max() if len(after) else None
    return Built(frame[order], eerste, last, behind)


def _from_source(table: TableMapping) -> dict[str, Origin]:
    return {n: b for n, b in table.fields.items() if b.soort == "kolom"}


def _spell(rows: Rows, table: TableMapping) -> dict[str, Any]:
    if table.periode is None:
        return {}
    spell = {"_van": rows.first_day(table), "_tot": rows.last_day(table), "_open": rows.running(table)}
    if table.periode.empty_start is not None:
        spell["_begin_onbekend"] = rows.start_unknown(table)
    return spell


def _per_row(rows: Rows, table: TableMapping, start: int) -> ir.Table:
    fields = {n: rows.value(table.schema.veld(n), b) for n, b in _from_source(table).items()}
    loose = rows.tabel.select(_nr=rows.tabel[ROW], **fields, **_spell(rows, table))
    return _finish(loose.order_by("_nr"), table, start)


def _per_value(rows: Rows, table: TableMapping, start: int) -> ir.Table:
    """Return one row per distinct value of the `per` columns; the other values do not differ within it."""
    per = {f"_per_{i}": rows.key(k) for i, k in enumerate(table.per or ())}
    fields = {n: rows.value(table.schema.veld(n), b) for n, b in _from_source(table).items()}
    loose = rows.tabel.select(_nr=rows.tabel[ROW], **per, **fields, **_spell(rows, table))
    waarden: dict[str, Any] = {n: loose[n].max() for n in fields} | {"_rijen": loose.count()}
    if table.periode is not None:
        waarden |= {"_van": loose["_van"].min(), "_tot": loose["_tot"].max(), "_open": loose["_open"].any()}
        if table.periode.empty_start is not None:
            waarden["_begin_onbekend"] = loose["_begin_onbekend"].any()
    together = loose.group_by(list(per)).aggregate(**waarden) if per else loose.aggregate(**waarden)
    if table.periode is not None and table.periode.over:
        parts = ibis.window(group_by=[f"_per_{(table.per or ()).index(k)}" for k in table.periode.over])
        together = together.mutate(
            _van=together["_van"].min().over(parts),
            _tot=together["_tot"].max().over(parts),
            _open=together["_open"].any().over(parts),
        )
    # Numbered in the order of the values, so that the order of the source rows makes no difference.
    venster = ibis.window(order_by=list(per)) if per else ibis.window()
    filled = together.filter(together["_rijen"] > 0)
    return _finish(filled.mutate(_nr=ibis.row_number().over(venster) + 1).order_by("_nr"), table, start)


def _finish(loose: ir.Table, table: TableMapping, start: int) -> ir.Table:
    """Add constants, numbered keys, begin and eind, and the first and the last day."""
    out: dict[str, Any] = {}
    for naam, source in table.fields.items():
        if source.soort == "kolom":
            out[naam] = loose[naam]
        elif source.soort == "vast":
            out[naam] = parse(ibis.literal(source.waarde), table.schema.veld(naam))
        else:
            out[naam] = ibis.literal(source.waarde) + (loose["_nr"] + start).cast("string")
    first = after = ibis.null("date")
    if table.periode is not None:
        einde = _next_day(loose["_tot"]) if table.periode.laatste_dag_telt_mee else loose["_tot"]
        out |= {"begin": loose["_van"], "eind": ibis.ifelse(loose["_open"], ibis.null("date"), einde)}
        if table.periode.empty_start is not None:
            out[table.periode.empty_start.merk] = loose["_begin_onbekend"]
        first, after = loose["_van"], ibis.greatest(_next_day(loose["_van"]), einde)
    elif "datum" in out:
        first, after = out["datum"], _next_day(out["datum"])
    return loose.select(**out, **{_FIRST: first, _AFTER: after, _NUMBER: loose["_nr"]})


def _next_day(day: Any) -> Any:
    return (day + _DAY).cast("date")


def check_constants(con: Backend, mapping: ImportMapping) -> None:
    """Refuse constants and translations that the field cannot hold."""
    for table in mapping.tabellen:
        for naam, source in table.fields.items():
            field = table.schema.veld(naam)
            waarden = [source.waarde] if source.soort == "vast" else list((source.vertaling or {}).values())
            if source.soort == "nummer":
                waarden = [source.waarde + "1"]
            for waarde in waarden:
                _check_constant(con, field, waarde=waarde, source=source)


def _check_constant(con: Backend, field: Field, *, waarde: str, source: Origin) -> None:
    pattern = field.constraints.get("pattern")
    if pattern and not re.search(pattern, waarde):
        expected = "letters, cijfers, punt, streepje of liggend streepje, hoogstens 64 tekens"
    elif field.type != "string" and con.execute(parse(ibis.literal(waarde), field).isnull()):
        expected = EXPECTED[field.type]
    else:
        return
    raise InvoerFout(
        f"'{waarde}' past niet in het veld '{field.naam}'",
        waar=str(source.plek),
        verwacht=expected,
        herstel="verbeter de waarde in de mapping",
    )


def count_codes(rows: Rows) -> tuple[Translated, ...]:
    """Count the usable rows per code of each translation, also the codes that do not occur."""
    out: list[Translated] = []
    for table in rows.mapping.tabellen:
        chosen = rows.tabel.filter(rows.selected(table))
        for naam, source in table.fields.items():
            if source.vertaling is None:
                continue
            code = Rows(chosen, rows.mapping).text(source.waarde).fill_null("")
            telling = chosen.select(code=code).group_by("code").aggregate(n=lambda t: t.count()).to_pyarrow()
            aantal = dict(zip(telling["code"].to_pylist(), telling["n"].to_pylist(), strict=True))
            out += [Translated(table.naam, naam, c, w, aantal.get(c, 0)) for c, w in source.vertaling.items()]
    return tuple(out)


def count_unknown(rows: Rows) -> tuple[Unknown, ...]:
    """Count codes outside the translations over all rows that were read; never name them."""
    out: list[Unknown] = []
    for table in rows.mapping.tabellen:
        choice = rows.selected(table)
        for naam, source in table.fields.items():
            field = table.schema.veld(naam)
            if source.soort != "kolom" or known_codes(field, source) is None:
                continue
            foreign = rows.tabel.filter(choice & rows.unknown(field, source))
            text = Rows(foreign, rows.mapping).text(source.waarde)
            n, codes = (
                foreign.aggregate(n=foreign.count(), c=text.nunique()).to_pyarrow().to_pylist()[0].values()
            )
            if n:
                consequence = "leeg gelaten" if source.onbekend == EMPTY else "rijen apart gezet"
                out.append(Unknown(table.naam, naam, source.waarde, int(n), int(codes), consequence))
    return tuple(out)


def outside(rows: Rows) -> dict[str, int]:
    """Count the usable rows that a table skips by its `alleen`."""
    return {
        t.naam: int(rows.tabel.filter(~rows.selected(t)).count().execute())
        for t in rows.mapping.tabellen
        if t.alleen
    }

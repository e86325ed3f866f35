"""Row by row: which rows a table uses, which value each field gets, and why a row cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.importers.amounts import expected, in_points
from toekomstscenario_eval.data.importers.cleaning import Read
from toekomstscenario_eval.data.importers.mapping_model import (
    APART,
    EMPTY,
    ImportMapping,
    Origin,
    Period,
    TableMapping,
)
from toekomstscenario_eval.data.importers.planned import is_planned
from toekomstscenario_eval.data.parsing import EXPECTED, ROW, parse
from toekomstscenario_eval.data.schema import Field, load_schema

_NOT_EMPTY = "leeg waar een waarde nodig is"
_KEY = "tekens die in een sleutel niet mogen, of een sleutel langer dan 64 tekens"


@dataclass(frozen=True)
class Fault:
    """A reason (text expression, null: none) to set rows aside; `mag_apart` when the mapping allows it."""

    kolom: str
    reden: Any
    mag_apart: bool


@dataclass(frozen=True)
class Rows:
    """The rows of the source as cleaned, with the mapping that says how to use them."""

    tabel: ir.Table
    mapping: ImportMapping

    def _column(self, soort: str, column: str) -> Any:
        return self.tabel[f"{soort}_{self.mapping.namen.index(column)}"]

    def text(self, column: str) -> Any:
        """Return the clean text of a source column."""
        return self._column("t", column)

    def key(self, column: str) -> Any:
        """Return the clean text of a source column, or its pseudonym when the mapping asks for one."""
        return self._column("p", column)

    def reason(self, column: str) -> Any:
        """Return why a source column could not be read."""
        return self._column("r", column)

    def day(self, column: str) -> Read:
        """Return a source column as a date."""
        return Read(self._column("d", column), self._column("dr", column))

    def has_bounds(self, column: str) -> bool:
        """Return whether partial dates in a source column stand for a day."""
        return f"dv_{self.mapping.namen.index(column)}" in self.tabel.columns

    def bounds(self, column: str) -> tuple[Any, Any]:
        """Return the first and the last day that a date may be; the same where it is whole."""
        if not self.has_bounds(column):
            return self.day(column).waarde, self.day(column).waarde
        return self._column("dv", column), self._column("dl", column)

    def year(self, column: str) -> Read:
        """Return the year of a source column that holds a date."""
        return Read(self._column("j", column), self._column("jr", column))

    def selected(self, table: TableMapping) -> Any:
        """Return which rows the table uses, by its `alleen`."""
        choice: Any = self.tabel[ROW].notnull()
        for column, waarden in table.alleen.items():
            text = self.text(column)
            choice &= text.notnull() if waarden is None else text.isin(waarden).fill_null(False)
        return choice

    def first_day(self, table: TableMapping) -> Any:
        """Return the earliest of the `van` columns."""
        periode = table.periode
        if periode is None:
            return ibis.null("date")
        first = ibis.least(*(self.day(k).waarde for k in periode.van))
        stand_in = periode.empty_start
        return first if stand_in is None else ibis.coalesce(first, self.day(stand_in.kolom).waarde)

    def start_unknown(self, table: TableMapping) -> Any:
        """Return whether a first day was not delivered and another stands in for it."""
        periode = table.periode
        if periode is None or periode.empty_start is None:
            return ibis.literal(False)
        return ibis.least(*(self.day(k).waarde for k in periode.van)).isnull()

    def written_last_day(self, periode: Period) -> Any:
        """Return the latest of the `tot` columns, planned or not; null when all are empty."""
        return ibis.greatest(*(self.day(k).waarde for k in periode.tot))

    def last_day(self, table: TableMapping) -> Any:
        """Return the latest of the `tot` columns; null when all are empty, or it is only planned."""
        periode = table.periode
        if periode is None:
            return ibis.null("date")
        last = self.written_last_day(periode)
        if periode.planned is None:
            return last
        return ibis.ifelse(is_planned(last, periode, self.mapping), ibis.null("date"), last)

    def running(self, table: TableMapping) -> Any:
        """Return whether the spell still runs."""
        periode = table.periode
        if periode is not None and periode.open_als_leeg:
            planned = is_planned(self.written_last_day(periode), periode, self.mapping)
            return self.text(periode.open_als_leeg).isnull() | planned
        return self.last_day(table).isnull()

    def value(self, field: Field, source: Origin) -> Any:
        """Return the value of a field from its column, typed; null where it is empty or cannot be read."""
        text = self._as_text(field, source)
        if source.als_leeg is not None:
            filled = self.text(source.als_leeg.gevuld).notnull() & self.text(source.waarde).isnull()
            text = ibis.ifelse(filled, ibis.literal(source.als_leeg.wordt), text)
        return parse(text, field)

    def _as_text(self, field: Field, source: Origin) -> Any:
        if field.type == "date":
            return self.day(source.waarde).waarde
        if source.jaar:
            return self.year(source.waarde).waarde
        if source.vertaling is not None:
            return _translated(self.text(source.waarde), source.vertaling)
        if field.type == "number":
            return in_points(self.text(source.waarde), self.mapping.decimaalteken, self.mapping.formaat)
        codes = known_codes(field, source)
        if codes is not None:
            text = self.text(source.waarde)
            return ibis.ifelse(text.isin(codes), text, ibis.null("string"))
        return self.key(source.waarde)

    def unknown(self, field: Field, source: Origin) -> Any:
        """Return whether a code lies outside the translation, or outside the code list when there is none."""
        codes = known_codes(field, source)
        if source.soort != "kolom" or codes is None:
            return ibis.literal(False)
        text = self.text(source.waarde)
        return (text.notnull() & ~text.isin(codes)).fill_null(False)


def known_codes(field: Field, source: Origin) -> tuple[str, ...] | None:
    """Return the codes that may stand in the source; None when anything may."""
    if source.vertaling is not None:
        return tuple(source.vertaling)
    return load_schema().codelists[field.codelijst].codes if field.codelijst else None


def _translated(text: Any, translation: Mapping[str, str]) -> Any:
    # An empty key in the mapping translates emptiness.
    empty = ibis.literal(translation[""]) if "" in translation else ibis.null("string")
    cases = [(text.isnull(), empty)] + [(text == c, ibis.literal(w)) for c, w in translation.items() if c]
    return ibis.cases(*cases, else_=ibis.null("string"))


def faults(rows: Rows) -> list[Fault]:
    """Return every reason to set a row aside that can be seen in the row itself."""
    out: list[Fault] = []
    for table in rows.mapping.tabellen:
        choice = rows.selected(table)
        for fout in _table_faults(rows, table):
            out.append(
                Fault(fout.kolom, ibis.ifelse(choice, fout.reden, ibis.null("string")), fout.mag_apart)
            )
    return out


def _table_faults(rows: Rows, table: TableMapping) -> Iterator[Fault]:
    apart = rows.mapping.apart
    yield from (Fault(k, rows.reason(k), apart) for k in dict.fromkeys(table.per or ()))
    if table.periode is not None:
        yield from _period_faults(rows, table.periode)
    for naam, source in table.fields.items():
        if source.soort == "kolom":
            field = table.schema.veld(naam)
            yield Fault(source.waarde, _field_reason(rows, field, source), apart)
            if source.onbekend != EMPTY and known_codes(field, source) is not None:
                reden = f"een code die niet in de {_where(table, field, source)} staat"
                yield Fault(
                    source.waarde,
                    _when(rows.unknown(field, source), reden),
                    apart or source.onbekend == APART,
                )


def _where(table: TableMapping, field: Field, source: Origin) -> str:
    if source.vertaling is not None:
        return f"vertaling van {table.naam}.{field.naam}"
    return f"codelijst {field.codelijst}"


def _when(condition: Any, reden: str) -> Any:
    return ibis.ifelse(condition, ibis.literal(reden), ibis.null("string"))


def _period_faults(rows: Rows, periode: Period) -> Iterator[Fault]:
    apart = rows.mapping.apart
    stand_in = () if periode.empty_start is None else (periode.empty_start.kolom,)
    for column in dict.fromkeys((*periode.van, *stand_in, *periode.tot)):
        reden = ibis.coalesce(rows.reason(column), rows.day(column).reden)
        yield Fault(column, reden, apart)
    yield Fault(
        " en ".join(periode.van), _when(_all_empty(rows, (*periode.van, *stand_in)), _NOT_EMPTY), apart
    )
    if periode.open_als_leeg:
        no_eind = rows.text(periode.open_als_leeg).notnull() & _all_empty(rows, periode.tot)
        yield Fault(" en ".join(periode.tot), _when(no_eind, _NOT_EMPTY), apart)


def _all_empty(rows: Rows, columns: Sequence[str]) -> Any:
    """Return whether none of the dates is filled; a date that cannot be read is not an empty one."""
    dagen = [rows.day(k) for k in columns]
    return ibis.and_(*(d.waarde.isnull() & d.reden.isnull() for d in dagen))


def _field_reason(rows: Rows, field: Field, source: Origin) -> Any:
    """Return why a field cannot get a value from its column."""
    text, waarde, unknown = rows.text(source.waarde), rows.value(field, source), rows.unknown(field, source)
    cases = [(rows.reason(source.waarde).notnull(), rows.reason(source.waarde))]
    if field.type == "date" or source.jaar:
        reden = (rows.day if field.type == "date" else rows.year)(source.waarde).reden
        cases.append((reden.notnull(), reden))
    else:
        cases.append((text.notnull() & waarde.isnull() & ~unknown, _unreadable(field, rows.mapping)))
    if field.required:
        cases.append((waarde.isnull() & ~unknown, ibis.literal(_NOT_EMPTY)))
    if "pattern" in field.constraints:
        fits = waarde.re_search(field.constraints["pattern"])
        cases.append((waarde.notnull() & ~fits, ibis.literal(_KEY)))
    return ibis.cases(*cases, else_=ibis.null("string"))


def _unreadable(field: Field, mapping: ImportMapping) -> Any:
    known = expected(mapping.decimaalteken) if field.type == "number" else EXPECTED[field.type]
    return ibis.literal(f"niet te lezen als {known}")

"""How a delivered column becomes a typed one: the single place where text turns into dates and numbers.

A value that cannot be parsed becomes null here and a finding in `checks/typen.py`; nothing is mended.
"""

from __future__ import annotations

from typing import cast

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.schema import Field, TableSchema

ROW = "_rij"  # row number as read: first data row = 1; blank and unreadable lines are not counted
IBIS_TYPE = {
    "string": "string",
    "date": "date",
    "integer": "int64",
    "year": "int64",
    "number": "float64",
    "boolean": "boolean",
}
EXPECTED = {
    "string": "tekst",
    "date": "een bestaande datum als JJJJ-MM-DD",
    "integer": "een geheel getal",
    "year": "een jaartal in vier cijfers",
    "number": "een getal met een punt voor de decimalen",
    "boolean": "true of false",
}
_PATTERN = {
    "date": r"^[1-9]\d{3}-\d{2}-\d{2}$",  # the engine knows a year 0, Python and users do not
    "integer": r"^-?\d{1,18}$",
    "year": r"^\d{4}$",
    "number": r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$",
}
_WHERE, _UNTRUE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


def _from_text(column: ir.Column, field: Field) -> ir.Column:
    """Parse text by the pattern of the type; also for columns that only look typed."""
    text = column.cast("string")
    target = IBIS_TYPE[field.type]
    if field.type == "boolean":
        return ibis.cases(
            (text.isin(_WHERE), ibis.literal(True)),
            (text.isin(_UNTRUE), ibis.literal(False)),
            else_=ibis.null("boolean"),
        )
    return ibis.cases((text.re_search(_PATTERN[field.type]), text.try_cast(target)), else_=ibis.null(target))


def _date(column: ir.Column, field: Field) -> ir.Column:
    soort = column.type()
    if soort.is_date():
        return column
    if soort.is_timestamp() and soort.timezone is None:
        # Data frames store dates as timestamps; only midnight is a date. With a time zone the day
        # would depend on where the program runs.
        return ibis.cases((column == column.truncate("D"), column.cast("date")), else_=ibis.null("date"))
    return _from_text(column, field)


def _integer(column: ir.Column, field: Field) -> ir.Column:
    soort = column.type()
    if soort.is_integer():
        return column.try_cast("int64")
    if soort.is_floating() or soort.is_decimal():
        # Data frames store integers with gaps as floats; only whole numbers are integers.
        return ibis.cases((column % 1 == 0, column.try_cast("int64")), else_=ibis.null("int64"))
    return _from_text(column, field)


def _number(column: ir.Column, field: Field) -> ir.Column:
    getal = column.cast("float64") if column.type().is_numeric() else _from_text(column, field)
    return ibis.cases((getal.isnan() | getal.isinf(), ibis.null("float64")), else_=getal)


def _boolean(column: ir.Column, field: Field) -> ir.Column:
    return column if column.type().is_boolean() else _from_text(column, field)


def _string(column: ir.Column, field: Field) -> ir.Column:
    del field
    return cast(ir.Column, column.cast("string").nullif(""))


_READERS = {
    "string": _string,
    "date": _date,
    "integer": _integer,
    "year": _integer,
    "number": _number,
    "boolean": _boolean,
}


def parse(column: ir.Column, field: Field) -> ir.Column:
    """Return `column` as the type of `field`; null where the delivered value does not fit."""
    return _READERS[field.type](column, field)


def typed(raw: ir.Table, table: TableSchema) -> ir.Table:
    """Return the columns of the contract, typed; columns that were not delivered are null."""
    aanwezig = set(raw.columns)
    return raw.select(
        **{ROW: raw[ROW]},
        **{
            v.naam: parse(raw[v.naam], v) if v.naam in aanwezig else ibis.null(IBIS_TYPE[v.type])
            for v in table.fields
        },
    )

"""How a delivered column becomes a typed one: the single place where text turns into dates and numbers.

A value that cannot be parsed becomes null here and a finding in `checks/typen.py`; nothing is mended.
"""

from __future__ import annotations

from typing import cast

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.schema import Field, TableSchema

RIJ = "_rij"  # row number as read: first data row = 1; blank and unreadable lines are not counted
IBIS_TYPE = {
    "string": "string",
    "date": "date",
    "integer": "int64",
    "year": "int64",
    "number": "float64",
    "boolean": "boolean",
}
VERWACHT = {
    "string": "tekst",
    "date": "een bestaande datum als JJJJ-MM-DD",
    "integer": "een geheel getal",
    "year": "een jaartal in vier cijfers",
    "number": "een getal met een punt voor de decimalen",
    "boolean": "true of false",
}
_PATROON = {
    "date": r"^[1-9]\d{3}-\d{2}-\d{2}$",  # the engine knows a year 0, Python and users do not
    "integer": r"^-?\d{1,18}$",
    "year": r"^\d{4}$",
    "number": r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$",
}
_WAAR, _ONWAAR = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


def _from_text(kolom: ir.Column, veld: Field) -> ir.Column:
    """Parse text by the pattern of the type; also for columns that only look typed."""
    tekst = kolom.cast("string")
    doel = IBIS_TYPE[veld.type]
    if veld.type == "boolean":
        return ibis.cases(
            (tekst.isin(_WAAR), ibis.literal(True)),
            (tekst.isin(_ONWAAR), ibis.literal(False)),
            else_=ibis.null("boolean"),
        )
    return ibis.cases((tekst.re_search(_PATROON[veld.type]), tekst.try_cast(doel)), else_=ibis.null(doel))


def _date(kolom: ir.Column, veld: Field) -> ir.Column:
    soort = kolom.type()
    if soort.is_date():
        return kolom
    if soort.is_timestamp() and soort.timezone is None:
        # Data frames store dates as timestamps; only midnight is a date. With a time zone the day
        # would depend on where the program runs.
        return ibis.cases((kolom == kolom.truncate("D"), kolom.cast("date")), else_=ibis.null("date"))
    return _from_text(kolom, veld)


def _integer(kolom: ir.Column, veld: Field) -> ir.Column:
    soort = kolom.type()
    if soort.is_integer():
        return kolom.try_cast("int64")
    if soort.is_floating() or soort.is_decimal():
        # Data frames store integers with gaps as floats; only whole numbers are integers.
        return ibis.cases((kolom % 1 == 0, kolom.try_cast("int64")), else_=ibis.null("int64"))
    return _from_text(kolom, veld)


def _number(kolom: ir.Column, veld: Field) -> ir.Column:
    getal = kolom.cast("float64") if kolom.type().is_numeric() else _from_text(kolom, veld)
    return ibis.cases((getal.isnan() | getal.isinf(), ibis.null("float64")), else_=getal)


def _boolean(kolom: ir.Column, veld: Field) -> ir.Column:
    return kolom if kolom.type().is_boolean() else _from_text(kolom, veld)


def _string(kolom: ir.Column, veld: Field) -> ir.Column:
    del veld
    return cast(ir.Column, kolom.cast("string").nullif(""))


_LEZERS = {
    "string": _string,
    "date": _date,
    "integer": _integer,
    "year": _integer,
    "number": _number,
    "boolean": _boolean,
}


def parse(kolom: ir.Column, veld: Field) -> ir.Column:
    """Return `kolom` as the type of `veld`; null where the delivered value does not fit."""
    return _LEZERS[veld.type](kolom, veld)


def typed(ruw: ir.Table, tabel: TableSchema) -> ir.Table:
    """Return the columns of the contract, typed; columns that were not delivered are null."""
    aanwezig = set(ruw.columns)
    return ruw.select(
        **{RIJ: ruw[RIJ]},
        **{
            v.naam: parse(ruw[v.naam], v) if v.naam in aanwezig else ibis.null(IBIS_TYPE[v.type])
            for v in tabel.velden
        },
    )

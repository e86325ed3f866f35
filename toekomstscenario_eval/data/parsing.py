"""How a delivered column becomes a typed one: the single place where text turns into dates and numbers.

A value that cannot be parsed becomes null here and a finding in `checks/typen.py`; nothing is mended.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.schema import Field, TableSchema

RIJ = "_rij"  # row number as delivered: first data row = 1
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
    "date": r"^\d{4}-\d{2}-\d{2}$",
    "integer": r"^-?\d{1,18}$",
    "year": r"^\d{4}$",
    "number": r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$",
}
_WAAR, _ONWAAR = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


def parse(kolom: ir.Column, veld: Field) -> ir.Column:
    """Return `kolom` as the type of `veld`; null where the delivered value does not fit."""
    doel = IBIS_TYPE[veld.type]
    soort = kolom.type()
    if soort == ibis.dtype(doel) or (soort.is_integer() and doel == "int64"):
        return kolom.cast(doel)
    if soort.is_timestamp() and doel == "date":
        # Data frames store dates as timestamps; only midnight is a date.
        return ibis.cases((kolom == kolom.truncate("D"), kolom.cast("date")), else_=ibis.null("date"))
    if soort.is_floating() and doel == "int64":
        # Data frames store integers with gaps as floats; only whole numbers are integers.
        return ibis.cases((kolom == kolom.floor(), kolom.try_cast("int64")), else_=ibis.null("int64"))
    if soort.is_numeric() and doel == "float64":
        return kolom.cast("float64")
    tekst = kolom.cast("string")
    if veld.type == "string":
        return tekst.nullif("")
    if veld.type == "boolean":
        return ibis.cases(
            (tekst.isin(_WAAR), ibis.literal(True)),
            (tekst.isin(_ONWAAR), ibis.literal(False)),
            else_=ibis.null("boolean"),
        )
    passend = tekst.re_search(_PATROON[veld.type])
    return ibis.cases((passend, tekst.try_cast(doel)), else_=ibis.null(doel))


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

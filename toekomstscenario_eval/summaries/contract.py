"""What every indicator must keep, and where it is caught: in its worked examples and in every calculation.

- It reads what its card declares: `declared` hands out nothing else.
- Codes that it names exist in their list, and its unit rows have the columns of their kind: `check` tries
  the calculation on empty tables, with the parameters that are asked.
- Every unit row keeps the rules of its kind: `breach` says in the query itself which one is broken.

Breaking one is a fault of the indicator and not of the user or the data: an `IndicatorFout`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

from toekomstscenario_eval.data.code_use import code_list, field, unknown_codes
from toekomstscenario_eval.data.parsing import IBIS_TYPE
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import keeping
from toekomstscenario_eval.errors import IndicatorFout, did_you_mean
from toekomstscenario_eval.grids import POINT
from toekomstscenario_eval.types import Card, Kind, Venster, Vraag

Tables = Mapping[str, ir.Table]
Compute = Callable[[Tables, Vraag], ir.Table]
Rules = Callable[[ir.Table, Card], Mapping[str, ir.BooleanValue]]

_WHOLE, _TEXT, _GETAL = "int64", "string", "float64"
# Nothing is calculated: a window of which no day, nor one close to it, is in a query for another reason.
_TRIAL, _PEILDATUM, _NEAR = Venster(date(1880, 2, 3), date(2024, 6, 7)), date(2025, 1, 1), timedelta(days=60)
_WINDOWS = {"huishouden_id": "string", "venster_begin": "date", "venster_eind": "date"}
# In millionths of a point: a finer score than a thousandth of a point is none.
_FINEST = 1_000
_PART_OF_A_POINT = (
    "een heel deel van een punt, in miljoensten: van 1.000 tot en met 1.000.000",
    lambda stap: stap >= _FINEST and POINT % stap == 0,
)
_REMEDY = "Dit is een fout in de indicator, niet in uw gegevens: meld hem bij wie de indicator beheert."


@dataclass(frozen=True)
class RowContract:
    """The columns of a unit row of one kind with their type, and what holds for every row that counts.

    `stap` says in words which steps a card of the kind may have, and whether a step is one of them.
    """

    kolommen: Mapping[str, str]
    regels: Rules
    stap: tuple[str, Callable[[int], bool]] = ("1", lambda stap: stap == 1)


def _filled(row: ir.Table, *columns: str) -> ir.BooleanValue:
    return ibis.and_(*(row[k].notnull() for k in columns))


def _finite(column: ir.FloatingValue) -> ir.BooleanValue:
    return ~(column.isnan() | column.isinf())


ROWS: Mapping[Kind, RowContract] = {
    Kind.AANDEEL: RowContract(
        {"teller": _WHOLE, "noemer": _WHOLE},
        lambda r, _: {"0 <= teller <= noemer": (r.teller >= 0) & (r.teller <= r.noemer)},
        ("1, of 30 als er dagen worden geteld", lambda stap: stap in (1, 30)),
    ),
    Kind.AANTAL: RowContract(
        {"aantal": _WHOLE, "blootstelling": _WHOLE},
        lambda r, _: {"aantal >= 0": r.aantal >= 0, "blootstelling > 0": r.blootstelling > 0},
    ),
    Kind.DUUR: RowContract(
        {"instroom": _WHOLE, "duur": _WHOLE, "einde": _WHOLE},
        lambda r, card: {
            # On the day of entry nobody is at risk yet; who is followed from day 0 may end that day.
            "0 <= instroom < duur, of beide 0": (r.instroom >= 0)
            & ((r.instroom < r.duur) | ((r.instroom == 0) & (r.duur == 0))),
            "einde is 0 of een oorzaak van de kaart": r.einde.isin((0, *(card.oorzaken or (1,)))),
        },
    ),
    Kind.HERHAALD: RowContract(
        {"dag": _WHOLE, "soort": _WHOLE},
        lambda r, _: {"dag >= 0": r.dag >= 0, "soort is -1, 0 of 1": r.soort.isin((-1, 0, 1))},
    ),
    Kind.SCORE: RowContract(
        {"voor": _GETAL, "waarde": _GETAL},
        lambda r, _: {
            "voor is leeg of een getal": r.voor.isnull() | _finite(r.voor),
            "waarde is een getal": _finite(r.waarde),
        },
        _PART_OF_A_POINT,
    ),
    Kind.MATRIX: RowContract(
        {"eenheid": _TEXT, "item": _TEXT, "waarde": _GETAL},
        lambda r, _: {
            "eenheid en item zijn gevuld": _filled(r, "eenheid", "item"),
            "waarde is een getal": _finite(r.waarde),
        },
        _PART_OF_A_POINT,
    ),
    Kind.NETWERK: RowContract(
        {"actor": _TEXT, "organisatie": _TEXT, "soort": _TEXT},
        lambda r, _: {"actor, organisatie en soort zijn gevuld": _filled(r, "actor", "organisatie", "soort")},
    ),
    Kind.KENMERK: RowContract(
        {"kenmerk": _TEXT},
        # Who has no characteristic of the card still counts, in a row without one.
        lambda r, card: {
            "kenmerk is leeg of een maat van de kaart": r.kenmerk.isnull() | r.kenmerk.isin(list(card.maten))
        },
    ),
    Kind.TELLING: RowContract({}, lambda *_: {}),  # counts about the data themselves, without unit rows
}
_ALWAYS = {"huishouden_id": _TEXT, "uitsluiting": _TEXT}


class _Declared(dict[str, ir.Table]):
    """Tables of which another than these is an error that says so."""

    naam = ""

    def __missing__(self, table: str) -> ir.Table:
        raise _fault(self.naam, f"leest de tabel {table}, die niet op haar kaart staat")


def declared(naam: str, tables: Tables, card: Card) -> Tables:
    """Return the tables that the card of indicator `naam` declares, with the columns it declares only."""
    lacking = {table: _no_rows(table) for table in card.facultatief if table not in tables}
    every = {**lacking, **tables}
    out = _Declared({table: every[table].select(*columns) for table, columns in card.leest.items()})
    out.naam = naam
    return out


@cache
def _no_rows(table: str) -> ir.Table:
    """Return a table of the contract that was not delivered and may be lacking: its columns, and no rows."""
    schema = ibis.schema({v.naam: IBIS_TYPE[v.type] for v in load_schema().tabellen[table].fields})
    return ibis.memtable(schema.to_pyarrow().empty_table(), schema=schema)


def check(naam: str, card: Card, compute: Compute, params: Mapping[str, Any]) -> None:
    """Try the calculation of indicator `naam` on tables without rows, with these parameters.

    Raises
    ------
    IndicatorFout
        When the card names what the contract of the data does not know, or the calculation reads what the
        card does not declare, names a code that does not exist, returns other columns than its kind has, or
        reads another window than that of the household itself.
    """
    _check_card(naam, card)
    empty = {
        table: ibis.table({v.naam: IBIS_TYPE[v.type] for v in load_schema().tabellen[table].fields}, table)
        for table in card.leest
    }
    # Each household has a window of its own, as in a phase.
    vraag = Vraag(_TRIAL, _PEILDATUM, params, ibis.table(_WINDOWS, "vensters"))
    # A step that is kept would be calculated.
    with keeping(lambda stap: stap):
        try:
            rows = compute(declared(naam, empty, card), vraag)
        except (IbisError, AttributeError) as fout:
            raise _unreadable(naam, card, str(fout)) from fout
    for u in unknown_codes(rows):
        raise _unknown_code(naam, u.tabel, u.kolom, u.code)
    needed = {**_ALWAYS, **ROWS[card.kind].kolommen}
    otherwise = [
        k for k, soort in needed.items() if k not in rows.columns or rows[k].type() != dt.dtype(soort)
    ]
    if otherwise:
        expected = ", ".join(f"{k} ({needed[k]})" for k in otherwise)
        got = ", ".join(f"{k} ({soort})" for k, soort in rows.schema().items())
        raise _fault(naam, f"geeft geen rijen van de soort {card.kind.value}", expected=expected, got=got)
    if _names_the_window(rows):
        raise _fault(
            naam,
            "leest vraag.venster of vraag.grens zelf, en telt in een fase dagen mee die er niet bij horen",
            expected="venster_begin en grens van data.spells.with_window, of van en tot van present",
        )


def _names_the_window(rows: ir.Table) -> bool:
    """Whether a day of the window for all is in a query in which each household has its own."""
    days = [literal.value for literal in rows.op().find(ops.Literal) if isinstance(literal.value, date)]
    return any(abs(day - edge) < _NEAR for day in days for edge in (_TRIAL.begin, _TRIAL.eind))


def _check_card(naam: str, card: Card) -> None:
    if not ROWS[card.kind].kolommen:
        raise _fault(naam, f"is van de soort {card.kind.value}, en die heeft geen rijen om samen te vatten")
    steps, fits = ROWS[card.kind].stap
    if not fits(card.stap):
        what = f"heeft een stap op haar kaart die niet past bij de soort {card.kind.value}"
        raise _fault(naam, what, expected=steps, got=str(card.stap))
    schema = load_schema().tabellen
    for table, columns in card.leest.items():
        if table not in schema:
            raise _fault(naam, f"vraagt de tabel {table}, die niet bestaat", schema, table)
        fields = [v.naam for v in schema[table].fields]
        for column in columns:
            if column not in fields:
                raise _fault(naam, f"vraagt de kolom {table}.{column}, die niet bestaat", fields, column)
    for (table, column), codes in card.komt_voor.items():
        if column not in card.tabellen.get(table, ()):
            raise _fault(naam, f"vraagt codes van de kolom {table}.{column}, die niet op haar kaart staat")
        for code in codes:
            if code not in code_list(table, column):
                raise _unknown_code(naam, table, column, code)


def _unreadable(naam: str, card: Card, melding: str) -> IndicatorFout:
    """Return what is wrong with a calculation that the empty tables do not fit."""
    named = re.findall(r"'(\w+)'", melding)
    for word in named:
        for table, columns in card.leest.items():
            if word not in columns and field(table, word):
                return _fault(naam, f"leest de kolom {table}.{word}, die niet op haar kaart staat")
    return _fault(naam, "kan niet worden berekend met de tabellen van haar kaart", got=melding)


def _unknown_code(naam: str, table: str, column: str, code: str) -> IndicatorFout:
    what = f"noemt de code '{code}', die niet in de codelijst van {table}.{column} staat"
    return _fault(naam, what, code_list(table, column), code)


def _fault(
    naam: str, what: str, possible: Iterable[str] = (), word: str = "", *, expected: str = "", got: str = ""
) -> IndicatorFout:
    """Return the error; with the nearest of what is possible when a word was not."""
    hint = f"{did_you_mean(word, possible)} " if word else ""
    return IndicatorFout(
        f"de indicator {naam} {what}", verwacht=expected, kreeg=got, herstel=f"{hint}{_REMEDY}"
    )


def breach(rows: ir.Table, card: Card) -> ir.StringValue:
    """Return for each unit row a rule of its kind that it breaks; null when it keeps them all."""
    counts = rows.uitsluiting.isnull()
    lines = ROWS[card.kind].regels(rows, card)
    fout = [(counts & ~good.fill_null(False), ibis.literal(line)) for line, good in lines.items()]
    return cast(ir.StringValue, ibis.cases(*fout, else_=ibis.null("string")))


def demand(naam: str, breaches: Iterable[object]) -> None:
    """Raise IndicatorFout on the first rule in `breaches`, what `breach` returned of the rows of `naam`."""
    for line in breaches:
        if isinstance(line, str):
            raise _fault(naam, "geeft een rij die haar eigen regel breekt", expected=line)

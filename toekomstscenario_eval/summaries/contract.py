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
from datetime import date
from typing import Any, cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

from toekomstscenario_eval.data.code_use import code_list, field, unknown_codes
from toekomstscenario_eval.data.parsing import IBIS_TYPE
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import keeping
from toekomstscenario_eval.errors import IndicatorFout, bedoelt_u
from toekomstscenario_eval.types import Card, Kind, Venster, Vraag

Tables = Mapping[str, ir.Table]
Compute = Callable[[Tables, Vraag], ir.Table]
Rules = Callable[[ir.Table, Card], Mapping[str, ir.BooleanValue]]

_GEHEEL, _TEKST, _GETAL = "int64", "string", "float64"
# Any window will do: nothing is calculated.
_PROEF = Venster(date(2024, 1, 1), date(2025, 1, 1))
_HERSTEL = "Dit is een fout in de indicator, niet in uw gegevens: meld hem bij wie de indicator beheert."


@dataclass(frozen=True)
class RowContract:
    """The columns of a unit row of one kind with their type, and what holds for every row that counts."""

    kolommen: Mapping[str, str]
    regels: Rules


def _filled(rij: ir.Table, *kolommen: str) -> ir.BooleanValue:
    return ibis.and_(*(rij[k].notnull() for k in kolommen))


def _finite(kolom: ir.FloatingValue) -> ir.BooleanValue:
    return ~(kolom.isnan() | kolom.isinf())


ROWS: Mapping[Kind, RowContract] = {
    Kind.AANDEEL: RowContract(
        {"teller": _GEHEEL, "noemer": _GEHEEL},
        lambda r, _: {"0 <= teller <= noemer": (r.teller >= 0) & (r.teller <= r.noemer)},
    ),
    Kind.AANTAL: RowContract(
        {"aantal": _GEHEEL, "blootstelling": _GEHEEL},
        lambda r, _: {"aantal >= 0": r.aantal >= 0, "blootstelling > 0": r.blootstelling > 0},
    ),
    Kind.DUUR: RowContract(
        {"instroom": _GEHEEL, "duur": _GEHEEL, "einde": _GEHEEL},
        lambda r, kaart: {
            "0 <= instroom <= duur": (r.instroom >= 0) & (r.instroom <= r.duur),
            "einde is 0 of een oorzaak van de kaart": r.einde.isin((0, *(kaart.oorzaken or (1,)))),
        },
    ),
    Kind.HERHAALD: RowContract(
        {"dag": _GEHEEL, "soort": _GEHEEL},
        lambda r, _: {"dag >= 0": r.dag >= 0, "soort is -1, 0 of 1": r.soort.isin((-1, 0, 1))},
    ),
    Kind.SCORE: RowContract(
        {"voor": _GETAL, "waarde": _GETAL},
        lambda r, _: {
            "voor is leeg of een getal": r.voor.isnull() | _finite(r.voor),
            "waarde is een getal": _finite(r.waarde),
        },
    ),
    Kind.MATRIX: RowContract(
        {"eenheid": _TEKST, "item": _TEKST, "waarde": _GETAL},
        lambda r, _: {
            "eenheid en item zijn gevuld": _filled(r, "eenheid", "item"),
            "waarde is een getal": _finite(r.waarde),
        },
    ),
    Kind.NETWERK: RowContract(
        {"actor": _TEKST, "organisatie": _TEKST, "soort": _TEKST},
        lambda r, _: {"actor, organisatie en soort zijn gevuld": _filled(r, "actor", "organisatie", "soort")},
    ),
    Kind.TELLING: RowContract({}, lambda *_: {}),  # counts about the data themselves, without unit rows
}
_ALTIJD = {"huishouden_id": _TEKST, "uitsluiting": _TEKST}


class _Declared(dict[str, ir.Table]):
    """Tables of which another than these is an error that says so."""

    naam = ""

    def __missing__(self, tabel: str) -> ir.Table:
        raise _fault(self.naam, f"leest de tabel {tabel}, die niet op haar kaart staat")


def declared(naam: str, tabellen: Tables, kaart: Card) -> Tables:
    """Return the tables that the card of indicator `naam` declares, with the columns it declares only."""
    uit = _Declared({tabel: tabellen[tabel].select(*kolommen) for tabel, kolommen in kaart.tabellen.items()})
    uit.naam = naam
    return uit


def check(naam: str, kaart: Card, compute: Compute, params: Mapping[str, Any]) -> None:
    """Try the calculation of indicator `naam` on tables without rows, with these parameters.

    Raises
    ------
    IndicatorFout
        When the card names what the contract of the data does not know, or the calculation reads what the
        card does not declare, names a code that does not exist, or returns other columns than its kind has.
    """
    _check_card(naam, kaart)
    leeg = {
        tabel: ibis.table({v.naam: IBIS_TYPE[v.type] for v in load_schema().tabellen[tabel].velden}, tabel)
        for tabel in kaart.tabellen
    }
    # A step that is kept would be calculated.
    with keeping(lambda stap: stap):
        try:
            rijen = compute(declared(naam, leeg, kaart), Vraag(_PROEF, _PROEF.eind, params))
        except (IbisError, AttributeError) as fout:
            raise _unreadable(naam, kaart, str(fout)) from fout
    for u in unknown_codes(rijen):
        raise _unknown_code(naam, u.tabel, u.kolom, u.code)
    nodig = {**_ALTIJD, **ROWS[kaart.kind].kolommen}
    anders = [k for k, soort in nodig.items() if k not in rijen.columns or rijen[k].type() != dt.dtype(soort)]
    if anders:
        verwacht = ", ".join(f"{k} ({nodig[k]})" for k in anders)
        kreeg = ", ".join(f"{k} ({soort})" for k, soort in rijen.schema().items())
        raise _fault(
            naam, f"geeft geen rijen van de soort {kaart.kind.value}", verwacht=verwacht, kreeg=kreeg
        )


def _check_card(naam: str, kaart: Card) -> None:
    if not ROWS[kaart.kind].kolommen:
        raise _fault(naam, f"is van de soort {kaart.kind.value}, en die heeft geen rijen om samen te vatten")
    schema = load_schema().tabellen
    for tabel, kolommen in kaart.tabellen.items():
        if tabel not in schema:
            raise _fault(naam, f"vraagt de tabel {tabel}, die niet bestaat", schema, tabel)
        velden = [v.naam for v in schema[tabel].velden]
        for kolom in kolommen:
            if kolom not in velden:
                raise _fault(naam, f"vraagt de kolom {tabel}.{kolom}, die niet bestaat", velden, kolom)
    for (tabel, kolom), codes in kaart.komt_voor.items():
        if kolom not in kaart.tabellen.get(tabel, ()):
            raise _fault(naam, f"vraagt codes van de kolom {tabel}.{kolom}, die niet op haar kaart staat")
        for code in codes:
            if code not in code_list(tabel, kolom):
                raise _unknown_code(naam, tabel, kolom, code)


def _unreadable(naam: str, kaart: Card, melding: str) -> IndicatorFout:
    """Return what is wrong with a calculation that the empty tables do not fit."""
    genoemd = re.findall(r"'(\w+)'", melding)
    for woord in genoemd:
        for tabel, kolommen in kaart.tabellen.items():
            if woord not in kolommen and field(tabel, woord):
                return _fault(naam, f"leest de kolom {tabel}.{woord}, die niet op haar kaart staat")
    return _fault(naam, "kan niet worden berekend met de tabellen van haar kaart", kreeg=melding)


def _unknown_code(naam: str, tabel: str, kolom: str, code: str) -> IndicatorFout:
    wat = f"noemt de code '{code}', die niet in de codelijst van {tabel}.{kolom} staat"
    return _fault(naam, wat, code_list(tabel, kolom), code)


def _fault(
    naam: str, wat: str, mogelijk: Iterable[str] = (), woord: str = "", *, verwacht: str = "", kreeg: str = ""
) -> IndicatorFout:
    """Return the error; with the nearest of what is possible when a word was not."""
    hint = f"{bedoelt_u(woord, mogelijk)} " if woord else ""
    return IndicatorFout(
        f"de indicator {naam} {wat}", verwacht=verwacht, kreeg=kreeg, herstel=f"{hint}{_HERSTEL}"
    )


def breach(rijen: ir.Table, kaart: Card) -> ir.StringValue:
    """Return for each unit row a rule of its kind that it breaks; null when it keeps them all."""
    telt = rijen.uitsluiting.isnull()
    regels = ROWS[kaart.kind].regels(rijen, kaart)
    fout = [(telt & ~goed.fill_null(False), ibis.literal(regel)) for regel, goed in regels.items()]
    return cast(ir.StringValue, ibis.cases(*fout, else_=ibis.null("string")))


def demand(naam: str, breuken: Iterable[object]) -> None:
    """Raise IndicatorFout on the first rule in `breuken`, what `breach` returned of the rows of `naam`."""
    for regel in breuken:
        if isinstance(regel, str):
            raise _fault(naam, "geeft een rij die haar eigen regel breekt", verwacht=regel)

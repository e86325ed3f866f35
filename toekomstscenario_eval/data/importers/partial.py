"""Dates of which the day or the month is unknown: between which days they lie, and what that can change.

The value in the package is the middle (or what the mapping says). Beside it the report says how far each of
them may be off, and between which totals the days in spells lie whatever the real dates were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

if TYPE_CHECKING:
    from toekomstscenario_eval.data.importers.mapping_model import TableMapping
    from toekomstscenario_eval.data.importers.values import Rows

# A date with day 00, or with month and day 00.
PATTERN = r"^(?:19|20)\d{2}-(?:00-00|(?:0[1-9]|1[0-2])-00)$"
_UNKNOWN_MONTH = "00"


@dataclass(frozen=True)
class PartialDates:
    """What partial dates may change in one table.

    Attributes
    ----------
    aantal : int
        Rows with at least one partial begin or end.
    grootste : int
        The largest number of days that one date may be off.
    som_dagen : int
        The days that all of them together may be off.
    dagen, minimum, maximum : int
        Days in ended spells: as in the package, and the least and most that they may be.
    """

    tabel: str
    aantal: int
    grootste: int
    som_dagen: int
    dagen: int
    minimum: int
    maximum: int

    def __str__(self) -> str:
        return (
            f"{self.aantal} {'rij' if self.aantal == 1 else 'rijen'} in {self.tabel}; "
            f"een datum scheelt hoogstens {self.grootste} dagen, samen hoogstens {self.som_dagen}; "
            f"afgelopen perioden duren samen {self.dagen} dagen, en ten minste {self.minimum} en ten hoogste "
            f"{self.maximum}"
        )


def spread(iso: Any) -> dict[str, Any]:
    """Return the first, the middle and the last day that a partial date (JJJJ-MM-00, JJJJ-00-00) may be."""
    whole_year = iso.substr(5, 2) == _UNKNOWN_MONTH
    year, month = iso.left(4), iso.left(8)

    def either(of_year: str, of_month: str) -> Any:
        return ibis.ifelse(whole_year, year + ibis.literal(of_year), month + ibis.literal(of_month)).try_cast(
            "date"
        )

    first = either("-01-01", "01")
    until = ibis.ifelse(whole_year, first + ibis.interval(years=1), first + ibis.interval(months=1)).cast(
        "date"
    )
    return {
        "begin": first,
        "midden": either("-07-01", "15"),
        "eind": (until - ibis.interval(days=1)).cast("date"),
    }


def effects(rows: Rows) -> tuple[PartialDates, ...]:
    """Return what partial dates may change in each table with spells; only tables that have them."""
    found = [_effect(rows, t) for t in rows.mapping.tabellen if t.periode is not None]
    return tuple(f for f in found if f is not None and f.aantal)


def _effect(rows: Rows, table: TableMapping) -> PartialDates | None:
    periode = table.periode
    if periode is None:
        return None
    columns = [k for k in dict.fromkeys((*periode.van, *periode.tot)) if rows.has_bounds(k)]
    if not columns:
        return None
    chosen = rows.tabel.filter(rows.selected(table))
    rows = type(rows)(chosen, rows.mapping)
    off = [_off(rows, k) for k in columns]
    begins = [rows.bounds(k) for k in periode.van]
    ends = [rows.bounds(k) for k in periode.tot]
    first = [ibis.least(*(b[i] for b in begins)) for i in (0, 1)]
    last = [ibis.greatest(*(e[i] for e in ends)) for i in (0, 1)]
    whole = rows.last_day(table).delta(rows.first_day(table), unit="day")
    measured = chosen.select(
        partial=ibis.or_(*(o > 0 for o in off)),
        largest=ibis.greatest(*off) if len(off) > 1 else off[0],
        total=sum(off[1:], off[0]),
        days=whole,
        # An end never lies before its begin, wherever in their months the two are.
        low=ibis.greatest(last[0].delta(first[1], unit="day"), ibis.least(whole, 0)),
        high=last[1].delta(first[0], unit="day"),
    )
    out = measured.aggregate(
        aantal=measured.partial.sum(),
        grootste=measured.largest.max(),
        som_dagen=measured.total.sum(),
        dagen=measured.days.sum(),
        minimum=measured.low.sum(),
        maximum=measured.high.sum(),
    )
    return PartialDates(table.naam, **{k: int(v or 0) for k, v in out.to_pyarrow().to_pylist()[0].items()})


def _off(rows: Rows, column: str) -> ir.IntegerValue:
    """Return how many days a date may be off: the farther of its first and last possible day."""
    low, high = rows.bounds(column)
    here = rows.day(column).waarde
    return ibis.greatest(here.delta(low, unit="day"), high.delta(here, unit="day")).fill_null(0)

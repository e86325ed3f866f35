"""Moments written in UTC: which day it was in the Netherlands.

A system that stores midnight as UTC writes 22:00 or 23:00 of the day before: every date a day early. Whether
the written day or the Dutch one counts cannot be seen in a file, so where most moments look like that the
mapping has to say which.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.importers.mapping_model import AMSTERDAM, AS_WRITTEN, SourceColumn
from toekomstscenario_eval.errors import InvoerFout

# A time of which the zone is UTC: hours, and what follows them.
_UNIVERSAL = r"[ T](\d{1,2}):(\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?(?:Z|[+-]00(?::?00)?)$"
_MIDNIGHT = r"^00(?::00(?:[.,]0+)?)?$"
_SUMMER, _WINTER = 22, 23  # hours at which a Dutch day begins in UTC


def dutch_day(words: ir.StringValue, written: ir.DateValue, how: SourceColumn) -> Any:
    """Return the day of a moment: as written, or in Amsterdam when the column says so."""
    if how.tijdzone != AMSTERDAM:
        return written
    hour = words.re_extract(_UNIVERSAL, 1).try_cast("int64")
    begun = hour >= ibis.ifelse(_is_summer(written), _SUMMER, _WINTER)
    following = (written + ibis.interval(days=1)).cast("date")
    return ibis.ifelse((words.re_search(_UNIVERSAL) & begun).fill_null(False), following, written)


def _is_summer(day: ir.DateValue) -> ir.BooleanValue:
    """Return whether the clock is two hours ahead of UTC late on this day: EU summer time, since 1996."""
    month, number = day.month(), day.day()
    spring = (month == 3) & (number >= _last_sunday(day.year(), 3))
    autumn = (month == 10) & (number < _last_sunday(day.year(), 10))
    return ibis.or_(month.between(4, 9), spring, autumn)


def _last_sunday(year: ir.IntegerValue, month: int) -> ir.IntegerValue:
    """Return the day of the last Sunday of a month of 31 days."""
    weekday = ibis.date(year.cast("int32"), month, 31).day_of_week.index()
    return 31 - (weekday + 1) % 7


def refuse_unsaid(words: ir.Column, how: SourceColumn) -> None:
    """Refuse a column of which most moments in UTC are Dutch midnights, until it says what counts.

    Raises
    ------
    InvoerFout
        With the column and what to add to the mapping; never with a value.
    """
    if how.tijdzone:
        return
    table = words.name("w").as_table()
    universal = table.w.re_search(_UNIVERSAL)
    midnight = table.w.re_extract(_UNIVERSAL, 1).isin((str(_SUMMER), str(_WINTER))) & table.w.re_extract(
        _UNIVERSAL, 2
    ).re_search(_MIDNIGHT)
    counted = table.aggregate(universal=universal.sum(), dutch=(universal & midnight).sum())
    found = counted.to_pyarrow().to_pylist()[0]
    every, dutch = found["universal"] or 0, found["dutch"] or 0
    if 2 * dutch > every:
        told = (
            "elke tijd in deze kolom is"
            if dutch == every
            else f"{dutch} van de {every} tijden in deze kolom zijn"
        )
        raise InvoerFout(
            f"{told} 22:00 of 23:00 in UTC: in Nederland is het dan al de volgende dag",
            waar=f"kolom '{how.naam}' van de bron",
            verwacht=f"bij bron > kolommen > {how.naam}: 'tijdzone: {AMSTERDAM}' (de Nederlandse dag telt) "
            f"of 'tijdzone: {AS_WRITTEN}' (de dag telt zoals hij er staat)",
            herstel="voeg een van deze regels toe; is middernacht bedoeld, kies dan de eerste",
        )

"""Ends after the peildatum: what was planned then, and no end yet.

A registration holds the date on which a measure or an involvement is meant to end. On the peildatum that
has not happened. With `niet_na_peildatum: open` such a spell runs on; how many rows that were is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from toekomstscenario_eval.data.importers.mapping_model import NOT_AFTER, OPEN, ImportMapping, Period
from toekomstscenario_eval.data.importers.package_info import LAST_EVENT
from toekomstscenario_eval.errors import InvoerFout

if TYPE_CHECKING:
    from toekomstscenario_eval.data.importers.values import Rows


def refuse_unknown_day(mapping: ImportMapping) -> None:
    """Refuse to read ends after a peildatum that follows from those same ends."""
    for table in mapping.tabellen:
        if (
            table.periode is not None
            and table.periode.planned is not None
            and mapping.pakket.peildatum is None
        ):
            raise InvoerFout(
                f"met '{NOT_AFTER}: {OPEN}' moet de peildatum bekend zijn",
                waar=str(table.periode.planned),
                verwacht="bij pakket > peildatum een datum (JJJJ-MM-DD)",
                kreeg=f"peildatum: {LAST_EVENT}",
                herstel="vul de dag in waarop de export is gemaakt: een gepland eind is geen gebeurtenis",
            )


def is_planned(last: Any, periode: Period, mapping: ImportMapping) -> Any:
    """Return whether the spell with this last day ends after the peildatum, where that makes it a plan."""
    day = mapping.pakket.peildatum
    if periode.planned is None or day is None:
        return ibis.literal(False)
    # A last day that counts ends the day after.
    after = last >= ibis.literal(day) if periode.laatste_dag_telt_mee else last > ibis.literal(day)
    return after.fill_null(False)


def count_planned(rows: Rows) -> dict[str, int]:
    """Count the usable rows of each table whose planned end was read as still running."""
    out = {}
    for table in rows.mapping.tabellen:
        if table.periode is not None and table.periode.planned is not None:
            last = rows.written_last_day(table.periode)
            chosen = rows.selected(table) & is_planned(last, table.periode, rows.mapping)
            out[table.naam] = int(rows.tabel.filter(chosen).count().execute())
    return out

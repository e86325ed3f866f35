"""Cut a package at a day: what it would have held had it been delivered then.

What began on that day or later is not in, and what ended later is still running. Corrections made since
cannot be told from what was known then, and stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.types import Venster

_MOMENTS = ("begin", "datum")
# What is told of an end goes with it.
_OF_THE_END = ("reden_einde",)


def cut(package: Package, day: date) -> Package:
    """Return the package as it was on `day`, its peildatum; itself when that is its peildatum.

    Raises
    ------
    GebruikFout
        When the window had not begun by then.
    """
    if day == package.peildatum:
        return package
    if day <= package.venster.begin:
        raise GebruikFout(
            "er is nog niets openbaar te maken",
            waar="'waarneemvenster' in datapackage.json",
            verwacht=f"een waarneemvenster dat voor {day:%Y-%m-%d} begon",
            kreeg=f"begin {package.venster.begin:%Y-%m-%d}",
            herstel="openbare cijfers gaan over hele tijdvakken; werk tot het volgende binnen, met --intern",
        )
    tables = {naam: _until(table, day) for naam, table in package.tabellen.items()}
    venster = Venster(package.venster.begin, min(package.venster.eind, day))
    return replace(package, tabellen=tables, peildatum=day, venster=venster, memory={})


def _until(table: ir.Table, day: date) -> ir.Table:
    began = [table[k].isnull() | (table[k] < day) for k in _MOMENTS if k in table.columns]
    out = table.filter(*began) if began else table
    if "eind" not in out.columns:
        return out
    known = out.eind <= day
    later = {k: ibis.cases((known, out[k])) for k in ("eind", *_OF_THE_END) if k in out.columns}
    return out.mutate(**later)


def moved(tables: Mapping[str, ir.Table], since: date, until: date) -> ir.Table:
    """Return `huishouden_id` of every household with a dated event in `[since, until)`, each once."""
    pieces = []
    for naam, table in tables.items():
        for column in (*_MOMENTS, "eind"):
            if column in table.columns and (owner := with_household(tables, naam)) is not None:
                # An end is known from the day on that it names: the last day of the spell is the day before.
                hit = owner.filter(owner[column] >= since, owner[column] < until)
                pieces.append(hit.select("huishouden_id"))
    together = reduce(lambda a, b: a.union(b), pieces)
    return together.filter(together.huishouden_id.notnull()).distinct()


def with_household(tables: Mapping[str, ir.Table], naam: str) -> ir.Table | None:
    """Return a table with the household of each row; None when its rows belong to none."""
    table = tables[naam]
    if "huishouden_id" in table.columns:
        return table
    for key, other in (("persoon_id", "persoon"), ("overleg_id", "overleg")):
        if key in table.columns and other in tables:
            return table.join(tables[other].select(key, "huishouden_id"), key)
    return None

"""What one household brings to an indicator, to see how many households two definitions differ on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.spells import keeping
from toekomstscenario_eval.summaries.breakdowns import Cells
from toekomstscenario_eval.summaries.kinds import CELL, whole
from toekomstscenario_eval.summaries.phases import unit_rows
from toekomstscenario_eval.summaries.registry import Indicator
from toekomstscenario_eval.types import Kind, Vraag

_BESIDE = "ander_"
# Squares of answers are told apart to a thousandth.
_SQUARE = 1_000


def _share(r: ir.Table) -> dict[str, ir.Value]:
    return {"a": r.teller.sum(), "b": r.noemer.sum()}


def _count(r: ir.Table) -> dict[str, ir.Value]:
    return {"a": r.aantal.sum(), "b": (r.aantal * r.aantal).sum(), "c": r.blootstelling.sum(), "d": r.count()}


def _duration(r: ir.Table) -> dict[str, ir.Value]:
    # Sums that two different sets of spells hardly ever share.
    ended = (r.duur * (r.einde + 1)).sum()
    return {"a": r.instroom.sum(), "b": (r.duur * r.duur).sum(), "c": ended, "d": r.count()}


def _recurrent(r: ir.Table) -> dict[str, ir.Value]:
    # Entry, end and event count differently, so that no two sets of days agree for another reason.
    what = r.dag * (r.soort + 2)
    return {"a": what.sum(), "b": (what * what).sum(), "c": (r.soort + 2).sum(), "d": r.count()}


def _score(r: ir.Table) -> dict[str, ir.Value]:
    # A value that is not there is another than 0.
    v, w = whole(r.voor), whole(r.waarde)
    return {"a": w.sum(), "b": v.sum().fill_null(0), "c": v.count(), "d": r.count()}


def _items(r: ir.Table) -> dict[str, ir.Value]:
    # The first and the last item: two that change places leave the sums as they are.
    w = whole(r.waarde)
    squares = (r.waarde * r.waarde * _SQUARE).round().cast("int64").sum()
    return {"a": w.sum(), "b": squares, "c": w.argmin(r.item), "d": w.argmax(r.item), "e": r.count()}


def _ties(r: ir.Table) -> dict[str, ir.Value]:
    # One row per tie: another reading adds ties or takes them away.
    distinct = {k: r[naam].nunique() for k, naam in (("a", "actor"), ("b", "organisatie"), ("c", "soort"))}
    return {**distinct, "d": r.count()}


def _characteristics(r: ir.Table) -> dict[str, ir.Value]:
    return {"a": r.kenmerk.group_concat("|", order_by=r.kenmerk)}


# What tells the answers of a household apart; None where there are no public cells to compare.
ANSWERS: Mapping[Kind, Callable[[ir.Table], dict[str, ir.Value]] | None] = {
    Kind.AANDEEL: _share,
    Kind.AANTAL: _count,
    Kind.DUUR: _duration,
    Kind.HERHAALD: _recurrent,
    Kind.SCORE: _score,
    Kind.MATRIX: _items,
    Kind.NETWERK: _ties,
    Kind.KENMERK: _characteristics,
    Kind.TELLING: None,
}


def answers(package: Package, indicator: Indicator, vraag: Vraag, phase: str = "") -> ir.Table | None:
    """Return a row per household that counts, with what it brings; None for a kind without cells."""
    if ANSWERS[indicator.card.kind] is None:
        return None
    with keeping(package.once):
        return of_rows(unit_rows(package, indicator, vraag, phase), indicator.card.kind)


def of_rows(rows: ir.Table, kind: Kind) -> ir.Table | None:
    """Return the same of unit rows."""
    tells = ANSWERS[kind]
    if tells is None:
        return None
    counted = rows.filter(rows.uitsluiting.isnull())
    per = counted.group_by("huishouden_id").agg(**tells(counted))
    return per.cast({k: "int64" for k in per.columns if per[k].type().is_numeric()}).cache()


def distances(
    package: Package, one: ir.Table, other: ir.Table, fields: Sequence[str], phase: str = ""
) -> pd.DataFrame:
    """Return how many households of each place two definitions differ on: `uitsplitsing`, `groep`, `n`.

    `phase` is the population of which the places are; see `phases`.
    """
    values = [k for k in one.columns if k != "huishouden_id"]
    beside = other.rename({_BESIDE + k: k for k in other.columns})
    both = one.outer_join(beside, one.huishouden_id == beside[f"{_BESIDE}huishouden_id"])
    equal = ibis.and_(*(both[k].identical_to(both[_BESIDE + k]) for k in values))
    differs = both.filter(~equal).select(
        huishouden_id=ibis.coalesce(both.huishouden_id, both[f"{_BESIDE}huishouden_id"])
    )
    cells = Cells.of(package, fields, phase)
    at = differs.join(cells.huishoudens, "huishouden_id")
    found = cast(pd.DataFrame, at.group_by(CELL).agg(n=at.count()).execute())
    pieces = []
    for field in ("", *fields):
        groups = found[CELL].map(cells.groups_by(field))
        pieces.append(
            found["n"].groupby(groups).sum().rename_axis("groep").reset_index().assign(uitsplitsing=field)
        )
    return pd.concat(pieces, ignore_index=True)[["uitsplitsing", "groep", "n"]]

"""Counts of households with the sum of their record keys, per kind: what protection draws from.

A cell counts households "with at least k" of something, so that a sum over spells, visits or days is a
sum of counts of households. The key of a cell is the sum of the keys of its households modulo 2^64, kept
as two halves until it has left the engine: sums of 32 bits fit in a whole number of 64.

======== ============================================================================================
every    h: households that count
AANDEEL  t, r, n: with at least k in the teller, the rest, the noemer
AANTAL   a: with at least k units that count x or more; u: with at least k units; of a rate also b: with
         at least k days of exposure, and ab: with a product of count and days of at least k
DUUR     u: with at least k spells; risico: with at least k spells at risk after day x; einde_<c>: with
         at least k spells ended by cause c, by day x
======== ============================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from typing import cast

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from toekomstscenario_eval.grids import BANDS, duration_days, ladder
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.summaries.kinds import CELL
from toekomstscenario_eval.types import Card, Kind

# The two halves of a record key, as columns of the table of keys.
HALVES = ("boven", "onder")
KEY = "sleutel"
EVERYBODY = "h"
# Of these a row of the histogram also counts for every smaller x.
_DOWNWARD = "a"
_HOUSE = [CELL, "huishouden_id", *HALVES]
_RATE = "per_blootstelling"


def floored(column: ir.IntegerValue, stap: int, kap: int) -> ir.IntegerValue:
    """Return the highest step of `grids.ladder` that is not above the value; 0 stays 0."""
    if stap > 1:
        more = ibis.least(kap + (column - kap) - (column - kap) % stap, ladder(stap, kap)[-1])
        step = ibis.cases(
            (column == kap, kap),
            (column > kap + stap - 1, more),
            (column > kap, kap + 1),
            (column < stap, 1),
            else_=column - column % stap,
        )
    else:
        # At a border of two bands the step is that border, until the first whole one of the wider band.
        borders = zip(BANDS, (0, *(top for top, _ in BANDS)), strict=False)
        step = ibis.cases(
            *((column <= top, ibis.greatest(column - column % width, low)) for (top, width), low in borders),
            else_=BANDS[-1][0],
        )
    return cast(ir.IntegerValue, ibis.cases((column <= 0, 0), else_=step).cast("int64"))


def _line(table: ir.Table, naam: str, x: ir.Value | int, waarde: ir.Value, sign: int = 1) -> ir.Table:
    """Return one row per household of the histogram; without what is zero."""
    rows = table.select(
        *_HOUSE,
        naam=ibis.literal(naam),
        x=(ibis.literal(x) if isinstance(x, int) else x).cast("int64"),
        waarde=waarde.cast("int64"),
        teken=ibis.literal(sign, "int64"),
    )
    return rows.filter(rows.waarde > 0)


def _share(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    per = rows.group_by(_HOUSE).agg(t=rows.teller.sum(), n=rows.noemer.sum())
    per = per.mutate(r=per.n - per.t)
    return [_line(per, k, 0, floored(per[k], card.stap, kap)) for k in ("t", "r", "n")]


def _count(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    per = rows.group_by(_HOUSE).agg(u=rows.count(), a=rows.aantal.sum(), b=rows.blootstelling.sum())
    out = [_line(per, "u", 0, floored(per.u, 1, kap))]
    if any((maat.schatter or naam) == _RATE for naam, maat in card.maten.items()):
        out.append(_line(per, "b", 0, floored(per.b, 30, kap)))
        out.append(_line(per, "ab", 0, floored(per.a * per.b, 1, kap)))
    step = rows.select(*_HOUSE, x=floored(rows.aantal, 1, kap))
    counted = step.filter(step.x > 0).group_by([*_HOUSE, "x"]).agg(c=lambda t: t.count())
    # From the highest step down: how many units of the household count at least that much. The next step
    # down starts where this one ends, so that the row is taken back there.
    down = ibis.window(group_by=[CELL, "huishouden_id"], order_by=ibis.desc("x"), preceding=None, following=0)
    lower = ibis.window(group_by=[CELL, "huishouden_id"], order_by=ibis.desc("x"))
    at = counted.mutate(s=counted.c.sum().over(down), lager=counted.x.lead().over(lower))
    low = at.filter(at.lager.notnull())
    return [*out, _line(at, _DOWNWARD, at.x, at.s), _line(low, _DOWNWARD, low.lager, low.s, -1)]


def _duration(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    del kap
    u = rows.group_by(_HOUSE).agg(u=rows.count())
    days = ibis.memtable({"x": list(duration_days(card.horizon))}).mutate(x=ibis._.x.cast("int64"))
    at = rows.cross_join(days)
    causes = {f"einde_{c}": c for c in (card.oorzaken or (1,))}
    gone = {naam: ((at.duur <= at.x) & (at.einde == c)).sum() for naam, c in causes.items()}
    per = at.group_by([*_HOUSE, "x"]).agg(risico=((at.instroom <= at.x) & (at.x < at.duur)).sum(), **gone)
    return [_line(u, "u", 0, u.u), *(_line(per, naam, per.x, per[naam]) for naam in ("risico", *causes))]


Lines = Callable[[ir.Table, Card, int], list[ir.Table]]
# How a kind is counted in public; None: not yet, or (TELLING) by `facts`.
CELLS: Mapping[Kind, Lines | None] = {
    Kind.AANDEEL: _share,
    Kind.AANTAL: _count,
    Kind.DUUR: _duration,
    Kind.HERHAALD: None,
    Kind.SCORE: None,
    Kind.MATRIX: None,
    Kind.NETWERK: None,
    Kind.TELLING: None,
}
# How wide the steps of k are, by the name of the cell; 0: as the card says.
WIDTHS: Mapping[Kind, Mapping[str, int]] = {
    Kind.AANDEEL: {"t": 0, "r": 0, "n": 0},
    Kind.AANTAL: {"u": 1, "b": 30, "ab": 1},
    Kind.DUUR: {},
    Kind.HERHAALD: {},
    Kind.SCORE: {},
    Kind.MATRIX: {},
    Kind.NETWERK: {},
    Kind.TELLING: {},
}


def _added(lines: Sequence[ir.Table]) -> ir.Table:
    together = reduce(partial(ir.Table.union, distinct=False), lines)
    return together.group_by([CELL, "naam", "x", "waarde", "teken"]).agg(
        n=together.count(), **{half: together[half].sum() for half in HALVES}
    )


def histogram(rows: ir.Table, card: Card, kap: int) -> ir.Table | None:
    """Return households per cell by what they count, with their keys; None when the kind has no cells.

    Parameters
    ----------
    rows : Table
        Unit rows that count, with `cel` and the halves of the record key.
    kap : int
        Length of the window in days.
    """
    lines = CELLS[card.kind]
    if lines is None:
        return None
    return _added([*lines(rows, card, kap), _everybody(rows)])


def _everybody(rows: ir.Table) -> ir.Table:
    per = rows.group_by(_HOUSE).agg(een=ibis.literal(1, "int64"))
    return _line(per, EVERYBODY, 0, per.een)


def exclusions(rows: ir.Table, units: Callable[[ir.Table], ir.NumericScalar]) -> ir.Table:
    """Return the same of units left out; `naam` is the reason."""
    per = rows.group_by([*_HOUSE, "uitsluiting"]).agg(aantal=units(rows))
    lines = per.select(
        *_HOUSE,
        naam=per.uitsluiting,
        x=ibis.literal(0, "int64"),
        waarde=floored(per.aantal.cast("int64"), 1, 0),
        teken=ibis.literal(1, "int64"),
    )
    return _added([lines.filter(lines.waarde > 0)])


def by_name(per: ir.Table, keys: ir.Table) -> pd.DataFrame:
    """Return the cells of the whole, of a table `huishouden_id`, `naam`, `waarde` (how many)."""
    known = per.join(keys, "huishouden_id")
    rows = known.select(
        "naam",
        *HALVES,
        **{CELL: ibis.literal(1, "int64")},
        x=ibis.literal(0, "int64"),
        waarde=floored(known.waarde.cast("int64"), 1, 0),
        teken=ibis.literal(1, "int64"),
    )
    counted = rows.filter(rows.waarde > 0).group_by([CELL, "naam", "x", "waarde", "teken"])
    found = counted.agg(n=lambda t: t.count(), **{half: ibis._[half].sum() for half in HALVES})
    return nested(fetched(found.execute()).assign(groep=TOTAAL), steps={"": ladder(1, 0)})


def fetched(found: pd.DataFrame) -> pd.DataFrame:
    """Return a histogram as it left the engine with its keys whole: `sleutel`, uint64, and signed counts."""
    above, under = (found[half].astype("int64").to_numpy().astype(np.uint64) for half in HALVES)
    sign = found["teken"].to_numpy()
    with np.errstate(over="ignore"):
        key = (above << np.uint64(32)) + under
        key = np.where(sign < 0, np.uint64(0) - key, key)
    rest = found.drop(columns=[*HALVES, "teken"])
    return rest.assign(n=found["n"].to_numpy() * sign, **{KEY: key})


def steps(card: Card, kap: int) -> dict[str, tuple[int, ...]]:
    """Return the steps of k of this card by the name of the cell; other names have every whole number."""
    return {naam: ladder(width or card.stap, kap) for naam, width in WIDTHS[card.kind].items()}


def nested(found: pd.DataFrame, *, steps: Mapping[str, tuple[int, ...]]) -> pd.DataFrame:
    """Turn "households with exactly" into "households with at least k", by `groep` and `naam`.

    Parameters
    ----------
    found : DataFrame
        Columns `groep`, `naam`, `x`, `waarde`, `n`, `sleutel`; rows that agree are added up.
    steps : mapping
        The steps of k by `naam`, the empty name for all others; without it those have every whole number.

    Returns
    -------
    DataFrame
        Columns `groep`, `naam`, `x`, `k`, `n`, `sleutel`, where n is not 0.
    """
    pieces = [
        _nested_one(part, str(naam), steps.get(str(naam), steps.get("")))
        for naam, part in found.groupby("naam", sort=True)
    ]
    columns = ["groep", "naam", "x", "k", "n", KEY]
    if not pieces:
        return pd.DataFrame({k: [] for k in columns}).astype(
            {"x": "int64", "k": "int64", "n": "int64", KEY: "uint64"}
        )
    return pd.concat(pieces, ignore_index=True)[columns]


def _nested_one(part: pd.DataFrame, naam: str, steps: tuple[int, ...] | None) -> pd.DataFrame:
    groups, at_group = np.unique(part["groep"].to_numpy(dtype=str), return_inverse=True)
    top = int(part["waarde"].max())
    ks = np.array([k for k in (steps or range(1, top + 1)) if k <= top], dtype=np.int64)
    down = naam == _DOWNWARD
    # Who counts x or more also counts every smaller step: all of them stand in the table.
    highest = int(part["x"].max())
    xs = np.array([v for v in ladder(1, 0) if v <= highest] if down else np.unique(part["x"]), dtype=np.int64)
    at_x = np.searchsorted(xs, part["x"].to_numpy())
    at_k = np.searchsorted(ks, part["waarde"].to_numpy(), side="right") - 1
    shape = (len(groups), len(xs), len(ks))
    n, key = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.uint64)
    np.add.at(n, (at_group, at_x, at_k), part["n"].to_numpy())
    np.add.at(key, (at_group, at_x, at_k), part[KEY].to_numpy())
    for axis in (2, 1) if down else (2,):
        n[:] = np.flip(np.cumsum(np.flip(n, axis), axis), axis)
        key[:] = np.flip(np.cumsum(np.flip(key, axis), axis, dtype=np.uint64), axis)
    g, x, k = np.nonzero(n)
    return pd.DataFrame(
        {"groep": groups[g], "naam": naam, "x": xs[x], "k": ks[k], "n": n[g, x, k], KEY: key[g, x, k]}
    )

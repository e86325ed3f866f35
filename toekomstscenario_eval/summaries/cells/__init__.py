"""Counts of households with the sum of their record keys, per kind: what protection draws from.

A cell counts households "with at least k" of something, so that a sum over spells, visits or days is a
sum of counts of households. The key of a cell is the sum of the keys of its households modulo 2^64, kept
as two halves until it has left the engine: sums of 32 bits fit in a whole number of 64. Every kind has `h`:
the households that count. What else it has stands in the file of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.summaries.cells._lines import (
    EVERYBODY,
    HALVES,
    HOUSE,
    KEY,
    Grid,
    added,
    floored,
    line,
)
from toekomstscenario_eval.summaries.kinds import CELL
from toekomstscenario_eval.types import Card, Kind

__all__ = [
    "CELLS",
    "HALVES",
    "KEY",
    "Grid",
    "by_name",
    "exclusions",
    "fetched",
    "grids",
    "histogram",
    "nested",
]

# The file here that says how a kind is counted in public; None: by `facts`.
CELLS: Mapping[Kind, str | None] = {
    Kind.AANDEEL: "share_lines",
    Kind.AANTAL: "count_lines",
    Kind.DUUR: "duration_lines",
    Kind.HERHAALD: "recurrent_lines",
    Kind.SCORE: "score_lines",
    Kind.MATRIX: "matrix_lines",
    Kind.NETWERK: "tie_lines",
    Kind.KENMERK: "characteristic_lines",
    Kind.TELLING: None,
}


def _module(kind: Kind) -> Any:
    naam = CELLS[kind]
    return import_module(f"{__name__}.{naam}") if naam else None


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of this card by the name of the cell; other names have every whole number."""
    module = _module(card.kind)
    return module.grids(card, kap) if module else {}


def histogram(rows: ir.Table, card: Card, kap: int) -> ir.Table | None:
    """Return households per cell by what they count, with their keys; None when the kind has no cells.

    Parameters
    ----------
    rows : Table
        Unit rows that count, with `cel` and the halves of the record key.
    kap : int
        Length of the window in days.
    """
    module = _module(card.kind)
    return added([*module.lines(rows, card, kap), _everybody(rows)]) if module else None


def _everybody(rows: ir.Table) -> ir.Table:
    per = rows.group_by(HOUSE).agg(een=ibis.literal(1, "int64"))
    return line(per, EVERYBODY, 0, per.een)


def exclusions(rows: ir.Table, units: Callable[[ir.Table], ir.NumericScalar]) -> ir.Table:
    """Return the same of units left out; `naam` is the reason."""
    per = rows.group_by([*HOUSE, "uitsluiting"]).agg(aantal=units(rows))
    lines = per.select(
        *HOUSE,
        naam=per.uitsluiting,
        x=ibis.literal(0, "int64"),
        waarde=floored(per.aantal.cast("int64"), 1, 0),
        teken=ibis.literal(1, "int64"),
    )
    return added([lines.filter(lines.waarde > 0)])


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
    return nested(fetched(found.execute()).assign(groep=TOTAAL), grids={"": Grid(ladder(1, 0))})


def fetched(found: pd.DataFrame) -> pd.DataFrame:
    """Return a histogram as it left the engine with its keys whole: `sleutel`, uint64, and signed counts."""
    above, under = (found[half].astype("int64").to_numpy().astype(np.uint64) for half in HALVES)
    sign = found["teken"].to_numpy()
    with np.errstate(over="ignore"):
        key = (above << np.uint64(32)) + under
        key = np.where(sign < 0, np.uint64(0) - key, key)
    rest = found.drop(columns=[*HALVES, "teken"])
    return rest.assign(n=found["n"].to_numpy() * sign, **{KEY: key})


def nested(found: pd.DataFrame, *, grids: Mapping[str, Grid]) -> pd.DataFrame:
    """Turn "households with exactly" into "households with at least k", by `groep` and `naam`.

    Parameters
    ----------
    found : DataFrame
        Columns `groep`, `naam`, `x`, `waarde`, `n`, `sleutel`; rows that agree are added up.
    grids : mapping
        The grid by `naam`, the empty name for all others; without it those have every whole number.

    Returns
    -------
    DataFrame
        Columns `groep`, `naam`, `x`, `k`, `n`, `sleutel`, where n is not 0.
    """
    pieces = [
        _nested_one(part, str(naam), grids.get(str(naam), grids.get("", Grid())))
        for naam, part in found.groupby("naam", sort=True)
    ]
    columns = ["groep", "naam", "x", "k", "n", KEY]
    if not pieces:
        return pd.DataFrame({k: [] for k in columns}).astype(
            {"x": "int64", "k": "int64", "n": "int64", KEY: "uint64"}
        )
    return pd.concat(pieces, ignore_index=True)[columns]


def _points(x: NDArray[np.int64], grid: Grid) -> NDArray[np.int64]:
    """Return the points of x that stand in the table."""
    if grid.up is not None:
        return np.asarray(grid.up, dtype=np.int64)
    # Who counts x or more also counts every smaller step: all of them stand in the table.
    here = np.unique(x) if grid.down is None else [v for v in grid.down if v <= x.max()]
    return np.asarray(here, dtype=np.int64)


def _nested_one(part: pd.DataFrame, naam: str, grid: Grid) -> pd.DataFrame:
    groups, at_group = np.unique(part["groep"].to_numpy(dtype=str), return_inverse=True)
    top = int(part["waarde"].max())
    ks = np.array([k for k in (grid.k or range(1, top + 1)) if k <= top], dtype=np.int64)
    xs = _points(part["x"].to_numpy(), grid)
    at_x = np.searchsorted(xs, part["x"].to_numpy())
    at_k = np.searchsorted(ks, part["waarde"].to_numpy(), side="right") - 1
    shape = (len(groups), len(xs), len(ks))
    n, key = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.uint64)
    np.add.at(n, (at_group, at_x, at_k), part["n"].to_numpy())
    np.add.at(key, (at_group, at_x, at_k), part[KEY].to_numpy())
    for axis in (2,) if grid.down is None else (2, 1):
        n[:] = np.flip(np.cumsum(np.flip(n, axis), axis), axis)
        key[:] = np.flip(np.cumsum(np.flip(key, axis), axis, dtype=np.uint64), axis)
    if grid.up is not None:
        n, key = np.cumsum(n, 1), np.cumsum(key, 1, dtype=np.uint64)
    g, x, k = np.nonzero(n)
    return pd.DataFrame(
        {"groep": groups[g], "naam": naam, "x": xs[x], "k": ks[k], "n": n[g, x, k], KEY: key[g, x, k]}
    )

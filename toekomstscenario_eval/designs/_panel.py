"""A panel of regions by period of entry as arrays, from what is published of it: what designs over time read.

The figures are those of all cells, also of those too few to be shown alone: an estimate made of many tells of
none. A share has the variance p(1-p) over its independent units, noise included, with the p of the kind of
region in all periods together: a region in which nobody was seen is not known for certain. A mean has the
variance of its own interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.designs import Released
from toekomstscenario_eval.designs._published import SHARES
from toekomstscenario_eval.periods import days_of
from toekomstscenario_eval.types import Kind

Floats = NDArray[np.float64]
# Fewest households of a region and period in public, where fewer are no cell; inside one has no spread.
LEAST, _INSIDE = 10, 2
NEVER = np.inf
# Fewest of what is counted, on average in a region and period: the noise has a spread of under two.
FEWEST = 3
SPARSE = (
    f"in een regio en periode zijn het er gemiddeld minder dan {FEWEST}: wat dan is te zien, is "
    f"vooral toeval en ruis"
)
# What every design over time says of public figures.
PUBLIC = (
    "In een openbaar verslag komen de cijfers van regio's uit de gepubliceerde tellingen, ook waar die te "
    "klein zijn "
    "om apart te tonen, en zit de ruis in het interval."
)


@dataclass(frozen=True)
class Panel:
    """Figures of regions (rows, N) by period of entry (columns, T).

    Attributes
    ----------
    regions : tuple of str
        The pilots and comparison regions of which the start is known, in alphabetical order.
    periods : tuple of str
        Labels, in order of time.
    y, v, n : array of shape (N, T)
        Figure, its variance by chance and noise, and households; NaN where there is no figure.
    start : array of shape (N,)
        The first period in which all entered after the start of the pilot; `NEVER` for comparison regions.
    clean : array of shape (N, T)
        Whether all days that are seen of who entered lie before the start, or who entered did so after it.
    kind : Kind
        Of the figure.
    """

    regions: tuple[str, ...]
    periods: tuple[str, ...]
    y: Floats
    v: Floats
    n: Floats
    start: Floats
    clean: NDArray[np.bool_]
    kind: Kind

    @property
    def pilots(self) -> NDArray[np.bool_]:
        """Which regions have a pilot, whenever it started."""
        return np.asarray(self.start != NEVER)

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Which cells are of households that entered after the start, of shape (N, T)."""
        return np.asarray(np.arange(len(self.periods)) >= self.start[:, None])

    @property
    def sparse(self) -> bool:
        """Whether a share is of so few in a region and period that the noise is most of what is seen."""
        if not SHARES[self.kind]:
            return False
        # The same cells in public as inside.
        there = np.isfinite(self.y) & (self.n >= LEAST)
        if not there.any():
            return False
        have = (self.y * self.n)[there].mean()
        return bool(min(have, self.n[there].mean() - have) < FEWEST)

    def only(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Panel:
        """Return the panel of these regions."""
        at = np.arange(len(self.regions))[rows]
        names = tuple(self.regions[i] for i in at)
        return Panel(
            names, self.periods, self.y[at], self.v[at], self.n[at], self.start[at], self.clean[at], self.kind
        )

    def between(self, columns: NDArray[np.intp]) -> Panel:
        """Return the panel of these periods, that follow each other; starts are counted from the first."""
        names = tuple(self.periods[i] for i in columns)
        start = np.maximum(self.start - columns[0], 0.0)
        start[~self.pilots] = NEVER
        y, v, n = (table[:, columns] for table in (self.y, self.v, self.n))
        return Panel(self.regions, names, y, v, n, start, self.clean[:, columns], self.kind)


def panel_of(r: Released) -> Panel:
    """Return the panel of a result by region and period of entry."""
    days = r.variant.instroom
    if days is None:
        raise ValueError("not a panel")
    rows = r.paneel
    periods = sorted({str(p) for p in r.schattingen["periode"]})
    regions = sorted(set(r.starts) & {str(g) for g in rows["groep"]})
    y, error, n, units = (
        _grid(rows, k, regions, periods) for k in ("schatting", "standaardfout", "n", "noemer")
    )
    comparison = np.array([r.starts[g] == "" for g in regions], dtype=np.bool_)
    y, v, n = figures(r.card.kind, y, error, n, units, comparison, least=LEAST if r.publiek else _INSIDE)
    start, clean = _clock([r.starts[g] for g in regions], periods, days[1])
    return Panel(tuple(regions), tuple(periods), y, v, n, start, clean, r.card.kind)


def figures(
    kind: Kind,
    y: Floats,
    error: Floats,
    n: Floats,
    units: Floats,
    comparison: NDArray[np.bool_],
    *,
    least: int = LEAST,
) -> tuple[Floats, Floats, Floats]:
    """Return figures, their variance and the households, NaN where these are too few for a cell.

    Parameters
    ----------
    y, error, n, units : array of shape (N, T)
        Figure with its standard error, households, and units in the denominator; NaN where there is none.
    comparison : array of shape (N,)
        Which regions are comparison regions.
    least : int
        Fewest households and units of a cell.
    """
    few = ~((n >= least) & (units >= least))
    y, n, units = (np.where(few, np.nan, table) for table in (y, n, units))
    return y, _of_shares(y, error, units, comparison) if SHARES[kind] else _of_means(y, error, n), n


def _grid(rows: pd.DataFrame, column: str, regions: Sequence[str], periods: Sequence[str]) -> Floats:
    wide = rows.pivot(index="groep", columns="periode", values=column)
    return np.asarray(wide.reindex(index=list(regions), columns=list(periods)), dtype=np.float64)


def _of_means(y: Floats, error: Floats, n: Floats) -> Floats:
    """Return the variance of means; of households that are all alike that of the other cells stands in."""
    v = error**2
    seen = np.isfinite(v) & (v > 0)
    per_one = float(np.median((v * n)[seen & np.isfinite(n)])) if (seen & np.isfinite(n)).any() else np.nan
    return np.where(np.isfinite(y), np.where(seen, v, per_one / n), np.nan)


def _of_shares(y: Floats, error: Floats, units: Floats, comparison: NDArray[np.bool_]) -> Floats:
    """Return the variance of shares: p(1-p) over the independent units, with the p of the kind of region."""
    with np.errstate(divide="ignore", invalid="ignore"):
        extent = y * (1 - y) / error**2
        seen = np.isfinite(extent) & (extent > 0) & np.isfinite(y)
        part = float(np.median((extent / units)[seen])) if seen.any() else 1.0
    extent = np.where(seen, extent, part * units)
    p = _pooled(y * units, np.where(np.isfinite(y), units, np.nan), comparison)[:, None]
    return np.where(np.isfinite(y), p * (1 - p) / extent, np.nan)


def _pooled(have: Floats, all_: Floats, comparison: NDArray[np.bool_]) -> Floats:
    """Return by region the share of its kind in all periods, drawn a little to a half: never zero or one."""
    out = np.full(len(have), np.nan)
    for own in (comparison, ~comparison):
        t, n = np.nansum(have[own]), np.nansum(all_[own])
        out[own] = (t + 0.5) / (n + 1.0)
    return out


def _clock(starts: Sequence[str], periods: Sequence[str], days: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the first period after each start, and which cells lie wholly before or after it."""
    parts = [days_of(label) for label in periods]
    begins, last = (
        [part.begin for part in parts],
        [part.eind - timedelta(1) + timedelta(days) for part in parts],
    )
    first, clean = np.full(len(starts), NEVER), np.ones((len(starts), len(parts)), dtype=np.bool_)
    for i, text in enumerate(starts):
        if not text:
            continue
        day = date.fromisoformat(text)
        after = np.array([begin >= day for begin in begins])
        first[i] = float(np.argmax(after)) if after.any() else float(len(parts))
        clean[i] = after | np.array([end <= day for end in last])
    return first, clean

"""A panel of regions by period of entry as arrays, from what is published of it: what designs over time read.

A share is published households that have it over all that are published, also where each alone is too few
to be shown: an estimate made of many cells tells of none. Its variance is that of the share p of the kind of
region in all periods together, p(1-p)/n, with the noise V((1-p)^2 + p^2)/n^2: a region in which nobody was
seen is not known for certain. A mean has the variance of its own interval.
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
from toekomstscenario_eval.types import SITE, TOON, Kind

Floats = NDArray[np.float64]
# Fewest households of a region and period; fewer are no cell.
LEAST = 10
NEVER = np.inf


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
    periods = sorted({str(p) for p in r.schattingen["periode"]})
    regions = sorted(set(r.starts) & {str(g) for g in _own(r)["groep"]})
    y, v, n = _shares(r, regions, periods) if SHARES[r.card.kind] else _means(r, regions, periods)
    start, clean = _clock([r.starts[g] for g in regions], periods, days[1])
    return Panel(tuple(regions), tuple(periods), y, v, n, start, clean, r.card.kind)


def _own(r: Released) -> pd.DataFrame:
    return r.schattingen[r.schattingen["uitsplitsing"].eq(SITE)]


def _grid(rows: pd.DataFrame, column: str, regions: Sequence[str], periods: Sequence[str]) -> Floats:
    wide = rows.pivot(index="groep", columns="periode", values=column)
    return np.asarray(wide.reindex(index=list(regions), columns=list(periods)), dtype=np.float64)


def _means(r: Released, regions: Sequence[str], periods: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    rows = _own(r)
    rows = rows[rows["weergave"].eq(TOON)]
    y, error, n = (_grid(rows, k, regions, periods) for k in ("schatting", "standaardfout", "n"))
    # Of households that are all alike the spread was not seen: that of the other cells stands in for it.
    v, per_one = error**2, np.nanmedian(error**2 * n) if np.isfinite(error).any() else np.nan
    v = np.where(np.isfinite(y) & ~(v > 0), per_one / n, v)
    few = ~(n >= LEAST)
    return np.where(few, np.nan, y), np.where(few, np.nan, v), np.where(few, np.nan, n)


def _shares(r: Released, regions: Sequence[str], periods: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    public = r.publiek.get(SITE)
    if public is None:
        rows = _own(r)
        have, all_, households = (_grid(rows, k, regions, periods) for k in ("teller", "noemer", "n"))
        noise = 0.0
    else:
        cells = public.cellen[public.cellen["k"].eq(1)]
        have, rest = (
            np.nan_to_num(_grid(cells[cells["naam"].eq(naam)], "n", regions, periods)) for naam in ("t", "r")
        )
        shown = public.plekken[public.plekken["reden"].eq("")]
        households = _grid(shown.astype({"huishoudens": "float64"}), "huishoudens", regions, periods)
        all_, noise = have + rest, public.ruis.v
    comparison = np.array([r.starts[g] == "" for g in regions])
    return shares_of(have, all_, households, comparison, noise)


def shares_of(
    have: Floats, all_: Floats, households: Floats, comparison: NDArray[np.bool_], noise: float
) -> tuple[Floats, Floats, Floats]:
    """Return shares, their variance and the households, NaN where these are too few.

    Parameters
    ----------
    have, all_, households : array of shape (N, T)
        Those who have it, those of whom it is known, and all; NaN where there is no cell.
    comparison : array of shape (N,)
        Which regions are comparison regions.
    noise : float
        Variance of the noise of one count, zero inside.
    """
    few = ~((households >= LEAST) & (all_ >= LEAST))
    have, all_ = np.where(few, np.nan, have), np.where(few, np.nan, all_)
    p = _pooled(have, all_, comparison)[:, None]
    v = p * (1 - p) / all_ + noise * ((1 - p) ** 2 + p**2) / all_**2
    return have / all_, v, np.where(few, np.nan, households)


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

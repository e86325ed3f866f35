"""Regions that start in waves: what each wave did since its start, beside regions that had not started.

Figures y_it of N regions over T periods; G_i is the first treated period, infinite for a region that never
starts. Of wave g in period t, with anticipation of a periods,

    ATT(g, t) = [m_g(t) - m_g(b)] - [m_C(t) - m_C(b)],    b = g - 1 - a for t >= g - a, else t - 1

where m is the mean over regions, and C holds those that never start ("nooit"), or those other than g that
start after max(t, b) + a ("nog_niet"). No covariates. The aggregations, with q_g the part of regions in g:

    event e            sum of q_g ATT(g, g + e) over the g that have it, divided by the sum of these q_g
    "dynamisch"        plain mean of the events e >= 0
    "groep"            mean over t >= g by wave; then by q_g over waves
    "kalender"         by q_g over the waves started at t; then the plain mean over t
    "eenvoudig"        by q_g over all g and t >= g

Every one is linear in the means of the waves, theta = sum over g, t of C[g, t] m_g(t), which is what tests by
assignment need (`_start_assignments.py`). Errors by influence functions stand in `_group_time.py`.

Weights of regions (households) go into the means and into q_g, as `weightsname` does in R's did.

References
----------
Callaway and Sant'Anna (2021), Difference-in-differences with multiple time periods,
doi:10.1016/j.jeconom.2020.12.001; equations 2.4, 3.5 and theorem 2 and corollary 2
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Control = Literal["nooit", "nog_niet"]
Aggregation = Literal["dynamisch", "groep", "eenvoudig", "kalender"] | tuple[Literal["gebeurtenis"], int]


class NoComparison(ValueError):
    """There is nothing to compare: no wave with a period before it and a control beside it."""


@dataclass(frozen=True)
class Kept:
    """Which regions take part, and why the others do not.

    Attributes
    ----------
    units : array of bool
        Those that take part.
    early : int
        Left out because no period lies before their start (and its anticipation).
    late : int
        Left out because they start after the window, but its anticipation falls in it.
    missing : int
        Left out because a period that is used has no figure.
    """

    units: Bools
    early: int
    late: int
    missing: int


def keep(y: Floats, start: Floats, *, anticipation: int = 0, used: Bools | None = None) -> Kept:
    """Return the regions that take part; `used` are the periods that matter, all by default."""
    periods = y.shape[1]
    early = start - anticipation < 1
    late = ~early & (start >= periods) & (start - anticipation < periods)
    seen = y if used is None else y[:, used]
    missing = ~early & ~late & ~np.isfinite(seen).all(axis=1)
    return Kept(~(early | late | missing), int(early.sum()), int(late.sum()), int(missing.sum()))


@dataclass(frozen=True)
class Cells:
    """The ATT(g, t) that waves and periods allow, as differences of means; one row a cell.

    Attributes
    ----------
    levels : array of shape (G,)
        The starts that occur, in order; those after the window are infinite, and last.
    size : array of shape (G,)
        Regions of each, or the sum of their weights.
    group, period, base : array of shape (K,)
        Row of `levels`, the period, and the period it is set against.
    control : array of shape (K, G)
        Which waves are the comparison; none where there is nothing to compare with.
    """

    levels: Floats
    size: Floats
    group: Ints
    period: Ints
    base: Ints
    control: Bools

    @cached_property
    def event(self) -> Ints:
        """Periods since the start of the wave."""
        return self.period - self.levels[self.group].astype(np.int64)

    @cached_property
    def open(self) -> Bools:
        """Whether there is a comparison."""
        return np.asarray(self.control.any(axis=1))

    @cached_property
    def forms(self) -> Floats:
        """Weights (K, G, T) of the means of the waves in each cell."""
        periods = int(self.period.max()) + 1
        k = np.arange(len(self.group))
        weight = self.control * self.size
        total = weight.sum(axis=1, keepdims=True)
        by_group = -np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        by_group[k, self.group] += 1
        out = np.zeros((len(k), len(self.levels), periods))
        out[k, :, self.period] += by_group
        out[k, :, self.base] -= by_group
        return out


def levels_of(start: Floats, periods: int) -> Floats:
    """Return starts with those after the window as never."""
    return np.where(start < periods, start, np.inf)


def cells(
    start: Floats,
    periods: int,
    *,
    control: Control = "nooit",
    anticipation: int = 0,
    weights: Floats | None = None,
) -> Cells:
    """Return every cell of regions that take part (see `keep`)."""
    g = levels_of(start, periods)
    levels, of = np.unique(g, return_inverse=True)
    size = np.bincount(of, weights=weights, minlength=len(levels)).astype(np.float64)
    if control not in ("nooit", "nog_niet"):
        raise ValueError(control)
    rows = []
    for row in np.flatnonzero(np.isfinite(levels)):
        first = int(levels[row])
        for t in range(1, periods):
            base = first - 1 - anticipation if t >= first - anticipation else t - 1
            if control == "nooit":
                beside = ~np.isfinite(levels)
            else:
                beside = levels > max(t, base) + anticipation
                beside[row] = False
            rows.append((row, t, base, beside))
    if not rows:
        raise NoComparison("no wave starts in the window")
    group, period, bases = (np.array(part, dtype=np.int64) for part in list(zip(*rows, strict=True))[:3])
    return Cells(levels, size, group, period, bases, np.array([r[3] for r in rows]))


@dataclass(frozen=True)
class Layers:
    """An aggregation: cells go into parts (waves, events or periods), and these into one figure.

    Attributes
    ----------
    label : array of shape (L,)
        The start of the wave, the event or the period of each part.
    member : array of shape (L, K)
        Which cells a part holds.
    by_size : bool
        Whether cells in a part weigh by the size of their wave, or alike.
    parts_by_size : bool
        The same for parts in the whole; a part is a wave then.
    """

    label: Ints
    member: Bools
    by_size: bool
    parts_by_size: bool


def layers_of(c: Cells, aggregation: Aggregation) -> Layers:
    """Return which cells go where; only cells with a comparison."""
    after = c.open & (c.event >= 0)
    starts = np.nan_to_num(c.levels, posinf=-1).astype(np.int64)[c.group]

    def parts(of: Ints, among: Bools) -> tuple[Ints, Bools]:
        label = np.unique(of[among])
        return label, (of == label[:, None]) & among

    if aggregation == "dynamisch":
        return Layers(*parts(c.event, after), True, False)
    if aggregation == "groep":
        return Layers(*parts(starts, after), False, True)
    if aggregation == "kalender":
        return Layers(*parts(c.period, after), True, False)
    if aggregation == "eenvoudig":
        return Layers(*parts(np.zeros_like(c.event), after), True, False)
    if isinstance(aggregation, tuple) and aggregation[0] == "gebeurtenis":
        return Layers(*parts(c.event, c.open & (c.event == aggregation[1])), True, False)
    raise ValueError(aggregation)


def shares(c: Cells, layers: Layers) -> tuple[Floats, Floats]:
    """Return the weights of cells in each part (L, K), and of parts in the whole (L,)."""
    raw = layers.member * (c.size[c.group] if layers.by_size else 1.0)
    inner = raw / raw.sum(axis=1, keepdims=True)
    outer = np.ones(len(layers.label))
    if layers.parts_by_size:
        outer = c.size[c.group[layers.member.argmax(axis=1)]]
    return inner, outer / outer.sum()


def linear(
    start: Floats,
    periods: int,
    *,
    control: Control = "nooit",
    anticipation: int = 0,
    aggregation: Aggregation = "dynamisch",
    weights: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Return an aggregation as weights of the means of the waves.

    Parameters
    ----------
    start : array of shape (N,)
        First treated period of the regions that take part (see `keep`), from 0; infinite for never.
    periods : int
        T.
    control, anticipation, aggregation
        As in the text of this module.
    weights : array of shape (N,), optional
        Of regions, in the means and in the sizes of waves; the means that belong to it weigh alike.

    Returns
    -------
    levels : array of shape (G,)
        Starts that occur, never (and after the window) as infinite, last.
    form : array of shape (G, T)
        theta = sum over g of form[g] . mean of y over g; its rows and columns add up to zero.

    Raises
    ------
    NoComparison
        When no cell of this aggregation has a comparison.
    """
    if ((start - anticipation) < 1).any():
        raise NoComparison("a region has no period before its start; see keep()")
    c = cells(start, periods, control=control, anticipation=anticipation, weights=weights)
    layers = layers_of(c, aggregation)
    if not len(layers.label):
        raise NoComparison("no cell with a comparison")
    inner, outer = shares(c, layers)
    form: Floats = np.einsum("k,kgt->gt", outer @ inner, c.forms)
    return c.levels, form


def usable(y: Floats, start: Floats, form_of: Callable[[Floats], Floats], *, anticipation: int = 0) -> Kept:
    """Return the regions with a figure in every period that the form itself uses.

    A form of one event needs two or three periods; a region without a figure in another one still counts.
    `form_of` gives the form (G, T) of the starts it gets. Leaving regions out may change which periods those
    are, so it is done until nothing changes.
    """
    kept = keep(y, start, anticipation=anticipation, used=np.zeros(y.shape[1], dtype=bool))
    while True:
        used = (form_of(start[kept.units]) != 0).any(axis=0)
        again = keep(y, start, anticipation=anticipation, used=used)
        again = Kept(again.units & kept.units, again.early, again.late, 0)
        if (again.units == kept.units).all():
            left = len(y) - int(again.units.sum()) - again.early - again.late
            return Kept(again.units, again.early, again.late, left)
        kept = again

"""Standard errors of group-time effects (`_waves.py`), by the influence function.

Region i of wave g moves ATT(g, t) by (y_it - y_ib less the mean of g) / n_g, a region of the comparison
likewise with the other sign; with weights w_i, by w_i over the sum of weights instead of 1 / n. In an
aggregation the sizes q_g of waves are estimated too, and add their own term. The standard error is the root
of the sum of squares. It takes regions as independent and many: with a handful it is too small, and the tests
by assignment lead. A wave or a comparison of one region has no deviation, so there no error is given.

References
----------
Callaway and Sant'Anna (2021), Difference-in-differences with multiple time periods,
doi:10.1016/j.jeconom.2020.12.001; theorem 2 and corollary 2
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toekomstscenario_eval.designs._waves import (
    Aggregation,
    Bools,
    Cells,
    Control,
    Floats,
    Ints,
    Kept,
    NoComparison,
    cells,
    keep,
    layers_of,
    levels_of,
    shares,
)


@dataclass(frozen=True)
class Parts:
    """An aggregation with its standard errors: the whole, and the parts it is made of.

    Attributes
    ----------
    estimate, se : float
        In the unit of y; se is nan where a wave or a comparison has one region.
    label : array of int
        Event, first treated period of the wave, or period; 0 for "eenvoudig".
    estimates, errors : array
        Of the parts.
    influence : array of shape (N,)
        Of each region on the whole: se is the root of the sum of squares.
    """

    estimate: float
    se: float
    label: Ints
    estimates: Floats
    errors: Floats
    influence: Floats


@dataclass(frozen=True)
class GroupTime:
    """All ATT(g, t), with what is needed to put them together.

    Attributes
    ----------
    kept : Kept
        Regions that take part, and how many do not, by reason.
    cells : Cells
        Wave, period and event of each.
    effect, se : array of shape (K,)
        In the unit of y; effect is nan where there is no comparison, se also where a side has one region.
    treated, compared : array of shape (K,)
        Regions in the wave and in the comparison.
    """

    kept: Kept
    cells: Cells
    effect: Floats
    se: Floats
    treated: Ints
    compared: Ints
    _influence: Floats
    _member: Floats

    def aggregate(self, aggregation: Aggregation) -> Parts:
        """Return an aggregation with its errors, the estimated sizes of waves among them."""
        layers = layers_of(self.cells, aggregation)
        if not len(layers.label):
            raise NoComparison("no cell with a comparison")
        inner, outer = shares(self.cells, layers)
        effect, influence = np.nan_to_num(self.effect), self._influence
        estimates = inner @ effect
        parts = influence @ inner.T
        if layers.by_size:
            parts += np.column_stack([self._of_sizes(m, effect) for m in layers.member])
        whole = parts @ outer
        if layers.parts_by_size:
            first = layers.member.argmax(axis=1)
            chosen = np.zeros(len(effect), dtype=bool)
            chosen[first] = True
            value = np.zeros(len(effect))
            value[first] = estimates
            whole = whole + self._of_sizes(chosen, value)
        alone = np.isnan(self.se)
        errors = np.where((layers.member & alone).any(axis=1), np.nan, np.sqrt((parts**2).sum(axis=0)))
        se = np.nan if np.isnan(errors).any() else float(np.sqrt((whole**2).sum()))
        return Parts(float(outer @ estimates), se, layers.label, estimates, errors, whole)

    def _of_sizes(self, chosen: Bools, value: Floats) -> Floats:
        """Return what estimated sizes add to the influence of each region on a mean by size of `value`.

        With q_k the size of the wave of cell k, sum q_k v_k / sum q_k moves by sum (d_k v_k) / Q - (sum d_k)
        (sum q_k v_k) / Q^2, where d_k is the deviation of a region's membership from q_k.
        """
        at = np.flatnonzero(chosen)
        group = self.cells.group[at]
        q = self._member.mean(axis=0)[group]
        deviation = (self._member[:, group] - q) / len(self._member)
        total = q.sum()
        out: Floats = deviation @ value[at] / total - deviation.sum(axis=1) * (q @ value[at]) / total**2
        return out


def group_time(
    y: Floats,
    start: Floats,
    *,
    control: Control = "nooit",
    anticipation: int = 0,
    weights: Floats | None = None,
) -> GroupTime:
    """Return ATT(g, t) of every wave and period, with standard errors by the influence function.

    Parameters
    ----------
    y : array of shape (N, T)
        Figure of each region and period; nan where it has none.
    start : array of shape (N,)
        First treated period, from 0; infinite for never.
    control, anticipation
        As in the text of this module.
    weights : array of shape (N,), optional
        Of regions; the same in every period.
    """
    kept = keep(y, start, anticipation=anticipation)
    y, start = y[kept.units], start[kept.units]
    w = np.ones(len(y)) if weights is None else weights[kept.units] / weights[kept.units].mean()
    if not len(y):
        raise NoComparison("no region takes part")
    c = cells(start, y.shape[1], control=control, anticipation=anticipation, weights=w)
    of = np.searchsorted(c.levels, levels_of(start, y.shape[1]))
    change = y[:, c.period] - y[:, c.base]
    effect = np.zeros(len(c.group))
    influence = np.zeros_like(change)
    count: list[Ints] = []
    one_hot = of[:, None] == np.arange(len(c.levels))
    for side, member in ((1.0, one_hot[:, c.group]), (-1.0, one_hot @ c.control.T)):
        weight = w[:, None] * member
        total = weight.sum(axis=0)
        weight = np.divide(weight, total, out=weight, where=total > 0)
        mean = (weight * change).sum(axis=0)
        effect += side * mean
        influence += side * weight * (change - mean)
        count.append(member.sum(axis=0))
    se = np.sqrt((influence**2).sum(axis=0))
    influence[:, ~c.open] = 0.0
    return GroupTime(
        kept,
        c,
        np.where(c.open, effect, np.nan),
        np.where((count[0] > 1) & (count[1] > 1), se, np.nan),
        count[0],
        count[1],
        influence,
        w[:, None] * one_hot,
    )

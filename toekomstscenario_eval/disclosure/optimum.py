"""The cheapest repair that there is, by integer programming, where the system is small enough.

Hide a set of numbers, and see how far each target may then be from the truth. The dual of that linear
program names the published numbers that hold a target too tight: one of those must be hidden. The
cheapest set that hides one of every such group is an integer program; the two take turns until every
target is wide enough (Fischetti and Salazar-González, 2001, doi:10.1287/mnsc.47.7.1008.9785). What is
found is a proposal: in whole numbers a target may move less, so the attack decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from toekomstscenario_eval.disclosure.attack import Clock, Numbers
from toekomstscenario_eval.disclosure.system import TIGHT, Flag, Reeks, System

# Targets times numbers of one part; beyond this, or after so many turns, the quick repair stands. Numbers
# and no time, so that every machine decides the same.
_LARGEST, _TURNS = 600, 25
# Only a machine that is slow beyond reason comes near the end of the time; then it is not for this.
_PART_OF_THE_TIME = 0.5
# No number has to be further from the truth than this many times the width that is asked.
_FARTHEST = 4.0


@dataclass(frozen=True)
class Proposal:
    """What to hide instead, and whether in every part nothing cheaper would do."""

    added: Flag
    proven: bool


@dataclass(frozen=True)
class _Part:
    """Numbers that have equations in common: how far each may move when it is hidden, and its price."""

    a: sparse.csr_matrix
    op: Reeks
    down: Reeks
    shut: Flag
    price: Reeks
    targets: Numbers
    width: Reeks


def cheapest(
    system: System, targets: Numbers, width: Reeks, costs: Reeks, fast: Flag, *, clock: Clock
) -> Proposal:
    """Return the cheapest numbers to hide so that every target gets its width.

    Parameters
    ----------
    system : what is published before the repair
    targets, width : (d,) the targets that are known too well, and the width that each must have
    costs : (n,) what hiding costs; infinite for a number that cannot be hidden
    fast : (n,) what the quick repair hides; kept in parts that are too large, or when it costs no more
    clock : Clock

    Raises
    ------
    OnthullingsFout
        When the time is up.
    """
    eind = clock.over * _PART_OF_THE_TIME
    may = system.shut | np.isfinite(costs)
    part = _parts(system.matrix, may)
    out, proven = fast.copy(), True
    for piece in np.unique(part[targets]):
        own, mine = (part == piece) & may, part[targets] == piece
        columns = np.flatnonzero(own)
        best = None
        if int(mine.sum()) * len(columns) <= _LARGEST and clock.over > eind:
            best = _solve(_take(system, columns, targets[mine], width[mine], costs), clock)
        proven &= best is not None
        if best is not None and costs[columns[best]].sum() < costs[fast & own].sum() - TIGHT:
            out &= ~own
            out[columns[best]] = True
    return Proposal(out, proven)


def _parts(matrix: sparse.csr_matrix, may: Flag) -> Numbers:
    """Return the part of every number; parts have no equation over movable numbers in common."""
    a = abs(matrix).multiply(sparse.csr_matrix(may.astype(np.float64))).tocsr()
    _, part = sparse.csgraph.connected_components(a.T @ a, directed=False)
    return np.asarray(part, dtype=np.int64)


def _take(system: System, columns: Numbers, targets: Numbers, width: Reeks, costs: Reeks) -> _Part:
    a = system.matrix[:, columns]
    w, under, above = (r[columns] for r in (system.waarden, system.onder, system.boven))
    shut = system.shut[columns]
    far = _FARTHEST * float(width.max())
    return _Part(
        a[np.diff(a.indptr) > 0],
        np.where(shut, np.minimum(above - w, far), far),
        np.where(shut, np.minimum(w - under, far), np.clip(w, 0.0, far)),
        shut,
        np.where(shut, 0.0, costs[columns]),
        np.searchsorted(columns, targets).astype(np.int64),
        width,
    )


def _solve(d: _Part, clock: Clock) -> Flag | None:
    """Return which numbers of a part to hide; None when that is not settled in the turns there are."""
    chosen, groepen = np.zeros(len(d.price), dtype=bool), list[Flag]()
    for _ in range(_TURNS):
        new = [g for target, wide in zip(d.targets, d.width, strict=True)
                 if (g := _held_by(d, chosen, int(target), float(wide), clock)) is not None]  # fmt: skip
        if not new:
            return chosen
        if any(not g.any() for g in new):
            return None
        groepen += new
        answer = optimize.milp(
            d.price,
            integrality=np.ones(len(d.price)),
            bounds=optimize.Bounds(0.0, np.where(d.shut, 0.0, 1.0)),
            constraints=optimize.LinearConstraint(np.array(groepen, dtype=np.float64), 1.0, np.inf),
            options={"time_limit": clock.over},
        )
        if answer.status != 0:
            _ = clock.over
            return None
        chosen = np.asarray(answer.x > 0.5)
    return None


def _held_by(d: _Part, chosen: Flag, target: int, width: float, clock: Clock) -> Flag | None:
    """Return the published numbers that keep a target too tight; None when it is wide enough."""
    loose = d.shut | chosen
    wide, groep = 0.0, np.zeros(len(loose), dtype=bool)
    for side in (-1.0, 1.0):
        c = np.zeros(len(loose))
        c[target] = side
        answer = optimize.linprog(
            c,
            A_eq=d.a if d.a.shape[0] else None,
            b_eq=np.zeros(d.a.shape[0]) if d.a.shape[0] else None,
            bounds=np.column_stack((np.where(loose, -d.down, 0.0), np.where(loose, d.op, 0.0))),
            method="highs",
            options={"time_limit": clock.over},
        )
        if answer.status != 0:
            _ = clock.over
            return np.zeros(len(loose), dtype=bool)
        wide -= float(answer.fun)
        groep |= np.abs(answer.lower.marginals + answer.upper.marginals) > TIGHT
    return None if wide >= width - TIGHT else groep & ~loose

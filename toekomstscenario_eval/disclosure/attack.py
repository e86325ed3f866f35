"""The attack: for each hidden number the interval that follows from everything published.

An interval that is wide enough is proved by two solutions in whole numbers that differ that much;
one that is too narrow by an optimum of linear or integer programming (HiGHS). Components of the
system have nothing to do with each other, so one program attacks a number in each of them at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from toekomstscenario_eval.disclosure.system import TIGHT, Flag, Reeks, Rest, System, presolve
from toekomstscenario_eval.errors import OnthullingsFout

Numbers = npt.NDArray[np.int64]
TIME = 60.0
# Further from a whole number than this is not rounding of the solver.
_WHOLE = 1e-5
# Moves of many numbers at once, before each is looked at by itself.
_HARVEST = 12
_RAW = 0.5


@dataclass(frozen=True)
class Attack:
    """What an attacker may know of each target.

    Attributes
    ----------
    targets : (d,) columns of the system
    laag, hoog : (d,) an interval that surely holds solutions at both ends; where `safe` is
        false, the whole interval
    safe : (d,) whether the interval is as wide as it must be
    """

    targets: Numbers
    laag: Reeks
    hoog: Reeks
    safe: Flag


class Clock:
    """A bounded time; after it nothing is released."""

    def __init__(self, seconds: float) -> None:
        self._eind = time.monotonic() + seconds

    @property
    def over(self) -> float:
        """Seconds left; OnthullingsFout when there are none."""
        rest = self._eind - time.monotonic()
        if rest <= 0:
            raise OnthullingsFout(
                "de aanval op de vrijgave kwam niet op tijd klaar",
                herstel="geef minder uitsplitsingen tegelijk vrij; zonder uitkomst wordt niets vrijgegeven",
            )
        return rest


def attack(system: System, targets: Numbers, width: Reeks, *, clock: Clock | None = None) -> Attack:
    """Return for each target whether its interval is as wide as `width`.

    Parameters
    ----------
    system : System
    targets : (d,) columns that must not be known
    width : (d,) width that each interval must have

    Raises
    ------
    OnthullingsFout
        When the time is up, or the solver has no answer.
    """
    clock = clock or Clock(TIME)
    rest = presolve(system)
    find = _Finder(rest, system, clock)
    place = np.full(len(system.waarden), -1, dtype=np.int64)
    place[rest.kolommen] = np.arange(len(rest.kolommen))
    outside = rest.hoog - rest.laag
    # Whoever cannot be wide enough by the bounds alone needs no search to be found out.
    open_ = (place[targets] >= 0) & (outside[targets] >= width - TIGHT)
    needed = np.zeros(len(rest.kolommen))
    np.maximum.at(needed, place[targets[open_]], width[open_])
    find.prove(needed)
    low, high = rest.laag[targets].copy(), rest.hoog[targets].copy()
    p = place[targets[open_]]
    low[open_], high[open_] = find.laag[p], find.hoog[p]
    safe = np.zeros(len(targets), dtype=bool)
    safe[open_] = (high - low)[open_] >= width[open_] - TIGHT
    w = system.waarden[targets]
    return Attack(targets, w + low, w + high, safe)


class _Finder:
    """Solutions found so far, as the lowest and the highest that each unknown took."""

    def __init__(self, rest: Rest, system: System, clock: Clock) -> None:
        self.clock = clock
        self.a, self.deel = rest.matrix, rest.deel
        self.onder, self.boven = rest.laag[rest.kolommen], rest.hoog[rest.kolommen]
        self.geheel = system.geheel[rest.kolommen]
        self.laag = np.zeros(len(rest.kolommen))
        self.hoog = np.zeros(len(rest.kolommen))
        self.row_part = self._rows()

    def _rows(self) -> Numbers:
        if not self.a.shape[0]:
            return np.zeros(0, dtype=np.int64)
        first = self.a.indices[self.a.indptr[:-1]]
        return np.asarray(self.deel[first], dtype=np.int64)

    def prove(self, needed: Reeks) -> None:
        """Search until each unknown is as wide as `needed`, or known to be narrower."""
        self._plain()
        self._harvest(needed)
        narrow = np.zeros(len(needed), dtype=bool)
        tried = np.zeros((2, len(needed)), dtype=bool)
        while True:
            lacks = needed - (self.hoog - self.laag)
            wait = np.flatnonzero((lacks > TIGHT) & ~narrow)
            if not len(wait):
                return
            # In each component the one that is furthest from wide enough.
            order = wait[np.argsort(-lacks[wait], kind="stable")]
            _, first = np.unique(self.deel[order], return_index=True)
            pick = order[first]
            side = np.where(tried[0, pick], -1.0, 1.0)
            self._step(pick, side)
            tried[(side < 0).astype(int), pick] = True
            done = pick[tried[:, pick].all(axis=0)]
            narrow[done] = (self.hoog - self.laag)[done] < needed[done] - TIGHT

    def _harvest(self, needed: Reeks) -> None:
        """Move many unknowns at once, in all components: most prove wide that way."""
        probability = np.random.default_rng(0)
        for round_ in range(_HARVEST):
            lacks = needed - (self.hoog - self.laag) > TIGHT
            if np.bincount(self.deel[lacks]).max(initial=0) <= 2 * (_HARVEST - round_):
                return
            self._move(np.where(lacks, probability.uniform(-1, 1, len(lacks)), 0.0), slack=_RAW)

    def _plain(self) -> None:
        """Where at most one equation binds, every bound that it leaves can be reached."""
        aantal = int(self.deel.max(initial=-1)) + 1
        rows = np.bincount(self.row_part, minlength=aantal)
        # With other coefficients than one, not every whole number within the bounds can be reached.
        per_row = np.repeat(np.arange(self.a.shape[0]), np.diff(self.a.indptr))
        otherwise = np.abs(np.abs(self.a.data) - 1) > TIGHT
        weighted = np.bincount(self.row_part[per_row[otherwise]], minlength=aantal) > 0
        loose = ((rows <= 1) & ~weighted)[self.deel]
        self.laag[loose], self.hoog[loose] = self.onder[loose], self.boven[loose]

    def _step(self, pick: Numbers, side: Reeks) -> None:
        """Find the highest (or lowest) value of each of `pick`, which lie in different components."""
        target = np.zeros(len(self.deel))
        target[pick] = -side
        self._move(target)

    def _move(self, target: Reeks, *, slack: float = 0.0) -> None:
        """Minimise `target` in the components that it says anything about, and keep what was found.

        With `slack` a solution in whole numbers that far from the best is good enough.
        """
        active = np.zeros(int(self.deel.max(initial=-1)) + 1, dtype=bool)
        active[self.deel[target != 0]] = True
        columns, rows = np.flatnonzero(active[self.deel]), np.flatnonzero(active[self.row_part])
        submatrix = self.a[rows][:, columns]
        x = solve_lp(target[columns], submatrix, self.onder[columns], self.boven[columns], self.clock)
        fout = self.geheel[columns] & (np.abs(x - np.round(x)) > _WHOLE)
        for piece in np.unique(self.deel[columns][fout]):
            self._whole(piece, columns, rows, target, x, slack)
        self.laag[columns] = np.minimum(self.laag[columns], x)
        self.hoog[columns] = np.maximum(self.hoog[columns], x)

    def _whole(
        self, piece: int, columns: Numbers, rows: Numbers, target: Reeks, x: Reeks, slack: float
    ) -> None:
        """Replace the part of `x` in one component by the optimum in whole numbers."""
        own = self.deel[columns] == piece
        k, r = columns[own], rows[self.row_part[rows] == piece]
        answer = optimize.milp(
            target[k],
            integrality=self.geheel[k].astype(int),
            bounds=optimize.Bounds(self.onder[k], self.boven[k]),
            constraints=optimize.LinearConstraint(self.a[r][:, k].tocsc(), 0.0, 0.0),
            options={"time_limit": self.clock.over, "mip_rel_gap": slack},
        )
        x[own] = _answer(answer, self.clock)


def solve_lp(target: Reeks, a: sparse.csr_matrix, under: Reeks, above: Reeks, clock: Clock) -> Reeks:
    """Minimise `target` over `a @ x = 0` within bounds; OnthullingsFout without an answer."""
    answer = optimize.linprog(
        target,
        A_eq=a if a.shape[0] else None,
        b_eq=np.zeros(a.shape[0]) if a.shape[0] else None,
        bounds=np.column_stack((under, above)),
        method="highs",
        options={"time_limit": clock.over},
    )
    return _answer(answer, clock)


def _answer(answer: optimize.OptimizeResult, clock: Clock) -> Reeks:
    if answer.status != 0 or answer.x is None:
        _ = clock.over
        raise OnthullingsFout(
            "de aanval op de vrijgave gaf geen uitkomst",
            kreeg=f"status {answer.status} van de oplosser",
            herstel="geef minder uitsplitsingen tegelijk vrij; zonder uitkomst wordt niets vrijgegeven",
        )
    return np.asarray(answer.x, dtype=np.float64)

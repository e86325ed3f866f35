"""The repair: hide as little as possible until no target is known too well.

For a target that is known too well, the cheapest company is the cheapest way to let it be something
else while everything that adds up still does: a linear program (Fischetti and Salazar-González,
2001, doi:10.1287/mnsc.47.7.1008.9785, section 4.2). After each round the attack decides, so what
the program overlooks is found; afterwards whatever proves to be hidden in vain is shown again. Where
the system is small, `optimum` looks for a repair that costs less, and can prove that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from toekomstscenario_eval.disclosure.attack import Attack, Clock, Numbers, attack
from toekomstscenario_eval.disclosure.optimum import cheapest
from toekomstscenario_eval.disclosure.system import Flag, Reeks, System
from toekomstscenario_eval.errors import OnthullingsFout

_ROUNDS = 8
# Company that is hidden already costs next to nothing, but using less of it is better still.
_FREE = 1e-4
# How many numbers to try to show again: a number, not a time, so that every machine decides the same.
TIDY_UP = 100


@dataclass(frozen=True)
class Remedy:
    """The system after repair, what was hidden for it, and the attack that it withstands.

    `proven`: whether it is known that no repair costs less.
    """

    system: System
    added: Numbers
    aanval: Attack
    open_for: int
    proven: bool


def repair(
    system: System,
    targets: Numbers,
    width: Reeks,
    costs: Reeks,
    *,
    clock: Clock,
    tidy_up: int = TIDY_UP,
) -> Remedy:
    """Hide numbers until the interval of every target is as wide as it must be.

    Parameters
    ----------
    system : System
        What is published before the repair.
    targets, width : (d,) targets and the width that each must have
    costs : (n,) what hiding each number costs; infinite for a number that cannot be hidden
    clock : Clock
    tidy_up : int
        How many numbers at most to try to show again, the dearest first.

    Raises
    ------
    OnthullingsFout
        When the time is up, or hiding everything that may be hidden is not enough.
    """
    begin = assault = attack(system, targets, width, clock=clock)
    now, added = system, np.zeros(len(costs), dtype=bool)
    for _ in range(_ROUNDS):
        miss = np.flatnonzero(~assault.safe)
        if not len(miss):
            break
        now, extra = _company(now, targets[miss], width[miss], costs, clock)
        added |= extra
        assault = attack(now, targets, width, clock=clock)
    if not assault.safe.all():
        now, added, assault = _everything(system, targets, width, costs, clock)
    proven = True
    if added.any():
        now, added, assault = _tidy(now, added, assault, width, costs, clock, tidy_up)
        open_ = ~begin.safe
        proposal = cheapest(system, targets[open_], width[open_], costs, added, clock=clock)
        proven = proposal.proven
        if (proposal.added != added).any():
            trial = system.with_dense(proposal.added)
            verdict = attack(trial, targets, width, clock=clock)
            # In whole numbers a target may move less than the program thought; then the quick one stands.
            proven = bool(verdict.safe.all())
            if proven:
                now, added, assault = trial, proposal.added, verdict
    return Remedy(now, np.flatnonzero(added), assault, int((~begin.safe).sum()), proven)


def _company(
    system: System, targets: Numbers, width: Reeks, costs: Reeks, clock: Clock
) -> tuple[System, Flag]:
    """Hide the cheapest company of each target in turn; what one needs serves the next."""
    added = np.zeros(len(costs), dtype=bool)
    now = system
    for target in np.argsort(-width, kind="stable"):
        for stap in (width[target], -width[target]):
            gone = _cheapest(now, int(targets[target]), float(stap), costs, clock)
            if gone is not None:
                added |= gone
                now = now.with_dense(gone)
                break
    return now, added


def _cheapest(system: System, target: int, stap: float, costs: Reeks, clock: Clock) -> Flag | None:
    """Return which published numbers must go for `target` to differ by `stap`; None when nothing helps."""
    n = len(costs)
    w = system.waarden
    shut = system.shut
    price = np.where(shut, _FREE, np.where(np.isfinite(costs), costs, 0.0))
    may = shut | np.isfinite(costs)
    up = np.where(shut, system.boven - w, np.where(may, np.inf, 0.0))
    down = np.where(shut, w - system.onder, np.where(may, np.maximum(w, 0.0), 0.0))
    under = np.zeros(2 * n)
    above = np.concatenate((np.maximum(up, 0.0), np.maximum(down, 0.0)))
    # A target near its lower bound goes down as far as it can and up for the rest.
    forth = stap if stap > 0 else -min(-stap, above[n + target])
    under[target], above[target] = (forth, forth) if forth > 0 else (0.0, 0.0)
    under[n + target], above[n + target] = (0.0, 0.0) if forth > 0 else (-forth, -forth)
    answer = optimize.linprog(
        np.concatenate((price, price)),
        A_eq=sparse.hstack((system.matrix, -system.matrix)).tocsr(),
        b_eq=np.zeros(system.matrix.shape[0]),
        bounds=np.column_stack((under, above)),
        method="highs",
        options={"time_limit": clock.over},
    )
    if answer.status != 0:
        _ = clock.over
        return None
    moves = np.asarray(answer.x[:n] + answer.x[n:] > 1e-6)
    return moves & ~shut


def _everything(
    system: System, targets: Numbers, width: Reeks, costs: Reeks, clock: Clock
) -> tuple[System, Flag, Attack]:
    """The safe way out: hide all that may be hidden; when even that is not enough, refuse."""
    added = np.isfinite(costs) & ~system.shut
    now = system.with_dense(added)
    assault = attack(now, targets, width, clock=clock)
    if not assault.safe.all():
        raise OnthullingsFout(
            "een verborgen getal volgt uit wat al bekend is, en dat is niet te herstellen",
            kreeg=f"{int((~assault.safe).sum())} van {len(targets)} verborgen getallen",
            herstel="geef minder uitsplitsingen vrij, of kies een ander venster",
        )
    return now, added, assault


def _tidy(
    system: System,
    added: Flag,
    assault: Attack,
    width: Reeks,
    costs: Reeks,
    clock: Clock,
    tidy_up: int,
) -> tuple[System, Flag, Attack]:
    """Show again what was hidden in vain, the dearest first."""
    added = added.copy()
    candidates = np.flatnonzero(added)
    for candidate in candidates[np.argsort(-costs[candidates], kind="stable")][:tidy_up]:
        one = np.zeros(len(added), dtype=bool)
        one[candidate] = True
        trial = system.with_open(one)
        verdict = attack(trial, assault.targets, width, clock=clock)
        if verdict.safe.all():
            system, assault = trial, verdict
            added[candidate] = False
    return system, added, assault

"""What a place does in an epoch, by what the register holds of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from toekomstscenario_eval.protection import epochs
from toekomstscenario_eval.protection.entries import Chosen, Draw, Grant, Place, Published

_LATER = "deze plek toont de stand van een eerdere trekking, en toen is dit niet gevraagd"


class Reader(Protocol):
    """What is read of a register, whether it is open or as it was."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place that was drawn."""

    @property
    def chosen(self) -> Chosen | None:
        """The policy by which releases are made; None before the first."""

    def draws(self, place: Place) -> tuple[Draw, ...]:
        """Return the draws of a place, the last one last."""

    def cells(self, recipe: str, place: Place, periode: str) -> Published | None:
        """Return what was last published, or None."""

    def stands(self, recipe: str, place: Place, periode: str) -> bool:
        """Whether what was last published still stands."""

    def exceptions(self, place: Place) -> tuple[Grant, ...]:
        """Return the owner's exceptions that this place has not used yet."""


Events = Callable[[date], Mapping[Place, int]]


@dataclass(frozen=True)
class Standing:
    """What a place does in this epoch.

    Attributes
    ----------
    n : published number of households
    stand : first day of the epoch that it shows
    draw : the entry for the register when the place is drawn now
    reason : why what is asked anew waits; empty when it may be drawn
    again : how often it was drawn in this epoch before
    moved : whether it shows populations by phase of another start than the package has
    """

    n: int
    stand: date
    draw: Draw | None = None
    reason: str = ""
    again: int = 0
    moved: bool = False


def standing_of(
    place: Place,
    register: Reader,
    decision: epochs.Decision,
    package: str,
    n: int,
    *,
    now: date,
    start: tuple[str, ...],
) -> Standing:
    """Return what a place does; `n` is what it shows when it is drawn now, `start` when its pilots began."""
    draws, grants = register.draws(place), register.exceptions(place)
    if decision.draw:
        used = grants[0].kenmerk if grants and draws else ""
        draw = Draw(place, decision.stand, n, package, used, start)
        return Standing(n, decision.stand, draw, again=decision.again)
    last = draws[-1]
    reason = _LATER if last.epoche != now else epochs.new_recipe(draws=draws, package=package)
    # An older package follows a newer one, also in this.
    moved = now >= last.epoche and last.moved(start)
    return Standing(last.huishoudens, decision.stand, reason=reason, again=decision.again, moved=moved)

"""When a place is drawn anew: seldom, and only after enough has happened. Pure: no clock, no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor

from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.protection.entries import Draw

_MONTHS = {"jaar": 12, "halfjaar": 6}


@dataclass(frozen=True)
class Decision:
    """Whether all cells of a place are drawn anew (else they are copied), and of which epoch its figures are.

    `again` is how often it was drawn in that epoch before that draw: for the noise (`Secret.uniforms`), also
    of what is asked after it.
    """

    draw: bool
    stand: date
    again: int = 0


def epoch_of(peildatum: date, every: str) -> date:
    """Return the first day of the last epoch (`jaar` or `halfjaar`) that began on or before the peildatum."""
    if every not in _MONTHS:
        raise OnthullingsFout(
            "deze lengte van een epoche bestaat niet",
            verwacht=" of ".join(_MONTHS),
            kreeg=every,
            herstel="verbeter 'epoche' in het beleid",
        )
    months = _MONTHS[every]
    return date(peildatum.year, (peildatum.month - 1) // months * months + 1, 1)


def closed(window_end: date, epoch: date) -> bool:
    """Whether a window, with `window_end` the day after its last, is final once drawn in this epoch.

    It is when the epoch begins at least a year after the window ended: what was late has come in by then.
    """
    year = window_end.year + 1
    leap_day = (window_end.month, window_end.day) == (2, 29)
    return epoch >= (date(year, 3, 1) if leap_day else window_end.replace(year=year))


def decide(
    *,
    draws: Sequence[Draw],
    epoch: date,
    published_n: int,
    events: int,
    v: float,
    exception: bool,
    moved: bool = False,
    fewest: int = 10,
    share: float = 0.2,
) -> Decision:
    """Return whether a place is drawn or copied, and the epoch that its figures are of.

    Parameters
    ----------
    draws : sequence of Draw
        All of the place so far, the last one last.
    epoch : date
        First day of the epoch of the package.
    published_n : int
        Published number of households at the last draw; of no account before the first.
    events : int
        Households of the place with a dated event since the last draw.
    v : float
        Variance of the noise: so many draws (whole ones) leave a count as uncertain as it should be.
    fewest, share : int, float
        So many households with an event open the gate: the most of a number, and a part of `published_n`.
    exception : bool
        Whether the owner granted a draw that was not used.
    moved : bool
        Whether a pilot of the place has another start than at the last draw: a draw as any other, which
        waits for nothing.
    """
    if not draws:
        return Decision(True, epoch)
    last = draws[-1].epoche
    often = sum(draw.epoche == last for draw in draws)
    copied = Decision(False, last, often - 1)
    # An older package comes after a newer one: what is known is newer, and stays.
    if epoch < last:
        return copied
    if exception:
        return Decision(True, epoch, often if epoch == last else 0)
    if moved and len(draws) < floor(v):
        return Decision(True, epoch, often if epoch == last else 0)
    enough = events >= max(fewest, share * published_n)
    return copied if epoch == last or len(draws) >= floor(v) or not enough else Decision(True, epoch)


def new_recipe(*, draws: Sequence[Draw], package: str) -> str:
    """Return why a question that is not in the register waits, at a place that is copied; empty: it need not.

    Asked of another delivery than the place was drawn from, it would tell of the changes between the two.
    """
    if not draws or draws[-1].pakket == package:
        return ""
    return (
        f"deze vraag is nieuw, en de getallen van deze plek (stand per {draws[-1].epoche}) komen uit een "
        "ander pakket; zij gaat mee met de volgende trekking, of eerder als de eigenaar die toestaat"
    )

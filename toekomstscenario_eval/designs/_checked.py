"""What may be said against a change: assumptions as checks, and how far it bends; one file each.

A file in `_assumptions` or `_sensitivity` holds `CARD` and `check(panel, effect, estimator)`; adding a
file is all that an addition costs.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import numpy as np

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._effect import Details, Effect, Estimator, Part, made_of, numbers
from toekomstscenario_eval.designs._panel import Panel, panel_of
from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.types import Status

ASSUMPTIONS, SENSITIVITY = "_assumptions", "_sensitivity"


@dataclass(frozen=True)
class CheckCard:
    """What a check asks.

    Attributes
    ----------
    code : str
        Its name for users.
    label, vraag : str
        What it is called, and what it asks.
    order : int
        Its place among the others.
    designs : frozenset of str
        Codes of the designs it is about; empty: of all.
    """

    code: str
    label: str
    vraag: str
    order: int
    designs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    status : Status
        Failed means that the assumption does not fit what was seen; `NVT` that the data cannot tell.
    words : str
        In Dutch, what was seen and what follows from it.
    points : tuple of Part
        Numbers for a figure, in the unit of the change.
    """

    status: Status
    words: str
    points: tuple[Part, ...] = ()


@dataclass(frozen=True)
class FoundCheck:
    """A check as found: name of its file, its card, and the function."""

    naam: str
    card: CheckCard
    check: Callable[[Panel, Effect, Estimator], Checked]


@cache
def all_checks(kind: str) -> tuple[FoundCheck, ...]:
    """Return the checks of a kind (`ASSUMPTIONS`, `SENSITIVITY`) in order."""
    room: ModuleType = importlib.import_module(f"toekomstscenario_eval.designs.{kind}")
    found = [FoundCheck(naam, module.CARD, module.check) for naam, module in modules(room)]
    return tuple(sorted(found, key=lambda f: (f.card.order, f.naam)))


def run(
    kind: str, code: str, panel: Panel, effect: Effect, estimator: Estimator
) -> list[tuple[CheckCard, Checked]]:
    """Return what the checks of a design found, failed ones first; nothing where there is no change."""
    if effect.reason:
        return []
    asked = [f for f in all_checks(kind) if not f.card.designs or code in f.card.designs]
    done = [(f.card, f.check(panel, effect, estimator)) for f in asked]
    return sorted(done, key=lambda pair: pair[1].status is not Status.GEFAALD)


def excludes_zero(part: Part | Effect) -> bool:
    """Whether zero lies outside the interval."""
    return bool(part.under > 0 or part.above < 0)


UNSEEN = "Een afwijking zo groot als de uitkomst zou hier niet zijn opgevallen: dit sluit niets uit."
AT_ZERO = "Het interval laat nul al toe: er is niets om te werpen."


def blind(point: Part, effect: Effect) -> bool:
    """Whether a check could not have seen a deviation as large as the change itself."""
    return not abs(effect.estimate) > (point.above - point.under) / 2


def holds(point: Part, effect: Effect) -> bool:
    """Whether zero stays outside, on the side where the change was."""
    return bool(point.under > 0 if effect.estimate > 0 else point.above < 0)


def beside(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Return by period the mean figure of the comparison regions, and its variance; NaN without any."""
    own = ~panel.pilots
    if not own.any():
        empty = np.full(len(panel.periods), np.nan)
        return empty, empty
    y, v = panel.y[own], panel.v[own]
    known = np.isfinite(y).sum(axis=0)
    k = np.where(known > 0, known, np.nan)
    return np.nansum(y, axis=0) / k, np.nansum(v, axis=0) / k**2


def early(panel: Panel) -> np.ndarray:
    """Return which cells of pilots lie wholly before the start and have a figure, of shape (N, T)."""
    return np.asarray(panel.pilots[:, None] & panel.clean & ~panel.treated & np.isfinite(panel.y))


def numbers_of(
    r: Released, naam: str, card: Design, estimator: Estimator, details: Details | None = None
) -> Iterator[Made]:
    """Yield the change of a design as a number with its id, its parts, and what its checks saw."""
    panel = panel_of(r)
    if panel.sparse:
        return
    effect = estimator(panel)
    yield from numbers(r, naam, card.label, effect)
    for part in details(panel) if details and not effect.reason else ():
        yield made_of(r, naam, card.label, part)
    for kind in (ASSUMPTIONS, SENSITIVITY):
        for check, found in run(kind, card.code, panel, effect, estimator):
            for point in found.points:
                yield made_of(r, check_name(naam, check), card.label, point)


def check_name(naam: str, check: CheckCard) -> str:
    """Return the name under which the numbers of a check of a design are traced."""
    return f"{naam}|{check.code}"

"""The comparisons that fit a plan: each a weighted sum of the figures of regions and periods.

With y_it the figure of region i in period t a comparison is d = sum w_it y_it, with weights so that d is the
difference when proeftuinen are that much higher from their start on. They are those of the designs that a
report has, and so are the tests: by all ways in which the start could have been assigned (which regions are
proeftuinen, which sign a change has, or who starts when).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.designs import _assignment, _sign_flips, _start_assignments
from toekomstscenario_eval.designs._assignment import LEVEL, Assignments
from toekomstscenario_eval.designs._waves import NoComparison, linear
from toekomstscenario_eval.designs.staggered_start import AGGREGATION, MOST, control
from toekomstscenario_eval.power.setting import Floats, Setting

Bools = NDArray[np.bool_]
_SEED = 20261130
# Of a report's ways a simulation takes all up to so many; otherwise a sample, the plan itself included.
_ALL = 2_000
_NOTHING = 1e-12
BESIDE, CHANGE, CHANGES, STAGGERED = (
    "Naast elkaar",
    "Voor en na",
    "Verschil van veranderingen",
    "Gespreide start",
)


@dataclass(frozen=True)
class Layout:
    """A comparison that fits a plan.

    Attributes
    ----------
    naam, explained : str
        What it is called in a table, and what it compares.
    treated : array of shape (regions, periods)
        Whether a region has started.
    weights : array of the same shape
        What each figure is multiplied by; the proeftuinen stand first.
    df : int
        Degrees of freedom of its t-approximation; 0 when nothing can be said of the error.
    ways : Assignments
        How often the start could have been assigned.
    others : int
        How many of the regions are comparison regions.
    assigned : callable
        Returns the weights under each assignment, the one of the plan first, as rows; a sample of many.
    """

    naam: str
    explained: str
    treated: Bools
    weights: Floats
    df: int
    ways: Assignments
    others: int
    assigned: Callable[[], Floats]

    @property
    def level(self) -> float:
        """How often the test finds something where there is nothing: 5% or just under it, as steps allow."""
        step = self.ways.kleinste
        return float(np.floor(LEVEL / step + _NOTHING) * step)

    @property
    def reaches(self) -> bool:
        """Whether a difference can be found at 5% at all."""
        return self.ways.reaches


def layouts(s: Setting) -> tuple[Layout, ...]:
    """Return every comparison that fits a plan, from the plainest on."""
    beside = (_beside(s),) if s.others else ()
    return (*beside, *_before_after(s), *_staggered(s))


def begins(s: Setting) -> tuple[Floats, int]:
    """Return the first period of each region, infinite for never, and how many periods there are.

    Without waves all proeftuinen start together, with one period before and one after.
    """
    waves, periods = (s.waves, s.periods) if s.waves else ((s.pilots,), 2)
    first = [*np.arange(1.0, len(waves) + 1), np.inf]
    return np.repeat(first, (*waves, s.others)), periods


def _beside(s: Setting) -> Layout:
    """Proeftuinen beside comparison regions in one period."""
    a, b = s.pilots, s.others
    return Layout(
        BESIDE,
        "het gemiddelde van de proeftuinen min dat van de vergelijkingsregio's, in één periode na de start. "
        "Regio's die vooraf al verschilden, blijven verschillen.",
        np.repeat([True, False], (a, b))[:, None],
        np.repeat([1 / a, -1 / b], (a, b))[:, None],
        a + b - 2,
        _assignment.possible(a, b),
        b,
        partial(_assignment.weights, a, b),
    )


def _before_after(s: Setting) -> tuple[Layout, ...]:
    """The change within proeftuinen; under no difference every change could have had the other sign."""
    start, periods = begins(s)
    k = s.pilots
    if k > _sign_flips.MOST:
        return ()
    treated = start[:k, None] <= np.arange(periods)
    after = treated.sum(axis=1, keepdims=True)
    own = np.where(treated, 1 / after, -1 / (periods - after)) / k
    explained = (
        "de verandering binnen de proeftuinen, van de perioden voor naar die na de eigen start. Wat er in "
        "die tijd overal veranderde, zit erin: wat de werkwijze daaraan deed, is hieruit niet te zien."
    )
    ways = _sign_flips.possible(k)
    return (Layout(CHANGE, explained, treated, own, k - 1, ways, 0, partial(_flipped, own)),)


def _flipped(own: Floats) -> Floats:
    """Return the weights with every choice of signs for the regions, or a sample of them."""
    k = len(own)
    if 2**k <= 2 * _ALL:
        bits = (np.arange(2**k)[:, None] >> np.arange(k)) & 1
    else:
        bits = np.random.default_rng([_SEED, k]).integers(0, 2, (_ALL, k))
        bits[0] = 0
    return np.asarray(((1.0 - 2 * bits)[:, :, None] * own).reshape(len(bits), -1))


def _staggered(s: Setting) -> tuple[Layout, ...]:
    """Proeftuinen that start, beside regions that have not; nothing where there are no such regions."""
    start, periods = begins(s)
    beside = control(start, periods)
    try:
        levels, form = linear(start, periods, control=beside, aggregation=AGGREGATION)
    except NoComparison:
        return ()
    test = _start_assignments.starts(start, levels, form, most=MOST)
    by_wave = form / test.ways.size[:, None]
    among = "vergelijkingsregio's" if beside == "nooit" else "regio's die nog niet zijn begonnen"
    if len(s.waves) > 1:
        naam, explained = (
            STAGGERED,
            "per golf en periode de verandering sinds de laatste periode voor de start, min die van "
            f"{among}; daarvan het gemiddelde. Het verschil mag per golf en per periode anders zijn.",
        )
    else:
        naam, explained = (
            CHANGES,
            "de verandering van de proeftuinen min die van de vergelijkingsregio's. Neemt aan dat zij anders "
            "evenveel waren veranderd.",
        )
    return (
        Layout(
            naam,
            explained,
            start[:, None] <= np.arange(periods),
            by_wave[test.ways.seen],
            len(start) - 2,
            _start_assignments.possible(test),
            s.others,
            partial(_handed, start, levels, form),
        ),
    )


def _handed(start: Floats, levels: Floats, form: Floats) -> Floats:
    """Return the weights when the starts are handed out in each way, or in a sample, the plan first."""
    ways = _start_assignments.starts(start, levels, form, most=_ALL, sample=_ALL - 1).ways
    rows = ways.rows()
    seen = (rows == ways.seen).all(axis=1).argmax()
    rows[[0, seen]] = rows[[seen, 0]]
    return np.asarray((form / ways.size[:, None])[rows].reshape(len(rows), -1))

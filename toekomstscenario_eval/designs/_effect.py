"""What a design over time makes of a panel: one change with its interval, and what stands before it.

An `effect` function takes a panel and returns this; `numbers` makes of it what the manifest, the trace and
the report need. "Effect" is the name of the estimand in the literature; the sentence around it says what may
be concluded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.designs import Made, Released
from toekomstscenario_eval.designs._assignment import LEVEL
from toekomstscenario_eval.designs._panel import Panel
from toekomstscenario_eval.document.format import of_difference
from toekomstscenario_eval.types import SITE, Vorm


@dataclass(frozen=True)
class Part:
    """One number beside a change: of a period since the start, a wave or a region, or what a check saw.

    `vorm` is how it reads; None: as the change does.
    """

    label: str
    estimate: float
    under: float = math.nan
    above: float = math.nan
    vorm: Vorm | None = None


@dataclass(frozen=True)
class Effect:
    """A change in the unit of the figure, with a 95% interval.

    Attributes
    ----------
    estimate, under, above : float
        NaN when there is a `reason`; bounds may be NaN or infinite when the data do not bound it.
    p, least : float
        Of the exact test, and the smallest that it can reach, known before any figure; NaN without a test.
    ways : int
        Assignments that the test counts; 0 without a test.
    pilots, comparison, periods : int
        Regions and periods that take part.
    left : tuple of str
        In Dutch, who takes no part and why, with the number of regions.
    method : str
        How the interval was made, in Dutch.
    parts, also : tuple of Part
        What the change is made of, and what stands on lines of its own under it.
    reason : str
        In Dutch, why there is no estimate; empty when there is one.
    """

    estimate: float = math.nan
    under: float = math.nan
    above: float = math.nan
    p: float = math.nan
    least: float = math.nan
    ways: int = 0
    pilots: int = 0
    comparison: int = 0
    periods: int = 0
    left: tuple[str, ...] = ()
    method: str = ""
    parts: tuple[Part, ...] = ()
    also: tuple[Part, ...] = ()
    reason: str = ""

    @property
    def tests(self) -> bool:
        """Whether the design can find a change at 5% at all."""
        return bool(self.least <= LEVEL)

    @property
    def bounded(self) -> bool:
        """Whether the data bound the change on both sides."""
        return math.isfinite(self.under) and math.isfinite(self.above)


Estimator = Callable[[Panel], Effect]
# What a change is made of, where that takes longer than the change itself.
Details = Callable[[Panel], Iterator[Part]]


def regions_left(**counts: int) -> tuple[str, ...]:
    """Return in Dutch who takes no part; a name is a reason with `_` for spaces."""
    return tuple(f"{_regions(n)}: {reason.replace('_', ' ')}" for reason, n in counts.items() if n)


NO_PERIOD = "geen periode helemaal voor of na de start"
TOO_FEW = "te weinig huishoudens in elke periode voor of na de start"


def sides_left(panel: Panel, missing: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return in Dutch why these pilots have no figure on both sides: no period, or too few households."""
    after = panel.treated.any(axis=1)
    before = (panel.clean & ~panel.treated).any(axis=1)
    seen = missing & after & before
    counts = ((int((missing & ~seen).sum()), NO_PERIOD), (int(seen.sum()), TOO_FEW))
    return tuple(f"{_regions(n)}: {reason}" for n, reason in counts if n)


def _regions(n: int) -> str:
    return f"{n} {'regio' if n == 1 else 'regio' + chr(39) + 's'}"


def without_test(e: Effect) -> Effect:
    """Return the effect without a p where no p under 5% can come out."""
    return e if e.tests else replace(e, p=math.nan)


def numbers(r: Released, naam: str, label: str, effect: Effect) -> Iterator[Made]:
    """Yield the change as a number with its id, then its parts; nothing when there is a reason."""
    if effect.reason:
        return
    maat = next(iter(r.card.maten_bij(r.params)))
    own = of_difference(r.card.maten[maat].vorm)
    sources = _sources(r)
    values = {
        "schatting": effect.estimate,
        "ondergrens": _finite(effect.under),
        "bovengrens": _finite(effect.above),
        "p": _finite(effect.p),
        "kleinste_p": _finite(effect.least),
        "toewijzingen": effect.ways or None,
        "proeftuinen": effect.pilots,
        "vergelijkingsregio_s": effect.comparison,
        "perioden": effect.periods,
    }
    counts = dict.fromkeys(("toewijzingen", "proeftuinen", "vergelijkingsregio_s", "perioden"), Vorm.TELLING)
    forms = {"schatting": own, "p": Vorm.KANS, "kleinste_p": Vorm.KANS, **counts}
    yield Made(naam, label, maat, sources, values, forms)
    for part in (*effect.parts, *effect.also):
        yield made_of(r, naam, label, part)


def made_of(r: Released, naam: str, label: str, part: Part) -> Made:
    """Return a number beside a change of the design `naam` as a number with its id."""
    maat = next(iter(r.card.maten_bij(r.params)))
    bounds = {"ondergrens": _finite(part.under), "bovengrens": _finite(part.above)}
    vorm = part.vorm or of_difference(r.card.maten[maat].vorm)
    at = {"schatting": part.estimate, **bounds}
    return Made(f"{naam}|{part.label}", f"{label}: {part.label}", maat, _sources(r), at, {"schatting": vorm})


def _sources(r: Released) -> tuple[str, ...]:
    return tuple(r.schattingen.loc[r.schattingen["uitsplitsing"].eq(SITE), "getal_id"])


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None

"""A plan as a whole: each comparison by formula beside its simulation, and what other plans would give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.power.formula import Parts, chance, detectable, half_width, parts
from toekomstscenario_eval.power.layouts import Layout, layouts
from toekomstscenario_eval.power.setting import MOST_REGIONS, Setting
from toekomstscenario_eval.power.simulation import STUDIES, Found, simulate
from toekomstscenario_eval.types import Vorm

# A table of chances goes from none to somewhat beyond the largest difference that a comparison asks for.
_BEYOND, _STEPS = 1.25, 7
# So many households that only what regions differ is left.
WITHOUT_END = 1_000_000


@dataclass(frozen=True)
class Line:
    """What one comparison can find.

    Attributes
    ----------
    layout : Layout
        The comparison.
    smallest : float
        The smallest difference found with the chance asked for; NaN when there is none.
    check : Found or None
        How often the simulation finds that difference.
    half : float
        Half the width of a 95% interval without a difference; NaN when nothing is known of the error.
    parts : Parts
        Where its variance comes from.
    by_formula : tuple of float
        The chance to find each difference of the table.
    by_simulation : tuple of Found
        The same as simulated; empty when no difference can be found.
    """

    layout: Layout
    smallest: float
    check: Found | None
    half: float
    parts: Parts
    by_formula: tuple[float, ...]
    by_simulation: tuple[Found, ...]


@dataclass(frozen=True)
class Overview:
    """A plan, the differences of its table, and a line for each comparison.

    Attributes
    ----------
    setting : Setting
    effects : tuple of float
        Differences of the table, from 0 on; empty when no comparison can find any.
    lines : tuple of Line
    studies : int
        Simulated studies for each difference.
    place_from : int
        From how many households in all a report shows regions apart; 0 when that plays no part.
    """

    setting: Setting
    effects: tuple[float, ...]
    lines: tuple[Line, ...]
    studies: int
    place_from: int = 0


def overview(s: Setting, *, studies: int = STUDIES, place_from: int = 0) -> Overview:
    """Return what a plan can find, by formula and by simulation."""
    found = [(layout, detectable(s, layout)) for layout in layouts(s)]
    effects = steps([d for _, d in found], most=s.farthest)
    lines = tuple(_line(s, x, d, effects, studies) for x, d in found)
    return Overview(s, effects, lines, studies, place_from)


def _line(s: Setting, layout: Layout, smallest: float, effects: Sequence[float], studies: int) -> Line:
    simulated: tuple[Found, ...] = ()
    if layout.reaches:
        own = [] if math.isnan(smallest) else [smallest]
        simulated = simulate(s, layout, [*effects, *own], studies=studies)
    return Line(
        layout,
        smallest,
        simulated[-1] if simulated and not math.isnan(smallest) else None,
        half_width(s, layout),
        parts(s, layout, 0.0),
        tuple(chance(s, layout, d) for d in effects),
        simulated[: len(effects)],
    )


def steps(wanted: Sequence[float], *, most: float) -> tuple[float, ...]:
    """Return differences for a table, in round steps from 0: none when nothing is wanted."""
    known = [d for d in wanted if not math.isnan(d)]
    if not known:
        return ()
    top = min(max(known) * _BEYOND, most * 0.99)
    rough = top / _STEPS
    ten = 10.0 ** math.floor(math.log10(rough))
    step = next(f * ten for f in (1, 2, 2.5, 4, 5, 10) if f * ten >= rough * (1 - 1e-9))
    return tuple(round(i * step, 12) for i in range(int(top / step + 1e-9) + 1))


def variants(s: Setting) -> Iterator[tuple[str, Setting]]:
    """Yield the plan, and plans that differ from it in one thing, each with what differs in words."""
    yield "Zoals het plan", s
    for factor in (0.5, 2, 4):
        own, others = (max(1, round(n * factor)) for n in (s.households, s.households_others))
        if max(own, others) <= WITHOUT_END:
            yield f"{_households(own, others)} per regio", _sized(s, own, others)
    yield "Onbeperkt veel huishoudens per regio", _sized(s, WITHOUT_END, WITHOUT_END)
    if s.others and 2 * s.others <= MOST_REGIONS:
        yield f"{2 * s.others} vergelijkingsregio's", replace(s, others=2 * s.others)
    yield from _other_spreads(s)
    if s.dispersion > 1:
        twice = 2 * s.dispersion
        yield f"Overspreiding {number(twice, Vorm.GETAL)}", replace(s, dispersion=twice)
    if s.noise is not None:
        yield "Zonder ruis", replace(s, noise=None)


def _sized(s: Setting, own: int, others: int) -> Setting:
    return replace(s, households=own, households_others=others)


def _households(own: int, others: int) -> str:
    many = [number(n, Vorm.TELLING) for n in ((own,) if own == others else (own, others))]
    return f"{' en '.join(many)} huishoudens"


def _other_spreads(s: Setting) -> Iterator[tuple[str, Setting]]:
    vorm = Vorm.PROCENTPUNT if s.share else Vorm.GETAL
    for spread in (s.spread / 2, 2 * s.spread):
        if spread and (not s.share or spread**2 < s.base * (1 - s.base)):
            yield f"Spreiding tussen regio's {number(spread, vorm)}", replace(s, spread=spread)
    if s.spread:
        for stable in (x for x in (0.0, 0.9) if x != s.stable):
            yield f"Samenhang tussen perioden {number(stable, Vorm.GETAL)}", replace(s, stable=stable)

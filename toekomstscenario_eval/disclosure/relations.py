"""From results to equations: which numbers add up, which are the same, which are shown.

Whether numbers add up is looked up in the true values: what holds there a reader may suspect from
the definitions. Two results that hold the same numbers for the same places and period are taken to
hold the same quantity, so that one cannot show what the other hides.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure import result_reading
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Nesting, Spot
from toekomstscenario_eval.disclosure.row_numbers import curve_numbers, row_numbers
from toekomstscenario_eval.disclosure.rules import Curve, Row, Source
from toekomstscenario_eval.disclosure.system import Reeks, System, build
from toekomstscenario_eval.types import SITE, Result

_MARGIN = 1e-6
# Hiding a whole costs as much as this many groups.
_WHOLE = 50.0


@dataclass(frozen=True)
class Quantity:
    """A quantity of one result in one period: its true number per place, and where it is shown.

    Only quantities of the same `soort` can be the same. `minimum` maps a place to the threshold
    that makes its number a secret when hidden; absent where it is none.
    """

    resultaat: int
    naam: str
    soort: str
    venster: str
    periode: str
    waarden: dict[Spot, float]
    getoond: set[Spot]
    minimum: dict[Spot, int]
    curve: Curve | None = None


class CurvePoint(NamedTuple):
    """A point of a curve as something to hide."""

    curve: Curve
    plek: Spot


class Line(NamedTuple):
    """A row of estimates as something to hide."""

    maat: str
    plek: Spot


class Telling(NamedTuple):
    """The numbers behind the estimates of a place as something to hide; the estimates stay."""

    plek: Spot


Gone = Spot | CurvePoint | Line | Telling
# A number of a result: its quantity and its place.
Getal = tuple[int, str, Spot]


@dataclass
class Relations:
    """The system of a whole release, and what its columns stand for.

    Attributes
    ----------
    plaats : per column what shows it: `(result, place)`, or a point of a curve
    targets, width : targets of the attack with the width each must have
    namen : per column the quantity and place of its first occurrence
    """

    system: System
    plaats: list[list[tuple[int, Gone]]]
    targets: np.ndarray
    width: Reeks
    namen: list[tuple[int, str, Spot]]

    @property
    def costs(self) -> Reeks:
        """What hiding each column costs: the places that go with it; infinite when it is known elsewhere."""
        return np.array([sum(_cost(gone) for _, gone in what) or np.inf for what in self.plaats])


def _cost(gone: Gone) -> float:
    if isinstance(gone, Spot):
        return 1.0 if gone.uitsplitsing else _WHOLE
    return 0.5


# What every row shows


def quantities(
    number: int, result: Result, source: Source, shown: pd.DataFrame, points: pd.DataFrame, policy: Policy
) -> Iterator[Quantity]:
    """Return the quantities of one result; `shown` and `points` are what is released of it."""
    table = result.schattingen
    open_ = shown[["schatting", "n", "teller", "noemer", "gecensureerd"]].notna().to_numpy()
    visible = {
        (maat, spot): Row(*row)
        for maat, spot, row in zip(table["maat"], result_reading.places(table), open_.tolist(), strict=True)
    }
    heading = _Heading(number, result.indicator, str(result.venster))
    for naam, rows in source.rijen.items():
        vorm = source.maten[naam].vorm
        per_naam: dict[str, dict[Spot, tuple[float, bool, int]]] = {}
        for spot, row in rows.items():
            for what, waarde, view, minimum in row_numbers(source, vorm, row, visible[naam, spot], policy):
                if not math.isnan(waarde):
                    per_naam.setdefault(what, {})[spot] = (waarde, bool(view), minimum)
        for what, part in per_naam.items():
            yield from _per_period(heading, naam, what, part)
    open_points = {
        (curve, spot)
        for curve, spot, gone in zip(
            result_reading.curve_days(points),
            result_reading.places(points),
            points["onderdrukt"],
            strict=True,
        )
        if not gone
    }
    noemer = {p: row.noemer for p, row in source.per_spot().items()}
    for curve, per_spot in source.curves.items():
        for what, part in curve_numbers(curve, per_spot, noemer, open_points, policy).items():
            yield from _per_period(heading, f"{curve.reeks} {curve.label} {curve.dag:g}", what, part, curve)


class _Heading(NamedTuple):
    nummer: int
    indicator: str
    venster: str


# How many there are may be the same in results about something else; who has what may not.
_POPULATION = ("n", "noemer")
_SAME = {"met": "teller", "aantal": "teller"}


def _per_period(
    heading: _Heading,
    naam: str,
    what: str,
    part: Mapping[Spot, tuple[float, bool, int]],
    curve: Curve | None = None,
) -> Iterator[Quantity]:
    soort = "bevolking" if what in _POPULATION else f"{heading.indicator} {_SAME.get(what, what)}"
    if what == "risico":
        soort += f" {naam}"
    for periode in sorted({p.periode for p in part}):
        own = {p: w for p, w in part.items() if p.periode == periode}
        yield Quantity(
            heading.nummer,
            f"{naam}.{what}",
            soort,
            heading.venster,
            periode,
            {p: w[0] for p, w in own.items()},
            {p for p, w in own.items() if w[1]},
            {p: w[2] for p, w in own.items() if w[2] and not w[1]},
            curve,
        )


# The same quantity in several results


@dataclass
class _Groep:
    """Quantities that are taken for one: a number per place, and where it is shown."""

    waarden: dict[Spot, float] = field(default_factory=dict)
    getoond: dict[Spot, list[tuple[int, Gone]]] = field(default_factory=dict)
    minimum: dict[Spot, int] = field(default_factory=dict)
    naam: tuple[int, str] = (0, "")

    def past(self, g: Quantity) -> bool:
        together = self.waarden.keys() & g.waarden.keys()
        return all(abs(self.waarden[p] - g.waarden[p]) < _MARGIN for p in together)

    def take(self, g: Quantity) -> None:
        self.waarden |= g.waarden
        for spot in g.getoond:
            gone = spot if g.curve is None else CurvePoint(g.curve, spot)
            if (g.resultaat, gone) not in self.getoond.setdefault(spot, []):
                self.getoond[spot].append((g.resultaat, gone))
        for spot, minimum in g.minimum.items():
            self.minimum[spot] = max(minimum, self.minimum.get(spot, 0))


def _merge(every: Iterable[Quantity]) -> tuple[list[_Groep], dict[tuple[int, str, str], _Groep]]:
    groepen: list[_Groep] = []
    buckets: dict[tuple[str, str, str, float], list[_Groep]] = {}
    start: dict[tuple[int, str, str], _Groep] = {}
    for g in every:
        whole = next((round(w, 4) for p, w in g.waarden.items() if not p.uitsplitsing), 0.0)
        bucket = buckets.setdefault((g.soort, g.venster, g.periode, whole), []) if whole else []
        groep = next((m for m in bucket if m.past(g)), None)
        if groep is None:
            groep = _Groep(naam=(g.resultaat, g.naam))
            groepen.append(groep)
            bucket.append(groep)
        groep.take(g)
        start[g.resultaat, g.naam, g.periode] = groep
    return groepen, start


# Equations


def relate(
    every: Sequence[Quantity],
    nesting: Nesting,
    policy: Policy,
    *,
    known: Collection[Getal],
    small: Collection[Getal],
) -> Relations:
    """Return the equations over everything in a release.

    Parameters
    ----------
    every : quantities of all results
    known : numbers that a reader knows from an earlier release
    small : numbers that differ by a few from an earlier release: secrets, unless shown
    """
    groepen, start = _merge(every)
    begin, n = {}, 0
    for groep in groepen:
        begin[id(groep)] = n
        n += len(groep.waarden)
    column = {(id(g), p): begin[id(g)] + i for g in groepen for i, p in enumerate(g.waarden)}
    waarden = np.array([w for g in groepen for w in g.waarden.values()])
    place = [g.getoond.get(p, []) for g in groepen for p in g.waarden]
    namen = [(*g.naam, p) for g in groepen for p in g.waarden]
    open_ = np.array([bool(p) for p in place], dtype=bool)
    for k in _columns(known, start, column):
        open_[k] = True
    rows = {r for g in groepen for r in _sums(g.waarden, nesting, lambda p, g=g: column[id(g), p])}
    rows |= set(_within_rows(start, column, waarden))
    rows |= set(_periods(start, column, waarden))
    secret = np.array([g.minimum.get(p, 0) for g in groepen for p in g.waarden])
    for k in _columns(small, start, column):
        secret[k] = max(secret[k], 1)
    targets = np.flatnonzero((secret > 0) & ~open_)
    system = build(waarden, [([k for k, _ in r], [c for _, c in r]) for r in sorted(rows)], open_)
    return Relations(system, place, targets, np.full(len(targets), float(policy.minimum_breedte)), namen)


def _columns(
    getallen: Iterable[Getal],
    start: Mapping[tuple[int, str, str], _Groep],
    column: Mapping[tuple[int, Spot], int],
) -> Iterator[int]:
    for number, naam, spot in getallen:
        source = start.get((number, naam, spot.periode))
        if source is not None and spot in source.waarden:
            yield column[id(source), spot]


Vergelijking = tuple[tuple[int, float], ...]
_REST = {"met": "zonder", "teller": "gecensureerd"}


def _equation(parts: Iterable[int], whole: int, waarden: Reeks | None = None) -> Vergelijking | None:
    """Return `sum of delen = geheel`, or nothing when that does not hold."""
    parts = sorted(parts)
    if whole in parts or len(set(parts)) < len(parts):
        return None
    if waarden is not None and abs(waarden[parts].sum() - waarden[whole]) > _MARGIN * (1 + waarden[whole]):
        return None
    return (*((k, 1.0) for k in parts), (whole, -1.0))


def _sums(waarden: Mapping[Spot, float], nesting: Nesting, column) -> Iterator[Vergelijking]:  # type: ignore[no-untyped-def]
    """Every breakdown adds up to the whole, and proeftuinen to what they are a part of."""
    per: dict[str, list[Spot]] = {}
    for spot in waarden:
        per.setdefault(spot.uitsplitsing, []).append(spot)

    def agrees(parts: Sequence[Spot], whole: Spot) -> bool:
        total = math.fsum(waarden[p] for p in parts)
        return abs(total - waarden[whole]) <= _MARGIN * (1 + abs(waarden[whole]))

    pairs = [(parts, whole) for u, parts in per.items() if u for whole in per.get("", [])]
    for spot in waarden:
        if spot.uitsplitsing not in ("", SITE):
            parts = [p for p in per.get(SITE, []) if spot.groep in nesting.strata.get(p.groep, ())]
            pairs += [(parts, spot)] if parts else []
    for parts, whole in pairs:
        if agrees(parts, whole):
            row = _equation([column(p) for p in parts], column(whole))
            if row is not None:
                yield row


def _within_rows(
    start: Mapping[tuple[int, str, str], _Groep], column: Mapping[tuple[int, Spot], int], waarden: Reeks
) -> Iterator[Vergelijking]:
    """With and without make the units; ended and censored make the spells; lasting is a share of these."""
    noemers: dict[tuple[int, str], dict[int, _Groep]] = {}
    for (number, naam, periode), groep in start.items():
        if naam.endswith(".noemer"):
            noemers.setdefault((number, periode), {})[id(groep)] = groep
    for (number, naam, periode), having in start.items():
        begin, _, what = naam.rpartition(".")
        rest = start.get((number, f"{begin}.{_REST.get(what)}", periode))
        if rest is None:
            continue
        for noemer in noemers.get((number, periode), {}).values():
            for spot in having.waarden.keys() & rest.waarden.keys() & noemer.waarden.keys():
                parts = [column[id(having), spot], column[id(rest), spot]]
                row = _equation(parts, column[id(noemer), spot], waarden)
                if row is not None:
                    yield row


def _periods(
    start: Mapping[tuple[int, str, str], _Groep], column: Mapping[tuple[int, Spot], int], waarden: Reeks
) -> Iterator[Vergelijking]:
    """The parts of a window may add up to the window, in the same result or in another one."""
    parts: dict[tuple[int, str], list[tuple[str, _Groep]]] = {}
    whole: dict[str, list[_Groep]] = {}
    for (number, naam, periode), groep in start.items():
        if periode:
            parts.setdefault((number, naam), []).append((periode, groep))
        else:
            whole.setdefault(naam, []).append(groep)
    for (_, naam), pieces in parts.items():
        spots = {p._replace(periode="") for _, g in pieces for p in g.waarden}
        for entirety in whole.get(naam, []):
            for spot in spots & entirety.waarden.keys():
                columns = [
                    column[id(g), spot._replace(periode=j)]
                    for j, g in pieces
                    if spot._replace(periode=j) in g.waarden
                ]
                row = _equation(columns, column[id(entirety), spot], waarden)
                if row is not None:
                    yield row

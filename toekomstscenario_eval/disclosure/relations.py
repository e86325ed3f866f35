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

from toekomstscenario_eval.disclosure import source
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Nesting, Plek
from toekomstscenario_eval.disclosure.row_numbers import curve_numbers, row_numbers
from toekomstscenario_eval.disclosure.rules import Bron, Curve, Rij
from toekomstscenario_eval.disclosure.system import Reeks, Stelsel, build
from toekomstscenario_eval.types import SITE, Result

_MARGE = 1e-6
# Hiding a whole costs as much as this many groups.
_GEHEEL = 50.0


@dataclass(frozen=True)
class Grootheid:
    """A quantity of one result in one period: its true number per place, and where it is shown.

    Only quantities of the same `soort` can be the same. `minimum` maps a place to the threshold
    that makes its number a secret when hidden; absent where it is none.
    """

    resultaat: int
    naam: str
    soort: str
    venster: str
    periode: str
    waarden: dict[Plek, float]
    getoond: set[Plek]
    minimum: dict[Plek, int]
    curve: Curve | None = None


class Punt(NamedTuple):
    """A point of a curve as something to hide."""

    curve: Curve
    plek: Plek


class Regel(NamedTuple):
    """A row of estimates as something to hide."""

    maat: str
    plek: Plek


class Telling(NamedTuple):
    """The numbers behind the estimates of a place as something to hide; the estimates stay."""

    plek: Plek


Weg = Plek | Punt | Regel | Telling
# A number of a result: its quantity and its place.
Getal = tuple[int, str, Plek]


@dataclass
class Relaties:
    """The system of a whole release, and what its columns stand for.

    Attributes
    ----------
    plaats : per column what shows it: `(result, place)`, or a point of a curve
    doelen, breedte : targets of the attack with the width each must have
    namen : per column the quantity and place of its first occurrence
    """

    stelsel: Stelsel
    plaats: list[list[tuple[int, Weg]]]
    doelen: np.ndarray
    breedte: Reeks
    namen: list[tuple[int, str, Plek]]

    @property
    def kosten(self) -> Reeks:
        """What hiding each column costs: the places that go with it; infinite when it is known elsewhere."""
        return np.array([sum(_cost(weg) for _, weg in wat) or np.inf for wat in self.plaats])


def _cost(weg: Weg) -> float:
    if isinstance(weg, Plek):
        return 1.0 if weg.uitsplitsing else _GEHEEL
    return 0.5


# What every row shows


def quantities(
    nummer: int, resultaat: Result, bron: Bron, getoond: pd.DataFrame, punten: pd.DataFrame, beleid: Policy
) -> Iterator[Grootheid]:
    """Return the quantities of one result; `getoond` and `punten` are what is released of it."""
    tabel = resultaat.schattingen
    open_ = getoond[["schatting", "n", "teller", "noemer", "gecensureerd"]].notna().to_numpy()
    zichtbaar = {
        (maat, plek): Rij(*rij)
        for maat, plek, rij in zip(tabel["maat"], source.places(tabel), open_.tolist(), strict=True)
    }
    kop = _Kop(nummer, resultaat.indicator, str(resultaat.venster))
    for naam, rijen in bron.rijen.items():
        vorm = bron.maten[naam].vorm
        per_naam: dict[str, dict[Plek, tuple[float, bool, int]]] = {}
        for plek, rij in rijen.items():
            for wat, waarde, zicht, minimum in row_numbers(bron, vorm, rij, zichtbaar[naam, plek], beleid):
                if not math.isnan(waarde):
                    per_naam.setdefault(wat, {})[plek] = (waarde, bool(zicht), minimum)
        for wat, deel in per_naam.items():
            yield from _per_period(kop, naam, wat, deel)
    open_punten = {
        (curve, plek)
        for curve, plek, weg in zip(
            source.curve_days(punten), source.places(punten), punten["onderdrukt"], strict=True
        )
        if not weg
    }
    noemer = {p: rij.noemer for p, rij in bron.per_plek().items()}
    for curve, per_plek in bron.curven.items():
        for wat, deel in curve_numbers(curve, per_plek, noemer, open_punten, beleid).items():
            yield from _per_period(kop, f"{curve.reeks} {curve.label} {curve.dag:g}", wat, deel, curve)


class _Kop(NamedTuple):
    nummer: int
    indicator: str
    venster: str


# How many there are may be the same in results about something else; who has what may not.
_BEVOLKING = ("n", "noemer")
_ZELFDE = {"met": "teller", "aantal": "teller"}


def _per_period(
    kop: _Kop,
    naam: str,
    wat: str,
    deel: Mapping[Plek, tuple[float, bool, int]],
    curve: Curve | None = None,
) -> Iterator[Grootheid]:
    soort = "bevolking" if wat in _BEVOLKING else f"{kop.indicator} {_ZELFDE.get(wat, wat)}"
    if wat == "risico":
        soort += f" {naam}"
    for periode in sorted({p.periode for p in deel}):
        eigen = {p: w for p, w in deel.items() if p.periode == periode}
        yield Grootheid(
            kop.nummer,
            f"{naam}.{wat}",
            soort,
            kop.venster,
            periode,
            {p: w[0] for p, w in eigen.items()},
            {p for p, w in eigen.items() if w[1]},
            {p: w[2] for p, w in eigen.items() if w[2] and not w[1]},
            curve,
        )


# The same quantity in several results


@dataclass
class _Groep:
    """Quantities that are taken for one: a number per place, and where it is shown."""

    waarden: dict[Plek, float] = field(default_factory=dict)
    getoond: dict[Plek, list[tuple[int, Weg]]] = field(default_factory=dict)
    minimum: dict[Plek, int] = field(default_factory=dict)
    naam: tuple[int, str] = (0, "")

    def past(self, g: Grootheid) -> bool:
        samen = self.waarden.keys() & g.waarden.keys()
        return all(abs(self.waarden[p] - g.waarden[p]) < _MARGE for p in samen)

    def neem(self, g: Grootheid) -> None:
        self.waarden |= g.waarden
        for plek in g.getoond:
            weg = plek if g.curve is None else Punt(g.curve, plek)
            if (g.resultaat, weg) not in self.getoond.setdefault(plek, []):
                self.getoond[plek].append((g.resultaat, weg))
        for plek, minimum in g.minimum.items():
            self.minimum[plek] = max(minimum, self.minimum.get(plek, 0))


def _merge(alle: Iterable[Grootheid]) -> tuple[list[_Groep], dict[tuple[int, str, str], _Groep]]:
    groepen: list[_Groep] = []
    bakken: dict[tuple[str, str, str, float], list[_Groep]] = {}
    van: dict[tuple[int, str, str], _Groep] = {}
    for g in alle:
        geheel = next((round(w, 4) for p, w in g.waarden.items() if not p.uitsplitsing), 0.0)
        bak = bakken.setdefault((g.soort, g.venster, g.periode, geheel), []) if geheel else []
        groep = next((m for m in bak if m.past(g)), None)
        if groep is None:
            groep = _Groep(naam=(g.resultaat, g.naam))
            groepen.append(groep)
            bak.append(groep)
        groep.neem(g)
        van[g.resultaat, g.naam, g.periode] = groep
    return groepen, van


# Equations


def relate(
    alle: Sequence[Grootheid],
    nesting: Nesting,
    beleid: Policy,
    *,
    bekend: Collection[Getal],
    klein: Collection[Getal],
) -> Relaties:
    """Return the equations over everything in a release.

    Parameters
    ----------
    alle : quantities of all results
    bekend : numbers that a reader knows from an earlier release
    klein : numbers that differ by a few from an earlier release: secrets, unless shown
    """
    groepen, van = _merge(alle)
    begin, n = {}, 0
    for groep in groepen:
        begin[id(groep)] = n
        n += len(groep.waarden)
    kolom = {(id(g), p): begin[id(g)] + i for g in groepen for i, p in enumerate(g.waarden)}
    waarden = np.array([w for g in groepen for w in g.waarden.values()])
    plaats = [g.getoond.get(p, []) for g in groepen for p in g.waarden]
    namen = [(*g.naam, p) for g in groepen for p in g.waarden]
    open_ = np.array([bool(p) for p in plaats], dtype=bool)
    for k in _columns(bekend, van, kolom):
        open_[k] = True
    rijen = {r for g in groepen for r in _sums(g.waarden, nesting, lambda p, g=g: kolom[id(g), p])}
    rijen |= set(_within_rows(van, kolom, waarden))
    rijen |= set(_periods(van, kolom, waarden))
    geheim = np.array([g.minimum.get(p, 0) for g in groepen for p in g.waarden])
    for k in _columns(klein, van, kolom):
        geheim[k] = max(geheim[k], 1)
    doelen = np.flatnonzero((geheim > 0) & ~open_)
    stelsel = build(waarden, [([k for k, _ in r], [c for _, c in r]) for r in sorted(rijen)], open_)
    return Relaties(stelsel, plaats, doelen, np.full(len(doelen), float(beleid.minimum_breedte)), namen)


def _columns(
    getallen: Iterable[Getal],
    van: Mapping[tuple[int, str, str], _Groep],
    kolom: Mapping[tuple[int, Plek], int],
) -> Iterator[int]:
    for nummer, naam, plek in getallen:
        bron = van.get((nummer, naam, plek.periode))
        if bron is not None and plek in bron.waarden:
            yield kolom[id(bron), plek]


Vergelijking = tuple[tuple[int, float], ...]
_REST = {"met": "zonder", "teller": "gecensureerd"}


def _equation(delen: Iterable[int], geheel: int, waarden: Reeks | None = None) -> Vergelijking | None:
    """Return `sum of delen = geheel`, or nothing when that does not hold."""
    delen = sorted(delen)
    if geheel in delen or len(set(delen)) < len(delen):
        return None
    if waarden is not None and abs(waarden[delen].sum() - waarden[geheel]) > _MARGE * (1 + waarden[geheel]):
        return None
    return (*((k, 1.0) for k in delen), (geheel, -1.0))


def _sums(waarden: Mapping[Plek, float], nesting: Nesting, kolom) -> Iterator[Vergelijking]:  # type: ignore[no-untyped-def]
    """Every breakdown adds up to the whole, and proeftuinen to what they are a part of."""
    per: dict[str, list[Plek]] = {}
    for plek in waarden:
        per.setdefault(plek.uitsplitsing, []).append(plek)

    def klopt(delen: Sequence[Plek], geheel: Plek) -> bool:
        som = math.fsum(waarden[p] for p in delen)
        return abs(som - waarden[geheel]) <= _MARGE * (1 + abs(waarden[geheel]))

    paren = [(delen, geheel) for u, delen in per.items() if u for geheel in per.get("", [])]
    for plek in waarden:
        if plek.uitsplitsing not in ("", SITE):
            delen = [p for p in per.get(SITE, []) if plek.groep in nesting.strata.get(p.groep, ())]
            paren += [(delen, plek)] if delen else []
    for delen, geheel in paren:
        if klopt(delen, geheel):
            rij = _equation([kolom(p) for p in delen], kolom(geheel))
            if rij is not None:
                yield rij


def _within_rows(
    van: Mapping[tuple[int, str, str], _Groep], kolom: Mapping[tuple[int, Plek], int], waarden: Reeks
) -> Iterator[Vergelijking]:
    """With and without make the units; ended and censored make the spells; lasting is a share of these."""
    noemers: dict[tuple[int, str], dict[int, _Groep]] = {}
    for (nummer, naam, periode), groep in van.items():
        if naam.endswith(".noemer"):
            noemers.setdefault((nummer, periode), {})[id(groep)] = groep
    for (nummer, naam, periode), met in van.items():
        begin, _, wat = naam.rpartition(".")
        rest = van.get((nummer, f"{begin}.{_REST.get(wat)}", periode))
        if rest is None:
            continue
        for noemer in noemers.get((nummer, periode), {}).values():
            for plek in met.waarden.keys() & rest.waarden.keys() & noemer.waarden.keys():
                delen = [kolom[id(met), plek], kolom[id(rest), plek]]
                rij = _equation(delen, kolom[id(noemer), plek], waarden)
                if rij is not None:
                    yield rij


def _periods(
    van: Mapping[tuple[int, str, str], _Groep], kolom: Mapping[tuple[int, Plek], int], waarden: Reeks
) -> Iterator[Vergelijking]:
    """The parts of a window may add up to the window, in the same result or in another one."""
    delen: dict[tuple[int, str], list[tuple[str, _Groep]]] = {}
    heel: dict[str, list[_Groep]] = {}
    for (nummer, naam, periode), groep in van.items():
        if periode:
            delen.setdefault((nummer, naam), []).append((periode, groep))
        else:
            heel.setdefault(naam, []).append(groep)
    for (_, naam), stukken in delen.items():
        plekken = {p._replace(periode="") for _, g in stukken for p in g.waarden}
        for geheel in heel.get(naam, []):
            for plek in plekken & geheel.waarden.keys():
                kolommen = [
                    kolom[id(g), plek._replace(periode=j)]
                    for j, g in stukken
                    if plek._replace(periode=j) in g.waarden
                ]
                rij = _equation(kolommen, kolom[id(geheel), plek], waarden)
                if rij is not None:
                    yield rij

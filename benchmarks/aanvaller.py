"""Somebody who reads the public files of several reports and wants to know small counts. Knows the method.

Nothing here comes from the package: the table of noise is solved anew from its three numbers, and everything
else is read from `cellen.csv`, `plekken.csv` and `recepten.json`. What the attacker may know besides is which
sites belong to which kind and region, for that is no secret.

Every count has its own row of the table. Then come the totals: a group is the whole without the other groups
(each breakdown says something of the whole), a site is its region without the other sites, those with and
those without add up to those that count. Steps are the difference of two counts, one inside the other: more
of it, an earlier day, a higher value, a tie of a node. A calendar year that was drawn in two epochs has two
draws. All of it is exact on a tree, by adding up distributions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import nbinom

from benchmarks.inner_counts import Inside, of_whole

Floats = np.ndarray
SMALL, HIDDEN = 9, 60
# A small count may have been published as zero because it was too certain.
TAKEN_OUT = 1e-3
# A group of which the published size is zero stands nowhere: what may be missing from the sum of all groups.
UNLISTED = 0.5 ** np.arange(8)
# Groups differ by more than chance: variance mean + mean^2 / SHAPE.
SHAPE = 2.0
SITE, WHOLE = "proeftuin", "totaal"


@cache
def table(d: int, v: float, js: int) -> Floats:
    """Return the chance of each published count given the true one, shape (HIDDEN + 1, HIDDEN + d + 1).

    Maximum entropy: exp(a s + b s^2) over the allowed steps s, with mean 0 and variance v.
    """
    out = np.zeros((HIDDEN + 1, HIDDEN + d + 1))
    out[0, 0] = 1.0
    row = None
    for true in range(1, HIDDEN + 1):
        if row is None or true <= d + js + 1:
            to = np.array([j for j in range(max(0, true - d), true + d + 1) if j == 0 or j > js])
            step = (to - true).astype(float)
            found = minimize(
                _dual, np.zeros(2), args=(step, v), jac=True, method="BFGS", options={"gtol": 1e-11}
            )
            weight = np.exp(found.x[0] * step + found.x[1] * step**2)
            row = weight / weight.sum()
        else:
            to = np.arange(true - d, true + d + 1)
        out[true, to] = row
    return out


def _dual(t: Floats, step: Floats, v: float) -> tuple[float, Floats]:
    z = t[0] * step + t[1] * (step**2 - v)
    top = z.max()
    weight = np.exp(z - top)
    p = weight / weight.sum()
    return float(top + np.log(weight.sum())), np.array([p @ step, p @ (step**2 - v)])


@dataclass(frozen=True)
class Spread:
    """What a whole number may be: `p[i]` for `low + i`."""

    low: int
    p: Floats

    @property
    def high(self) -> int:
        return self.low + len(self.p) - 1

    def at(self, low: int, high: int) -> Floats:
        """Return the values for low..high, zero outside."""
        out = np.zeros(high - low + 1)
        a, b = max(low, self.low), min(high, self.high)
        if a <= b:
            out[a - low : b - low + 1] = self.p[a - self.low : b - self.low + 1]
        return out

    def __mul__(self, other: Spread) -> Spread:
        """Return both kinds of evidence together; the first alone when they contradict each other."""
        p = self.p * other.at(self.low, self.high)
        total = p.sum()
        return Spread(self.low, p / total) if total > 0 else self

    def __add__(self, other: Spread) -> Spread:
        """Return what the sum may be."""
        return Spread(self.low + other.low, np.convolve(self.p, other.p))

    def rest(self, of: Spread) -> Spread:
        """Return what a part may be when this is the sum and `of` what the other parts may be."""
        return Spread(self.low - of.high, np.convolve(self.p, of.p[::-1]))


def together(evidence: Iterable[Spread | None]) -> Spread | None:
    """Return all evidence as one; None when there is none."""
    known = [e for e in evidence if e is not None]
    out = known[0] if known else None
    for other in known[1:]:
        out = out * other
    return out


@dataclass(frozen=True)
class Recipe:
    """What was asked, with the noise of its counts."""

    naam: str
    noise: tuple[int, float, int]

    def own(self, published: int) -> Spread:
        """Return what a count may be by its own published value."""
        d, v, js = self.noise
        rows = table(d, v, js)
        if published > HIDDEN - d:
            p = rows[HIDDEN // 2, HIDDEN // 2 - d : HIDDEN // 2 + d + 1][::-1]
            return Spread(published - d, p)
        low, high = max(0, published - d), published + d
        p = rows[low : high + 1, published].copy()
        if published == 0:
            p[1:] += TAKEN_OUT
        return Spread(low, p)


@dataclass
class Files:
    """Every public count of several reports, by the epoch in which it was drawn."""

    recipes: dict[str, Recipe] = field(default_factory=dict)
    cells: dict[tuple, int] = field(default_factory=dict)
    places: dict[tuple, tuple[int, bool]] = field(default_factory=dict)

    @cached_property
    def stands(self) -> list[str]:
        """Every epoch of which there are counts."""
        return sorted({place[0] for place in self.places if place[0]})

    @classmethod
    def read(cls, folders: Sequence[Path]) -> Files:
        """Read the folders of several reports."""
        out = cls()
        for folder in folders:
            recipes = json.loads((folder / "recepten.json").read_text(encoding="utf-8"))["recepten"]
            by_number = {
                r["nummer"]: Recipe(r["recept"], tuple(r["ruis"][k] for k in ("d", "v", "js")))
                for r in recipes
            }
            out.recipes |= {r.naam: r for r in by_number.values()}
            text = dict.fromkeys(("uitsplitsing", "groep", "periode", "stand", "reden"), "str")
            places = pd.read_csv(folder / "plekken.csv", dtype=text, keep_default_na=False)
            stands = {}
            for number, per, groep, periode, n, stand, reden in places[
                ["recept", "uitsplitsing", "groep", "periode", "huishoudens", "stand", "reden"]
            ].itertuples(index=False):
                stands[number, per, groep, periode] = stand
                out.places[stand, by_number[number].naam, per, groep, periode] = (int(n), not reden)
            cells = pd.read_csv(folder / "cellen.csv", dtype={**text, "naam": "str"}, keep_default_na=False)
            # A design effect is no count; what it tells is measured by `metingen_teams`.
            cells = cells[cells["naam"].ne("ontwerpeffect")]
            for number, per, groep, periode, naam, x, k, n in cells[
                ["recept", "uitsplitsing", "groep", "periode", "naam", "x", "k", "n"]
            ].itertuples(index=False):
                stand = stands[number, per, groep, periode]
                out.cells[stand, by_number[number].naam, per, groep, periode, naam, int(x), int(k)] = int(n)
        return out


@dataclass(frozen=True)
class Finding:
    """What the attacker says of one count, or of the step from it to the count that lies inside it.

    `own` is by the published value alone, `all` by everything; `expected` by the other groups alone.
    """

    spot: tuple
    inside: tuple | None
    own: Spread | None
    all: Spread
    expected: float


def attack(files: Files, parents: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """Yield what is said of every count.

    Parameters
    ----------
    parents : mapping
        By coarser breakdown the group of each site.
    """
    worlds: dict[tuple[str, str, str], set[tuple[str, int, int]]] = {}
    for stand, recipe, _, _, periode, naam, x, k in files.cells:
        worlds.setdefault((stand, recipe, periode), set()).add((naam, x, k))
    groups: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    # A group that shows another day is a part of the sum as well, only not known on this one.
    for _, recipe, per, groep, periode in files.places:
        for stand in files.stands:
            known = groups.setdefault((stand, recipe, periode), {}).setdefault(per, [])
            if groep not in known:
                known.append(groep)
    for where, spots in sorted(worlds.items()):
        world = _World(files, where, groups[where], parents, spots)
        for spot in sorted(spots):
            yield from world.solve(spot)


@dataclass
class _World:
    """The counts of one question in one period, all drawn in one epoch."""

    files: Files
    where: tuple[str, str, str]
    groups: Mapping[str, Sequence[str]]
    parents: Mapping[str, Mapping[str, str]]
    spots: set[tuple[str, int, int]]
    known: dict[tuple, Spread | None] = field(default_factory=dict)

    @cached_property
    def inside(self) -> Inside:
        """Return which of its counts lie inside others."""
        return Inside(self.spots)

    def place(self, per: str, groep: str) -> tuple:
        stand, recipe, periode = self.where
        return stand, recipe, per, groep, periode

    def value(self, per: str, groep: str, spot: tuple[str, int, int]) -> int | None:
        """Return the published count; None when the place shows nothing of it."""
        place = self.place(per, groep)
        if per and of_whole(spot):
            return None
        shows = self.files.places.get(place, (0, False))[1]
        return self.files.cells.get((*place, *spot), 0) if shows else None

    def own(self, per: str, groep: str, spot: tuple[str, int, int]) -> Spread | None:
        """Return what the draws of a count say: one, or of a calendar year one of every epoch."""
        key = ("eigen", per, groep, spot)
        if key not in self.known:
            self.known[key] = self._own(per, groep, spot)
        return self.known[key]

    def _own(self, per: str, groep: str, spot: tuple[str, int, int]) -> Spread | None:
        stand, recipe, periode = self.where
        seen = self.value(per, groep, spot)
        if seen is None:
            return None
        out = self.files.recipes[recipe].own(seen)
        for other in self.files.stands if periode else ():
            place = (other, recipe, per, groep, periode)
            if other != stand and self.files.places.get(place, (0, False))[1]:
                out = out * self.files.recipes[recipe].own(self.files.cells.get((*place, *spot), 0))
        return out

    def all(self, per: str, groep: str, spot: tuple[str, int, int]) -> Spread | None:
        """Return what everything that is public says of a count."""
        out = together([self.own(per, groep, spot), self.tree(per, groep, spot)])
        out = out and Spread(0, out.at(0, max(0, out.high)))
        naam, x, k = spot
        if out is None or naam not in ("t", "r") or not self.linked:
            return out
        other, both = ("r" if naam == "t" else "t", x, k), ("n", x, k)
        rest = together([self.own(per, groep, other), self.tree(per, groep, other)])
        n = together([self.own(per, groep, both), self.tree(per, groep, both)])
        return out if rest is None or n is None else out * n.rest(rest)

    @cached_property
    def linked(self) -> bool:
        """Whether each household has one unit: with and without then add up to those that count."""
        of = [(naam, k) for naam, _, k in self.spots if naam in ("t", "r", "n")]
        return {naam for naam, _ in of} == {"t", "r", "n"} and not any(k > 1 for _, k in of)

    def tree(self, per: str, groep: str, spot: tuple[str, int, int]) -> Spread | None:
        """Return what everything but its own value says of a count."""
        key = ("boom", per, groep, spot)
        if key not in self.known:
            self.known[key] = self._tree(per, groep, spot)
        return self.known[key]

    def _tree(self, per: str, groep: str, spot: tuple[str, int, int]) -> Spread | None:
        if per == "":
            return together(self._sum(self.groups[other], other, spot) for other in self.groups if other)
        among, above = list(self.groups[per]), self._whole(per, spot)
        if per == SITE and (coarse := self._coarse(groep)):
            name, at = coarse
            among = [g for g in among if self.parents[name].get(g) == at]
            others = self._sum([g for g in self.groups[name] if g != at], name, spot)
            apart = None if above is None or others is None else above.rest(others)
            above = together([self.own(name, at, spot), apart])
        others = self._sum([g for g in among if g != groep], per, spot)
        return None if above is None or others is None else above.rest(others)

    def _coarse(self, groep: str) -> tuple[str, str] | None:
        """Return the smallest coarser group that a site is a part of, with other sites."""
        found = []
        for name, of in self.parents.items():
            at = of.get(groep)
            many = sum(of.get(g) == at for g in self.groups[SITE])
            if at in self.groups.get(name, ()) and many > 1:
                found.append((many, name, at))
        return min(found)[1:] if found else None

    def _whole(self, per: str, spot: tuple[str, int, int]) -> Spread | None:
        """Return what is known of the whole without one breakdown, nor what its sites make up."""
        same = {SITE, *self.parents} if per in (SITE, *self.parents) else {per}
        left = [other for other in self.groups if other and other not in same]
        own = self.own("", WHOLE, spot) if "" in self.groups else None
        return together([own, *(self._sum(self.groups[other], other, spot) for other in left)])

    def _sum(self, groups: Sequence[str], per: str, spot: tuple[str, int, int]) -> Spread | None:
        """Return what these groups are together; None when one of them shows nothing."""
        key = ("som", per, tuple(groups), spot)
        if key not in self.known:
            out: Spread | None = Spread(0, UNLISTED)
            for groep in groups:
                own = self.own(per, groep, spot)
                out = None if out is None or own is None else out + own
            self.known[key] = out
        return self.known[key]

    def solve(self, spot: tuple[str, int, int]) -> Iterator[Finding]:
        """Yield what is said of every count of this name, and of every step to the next."""
        inner = [*self.inside.of(spot)]
        for per in self.groups:
            expected = self._expected(per, spot)
            within = [self._expected(per, i) for i in inner]
            for groep in self.groups[per]:
                at = (*self.place(per, groep), *spot)
                own, everything = self.own(per, groep, spot), self.all(per, groep, spot)
                if everything is None:
                    continue
                yield Finding(at, None, own, everything, expected[groep])
                for i, less in zip(inner, within, strict=True) if own is not None else ():
                    same = self.value(per, groep, spot) == self.value(per, groep, i)
                    less_own = step(own, self.own(per, groep, i), same=same)
                    by_all = step(everything, self.all(per, groep, i), same=same)
                    more = max(0.0, expected[groep] - less[groep])
                    yield Finding(at, (*self.place(per, groep), *i), less_own, by_all, more)

    def _expected(self, per: str, spot: tuple[str, int, int]) -> dict[str, float]:
        """Return what is expected of each group by the other groups."""
        n = {g: self.files.places.get(self.place(per, g), (0, False))[0] for g in self.groups[per]}
        seen = {g: self.value(per, g, spot) for g in self.groups[per]}
        shown = {g: v for g, v in seen.items() if v is not None}
        total, households = sum(shown.values()), sum(n[g] for g in shown)
        out = {}
        for g, size in n.items():
            others = households - (size if g in shown else 0)
            out[g] = size * (total - shown.get(g, 0)) / others if others > 0 and size else float("nan")
        return out


def step(outer: Spread, inner: Spread, *, same: bool) -> Spread:
    """Return what a count may be that lies in one and not in the other."""
    size = max(1, outer.high - inner.low + 1)
    out = np.array([outer.at(inner.low + d, inner.high + d) @ inner.p for d in range(size)])
    # The same households have the same noise: values that differ say that some lie between.
    out[0] *= same
    return Spread(0, out) if out.sum() > 0 else Spread(0, np.ones(size))


def prior(expected: float, high: int) -> Spread:
    """Return what a stranger expects, who knows the other groups: a negative binomial."""
    mean = max(expected, 0.05)
    return Spread(0, nbinom.pmf(np.arange(high + 1), SHAPE, SHAPE / (SHAPE + mean)))


def told(found: Spread) -> Floats:
    """Return the chance of each of 1..9 for who knows that it is one of these."""
    p = found.at(1, SMALL)
    return p / p.sum() if p.sum() > 0 else np.full(SMALL, 1 / SMALL)

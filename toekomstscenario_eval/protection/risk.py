"""The risk meter: how certain somebody may be of a small count who knows all that is published.

A published count is tied to others: a group to its size, and the groups together to the whole. For each count
the meter multiplies what its own published value says, what a stranger would expect, and what everything else
that is published says about it. It sees public numbers only, so what it decides gives nothing away.

References
----------
Giessing (2016), doi:10.1007/978-3-319-45381-1_18
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from toekomstscenario_eval import design_effect
from toekomstscenario_eval.characteristic_names import characteristic, divides
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.policy import Policy
from toekomstscenario_eval.protection.posterior import SHAPE, Parents, certainty
from toekomstscenario_eval.protection.public import CELLEN, PublicSummary
from toekomstscenario_eval.protection.rules._kinds import KINDS
from toekomstscenario_eval.tie_names import WHOLE_ONLY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Of shares: with, without, and both.
_SIDES, _BOTH = ("t", "r"), "n"
_PLACE, _CLOSED = ("groep", "periode", "huishoudens", "stand", "gesloten", "reden"), "gesloten"
Key = tuple[str, str, int, int]
_SPOT = ("groep", "periode", "naam", "x", "k")
GUESSED = "wie alles weet wat openbaar is, kan hier een klein aantal te goed raden"


@dataclass(frozen=True)
class _Split:
    """What the meter reads of a breakdown; `sums` and `sizes` by when groups were drawn, with how many."""

    counts: Mapping[tuple[str, Key], int]
    # By period the groups with something published: households, and when they were drawn.
    shown: Mapping[str, Mapping[str, tuple[int, str]]]
    sums: Mapping[tuple[Key, str], tuple[int, int]]
    sizes: Mapping[tuple[str, str], tuple[int, int]]
    # By period all groups, also those of which nothing is published.
    places: Mapping[str, int]
    # Whether the values of one thing add up to all households; of a code, anybody may have several or none.
    divided: bool = False

    @classmethod
    def of(cls, summary: PublicSummary) -> _Split:
        """Return what the meter reads of a summary."""
        shown: dict[str, dict[str, tuple[int, str]]] = {}
        sizes, places = dict[tuple[str, str], tuple[int, int]](), dict[str, int]()
        for groep, periode, n, stand, closed, reden in tuples(summary.plekken, _PLACE):
            places[periode] = places.get(periode, 0) + 1
            if not reden:
                # A closed window is the same for ever, whenever it was drawn.
                drawn = _CLOSED if closed else stand
                shown.setdefault(periode, {})[groep] = (n, drawn)
                _add(sizes, (periode, drawn), n)
        counts, sums = dict[tuple[str, Key], int](), dict[tuple[Key, str], tuple[int, int]]()
        # A design effect is no count.
        counted = summary.cellen[summary.cellen["naam"].ne(design_effect.NAME)]
        for groep, periode, naam, x, k, n in tuples(counted, CELLEN):
            key: Key = (periode, naam, x, k)
            counts[groep, key] = n
            _add(sums, (key, shown[periode][groep][1]), n)
        return cls(counts, shown, sums, sizes, places, KINDS[summary.kind].divided)

    def missing(self, periode: str, drawn: str, total: int) -> int:
        """Return how many of `total` households are in groups of which nothing was drawn then."""
        households, groups = self.sizes.get((periode, drawn), (0, 0))
        return max(0, total - households) if groups < self.places.get(periode, 0) else 0


def _add(sums: dict[Any, tuple[int, int]], at: Any, n: int) -> None:
    total, many = sums.get(at, (0, 0))
    sums[at] = (total + n, many + 1)


def split_certainty(
    summary: PublicSummary, whole: PublicSummary | None = None, others: Sequence[PublicSummary] = ()
) -> pd.Series:
    """Return how certain each count of a breakdown is, published or drawn as zero.

    The groups add up to the whole, to the sums over every other breakdown and, where each household has one
    unit, those with and those without to those that count, as do the values of what divides all households.
    Groups of which nothing is published, or that show another day than the whole, are unknown in those sums,
    with what a stranger would expect of them.

    Parameters
    ----------
    summary : PublicSummary
        One breakdown of an indicator.
    whole : PublicSummary, optional
        The same of the whole; without it the groups stand for it.
    others : sequence of PublicSummary
        Other breakdowns of the same indicator.

    Returns
    -------
    Series
        By `groep`, `periode`, `naam`, `x` and `k`, of the places without a reason.
    """
    top = _Split.of(whole) if whole else None
    return _certainties(_Split.of(summary), top, [_Split.of(s) for s in others], summary.ruis)


@dataclass(frozen=True)
class Puzzle:
    """What the meter makes of a breakdown: base cells with what is published of each, and their sums.

    Attributes
    ----------
    spots : sequence of (groep, periode, naam, x, k)
        The cells.
    own, expected : array, shape (cells,)
        What is published of each, and what a stranger expects.
    parents : Parents
        Published sums of these cells.
    """

    spots: Sequence[tuple[str, str, str, int, int]]
    own: Ints
    expected: Floats
    parents: Parents


def puzzle(
    summary: PublicSummary, whole: PublicSummary | None = None, others: Sequence[PublicSummary] = ()
) -> Puzzle:
    """Return what the meter judges of a breakdown; see `split_certainty`."""
    top = _Split.of(whole) if whole else None
    return _puzzle(_Split.of(summary), top, [_Split.of(s) for s in others], summary.ruis)


def _certainties(own: _Split, top: _Split | None, others: Sequence[_Split], noise: Noise) -> pd.Series:
    asked = _puzzle(own, top, others, noise)
    sure: Floats = np.zeros(0)
    if asked.spots:
        sure = certainty(asked.own, asked.expected, asked.parents, noise)
    index = pd.MultiIndex.from_arrays([[s[i] for s in asked.spots] for i in range(5)], names=_SPOT)
    return pd.Series(sure, index=index, dtype="float64")


def _puzzle(own: _Split, top: _Split | None, others: Sequence[_Split], noise: Noise) -> Puzzle:
    keys = list(dict.fromkeys(key for split in (own, top) if split for key, _ in split.sums))
    if top:
        # What only the whole has, groups do not have as zero.
        keys = [key for key in keys if not key[1].startswith(WHOLE_ONLY)]
    linked = _is_linked(keys)
    base = dict.fromkeys((p, side, x, k) for p, _, x, k in keys for side in _SIDES) if linked else keys
    cells = [(groep, key) for key in base for groep in own.shown.get(key[0], ())]
    whole = _Whole.of(own, top)
    # Where one group is all, it is the whole: the same households, the same noise, nothing is added.
    pairs = [(s, s) for s in others] + ([(top, own)] if top else [])
    splits = {
        p: [s for s, parted in pairs if parted.places.get(p, 0) > 1 and (p, drawn) in s.sizes]
        for p, drawn in whole.drawn.items()
    }
    counts = np.array([own.counts.get(cell, 0) for cell in cells], dtype=np.int64)
    size = np.array([own.shown[key[0]][groep][0] for groep, key in cells])
    expected = size * np.array([whole.rate(key) for _, key in cells])
    # Of who is not counted by household a stranger expects nothing in particular.
    expected = np.where(size == 0, counts, expected).astype(np.float64)
    parents = _parents(cells, own, splits, whole, noise.v, linked=linked)
    return Puzzle([(groep, *key) for groep, key in cells], counts, expected, parents)


@dataclass(frozen=True)
class _Whole:
    """By period when the whole was drawn and how many households it has, and what it is read from."""

    drawn: Mapping[str, str]
    households: Mapping[str, int]
    split: Mapping[str, _Split]

    @classmethod
    def of(cls, own: _Split, top: _Split | None) -> _Whole:
        """Return the whole as published, and where it is not the groups that were drawn last."""
        split = {p: top if top and top.shown.get(p) else own for p in own.shown}
        drawn = {p: max(stand for _, stand in s.shown[p].values()) for p, s in split.items()}
        return cls(drawn, {p: s.sizes[p, drawn[p]][0] for p, s in split.items()}, split)

    def rate(self, key: Key) -> float:
        """Return a count per household of its period."""
        total, _ = self.split[key[0]].sums.get((key, self.drawn[key[0]]), (0, 0))
        # Published as nothing it may be a few: one.
        return max(1, total) / max(1, self.households[key[0]])


def _is_linked(keys: Sequence[Key]) -> bool:
    """Whether each household has one unit, with or without: then both add up to those that count."""
    names = {naam for _, naam, _, _ in keys}
    return _BOTH in names and len(names) > 1 and names <= {_BOTH, *_SIDES} and all(k == 1 for *_, k in keys)


def _unknown(key: Key, split: _Split, whole: _Whole) -> tuple[float, float]:
    """Return what is expected of the groups of which nothing was drawn with the whole, and its variance."""
    mean = whole.rate(key) * split.missing(key[0], whole.drawn[key[0]], whole.households[key[0]])
    return mean, mean + mean**2 / SHAPE


def _seen(key: Key, split: _Split, whole: _Whole, v: float) -> tuple[float, float]:
    """Return what a breakdown adds up to, with the variance of its noise and of what is missing."""
    published, many = split.sums.get((key, whole.drawn[key[0]]), (0, 0))
    more, doubt = _unknown(key, split, whole)
    return published + more, v * max(1, many) + doubt


def _parents(
    cells: Sequence[tuple[str, Key]],
    own: _Split,
    splits: Mapping[str, Sequence[_Split]],
    whole: _Whole,
    v: float,
    *,
    linked: bool,
) -> Parents:
    """Return what the cells add up to: each count over all groups, and of each group those who count.

    What divides all households adds up to those of the group.
    """
    together: dict[Key, list[int]] = {}
    sizes: dict[tuple[str, Key], list[int]] = {}
    for i, (groep, key) in enumerate(cells):
        size = (key[0], _BOTH, *key[2:])
        if own.shown[key[0]][groep][1] == whole.drawn[key[0]]:
            for at in (key, size) if linked else (key,):
                together.setdefault(at, []).append(i)
        if linked:
            sizes.setdefault((groep, size), []).append(i)
    rows = [(part, float(own.counts.get(of, 0)), v) for of, part in sizes.items()]
    rows += [(part, float(own.shown[p][groep][0]), v) for (groep, p), part in _divided(cells, own)]
    for key, part in together.items():
        # Sums of the same cells are one sum, known better: weighed by their precision.
        seen = [_seen(key, split, whole, v) for split in splits[key[0]]]
        if precision := sum(1 / variance for _, variance in seen):
            less, doubt = _unknown(key, own, whole)
            best = sum(published / variance for published, variance in seen) / precision
            rows.append((part, best - less, 1 / precision + doubt))
    row = np.repeat(np.arange(len(rows)), [len(part) for part, *_ in rows])
    column = np.array([i for part, *_ in rows for i in part], dtype=np.int64)
    return Parents(
        sparse.csr_array((np.ones(len(row)), (row, column)), shape=(len(rows), len(cells))),
        np.array([published for _, published, _ in rows]),
        np.array([variance for *_, variance in rows]),
    )


def _divided(cells: Sequence[tuple[str, Key]], own: _Split) -> Iterator[tuple[tuple[str, str], list[int]]]:
    """Yield by group and period the cells that divide all households that count there."""
    found: dict[tuple[str, str, str], list[int]] = {}
    if not own.divided:
        return
    for i, (groep, (periode, naam, *_)) in enumerate(cells):
        if divides(naam):
            found.setdefault((groep, periode, characteristic(naam)), []).append(i)
    yield from (((groep, periode), part) for (groep, periode, _), part in found.items())


def guarded(
    splits: Mapping[str, PublicSummary],
    policy: Policy,
    copied: Mapping[str, frozenset[tuple[str, str]]] | None = None,
) -> dict[str, PublicSummary]:
    """Return the summaries in which no small count is too certain: over `policy.risico`.

    A count that its own published value gives away is published as zero, as small counts often are. One that
    was drawn as zero and follows from the rest cannot be helped that way: then its place shows nothing. The
    breakdowns are judged in a fixed order, and again until nothing changes.

    Parameters
    ----------
    splits : mapping of str to PublicSummary
        One indicator by breakdown; the empty text is the whole.
    copied : mapping of str to set of (group, period)
        By breakdown what the register already shows: it is public, and stays as it is.
    """
    kept, read = dict(splits), {per: _Split.of(s) for per, s in splits.items()}
    order = [per for per in ("", *policy.uitsplitsingen, *sorted(kept)) if per in kept]
    changed = True
    while changed:
        changed = False
        for per in dict.fromkeys(order):
            others = [s for name, s in read.items() if name not in ("", per)] if per else []
            found = _certainties(read[per], read.get("") if per else None, others, kept[per].ruis)
            over = found.index[(found > policy.risico).to_numpy()]
            over = over[[spot[:2] not in (copied or {}).get(per, ()) for spot in over]]
            if len(over):
                kept[per], changed = _guard(kept[per], over), True
                read[per] = _Split.of(kept[per])
    return kept


def _guard(summary: PublicSummary, over: pd.MultiIndex) -> PublicSummary:
    shown = pd.MultiIndex.from_frame(summary.cellen[list(_SPOT)])
    gone = shown.isin(over)
    lost = over.difference(shown).droplevel(["naam", "x", "k"]).unique()
    places = pd.MultiIndex.from_frame(summary.plekken[["groep", "periode"]]).isin(lost)
    gone |= pd.MultiIndex.from_frame(summary.cellen[["groep", "periode"]]).isin(lost)
    return replace(
        summary,
        cellen=summary.cellen[~gone].reset_index(drop=True),
        plekken=summary.plekken.assign(reden=summary.plekken["reden"].where(~places, GUESSED)),
    )

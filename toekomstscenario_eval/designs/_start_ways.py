"""Every way in which the starts could have been handed to the regions.

N regions, of which n_g start in wave g (never is a wave too): N! / (n_1! n_2! ...) ways, 11,550 for 4, 4 and
3, and 4,204,200 with three more that never start. A region may be barred from waves in which it could not
have started; each way that is left is as likely. Counting goes region by region over how many places each
wave has left, so the number is known before a way is made.

A statistic that adds a score s[i, g(i)] of each region is had for all ways without making them: the regions
are cut in two halves, each half is written out, and every row of the one is joined to the rows of the other
that fill the waves. Above a limit a sample is drawn, region by region with the chance of each wave by the
number of ways that are left behind it, so that each way is as likely; the ways that were seen are added.

References
----------
Horowitz and Sahni (1974), Computing partitions with applications to the knapsack problem,
doi:10.1145/321812.321823
Phipson and Smyth (2010), doi:10.2202/1544-6115.1585
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.int8]
Bools = NDArray[np.bool_]
# Up to so many ways all are taken; of more a sample with a fixed seed.
ALL, SAMPLE, _SEED = 5_000_000, 19_999, 20261130


@dataclass(frozen=True, eq=False)
class Ways:
    """The ways to hand starts to regions; `seen` is among them.

    Attributes
    ----------
    seen : array of shape (N,)
        The wave of each region, as a row number.
    allowed : array of shape (N, G)
        Which waves a region could have been in.
    most : int
        Up to so many ways all are taken.
    sample : int
        How many are drawn otherwise, the seen one not counted.
    """

    seen: Groups
    allowed: Bools
    most: int = ALL
    sample: int = SAMPLE

    def __post_init__(self) -> None:
        if not self.allowed[np.arange(len(self.seen)), self.seen].all():
            raise ValueError("a region is barred from the wave in which it started")

    @cached_property
    def size(self) -> NDArray[np.int64]:
        """Regions in each wave."""
        return np.bincount(self.seen, minlength=self.allowed.shape[1])

    def count(self, allowed: Bools) -> float:
        """Return the number of ways under other bars, waves as full as they were."""
        return float(self._left(allowed)[0].ravel()[-1])

    @cached_property
    def every(self) -> float:
        """All ways there are."""
        return self.count(self.allowed)

    @property
    def all(self) -> bool:
        """Whether all are taken."""
        return self.every <= self.most

    @property
    def number(self) -> int:
        """How many are taken."""
        return round(self.every) if self.all else self.sample + 1

    def sums(self, values: Floats) -> Iterator[Floats]:
        """Yield blocks (M, j) of sums over i of values[:, i, g(i)]; together they have every way once."""
        n = np.arange(values.shape[1])
        if not self.all:
            yield values.reshape(len(values), -1) @ self._chosen
            return
        first, second, pairs = self._halves
        cut = first.shape[1]
        one = values[:, n[:cut], first].sum(axis=2)
        two = values[:, n[cut:], second].sum(axis=2)
        for a, b in pairs:
            both = one[:, a, None] + two[:, None, b]
            yield both.reshape(len(values), -1)

    def rows(self) -> Groups:
        """Return the waves of the regions in each way (J, N), in the order of `sums`."""
        if not self.all:
            return self._drawn
        first, second, pairs = self._halves
        of_a = [np.repeat(first[a], b.stop - b.start, axis=0) for a, b in pairs]
        of_b = [np.tile(second[b], (a.stop - a.start, 1)) for a, b in pairs]
        return np.hstack([np.concatenate(of_a), np.concatenate(of_b)])

    @cached_property
    def _chosen(self) -> Floats:
        """Return the ways of the sample as columns of zeros and ones: a product is faster than a look-up."""
        regions, waves = self.allowed.shape
        chosen = self._drawn[:, :, None] == np.arange(waves)
        return np.ascontiguousarray(chosen.reshape(len(chosen), regions * waves).T, dtype=np.float64)

    @cached_property
    def _halves(self) -> tuple[Groups, Groups, list[tuple[slice, slice]]]:
        """Return both halves written out, and which rows go together."""
        cut = len(self.seen) // 2
        base = np.concatenate([[1], np.cumprod(self.size + 1)[:-1]])
        first, used = self._written(self.allowed[:cut], base)
        second, filled = self._written(self.allowed[cut:], base)
        full = int(base @ self.size)
        where = {int(code): at for code, at in _runs(filled)}
        pairs = [(at, where[full - int(code)]) for code, at in _runs(used) if full - int(code) in where]
        return first, second, pairs

    def _written(self, allowed: Bools, base: NDArray[np.int64]) -> tuple[Groups, NDArray[np.int64]]:
        """Return each way to fill some regions, and how many of each wave it uses, as one code, sorted."""
        rows: Groups = np.zeros((1, 0), dtype=np.int8)
        used = np.zeros((1, len(self.size)), dtype=np.int8)
        for may in allowed:
            more = []
            for g in np.flatnonzero(may):
                at = np.flatnonzero(used[:, g] < self.size[g])
                count = used[at]
                count[:, g] += 1
                more.append((np.hstack([rows[at], np.full((len(at), 1), g, dtype=np.int8)]), count))
            rows = np.concatenate([m[0] for m in more])
            used = np.concatenate([m[1] for m in more])
        code = used @ base
        order = np.argsort(code, kind="stable")
        return rows[order], code[order]

    def _left(self, allowed: Bools) -> list[Floats]:
        """Return by region k, and by places left in each wave, the ways to place regions k and on."""
        shape = tuple(int(n) + 1 for n in self.size)
        none = np.zeros(shape)
        none.ravel()[0] = 1.0
        out = [none]
        for may in allowed[::-1]:
            ways = np.zeros(shape)
            for g in np.flatnonzero(may):
                if shape[g] > 1:
                    to, of = _shifted(len(shape), int(g))
                    ways[to] += out[0][of]
            out.insert(0, ways)
        return out

    @cached_property
    def _drawn(self) -> Groups:
        """Return the seen way and a sample, the same each time."""
        rng = np.random.default_rng([_SEED, *self.size.tolist()])
        left = [w.ravel() for w in self._left(self.allowed)]
        step = np.cumprod([1, *(self.size[:0:-1] + 1)])[::-1]
        state = np.full(self.sample, len(left[0]) - 1)
        places = np.tile(self.size, (self.sample, 1))
        out = np.empty((self.sample + 1, len(self.seen)), dtype=np.int8)
        out[0] = self.seen
        for k, may in enumerate(self.allowed):
            free = may & (places > 0)
            chance = np.where(free, left[k + 1][np.where(free, state[:, None] - step, 0)], 0.0)
            up_to = chance.cumsum(axis=1)
            g = (rng.random(self.sample)[:, None] * up_to[:, -1:] >= up_to).sum(axis=1)
            out[1:, k] = g
            places[np.arange(self.sample), g] -= 1
            state -= step[g]
        return out


def _shifted(axes: int, g: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Return where a place of wave g is left, and where it has been taken."""
    to, of = [slice(None)] * axes, [slice(None)] * axes
    to[g], of[g] = slice(1, None), slice(None, -1)
    return tuple(to), tuple(of)


def _runs(code: NDArray[np.int64]) -> Iterator[tuple[np.int64, slice]]:
    """Yield each value of a sorted array and where it stands."""
    edge = np.flatnonzero(np.diff(code, prepend=code[0] - 1, append=code[-1] + 1))
    for a, b in pairwise(edge):
        yield code[a], slice(int(a), int(b))

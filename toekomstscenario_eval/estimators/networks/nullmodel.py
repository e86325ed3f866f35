"""Chance as a yardstick: two-mode networks with the same degrees, and smaller samples of equal size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from toekomstscenario_eval.estimators.networks.projection import TwoMode

Measure = Callable[[TwoMode], float]


def curveball(
    netwerk: TwoMode, *, aantal: int, seed: int, late_entry: int = 30, between: int = 5
) -> Iterator[TwoMode]:
    """Yield random two-mode networks with the degrees of `netwerk` on both sides.

    Every household keeps its number of professionals and every professional its number of
    households; who meets whom is otherwise random, each such network equally likely.

    Parameters
    ----------
    aantal : int
        Networks to yield.
    late_entry, between : int
        Rounds before the first network and between two. In a round all households trade at once, in
        random pairs, the professionals that only one of the two has.

    References: Strona et al. 2014, doi 10.1038/ncomms5114; Carstens, Berger & Strona 2018,
    doi 10.1016/j.mex.2018.06.018 (all rows at once; uniform in the limit).
    """
    rng = np.random.default_rng(seed)
    ties = netwerk.ties
    row = np.repeat(np.arange(int(ties.shape[0]), dtype=np.int64), np.diff(ties.indptr))
    column = ties.indices.astype(np.int64)
    one = np.ones(len(row), dtype=np.int64)
    for number in range(aantal):
        for _ in range(late_entry if number == 0 else between):
            row = _trade(row, column, int(ties.shape[0]), int(ties.shape[1]), rng)
        new = sparse.csr_array((one, (row, column)), shape=ties.shape)
        new.sort_indices()
        yield TwoMode(new, netwerk.actors, netwerk.households)


def _trade(
    row: NDArray[np.int64], column: NDArray[np.int64], lines: int, columns: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the rows of the ties after one round of trades; the columns stay where they are."""
    half = lines // 2
    order = rng.permutation(lines)
    link = np.full(lines, -1, dtype=np.int64)
    left, right = order[:half], order[half : 2 * half]
    link[left], link[right] = np.arange(half), np.arange(half)
    key = link[row] * columns + column
    # Whoever both households have stays, and so does a household without a partner.
    loose = np.flatnonzero(_once(key) & (link[row] >= 0))
    pair, is_left = link[row[loose]], row[loose] == left[link[row[loose]]]
    to_left = np.bincount(pair[is_left], minlength=half)
    shuffle = np.argsort(pair + rng.random(len(loose)))
    begin = np.concatenate([[0], np.cumsum(np.bincount(pair, minlength=half))])[:-1]
    spot = np.arange(len(loose)) - begin[pair[shuffle]]
    out = row.copy()
    chosen = spot < to_left[pair[shuffle]]
    out[loose[shuffle]] = np.where(chosen, left[pair[shuffle]], right[pair[shuffle]])
    return out


def _once(key: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values occur once."""
    order = np.argsort(key)
    equal = np.diff(key[order]) == 0
    more_often = np.zeros(len(key), dtype=bool)
    more_often[order[1:][equal]] = True
    more_often[order[:-1][equal]] = True
    return ~more_often


@dataclass(frozen=True)
class AgainstChance:
    """A measure beside what chance gives with the same degrees.

    Attributes
    ----------
    seen, verwacht : float
    onder, boven : float
        The middle 95% of the random networks.
    verhouding : float
        Seen over expected; NaN when nothing is expected.
    p : float
        Two-sided share of networks (the real one included) at least as far from the middle.
    draws : int
    """

    seen: float
    verwacht: float
    onder: float
    boven: float
    verhouding: float
    p: float
    draws: int


NOTHING = AgainstChance(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 0)


def draws(netwerk: TwoMode, maat: Measure, *, aantal: int, seed: int = 0) -> NDArray[np.float64]:
    """Return a measure of random networks with the degrees of `netwerk`."""
    return np.array([maat(n) for n in curveball(netwerk, aantal=aantal, seed=seed)], dtype=np.float64)


def beside(seen: float, chance: NDArray[np.float64]) -> AgainstChance:
    """Put a value beside those that chance gave."""
    if np.isnan(seen) or np.isnan(chance).any() or not len(chance):
        return AgainstChance(seen, np.nan, np.nan, np.nan, np.nan, np.nan, len(chance))
    expected = float(chance.mean())
    under, above = np.quantile(chance, [0.025, 0.975]).tolist()
    # Differences by rounding alone are no differences.
    edge = 1e-12 * max(abs(seen), 1.0)
    higher, lower = np.sum(chance >= seen - edge) + 1, np.sum(chance <= seen + edge) + 1
    p = min(1.0, 2 * float(min(higher, lower)) / (len(chance) + 1))
    return AgainstChance(
        seen, expected, under, above, seen / expected if expected else np.nan, p, len(chance)
    )


def of_size(netwerk: TwoMode, huishoudens: int, maat: Measure, *, aantal: int = 100, seed: int = 0) -> float:
    """Return the mean of a measure over random samples of `huishoudens` households, without repeats."""
    n = int(netwerk.ties.shape[0])
    if huishoudens > n or huishoudens < 1:
        return np.nan
    rng = np.random.default_rng(seed)
    waarden = [maat(rows(netwerk, rng.choice(n, size=huishoudens, replace=False))) for _ in range(aantal)]
    return float(np.mean(waarden))


def rows(netwerk: TwoMode, which: NDArray[np.int64]) -> TwoMode:
    """Return the network of some households, with only the actors that these have."""
    part = sparse.csr_array(netwerk.ties[np.sort(which)])
    over = np.flatnonzero(np.bincount(part.indices, minlength=int(part.shape[1])))
    return TwoMode(sparse.csr_array(part[:, over]), netwerk.actors[over], netwerk.households[np.sort(which)])

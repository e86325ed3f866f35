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
    netwerk: TwoMode, *, aantal: int, seed: int, inlopen: int = 30, tussen: int = 5
) -> Iterator[TwoMode]:
    """Yield random two-mode networks with the degrees of `netwerk` on both sides.

    Every household keeps its number of professionals and every professional its number of
    households; who meets whom is otherwise random, each such network equally likely.

    Parameters
    ----------
    aantal : int
        Networks to yield.
    inlopen, tussen : int
        Rounds before the first network and between two. In a round all households trade at once, in
        random pairs, the professionals that only one of the two has.

    References: Strona et al. 2014, doi 10.1038/ncomms5114; Carstens, Berger & Strona 2018,
    doi 10.1016/j.mex.2018.06.018 (all rows at once; uniform in the limit).
    """
    rng = np.random.default_rng(seed)
    ties = netwerk.ties
    rij = np.repeat(np.arange(int(ties.shape[0]), dtype=np.int64), np.diff(ties.indptr))
    kolom = ties.indices.astype(np.int64)
    een = np.ones(len(rij), dtype=np.int64)
    for nummer in range(aantal):
        for _ in range(inlopen if nummer == 0 else tussen):
            rij = _trade(rij, kolom, int(ties.shape[0]), int(ties.shape[1]), rng)
        nieuw = sparse.csr_array((een, (rij, kolom)), shape=ties.shape)
        nieuw.sort_indices()
        yield TwoMode(nieuw, netwerk.actors, netwerk.households)


def _trade(
    rij: NDArray[np.int64], kolom: NDArray[np.int64], rijen: int, kolommen: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the rows of the ties after one round of trades; the columns stay where they are."""
    helft = rijen // 2
    volgorde = rng.permutation(rijen)
    koppel = np.full(rijen, -1, dtype=np.int64)
    links, rechts = volgorde[:helft], volgorde[helft : 2 * helft]
    koppel[links], koppel[rechts] = np.arange(helft), np.arange(helft)
    sleutel = koppel[rij] * kolommen + kolom
    # Whoever both households have stays, and so does a household without a partner.
    los = np.flatnonzero(_once(sleutel) & (koppel[rij] >= 0))
    paar, is_links = koppel[rij[los]], rij[los] == links[koppel[rij[los]]]
    naar_links = np.bincount(paar[is_links], minlength=helft)
    schud = np.argsort(paar + rng.random(len(los)))
    begin = np.concatenate([[0], np.cumsum(np.bincount(paar, minlength=helft))])[:-1]
    plek = np.arange(len(los)) - begin[paar[schud]]
    uit = rij.copy()
    gekozen = plek < naar_links[paar[schud]]
    uit[los[schud]] = np.where(gekozen, links[paar[schud]], rechts[paar[schud]])
    return uit


def _once(sleutel: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values occur once."""
    volgorde = np.argsort(sleutel)
    gelijk = np.diff(sleutel[volgorde]) == 0
    vaker = np.zeros(len(sleutel), dtype=bool)
    vaker[volgorde[1:][gelijk]] = True
    vaker[volgorde[:-1][gelijk]] = True
    return ~vaker


@dataclass(frozen=True)
class AgainstChance:
    """A measure beside what chance gives with the same degrees.

    Attributes
    ----------
    gezien, verwacht : float
    onder, boven : float
        The middle 95% of the random networks.
    verhouding : float
        Seen over expected; NaN when nothing is expected.
    p : float
        Two-sided share of networks (the real one included) at least as far from the middle.
    trekkingen : int
    """

    gezien: float
    verwacht: float
    onder: float
    boven: float
    verhouding: float
    p: float
    trekkingen: int


NIETS = AgainstChance(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 0)


def draws(netwerk: TwoMode, maat: Measure, *, aantal: int, seed: int = 0) -> NDArray[np.float64]:
    """Return a measure of random networks with the degrees of `netwerk`."""
    return np.array([maat(n) for n in curveball(netwerk, aantal=aantal, seed=seed)], dtype=np.float64)


def beside(gezien: float, toeval: NDArray[np.float64]) -> AgainstChance:
    """Put a value beside those that chance gave."""
    if np.isnan(gezien) or np.isnan(toeval).any() or not len(toeval):
        return AgainstChance(gezien, np.nan, np.nan, np.nan, np.nan, np.nan, len(toeval))
    verwacht = float(toeval.mean())
    onder, boven = np.quantile(toeval, [0.025, 0.975]).tolist()
    # Differences by rounding alone are no differences.
    rand = 1e-12 * max(abs(gezien), 1.0)
    hoger, lager = np.sum(toeval >= gezien - rand) + 1, np.sum(toeval <= gezien + rand) + 1
    p = min(1.0, 2 * float(min(hoger, lager)) / (len(toeval) + 1))
    return AgainstChance(
        gezien, verwacht, onder, boven, gezien / verwacht if verwacht else np.nan, p, len(toeval)
    )


def of_size(netwerk: TwoMode, huishoudens: int, maat: Measure, *, aantal: int = 100, seed: int = 0) -> float:
    """Return the mean of a measure over random samples of `huishoudens` households, without repeats."""
    n = int(netwerk.ties.shape[0])
    if huishoudens > n or huishoudens < 1:
        return np.nan
    rng = np.random.default_rng(seed)
    waarden = [maat(rows(netwerk, rng.choice(n, size=huishoudens, replace=False))) for _ in range(aantal)]
    return float(np.mean(waarden))


def rows(netwerk: TwoMode, welke: NDArray[np.int64]) -> TwoMode:
    """Return the network of some households, with only the actors that these have."""
    deel = sparse.csr_array(netwerk.ties[np.sort(welke)])
    over = np.flatnonzero(np.bincount(deel.indices, minlength=int(deel.shape[1])))
    return TwoMode(sparse.csr_array(deel[:, over]), netwerk.actors[over], netwerk.households[np.sort(welke)])

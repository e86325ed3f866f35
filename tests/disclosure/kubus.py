"""Invented tables with all their margins, and an attacker of their own.

The attacker knows the margins add up and no number is negative; it works with exact fractions and
with bounds, and shares nothing with the attack in the package.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from toekomstscenario_eval.disclosure.system import System, build


def tabel(kans: np.random.Generator, vorm: tuple[int, ...], gemiddeld: float) -> np.ndarray:
    """Return a table of counts with its margins as the last of each axis."""
    schaal = np.ones(vorm)
    for as_, lengte in enumerate(vorm):
        schaal = schaal * kans.gamma(1.2, 1 / 1.2, lengte).reshape(
            [-1 if i == as_ else 1 for i in range(len(vorm))]
        )
    cellen = kans.poisson(gemiddeld * schaal).astype(float)
    for as_ in range(len(vorm)):
        cellen = np.concatenate((cellen, cellen.sum(axis=as_, keepdims=True)), axis=as_)
    return cellen


def sommen(nummers: np.ndarray) -> Iterator[list[int]]:
    """Return the numbers of the cells of every sum, its margin last."""
    for as_ in range(nummers.ndim):
        ander = [range(n) for i, n in enumerate(nummers.shape) if i != as_]
        for plek in itertools.product(*ander):
            index: list[int | slice] = list(plek)
            index.insert(as_, slice(None))
            yield nummers[tuple(index)].tolist()


def stelsel(cellen: np.ndarray, open_: np.ndarray) -> System:
    """Return one table as the system that the package attacks."""
    nummers = np.arange(cellen.size).reshape(cellen.shape)
    rijen = [(k, [1.0] * (len(k) - 1) + [-1.0]) for k in sommen(nummers)]
    return build(cellen.ravel(), rijen, open_.ravel())


def kraak(rijen: list[list[int]], waarden: np.ndarray, open_: np.ndarray) -> set[int]:
    """Return which hidden numbers are known exactly: by elimination, and by adding up to nothing."""
    dicht = ~open_.copy()
    gekraakt: set[int] = set()
    while True:
        kolommen = np.flatnonzero(dicht)
        plek = {k: i for i, k in enumerate(kolommen.tolist())}
        vergelijkingen = []
        for rij in rijen:
            v = np.zeros(len(kolommen))
            for i, k in enumerate(rij):
                if k in plek:
                    v[plek[k]] += 1.0 if i < len(rij) - 1 else -1.0
            if v.any():
                vergelijkingen.append(v)
        nieuw = _nul(rijen, waarden, dicht) | _vast(vergelijkingen, kolommen)
        if not nieuw:
            return gekraakt
        gekraakt |= nieuw
        dicht[list(nieuw)] = False


def _nul(rijen: list[list[int]], waarden: np.ndarray, dicht: np.ndarray) -> set[int]:
    """Parts of which the published sum leaves nothing are all zero."""
    uit: set[int] = set()
    for *delen, geheel in rijen:
        if not dicht[geheel]:
            weg = [k for k in delen if dicht[k]]
            if weg and waarden[weg].sum() == 0:
                uit |= set(weg)
    return uit


def _vast(vergelijkingen: list[np.ndarray], kolommen: np.ndarray) -> set[int]:
    if not vergelijkingen:
        return set()
    _, s, vt = np.linalg.svd(np.array(vergelijkingen))
    rang = int((s > 1e-9).sum())
    kern = vt[rang:]
    return {int(k) for i, k in enumerate(kolommen) if np.abs(kern[:, i]).max(initial=0.0) < 1e-8}

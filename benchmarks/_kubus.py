"""An invented table of site by measure by year with all its margins, as a system of equations."""

from __future__ import annotations

import itertools

import numpy as np

from toekomstscenario_eval.disclosure.system import Stelsel, build

VORM = (10, 7, 4)


def kubus(seed: int, vorm: tuple[int, ...] = VORM, gemiddeld: float = 14.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of all cells, margins last along each axis, and which are inner cells."""
    kans = np.random.default_rng(seed)
    schaal = np.ones(vorm)
    for as_, lengte in enumerate(vorm):
        schaal = schaal * kans.gamma(1.2, 1 / 1.2, lengte).reshape(
            [-1 if i == as_ else 1 for i in range(len(vorm))]
        )
    cellen = kans.poisson(gemiddeld * schaal).astype(float)
    for as_ in range(len(vorm)):
        cellen = np.concatenate((cellen, cellen.sum(axis=as_, keepdims=True)), axis=as_)
    binnen = np.zeros(cellen.shape, dtype=bool)
    binnen[tuple(slice(0, n) for n in vorm)] = True
    return cellen, binnen


def stelsel(cellen: np.ndarray, open_: np.ndarray) -> Stelsel:
    """Return the system: along every axis the parts add up to the margin."""
    nummer = np.arange(cellen.size).reshape(cellen.shape)
    rijen = []
    for as_, lengte in enumerate(cellen.shape):
        ander = [range(n) for i, n in enumerate(cellen.shape) if i != as_]
        for plek in itertools.product(*ander):
            index = list(plek)
            index.insert(as_, slice(None))
            kolommen = nummer[tuple(index)].tolist()
            rijen.append((kolommen, [1.0] * (lengte - 1) + [-1.0]))
    return build(cellen.ravel(), rijen, open_.ravel())

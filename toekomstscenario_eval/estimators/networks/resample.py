"""Uncertainty: intervals by leaving out households, and what missing ties would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Measures = Callable[[NDArray[np.bool_]], Mapping[str, float]]


@dataclass(frozen=True)
class Interval:
    """An estimate with its standard error and 95% interval; NaN where it cannot be had."""

    schatting: float
    fout: float
    onder: float
    boven: float


def jackknife(
    huishoudens: NDArray[np.int64], calculate: Measures, *, groepen: int = 15, seed: int = 0
) -> dict[str, Interval]:
    """Return intervals of measures over the sampling of households, by a delete-a-group jackknife.

    The households are dealt at random into groups; every measure is computed again without each
    group. A bootstrap would draw households twice, and a household that is there twice makes no new
    tie: the density of a bootstrapped network is too low by construction. Leaving out keeps to
    networks of nearly the full size.

    Parameters
    ----------
    huishoudens : array of int
        The households, or the household of each row of ties.
    calculate : callable
        Takes which of them to keep and returns the measures by name.

    Reference: Kott 2001, J. Official Statistics 17(4); Snijders & Borgatti 1999, Connections 22(2).
    """
    everything = calculate(np.ones(len(huishoudens), dtype=bool))
    unique, spot = np.unique(huishoudens, return_inverse=True)
    g = min(groepen, len(unique))
    if g < 2:
        return {naam: Interval(w, np.nan, np.nan, np.nan) for naam, w in everything.items()}
    turn = np.random.default_rng(seed).permutation(np.arange(len(unique)) % g)[spot]
    without = [calculate(turn != i) for i in range(g)]
    return {naam: _interval(w, [z[naam] for z in without]) for naam, w in everything.items()}


def _interval(schatting: float, without: Sequence[float]) -> Interval:
    waarden, g = np.asarray(without, dtype=np.float64), len(without)
    if np.isnan(waarden).any() or np.isnan(schatting):
        return Interval(schatting, np.nan, np.nan, np.nan)
    fout = float(np.sqrt((g - 1) / g * np.sum((waarden - waarden.mean()) ** 2)))
    margin = float(stats.t.ppf(0.975, g - 1)) * fout
    return Interval(schatting, fout, schatting - margin, schatting + margin)


def missing_ties(
    rows: int,
    calculate: Measures,
    *,
    parts: Sequence[float] = (0.05, 0.10, 0.20),
    aantal: int = 20,
    seed: int = 0,
) -> pd.DataFrame:
    """Return what measures become when a share of the ties was not registered.

    Returns
    -------
    DataFrame
        `maat, deel, gemiddelde, laagste, hoogste` over `aantal` random omissions; `deel` 0 is what
        was seen.
    """
    rng = np.random.default_rng(seed)
    out = [
        {"maat": m, "deel": 0.0, "gemiddelde": w, "laagste": w, "hoogste": w}
        for m, w in calculate(np.ones(rows, dtype=bool)).items()
    ]
    for part in parts:
        gone = round(part * rows)
        loop = []
        for _ in range(aantal):
            keep = np.ones(rows, dtype=bool)
            keep[rng.choice(rows, size=gone, replace=False)] = False
            loop.append(calculate(keep))
        for maat in loop[0] if loop else ():
            w = np.array([x[maat] for x in loop])
            out.append(
                {"maat": maat, "deel": part, "gemiddelde": w.mean(), "laagste": w.min(), "hoogste": w.max()}
            )
    return pd.DataFrame(out, columns=["maat", "deel", "gemiddelde", "laagste", "hoogste"])

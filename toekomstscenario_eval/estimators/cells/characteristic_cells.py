"""Estimator of characteristics of households from published counts: those with each, over all that count."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from toekomstscenario_eval.estimators import characteristic, share
from toekomstscenario_eval.estimators.cells.shown import (
    FROM_COUNTS,
    Shown,
    few,
    hidden,
    of_both,
    rows,
    why_none,
)
from toekomstscenario_eval.estimators.intervals import Outcome, choose, column
from toekomstscenario_eval.protection.noise import Noise, noise_of_ratio
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.types import TOON, Estimates, Maat

INTERVALS = characteristic.INTERVALS


def estimate_group(
    cells: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    noise: Noise,
    step: int,  # noqa: ARG001 - a household has it or not
    cap: int,  # noqa: ARG001 - the same
    threshold: int,
    least: Least = LEAST,  # noqa: ARG001 - of a share both sides need the threshold
    interval: str = "",
) -> Estimates:
    """Estimate the share of the households of one place with each characteristic.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam` (that of the characteristic), `n`: published counts of households.
    huishoudens : int
        Published number of households of the place.
    maten, interval
        As in `estimators.characteristic`.
    noise, threshold
        As in `protection.public.PublicSummary`.

    Returns
    -------
    Estimates
        `aandeel` = t / n; in words only where fewer than `threshold` households have it, or have it not.
    """
    choose(maten, {"aandeel": None}, soort="kenmerk")
    counts = dict(zip(cells["naam"], column(cells, "n"), strict=True))
    reden = why_none(huishoudens, huishoudens)
    found = {naam: float(counts.get(naam, 0.0)) for naam in maten}
    shown = {
        naam: hidden(reden) if reden else _shown(t, huishoudens, noise.v, threshold, interval or INTERVALS[0])
        for naam, t in found.items()
    }

    def counted(naam: str) -> dict[str, float]:
        return {"n": huishoudens, "teller": found[naam], "noemer": float(huishoudens), "gecensureerd": 0}

    return Estimates(rows(maten, shown, counted))


def _shown(t: float, n: int, v: float, threshold: int, interval: str) -> Shown:
    weergave = of_both(t, n - t, threshold)
    if weergave != TOON:
        return few(weergave)
    naam, bounds = share.METHODS[interval]
    p = t / n
    extent = p * (1 - p) / (p * (1 - p) / n + noise_of_ratio(p, n, v))
    return Shown(Outcome(f"{FROM_COUNTS}: {naam}, 95%-interval, met de ruis", p, bounds(p, extent)))

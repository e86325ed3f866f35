"""Estimator of a share from published counts: households with at least k of the teller, and of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from toekomstscenario_eval.estimators import share
from toekomstscenario_eval.estimators.cells.nested import Nested, nested
from toekomstscenario_eval.estimators.cells.shown import (
    FROM_COUNTS,
    Shown,
    few,
    hidden,
    of_both,
    rows,
    why_none,
)
from toekomstscenario_eval.estimators.intervals import Outcome, choose
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.types import TOON, Estimates, Maat

INTERVALS = share.INTERVALS


@dataclass(frozen=True)
class Counts:
    """Nested counts of teller (t), rest (r) and noemer (n) per household, and `huishoudens` in all."""

    t: Nested
    r: Nested
    n: Nested
    huishoudens: int

    @property
    def noemer(self) -> float:
        """Units in the denominator: teller and rest, drawn each on its own."""
        return self.t.sum() + self.r.sum()


def estimate_group(
    cells: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    noise: Noise,
    step: int,
    cap: int,
    threshold: int,
    interval: str = "",
) -> Estimates:
    """Estimate the share of one place.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam` (`t`, `r`, `n`), `x`, `k`, `n`: published counts of households.
    huishoudens : int
        Published number of households of the place.
    maten : mapping
        Only `aandeel` is known, as id or as `schatter`.
    noise, step, cap, threshold
        As in `protection.public.PublicSummary`.
    interval : str
        `wilson` (also when empty) or `clopper-pearson`.

    Returns
    -------
    Estimates
        `aandeel` = t / (t + r); in words only where fewer than `threshold` households have any of the teller,
        or any of the rest. No series.
    """
    c = _counts(cells, huishoudens, ladder(step, cap), noise.v)
    choice = choose(maten, {"aandeel": partial(_share, interval=interval or INTERVALS[0])}, soort="aandeel")
    reden = why_none(c.noemer, huishoudens)
    weergave = of_both(c.t.households, c.r.households, threshold)
    shown = {
        naam: hidden(reden) if reden else few(weergave) if weergave != TOON else calculate(c)
        for naam, calculate in choice.items()
    }
    tellingen = {"n": huishoudens, "teller": c.t.sum(), "noemer": c.noemer, "gecensureerd": 0}
    return Estimates(rows(maten, shown, lambda _: tellingen))


def _counts(cells: pd.DataFrame, huishoudens: int, steps: tuple[int, ...], v: float) -> Counts:
    t, r, n = (nested(cells, naam, steps, v) for naam in ("t", "r", "n"))
    if t.single and r.single and n.single:
        t, r, n = t.first(), r.first(), n.first()
    return Counts(t, r, n, huishoudens)


def _share(c: Counts, *, interval: str) -> Shown:
    naam, bounds = share.METHODS[interval]
    p = c.t.sum() / c.noemer
    n_eff, association = (
        _extent(c, p),
        "" if c.n.single else ", gecorrigeerd voor samenhang binnen huishoudens",
    )
    methode = f"{FROM_COUNTS}: {naam}, 95%-interval, met de ruis{association}"
    return Shown(Outcome(methode, p, bounds(p, n_eff)))


def _extent(c: Counts, p: float) -> float:
    """Return the number of independent units that would give the variance of sampling and noise together.

    Sampling: as in `estimators.share.effective_extent`, with sums of squares from the nested counts and the
    sum of products from r = n - t. Noise: the variance of (1 - p) t - p r, over noemer^2.
    """
    noemer = c.noemer
    independent = noemer if c.n.single else share.effective_extent(_sums(c))
    noise = c.t.noise((1 - p) * c.t.weight()) + c.r.noise(p * c.r.weight())
    return p * (1 - p) / (p * (1 - p) / independent + noise / noemer**2)


def _sums(c: Counts) -> share.Sums:
    tt, rr, nn = (x.sum(2) for x in (c.t, c.r, c.n))
    return share.Sums(c.huishoudens, c.t.sum(), c.noemer, tt, nn, (tt + nn - rr) / 2)

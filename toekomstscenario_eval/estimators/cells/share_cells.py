"""Estimator of a share from published counts: households with at least k of the teller, and of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from toekomstscenario_eval.estimators import share
from toekomstscenario_eval.estimators.cells.nested import Nested, nested, noise_of_part, weights
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
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.types import TOON, Estimates, Maat

INTERVALS = share.INTERVALS


@dataclass(frozen=True)
class Counts:
    """Nested counts of teller (t), rest (r) and noemer (n) per household, and `huishoudens` in all.

    `of_low` is the variance of the mean value of those below the second step.
    """

    t: Nested
    r: Nested
    n: Nested
    huishoudens: int
    of_low: float = 0.0

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
    least: Least = LEAST,  # noqa: ARG001 - of a share both sides need the threshold
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
    noise, step, cap, threshold, least
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
        return Counts(t.first(), r.first(), n.first(), huishoudens)
    if steps[1] == steps[0] + 1:
        return Counts(t, r, n, huishoudens)
    low, variance = _lowest(t, r, n)
    return Counts(replace(t, low=low), replace(r, low=low), n, huishoudens, variance)


def _lowest(t: Nested, r: Nested, n: Nested) -> tuple[float, float]:
    """Return the mean value of the households below the second step, and its variance.

    Many a household lacks a few days only, far from the middle of 1 to 29. Teller and rest must add up to
    the noemer: that says where these lie. What noise and steps leave uncertain is weighed against a mean
    that lies anywhere in the step.
    """
    start, wide = t.steps[0], t.steps[1] - t.steps[0]
    middle, anywhere, below = float(weights(t.steps)[0]), (wide - 1) ** 2 / 12, t.below + r.below
    if below <= 0:
        return middle, anywhere
    gap = (n.sum() - t.sum() - r.sum()) / below
    noise = sum(x.noise_of_sum() for x in (t, r, n)) + wide**2 / 12 * (t.households + r.households)
    seen = noise / below**2
    part = anywhere / (anywhere + seen)
    return min(max(middle + part * gap, float(start)), float(start + wide - 1)), part * seen


def _share(c: Counts, *, interval: str) -> Shown:
    naam, bounds = share.METHODS[interval]
    p = c.t.sum() / c.noemer
    n_eff, association = (
        _extent(c, p),
        "" if c.n.single else ", gecorrigeerd voor samenhang binnen huishoudens",
    )
    methode = f"{FROM_COUNTS}: {naam}, 95%-interval, met de ruis{association}"
    return Shown(Outcome(methode, p, bounds(p, n_eff), share.standard_error(p, n_eff)))


def _extent(c: Counts, p: float) -> float:
    """Return the number of independent units that would give the variance of sampling and noise together.

    Sampling: as in `estimators.share.effective_extent`, with sums of squares from the nested counts and the
    sum of products from r = n - t. Noise: the variance of (1 - p) t - p r, over noemer^2, with what is not
    known of the lowest step.
    """
    noemer = c.noemer
    independent = noemer if c.n.single else share.effective_extent(_sums(c))
    if not 0 < p < 1:
        # Nobody, or all of them: only where no threshold hides that, and then the noise is not seen here.
        return independent if independent > 0 else noemer
    low = ((1 - p) * c.t.below - p * c.r.below) ** 2 * c.of_low / noemer**2
    return p * (1 - p) / (p * (1 - p) / independent + noise_of_part(c.t, c.r) + low)


def _sums(c: Counts) -> share.Sums:
    tt, rr, nn = (x.sum(2) for x in (c.t, c.r, c.n))
    return share.Sums(c.huishoudens, c.t.sum(), c.noemer, tt, nn, (tt + nn - rr) / 2)

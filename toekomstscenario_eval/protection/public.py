"""What leaves: protected counts of households, and nothing else. Made by `waist` alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.types import Kind

if TYPE_CHECKING:
    from toekomstscenario_eval.protection.policy import Policy

# One published count: households with at least `k` of what `naam` counts, on grid point `x` (see
# `summaries.cells`); `n` is the protected number.
CELLEN = ("groep", "periode", "naam", "x", "k", "n")
# One place of the breakdown: the published number of households that count, the first day of the epoch in
# which its cells were drawn (ISO text), the days of the window, whether that window was closed by then, and
# the reason when there are no cells.
PLEKKEN = ("groep", "periode", "huishoudens", "stand", "kap", "gesloten", "reden")

# Beside the breakdowns of a result: what was left out of the whole.
OUTSIDE = "buiten"


@dataclass(frozen=True)
class Least:
    """From which published number on something is estimated; see the rules of a policy.

    Attributes
    ----------
    median, p90, series : int
        Households for a median, a 90th percentile, and a curve or distribution.
    at_risk : int
        Spells at risk for a step of a curve.
    between_sites : int
        Households of every site for a figure between sites.
    tie, tie_whole : int
        Households for a tie of a network, and for one of the network of the whole.
    triads : int
        Open triads for the roles of brokers.
    score, change : int
        Households for a mean score, and for the change of one.
    alpha, kappa, icc : int
        Households for the reliability of a scale, a kappa, and an intraclass correlation.
    recurrent, events : int
        Households, and events, for the mean of what can happen more than once.
    test_spells, test_events : int
        Spells, and spells ended, of every group in a test.
    """

    median: int = 30
    p90: int = 100
    series: int = 100
    at_risk: int = 5
    between_sites: int = 10
    tie: int = 10
    tie_whole: int = 5
    triads: int = 100
    score: int = 30
    change: int = 50
    alpha: int = 30
    kappa: int = 100
    icc: int = 300
    recurrent: int = 30
    events: int = 25
    test_spells: int = 50
    test_events: int = 20

    @classmethod
    def of(cls, policy: Policy) -> Least:
        """Return what a policy sets."""
        return cls(
            median=policy.mediaan_vanaf,
            p90=policy.p90_vanaf,
            series=policy.omvang_uitsplitsing,
            at_risk=policy.risicoset_vanaf,
            between_sites=policy.tussen_plaatsen_vanaf,
            score=policy.score_vanaf,
            change=policy.verandering_vanaf,
            alpha=policy.alfa_vanaf,
            kappa=policy.kappa_vanaf,
            icc=policy.icc_vanaf,
            recurrent=policy.herhaald_vanaf,
            events=policy.herhaald_gebeurtenissen_vanaf,
            test_spells=policy.toets_duren_vanaf,
            test_events=policy.toets_einden_vanaf,
            tie=policy.band_vanaf,
            tie_whole=policy.band_geheel_vanaf,
            triads=policy.drietallen_vanaf,
        )


LEAST = Least()


@dataclass(frozen=True)
class PublicSummary:
    """The protected summary of one indicator by one breakdown; open data.

    Attributes
    ----------
    cellen, plekken : DataFrame
        Columns `CELLEN` and `PLEKKEN`. Of a place with a reason there are no cells.
    ruis : Noise
        How the counts differ from the true ones.
    recept : str
        What was asked: indicator, version, choices and window.
    uitsplitsing : str
        The breakdown; empty for the whole.
    stap : int
        Width of the steps of `k` of what counts days: 1 or 30. Of scores and answers to items the
        finest step of `x`, in millionths of a point.
    drempel : int
        A published count under it reads "minder dan"; nothing is estimated from it.
    vanaf : Least
        From which numbers on the rest is estimated.
    """

    kind: Kind
    cellen: pd.DataFrame = field(repr=False)
    plekken: pd.DataFrame = field(repr=False)
    ruis: Noise
    recept: str = ""
    uitsplitsing: str = ""
    stap: int = 1
    drempel: int = 10
    vanaf: Least = LEAST

    def beside(self, other: PublicSummary, groups: Collection[str]) -> PublicSummary:
        """Return this summary with these groups of another of the same breakdown added."""
        cellen, plekken = (
            pd.concat([own, theirs[theirs["groep"].isin(groups)]], ignore_index=True)
            for own, theirs in ((self.cellen, other.cellen), (self.plekken, other.plekken))
        )
        return replace(self, cellen=cellen, plekken=plekken)

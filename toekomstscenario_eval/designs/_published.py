"""What designs read from protected cells, beside the estimates that were made of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toekomstscenario_eval.grids import POINT, ladder, middles, score_ladder
from toekomstscenario_eval.protection.noise import noise_variance
from toekomstscenario_eval.protection.public import OUTSIDE, PublicSummary
from toekomstscenario_eval.types import Kind

# A household that has it, that has not, and that counts; households with a unit of which is counted.
_HAVING, _REST, _ALL = "t", "r", "n"
_COUNT, _UNITS = "a", "u"
# Of a score those that have so much or more, and under zero so much or less, for each mean that sites have.
_MEANS = {"gemiddelde": "w", "gemiddelde_voor": "v", "verschil": "d"}
_BELOW = "_onder"
# Whether the cells of a kind are those of a share.
SHARES: Mapping[Kind, bool] = {
    Kind.AANDEEL: True,
    Kind.AANTAL: False,
    Kind.DUUR: False,
    Kind.HERHAALD: False,
    Kind.SCORE: False,
    Kind.MATRIX: False,
    Kind.NETWERK: False,
    Kind.KENMERK: False,
    Kind.TELLING: False,
}
# Whether they are those of a score.
_SCORES: Mapping[Kind, bool] = {
    Kind.AANDEEL: False,
    Kind.AANTAL: False,
    Kind.DUUR: False,
    Kind.HERHAALD: False,
    Kind.SCORE: True,
    Kind.MATRIX: False,
    Kind.NETWERK: False,
    Kind.KENMERK: False,
    Kind.TELLING: False,
}


def one_each(summaries: Mapping[str, PublicSummary]) -> bool:
    """Whether this is a share of households: in no breakdown one that brings more than one unit."""
    return _one_unit(summaries, SHARES, _ALL)


def _one_unit(summaries: Mapping[str, PublicSummary], kinds: Mapping[Kind, bool], units: str) -> bool:
    """Whether all are of these kinds, and no household has more than one of what `units` counts."""
    return all(
        kinds[s.kind] and not s.cellen.loc[s.cellen["naam"].eq(units), "k"].gt(1).any()
        for per, s in summaries.items()
        if per != OUTSIDE
    )


@dataclass(frozen=True)
class Published:
    """What is published of the groups of a breakdown over the whole window.

    Attributes
    ----------
    groups : tuple of str
        Every group.
    few : int
        Groups with fewer households than the threshold, or of which the number is not published.
    counts : mapping
        By group the published households that have it, that have not, and that count. A group of which
        nothing is published, or both are zero, has none: there is no share of it.
    """

    groups: tuple[str, ...]
    few: int
    counts: Mapping[str, tuple[int, int, int]]


def published(summary: PublicSummary) -> Published:
    """Return the published counts of every group of a share of households."""
    cells = {
        (naam, groep): int(n)
        for groep, periode, naam, k, n in summary.cellen[["groep", "periode", "naam", "k", "n"]].itertuples(
            index=False
        )
        if periode == "" and k == 1
    }
    places = [
        (str(groep), float(n), reason)
        for groep, periode, n, reason in summary.plekken[
            ["groep", "periode", "huishoudens", "reden"]
        ].itertuples(index=False)
        if periode == ""
    ]
    counts = {
        groep: (cells.get((_HAVING, groep), 0), cells.get((_REST, groep), 0), round(n))
        for groep, n, reason in places
        if not reason and not math.isnan(n)
    }
    few = sum(not n >= summary.vanaf.between_sites for _, n, _ in places)
    known = {groep: both for groep, both in counts.items() if both[0] + both[1] > 0}
    return Published(tuple(groep for groep, _, _ in places), few, known)


def mean_in_cells(summaries: Mapping[str, PublicSummary], figure: str) -> bool:
    """Whether this is a mean of scores of households: in no breakdown one that brings more than one."""
    return figure in _MEANS and _one_unit(summaries, _SCORES, _UNITS)


@dataclass(frozen=True)
class Means:
    """What is published of a mean score of the groups of a breakdown over the whole window.

    Attributes
    ----------
    groups, few
        As in `Published`.
    found : mapping
        By group the mean and its standard error: chance and noise, each with one spread in all groups. A
        group of which nothing is published has none.
    """

    groups: tuple[str, ...]
    few: int
    found: Mapping[str, tuple[float, float]]


def published_means(summary: PublicSummary, figure: str) -> Means:
    """Return the mean score of every group; none at all where a mean does not follow from the counts.

    With U_x the households that score x or more, and D_x those that score minus x or less, N all and h the
    widths of the steps, the mean is the sum of h (U_x - D_x) / N, less the bias V (mean - lowest) / N^2 of a
    ratio; its noise is that of nested counts, N among them.
    """
    places = summary.plekken[summary.plekken["periode"].eq("")]
    cells = summary.cellen[summary.cellen["periode"].eq("")]
    groups = tuple(str(groep) for groep in places["groep"])
    few = int((~places["huishoudens"].ge(summary.vanaf.between_sites)).sum())
    parts = {str(groep): part for groep, part in cells.groupby("groep", sort=False)}
    scored = {
        groep: _Scored.of(parts[groep], _MEANS[figure], summary)
        for groep, reason in zip(groups, places["reden"], strict=True)
        if not reason and groep in parts
    }
    freedom = sum(s.n - 1 for s in scored.values())
    within = sum(s.squares for s in scored.values()) / freedom if freedom > 0 else 0.0
    if within <= 0 or any(s.beyond for s in scored.values()):
        return Means(groups, few, {})
    # One spread of the noise too: what looks less noisy by chance would weigh more, and is lower on average.
    noise = sum(s.noise * s.n**2 for s in scored.values()) / len(scored)
    found = {groep: (s.mean, math.sqrt(within / s.n + noise / s.n**2)) for groep, s in scored.items()}
    return Means(groups, few, found)


@dataclass(frozen=True)
class _Scored:
    """Scores of one group: households, mean, sum of squared deviations, noise variance of the mean."""

    n: float
    mean: float
    squares: float
    noise: float
    beyond: bool

    @classmethod
    def of(cls, cells: pd.DataFrame, naam: str, summary: PublicSummary) -> _Scored:
        """Return what the counts of one group say."""
        n = float(cells.loc[cells["naam"].eq(_UNITS), "n"].sum())
        steps = np.array(score_ladder()) * (summary.stap / POINT)
        by_step = (
            cells[cells["naam"].eq(naam + side)].set_index("x")["n"].reindex(score_ladder(), fill_value=0)
            for side in ("", _BELOW)
        )
        up, down = (counts.to_numpy(dtype=float) for counts in by_step)
        wide, square = (np.diff(steps**power, prepend=0.0) for power in (1, 2))
        ratio = float(wide @ (up - down)) / n
        lowest = float(wide @ (up == n)) - float(wide @ (down == n))
        mean = ratio - summary.ruis.v * (ratio - lowest) / n**2
        # All and those above the lowest step that anybody has are one set, with one noise.
        most, fewer, sign = (up, down, 1.0) if up[0] >= down[0] else (down, up, -1.0)
        noise = noise_variance(np.append(-mean, sign * wide), np.append(n, most), summary.ruis.v)
        noise += noise_variance(wide, fewer, summary.ruis.v)
        squares = max(0.0, float(square @ (up + down)) - n * mean**2)
        return cls(n, mean, squares, float(noise) / n**2, bool(up[-1] > 0 or down[-1] > 0))


def spread(summary: PublicSummary, groep: str) -> float:
    """Return the standard deviation of a count between households, from "households with at least v".

    With C_v households that have at least v, the mean is the sum of C_v / n and the second moment that of
    (2 v - 1) C_v / n; where v takes wider steps a household counts as the middle of its step. NaN when
    households bring more than one count, or noise leaves no spread.
    """
    cells = summary.cellen
    cells = cells[cells["periode"].eq("") & cells["groep"].eq(groep)]
    if cells.loc[cells["naam"].isin((_COUNT, _UNITS)), "k"].gt(1).any():
        return math.nan
    steps = ladder(1, 0)
    counted = cells[cells["naam"].eq(_COUNT)].set_index("x")["n"].reindex(steps, fill_value=0)
    places = summary.plekken[summary.plekken["periode"].eq("") & summary.plekken["groep"].eq(groep)]
    part = counted.to_numpy(dtype=float) / float(places["huishoudens"].iloc[0])
    middle = middles(steps)
    mean, square = (float(part @ np.diff(middle**power, prepend=0.0)) for power in (1, 2))
    return math.sqrt(square - mean**2) if square > mean**2 else math.nan

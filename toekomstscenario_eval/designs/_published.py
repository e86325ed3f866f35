"""What designs read from protected cells, beside the estimates that were made of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from toekomstscenario_eval.grids import ladder, middles
from toekomstscenario_eval.protection.public import OUTSIDE, PublicSummary
from toekomstscenario_eval.types import Kind

# A household that has it, that has not, and that counts; households with a unit of which is counted.
_HAVING, _REST, _ALL = "t", "r", "n"
_COUNT, _UNITS = "a", "u"
# Whether the cells of a kind are those of a share.
_SHARES: Mapping[Kind, bool] = {
    Kind.AANDEEL: True,
    Kind.AANTAL: False,
    Kind.DUUR: False,
    Kind.HERHAALD: False,
    Kind.SCORE: False,
    Kind.MATRIX: False,
    Kind.NETWERK: False,
    Kind.TELLING: False,
}


def one_each(summaries: Mapping[str, PublicSummary]) -> bool:
    """Whether this is a share of households: in no breakdown one that brings more than one unit."""
    return all(
        _SHARES[s.kind] and not s.cellen.loc[s.cellen["naam"].eq(_ALL), "k"].gt(1).any()
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

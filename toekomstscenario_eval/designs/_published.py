"""What designs read from protected cells, beside the estimates that were made of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from toekomstscenario_eval.designs._site_likelihood import SiteCounts
from toekomstscenario_eval.grids import ladder, middles
from toekomstscenario_eval.protection.public import OUTSIDE, PublicSummary
from toekomstscenario_eval.types import Kind

# A household that has it, that has not, and that counts; households with a unit of which is counted.
_HAVING, _REST, _ALL = "t", "r", "n"
_COUNT, _UNITS = "a", "u"


def one_each(publiek: Mapping[str, PublicSummary]) -> bool:
    """Whether this is a share of households: in no breakdown one that brings more than one unit."""
    summaries = [s for per, s in publiek.items() if per != OUTSIDE]
    return all(
        s.kind is Kind.AANDEEL and not s.cellen.loc[s.cellen["naam"].eq(_ALL), "k"].gt(1).any()
        for s in summaries
    )


def households(summary: PublicSummary) -> pd.Series:
    """Return the published number of households by group, over the whole window; NaN where there is none."""
    whole = summary.plekken[summary.plekken["periode"].eq("")]
    return whole.set_index("groep")["huishoudens"].astype(float)


def having(summary: PublicSummary) -> pd.DataFrame:
    """Return by group the published households that have it (`t`) and that have not (`r`).

    A group of which nothing is published is left out; a count that is not among the cells is zero.
    """
    plekken, cells = (frame[frame["periode"].eq("")] for frame in (summary.plekken, summary.cellen))
    open_ = plekken.loc[plekken["reden"].eq(""), "groep"]
    first = cells[cells["k"].eq(1) & cells["naam"].isin((_HAVING, _REST))]
    table = first.pivot_table(index="groep", columns="naam", values="n", aggfunc="sum")
    return table.reindex(index=open_, columns=[_HAVING, _REST]).fillna(0).astype(np.int64)


def site_counts(summary: PublicSummary, groups: Iterable[str]) -> SiteCounts:
    """Return the protected counts of these groups, in this order."""
    table = having(summary).loc[list(groups)]
    n = households(summary).loc[table.index].to_numpy(dtype=np.int64)
    return SiteCounts(table[_HAVING].to_numpy(), table[_REST].to_numpy(), n, summary.ruis)


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
    part = counted.to_numpy(dtype=float) / float(households(summary)[groep])
    middle = middles(steps)
    mean, square = (float(part @ np.diff(middle**power, prepend=0.0)) for power in (1, 2))
    return math.sqrt(square - mean**2) if square > mean**2 else math.nan

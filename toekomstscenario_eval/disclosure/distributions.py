"""The rules on distributions and pairs, of the whole only: split by group they would add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.policy import Policy

_EMPTY = ["ondergrens", "bovengrens"]
# In `ander` of an open class: what it holds besides its own value.
MORE, FEWER = "meer", "minder"


def fold_distribution(points: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Fold the thin ends of one distribution into an open class, and mark thin classes inside.

    Parameters
    ----------
    points : DataFrame
        Points of one group, with `x`, `label`, `waarde` (share) and `n` (households).

    Returns
    -------
    DataFrame
        Sorted by x, with the column `onderdrukt`. A hidden class never stands alone, and hidden
        classes hold the minimum together. One class for all is hidden: it tells the same of everybody.
    """
    p = points.sort_values("x").reset_index(drop=True)
    p = _fold_end(p, minimum, high=True)
    p = _fold_end(p, minimum, high=False)
    if len(p) == 1:
        return _everything(p)
    return p.assign(onderdrukt=_thin_inside(p["n"].tolist(), minimum))


def _fold_end(p: pd.DataFrame, minimum: int, *, high: bool) -> pd.DataFrame:
    edge = p.iloc[::-1] if high else p
    if p.empty or edge["n"].iloc[0] >= minimum:
        return p
    together = int(np.searchsorted(edge["n"].cumsum().to_numpy(), minimum)) + 1
    part = edge.head(together)
    limit = part["x"].min() if high else part["x"].max()
    class_ = part.head(1).assign(
        x=limit,
        label=f"{limit:g}",
        ander=MORE if high else FEWER,
        waarde=part["waarde"].sum(),
        n=part["n"].sum(),
        **dict.fromkeys(_EMPTY, np.nan),
    )
    rest = p.drop(index=part.index)
    return pd.concat([rest, class_] if high else [class_, rest], ignore_index=True)


def _thin_inside(aantallen: list[float], minimum: int) -> list[bool]:
    """Mark thin classes and, for each, the smallest others until they hold the minimum together."""
    thin = {i for i, n in enumerate(aantallen) if not n >= minimum}
    gone = set(thin)
    for first in thin:
        total, other = aantallen[first], sorted((n, i) for i, n in enumerate(aantallen) if i != first)
        while other and not total >= minimum:
            n, i = other.pop(0)
            total += n
            gone.add(i)
    return [i in gone for i in range(len(aantallen))]


def _everything(p: pd.DataFrame) -> pd.DataFrame:
    """Return one hidden class without its bounds: these are somebody's numbers."""
    return p.head(1).assign(x=np.nan, label="alle", ander="", onderdrukt=True)


def hide_pairs(points: pd.DataFrame, huishoudens: float, policy: Policy) -> pd.DataFrame:
    """Mark pairs that too few households have, or that all but a few have."""
    n = points["n"]
    good = (n >= policy.minimum_huishoudens) & (huishoudens - n >= policy.minimum_rest)
    return points.assign(onderdrukt=~good)


def hide_all(points: pd.DataFrame) -> pd.DataFrame:
    """Return one hidden row for a series of which even the classes would tell something."""
    return _everything(points)

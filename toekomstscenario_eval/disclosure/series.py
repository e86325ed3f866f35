"""The rules on distributions and pairs, of the whole only: split by group they would add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.policy import Policy

_LEEG = ["ondergrens", "bovengrens"]
# In `ander` of an open class: what it holds besides its own value.
MEER, MINDER = "meer", "minder"


def fold_distribution(punten: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Fold the thin ends of one distribution into an open class, and mark thin classes inside.

    Parameters
    ----------
    punten : DataFrame
        Points of one group, with `x`, `label`, `waarde` (share) and `n` (households).

    Returns
    -------
    DataFrame
        Sorted by x, with the column `onderdrukt`. A hidden class never stands alone, and hidden
        classes hold the minimum together. One class for all is hidden: it tells the same of everybody.
    """
    p = punten.sort_values("x").reset_index(drop=True)
    p = _fold_end(p, minimum, hoog=True)
    p = _fold_end(p, minimum, hoog=False)
    if len(p) == 1:
        return _everything(p)
    return p.assign(onderdrukt=_thin_inside(p["n"].tolist(), minimum))


def _fold_end(p: pd.DataFrame, minimum: int, *, hoog: bool) -> pd.DataFrame:
    rand = p.iloc[::-1] if hoog else p
    if p.empty or rand["n"].iloc[0] >= minimum:
        return p
    samen = int(np.searchsorted(rand["n"].cumsum().to_numpy(), minimum)) + 1
    deel = rand.head(samen)
    grens = deel["x"].min() if hoog else deel["x"].max()
    klasse = deel.head(1).assign(
        x=grens,
        label=f"{grens:g}",
        ander=MEER if hoog else MINDER,
        waarde=deel["waarde"].sum(),
        n=deel["n"].sum(),
        **dict.fromkeys(_LEEG, np.nan),
    )
    rest = p.drop(index=deel.index)
    return pd.concat([rest, klasse] if hoog else [klasse, rest], ignore_index=True)


def _thin_inside(aantallen: list[float], minimum: int) -> list[bool]:
    """Mark thin classes and, for each, the smallest others until they hold the minimum together."""
    dun = {i for i, n in enumerate(aantallen) if not n >= minimum}
    weg = set(dun)
    for eerste in dun:
        som, andere = aantallen[eerste], sorted((n, i) for i, n in enumerate(aantallen) if i != eerste)
        while andere and not som >= minimum:
            n, i = andere.pop(0)
            som += n
            weg.add(i)
    return [i in weg for i in range(len(aantallen))]


def _everything(p: pd.DataFrame) -> pd.DataFrame:
    """Return one hidden class without its bounds: these are somebody's numbers."""
    return p.head(1).assign(x=np.nan, label="alle", ander="", onderdrukt=True)


def hide_pairs(punten: pd.DataFrame, huishoudens: float, beleid: Policy) -> pd.DataFrame:
    """Mark pairs that too few households have, or that all but a few have."""
    n = punten["n"]
    goed = (n >= beleid.minimum_huishoudens) & (huishoudens - n >= beleid.minimum_rest)
    return punten.assign(onderdrukt=~goed)


def hide_all(punten: pd.DataFrame) -> pd.DataFrame:
    """Return one hidden row for a series of which even the classes would tell something."""
    return _everything(punten)

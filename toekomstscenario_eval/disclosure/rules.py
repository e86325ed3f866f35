"""The rules on one result: which rows are too small, and which must go along to protect them.

Every function takes frames with the columns of `types` and returns a boolean Series or a frame;
none changes its input. What a rule does not understand it hides.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.types import Maat, Vorm

Mask = pd.Series


def _small(waarde: pd.Series, minimum: int) -> Mask:
    """True where a value is under the minimum or unknown."""
    return ~(pd.to_numeric(waarde, errors="coerce") >= minimum)


def _small_count(waarde: pd.Series, minimum: int) -> Mask:
    """True where a count is between zero and the minimum, or unknown; zero itself may be shown."""
    return _small(waarde, minimum) & ~(waarde == 0)


def protect(groepen: pd.DataFrame, geheim: Mask, grootte: str, minimum: int) -> Mask:
    """Extend `geheim` so that no hidden group follows from the total minus what is shown.

    Within each period and stratum at least two groups are hidden, holding together at least `minimum` units;
    the smallest groups go first (ties by name), so that the choice does not depend on row order.
    """
    uit = geheim.copy()
    for _, deel in groepen.assign(_geheim=geheim).groupby(["periode", "stratum"], sort=True):
        if not deel["_geheim"].any():
            continue
        open_ = deel[~deel["_geheim"]].sort_values([grootte, "groep"]).index.tolist()
        dicht = deel[deel["_geheim"]].index.tolist()
        while open_ and (len(dicht) < 2 or deel.loc[dicht, grootte].fillna(0).sum() < minimum):
            dicht.append(open_.pop(0))
        uit.loc[dicht] = True
    return uit


def hide_groups(schattingen: pd.DataFrame, beleid: Policy) -> pd.DataFrame:
    """Return `uitsplitsing, groep, periode` of the groups that may not be shown at all.

    A group goes when too few households stand behind it, and the smallest others with it when
    it could be found by subtraction from the whole. A group of nobody hides nobody: its zero stands.
    """
    sleutel = ["uitsplitsing", "groep", "periode", "stratum"]
    groepen = schattingen[[*sleutel, "n"]].groupby(sleutel, sort=True).min().reset_index()
    geheim = _small_count(groepen["n"], beleid.minimum_huishoudens)
    for uitsplitsing, deel in groepen.groupby("uitsplitsing", sort=True):
        if uitsplitsing:
            geheim.loc[deel.index] = protect(deel, geheim.loc[deel.index], "n", beleid.minimum_huishoudens)
    return groepen.loc[geheim, sleutel].reset_index(drop=True)


def small_row(rijen: pd.DataFrame, maat: Maat, beleid: Policy) -> Mask:
    """True for the rows of one estimand whose own numbers are too small.

    Shares look at the units with and without the characteristic, both as counted and as implied
    by the estimate; counts at themselves. Rows without an estimate reveal nothing beyond their n.
    """
    if maat.vorm is Vorm.TELLING:
        return _small_count(rijen["schatting"], beleid.minimum_teller)
    if maat.vorm is Vorm.AANDEEL:
        noemer = pd.to_numeric(rijen["noemer"], errors="coerce")
        met = (rijen["schatting"].astype(float) * noemer).round()
        geheim = _small_count(met, beleid.minimum_teller) | _small(noemer - met, beleid.minimum_rest)
        return geheim & rijen["schatting"].notna()
    return pd.Series(False, index=rijen.index)


def hide_rows(rijen: pd.DataFrame, dicht: Mask, maat: Maat, beleid: Policy) -> Mask:
    """True for the rows of one estimand and one breakdown that must be hidden.

    `dicht` marks the rows whose group is hidden already. For shares the hidden rows together must
    hold enough units with and without the characteristic, or their sum would follow from the whole.
    """
    geheim = dicht | small_row(rijen, maat, beleid)
    if maat.vorm is not Vorm.AANDEEL or not geheim.any() or rijen["uitsplitsing"].eq("").all():
        return geheim
    noemer = rijen["noemer"].astype(float)
    met = (rijen["schatting"].astype(float) * noemer).round()
    for aantal, minimum in ((met, beleid.minimum_teller), (noemer - met, beleid.minimum_rest)):
        geheim = protect(rijen.assign(_aantal=aantal), geheim, "_aantal", minimum)
    return geheim


def fold_distribution(punten: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Fold the thin ends of one distribution into an open class, and mark thin classes inside.

    Parameters
    ----------
    punten : DataFrame
        Points of one group, with `x`, `label`, `waarde` (share) and `n` (households).

    Returns
    -------
    DataFrame
        Sorted by x, with the column `onderdrukt`. A hidden class never stands alone.
    """
    p = punten.sort_values("x").reset_index(drop=True)
    p = _fold_end(p, minimum, hoog=True)
    p = _fold_end(p, minimum, hoog=False)
    geheim = _small_count(p["n"], minimum)
    geheim = protect(p.assign(groep=p["x"], periode="", stratum=""), geheim, "n", minimum)
    return p.assign(onderdrukt=geheim)


def _fold_end(p: pd.DataFrame, minimum: int, *, hoog: bool) -> pd.DataFrame:
    rand = p.iloc[::-1] if hoog else p
    if p.empty or not _small(rand["n"].head(1), minimum).iloc[0]:
        return p
    samen = int(np.searchsorted(rand["n"].cumsum().to_numpy(), minimum)) + 1
    deel = rand.head(samen)
    grens = deel["x"].min() if hoog else deel["x"].max()
    label = f"{grens:g} of meer" if hoog else f"{grens:g} of minder"
    klasse = deel.head(1).assign(
        x=grens,
        label=label,
        waarde=deel["waarde"].sum(),
        n=deel["n"].sum(),
        ondergrens=np.nan,
        bovengrens=np.nan,
    )
    rest = p.drop(index=deel.index)
    return pd.concat([rest, klasse] if hoog else [klasse, rest], ignore_index=True)

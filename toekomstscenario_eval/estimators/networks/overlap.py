"""Side by side or in relay: days that two were involved with the same household at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class SideBySide:
    """How much those around one household were there at the same time.

    Attributes
    ----------
    per_huishouden : DataFrame
        `huishouden, index, paren, na_elkaar`: the mean index of its pairs, pairs, and pairs that
        never overlapped.
    index : float
        Mean over households: 1 everybody side by side, 0 everybody in relay.
    na_elkaar : float
        Share of the pairs that were not there together on any day.
    """

    per_huishouden: pd.DataFrame
    index: float
    na_elkaar: float


def side_by_side(together: pd.DataFrame) -> SideBySide:
    """Return the relay-versus-side-by-side index.

    For each pair around a household: days together over the days of whichever was there shortest
    (the overlap coefficient). A household with one involved has no pair and does not count.

    Parameters
    ----------
    together : DataFrame
        `huishouden, een, twee, dagen, kortste, zelf`: one row per household and pair, also without a day
        together; `kortste` is the smaller number of days of the two, at least 1. A pair of which one person
        is all there is (`zelf`) is no pair.
    """
    together = together[~together["zelf"].astype(bool)]
    part = (together["dagen"] / together["kortste"]).to_numpy(dtype=np.float64)
    per = (
        pd.DataFrame(
            {"huishouden": together["huishouden"], "index": part, "na_elkaar": together["dagen"].eq(0)}
        )
        .groupby("huishouden", sort=True)
        .agg(index=("index", "mean"), paren=("index", "size"), na_elkaar=("na_elkaar", "sum"))
        .reset_index()
    )
    if per.empty:
        return SideBySide(per, np.nan, np.nan)
    return SideBySide(per, float(per["index"].mean()), float(per["na_elkaar"].sum() / per["paren"].sum()))


def reach(ties: pd.DataFrame, together: pd.DataFrame) -> pd.DataFrame:
    """Return how far the one fixed face of each household reaches.

    Parameters
    ----------
    ties : DataFrame
        `huishouden, actor, domein, vast` (True for the fixed face of that household).
    together : DataFrame
        Pairs of professionals per household, as for `side_by_side`.

    Returns
    -------
    DataFrame
        Per household with exactly one fixed face: `huishouden`, `anderen` (other professionals),
        `bereikt` (of those: there on the same day as the fixed face), `domeinen` (other domains
        among those reached).
    """
    vast = ties.loc[ties["vast"], ["huishouden", "actor"]].drop_duplicates()
    one = vast[~vast["huishouden"].duplicated(keep=False)].rename(columns={"actor": "gezicht"})
    rest = ties[["huishouden", "actor", "domein"]].drop_duplicates().merge(one, on="huishouden")
    own = rest[rest["actor"].eq(rest["gezicht"])][["huishouden", "domein"]].assign(eigen=True)
    rest = rest[rest["actor"].ne(rest["gezicht"])]
    sides = pd.concat([together, together.rename(columns={"een": "twee", "twee": "een"})], ignore_index=True)
    sides = sides[sides["dagen"] > 0][["huishouden", "een", "twee"]].assign(raak=True)
    sides = sides.rename(columns={"een": "gezicht", "twee": "actor"})
    having = rest.merge(sides, how="left", on=["huishouden", "gezicht", "actor"])
    having = having.merge(own, how="left", on=["huishouden", "domein"])
    having = having.assign(
        raak=having["raak"].eq(True), nieuw=having["raak"].eq(True) & having["eigen"].ne(True)
    )
    people = (
        having.drop_duplicates(["huishouden", "actor"]).groupby("huishouden")["raak"].agg(["size", "sum"])
    )
    domeinen = having[having["nieuw"]].groupby("huishouden")["domein"].nunique()
    out = one[["huishouden"]].set_index("huishouden").sort_index()
    out["anderen"] = people["size"].reindex(out.index, fill_value=0)
    out["bereikt"] = people["sum"].reindex(out.index, fill_value=0).astype("int64")
    out["domeinen"] = domeinen.reindex(out.index, fill_value=0)
    return out.reset_index()


def turnover(earlier: pd.DataFrame, later: pd.DataFrame) -> dict[str, float]:
    """Return how much of the ties of two windows is the same.

    Parameters
    ----------
    earlier, later : DataFrame
        Columns `een, twee`: the pairs that are tied.

    Returns
    -------
    dict
        `jaccard` (ties in both over ties in either; NaN without ties), `gebleven`, `verdwenen`,
        `nieuw` (numbers of ties).
    """
    a, b = (set(_keys(pairs)) for pairs in (earlier, later))
    both, together = len(a & b), len(a | b)
    return {
        "jaccard": both / together if together else np.nan,
        "gebleven": float(both),
        "verdwenen": float(len(a - b)),
        "nieuw": float(len(b - a)),
    }


def _keys(pairs: pd.DataFrame) -> list[tuple[object, object]]:
    unique = pairs[["een", "twee"]].drop_duplicates()
    return [tuple(sorted(p, key=str)) for p in unique.itertuples(index=False, name=None)]

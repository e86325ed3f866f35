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


def side_by_side(samen: pd.DataFrame) -> SideBySide:
    """Return the relay-versus-side-by-side index.

    For each pair around a household: days together over the days of whichever was there shortest
    (the overlap coefficient). A household with one involved has no pair and does not count.

    Parameters
    ----------
    samen : DataFrame
        `huishouden, een, twee, dagen, kortste`: one row per household and pair, also without a day
        together; `kortste` is the smaller number of days of the two, at least 1.
    """
    deel = (samen["dagen"] / samen["kortste"]).to_numpy(dtype=np.float64)
    per = (
        pd.DataFrame({"huishouden": samen["huishouden"], "index": deel, "na_elkaar": samen["dagen"].eq(0)})
        .groupby("huishouden", sort=True)
        .agg(index=("index", "mean"), paren=("index", "size"), na_elkaar=("na_elkaar", "sum"))
        .reset_index()
    )
    if per.empty:
        return SideBySide(per, np.nan, np.nan)
    return SideBySide(per, float(per["index"].mean()), float(per["na_elkaar"].sum() / per["paren"].sum()))


def reach(banden: pd.DataFrame, samen: pd.DataFrame) -> pd.DataFrame:
    """Return how far the one fixed face of each household reaches.

    Parameters
    ----------
    banden : DataFrame
        `huishouden, actor, domein, vast` (True for the fixed face of that household).
    samen : DataFrame
        Pairs of professionals per household, as for `side_by_side`.

    Returns
    -------
    DataFrame
        Per household with exactly one fixed face: `huishouden`, `anderen` (other professionals),
        `bereikt` (of those: there on the same day as the fixed face), `domeinen` (other domains
        among those reached).
    """
    vast = banden.loc[banden["vast"], ["huishouden", "actor"]].drop_duplicates()
    een = vast[~vast["huishouden"].duplicated(keep=False)].rename(columns={"actor": "gezicht"})
    rest = banden[["huishouden", "actor", "domein"]].drop_duplicates().merge(een, on="huishouden")
    eigen = rest[rest["actor"].eq(rest["gezicht"])][["huishouden", "domein"]].assign(eigen=True)
    rest = rest[rest["actor"].ne(rest["gezicht"])]
    kanten = pd.concat([samen, samen.rename(columns={"een": "twee", "twee": "een"})], ignore_index=True)
    kanten = kanten[kanten["dagen"] > 0][["huishouden", "een", "twee"]].assign(raak=True)
    kanten = kanten.rename(columns={"een": "gezicht", "twee": "actor"})
    met = rest.merge(kanten, how="left", on=["huishouden", "gezicht", "actor"])
    met = met.merge(eigen, how="left", on=["huishouden", "domein"])
    met = met.assign(raak=met["raak"].eq(True), nieuw=met["raak"].eq(True) & met["eigen"].ne(True))
    mensen = met.drop_duplicates(["huishouden", "actor"]).groupby("huishouden")["raak"].agg(["size", "sum"])
    domeinen = met[met["nieuw"]].groupby("huishouden")["domein"].nunique()
    uit = een[["huishouden"]].set_index("huishouden").sort_index()
    uit["anderen"] = mensen["size"].reindex(uit.index, fill_value=0)
    uit["bereikt"] = mensen["sum"].reindex(uit.index, fill_value=0).astype("int64")
    uit["domeinen"] = domeinen.reindex(uit.index, fill_value=0)
    return uit.reset_index()


def turnover(eerder: pd.DataFrame, later: pd.DataFrame) -> dict[str, float]:
    """Return how much of the ties of two windows is the same.

    Parameters
    ----------
    eerder, later : DataFrame
        Columns `een, twee`: the pairs that are tied.

    Returns
    -------
    dict
        `jaccard` (ties in both over ties in either; NaN without ties), `gebleven`, `verdwenen`,
        `nieuw` (numbers of ties).
    """
    a, b = (set(_keys(paren)) for paren in (eerder, later))
    beide, samen = len(a & b), len(a | b)
    return {
        "jaccard": beide / samen if samen else np.nan,
        "gebleven": float(beide),
        "verdwenen": float(len(a - b)),
        "nieuw": float(len(b - a)),
    }


def _keys(paren: pd.DataFrame) -> list[tuple[object, object]]:
    uniek = paren[["een", "twee"]].drop_duplicates()
    return [tuple(sorted(p, key=str)) for p in uniek.itertuples(index=False, name=None)]

"""Nodes, ties, flows and roles as points of a result: what a picture or an export may be made of.

A point of a tie counts in `n` the households behind it and in `x` the professionals on its thinnest
side: both are needed to decide whether it may be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators.networks.analysis import LOKAAL, RVT, NetworkData
from toekomstscenario_eval.estimators.networks.brokerage import ROLLEN
from toekomstscenario_eval.frames import point, table
from toekomstscenario_eval.types import REEKS

Point = dict[str, Any]


def nodes(banden: pd.DataFrame, kolom: str, reeks: str, huishoudens: int) -> list[Point]:
    """Return per node the share of households that it is involved with, and its professionals."""
    per = banden.groupby(kolom, sort=True)
    tel = per.agg(n=("huishouden", "nunique"), mensen=("actor", "nunique"))
    return [
        point(reeks, mensen, n / huishoudens, n=n, label=str(naam))
        for naam, n, mensen in tel.itertuples(name=None)
    ]


def belonging(banden: pd.DataFrame, huishoudens: int) -> list[Point]:
    """Return which kind of organisation belongs to which domain, with the numbers behind the kind."""
    thuis = banden.groupby("soort", sort=True)["domein"].agg(lambda d: d.value_counts().index[0])
    punten = nodes(banden, "soort", "soortdomein", huishoudens)
    return [p | {"ander": str(thuis[p["label"]])} for p in punten]


def pair_ties(
    banden: pd.DataFrame, samen: pd.DataFrame, kolom: str, reeks: str, huishoudens: int
) -> list[Point]:
    """Return per pair of nodes the share of households that they share.

    The lower bound carries the mean part of the time that they were there side by side.

    Parameters
    ----------
    samen : DataFrame
        Pairs of nodes per household: `huishouden, een, twee, dagen, kortste`.
    """
    wie = banden[["huishouden", kolom, "actor"]].drop_duplicates()
    paar = samen[["huishouden", "een", "twee"]]
    mensen = [
        paar.merge(wie, left_on=["huishouden", kant], right_on=["huishouden", kolom])
        .groupby(["een", "twee"])["actor"]
        .nunique()
        for kant in ("een", "twee")
    ]
    deel = samen.assign(naast=samen["dagen"] / samen["kortste"]).groupby(["een", "twee"], sort=True)
    tel = deel.agg(n=("huishouden", "nunique"), naast=("naast", "mean"))
    tel["x"] = pd.concat(mensen, axis=1).min(axis=1).reindex(tel.index)
    return [
        point(reeks, x, n / huishoudens, n=n, label=str(een), ander=str(twee), interval=(naast, np.nan))
        for (een, twee), n, naast, x in tel.itertuples(name=None)
    ]


def flows(
    overdrachten: pd.DataFrame, banden: pd.DataFrame, naam: Mapping[Any, str], reeks: str
) -> list[Point]:
    """Return hand-overs between organisations, added up to nodes: the share of all hand-overs.

    The lower bound carries the share of these without overlap (in relay), the upper bound the median
    number of days between leaving and coming (negative: overlap).

    Parameters
    ----------
    overdrachten : DataFrame
        `huishouden, bron, doel, dag, dagen` between organisations.
    naam : mapping
        The node of each organisation.
    """
    if overdrachten.empty:
        return []
    o = overdrachten.assign(
        van=overdrachten["bron"].map(naam),
        naar=overdrachten["doel"].map(naam),
        los=overdrachten["dagen"].ge(0),
    ).dropna(subset=["van", "naar"])
    wie = banden[["huishouden", "organisatie", "actor"]].drop_duplicates()
    mensen = [
        o.merge(wie, left_on=["huishouden", kant], right_on=["huishouden", "organisatie"])
        .groupby(["van", "naar"])["actor"]
        .nunique()
        for kant in ("bron", "doel")
    ]
    tel = o.groupby(["van", "naar"], sort=True).agg(
        keer=("dagen", "size"), n=("huishouden", "nunique"), los=("los", "mean"), midden=("dagen", "median")
    )
    # Who left before the window is in no tie of it: nobody is then known on that side.
    tel["x"] = pd.concat(mensen, axis=1).reindex(tel.index).fillna(0).min(axis=1)
    return [
        point(reeks, x, keer / len(o), n=n, label=str(van), ander=str(naar), interval=(los, midden))
        for (van, naar), keer, n, los, midden, x in tel.itertuples(name=None)
    ]


def organisation_labels(banden: pd.DataFrame) -> dict[Any, str]:
    """Return a name per organisation that follows from its number of households alone, largest first."""
    tel = banden.groupby("organisatie", sort=True)["huishouden"].nunique()
    volgorde = tel.sort_values(ascending=False, kind="stable").index
    breedte = len(str(len(volgorde)))
    return {o: f"Organisatie {i:0{breedte}d}" for i, o in enumerate(volgorde, start=1)}


def role_points(d: NetworkData) -> list[Point]:
    """Return per role the share of its paths through the lokaal team and the RVT; persons in `n`.

    Nothing when there are too many triangles to list.
    """
    if d.rollen is None:
        return []
    uit = []
    for soort in (LOKAAL, RVT):
        eigen = d.rollen["soort"].eq(soort)
        for rol in ROLLEN:
            alle = float(d.rollen[rol].sum())
            mensen = int((d.rollen.loc[eigen, rol] > 0).sum())
            waarde = float(d.rollen.loc[eigen, rol].sum()) / alle if alle else np.nan
            uit.append(point("rollen", mensen, waarde, n=mensen, label=soort, ander=rol))
    return uit


def sensitivity_points(tabel: pd.DataFrame, huishoudens: int) -> list[Point]:
    """Return what measures become when ties are missing: the mean, lowest and highest."""
    return [
        point(
            "gevoeligheid", i, midden, n=huishoudens, label=maat, ander=f"{deel:.0%}", interval=(laag, hoog)
        )
        for i, (maat, deel, midden, laag, hoog) in enumerate(tabel.itertuples(index=False, name=None))
    ]


def frame(punten: Iterable[Point], *, periode: str) -> pd.DataFrame:
    """Return points of the whole as rows of `REEKS`."""
    return table(punten, REEKS).assign(periode=periode)

"""Nodes, ties, flows and roles as points of a result: what a picture or an export may be made of.

A point of a tie counts in `n` the households behind it and in `x` the professionals on its thinnest
side: both are needed to decide whether it may be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators.networks.analysis import LOCAL, RVT, NetworkData
from toekomstscenario_eval.estimators.networks.brokerage import ROLLEN
from toekomstscenario_eval.frames import point, table
from toekomstscenario_eval.long_tables import REEKS
from toekomstscenario_eval.series import BAR, ORGANISATIONS

Point = dict[str, Any]


def nodes(ties: pd.DataFrame, column: str, reeks: str, huishoudens: int) -> list[Point]:
    """Return per node the share of households that it is involved with, and its professionals."""
    per = ties.groupby(column, sort=True)
    count = per.agg(n=("huishouden", "nunique"), mensen=("actor", "nunique"))
    return [
        point(reeks, people, n / huishoudens, n=n, label=str(naam))
        for naam, n, people in count.itertuples(name=None)
    ]


def belonging(ties: pd.DataFrame, huishoudens: int) -> list[Point]:
    """Return which kind of organisation belongs to which domain, with the numbers behind the kind."""
    home = ties.groupby("soort", sort=True)["domein"].agg(lambda d: d.value_counts().index[0])
    points = nodes(ties, "soort", "soortdomein", huishoudens)
    return [p | {"ander": str(home[p["label"]])} for p in points]


def organisations(ties: pd.DataFrame, huishoudens: int) -> list[Point]:
    """Return per organisation (in `naam`) what `nodes` does, with its kind and domain."""
    what = ties.drop_duplicates("naam").set_index("naam")
    kinds = (what["soort"].astype(str) + BAR + what["domein"].astype(str)).to_dict()
    points = nodes(ties, "naam", ORGANISATIONS, huishoudens)
    return [p | {"ander": kinds[p["label"]]} for p in points]


def pair_ties(
    ties: pd.DataFrame, together: pd.DataFrame, column: str, reeks: str, huishoudens: int
) -> list[Point]:
    """Return per pair of nodes the share of households that they share.

    The lower bound carries the mean part of the time that they were there side by side.

    Parameters
    ----------
    together : DataFrame
        Pairs of nodes per household: `huishouden, een, twee, dagen, kortste`.
    """
    who = ties[["huishouden", column, "actor"]].drop_duplicates()
    pair = together[["huishouden", "een", "twee"]]
    people = [
        pair.merge(who, left_on=["huishouden", side], right_on=["huishouden", column])
        .groupby(["een", "twee"])["actor"]
        .nunique()
        for side in ("een", "twee")
    ]
    part = together.assign(naast=together["dagen"] / together["kortste"]).groupby(["een", "twee"], sort=True)
    count = part.agg(n=("huishouden", "nunique"), naast=("naast", "mean"))
    count["x"] = pd.concat(people, axis=1).min(axis=1).reindex(count.index)
    return [
        point(reeks, x, n / huishoudens, n=n, label=str(one), other=str(two), interval=(beside, np.nan))
        for (one, two), n, beside, x in count.itertuples(name=None)
    ]


def flows(handovers: pd.DataFrame, ties: pd.DataFrame, naam: Mapping[Any, str], reeks: str) -> list[Point]:
    """Return hand-overs between organisations, added up to nodes: the share of all hand-overs.

    The lower bound carries the share of these without overlap (in relay), the upper bound the median
    number of days between leaving and coming (negative: overlap).

    Parameters
    ----------
    handovers : DataFrame
        `huishouden, bron, doel, dag, dagen` between organisations.
    naam : mapping
        The node of each organisation.
    """
    if handovers.empty:
        return []
    o = handovers.assign(
        van=handovers["bron"].map(naam),
        naar=handovers["doel"].map(naam),
        los=handovers["dagen"].ge(0),
    ).dropna(subset=["van", "naar"])
    who = ties[["huishouden", "organisatie", "actor"]].drop_duplicates()
    people = [
        o.merge(who, left_on=["huishouden", side], right_on=["huishouden", "organisatie"])
        .groupby(["van", "naar"])["actor"]
        .nunique()
        for side in ("bron", "doel")
    ]
    count = o.groupby(["van", "naar"], sort=True).agg(
        keer=("dagen", "size"), n=("huishouden", "nunique"), los=("los", "mean"), midden=("dagen", "median")
    )
    # Who left before the window is in no tie of it: nobody is then known on that side.
    count["x"] = pd.concat(people, axis=1).reindex(count.index).fillna(0).min(axis=1)
    return [
        point(reeks, x, times / len(o), n=n, label=str(start), other=str(toward), interval=(loose, middle))
        for (start, toward), times, n, loose, middle, x in count.itertuples(name=None)
    ]


def organisation_labels(ties: pd.DataFrame) -> dict[Any, str]:
    """Return a name per organisation that follows from its number of households alone, largest first."""
    count = ties.groupby("organisatie", sort=True)["huishouden"].nunique()
    order = count.sort_values(ascending=False, kind="stable").index
    width = len(str(len(order)))
    return {o: f"Organisatie {i:0{width}d}" for i, o in enumerate(order, start=1)}


def role_points(d: NetworkData) -> list[Point]:
    """Return per role the share of its paths through the lokaal team and the RVT; persons in `n`.

    Nothing when there are too many triangles to list.
    """
    if d.rollen is None:
        return []
    out = []
    for soort in (LOCAL, RVT):
        own = d.rollen["soort"].eq(soort)
        for rol in ROLLEN:
            every = float(d.rollen[rol].sum())
            people = int((d.rollen.loc[own, rol] > 0).sum())
            waarde = float(d.rollen.loc[own, rol].sum()) / every if every else np.nan
            out.append(point("rollen", people, waarde, n=people, label=soort, other=rol))
    return out


def sensitivity_points(table: pd.DataFrame, huishoudens: int) -> list[Point]:
    """Return what measures become when ties are missing: the mean, lowest and highest."""
    return [
        point("gevoeligheid", i, middle, n=huishoudens, label=maat, other=f"{part:.0%}", interval=(low, high))
        for i, (maat, part, middle, low, high) in enumerate(table.itertuples(index=False, name=None))
    ]


def frame(points: Iterable[Point], *, periode: str) -> pd.DataFrame:
    """Return points of the whole as rows of `REEKS`."""
    return table(points, REEKS).assign(periode=periode)

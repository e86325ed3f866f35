"""Estimator of characteristics of households: the share of the households that has each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from toekomstscenario_eval.estimators import share
from toekomstscenario_eval.estimators.intervals import Outcome, choose, column, require, rows, too_small
from toekomstscenario_eval.types import Estimates, Maat

INTERVALS = share.INTERVALS


def estimate_group(
    data: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    interval: str = INTERVALS[0],
) -> Estimates:
    """Estimate the share of the households of one group with each characteristic.

    Parameters
    ----------
    data : DataFrame
        Columns `kenmerk`, `h` (households with it); rows are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Only `aandeel` is known, as id or as `schatter`; the id is the name of the characteristic.
    interval : str
        As in `estimators.share`.

    Returns
    -------
    Estimates
        `aandeel` = households with it / all households; no series.
    """
    choose(maten, {"aandeel": None}, soort="kenmerk")
    counts = pd.Series(column(data, "h"), data["kenmerk"].astype(str)).groupby(level=0).sum()
    require(bool((counts <= huishoudens).all()), naam="h", what="een kenmerk telt meer dan alle huishoudens")
    naam, bounds = share.METHODS[interval]
    reden = too_small(huishoudens, huishoudens)
    out: list[Mapping[str, Any]] = []
    for code, maat in maten.items():
        having = float(counts.get(code, 0.0))
        p = having / huishoudens if huishoudens else 0.0
        outcome = Outcome(reden) if reden else Outcome(f"{naam}, 95%-interval", p, bounds(p, huishoudens))
        of = {"n": huishoudens, "teller": having, "noemer": float(huishoudens), "gecensureerd": 0}
        out += rows({code: maat}, {code: outcome}, tellingen=of)
    return Estimates(tuple(out))

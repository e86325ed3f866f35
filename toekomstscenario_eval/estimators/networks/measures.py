"""Measures of a two-mode network and its projections, for one group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse, stats

from toekomstscenario_eval.estimators.intervals import choose
from toekomstscenario_eval.estimators.networks.projection import TwoMode, count_pairs, project, two_mode
from toekomstscenario_eval.frames import estimate, point
from toekomstscenario_eval.types import Estimates, Maat

INTERVALS = ()
_WHOLE = "volledig waargenomen netwerk, zonder interval"
_MIDDLE = "gemiddelde over huishoudens, t-interval"


@dataclass(frozen=True)
class _Outcome:
    schatting: float
    methode: str
    teller: float
    noemer: float
    interval: tuple[float, float] = (np.nan, np.nan)
    fout: float = np.nan


class _Group:
    """The network of one group, with its pairs counted once."""

    def __init__(self, data: pd.DataFrame) -> None:
        self.gegevens = data
        self.two_sided: TwoMode = two_mode(data, "actor")
        self.huishoudens, self.actors = self.two_sided.ties.shape
        self.banden = int(self.two_sided.ties.nnz)
        self.paren, self.pairs_within = count_pairs(self.two_sided, self._members())

    @property
    def possible_pairs(self) -> int:
        return int(self.actors * (self.actors - 1) // 2)

    def _members(self) -> sparse.csr_array:
        """Return which actor (row, in the order of the network) works for which organisation (column)."""
        member = self.gegevens[["actor", "organisatie"]].dropna().drop_duplicates()
        row = pd.Index(self.two_sided.actors).get_indexer(member["actor"])
        column, organisaties = pd.factorize(member["organisatie"])
        spot = (row[row >= 0], column[row >= 0])
        vorm = (self.actors, len(organisaties))
        return sparse.csr_array((np.ones(len(spot[0]), dtype=np.int32), spot), shape=vorm)


def _mean_degree(g: _Group) -> _Outcome:
    degree = np.diff(g.two_sided.ties.indptr)
    n = len(degree)
    if n == 0:
        return _Outcome(np.nan, _MIDDLE, g.banden, n)
    middle = float(degree.mean())
    if n == 1:
        return _Outcome(middle, "één huishouden: geen interval", g.banden, n)
    fout = float(degree.std(ddof=1) / np.sqrt(n))
    margin = float(stats.t.ppf(0.975, n - 1)) * fout
    return _Outcome(middle, _MIDDLE, g.banden, n, (middle - margin, middle + margin), fout)


def _number(waarde: int) -> _Outcome:
    return _Outcome(float(waarde), _WHOLE, waarde, np.nan)


def _share(teller: int, noemer: int) -> _Outcome:
    return _Outcome(teller / noemer if noemer else np.nan, _WHOLE, teller, noemer)


MATEN: Mapping[str, Callable[[_Group], _Outcome]] = {
    "professionals_per_huishouden": _mean_degree,
    "professionals": lambda g: _number(g.actors),
    "organisaties": lambda g: _number(g.gegevens["organisatie"].nunique()),
    "banden": lambda g: _number(g.banden),
    "paren": lambda g: _number(g.paren),
    "dichtheid_tweezijdig": lambda g: _share(g.banden, g.huishoudens * g.actors),
    "dichtheid": lambda g: _share(g.paren, g.possible_pairs),
    "over_organisaties": lambda g: _share(g.paren - g.pairs_within, g.paren),
}


def _degree_series(g: _Group) -> list[dict[str, Any]]:
    degree, aantal = np.unique(np.diff(g.two_sided.ties.indptr), return_counts=True)
    return [
        point("verdeling", x, n / g.huishoudens, n=n, label=str(x))
        for x, n in zip(degree.tolist(), aantal.tolist(), strict=True)
    ]


def _kind_series(g: _Group) -> list[dict[str, Any]]:
    """Households shared by each pair of kinds of organisation."""
    soorten = two_mode(g.gegevens, "soort")
    pairs = project(soorten)
    return [
        point("soortparen", i, n / g.huishoudens, n=n, label=soorten.actors[one], other=soorten.actors[two])
        for i, (one, two, n) in enumerate(
            zip(pairs.een.tolist(), pairs.twee.tolist(), pairs.gedeeld.tolist(), strict=True)
        )
    ]


def estimate_group(
    data: pd.DataFrame, *, huishoudens: int, maten: Mapping[str, Maat], horizon: int
) -> Estimates:
    """Estimate the measures of one group from its ties.

    Parameters
    ----------
    data : DataFrame
        Columns `huishouden, actor, organisatie, soort`; one row per distinct tie.
    huishoudens : int
        Households in the network (the unit of disclosure).
    maten : mapping of id to Maat
        Which measures; GebruikFout on one that is unknown.
    horizon : int
        Not used by networks.
    """
    del horizon
    chosen = choose(maten, MATEN, soort="netwerk")
    groep = _Group(data)
    rows = []
    for naam, calculate in chosen.items():
        o = calculate(groep)
        rows.append(
            estimate(
                naam,
                o.schatting,
                eenheid=maten[naam].eenheid,
                methode=o.methode,
                n=huishoudens,
                interval=o.interval,
                fout=o.fout,
                teller=o.teller,
                noemer=o.noemer,
            )
        )
    return Estimates(tuple(rows), tuple(_degree_series(groep) + _kind_series(groep)))

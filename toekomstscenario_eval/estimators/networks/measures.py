"""Measures of a two-mode network and its projections, for one group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse, stats

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.networks.projection import TwoMode, count_pairs, project, two_mode
from toekomstscenario_eval.frames import estimate, point
from toekomstscenario_eval.types import Estimates, Maat

INTERVALLEN = ()
_GEHEEL = "volledig waargenomen netwerk, zonder interval"
_MIDDEN = "gemiddelde over huishoudens, t-interval"

_Uitkomst = tuple[float, float, float, str, float, float]


class _Group:
    """The network of one group, with its pairs counted once."""

    def __init__(self, gegevens: pd.DataFrame) -> None:
        self.gegevens = gegevens
        self.tweezijdig: TwoMode = two_mode(gegevens, "actor")
        self.huishoudens, self.actoren = self.tweezijdig.ties.shape
        self.banden = int(self.tweezijdig.ties.nnz)
        self.paren, self.paren_binnen = count_pairs(self.tweezijdig, self._members())

    @property
    def mogelijke_paren(self) -> int:
        return int(self.actoren * (self.actoren - 1) // 2)

    def _members(self) -> sparse.csr_array:
        """Return which actor (row, in the order of the network) works for which organisation (column)."""
        lid = self.gegevens[["actor", "organisatie"]].dropna().drop_duplicates()
        rij = pd.Index(self.tweezijdig.actors).get_indexer(lid["actor"])
        kolom, organisaties = pd.factorize(lid["organisatie"])
        plek = (rij[rij >= 0], kolom[rij >= 0])
        vorm = (self.actoren, len(organisaties))
        return sparse.csr_array((np.ones(len(plek[0]), dtype=np.int32), plek), shape=vorm)


def _mean_degree(g: _Group) -> _Uitkomst:
    graad = np.diff(g.tweezijdig.ties.indptr)
    n = len(graad)
    if n == 0:
        return np.nan, np.nan, np.nan, _MIDDEN, g.banden, n
    midden = float(graad.mean())
    if n == 1:
        return midden, np.nan, np.nan, "één huishouden: geen interval", g.banden, n
    marge = float(stats.t.ppf(0.975, n - 1) * graad.std(ddof=1) / np.sqrt(n))
    return midden, midden - marge, midden + marge, _MIDDEN, g.banden, n


def _number(waarde: int) -> _Uitkomst:
    return float(waarde), np.nan, np.nan, _GEHEEL, waarde, np.nan


def _share(teller: int, noemer: int) -> _Uitkomst:
    return (teller / noemer if noemer else np.nan), np.nan, np.nan, _GEHEEL, teller, noemer


MATEN: Mapping[str, Callable[[_Group], _Uitkomst]] = {
    "professionals_per_huishouden": _mean_degree,
    "professionals": lambda g: _number(g.actoren),
    "organisaties": lambda g: _number(g.gegevens["organisatie"].nunique()),
    "banden": lambda g: _number(g.banden),
    "paren": lambda g: _number(g.paren),
    "dichtheid_tweezijdig": lambda g: _share(g.banden, g.huishoudens * g.actoren),
    "dichtheid": lambda g: _share(g.paren, g.mogelijke_paren),
    "over_organisaties": lambda g: _share(g.paren - g.paren_binnen, g.paren),
}


def _degree_series(g: _Group) -> list[dict[str, Any]]:
    graad, aantal = np.unique(np.diff(g.tweezijdig.ties.indptr), return_counts=True)
    return [
        point("verdeling", x, n / g.huishoudens, n=n, label=str(x))
        for x, n in zip(graad.tolist(), aantal.tolist(), strict=True)
    ]


def _kind_series(g: _Group) -> list[dict[str, Any]]:
    """Households shared by each pair of kinds of organisation."""
    soorten = two_mode(g.gegevens, "soort")
    paren = project(soorten)
    return [
        point("soortparen", i, n / g.huishoudens, n=n, label=soorten.actors[een], ander=soorten.actors[twee])
        for i, (een, twee, n) in enumerate(
            zip(paren.een.tolist(), paren.twee.tolist(), paren.gedeeld.tolist(), strict=True)
        )
    ]


def schat(gegevens: pd.DataFrame, *, huishoudens: int, maten: Mapping[str, Maat], horizon: int) -> Estimates:
    """Estimate the measures of one group from its ties.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `huishouden, actor, organisatie, soort`; one row per distinct tie.
    huishoudens : int
        Households in the network (the unit of disclosure).
    maten : mapping of id to Maat
        Which measures; GebruikFout on one that is unknown.
    horizon : int
        Not used by networks.
    """
    del horizon
    groep = _Group(gegevens)
    rijen = []
    for naam, maat in maten.items():
        reken = MATEN.get(maat.schatter or naam)
        if reken is None:
            raise GebruikFout(f"de netwerkmaat '{naam}' bestaat niet")
        schatting, onder, boven, methode, teller, noemer = reken(groep)
        rijen.append(
            estimate(
                naam,
                schatting,
                eenheid=maat.eenheid,
                methode=methode,
                n=huishoudens,
                interval=(onder, boven),
                teller=teller,
                noemer=noemer,
            )
        )
    return Estimates(tuple(rijen), tuple(_degree_series(groep) + _kind_series(groep)))

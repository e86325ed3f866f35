"""The measures of one network together, by name, from its ties; what `Study.netwerkanalyse` publishes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from toekomstscenario_eval.estimators.networks import brokerage, clustering, mixing, paths, structure
from toekomstscenario_eval.estimators.networks.communities import Communities, communities
from toekomstscenario_eval.estimators.networks.core import core_periphery
from toekomstscenario_eval.estimators.networks.projection import TwoMode, adjacency, project, tied, two_mode
from toekomstscenario_eval.estimators.networks.together import reach, side_by_side

# Codes of the kinds of organisation whose brokerage is told.
LOKAAL, RVT = "lokaal_team", "regionaal_veiligheidsteam"


@dataclass(frozen=True)
class Outcome:
    """A measure: its value, and the persons or units behind it and behind the rest (NaN: not told)."""

    waarde: float
    teller: float = np.nan
    noemer: float = np.nan


@dataclass(frozen=True)
class NetworkData:
    """The ties of one network and what was made of them; everything derived is worked out once.

    Attributes
    ----------
    banden : DataFrame
        `huishouden, actor, organisatie, soort, domein`, one row per tie, and `hoofdsoort`,
        `hoofddomein`: those of the organisation with most households of the professional.
    naast : DataFrame
        Per household how much its organisations were there side by side; see `together`.
    bereik : DataFrame
        Per household the reach of its one fixed face; see `together.reach`.
    """

    banden: pd.DataFrame
    naast: pd.DataFrame
    bereik: pd.DataFrame
    seed: int = field(default=0)

    @classmethod
    def of(
        cls,
        banden: pd.DataFrame,
        samen_organisatie: pd.DataFrame,
        samen_actor: pd.DataFrame,
        *,
        seed: int = 0,
    ) -> NetworkData:
        """Return the network of these ties (with `vast`) and pairs per household (see `together`)."""
        hoofd = {f"hoofd{k}": mixing.main_value(banden, "actor", k) for k in ("soort", "domein")}
        met = banden.assign(**{naam: banden["actor"].map(waarde) for naam, waarde in hoofd.items()})
        # Networks are made of parts of these rows some hundreds of times: numbers are quicker than texts.
        teksten = [k for k in met.columns if pd.api.types.is_string_dtype(met[k])]
        met[teksten] = met[teksten].astype("category")
        return cls(met, side_by_side(samen_organisatie).per_huishouden, reach(banden, samen_actor), seed)

    def keep(self, huishoudens: NDArray[np.int64]) -> NetworkData:
        """Return the network of some households."""
        een, twee, drie = (
            d[d["huishouden"].isin(huishoudens)] for d in (self.banden, self.naast, self.bereik)
        )
        return NetworkData(een, twee, drie, seed=self.seed)

    @property
    def huishoudens(self) -> NDArray[np.int64]:
        """The households, each once."""
        return np.unique(self.banden["huishouden"].to_numpy(dtype=np.int64))

    @cached_property
    def tweezijdig(self) -> TwoMode:
        """Households and professionals."""
        return two_mode(self.banden, "actor")

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """Professionals that share a household."""
        return tied(self.tweezijdig)

    @cached_property
    def organisaties(self) -> sparse.csr_array:
        """Organisations that share a household."""
        return tied(two_mode(self.banden, "organisatie"))

    @cached_property
    def driehoeken(self) -> clustering.Triangles | None:
        """Triangles of professionals; None when there are too many to list."""
        buiten = clustering.outward(self.matrix)
        veel = clustering.triples(buiten) > clustering.MEESTE_DRIETALLEN
        return None if veel else clustering.triangles(self.matrix, buiten)

    def kenmerk(self, naam: str) -> NDArray[Any]:
        """Return kind or domain of each professional, that of the organisation with most households."""
        eigen = self.banden.drop_duplicates("actor").sort_values("actor")
        return np.asarray(eigen[f"hoofd{naam}"].to_numpy(), dtype=object)

    @cached_property
    def menging(self) -> mixing.Mixing:
        """Ties between professionals within and between domains."""
        return mixing.mixing(self.matrix, self.kenmerk("domein"))

    @cached_property
    def rollen(self) -> pd.DataFrame | None:
        """Gould and Fernandez's roles per professional between domains, with its kind in `soort`.

        None when there are too many triangles to list.
        """
        if self.driehoeken is None:
            return None
        uit = brokerage.gould_fernandez_undirected(self.matrix, self.kenmerk("domein"), self.driehoeken)
        return uit.assign(soort=self.kenmerk("soort"))

    @cached_property
    def gemeenschappen(self) -> Communities:
        """Communities of organisations, weighted by households shared."""
        net = two_mode(self.banden, "organisatie")
        paren = project(net)
        return communities(adjacency(paren, len(net.actors), paren.gedeeld), seed=self.seed)

    @cached_property
    def paden(self) -> paths.Paths:
        """Shortest paths between organisations."""
        return paths.paths(self.organisaties)


def _count(n: int) -> Outcome:
    return Outcome(float(n), float(n))


def _share(teller: int, noemer: int) -> Outcome:
    return Outcome(teller / noemer if noemer else np.nan, float(teller), float(noemer))


def _per_household(d: NetworkData) -> Outcome:
    n = len(d.huishoudens)
    return Outcome(d.tweezijdig.ties.nnz / n if n else np.nan)


def _top(d: NetworkData) -> Outcome:
    """Freeman's centralisation gives away the degree of the most central professional, if that is one."""
    graad = structure.degrees(d.matrix)
    aan_de_top = int(np.sum(graad == graad.max())) if len(graad) else 0
    return Outcome(structure.degree_centralisation(d.matrix), float(aan_de_top), float(len(graad)))


def _largest_part(d: NetworkData) -> Outcome:
    n = len(d.tweezijdig.actors)
    return _share(len(structure.largest_component(d.matrix)) if n else 0, n)


def _core(d: NetworkData) -> Outcome:
    binnen = core_periphery(d.matrix)
    return _share(int(binnen.sum()), len(binnen))


def _across_domains(d: NetworkData) -> Outcome:
    tel = d.menging.tabel
    binnen, alle = int(np.trace(tel)), int((tel.sum() + np.trace(tel)) // 2)
    return _share(alle - binnen, alle)


def _broker(soort: str) -> Callable[[NetworkData], Outcome]:
    def reken(d: NetworkData) -> Outcome:
        if d.rollen is None:
            return Outcome(np.nan)
        over = d.rollen[["consultant", "verbinder"]].sum(axis=1)
        alle, eigen = float(over.sum()), d.rollen["soort"].eq(soort)
        # Behind the share stand the professionals of this kind that connect, and the others that do.
        bezig = over > 0
        return Outcome(
            float(over[eigen].sum()) / alle if alle else np.nan,
            float((bezig & eigen).sum()),
            float(bezig.sum()),
        )

    return reken


def _of_triangles(
    reken: Callable[[NetworkData, clustering.Triangles], float],
) -> Callable[[NetworkData], Outcome]:
    def doe(d: NetworkData) -> Outcome:
        return Outcome(np.nan if d.driehoeken is None else reken(d, d.driehoeken))

    return doe


def _reach(kolom: str) -> Callable[[NetworkData], Outcome]:
    def reken(d: NetworkData) -> Outcome:
        r = d.bereik[d.bereik["anderen"] > 0]
        if r.empty:
            return Outcome(np.nan)
        waarde = r["domeinen"] if kolom == "domeinen" else r["bereikt"] / r["anderen"]
        return Outcome(float(waarde.mean()))

    return reken


# Measures that count: what they are follows from the households seen, so they get no interval.
TELLINGEN: Mapping[str, Callable[[NetworkData], Outcome]] = {
    "professionals": lambda d: _count(len(d.tweezijdig.actors)),
    "organisaties": lambda d: _count(d.banden["organisatie"].nunique()),
    "banden": lambda d: _count(d.tweezijdig.ties.nnz),
    "paren": lambda d: _count(d.matrix.nnz // 2),
}
# Measures with an interval over households.
MATEN: Mapping[str, Callable[[NetworkData], Outcome]] = {
    "naast_elkaar": lambda d: Outcome(float(d.naast["index"].mean())),
    "na_elkaar": lambda d: _share(int(d.naast["na_elkaar"].sum()), int(d.naast["paren"].sum())),
    "over_domeinen": _across_domains,
    "ei_index": lambda d: Outcome(d.menging.ei),
    "ei_verwacht": lambda d: Outcome(d.menging.ei_verwacht),
    "professionals_per_huishouden": _per_household,
    "bereik_vast_gezicht": _reach("aandeel"),
    "bereik_domeinen": _reach("domeinen"),
    "dichtheid_tweezijdig": lambda d: Outcome(structure.density_two_mode(d.tweezijdig)),
    "dichtheid": lambda d: Outcome(structure.density(d.matrix)),
    "dichtheid_organisaties": lambda d: Outcome(structure.density(d.organisaties)),
    "clustering_tweezijdig": lambda d: Outcome(clustering.robins_alexander(d.tweezijdig)),
    "clustering_opsahl": _of_triangles(lambda d, drie: clustering.opsahl(d.tweezijdig, drie)),
    "transitiviteit": _of_triangles(lambda d, drie: clustering.transitivity(d.matrix, drie)),
    "gini_banden": lambda d: Outcome(structure.gini(structure.degrees(d.matrix))),
    "centralisatie_organisaties": lambda d: Outcome(structure.degree_centralisation(d.organisaties)),
    "tussen_organisaties": lambda d: Outcome(structure.betweenness_centralisation(d.paden.tussen.waarde)),
    "afstand_organisaties": lambda d: Outcome(d.paden.afstand),
    "makelaar_lokaal_team": _broker(LOKAAL),
    "makelaar_rvt": _broker(RVT),
    "centralisatie": _top,
    "grootste_deel": _largest_part,
    "kern": _core,
}
# Measures that need every triangle; missing when there are too many.
VAN_DRIEHOEKEN = ("clustering_opsahl", "transitiviteit", "makelaar_lokaal_team", "makelaar_rvt")
# Measures of one outcome of a search; leaving out households would search anew.
VAST: Mapping[str, Callable[[NetworkData], Outcome]] = {
    "gemeenschappen": lambda d: Outcome(float(d.gemeenschappen.aantal)),
    "modulariteit": lambda d: Outcome(d.gemeenschappen.modulariteit),
    "stabiliteit": lambda d: Outcome(d.gemeenschappen.stabiliteit),
}


_ALLE = {**TELLINGEN, **MATEN, **VAST}


def outcomes(d: NetworkData, maten: Collection[str] = tuple(_ALLE)) -> dict[str, Outcome]:
    """Return measures in the order asked; NaN where a network is too small for it to mean anything."""
    if d.banden.empty:
        return {naam: _count(0) if naam in TELLINGEN else Outcome(np.nan) for naam in maten}
    return {naam: _ALLE[naam](d) for naam in maten}


def values(d: NetworkData, maten: Collection[str]) -> dict[str, float]:
    """Return the values of measures."""
    return {naam: o.waarde for naam, o in outcomes(d, maten).items()}

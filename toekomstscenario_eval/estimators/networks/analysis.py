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

from toekomstscenario_eval.estimators.networks import brokerage, clustering, mixing, paths, qap, structure
from toekomstscenario_eval.estimators.networks.communities import Communities, communities
from toekomstscenario_eval.estimators.networks.core import core_periphery
from toekomstscenario_eval.estimators.networks.overlap import reach, side_by_side
from toekomstscenario_eval.estimators.networks.projection import TwoMode, adjacency, project, tied, two_mode
from toekomstscenario_eval.tie_names import untold

# Codes of the kinds of organisation whose brokerage is told.
LOCAL, RVT = "lokaal_team", "regionaal_veiligheidsteam"


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
        Per household how much its organisations were there side by side; see `overlap.side_by_side`.
    reach : DataFrame
        Per household the reach of its one fixed face; see `overlap.reach`.
    """

    banden: pd.DataFrame
    naast: pd.DataFrame
    reach: pd.DataFrame
    seed: int = field(default=0)

    @classmethod
    def of(
        cls,
        ties: pd.DataFrame,
        together_organisatie: pd.DataFrame,
        together_actor: pd.DataFrame,
        *,
        seed: int = 0,
    ) -> NetworkData:
        """Return the network of these ties (with `vast`) and pairs per household (see `overlap`)."""
        main = {f"hoofd{k}": mixing.main_value(ties, "actor", k) for k in ("soort", "domein")}
        having = ties.assign(**{naam: ties["actor"].map(waarde) for naam, waarde in main.items()})
        # Networks are made of parts of these rows some hundreds of times: numbers are quicker than texts.
        texts = [k for k in having.columns if pd.api.types.is_string_dtype(having[k])]
        having[texts] = having[texts].astype("category")
        return cls(
            having, side_by_side(together_organisatie).per_huishouden, reach(ties, together_actor), seed
        )

    def keep(self, huishoudens: NDArray[np.int64]) -> NetworkData:
        """Return the network of some households."""
        one, two, three = (
            d[d["huishouden"].isin(huishoudens)] for d in (self.banden, self.naast, self.reach)
        )
        return NetworkData(one, two, three, seed=self.seed)

    @cached_property
    def untold(self) -> dict[str, str]:
        """The measures of what was not registered, with the reason."""
        counts = (self.banden[k].nunique() for k in ("domein", "soort"))
        return untold(*counts, face=not self.reach.empty)

    @property
    def huishoudens(self) -> NDArray[np.int64]:
        """The households, each once."""
        return np.unique(self.banden["huishouden"].to_numpy(dtype=np.int64))

    @cached_property
    def two_sided(self) -> TwoMode:
        """Households and professionals."""
        return two_mode(self.banden, "actor")

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """Professionals that share a household."""
        return tied(self.two_sided)

    @cached_property
    def organisaties(self) -> sparse.csr_array:
        """Organisations that share a household."""
        return tied(two_mode(self.banden, "organisatie"))

    @cached_property
    def shared(self) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Households that each two organisations share, and the domain of each organisation."""
        net = two_mode(self.banden, "organisatie")
        pairs = project(net)
        home = self.banden.drop_duplicates("organisatie").set_index("organisatie")["domein"].astype(str)
        weights = adjacency(pairs, len(net.actors), pairs.gedeeld).toarray().astype(np.float64)
        return weights, home.reindex(net.actors).to_numpy(dtype=object)

    @cached_property
    def pairs_by_domain(self) -> tuple[int, int]:
        """Pairs of organisations around a household: those of two domains, and all."""
        own = self.banden[["huishouden", "organisatie", "domein"]].drop_duplicates()
        every = own.groupby("huishouden").size()
        within = own.groupby(["huishouden", "domein"], observed=True).size()
        both, same = (int((n * (n - 1) // 2).sum()) for n in (every, within))
        return both - same, both

    @cached_property
    def role_parts(self) -> dict[str, float]:
        """Which part of the open triads of organisations is of each role."""
        matrix = self.organisaties
        if clustering.triples(clustering.outward(matrix)) > clustering.MAX_TRIPLES:
            return {}
        return brokerage.role_parts(matrix, self.shared[1])[0]

    @cached_property
    def triangles(self) -> clustering.Triangles | None:
        """Triangles of professionals; None when there are too many to list."""
        outside = clustering.outward(self.matrix)
        many = clustering.triples(outside) > clustering.MAX_TRIPLES
        return None if many else clustering.triangles(self.matrix, outside)

    def feature(self, naam: str) -> NDArray[Any]:
        """Return kind or domain of each professional, that of the organisation with most households."""
        own = self.banden.drop_duplicates("actor").sort_values("actor")
        return np.asarray(own[f"hoofd{naam}"].to_numpy(), dtype=object)

    @cached_property
    def menging(self) -> mixing.Mixing:
        """Ties between professionals within and between domains."""
        return mixing.mixing(self.matrix, self.feature("domein"))

    @cached_property
    def rollen(self) -> pd.DataFrame | None:
        """Gould and Fernandez's roles per professional between domains, with its kind in `soort`.

        None when there are too many triangles to list.
        """
        if self.triangles is None:
            return None
        out = brokerage.gould_fernandez_undirected(self.matrix, self.feature("domein"), self.triangles)
        return out.assign(soort=self.feature("soort"))

    @cached_property
    def gemeenschappen(self) -> Communities:
        """Communities of organisations, weighted by households shared."""
        net = two_mode(self.banden, "organisatie")
        pairs = project(net)
        return communities(adjacency(pairs, len(net.actors), pairs.gedeeld), seed=self.seed)

    @cached_property
    def paths(self) -> paths.Paths:
        """Shortest paths between organisations."""
        return paths.paths(self.organisaties)


def _count(n: int) -> Outcome:
    return Outcome(float(n), float(n))


def _share(teller: int, noemer: int) -> Outcome:
    return Outcome(teller / noemer if noemer else np.nan, float(teller), float(noemer))


def _per_household(d: NetworkData) -> Outcome:
    n = len(d.huishoudens)
    return Outcome(d.two_sided.ties.nnz / n if n else np.nan)


def _top(d: NetworkData) -> Outcome:
    """Freeman's centralisation gives away the degree of the most central professional, if that is one."""
    degree = structure.degrees(d.matrix)
    on_the_top = int(np.sum(degree == degree.max())) if len(degree) else 0
    return Outcome(structure.degree_centralisation(d.matrix), float(on_the_top), float(len(degree)))


def _largest_part(d: NetworkData) -> Outcome:
    n = len(d.two_sided.actors)
    return _share(len(structure.largest_component(d.matrix)) if n else 0, n)


def _core(d: NetworkData) -> Outcome:
    within = core_periphery(d.matrix)
    return _share(int(within.sum()), len(within))


def _across_domains(d: NetworkData) -> Outcome:
    count = d.menging.tabel
    within, every = int(np.trace(count)), int((count.sum() + np.trace(count)) // 2)
    return _share(every - within, every)


def _ei_organisations(d: NetworkData) -> Outcome:
    across, every = d.pairs_by_domain
    return Outcome(2 * across / every - 1 if every else np.nan)


def _role(rol: str) -> Callable[[NetworkData], Outcome]:
    return lambda d: Outcome(d.role_parts.get(rol, np.nan))


def chance_of_domains(weights: NDArray[np.float64], domein: NDArray[Any], *, seed: int = 0) -> qap.Qap:
    """Return how ties between organisations go with being of two domains; p by dealing the domains anew."""
    other = np.asarray(domein[:, None] != domein[None, :], dtype=np.float64)
    return qap.qap(weights, other, permutations=500, seed=seed)


def _p_of_domains(d: NetworkData) -> Outcome:
    found = chance_of_domains(*d.shared, seed=d.seed).coefficients
    return Outcome(found["correlatie"].p if found else np.nan)


def _broker(soort: str) -> Callable[[NetworkData], Outcome]:
    def calculate(d: NetworkData) -> Outcome:
        if d.rollen is None:
            return Outcome(np.nan)
        over = d.rollen[["consultant", "verbinder"]].sum(axis=1)
        every, own = float(over.sum()), d.rollen["soort"].eq(soort)
        # Behind the share stand the professionals of this kind that connect, and the others that do.
        busy = over > 0
        return Outcome(
            float(over[own].sum()) / every if every else np.nan,
            float((busy & own).sum()),
            float(busy.sum()),
        )

    return calculate


def _of_triangles(
    calculate: Callable[[NetworkData, clustering.Triangles], float],
) -> Callable[[NetworkData], Outcome]:
    def do(d: NetworkData) -> Outcome:
        return Outcome(np.nan if d.triangles is None else calculate(d, d.triangles))

    return do


def _reach(column: str) -> Callable[[NetworkData], Outcome]:
    def calculate(d: NetworkData) -> Outcome:
        r = d.reach[d.reach["anderen"] > 0]
        if r.empty:
            return Outcome(np.nan)
        waarde = r["domeinen"] if column == "domeinen" else r["bereikt"] / r["anderen"]
        return Outcome(float(waarde.mean()))

    return calculate


# Measures that count: what they are follows from the households seen, so they get no interval.
TELLINGEN: Mapping[str, Callable[[NetworkData], Outcome]] = {
    "professionals": lambda d: _count(len(d.two_sided.actors)),
    "organisaties": lambda d: _count(d.banden["organisatie"].nunique()),
    "banden": lambda d: _count(d.two_sided.ties.nnz),
    "paren": lambda d: _count(d.matrix.nnz // 2),
}
# Measures with an interval over households.
MATEN: Mapping[str, Callable[[NetworkData], Outcome]] = {
    "naast_elkaar": lambda d: Outcome(float(d.naast["index"].mean())),
    "na_elkaar": lambda d: _share(int(d.naast["na_elkaar"].sum()), int(d.naast["paren"].sum())),
    "over_domeinen": _across_domains,
    "over_domeinen_organisaties": lambda d: _share(*d.pairs_by_domain),
    "ei_organisaties": _ei_organisations,
    "ei_organisaties_verwacht": lambda d: Outcome(mixing.expected_by_strength(*d.shared)),
    "ei_index": lambda d: Outcome(d.menging.ei),
    "ei_verwacht": lambda d: Outcome(d.menging.ei_verwacht),
    "professionals_per_huishouden": _per_household,
    "bereik_vast_gezicht": _reach("aandeel"),
    "bereik_domeinen": _reach("domeinen"),
    "dichtheid_tweezijdig": lambda d: Outcome(structure.density_two_mode(d.two_sided)),
    "dichtheid": lambda d: Outcome(structure.density(d.matrix)),
    "dichtheid_soorten": lambda d: Outcome(structure.density_of_kinds(tied(two_mode(d.banden, "soort")))),
    "dichtheid_organisaties": lambda d: Outcome(structure.density(d.organisaties)),
    "clustering_tweezijdig": lambda d: Outcome(clustering.robins_alexander(d.two_sided)),
    "clustering_opsahl": _of_triangles(lambda d, three: clustering.opsahl(d.two_sided, three)),
    "transitiviteit": _of_triangles(lambda d, three: clustering.transitivity(d.matrix, three)),
    "gini_banden": lambda d: Outcome(structure.gini(structure.degrees(d.matrix))),
    "centralisatie_organisaties": lambda d: Outcome(structure.degree_centralisation(d.organisaties)),
    "tussen_organisaties": lambda d: Outcome(structure.betweenness_centralisation(d.paths.between.waarde)),
    "afstand_organisaties": lambda d: Outcome(d.paths.afstand),
    "rol_coordinator": _role("coordinator"),
    "rol_consultant": _role("consultant"),
    "rol_poort": _role("poort"),
    "rol_verbinder": _role("verbinder"),
    "makelaar_lokaal_team": _broker(LOCAL),
    "makelaar_rvt": _broker(RVT),
    "centralisatie": _top,
    "grootste_deel": _largest_part,
    "kern": _core,
}
# Measures that need every triangle; missing when there are too many.
OF_TRIANGLES = ("clustering_opsahl", "transitiviteit", "makelaar_lokaal_team", "makelaar_rvt")
# The same for the open triads of organisations.
OF_TRIADS = ("rol_coordinator", "rol_consultant", "rol_poort", "rol_verbinder")
# Measures of one outcome of a search; leaving out households would search anew.
VAST: Mapping[str, Callable[[NetworkData], Outcome]] = {
    "p_ei_organisaties": _p_of_domains,
    "gemeenschappen": lambda d: Outcome(float(d.gemeenschappen.aantal)),
    "modulariteit": lambda d: Outcome(d.gemeenschappen.modulariteit),
    "stabiliteit": lambda d: Outcome(d.gemeenschappen.stabiliteit),
}


_ALL = {**TELLINGEN, **MATEN, **VAST}


def outcomes(d: NetworkData, maten: Collection[str] = tuple(_ALL)) -> dict[str, Outcome]:
    """Return measures in the order asked; NaN where a network is too small for it to mean anything."""
    if d.banden.empty:
        return {naam: _count(0) if naam in TELLINGEN else Outcome(np.nan) for naam in maten}
    return {naam: Outcome(np.nan) if naam in d.untold else _ALL[naam](d) for naam in maten}


def values(d: NetworkData, maten: Collection[str]) -> dict[str, float]:
    """Return the values of measures."""
    return {naam: o.waarde for naam, o in outcomes(d, maten).items()}

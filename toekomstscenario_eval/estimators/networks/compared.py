"""Networks compared: between sites, before and after, and with who meets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.estimators.networks import (
    analysis,
    clustering,
    comparison,
    network_cards,
    network_points,
    nullmodel,
    qap,
)
from toekomstscenario_eval.estimators.networks.analysis import NetworkData
from toekomstscenario_eval.estimators.networks.network_tables import Source
from toekomstscenario_eval.estimators.networks.overlap import side_by_side
from toekomstscenario_eval.estimators.networks.projection import TwoMode, adjacency, project, two_mode
from toekomstscenario_eval.estimators.networks.rows import Row, result, rows
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

VERGELIJKING, OVERLEG = "netwerk_vergelijking", "netwerk_overleg"
# Codes of the kinds of site that are compared.
SOORTEN = ("proeftuin", "vergelijking")
LEAST_HUISHOUDENS, LEAST_DAGEN, DRAWS = 30, 90, 99


def _sites(data: NetworkData) -> dict[str, tuple[str, NetworkData]]:
    """Return kind and network of each site that is large enough to say anything about."""
    out = {}
    for (naam, soort), part in data.banden.groupby([SITE, SITE_KIND], sort=True):
        shared = part["huishouden"].unique()
        if len(shared) >= LEAST_HUISHOUDENS:
            out[str(naam)] = (str(soort), data.keep(shared))
    return out


def _across(d: NetworkData) -> Callable[[TwoMode], float]:
    """Return the share of pairs between domains of a part of a network."""
    domein = dict(zip(d.two_sided.actors.tolist(), d.feature("domein").tolist(), strict=True))

    def maat(net: TwoMode) -> float:
        pairs = project(net)
        start = np.array([domein[a] for a in net.actors.tolist()], dtype=object)
        return float(np.mean(start[pairs.een] != start[pairs.twee])) if len(pairs.een) else np.nan

    return maat


def _density(net: TwoMode) -> float:
    n = len(net.actors)
    return len(project(net).een) / (n * (n - 1) / 2) if n > 1 else np.nan


def _site_value(maat: str, d: NetworkData, smallest: int, seed: int) -> float:
    """Return a measure of a site in a form that does not depend on its size."""
    if maat == "naast_elkaar":
        return analysis.values(d, (maat,))[maat]
    calculate = _across(d) if maat == "over_domeinen" else _density
    return nullmodel.of_size(d.two_sided, smallest, calculate, aantal=30, seed=seed)


def compare(source: Source, data: NetworkData, *, seed: int) -> Result:
    spots = _sites(data)
    smallest = min((len(d.huishoudens) for _, d in spots.values()), default=0)
    soorten = np.array([soort for soort, _ in spots.values()], dtype=object)
    clustering_of = clustering.robins_alexander
    seen = np.array([clustering_of(d.two_sided) for _, d in spots.values()])
    chance = [nullmodel.draws(d.two_sided, clustering_of, aantal=DRAWS, seed=seed) for _, d in spots.values()]
    lines = []
    for maat, how in network_cards.COMPARED.items():
        if maat == "clustering_tweezijdig":
            per = np.array([nullmodel.beside(g, t).verhouding for g, t in zip(seen, chance, strict=True)])
        else:
            per = np.array([_site_value(maat, d, smallest, seed) for _, d in spots.values()])
        toets = comparison.between(*(per[soorten == s] for s in SOORTEN), seed=seed)
        lines += _test_rows(maat, toets, how)
    if reden := source.missing({"proeftuin": ("start_datum",)}):
        lines += [Row(maat, np.nan, f"niet berekend: {reden}") for maat in ("verschil_na_voor", "p_na_voor")]
    else:
        lines += _test_rows("na_voor", _before_after(source, seed=seed), "elk gebied met zichzelf")
    # Chance within each site: across sites hardly anybody meets, whatever the network.
    together = nullmodel.beside(float(seen.mean()), np.mean(chance, axis=0)) if spots else nullmodel.NOTHING
    how = f"gemiddelde over gebieden, tegenover {together.draws} netwerken met dezelfde aantallen (curveball)"
    lines += [Row("toeval_clustering", together.verhouding, how), Row("p_toeval", together.p, how)]
    n = len(data.huishoudens)
    return result(
        source, VERGELIJKING, network_cards.VERGELIJKING, rows(network_cards.VERGELIJKING, n, lines), []
    )


def _test_rows(naam: str, toets: comparison.Permutation, how: str) -> list[Row]:
    soort = "alle" if toets.exact else "willekeurige"
    methode = f"{how}; {toets.arrangements} {soort} verdelingen van gebieden"
    if toets.reden:
        methode = f"{how}; te klein om te vergelijken: {toets.reden}"
    return [Row(f"verschil_{naam}", toets.verschil, methode), Row(f"p_{naam}", toets.p, methode)]


def _before_after(source: Source, *, seed: int) -> comparison.Permutation:
    """Compare each proeftuin with itself over two windows of equal length around its start."""
    spot = source.site_of()
    parts = []
    for together in source.together_around_start("organisatie", least=LEAST_DAGEN, most=365):
        per = side_by_side(together).per_huishouden
        groep = per.assign(plek=spot.reindex(per["huishouden"]).to_numpy()).groupby("plek")["index"]
        parts.append(groep.mean().where(groep.size() >= LEAST_HUISHOUDENS))
    both = pd.concat(parts, axis=1, keys=["voor", "na"])
    return comparison.paired(both["voor"].to_numpy(), both["na"].to_numpy(), seed=seed)


# Meetings


def meetings(source: Source, ties: pd.DataFrame, *, seed: int) -> Result:
    if reden := source.missing(network_cards.OVERLEG.tabellen):
        return result(source, OVERLEG, network_cards.OVERLEG, [], [], reden=reden)
    overleg = source.meetings()
    shared = two_mode(ties, "organisatie")
    y = np.log1p(_counts(overleg, "overleg", shared.actors))
    x = {
        "huishoudens": np.log1p(_counts(ties, "huishouden", shared.actors)),
        "zelfde_domein": _same(ties, "domein", shared.actors),
        "zelfde_gebied": _same(ties, SITE, shared.actors),
    }
    # A network that does not vary explains nothing, such as the region when there is one.
    varying = {
        k: m for k, m in x.items() if k == "huishoudens" or len(np.unique(m[np.triu_indices(len(m), 1)])) > 1
    }
    single = qap.qap(y, x["huishoudens"], permutations=500, seed=seed)
    more = qap.mrqap(y, varying, permutations=500, seed=seed)
    how = f"{single.permutations} omwisselingen van {single.knopen} organisaties"
    how = f"te klein om te toetsen: {single.reden}" if single.reden else how
    empty = qap.Coefficient(np.nan, np.nan, np.nan)
    r = single.coefficients.get("correlatie", empty)
    lines = [Row("correlatie", r.schatting, how), Row("p_correlatie", r.p, how)]
    for naam in network_cards.EXPLAINED:
        c = more.coefficients.get(naam, empty)
        lines += [Row(f"b_{naam}", c.schatting, how), Row(f"p_{naam}", c.p, how)]
    lines.append(Row("r2", more.r2, how))
    n = ties["huishouden"].nunique()
    points = _who_meets(overleg[overleg["huishouden"].isin(ties["huishouden"])], n)
    reeksen = [network_points.frame(points, periode="")] if points else []
    return result(source, OVERLEG, network_cards.OVERLEG, rows(network_cards.OVERLEG, n, lines), reeksen)


def _who_meets(overleg: pd.DataFrame, huishoudens: int) -> list[network_points.Point]:
    """Return who sat in a meeting about a household, and which two sat in one: shares of all households."""
    out: list[network_points.Point] = []
    for niveau in ("domein", "soort"):
        at_table = overleg[["overleg", "huishouden", niveau]].drop_duplicates()
        pair = at_table.merge(at_table, on=["overleg", "huishouden"], suffixes=("_een", "_twee"))
        pair = pair.rename(columns={f"{niveau}_{k}": k for k in ("een", "twee")})
        pair = pair[pair["een"] < pair["twee"]][["huishouden", "een", "twee"]].drop_duplicates()
        # A meeting has no days to be there side by side.
        together = pair.assign(dagen=np.nan, kortste=1.0)
        out += network_points.nodes(overleg, niveau, f"{niveau}knopen", huishoudens)
        out += network_points.pair_ties(overleg, together, niveau, f"{niveau}banden", huishoudens)
    return out + network_points.belonging(overleg, huishoudens)


def _counts(table: pd.DataFrame, row: str, actors: NDArray[Any]) -> NDArray[np.float64]:
    """Return how often each two organisations occur together in `row`, in the order of `actors`."""
    net = two_mode(table[table["organisatie"].isin(actors)], "organisatie", row)
    pairs = project(net)
    small = adjacency(pairs, len(net.actors), pairs.gedeeld).toarray()
    spot = pd.Index(actors).get_indexer(net.actors)
    out = np.zeros((len(actors), len(actors)))
    out[np.ix_(spot, spot)] = small
    return out


def _same(ties: pd.DataFrame, feature: str, actors: NDArray[Any]) -> NDArray[np.float64]:
    """Return 1 for organisations with the same domain or main region."""
    count = ties.groupby(["organisatie", feature], sort=True).size().rename("n").reset_index()
    best = count.sort_values(["n", feature], ascending=[False, True]).drop_duplicates("organisatie")
    waarde = best.set_index("organisatie")[feature].reindex(actors).to_numpy(dtype=object)
    out = np.asarray(waarde[:, None] == waarde[None, :], dtype=np.float64)
    np.fill_diagonal(out, 0)
    return out

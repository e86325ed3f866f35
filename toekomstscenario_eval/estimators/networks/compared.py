"""Networks compared: between sites, before and after, and with who meets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.estimators.networks import (
    analysis,
    card,
    clustering,
    comparison,
    nullmodel,
    qap,
    series,
)
from toekomstscenario_eval.estimators.networks.analysis import NetworkData
from toekomstscenario_eval.estimators.networks.projection import TwoMode, adjacency, project, two_mode
from toekomstscenario_eval.estimators.networks.rows import Row, result, rows
from toekomstscenario_eval.estimators.networks.source import Source
from toekomstscenario_eval.estimators.networks.together import side_by_side
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

VERGELIJKING, OVERLEG = "netwerk_vergelijking", "netwerk_overleg"
# Codes of the kinds of site that are compared.
SOORTEN = ("proeftuin", "vergelijking")
MINSTE_HUISHOUDENS, MINSTE_DAGEN, TREKKINGEN = 30, 90, 99


def _sites(data: NetworkData) -> dict[str, tuple[str, NetworkData]]:
    """Return kind and network of each site that is large enough to say anything about."""
    uit = {}
    for (naam, soort), deel in data.banden.groupby([SITE, SITE_KIND], sort=True):
        huis = deel["huishouden"].unique()
        if len(huis) >= MINSTE_HUISHOUDENS:
            uit[str(naam)] = (str(soort), data.keep(huis))
    return uit


def _across(d: NetworkData) -> Callable[[TwoMode], float]:
    """Return the share of pairs between domains of a part of a network."""
    domein = dict(zip(d.tweezijdig.actors.tolist(), d.kenmerk("domein").tolist(), strict=True))

    def maat(net: TwoMode) -> float:
        paren = project(net)
        van = np.array([domein[a] for a in net.actors.tolist()], dtype=object)
        return float(np.mean(van[paren.een] != van[paren.twee])) if len(paren.een) else np.nan

    return maat


def _density(net: TwoMode) -> float:
    n = len(net.actors)
    return len(project(net).een) / (n * (n - 1) / 2) if n > 1 else np.nan


def _site_value(maat: str, d: NetworkData, kleinste: int, seed: int) -> float:
    """Return a measure of a site in a form that does not depend on its size."""
    if maat == "naast_elkaar":
        return analysis.values(d, (maat,))[maat]
    reken = _across(d) if maat == "over_domeinen" else _density
    return nullmodel.of_size(d.tweezijdig, kleinste, reken, aantal=30, seed=seed)


def compare(source: Source, data: NetworkData, *, seed: int) -> Result:
    plekken = _sites(data)
    kleinste = min((len(d.huishoudens) for _, d in plekken.values()), default=0)
    soorten = np.array([soort for soort, _ in plekken.values()], dtype=object)
    clustering_van = clustering.robins_alexander
    gezien = np.array([clustering_van(d.tweezijdig) for _, d in plekken.values()])
    toeval = [
        nullmodel.draws(d.tweezijdig, clustering_van, aantal=TREKKINGEN, seed=seed)
        for _, d in plekken.values()
    ]
    rijen = []
    for maat, hoe in card.VERGELEKEN.items():
        if maat == "clustering_tweezijdig":
            per = np.array([nullmodel.beside(g, t).verhouding for g, t in zip(gezien, toeval, strict=True)])
        else:
            per = np.array([_site_value(maat, d, kleinste, seed) for _, d in plekken.values()])
        toets = comparison.between(*(per[soorten == s] for s in SOORTEN), seed=seed)
        rijen += _test_rows(maat, toets, hoe)
    if reden := source.missing({"proeftuin": ("start_datum",)}):
        rijen += [Row(maat, np.nan, f"niet berekend: {reden}") for maat in ("verschil_na_voor", "p_na_voor")]
    else:
        rijen += _test_rows("na_voor", _before_after(source, seed=seed), "elk gebied met zichzelf")
    # Chance within each site: across sites hardly anybody meets, whatever the network.
    samen = nullmodel.beside(float(gezien.mean()), np.mean(toeval, axis=0)) if plekken else nullmodel.NIETS
    hoe = (
        f"gemiddelde over gebieden, tegenover {samen.trekkingen} netwerken met dezelfde aantallen (curveball)"
    )
    rijen += [Row("toeval_clustering", samen.verhouding, hoe), Row("p_toeval", samen.p, hoe)]
    n = len(data.huishoudens)
    return result(source, VERGELIJKING, card.VERGELIJKING, rows(card.VERGELIJKING, n, rijen), [])


def _test_rows(naam: str, toets: comparison.Permutation, hoe: str) -> list[Row]:
    soort = "alle" if toets.exact else "willekeurige"
    methode = f"{hoe}; {toets.arrangementen} {soort} verdelingen van gebieden"
    if toets.reden:
        methode = f"{hoe}; te klein om te vergelijken: {toets.reden}"
    return [Row(f"verschil_{naam}", toets.verschil, methode), Row(f"p_{naam}", toets.p, methode)]


def _before_after(source: Source, *, seed: int) -> comparison.Permutation:
    """Compare each proeftuin with itself over two windows of equal length around its start."""
    plek = source.site_of()
    delen = []
    for samen in source.together_around_start("organisatie", least=MINSTE_DAGEN, most=365):
        per = side_by_side(samen).per_huishouden
        groep = per.assign(plek=plek.reindex(per["huishouden"]).to_numpy()).groupby("plek")["index"]
        delen.append(groep.mean().where(groep.size() >= MINSTE_HUISHOUDENS))
    beide = pd.concat(delen, axis=1, keys=["voor", "na"])
    return comparison.paired(beide["voor"].to_numpy(), beide["na"].to_numpy(), seed=seed)


# Meetings


def meetings(source: Source, banden: pd.DataFrame, *, seed: int) -> Result:
    if reden := source.missing(card.OVERLEG.tabellen):
        return result(source, OVERLEG, card.OVERLEG, [], [], reden=reden)
    overleg = source.meetings()
    huis = two_mode(banden, "organisatie")
    y = np.log1p(_counts(overleg, "overleg", huis.actors))
    x = {
        "huishoudens": np.log1p(_counts(banden, "huishouden", huis.actors)),
        "zelfde_domein": _same(banden, "domein", huis.actors),
        "zelfde_gebied": _same(banden, SITE, huis.actors),
    }
    # A network that does not vary explains nothing, such as the region when there is one.
    wisselt = {
        k: m for k, m in x.items() if k == "huishoudens" or len(np.unique(m[np.triu_indices(len(m), 1)])) > 1
    }
    enkel = qap.qap(y, x["huishoudens"], permutaties=500, seed=seed)
    meer = qap.mrqap(y, wisselt, permutaties=500, seed=seed)
    hoe = f"{enkel.permutaties} omwisselingen van {enkel.knopen} organisaties"
    hoe = f"te klein om te toetsen: {enkel.reden}" if enkel.reden else hoe
    leeg = qap.Coefficient(np.nan, np.nan, np.nan)
    r = enkel.coefficienten.get("correlatie", leeg)
    rijen = [Row("correlatie", r.schatting, hoe), Row("p_correlatie", r.p, hoe)]
    for naam in card.VERKLAARD:
        c = meer.coefficienten.get(naam, leeg)
        rijen += [Row(f"b_{naam}", c.schatting, hoe), Row(f"p_{naam}", c.p, hoe)]
    rijen.append(Row("r2", meer.r2, hoe))
    n = banden["huishouden"].nunique()
    punten = _who_meets(overleg[overleg["huishouden"].isin(banden["huishouden"])], n)
    reeksen = [series.frame(punten, periode="")] if punten else []
    return result(source, OVERLEG, card.OVERLEG, rows(card.OVERLEG, n, rijen), reeksen)


def _who_meets(overleg: pd.DataFrame, huishoudens: int) -> list[series.Point]:
    """Return who sat in a meeting about a household, and which two sat in one: shares of all households."""
    uit: list[series.Point] = []
    for niveau in ("domein", "soort"):
        aan_tafel = overleg[["overleg", "huishouden", niveau]].drop_duplicates()
        paar = aan_tafel.merge(aan_tafel, on=["overleg", "huishouden"], suffixes=("_een", "_twee"))
        paar = paar.rename(columns={f"{niveau}_{k}": k for k in ("een", "twee")})
        paar = paar[paar["een"] < paar["twee"]][["huishouden", "een", "twee"]].drop_duplicates()
        # A meeting has no days to be there side by side.
        samen = paar.assign(dagen=np.nan, kortste=1.0)
        uit += series.nodes(overleg, niveau, f"{niveau}knopen", huishoudens)
        uit += series.pair_ties(overleg, samen, niveau, f"{niveau}banden", huishoudens)
    return uit + series.belonging(overleg, huishoudens)


def _counts(tabel: pd.DataFrame, rij: str, actoren: NDArray[Any]) -> NDArray[np.float64]:
    """Return how often each two organisations occur together in `rij`, in the order of `actoren`."""
    net = two_mode(tabel[tabel["organisatie"].isin(actoren)], "organisatie", rij)
    paren = project(net)
    klein = adjacency(paren, len(net.actors), paren.gedeeld).toarray()
    plek = pd.Index(actoren).get_indexer(net.actors)
    uit = np.zeros((len(actoren), len(actoren)))
    uit[np.ix_(plek, plek)] = klein
    return uit


def _same(banden: pd.DataFrame, kenmerk: str, actoren: NDArray[Any]) -> NDArray[np.float64]:
    """Return 1 for organisations with the same domain or main region."""
    tel = banden.groupby(["organisatie", kenmerk], sort=True).size().rename("n").reset_index()
    beste = tel.sort_values(["n", kenmerk], ascending=[False, True]).drop_duplicates("organisatie")
    waarde = beste.set_index("organisatie")[kenmerk].reindex(actoren).to_numpy(dtype=object)
    uit = np.asarray(waarde[:, None] == waarde[None, :], dtype=np.float64)
    np.fill_diagonal(uit, 0)
    return uit

"""The conductor of the network analysis: from a package to results that can be released."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval import engine, ties
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.networks import (
    analysis,
    card,
    clustering,
    comparison,
    nullmodel,
    qap,
    resample,
    series,
)
from toekomstscenario_eval.networks.analysis import NetworkData
from toekomstscenario_eval.networks.projection import TwoMode, adjacency, project, two_mode
from toekomstscenario_eval.networks.together import side_by_side, turnover
from toekomstscenario_eval.types import REEKS, SCHATTING, TOTAAL, UITSLUITING, Card, Result, Venster

NETWERK, VERGELIJKING, OVERLEG = "netwerk", "netwerk_vergelijking", "netwerk_overleg"
GEEN = "geen professional in het venster"
MINSTE_HUISHOUDENS, MINSTE_DAGEN, TREKKINGEN = 30, 90, 99
_GROEPEN = ("proeftuin_soort", "proeftuin")
_GEVOELIG = ("naast_elkaar", "over_domeinen", "dichtheid", "clustering_tweezijdig")
_TELLING = "geteld, zonder interval"
_JACKKNIFE = "telkens zonder een van 15 groepen huishoudens, t-interval"
_ZOEK = "Louvain over 10 begintoestanden, zonder interval"


@dataclass(frozen=True)
class _Row:
    """An estimate on its way into the long table."""

    maat: str
    waarde: float
    methode: str
    onder: float = np.nan
    boven: float = np.nan
    teller: float = np.nan
    noemer: float = np.nan


def load(pakket: Package, venster: Venster) -> NetworkData:
    """Return the ties of a window, with days together."""
    samen = ties.together(pakket, venster, "organisatie"), ties.together(pakket, venster, "professional")
    return NetworkData.of(ties.ties(pakket, venster), *samen)


def analyse(
    pakket: Package, venster: Venster, *, periode: str | None = None, seed: int = 0
) -> tuple[Result, ...]:
    """Return the network analysis of a package: structure, comparison, and meetings.

    With `periode` (`jaar`, `halfjaar`, `kwartaal`): the structure of each part of the window.
    """
    if periode is not None:
        return (_over_time(pakket, venster, periode),)
    variant = f"{venster.begin}/{venster.eind}" if venster != pakket.venster else ""
    if reden := pakket.ontbreekt(card.NETWERK.tabellen):
        namen = ((NETWERK, card.NETWERK), (VERGELIJKING, card.VERGELIJKING))
        leeg = [_result(naam, kaart, venster, [], [], reden=reden, variant=variant) for naam, kaart in namen]
        return (*leeg, _meetings(pakket, venster, pd.DataFrame(), variant=variant, seed=seed))
    data = load(pakket, venster)
    return (
        _structure(pakket, venster, data, variant=variant),
        _compare(pakket, venster, data, variant=variant, seed=seed),
        _meetings(pakket, venster, data.banden, variant=variant, seed=seed),
    )


# Results


def _rows(
    kaart: Card,
    n: int,
    rijen: Sequence[_Row],
    *,
    plek: tuple[str, str, str] = ("", TOTAAL, ""),
    stratum: str = "",
) -> list[dict[str, Any]]:
    uitsplitsing, groep, periode = plek
    return [
        {
            "maat": r.maat,
            "uitsplitsing": uitsplitsing,
            "groep": groep,
            "periode": periode,
            "stratum": stratum,
            "schatting": r.waarde,
            "ondergrens": r.onder,
            "bovengrens": r.boven,
            "eenheid": kaart.maten[r.maat].eenheid,
            "methode": r.methode,
            "n": n,
            "teller": r.teller,
            "noemer": r.noemer,
            "gecensureerd": 0,
        }
        for r in rijen
    ]


def _result(
    naam: str,
    kaart: Card,
    venster: Venster,
    rijen: Sequence[Mapping[str, Any]],
    reeksen: Sequence[pd.DataFrame],
    *,
    buiten: int = 0,
    reden: str = "",
    variant: str = "",
) -> Result:
    vol = [r[list(REEKS)] for r in reeksen if len(r)]
    weg = [{"uitsplitsing": "", "groep": TOTAAL, "periode": "", "reden": GEEN, "aantal": buiten}]
    return Result(
        naam,
        kaart,
        {},
        venster,
        pd.DataFrame(rijen, columns=list(SCHATTING)),
        pd.concat(vol, ignore_index=True) if vol else pd.DataFrame(columns=list(REEKS)),
        pd.DataFrame(weg if buiten else [], columns=list(UITSLUITING)),
        reden_nvt=reden,
        variant=variant,
    )


# Structure


def _estimates(d: NetworkData, maten: Collection[str] = tuple(card.MATEN)) -> list[_Row]:
    """Return every measure of one network, with an interval where leaving out households gives one."""
    uit, huis = analysis.outcomes(d, maten), d.huishoudens
    telt = tuple(m for m in maten if m in analysis.MATEN)
    band = (
        resample.jackknife(huis, lambda houd: analysis.values(d.keep(huis[houd]), telt)) if len(huis) else {}
    )
    rijen = []
    for naam, o in uit.items():
        if naam in band and not np.isnan(o.waarde):
            i = band[naam]
            rijen.append(_Row(naam, o.waarde, _JACKKNIFE, i.onder, i.boven, o.teller, o.noemer))
        else:
            methode = _ZOEK if naam in analysis.VAST else _TELLING
            rijen.append(_Row(naam, o.waarde, methode, teller=o.teller, noemer=o.noemer))
    return rijen


def _structure(pakket: Package, venster: Venster, data: NetworkData, *, variant: str) -> Result:
    n = len(data.huishoudens)
    rijen = _rows(card.NETWERK, n, _estimates(data))
    grof = engine.strata(pakket, _GROEPEN)
    for veld in _GROEPEN:
        for groep, deel in data.banden.groupby(veld, sort=True):
            eigen = data.keep(deel["huishouden"].unique())
            stratum = grof.get(str(groep), "") if veld == "proeftuin" else ""
            plek = (veld, str(groep), "")
            rijen += _rows(
                card.NETWERK, len(eigen.huishoudens), _estimates(eigen), plek=plek, stratum=stratum
            )
    reeksen = _pictures(pakket, venster, data, periode="") if n else []
    return _result(
        NETWERK,
        card.NETWERK,
        venster,
        rijen,
        reeksen,
        buiten=ties.present_households(pakket, venster) - n,
        variant=variant,
    )


def _pictures(pakket: Package, venster: Venster, d: NetworkData, *, periode: str) -> list[pd.DataFrame]:
    """Return everything that pictures of the whole are made of."""
    n, punten = len(d.huishoudens), []
    per_organisatie = ties.together(pakket, venster, "organisatie")
    over = ties.handovers(pakket, venster, "organisatie")
    for niveau in ("domein", "soort"):
        samen = ties.together(pakket, venster, niveau)
        punten += series.nodes(d.banden, niveau, f"{niveau}knopen", n)
        punten += series.pair_ties(d.banden, samen, niveau, f"{niveau}banden", n)
        naam = d.banden.drop_duplicates("organisatie").set_index("organisatie")[niveau].to_dict()
        punten += series.flows(over, d.banden, naam, f"{niveau}overdrachten")
    punten += series.belonging(d.banden, n)
    if not periode:
        label = series.organisation_labels(d.banden)
        met = d.banden.assign(naam=d.banden["organisatie"].map(label))
        samen = per_organisatie.assign(**{k: per_organisatie[k].map(label) for k in ("een", "twee")})
        punten += series.nodes(met, "naam", "organisatieknopen", n)
        punten += series.pair_ties(met, samen, "naam", "organisatiebanden", n)
        punten += series.role_points(d)
        tabel = _missing(d, per_organisatie)
        labels = {m: card.MATEN[m].label for m in _GEVOELIG}
        punten += series.sensitivity_points(tabel[tabel["deel"] > 0], labels, n)
    return [series.frame(punten, periode=periode)] if punten else []


def _missing(d: NetworkData, samen: pd.DataFrame) -> pd.DataFrame:
    """Return what measures become when ties were not registered; without a tie its overlaps are gone too."""

    leeg = d.bereik.iloc[:0]
    sleutels = {k: pd.MultiIndex.from_frame(samen[["huishouden", k]]) for k in ("een", "twee")}

    def reken(houd: NDArray[np.bool_]) -> dict[str, float]:
        banden = d.banden[houd]
        over = pd.MultiIndex.from_frame(banden[["huishouden", "organisatie"]]).unique()
        beide = sleutels["een"].isin(over) & sleutels["twee"].isin(over)
        return analysis.values(
            NetworkData(banden, side_by_side(samen[beide]).per_huishouden, leeg), _GEVOELIG
        )

    return resample.missing_ties(len(d.banden), reken, aantal=5)


def _over_time(pakket: Package, venster: Venster, periode: str) -> Result:
    """Return structure and pictures of each part of the window, and how much of the ties stayed."""
    variant = f"per {periode}"
    if reden := pakket.ontbreekt(card.NETWERK.tabellen):
        return _result(NETWERK, card.TIJD, venster, [], [], reden=reden, variant=variant)
    rijen: list[dict[str, Any]] = []
    reeksen: list[pd.DataFrame] = []
    vorige: pd.DataFrame | None = None
    for label, deel in engine.split_periods(venster, periode).items():
        d, samen = load(pakket, deel), ties.together(pakket, deel, "organisatie")
        n = len(d.huishoudens)
        eigen = _estimates(d, card.PER_GEBIED)
        paren = samen[["een", "twee"]].drop_duplicates()
        zelfde = turnover(vorige, paren)["jaccard"] if vorige is not None else np.nan
        methode = "paren organisaties in beide perioden, gedeeld door die in een van beide; zonder interval"
        eigen.append(_Row("behoud", zelfde, methode))
        vorige = paren
        rijen += _rows(card.TIJD, n, eigen, plek=("", TOTAAL, label))
        reeksen += _pictures(pakket, deel, d, periode=label) if n else []
    return _result(NETWERK, card.TIJD, venster, rijen, reeksen, variant=variant)


# Comparison


def _sites(data: NetworkData) -> dict[str, tuple[str, NetworkData]]:
    """Return kind and network of each site that is large enough to say anything about."""
    uit = {}
    for (naam, soort), deel in data.banden.groupby(["proeftuin", "proeftuin_soort"], sort=True):
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


def _compare(pakket: Package, venster: Venster, data: NetworkData, *, variant: str, seed: int) -> Result:
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
        toets = comparison.between(
            *(per[soorten == s] for s in ("Proeftuin", "Vergelijkingsregio")), seed=seed
        )
        rijen += _test_rows(maat, toets, hoe)
    rijen += _test_rows("na_voor", _before_after(pakket, venster, seed=seed), "elk gebied met zichzelf")
    # Chance within each site: across sites hardly anybody meets, whatever the network.
    samen = nullmodel.beside(float(gezien.mean()), np.mean(toeval, axis=0)) if plekken else nullmodel.NIETS
    hoe = (
        f"gemiddelde over gebieden, tegenover {samen.trekkingen} netwerken met dezelfde aantallen (curveball)"
    )
    rijen += [_Row("toeval_clustering", samen.verhouding, hoe), _Row("p_toeval", samen.p, hoe)]
    n = len(data.huishoudens)
    return _result(
        VERGELIJKING, card.VERGELIJKING, venster, _rows(card.VERGELIJKING, n, rijen), [], variant=variant
    )


def _test_rows(naam: str, toets: comparison.Permutation, hoe: str) -> list[_Row]:
    soort = "alle" if toets.exact else "willekeurige"
    methode = f"{hoe}; {toets.arrangementen} {soort} verdelingen van gebieden"
    if toets.reden:
        methode = f"{hoe}; te klein om te vergelijken: {toets.reden}"
    return [_Row(f"verschil_{naam}", toets.verschil, methode), _Row(f"p_{naam}", toets.p, methode)]


def _before_after(pakket: Package, venster: Venster, *, seed: int) -> comparison.Permutation:
    """Compare each proeftuin with itself over two windows of equal length around its start."""
    plek = ties.site_of(pakket)
    delen = []
    for aanwezig in ties.around_start(pakket, venster, minste=MINSTE_DAGEN, meeste=365):
        per = side_by_side(ties.together(pakket, venster, "organisatie", aanwezig=aanwezig)).per_huishouden
        groep = per.assign(plek=plek.reindex(per["huishouden"]).to_numpy()).groupby("plek")["index"]
        delen.append(groep.mean().where(groep.size() >= MINSTE_HUISHOUDENS))
    samen = pd.concat(delen, axis=1, keys=["voor", "na"])
    return comparison.paired(samen["voor"].to_numpy(), samen["na"].to_numpy(), seed=seed)


# Meetings


def _meetings(pakket: Package, venster: Venster, banden: pd.DataFrame, *, variant: str, seed: int) -> Result:
    if reden := pakket.ontbreekt(card.OVERLEG.tabellen):
        return _result(OVERLEG, card.OVERLEG, venster, [], [], reden=reden, variant=variant)
    overleg = ties.meetings(pakket, venster)
    huis = two_mode(banden, "organisatie")
    y = np.log1p(_counts(overleg, "overleg", huis.actors))
    x = {
        "huishoudens": np.log1p(_counts(banden, "huishouden", huis.actors)),
        "zelfde_domein": _same(banden, "domein", huis.actors),
        "zelfde_gebied": _same(banden, "proeftuin", huis.actors),
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
    rijen = [_Row("correlatie", r.schatting, hoe), _Row("p_correlatie", r.p, hoe)]
    for naam in card.VERKLAARD:
        c = meer.coefficienten.get(naam, leeg)
        rijen += [_Row(f"b_{naam}", c.schatting, hoe), _Row(f"p_{naam}", c.p, hoe)]
    rijen.append(_Row("r2", meer.r2, hoe))
    n = banden["huishouden"].nunique()
    return _result(OVERLEG, card.OVERLEG, venster, _rows(card.OVERLEG, n, rijen), [], variant=variant)


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

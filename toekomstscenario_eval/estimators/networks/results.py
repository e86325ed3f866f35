"""The conductor of the network analysis: from a package to results that can be released."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.estimators.networks import analysis, card, resample, series
from toekomstscenario_eval.estimators.networks.analysis import NetworkData
from toekomstscenario_eval.estimators.networks.compared import OVERLEG, VERGELIJKING, compare, meetings
from toekomstscenario_eval.estimators.networks.rows import Row, result, rows
from toekomstscenario_eval.estimators.networks.source import Source
from toekomstscenario_eval.estimators.networks.together import side_by_side, turnover
from toekomstscenario_eval.identity import TOTAAL, Variant
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

NETWERK = "netwerk"
_GROEPEN = (SITE_KIND, SITE)
# Networks are made in memory: more than this does not fit in that of a laptop.
MEESTE_PERIODEN = 4_000_000
_GEVOELIG = ("naast_elkaar", "over_domeinen", "dichtheid", "clustering_tweezijdig")
_TELLING = "geteld, zonder interval"
_TE_GROOT = "niet berekend: te veel drietallen van professionals om te tellen"
_JACKKNIFE = "telkens zonder een van 15 groepen huishoudens, t-interval"
_ZOEK = "Louvain over 10 begintoestanden, zonder interval"


def load(source: Source) -> tuple[NetworkData, pd.DataFrame]:
    """Return the ties of a window, and the pairs of organisations per household with days together."""
    samen = source.together("organisatie")
    data = NetworkData.of(source.ties(), samen, source.around_fixed_face())
    return data, samen


def analyse(source: Source, *, periode: str | None = None, seed: int = 0) -> tuple[Result, ...]:
    """Return the network analysis of a package: structure, comparison, and meetings.

    With `periode` (`jaar`, `halfjaar`, `kwartaal`): the structure of each part of the window.
    """
    if periode is not None:
        return (_over_time(source, periode),)
    if reden := _reason(source):
        namen = ((NETWERK, card.NETWERK), (VERGELIJKING, card.VERGELIJKING), (OVERLEG, card.OVERLEG))
        return tuple(result(source, n, k, [], [], reden=reden) for n, k in namen)
    data, samen = load(source)
    return (
        _structure(source, data, samen),
        compare(source, data, seed=seed),
        meetings(source, data.banden, seed=seed),
    )


def structure(source: Source, *, band: str = "huishouden") -> Result:
    """Return the structure alone: measures, nodes, ties, hand-overs; or, by `overleg`, who meets whom."""
    if band == "overleg":
        if reden := source.missing(card.OVERLEG.tabellen):
            return result(source, OVERLEG, card.OVERLEG, [], [], reden=reden)
        return meetings(source, source.ties(), seed=0)
    if band != "huishouden":
        raise GebruikFout(
            f"een netwerk naar '{band}' wordt niet getoond",
            herstel=bedoelt_u(band, ("huishouden", "overleg")),
        )
    if reden := _reason(source):
        return result(source, NETWERK, card.NETWERK, [], [], reden=reden)
    return _structure(source, *load(source))


def _reason(source: Source) -> str:
    """Return why there is no network analysis of this package; empty when there is."""
    if source.spells > MEESTE_PERIODEN:
        miljoen = f"{MEESTE_PERIODEN / 1e6:.0f} miljoen"
        return (
            f"meer dan {miljoen} perioden van betrokkenheid, te veel voor netwerkmaten; neem een kleiner "
            "pakket, zoals dat van één regio"
        )
    return source.missing(card.NETWERK.tabellen)


def _estimates(data: NetworkData, maten: Collection[str] = tuple(card.MATEN)) -> list[Row]:
    """Return every measure of one network, with an interval where leaving out households gives one."""
    uit, huis = analysis.outcomes(data, maten), data.huishoudens
    telt = tuple(m for m in maten if m in analysis.MATEN and not np.isnan(uit[m].waarde))
    band = (
        resample.jackknife(huis, lambda houd: analysis.values(data.keep(huis[houd]), telt))
        if len(huis)
        else {}
    )
    rijen = []
    for naam, o in uit.items():
        if naam in band and not np.isnan(o.waarde):
            i = band[naam]
            rijen.append(Row(naam, o.waarde, _JACKKNIFE, i.onder, i.boven, o.teller, o.noemer))
        else:
            methode = _ZOEK if naam in analysis.VAST else _TELLING
            if naam in analysis.VAN_DRIEHOEKEN and not data.banden.empty and data.driehoeken is None:
                methode = _TE_GROOT
            rijen.append(Row(naam, o.waarde, methode, teller=o.teller, noemer=o.noemer))
    return rijen


def _structure(source: Source, data: NetworkData, samen: pd.DataFrame) -> Result:
    n = len(data.huishoudens)
    rijen = rows(card.NETWERK, n, _estimates(data))
    grof = source.strata(_GROEPEN)
    for veld in _GROEPEN:
        for groep, deel in data.banden.groupby(veld, sort=True):
            eigen = data.keep(deel["huishouden"].unique())
            stratum = grof.get(str(groep), "") if veld == SITE else ""
            plek = (veld, str(groep), "")
            schattingen = _estimates(eigen, card.PER_GEBIED)
            rijen += rows(card.NETWERK, len(eigen.huishoudens), schattingen, plek=plek, stratum=stratum)
    reeksen = _pictures(source, data, samen, periode="") if n else []
    return result(source, NETWERK, card.NETWERK, rijen, reeksen, buiten=source.present_households - n)


def _pictures(
    source: Source, d: NetworkData, per_organisatie: pd.DataFrame, *, periode: str
) -> list[pd.DataFrame]:
    """Return everything that pictures of the whole are made of."""
    n, punten = len(d.huishoudens), []
    over = source.handovers("organisatie")
    for niveau in ("domein", "soort"):
        samen = source.together(niveau)
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
        punten += series.sensitivity_points(tabel[tabel["deel"] > 0], n)
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


def _over_time(source: Source, periode: str) -> Result:
    """Return structure and pictures of each part of the window, and how much of the ties stayed."""
    variant = Variant(periode=periode)
    if reden := _reason(source):
        return result(source, NETWERK, card.TIJD, [], [], reden=reden, variant=variant)
    rijen: list[dict[str, Any]] = []
    reeksen: list[pd.DataFrame] = []
    vorige: pd.DataFrame | None = None
    for label, deel in source.parts(periode).items():
        d, samen = load(deel)
        n = len(d.huishoudens)
        eigen = _estimates(d, card.PER_GEBIED)
        paren = samen[["een", "twee"]].drop_duplicates()
        zelfde = turnover(vorige, paren)["jaccard"] if vorige is not None else np.nan
        methode = "paren organisaties in beide perioden, gedeeld door die in een van beide; zonder interval"
        eigen.append(Row("behoud", zelfde, methode))
        vorige = paren
        rijen += rows(card.TIJD, n, eigen, plek=("", TOTAAL, label))
        reeksen += _pictures(deel, d, samen, periode=label) if n else []
    return result(source, NETWERK, card.TIJD, rijen, reeksen, variant=variant)

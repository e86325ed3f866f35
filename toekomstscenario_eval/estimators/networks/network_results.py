"""The conductor of the network analysis: from a package to results that can be released."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.estimators.networks import analysis, network_cards, network_points, resample
from toekomstscenario_eval.estimators.networks.analysis import NetworkData
from toekomstscenario_eval.estimators.networks.compared import OVERLEG, VERGELIJKING, compare, meetings
from toekomstscenario_eval.estimators.networks.network_tables import Source
from toekomstscenario_eval.estimators.networks.overlap import side_by_side, turnover
from toekomstscenario_eval.estimators.networks.rows import Row, result, rows
from toekomstscenario_eval.identity import TOTAAL, Variant
from toekomstscenario_eval.types import SITE, SITE_KIND, Result

NETWERK = "netwerk"
_GROEPEN = (SITE_KIND, SITE)
_TIES = ("huishouden", "overleg")
# Networks are made in memory: more than this does not fit in that of a laptop.
MAX_PERIODEN = 4_000_000
_SENSITIVE = ("naast_elkaar", "over_domeinen", "dichtheid", "clustering_tweezijdig")
_TELLING = "geteld, zonder interval"
_TOO_LARGE = "niet berekend: te veel drietallen van professionals om te tellen"
_TOO_MANY = "niet berekend: te veel drietallen om te tellen"
_JACKKNIFE = "telkens zonder een van 15 groepen huishoudens, t-interval"
# What a network has more or less of by its size alone: an interval of it is about networks of that size.
_BY_SIZE = frozenset(
    (
        *("dichtheid_tweezijdig", "dichtheid", "dichtheid_soorten", "dichtheid_organisaties"),
        *("clustering_tweezijdig", "clustering_opsahl", "transitiviteit", "gini_banden"),
        *("centralisatie_organisaties", "tussen_organisaties", "afstand_organisaties"),
        *("professionals", "organisaties", "banden", "paren"),
    )
)
_OF_THIS_SIZE = (
    f"{_JACKKNIFE}; geldt voor een netwerk van evenveel huishoudens als hier, niet voor een groter"
)
_FIND = "Louvain over 10 begintoestanden, zonder interval"
_HOW = {
    **dict.fromkeys(analysis.VAST, _FIND),
    "p_ei_organisaties": "500 omwisselingen van organisaties (QAP)",
}


def load(source: Source) -> tuple[NetworkData, pd.DataFrame]:
    """Return the ties of a window, and the pairs of organisations per household with days together."""
    together = source.together("organisatie")
    data = NetworkData.of(source.ties(), together, source.around_fixed_face())
    return data, together


def analyse(source: Source, *, periode: str | None = None, seed: int = 0) -> tuple[Result, ...]:
    """Return the network analysis of a package: structure, comparison, and meetings.

    With `periode` (`jaar`, `halfjaar`, `kwartaal`): the structure of each part of the window.
    """
    if periode is not None:
        return (_over_time(source, periode),)
    if reden := reason(source):
        namen = (
            (NETWERK, network_cards.NETWERK),
            (VERGELIJKING, network_cards.VERGELIJKING),
            (OVERLEG, network_cards.OVERLEG),
        )
        return tuple(result(source, n, k, [], [], reden=reden) for n, k in namen)
    data, together = load(source)
    return (
        _structure(source, data, together),
        compare(source, data, seed=seed),
        meetings(source, data.banden, seed=seed),
    )


def check_tie(tie: str) -> None:
    """Raise GebruikFout on a kind of tie of which no network is shown."""
    if tie not in _TIES:
        raise GebruikFout(f"een netwerk naar '{tie}' wordt niet getoond", herstel=did_you_mean(tie, _TIES))


def structure(source: Source, *, tie: str = "huishouden") -> Result:
    """Return the structure alone: measures, nodes, ties, hand-overs; or, by `overleg`, who meets whom."""
    check_tie(tie)
    if tie == "overleg":
        if reden := source.missing(network_cards.OVERLEG.tabellen):
            return result(source, OVERLEG, network_cards.OVERLEG, [], [], reden=reden)
        return meetings(source, source.ties(), seed=0)
    if reden := reason(source):
        return result(source, NETWERK, network_cards.NETWERK, [], [], reden=reden)
    return _structure(source, *load(source))


def reason(source: Source) -> str:
    """Return why there is no network analysis of this package; empty when there is."""
    if source.spells > MAX_PERIODEN:
        million = f"{MAX_PERIODEN / 1e6:.0f} miljoen"
        return (
            f"meer dan {million} perioden van betrokkenheid, te veel voor netwerkmaten; neem een kleiner "
            "pakket, zoals dat van één regio"
        )
    return source.missing(network_cards.NETWERK.tabellen)


def _estimates(data: NetworkData, maten: Collection[str] = tuple(network_cards.MATEN)) -> list[Row]:
    """Return every measure of one network, with an interval where leaving out households gives one."""
    out, house = analysis.outcomes(data, maten), data.huishoudens
    counts = tuple(m for m in maten if m in analysis.MATEN and not np.isnan(out[m].waarde))
    found = (
        resample.jackknife(house, lambda keep: analysis.values(data.keep(house[keep]), counts))
        if len(house)
        else {}
    )
    lines = []
    for naam, o in out.items():
        if naam in found and not np.isnan(o.waarde):
            i = found[naam]
            how = _OF_THIS_SIZE if naam in _BY_SIZE else _JACKKNIFE
            lines.append(Row(naam, o.waarde, how, i.onder, i.boven, o.teller, o.noemer, i.fout))
        else:
            methode = _HOW.get(naam, _TELLING)
            if not data.banden.empty:
                methode = data.untold.get(naam, methode)
            if naam in analysis.OF_TRIANGLES and not data.banden.empty and data.triangles is None:
                methode = _TOO_LARGE
            if naam in analysis.OF_TRIADS and not data.banden.empty and not data.role_parts:
                methode = _TOO_MANY
            lines.append(Row(naam, o.waarde, methode, teller=o.teller, noemer=o.noemer))
    return lines


def _structure(source: Source, data: NetworkData, together: pd.DataFrame) -> Result:
    n = len(data.huishoudens)
    lines = rows(network_cards.NETWERK, n, _estimates(data))
    coarse = source.strata(_GROEPEN)
    for field in _GROEPEN:
        for groep, part in data.banden.groupby(field, sort=True):
            own = data.keep(part["huishouden"].unique())
            stratum = coarse.get(str(groep), "") if field == SITE else ""
            spot = (field, str(groep), "")
            schattingen = _estimates(own, network_cards.PER_AREA)
            lines += rows(
                network_cards.NETWERK, len(own.huishoudens), schattingen, spot=spot, stratum=stratum
            )
    reeksen = _pictures(source, data, together, periode="") if n else []
    return result(
        source, NETWERK, network_cards.NETWERK, lines, reeksen, outside=source.present_households - n
    )


def _pictures(
    source: Source, d: NetworkData, per_organisatie: pd.DataFrame, *, periode: str
) -> list[pd.DataFrame]:
    """Return everything that pictures of the whole are made of."""
    n, points = len(d.huishoudens), []
    over = source.handovers("organisatie")
    for niveau in ("domein", "soort"):
        together = source.together(niveau)
        points += network_points.nodes(d.banden, niveau, f"{niveau}knopen", n)
        points += network_points.pair_ties(d.banden, together, niveau, f"{niveau}banden", n)
        naam = d.banden.drop_duplicates("organisatie").set_index("organisatie")[niveau].to_dict()
        points += network_points.flows(over, d.banden, naam, f"{niveau}overdrachten")
    points += network_points.belonging(d.banden, n)
    if not periode:
        label = network_points.organisation_labels(d.banden)
        having = d.banden.assign(naam=d.banden["organisatie"].map(label))
        together = per_organisatie.assign(**{k: per_organisatie[k].map(label) for k in ("een", "twee")})
        points += network_points.organisations(having, n)
        points += network_points.pair_ties(having, together, "naam", "organisatiebanden", n)
        points += network_points.role_points(d)
        table = _missing(d, per_organisatie)
        points += network_points.sensitivity_points(table[table["deel"] > 0], n)
    return [network_points.frame(points, periode=periode)] if points else []


def _missing(d: NetworkData, together: pd.DataFrame) -> pd.DataFrame:
    """Return what measures become when ties were not registered; without a tie its overlaps are gone too."""

    empty = d.reach.iloc[:0]
    keys = {k: pd.MultiIndex.from_frame(together[["huishouden", k]]) for k in ("een", "twee")}

    def calculate(keep: NDArray[np.bool_]) -> dict[str, float]:
        ties = d.banden[keep]
        over = pd.MultiIndex.from_frame(ties[["huishouden", "organisatie"]]).unique()
        both = keys["een"].isin(over) & keys["twee"].isin(over)
        return analysis.values(
            NetworkData(ties, side_by_side(together[both]).per_huishouden, empty), _SENSITIVE
        )

    return resample.missing_ties(len(d.banden), calculate, aantal=5)


def _over_time(source: Source, periode: str) -> Result:
    """Return structure and pictures of each part of the window, and how much of the ties stayed."""
    variant = Variant(periode=periode)
    if reden := reason(source):
        return result(source, NETWERK, network_cards.TIME, [], [], reden=reden, variant=variant)
    lines: list[dict[str, Any]] = []
    reeksen: list[pd.DataFrame] = []
    previous: pd.DataFrame | None = None
    for label, part in source.parts(periode).items():
        d, together = load(part)
        n = len(d.huishoudens)
        own = _estimates(d, network_cards.PER_AREA)
        pairs = together[["een", "twee"]].drop_duplicates()
        same = turnover(previous, pairs)["jaccard"] if previous is not None else np.nan
        methode = "paren organisaties in beide perioden, gedeeld door die in een van beide; zonder interval"
        own.append(Row("behoud", same, methode))
        previous = pairs
        lines += rows(network_cards.TIME, n, own, spot=("", TOTAAL, label))
        reeksen += _pictures(part, d, together, periode=label) if n else []
    return result(source, NETWERK, network_cards.TIME, lines, reeksen, variant=variant)

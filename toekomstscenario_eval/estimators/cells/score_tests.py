"""Scores of groups compared from published counts of households, with the site as the unit.

Of every site the mean follows from its nested counts, with the variance that chance and noise give it. Each
has one spread in all sites: a site must not weigh more because its counts happened to come out even.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.compared_groups import Comparison
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.cells.score_moments import Moments, moments, units
from toekomstscenario_eval.estimators.cells.shown import FROM_COUNTS
from toekomstscenario_eval.estimators.group_tests import LEAST_CLUSTERS, Row
from toekomstscenario_eval.estimators.intervals import Reeks
from toekomstscenario_eval.estimators.mixed import mixed_means
from toekomstscenario_eval.identity import PAIRED
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.types import SITE, Card, Result

_UNIT = "de regio als eenheid"
_FEW_SITES = "gemengd model: niet te schatten, te weinig regio's in een groep"
_FEW_HOUSEHOLDS = (
    "gemengd model: niet te schatten, in een regio tellen te weinig huishoudens mee; ongeveer {0} per regio "
    "zijn nodig"
)
_NO_SITES = (
    "gemengd model: niet te schatten, want per regio en naar deze groepen tegelijk zijn scores niet openbaar"
)
_NO_MEAN = (
    "gemengd model: niet te schatten, huishoudens hebben meer dan één score, of scores reiken tot de hoogste "
    "trede"
)
_NO_SPREAD = "gemengd model: niet te schatten, geen spreiding tussen de scores, of de ruis verbergt haar"


@dataclass(frozen=True)
class _Sites:
    """Sites compared: their group, households, mean score and its variance; and the common spread."""

    groups: tuple[str, ...]
    n: Reeks
    average: Reeks
    variance: Reeks
    within: float


def score_tests(result: Result, comparison: Comparison, groepen: Sequence[str]) -> Iterator[Row]:
    """Yield the mixed model of a public result, for groups that are made of sites; else why there is none.

    Parameters
    ----------
    groepen : sequence of str
        Codes of the groups that are asked.
    """
    if comparison.naar == SITE:
        return
    by_site, known = result.publiek.get(SITE), comparison.regios.get(comparison.naar)
    if by_site is None or known is None:
        yield {"toets": "scores van groepen", "methode": _NO_SITES, "eenheid": ""}
        return
    seen = dict.fromkeys(by_site.plekken["groep"])
    of = {site: known[site] for site in seen if known.get(site) in groepen}
    for row in mixed_cells(by_site, of, result.card, result.params):
        del row["per_cluster"]
        yield {**row, "regios": tuple(of)}


def mixed_cells(
    by_site: PublicSummary, group_of_site: Mapping[str, str], card: Card, params: Mapping[str, Any]
) -> list[Row]:
    """Return the mean over sites, and the difference of two groups of sites, by a mixed model.

    Parameters
    ----------
    by_site : PublicSummary
        Published counts of a score by site.
    group_of_site : mapping
        The group of every site that is compared; others are left out.
    card, params
        Of the score; what is compared is the change where the card publishes one.

    Returns
    -------
    list of dict
        Rows of `TOETS` without `uitsplitsing` and `plekken`, with `per_cluster`: they rest on every site. The
        difference is that of the first group by name less the second. With a site that has fewer households
        than `vanaf.between_sites`, or of which nothing is published, each says so; leaving it out would
        select sites.
    """
    groups = sorted(set(group_of_site.values()))
    pairs = any((maat.schatter or naam) in PAIRED for naam, maat in card.maten_bij(params).items())
    what = "verandering" if pairs else "score"
    names = [f"gemiddelde {what}", *([f"verschil in {what}"] if len(groups) == 2 else [])]
    labels = [f"{naam}, regio als toevalseffect" for naam in names]
    sites = _sites(by_site, group_of_site, "d" if pairs else "w")
    if isinstance(sites, str):
        return [_row(label, sites) for label in labels]
    if min(sites.groups.count(group) for group in groups) < LEAST_CLUSTERS:
        return [_row(label, _FEW_SITES) for label in labels]
    one = np.ones(len(sites.n))
    first = np.array([group == groups[0] for group in sites.groups], dtype=np.float64)
    designs = [one[:, None], np.column_stack([one, first])]
    return [_fitted(label, sites, x, groups) for label, x in zip(labels, designs, strict=False)]


def _row(label: str, methode: str, **otherwise: Any) -> Row:
    return {"toets": label, "methode": methode, "eenheid": "", "per_cluster": True, **otherwise}


def _sites(summary: PublicSummary, group_of_site: Mapping[str, str], naam: str) -> _Sites | str:
    """Return the sites that are compared, or why they are not."""
    places = summary.plekken[summary.plekken["groep"].isin(list(group_of_site))]
    places = places[places["periode"].eq("")]
    least = summary.vanaf.between_sites
    missing = set(group_of_site) - set(places["groep"])
    if missing or places["reden"].ne("").any() or places["huishoudens"].lt(least).any():
        return _FEW_HOUSEHOLDS.format(2 * least)
    found = list(_per_site(summary, places["groep"].tolist(), naam))
    if any(m is None for m in found):
        return _NO_MEAN
    parts = [m for m in found if m is not None]
    n = np.array([m.n for m in parts])
    within = float(sum(m.variance * (m.n - 1) for m in parts) / max(1.0, n.sum() - len(n)))
    if not within > 0:
        return _NO_SPREAD
    noise = float(np.mean([m.noise_of_mean * m.n**2 for m in parts])) / n**2
    average = np.array([m.mean for m in parts])
    groups = tuple(group_of_site[site] for site in places["groep"])
    return _Sites(groups, n, average, within / n + noise, within)


def _per_site(summary: PublicSummary, sites: list[str], naam: str) -> Iterator[Moments | None]:
    """Yield the counts of each site; None where a mean does not follow from them."""
    cells = summary.cellen[summary.cellen["periode"].eq("")]
    parts: dict[str, pd.DataFrame] = {str(groep): part for groep, part in cells.groupby("groep", sort=False)}
    for site in sites:
        part = parts.get(site, cells.iloc[:0])
        u = units(part, "u")
        m = moments(part, naam, float(u[0]), summary.stap, summary.ruis.v)
        yield None if u[1:].any() or u[0] < 2 or m.beyond else m


def _fitted(label: str, sites: _Sites, x: Reeks, groups: list[str]) -> Row:
    total = float(sites.n.sum())
    try:
        model = mixed_means(sites.average, sites.variance, x, within=sites.within, units=total)
    except GebruikFout:
        return _row(label, "gemengd model: niet te schatten")
    spot = x.shape[1] - 1
    (low, high), (t, p) = model.interval(spot), model.toets(spot)
    by_group = [sites.n[[own == group for own in sites.groups]].sum() for group in groups]
    return _row(
        label,
        f"{FROM_COUNTS}: gemengd model (REML), {_UNIT} (t-verdeling), met de ruis",
        schatting=model.coefficients[spot],
        ondergrens=low,
        bovengrens=high,
        statistiek=t,
        df=float(model.df),
        p=p,
        vrijheid=total - len(groups),
        kleinste=float(min(by_group)),
    ) | {"eenheid": "punten"}

"""Regions like these: the mean over the regions of one kind, with an interval over regions.

A figure over several regions answers two questions. Of these households in these regions the interval over
households speaks, which was made with the figure. What to expect in regions like these depends on how far
regions lie apart, and there the region is the unit: households of one region are alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.designs import Design, Made, Released, breakdowns
from toekomstscenario_eval.designs._combined import combine
from toekomstscenario_eval.designs._sites import LEAST, SiteData, compared, sites_or_reason
from toekomstscenario_eval.identity import TOTAAL, Labels, Variant
from toekomstscenario_eval.protection.public import PublicSummary
from toekomstscenario_eval.types import SITE, SITE_KIND, Card

CARD = Design(
    label="Regio's zoals deze",
    vraag="Wat is te verwachten in regio's zoals deze, en niet alleen bij deze huishoudens in deze regio's?",
    assumption="De regio's van een soort zijn op te vatten als een greep uit regio's zoals zij. Hun echte "
    "cijfers liggen als een normale verdeling rond een gemiddelde, op een schaal waar dat past (logit of "
    "log).",
    grens="Of een andere regio zoals deze is: wie meedeed, is niet geloot. Een regio met een zekerder cijfer "
    "telt zwaarder, maar minder naarmate regio's meer verschillen: het gemiddelde over regio's is een ander "
    "getal dan het cijfer van alle huishoudens samen.",
    per=SITE_KIND,
    order=0,
    code="regios_zoals_deze",
    methode="Regio's zoals deze: bij een cijfer over drie of meer regio's gaat het interval over regio's "
    "voor (REML met Knapp en Hartung 2003, t met het aantal regio's min één; in een openbaar verslag bij "
    "aandelen van huishoudens de aannemelijkheid van de gepubliceerde tellingen). Het interval over "
    "huishoudens staat ernaast en geldt alleen voor deze huishoudens in deze regio's: hoe meer huishoudens "
    "per regio, hoe vaker het de waarde voor regio's zoals deze mist.",
)
NAAM = "regio's zoals deze"
_APART = "cijfers van regio's apart zijn hier niet berekend of niet openbaar"


@dataclass(frozen=True)
class OverRegions:
    """Mean over the regions of a kind with its 95% interval, in the unit of the estimand.

    `aantal` is how many regions there are, `verhouding` how many times as much the region that weighs most
    weighs as the one that weighs least, `bronnen` are the ids of their numbers; `reden` says why there is
    no interval over regions, and is empty when there is one.
    """

    naam: str
    soort: str
    aantal: int = 0
    gemiddelde: float = math.nan
    ondergrens: float = math.nan
    bovengrens: float = math.nan
    verhouding: float = math.nan
    bronnen: tuple[str, ...] = ()
    reden: str = ""

    @property
    def made(self) -> Made:
        """The mean over regions as a number with its id."""
        waarden = {"schatting": self.gemiddelde, "ondergrens": self.ondergrens, "bovengrens": self.bovengrens}
        return Made(NAAM, NAAM, self.naam, self.bronnen, waarden)


@dataclass(frozen=True)
class _Part:
    """The regions of one kind as a result of their own, of which the figure of that kind is the whole."""

    card: Card
    labels: Labels
    params: Mapping[str, Any]
    schattingen: pd.DataFrame
    toetsen: pd.DataFrame
    publiek: Mapping[str, PublicSummary]
    variant: Variant
    starts: Mapping[str, str]
    paneel: pd.DataFrame


def _of_kind(r: Released, kind: str) -> _Part:
    s = r.schattingen
    of = pd.Series([kind in text.split(" / ") for text in s["stratum"].astype(str)], s.index, dtype=bool)
    sites = s[s["uitsplitsing"].eq(SITE) & of]
    whole = s[s["uitsplitsing"].eq(SITE_KIND) & s["groep"].eq(kind)].assign(uitsplitsing="", groep=TOTAAL)
    public = dict(r.publiek)
    if SITE in public:
        every = public[SITE]
        cells, places = (t[t["groep"].isin(sites["groep"])] for t in (every.cellen, every.plekken))
        public[SITE] = replace(every, cellen=cells, plekken=places)
    return _Part(
        r.card,
        r.labels,
        r.params,
        pd.concat([whole, sites]),
        r.toetsen,
        public,
        r.variant,
        r.starts,
        r.paneel,
    )


def over_regions(r: Released, kind: str, *, maat: str | None = None) -> OverRegions:
    """Return the mean over the regions of a kind with its interval, or why it cannot be given.

    Parameters
    ----------
    kind : str
        Code of the kind of region.
    maat : str, optional
        The estimand; default the first that has a standard error.
    """
    naam = maat or compared(r)
    if SITE not in breakdowns(r):
        return OverRegions(naam, kind, reden=_APART)
    part = _of_kind(r, kind)
    own = part.schattingen
    aantal = int(own.loc[own["uitsplitsing"].eq(SITE), "groep"].nunique())
    found = OverRegions(naam, kind, aantal)
    if aantal < LEAST:
        few = "er is maar één regio" if aantal == 1 else f"er zijn maar {aantal} regio's"
        return replace(found, reden=f"{few}; een interval over regio's vraagt er ten minste {LEAST}")
    if own["periode"].any() or not own["uitsplitsing"].eq("").any():
        return replace(found, reden=_APART)
    sites, why = sites_or_reason(part, maat=naam)
    if sites is None:
        return replace(found, reden=why.rstrip(".") or "bij geen regio telt er iets mee")
    mean, under, above, ratio = _mean(sites)
    return replace(
        found,
        gemiddelde=mean,
        ondergrens=under,
        bovengrens=above,
        verhouding=ratio,
        bronnen=sites.bronnen,
    )


def _mean(sites: SiteData) -> tuple[float, float, float, float]:
    """Return the mean over sites with its 95% interval in the unit of the estimand, and how weights differ.

    A site weighs 1 / (se^2 + tau^2). Of protected counts, which are combined by their likelihood, that is an
    approximation, with the standard error of each site by itself.
    """
    if sites.telling is None:
        m = combine(sites.y, sites.se)
        three, between = (m.gemiddelde, m.ondergrens, m.bovengrens), m.tau2
    else:
        c = sites.telling.combined
        three, between = (c.gemiddelde, c.ondergrens, c.bovengrens), c.tau**2
    back = sites.schaal.back(np.array(three))
    variance = sites.se**2 + between
    return float(back[0]), float(back[1]), float(back[2]), float(variance.max() / variance.min())


def make(r: Released) -> Iterator[Made]:
    """Yield the mean over the regions of each kind, where it can be given."""
    s = r.schattingen
    for kind in s.loc[s["uitsplitsing"].eq(SITE_KIND), "groep"].unique().tolist():
        found = over_regions(r, str(kind))
        if not found.reden:
            yield found.made

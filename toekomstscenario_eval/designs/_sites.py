"""Sites on one scale: what designs that set sites beside each other have in common."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.designs import Released, headline, rows
from toekomstscenario_eval.designs._published import (
    Means,
    Published,
    mean_in_cells,
    one_each,
    published,
    published_means,
)
from toekomstscenario_eval.designs._site_likelihood import SiteCounts
from toekomstscenario_eval.document.format import FORMS
from toekomstscenario_eval.identity import COMPARISON
from toekomstscenario_eval.types import SITE, Kind, Maat

Floats = NDArray[np.float64]
Soort = Literal["binomiaal", "poisson", "normaal", "ruis"]
LEAST = 3
Z = 1.959963984540054
_NOTHING_KNOWN = 1.0  # a standard error on the logit scale: the interval is about 0.1 to 0.9 wide
_NOT_COMPARED = "Regio's zijn niet naast elkaar gezet"
BY_SIZE = r"\btellen\b"  # in every reason of a place that says how many households count there
_AT_ZERO = 0.5  # added to nothing, so that a site without events has a place on the log scale


@dataclass(frozen=True)
class Scale:
    """A scale where normality fits: there and back, and how steep the way back is."""

    forth: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]

    def within(self, maat: Maat) -> Scale:
        """Return the scale of an estimand: nothing comes back beyond what it can be."""
        return replace(self, back=lambda x: np.clip(self.back(x), *maat.bereik))


_LOGIT = Scale(
    lambda p: np.log(p / (1 - p)),
    lambda x: 1 / (1 + np.exp(-x)),
    lambda x: 1 / (2 + np.exp(x) + np.exp(-x)),
)
_LOG = Scale(np.log, np.exp, np.exp)
_PLAIN = Scale(np.asarray, np.asarray, np.ones_like)


@dataclass(frozen=True)
class SiteData:
    """Sites that take part, on a scale where normality fits.

    Attributes
    ----------
    naam, maat : str, Maat
        The estimand that is compared.
    tabel : DataFrame
        The released rows of the sites that take part; `schatting` is missing where a count is too small
        to be shown as a share.
    y, se, omvang : array of shape (k,)
        Estimate and standard error on the scale, and the size in a funnel.
    geheel : float or None
        Estimate of the whole; None when it is hidden.
    telling : SiteCounts or None
        Of a public share of households: the protected counts, of every site.
    noisy : bool
        Whether these are public mean scores of every site, with the noise in `se`.
    inside : bool
        Whether these are exact figures, without noise.
    """

    naam: str
    maat: Maat
    tabel: pd.DataFrame
    y: Floats
    se: Floats
    omvang: Floats
    soort: Soort
    schaal: Scale
    geheel: float | None
    telling: SiteCounts | None = None
    noisy: bool = False
    inside: bool = False

    @property
    def of_all(self) -> Floats | None:
        """What is published of every site, also where a place is too small to show it; None without cells."""
        if self.telling is not None:
            return self.telling.shares
        return self.y if self.noisy else None

    @property
    def apart(self) -> NDArray[np.bool_]:
        """Which are comparison regions beside at least three other ones: they share no whole with these."""
        other = np.array([COMPARISON in str(kinds).split(" / ") for kinds in self.tabel["stratum"]])
        return other if (~other).sum() >= LEAST else np.zeros(len(other), dtype=bool)

    @property
    def plain_error(self) -> Floats:
        """Standard error of each site in the unit of the estimand (delta method)."""
        return np.asarray(self.se * self.schaal.slope(self.y))

    @property
    def bronnen(self) -> tuple[str, ...]:
        """Ids of the numbers that went in."""
        return tuple(self.tabel["getal_id"])

    def of(self, chosen: NDArray[np.bool_]) -> SiteData:
        """Return these of the sites, as if there were no others."""
        c = self.telling
        return replace(
            self,
            tabel=self.tabel[chosen].reset_index(drop=True),
            y=self.y[chosen],
            se=self.se[chosen],
            omvang=self.omvang[chosen],
            telling=None if c is None else SiteCounts(c.t[chosen], c.r[chosen], c.n[chosen], c.ruis),
        )

    def per_site(self, waarden: Floats) -> dict[str, float]:
        """Return values by the name of the site."""
        return dict(zip(map(str, self.tabel["groep"]), map(float, waarden), strict=True))


def compared(r: Released) -> str:
    """Return the first estimand that sites can be compared by: one that has a standard error."""
    every = r.card.maten_bij(r.params)
    return next((k for k, maat in every.items() if (maat.schatter or k) not in _NO_ERROR), headline(r))


def site_data(r: Released, *, per: str = SITE, maat: str | None = None) -> SiteData | None:
    """Return all sites; None where not every one of them has an estimate with a standard error.

    Shares stand on the logit scale, changes of a score as they are, other figures on the log scale. Half
    a unit is added to a share or rate of nothing (and half to the rest), so that a site without events
    takes part. Public shares and mean scores of households take part by their protected counts, whatever
    these are. With fewer than three sites, or without any event, there is nothing to compare.
    """
    return sites_or_reason(r, per=per, maat=maat)[0]


def why_none(r: Released, *, per: str = SITE, maat: str | None = None) -> str:
    """Return why sites are not compared; empty when they are, or when it shows by itself.

    Selecting the sites that are large enough, or whose figure is shown, would move the mean over sites: so
    there is a comparison of all sites, or none.
    """
    reason = sites_or_reason(r, per=per, maat=maat)[1]
    return f"{_NOT_COMPARED}: {reason}" if reason else ""


def sites_or_reason(r: Released, *, per: str = SITE, maat: str | None = None) -> tuple[SiteData | None, str]:
    """Return the sites, or why there is no comparison of them; see `site_data` and `why_none`."""
    naam = maat or compared(r)
    if by_count := in_cells(r, per, naam):
        return by_count(r, per, naam)
    what, every = r.card.maten[naam], rows(r, uitsplitsing=per, maat=naam)
    if FORMS[what.vorm].telling or every["periode"].any() or len(every) < LEAST:
        return None, ""
    soort, schaal = _way(r, naam)
    if reason := _not_all(r, per, naam, every, soort, schaal):
        return None, reason
    if _only_edges(every["schatting"], soort):
        return None, ""
    counted = every.reset_index(drop=True)
    calculate = {"binomiaal": _shares, "poisson": _rates}.get(soort)
    part = calculate(counted) if calculate else _others(counted, schaal)
    y, se, extent = (part[k].to_numpy() for k in ("y", "se", "omvang"))
    fitting, whole, inside = schaal.within(what), _whole(r, naam), not r.publiek
    return SiteData(naam, what, counted, y, se, extent, soort, fitting, whole, inside=inside), ""


def _whole(r: Released, naam: str) -> float | None:
    """Return the estimate of the whole, None when it is hidden."""
    whole = rows(r, uitsplitsing="", maat=naam).iloc[0]
    return None if whole["onderdrukt"] or math.isnan(whole["schatting"]) else float(whole["schatting"])


_InCells = Callable[[Released, str, str], tuple[SiteData | None, str]]


def in_cells(r: Released, per: str, naam: str) -> _InCells | None:
    """Return how the sites are compared by protected counts of households; None when they are not."""
    if per not in r.publiek or r.schattingen["periode"].any():
        return None
    if one_each(r.publiek):
        return _by_counts
    return _by_means if mean_in_cells(r.publiek, _figure(r, naam)) else None


def _figure(r: Released, naam: str) -> str:
    return r.card.maten[naam].schatter or naam


def _not_all(r: Released, per: str, naam: str, every: pd.DataFrame, soort: Soort, schaal: Scale) -> str:
    """Return why not all sites can be used; empty when they can."""
    if _figure(r, naam) in _NO_ERROR:
        return "van deze maat is er geen standaardfout, waarmee regio's samen te nemen zijn."
    if per in r.publiek:
        places = r.publiek[per].plekken
        places, least = places[places["periode"].eq("")], r.publiek[per].vanaf.between_sites
        large = places["huishoudens"].ge(least)
        # A place may also be kept back for another reason than its size.
        kept_back = ~large & places["reden"].ne("") & ~places["reden"].str.contains(BY_SIZE)
        if few := int((~large & ~kept_back).sum()):
            return _few(few, len(places), least)
        if kept_back.any():
            return f"van {int(kept_back.sum())} van de {len(places)} regio's is niets gepubliceerd."
    gone = int((~_usable(every, soort, schaal)).sum())
    return (
        f"bij {gone} van de {len(every)} regio's zijn er te weinig huishoudens of gebeurt het te weinig voor "
        "een cijfer met een standaardfout. Alleen de andere vergelijken zou het gemiddelde verschuiven."
        if gone
        else ""
    )


def _by_counts(r: Released, per: str, naam: str) -> tuple[SiteData | None, str]:
    """Return the sites by their protected counts, or why there is no comparison of them."""
    found, whole = published(r.publiek[per]), _whole(r, naam)
    every = rows(r, uitsplitsing=per, maat=naam)
    counted = every[every["groep"].isin(list(found.counts))].reset_index(drop=True)
    least = r.publiek[per].vanaf.between_sites
    if reason := _too_little(found, len(counted), least, _NO_SHARE if whole is None else ""):
        return None, reason
    t, r_, n = np.array([found.counts[groep] for groep in counted["groep"]], dtype=np.int64).T
    counts = SiteCounts(t, r_, n, r.publiek[per].ruis)
    if not counts.combined.se < _NOTHING_KNOWN:
        return None, (
            "het kenmerk komt zo weinig voor dat de ruis in de tellingen een verschil "
            "tussen regio's verbergt."
        )
    y = counts.alone @ counts.grid
    # By itself; what is said of sites together does not rest on these two.
    se = np.sqrt(counts.alone @ counts.grid**2 - y**2)
    extent, what = n.astype(np.float64), r.card.maten[naam]
    return SiteData(naam, what, counted, y, se, extent, "ruis", _LOGIT, whole, counts), ""


_NO_SHARE = "bij alle regio's samen is het aantal met of zonder het kenmerk te klein om een aandeel te tonen."
_NO_MEAN = "bij alle regio's samen is er geen cijfer te tonen."


def _by_means(r: Released, per: str, naam: str) -> tuple[SiteData | None, str]:
    """Return the sites by the mean score that follows from their counts, or why there is no comparison."""
    summary, whole = r.publiek[per], _whole(r, naam)
    found = published_means(summary, _figure(r, naam))
    every = rows(r, uitsplitsing=per, maat=naam)
    counted = every[every["groep"].isin(list(found.found))].reset_index(drop=True)
    least = summary.vanaf.between_sites
    if reason := _too_little(found, len(counted), least, _NO_MEAN if whole is None else ""):
        return None, reason
    y, se = np.array([found.found[groep] for groep in counted["groep"]], dtype=np.float64).T
    what = r.card.maten[naam]
    return SiteData(
        naam, what, counted, y, se, 1 / se**2, "normaal", _PLAIN.within(what), whole, noisy=True
    ), ""


def _too_little(found: Published | Means, sites: int, least: int, whole: str) -> str:
    """Return why sites cannot be compared, before their counts are looked at; empty when they can.

    `whole` says why there is no figure of the whole; empty when there is.
    """
    if found.few:
        return _few(found.few, len(found.groups), least)
    if whole:
        return whole
    if sites < LEAST:
        return f"er zijn minder dan {LEAST} regio's met een telling."
    gone = len(found.groups) - sites
    return f"van {gone} van de {len(found.groups)} regio's is niets gepubliceerd." if gone else ""


def _few(few: int, sites: int, least: int) -> str:
    return (
        f"bij {few} van de {sites} regio's tellen minder dan {least} huishoudens mee. Om regio's te "
        f"vergelijken zijn ongeveer {2 * least} huishoudens per regio nodig."
    )


def _shares(lines: pd.DataFrame) -> pd.DataFrame:
    """Return sites as events out of an effective number of units: p (1 - p) over the squared error.

    That has in it what was allowed for alike units in one household. Of a share of nothing or all it cannot
    be known how alike they are: there the households count.
    """
    p, se, n, units = (lines[k].to_numpy(dtype=float) for k in ("schatting", "standaardfout", "n", "noemer"))
    edge = (p <= 0) | (p >= 1)
    extent = np.where(edge, np.minimum(n, units), p * (1 - p) / np.where(edge, 1.0, se) ** 2)
    at = np.where(edge, _AT_ZERO, 0.0)
    events, others = p * extent + at, (1 - p) * extent + at
    y, se = np.log(events / others), np.sqrt(1 / events + 1 / others)
    return pd.DataFrame({"y": y, "se": se, "omvang": extent})


def _rates(lines: pd.DataFrame) -> pd.DataFrame:
    """Return sites as events per exposure, with the exposure at which Poisson gives their error."""
    r, se, e = (lines[k].to_numpy(dtype=float) for k in ("schatting", "standaardfout", "noemer"))
    y, own, extent = np.log(_AT_ZERO / e), np.full_like(r, 1 / np.sqrt(_AT_ZERO)), e.copy()
    having = r > 0
    y[having], own[having] = np.log(r[having]), se[having] / r[having]
    extent[having] = r[having] / se[having] ** 2
    return pd.DataFrame({"y": y, "se": own, "omvang": extent})


def _others(lines: pd.DataFrame, schaal: Scale) -> pd.DataFrame:
    """Return sites by their estimate and its standard error, on a scale by the delta method."""
    y = schaal.forth(lines["schatting"].to_numpy(dtype=float))
    se = lines["standaardfout"].to_numpy(dtype=float) / schaal.slope(y)
    return pd.DataFrame({"y": y, "se": se, "omvang": 1 / se**2})


_WAYS: Mapping[Kind, tuple[Soort, Scale]] = {
    Kind.AANDEEL: ("binomiaal", _LOGIT),
    Kind.AANTAL: ("normaal", _LOG),
    Kind.DUUR: ("normaal", _LOG),
    Kind.HERHAALD: ("normaal", _LOG),
    # A change of a score may be negative, and its interval is symmetric.
    Kind.SCORE: ("normaal", _PLAIN),
    Kind.MATRIX: ("normaal", _PLAIN),
    Kind.NETWERK: ("normaal", _LOG),
    Kind.KENMERK: ("binomiaal", _LOGIT),
    Kind.TELLING: ("normaal", _LOG),
}
# What follows from no sum over households, and so has no standard error: it is not combined over sites.
_NO_ERROR = frozenset(
    ("mediaan", "p25", "p75", "p90", "gemiddelde_beeindigd", "overspreiding", "standaardafwijking")
)
_RATE = "per_blootstelling"


def _way(r: Released, naam: str) -> tuple[Soort, Scale]:
    """Return which limits and which scale fit the estimand."""
    maat = r.card.maten[naam]
    if (maat.schatter or naam) == _RATE:
        return "poisson", _LOG
    soort, schaal = _WAYS[r.card.kind]
    return soort, _LOGIT if FORMS[maat.vorm].deel else schaal


def _usable(lines: pd.DataFrame, soort: Soort, schaal: Scale) -> pd.Series:
    x, se = lines["schatting"].astype(float), lines["standaardfout"].astype(float)
    usable = x.notna() & ~lines["onderdrukt"].astype(bool)
    edge = pd.Series(False, lines.index)
    if soort != "normaal":
        edge = (x.le(0) | (x.ge(1) if soort == "binomiaal" else False)) & lines["noemer"].astype(float).gt(0)
    usable &= se.gt(0) | edge
    if soort == "normaal" and schaal is not _PLAIN:
        usable &= x.gt(0) & (x.lt(1) if schaal is _LOGIT else True)
    return usable


def _only_edges(schatting: pd.Series, soort: Soort) -> bool:
    """Whether no site has an event (or every unit one): then only the half that is added would speak.

    It happens when sites with few events are hidden and those without any are not.
    """
    if soort == "normaal":
        return False
    return bool((schatting.le(0) | (schatting.ge(1) if soort == "binomiaal" else False)).all())

"""Sites on one scale: what designs that set sites beside each other have in common."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from toekomstscenario_eval.types import SITE, Kind, Maat

Floats = NDArray[np.float64]
Soort = Literal["binomiaal", "poisson", "normaal", "ruis"]
LEAST = 3
Z = 1.959963984540054
_NOTHING_KNOWN = 1.0  # a standard error on the logit scale: the interval is about 0.1 to 0.9 wide
_NOT_COMPARED = "Regio's zijn niet naast elkaar gezet"
_AT_ZERO = 0.5  # added to nothing, so that a site without events has a place on the log scale


@dataclass(frozen=True)
class Scale:
    """A scale where normality fits: there and back, and how steep the way back is."""

    forth: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


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
    verborgen : int
        Sites that play no part: hidden, or without an interval.
    telling : SiteCounts or None
        Of a public share of households: the protected counts, of every site.
    noisy : bool
        Whether these are public mean scores of every site, with the noise in `se`.
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
    verborgen: int
    telling: SiteCounts | None = None
    noisy: bool = False

    @property
    def of_all(self) -> Floats | None:
        """What is published of every site, also where a place is too small to show it; None without cells."""
        if self.telling is not None:
            return self.telling.shares
        return self.y if self.noisy else None

    @property
    def plain_error(self) -> Floats:
        """Standard error of each site in the unit of the estimand (delta method)."""
        return np.asarray(self.se * self.schaal.slope(self.y))

    @property
    def bronnen(self) -> tuple[str, ...]:
        """Ids of the numbers that went in."""
        return tuple(self.tabel["getal_id"])

    def per_site(self, waarden: Floats) -> dict[str, float]:
        """Return values by the name of the site."""
        return dict(zip(map(str, self.tabel["groep"]), map(float, waarden), strict=True))


def site_data(r: Released, *, per: str = SITE, maat: str | None = None) -> SiteData | None:
    """Return the sites that are shown; None with fewer than three that have an interval, or without events.

    Shares stand on the logit scale, changes of a score as they are, other figures on the log scale. Half
    a unit is added to a share or rate of nothing (and half to the rest), so that a site without events
    takes part. Public shares and mean scores of households take part by their protected counts, whatever
    these are, and public figures of what can happen more than once of all sites together; see `why_none`
    for when they do not.
    """
    naam = maat or headline(r)
    if by_count := in_cells(r, per, naam):
        return by_count(r, per, naam)[0]
    what = r.card.maten[naam]
    every = rows(r, uitsplitsing=per, maat=naam)
    if FORMS[what.vorm].telling or every["periode"].any() or _not_all(r, per, naam):
        return None
    soort, schaal = _way(r, naam)
    counted = every[_usable(every, soort, schaal)].reset_index(drop=True)
    if len(counted) < LEAST or _only_edges(counted["schatting"], soort):
        return None
    calculate = {"binomiaal": _shares, "poisson": _rates}.get(soort)
    part = calculate(counted) if calculate else _others(counted, schaal)
    y, se, extent = (part[k].to_numpy() for k in ("y", "se", "omvang"))
    gone = len(every) - len(counted)
    return SiteData(naam, what, counted, y, se, extent, soort, schaal, _whole(r, naam), gone)


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


def why_none(r: Released, *, per: str = SITE, maat: str | None = None) -> str:
    """Return why sites are not compared by their protected counts; empty when they are.

    Selecting the sites that are large enough, or whose share is shown, would move the mean over sites: so
    there is a comparison of all sites that are published, or none.
    """
    naam = maat or headline(r)
    by_count = in_cells(r, per, naam)
    return by_count(r, per, naam)[1] if by_count else _not_all(r, per, naam)


def _not_all(r: Released, per: str, naam: str) -> str:
    """Return why sites are not compared by their public estimates: some have one and others do not."""
    if per not in r.publiek or not _ALL_OR_NONE[r.card.kind]:
        return ""
    every = rows(r, uitsplitsing=per, maat=naam)
    gone = int((~_usable(every, *_way(r, naam))).sum())
    if not 0 < gone < len(every):
        return ""
    return (
        f"{_NOT_COMPARED}: bij {gone} van de {len(every)} regio's zijn er te weinig huishoudens of gebeurt "
        "het te weinig voor een cijfer. Alleen de andere vergelijken zou het gemiddelde verschuiven."
    )


def _by_counts(r: Released, per: str, naam: str) -> tuple[SiteData | None, str]:
    """Return the sites by their protected counts, or why there is no comparison of them."""
    found, whole = published(r.publiek[per]), _whole(r, naam)
    every = rows(r, uitsplitsing=per, maat=naam)
    counted = every[every["groep"].isin(list(found.counts))].reset_index(drop=True)
    least = r.publiek[per].vanaf.between_sites
    if reason := _too_little(found, len(counted), least, _NO_SHARE if whole is None else ""):
        return None, f"{_NOT_COMPARED}: {reason}"
    t, r_, n = np.array([found.counts[groep] for groep in counted["groep"]], dtype=np.int64).T
    counts = SiteCounts(t, r_, n, r.publiek[per].ruis)
    if not counts.combined.se < _NOTHING_KNOWN:
        return None, (
            f"{_NOT_COMPARED}: het kenmerk komt zo weinig voor dat de ruis in de tellingen een verschil "
            "tussen regio's verbergt."
        )
    y = counts.alone @ counts.grid
    # By itself; what is said of sites together does not rest on these two.
    se = np.sqrt(counts.alone @ counts.grid**2 - y**2)
    gone = len(found.groups) - len(counted)
    extent, what = n.astype(np.float64), r.card.maten[naam]
    return SiteData(naam, what, counted, y, se, extent, "ruis", _LOGIT, whole, gone, counts), ""


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
        return None, f"{_NOT_COMPARED}: {reason}"
    y, se = np.array([found.found[groep] for groep in counted["groep"]], dtype=np.float64).T
    gone, what = len(found.groups) - len(counted), r.card.maten[naam]
    return SiteData(naam, what, counted, y, se, 1 / se**2, "normaal", _PLAIN, whole, gone, noisy=True), ""


def _too_little(found: Published | Means, sites: int, least: int, whole: str) -> str:
    """Return why sites cannot be compared, before their counts are looked at; empty when they can.

    `whole` says why there is no figure of the whole; empty when there is.
    """
    if found.few:
        return (
            f"bij {found.few} van de {len(found.groups)} regio's tellen minder dan {least} huishoudens mee. "
            f"Om regio's te vergelijken zijn ongeveer {2 * least} huishoudens per regio nodig."
        )
    return whole or (f"er zijn minder dan {LEAST} regio's met een telling." if sites < LEAST else "")


def _shares(lines: pd.DataFrame) -> pd.DataFrame:
    """Return sites as events out of an effective number of units.

    The bounds of a Wilson interval solve (p - b)^2 = z^2 b (1 - b) / n, so that n, whatever was
    allowed for alike units in one household, follows from either bound.
    """
    p = lines["schatting"].to_numpy(dtype=float)
    edge = np.where(p < 1, lines["bovengrens"], lines["ondergrens"]).astype(float)
    n = Z**2 * edge * (1 - edge) / (edge - p) ** 2
    at = np.where((p <= 0) | (p >= 1), _AT_ZERO, 0.0)
    events, others = p * n + at, (1 - p) * n + at
    return pd.DataFrame({"y": np.log(events / others), "se": np.sqrt(1 / events + 1 / others), "omvang": n})


def _rates(lines: pd.DataFrame) -> pd.DataFrame:
    """Return sites as events per exposure, with the exposure at which Poisson gives their interval."""
    r, under, above, e = (
        lines[k].to_numpy(dtype=float) for k in ("schatting", "ondergrens", "bovengrens", "noemer")
    )
    having = r > 0
    y, se, extent = np.log(_AT_ZERO / e), np.full_like(r, 1 / np.sqrt(_AT_ZERO)), e.copy()
    y[having] = np.log(r[having])
    se[having] = (np.log(above[having]) - np.log(under[having])) / (2 * Z)
    extent[having] = 1 / se[having] ** 2 / r[having]
    return pd.DataFrame({"y": y, "se": se, "omvang": extent})


def _others(lines: pd.DataFrame, schaal: Scale) -> pd.DataFrame:
    y, under, above = (
        schaal.forth(lines[k].to_numpy(dtype=float)) for k in ("schatting", "ondergrens", "bovengrens")
    )
    se = (above - under) / (2 * Z)
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
# Whether sites are shown by how often it happens there, so that those that are shown alone say too much.
_ALL_OR_NONE: Mapping[Kind, bool] = {
    Kind.AANDEEL: False,
    Kind.AANTAL: False,
    Kind.DUUR: False,
    Kind.HERHAALD: True,
    Kind.SCORE: False,
    Kind.MATRIX: False,
    Kind.NETWERK: False,
    Kind.KENMERK: False,
    Kind.TELLING: False,
}
_RATE = "per_blootstelling"


def _way(r: Released, naam: str) -> tuple[Soort, Scale]:
    """Return which limits and which scale fit the estimand."""
    maat = r.card.maten[naam]
    if (maat.schatter or naam) == _RATE:
        return "poisson", _LOG
    soort, schaal = _WAYS[r.card.kind]
    return soort, _LOGIT if FORMS[maat.vorm].deel else schaal


def _usable(lines: pd.DataFrame, soort: Soort, schaal: Scale) -> pd.Series:
    bounds = lines[["schatting", "ondergrens", "bovengrens"]].astype(float)
    usable = bounds.notna().all(axis=1) & ~lines["onderdrukt"].astype(bool)
    usable &= bounds["bovengrens"] > bounds["ondergrens"]
    if soort == "normaal" and schaal is not _PLAIN:
        usable &= (bounds > 0).all(axis=1)
        usable &= (bounds < 1).all(axis=1) if schaal is _LOGIT else True
    return usable


def _only_edges(schatting: pd.Series, soort: Soort) -> bool:
    """Whether no site has an event (or every unit one): then only the half that is added would speak.

    It happens when sites with few events are hidden and those without any are not.
    """
    if soort == "normaal":
        return False
    return bool((schatting.le(0) | (schatting.ge(1) if soort == "binomiaal" else False)).all())

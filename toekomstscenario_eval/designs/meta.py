"""Sites together: random-effects meta-analysis, prediction interval, shrinkage, multiple comparisons.

Works on estimates with standard errors, one per site, so that sites which may not share records can
share these. A description of how sites differ, not of why.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._between import mean, reml, typical
from toekomstscenario_eval.designs._combined import LEAST_OTHERS, combine, leave_one_out
from toekomstscenario_eval.designs._exact_sites import Counted, Exact, restricted_sites
from toekomstscenario_eval.designs._site_likelihood import SiteCounts
from toekomstscenario_eval.designs._site_means import integrate
from toekomstscenario_eval.designs._sites import LEAST, Floats, SiteData, Z, site_data
from toekomstscenario_eval.types import SITE, Vorm

CARD = Design(
    label="Regio's samengenomen",
    vraag="Hoeveel verschillen regio's echt van elkaar, en wat is te verwachten van een volgende regio?",
    assumption="De echte cijfers van regio's liggen als een normale verdeling rond een gemiddelde, op een "
    "schaal waar dat past (logit of log).",
    grens="Waarom regio's verschillen. Alle regio's doen mee, of er is geen uitkomst: niet met minder dan "
    "drie regio's, niet als een regio geen cijfer met een standaardfout heeft, en in een openbaar verslag "
    "niet bij minder dan 10 huishoudens in een regio. Een mediaan heeft geen standaardfout: daar gaat het "
    "om de eerste maat van de kaart die er wel een heeft. Het gemiddelde, I² en wat van een volgende te "
    "verwachten is, gaan over proeftuinen; vergelijkingsregio's zijn onderling vergeleken.",
    per=SITE,
    order=2,
    code="meta",
    methode="Regio's samengenomen: meta-analyse met toevallige effecten (REML, Knapp en Hartung 2003, "
    "nooit nauwer dan wanneer alle regio's gelijk zouden zijn), en schattingen die naar het midden zijn "
    "getrokken (empirisch Bayes). Telt een aandeel of tempo in een regio minder dan vijf keer, dan zijn de "
    "tellingen zelf gebruikt (exacte kansen), ook van regio's zonder gebeurtenissen. In een openbaar verslag "
    "zit in elke telling ruis. Aandelen van huishoudens zijn daar geschat uit de gepubliceerde tellingen van "
    "alle regio's, ook die met 'minder dan 10', met de kans dat een gepubliceerde telling voor een echte "
    "staat. Het gemiddelde verschilt daardoor niet stelselmatig van dat uit de exacte cijfers. De "
    "intervallen "
    "zijn breder, en wat meer is dan toeval (I²) is zonder de ruis gerekend. Gemiddelde scores zijn daar "
    "van alle "
    "regio's berekend uit hun tellingen, met de ruis in de onzekerheid van elke regio; de spreiding tussen "
    "huishoudens is die van alle regio's samen. Andere maten doen mee met de standaardfout die erbij is "
    "berekend; daar zit de ruis in. Nergens is een standaardfout teruggerekend uit een interval.",
)
RARE = 5  # events under which a standard error does not say what a count says
# The name of the numbers about all sites together; what the funnel adds to them has the same name.
NAAM = "regio's"


def deviating(schatting: Floats, se: Floats) -> NDArray[np.bool_]:
    """Return which sites differ from the others, at 5% over all together; see `agreement`."""
    return holm(agreement(schatting, se))


def agreement(schatting: Floats, se: Floats) -> Floats:
    """Return how well each site agrees with the others: a two-sided p for each.

    Each site is compared with the random-effects mean of the other sites, allowing for how much
    those differ among themselves (deleted residuals). With fewer than four sites nothing can be said, and
    every p is 1.

    References
    ----------
    Viechtbauer and Cheung (2010), doi:10.1002/jrsm.11
    """
    y, s = np.asarray(schatting, dtype=float), np.asarray(se, dtype=float)
    k = len(y)
    if k < LEAST_OTHERS:
        return np.ones(k)
    z = np.empty(k)
    for i in range(k):
        rest = np.arange(k) != i
        v = s[rest] ** 2 + reml(y[rest], s[rest] ** 2)
        spread = s[i] ** 2 + (v - s[rest] ** 2)[0] + 1 / np.sum(1 / v)
        z[i] = (y[i] - mean(y[rest], 1 / v)) / math.sqrt(spread)
    return np.asarray(2 * stats.norm.sf(np.abs(z)))


def holm(p: Floats, *, alpha: float = 0.05) -> NDArray[np.bool_]:
    """Return which of these p-values stay significant together (Holm 1979, step-down).

    statsmodels has it too, but collects all garbage of the process at every call.
    """
    order = np.argsort(p, kind="stable")
    small = p[order] <= alpha / np.arange(len(p), 0, -1)
    out = np.zeros(len(p), dtype=bool)
    out[order] = np.logical_and.accumulate(small)
    return out


@dataclass(frozen=True)
class Shrunken:
    """Sites combined, and brought back to the unit of the estimand.

    `gemiddelde` and `predict` are the mean over the sites and the 95% prediction interval of a new one; `i2`
    is the share of variance between sites (0-1), of public counts without the part that is noise;
    `gekrompen`, `krimp_onder` and `krimp_boven` the estimate of each site drawn to the middle, with interval;
    `without` the mean with this site left out, NaN where it has no part in it or too few are left.
    """

    i2: float
    gemiddelde: float
    predict: tuple[float, float]
    gekrompen: Floats
    krimp_onder: Floats
    krimp_boven: Floats
    without: Floats

    @property
    def one_less(self) -> tuple[float, float]:
        """Between which values the mean lies with one site left out; NaN with too few sites."""
        if self.most is None:
            return math.nan, math.nan
        return float(np.nanmin(self.without)), float(np.nanmax(self.without))

    @property
    def most(self) -> int | None:
        """Which site moves the mean most when it is left out; None with too few sites."""
        moved = np.abs(self.without - self.gemiddelde)
        return None if np.isnan(moved).all() else int(np.nanargmax(moved))


def shrink(sites: SiteData) -> Shrunken:
    """Combine sites on their scale, and bring the outcome back.

    Comparison regions are not drawn to the middle of the other ones, and do not move it: they are combined
    among themselves, or left as they are where there are fewer than three of them.
    """
    apart = sites.apart
    if not apart.any():
        return _shrink_alike(sites)
    own, other = _shrink_alike(sites.of(~apart)), sites.of(apart)
    beside = (_shrink_alike if len(other.y) >= LEAST else _as_they_are)(other)

    def both(of_own: Floats, of_other: Floats) -> Floats:
        out = np.empty(len(apart))
        out[~apart], out[apart] = of_own, of_other
        return out

    return replace(
        own,
        gekrompen=both(own.gekrompen, beside.gekrompen),
        krimp_onder=both(own.krimp_onder, beside.krimp_onder),
        krimp_boven=both(own.krimp_boven, beside.krimp_boven),
        # Comparison regions have no part in the mean of the other ones.
        without=both(own.without, np.full(int(apart.sum()), np.nan)),
    )


def _as_they_are(sites: SiteData) -> Shrunken:
    back, margin = sites.schaal.back, Z * sites.se
    nothing = (math.nan, math.nan)
    at = (back(sites.y), back(sites.y - margin), back(sites.y + margin))
    return Shrunken(math.nan, math.nan, nothing, *at, np.full(len(margin), np.nan))


def _shrink_alike(sites: SiteData) -> Shrunken:
    if sites.telling is not None:
        return _shrink_counts(sites, sites.telling)
    if exact := _rare(sites):
        return _shrink_rare(sites, exact)
    meta, back = combine(sites.y, sites.se), sites.schaal.back
    middle = back(np.array([meta.gemiddelde, meta.predict_under, meta.predict_above])).tolist()
    left = leave_one_out(sites.y, sites.se)
    without = np.full(len(sites.y), np.nan) if left is None else back(left.gemiddelde)
    if sites.noisy:
        own = integrate(sites.y, sites.se)
        site = (back(own.gekrompen), back(own.onder), back(own.boven))
        return Shrunken(meta.i2, middle[0], (middle[1], middle[2]), *site, without)
    # By t, as the mean: drawn wholly to it, a site is no better known than the mean itself.
    margin = float(stats.t.ppf(0.975, len(sites.y) - 1)) * meta.shrunken_se
    return Shrunken(
        meta.i2,
        middle[0],
        (middle[1], middle[2]),
        back(meta.gekrompen),
        back(meta.gekrompen - margin),
        back(meta.gekrompen + margin),
        without,
    )


def _shrink_counts(sites: SiteData, counts: SiteCounts) -> Shrunken:
    m, back = counts.combined, sites.schaal.back
    shrunken = back(m.gekrompen)
    # What chance alone adds: the noise is no part of it.
    chance = typical(1 / (counts.n * shrunken * (1 - shrunken)))
    return Shrunken(
        m.tau**2 / (m.tau**2 + chance),
        float(back(np.array(m.gemiddelde))),
        (float(back(np.array(m.predict[0]))), float(back(np.array(m.predict[1])))),
        shrunken,
        back(m.onder),
        back(m.boven),
        back(m.without) if len(m.without) >= LEAST_OTHERS else np.full(len(shrunken), np.nan),
    )


def _rare(sites: SiteData) -> Exact | None:
    """Return shares or rates combined by their exact likelihood where a site has few events, or few without.

    A half added to nothing, and a standard error of a handful, would move the mean.
    """
    if not sites.inside or sites.soort not in ("binomiaal", "poisson"):
        return None
    events = sites.tabel["schatting"].to_numpy(dtype=float) * sites.omvang
    least = np.minimum(events, sites.omvang - events) if sites.soort == "binomiaal" else events
    if least.min() >= RARE:
        return None
    found = _by_likelihood(tuple(events.tolist()), tuple(sites.omvang.tolist()), sites.soort)
    # Without any event among these there is nothing but the half that was added.
    return None if found.status else found


@lru_cache(maxsize=256)
def _by_likelihood(events: tuple[float, ...], extent: tuple[float, ...], soort: Counted) -> Exact:
    """Return sites combined; kept, for several designs and blocks ask for the same."""
    return restricted_sites(np.array(events), np.array(extent), soort=soort)


def _shrink_rare(sites: SiteData, exact: Exact) -> Shrunken:
    back, middle = sites.schaal.back, np.asarray(exact.gekrompen)
    p = special.expit(middle)
    chance = typical(1 / (sites.omvang * (p * (1 - p) if sites.soort == "binomiaal" else np.exp(middle))))
    margin = float(stats.t.ppf(0.975, len(middle) - 1)) * np.asarray(exact.shrunken_se)
    mean, under, above = back(np.array([exact.gemiddelde, *exact.predict])).tolist()
    return Shrunken(
        exact.tau**2 / (exact.tau**2 + chance),
        mean,
        (under, above),
        back(middle),
        back(middle - margin),
        back(middle + margin),
        back(np.asarray(exact.without)) if len(middle) >= LEAST_OTHERS else np.full(len(middle), np.nan),
    )


@dataclass(frozen=True)
class Compared:
    """Which sites were held against the others of their kind, and which of these differ (Holm)."""

    tested: NDArray[np.bool_]
    deviating: NDArray[np.bool_]


def compared_sites(sites: SiteData) -> Compared:
    """Return which sites differ from the others, at 5% over all that were tested; see `agreement`.

    Comparison regions are held against each other, and so are the other ones: with fewer than four of a kind
    there is no test of these, and nothing to correct for. Protected counts are compared by what they say of
    the true share, not by an estimate.
    """
    p, apart = np.ones(len(sites.y)), sites.apart
    tested, out = np.zeros(len(p), dtype=bool), np.zeros(len(p), dtype=bool)
    for chosen in (~apart, apart):
        if chosen.sum() >= LEAST_OTHERS:
            part = sites.of(chosen)
            p[chosen] = agreement(part.y, part.se) if part.telling is None else part.telling.combined.p
            tested |= chosen
    out[tested] = holm(p[tested])
    return Compared(tested, out)


def _one_less(s: Shrunken) -> dict[str, float]:
    """Return between which values the mean lies with one site left out; nothing with too few sites."""
    under, above = s.one_less
    return {} if s.most is None else {"zonder_een_ondergrens": under, "zonder_een_bovengrens": above}


def make(r: Released) -> Iterator[Made]:
    """Yield the sites of the headline as one: their mean, how much is more than chance, and each shrunken."""
    sites = site_data(r)
    if sites is None:
        return
    s = shrink(sites)
    yield Made(
        NAAM,
        "regio's samengenomen, met het interval voor een volgende regio",
        sites.naam,
        sites.bronnen,
        {
            "schatting": s.gemiddelde,
            "ondergrens": s.predict[0],
            "bovengrens": s.predict[1],
            "i2": s.i2,
            "gekrompen": sites.per_site(s.gekrompen),
            "gekrompen_interval_ondergrens": sites.per_site(s.krimp_onder),
            "gekrompen_interval_bovengrens": sites.per_site(s.krimp_boven),
            **_one_less(s),
        },
        {"i2": Vorm.AANDEEL},
    )

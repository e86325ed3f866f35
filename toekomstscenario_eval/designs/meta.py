"""Sites together: random-effects meta-analysis, prediction interval, shrinkage, multiple comparisons.

Works on estimates with standard errors, one per site, so that sites which may not share records can
share these. A description of how sites differ, not of why.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from toekomstscenario_eval.designs import Design, Made, Released
from toekomstscenario_eval.designs._between import METHODS, Method, cochran, mean, reml, typical
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
    "getrokken (empirisch Bayes). In een openbaar verslag zit in elke "
    "telling ruis. Aandelen van huishoudens zijn daar geschat uit de gepubliceerde tellingen van alle "
    "regio's, ook die met 'minder dan 10', met de kans dat een gepubliceerde telling voor een echte staat. "
    "Het gemiddelde verschilt daardoor niet stelselmatig van dat uit de exacte cijfers. De intervallen zijn "
    "breder, en wat meer is dan toeval (I²) is zonder de ruis gerekend. Gemiddelde scores zijn daar van alle "
    "regio's berekend uit hun tellingen, met de ruis in de onzekerheid van elke regio; de spreiding tussen "
    "huishoudens is die van alle regio's samen. Andere maten doen mee met de standaardfout die erbij is "
    "berekend; daar zit de ruis in. Nergens is een standaardfout teruggerekend uit een interval.",
)
LEAST_OTHERS = 4  # sites before any of them can be said to deviate from the others
# The name of the numbers about all sites together; what the funnel adds to them has the same name.
NAAM = "regio's"


@dataclass(frozen=True)
class MetaAnalysis:
    """Sites combined under random effects.

    Attributes
    ----------
    gemiddelde, se : float
        Mean over sites and its standard error (Knapp-Hartung, never narrower than a common effect allows).
    ondergrens, bovengrens : float
        95% interval of the mean (t, k - 1 degrees of freedom).
    tau2, i2, q, p_q : float
        Variance between sites (REML), share of variance between sites (0-1), Cochran's Q and its p.
    predict_under, predict_above : float
        95% prediction interval for a new site (t, k - 1 degrees of freedom).
    gekrompen, shrunken_se : array of shape (k,)
        Empirical Bayes estimate per site and its standard error.
    """

    gemiddelde: float
    se: float
    ondergrens: float
    bovengrens: float
    tau2: float
    i2: float
    q: float
    p_q: float
    predict_under: float
    predict_above: float
    gekrompen: Floats
    shrunken_se: Floats


def combine(schatting: Floats, se: Floats, *, method: Method = "REML") -> MetaAnalysis:
    """Combine sites under random effects (REML, Knapp-Hartung with the ad hoc correction).

    With w = 1 / (v + tau^2) the variance of the mean is max(1, sum w (y - mu)^2 / (k - 1)) / sum w. Without
    the 1 sites that happen to lie close together would give an interval narrower than their own errors
    allow, and of width zero when they are the same.

    Parameters
    ----------
    schatting, se : array of shape (k,)
        Estimate and standard error per site, on a scale where normality fits; k at least 3.
    method : str
        How the variance between sites is estimated, see `_between`: REML unless another is asked for.

    Raises
    ------
    ValueError
        With fewer than three sites, or a standard error that is not positive.

    References
    ----------
    Knapp and Hartung (2003), doi:10.1002/sim.1482
    Roever, Knapp and Friede (2015), doi:10.1186/s12874-015-0091-1
    Higgins, Thompson and Spiegelhalter (2009), doi:10.1111/j.1467-985X.2008.00552.x
    """
    y, v = np.asarray(schatting, dtype=float), np.asarray(se, dtype=float) ** 2
    k = len(y)
    if k < 3 or not np.all(np.isfinite(y)) or not np.all(v > 0):
        raise ValueError("ten minste drie regio's met een positieve standaardfout")
    tau2 = METHODS[method](y, v)
    w = 1 / (v + tau2)
    mu = mean(y, w)
    apart = float(np.sum(w * (y - mu) ** 2)) / (k - 1)
    se_mu = math.sqrt(max(1.0, apart) / float(np.sum(w)))
    q, chance = cochran(y, v), typical(v)
    t = float(stats.t.ppf(0.975, k - 1))
    spread = t * math.sqrt(tau2 + se_mu**2)
    part = tau2 * w
    return MetaAnalysis(
        gemiddelde=mu,
        se=se_mu,
        ondergrens=mu - t * se_mu,
        bovengrens=mu + t * se_mu,
        tau2=tau2,
        i2=tau2 / (tau2 + chance),
        q=q,
        p_q=float(stats.chi2.sf(q, k - 1)),
        predict_under=mu - spread,
        predict_above=mu + spread,
        gekrompen=mu + part * (y - mu),
        shrunken_se=np.sqrt(part * v + (1 - part) ** 2 * se_mu**2),
    )


@dataclass(frozen=True)
class LeftOut:
    """The mean over sites with each of them left out in turn, arrays of shape (k,).

    `gemiddelde`, `ondergrens`, `bovengrens` and `tau2` are those of the other sites; `shift` is how far the
    mean moves, and `most` the place of the site whose omission moves it most.
    """

    gemiddelde: Floats
    ondergrens: Floats
    bovengrens: Floats
    tau2: Floats
    shift: Floats
    most: int


def leave_one_out(schatting: Floats, se: Floats, *, method: Method = "REML") -> LeftOut | None:
    """Return the mean with each site left out; None with fewer than four sites, of which three would be left.

    Parameters
    ----------
    schatting, se, method
        See `combine`.

    References
    ----------
    Viechtbauer and Cheung (2010), doi:10.1002/jrsm.11
    """
    y, s = np.asarray(schatting, dtype=float), np.asarray(se, dtype=float)
    if len(y) < LEAST_OTHERS:
        return None
    whole = combine(y, s, method=method)
    rest = [combine(np.delete(y, i), np.delete(s, i), method=method) for i in range(len(y))]
    mu, under, above, tau2 = np.array([(m.gemiddelde, m.ondergrens, m.bovengrens, m.tau2) for m in rest]).T
    shift = mu - whole.gemiddelde
    return LeftOut(mu, under, above, tau2, shift, int(np.argmax(np.abs(shift))))


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
    `gekrompen`, `krimp_onder` and `krimp_boven` the estimate of each site drawn to the middle, with interval.
    """

    i2: float
    gemiddelde: float
    predict: tuple[float, float]
    gekrompen: Floats
    krimp_onder: Floats
    krimp_boven: Floats


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
    parts = []
    for field in ("gekrompen", "krimp_onder", "krimp_boven"):
        both = np.empty(len(apart))
        both[~apart], both[apart] = getattr(own, field), getattr(beside, field)
        parts.append(both)
    return Shrunken(own.i2, own.gemiddelde, own.predict, *parts)


def _as_they_are(sites: SiteData) -> Shrunken:
    back, margin = sites.schaal.back, Z * sites.se
    nothing = (math.nan, math.nan)
    return Shrunken(
        math.nan, math.nan, nothing, back(sites.y), back(sites.y - margin), back(sites.y + margin)
    )


def _shrink_alike(sites: SiteData) -> Shrunken:
    if sites.telling is not None:
        return _shrink_counts(sites, sites.telling)
    meta, back = combine(sites.y, sites.se), sites.schaal.back
    middle = back(np.array([meta.gemiddelde, meta.predict_under, meta.predict_above])).tolist()
    if sites.noisy:
        own = integrate(sites.y, sites.se)
        site = own.gekrompen, own.onder, own.boven
        return Shrunken(meta.i2, middle[0], (middle[1], middle[2]), *(back(part) for part in site))
    # By t, as the mean: drawn wholly to it, a site is no better known than the mean itself.
    margin = float(stats.t.ppf(0.975, len(sites.y) - 1)) * meta.shrunken_se
    return Shrunken(
        meta.i2,
        middle[0],
        (middle[1], middle[2]),
        back(meta.gekrompen),
        back(meta.gekrompen - margin),
        back(meta.gekrompen + margin),
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
        },
        {"i2": Vorm.AANDEEL},
    )

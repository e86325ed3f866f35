"""Counts that vary more than chance alone would make them: negative binomial, and exact rates.

Counts per household are nearly always over-dispersed: some households meet many professionals. A Poisson
interval is then too narrow. Both answers here follow from a histogram of counts.
"""

from __future__ import annotations

import math

from scipy import optimize, special

from toekomstscenario_eval.estimators.intervals import Interval, Reeks, poisson, z_waarde

# Beyond this size parameter a negative binomial is Poisson.
_POISSON = 1e8


def dispersie(aantal: Reeks, n: Reeks) -> float:
    """Return the variance between units divided by the mean: 1 when counts vary as by chance (Poisson).

    Parameters
    ----------
    aantal, n : arrays of k distinct counts, and of the units with each; two units or more
    """
    eenheden, totaal = float(n.sum()), float((n * aantal).sum())
    gemiddelde = totaal / eenheden
    return float((n * (aantal - gemiddelde) ** 2).sum()) / (eenheden - 1) / gemiddelde


def alfa(aantal: Reeks, n: Reeks) -> float:
    """Return the over-dispersion of a negative binomial: variance = mean + alfa mean^2.

    Maximum likelihood; 0 when the counts vary no more than by chance. Equals 1 / theta of `glm.nb` of
    R's MASS with only an intercept.

    References
    ----------
    Lawless (1987), doi:10.2307/3314912
    """
    eenheden, totaal = float(n.sum()), float((n * aantal).sum())
    gemiddelde = totaal / eenheden
    if gemiddelde <= 0 or float((n * (aantal - gemiddelde) ** 2).sum()) / eenheden <= gemiddelde:
        return 0.0

    def afgeleide(log_theta: float) -> float:
        theta = math.exp(log_theta)
        som = float((n * (special.digamma(aantal + theta) - special.digamma(theta))).sum())
        return som - eenheden * math.log1p(gemiddelde / theta)

    onder, boven = math.log(1e-6), math.log(_POISSON)
    if afgeleide(boven) >= 0:
        return 0.0
    return math.exp(-float(optimize.brentq(afgeleide, onder, boven, xtol=1e-13)))


def negatief_binomiaal(aantal: Reeks, n: Reeks) -> Interval:
    """Return the interval of a mean count on the log scale, with the variance of a negative binomial."""
    eenheden = float(n.sum())
    gemiddelde = float((n * aantal).sum()) / eenheden
    fout = math.sqrt((1 / gemiddelde + alfa(aantal, n)) / eenheden)
    half = z_waarde() * fout
    return gemiddelde * math.exp(-half), gemiddelde * math.exp(half)


def tempo(gebeurtenissen: float, blootstelling: float, kwadraten: float, eenheden: int) -> Interval:
    """Return the interval of a rate: exact Poisson, with as many events as would be independent.

    The over-dispersion phi = m / (m - 1) sum((a - r b)^2) / sum(a) over m units is how many times larger
    the variance is than that of Poisson; phi is at least 1. The interval is that of sum(a) / phi events in
    exposure sum(b) / phi, as Korn and Graubard's for a share: valid with few events too.

    Parameters
    ----------
    gebeurtenissen, blootstelling : float
        Sums of the counts a and the exposures b over units.
    kwadraten : float
        sum((a - r b)^2) with r the rate.
    eenheden : int
        Number of units m.

    References
    ----------
    Garwood (1936), doi:10.1093/biomet/28.3-4.437
    McCullagh and Nelder (1989), section 6.2, doi:10.1007/978-1-4899-3242-6
    """
    phi = 1.0
    if gebeurtenissen > 0 and eenheden > 1:
        phi = max(1.0, eenheden / (eenheden - 1) * kwadraten / gebeurtenissen)
    return poisson(gebeurtenissen / phi, blootstelling / phi)

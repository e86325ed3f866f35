"""Counts that vary more than chance alone would make them: negative binomial, and exact rates.

Counts per household are nearly always over-dispersed: some households meet many professionals. A Poisson
interval is then too narrow. Both answers here follow from a histogram of counts.
"""

from __future__ import annotations

import math

from scipy import optimize, special

from toekomstscenario_eval.estimators.intervals import NAN, Interval, Reeks, poisson, z_waarde

# Beyond this size parameter a negative binomial is Poisson.
_POISSON = 1e8


def dispersion(aantal: Reeks, n: Reeks) -> float:
    """Return the variance between units divided by the mean: 1 when counts vary as by chance (Poisson).

    Parameters
    ----------
    aantal, n : arrays of k distinct counts, and of the units with each; two units or more
    """
    eenheden, totaal = float(n.sum()), float((n * aantal).sum())
    mean = totaal / eenheden
    return float((n * (aantal - mean) ** 2).sum()) / (eenheden - 1) / mean


def alpha(aantal: Reeks, n: Reeks) -> float:
    """Return the over-dispersion of a negative binomial: variance = mean + alfa mean^2.

    Maximum likelihood; 0 when the counts vary no more than by chance. Equals 1 / theta of `glm.nb` of
    R's MASS with only an intercept.

    References
    ----------
    Lawless (1987), doi:10.2307/3314912
    """
    eenheden, totaal = float(n.sum()), float((n * aantal).sum())
    mean = totaal / eenheden
    if mean <= 0 or float((n * (aantal - mean) ** 2).sum()) / eenheden <= mean:
        return 0.0

    def derived(log_theta: float) -> float:
        theta = math.exp(log_theta)
        total = float((n * (special.digamma(aantal + theta) - special.digamma(theta))).sum())
        return total - eenheden * math.log1p(mean / theta)

    under, above = math.log(1e-6), math.log(_POISSON)
    if derived(above) >= 0:
        return 0.0
    return math.exp(-float(optimize.brentq(derived, under, above, xtol=1e-13)))


def negative_binomial(aantal: Reeks, n: Reeks) -> tuple[Interval, float]:
    """Return the interval of a mean count on the log scale, and its standard error: a negative binomial's."""
    eenheden = float(n.sum())
    mean = float((n * aantal).sum()) / eenheden
    fout = math.sqrt((1 / mean + alpha(aantal, n)) / eenheden)
    half = z_waarde() * fout
    return (mean * math.exp(-half), mean * math.exp(half)), mean * fout


def rate(events: float, exposure: float, squares: float, eenheden: int) -> tuple[Interval, float]:
    """Return the interval of a rate, and its standard error (NaN without events).

    Exact Poisson, with as many events as would be independent.

    The over-dispersion phi = m / (m - 1) sum((a - r b)^2) / sum(a) over m units is how many times larger
    the variance is than that of Poisson; phi is at least 1. The interval is that of sum(a) / phi events in
    exposure sum(b) / phi, as Korn and Graubard's for a share: valid with few events too.

    Parameters
    ----------
    events, exposure : float
        Sums of the counts a and the exposures b over units.
    squares : float
        sum((a - r b)^2) with r the rate.
    eenheden : int
        Number of units m.

    References
    ----------
    Garwood (1936), doi:10.1093/biomet/28.3-4.437
    McCullagh and Nelder (1989), section 6.2, doi:10.1007/978-1-4899-3242-6
    """
    phi = 1.0
    if events > 0 and eenheden > 1:
        phi = max(1.0, eenheden / (eenheden - 1) * squares / events)
    fout = math.sqrt(phi * events) / exposure if events > 0 else NAN
    return poisson(events / phi, exposure / phi), fout

"""Intervals and small helpers that more than one estimator needs.

All intervals are two-sided. The texts in `methode` never hold a number that comes from the data,
so that they cannot give away what disclosure control hides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.frames import estimate
from toekomstscenario_eval.types import Maat

NIVEAU = 0.95
NAN = math.nan
NONE = (NAN, NAN)

Interval = tuple[float, float]
Reeks = npt.NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """An estimate with its interval; NaN where it cannot be determined, `methode` says why.

    `fout` is its standard error in its own unit, where it was computed.
    """

    methode: str
    schatting: float = NAN
    interval: Interval = NONE
    fout: float = NAN


def z_waarde(niveau: float = NIVEAU) -> float:
    """Return the two-sided normal quantile."""
    return float(special.ndtri((1 + niveau) / 2))


def t_waarde(df: float, niveau: float = NIVEAU) -> float:
    """Return the two-sided quantile of Student's t with `df` degrees of freedom."""
    return float(special.stdtrit(df, (1 + niveau) / 2))


def wilson(aandeel: float, n: float, *, niveau: float = NIVEAU) -> Interval:
    """Return the Wilson score interval of a proportion; `n` may be an effective sample size.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953
    """
    z2 = z_waarde(niveau) ** 2
    middle = (aandeel + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2) * math.sqrt(aandeel * (1 - aandeel) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    under = 0.0 if aandeel <= 0 else middle - half
    above = 1.0 if aandeel >= 1 else middle + half
    return under, above


def clopper_pearson(teller: float, n: float, *, niveau: float = NIVEAU) -> Interval:
    """Return the exact binomial interval of `teller` out of `n`.

    References
    ----------
    Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404
    """
    # Loaded when asked for, which is not often: it takes most of a second.
    from statsmodels.stats.proportion import proportion_confint

    under, above = proportion_confint(teller, n, alpha=1 - niveau, method="beta")
    return float(under), float(above)


def poisson(events: float, exposure: float, *, niveau: float = NIVEAU) -> Interval:
    """Return the exact Poisson interval of a rate: events per unit of `exposure`.

    References
    ----------
    Garwood (1936), doi:10.1093/biomet/28.3-4.437
    """
    alpha = (1 - niveau) / 2
    under = 0.0 if events <= 0 else float(special.gammaincinv(events, alpha))
    above = float(special.gammaincinv(events + 1, 1 - alpha))
    return under / exposure, above / exposure


def rank(n: int, p: float) -> int:
    """Return which order statistic (from 1) is the inverse-ECDF quantile `p` of `n` values."""
    # 0.55 * 100 comes out as 55.00000000000001: without the margin the rank would be one too high.
    return min(n, max(1, math.ceil(n * p - 1e-9 * max(1.0, n * p))))


def ranks(n: int, p: float, *, niveau: float = NIVEAU) -> tuple[int, int]:
    """Return the order statistics that bound quantile `p`, free of any distribution.

    They cover with at least `niveau` (Binomial(n, p)). A lower rank of 0 or an upper rank of
    n + 1 means that this bound does not exist.

    References
    ----------
    David and Nagaraja (2003), Order Statistics, section 7.1, doi:10.1002/0471722162
    """
    alpha = (1 - niveau) / 2
    return _binom_quantile(alpha, n=n, p=p), _binom_quantile(1 - alpha, n=n, p=p) + 1


def _binom_quantile(q: float, *, n: int, p: float) -> int:
    """Return the smallest k with P(Binomial(n, p) <= k) >= q."""
    # Far cheaper to import than scipy.stats, and equal to it up to 50 million (then one rank off at most).
    return max(0, math.ceil(float(special.bdtrik(q, n, p))))


def column(data: pd.DataFrame, naam: str) -> Reeks:
    """Return a column of a summary as floats, refusing missing and infinite values."""
    if naam not in data.columns:
        raise _summary(naam, "de kolom ontbreekt")
    waarden = data[naam].to_numpy(dtype=np.float64, na_value=np.nan)
    if not np.isfinite(waarden).all():
        raise _summary(naam, "er staan lege of oneindige waarden in")
    return waarden


def require(condition: bool, *, naam: str, what: str) -> None:
    """Refuse a summary that contradicts itself in column `naam`."""
    if not condition:
        raise _summary(naam, what)


def _summary(naam: str, what: str) -> GebruikFout:
    return GebruikFout(
        f"de samenvatting klopt niet: {what}",
        waar=f"kolom {naam} van de samenvatting",
        herstel="kijk na of de indicator per eenheid de kolommen geeft die bij zijn soort horen",
    )


def estimator(naam: str, maat: Maat) -> str:
    """Return which estimand of the kind the published estimand `naam` is."""
    return maat.schatter or naam


def choose(maten: Mapping[str, Maat], known: Mapping[str, T], *, soort: str) -> dict[str, T]:
    """Return the calculation of each estimand asked for; refuse one that this kind does not know."""
    for naam, maat in maten.items():
        asked = estimator(naam, maat)
        if asked not in known:
            raise GebruikFout(
                f"de maat '{asked}' bestaat niet bij de soort {soort}",
                waar="maten van de definitiekaart",
                verwacht="een van " + ", ".join(sorted(known)),
                kreeg=asked,
                herstel=did_you_mean(asked, known),
            )
    return {naam: known[estimator(naam, maat)] for naam, maat in maten.items()}


def too_small(eenheden: float, huishoudens: int) -> str:
    """Return why nothing can be estimated, or an empty text.

    Two households are the least: with one there is no spread, and the estimate would be that
    household's own value.
    """
    require(eenheden <= 0 or huishoudens > 0, naam="huishoudens", what="er zijn eenheden zonder huishouden")
    if eenheden <= 0:
        return "niet te schatten: geen eenheden in de noemer"
    return "" if huishoudens >= 2 else "niet te schatten: te weinig huishoudens"


def rows(
    maten: Mapping[str, Maat],
    outcomes: Mapping[str, Outcome],
    *,
    tellingen: Mapping[str, Any],
) -> tuple[Mapping[str, Any], ...]:
    """Return one row per estimand; `tellingen` holds n, teller, noemer and gecensureerd."""
    return tuple(
        estimate(
            naam,
            outcomes[naam].schatting,
            eenheid=maat.eenheid,
            methode=outcomes[naam].methode,
            interval=maat.inside(outcomes[naam].interval),
            fout=outcomes[naam].fout,
            **tellingen,
        )
        for naam, maat in maten.items()
    )


def calculate(calculators: Mapping[str, Callable[[], Outcome]], *, reden: str) -> dict[str, Outcome]:
    """Return each outcome, or the reason why there is none."""
    return {naam: Outcome(reden) if reden else calculator() for naam, calculator in calculators.items()}


def add_up(keys: Reeks, weights: Iterable[Reeks]) -> tuple[Reeks, list[Reeks]]:
    """Return the sorted distinct keys and the sums of each of `weights` per key."""
    unique, spot = np.unique(keys, return_inverse=True)
    return unique, [np.bincount(spot, weights=g, minlength=len(unique)).astype(np.float64) for g in weights]

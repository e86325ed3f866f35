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

from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.frames import estimate
from toekomstscenario_eval.types import Maat

NIVEAU = 0.95
NAN = math.nan
GEEN = (NAN, NAN)

Interval = tuple[float, float]
Reeks = npt.NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True)
class Uitkomst:
    """An estimate with its interval; NaN where it cannot be determined, `methode` says why."""

    methode: str
    schatting: float = NAN
    interval: Interval = GEEN


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
    midden = (aandeel + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2) * math.sqrt(aandeel * (1 - aandeel) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    onder = 0.0 if aandeel <= 0 else midden - half
    boven = 1.0 if aandeel >= 1 else midden + half
    return onder, boven


def clopper_pearson(teller: float, n: float, *, niveau: float = NIVEAU) -> Interval:
    """Return the exact binomial interval of `teller` out of `n`.

    References
    ----------
    Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404
    """
    # Loaded when asked for, which is not often: it takes most of a second.
    from statsmodels.stats.proportion import proportion_confint

    onder, boven = proportion_confint(teller, n, alpha=1 - niveau, method="beta")
    return float(onder), float(boven)


def poisson(gebeurtenissen: float, blootstelling: float, *, niveau: float = NIVEAU) -> Interval:
    """Return the exact Poisson interval of a rate: events per unit of `blootstelling`.

    References
    ----------
    Garwood (1936), doi:10.1093/biomet/28.3-4.437
    """
    alfa = (1 - niveau) / 2
    onder = 0.0 if gebeurtenissen <= 0 else float(special.gammaincinv(gebeurtenissen, alfa))
    boven = float(special.gammaincinv(gebeurtenissen + 1, 1 - alfa))
    return onder / blootstelling, boven / blootstelling


def rang(n: int, p: float) -> int:
    """Return which order statistic (from 1) is the inverse-ECDF quantile `p` of `n` values."""
    # 0.55 * 100 comes out as 55.00000000000001: without the margin the rank would be one too high.
    return min(n, max(1, math.ceil(n * p - 1e-9 * max(1.0, n * p))))


def rangen(n: int, p: float, *, niveau: float = NIVEAU) -> tuple[int, int]:
    """Return the order statistics that bound quantile `p`, free of any distribution.

    They cover with at least `niveau` (Binomial(n, p)). A lower rank of 0 or an upper rank of
    n + 1 means that this bound does not exist.

    References
    ----------
    David and Nagaraja (2003), Order Statistics, section 7.1, doi:10.1002/0471722162
    """
    alfa = (1 - niveau) / 2
    return _binom_kwantiel(alfa, n=n, p=p), _binom_kwantiel(1 - alfa, n=n, p=p) + 1


def _binom_kwantiel(q: float, *, n: int, p: float) -> int:
    """Return the smallest k with P(Binomial(n, p) <= k) >= q."""
    # Far cheaper to import than scipy.stats, and equal to it up to 50 million (then one rank off at most).
    return max(0, math.ceil(float(special.bdtrik(q, n, p))))


def kolom(gegevens: pd.DataFrame, naam: str) -> Reeks:
    """Return a column of a summary as floats, refusing missing and infinite values."""
    if naam not in gegevens.columns:
        raise _samenvatting(naam, "de kolom ontbreekt")
    waarden = gegevens[naam].to_numpy(dtype=np.float64, na_value=np.nan)
    if not np.isfinite(waarden).all():
        raise _samenvatting(naam, "er staan lege of oneindige waarden in")
    return waarden


def eis(voorwaarde: bool, *, naam: str, wat: str) -> None:
    """Refuse a summary that contradicts itself in column `naam`."""
    if not voorwaarde:
        raise _samenvatting(naam, wat)


def _samenvatting(naam: str, wat: str) -> GebruikFout:
    return GebruikFout(
        f"de samenvatting klopt niet: {wat}",
        waar=f"kolom {naam} van de samenvatting",
        herstel="kijk na of de indicator per eenheid de kolommen geeft die bij zijn soort horen",
    )


def schatter(naam: str, maat: Maat) -> str:
    """Return which estimand of the kind the published estimand `naam` is."""
    return maat.schatter or naam


def kies(maten: Mapping[str, Maat], bekend: Mapping[str, T], *, soort: str) -> dict[str, T]:
    """Return the calculation of each estimand asked for; refuse one that this kind does not know."""
    for naam, maat in maten.items():
        gevraagd = schatter(naam, maat)
        if gevraagd not in bekend:
            raise GebruikFout(
                f"de maat '{gevraagd}' bestaat niet bij de soort {soort}",
                waar="maten van de definitiekaart",
                verwacht="een van " + ", ".join(sorted(bekend)),
                kreeg=gevraagd,
                herstel=bedoelt_u(gevraagd, bekend),
            )
    return {naam: bekend[schatter(naam, maat)] for naam, maat in maten.items()}


def te_klein(eenheden: float, huishoudens: int) -> str:
    """Return why nothing can be estimated, or an empty text.

    Two households are the least: with one there is no spread, and the estimate would be that
    household's own value.
    """
    eis(eenheden <= 0 or huishoudens > 0, naam="huishoudens", wat="er zijn eenheden zonder huishouden")
    if eenheden <= 0:
        return "niet te schatten: geen eenheden in de noemer"
    return "" if huishoudens >= 2 else "niet te schatten: te weinig huishoudens"


def rijen(
    maten: Mapping[str, Maat],
    uitkomsten: Mapping[str, Uitkomst],
    *,
    tellingen: Mapping[str, Any],
) -> tuple[Mapping[str, Any], ...]:
    """Return one row per estimand; `tellingen` holds n, teller, noemer and gecensureerd."""
    return tuple(
        estimate(
            naam,
            uitkomsten[naam].schatting,
            eenheid=maat.eenheid,
            methode=uitkomsten[naam].methode,
            interval=uitkomsten[naam].interval,
            **tellingen,
        )
        for naam, maat in maten.items()
    )


def reken(rekenaars: Mapping[str, Callable[[], Uitkomst]], *, reden: str) -> dict[str, Uitkomst]:
    """Return each outcome, or the reason why there is none."""
    return {naam: Uitkomst(reden) if reden else rekenaar() for naam, rekenaar in rekenaars.items()}


def optellen(sleutels: Reeks, gewichten: Iterable[Reeks]) -> tuple[Reeks, list[Reeks]]:
    """Return the sorted distinct keys and the sums of each of `gewichten` per key."""
    uniek, plek = np.unique(sleutels, return_inverse=True)
    return uniek, [np.bincount(plek, weights=g, minlength=len(uniek)).astype(np.float64) for g in gewichten]

"""Estimators of a count per household, from the histogram of the counts and their exposure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators import overspreiding
from toekomstscenario_eval.estimators.intervals import (
    GEEN,
    NAN,
    Interval,
    Reeks,
    Uitkomst,
    eis,
    kies,
    kolom,
    optellen,
    poisson,
    rang,
    rangen,
    reken,
    rijen,
    schatter,
    t_waarde,
    te_klein,
    wilson,
)
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.types import Estimates, Maat

ROBUUST, OVERSPREID = "robuust", "overspreid"
INTERVALLEN = (ROBUUST, OVERSPREID)

# Below this part of its terms a sum of squares is rounding, not spread.
_AFRONDING = 1e-12


@dataclass(frozen=True)
class Histogram:
    """Distinct counts in order, units per count, and sums of exposure and its square per count."""

    aantal: Reeks
    n: Reeks
    som_b: Reeks
    som_bb: Reeks

    @property
    def eenheden(self) -> int:
        """Number of units (households, unless an indicator counts something within them)."""
        return round(float(self.n.sum()))

    @property
    def totaal(self) -> float:
        """Sum of the counts over all units."""
        return float((self.n * self.aantal).sum())

    @property
    def blootstelling(self) -> float:
        """Total exposure."""
        return float(self.som_b.sum())


def schat(
    gegevens: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    interval: str = ROBUUST,
) -> Estimates:
    """Estimate mean, rate and quantiles of the counts of one group.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `aantal` (count), `n` (units with it), `som_b`, `som_bb` (sums over those units of
        the exposure and its square). Rows with the same count are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Any of `gemiddelde`, `per_blootstelling`, `mediaan`, `p90`, `overspreiding` (variance
        divided by mean; 1 when counts vary as by chance), as id or as `schatter`. The
        rate is per `schaal` units of `som_b`, and its noemer is the exposure in those units.
    interval : str
        `robuust`: from the spread between units, whatever their distribution; `overspreid`: the mean
        as of a negative binomial, a rate as exact Poisson with fewer, independent events.

    Returns
    -------
    Estimates
        The estimands asked for, and the series `verdeling`: x = count, waarde = share of units,
        with a Wilson interval when every household is one unit.
    """
    h = _histogram(gegevens)
    keuze = kies(maten, {**_REKENAARS, **(_OVERSPREID if interval == OVERSPREID else {})}, soort="aantal")
    reden = te_klein(h.eenheden, huishoudens)
    # In units of exposure: days over 365.25 are years, and then the rate is per year.
    per_maat = {naam: _in_eenheden(h, maat.schaal) for naam, maat in maten.items()}
    uitkomsten = reken({k: partial(f, per_maat[k]) for k, f in keuze.items()}, reden=reden)
    if h.eenheden > huishoudens:
        uitkomsten = {k: _onafhankelijk(u) for k, u in uitkomsten.items()}
    schattingen = tuple(
        rij
        for k, maat in maten.items()
        for rij in rijen(
            {k: maat}, uitkomsten, tellingen=_tellingen(per_maat[k], schatter(k, maat), huishoudens)
        )
    )
    # A distribution belongs to counts; of person-days it would be a list of households.
    telt = any(schatter(k, maat) != "per_blootstelling" for k, maat in maten.items())
    return Estimates(schattingen, _verdeling(h, huishoudens) if telt and not reden else ())


def _in_eenheden(h: Histogram, schaal: float) -> Histogram:
    return replace(h, som_b=h.som_b / schaal, som_bb=h.som_bb / schaal**2)


def _histogram(gegevens: pd.DataFrame) -> Histogram:
    aantal, n, som_b, som_bb = (kolom(gegevens, k) for k in ("aantal", "n", "som_b", "som_bb"))
    for naam, waarden in (("aantal", aantal), ("n", n), ("som_b", som_b), ("som_bb", som_bb)):
        eis(bool((waarden >= 0).all()), naam=naam, wat="er staat een negatief getal in")
    eis(bool((aantal == np.floor(aantal)).all()), naam="aantal", wat="er staat een gebroken getal in")
    over = n > 0
    uniek, (n_, b_, bb_) = optellen(aantal[over], (n[over], som_b[over], som_bb[over]))
    return Histogram(uniek, n_, b_, bb_)


def _tellingen(h: Histogram, naam: str, huishoudens: int) -> dict[str, float]:
    noemer = h.blootstelling if naam == "per_blootstelling" else h.eenheden
    return {"n": huishoudens, "teller": h.totaal, "noemer": noemer, "gecensureerd": 0}


def _onafhankelijk(u: Uitkomst) -> Uitkomst:
    if math.isnan(u.schatting):
        return u
    return Uitkomst(
        f"{u.methode}; eenheden binnen een huishouden als onafhankelijk geteld", u.schatting, u.interval
    )


def _gemiddelde(h: Histogram) -> Uitkomst:
    """Mean per unit; t interval with n - 1 degrees of freedom, cut off at 0."""
    n, gemiddelde = h.eenheden, h.totaal / h.eenheden
    if n < 2:
        return Uitkomst("gemiddelde; geen interval bij zo weinig eenheden", gemiddelde)
    kwadraten = float((h.n * (h.aantal - gemiddelde) ** 2).sum())
    if len(h.aantal) == 1:
        return Uitkomst("gemiddelde; geen interval: alle eenheden hebben hetzelfde aantal", gemiddelde)
    half = t_waarde(n - 1) * math.sqrt(kwadraten / (n - 1) / n)
    return Uitkomst(
        "gemiddelde, 95%-interval (t)", gemiddelde, (max(0.0, gemiddelde - half), gemiddelde + half)
    )


def _per_blootstelling(h: Histogram) -> Uitkomst:
    """Rate r = sum(a) / sum(b) with a robust interval on the log scale.

    The linearised variance of log r is n / (n - 1) * sum((a - r b)^2) / sum(a)^2 over units, which
    follows exactly from the histogram; t quantile with n - 1 degrees of freedom.
    """
    n, totaal, blootstelling = h.eenheden, h.totaal, h.blootstelling
    if blootstelling <= 0:
        return Uitkomst("niet te schatten: geen blootstelling")
    r = totaal / blootstelling
    if totaal <= 0:
        return Uitkomst(
            "aantal per blootstelling, exact 95%-interval (Poisson)", r, poisson(0, blootstelling)
        )
    kwadraten = _kwadraten(h, r)
    if n < 2 or kwadraten <= 0:
        return Uitkomst("aantal per blootstelling; geen interval: geen spreiding tussen eenheden", r)
    factor = math.exp(t_waarde(n - 1) * math.sqrt(n / (n - 1) * kwadraten) / totaal)
    return Uitkomst("aantal per blootstelling, robuust 95%-interval (log)", r, (r / factor, r * factor))


def _kwadraten(h: Histogram, r: float) -> float:
    """Return sum((a - r b)^2) over units; 0 when that is no more than rounding."""
    termen = np.array(
        [(h.n * h.aantal**2).sum(), -2 * r * (h.aantal * h.som_b).sum(), r * r * h.som_bb.sum()]
    )
    som = float(termen.sum())
    return som if som > _AFRONDING * float(np.abs(termen).sum()) else 0.0


def _gemiddelde_nb(h: Histogram) -> Uitkomst:
    """Mean per unit with the interval of a negative binomial on the log scale."""
    if h.totaal <= 0:
        naam = "gemiddelde, exact 95%-interval (Poisson)"
        return Uitkomst(naam, 0.0, poisson(0, h.eenheden))
    grenzen = overspreiding.negatief_binomiaal(h.aantal, h.n)
    return Uitkomst("gemiddelde, 95%-interval (negatief-binomiaal, log)", h.totaal / h.eenheden, grenzen)


def _tempo(h: Histogram) -> Uitkomst:
    if h.blootstelling <= 0:
        return Uitkomst("niet te schatten: geen blootstelling")
    r = h.totaal / h.blootstelling
    grenzen = overspreiding.tempo(h.totaal, h.blootstelling, _kwadraten(h, r), h.eenheden)
    return Uitkomst("aantal per blootstelling, exact 95%-interval (Poisson, overspreid)", r, grenzen)


def _overspreiding(h: Histogram) -> Uitkomst:
    if h.totaal <= 0:
        return Uitkomst("niet te schatten: alle aantallen zijn nul")
    naam = "variantie gedeeld door gemiddelde; geen interval"
    return Uitkomst(naam, overspreiding.dispersie(h.aantal, h.n))


def _kwantiel(p: float, naam: str) -> Callable[[Histogram], Uitkomst]:
    def rekenaar(h: Histogram) -> Uitkomst:
        """Quantile by the inverse of the empirical distribution (R type 1), order-statistic interval."""
        n, tot_en_met = h.eenheden, np.cumsum(h.n)

        def waarde(k: int) -> float:
            return float(h.aantal[np.searchsorted(tot_en_met, k)]) if 1 <= k <= n else NAN

        laag, hoog = rangen(n, p)
        open_ = "" if laag >= 1 and hoog <= n else "; een grens is niet te bepalen bij zo weinig eenheden"
        methode = f"{naam}, verdelingsvrij 95%-interval{open_}"
        return Uitkomst(methode, waarde(rang(n, p)), (waarde(laag), waarde(hoog)))

    return rekenaar


def _verdeling(h: Histogram, huishoudens: int) -> tuple[Mapping[str, Any], ...]:
    def tussen(deel: float) -> Interval:
        # Units of one household are alike; the histogram does not tell how much.
        return wilson(deel, h.eenheden) if h.eenheden <= huishoudens else GEEN

    return tuple(
        point(
            "verdeling", a, n / h.eenheden, interval=tussen(n / h.eenheden), label=str(round(a)), n=round(n)
        )
        for a, n in zip(h.aantal.tolist(), h.n.tolist(), strict=True)
    )


_REKENAARS: Mapping[str, Callable[[Histogram], Uitkomst]] = {
    "gemiddelde": _gemiddelde,
    "per_blootstelling": _per_blootstelling,
    "mediaan": _kwantiel(0.5, "mediaan"),
    "p90": _kwantiel(0.9, "90e percentiel"),
    "overspreiding": _overspreiding,
}
_OVERSPREID: Mapping[str, Callable[[Histogram], Uitkomst]] = {
    "gemiddelde": _gemiddelde_nb,
    "per_blootstelling": _tempo,
}

"""Estimators of a duration: Kaplan-Meier on daily counts of entries, ends and censorings.

Who is at risk on a day is in `curve`. After a day on which everybody at risk ended, the curve stays
at 0, also when spells enter later; over days without anybody at risk it stays level. R does the
same. Unlike R, which then says 1, nothing is estimated for a day up to which nobody was ever at
risk, nor is the curve drawn on beyond the last day with anybody at risk. A late entry can make the
curve rest on hardly anything: when fewer than `KLEINE_RISICOGROEP` spells are at risk on some day
while more enter later, `methode` says so. Ends of every cause count as the end, but for an
incidence (see `incidentie`). Spells count as independent, also when a household has more than one;
`methode` says so too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.estimators import incidentie
from toekomstscenario_eval.estimators.curve import (
    KLEINE_RISICOGROEP,
    LOG,
    RASTER,
    SCHALEN,
    Curve,
    beperkt,
    bereken,
    grenzen,
    onder_risico,
    overleving_op,
    raster,
    waarom_niet,
    waarschuwing,
)
from toekomstscenario_eval.estimators.intervals import (
    NAN,
    Reeks,
    Uitkomst,
    kies,
    reken,
    rijen,
    te_klein,
    z_waarde,
)
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.types import Estimates, Maat

__all__ = ["KLEINE_RISICOGROEP", "LANGER", "RASTER", "Curve", "bereken", "overleving_op", "schat"]

LANGER = (90, 180, 365)
INTERVALLEN = SCHALEN
# Of all spells this part has ended by the day that the estimand gives.
_KWANTIELEN = {"p25": (0.25, "een kwart"), "mediaan": (0.5, "de helft"), "p75": (0.75, "driekwart")}

# As R compares a survival probability with a quantile.
_SPELING = float(np.sqrt(np.finfo(np.float64).eps))


def schat(
    gegevens: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,
    interval: str = LOG,
) -> Estimates:
    """Estimate how long spells of one group last.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `dag` (days since the start of the spell), `soort` (-1 entry, 0 censored, 1 or
        higher ended by that cause), `n` (spells). Rows that agree are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        Any of `mediaan`, `gemiddelde_beperkt`, `langer_90`, `langer_180`, `langer_365`,
        `gemiddelde_beeindigd`, `p25`, `p75` (day by which that part had ended) and
        `incidentie_<oorzaak>_<dagen>`, as id or as `schatter`.
    horizon : int
        Day up to which the restricted mean and the series go.
    interval : str
        Scale of the intervals of the curve and its quantiles: `log` or `log-log`.

    Returns
    -------
    Estimates
        The estimands asked for (teller = ended, noemer = spells), and the series `overleving`:
        every 30 days and at the horizon, with the number of spells at risk. With an incidence
        also the series `incidentie` on the same days, one for each cause (`label`).

    References
    ----------
    Kaplan and Meier (1958), doi:10.1080/01621459.1958.10501452
    Brookmeyer and Crowley (1982), doi:10.2307/2530286
    """
    c = bereken(gegevens)
    keuze = kies(maten, {**_rekenaars(horizon, interval), **incidentie.rekenaars(maten)}, soort="duur")
    reden = te_klein(c.duren, huishoudens)
    uitkomsten = reken({k: partial(f, c) for k, f in keuze.items()}, reden=reden)
    if c.duren > huishoudens:
        uitkomsten = {k: _onafhankelijk(u) for k, u in uitkomsten.items()}
    tellingen = {
        "n": huishoudens,
        "teller": round(float(c.eind.sum())),
        "noemer": c.duren,
        "gecensureerd": round(float(c.censor.sum())),
    }
    reeksen = () if reden else (*_overleving(c, horizon, interval), *incidentie.reeks(c, maten, horizon))
    return Estimates(rijen(maten, uitkomsten, tellingen=tellingen), reeksen)


def _kruising(waarden: Reeks, dagen: Reeks, hoogte: float) -> float:
    """Return the first day with a value of `hoogte` or less; NaN when there is none.

    As in R: when the value is exactly that, halfway between that day and the next drop.
    """
    # NaN compares as false, which is what R does with bounds that do not exist.
    plekken = np.flatnonzero(waarden < hoogte + _SPELING)
    if not plekken.size:
        return NAN
    eerste = plekken[0]
    lager = plekken[waarden[plekken] < waarden[eerste]]
    if abs(waarden[eerste] - hoogte) < _SPELING and lager.size:
        return float(dagen[eerste] + dagen[lager[0]]) / 2
    return float(dagen[eerste])


def _kwantiel(c: Curve, *, naam: str, schaal: str) -> Uitkomst:
    """Quantile with the Brookmeyer-Crowley interval: where the bounds of the curve cross it."""
    deel, woord = _KWANTIELEN[naam]
    kwantiel = _kruising(c.overleving, c.dagen, 1 - deel)
    onder, boven = grenzen(c.overleving, np.cumsum(c.toename), schaal=schaal)
    if not np.isnan(kwantiel):
        methode = f"Kaplan-Meier, 95%-interval (Brookmeyer-Crowley, {schaal})"
    elif naam == "mediaan":
        methode = "Kaplan-Meier: mediaan niet bereikt, de curve blijft boven de helft"
    else:
        methode = f"Kaplan-Meier: {naam} niet bereikt, minder dan {woord} is beëindigd"
    tot = c.laatste if np.isnan(kwantiel) else kwantiel
    interval = (_kruising(onder, c.dagen, 1 - deel), _kruising(boven, c.dagen, 1 - deel))
    return Uitkomst(methode + waarschuwing(c, tot), kwantiel, interval)


def _beperkt(c: Curve, *, horizon: int) -> Uitkomst:
    """Area under the curve up to the horizon; normal interval within [0, horizon]."""
    naam = f"Kaplan-Meier, beperkt tot {horizon} dagen"
    gemiddelde, fout = beperkt(c, horizon)
    if np.isnan(gemiddelde):
        return Uitkomst(f"{naam}: {waarom_niet(c, horizon)}")
    let_op = waarschuwing(c, horizon)
    if fout <= 0:
        return Uitkomst(f"{naam}; geen interval: geen spreiding vast te stellen{let_op}", gemiddelde)
    half = z_waarde() * fout
    interval = (max(0.0, gemiddelde - half), min(float(horizon), gemiddelde + half))
    return Uitkomst(f"{naam}, 95%-interval (standaardfout){let_op}", gemiddelde, interval)


def _langer(c: Curve, *, dag: int, schaal: str) -> Uitkomst:
    overleving, interval = overleving_op(c, dag, schaal=schaal)
    if np.isnan(overleving):
        return Uitkomst(f"Kaplan-Meier: {waarom_niet(c, dag)}")
    if not np.isnan(interval[0]):
        methode = f"Kaplan-Meier, 95%-interval (Greenwood, {schaal})"
    elif overleving <= 0:
        methode = f"Kaplan-Meier; geen interval: de curve is 0 na {dag} dagen"
    else:
        methode = f"Kaplan-Meier; geen interval: niets is beëindigd binnen {dag} dagen"
    return Uitkomst(methode + waarschuwing(c, dag), overleving, interval)


def _beeindigd(c: Curve) -> Uitkomst:
    """Plain mean of ended spells. An interval would suggest a precision that a biased mean lacks."""
    aantal = float(c.eind.sum())
    if aantal <= 0:
        return Uitkomst("niet te schatten: niets is beëindigd")
    methode = "naïef: alleen beëindigd, naar beneden vertekend; daarom geen interval"
    return Uitkomst(methode, float((c.dagen * c.eind).sum()) / aantal)


def _onafhankelijk(u: Uitkomst) -> Uitkomst:
    if np.isnan(u.interval).all():
        return u
    return Uitkomst(
        f"{u.methode}; duren binnen een huishouden als onafhankelijk geteld", u.schatting, u.interval
    )


def _overleving(c: Curve, horizon: int, schaal: str) -> tuple[Mapping[str, Any], ...]:
    dagen = raster(horizon)
    n = onder_risico(c, np.array(dagen, dtype=np.float64))
    rijen_ = []
    for dag, bij in zip(dagen, n.tolist(), strict=True):
        waarde, interval = overleving_op(c, dag, schaal=schaal)
        rijen_.append(
            point("overleving", dag, waarde, interval=interval if waarde < 1 or dag else (1.0, 1.0), n=bij)
        )
    return tuple(rijen_)


def _rekenaars(horizon: int, schaal: str) -> Mapping[str, Callable[[Curve], Uitkomst]]:
    langer = {f"langer_{dag}": partial(_langer, dag=dag, schaal=schaal) for dag in LANGER}
    return {
        **{naam: partial(_kwantiel, naam=naam, schaal=schaal) for naam in _KWANTIELEN},
        "gemiddelde_beperkt": partial(_beperkt, horizon=horizon),
        **langer,
        "gemiddelde_beeindigd": _beeindigd,
    }

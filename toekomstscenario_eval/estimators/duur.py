"""Estimators of a duration: Kaplan-Meier on daily counts of entries, ends and censorings.

Conventions are those of R's `survfit` on `Surv(start, stop, event)`: a spell is at risk on day t
when start < t <= stop; on one day ends come before censorings. Spells that enter on day 0 were
there from the start, so an end on day 0 (a wait of no days) counts among them.

After a day on which everybody at risk ended, the curve stays at 0, also when spells enter later;
over days without anybody at risk it stays level. R does the same. Unlike R, which then says 1,
nothing is estimated for a day up to which nobody was ever at risk, nor (see `_beperkt`) is the
curve drawn on beyond the last day with anybody at risk. A late entry can make the curve
rest on hardly anything: when fewer than `KLEINE_RISICOGROEP` spells are at risk on some day while
more enter later, `methode` says so. Ends of every cause count as the end. Spells count as
independent, also when a household has more than one; `methode` says so too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

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
    punt,
    reken,
    rijen,
    te_klein,
    z_waarde,
)
from toekomstscenario_eval.types import Estimates, Maat

LANGER = (90, 180, 365)
KLEINE_RISICOGROEP = 10
RASTER = 30

# As R compares a survival probability with one half.
_SPELING = float(np.sqrt(np.finfo(np.float64).eps))


@dataclass(frozen=True)
class Curve:
    """Kaplan-Meier on the distinct days with an entry or an exit.

    Attributes
    ----------
    dagen : array of k days, ascending
    erin, eind, censor : arrays of k counts of spells on that day
    risico : array of k counts of spells at risk on that day
    overleving : array of k probabilities to last longer than that day
    toename : array of k increments of Greenwood's sum, d / (Y (Y - d)); infinite when all ended
    """

    dagen: Reeks
    erin: Reeks
    eind: Reeks
    censor: Reeks
    risico: Reeks
    overleving: Reeks
    toename: Reeks

    @property
    def duren(self) -> int:
        """Number of spells."""
        return round(float(self.erin.sum()))

    @property
    def eerste(self) -> float:
        """First day of entry; the first day with a spell at risk is the one after."""
        return float(self.dagen[np.argmax(self.erin > 0)])

    @property
    def laatste(self) -> float:
        """Last day with a spell at risk; 0 without any."""
        onder_risico = self.dagen[self.risico > 0]
        return float(onder_risico[-1]) if onder_risico.size else 0.0


def schat(gegevens: pd.DataFrame, *, huishoudens: int, maten: Mapping[str, Maat], horizon: int) -> Estimates:
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
        `gemiddelde_beeindigd`, as id or as `schatter`.
    horizon : int
        Day up to which the restricted mean and the series go.

    Returns
    -------
    Estimates
        The estimands asked for (teller = ended, noemer = spells), and the series `overleving`:
        every 30 days and at the horizon, with the number of spells at risk.

    References
    ----------
    Kaplan and Meier (1958), doi:10.1080/01621459.1958.10501452
    Brookmeyer and Crowley (1982), doi:10.2307/2530286
    """
    c = bereken(gegevens)
    keuze = kies(maten, _rekenaars(horizon), soort="duur")
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
    return Estimates(rijen(maten, uitkomsten, tellingen=tellingen), () if reden else _overleving(c, horizon))


def bereken(gegevens: pd.DataFrame) -> Curve:
    """Return the Kaplan-Meier curve of a summary of entries, ends and censorings per day."""
    dag, soort, n = (kolom(gegevens, k) for k in ("dag", "soort", "n"))
    eis(bool((dag >= 0).all()), naam="dag", wat="er staat een negatieve dag in")
    eis(bool(((soort >= -1) & (soort == np.floor(soort))).all()), naam="soort", wat="onbekende soort")
    eis(bool((n >= 0).all()), naam="n", wat="er staat een negatief getal in")
    soorten = (soort == -1, soort >= 1, soort == 0)
    dagen, (erin, eind, censor) = optellen(dag, [np.where(s, n, 0.0) for s in soorten])
    eruit = eind + censor
    stand: Reeks = np.cumsum(erin - eruit)
    eis(float(erin.sum()) == float(eruit.sum()), naam="n", wat="niet elke duur heeft een begin en een einde")
    risico: Reeks = stand - erin + eruit + np.where(dagen <= 0, erin, 0.0)
    passend = bool((stand >= 0).all() and (eind <= risico).all())
    eis(passend, naam="dag", wat="er eindigen meer duren dan er lopen")
    met = eind > 0
    factor = np.ones_like(dagen)
    factor[met] -= eind[met] / risico[met]
    toename = np.zeros_like(dagen)
    with np.errstate(divide="ignore"):
        toename[met] = eind[met] / (risico[met] * (risico[met] - eind[met]))
    overleving = np.asarray(np.cumprod(factor), dtype=np.float64)
    return Curve(dagen, erin, eind, censor, risico, overleving, toename)


def _grenzen(overleving: Reeks, toename: Reeks) -> tuple[Reeks, Reeks]:
    """Return Greenwood's interval on the log scale; NaN where the curve is 0, as in R."""
    half = np.where(overleving > 0, z_waarde() * np.sqrt(toename), np.nan)
    return overleving * np.exp(-half), np.minimum(1.0, overleving * np.exp(half))


def overleving_op(c: Curve, dag: float) -> tuple[float, Interval]:
    """Return the share that lasts longer than `dag`, with its interval.

    NaN after the last day with anybody at risk, unless all had ended by then (0, without
    interval), and NaN when nobody was at risk yet. Before the first end there is no interval:
    Greenwood's variance is 0 there.
    """
    i = int(np.searchsorted(c.dagen, dag, side="right"))
    s = float(c.overleving[i - 1]) if i else 1.0
    if (dag > c.laatste and s > 0) or 0 < dag <= c.eerste:
        return NAN, GEEN
    som = c.toename[:i].sum(keepdims=True)
    if s <= 0 or som[0] <= 0:
        return s, GEEN
    onder, boven = _grenzen(np.array([s]), som)
    return s, (float(onder[0]), float(boven[0]))


def _helft(waarden: Reeks, dagen: Reeks) -> float:
    """Return the first day with a value of one half or less; NaN when there is none.

    As in R: when the value is exactly one half, halfway between that day and the next drop.
    """
    # NaN compares as false, which is what R does with bounds that do not exist.
    plekken = np.flatnonzero(waarden < 0.5 + _SPELING)
    if not plekken.size:
        return NAN
    eerste = plekken[0]
    lager = plekken[waarden[plekken] < waarden[eerste]]
    if abs(waarden[eerste] - 0.5) < _SPELING and lager.size:
        return float(dagen[eerste] + dagen[lager[0]]) / 2
    return float(dagen[eerste])


def _mediaan(c: Curve) -> Uitkomst:
    """Median with the Brookmeyer-Crowley interval: where the bounds of the curve cross one half."""
    mediaan = _helft(c.overleving, c.dagen)
    onder, boven = _grenzen(c.overleving, np.cumsum(c.toename))
    if np.isnan(mediaan):
        methode = "Kaplan-Meier: mediaan niet bereikt, de curve blijft boven de helft"
    else:
        methode = "Kaplan-Meier, 95%-interval (Brookmeyer-Crowley, log)"
    tot = c.laatste if np.isnan(mediaan) else mediaan
    return Uitkomst(
        methode + _waarschuwing(c, tot), mediaan, (_helft(onder, c.dagen), _helft(boven, c.dagen))
    )


def _beperkt(c: Curve, *, horizon: int) -> Uitkomst:
    """Area under the curve up to the horizon; normal interval within [0, horizon].

    The variance is the sum over days of (area under the curve from that day on)^2 times Greenwood's
    increment, without a small-sample factor: R's `print(survfit, rmean = horizon)`.
    """
    naam = f"Kaplan-Meier, beperkt tot {horizon} dagen"
    if np.isnan(overleving_op(c, horizon)[0]):
        return Uitkomst(f"{naam}: {_waarom_niet(c, horizon)}")
    tot = c.dagen <= horizon
    hoogte = np.concatenate(([1.0], c.overleving[tot]))
    vlakken = np.diff(np.concatenate(([0.0], c.dagen[tot], [float(horizon)]))) * hoogte
    gemiddelde = float(vlakken.sum())
    daarna = np.cumsum(vlakken[:0:-1])[::-1]
    toename = np.where(np.isfinite(c.toename[tot]), c.toename[tot], 0.0)
    fout = float(np.sqrt((daarna**2 * toename).sum()))
    waarschuwing = _waarschuwing(c, horizon)
    if fout <= 0:
        return Uitkomst(f"{naam}; geen interval: geen spreiding vast te stellen{waarschuwing}", gemiddelde)
    half = z_waarde() * fout
    interval = (max(0.0, gemiddelde - half), min(float(horizon), gemiddelde + half))
    return Uitkomst(f"{naam}, 95%-interval (standaardfout){waarschuwing}", gemiddelde, interval)


def _waarom_niet(c: Curve, dag: int) -> str:
    if dag <= c.eerste:
        return f"niet te schatten, in de eerste {dag} dagen is geen duur onder risico"
    return f"niet te schatten, na {dag} dagen is geen duur meer onder risico"


def _langer(c: Curve, *, dag: int) -> Uitkomst:
    overleving, interval = overleving_op(c, dag)
    if np.isnan(overleving):
        return Uitkomst(f"Kaplan-Meier: {_waarom_niet(c, dag)}")
    if not np.isnan(interval[0]):
        methode = "Kaplan-Meier, 95%-interval (Greenwood, log)"
    elif overleving <= 0:
        methode = f"Kaplan-Meier; geen interval: de curve is 0 na {dag} dagen"
    else:
        methode = f"Kaplan-Meier; geen interval: niets is beëindigd binnen {dag} dagen"
    return Uitkomst(methode + _waarschuwing(c, dag), overleving, interval)


def _beeindigd(c: Curve) -> Uitkomst:
    """Plain mean of ended spells. An interval would suggest a precision that a biased mean lacks."""
    aantal = float(c.eind.sum())
    if aantal <= 0:
        return Uitkomst("niet te schatten: niets is beëindigd")
    methode = "naïef: alleen beëindigd, naar beneden vertekend; daarom geen interval"
    return Uitkomst(methode, float((c.dagen * c.eind).sum()) / aantal)


def _waarschuwing(c: Curve, tot: float) -> str:
    """Return a note when the curve up to day `tot` rests on few spells while more enter later."""
    vorige = np.concatenate(([0.0], c.dagen[:-1]))
    # Between two listed days the risk set is that of the second one; entries on that day come later.
    later = c.erin[::-1].cumsum()[::-1]
    smal = (vorige < tot) & (c.dagen > 0) & (c.risico < KLEINE_RISICOGROEP) & (later > 0)
    if not bool(smal.any()):
        return ""
    return (
        f"; let op: op een dag zijn minder dan {KLEINE_RISICOGROEP} duren onder risico "
        "terwijl er later nog instromen"
    )


def _onafhankelijk(u: Uitkomst) -> Uitkomst:
    if np.isnan(u.interval).all():
        return u
    return Uitkomst(
        f"{u.methode}; duren binnen een huishouden als onafhankelijk geteld", u.schatting, u.interval
    )


def _overleving(c: Curve, horizon: int) -> tuple[Mapping[str, Any], ...]:
    """Return the curve on a grid that does not depend on the data, so that no spell stands out."""
    raster = sorted({*range(0, horizon + 1, RASTER), horizon})
    n = _onder_risico(c, np.array(raster, dtype=np.float64))
    rijen_ = []
    for dag, bij in zip(raster, n.tolist(), strict=True):
        waarde, interval = overleving_op(c, dag)
        rijen_.append(
            punt("overleving", dag, waarde, interval=interval if waarde < 1 or dag else (1.0, 1.0), n=bij)
        )
    return tuple(rijen_)


def _onder_risico(c: Curve, op: Reeks) -> npt.NDArray[np.int64]:
    """Return the number of spells at risk on each of the days `op`; on day 0 those that entered then."""
    stand = np.concatenate(([0.0], np.cumsum(c.erin - c.eind - c.censor)))
    begin = float(c.erin[c.dagen <= 0].sum())
    onder = np.where(op <= 0, begin, stand[np.searchsorted(c.dagen, op, side="left")])
    return np.rint(onder).astype(np.int64)


def _rekenaars(horizon: int) -> Mapping[str, Callable[[Curve], Uitkomst]]:
    langer = {f"langer_{dag}": partial(_langer, dag=dag) for dag in LANGER}
    return {
        "mediaan": _mediaan,
        "gemiddelde_beperkt": partial(_beperkt, horizon=horizon),
        **langer,
        "gemiddelde_beeindigd": _beeindigd,
    }

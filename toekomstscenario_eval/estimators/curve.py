"""Durations as counts per day: who enters, who ends, who is under observation.

Conventions are those of R's `survfit` on `Surv(start, stop, event)`: a spell is at risk on day t
when start < t <= stop; on one day ends come before censorings. Spells that enter on day 0 were
there from the start, so an end on day 0 (a wait of no days) counts among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from toekomstscenario_eval.estimators.intervals import (
    GEEN,
    NAN,
    Interval,
    Reeks,
    eis,
    kolom,
    optellen,
    z_waarde,
)

KLEINE_RISICOGROEP = 10
RASTER = 30
_LEEG = np.empty(0)
LOG, LOG_LOG = "log", "log-log"
SCHALEN = (LOG, LOG_LOG)


@dataclass(frozen=True)
class Curve:
    """Kaplan-Meier on the distinct days with an entry or an exit.

    Attributes
    ----------
    dagen : array of k days, ascending
    erin, eind, censor : arrays of k counts of spells on that day
    oorzaken : per cause the array of k counts of spells that ended by it; together `eind`
    risico : array of k counts of spells at risk on that day
    overleving : array of k probabilities to last longer than that day
    toename : array of k increments of Greenwood's sum, d / (Y (Y - d)); infinite when all ended
    """

    dagen: Reeks
    erin: Reeks
    eind: Reeks
    censor: Reeks
    oorzaken: Mapping[int, Reeks]
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

    @property
    def ervoor(self) -> Reeks:
        """Probability to last up to each day: the curve just before it."""
        return np.concatenate(([1.0], self.overleving))[: len(self.dagen)]


def bereken(gegevens: pd.DataFrame, *, dagen: Reeks = _LEEG) -> Curve:
    """Return the Kaplan-Meier curve of a summary of entries, ends and censorings per day.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `dag`, `soort` (-1 entry, 0 censored, 1 or higher ended by that cause), `n`; rows
        that agree are added up.
    dagen : array, optional
        Days that must be on the curve too, so that curves can share one grid.
    """
    dag, soort, n = (kolom(gegevens, k) for k in ("dag", "soort", "n"))
    eis(bool((dag >= 0).all()), naam="dag", wat="er staat een negatieve dag in")
    eis(bool(((soort >= -1) & (soort == np.floor(soort))).all()), naam="soort", wat="onbekende soort")
    eis(bool((n >= 0).all()), naam="n", wat="er staat een negatief getal in")
    oorzaken = sorted({int(s) for s in np.unique(soort[soort >= 1])})
    op, tellingen = optellen(
        np.concatenate((dag, dagen)),
        [np.concatenate((np.where(soort == s, n, 0.0), np.zeros(len(dagen)))) for s in (-1, 0, *oorzaken)],
    )
    erin, censor, *per_oorzaak = tellingen
    eind: Reeks = np.sum([np.zeros(len(op)), *per_oorzaak], axis=0)
    eruit = eind + censor
    stand: Reeks = np.cumsum(erin - eruit)
    eis(float(erin.sum()) == float(eruit.sum()), naam="n", wat="niet elke duur heeft een begin en een einde")
    risico: Reeks = stand - erin + eruit + np.where(op <= 0, erin, 0.0)
    passend = bool((stand >= 0).all() and (eind <= risico).all())
    eis(passend, naam="dag", wat="er eindigen meer duren dan er lopen")
    met = eind > 0
    factor = np.ones_like(op)
    factor[met] -= eind[met] / risico[met]
    toename = np.zeros_like(op)
    with np.errstate(divide="ignore"):
        toename[met] = eind[met] / (risico[met] * (risico[met] - eind[met]))
    overleving = np.asarray(np.cumprod(factor), dtype=np.float64)
    per = dict(zip(oorzaken, per_oorzaak, strict=True))
    return Curve(op, erin, eind, censor, per, risico, overleving, toename)


def log_log_grenzen(waarde: Reeks, fout: Reeks) -> tuple[Reeks, Reeks]:
    """Return the interval on the complementary log-log scale; NaN where the probability is 0 or 1."""
    binnen = (waarde > 0) & (waarde < 1)
    s = np.where(binnen, waarde, np.nan)
    breed = np.exp(z_waarde() * fout / np.abs(np.log(s)))
    return s**breed, s ** (1 / breed)


def log_grenzen(waarde: Reeks, fout: Reeks) -> tuple[Reeks, Reeks]:
    """Return the interval on the log scale of a probability; `fout` is the relative standard error."""
    half = z_waarde() * fout
    return waarde * np.exp(-half), np.minimum(1.0, waarde * np.exp(half))


def grenzen(overleving: Reeks, toename: Reeks, *, schaal: str = LOG) -> tuple[Reeks, Reeks]:
    """Return Greenwood's interval on one of `SCHALEN`; NaN where the curve is 0, as in R.

    The log scale is what R gives by default; log-log stays within 0 and 1 and covers better with few ends.

    References
    ----------
    Borgan and Liestol (1990), https://www.jstor.org/stable/4616151
    """
    fout = np.full_like(overleving, np.nan)
    np.sqrt(toename, out=fout, where=overleving > 0)
    return (log_log_grenzen if schaal == LOG_LOG else log_grenzen)(overleving, fout)


def bekend(c: Curve, dag: float) -> bool:
    """Whether the data say anything about `dag`: somebody was at risk up to it, or all had ended."""
    i = int(np.searchsorted(c.dagen, dag, side="right"))
    s = float(c.overleving[i - 1]) if i else 1.0
    return not ((dag > c.laatste and s > 0) or 0 < dag <= c.eerste)


def overleving_op(c: Curve, dag: float, *, schaal: str = LOG) -> tuple[float, Interval]:
    """Return the share that lasts longer than `dag`, with its interval.

    NaN after the last day with anybody at risk, unless all had ended by then (0, without
    interval), and NaN when nobody was at risk yet. Before the first end there is no interval:
    Greenwood's variance is 0 there.
    """
    if not bekend(c, dag):
        return NAN, GEEN
    i = int(np.searchsorted(c.dagen, dag, side="right"))
    s = float(c.overleving[i - 1]) if i else 1.0
    som = c.toename[:i].sum(keepdims=True)
    if s <= 0 or som[0] <= 0:
        return s, GEEN
    onder, boven = grenzen(np.array([s]), som, schaal=schaal)
    return s, (float(onder[0]), float(boven[0]))


def beperkt(c: Curve, horizon: float) -> tuple[float, float]:
    """Return the area under the curve up to the horizon and its standard error; NaN when unknown.

    The variance is the sum over days of (area under the curve from that day on)^2 times Greenwood's
    increment, without a small-sample factor: R's `print(survfit, rmean = horizon)`.
    """
    if not bekend(c, horizon):
        return NAN, NAN
    tot = c.dagen <= horizon
    hoogte = np.concatenate(([1.0], c.overleving[tot]))
    vlakken = np.diff(np.concatenate(([0.0], c.dagen[tot], [float(horizon)]))) * hoogte
    daarna = np.cumsum(vlakken[:0:-1])[::-1]
    toename = np.where(np.isfinite(c.toename[tot]), c.toename[tot], 0.0)
    return float(vlakken.sum()), float(np.sqrt((daarna**2 * toename).sum()))


def onder_risico(c: Curve, op: Reeks) -> npt.NDArray[np.int64]:
    """Return the number of spells at risk on each of the days `op`; on day 0 those that entered then."""
    stand = np.concatenate(([0.0], np.cumsum(c.erin - c.eind - c.censor)))
    begin = float(c.erin[c.dagen <= 0].sum())
    onder = np.where(op <= 0, begin, stand[np.searchsorted(c.dagen, op, side="left")])
    return np.rint(onder).astype(np.int64)


def raster(horizon: int) -> list[int]:
    """Return the days at which a curve is shown; they do not depend on the data, so no spell stands out."""
    return sorted({*range(0, horizon + 1, RASTER), horizon})


def waarom_niet(c: Curve, dag: int) -> str:
    """Return why nothing is known about `dag`; see `bekend`."""
    if dag <= c.eerste:
        return f"niet te schatten, in de eerste {dag} dagen is geen duur onder risico"
    return f"niet te schatten, na {dag} dagen is geen duur meer onder risico"


def waarschuwing(c: Curve, tot: float) -> str:
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

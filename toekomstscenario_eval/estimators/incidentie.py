"""Cumulative incidence of one way to end, when other ways to end compete: Aalen-Johansen.

One minus Kaplan-Meier, with the other ends as censored, answers a question about a world in which
those do not exist, and comes out too high. Here a spell that ended otherwise is gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.curve import (
    Curve,
    bekend,
    log_grenzen,
    onder_risico,
    raster,
    waarom_niet,
    waarschuwing,
)
from toekomstscenario_eval.estimators.intervals import GEEN, NAN, Interval, Reeks, Uitkomst, schatter
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.types import Maat

_NAAM = re.compile(r"incidentie_([1-9]\d*)_(\d+)")
VOORVOEGSEL = "incidentie_"


def incidentie_op(c: Curve, oorzaak: int, dag: float) -> tuple[float, float]:
    """Return the probability to have ended by one cause up to and on a day, and its standard error.

    With Y at risk, d_k ended by the cause and d by any on day s, and S the Kaplan-Meier curve of
    all ends, F_k(t) is the sum of S(s-) d_k(s) / Y(s) over s <= t. Its variance adds up the
    multinomial variances of the days. Without late entry it equals the infinitesimal jackknife
    that R's `survfit` gives; with late entry the jackknife needs more than counts per day, and
    both estimate the same. NaN for a day of which the data say nothing (see `curve.bekend`).

    References
    ----------
    Aalen and Johansen (1978), https://www.jstor.org/stable/4615704
    Allignol, Schumacher and Beyersmann (2010), variance and late entry, doi:10.1002/bimj.200900039
    """
    if not bekend(c, dag):
        return NAN, NAN
    met = (c.eind > 0) & (c.dagen <= dag)
    if oorzaak not in c.oorzaken or not met.any():
        return 0.0, 0.0
    y, d, d_k, ervoor = c.risico[met], c.eind[met], c.oorzaken[oorzaak][met], c.ervoor[met]
    f = np.cumsum(ervoor * d_k / y)
    blijft = (y - d) / y
    # What an end on day s takes away from the incidence after s; nothing is left to take once all ended.
    weg: Reeks = np.zeros_like(f)
    np.divide(f[-1] - f, blijft, out=weg, where=blijft > 0)
    # Variance per day of ervoor * dN_k - weg * dN, with (dN_k, dN - dN_k, rest) multinomial.
    per_dag = (ervoor**2 * d_k * (y - d_k) / y + weg**2 * d * blijft - 2 * ervoor * weg * d_k * blijft) / y**2
    return min(1.0, float(f[-1])), float(np.sqrt(max(0.0, per_dag.sum())))


def _interval(f: float, fout: float) -> Interval:
    """Return the interval on the log scale, as in `survfit`; none where F is 0."""
    if not (f > 0 and fout > 0):
        return GEEN
    onder, boven = log_grenzen(np.array([f]), np.array([fout / f]))
    return float(onder[0]), float(boven[0])


def ontleed(naam: str) -> tuple[int, int]:
    """Return cause and days of an estimand `incidentie_<oorzaak>_<dagen>`; GebruikFout if it is none."""
    gevonden = _NAAM.fullmatch(naam)
    if gevonden is None:
        raise GebruikFout(
            f"de maat '{naam}' bestaat niet bij de soort duur",
            waar="maten van de definitiekaart",
            verwacht="incidentie_<oorzaak>_<dagen>, met een oorzaak vanaf 1",
            kreeg=naam,
            herstel="schrijf bijvoorbeeld incidentie_1_365",
        )
    return int(gevonden[1]), int(gevonden[2])


def gevraagd(maten: Mapping[str, Maat]) -> dict[str, tuple[int, int]]:
    """Return cause and days of every incidence that is asked for, by the name of its estimator."""
    namen = (schatter(naam, maat) for naam, maat in maten.items())
    return {naam: ontleed(naam) for naam in namen if naam.startswith(VOORVOEGSEL)}


def rekenaars(maten: Mapping[str, Maat]) -> dict[str, Callable[[Curve], Uitkomst]]:
    """Return the calculation of every incidence that is asked for, by the name of its estimator."""
    return {
        naam: partial(_uitkomst, oorzaak=oorzaak, dag=dag) for naam, (oorzaak, dag) in gevraagd(maten).items()
    }


def _uitkomst(c: Curve, *, oorzaak: int, dag: int) -> Uitkomst:
    f, fout = incidentie_op(c, oorzaak, dag)
    if np.isnan(f):
        return Uitkomst(f"Aalen-Johansen: {waarom_niet(c, dag)}")
    if f <= 0:
        methode = f"Aalen-Johansen; geen interval: binnen {dag} dagen eindigt niets op deze manier"
    elif fout <= 0:
        methode = f"Aalen-Johansen; geen interval: binnen {dag} dagen eindigt alles op deze manier"
    else:
        methode = "Aalen-Johansen met concurrerende eindes, 95%-interval (log)"
    return Uitkomst(methode + waarschuwing(c, dag), f, _interval(f, fout))


def reeks(c: Curve, maten: Mapping[str, Maat], horizon: int) -> tuple[Mapping[str, Any], ...]:
    """Return the series `incidentie` of every cause: x = day, label = cause, n = spells at risk.

    Empty when `maten` asks for no incidence. Causes are those asked for and those that occur.
    """
    oorzaken = {oorzaak for oorzaak, _ in gevraagd(maten).values()}
    if not oorzaken:
        return ()
    dagen = raster(horizon)
    risico = onder_risico(c, np.array(dagen, dtype=np.float64)).tolist()
    punten = []
    for oorzaak in sorted(oorzaken | c.oorzaken.keys()):
        for dag, bij in zip(dagen, risico, strict=True):
            f, fout = incidentie_op(c, oorzaak, dag)
            # That nothing has ended after no time at all is certain.
            interval = (0.0, 0.0) if dag == 0 and f == 0 else _interval(f, fout)
            punten.append(point("incidentie", dag, f, interval=interval, label=str(oorzaak), n=bij))
    return tuple(punten)

"""Estimators of events that can happen to a household more than once.

On day t a household is at risk when it entered before t and its observation ends on t or later; one
that entered on day 0 is at risk on day 0 too. An indicator that counts what begins in `[van, tot)`
therefore gives the number of the day: 1 for the day of instroom itself.

Households with many events make a mean less certain than the number of events suggests. The robust
variance needs, per household, which records go together. The summary holds that as counts of pairs
of records of one household: for any numbers g(day, kind), the sum over households of (sum of g over
the records of the household)^2 is the sum over pairs of n g g'. Without the pairs there is only
the Poisson variance, too small as soon as households differ; `methode` then says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.estimators.curve import raster
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
    reken,
    rijen,
    schatter,
    t_waarde,
    te_klein,
    z_waarde,
)
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.types import Estimates, Maat

INTERVALLEN = ()
JAAR = 365.25
# Stands in `soort2` for: this row counts single records, not pairs.
GEEN_PAAR = -2
_NAAM = re.compile(r"mcf_(\d+)")
# Below this part of the estimate a standard error is rounding.
_AFRONDING = 1e-7


@dataclass(frozen=True)
class Paren:
    """Pairs of records of one household; a pair of two different records stands here once."""

    dag: Reeks
    soort: Reeks
    dag2: Reeks
    soort2: Reeks
    n: Reeks

    def som(self, waarde: Callable[[Reeks, Reeks], Reeks]) -> float:
        """Return the sum over households of the square of their sum of `waarde(dag, soort)`."""
        zelf = (self.dag == self.dag2) & (self.soort == self.soort2)
        weging = self.n * np.where(zelf, 1.0, 2.0)
        return float((weging * waarde(self.dag, self.soort) * waarde(self.dag2, self.soort2)).sum())


@dataclass(frozen=True)
class Verloop:
    """Entries, events and ends of observation on the distinct days, and who is at risk.

    Attributes
    ----------
    dagen : array of k days, ascending
    erin, gebeurd, eruit, risico : arrays of k counts
    paren : Paren or None
        None when the summary does not have them.
    """

    dagen: Reeks
    erin: Reeks
    gebeurd: Reeks
    eruit: Reeks
    risico: Reeks
    paren: Paren | None

    @property
    def persoonstijd(self) -> float:
        """Days under observation of all households together."""
        return float(((self.eruit - self.erin) * self.dagen).sum())

    @property
    def laatste(self) -> float:
        """Last day with a household at risk; 0 without any."""
        onder_risico = self.dagen[self.risico > 0]
        return float(onder_risico[-1]) if onder_risico.size else 0.0

    @property
    def eerste(self) -> float:
        """First day of entry."""
        return float(self.dagen[np.argmax(self.erin > 0)])


def schat(gegevens: pd.DataFrame, *, huishoudens: int, maten: Mapping[str, Maat], horizon: int) -> Estimates:
    """Estimate how often something happens to the households of one group.

    Parameters
    ----------
    gegevens : DataFrame
        Columns `dag` (days since the start), `soort` (-1 entry, 0 end of observation, 1 event), `n`
        (records); optionally `dag2`, `soort2`: the second record of a pair of one household, with
        `soort2` = -2 in a row that counts single records. Rows that agree are added up.
    huishoudens : int
        Number of distinct households in the group.
    maten : mapping
        `mcf_<dagen>` (mean number of events per household by that day, for a household observed
        throughout) and `per_jaar` (events per year of observation), as id or as `schatter`.
    horizon : int
        Day up to which the series goes.

    Returns
    -------
    Estimates
        The estimands asked for (teller = events, noemer = households, of `per_jaar` years of
        observation) and the series `mcf` every 30 days, with the number of households at risk.

    References
    ----------
    Nelson (1995), doi:10.1080/00401706.1995.10484299
    Lawless and Nadeau (1995), doi:10.1080/00401706.1995.10484300
    """
    v = bereken(gegevens)
    keuze = kies(maten, _rekenaars(maten), soort="herhaald")
    reden = te_klein(float(v.erin.sum()), huishoudens)
    uitkomsten = reken({k: partial(f, v) for k, f in keuze.items()}, reden=reden)
    schattingen: list[Mapping[str, Any]] = []
    for naam, maat in maten.items():
        jaren = schatter(naam, maat) == "per_jaar"
        tellingen = {
            "n": huishoudens,
            "teller": round(float(v.gebeurd.sum())),
            "noemer": v.persoonstijd / JAAR if jaren else huishoudens,
            "gecensureerd": 0,
        }
        schattingen += rijen({naam: maat}, uitkomsten, tellingen=tellingen)
    return Estimates(tuple(schattingen), () if reden else _reeks(v, horizon))


def bereken(gegevens: pd.DataFrame) -> Verloop:
    """Return who was at risk and what happened per day; refuse a summary that contradicts itself."""
    dag, soort, n = (kolom(gegevens, k) for k in ("dag", "soort", "n"))
    eis(bool((dag >= 0).all()), naam="dag", wat="er staat een negatieve dag in")
    eis(bool(np.isin(soort, (-1, 0, 1)).all()), naam="soort", wat="onbekende soort")
    eis(bool((n >= 0).all()), naam="n", wat="er staat een negatief getal in")
    enkel, paren = _paren(gegevens, dag, soort, n)
    dagen, (erin, eruit, gebeurd) = optellen(
        dag[enkel], [np.where(soort[enkel] == s, n[enkel], 0.0) for s in (-1, 0, 1)]
    )
    stand: Reeks = np.cumsum(erin - eruit)
    eis(float(erin.sum()) == float(eruit.sum()), naam="n", wat="niet elke waarneming heeft begin en einde")
    risico: Reeks = stand - erin + eruit + np.where(dagen <= 0, erin, 0.0)
    eis(bool((stand >= 0).all()), naam="dag", wat="er eindigen meer waarnemingen dan er lopen")
    passend = bool((risico[gebeurd > 0] > 0).all())
    eis(passend, naam="dag", wat="er gebeurt iets terwijl niemand wordt waargenomen")
    return Verloop(dagen, erin, gebeurd, eruit, risico, paren)


def _paren(
    gegevens: pd.DataFrame, dag: Reeks, soort: Reeks, n: Reeks
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], Paren | None]:
    """Return which rows count single records, and the pairs when the summary has them."""
    if "soort2" not in gegevens.columns:
        return np.ones(len(dag), dtype=np.bool_), None
    dag2, soort2 = kolom(gegevens, "dag2"), kolom(gegevens, "soort2")
    enkel = soort2 == GEEN_PAAR
    eis(bool(np.isin(soort2[~enkel], (-1, 0, 1)).all()), naam="soort2", wat="onbekende soort")
    # Sorted and added up, so that the order of the rows cannot reach the last digit.
    tabel = pd.DataFrame({"dag": dag, "soort": soort, "dag2": dag2, "soort2": soort2, "n": n})[~enkel]
    som = tabel.groupby(["dag", "soort", "dag2", "soort2"], sort=True)["n"].sum().reset_index()
    return enkel, Paren(*(som[k].to_numpy(dtype=np.float64) for k in ("dag", "soort", "dag2", "soort2", "n")))


def mcf_op(v: Verloop, dag: float) -> tuple[float, float]:
    """Return the mean cumulative number of events up to and on `dag`, and its standard error.

    M(t) adds up d(s) / Y(s) over s <= t. The robust variance is the sum over households of the
    square of the sum over s <= t of (dN_i(s) - Y_i(s) d(s) / Y(s)) / Y(s): R's `survfit` with
    `id`. Without pairs: the sum of d / Y^2. NaN beyond the last day at risk and before the first.
    """
    if dag > v.laatste or 0 < dag <= v.eerste:
        return NAN, NAN
    met = (v.gebeurd > 0) & (v.dagen <= dag)
    dagen, d, y = v.dagen[met], v.gebeurd[met], v.risico[met]
    som = float((d / y).sum())
    if v.paren is None:
        return som, math.sqrt(float((d / y**2).sum()))
    # What a household loses by having been at risk up to and on each of these days.
    weg = np.concatenate(([0.0], np.cumsum(d / y**2)))
    gewicht = dict(zip(dagen.tolist(), (1 / y).tolist(), strict=True))

    def invloed(op: Reeks, soort: Reeks) -> Reeks:
        tot = np.searchsorted(dagen, op, side="right")
        # Who enters on day 0 is at risk on that day too.
        vanaf = np.where(op <= 0, 0, tot)
        winst = np.array([gewicht.get(x, 0.0) for x in op.tolist()])
        return np.select([soort == 1, soort == 0], [winst, -weg[tot]], weg[vanaf])

    return som, math.sqrt(max(0.0, v.paren.som(invloed)))


def _log_interval(waarde: float, fout: float, kwantiel: float) -> Interval:
    if not (waarde > 0 and fout > 0):
        return GEEN
    factor = math.exp(kwantiel * fout / waarde)
    return waarde / factor, waarde * factor


def _mcf(v: Verloop, *, dag: int) -> Uitkomst:
    waarde, fout = mcf_op(v, dag)
    naam = "gemiddeld cumulatief aantal (Nelson-Aalen)"
    if math.isnan(waarde):
        return Uitkomst(f"{naam}: niet te schatten, rond dag {dag} wordt geen huishouden waargenomen")
    if waarde <= 0:
        return Uitkomst(f"{naam}; geen interval: niets gebeurt binnen {dag} dagen", waarde)
    if fout <= waarde * _AFRONDING:
        return Uitkomst(f"{naam}; geen interval: geen spreiding tussen huishoudens", waarde)
    if v.paren is None:
        methode = f"{naam}, 95%-interval (log, Poisson: te smal als huishoudens verschillen)"
    else:
        methode = f"{naam}, robuust 95%-interval (log)"
    return Uitkomst(methode, waarde, _log_interval(waarde, fout, z_waarde()))


def _per_jaar(v: Verloop) -> Uitkomst:
    """Events per year of observation; robust interval as for a rate in `aantal`.

    The linearised variance of log r is m / (m - 1) times the sum over m households of
    (N - r T)^2 / N_total^2, with the t quantile of m - 1 degrees of freedom.
    """
    totaal, jaren = float(v.gebeurd.sum()), v.persoonstijd / JAAR
    if jaren <= 0:
        return Uitkomst("niet te schatten: geen waarneemtijd")
    r = totaal / jaren
    if totaal <= 0 or v.paren is None:
        bij = "" if totaal <= 0 else ": te smal als huishoudens verschillen"
        methode = f"aantal per jaar, exact 95%-interval (Poisson{bij})"
        return Uitkomst(methode, r, poisson(totaal, jaren))

    def rest(op: Reeks, soort: Reeks) -> Reeks:
        return np.where(soort == 1, 1.0, np.where(soort == 0, -1.0, 1.0) * r * op / JAAR)

    fout = math.sqrt(max(0.0, v.paren.som(rest))) / totaal
    m = float(v.erin.sum())
    if m < 2 or fout <= _AFRONDING:
        return Uitkomst("aantal per jaar; geen interval: geen spreiding tussen huishoudens", r)
    fout *= math.sqrt(m / (m - 1))
    return Uitkomst(
        "aantal per jaar, robuust 95%-interval (log)", r, _log_interval(r, fout * r, t_waarde(m - 1))
    )


def _reeks(v: Verloop, horizon: int) -> tuple[Mapping[str, Any], ...]:
    """Return the series `mcf` on a grid that does not depend on the data; n = households at risk."""
    stand = np.concatenate(([0.0], np.cumsum(v.erin - v.eruit)))
    punten = []
    for dag in raster(horizon):
        plek = np.searchsorted(v.dagen, dag, side="right" if dag <= 0 else "left")
        bij = float(v.erin[v.dagen <= 0].sum()) if dag <= 0 else float(stand[plek])
        waarde, fout = mcf_op(v, dag)
        zeker = dag == 0 and waarde == 0
        interval = (0.0, 0.0) if zeker else _log_interval(waarde, fout, z_waarde())
        punten.append(point("mcf", dag, waarde, interval=interval, n=round(bij)))
    return tuple(punten)


def _rekenaars(maten: Mapping[str, Maat]) -> dict[str, Callable[[Verloop], Uitkomst]]:
    uit: dict[str, Callable[[Verloop], Uitkomst]] = {"per_jaar": _per_jaar}
    for naam in (schatter(k, maat) for k, maat in maten.items()):
        if not naam.startswith("mcf_"):
            continue
        gevonden = _NAAM.fullmatch(naam)
        if gevonden is None:
            raise GebruikFout(
                f"de maat '{naam}' bestaat niet bij de soort herhaald",
                waar="maten van de definitiekaart",
                verwacht="mcf_<dagen> of per_jaar",
                kreeg=naam,
                herstel="schrijf bijvoorbeeld mcf_365",
            )
        uit[naam] = partial(_mcf, dag=int(gevonden[1]))
    return uit

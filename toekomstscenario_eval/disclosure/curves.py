"""Curves in a protected form: fewer days, each step resting on enough events, values rounded.

Curves of competing ends add up with the survival curve to one, and the days between two published
points say how many ended there. So the days are chosen for all curves of a place together: a day is
published when enough are at risk, and when between it and the published days around it each curve
rests on at least the minimum of events, or on none at all. Values are rounded to whole percents
(a mean number to a hundredth), intervals outwards, the number at risk down to a ten: what was censored
in between cannot be calculated. A cause that never reaches the minimum is not published, and then
neither is the survival curve, for the rest would be that cause.

Only of the whole, over the whole window: by group or by year they would add up. Bias and coverage of
this form are in the handbook, from a simulation with a fixed seed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.policy import Policy

OVERLEVING = "overleving"
MCF = "mcf"
_STAP = 0.01
_TIEN = 10
_NUL = 1e-12
Naam = tuple[str, str]


class Stand(NamedTuple):
    """A day of the curves of one place: per curve its value, survival before it, number at risk."""

    dag: float
    waarden: Mapping[Naam, float]
    blijft: float
    risico: float


def protect_curves(
    punten: pd.DataFrame, *, dicht: Sequence[bool], ankers: frozenset[float], beleid: Policy
) -> pd.DataFrame:
    """Return the curves of one place in their protected form, hidden days marked.

    Parameters
    ----------
    punten : DataFrame
        The series of one place: `reeks, label, x, waarde, ondergrens, bovengrens, n`.
    dicht : points that must stay hidden whatever their steps
    ankers : days of which the value is published as an estimate
    beleid : Policy

    Returns
    -------
    DataFrame
        The same rows with `onderdrukt`; what is shown is rounded.
    """
    punten = punten.reset_index(drop=True)
    weg = set(punten.loc[np.array(dicht, dtype=bool), "x"].astype(float))
    alle = _days(punten)
    standen = [s for s in alle if s.dag not in weg]
    namen = {n for s in alle for n in s.waarden}
    keuze = {n for n in namen if _total(alle, n) >= beleid.minimum_gebeurtenissen}
    zeldzaam = namen - keuze - {n for n in namen if _total(alle, n) == 0}
    dagen = _grid(standen, keuze, frozenset() if zeldzaam else ankers, beleid)
    if zeldzaam:
        # On these days the survival is known, and the rest would be the rare cause.
        dagen -= ankers
    toon = [
        x in dagen and ((reeks, label) in keuze or (reeks == OVERLEVING and not zeldzaam and bool(keuze)))
        for reeks, label, x in zip(punten["reeks"], punten["label"], punten["x"].astype(float), strict=True)
    ]
    uit = _rounded(punten).assign(onderdrukt=~np.array(toon, dtype=bool))
    genoeg = len(dagen - {0.0}) > 0
    return uit if genoeg else uit.assign(onderdrukt=True)


def _days(punten: pd.DataFrame) -> list[Stand]:
    uit = []
    for x, deel in punten.groupby("x"):
        eigen = {
            (str(r), str(label)): float(w)
            for r, label, w in zip(deel["reeks"], deel["label"], deel["waarde"], strict=True)
        }
        blijft = next((w for (r, _), w in eigen.items() if r == OVERLEVING), 1.0)
        curven = {naam: w for naam, w in eigen.items() if naam[0] != OVERLEVING}
        if not any(math.isnan(w) for w in (*curven.values(), blijft)):
            uit.append(Stand(float(str(x)), curven, blijft, float(deel["n"].astype(float).min())))
    return sorted(uit, key=lambda s: s.dag)


def _events(a: Stand, b: Stand, naam: Naam) -> float:
    """Return at least how many events lie between two days.

    Each adds the survival before it over the number at risk; that is at most what stands here.
    """
    erbij = b.waarden.get(naam, 0.0) - a.waarden.get(naam, 0.0)
    if erbij <= _NUL:
        return 0.0
    overleving = a.blijft if naam[0] != MCF else 1.0
    return erbij * min(a.risico, b.risico) / overleving if overleving > 0 else 0.0


def _total(standen: Sequence[Stand], naam: Naam) -> float:
    return math.fsum(_events(a, b, naam) for a, b in itertools.pairwise(standen))


def _grid(standen: Sequence[Stand], namen: set[Naam], ankers: frozenset[float], beleid: Policy) -> set[float]:
    """Return the days to publish: from the first on, each as soon as its step is large enough."""

    def goed(a: Stand, b: Stand) -> bool:
        # With rounding of the solver at hand, just enough is enough.
        stappen = [_events(a, b, naam) for naam in namen]
        return all(s == 0 or s >= beleid.minimum_gebeurtenissen - 1e-9 for s in stappen) and any(stappen)

    bruikbaar = [s for s in standen if s.risico >= beleid.minimum_risico]
    if not bruikbaar or not namen:
        return set()
    # That nothing has ended at the start is known to everybody.
    laatste, dagen = Stand(0.0, {}, 1.0, bruikbaar[0].risico), set[float]()
    vast = [s for s in bruikbaar if s.dag in ankers]
    for stand in bruikbaar:
        volgend = next((v for v in vast if v.dag > stand.dag), None)
        if (
            stand.dag in ankers
            or stand.dag == 0
            or (goed(laatste, stand) and (volgend is None or goed(stand, volgend)))
        ):
            dagen.add(stand.dag)
            laatste = stand
    return dagen


def _rounded(punten: pd.DataFrame) -> pd.DataFrame:
    """Round values to the step, intervals outwards, and the number at risk down to a ten."""
    getal = {k: punten[k].to_numpy(dtype=np.float64) / _STAP for k in ("waarde", "ondergrens", "bovengrens")}
    return punten.assign(
        waarde=np.round(np.round(getal["waarde"]) * _STAP, 6) + 0.0,
        ondergrens=np.round(np.floor(getal["ondergrens"] + 1e-9) * _STAP, 6),
        bovengrens=np.round(np.ceil(getal["bovengrens"] - 1e-9) * _STAP, 6) + 0.0,
        n=np.floor(punten["n"].to_numpy(dtype=np.float64) / _TIEN) * _TIEN,
    )

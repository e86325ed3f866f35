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

SURVIVAL = "overleving"
MCF = "mcf"
_STAP = 0.01
_TEN = 10
_ZERO = 1e-12
Naam = tuple[str, str]


class State(NamedTuple):
    """A day of the curves of one place: per curve its value, survival before it, number at risk."""

    dag: float
    waarden: Mapping[Naam, float]
    blijft: float
    risico: float


def protect_curves(
    points: pd.DataFrame, *, shut: Sequence[bool], anchors: frozenset[float], policy: Policy
) -> pd.DataFrame:
    """Return the curves of one place in their protected form, hidden days marked.

    Parameters
    ----------
    points : DataFrame
        The series of one place: `reeks, label, x, waarde, ondergrens, bovengrens, n`.
    shut : points that must stay hidden whatever their steps
    anchors : days of which the value is published as an estimate
    policy : Policy

    Returns
    -------
    DataFrame
        The same rows with `onderdrukt`; what is shown is rounded.
    """
    points = points.reset_index(drop=True)
    gone = set(points.loc[np.array(shut, dtype=bool), "x"].astype(float))
    every = _days(points)
    states = [s for s in every if s.dag not in gone]
    namen = {n for s in every for n in s.waarden}
    choice = {n for n in namen if _total(every, n) >= policy.minimum_gebeurtenissen}
    rare = namen - choice - {n for n in namen if _total(every, n) == 0}
    dagen = _grid(states, choice, frozenset() if rare else anchors, policy)
    if rare:
        # On these days the survival is known, and the rest would be the rare cause.
        dagen -= anchors
    show = [
        x in dagen and ((reeks, label) in choice or (reeks == SURVIVAL and not rare and bool(choice)))
        for reeks, label, x in zip(points["reeks"], points["label"], points["x"].astype(float), strict=True)
    ]
    out = _rounded(points).assign(onderdrukt=~np.array(show, dtype=bool))
    enough = len(dagen - {0.0}) > 0
    return out if enough else out.assign(onderdrukt=True)


def _days(points: pd.DataFrame) -> list[State]:
    out = []
    for x, part in points.groupby("x"):
        own = {
            (str(r), str(label)): float(w)
            for r, label, w in zip(part["reeks"], part["label"], part["waarde"], strict=True)
        }
        stays = next((w for (r, _), w in own.items() if r == SURVIVAL), 1.0)
        curves = {naam: w for naam, w in own.items() if naam[0] != SURVIVAL}
        if not any(math.isnan(w) for w in (*curves.values(), stays)):
            out.append(State(float(str(x)), curves, stays, float(part["n"].astype(float).min())))
    return sorted(out, key=lambda s: s.dag)


def _events(a: State, b: State, naam: Naam) -> float:
    """Return at least how many events lie between two days.

    Each adds the survival before it over the number at risk; that is at most what stands here.
    """
    added = b.waarden.get(naam, 0.0) - a.waarden.get(naam, 0.0)
    if added <= _ZERO:
        return 0.0
    survival = a.blijft if naam[0] != MCF else 1.0
    return added * min(a.risico, b.risico) / survival if survival > 0 else 0.0


def _total(states: Sequence[State], naam: Naam) -> float:
    return math.fsum(_events(a, b, naam) for a, b in itertools.pairwise(states))


def _grid(states: Sequence[State], namen: set[Naam], anchors: frozenset[float], policy: Policy) -> set[float]:
    """Return the days to publish: from the first on, each as soon as its step is large enough."""

    def good(a: State, b: State) -> bool:
        # With rounding of the solver at hand, just enough is enough.
        stappen = [_events(a, b, naam) for naam in namen]
        return all(s == 0 or s >= policy.minimum_gebeurtenissen - 1e-9 for s in stappen) and any(stappen)

    usable = [s for s in states if s.risico >= policy.minimum_risico]
    if not usable or not namen:
        return set()
    # That nothing has ended at the start is known to everybody.
    last, dagen = State(0.0, {}, 1.0, usable[0].risico), set[float]()
    vast = [s for s in usable if s.dag in anchors]
    for state in usable:
        following = next((v for v in vast if v.dag > state.dag), None)
        if (
            state.dag in anchors
            or state.dag == 0
            or (good(last, state) and (following is None or good(state, following)))
        ):
            dagen.add(state.dag)
            last = state
    return dagen


def _rounded(points: pd.DataFrame) -> pd.DataFrame:
    """Round values to the step, intervals outwards, and the number at risk down to a ten."""
    getal = {k: points[k].to_numpy(dtype=np.float64) / _STAP for k in ("waarde", "ondergrens", "bovengrens")}
    return points.assign(
        waarde=np.round(np.round(getal["waarde"]) * _STAP, 6) + 0.0,
        ondergrens=np.round(np.floor(getal["ondergrens"] + 1e-9) * _STAP, 6),
        bovengrens=np.round(np.ceil(getal["bovengrens"] - 1e-9) * _STAP, 6) + 0.0,
        n=np.floor(points["n"].to_numpy(dtype=np.float64) / _TEN) * _TEN,
    )

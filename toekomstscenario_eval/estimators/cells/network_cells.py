"""Estimators of a network from published counts of households: by household, by tie, and what cannot be told.

What goes by household (pairs of organisations around it that met, professionals, the reach of its fixed
face) comes from nested counts, with an interval that takes the noise in. What goes by tie comes from the
matrix of published counts, without an interval. Professionals are persons: what needs them as nodes is not
told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.estimators.cells import network_households, network_series
from toekomstscenario_eval.estimators.cells.network_counts import Counts, Told, told
from toekomstscenario_eval.estimators.cells.shown import FROM_COUNTS, Shown, hidden, rows
from toekomstscenario_eval.estimators.intervals import Outcome, choose
from toekomstscenario_eval.estimators.networks import mixing, qap, structure
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.tie_names import KIND, ORGANISATION
from toekomstscenario_eval.types import Estimates, Maat

INTERVALS = ()
_PERSONS = "professionals zijn personen, dus hun banden en hun aantal blijven binnen"
_WEAK = "hangt af van banden van enkele huishoudens, en die zijn niet openbaar"
_ELSEWHERE = "organisaties zijn alleen voor het hele netwerk geteld, bij Samenwerkingsnetwerken"
_KEPT = "niet berekend: welke banden bleven is te zien in de netwerken per periode"
_REGION = "in welke regio een organisatie werkt, wordt niet openbaar geteld"
# Means over the households that have a pair, or a fixed face: these are the households behind the figure.
_OVER_SOME = ("naast_elkaar", "bereik_vast_gezicht", "bereik_domeinen")
# Fewer nodes give away the ties of one.
_LEAST_CENTRAL = 10

Calculate = Callable[[Counts], Told]


def estimate_group(
    cells: pd.DataFrame,
    *,
    huishoudens: int,
    maten: Mapping[str, Maat],
    horizon: int,  # noqa: ARG001 - every kind has the same interface
    noise: Noise,
    step: int,  # noqa: ARG001 - what networks count goes by one
    cap: int,
    threshold: int,
    least: Least = LEAST,
) -> Estimates:
    """Estimate the measures of the network of one place.

    Parameters
    ----------
    cells : DataFrame
        Columns `naam` (see `tie_names`), `x`, `k`, `n`: published counts of households.
    huishoudens : int
        Published number of households of the place.
    maten : mapping
        Any of the estimands of the cards of networks; what cannot be told says why.
    noise, step, cap, threshold, least
        As in `protection.public.PublicSummary`; `least.tie` is that of this place.

    Returns
    -------
    Estimates
        With, of the whole, the nodes, ties and hand-overs that are large enough as series.
    """
    chosen = choose(maten, _CALCULATORS, soort="netwerk")
    meetings = any(names.parts_of(naam)[0] == names.AT_TABLE for naam in cells["naam"])
    c = Counts(cells, huishoudens, noise, threshold, least, cap, meetings)
    gone = {} if meetings else c.untold
    reasons = {naam: gone.get(maat.schatter or naam) or gone.get(naam, "") for naam, maat in maten.items()}
    found = {
        naam: told(hidden(reasons[naam])) if reasons[naam] else calculate(c)
        for naam, calculate in chosen.items()
    }

    def tellingen(naam: str) -> Mapping[str, Any]:
        _, teller, noemer = found[naam]
        n = round(noemer) if naam in _OVER_SOME and noemer == noemer else huishoudens
        return {"n": n, "teller": teller, "noemer": noemer, "gecensureerd": 0}

    lines = rows(maten, {naam: shown for naam, (shown, *_) in found.items()}, tellingen)
    return Estimates(lines, network_series.points(c.levels, c.huishoudens, c.threshold))


def _not(reden: str, _: Counts) -> Told:
    return told(hidden(reden))


# By tie


def _plain(c: Counts, value: float, how: str = "") -> Shown:
    methode = f"{FROM_COUNTS}: {how or c.ties}, zonder interval"
    return Shown(Outcome(methode, value))


def _density_of_kinds(c: Counts) -> Told:
    """Ties that are large enough over all pairs of kinds in the code list.

    Which kinds are large enough goes by the noise: over their pairs alone it moves by tenths. Of the whole as
    of a part a tie is one from the threshold on: noise lifts many of the smaller ones over any lower line.
    """
    net = c.level(KIND)
    if isinstance(net, str):
        return told(hidden(net))
    least = max(c.least.tie, c.threshold)
    large = sparse.csr_array((net.weights() >= least).astype(np.float64))
    how = (
        f"banden van ten minste {least} huishoudens, gedeeld door de {names.PAIRS_OF_KINDS} paren van alle "
        f"{names.KINDS_LISTED} soorten"
    )
    return told(_plain(c, structure.density_of_kinds(large), how), large.nnz / 2, names.PAIRS_OF_KINDS)


def _density(c: Counts) -> Told:
    """Ties that are large enough over the possible pairs of the organisations that are."""
    net = c.level(ORGANISATION)
    if isinstance(net, str):
        return told(hidden(net))
    size = len(net.nodes)
    return told(_plain(c, structure.density(net.matrix)), net.matrix.nnz / 2, size * (size - 1) / 2)


def _organisations(c: Counts) -> Told:
    """Organisations with enough households."""
    net = c.levels.get(ORGANISATION)
    if net is None:
        return told(hidden(_ELSEWHERE))
    n = float((net.nodes["n"] >= c.threshold).sum())
    return told(_plain(c, n, f"organisaties met ten minste {c.threshold} huishoudens"), n)


def _centralisation(c: Counts) -> Told:
    net = c.level(ORGANISATION, _LEAST_CENTRAL)
    if isinstance(net, str):
        return told(hidden(net))
    return told(_plain(c, structure.degree_centralisation(net.matrix)))


def _expected(c: Counts) -> Told:
    """E-I index when every organisation keeps its strength and prefers no domain, on the published matrix."""
    net = c.level(ORGANISATION)
    if isinstance(net, str):
        return told(hidden(net))
    how = "verwacht als elke organisatie haar banden houdt en geen domein voorgaat"
    return told(_plain(c, mixing.expected_by_strength(net.weights(), net.domains), how))


def _tested(c: Counts, found: qap.Qap, value: Callable[[qap.Qap], float]) -> Told:
    """Return a number of a permutation test, or why there is no test."""
    if found.reden:
        return told(hidden(found.reden))
    how = f"{found.permutations} omwisselingen van {found.knopen} organisaties (QAP)"
    return told(_plain(c, value(found), how))


def _p_of_chance(c: Counts) -> Told:
    return _tested(c, c.chance, lambda found: found.coefficients["correlatie"].p)


def _role(c: Counts, *, rol: str) -> Told:
    """Part of the open triads of organisations that is of one role."""
    if isinstance(c.roles, str):
        return told(hidden(c.roles))
    parts, triads = c.roles
    if triads < c.least.triads:
        return told(hidden(f"minder dan {c.least.triads} open drietallen"))
    return told(_plain(c, parts[rol]), parts[rol] * triads, float(triads))


def _meeting(c: Counts, *, what: str, p: bool = False) -> Told:
    """Coefficient or p of one network that may explain who meets."""
    single, more = c.meeting
    found = single if what == "correlatie" else more

    def value(of: qap.Qap) -> float:
        return of.coefficients[what].p if p else of.coefficients[what].schatting

    return _tested(c, found, value)


def _explained(c: Counts) -> Told:
    return _tested(c, c.meeting[1], lambda found: found.r2)


_CALCULATORS: Mapping[str, Calculate] = {
    "naast_elkaar": partial(network_households.part, naam=names.BESIDE, rest=names.NOT_BESIDE),
    "na_elkaar": partial(network_households.share, with_=names.APART, without=names.OVERLAPPING),
    "over_domeinen_organisaties": network_households.across,
    "ei_organisaties": network_households.ei,
    "ei_organisaties_verwacht": _expected,
    "p_ei_organisaties": _p_of_chance,
    "bereik_vast_gezicht": partial(network_households.part, naam=names.REACH, rest=names.NOT_REACHED),
    "bereik_domeinen": partial(network_households.mean, naam=names.REACHED_DOMAINS, of=names.FACES),
    "professionals_per_huishouden": partial(network_households.mean, naam=names.PROFESSIONALS),
    "banden": partial(network_households.mean, naam=names.PROFESSIONALS, total=True),
    "organisaties": _organisations,
    "dichtheid_soorten": _density_of_kinds,
    "dichtheid_organisaties": _density,
    "centralisatie_organisaties": _centralisation,
    **{f"rol_{rol}": partial(_role, rol=rol) for rol in ("coordinator", "consultant", "poort", "verbinder")},
    "correlatie": partial(_meeting, what="correlatie"),
    "p_correlatie": partial(_meeting, what="correlatie", p=True),
    **{f"b_{k}": partial(_meeting, what=k) for k in ("huishoudens", "zelfde_domein")},
    **{f"p_{k}": partial(_meeting, what=k, p=True) for k in ("huishoudens", "zelfde_domein")},
    "r2": _explained,
    **dict.fromkeys(("b_zelfde_gebied", "p_zelfde_gebied"), partial(_not, _REGION)),
    "behoud": partial(_not, _KEPT),
    **dict.fromkeys(
        (
            "tussen_organisaties",
            "afstand_organisaties",
            "gemeenschappen",
            "modulariteit",
            "stabiliteit",
        ),
        partial(_not, _WEAK),
    ),
    **dict.fromkeys(
        (
            "over_domeinen",
            "over_organisaties",
            "ei_index",
            "ei_verwacht",
            "professionals",
            "paren",
            "dichtheid_tweezijdig",
            "dichtheid",
            "clustering_tweezijdig",
            "clustering_opsahl",
            "transitiviteit",
            "gini_banden",
            "positie_makelaar_lokaal_team",
            "positie_makelaar_rvt",
            "positie_centralisatie",
            "positie_grootste_deel",
            "positie_kern",
        ),
        partial(_not, _PERSONS),
    ),
}

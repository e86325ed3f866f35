"""Estimators of a network from published counts of households: by household, by tie, and what cannot be told.

What goes by household (pairs of organisations around it that met, professionals, the reach of its fixed
face) comes from nested counts, with an interval that takes the noise in. What goes by tie comes from the
matrix of published counts, without an interval. Professionals are persons: what needs them as nodes is not
told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.estimators.cells import network_series, share_cells
from toekomstscenario_eval.estimators.cells.nested import Nested, nested, noise_of_part
from toekomstscenario_eval.estimators.cells.shown import FROM_COUNTS, Shown, few, hidden, rows, word
from toekomstscenario_eval.estimators.cells.tie_levels import Level, levels
from toekomstscenario_eval.estimators.intervals import NAN, Outcome, choose, t_waarde
from toekomstscenario_eval.estimators.networks import analysis, brokerage, clustering, mixing, qap, structure
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.public import LEAST, Least
from toekomstscenario_eval.tie_names import KIND, ORGANISATION
from toekomstscenario_eval.types import TOON, Estimates, Maat, Vorm

INTERVALS = ()
_PERSONS = "professionals zijn personen, dus hun banden en hun aantal blijven binnen"
_WEAK = "hangt af van banden van enkele huishoudens, en die zijn niet openbaar"
_ELSEWHERE = "organisaties zijn alleen voor het hele netwerk geteld, bij Samenwerkingsnetwerken"
_KEPT = "niet berekend: welke banden bleven is te zien in de netwerken per periode"
_REGION = "in welke regio een organisatie werkt, wordt niet openbaar geteld"
# Fewer nodes make no network to speak of, or give away the ties of one.
_LEAST_NODES, _LEAST_CENTRAL = 3, 10
# What noise alone may move a figure by, 95 of 100 times: parts and shares from 0 to 1, and shares that an E-I
# index is twice of.
_MOST_NOISE, _MOST_NOISE_OF_DOMAINS = 0.02, 0.015
# Which part of the pairs around households the organisations must have that are counted.
_LEAST_PART = 0.5
_PERMUTATIONS = 500
_Z = 1.96
_MEAN = f"{FROM_COUNTS}: gemiddelde over huishoudens, 95%-interval (t), met de ruis"


@dataclass(frozen=True)
class Counts:
    """The published counts of one place."""

    cells: pd.DataFrame
    huishoudens: int
    noise: Noise
    threshold: int
    least: Least
    cap: int
    meetings: bool = field(default=False)

    def nested(self, naam: str, steps: tuple[int, ...] = ladder(1, 0)) -> Nested:
        """Return households with at least k of what a name counts."""
        return nested(self.cells, naam, steps, self.noise.v)

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """The levels of the network."""
        return levels(self.cells, self.least.tie, meetings=self.meetings)

    def level(self, naam: str, least: int = _LEAST_NODES) -> Level | str:
        """Return a level with enough nodes; otherwise why not."""
        found = self.levels.get(naam)
        if found is None or len(found.nodes) < least:
            return "te weinig knopen met genoeg huishoudens"
        # Of organisations with few households no count leaves; of the rest a network says nothing then.
        pairs = self.nested(names.PAIRS).sum()
        if naam == ORGANISATION and found.weights(names.SHARED).sum() / 2 < _LEAST_PART * pairs:
            return "de meeste organisaties hebben te weinig huishoudens"
        return found

    @cached_property
    def roles(self) -> tuple[dict[str, float], int] | str:
        """Parts of the open triads of organisations by role, and their number; or why there are none."""
        net = self.level(ORGANISATION)
        if isinstance(net, str):
            return net
        if clustering.triples(clustering.outward(net.matrix)) > clustering.MAX_TRIPLES:
            return "niet berekend: te veel drietallen om te tellen"
        return brokerage.role_parts(net.matrix, net.domains)

    @cached_property
    def chance(self) -> qap.Qap:
        """How ties between organisations go with being of two domains."""
        net = self.level(ORGANISATION)
        if isinstance(net, str):
            return qap.Qap({}, NAN, 0, 0, net)
        return analysis.chance_of_domains(net.weights(), net.domains)

    @cached_property
    def meeting(self) -> tuple[qap.Qap, qap.Qap]:
        """QAP and MRQAP of who meets on who shares households: logarithms of 1 + the published households."""
        net = self.level(ORGANISATION)
        if isinstance(net, str):
            none = qap.Qap({}, NAN, 0, 0, net)
            return none, none
        y, x = np.log1p(net.weights(names.MEETING)), np.log1p(net.weights(names.SHARED))
        same = np.asarray(net.domains[:, None] == net.domains[None, :], dtype=np.float64)
        np.fill_diagonal(same, 0)
        explained = {"huishoudens": x, "zelfde_domein": same}
        return (
            qap.qap(y, x, permutations=_PERMUTATIONS),
            qap.mrqap(y, explained, permutations=_PERMUTATIONS),
        )

    @property
    def ties(self) -> str:
        """From which count on a tie is one, in words."""
        return f"banden van ten minste {self.least.tie} huishoudens"


Calculate = Callable[[Counts], tuple[Shown, float, float]]


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
    told = {naam: calculate(c) for naam, calculate in chosen.items()}

    def tellingen(naam: str) -> Mapping[str, Any]:
        _, teller, noemer = told[naam]
        return {"n": huishoudens, "teller": teller, "noemer": noemer, "gecensureerd": 0}

    lines = rows(maten, {naam: shown for naam, (shown, *_) in told.items()}, tellingen)
    return Estimates(lines, network_series.points(c.levels, c.huishoudens, c.threshold))


def _told(shown: Shown, teller: float = NAN, noemer: float = NAN) -> tuple[Shown, float, float]:
    return shown, teller, noemer


def _not(reden: str, _: Counts) -> tuple[Shown, float, float]:
    return _told(hidden(reden))


# By household


def _share(c: Counts, *, with_: str, without: str, most: float = _MOST_NOISE) -> tuple[Shown, float, float]:
    """Share of the pairs of organisations around a household, as any share of units within households.

    A household with many pairs weighs as many times, and so does the noise that hides whether it is there.
    """
    own = {with_: "t", without: "r", names.PAIRS: "n"}
    sub = c.cells[c.cells["naam"].isin(own).to_numpy(dtype=bool)]
    sub = sub.assign(naam=sub["naam"].map(own))
    (row,) = share_cells.estimate_group(
        sub,
        huishoudens=int(c.nested(names.PAIRS).households),
        maten={"aandeel": Maat("", "", Vorm.AANDEEL)},
        horizon=0,
        noise=c.noise,
        step=1,
        cap=c.cap,
        threshold=c.threshold,
    ).schattingen
    if row["weergave"] == TOON and (reden := _too_noisy(c.nested(with_), c.nested(without), most)):
        return _told(hidden(reden))
    outcome = Outcome(row["methode"], row["schatting"], (row["ondergrens"], row["bovengrens"]))
    return _told(Shown(outcome, row["weergave"]), row["teller"], row["noemer"])


_across = partial(_share, with_=names.ACROSS, without=names.WITHIN, most=_MOST_NOISE_OF_DOMAINS)


def _ei(c: Counts) -> tuple[Shown, float, float]:
    """E-I index: twice the share of the pairs between domains, less one."""
    share, _, _ = _across(c)
    o = share.outcome
    turned = Outcome(o.methode, 2 * o.schatting - 1, (2 * o.interval[0] - 1, 2 * o.interval[1] - 1))
    return _told(Shown(turned, share.weergave))


def _too_noisy(having: Nested, lacking: Nested, most: float) -> str:
    """Return why a part is not shown when noise alone may move it by more than `most`; else nothing."""
    if _Z * math.sqrt(noise_of_part(having, lacking)) <= most:
        return ""
    limit = f"{most:g}".replace(".", ",")
    return f"te weinig huishoudens: de ruis alleen kan meer dan {limit} schelen"


def _part(c: Counts, *, naam: str, rest: str) -> tuple[Shown, float, float]:
    """Mean over households of a part from 0 to 1: the steps that they have over all their steps.

    Noise is that of both sums together: of one count of households below the line it would be all that of n.
    """
    steps = tuple(range(1, names.STEPS_OF_PART + 1))
    own, lacking = c.nested(naam, steps), c.nested(rest, steps)
    if (weergave := word(own.households, c.threshold)) != TOON:
        return _told(few(weergave))
    n = (own.sum() + lacking.sum()) / names.STEPS_OF_PART
    if n < c.least.median:
        return _told(hidden("te weinig huishoudens voor een gemiddelde"))
    if reden := _too_noisy(own, lacking, _MOST_NOISE):
        return _told(hidden(reden))
    mean = own.sum() / names.STEPS_OF_PART / n
    spread = max(0.0, own.sum(2) / names.STEPS_OF_PART**2 - n * mean**2) / (n - 1)
    half = t_waarde(n - 1) * math.sqrt(spread / n + noise_of_part(own, lacking))
    return _told(Shown(Outcome(_MEAN, mean, (max(0.0, mean - half), min(1.0, mean + half)))), NAN, n)


def _mean(c: Counts, *, naam: str, of: str = "", total: bool = False) -> tuple[Shown, float, float]:
    """Mean over households of what they count; t interval with the noise of both numbers.

    Noise variance of sum(C_k w_k) / n, linearised: (noise of the sum + m^2 V) / n^2.
    """
    own = c.nested(naam)
    n = c.nested(of).households if of else float(c.huishoudens)
    if (weergave := word(own.households, c.threshold)) != TOON:
        return _told(few(weergave))
    if n < c.least.median:
        return _told(hidden("te weinig huishoudens voor een gemiddelde"))
    sum_ = own.sum()
    if total:
        return _told(Shown(Outcome(f"{FROM_COUNTS}: opgeteld over huishoudens, zonder interval", sum_)), sum_)
    mean = sum_ / n
    spread = max(0.0, own.sum(2) - n * mean**2) / (n - 1)
    noise = (own.noise_of_sum() + mean**2 * c.noise.v) / n**2
    half = t_waarde(n - 1) * math.sqrt(spread / n + noise)
    return _told(Shown(Outcome(_MEAN, mean, (max(0.0, mean - half), mean + half))), NAN, n)


# By tie


def _plain(c: Counts, value: float, how: str = "") -> Shown:
    methode = f"{FROM_COUNTS}: {how or c.ties}, zonder interval"
    return Shown(Outcome(methode, value))


def _density_of_kinds(c: Counts) -> tuple[Shown, float, float]:
    """Ties that are large enough over all pairs of kinds in the code list.

    Which kinds are large enough goes by the noise: over their pairs alone it moves by tenths. Of the whole as
    of a part a tie is one from the threshold on: noise lifts many of the smaller ones over any lower line.
    """
    net = c.level(KIND)
    if isinstance(net, str):
        return _told(hidden(net))
    least = max(c.least.tie, c.threshold)
    told = sparse.csr_array((net.weights() >= least).astype(np.float64))
    how = (
        f"banden van ten minste {least} huishoudens, gedeeld door de {names.PAIRS_OF_KINDS} paren van alle "
        f"{names.KINDS_LISTED} soorten"
    )
    return _told(_plain(c, structure.density_of_kinds(told), how), told.nnz / 2, names.PAIRS_OF_KINDS)


def _density(c: Counts) -> tuple[Shown, float, float]:
    """Ties that are large enough over the possible pairs of the organisations that are."""
    net = c.level(ORGANISATION)
    if isinstance(net, str):
        return _told(hidden(net))
    size = len(net.nodes)
    return _told(_plain(c, structure.density(net.matrix)), net.matrix.nnz / 2, size * (size - 1) / 2)


def _organisations(c: Counts) -> tuple[Shown, float, float]:
    """Organisations with enough households."""
    net = c.levels.get(ORGANISATION)
    if net is None:
        return _told(hidden(_ELSEWHERE))
    n = float((net.nodes["n"] >= c.threshold).sum())
    return _told(_plain(c, n, f"organisaties met ten minste {c.threshold} huishoudens"), n)


def _centralisation(c: Counts) -> tuple[Shown, float, float]:
    net = c.level(ORGANISATION, _LEAST_CENTRAL)
    if isinstance(net, str):
        return _told(hidden(net))
    return _told(_plain(c, structure.degree_centralisation(net.matrix)))


def _expected(c: Counts) -> tuple[Shown, float, float]:
    """E-I index when every organisation keeps its strength and prefers no domain, on the published matrix."""
    net = c.level(ORGANISATION)
    if isinstance(net, str):
        return _told(hidden(net))
    how = "verwacht als elke organisatie haar banden houdt en geen domein voorgaat"
    return _told(_plain(c, mixing.expected_by_strength(net.weights(), net.domains), how))


def _tested(c: Counts, found: qap.Qap, value: Callable[[qap.Qap], float]) -> tuple[Shown, float, float]:
    """Return a number of a permutation test, or why there is no test."""
    if found.reden:
        return _told(hidden(found.reden))
    how = f"{found.permutations} omwisselingen van {found.knopen} organisaties (QAP)"
    return _told(_plain(c, value(found), how))


def _p_of_chance(c: Counts) -> tuple[Shown, float, float]:
    return _tested(c, c.chance, lambda found: found.coefficients["correlatie"].p)


def _role(c: Counts, *, rol: str) -> tuple[Shown, float, float]:
    """Part of the open triads of organisations that is of one role."""
    if isinstance(c.roles, str):
        return _told(hidden(c.roles))
    parts, triads = c.roles
    if triads < c.least.triads:
        return _told(hidden(f"minder dan {c.least.triads} open drietallen"))
    return _told(_plain(c, parts[rol]), parts[rol] * triads, float(triads))


def _meeting(c: Counts, *, what: str, p: bool = False) -> tuple[Shown, float, float]:
    """Coefficient or p of one network that may explain who meets."""
    single, more = c.meeting
    found = single if what == "correlatie" else more

    def value(of: qap.Qap) -> float:
        return of.coefficients[what].p if p else of.coefficients[what].schatting

    return _tested(c, found, value)


def _explained(c: Counts) -> tuple[Shown, float, float]:
    return _tested(c, c.meeting[1], lambda found: found.r2)


_CALCULATORS: Mapping[str, Calculate] = {
    "naast_elkaar": partial(_part, naam=names.BESIDE, rest=names.NOT_BESIDE),
    "na_elkaar": partial(_share, with_=names.APART, without=names.OVERLAPPING),
    "over_domeinen_organisaties": _across,
    "ei_organisaties": _ei,
    "ei_organisaties_verwacht": _expected,
    "p_ei_organisaties": _p_of_chance,
    "bereik_vast_gezicht": partial(_part, naam=names.REACH, rest=names.NOT_REACHED),
    "bereik_domeinen": partial(_mean, naam=names.REACHED_DOMAINS, of=names.FACES),
    "professionals_per_huishouden": partial(_mean, naam=names.PROFESSIONALS),
    "banden": partial(_mean, naam=names.PROFESSIONALS, total=True),
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

"""The rules on one result: what is too small to show, and what goes along to protect it.

What a rule does not understand it hides, or it refuses.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from toekomstscenario_eval.disclosure import concentration, networks
from toekomstscenario_eval.disclosure.kinds import KINDS
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Aantallen, Nesting, Plek, protect
from toekomstscenario_eval.disclosure.thresholds import hidden_by_rules
from toekomstscenario_eval.types import Kind, Maat, Vorm

Plekken = frozenset[Plek]
INCIDENTIE = "incidentie_"  # estimands of one of several competing ends


class Sleutel(NamedTuple):
    """A number that is hidden for a group, by what it is and not by where it stands.

    Two results about the same households hold the same number, and then it must be hidden in
    both; with `soort`, only in results of that kind.
    """

    uitsplitsing: str
    groep: str
    getal: float
    soort: Kind | None = None


class Rij(NamedTuple):
    """The numbers of one estimate that the rules look at."""

    schatting: float
    n: float
    teller: float
    noemer: float
    gecensureerd: float


class Punt(NamedTuple):
    """A point of a curve: the share that lasts, and how many are under observation."""

    waarde: float
    n: float


class Curve(NamedTuple):
    """A day of a curve: its name, what tells curves apart, and the day."""

    reeks: str
    label: str
    dag: float


@dataclass(frozen=True)
class Bron:
    """A result as the rules read it: estimates by estimand and place, curves by day and place."""

    soort: Kind
    maten: Mapping[str, Maat]
    rijen: Mapping[str, Mapping[Plek, Rij]]
    curven: Mapping[Curve, Mapping[Plek, Punt]]
    verdelingen: Mapping[Plek, concentration.Verdeling] = field(default_factory=dict)

    def per_plek(self) -> dict[Plek, Rij]:
        """Return one row per place, that with the fewest households; they share the counts."""
        uit: dict[Plek, Rij] = {}
        for rijen in self.rijen.values():
            for plek, rij in rijen.items():
                if plek not in uit or rij.n < uit[plek].n:
                    uit[plek] = rij
        return uit


@dataclass(frozen=True)
class Oordeel:
    """What must be hidden of one result.

    Attributes
    ----------
    plekken : places of which nothing is shown
    rijen : places by estimand
    tellingen : places of which the ended and the censored are not shown
    aantallen : places of which the number of units is not shown either
    curven : places by day of a curve
    sleutels : numbers that must be hidden in the other results too
    """

    plekken: Plekken
    rijen: Mapping[str, Plekken]
    tellingen: Plekken
    curven: Mapping[Curve, Plekken]
    sleutels: frozenset[Sleutel]
    aantallen: Plekken = frozenset()


@dataclass(frozen=True)
class Kader:
    """What every rule needs to know: thresholds, nesting, and what other results hide."""

    beleid: Policy
    nesting: Nesting
    elders: frozenset[Sleutel] = frozenset()

    def protect(self, geheim: Collection[Plek], *aantallen: tuple[Aantallen, int]) -> Plekken:
        """Protect the hidden places in one or more quantities, each with its minimum."""
        return protect(geheim, *aantallen, nesting=self.nesting)

    def linked(self, plek: Plek, soort: Kind, *getallen: float) -> bool:
        """Whether another result hides one of these numbers for the same group."""
        return any(
            Sleutel(plek.uitsplitsing, plek.groep, getal, s) in self.elders
            for getal in getallen
            for s in (None, soort)
        )


def few(aantal: float, minimum: int) -> bool:
    """True for a number under the minimum, or unknown."""
    return not aantal >= minimum


def few_but_some(aantal: float, minimum: int) -> bool:
    """True for a number between zero and the minimum, or unknown; zero itself may be shown."""
    return few(aantal, minimum) and aantal != 0


def split(schatting: float, noemer: float) -> tuple[float, float]:
    """Return how many units have the characteristic and how many have not; NaN when unknown."""
    if math.isnan(schatting) or math.isnan(noemer):
        return math.nan, math.nan
    met = float(round(schatting * noemer))
    return met, noemer - met


def judge(bron: Bron, kader: Kader) -> Oordeel:
    """Return what must be hidden of one result."""
    per_plek, eigen = bron.per_plek(), KINDS[bron.soort]
    klein, sleutels = _too_few_households(bron, per_plek, kader)
    plekken = _PLEKKEN[bron.soort](bron, klein, kader)
    curven, rijen = _curves(bron, plekken, kader)
    for naam, deel in bron.rijen.items():
        if naam not in rijen:
            maat = bron.maten[naam]
            een_van_meer = (maat.schatter or naam).startswith(INCIDENTIE)
            scheef = concentration.dominated(bron.soort, maat, naam, deel, bron.verdelingen, kader.beleid)
            scheef |= _few_beyond(maat.schatter or naam, deel, kader.beleid)
            rijen[naam] = _rows(
                deel, maat, plekken | scheef, kader, exact=eigen.aandeel, incidentie=een_van_meer
            )
    if eigen.netwerk:
        rijen |= _positions(bron, rijen, kader)
        rijen |= _loose(bron, rijen)
    if eigen.aandeel:
        sleutels |= _share_keys(bron, rijen)
    tellingen = _counts(per_plek, plekken, kader) if eigen.gecensureerd else plekken
    return Oordeel(plekken, rijen, tellingen, curven, sleutels)


def _too_few_households(
    bron: Bron, rijen: Mapping[Plek, Rij], kader: Kader
) -> tuple[Plekken, frozenset[Sleutel]]:
    """Places with too few households, and their company. A group of nobody hides nobody."""
    soort = bron.soort
    minimum = concentration.minimum_households(soort, kader.beleid)
    geheim = {p for p, rij in rijen.items() if few_but_some(rij.n, minimum) or kader.linked(p, soort, rij.n)}
    geheim |= hidden_by_rules(bron, soort, kader.beleid)
    mensen = {p: rij.n for p, rij in rijen.items() if rij.n > 0}
    uit = kader.protect(geheim, (mensen, minimum))
    return uit, frozenset(Sleutel(p.uitsplitsing, p.groep, mensen[p]) for p in uit & mensen.keys())


# Rules of a kind of result about places as a whole


def _as_they_are(bron: Bron, plekken: Plekken, kader: Kader) -> Plekken:
    del bron, kader
    return plekken


def _durations(bron: Bron, plekken: Plekken, kader: Kader) -> Plekken:
    """A duration that rests on hardly any ended spell tells those spells."""
    minimum = kader.beleid.minimum_teller
    geeindigd = {p: rij.teller for p, rij in bron.per_plek().items() if not rij.n <= 0}
    geheim = plekken | {p for p, aantal in geeindigd.items() if few_but_some(aantal, minimum)}
    return kader.protect(geheim, (_known(geeindigd), minimum))


def _networks(bron: Bron, plekken: Plekken, kader: Kader) -> Plekken:
    """The measures of a network follow from each other: all are shown or none; those that are `los` aside."""
    geheim = set(plekken)
    for naam, deel in bron.rijen.items():
        maat = bron.maten[naam]
        if not maat.los:
            geheim |= {p for p, rij in deel.items() if _SMALL[maat.vorm](rij, kader.beleid)}
    mensen = {p: rij.n for p, rij in bron.per_plek().items() if rij.n > 0}
    return kader.protect(geheim, (mensen, kader.beleid.minimum_huishoudens))


def _positions(bron: Bron, rijen: Mapping[str, Plekken], kader: Kader) -> dict[str, Plekken]:
    """Hide measures of a position that a few professionals have; the rest of the network may be shown."""
    uit = {}
    for naam, maat in bron.maten.items():
        if maat.schatter.startswith(networks.POSITIE):
            deel = bron.rijen[naam].items()
            uit[naam] = rijen[naam] | {
                p for p, r in deel if networks.few_in_position(r.teller, r.noemer, kader.beleid)
            }
    return uit


def _loose(bron: Bron, rijen: Mapping[str, Plekken]) -> dict[str, Plekken]:
    """Hide measures that follow from each other together."""
    samen: dict[str, Plekken] = {}
    for naam, maat in bron.maten.items():
        if maat.los:
            samen[maat.los] = samen.get(maat.los, frozenset()) | rijen[naam]
    return {naam: samen[maat.los] for naam, maat in bron.maten.items() if maat.los}


_PLEKKEN: Mapping[Kind, Callable[[Bron, Plekken, Kader], Plekken]] = {
    Kind.AANDEEL: _as_they_are,
    Kind.AANTAL: _as_they_are,
    Kind.DUUR: _durations,
    Kind.HERHAALD: _durations,
    Kind.SCORE: _as_they_are,
    Kind.MATRIX: _as_they_are,
    Kind.NETWERK: _networks,
    Kind.TELLING: _as_they_are,
}


def _counts(rijen: Mapping[Plek, Rij], plekken: Plekken, kader: Kader) -> Plekken:
    """Places of which the numbers ended and censored are hidden; they add up to what is shown."""
    minimum = kader.beleid.minimum_teller
    gecensureerd = {p: rij.gecensureerd for p, rij in rijen.items() if not rij.n <= 0}
    geeindigd = {p: rijen[p].teller for p in gecensureerd}
    geheim = plekken | {p for p, aantal in gecensureerd.items() if few_but_some(aantal, minimum)}
    return kader.protect(geheim, (_known(gecensureerd), minimum), (_known(geeindigd), minimum))


# Rules of a row


def _small_share(rij: Rij, beleid: Policy) -> bool:
    """Shares look at the units with and without the characteristic; without an estimate they tell nothing."""
    if math.isnan(rij.schatting):
        return False
    met, zonder = split(rij.schatting, rij.noemer)
    scheef = concentration.lopsided(met, zonder, beleid)
    return scheef or few_but_some(met, beleid.minimum_teller) or few(zonder, beleid.minimum_rest)


def _small_count(rij: Rij, beleid: Policy) -> bool:
    """Counts look at themselves and, when it is given, at what they leave over."""
    rest = rij.noemer - rij.schatting
    return few_but_some(rij.schatting, beleid.minimum_teller) or (
        not math.isnan(rest) and few_but_some(rest, beleid.minimum_rest)
    )


# Whether the numbers of one estimate are too small to show.
_SMALL: Mapping[Vorm, Callable[[Rij, Policy], bool]] = {
    Vorm.AANDEEL: _small_share,
    Vorm.TELLING: _small_count,
    Vorm.DAGEN: lambda *_: False,
    Vorm.GETAL: lambda *_: False,
}


def _few_beyond(naam: str, deel: Mapping[Plek, Rij], beleid: Policy) -> Plekken:
    """Places of which a percentile has so few households beyond it that it tells about those."""
    percentiel = re.fullmatch(r"p(\d\d)", naam)
    if not percentiel:
        return frozenset()
    staart = min(int(percentiel[1]), 100 - int(percentiel[1])) / 100
    return frozenset(p for p, rij in deel.items() if few_but_some(rij.n * staart, beleid.minimum_teller))


def _few_other_ends(rij: Rij, beleid: Policy) -> bool:
    """Whether the share with one end would tell the few that had another: all ends stand beside it."""
    met, _ = split(rij.schatting, rij.noemer)
    return few_but_some(rij.teller - met, beleid.minimum_teller)


def _rows(
    deel: Mapping[Plek, Rij], maat: Maat, plekken: Plekken, kader: Kader, *, exact: bool, incidentie: bool
) -> Plekken:
    """Places of which one estimand is hidden; `exact` when its counts may stand in other results."""
    beleid = kader.beleid
    geheim = (plekken & deel.keys()) | {p for p, rij in deel.items() if _SMALL[maat.vorm](rij, beleid)}
    if incidentie:
        geheim |= {p for p, rij in deel.items() if _few_other_ends(rij, beleid)}
    return _COMPANY[maat.vorm](geheim, deel, kader, exact)


def _company_of_shares(geheim: Plekken, deel: Mapping[Plek, Rij], kader: Kader, exact: bool) -> Plekken:
    delen = {p: split(rij.schatting, rij.noemer) for p, rij in deel.items() if rij.n > 0}
    if exact:
        geheim |= {p for p, paar in delen.items() if kader.linked(p, Kind.AANDEEL, *paar)}
    return kader.protect(geheim, *_both_sides(delen, kader.beleid))


def _company_of_counts(geheim: Plekken, deel: Mapping[Plek, Rij], kader: Kader, exact: bool) -> Plekken:
    del exact
    geheim |= concentration.crowded({p: rij.schatting for p, rij in deel.items()}, kader.beleid)
    tellingen = _known({p: rij.schatting for p, rij in deel.items() if rij.n > 0})
    return kader.protect(geheim, (tellingen, kader.beleid.minimum_teller))


# Hide what goes along to protect a hidden number: only what adds up can be worked out from the rest.
_COMPANY: Mapping[Vorm, Callable[[Plekken, Mapping[Plek, Rij], Kader, bool], Plekken]] = {
    Vorm.AANDEEL: _company_of_shares,
    Vorm.TELLING: _company_of_counts,
    Vorm.DAGEN: lambda geheim, *_: geheim,
    Vorm.GETAL: lambda geheim, *_: geheim,
}


def _both_sides(delen: Mapping[Plek, tuple[float, float]], beleid: Policy) -> list[tuple[Aantallen, int]]:
    return [
        (_known({p: met for p, (met, _) in delen.items()}), beleid.minimum_teller),
        (_known({p: zonder for p, (_, zonder) in delen.items()}), beleid.minimum_rest),
    ]


def _share_keys(bron: Bron, rijen: Mapping[str, Plekken]) -> frozenset[Sleutel]:
    """Return both sides of every hidden share: one may stand elsewhere as a number of households."""
    uit = set()
    for naam, plekken in rijen.items():
        for plek in plekken:
            met, zonder = split(bron.rijen[naam][plek].schatting, bron.rijen[naam][plek].noemer)
            plaats = (plek.uitsplitsing, plek.groep)
            if met > 0 and zonder > 0:
                uit |= {Sleutel(*plaats, met), Sleutel(*plaats, zonder)}
            elif met > 0:
                # Everybody: that number is no secret, but that these are all who have it is.
                uit.add(Sleutel(*plaats, met, Kind.DUUR))
    return frozenset(uit)


def _known(aantal: Mapping[Plek, float]) -> Aantallen:
    return {p: a for p, a in aantal.items() if not math.isnan(a)}


# Rules of a curve


def _curves(bron: Bron, plekken: Plekken, kader: Kader) -> tuple[dict[Curve, Plekken], dict[str, Plekken]]:
    """Hide points of curves, and the estimands that are such a point: shares longer than a day."""
    noemer = {p: rij.noemer for p, rij in bron.per_plek().items()}
    curven, rijen = {}, {}
    for curve, punten in bron.curven.items():
        maat = longer_than(bron, curve.dag)
        deel = bron.rijen[maat] if maat else {}
        geheim = plekken | {p for p, rij in deel.items() if _small_share(rij, kader.beleid)}
        dicht = _points(curve, punten, noemer, geheim, kader)
        curven[curve] = dicht & punten.keys()
        if maat:
            rijen[maat] = dicht & deel.keys()
    return curven, rijen


def longer_than(bron: Bron, dag: float) -> str:
    """Return the id of the estimand that is the share lasting longer than `dag`, or an empty text."""
    namen = (n for n in bron.rijen if (bron.maten[n].schatter or n) == f"langer_{dag:g}")
    return next(namen, "")


def _points(
    curve: Curve,
    punten: Mapping[Plek, Punt],
    noemer: Mapping[Plek, float],
    geheim: Plekken,
    kader: Kader,
) -> Plekken:
    beleid = kader.beleid
    delen = {p: split(punt.waarde, noemer.get(p, math.nan)) for p, punt in punten.items()}
    dicht = set(geheim)
    for plek, punt in punten.items():
        met, zonder = delen[plek]
        # That everything lasts longer than no time at all is no news.
        vanzelf = curve.dag == 0 and zonder == 0
        klein = few_but_some(met, beleid.minimum_teller) or few(zonder, beleid.minimum_rest)
        telt = not math.isnan(punt.waarde) and not vanzelf
        if few(punt.n, beleid.minimum_risico) or (klein and telt):
            dicht.add(plek)
    risico = _known({p: punt.n for p, punt in punten.items() if punt.n > 0})
    return kader.protect(dicht, *_both_sides(delen, beleid), (risico, beleid.minimum_risico))

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
from toekomstscenario_eval.disclosure.kind_rules import KINDS
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Aantallen, Nesting, Spot, protect
from toekomstscenario_eval.disclosure.thresholds import hidden_by_rules
from toekomstscenario_eval.types import Kind, Maat, Vorm

Spots = frozenset[Spot]
INCIDENTIE = "incidentie_"  # estimands of one of several competing ends


class Key(NamedTuple):
    """A number that is hidden for a group, by what it is and not by where it stands.

    Two results about the same households hold the same number, and then it must be hidden in
    both; with `soort`, only in results of that kind.
    """

    uitsplitsing: str
    groep: str
    getal: float
    soort: Kind | None = None


class Row(NamedTuple):
    """The numbers of one estimate that the rules look at."""

    schatting: float
    n: float
    teller: float
    noemer: float
    gecensureerd: float


class Point(NamedTuple):
    """A point of a curve: the share that lasts, and how many are under observation."""

    waarde: float
    n: float


class Curve(NamedTuple):
    """A day of a curve: its name, what tells curves apart, and the day."""

    reeks: str
    label: str
    dag: float


@dataclass(frozen=True)
class Source:
    """A result as the rules read it: estimates by estimand and place, curves by day and place."""

    soort: Kind
    maten: Mapping[str, Maat]
    rijen: Mapping[str, Mapping[Spot, Row]]
    curves: Mapping[Curve, Mapping[Spot, Point]]
    distributions: Mapping[Spot, concentration.Distribution] = field(default_factory=dict)

    def per_spot(self) -> dict[Spot, Row]:
        """Return one row per place, that with the fewest households; they share the counts."""
        out: dict[Spot, Row] = {}
        for rows in self.rijen.values():
            for spot, row in rows.items():
                if spot not in out or row.n < out[spot].n:
                    out[spot] = row
        return out


@dataclass(frozen=True)
class Verdict:
    """What must be hidden of one result.

    Attributes
    ----------
    plekken : places of which nothing is shown
    rijen : places by estimand
    tellingen : places of which the ended and the censored are not shown
    aantallen : places of which the number of units is not shown either
    curves : places by day of a curve
    keys : numbers that must be hidden in the other results too
    """

    plekken: Spots
    rijen: Mapping[str, Spots]
    tellingen: Spots
    curves: Mapping[Curve, Spots]
    keys: frozenset[Key]
    aantallen: Spots = frozenset()


@dataclass(frozen=True)
class Kader:
    """What every rule needs to know: thresholds, nesting, and what other results hide."""

    beleid: Policy
    nesting: Nesting
    elders: frozenset[Key] = frozenset()

    def protect(self, secret: Collection[Spot], *aantallen: tuple[Aantallen, int]) -> Spots:
        """Protect the hidden places in one or more quantities, each with its minimum."""
        return protect(secret, *aantallen, nesting=self.nesting)

    def linked(self, spot: Spot, soort: Kind, *getallen: float) -> bool:
        """Whether another result hides one of these numbers for the same group."""
        return any(
            Key(spot.uitsplitsing, spot.groep, getal, s) in self.elders
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
    having = float(round(schatting * noemer))
    return having, noemer - having


def judge(source: Source, box: Kader) -> Verdict:
    """Return what must be hidden of one result."""
    per_spot, own = source.per_spot(), KINDS[source.soort]
    small, keys = _too_few_households(source, per_spot, box)
    spots = _SPOTS[source.soort](source, small, box)
    curves, rows = _curves(source, spots, box)
    for naam, part in source.rijen.items():
        if naam not in rows:
            maat = source.maten[naam]
            one_of_more = (maat.schatter or naam).startswith(INCIDENTIE)
            skewed = concentration.dominated(source.soort, maat, naam, part, source.distributions, box.beleid)
            skewed |= _few_beyond(maat.schatter or naam, part, box.beleid)
            rows[naam] = _rows(part, maat, spots | skewed, box, exact=own.aandeel, incidentie=one_of_more)
    if own.netwerk:
        rows |= _positions(source, rows, box)
        rows |= _loose(source, rows)
    if own.aandeel:
        keys |= _share_keys(source, rows)
    tellingen = _counts(per_spot, spots, box) if own.gecensureerd else spots
    return Verdict(spots, rows, tellingen, curves, keys)


def _too_few_households(source: Source, rows: Mapping[Spot, Row], box: Kader) -> tuple[Spots, frozenset[Key]]:
    """Places with too few households, and their company. A group of nobody hides nobody."""
    soort = source.soort
    minimum = concentration.minimum_households(soort, box.beleid)
    secret = {p for p, row in rows.items() if few_but_some(row.n, minimum) or box.linked(p, soort, row.n)}
    secret |= hidden_by_rules(source, soort, box.beleid)
    people = {p: row.n for p, row in rows.items() if row.n > 0}
    out = box.protect(secret, (people, minimum))
    return out, frozenset(Key(p.uitsplitsing, p.groep, people[p]) for p in out & people.keys())


# Rules of a kind of result about places as a whole


def _as_they_are(source: Source, spots: Spots, box: Kader) -> Spots:
    del source, box
    return spots


def _durations(source: Source, spots: Spots, box: Kader) -> Spots:
    """A duration that rests on hardly any ended spell tells those spells."""
    minimum = box.beleid.minimum_teller
    ended = {p: row.teller for p, row in source.per_spot().items() if not row.n <= 0}
    secret = spots | {p for p, aantal in ended.items() if few_but_some(aantal, minimum)}
    return box.protect(secret, (_known(ended), minimum))


def _networks(source: Source, spots: Spots, box: Kader) -> Spots:
    """The measures of a network follow from each other: all are shown or none; those that are `los` aside."""
    secret = set(spots)
    for naam, part in source.rijen.items():
        maat = source.maten[naam]
        if not maat.los:
            secret |= {p for p, row in part.items() if _SMALL[maat.vorm](row, box.beleid)}
    people = {p: row.n for p, row in source.per_spot().items() if row.n > 0}
    return box.protect(secret, (people, box.beleid.minimum_huishoudens))


def _positions(source: Source, rows: Mapping[str, Spots], box: Kader) -> dict[str, Spots]:
    """Hide measures of a position that a few professionals have; the rest of the network may be shown."""
    out = {}
    for naam, maat in source.maten.items():
        if maat.schatter.startswith(networks.POSITION):
            part = source.rijen[naam].items()
            out[naam] = rows[naam] | {
                p for p, r in part if networks.few_in_position(r.teller, r.noemer, box.beleid)
            }
    return out


def _loose(source: Source, rows: Mapping[str, Spots]) -> dict[str, Spots]:
    """Hide measures that follow from each other together."""
    together: dict[str, Spots] = {}
    for naam, maat in source.maten.items():
        if maat.los:
            together[maat.los] = together.get(maat.los, frozenset()) | rows[naam]
    return {naam: together[maat.los] for naam, maat in source.maten.items() if maat.los}


_SPOTS: Mapping[Kind, Callable[[Source, Spots, Kader], Spots]] = {
    Kind.AANDEEL: _as_they_are,
    Kind.AANTAL: _as_they_are,
    Kind.DUUR: _durations,
    Kind.HERHAALD: _durations,
    Kind.SCORE: _as_they_are,
    Kind.MATRIX: _as_they_are,
    Kind.NETWERK: _networks,
    Kind.TELLING: _as_they_are,
}


def _counts(rows: Mapping[Spot, Row], spots: Spots, box: Kader) -> Spots:
    """Places of which the numbers ended and censored are hidden; they add up to what is shown."""
    minimum = box.beleid.minimum_teller
    gecensureerd = {p: row.gecensureerd for p, row in rows.items() if not row.n <= 0}
    ended = {p: rows[p].teller for p in gecensureerd}
    secret = spots | {p for p, aantal in gecensureerd.items() if few_but_some(aantal, minimum)}
    return box.protect(secret, (_known(gecensureerd), minimum), (_known(ended), minimum))


# Rules of a row


def _small_share(row: Row, policy: Policy) -> bool:
    """Shares look at the units with and without the characteristic; without an estimate they tell nothing."""
    if math.isnan(row.schatting):
        return False
    having, without = split(row.schatting, row.noemer)
    skewed = concentration.lopsided(having, without, policy)
    return skewed or few_but_some(having, policy.minimum_teller) or few(without, policy.minimum_rest)


def _small_count(row: Row, policy: Policy) -> bool:
    """Counts look at themselves and, when it is given, at what they leave over."""
    rest = row.noemer - row.schatting
    return few_but_some(row.schatting, policy.minimum_teller) or (
        not math.isnan(rest) and few_but_some(rest, policy.minimum_rest)
    )


# Whether the numbers of one estimate are too small to show.
_SMALL: Mapping[Vorm, Callable[[Row, Policy], bool]] = {
    Vorm.AANDEEL: _small_share,
    Vorm.TELLING: _small_count,
    Vorm.DAGEN: lambda *_: False,
    Vorm.GETAL: lambda *_: False,
}


def _few_beyond(naam: str, part: Mapping[Spot, Row], policy: Policy) -> Spots:
    """Places of which a percentile has so few households beyond it that it tells about those."""
    percentile = re.fullmatch(r"p(\d\d)", naam)
    if not percentile:
        return frozenset()
    tail = min(int(percentile[1]), 100 - int(percentile[1])) / 100
    return frozenset(p for p, row in part.items() if few_but_some(row.n * tail, policy.minimum_teller))


def _few_other_ends(row: Row, policy: Policy) -> bool:
    """Whether the share with one end would tell the few that had another: all ends stand beside it."""
    having, _ = split(row.schatting, row.noemer)
    return few_but_some(row.teller - having, policy.minimum_teller)


def _rows(
    part: Mapping[Spot, Row], maat: Maat, spots: Spots, box: Kader, *, exact: bool, incidentie: bool
) -> Spots:
    """Places of which one estimand is hidden; `exact` when its counts may stand in other results."""
    policy = box.beleid
    secret = (spots & part.keys()) | {p for p, row in part.items() if _SMALL[maat.vorm](row, policy)}
    if incidentie:
        secret |= {p for p, row in part.items() if _few_other_ends(row, policy)}
    return _COMPANY[maat.vorm](secret, part, box, exact)


def _company_of_shares(secret: Spots, part: Mapping[Spot, Row], box: Kader, exact: bool) -> Spots:
    parts = {p: split(row.schatting, row.noemer) for p, row in part.items() if row.n > 0}
    if exact:
        secret |= {p for p, pair in parts.items() if box.linked(p, Kind.AANDEEL, *pair)}
    return box.protect(secret, *_both_sides(parts, box.beleid))


def _company_of_counts(secret: Spots, part: Mapping[Spot, Row], box: Kader, exact: bool) -> Spots:
    del exact
    secret |= concentration.crowded({p: row.schatting for p, row in part.items()}, box.beleid)
    tellingen = _known({p: row.schatting for p, row in part.items() if row.n > 0})
    return box.protect(secret, (tellingen, box.beleid.minimum_teller))


# Hide what goes along to protect a hidden number: only what adds up can be worked out from the rest.
_COMPANY: Mapping[Vorm, Callable[[Spots, Mapping[Spot, Row], Kader, bool], Spots]] = {
    Vorm.AANDEEL: _company_of_shares,
    Vorm.TELLING: _company_of_counts,
    Vorm.DAGEN: lambda secret, *_: secret,
    Vorm.GETAL: lambda secret, *_: secret,
}


def _both_sides(parts: Mapping[Spot, tuple[float, float]], policy: Policy) -> list[tuple[Aantallen, int]]:
    return [
        (_known({p: having for p, (having, _) in parts.items()}), policy.minimum_teller),
        (_known({p: without for p, (_, without) in parts.items()}), policy.minimum_rest),
    ]


def _share_keys(source: Source, rows: Mapping[str, Spots]) -> frozenset[Key]:
    """Return both sides of every hidden share: one may stand elsewhere as a number of households."""
    out = set()
    for naam, spots in rows.items():
        for spot in spots:
            having, without = split(source.rijen[naam][spot].schatting, source.rijen[naam][spot].noemer)
            place = (spot.uitsplitsing, spot.groep)
            if having > 0 and without > 0:
                out |= {Key(*place, having), Key(*place, without)}
            elif having > 0:
                # Everybody: that number is no secret, but that these are all who have it is.
                out.add(Key(*place, having, Kind.DUUR))
    return frozenset(out)


def _known(aantal: Mapping[Spot, float]) -> Aantallen:
    return {p: a for p, a in aantal.items() if not math.isnan(a)}


# Rules of a curve


def _curves(source: Source, spots: Spots, box: Kader) -> tuple[dict[Curve, Spots], dict[str, Spots]]:
    """Hide points of curves, and the estimands that are such a point: shares longer than a day."""
    noemer = {p: row.noemer for p, row in source.per_spot().items()}
    curves, rows = {}, {}
    for curve, points in source.curves.items():
        maat = longer_than(source, curve.dag)
        part = source.rijen[maat] if maat else {}
        secret = spots | {p for p, row in part.items() if _small_share(row, box.beleid)}
        shut = _points(curve, points, noemer, secret, box)
        curves[curve] = shut & points.keys()
        if maat:
            rows[maat] = shut & part.keys()
    return curves, rows


def longer_than(source: Source, day: float) -> str:
    """Return the id of the estimand that is the share lasting longer than `day`, or an empty text."""
    namen = (n for n in source.rijen if (source.maten[n].schatter or n) == f"langer_{day:g}")
    return next(namen, "")


def _points(
    curve: Curve,
    points: Mapping[Spot, Point],
    noemer: Mapping[Spot, float],
    secret: Spots,
    box: Kader,
) -> Spots:
    policy = box.beleid
    parts = {p: split(point.waarde, noemer.get(p, math.nan)) for p, point in points.items()}
    shut = set(secret)
    for spot, point in points.items():
        having, without = parts[spot]
        # That everything lasts longer than no time at all is no news.
        by_itself = curve.dag == 0 and without == 0
        small = few_but_some(having, policy.minimum_teller) or few(without, policy.minimum_rest)
        counts = not math.isnan(point.waarde) and not by_itself
        if few(point.n, policy.minimum_risico) or (small and counts):
            shut.add(spot)
    risk = _known({p: point.n for p, point in points.items() if point.n > 0})
    return box.protect(shut, *_both_sides(parts, policy), (risk, policy.minimum_risico))

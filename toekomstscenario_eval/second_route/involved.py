"""Professionals with households: who is there when, duos, and ties; a sweep over days of coming and going."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from toekomstscenario_eval.second_route.delivered import (
    NEVER,
    Codes,
    Days,
    Files,
    Flags,
    days,
    households,
    once,
    standing,
)
from toekomstscenario_eval.second_route.figures import Counts, Shares, Spells
from toekomstscenario_eval.second_route.seen import Seen, present, stays

_TEAMS = ("lokaal_team", "regionaal_veiligheidsteam")


@once
def involvement(f: Files) -> tuple[Codes, Codes, Days, Days, Codes]:
    """Return household, professional, begin, end and team of each spell of a day or more.

    The team is its place in `_TEAMS`, or -1 for another kind of organisation.
    """
    households(f)
    own = ("huishouden_id", "professional_id", "organisatie_id", "begin", "eind")
    b = f.read("betrokkenheid", *own, *f.having("betrokkenheid", ("rol",)))
    o = f.read("organisatie", "organisatie_id", "soort").astype("str")
    # Of every organisation its team, then of every spell: a missing one takes the last place.
    at = b["organisatie_id"].astype("category").cat
    spot = pd.Index(o["organisatie_id"]).get_indexer(at.categories)
    team = np.append(pd.Index(_TEAMS).get_indexer(pd.Index(o["soort"]))[spot], -1)
    known = np.append(spot >= 0, False)
    house = f.codes(b["huishouden_id"], "huishouden")
    who = f.codes(b["professional_id"], "professional")
    begin, eind = days(b["begin"]), days(b["eind"])
    counted = (begin < eind) & (house >= 0) & known[at.codes] & _delivered_once(b, house, who, begin, eind)
    return house[counted], who[counted], begin[counted], eind[counted], team[at.codes][counted]


def _delivered_once(b: pd.DataFrame, house: Codes, who: Codes, begin: Days, eind: Days) -> Flags:
    """Return which spells count: not the one without an end that was delivered with its end too."""
    out = np.ones(len(b), bool)
    mine, still_open = house * 100_000_000 + who, eind == NEVER
    maybe = np.flatnonzero(np.isin(mine, np.intersect1d(mine[still_open], mine[~still_open])))
    rest = [k for k in ("organisatie_id", "rol") if k in b.columns]
    some = b.iloc[maybe].astype(dict.fromkeys(rest, "object"))
    some = some.assign(house=house[maybe], who=who[maybe], begin=begin[maybe], tot=eind[maybe])
    out[maybe] = standing(some, ("house", "who", *rest, "begin"))
    return out


@once
def _together(f: Files) -> tuple[Codes, Days, Days]:
    """Return household, begin and end of every stretch with a local and an RVT professional at once.

    Sweeps over the days on which somebody comes or goes; the changes of one day are added up first.
    """
    house, who, begin, eind, team = involvement(f)
    counted = team >= 0
    house, who, begin, eind = (a[counted] for a in (house, who, begin, eind))
    local = team[counted] == 0
    # Who is in both teams is one person: those households are gone through day by day.
    mine = house * 100_000_000 + who
    twice = np.intersect1d(mine[local], mine[~local]) // 100_000_000
    apart = np.isin(house, twice)
    by_day = [_of_two(house, who, begin, eind, local, number) for number in np.unique(twice)]
    house, begin, eind, local = house[~apart], begin[~apart], eind[~apart], local[~apart]
    # Local professionals count in units, those of the RVT in millions: one sum carries both.
    weight = np.where(local, 1, 1_000_000)
    when = np.concatenate((house, house)) * 10_000_000 + np.concatenate((begin, eind))
    moment, spot = np.unique(when, return_inverse=True)
    difference = np.zeros(len(moment), np.int64)
    np.add.at(difference, spot, np.concatenate((weight, -weight)))
    state = np.cumsum(difference)
    together = (state % 1_000_000 > 0) & (state >= 1_000_000)
    start = together & ~np.concatenate(([False], together[:-1]))
    stop = ~together & np.concatenate(([False], together[:-1]))
    swept = moment[start] // 10_000_000, moment[start] % 10_000_000, moment[stop] % 10_000_000
    house, begin, eind = (np.concatenate(parts) for parts in zip(swept, *by_day, strict=True))
    return house, begin, eind


def _of_two(
    house: Codes, who: Codes, begin: Days, eind: Days, local: Flags, number: int
) -> tuple[Codes, Days, Days]:
    """Return the stretches in which two different persons of the two teams are with one household."""
    own = house == number
    spells = list(zip(who[own], begin[own], eind[own], local[own], strict=True))
    moments = sorted({day for _, first, last, _ in spells for day in (first, last)})
    found: list[list[int]] = []
    for here, after in pairwise(moments):
        there = [(person, team) for person, first, last, team in spells if first <= here and after <= last]
        teams = [{person for person, team in there if team == side} for side in (True, False)]
        if not all(teams) or len(teams[0] | teams[1]) < 2:
            continue
        if found and found[-1][1] == here:
            found[-1][1] = after
        else:
            found.append([here, after])
    days = np.array(found, dtype=np.int64).reshape(-1, 2)
    return np.full(len(days), number, dtype=np.int64), days[:, 0], days[:, 1]


@once
def observed_duos(s: Seen) -> Spells:
    """Return every duo with a day that is seen."""
    house, begin, eind = _together(s.files)
    start, stop = stays(s)
    first, last = np.maximum(begin, start[house]), np.minimum(eind, stop[house])
    counted = first < last
    seen = (eind <= stop[house]) & (eind < NEVER)
    return Spells(house[counted], (first - begin)[counted], (last - begin)[counted], seen[counted])


def with_duo(s: Seen) -> Shares:
    """Return of every household with a day that is seen whether it had a duo on one."""
    here = np.flatnonzero(present(s))
    having = np.isin(here, observed_duos(s).house).astype(np.int64)
    return Shares(here, having, np.ones(len(here), np.int64))


def _distinct(getallen: Codes, *, lists: bool = False) -> Codes:
    """Return the different numbers in order, by sorting in place: less memory than a table of them.

    `lists` says that they come in sorted stretches, which another way of sorting makes use of.
    """
    getallen.sort(kind="stable" if lists else "quicksort")
    return getallen[np.concatenate(([True], getallen[1:] != getallen[:-1]))] if len(getallen) else getallen


@once
def _ties(s: Seen) -> tuple[Codes, Codes]:
    """Return the distinct pairs of household and professional with an observed day together."""
    house, who, begin, eind, _ = involvement(s.files)
    start, stop = stays(s)
    counted = np.maximum(begin, start[house]) < np.minimum(eind, stop[house])
    together = _distinct(house[counted] * 100_000_000 + who[counted])
    return together // 100_000_000, together % 100_000_000


def professionals(s: Seen) -> Counts:
    """Return the number of different professionals of every household, of those without any too."""
    house, _ = _ties(s)
    here = np.flatnonzero(present(s))
    return Counts(here, np.bincount(house, minlength=len(present(s)))[here].astype(np.int64))


def pairs(s: Seen) -> int:
    """Return the number of pairs of professionals who share at least one household."""
    house, who = _ties(s)
    found: list[Codes] = []
    # The ties are sorted by household: compare each with the next, the one after that, and so on.
    for stap in range(1, int(np.bincount(house).max(initial=1))):
        equal = house[stap:] == house[:-stap]
        found.append(_distinct(who[:-stap][equal] * 100_000_000 + who[stap:][equal]))
    return len(_distinct(np.concatenate(found), lists=True)) if found else 0

"""Supervision orders (OTS) of children: gone through person by person, one record after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from toekomstscenario_eval.second_route.delivered import (
    NEVER,
    Codes,
    Days,
    Files,
    Flags,
    days,
    households,
    numbers,
    once,
    standing,
)
from toekomstscenario_eval.second_route.figures import Shares, Spells
from toekomstscenario_eval.second_route.seen import Seen, stays, windows

_OTS = "11"
# A measure goes on elsewhere when this is the reason of its end: days until it does, and after another end.
_GOES_ON, _HANDED_OVER_WITHIN, _WITHIN = "OV", 7, 1
_MAY_LACK = ("organisatie_id", "reden_einde", "begin_onbekend")
_GROWN, _BIRTHDAY = 18, (7, 1)


@dataclass(frozen=True)
class _Orders:
    """Orders, whoever carries them out: person, days, and whether begin and end are known as such."""

    person: Codes
    begin: Days
    eind: Days
    known: Flags
    ends: Flags


@once
def _persons(f: Files) -> tuple[Codes, Flags, NDArray[np.float64]]:
    """Return for every person number the household (-1: none), whether a child, and the year of birth."""
    p = f.read("persoon", "persoon_id", "huishouden_id", "rol", *f.having("persoon", ("geboortejaar",)))
    code = f.codes(p["persoon_id"], "persoon")
    households(f)
    house, child, year = np.full(len(p), -1), np.zeros(len(p), bool), np.full(len(p), np.nan)
    house[code] = f.codes(p["huishouden_id"], "huishouden")
    child[code] = (p["rol"] == "kind").to_numpy(dtype=bool)
    if "geboortejaar" in p:
        year[code] = numbers(p["geboortejaar"])
    return house, child, year


@once
def _orders(f: Files) -> _Orders:
    """Return the orders of persons that are known: records that follow each other are one."""
    _persons(f)
    m = f.read("maatregel", "persoon_id", "soort", "begin", "eind", *f.having("maatregel", _MAY_LACK))
    m = m.assign(van=days(m["begin"]), tot=days(m["eind"]))
    m = m[(m["soort"].astype("str") == _OTS) & m["persoon_id"].notna() & (m["van"] < f.known)]
    m = m.reindex(columns=["persoon_id", *_MAY_LACK, "van", "tot"])
    m = m.astype(dict.fromkeys(("persoon_id", *_MAY_LACK), "object"))
    m = m[standing(m, ("persoon_id", "organisatie_id", "van")) & (m["van"] < m["tot"])]
    person = f.codes(m["persoon_id"], "persoon")
    unknown = m["begin_onbekend"].map(lambda told: str(told).lower() == "true").to_numpy(dtype=bool)
    records = zip(
        person.tolist(), m["van"].tolist(), m["tot"].tolist(), m["reden_einde"], unknown.tolist(), strict=True
    )
    found: list[tuple[int, int, int, bool, bool]] = []
    of: dict[int, list[tuple[int, int, str | None, bool]]] = {}
    for who, *record in records:
        if who >= 0:
            of.setdefault(who, []).append((record[0], record[1], _text(record[2]), record[3]))
    for who, own in of.items():
        found += [(who, *order) for order in _of_one(own)]
    columns = np.array(found, dtype=np.int64).reshape(-1, 5)
    return _Orders(
        columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3].astype(bool), columns[:, 4].astype(bool)
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _of_one(records: list[tuple[int, int, str | None, bool]]) -> list[tuple[int, int, bool, bool]]:
    """Return the orders of one person: begin, end, whether that begin is known and that end one."""
    out: list[tuple[int, int, bool, bool]] = []
    for begin, eind, _, _ in sorted(records, key=lambda r: r[:2]):
        if out and begin <= out[-1][1] + _allowed(records, out[-1][1]):
            first, last, known, _ = out.pop()
            out.append((first, max(last, eind), known, True))
        else:
            known = not all(unknown for first, _, _, unknown in records if first == begin)
            out.append((begin, eind, known, True))
    return [(b, e, known, not _handed_over(records, e)) for b, e, known, _ in out]


def _handed_over(records: list[tuple[int, int, str | None, bool]], day: int) -> bool:
    """Whether nothing but a transfer was registered as the reason of what ended on a day."""
    reasons = {reason for _, eind, reason, _ in records if eind == day and reason is not None}
    return reasons == {_GOES_ON}


def _allowed(records: list[tuple[int, int, str | None, bool]], day: int) -> int:
    return _HANDED_OVER_WITHIN if _handed_over(records, day) else _WITHIN


def supervised(s: Seen) -> Shares:
    """Return of every household its children under 18 on the last day that is seen, and who has an order."""
    begin, eind = households(s.files)
    first, after = windows(s)
    day = after - 1
    here = (first < after) & (begin <= day) & (eind > day)
    house, child, year = _persons(s.files)
    on, which = np.unique(day, return_inverse=True)
    youngest = np.array([_youngest(date.fromordinal(int(d))) for d in on])[which]
    today = np.array([date.fromordinal(int(d)).year for d in on])[which]
    known = child & (house >= 0)
    at = np.maximum(house, 0)
    counts = known & here[at] & (year >= youngest[at]) & (year <= today[at])
    o = _orders(s.files)
    running = (house[o.person] >= 0) & (o.begin <= day[house[o.person]]) & (o.eind > day[house[o.person]])
    having = np.zeros(len(house), bool)
    having[o.person[running]] = True
    every = np.bincount(house[counts], minlength=len(begin))
    some = np.bincount(house[counts & having], minlength=len(begin))
    those = np.flatnonzero(every)
    return Shares(those, some[those].astype(np.int64), every[those].astype(np.int64))


def _youngest(day: date) -> int:
    """Return the first year of birth of who is under 18: only the year is known, the birthday is 1 July."""
    return day.year - _GROWN + ((day.month, day.day) >= _BIRTHDAY)


def observed_orders(s: Seen) -> Spells:
    """Return every order of a child with a day that is seen; not one of which the begin is not known.

    A transfer without a sequel ends nothing.
    """
    house, child, _ = _persons(s.files)
    o = _orders(s.files)
    mine = child[o.person] & (house[o.person] >= 0) & o.known
    at, begin, eind, ends = house[o.person][mine], o.begin[mine], o.eind[mine], o.ends[mine]
    start, stop = stays(s)
    first, last = np.maximum(begin, start[at]), np.minimum(eind, stop[at])
    counted = first < last
    ended = (eind <= stop[at]) & (eind < NEVER) & ends
    return Spells(at[counted], (first - begin)[counted], (last - begin)[counted], ended[counted])

"""The headline figures a second time, by another route: numpy on the delivered files.

Written apart on purpose: no query language, no code of the indicators, the engine or the
estimators. The definitions are written out again, so that a mistake in one of the two shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = NDArray[np.int64]
Codes = NDArray[np.int64]
_NEVER = date(9999, 12, 31).toordinal()
_EPOCH = date(1970, 1, 1).toordinal()
_TEAMS, _OTS = ("lokaal_team", "regionaal_veiligheidsteam"), "11"
# A measure goes on elsewhere when this is the reason of its end: days until it does, and after another end.
_GOES_ON, _HANDED_OVER_WITHIN, _WITHIN = "OV", 7, 1
_MAY_LACK = ("organisatie_id", "reden_einde")
_SLACK = float(np.sqrt(np.finfo(np.float64).eps))


_T = TypeVar("_T")


def _once(do: Callable[[_Files], _T]) -> Callable[[_Files], _T]:
    """Keep the answer with the files: several figures start from it."""

    @wraps(do)
    def out(f: _Files) -> _T:
        if do.__name__ not in f.kept:
            f.kept[do.__name__] = do(f)
        return cast(_T, f.kept[do.__name__])

    return out


class _Files:
    """The delivered files as columns: keys as numbers, dates as day numbers."""

    def __init__(self, files: Mapping[str, Path], begin: date, limit: date, known: date) -> None:
        self.bestanden, self.known = files, known.toordinal()
        self.begin, self.grens = begin.toordinal(), limit.toordinal()
        self._namen: dict[str, pd.Index] = {}
        self._stay: tuple[Codes, Days, Days] | None = None
        self.kept: dict[str, Any] = {}

    def read(self, table: str, *columns: str) -> pd.DataFrame:
        """Return columns of a table as delivered, as text or in the type of the file."""
        path = self.bestanden[table]
        if path.suffix.lower() == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            text = [k.name for k in pq.read_schema(path) if k.name in columns and pa.types.is_string(k.type)]
            read: Any = pq.read_table(path, columns=list(columns), read_dictionary=text)
            return pd.DataFrame(read.to_pandas(strings_to_categorical=True, date_as_object=False))
        source = pd.read_csv(
            path,
            usecols=list(columns),
            dtype="category",
            encoding="utf-8-sig",
            keep_default_na=False,
            na_values=[""],
        )
        return source[[*columns]]

    def having(self, table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of these columns a table was delivered with."""
        path = self.bestanden[table]
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet as pq

            found = pq.read_schema(path).names
        else:
            found = list(pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns)
        return tuple(k for k in columns if k in found)

    def codes(self, column: pd.Series, key: str) -> Codes:
        """Return numbers for a key, the same for the same text in every table; -1 when unknown."""
        categorical = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
        if key not in self._namen:
            self._namen[key] = categorical.cat.categories
        spot = self._namen[key].get_indexer(categorical.cat.categories)
        code = categorical.cat.codes.to_numpy()
        return np.where(code < 0, -1, spot[code]).astype(np.int64)

    def stays(self) -> tuple[Codes, Days, Days]:
        """Return for every household number the observed stay `[van, tot)`; empty stays included."""
        if self._stay is None:
            h = self.read("huishouden", "huishouden_id", "begin", "eind")
            code = self.codes(h["huishouden_id"], "huishouden")
            start, stop = np.zeros(len(h), np.int64), np.zeros(len(h), np.int64)
            start[code] = np.maximum(_days(h["begin"]), self.begin)
            stop[code] = np.minimum(_days(h["eind"]), self.grens)
            self._stay = code, start, stop
        return self._stay

    @_once
    def involvement(self) -> tuple[Codes, Codes, Days, Days, Codes]:
        """Return household, professional, begin, end and team of each spell of a day or more.

        The team is its place in `_TEAMS`, or -1 for another kind of organisation.
        """
        self.stays()
        own = ("huishouden_id", "professional_id", "organisatie_id", "begin", "eind")
        b = self.read("betrokkenheid", *own, *self.having("betrokkenheid", ("rol",)))
        o = self.read("organisatie", "organisatie_id", "soort").astype("str")
        # Of every organisation its team, then of every spell: a missing one takes the last place.
        at = b["organisatie_id"].astype("category").cat
        spot = pd.Index(o["organisatie_id"]).get_indexer(at.categories)
        team = np.append(pd.Index(_TEAMS).get_indexer(pd.Index(o["soort"]))[spot], -1)
        known = np.append(spot >= 0, False)
        house = self.codes(b["huishouden_id"], "huishouden")
        who = self.codes(b["professional_id"], "professional")
        begin, eind = _days(b["begin"]), _days(b["eind"])
        counted = (
            (begin < eind) & (house >= 0) & known[at.codes] & _delivered_once(b, house, who, begin, eind)
        )
        return house[counted], who[counted], begin[counted], eind[counted], team[at.codes][counted]


def _days(column: pd.Series) -> Days:
    """Return day numbers; an empty date is far away."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        dagen = [date.fromisoformat(str(d)).toordinal() for d in column.cat.categories]
        return np.array([*dagen, _NEVER], dtype=np.int64)[column.cat.codes.to_numpy()]
    waarde = column.to_numpy("datetime64[D]")
    return np.where(np.isnat(waarde), _NEVER - _EPOCH, waarde.astype(np.int64)) + _EPOCH


def _delivered_once(b: pd.DataFrame, house: Codes, who: Codes, begin: Days, eind: Days) -> NDArray[np.bool_]:
    """Return which spells count: not the one without an end that was delivered with its end too."""
    out = np.ones(len(b), bool)
    mine, still_open = house * 100_000_000 + who, eind == _NEVER
    maybe = np.flatnonzero(np.isin(mine, np.intersect1d(mine[still_open], mine[~still_open])))
    rest = [k for k in ("organisatie_id", "rol") if k in b.columns]
    some = b.iloc[maybe].astype(dict.fromkeys(rest, "object"))
    some = some.assign(house=house[maybe], who=who[maybe], begin=begin[maybe], tot=eind[maybe])
    out[maybe] = _standing(some, ("house", "who", *rest, "begin"))
    return out


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    """Return a column as numbers; what is none is missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        getallen = pd.to_numeric(column.cat.categories.to_series(), errors="coerce").to_numpy(dtype=float)
        return np.append(getallen, np.nan)[column.cat.codes.to_numpy()]
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _together(f: _Files) -> tuple[Codes, Days, Days]:
    """Return household, begin and end of every stretch with a local and an RVT professional at once.

    Sweeps over the days on which somebody comes or goes; the changes of one day are added up first.
    """
    house, who, begin, eind, team = f.involvement()
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
    house: Codes, who: Codes, begin: Days, eind: Days, local: NDArray[np.bool_], number: int
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


@_once
def _observed_duos(f: _Files) -> tuple[Codes, Days, Days, NDArray[np.bool_]]:
    """Return of every observed duo: household, days at entry and exit, whether the end was seen."""
    house, begin, eind = _together(f)
    _, start, stop = f.stays()
    first, last = np.maximum(begin, start[house]), np.minimum(eind, stop[house])
    counted = first < last
    seen = (eind <= stop[house]) & (eind < _NEVER)
    return house[counted], (first - begin)[counted], (last - begin)[counted], seen[counted]


def share_with_duo(f: _Files) -> float:
    """Share of households with at least one day of a duo."""
    house, _, _, _ = _observed_duos(f)
    _, start, stop = f.stays()
    return float(len(np.unique(house)) / np.count_nonzero(start < stop))


def median_duo(f: _Files) -> float:
    """Day on which half of the duos had ended (Kaplan-Meier, late entry)."""
    _, inside, left_out, seen = _observed_duos(f)
    dagen, einden = np.unique(left_out[seen], return_counts=True)
    under = np.searchsorted(np.sort(inside), dagen) - np.searchsorted(np.sort(left_out), dagen)
    over = np.cumprod(1 - einden / under)
    half = np.flatnonzero(over < 0.5 + _SLACK)
    if not len(half):
        return float("nan")
    first = int(half[0])
    lower = half[over[half] < over[first]]
    if abs(over[first] - 0.5) < _SLACK and len(lower):
        return float(dagen[first] + dagen[lower[0]]) / 2
    return float(dagen[first])


def _supervised_on(f: _Files, day: int) -> set[str]:
    """Return who has a supervision order on a day, or was handed over before it and taken up after it."""
    m = f.read("maatregel", "persoon_id", "soort", "begin", "eind", *f.having("maatregel", _MAY_LACK))
    m = m.assign(van=_days(m["begin"]), tot=_days(m["eind"]))
    m = m[(m["soort"].astype("str") == _OTS) & m["persoon_id"].notna() & (m["van"] < f.known)]
    m = m.reindex(columns=["persoon_id", *_MAY_LACK, "van", "tot"])
    m = m.astype(dict.fromkeys(("persoon_id", *_MAY_LACK), "object"))
    m = m[_standing(m, ("persoon_id", "organisatie_id", "van")) & (m["van"] < m["tot"])]
    running: set[str] = set(m.loc[(m["van"] <= day) & (m["tot"] > day), "persoon_id"])
    # Of who has none that day: the last end before it, and the first begin after it.
    rest = m[~m["persoon_id"].isin(running)]
    last = rest[rest["tot"] <= day].groupby("persoon_id")["tot"].max()
    following = rest[rest["van"] > day].groupby("persoon_id")["van"].min()
    apart = (following - last).dropna()
    ends = rest[rest["tot"].eq(rest["persoon_id"].map(last)) & rest["persoon_id"].isin(apart.index)]
    goes_on = ends["reden_einde"].eq(_GOES_ON).groupby(ends["persoon_id"]).any()
    other = ends["reden_einde"].notna() & ends["reden_einde"].ne(_GOES_ON)
    ended = other.groupby(ends["persoon_id"]).any()
    handed_over = (goes_on & ~ended).reindex(apart.index, fill_value=False)
    allowed = np.where(handed_over.to_numpy(dtype=bool), _HANDED_OVER_WITHIN, _WITHIN)
    return running | set(apart.index[apart.to_numpy() <= allowed])


def _standing(spells: pd.DataFrame, same: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which records count: not one without an end of a spell that was delivered with its end too.

    The last of `same` is the begin; a spell of zero days is no end.
    """
    ended = spells["tot"] < _NEVER
    with_end = (
        (ended & (spells["tot"] > spells[same[-1]]))
        .groupby([spells[k] for k in same], dropna=False)
        .transform("any")
    )
    return (ended | ~with_end).to_numpy(dtype=bool)


def share_supervised(f: _Files) -> float:
    """Share of children under 18 in an observed household with a supervision order on the last day."""
    day = f.grens - 1
    h = f.read("huishouden", "huishouden_id", "begin", "eind")
    f.stays()
    here = np.zeros(len(h), bool)
    here[f.codes(h["huishouden_id"], "huishouden")] = (_days(h["begin"]) <= day) & (_days(h["eind"]) > day)
    p = f.read("persoon", "persoon_id", "huishouden_id", "rol", "geboortejaar")
    year = _numbers(p["geboortejaar"])
    today = date.fromordinal(day)
    # Only the year is known: everybody has a birthday on 1 July.
    youngest = today.year - 18 + ((today.month, today.day) >= (7, 1))
    house = f.codes(p["huishouden_id"], "huishouden")
    kind = (p["rol"] == "kind").to_numpy() & (year >= youngest) & (year <= today.year)
    counts = kind & (house >= 0) & here[np.maximum(house, 0)]
    having = p["persoon_id"].isin(_supervised_on(f, day)).to_numpy()
    return float(np.count_nonzero(counts & having) / np.count_nonzero(counts))


def _distinct(getallen: Codes, *, lists: bool = False) -> Codes:
    """Return the different numbers in order, by sorting in place: less memory than a table of them.

    `lists` says that they come in sorted stretches, which another way of sorting makes use of.
    """
    getallen.sort(kind="stable" if lists else "quicksort")
    return getallen[np.concatenate(([True], getallen[1:] != getallen[:-1]))] if len(getallen) else getallen


@_once
def _ties(f: _Files) -> tuple[Codes, Codes]:
    """Return the distinct pairs of household and professional with an observed day together."""
    house, who, begin, eind, _ = f.involvement()
    _, start, stop = f.stays()
    counted = np.maximum(begin, start[house]) < np.minimum(eind, stop[house])
    together = _distinct(house[counted] * 100_000_000 + who[counted])
    return together // 100_000_000, together % 100_000_000


def professionals(f: _Files) -> float:
    """Mean number of different professionals per household, households without any included."""
    house, _ = _ties(f)
    _, start, stop = f.stays()
    return float(len(house) / np.count_nonzero(start < stop))


def pairs(f: _Files) -> float:
    """Number of pairs of professionals who share at least one household."""
    house, who = _ties(f)
    found: list[Codes] = []
    # The ties are sorted by household: compare each with the next, the one after that, and so on.
    for stap in range(1, int(np.bincount(house).max(initial=1))):
        equal = house[stap:] == house[:-stap]
        found.append(_distinct(who[:-stap][equal] * 100_000_000 + who[stap:][equal]))
    return float(len(_distinct(np.concatenate(found), lists=True))) if found else 0.0


# Indicator and estimand -> the function that computes it again.
ROUTES: Mapping[tuple[str, str], Callable[[_Files], float]] = {
    ("aandeel_duo", "aandeel"): share_with_duo,
    ("duo_duur", "mediaan"): median_duo,
    ("aandeel_ots", "aandeel"): share_supervised,
    ("professionals_per_huishouden", "gemiddelde"): professionals,
    ("samenwerkingsnetwerk", "paren"): pairs,
}


def recompute(
    files: Mapping[str, Path],
    *,
    begin: date,
    limit: date,
    known: date | None = None,
    indicators: Collection[str] | None = None,
) -> dict[tuple[str, str], float | str]:
    """Compute the headline figures again from the files of a package.

    Parameters
    ----------
    files : mapping of table to path
        The delivered files (CSV or Parquet).
    begin, limit : date
        First day of the window, and the day after the last one that can be observed.
    known : date, optional
        What began on this day or later is not known yet; without it that is `limit`.
    indicators : collection of str, optional
        Only the figures of these.

    Returns
    -------
    dict
        Per indicator and estimand the figure, or in words why there is none. Unreleased: only
        how far it is from the published figure may be shown.
    """
    f = _Files(files, begin, limit, known or limit)
    out: dict[tuple[str, str], float | str] = {}
    for naam, route in ROUTES.items():
        if indicators is not None and naam[0] not in indicators:
            continue
        try:
            out[naam] = route(f)
        except Exception as fout:  # noqa: BLE001  (a figure that cannot be checked is said to be so)
            out[naam] = f"niet na te rekenen ({type(fout).__name__})"
    return out

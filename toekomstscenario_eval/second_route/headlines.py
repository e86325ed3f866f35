"""The headline figures a second time, by another route: numpy on the delivered files.

Written apart on purpose: no query language, no code of the indicators, the engine or the
estimators. The definitions are written out again, so that a mistake in one of the two shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = NDArray[np.int64]
Codes = NDArray[np.int64]
_NOOIT = date(9999, 12, 31).toordinal()
_EPOCH = date(1970, 1, 1).toordinal()
_TEAMS, _OTS = ("lokaal_team", "regionaal_veiligheidsteam"), "11"
_SPELING = float(np.sqrt(np.finfo(np.float64).eps))


_T = TypeVar("_T")


def _once(doe: Callable[[_Files], _T]) -> Callable[[_Files], _T]:
    """Keep the answer with the files: several figures start from it."""

    @wraps(doe)
    def uit(f: _Files) -> _T:
        if doe.__name__ not in f.bewaard:
            f.bewaard[doe.__name__] = doe(f)
        return cast(_T, f.bewaard[doe.__name__])

    return uit


class _Files:
    """The delivered files as columns: keys as numbers, dates as day numbers."""

    def __init__(self, bestanden: Mapping[str, Path], begin: date, grens: date) -> None:
        self.bestanden = bestanden
        self.begin, self.grens = begin.toordinal(), grens.toordinal()
        self._namen: dict[str, pd.Index] = {}
        self._verblijf: tuple[Codes, Days, Days] | None = None
        self.bewaard: dict[str, Any] = {}

    def read(self, tabel: str, *kolommen: str) -> pd.DataFrame:
        """Return columns of a table as delivered, as text or in the type of the file."""
        pad = self.bestanden[tabel]
        if pad.suffix.lower() == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            tekst = [k.name for k in pq.read_schema(pad) if k.name in kolommen and pa.types.is_string(k.type)]
            gelezen: Any = pq.read_table(pad, columns=list(kolommen), read_dictionary=tekst)
            return pd.DataFrame(gelezen.to_pandas(strings_to_categorical=True, date_as_object=False))
        bron = pd.read_csv(
            pad,
            usecols=list(kolommen),
            dtype="category",
            encoding="utf-8-sig",
            keep_default_na=False,
            na_values=[""],
        )
        return bron[[*kolommen]]

    def codes(self, kolom: pd.Series, sleutel: str) -> Codes:
        """Return numbers for a key, the same for the same text in every table; -1 when unknown."""
        vak = kolom if isinstance(kolom.dtype, pd.CategoricalDtype) else kolom.astype("category")
        if sleutel not in self._namen:
            self._namen[sleutel] = vak.cat.categories
        plek = self._namen[sleutel].get_indexer(vak.cat.categories)
        code = vak.cat.codes.to_numpy()
        return np.where(code < 0, -1, plek[code]).astype(np.int64)

    def stays(self) -> tuple[Codes, Days, Days]:
        """Return for every household number the observed stay `[van, tot)`; empty stays included."""
        if self._verblijf is None:
            h = self.read("huishouden", "huishouden_id", "begin", "eind")
            code = self.codes(h["huishouden_id"], "huishouden")
            van, tot = np.zeros(len(h), np.int64), np.zeros(len(h), np.int64)
            van[code] = np.maximum(_days(h["begin"]), self.begin)
            tot[code] = np.minimum(_days(h["eind"]), self.grens)
            self._verblijf = code, van, tot
        return self._verblijf

    @_once
    def involvement(self) -> tuple[Codes, Codes, Days, Days, Codes]:
        """Return household, professional, begin, end and team of each spell of a day or more.

        The team is its place in `_TEAMS`, or -1 for another kind of organisation.
        """
        self.stays()
        b = self.read("betrokkenheid", "huishouden_id", "professional_id", "organisatie_id", "begin", "eind")
        o = self.read("organisatie", "organisatie_id", "soort").astype("str")
        # Of every organisation its team, then of every spell: a missing one takes the last place.
        bij = b["organisatie_id"].astype("category").cat
        plek = pd.Index(o["organisatie_id"]).get_indexer(bij.categories)
        team = np.append(pd.Index(_TEAMS).get_indexer(pd.Index(o["soort"]))[plek], -1)
        bekend = np.append(plek >= 0, False)
        huis = self.codes(b["huishouden_id"], "huishouden")
        wie = self.codes(b["professional_id"], "professional")
        begin, eind = _days(b["begin"]), _days(b["eind"])
        mee = (begin < eind) & (huis >= 0) & bekend[bij.codes]
        return huis[mee], wie[mee], begin[mee], eind[mee], team[bij.codes][mee]


def _days(kolom: pd.Series) -> Days:
    """Return day numbers; an empty date is far away."""
    if isinstance(kolom.dtype, pd.CategoricalDtype):
        dagen = [date.fromisoformat(str(d)).toordinal() for d in kolom.cat.categories]
        return np.array([*dagen, _NOOIT], dtype=np.int64)[kolom.cat.codes.to_numpy()]
    waarde = kolom.to_numpy("datetime64[D]")
    return np.where(np.isnat(waarde), _NOOIT - _EPOCH, waarde.astype(np.int64)) + _EPOCH


def _numbers(kolom: pd.Series) -> NDArray[np.float64]:
    """Return a column as numbers; what is none is missing."""
    if isinstance(kolom.dtype, pd.CategoricalDtype):
        getallen = pd.to_numeric(kolom.cat.categories.to_series(), errors="coerce").to_numpy(dtype=float)
        return np.append(getallen, np.nan)[kolom.cat.codes.to_numpy()]
    return pd.to_numeric(kolom, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _together(f: _Files) -> tuple[Codes, Days, Days]:
    """Return household, begin and end of every stretch with a local and an RVT professional at once.

    Sweeps over the days on which somebody comes or goes; the changes of one day are added up first.
    """
    huis, _, begin, eind, team = f.involvement()
    mee = team >= 0
    huis, begin, eind, lokaal = huis[mee], begin[mee], eind[mee], team[mee] == 0
    # Local professionals count in units, those of the RVT in millions: one sum carries both.
    gewicht = np.where(lokaal, 1, 1_000_000)
    wanneer = np.concatenate((huis, huis)) * 10_000_000 + np.concatenate((begin, eind))
    moment, plek = np.unique(wanneer, return_inverse=True)
    verschil = np.zeros(len(moment), np.int64)
    np.add.at(verschil, plek, np.concatenate((gewicht, -gewicht)))
    stand = np.cumsum(verschil)
    samen = (stand % 1_000_000 > 0) & (stand >= 1_000_000)
    start = samen & ~np.concatenate(([False], samen[:-1]))
    stop = ~samen & np.concatenate(([False], samen[:-1]))
    return moment[start] // 10_000_000, moment[start] % 10_000_000, moment[stop] % 10_000_000


@_once
def _observed_duos(f: _Files) -> tuple[Codes, Days, Days, NDArray[np.bool_]]:
    """Return of every observed duo: household, days at entry and exit, whether the end was seen."""
    huis, begin, eind = _together(f)
    _, van, tot = f.stays()
    eerste, laatste = np.maximum(begin, van[huis]), np.minimum(eind, tot[huis])
    mee = eerste < laatste
    gezien = (eind <= tot[huis]) & (eind < _NOOIT)
    return huis[mee], (eerste - begin)[mee], (laatste - begin)[mee], gezien[mee]


def share_with_duo(f: _Files) -> float:
    """Share of households with at least one day of a duo."""
    huis, _, _, _ = _observed_duos(f)
    _, van, tot = f.stays()
    return float(len(np.unique(huis)) / np.count_nonzero(van < tot))


def median_duo(f: _Files) -> float:
    """Day on which half of the duos had ended (Kaplan-Meier, late entry)."""
    _, erin, eruit, gezien = _observed_duos(f)
    dagen, einden = np.unique(eruit[gezien], return_counts=True)
    onder = np.searchsorted(np.sort(erin), dagen) - np.searchsorted(np.sort(eruit), dagen)
    over = np.cumprod(1 - einden / onder)
    helft = np.flatnonzero(over < 0.5 + _SPELING)
    if not len(helft):
        return float("nan")
    eerste = int(helft[0])
    lager = helft[over[helft] < over[eerste]]
    if abs(over[eerste] - 0.5) < _SPELING and len(lager):
        return float(dagen[eerste] + dagen[lager[0]]) / 2
    return float(dagen[eerste])


def share_supervised(f: _Files) -> float:
    """Share of children under 18 in an observed household with a supervision order on the last day."""
    dag = f.grens - 1
    h = f.read("huishouden", "huishouden_id", "begin", "eind")
    f.stays()
    hier = np.zeros(len(h), bool)
    hier[f.codes(h["huishouden_id"], "huishouden")] = (_days(h["begin"]) <= dag) & (_days(h["eind"]) > dag)
    p = f.read("persoon", "persoon_id", "huishouden_id", "rol", "geboortejaar")
    jaar = _numbers(p["geboortejaar"])
    vandaag = date.fromordinal(dag)
    # Only the year is known: everybody has a birthday on 1 July.
    jongste = vandaag.year - 18 + ((vandaag.month, vandaag.day) >= (7, 1))
    huis = f.codes(p["huishouden_id"], "huishouden")
    kind = (p["rol"] == "kind").to_numpy() & (jaar >= jongste) & (jaar <= vandaag.year)
    telt = kind & (huis >= 0) & hier[np.maximum(huis, 0)]
    m = f.read("maatregel", "persoon_id", "soort", "begin", "eind")
    loopt = (
        (m["soort"].astype("str") == _OTS).to_numpy() & (_days(m["begin"]) <= dag) & (_days(m["eind"]) > dag)
    )
    met = p["persoon_id"].isin(m.loc[loopt, "persoon_id"].dropna().unique()).to_numpy()
    return float(np.count_nonzero(telt & met) / np.count_nonzero(telt))


def _distinct(getallen: Codes, *, rijtjes: bool = False) -> Codes:
    """Return the different numbers in order, by sorting in place: less memory than a table of them.

    `rijtjes` says that they come in sorted stretches, which another way of sorting makes use of.
    """
    getallen.sort(kind="stable" if rijtjes else "quicksort")
    return getallen[np.concatenate(([True], getallen[1:] != getallen[:-1]))] if len(getallen) else getallen


@_once
def _ties(f: _Files) -> tuple[Codes, Codes]:
    """Return the distinct pairs of household and professional with an observed day together."""
    huis, wie, begin, eind, _ = f.involvement()
    _, van, tot = f.stays()
    mee = np.maximum(begin, van[huis]) < np.minimum(eind, tot[huis])
    samen = _distinct(huis[mee] * 100_000_000 + wie[mee])
    return samen // 100_000_000, samen % 100_000_000


def professionals(f: _Files) -> float:
    """Mean number of different professionals per household, households without any included."""
    huis, _ = _ties(f)
    _, van, tot = f.stays()
    return float(len(huis) / np.count_nonzero(van < tot))


def pairs(f: _Files) -> float:
    """Number of pairs of professionals who share at least one household."""
    huis, wie = _ties(f)
    gevonden: list[Codes] = []
    # The ties are sorted by household: compare each with the next, the one after that, and so on.
    for stap in range(1, int(np.bincount(huis).max(initial=1))):
        gelijk = huis[stap:] == huis[:-stap]
        gevonden.append(_distinct(wie[:-stap][gelijk] * 100_000_000 + wie[stap:][gelijk]))
    return float(len(_distinct(np.concatenate(gevonden), rijtjes=True))) if gevonden else 0.0


# Indicator and estimand -> the function that computes it again.
ROUTES: Mapping[tuple[str, str], Callable[[_Files], float]] = {
    ("aandeel_duo", "aandeel"): share_with_duo,
    ("duo_duur", "mediaan"): median_duo,
    ("aandeel_ots", "aandeel"): share_supervised,
    ("professionals_per_huishouden", "gemiddelde"): professionals,
    ("samenwerkingsnetwerk", "paren"): pairs,
}


def recompute(
    bestanden: Mapping[str, Path],
    *,
    begin: date,
    grens: date,
    indicatoren: Collection[str] | None = None,
) -> dict[tuple[str, str], float | str]:
    """Compute the headline figures again from the files of a package.

    Parameters
    ----------
    bestanden : mapping of table to path
        The delivered files (CSV or Parquet).
    begin, grens : date
        First day of the window, and the day after the last one that can be observed.
    indicatoren : collection of str, optional
        Only the figures of these.

    Returns
    -------
    dict
        Per indicator and estimand the figure, or in words why there is none. Unreleased: only
        how far it is from the published figure may be shown.
    """
    f = _Files(bestanden, begin, grens)
    uit: dict[tuple[str, str], float | str] = {}
    for naam, route in ROUTES.items():
        if indicatoren is not None and naam[0] not in indicatoren:
            continue
        try:
            uit[naam] = route(f)
        except Exception as fout:  # noqa: BLE001  (a figure that cannot be checked is said to be so)
            uit[naam] = f"niet na te rekenen ({type(fout).__name__})"
    return uit

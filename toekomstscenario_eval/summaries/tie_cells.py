"""The ties of a window as counts of households with the sum of their record keys: the networks that leave.

Each household gets what it counts (`tie_names`): whether a tie runs through it, or how many pairs of
organisations are around it. Professionals are counted by household and are never a node or an end of a tie;
an organisation goes by a code that only who has the secret can make.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.summaries.breakdowns import fetch, groups, household_codes
from toekomstscenario_eval.summaries.cells import HALVES, KEY, Grid, nested
from toekomstscenario_eval.summaries.ties import NetworkTables, organisation_ids
from toekomstscenario_eval.tie_names import DOMAIN, KIND, ORGANISATION, named
from toekomstscenario_eval.types import Kind, Summary

_EVERYBODY = "h"
_COLUMNS = ["huishouden", "naam", "waarde"]
_LADDER, _PART = Grid(ladder(1, 0)), Grid(tuple(range(1, names.STEPS_OF_PART + 1)))
_GRIDS: Mapping[str, Grid] = {
    **dict.fromkeys((names.PAIRS, names.APART, names.OVERLAPPING, names.ACROSS, names.WITHIN), _LADDER),
    **dict.fromkeys((names.PROFESSIONALS, names.REACHED_DOMAINS), _LADDER),
    **dict.fromkeys((names.BESIDE, names.NOT_BESIDE, names.REACH, names.NOT_REACHED), _PART),
    "": Grid(),
}


@dataclass(frozen=True)
class Members:
    """The households of a package by number: their record key, and their group of each breakdown."""

    table: pd.DataFrame = field(repr=False)

    @classmethod
    def of(cls, package: Package, keys: ir.Table, fields: Sequence[str]) -> Members:
        """Fetch the members of every group.

        Parameters
        ----------
        keys : Table
            `huishouden_id` and the halves of the record key.
        """
        rows = household_codes(package).join(keys, "huishouden_id")
        for naam in fields:
            rows = rows.join(groups(package, naam).rename({naam: "groep"}), "huishouden_id")
        found = fetch(rows.select("huishouden", *HALVES, *fields))
        above, under = (found[half].to_numpy(dtype=np.uint64) for half in HALVES)
        whole = found.assign(**{KEY: (above << np.uint64(32)) + under, "": TOTAAL})
        return cls(whole.drop(columns=list(HALVES)).set_index("huishouden"))

    def cells(self, counted: pd.DataFrame, per: str) -> pd.DataFrame:
        """Return the cells of one breakdown: `groep`, `naam`, `x`, `k`, `n`, `sleutel`.

        Parameters
        ----------
        counted : DataFrame
            `huishouden, naam, waarde`: what each household counts, one row per household and name.
        """
        counted = counted.reset_index(drop=True)
        at = self.table.reindex(counted["huishouden"])
        rows = counted[["naam", "waarde"]].assign(groep=at[per].to_numpy(), x=0)
        if per:
            rows = rows[~rows["naam"].str.startswith(names.WHOLE_ONLY)]
        keys = at[KEY].to_numpy(dtype=np.uint64)[rows.index]
        spots = rows.groupby(["groep", "naam", "x", "waarde"], sort=True)
        number = spots.ngroup().to_numpy()
        total = np.zeros(spots.ngroups, dtype=np.uint64)
        np.add.at(total, number, keys)
        found = spots.size().rename("n").reset_index().assign(**{KEY: total})
        # Of a tie every household counts one: there is nothing to nest.
        plain = ~found["naam"].isin(found.loc[found["waarde"].gt(1), "naam"].unique())
        ties = found[plain].rename(columns={"waarde": "k"})
        return pd.concat([ties, nested(found[~plain], grids=_GRIDS)], ignore_index=True)[
            ["groep", "naam", "x", "k", "n", KEY]
        ]

    def summaries(
        self, counted: Mapping[str, pd.DataFrame], days: Mapping[str, int], fields: Sequence[str]
    ) -> dict[str, Summary]:
        """Return the summary of the whole and of each breakdown.

        Parameters
        ----------
        counted, days : mapping
            What households count, and the days of the window, by period.
        """
        groepen = pd.DataFrame(
            {"groep": TOTAAL, "periode": list(days), "huishoudens": 0, "kap": list(days.values())}
        )
        out = {}
        for per in ("", *fields):
            pieces = [self.cells(rows, per).assign(periode=label) for label, rows in counted.items()]
            cellen = pd.concat(pieces, ignore_index=True)
            out[per] = Summary(Kind.NETWERK, pd.DataFrame(), groepen, cellen)
        return out


def organisations(package: Package) -> pd.DataFrame:
    """Return the number of each organisation in the tables of `ties`, and its pseudonym."""
    return fetch(organisation_ids(package))


def _rows(households: pd.Series, naam: pd.Series | str, waarde: pd.Series | int = 1) -> pd.DataFrame:
    out = pd.DataFrame({"huishouden": households, "naam": naam, "waarde": waarde})
    return out[out["waarde"] > 0].astype({"waarde": "int64"}).drop_duplicates()


def _parts(households: pd.Series, values: pd.Series, *, of: str, rest: str) -> tuple[pd.DataFrame, ...]:
    """Return parts from 0 to 1 in whole steps, to the nearest, and what is lacking in the rest of the steps.

    Drawn each on its own the two add up to a denominator that shares its noise with the mean; over one count
    of households the noise of that count alone moves a mean of a hundred by some hundredths.
    """
    steps = np.floor(values * names.STEPS_OF_PART + 0.5)
    return _rows(households, of, steps), _rows(households, rest, names.STEPS_OF_PART - steps)


def _name(what: str, level: str, *ends: pd.Series, whole: bool) -> pd.Series:
    out = pd.Series(named(what, level, "", whole=whole), index=ends[0].index) + ends[0].astype(str)
    for end in ends[1:]:
        out = out + names.BAR + end.astype(str)
    return out


@dataclass(frozen=True)
class Counting:
    """What the households of one window count.

    Attributes
    ----------
    source : the tables of the window
    banden : DataFrame
        `huishouden, actor, organisatie, soort, domein`, one row per tie.
    naast, reach : DataFrame
        Per household how much its organisations were there side by side (`huishouden, index, paren,
        na_elkaar`), and how far its one fixed face reached (`huishouden, anderen, bereikt, domeinen`).
    together : DataFrame
        Pairs of organisations per household (`huishouden, een, twee, dagen`).
    codes : mapping
        The code of each organisation, by number.
    """

    source: NetworkTables
    banden: pd.DataFrame
    naast: pd.DataFrame
    reach: pd.DataFrame
    together: pd.DataFrame
    codes: Mapping[int, str]

    def shared(self, *, organisations: bool) -> pd.DataFrame:
        """Return what the sharing of households counts; with the ties between organisations or without."""
        levels = (DOMAIN, ORGANISATION) if organisations else (DOMAIN,)
        pieces = [self._by_household(), *self._ties(KIND, whole=False), *self._flows()]
        for level in levels:
            pieces += self._ties(level, whole=True)
        return pd.concat(pieces, ignore_index=True)[_COLUMNS]

    def meetings(self) -> pd.DataFrame:
        """Return who meets about a household, and the households that organisations share."""
        table = self.source.meetings()
        table = table[table["huishouden"].isin(self.banden["huishouden"])]
        pieces = [self._everybody(), *self._ties(ORGANISATION, whole=True)[:2]]
        for level in (DOMAIN, KIND, ORGANISATION):
            at = self._coded(table, level)
            at = at[["overleg", "huishouden", level, "thuis"]].drop_duplicates()
            if level != ORGANISATION:
                own = (at[level],) if level == DOMAIN else (at[level], at["thuis"])
                pieces.append(_rows(at["huishouden"], _name(names.AT_TABLE, level, *own, whole=True)))
            both = at.merge(at, on=["overleg", "huishouden"], suffixes=("_een", "_twee"))
            both = both[both[f"{level}_een"] < both[f"{level}_twee"]]
            ends = (both[f"{level}_een"], both[f"{level}_twee"])
            pieces.append(_rows(both["huishouden"], _name(names.MEETING, level, *ends, whole=True)))
        return pd.concat(pieces, ignore_index=True)[_COLUMNS]

    def nobody(self, reason: str) -> pd.DataFrame:
        """Return the households that are present and have no tie, under the reason that they are left out."""
        present = self.source.present()
        gone = present[~present["huishouden"].isin(self.banden["huishouden"])]
        return _rows(gone["huishouden"], reason)

    def _everybody(self) -> pd.DataFrame:
        return _rows(self.banden["huishouden"].drop_duplicates(), _EVERYBODY)

    def _by_household(self) -> pd.DataFrame:
        people = self.banden.groupby("huishouden")["actor"].nunique().reset_index()
        n, r = self.naast, self.reach[self.reach["anderen"] > 0]
        across = self._across()
        return pd.concat(
            [
                self._everybody(),
                _rows(people["huishouden"], names.PROFESSIONALS, people["actor"]),
                _rows(n["huishouden"], names.PAIRS, n["paren"]),
                _rows(n["huishouden"], names.APART, n["na_elkaar"]),
                _rows(n["huishouden"], names.OVERLAPPING, n["paren"] - n["na_elkaar"]),
                *_parts(n["huishouden"], n["index"], of=names.BESIDE, rest=names.NOT_BESIDE),
                _rows(across["huishouden"], names.ACROSS, across["tussen"]),
                _rows(across["huishouden"], names.WITHIN, across["binnen"]),
                _rows(r["huishouden"], names.FACES),
                *_parts(r["huishouden"], r["bereikt"] / r["anderen"], of=names.REACH, rest=names.NOT_REACHED),
                _rows(r["huishouden"], names.REACHED_DOMAINS, r["domeinen"]),
            ]
        )

    def _across(self) -> pd.DataFrame:
        """Return per household the pairs of its organisations of two domains, and of one."""
        own = self.banden[["huishouden", "organisatie", "domein"]].astype({"domein": str}).drop_duplicates()
        of_domain = own.groupby(["huishouden", "domein"]).size()
        within = (of_domain * (of_domain - 1) // 2).groupby("huishouden").sum()
        every = own.groupby("huishouden").size()
        table = pd.DataFrame({"binnen": within, "tussen": every * (every - 1) // 2 - within})
        return table.reset_index()

    def _coded(self, table: pd.DataFrame, level: str) -> pd.DataFrame:
        """Return a table with the codes of its nodes, and in `thuis` the domain (and kind) they belong to."""
        texts = table.astype({KIND: str, DOMAIN: str})
        home = texts[DOMAIN]
        if level == KIND:
            rows = load_schema().codelists["organisatie_soort"].rijen
            home = texts[KIND].map({row["code"]: row["domein"] for row in rows})
        if level == ORGANISATION:
            texts = texts.assign(organisatie=texts[ORGANISATION].map(self.codes))
            home = texts[KIND] + names.BAR + texts[DOMAIN]
        return texts.assign(thuis=home)

    def _ties(self, level: str, *, whole: bool) -> list[pd.DataFrame]:
        """Return nodes, ties, and ties with a day in common of one level."""
        at = self._coded(self.banden, level)
        own = (at[level],) if level == DOMAIN else (at[level], at["thuis"])
        together = self.together if level == ORGANISATION else self.source.together(level)
        ends = [together[k] for k in ("een", "twee")]
        if level == ORGANISATION:
            codes = np.sort(np.array([end.map(self.codes).astype(str) for end in ends]), axis=0)
            ends = [pd.Series(side, index=together.index) for side in codes]
        joint = together["dagen"] > 0
        return [
            _rows(at["huishouden"], _name(names.NODE, level, *own, whole=whole)),
            _rows(together["huishouden"], _name(names.SHARED, level, *ends, whole=whole)),
            _rows(
                together.loc[joint, "huishouden"],
                _name(names.SAME_DAY, level, *(e[joint] for e in ends), whole=whole),
            ),
        ]

    def _flows(self) -> list[pd.DataFrame]:
        """Return hand-overs between organisations, added up to kinds and domains."""
        over = self.source.handovers(ORGANISATION)
        own = self.banden.drop_duplicates(ORGANISATION).set_index(ORGANISATION)
        out = []
        for level in (DOMAIN, KIND):
            home = own[level].astype(str)
            at = over.assign(van=over["bron"].map(home), naar=over["doel"].map(home)).dropna()
            for what, rows in ((names.HANDOVER, at), (names.RELAY, at[at["dagen"] >= 0])):
                naam = _name(what, level, rows["van"], rows["naar"], whole=True)
                out.append(_rows(rows["huishouden"], naam))
        return out

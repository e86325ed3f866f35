"""Codes of a released result as words: the one place where its labels are applied.

Points of a network stand in the order of their words, as a reader looks them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from toekomstscenario_eval.document.format import group
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.series import (
    BAR,
    DISTRIBUTION,
    FLOWS,
    HOME,
    NIVEAUS,
    NODES,
    ORGANISATIONS,
    PAIRS,
    ROLLEN,
    SENSITIVITY,
    STRENGTH,
    TIES,
)
from toekomstscenario_eval.types import Result

BESIDE, TOWARD = " – ", " → "
_DIRECTED = {
    HOME: BESIDE,
    ROLLEN: ": ",
    ORGANISATIONS: ": ",
    DISTRIBUTION: " of ",
    **dict.fromkeys(FLOWS, TOWARD),
}
# The fields whose codes stand in `label` and `ander`.
_FIELDS: Mapping[str, tuple[str, str]] = {
    **{f"{n}{what}": (n, n) for n in NIVEAUS for what in ("knopen", "banden", "overdrachten")},
    PAIRS: ("soort", "soort"),
    HOME: ("soort", "domein"),
    ROLLEN: ("soort", ""),
    STRENGTH: ("soort", ""),
}
_TIES = (*TIES, *FLOWS, PAIRS)
_ON_NAAM = (*NODES, *_TIES)


def name(r: Result, uitsplitsing: str, groep: str) -> str:
    """Return the name of a group of a breakdown; the whole is called by name."""
    return group(r.labels.text(uitsplitsing, groep))


def ends(r: Result, reeks: str, label: str, other: str) -> tuple[str, ...]:
    """Return the names in a point of a series, of a tie without direction in alphabetical order."""
    one, two = _FIELDS.get(reeks, ("", ""))
    if not other:
        return (r.labels.text(one, label),)
    if reeks == ORGANISATIONS:
        return r.labels.text(one, label), ", ".join(filter(None, kind_and_domain(r, other)))
    namen = r.labels.text(one, label), r.labels.text(two, other)
    # What has codes stands in their order, and a reader looks for names; numbered nodes stay as they are.
    return namen if reeks in _DIRECTED or one not in r.labels.fields else tuple(sorted(namen))


def kind_and_domain(r: Result, other: str) -> tuple[str, str]:
    """Return of which kind and domain an organisation is, in words."""
    kind, _, domain = other.partition(BAR)
    return r.labels.text("soort", kind) if kind else "", r.labels.text("domein", domain) if domain else ""


def _point(r: Result, reeks: str, label: str, other: str) -> str:
    if reeks == SENSITIVITY and other:
        return f"{r.card.maten[label].label}: {other} weg"
    return _DIRECTED.get(reeks, BESIDE).join(ends(r, reeks, label, other))


def points(r: Result) -> pd.DataFrame:
    """Return the series of a result with names in `groep` and `label`, and without `ander`."""
    table, spot = r.reeksen, ["reeks", "uitsplitsing", "groep", "periode"]
    rows = tuples(table, ("reeks", "label", "ander"))
    block = table[spot].ne(table[spot].shift()).any(axis=1).cumsum().tolist()
    namen = [ends(r, *row) if row[0] in _ON_NAAM else () for row in rows]
    out = table.drop(columns="ander").assign(
        label=pd.Series([_point(r, *row) for row in rows], table.index, dtype="str"),
        groep=_names(r, table),
        blok=block,
    )
    out = out.iloc[sorted(range(len(rows)), key=lambda i: (block[i], namen[i]))].reset_index(drop=True)
    # The x of a tie is its place in the list.
    tie = out["reeks"].isin(_TIES) & out["x"].notna()
    rank = out.groupby("blok").cumcount().astype("float64")
    return out.assign(x=out["x"].where(~tie, rank)).drop(columns="blok")


def _names(r: Result, table: pd.DataFrame) -> pd.Series:
    namen = [r.labels.text(u, g) for u, g in tuples(table, ("uitsplitsing", "groep"))]
    return pd.Series(namen, table.index, dtype="str")


def labelled(r: Result) -> Result:
    """Return a result with names in all its tables, as files for readers hold it."""
    s, t = r.schattingen, r.toetsen
    coarse = [u for u in s["uitsplitsing"].unique() if u.startswith("proeftuin_")]
    strata = [
        " / ".join(map(r.labels.text, coarse, str(stratum).split(" / "))) if stratum else ""
        for stratum in s["stratum"]
    ]
    namen = [", ".join(r.labels.texts(u, g)) for u, g in tuples(t, ("uitsplitsing", "groepen"))]
    return replace(
        r,
        schattingen=s.assign(groep=_names(r, s), stratum=strata),
        reeksen=points(r),
        toetsen=t.assign(groepen=pd.Series(namen, index=t.index, dtype="str")),
    )

"""Codes of a released result as words: the one place where its labels are applied.

Points of a network stand in the order of their words, as a reader looks them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from toekomstscenario_eval.disclosure.networks import (
    BANDEN,
    GEVOELIGHEID,
    KNOPEN,
    NIVEAUS,
    ROLLEN,
    STROMEN,
    THUIS,
)
from toekomstscenario_eval.disclosure.release import Released
from toekomstscenario_eval.document.format import group
from toekomstscenario_eval.frames import tuples

NAAST, NAAR = " – ", " → "
PAREN = "soortparen"
_GERICHT = {THUIS: NAAST, ROLLEN: ": ", **dict.fromkeys(STROMEN, NAAR)}
# The fields whose codes stand in `label` and `ander`.
_VELDEN: Mapping[str, tuple[str, str]] = {
    **{f"{n}{wat}": (n, n) for n in NIVEAUS for wat in ("knopen", "banden", "overdrachten")},
    PAREN: ("soort", "soort"),
    THUIS: ("soort", "domein"),
    ROLLEN: ("soort", ""),
}
_BANDEN = (*BANDEN, *STROMEN, PAREN)
_OP_NAAM = (*KNOPEN, *_BANDEN)


def name(r: Released, uitsplitsing: str, groep: str) -> str:
    """Return the name of a group of a breakdown; the whole is called by name."""
    return group(r.labels.text(uitsplitsing, groep))


def ends(r: Released, reeks: str, label: str, ander: str) -> tuple[str, ...]:
    """Return the names in a point of a series, of a tie without direction on alphabet."""
    een, twee = _VELDEN.get(reeks, ("", ""))
    if not ander:
        return (r.labels.text(een, label),)
    namen = r.labels.text(een, label), r.labels.text(twee, ander)
    # What has codes stands in their order, and a reader looks for names; numbered nodes stay as they are.
    return namen if reeks in _GERICHT or een not in r.labels.velden else tuple(sorted(namen))


def _point(r: Released, reeks: str, label: str, ander: str) -> str:
    if reeks == GEVOELIGHEID and ander:
        return f"{r.card.maten[label].label}: {ander} weg"
    return _GERICHT.get(reeks, NAAST).join(ends(r, reeks, label, ander))


def points(r: Released) -> pd.DataFrame:
    """Return the series of a result with names in `groep` and `label`, and without `ander`."""
    tabel = r.reeksen
    if tabel.empty:
        return tabel.drop(columns="ander")
    rijen = tuples(tabel, ("reeks", "label", "ander"))
    blok = tabel[["reeks", "uitsplitsing", "groep", "periode"]].ne(
        tabel[["reeks", "uitsplitsing", "groep", "periode"]].shift()
    )
    nummer = blok.any(axis=1).cumsum().tolist()
    orde = sorted(
        range(len(rijen)), key=lambda i: (nummer[i], ends(r, *rijen[i]) if rijen[i][0] in _OP_NAAM else ())
    )
    uit = tabel.assign(
        label=[_point(r, *rij) for rij in rijen],
        groep=[r.labels.text(u, g) for u, g in tuples(tabel, ("uitsplitsing", "groep"))],
    ).iloc[orde]
    # The place of a tie in the list.
    plek = uit.groupby(pd.Series(nummer, index=tabel.index).iloc[orde], sort=False).cumcount()
    tie = uit["reeks"].isin(_BANDEN) & uit["x"].notna()
    uit = uit.assign(x=uit["x"].where(~tie, plek.astype("float64")))
    return uit.drop(columns="ander").reset_index(drop=True)


def labelled(r: Released) -> Released:
    """Return a result with names in all its tables, as files for readers hold it."""
    s, t = r.schattingen, r.toetsen
    grof = [u for u in s["uitsplitsing"].unique() if u.startswith("proeftuin_")]
    strata = [
        " / ".join(map(r.labels.text, grof, str(stratum).split(" / "))) if stratum else ""
        for stratum in s["stratum"]
    ]
    groepen = [r.labels.text(u, g) for u, g in tuples(s, ("uitsplitsing", "groep"))]
    namen = [", ".join(r.labels.texts(u, g)) for u, g in tuples(t, ("uitsplitsing", "groepen"))]
    return replace(
        r,
        schattingen=s.assign(groep=groepen, stratum=strata),
        reeksen=points(r),
        toetsen=t.assign(groepen=pd.Series(namen, index=t.index, dtype="str")),
    )

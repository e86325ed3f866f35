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
from toekomstscenario_eval.disclosure.source import PAREN, VERDELING
from toekomstscenario_eval.document.format import group
from toekomstscenario_eval.frames import tuples

NAAST, NAAR = " – ", " → "
_GERICHT = {THUIS: NAAST, ROLLEN: ": ", VERDELING: " of ", **dict.fromkeys(STROMEN, NAAR)}
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
    tabel, plek = r.reeksen, ["reeks", "uitsplitsing", "groep", "periode"]
    rijen = tuples(tabel, ("reeks", "label", "ander"))
    blok = tabel[plek].ne(tabel[plek].shift()).any(axis=1).cumsum().tolist()
    namen = [ends(r, *rij) if rij[0] in _OP_NAAM else () for rij in rijen]
    uit = tabel.drop(columns="ander").assign(
        label=pd.Series([_point(r, *rij) for rij in rijen], tabel.index, dtype="str"),
        groep=_names(r, tabel),
        blok=blok,
    )
    uit = uit.iloc[sorted(range(len(rijen)), key=lambda i: (blok[i], namen[i]))].reset_index(drop=True)
    # The x of a tie is its place in the list.
    tie = uit["reeks"].isin(_BANDEN) & uit["x"].notna()
    rang = uit.groupby("blok").cumcount().astype("float64")
    return uit.assign(x=uit["x"].where(~tie, rang)).drop(columns="blok")


def _names(r: Released, tabel: pd.DataFrame) -> pd.Series:
    namen = [r.labels.text(u, g) for u, g in tuples(tabel, ("uitsplitsing", "groep"))]
    return pd.Series(namen, tabel.index, dtype="str")


def labelled(r: Released) -> Released:
    """Return a result with names in all its tables, as files for readers hold it."""
    s, t = r.schattingen, r.toetsen
    grof = [u for u in s["uitsplitsing"].unique() if u.startswith("proeftuin_")]
    strata = [
        " / ".join(map(r.labels.text, grof, str(stratum).split(" / "))) if stratum else ""
        for stratum in s["stratum"]
    ]
    namen = [", ".join(r.labels.texts(u, g)) for u, g in tuples(t, ("uitsplitsing", "groepen"))]
    return replace(
        r,
        schattingen=s.assign(groep=_names(r, s), stratum=strata),
        reeksen=points(r),
        toetsen=t.assign(groepen=pd.Series(namen, index=t.index, dtype="str")),
    )

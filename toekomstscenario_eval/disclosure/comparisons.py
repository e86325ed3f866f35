"""The rule on comparisons between groups: a test may be shown when all it rests on is shown.

The statistic of a test, with the numbers of the groups that are shown, would tell of a group that is
hidden. A comparison is therefore shown only when every group behind it stands in the same result with
its headline and is not hidden, when no group has too few events or units, and when enough residual
degrees of freedom are left. Anything unknown hides.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.rules import Oordeel
from toekomstscenario_eval.disclosure.source import places
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.frames import records
from toekomstscenario_eval.types import TOETS, Result

GETALLEN = ("schatting", "ondergrens", "bovengrens", "statistiek", "df", "p")
_INTERN = ("vrijheid", "kleinste", "plekken")
GETOOND = ("toets", "uitsplitsing", "groepen", *(k for k in TOETS[2:] if k not in _INTERN))


_NIETS = pd.DataFrame({k: pd.Series(dtype="float64" if k in GETALLEN else "str") for k in GETOOND}).assign(
    onderdrukt=pd.Series(dtype="bool"), getal_id=pd.Series(dtype="str")
)


def decide(resultaat: Result, oordeel: Oordeel, beleid: Policy) -> pd.DataFrame:
    """Return the comparisons of a result as they may be shown.

    Returns
    -------
    DataFrame
        Columns `GETOOND` (`groepen`: the codes of the groups) with `getal_id` and `onderdrukt`; hidden
        numbers are missing.
    """
    tabel = resultaat.toetsen
    if list(tabel.columns) != list(TOETS) or tabel.duplicated(["toets", "uitsplitsing"]).any():
        raise OnthullingsFout(
            "de toetsen hebben niet de afgesproken vorm",
            waar=resultaat.sleutel,
            herstel="meld dit; zolang het niet is opgelost, wordt er niets vrijgegeven",
        )
    if tabel.empty:
        return _NIETS.copy()
    zichtbaar = _shown(resultaat, oordeel)
    dicht = [not _may(rij, zichtbaar, beleid) for rij in records(tabel)]
    groepen = [
        tuple(groep for veld, groep in plekken if veld == per)
        for plekken, per in zip(tabel["plekken"], tabel["uitsplitsing"], strict=True)
    ]
    uit = tabel.assign(groepen=pd.Series(groepen, tabel.index))[list(GETOOND)].astype(
        dict.fromkeys(GETALLEN, "float64")
    )
    uit.loc[dicht, list(GETALLEN)] = np.nan
    uit.loc[dicht, "methode"] = ""
    ids = [_id(resultaat, toets, per) for toets, per in zip(uit["toets"], uit["uitsplitsing"], strict=True)]
    return uit.assign(onderdrukt=np.array(dicht, dtype=bool), getal_id=ids).reset_index(drop=True)


def _shown(resultaat: Result, oordeel: Oordeel) -> frozenset[tuple[str, str]]:
    """Groups of which the headline and the households are shown, over the whole window."""
    if resultaat.schattingen.empty:
        return frozenset()
    kop = next(iter(resultaat.card.maten_bij(resultaat.params)))
    deel = resultaat.schattingen[resultaat.schattingen["maat"].eq(kop)]
    dicht = oordeel.plekken | oordeel.rijen.get(kop, frozenset())
    return frozenset((p.uitsplitsing, p.groep) for p in places(deel) if not p.periode and p not in dicht)


def _may(rij: dict[Any, Any], zichtbaar: frozenset[tuple[str, str]], beleid: Policy) -> bool:
    if all(rij[k] != rij[k] for k in GETALLEN):
        # No number at all: only why there is none.
        return bool(rij["plekken"]) and set(rij["plekken"]) <= zichtbaar
    return (
        bool(rij["plekken"])
        and set(rij["plekken"]) <= zichtbaar
        and rij["vrijheid"] >= beleid.minimum_vrijheidsgraden
        and rij["kleinste"] >= beleid.minimum_teller
    )


def _id(resultaat: Result, toets: str, uitsplitsing: str) -> str:
    """Name a comparison by what it is, as the numbers of a result are named."""
    delen = [resultaat.sleutel, resultaat.card.versie, str(resultaat.venster), "toets", toets, uitsplitsing]
    return "t" + hashlib.sha256("\x1f".join(delen).encode()).hexdigest()[:12]

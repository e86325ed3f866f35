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
from toekomstscenario_eval.disclosure.result_reading import places
from toekomstscenario_eval.disclosure.rules import Verdict
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.frames import records
from toekomstscenario_eval.types import TOETS, Result

GETALLEN = ("schatting", "ondergrens", "bovengrens", "statistiek", "df", "p")
_INTERN = ("vrijheid", "kleinste", "plekken")
SHOWN = ("toets", "uitsplitsing", "groepen", *(k for k in TOETS[2:] if k not in _INTERN))


_NOTHING = pd.DataFrame({k: pd.Series(dtype="float64" if k in GETALLEN else "str") for k in SHOWN}).assign(
    onderdrukt=pd.Series(dtype="bool"), getal_id=pd.Series(dtype="str")
)


def decide(result: Result, verdict: Verdict, policy: Policy) -> pd.DataFrame:
    """Return the comparisons of a result as they may be shown.

    Returns
    -------
    DataFrame
        Columns `SHOWN` (`groepen`: the codes of the groups) with `getal_id` and `onderdrukt`; hidden
        numbers are missing.
    """
    table = result.toetsen
    if list(table.columns) != list(TOETS) or table.duplicated(["toets", "uitsplitsing"]).any():
        raise OnthullingsFout(
            "de toetsen hebben niet de afgesproken vorm",
            waar=result.sleutel,
            herstel="meld dit; zolang het niet is opgelost, wordt er niets vrijgegeven",
        )
    if table.empty:
        return _NOTHING.copy()
    visible = _shown(result, verdict)
    shut = [not _may(row, visible, policy) for row in records(table)]
    groepen = [
        tuple(groep for field, groep in spots if field == per)
        for spots, per in zip(table["plekken"], table["uitsplitsing"], strict=True)
    ]
    out = table.assign(groepen=pd.Series(groepen, table.index))[list(SHOWN)].astype(
        dict.fromkeys(GETALLEN, "float64")
    )
    out.loc[shut, list(GETALLEN)] = np.nan
    out.loc[shut, "methode"] = ""
    ids = [_id(result, toets, per) for toets, per in zip(out["toets"], out["uitsplitsing"], strict=True)]
    return out.assign(onderdrukt=np.array(shut, dtype=bool), getal_id=ids).reset_index(drop=True)


def _shown(result: Result, verdict: Verdict) -> frozenset[tuple[str, str]]:
    """Groups of which the headline and the households are shown, over the whole window."""
    if result.schattingen.empty:
        return frozenset()
    heading = next(iter(result.card.maten_bij(result.params)))
    part = result.schattingen[result.schattingen["maat"].eq(heading)]
    shut = verdict.plekken | verdict.rijen.get(heading, frozenset())
    return frozenset((p.uitsplitsing, p.groep) for p in places(part) if not p.periode and p not in shut)


def _may(row: dict[Any, Any], visible: frozenset[tuple[str, str]], policy: Policy) -> bool:
    if all(row[k] != row[k] for k in GETALLEN):
        # No number at all: only why there is none.
        return bool(row["plekken"]) and set(row["plekken"]) <= visible
    return (
        bool(row["plekken"])
        and set(row["plekken"]) <= visible
        and row["vrijheid"] >= policy.minimum_vrijheidsgraden
        and row["kleinste"] >= policy.minimum_teller
    )


def _id(result: Result, toets: str, uitsplitsing: str) -> str:
    """Name a comparison by what it is, as the numbers of a result are named."""
    parts = [result.sleutel, result.card.versie, str(result.venster), "toets", toets, uitsplitsing]
    return "t" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]

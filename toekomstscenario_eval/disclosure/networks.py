"""The rules on networks: professionals are persons too, and a position may give one away.

Networks are shown between kinds, domains or organisations, never between professionals. A node or tie
needs enough households behind it and enough professionals on each side; a measure of positions
needs enough professionals in that position.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toekomstscenario_eval.disclosure.policy import Policy

NIVEAUS = ("domein", "soort", "organisatie")
NODES = tuple(f"{n}knopen" for n in NIVEAUS)
HOME = "soortdomein"
TIES = (*(f"{n}banden" for n in NIVEAUS), HOME)
FLOWS = ("domeinoverdrachten", "soortoverdrachten")
ROLLEN, SENSITIVITY = "rollen", "gevoeligheid"
REEKSEN = (*NODES, *TIES, *FLOWS, ROLLEN, SENSITIVITY)
# Estimands of a position that few may have: its `teller` counts the professionals who do.
POSITION = "positie_"


def few_in_position(teller: float, noemer: float, policy: Policy) -> bool:
    """Whether a measure would give away the few in a position, or the few outside it.

    Freeman's centralisation with the size and the number of ties gives the degree of the most
    central professional: a unique top is that one person.
    """
    if np.isnan(teller) or np.isnan(noemer):
        return True
    rest = noemer - teller
    return 0 < teller < policy.minimum_teller or 0 < rest < policy.minimum_rest


def protect(
    reeksen: Mapping[str, pd.DataFrame],
    huishoudens: float,
    policy: Policy,
    hidden: Collection[str] = (),
) -> list[pd.DataFrame]:
    """Mark what must be hidden of the series of one network.

    Parameters
    ----------
    reeksen : mapping of name to DataFrame
        Points with `label, ander, waarde, n` (households; persons for roles) and `x` (professionals on
        the thinnest side).
    hidden : collection of str
        Measures that are hidden: what they become when ties are missing tells them too.

    Returns
    -------
    list of DataFrame
        With the column `onderdrukt`; `x` is missing where hidden, and for ties everywhere.
    """
    out, shut = [], _hidden_nodes(reeksen, huishoudens, policy)
    for naam, points in reeksen.items():
        gone = _too_thin(naam, points, huishoudens, policy)
        if naam == SENSITIVITY:
            gone |= points["label"].isin(list(hidden)).to_numpy(dtype=bool)
        if naam in TIES or naam in FLOWS:
            # A kind and the domain that it belongs to may share a code.
            einden = ["label"] if naam == HOME else ["label", "ander"]
            gone |= points[einden].isin(list(shut[naam])).any(axis=1).to_numpy(dtype=bool)
        if naam in FLOWS:
            gone = _company(points["n"].to_numpy(dtype=np.float64), gone, policy.minimum_huishoudens)
        # The professionals of a node that is shown are enough to tell; those of a tie are not needed.
        x = points["x"].where(~gone) if naam in NODES else np.arange(len(points), dtype=np.float64)
        out.append(points.assign(onderdrukt=gone, x=x))
    return out


def _hidden_nodes(
    reeksen: Mapping[str, pd.DataFrame], huishoudens: float, policy: Policy
) -> dict[str, set[str]]:
    """Return for every series the nodes of its level that are hidden."""
    out: dict[str, set[str]] = {naam: set() for naam in reeksen}
    for niveau in NIVEAUS:
        points = reeksen.get(f"{niveau}knopen")
        if points is None:
            continue
        gone = _too_thin(f"{niveau}knopen", points, huishoudens, policy)
        namen = set(points.loc[gone, "label"])
        for naam in out:
            if naam.startswith(niveau):
                out[naam] = namen
    return out


def _too_thin(naam: str, points: pd.DataFrame, huishoudens: float, policy: Policy) -> NDArray[np.bool_]:
    n, x = (points[k].to_numpy(dtype=np.float64) for k in ("n", "x"))
    if naam == SENSITIVITY:
        return ~(n >= policy.minimum_huishoudens)
    if naam == ROLLEN:
        return ~(n >= policy.minimum_teller)
    gone = ~((n >= policy.minimum_huishoudens) & (x >= policy.minimum_teller))
    # That all but a few households have it tells about the few; a flow nobody has to have.
    return gone if naam in FLOWS else gone | ~(huishoudens - n >= policy.minimum_rest)


def _company(n: NDArray[np.float64], gone: NDArray[np.bool_], minimum: int) -> NDArray[np.bool_]:
    """Hide the smallest others along until what is hidden cannot follow from the total: it adds up to 1."""
    out = gone.copy()
    for spot in np.argsort(n, kind="stable"):
        if not out.any() or (out.sum() > 1 and n[out].sum() >= minimum):
            break
        out[spot] = True
    return out

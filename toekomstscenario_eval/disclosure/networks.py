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
KNOPEN = tuple(f"{n}knopen" for n in NIVEAUS)
THUIS = "soortdomein"
BANDEN = (*(f"{n}banden" for n in NIVEAUS), THUIS)
STROMEN = ("domeinoverdrachten", "soortoverdrachten")
ROLLEN, GEVOELIGHEID = "rollen", "gevoeligheid"
REEKSEN = (*KNOPEN, *BANDEN, *STROMEN, ROLLEN, GEVOELIGHEID)
# Estimands of a position that few may have: its `teller` counts the professionals who do.
POSITIE = "positie_"


def few_in_position(teller: float, noemer: float, beleid: Policy) -> bool:
    """Whether a measure would give away the few in a position, or the few outside it.

    Freeman's centralisation with the size and the number of ties gives the degree of the most
    central professional: a unique top is that one person.
    """
    if np.isnan(teller) or np.isnan(noemer):
        return True
    rest = noemer - teller
    return 0 < teller < beleid.minimum_teller or 0 < rest < beleid.minimum_rest


def protect(
    reeksen: Mapping[str, pd.DataFrame],
    huishoudens: float,
    beleid: Policy,
    verborgen: Collection[str] = (),
) -> list[pd.DataFrame]:
    """Mark what must be hidden of the series of one network.

    Parameters
    ----------
    reeksen : mapping of name to DataFrame
        Points with `label, ander, waarde, n` (households; persons for roles) and `x` (professionals on
        the thinnest side).
    verborgen : collection of str
        Measures that are hidden: what they become when ties are missing tells them too.

    Returns
    -------
    list of DataFrame
        With the column `onderdrukt`; `x` is missing where hidden, and for ties everywhere.
    """
    uit, dicht = [], _hidden_nodes(reeksen, huishoudens, beleid)
    for naam, punten in reeksen.items():
        weg = _too_thin(naam, punten, huishoudens, beleid)
        if naam == GEVOELIGHEID:
            weg |= punten["label"].isin(list(verborgen)).to_numpy(dtype=bool)
        if naam in BANDEN or naam in STROMEN:
            # A kind and the domain that it belongs to may share a code.
            einden = ["label"] if naam == THUIS else ["label", "ander"]
            weg |= punten[einden].isin(list(dicht[naam])).any(axis=1).to_numpy(dtype=bool)
        if naam in STROMEN:
            weg = _company(punten["n"].to_numpy(dtype=np.float64), weg, beleid.minimum_huishoudens)
        # The professionals of a node that is shown are enough to tell; those of a tie are not needed.
        x = punten["x"].where(~weg) if naam in KNOPEN else np.arange(len(punten), dtype=np.float64)
        uit.append(punten.assign(onderdrukt=weg, x=x))
    return uit


def _hidden_nodes(
    reeksen: Mapping[str, pd.DataFrame], huishoudens: float, beleid: Policy
) -> dict[str, set[str]]:
    """Return for every series the nodes of its level that are hidden."""
    uit: dict[str, set[str]] = {naam: set() for naam in reeksen}
    for niveau in NIVEAUS:
        punten = reeksen.get(f"{niveau}knopen")
        if punten is None:
            continue
        weg = _too_thin(f"{niveau}knopen", punten, huishoudens, beleid)
        namen = set(punten.loc[weg, "label"])
        for naam in uit:
            if naam.startswith(niveau):
                uit[naam] = namen
    return uit


def _too_thin(naam: str, punten: pd.DataFrame, huishoudens: float, beleid: Policy) -> NDArray[np.bool_]:
    n, x = (punten[k].to_numpy(dtype=np.float64) for k in ("n", "x"))
    if naam == GEVOELIGHEID:
        return ~(n >= beleid.minimum_huishoudens)
    if naam == ROLLEN:
        return ~(n >= beleid.minimum_teller)
    weg = ~((n >= beleid.minimum_huishoudens) & (x >= beleid.minimum_teller))
    # That all but a few households have it tells about the few; a flow nobody has to have.
    return weg if naam in STROMEN else weg | ~(huishoudens - n >= beleid.minimum_rest)


def _company(n: NDArray[np.float64], weg: NDArray[np.bool_], minimum: int) -> NDArray[np.bool_]:
    """Hide the smallest others along until what is hidden cannot follow from the total: it adds up to 1."""
    uit = weg.copy()
    for plek in np.argsort(n, kind="stable"):
        if not uit.any() or (uit.sum() > 1 and n[uit].sum() >= minimum):
            break
        uit[plek] = True
    return uit

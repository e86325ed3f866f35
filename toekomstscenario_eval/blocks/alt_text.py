"""Text alternatives of figures, made from the data that the figure shows."""

from __future__ import annotations

import math

import pandas as pd

from toekomstscenario_eval.document.format import interval, number, sentence_case
from toekomstscenario_eval.types import Maat


def hidden(aantal: int) -> str:
    """Return how many numbers are hidden, or nothing."""
    return f" {aantal} onderdrukt." if aantal else ""


def dots_alt(frame: pd.DataFrame, maat: Maat, lijn: float, per: str) -> str:
    """Describe dots with intervals: the lowest, the highest, the whole, and how many are hidden."""
    getoond = frame[frame["schatting"].notna()].sort_values("schatting")
    begin = f"Stippengrafiek met 95%-intervallen: {sentence_case(maat.label)} per {per}."
    if getoond.empty:
        return f"{begin} Alle {len(frame)} groepen zijn onderdrukt of niet te bepalen."
    delen = [begin]
    for woord, rij in (("Laagste", getoond.iloc[0]), ("Hoogste", getoond.iloc[-1])):
        spreiding = interval(rij["ondergrens"], rij["bovengrens"], maat.vorm)
        bij = f" (interval {spreiding})" if spreiding else ""
        delen.append(f"{woord}: {rij['naam']} met {number(rij['schatting'], maat.vorm)}{bij}.")
    if not math.isnan(lijn):
        delen.append(f"Geheel: {number(lijn, maat.vorm)}.")
    return " ".join(delen) + hidden(int(frame["onderdrukt"].sum()))

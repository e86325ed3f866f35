"""Text alternatives of figures, made from the data that the figure shows."""

from __future__ import annotations

import math

import pandas as pd

from toekomstscenario_eval.document.format import interval, number, sentence_case
from toekomstscenario_eval.types import Maat


def hidden(aantal: int) -> str:
    """Return how many numbers are hidden, or nothing."""
    return f" {aantal} niet getoond." if aantal else ""


def dots_alt(frame: pd.DataFrame, maat: Maat, line: float, per: str) -> str:
    """Describe dots with intervals: the lowest, the highest, the whole, and how many are hidden."""
    shown = frame[frame["schatting"].notna()].sort_values("schatting")
    begin = f"Stippengrafiek met 95%-intervallen: {sentence_case(maat.label)} per {per}."
    if shown.empty:
        return f"{begin} Alle {len(frame)} groepen zijn niet getoond of niet te bepalen."
    parts = [begin]
    for word, row in (("Laagste", shown.iloc[0]), ("Hoogste", shown.iloc[-1])):
        spread = interval(row["ondergrens"], row["bovengrens"], maat.vorm)
        at = f" (interval {spread})" if spread else ""
        parts.append(f"{word}: {row['naam']} met {number(row['schatting'], maat.vorm)}{at}.")
    if not math.isnan(line):
        parts.append(f"Geheel: {number(line, maat.vorm)}.")
    return " ".join(parts) + hidden(int(frame["onderdrukt"].sum()))

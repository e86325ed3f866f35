"""Text alternatives of figures, made from the data that the figure shows."""

from __future__ import annotations

import math

import pandas as pd

from toekomstscenario_eval.document.format import interval, number, sentence_case
from toekomstscenario_eval.types import Maat


def hidden(aantal: int) -> str:
    """Return how many numbers are hidden, or nothing."""
    return f" {aantal} niet getoond." if aantal else ""


def in_words(frame: pd.DataFrame) -> str:
    """Return how many rows have too few households for an estimate, and read as words; or nothing."""
    aantal = int(frame["leest"].astype(bool).sum())
    return f" Bij {aantal} te weinig huishoudens voor een schatting." if aantal else ""


def dots_alt(frame: pd.DataFrame, maat: Maat, line: float, per: str) -> str:
    """Describe dots with intervals: the lowest, the highest, the whole, and how many have no dot."""
    shown = frame[frame["schatting"].notna()].sort_values("schatting")
    parts = [f"Stippengrafiek met 95%-intervallen: {sentence_case(maat.label)} per {per}."]
    if shown.empty:
        parts.append(f"Van geen van de {len(frame)} groepen is er een stip.")
    # Lowest and highest are those of all only when all are there.
    of_all = "" if len(shown) == len(frame) else " stip"
    words = (f"Laagste{of_all}: ", f"Hoogste{of_all}: ") if len(shown) > 1 else ("",)
    for word, row in zip(words, (shown.iloc[i] for i in (0, -1)[: len(shown)]), strict=False):
        spread = interval(row["ondergrens"], row["bovengrens"], maat.vorm)
        at = f" (interval {spread})" if spread else ""
        parts.append(f"{word}{row['naam']} met {number(row['schatting'], maat.vorm)}{at}.")
    if not math.isnan(line):
        parts.append(f"Geheel: {number(line, maat.vorm)}.")
    return " ".join(parts) + in_words(frame) + hidden(int(frame["onderdrukt"].sum()))

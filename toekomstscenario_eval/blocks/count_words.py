"""How a public count reads: as a number, as "minder dan 10 van 103", or as "0 of enkele"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from toekomstscenario_eval.document.format import day_text, number
from toekomstscenario_eval.types import ALLE, BIJNA, NIET, NUL, TOON, WEINIG, Kind, Result, Vorm

# Who reads one of these knows the number is between two bounds; there is no estimate and no interval.
BOUNDED = (WEINIG, NUL, BIJNA, ALLE)
_THRESHOLD = 10
# What every published number is a number of.
HOUSEHOLDS = "huishoudens"
# Whether a count is one of a number of households; a bare count is that number itself.
_OF_ALL: Mapping[Kind, bool] = {
    Kind.AANDEEL: True,
    Kind.AANTAL: True,
    Kind.DUUR: True,
    Kind.HERHAALD: True,
    Kind.SCORE: True,
    Kind.MATRIX: True,
    Kind.NETWERK: True,
    Kind.KENMERK: True,
    Kind.TELLING: False,
}


def threshold(result: Result) -> int:
    """Return the number under which a public count reads "minder dan"."""
    return next((int(s.drempel) for s in result.publiek.values()), _THRESHOLD)


def few(result: Result) -> int:
    """Return the number under which a count of who is observed reads "minder dan"; 0 in intern numbers."""
    return 0 if result.intern else threshold(result)


def words(row: Any, *, least: int, of: bool = True) -> str:
    """Return how the count of a row reads; empty when it is shown as a number, or not at all.

    Parameters
    ----------
    least : int
        See `threshold`.
    of : bool
        Say of how many; not for a bare count.
    """
    shown = row["weergave"]
    if shown not in BOUNDED:
        return ""
    if not of and (row.get("eenheid") == "rijen" or "aantal" in row):
        # Of rows it is the number of households that have any that is small.
        return f"bij {'0 of enkele' if shown == NUL else f'minder dan {least}'} huishoudens"
    n = f"{number(row['n'], Vorm.TELLING)}{_whose(row)}" if of and row["n"] == row["n"] else ""
    return {
        NUL: "0 of enkele" + (f" van {n}" if n else ""),
        WEINIG: f"minder dan {least}" + (f" van {n}" if n else ""),
        BIJNA: f"op minder dan {least} na alle {n}",
        ALLE: f"alle {n}, op 0 of enkele na",
    }[shown]


def _whose(row: Any) -> str:
    """Return of what `n` is the number, where the unit of the estimate is another than households."""
    unit = str(row.get("eenheid") or HOUSEHOLDS)
    return "" if unit.endswith(HOUSEHOLDS) else f" {HOUSEHOLDS}"


def words_of(result: Result, row: Any) -> str:
    """Return how the count of a row of this result reads; see `words`."""
    of = _OF_ALL[result.card.kind] and "aantal" not in row
    return words(row, least=threshold(result), of=of)


def with_stand(result: Result, table: pd.DataFrame) -> pd.DataFrame:
    """Return rows with `leest` (see `words`) and `stand`: the day of an older draw, in words."""
    least, of = threshold(result), _OF_ALL[result.card.kind]
    newest = max(
        (str(s.plekken["stand"].max()) for s in result.publiek.values() if len(s.plekken)), default=""
    )
    spots_of = {per: result.publiek[per].plekken for per in set(table["uitsplitsing"]) & set(result.publiek)}
    stands = {
        (per, groep, periode): stand
        for per, plekken in spots_of.items()
        for groep, periode, stand in plekken[["groep", "periode", "stand"]].itertuples(index=False)
    }
    spots = zip(table["uitsplitsing"], table["groep"], table["periode"], strict=True)
    old = [stands.get(spot, "") for spot in spots]
    return table.assign(
        leest=[words(row, least=least, of=of) for row in table.to_dict("records")],
        stand=[f"stand per {day_text(stand)}" if stand and stand != newest else "" for stand in old],
    )


def reason(row: Any) -> str:
    """Return why a number is not shown, as the method of its row says."""
    return str(row["methode"]) if row["weergave"] == NIET else ""


__all__ = ["BOUNDED", "TOON", "few", "reason", "threshold", "with_stand", "words"]

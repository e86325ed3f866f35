"""The headline figures a second time, by another route: numpy on the delivered files.

Written apart on purpose: no query language, no code of the indicators, the engine or the
estimators. The definitions are written out again, so that a mistake in one of the two shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from math import nan
from pathlib import Path
from typing import Any, NamedTuple

from toekomstscenario_eval.second_route.delivered import Files
from toekomstscenario_eval.second_route.figures import (
    Counts,
    Figure,
    Shares,
    Spells,
    mean,
    median,
    restricted,
    share,
)
from toekomstscenario_eval.second_route.involved import observed_duos, pairs, professionals, with_duo
from toekomstscenario_eval.second_route.seen import FROM, KIND, SITE, TOTAL, Seen
from toekomstscenario_eval.second_route.supervised import observed_orders, supervised

__all__ = ["FROM", "KIND", "ROUTES", "SITE", "Figure", "Route", "Spot", "recompute"]

Rows = Shares | Counts | Spells


class Spot(NamedTuple):
    """Which figure it is: without a phase of all days, without a breakdown of the whole."""

    indicator: str
    maat: str
    fase: str = ""
    per: str = ""
    groep: str = TOTAL


class Route(NamedTuple):
    """How figures of one indicator are made: its rows of households, and each figure from those."""

    rows: Callable[[Seen], Rows]
    figures: Mapping[str, Callable[[Any], Figure]]


# By indicator; the days of a restricted mean are those of its card.
ROUTES: Mapping[str, Route] = {
    "aandeel_duo": Route(with_duo, {"aandeel": share}),
    "duo_duur": Route(
        observed_duos, {"mediaan": median, "gemiddelde_beperkt": partial(restricted, horizon=365)}
    ),
    "aandeel_ots": Route(supervised, {"aandeel": share}),
    "duur_ots": Route(
        observed_orders, {"mediaan": median, "gemiddelde_beperkt": partial(restricted, horizon=730)}
    ),
    "professionals_per_huishouden": Route(professionals, {"gemiddelde": mean}),
}
# Of the whole only.
PAIRS = Spot("samenwerkingsnetwerk", "paren")
INDICATORS = (*ROUTES, PAIRS.indicator)


def recompute(
    files: Mapping[str, Path],
    *,
    begin: date,
    limit: date,
    known: date | None = None,
    indicators: Collection[str] = INDICATORS,
    per: Sequence[str] = (),
    phases: Sequence[str] = ("",),
) -> dict[Spot, Figure | str]:
    """Compute the headline figures again from the files of a package.

    Parameters
    ----------
    files : mapping of table to path
        The delivered files (CSV or Parquet).
    begin, limit : date
        First day of the window, and the day after the last one that can be observed.
    known : date, optional
        What began on this day or later is not known yet; without it that is `limit`.
    indicators : collection of str
        Only the figures of these.
    per : sequence of str
        Breakdowns, of `KIND` and `SITE`; the whole is always there.
    phases : sequence of str
        Populations: all days (empty), and `FROM`: pilots from their start, others beside them by group.

    Returns
    -------
    dict
        Every figure, or in words why there is none. Unreleased: only whether it agrees with the published
        one may be shown.
    """
    f = Files(files, known or limit)
    out: dict[Spot, Figure | str] = {}
    for phase in phases:
        s = Seen.of(f, begin, limit, phase)
        for naam, route in ROUTES.items():
            if naam in indicators:
                out |= _of(s, naam, route, per)
        if PAIRS.indicator in indicators and not phase:
            out[PAIRS] = _pairs(s)
    return out


def _of(s: Seen, naam: str, route: Route, per: Sequence[str]) -> dict[Spot, Figure | str]:
    try:
        rows = route.rows(s)
        return {
            Spot(naam, maat, s.phase, field, groep): figure(part)
            for field in ("", *per)
            for groep, members in s.groups(field)
            for part in [rows.only(members)]
            for maat, figure in route.figures.items()
        }
    except Exception as fout:  # noqa: BLE001  (a figure that cannot be checked is said to be so)
        return {Spot(naam, maat, s.phase): _failed(fout) for maat in route.figures}


def _pairs(s: Seen) -> Figure | str:
    try:
        return Figure(pairs(s), nan, nan, 0, nan, nan)
    except Exception as fout:  # noqa: BLE001  (as above)
        return _failed(fout)


def _failed(fout: Exception) -> str:
    return f"niet na te rekenen ({type(fout).__name__})"

"""Read a result the way the rules do; refuse whatever they were not made for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from toekomstscenario_eval.disclosure import networks
from toekomstscenario_eval.disclosure.kind_rules import KINDS
from toekomstscenario_eval.disclosure.protect import Nesting, Spot, by_place
from toekomstscenario_eval.disclosure.rules import Curve, Point, Row, Source
from toekomstscenario_eval.errors import OnthullingsFout
from toekomstscenario_eval.frames import tuples
from toekomstscenario_eval.identity import UNKNOWN
from toekomstscenario_eval.types import SITE, Result

# How each series is protected; a series that is not named here is refused.
CURVE, DISTRIBUTION, PAIRS = "overleving", "verdeling", "soortparen"
# Curves of competing ends add up with the survival curve; those, the survival curve beside them, and
# mean cumulative curves, are shown in a protected form only.
PROTECTED = ("incidentie", "mcf")
_REEKSEN = (CURVE, DISTRIBUTION, PAIRS, *networks.REEKSEN, *PROTECTED)
_GROEP = ["uitsplitsing", "groep", "periode"]


def read(result: Result) -> Source:
    """Return a result as the rules read it.

    Raises
    ------
    OnthullingsFout
        On a series without a rule, and on a table that contradicts itself.
    """
    table = result.schattingen
    _check_rules(result)
    _check_keys(result.sleutel, table, ["maat", *_GROEP])
    _check_keys(result.sleutel, result.reeksen, ["reeks", *_GROEP, "label", "ander", "x"])
    _check_households(result)
    rows: dict[str, dict[Spot, Row]] = {}
    getallen = tuples(table[list(Row._fields)].astype("float64"))
    for maat, spot, row in zip(table["maat"], places(table), getallen, strict=True):
        rows.setdefault(maat, {})[spot] = Row(*row)
    maten = {naam: result.card.maten[naam] for naam in rows}
    return Source(
        result.card.kind,
        maten,
        rows,
        _curves(result.reeksen),
        _distributions(result.reeksen),
    )


def places(table: pd.DataFrame) -> list[Spot]:
    """Return the place of each row."""
    return [Spot(*row) for row in tuples(table, _GROEP)]


def curve_days(reeksen: pd.DataFrame) -> list[Curve]:
    """Return the day of a curve that each row is a point of."""
    points = tuples(reeksen, ("reeks", "label", "x"))
    return [Curve(reeks, label, float(x)) for reeks, label, x in points]


def _curves(reeksen: pd.DataFrame) -> dict[Curve, dict[Spot, Point]]:
    part = reeksen[reeksen["reeks"].eq(CURVE)]
    out: dict[Curve, dict[Spot, Point]] = {}
    points = tuples(part[list(Point._fields)].astype("float64"))
    for curve, spot, point in zip(curve_days(part), places(part), points, strict=True):
        out.setdefault(curve, {})[spot] = Point(*point)
    return out


def _distributions(reeksen: pd.DataFrame) -> dict[Spot, list[tuple[float, float]]]:
    """Return per place how many units have each count."""
    part = reeksen[reeksen["reeks"].eq(DISTRIBUTION)]
    out: dict[Spot, list[tuple[float, float]]] = {}
    for spot, x, n in zip(places(part), part["x"], part["n"], strict=True):
        out.setdefault(spot, []).append((float(x), float(n)))
    return out


def _check_rules(result: Result) -> None:
    for reeks in result.reeksen["reeks"].unique():
        if reeks not in _REEKSEN:
            raise _refusal(result.sleutel, f"voor de reeks '{reeks}' bestaat geen regel")


def _check_keys(where: str, table: pd.DataFrame, columns: Sequence[str]) -> None:
    for column in columns:
        if column != "x" and not all(isinstance(waarde, str) for waarde in table[column]):
            raise _refusal(where, "een groep, periode of maat heeft geen naam", got=f"kolom {column}")
    if table.duplicated(list(columns)).any():
        raise _refusal(where, "een getal komt meer dan één keer voor")


def _check_households(result: Result) -> None:
    table = result.schattingen
    if not all(math.isfinite(n) and n >= 0 for n in table["n"]):
        raise _refusal(result.sleutel, "een aantal huishoudens ontbreekt of kan niet")
    if KINDS[result.card.kind].los or table.empty:
        return
    without = set(table["periode"]) - set(table.loc[table["uitsplitsing"].eq(""), "periode"])
    if without:
        raise _refusal(result.sleutel, "het geheel ontbreekt bij de groepen")


def _refusal(where: str, what: str, *, got: str = "") -> OnthullingsFout:
    return OnthullingsFout(
        what,
        waar=where,
        kreeg=got,
        herstel="meld dit; zolang het niet is opgelost, wordt er niets vrijgegeven",
    )


def nesting(sources: Iterable[tuple[Result, Source]]) -> Nesting:
    """Return how the breakdowns by place hang together, from everything in the release."""
    strata: dict[str, set[str]] = {}
    namen: set[str] = set()
    with_people: set[str] = set()
    for result, source in sources:
        for spot, row in source.per_spot().items():
            if by_place(spot.uitsplitsing) and row.n > 0:
                namen.add(spot.uitsplitsing)
                if spot.uitsplitsing == SITE:
                    with_people.add(spot.groep)
        part = result.schattingen[result.schattingen["uitsplitsing"].eq(SITE)]
        for groep, stratum in zip(part["groep"], part["stratum"], strict=True):
            if stratum:
                strata.setdefault(groep, set()).add(stratum)
    # Whoever has no known proeftuin has no known kind either.
    strata.setdefault(UNKNOWN, {UNKNOWN})
    association = SITE in namen and with_people <= strata.keys()
    return Nesting({g: tuple(sorted(s)) for g, s in strata.items()}, len(namen) > 1 and not association)

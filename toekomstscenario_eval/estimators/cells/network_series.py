"""Nodes, ties and hand-overs of a published network as points of a result, for pictures and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from toekomstscenario_eval import tie_names as names
from toekomstscenario_eval.estimators.cells.tie_levels import Level
from toekomstscenario_eval.estimators.intervals import NAN
from toekomstscenario_eval.estimators.networks import structure
from toekomstscenario_eval.frames import point
from toekomstscenario_eval.series import BAR
from toekomstscenario_eval.tie_names import DOMAIN, KIND, ORGANISATION

Point = dict[str, Any]


def points(levels: Mapping[str, Level], huishoudens: int, threshold: int) -> tuple[Point, ...]:
    """Return the series of one place.

    Parameters
    ----------
    levels : mapping
        The levels that were counted; only the whole has more than kinds of organisation.
    huishoudens : int
        Published households of the place.
    threshold : int
        Under which number of households there is no share of them.
    """
    out: list[Point] = []
    kinds = levels.get(KIND)
    if kinds is not None and not kinds.domains.any():
        # Of the indicator, that counts kinds of organisation and nothing else.
        return tuple(_pairs(kinds, huishoudens))
    if kinds is not None:
        out += _strength(kinds, threshold)
    if DOMAIN in levels:
        for level in levels.values():
            out += [
                *_nodes(level, huishoudens),
                *_ties(level, huishoudens, threshold),
                *_flows(level, threshold),
            ]
        out += _home(kinds, huishoudens) if kinds is not None else []
    return tuple(out)


def _nodes(net: Level, huishoudens: int) -> Iterator[Point]:
    for label, n, domain, kind in net.nodes[["label", "n", "domein", "soort"]].itertuples(index=False):
        what = f"{kind}{BAR}{domain}" if net.level == ORGANISATION else ""
        yield point(f"{net.level}knopen", NAN, n / huishoudens, n=n, label=label, other=what)


def _ties(net: Level, huishoudens: int, threshold: int) -> Iterator[Point]:
    """Return the share of the households that a tie runs through; below it the part with both at once."""
    for one, two, n, _, beside in net.part(net.tie, names.SAME_DAY, threshold).itertuples(
        index=False, name=None
    ):
        bounds = (NAN if net.meetings else beside, NAN)
        yield point(f"{net.level}banden", NAN, n / huishoudens, n=n, label=one, other=two, interval=bounds)


def _flows(net: Level, threshold: int) -> Iterator[Point]:
    """Return the share of the households with a hand-over, each pair counted; below it the part in relay."""
    rows = net.part(names.HANDOVER, names.RELAY, threshold)
    every = float(net.counts.loc[net.counts["wat"].eq(names.HANDOVER), "n"].sum())
    for start, toward, n, _, loose in rows.itertuples(index=False, name=None):
        yield point(
            f"{net.level}overdrachten", NAN, n / every, n=n, label=start, other=toward, interval=(loose, NAN)
        )


def _home(net: Level, huishoudens: int) -> Iterator[Point]:
    for label, n, domain in zip(net.nodes["label"], net.nodes["n"], net.nodes["domein"], strict=True):
        yield point("soortdomein", NAN, n / huishoudens, n=n, label=label, other=domain)


def _strength(net: Level, threshold: int) -> Iterator[Point]:
    """Return per node its ties (x) and its share of all that is shared, the strongest first."""
    strength, degree = net.weights().sum(axis=1), structure.degrees(net.matrix)
    total = float(strength.sum())
    for i in np.lexsort((net.nodes["label"], -strength)).tolist() if total else ():
        row = net.nodes.iloc[i]
        if row["n"] < threshold:
            continue
        yield point("sterkte", degree[i], strength[i] / total, n=row["n"], label=row["label"])


def _pairs(net: Level, huishoudens: int) -> Iterator[Point]:
    for i, (one, two, n) in enumerate(net.shown(names.SHARED).itertuples(index=False, name=None)):
        yield point("soortparen", i, n / huishoudens, n=n, label=one, other=two)

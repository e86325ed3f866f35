"""Cells of ties: professionals around a household, and households of each kind of organisation and each pair.

Professionals are counted by household and are never named; of organisations only the kind is.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.grids import ladder
from toekomstscenario_eval.summaries.cells._lines import HOUSE, Grid, floored, line
from toekomstscenario_eval.summaries.kinds import CELL
from toekomstscenario_eval.tie_names import BAR, KIND, NODE, PROFESSIONALS, SHARED, named
from toekomstscenario_eval.types import Card


def lines(rows: ir.Table, card: Card, kap: int) -> list[ir.Table]:
    """Return what each household counts."""
    del card
    per = rows.group_by(HOUSE).agg(p=rows.actor.nunique())
    nodes = rows.select(*HOUSE, een=rows.soort).distinct()
    other = nodes.select(CELL, "huishouden_id", twee=nodes.een)
    pairs = nodes.join(other, [CELL, "huishouden_id"])
    pairs = pairs.filter(pairs.een < pairs.twee)
    return [
        line(per, PROFESSIONALS, 0, floored(per.p, 1, kap)),
        _named(nodes, ibis.literal(named(NODE, KIND, "")) + nodes.een),
        _named(pairs, ibis.literal(named(SHARED, KIND, "")) + pairs.een + BAR + pairs.twee),
    ]


def _named(table: ir.Table, naam: ir.StringValue) -> ir.Table:
    return table.select(
        *HOUSE,
        naam=naam,
        x=ibis.literal(0, "int64"),
        waarde=ibis.literal(1, "int64"),
        teken=ibis.literal(1, "int64"),
    )


def grids(card: Card, kap: int) -> Mapping[str, Grid]:
    """Return the grid of each name."""
    del card
    return {PROFESSIONALS: Grid(ladder(1, kap))}

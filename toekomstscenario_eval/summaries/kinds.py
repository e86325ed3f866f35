"""Sufficient statistics per kind: from unit rows to a small table per cell, computed in the engine.

A cell is a combination of groups (one number per household, column `cel`). Everything below adds up
over cells, so that one query serves every breakdown of a result and the whole.

Columns besides the cell, per kind:

======== =====================================================================================
AANDEEL  som_t, som_n, som_tt, som_nn, som_tn: sums over households of teller and noemer
AANTAL   aantal, n, som_b, som_bb: histogram of counts with exposure in days and its square
DUUR     dag, soort, n: entries (-1), censored (0) and ended (cause 1..) spells per day
HERHAALD dag, soort, n: as DUUR, but an event (1) does not end the observation; dag2, soort2: the
         second record of a pair of one household (soort2 -2: no pair, the row counts records)
SCORE    n, som_w, som_ww: sums of the value (w) and its square; n_paar, paar_w, paar_ww, som_v,
         som_vv, som_vw: the same over units with a value before (v), and the product
MATRIX   rij, kolom, n, som_r, som_k, som_rk: per pair of items the sums over units with all items;
         h: households with such a unit
KENMERK  kenmerk, h: households with each characteristic
NETWERK  huishouden, actor, organisatie (integer codes), soort: the ties
======== =====================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.grids import POINT
from toekomstscenario_eval.types import Kind

CELL = "cel"
_WIDE = "decimal(38, 0)"


def _share(rows: ir.Table) -> ir.Table:
    return rows.group_by(CELL).agg(
        som_t=rows.teller.sum(),
        som_n=rows.noemer.sum(),
        som_tt=(rows.teller * rows.teller).sum(),
        som_nn=(rows.noemer * rows.noemer).sum(),
        som_tn=(rows.teller * rows.noemer).sum(),
    )


def _count(rows: ir.Table) -> ir.Table:
    return rows.group_by([CELL, "aantal"]).agg(
        n=rows.count(),
        som_b=rows.blootstelling.sum(),
        som_bb=(rows.blootstelling * rows.blootstelling).sum(),
    )


def _duration(rows: ir.Table) -> ir.Table:
    inside = rows.select(CELL, dag=rows.instroom, soort=ibis.literal(-1, "int64"))
    left_out = rows.select(CELL, dag=rows.duur, soort=rows.einde)
    return inside.union(left_out).group_by([CELL, "dag", "soort"]).agg(n=lambda t: t.count())


def _recurrent(rows: ir.Table) -> ir.Table:
    """Count records per day and kind, and pairs of records of one household.

    A robust variance is a sum over households of squares, and each square a sum over pairs; the pairs
    per day are as many as there are days, whatever the number of households. A pair of different
    records stands once; dag2 = -1 with soort2 = -2 marks the single ones.
    """
    per = rows.group_by([CELL, "huishouden_id", "dag", "soort"]).agg(n=rows.count())
    other = per.select("huishouden_id", dag2="dag", soort2="soort", n2="n")
    together = per.join(other, "huishouden_id")
    agreed = together.filter(
        (together.dag < together.dag2)
        | ((together.dag == together.dag2) & (together.soort <= together.soort2))
    )
    keys = [CELL, "dag", "soort", "dag2", "soort2"]
    pairs = agreed.group_by(keys).agg(n=(agreed.n * agreed.n2).sum().cast("int64"))
    single = per.group_by([CELL, "dag", "soort"]).agg(n=per.n.sum().cast("int64"))
    no = single.mutate(dag2=ibis.literal(-1, "int64"), soort2=ibis.literal(-2, "int64"))
    return no.select(*keys, "n").union(pairs.select(*keys, "n"))


def whole(column: Any) -> Any:
    """Return points as whole millionths."""
    return (column.cast("float64") * POINT).round().cast("int64")


def _rescale(table: ir.Table, single: Sequence[str], duplicate: Sequence[str]) -> ir.Table:
    """Bring sums and sums of products back from millionths to the scale of the score."""
    return table.mutate(
        **{k: table[k].cast("float64").fill_null(0.0) / POINT for k in single},
        **{k: table[k].cast("float64").fill_null(0.0) / POINT**2 for k in duplicate},
    )


def _score(rows: ir.Table) -> ir.Table:
    units = rows.select(CELL, v=whole(rows.voor), w=whole(rows.waarde))
    pair = units.v.notnull()
    v, w = units.v.cast(_WIDE), units.w.cast(_WIDE)
    sums = units.group_by(CELL).agg(
        n=units.count(),
        som_w=units.w.sum(),
        som_ww=(w * units.w).sum(),
        n_paar=units.count(where=pair),
        som_v=units.v.sum(),
        som_vv=(v * units.v).sum(),
        paar_w=units.w.sum(where=pair),
        paar_ww=(w * units.w).sum(where=pair),
        som_vw=(v * units.w).sum(),
    )
    return _rescale(sums, ("som_w", "som_v", "paar_w"), ("som_ww", "som_vv", "paar_ww", "som_vw"))


def complete(rows: ir.Table) -> ir.Table:
    """Return the rows of units that answered every item that there is."""
    every = rows.aggregate(items=rows.item.nunique())
    unique = rows.select("eenheid", "item").distinct()
    per_eenheid = unique.group_by("eenheid").agg(aantal=unique.item.count()).cross_join(every)
    return rows.semi_join(per_eenheid.filter(per_eenheid.aantal == per_eenheid["items"]), "eenheid")


def _items(rows: ir.Table) -> ir.Table:
    """Sums per pair of items over the units that answered every item of the scale (listwise)."""
    counted = complete(rows.select(CELL, "huishouden_id", "eenheid", "item", w=whole(rows.waarde)))
    # Every unit has every item: each pair of items rests on the same households.
    houses = counted.select(CELL, "huishouden_id").distinct().group_by(CELL).agg(h=lambda t: t.count())
    left = counted.select(CELL, "eenheid", rij="item", r="w")
    right = counted.select("eenheid", kolom="item", k="w")
    pair = left.join(right, [left.eenheid == right.eenheid, left.rij <= right.kolom])
    sums = pair.group_by([CELL, "rij", "kolom"]).agg(
        n=pair.count(),
        som_r=pair.r.sum(),
        som_k=pair.k.sum(),
        som_rk=(pair.r.cast(_WIDE) * pair.k).sum(),
    )
    otherwise = sums.filter(sums.rij < sums.kolom)
    mirrored = otherwise.select(
        CELL, "n", "som_rk", rij="kolom", kolom="rij", som_r="som_k", som_k="som_r"
    ).select(*sums.columns)
    sums = sums.union(mirrored).join(houses, CELL)
    return _rescale(sums, ("som_r", "som_k"), ("som_rk",))


def _ties(rows: ir.Table) -> ir.Table:
    out = rows.select(
        CELL,
        "soort",
        huishouden=rows.huishouden.cast("int32"),
        actor="actor",
        organisatie="organisatie",
    )
    for key in ("actor", "organisatie"):
        out = _numbered(out, key)
    return out


def _numbered(table: ir.Table, key: str) -> ir.Table:
    """Replace a key by its rank: the same for any row order, and no pseudonym leaves the engine."""
    unique = table.select(nummer_bij=table[key]).distinct()
    rank = unique.mutate(nummer=ibis.dense_rank().over(ibis.window(order_by=unique.nummer_bij)).cast("int32"))
    at = table.join(rank, table[key].identical_to(rank.nummer_bij))
    return at.select(**{k: "nummer" if k == key else k for k in table.columns})


def _characteristics(rows: ir.Table) -> ir.Table:
    having = rows.filter(rows.kenmerk.notnull())
    return having.group_by([CELL, "kenmerk"]).agg(h=having.huishouden_id.nunique())


def _nothing(rows: ir.Table) -> ir.Table:
    del rows
    raise GebruikFout(
        "een telling heeft geen eenheden om samen te vatten", herstel="kies een andere soort voor de kaart"
    )


@dataclass(frozen=True)
class KindSummary:
    """How a kind is summarised: the query per cell, and the columns that tell its rows apart.

    `keys` None: rows are listed, not added up (a household lies in one cell, so nothing doubles);
    the query then finds the number of each household in column `huishouden`. `eenheden` counts the units
    that rows stand for. `by_team`: whether its variance grows with what households of one team share.
    """

    query: Callable[[ir.Table], ir.Table]
    keys: tuple[str, ...] | None
    eenheden: Callable[[ir.Table], ir.NumericScalar] = ir.Table.count
    by_team: bool = False

    def roll_up(self, cells: pd.DataFrame, groep: str) -> pd.DataFrame:
        """Add the cells up to the groups in column `groep`; other group columns must be dropped before."""
        rest = cells.drop(columns=CELL)
        if self.keys is None:
            return rest
        return rest.groupby([groep, *self.keys], sort=True).sum().reset_index()


SUMMARIES: Mapping[Kind, KindSummary] = {
    Kind.AANDEEL: KindSummary(_share, (), lambda rows: rows.noemer.fill_null(1).sum()),
    Kind.AANTAL: KindSummary(_count, ("aantal",)),
    Kind.DUUR: KindSummary(_duration, ("dag", "soort"), by_team=True),
    Kind.HERHAALD: KindSummary(_recurrent, ("dag", "soort", "dag2", "soort2")),
    Kind.SCORE: KindSummary(_score, ()),
    Kind.MATRIX: KindSummary(_items, ("rij", "kolom")),
    Kind.NETWERK: KindSummary(_ties, None),
    Kind.KENMERK: KindSummary(_characteristics, ("kenmerk",), lambda rows: rows.huishouden_id.nunique()),
    Kind.TELLING: KindSummary(_nothing, ()),
}

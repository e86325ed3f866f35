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
from toekomstscenario_eval.types import Kind

CEL = "cel"
# Scores are added up in whole millionths: sums of integers are the same in any order.
_SCHAAL = 1_000_000
_BREED = "decimal(38, 0)"


def _share(rijen: ir.Table) -> ir.Table:
    return rijen.group_by(CEL).agg(
        som_t=rijen.teller.sum(),
        som_n=rijen.noemer.sum(),
        som_tt=(rijen.teller * rijen.teller).sum(),
        som_nn=(rijen.noemer * rijen.noemer).sum(),
        som_tn=(rijen.teller * rijen.noemer).sum(),
    )


def _count(rijen: ir.Table) -> ir.Table:
    return rijen.group_by([CEL, "aantal"]).agg(
        n=rijen.count(),
        som_b=rijen.blootstelling.sum(),
        som_bb=(rijen.blootstelling * rijen.blootstelling).sum(),
    )


def _duration(rijen: ir.Table) -> ir.Table:
    erin = rijen.select(CEL, dag=rijen.instroom, soort=ibis.literal(-1, "int64"))
    eruit = rijen.select(CEL, dag=rijen.duur, soort=rijen.einde)
    return erin.union(eruit).group_by([CEL, "dag", "soort"]).agg(n=lambda t: t.count())


def _recurrent(rijen: ir.Table) -> ir.Table:
    """Count records per day and kind, and pairs of records of one household.

    A robust variance is a sum over households of squares, and each square a sum over pairs; the pairs
    per day are as many as there are days, whatever the number of households. A pair of different
    records stands once; dag2 = -1 with soort2 = -2 marks the single ones.
    """
    per = rijen.group_by([CEL, "huishouden_id", "dag", "soort"]).agg(n=rijen.count())
    ander = per.select("huishouden_id", dag2="dag", soort2="soort", n2="n")
    samen = per.join(ander, "huishouden_id")
    eens = samen.filter(
        (samen.dag < samen.dag2) | ((samen.dag == samen.dag2) & (samen.soort <= samen.soort2))
    )
    sleutels = [CEL, "dag", "soort", "dag2", "soort2"]
    paren = eens.group_by(sleutels).agg(n=(eens.n * eens.n2).sum().cast("int64"))
    enkel = per.group_by([CEL, "dag", "soort"]).agg(n=per.n.sum().cast("int64"))
    geen = enkel.mutate(dag2=ibis.literal(-1, "int64"), soort2=ibis.literal(-2, "int64"))
    return geen.select(*sleutels, "n").union(paren.select(*sleutels, "n"))


def _whole(kolom: Any) -> Any:
    return (kolom.cast("float64") * _SCHAAL).round().cast("int64")


def _rescale(tabel: ir.Table, enkel: Sequence[str], dubbel: Sequence[str]) -> ir.Table:
    """Bring sums and sums of products back from millionths to the scale of the score."""
    return tabel.mutate(
        **{k: tabel[k].cast("float64").fill_null(0.0) / _SCHAAL for k in enkel},
        **{k: tabel[k].cast("float64").fill_null(0.0) / _SCHAAL**2 for k in dubbel},
    )


def _score(rijen: ir.Table) -> ir.Table:
    heel = rijen.select(CEL, v=_whole(rijen.voor), w=_whole(rijen.waarde))
    paar = heel.v.notnull()
    v, w = heel.v.cast(_BREED), heel.w.cast(_BREED)
    sommen = heel.group_by(CEL).agg(
        n=heel.count(),
        som_w=heel.w.sum(),
        som_ww=(w * heel.w).sum(),
        n_paar=heel.count(where=paar),
        som_v=heel.v.sum(),
        som_vv=(v * heel.v).sum(),
        paar_w=heel.w.sum(where=paar),
        paar_ww=(w * heel.w).sum(where=paar),
        som_vw=(v * heel.w).sum(),
    )
    return _rescale(sommen, ("som_w", "som_v", "paar_w"), ("som_ww", "som_vv", "paar_ww", "som_vw"))


def _items(rijen: ir.Table) -> ir.Table:
    """Sums per pair of items over the units that answered every item of the scale (listwise)."""
    heel = rijen.select(CEL, "huishouden_id", "eenheid", "item", w=_whole(rijen.waarde))
    alle = heel.aggregate(items=heel.item.nunique())
    uniek = heel.select("eenheid", "item").distinct()
    per_eenheid = uniek.group_by("eenheid").agg(aantal=uniek.item.count()).cross_join(alle)
    mee = heel.semi_join(per_eenheid.filter(per_eenheid.aantal == per_eenheid.items), "eenheid")
    # Every unit has every item: each pair of items rests on the same households.
    huizen = mee.select(CEL, "huishouden_id").distinct().group_by(CEL).agg(h=lambda t: t.count())
    links = mee.select(CEL, "eenheid", rij="item", r="w")
    rechts = mee.select("eenheid", kolom="item", k="w")
    paar = links.join(rechts, [links.eenheid == rechts.eenheid, links.rij <= rechts.kolom])
    sommen = paar.group_by([CEL, "rij", "kolom"]).agg(
        n=paar.count(),
        som_r=paar.r.sum(),
        som_k=paar.k.sum(),
        som_rk=(paar.r.cast(_BREED) * paar.k).sum(),
    )
    anders = sommen.filter(sommen.rij < sommen.kolom)
    gespiegeld = anders.select(
        CEL, "n", "som_rk", rij="kolom", kolom="rij", som_r="som_k", som_k="som_r"
    ).select(*sommen.columns)
    sommen = sommen.union(gespiegeld).join(huizen, CEL)
    return _rescale(sommen, ("som_r", "som_k"), ("som_rk",))


def _ties(rijen: ir.Table) -> ir.Table:
    uit = rijen.select(
        CEL,
        "soort",
        huishouden=rijen.huishouden.cast("int32"),
        actor="actor",
        organisatie="organisatie",
    )
    for sleutel in ("actor", "organisatie"):
        uit = _numbered(uit, sleutel)
    return uit


def _numbered(tabel: ir.Table, sleutel: str) -> ir.Table:
    """Replace a key by its rank: the same for any row order, and no pseudonym leaves the engine."""
    uniek = tabel.select(nummer_bij=tabel[sleutel]).distinct()
    rang = uniek.mutate(nummer=ibis.dense_rank().over(ibis.window(order_by=uniek.nummer_bij)).cast("int32"))
    bij = tabel.join(rang, tabel[sleutel].identical_to(rang.nummer_bij))
    return bij.select(**{k: "nummer" if k == sleutel else k for k in tabel.columns})


def _nothing(rijen: ir.Table) -> ir.Table:
    del rijen
    raise GebruikFout(
        "een telling heeft geen eenheden om samen te vatten", herstel="kies een andere soort voor de kaart"
    )


@dataclass(frozen=True)
class KindSummary:
    """How a kind is summarised: the query per cell, and the columns that tell its rows apart.

    `sleutels` None: rows are listed, not added up (a household lies in one cell, so nothing doubles);
    the query then finds the number of each household in column `huishouden`. `eenheden` counts the units
    that rows stand for.
    """

    query: Callable[[ir.Table], ir.Table]
    sleutels: tuple[str, ...] | None
    eenheden: Callable[[ir.Table], ir.NumericScalar] = ir.Table.count

    def roll_up(self, cellen: pd.DataFrame, groep: str) -> pd.DataFrame:
        """Add the cells up to the groups in column `groep`; other group columns must be dropped before."""
        rest = cellen.drop(columns=CEL)
        if self.sleutels is None:
            return rest
        return rest.groupby([groep, *self.sleutels], sort=True).sum().reset_index()


SUMMARIES: Mapping[Kind, KindSummary] = {
    Kind.AANDEEL: KindSummary(_share, (), lambda rijen: rijen.noemer.fill_null(1).sum()),
    Kind.AANTAL: KindSummary(_count, ("aantal",)),
    Kind.DUUR: KindSummary(_duration, ("dag", "soort")),
    Kind.HERHAALD: KindSummary(_recurrent, ("dag", "soort", "dag2", "soort2")),
    Kind.SCORE: KindSummary(_score, ()),
    Kind.MATRIX: KindSummary(_items, ("rij", "kolom")),
    Kind.NETWERK: KindSummary(_ties, None),
    Kind.TELLING: KindSummary(_nothing, ()),
}

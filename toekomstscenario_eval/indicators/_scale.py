"""What a scale is: which items belong to it, which way they run, and how unsure one answer is.

Scores are kept as whole millionths: sums of integers are the same in any row order, and a change of
exactly one point is exactly one point.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import shared
from toekomstscenario_eval.types import Param

POINT = 1_000_000
# Of a score of m items one m-th is kept as a whole number, for the same sum in any row order.
PARTS = 10**12
DESCRIBED = {"schaal_item": ("instrument", "schaal", "item", "minimum", "maximum", "richting")}
MINIMUM_ITEMS = Param(
    0,
    "zoveel items van de schaal moeten ten minste zijn beantwoord; 0: alle",
    minimum=0,
    redelijk=(2,),
)
_REVERSED = "lager_is_beter"


def described(t: Mapping[str, ir.Table], schaal: str) -> ir.Table:
    """Return what the package says of a scale: `instrument, item, spiegel`, each item once.

    `spiegel` is what is left of it when a score is taken off, in millionths: null where a higher score is
    better.
    """
    rows = t["schaal_item"].filter(lambda s: s.schaal == schaal)
    both = ((rows.minimum + rows.maximum) * POINT).round().cast("int64")
    lines = rows.select(
        "instrument",
        item=rows.item.fill_null(""),
        spiegel=ibis.ifelse(rows.richting == _REVERSED, both, ibis.null("int64")),
    )
    return lines.group_by(["instrument", "item"]).agg(spiegel=lines.spiegel.max())


def upright(answers: ir.Table, scale: ir.Table) -> ir.Table:
    """Return the same answers, `w` of an item that runs the other way turned round: higher is better."""
    at = answers.left_join(scale, ["instrument", "item"])
    turned = at.mutate(w=ibis.coalesce(at.spiegel - at.w, at.w))
    return turned.select(*answers.columns)


def first_answers(counted: ir.Table) -> ir.Table:
    """Return the first answers of each household by one informant about one person.

    One unit per household, so that units are independent; on the same day the person and informant that
    come first by name.
    """
    order = ibis.window(group_by="huishouden_id", order_by=["datum", "persoon", "informant"])
    return counted.mutate(volg=ibis.dense_rank().over(order)).filter(lambda r: r.volg == 0)


def items_of(counted: ir.Table, scale: ir.Table) -> ir.Table:
    """Return the items of the scale, `item`, of answers on one instrument.

    Those that the package describes; where it describes none, an item belongs to the scale when at least
    half of the households answered it at first. The score of the scale itself is its only item.
    """
    first = first_answers(counted)
    eenheden = first.aggregate(eenheden=first.huishouden_id.nunique())
    per_item = first.group_by("item").agg(beantwoord=first.count()).cross_join(eenheden)
    usual = per_item.filter(per_item.beantwoord * 2 >= per_item.eenheden)
    soort = counted.select("instrument", "los").distinct()
    named = scale.join(soort, "instrument").filter(lambda s: (s.item != "") == (s.los == 1))
    both = usual.select("item", bron=ibis.literal(0, "int64")).union(
        named.select("item", bron=ibis.literal(1, "int64"))
    )
    top = both.aggregate(top=both.bron.max())
    return shared(both.cross_join(top).filter(lambda r: r.bron == r.top).select("item").distinct())


def complete(rows: ir.Table, items: ir.Table, keys: list[str]) -> ir.Table:
    """Return the answers on the items of a scale of who answered them all: `rows` with fewer of them."""
    counts = rows.semi_join(items, "item")
    aantal = items.aggregate(k=items.count())
    per = counts.group_by(keys).agg(m=counts.count()).cross_join(aantal)
    return counts.semi_join(per.filter(per.m == per.k), keys)


def squared_error(units: ir.Table) -> ir.Table:
    """Return one row, `fout`: the squared error of an answer to one item, in points.

    With k items, trace tr and total V of their covariance matrix over units, it is
    (k tr - V) / (k (k - 1)): the mean variance less the mean covariance of items. Of a score of m items
    the squared error is an m-th of it, and with all items that is sd^2 (1 - alpha), with sd the spread of
    the score and alpha Cronbach's. Null with fewer than two units or items.

    Parameters
    ----------
    units : Table
        `huishouden_id, item, w` of units with every item.
    """
    points = units.mutate(x=units.w.cast("float64") / POINT)
    per_item = points.group_by("item").agg(variantie=points.x.var(how="sample"))
    per_eenheid = points.group_by("huishouden_id").agg(som=points.x.sum())
    sums = per_item.aggregate(k=per_item.count(), spoor=per_item.variantie.sum()).cross_join(
        per_eenheid.aggregate(n=per_eenheid.count(), totaal=per_eenheid.som.var(how="sample"))
    )
    k = sums.k.cast("float64")
    fout = ibis.greatest((k * sums.spoor - sums.totaal) / (k * (k - 1)).nullif(0), 0.0)
    enough = (sums.k >= 2) & (sums.n >= 2)
    return sums.select(fout=ibis.ifelse(enough, fout, ibis.null("float64")))


def scored(counted: ir.Table, items: ir.Table, keys: list[str], minimum: int) -> ir.Table:
    """Return one score for each of `keys` with enough items: `keys, w, deel`.

    `deel` is one m-th of `PARTS` for a score of m items. Where some are lacking (only with a `minimum`) the
    score is the mean of the others, moved by as much as the lacking ones usually lie higher or lower: items
    differ in level, by the mean of every item over the households that answered all at first.
    """
    counts = counted.semi_join(items, "item")
    if not minimum:
        per = complete(counts, items, keys).group_by(keys).agg(som=lambda r: r.w.sum(), m=lambda r: r.count())
        return per.select(*keys, w=_whole(per.som / per.m), deel=_whole(PARTS / per.m))
    units = complete(first_answers(counts), items, ["huishouden_id"])
    niveau = units.group_by("item").agg(niveau=_whole(units.w.mean()))
    at = counts.left_join(niveau, "item").drop("item_right")
    per = at.group_by(keys).agg(som=at.w.sum(), m=at.count(), niveau=at.niveau.sum())
    whole = niveau.aggregate(heel=niveau.niveau.sum())
    per = per.cross_join(whole).cross_join(items.aggregate(k=items.count()))
    moved = (per.som - per.niveau) / per.m + per.heel / per.k
    score = ibis.ifelse(per.m == per.k, per.som / per.m, moved)
    enough = per.filter((per.m >= ibis.least(per.k, minimum)) & score.notnull())
    return enough.select(*keys, w=_whole(score), deel=_whole(PARTS / per.m))


def _whole(value: ir.Value) -> ir.Value:
    return value.round().cast("int64")

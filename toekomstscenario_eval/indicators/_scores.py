"""What a score is: the one place where answers become moments, changes and reliability.

Scores are kept as whole millionths: sums of integers are the same in any row order, and a change of
exactly one point is exactly one point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import present, shared
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER
from toekomstscenario_eval.types import Param, Vraag

POINT = 1_000_000
_ALL, _MOST = "alle", "meest_gebruikt"
# 95 of 100 differences between two measurements of somebody who did not change are smaller.
_RELIABLE = 1.96 * math.sqrt(2)

TABLES = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "meting": (
        "huishouden_id", "persoon_id", "datum", "instrument", "schaal", "item", "waarde", "informant",
    ),
}  # fmt: skip
WAARDEN = ("veiligheid", "bestaanszekerheid", "ontwikkeling")
SCHAAL = Param("veiligheid", "welke uitkomst", (*WAARDEN, "rust", "ervaren_steun"))
INFORMANT = Param(_ALL, "wiens antwoorden meetellen; alle: iedereen", (_ALL, "ouder", "kind", "professional"))
INSTRUMENT = Param(_MOST, "naam van het instrument; meest_gebruikt: dat van de meeste huishoudens")

WARNING = (
    "Meer gemelde onveiligheid kan een teken van vertrouwen zijn en niet van achteruitgang: gezinnen "
    "vertellen na een tijd meer. Scores zijn er om van te leren, niet om mee af te rekenen; lees ze samen "
    "met de verhalen van gezinnen en professionals."
)
SAME = (
    "Vergeleken wordt per reeks: dezelfde informant over dezelfde persoon, met hetzelfde instrument. Heeft "
    "een huishouden meer reeksen, dan telt hun gemiddelde. De score van een moment is de schaalscore zelf of "
    "het gemiddelde van de beantwoorde items; een hogere score is beter."
)
NOT_MEASURED = "niet gemeten in het venster"
OTHER = "alleen met een ander instrument of soort score gemeten"
ONE_METING = "één meting in het venster"
OTHER_REEKS = "wel vaker gemeten, maar niet in dezelfde reeks"
NO_MEASUREMENT_ERROR = "betrouwbaarheid van de schaal niet te bepalen"
UITSLUITINGEN = (
    "huishoudens zonder dag in het venster; niet gemeten; alleen met een ander instrument of een andere "
    "soort score (items of schaalscore) gemeten; één meting; vaker gemeten, maar nooit twee keer in "
    "dezelfde reeks"
)
_REEKS = ["huishouden_id", "persoon", "instrument", "informant"]


@dataclass(frozen=True)
class Answers:
    """Households present in the window, all their answers on one scale, and those of one instrument."""

    aanwezig: ir.Table
    alle: ir.Table
    counted: ir.Table


def answers(
    t: Mapping[str, ir.Table], vraag: Vraag, *, schaal: str | None = None, only_items: bool = False
) -> Answers:
    """Return the answers on one scale (default the parameter) on a day in the window.

    Columns: `huishouden_id, persoon, instrument, informant, datum, item, los` (1: items, 0: the score
    of the scale itself) and `w`, in millionths. Scores on different instruments cannot be compared, nor can
    items with scores of the scale, so one kind is chosen; ties go to the scale and then by name.
    """
    aanwezig = present(t["huishouden"], vraag).select("huishouden_id")
    m = t["meting"]
    choice = m.filter(
        m.schaal == (schaal or vraag.params["schaal"]),
        m.datum >= ibis.literal(vraag.venster.begin),
        m.datum < ibis.literal(vraag.grens),
    )
    informant = vraag.params.get("informant", _ALL)
    if informant != _ALL:
        choice = choice.filter(choice.informant == informant)
    # The same observation delivered twice is one observation.
    one = choice.select(
        "huishouden_id",
        "datum",
        "instrument",
        persoon=choice.persoon_id.fill_null(""),
        informant=choice.informant.fill_null(""),
        item=choice.item.fill_null(""),
        w=(choice.waarde.cast("float64") * POINT).round().cast("int64"),
    )
    per_item = _mean(one, [*_REEKS, "datum", "item"])
    loose = per_item.mutate(los=(per_item.item != "").cast("int64"))
    every = shared(loose.semi_join(aanwezig, "huishouden_id"))
    return Answers(aanwezig, every, _one_instrument(every, vraag.params["instrument"], only_items))


def _mean(table: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Return the mean of `w` per key, in whole millionths."""
    per = table.group_by(list(keys)).agg(som=table.w.sum(), aantal=table.w.count())
    return per.select(*keys, w=(per.som / per.aantal).round().cast("int64"))


def _one_instrument(every: ir.Table, instrument: str, only_items: bool) -> ir.Table:
    candidate = every.filter(every.los == 1) if only_items else every
    if instrument != _MOST:
        candidate = candidate.filter(candidate.instrument == instrument)
    count = candidate.group_by(["instrument", "los"]).agg(h=candidate.huishouden_id.nunique())
    top = count.order_by([ibis.desc("h"), "los", "instrument"]).limit(1)
    return candidate.semi_join(top, ["instrument", "los"])


def moments(counted: ir.Table) -> ir.Table:
    """Return one score per series and day: the score of the scale, or the mean of the items answered."""
    return shared(_mean(counted, [*_REEKS, "datum"]))


def _join(left: ir.Table, right: ir.Table) -> ir.Table:
    at = left.left_join(right, "huishouden_id")
    return at.drop(*(k for k in at.columns if k == "huishouden_id_right"))


def changes(
    t: Mapping[str, ir.Table], vraag: Vraag, *, schaal: str | None = None, only_items: bool = False
) -> ir.Table:
    """Return first and last score of every household present in the window.

    Returns
    -------
    Table
        `huishouden_id, voor, na` in millionths, and `reden` (null: voor and na are there). A household
        with several series of at least two days brings the mean of their first and of their last scores.
    """
    a = answers(t, vraag, schaal=schaal, only_items=only_items)
    moment = moments(a.counted)
    reeks = moment.group_by(_REEKS).agg(
        begin=moment.datum.min(),
        eind=moment.datum.max(),
        eerste=moment.w.argmin(moment.datum),
        laatste=moment.w.argmax(moment.datum),
    )
    more_often = reeks.begin < reeks.eind
    per = reeks.group_by("huishouden_id").agg(
        een_dag=reeks.begin.min() == reeks.eind.max(),
        voor=(reeks.eerste.sum(where=more_often) / reeks.count(where=more_often)).round().cast("int64"),
        na=(reeks.laatste.sum(where=more_often) / reeks.count(where=more_often)).round().cast("int64"),
    )
    ever = a.alle.group_by("huishouden_id").agg(antwoorden=a.alle.count())
    at = _join(_join(a.aanwezig, ever), per)
    out = at.select(
        "huishouden_id",
        "voor",
        "na",
        reden=ibis.cases(
            (at.antwoorden.isnull(), NOT_MEASURED),
            (at.een_dag.isnull(), OTHER),
            (at.een_dag, ONE_METING),
            (at.voor.isnull(), OTHER_REEKS),
            else_=ibis.null("string"),
        ),
    )
    return shared(out)


@dataclass(frozen=True)
class Units:
    """One unit per household: its first answers, on the items of the scale.

    `rijen`: `huishouden_id, item, w` of units with every item; `incomplete`: households without one of
    them; the rest as in `Answers`.
    """

    rijen: ir.Table
    incomplete: ir.Table
    antwoorden: Answers


def first_units(t: Mapping[str, ir.Table], vraag: Vraag) -> Units:
    """Return the first answers of each household by one informant about one person.

    One unit per household, so that units are independent; on the same day the person and informant that
    come first by name. An item belongs to the scale when at least half of the units answered it.
    """
    a = answers(t, vraag, only_items=True)
    order = ibis.window(group_by="huishouden_id", order_by=["datum", "persoon", "informant"])
    first = a.counted.mutate(volg=ibis.dense_rank().over(order)).filter(lambda r: r.volg == 0)
    eenheden = first.aggregate(eenheden=first.huishouden_id.nunique())
    per_item = first.group_by("item").agg(beantwoord=first.count()).cross_join(eenheden)
    schaal = per_item.filter(per_item.beantwoord * 2 >= per_item.eenheden)
    counts = first.semi_join(schaal, "item")
    aantal = schaal.aggregate(items=schaal.count())
    per_eenheid = counts.group_by("huishouden_id").agg(aantal=counts.count()).cross_join(aantal)
    full = per_eenheid.filter(per_eenheid.aantal == per_eenheid["items"])
    rows = shared(counts.semi_join(full, "huishouden_id").select("huishouden_id", "item", "w"))
    incomplete = a.counted.select("huishouden_id").distinct().anti_join(rows, "huishouden_id")
    return Units(rows, incomplete, a)


def reliable_change(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row, `limit`: the change in millionths that measurement error alone rarely gives.

    1.96 * sqrt(2) * sd * sqrt(1 - alpha), with sd the spread of the mean of the items and alpha Cronbach's,
    over the units of `first_units`. Null with fewer than two units or items. With k items, trace tr and total
    V of their covariance matrix, sd^2 (1 - alpha) = (k tr - V) / (k^2 (k - 1)).
    """
    rows = first_units(t, vraag).rijen
    points = rows.mutate(x=rows.w.cast("float64") / POINT)
    per_item = points.group_by("item").agg(variantie=points.x.var(how="sample"))
    per_eenheid = points.group_by("huishouden_id").agg(som=points.x.sum())
    sums = per_item.aggregate(k=per_item.count(), spoor=per_item.variantie.sum()).cross_join(
        per_eenheid.aggregate(n=per_eenheid.count(), totaal=per_eenheid.som.var(how="sample"))
    )
    k = sums.k.cast("float64")
    fout = ibis.greatest((k * sums.spoor - sums.totaal) / (k * k * (k - 1)).nullif(0), 0.0)
    enough = (sums.k >= 2) & (sums.n >= 2)
    # Whole millionths again: the last bits of sums of floats depend on their order.
    limit = (_RELIABLE * fout.sqrt() * POINT).round().cast("int64")
    return sums.select(grens=ibis.ifelse(enough, limit, ibis.null("int64")))


def absent_households(t: Mapping[str, ir.Table], aanwezig: ir.Table) -> ir.Table:
    """Return the households without a day in the window, with the reason."""
    gone = t["huishouden"].anti_join(aanwezig, "huishouden_id")
    return gone.select("huishouden_id", reden=ibis.literal(OUTSIDE_VENSTER))


def unit_rows(rows: ir.Table, waarden: Mapping[str, ir.Value], gone: ir.Table) -> ir.Table:
    """Return unit rows: `waarden` where `reden` is null, and every excluded household with its reason."""
    together = rows.select(
        "huishouden_id",
        **{k: ibis.ifelse(rows.reden.isnull(), w, ibis.null(w.type())) for k, w in waarden.items()},
        uitsluiting=rows.reden,
    )
    empty = gone.select(
        "huishouden_id", **{k: ibis.null(w.type()) for k, w in waarden.items()}, uitsluiting=gone.reden
    )
    return cast(ir.Table, together.union(empty))


def points(column: ir.NumericValue) -> ir.NumericValue:
    """Return millionths as points."""
    return cast(ir.NumericValue, column.cast("float64") / POINT)

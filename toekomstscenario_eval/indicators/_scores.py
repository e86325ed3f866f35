"""What a score is: the one place where answers become moments, changes and reliability; see `_scale`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.spells import present, shared
from toekomstscenario_eval.indicators._rows import OUTSIDE_VENSTER
from toekomstscenario_eval.indicators._scale import (
    PARTS,
    POINT,
    complete,
    described,
    first_answers,
    items_of,
    scored,
    squared_error,
    upright,
)
from toekomstscenario_eval.indicators._stay import in_window
from toekomstscenario_eval.types import Param, Vraag

_ALL, _MOST = "alle", "meest_gebruikt"
# 95 of 100 differences between two measurements of somebody who did not change are smaller.
_RELIABLE = 1.96

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
    "het gemiddelde van de items van de schaal; een hogere score is beter. Zijn niet alle items beantwoord, "
    "dan is er geen score, tenzij u met minimum_items zegt hoeveel er genoeg zijn: wat ontbreekt is dan "
    "aangevuld naar het niveau van die items, en de meetfout is groter. Een item hoort bij de schaal als het "
    "in de tabel schaal_item staat; staat er van het instrument niets in die tabel, als ten minste de helft "
    "het beantwoordde."
)
NOT_MEASURED = "niet gemeten in het venster"
OTHER = "alleen met een ander instrument of soort score gemeten"
ONE_METING = "één meting in het venster"
OTHER_REEKS = "wel vaker gemeten, maar niet in dezelfde reeks"
INCOMPLETE = "niet alle items van de schaal beantwoord"
FEW_ITEMS = "te weinig items van de schaal beantwoord"
NO_MEASUREMENT_ERROR = "betrouwbaarheid van de schaal niet te bepalen"
UITSLUITINGEN = (
    "huishoudens zonder dag in het venster; niet gemeten; alleen met een ander instrument of een andere "
    "soort score (items of schaalscore) gemeten; één meting; vaker gemeten, maar nooit twee keer in "
    "dezelfde reeks; niet twee keer met alle items van de schaal (of met minimum_items)"
)
_REEKS = ["huishouden_id", "persoon", "instrument", "informant"]


@dataclass(frozen=True)
class Answers:
    """Households present in the window, their answers on a scale, those on one instrument, and its items."""

    aanwezig: ir.Table
    alle: ir.Table
    counted: ir.Table
    items: ir.Table


def answers(
    t: Mapping[str, ir.Table], vraag: Vraag, *, schaal: str | None = None, only_items: bool = False
) -> Answers:
    """Return the answers on one scale (default the parameter) on a day in the window, higher being better.

    Columns: `huishouden_id, persoon, instrument, informant, datum, item, los` (1: items, 0: the score
    of the scale itself) and `w`, in millionths. Scores on different instruments cannot be compared, nor can
    items with scores of the scale, so one kind is chosen; ties go to the scale and then by name.
    """
    aanwezig = present(t["huishouden"], vraag).select("huishouden_id")
    m, naam = t["meting"], schaal or vraag.params["schaal"]
    choice = in_window(m.filter(m.schaal == naam), vraag)
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
    scale = described(t, naam)
    per_item = upright(_mean(one, [*_REEKS, "datum", "item"]), scale)
    loose = per_item.mutate(los=(per_item.item != "").cast("int64"))
    every = shared(loose.semi_join(aanwezig, "huishouden_id"))
    counted = _one_instrument(every, vraag.params["instrument"], only_items)
    return Answers(aanwezig, every, counted, items_of(counted, scale))


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


def moments(a: Answers, minimum_items: int = 0) -> ir.Table:
    """Return one score per series and day, of who answered enough items of the scale; see `_scale.scored`."""
    return shared(scored(a.counted, a.items, [*_REEKS, "datum"], minimum_items))


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
        `huishouden_id, voor, na` in millionths, `deel` (the squared error of the change, in that of an answer
        to one item), and `reden` (null: voor and na are there). A household with several series of at least
        two days brings the mean of their first and of their last scores; its error is that of one series, for
        answers of one family may err alike.
    """
    a = answers(t, vraag, schaal=schaal, only_items=only_items)
    minimum = vraag.params["minimum_items"]
    per = _first_and_last(moments(a, minimum))
    days = a.counted.group_by(_REEKS).agg(begin=a.counted.datum.min(), eind=a.counted.datum.max())
    ever = days.group_by("huishouden_id").agg(
        een_dag=days.begin.min() == days.eind.max(), vaker=(days.begin < days.eind).any()
    )
    measured = a.alle.group_by("huishouden_id").agg(antwoorden=a.alle.count())
    at = _join(_join(_join(a.aanwezig, measured), ever), per)
    out = at.select(
        "huishouden_id",
        "voor",
        "na",
        "deel",
        reden=ibis.cases(
            (at.antwoorden.isnull(), NOT_MEASURED),
            (at.een_dag.isnull(), OTHER),
            (at.voor.notnull(), ibis.null("string")),
            (at.een_dag, ONE_METING),
            (~at.vaker, OTHER_REEKS),
            else_=too_few(minimum),
        ),
    )
    return shared(out)


def too_few(minimum_items: int) -> str:
    """Return why a measurement is no score of the scale."""
    return FEW_ITEMS if minimum_items else INCOMPLETE


def _first_and_last(moment: ir.Table) -> ir.Table:
    """Return per household the mean of its series of two days and more: `voor, na, deel`."""
    reeks = moment.group_by(_REEKS).agg(
        begin=moment.datum.min(),
        eind=moment.datum.max(),
        eerste=moment.w.argmin(moment.datum),
        laatste=moment.w.argmax(moment.datum),
        delen=moment.deel.argmin(moment.datum) + moment.deel.argmax(moment.datum),
    )
    reeks = reeks.filter(reeks.begin < reeks.eind)
    n = reeks.count()
    return reeks.group_by("huishouden_id").agg(
        voor=(reeks.eerste.sum() / n).round().cast("int64"),
        na=(reeks.laatste.sum() / n).round().cast("int64"),
        deel=reeks.delen.sum() / n / PARTS,
    )


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
    """Return the first answers of each household by one informant about one person."""
    a = answers(t, vraag, only_items=True)
    rows = complete(first_answers(a.counted), a.items, ["huishouden_id"])
    full = shared(rows.select("huishouden_id", "item", "w"))
    incomplete = a.counted.select("huishouden_id").distinct().anti_join(full, "huishouden_id")
    return Units(full, incomplete, a)


def reliable_change(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return the changes of every household with `grens`: what measurement error alone rarely gives.

    1.96 times the error of the change, in millionths: with e^2 the squared error of an answer to one item and
    m_1 and m_2 items answered, e sqrt(1 / m_1 + 1 / m_2). With all items that is sqrt(2) times the error of
    the score. Null where the error is not known.
    """
    # The error of the mean of the items says nothing about another kind of score.
    rows = changes(t, vraag, only_items=True).cross_join(squared_error(first_units(t, vraag).rijen))
    # Whole millionths again: the last bits of sums of floats depend on their order.
    limit = (_RELIABLE * (rows.fout * rows.deel).sqrt() * POINT).round().cast("int64")
    return rows.mutate(grens=limit)


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

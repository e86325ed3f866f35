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
from toekomstscenario_eval.indicators._rijen import BUITEN_VENSTER
from toekomstscenario_eval.types import Param, Vraag

PUNT = 1_000_000
_ALLE, _MEEST = "alle", "meest_gebruikt"
# 95 of 100 differences between two measurements of somebody who did not change are smaller.
_BETROUWBAAR = 1.96 * math.sqrt(2)

TABELLEN = {
    "huishouden": ("huishouden_id", "begin", "eind"),
    "meting": (
        "huishouden_id", "persoon_id", "datum", "instrument", "schaal", "item", "waarde", "informant",
    ),
}  # fmt: skip
WAARDEN = ("veiligheid", "bestaanszekerheid", "ontwikkeling")
SCHAAL = Param("veiligheid", "welke uitkomst", (*WAARDEN, "rust", "ervaren_steun"))
INFORMANT = Param(
    _ALLE, "wiens antwoorden meetellen; alle: iedereen", (_ALLE, "ouder", "kind", "professional")
)
INSTRUMENT = Param(_MEEST, "naam van het instrument; meest_gebruikt: dat van de meeste huishoudens")

WAARSCHUWING = (
    "Meer gemelde onveiligheid kan een teken van vertrouwen zijn en niet van achteruitgang: gezinnen "
    "vertellen na een tijd meer. Scores zijn er om van te leren, niet om mee af te rekenen; lees ze samen "
    "met de verhalen van gezinnen en professionals."
)
ZELFDE = (
    "Vergeleken wordt per reeks: dezelfde informant over dezelfde persoon, met hetzelfde instrument. Heeft "
    "een huishouden meer reeksen, dan telt hun gemiddelde. De score van een moment is de schaalscore zelf of "
    "het gemiddelde van de beantwoorde items; een hogere score is beter."
)
NIET_GEMETEN = "niet gemeten in het venster"
ANDER = "alleen met een ander instrument of soort score gemeten"
EEN_METING = "één meting in het venster"
ANDERE_REEKS = "wel vaker gemeten, maar niet in dezelfde reeks"
GEEN_MEETFOUT = "betrouwbaarheid van de schaal niet te bepalen"
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
    mee: ir.Table


def answers(
    t: Mapping[str, ir.Table], vraag: Vraag, *, schaal: str | None = None, alleen_items: bool = False
) -> Answers:
    """Return the answers on one scale (default the parameter) on a day in the window.

    Columns: `huishouden_id, persoon, instrument, informant, datum, item, los` (1: items, 0: the score
    of the scale itself) and `w`, in millionths. Scores on different instruments cannot be compared, nor can
    items with scores of the scale, so one kind is chosen; ties go to the scale and then by name.
    """
    aanwezig = present(t["huishouden"], vraag).select("huishouden_id")
    m = t["meting"]
    keuze = m.filter(
        m.schaal == (schaal or vraag.params["schaal"]),
        m.datum >= ibis.literal(vraag.venster.begin),
        m.datum < ibis.literal(vraag.grens),
    )
    informant = vraag.params.get("informant", _ALLE)
    if informant != _ALLE:
        keuze = keuze.filter(keuze.informant == informant)
    # The same observation delivered twice is one observation.
    een = keuze.select(
        "huishouden_id",
        "datum",
        "instrument",
        persoon=keuze.persoon_id.fill_null(""),
        informant=keuze.informant.fill_null(""),
        item=keuze.item.fill_null(""),
        w=(keuze.waarde.cast("float64") * PUNT).round().cast("int64"),
    )
    per_item = _mean(een, [*_REEKS, "datum", "item"])
    los = per_item.mutate(los=(per_item.item != "").cast("int64"))
    alle = shared(los.semi_join(aanwezig, "huishouden_id"))
    return Answers(aanwezig, alle, _one_instrument(alle, vraag.params["instrument"], alleen_items))


def _mean(tabel: ir.Table, sleutels: Sequence[str]) -> ir.Table:
    """Return the mean of `w` per key, in whole millionths."""
    per = tabel.group_by(list(sleutels)).agg(som=tabel.w.sum(), aantal=tabel.w.count())
    return per.select(*sleutels, w=(per.som / per.aantal).round().cast("int64"))


def _one_instrument(alle: ir.Table, instrument: str, alleen_items: bool) -> ir.Table:
    kandidaat = alle.filter(alle.los == 1) if alleen_items else alle
    if instrument != _MEEST:
        kandidaat = kandidaat.filter(kandidaat.instrument == instrument)
    tel = kandidaat.group_by(["instrument", "los"]).agg(h=kandidaat.huishouden_id.nunique())
    top = tel.order_by([ibis.desc("h"), "los", "instrument"]).limit(1)
    return kandidaat.semi_join(top, ["instrument", "los"])


def moments(mee: ir.Table) -> ir.Table:
    """Return one score per series and day: the score of the scale, or the mean of the items answered."""
    return shared(_mean(mee, [*_REEKS, "datum"]))


def _join(links: ir.Table, rechts: ir.Table) -> ir.Table:
    bij = links.left_join(rechts, "huishouden_id")
    return bij.drop(*(k for k in bij.columns if k == "huishouden_id_right"))


def changes(
    t: Mapping[str, ir.Table], vraag: Vraag, *, schaal: str | None = None, alleen_items: bool = False
) -> ir.Table:
    """Return first and last score of every household present in the window.

    Returns
    -------
    Table
        `huishouden_id, voor, na` in millionths, and `reden` (null: voor and na are there). A household
        with several series of at least two days brings the mean of their first and of their last scores.
    """
    a = answers(t, vraag, schaal=schaal, alleen_items=alleen_items)
    moment = moments(a.mee)
    reeks = moment.group_by(_REEKS).agg(
        begin=moment.datum.min(),
        eind=moment.datum.max(),
        eerste=moment.w.argmin(moment.datum),
        laatste=moment.w.argmax(moment.datum),
    )
    vaker = reeks.begin < reeks.eind
    per = reeks.group_by("huishouden_id").agg(
        een_dag=reeks.begin.min() == reeks.eind.max(),
        voor=(reeks.eerste.sum(where=vaker) / reeks.count(where=vaker)).round().cast("int64"),
        na=(reeks.laatste.sum(where=vaker) / reeks.count(where=vaker)).round().cast("int64"),
    )
    ooit = a.alle.group_by("huishouden_id").agg(antwoorden=a.alle.count())
    bij = _join(_join(a.aanwezig, ooit), per)
    uit = bij.select(
        "huishouden_id",
        "voor",
        "na",
        reden=ibis.cases(
            (bij.antwoorden.isnull(), NIET_GEMETEN),
            (bij.een_dag.isnull(), ANDER),
            (bij.een_dag, EEN_METING),
            (bij.voor.isnull(), ANDERE_REEKS),
            else_=ibis.null("string"),
        ),
    )
    return shared(uit)


@dataclass(frozen=True)
class Units:
    """One unit per household: its first answers, on the items of the scale.

    `rijen`: `huishouden_id, item, w` of units with every item; `onvolledig`: households without one of
    them; the rest as in `Answers`.
    """

    rijen: ir.Table
    onvolledig: ir.Table
    antwoorden: Answers


def first_units(t: Mapping[str, ir.Table], vraag: Vraag) -> Units:
    """Return the first answers of each household by one informant about one person.

    One unit per household, so that units are independent; on the same day the person and informant that
    come first by name. An item belongs to the scale when at least half of the units answered it.
    """
    a = answers(t, vraag, alleen_items=True)
    volgorde = ibis.window(group_by="huishouden_id", order_by=["datum", "persoon", "informant"])
    eerste = a.mee.mutate(volg=ibis.dense_rank().over(volgorde)).filter(lambda r: r.volg == 0)
    eenheden = eerste.aggregate(eenheden=eerste.huishouden_id.nunique())
    per_item = eerste.group_by("item").agg(beantwoord=eerste.count()).cross_join(eenheden)
    schaal = per_item.filter(per_item.beantwoord * 2 >= per_item.eenheden)
    telt = eerste.semi_join(schaal, "item")
    aantal = schaal.aggregate(items=schaal.count())
    per_eenheid = telt.group_by("huishouden_id").agg(aantal=telt.count()).cross_join(aantal)
    vol = per_eenheid.filter(per_eenheid.aantal == per_eenheid["items"])
    rijen = shared(telt.semi_join(vol, "huishouden_id").select("huishouden_id", "item", "w"))
    onvolledig = a.mee.select("huishouden_id").distinct().anti_join(rijen, "huishouden_id")
    return Units(rijen, onvolledig, a)


def reliable_change(t: Mapping[str, ir.Table], vraag: Vraag) -> ir.Table:
    """Return one row, `grens`: the change in millionths that measurement error alone rarely gives.

    1.96 * sqrt(2) * sd * sqrt(1 - alpha), with sd the spread of the mean of the items and alpha Cronbach's,
    over the units of `first_units`. Null with fewer than two units or items. With k items, trace tr and total
    V of their covariance matrix, sd^2 (1 - alpha) = (k tr - V) / (k^2 (k - 1)).
    """
    rijen = first_units(t, vraag).rijen
    punten = rijen.mutate(x=rijen.w.cast("float64") / PUNT)
    per_item = punten.group_by("item").agg(variantie=punten.x.var(how="sample"))
    per_eenheid = punten.group_by("huishouden_id").agg(som=punten.x.sum())
    sommen = per_item.aggregate(k=per_item.count(), spoor=per_item.variantie.sum()).cross_join(
        per_eenheid.aggregate(n=per_eenheid.count(), totaal=per_eenheid.som.var(how="sample"))
    )
    k = sommen.k.cast("float64")
    fout = ibis.greatest((k * sommen.spoor - sommen.totaal) / (k * k * (k - 1)).nullif(0), 0.0)
    genoeg = (sommen.k >= 2) & (sommen.n >= 2)
    # Whole millionths again: the last bits of sums of floats depend on their order.
    grens = (_BETROUWBAAR * fout.sqrt() * PUNT).round().cast("int64")
    return sommen.select(grens=ibis.ifelse(genoeg, grens, ibis.null("int64")))


def absent_households(t: Mapping[str, ir.Table], aanwezig: ir.Table) -> ir.Table:
    """Return the households without a day in the window, with the reason."""
    weg = t["huishouden"].anti_join(aanwezig, "huishouden_id")
    return weg.select("huishouden_id", reden=ibis.literal(BUITEN_VENSTER))


def unit_rows(rijen: ir.Table, waarden: Mapping[str, ir.Value], weg: ir.Table) -> ir.Table:
    """Return unit rows: `waarden` where `reden` is null, and every excluded household with its reason."""
    samen = rijen.select(
        "huishouden_id",
        **{k: ibis.ifelse(rijen.reden.isnull(), w, ibis.null(w.type())) for k, w in waarden.items()},
        uitsluiting=rijen.reden,
    )
    leeg = weg.select(
        "huishouden_id", **{k: ibis.null(w.type()) for k, w in waarden.items()}, uitsluiting=weg.reden
    )
    return cast(ir.Table, samen.union(leeg))


def points(kolom: ir.NumericValue) -> ir.NumericValue:
    """Return millionths as points."""
    return cast(ir.NumericValue, kolom.cast("float64") / PUNT)

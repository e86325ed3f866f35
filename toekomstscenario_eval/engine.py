"""Unit rows to summaries, computed where the data live; only small tables come back.

Columns of `Summary.gegevens` besides `groep` and `periode`, per kind:

======== =====================================================================================
AANDEEL  som_t, som_n, som_tt, som_nn, som_tn: sums over households of teller and noemer
AANTAL   aantal, n, som_b, som_bb: histogram of counts with exposure in days and its square
DUUR     dag, soort, n: entries (-1), censored (0) and ended (cause 1..) spells per day
HERHAALD dag, soort, n: as DUUR, but an event (1) does not end the observation
SCORE    n, som_v, som_w, som_vv, som_ww, som_vw: sums of value before (v) and value (w), squares
         and product; n_paar and the sums with v over units with both
MATRIX   rij, kolom, n, som_r, som_k, som_rk: per pair of items the sums over units with all items
NETWERK  huishouden, actor, organisatie (integer codes), soort: the distinct ties
======== =====================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.registry import Indicator
from toekomstscenario_eval.types import TOTAAL, UITSLUITING, Card, Kind, Summary, Venster, Vraag

ONBEKEND = "onbekend"
_SCHAAL = 1_000_000
_MAANDEN = {"jaar": 12, "halfjaar": 6, "kwartaal": 3}
_LETTER = {"halfjaar": "H", "kwartaal": "K"}


@dataclass(frozen=True)
class Summaries:
    """All summaries of one question: the whole, one per breakdown, and what was left out."""

    totaal: Summary
    per: Mapping[str, Summary]
    uitsluitingen: pd.DataFrame


def split_periods(venster: Venster, periode: str | None) -> dict[str, Venster]:
    """Cut the window at calendar borders; a part period says so in its label.

    Returns
    -------
    dict of label to Venster
        One entry with an empty label when `periode` is None.
    """
    if periode is None:
        return {"": venster}
    if periode not in _MAANDEN:
        raise GebruikFout(f"de periode '{periode}' bestaat niet", herstel=bedoelt_u(periode, _MAANDEN))
    stap, uit = _MAANDEN[periode], {}
    jaar, maand = venster.begin.year, (venster.begin.month - 1) // stap * stap + 1
    while (begin := date(jaar, maand, 1)) < venster.eind:
        volgend = maand + stap
        jaar_erna, maand_erna = (jaar, volgend) if volgend <= 12 else (jaar + 1, volgend - 12)
        eind = date(jaar_erna, maand_erna, 1)
        deel = Venster(max(begin, venster.begin), min(eind, venster.eind))
        label = str(jaar) if periode == "jaar" else f"{jaar}-{_LETTER[periode]}{(maand - 1) // stap + 1}"
        uit[label if deel == Venster(begin, eind) else f"{label} (deel)"] = deel
        jaar, maand = jaar_erna, maand_erna
    return uit


def group_fields() -> dict[str, tuple[str, str, str | None]]:
    """Return what results may be split by: name -> table, column, code list.

    Every field of huishouden and proeftuin that is no key and no date, and the proeftuin itself.
    """
    tabellen = load_schema().tabellen
    uit: dict[str, tuple[str, str, str | None]] = {"proeftuin": ("proeftuin", "naam", None)}
    for tabel, voorvoegsel in (("huishouden", ""), ("proeftuin", "proeftuin_")):
        for veld in tabellen[tabel].velden:
            if veld.type != "date" and not veld.naam.endswith("_id") and veld.naam != "naam":
                uit[voorvoegsel + veld.naam] = (tabel, veld.naam, veld.codelijst)
    return uit


def groups(pakket: Package, per: str) -> ir.Table:
    """Return `huishouden_id, groep`: the group of every household; unknown is a group of its own."""
    velden = group_fields()
    if per not in velden:
        raise GebruikFout(f"uitsplitsen naar '{per}' kan niet", herstel=bedoelt_u(per, velden))
    tabel, kolom, codelijst = velden[per]
    huishouden = pakket.tabellen["huishouden"]
    if tabel == "proeftuin":
        # Renamed first: huishouden and proeftuin may share names of columns.
        proeftuin = pakket.tabellen["proeftuin"].select("proeftuin_id", groep_waarde=kolom)
        bij = huishouden.select("huishouden_id", "proeftuin_id").left_join(proeftuin, "proeftuin_id")
    else:
        bij = huishouden.select("huishouden_id", groep_waarde=kolom)
    waarde = bij.groep_waarde.cast("string")
    if codelijst:
        waarde = waarde.substitute(load_schema().codelijsten[codelijst].labels, else_=waarde)
    return bij.select("huishouden_id", groep=waarde.fill_null(ONBEKEND))


def strata(pakket: Package, per: Sequence[str]) -> dict[str, str]:
    """Return for each proeftuin the coarser groups, among those in `per`, that it is a part of.

    Disclosure control needs it: a hidden proeftuin must not follow from the published total of
    its kind. Empty when the results are not split by proeftuin and something coarser at once.
    """
    grof = [p for p in per if p.startswith("proeftuin_")]
    if "proeftuin" not in per or not grof:
        return {}
    velden = group_fields()
    tabel = pakket.tabellen["proeftuin"].select("naam", *(velden[p][1] for p in grof)).execute()
    return {str(rij[0]): " / ".join(map(str, rij[1:])) for rij in tabel.itertuples(index=False)}


def _share(rijen: ir.Table) -> ir.Table:
    return rijen.group_by("groep").agg(
        som_t=rijen.teller.sum(),
        som_n=rijen.noemer.sum(),
        som_tt=(rijen.teller * rijen.teller).sum(),
        som_nn=(rijen.noemer * rijen.noemer).sum(),
        som_tn=(rijen.teller * rijen.noemer).sum(),
    )


def _count(rijen: ir.Table) -> ir.Table:
    return rijen.group_by(["groep", "aantal"]).agg(
        n=rijen.count(),
        som_b=rijen.blootstelling.sum(),
        som_bb=(rijen.blootstelling * rijen.blootstelling).sum(),
    )


def _duration(rijen: ir.Table) -> ir.Table:
    erin = rijen.select("groep", dag=rijen.instroom, soort=ibis.literal(-1, "int64"))
    eruit = rijen.select("groep", dag=rijen.duur, soort=rijen.einde)
    return erin.union(eruit).group_by(["groep", "dag", "soort"]).agg(n=lambda t: t.count())


def _recurrent(rijen: ir.Table) -> ir.Table:
    return rijen.group_by(["groep", "dag", "soort"]).agg(n=rijen.count())


def _exact(kolom: ir.NumericValue) -> ir.NumericValue:
    # Whole millionths: sums of integers are the same in any order, sums of floats are not.
    return (kolom * _SCHAAL).round().cast("int64")


def _score(rijen: ir.Table) -> ir.Table:
    heel = rijen.mutate(v=_exact(rijen.voor.cast("float64")), w=_exact(rijen.waarde.cast("float64")))
    paar = heel.v.notnull()
    sommen = heel.group_by("groep").agg(
        n=heel.count(),
        som_w=heel.w.sum(),
        som_ww=(heel.w.cast("decimal(38, 0)") * heel.w).sum(),
        n_paar=heel.count(where=paar),
        som_v=heel.v.sum(),
        som_vv=(heel.v.cast("decimal(38, 0)") * heel.v).sum(),
        paar_w=heel.w.sum(where=paar),
        paar_ww=(heel.w.cast("decimal(38, 0)") * heel.w).sum(where=paar),
        som_vw=(heel.v.cast("decimal(38, 0)") * heel.w).sum(),
    )
    return _rescale(sommen, ("som_w", "som_v", "paar_w"), ("som_ww", "som_vv", "paar_ww", "som_vw"))


def _rescale(tabel: ir.Table, enkel: Sequence[str], dubbel: Sequence[str]) -> ir.Table:
    """Bring sums and sums of products back from millionths to the scale of the score."""
    return tabel.mutate(
        **{k: tabel[k].cast("float64").fill_null(0.0) / _SCHAAL for k in enkel},
        **{k: tabel[k].cast("float64").fill_null(0.0) / _SCHAAL**2 for k in dubbel},
    )


def _items(rijen: ir.Table) -> ir.Table:
    """Sums per pair of items over the units that answered every item (listwise)."""
    heel = rijen.mutate(w=_exact(rijen.waarde.cast("float64")))
    alle = heel.group_by("groep").agg(items=heel.item.nunique())
    vol = heel.group_by(["groep", "eenheid"]).agg(aantal=heel.item.nunique()).join(alle, "groep")
    mee = heel.semi_join(vol.filter(vol.aantal == vol.items), ["groep", "eenheid"])
    links = mee.select("groep", "eenheid", rij="item", r="w")
    rechts = mee.select("groep", "eenheid", kolom="item", k="w")
    paar = links.join(rechts, ["groep", "eenheid"])
    sommen = paar.group_by(["groep", "rij", "kolom"]).agg(
        n=paar.count(),
        som_r=paar.r.sum(),
        som_k=paar.k.sum(),
        som_rk=(paar.r.cast("decimal(38, 0)") * paar.k).sum(),
    )
    return _rescale(sommen, ("som_r", "som_k"), ("som_rk",))


def _ties(rijen: ir.Table) -> ir.Table:
    def code(kolom: ir.Column) -> ir.Value:
        # Dense ranks are the same for any row order, and no pseudonym leaves the engine.
        return ibis.dense_rank().over(ibis.window(order_by=kolom))

    labels = load_schema().codelijsten["organisatie_soort"].labels
    return rijen.select(
        "groep",
        soort=rijen.soort.substitute(labels, else_=rijen.soort),
        huishouden=code(rijen.huishouden_id),
        actor=code(rijen.actor),
        organisatie=code(rijen.organisatie),
    ).distinct()


_SUMMARISE: Mapping[Kind, Callable[[ir.Table], ir.Table]] = {
    Kind.AANDEEL: _share,
    Kind.AANTAL: _count,
    Kind.DUUR: _duration,
    Kind.HERHAALD: _recurrent,
    Kind.SCORE: _score,
    Kind.MATRIX: _items,
    Kind.NETWERK: _ties,
}


def _fetch(tabel: ir.Table) -> pd.DataFrame:
    """Run a query and sort the answer on all columns, so that it never depends on the engine's order."""
    uit = cast(pd.DataFrame, tabel.execute())
    return uit.sort_values(list(uit.columns), ignore_index=True)


@dataclass(frozen=True)
class _Part:
    gegevens: pd.DataFrame
    groepen: pd.DataFrame
    uitgesloten: pd.DataFrame


def _summarise(eenheden: ir.Table, indeling: ir.Table | None, card: Card) -> _Part:
    """Summarise the unit rows of one window, for the whole (`indeling` None) or per group."""
    if indeling is None:
        rijen, alle = eenheden.mutate(groep=ibis.literal(TOTAAL)), None
    else:
        rijen, alle = eenheden.join(indeling, "huishouden_id"), indeling.select("groep").distinct()
    mee = rijen.filter(rijen.uitsluiting.isnull())
    huishoudens = mee.group_by("groep").agg(huishoudens=mee.huishouden_id.nunique())
    if alle is not None:
        # A group in which nobody counts is shown with zero, not left out.
        huishoudens = alle.left_join(huishoudens, "groep").select(
            "groep", huishoudens=lambda t: t.huishoudens.fill_null(0)
        )
    weg = rijen.filter(rijen.uitsluiting.notnull())
    aantal = weg.noemer.fill_null(1).sum() if card.kind is Kind.AANDEEL else weg.count()
    uitgesloten = weg.group_by(["groep", "uitsluiting"]).agg(aantal=aantal)
    groepen = _fetch(huishoudens)
    if alle is None and groepen.empty:
        groepen = pd.DataFrame({"groep": [TOTAAL], "huishoudens": [0]})
    return _Part(_fetch(_SUMMARISE[card.kind](mee)), groepen, _fetch(uitgesloten))


def _collect(delen: Mapping[str, _Part], kind: Kind) -> Summary:
    def samen(kies: Callable[[_Part], pd.DataFrame]) -> pd.DataFrame:
        return pd.concat(
            [kies(deel).assign(periode=label) for label, deel in delen.items()], ignore_index=True
        )

    return Summary(kind, samen(lambda d: d.gegevens), samen(lambda d: d.groepen))


def _excluded(delen: Mapping[str, _Part], uitsplitsing: str) -> pd.DataFrame:
    stukken = [
        deel.uitgesloten.rename(columns={"uitsluiting": "reden"}).assign(
            periode=label, uitsplitsing=uitsplitsing
        )
        for label, deel in delen.items()
    ]
    return pd.concat(stukken, ignore_index=True)[list(UITSLUITING)]


def summarise(
    pakket: Package,
    indicator: Indicator,
    *,
    params: Mapping[str, Any],
    venster: Venster,
    per: Sequence[str] = (),
    periode: str | None = None,
) -> Summaries:
    """Compute the summaries of an indicator: the whole, and one set of groups for each field in `per`.

    Raises
    ------
    GebruikFout
        When a field or `periode` is unknown.
    """
    indelingen: dict[str, ir.Table | None] = {"": None} | {veld: groups(pakket, veld) for veld in per}
    delen: dict[str, dict[str, _Part]] = {veld: {} for veld in indelingen}
    for label, deel in split_periods(venster, periode).items():
        vraag = Vraag(deel, pakket.peildatum, params)
        # The unit rows are needed for every breakdown; they stay in the engine, computed once.
        eenheden = indicator.compute(pakket.tabellen, vraag).cache()
        for veld, indeling in indelingen.items():
            delen[veld][label] = _summarise(eenheden, indeling, indicator.card)
    kind = indicator.card.kind
    return Summaries(
        _collect(delen[""], kind),
        {veld: _collect(delen[veld], kind) for veld in per},
        pd.concat([_excluded(stuk, veld) for veld, stuk in delen.items()], ignore_index=True),
    )

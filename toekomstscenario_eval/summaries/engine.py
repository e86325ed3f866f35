"""Unit rows to summaries, computed where the data live; only small tables come back.

Periods, groups and the roll-up are here; what is added up per kind is in `summaries`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.connection import shrink
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import keeping
from toekomstscenario_eval.errors import GebruikFout, bedoelt_u
from toekomstscenario_eval.identity import ONBEKEND, TOTAAL, Labels
from toekomstscenario_eval.summaries import contract
from toekomstscenario_eval.summaries.kinds import CEL, SUMMARIES
from toekomstscenario_eval.summaries.registry import Indicator
from toekomstscenario_eval.types import SITE, UITSLUITING, Kind, Summary, Venster, Vraag

# Fusing nested selects costs more time than the engine gains by it: it fuses them itself.
ibis.options.sql.fuse_selects = False
_MAANDEN = {"jaar": 12, "halfjaar": 6, "kwartaal": 3}
_LETTER = {"halfjaar": "H", "kwartaal": "K"}


@dataclass(frozen=True)
class Summaries:
    """All summaries of one question: the whole, one per breakdown, and what was left out.

    `gekruist` is the summary per combination of all breakdowns, with a column for each, and `periode`;
    empty for a kind that is listed, not added up.
    """

    totaal: Summary
    per: Mapping[str, Summary]
    uitsluitingen: pd.DataFrame
    gekruist: pd.DataFrame


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
    uit: dict[str, tuple[str, str, str | None]] = {SITE: ("proeftuin", "naam", None)}
    for tabel, voorvoegsel in (("huishouden", ""), ("proeftuin", f"{SITE}_")):
        for veld in tabellen[tabel].velden:
            if veld.type != "date" and not veld.naam.endswith("_id") and veld.naam != "naam":
                uit[voorvoegsel + veld.naam] = (tabel, veld.naam, veld.codelijst)
    return uit


def groups(pakket: Package, per: str) -> ir.Table:
    """Return `huishouden_id, groep`: the code of the group of every household; unknown is one of its own."""
    velden = group_fields()
    if per not in velden:
        raise GebruikFout(f"uitsplitsen naar '{per}' kan niet", herstel=bedoelt_u(per, velden))
    tabel, kolom, _ = velden[per]
    huishouden = pakket.tabellen["huishouden"]
    if tabel == "proeftuin":
        # Renamed first: huishouden and proeftuin may share names of columns.
        proeftuin = pakket.tabellen["proeftuin"].select("proeftuin_id", groep_waarde=kolom)
        bij = huishouden.select("huishouden_id", "proeftuin_id").left_join(proeftuin, "proeftuin_id")
    else:
        bij = huishouden.select("huishouden_id", groep_waarde=kolom)
    return bij.select("huishouden_id", groep=bij.groep_waarde.cast("string").fill_null(ONBEKEND))


# The levels of a network, and the breakdown of the counts of households per kind of organisation.
_KNOPEN = {"soort": "organisatie_soort", "soort organisatie": "organisatie_soort", "domein": "domein"}


def labels() -> Labels:
    """Return the words for the codes that results hold: of every breakdown, and of kinds and domains."""
    lijsten = {veld: lijst for veld, (_, _, lijst) in group_fields().items() if lijst} | _KNOPEN
    return Labels.of({veld: load_schema().codelijsten[lijst].labels for veld, lijst in lijsten.items()})


def strata(pakket: Package, per: Sequence[str]) -> dict[str, str]:
    """Return for each proeftuin the coarser groups, among those in `per`, that it is a part of.

    Disclosure control needs it: a hidden proeftuin must not follow from the published total of
    its kind. Empty when the results are not split by proeftuin and something coarser at once.
    """
    grof = [p for p in per if p.startswith(f"{SITE}_")]
    if SITE not in per or not grof:
        return {}
    velden = group_fields()
    tabel = pakket.tabellen["proeftuin"].select("naam", *(velden[p][1] for p in grof)).execute()
    return {str(naam): " / ".join(map(str, waarden)) for naam, *waarden in tabel.itertuples(index=False)}


def fetch(tabel: ir.Table) -> pd.DataFrame:
    """Run a query and order the answer on all columns, so that it never depends on the engine's order."""
    return cast(pd.DataFrame, tabel.order_by(list(tabel.columns)).execute())


def _fetch_many(tabel: ir.Table) -> pd.DataFrame:
    """Fetch a table that is as long as the data: each text once in memory, and the rows in no order."""
    pijl = tabel.to_pyarrow()
    uit = cast(
        pd.DataFrame, pijl.to_pandas(strings_to_categorical=True, split_blocks=True, self_destruct=True)
    )
    for kolom in uit.select_dtypes("category"):
        uit[kolom] = uit[kolom].cat.reorder_categories(sorted(uit[kolom].cat.categories))
    return uit


@dataclass(frozen=True)
class _Cells:
    """The cell of every household (in the engine), and the group of every cell per breakdown."""

    huishoudens: ir.Table
    groepen: pd.DataFrame

    @classmethod
    def of(cls, pakket: Package, per: Sequence[str]) -> _Cells:
        """Return the cells of a breakdown, worked out once per package."""
        sleutel = ("cellen", *per)
        if sleutel not in pakket.geheugen:
            pakket.geheugen[sleutel] = cls._make(pakket, per)
        return cast(_Cells, pakket.geheugen[sleutel])

    @classmethod
    def _make(cls, pakket: Package, per: Sequence[str]) -> _Cells:
        tabel = pakket.tabellen["huishouden"].select("huishouden_id")
        for veld in per:
            tabel = tabel.join(groups(pakket, veld).rename({veld: "groep"}), "huishouden_id")
        if not per:
            groepen = pd.DataFrame({CEL: [1], "": [TOTAAL]})
            return cls(tabel.mutate(**{CEL: ibis.literal(1, "int64")}), groepen)
        volgnummer = ibis.dense_rank().over(ibis.window(order_by=[tabel[v] for v in per]))
        met_cel = tabel.mutate(**{CEL: volgnummer.cast("int64") + 1}).cache()
        groepen = fetch(met_cel.select(CEL, *per).distinct())
        return cls(met_cel.select("huishouden_id", CEL), groepen.assign(**{"": TOTAAL}))


def codes(tabel: ir.Table, sleutel: str, naam: str) -> ir.Table:
    """Return every key with a number in column `naam`: its rank, the same for any row order."""
    uniek = tabel.select(sleutel).filter(tabel[sleutel].notnull()).distinct()
    return uniek.mutate(**{naam: ibis.dense_rank().over(ibis.window(order_by=uniek[sleutel])).cast("int64")})


def household_codes(pakket: Package) -> ir.Table:
    """Return `huishouden_id, huishouden`: the number of every household of a package."""
    return pakket.once(codes(pakket.tabellen["huishouden"], "huishouden_id", "huishouden"))


@dataclass(frozen=True)
class _Part:
    """Cells of one window: the summary, households that count, and units left out."""

    gegevens: pd.DataFrame
    huishoudens: pd.DataFrame
    uitgesloten: pd.DataFrame


def _summarise(pakket: Package, eenheden: ir.Table, cellen: _Cells, indicator: Indicator) -> _Part:
    card = indicator.card
    rijen = eenheden.join(cellen.huishoudens, "huishouden_id")
    mee = rijen.filter(rijen.uitsluiting.isnull())
    soort = SUMMARIES[card.kind]
    # One query counts who takes part (no reason) and who was left out for which reason, and checks the rows.
    tel = fetch(
        rijen.group_by([CEL, "uitsluiting"]).agg(
            aantal=soort.eenheden(rijen),
            huishoudens=rijen.huishouden_id.nunique(),
            breuk=contract.breach(rijen, card).max(),
        )
    )
    contract.demand(indicator.id, tel["breuk"])
    haal = fetch
    if soort.sleutels is None:
        haal, mee = _fetch_many, mee.join(household_codes(pakket), "huishouden_id")
    weg = tel["uitsluiting"].notna()
    return _Part(
        haal(soort.query(mee)),
        tel.loc[~weg, [CEL, "huishoudens"]].reset_index(drop=True),
        tel.loc[weg, [CEL, "uitsluiting", "aantal"]].reset_index(drop=True),
    )


def _by_group(cellen: _Cells, tabel: pd.DataFrame, veld: str) -> pd.DataFrame:
    """Put the group of each cell in column `groep`."""
    return tabel.assign(
        groep=tabel[CEL].map(dict(zip(cellen.groepen[CEL], cellen.groepen[veld], strict=True)))
    )


def _listed(delen: Mapping[str, _Part], cellen: _Cells, veld: str, kind: Kind) -> pd.DataFrame:
    """Put all periods of a kind that is listed together, with `groep` and `periode`.

    The table is as long as the data: both are categories, and only those that occur.
    """
    van_cel = cellen.groepen.set_index(CEL)[veld].astype("category")
    stukken = [
        SUMMARIES[kind]
        .roll_up(deel.gegevens, "groep")
        .assign(
            groep=deel.gegevens[CEL].map(van_cel),
            periode=pd.Categorical([label], categories=list(delen)).repeat(len(deel.gegevens)),
        )
        for label, deel in delen.items()
    ]
    uit = pd.concat(stukken, ignore_index=True)
    return uit.assign(**{k: uit[k].cat.remove_unused_categories() for k in ("groep", "periode")})


def _added_up(delen: Mapping[str, _Part], cellen: _Cells, veld: str, kind: Kind) -> pd.DataFrame:
    """Add the cells of every period up to the groups of one breakdown, with `groep` and `periode`."""
    return pd.concat(
        [
            SUMMARIES[kind].roll_up(_by_group(cellen, deel.gegevens, veld), "groep").assign(periode=label)
            for label, deel in delen.items()
        ],
        ignore_index=True,
    )


def _collect(delen: Mapping[str, _Part], cellen: _Cells, veld: str, kind: Kind) -> Summary:
    """Bring the cells of all periods to one breakdown; a group in which nobody counts has zero."""
    alle = pd.DataFrame({"groep": sorted(cellen.groepen[veld].unique())})
    bijeen = _listed if SUMMARIES[kind].sleutels is None else _added_up
    groepen = []
    for label, deel in delen.items():
        tel = _by_group(cellen, deel.huishoudens, veld).groupby("groep", as_index=False)["huishoudens"].sum()
        vol = alle.merge(tel, on="groep", how="left").fillna({"huishoudens": 0})
        groepen.append(vol.astype({"huishoudens": "int64"}).assign(periode=label))
    return Summary(kind, bijeen(delen, cellen, veld, kind), pd.concat(groepen, ignore_index=True))


def _excluded(delen: Mapping[str, _Part], cellen: _Cells, veld: str) -> pd.DataFrame:
    stukken = []
    for label, deel in delen.items():
        per_groep = _by_group(cellen, deel.uitgesloten, veld).groupby(
            ["groep", "uitsluiting"], as_index=False
        )
        stuk = per_groep[["aantal"]].sum().rename(columns={"uitsluiting": "reden"})
        stukken.append(stuk.assign(periode=label, uitsplitsing=veld))
    return pd.concat(stukken, ignore_index=True)[list(UITSLUITING)]


def _crossed(delen: Mapping[str, _Part], cellen: _Cells, per: Sequence[str]) -> pd.DataFrame:
    namen = cellen.groepen[[CEL, *per]]
    stukken = [deel.gegevens.merge(namen, on=CEL).assign(periode=label) for label, deel in delen.items()]
    return pd.concat(stukken, ignore_index=True).drop(columns=CEL)


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
    cellen = _Cells.of(pakket, per)
    delen: dict[str, _Part] = {}
    for label, deel in split_periods(venster, periode).items():
        vraag = Vraag(deel, pakket.peildatum, params)
        # The unit rows are needed twice; they stay in the engine, computed once, and go right after.
        with keeping(pakket.once), indicator.rows(pakket.tabellen, vraag).cache() as eenheden:
            delen[label] = _summarise(pakket, eenheden, cellen, indicator)
    kind = indicator.card.kind
    if SUMMARIES[kind].sleutels is None:
        shrink(pakket.con)  # what is listed is as long as the data: both at once would take too much
    return Summaries(
        _collect(delen, cellen, "", kind),
        {veld: _collect(delen, cellen, veld, kind) for veld in per},
        pd.concat([_excluded(delen, cellen, veld) for veld in ("", *per)], ignore_index=True),
        _crossed(delen, cellen, per) if SUMMARIES[kind].sleutels is not None else pd.DataFrame(),
    )

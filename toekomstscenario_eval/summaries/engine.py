"""Unit rows to summaries, computed where the data live; only small tables come back.

Periods, groups and the roll-up are here; what is added up per kind is in `summaries.kinds`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.connection import shrink
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.data.spells import keeping
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.identity import PILOT, TOTAAL, UNKNOWN, Labels
from toekomstscenario_eval.long_tables import UITSLUITING
from toekomstscenario_eval.periods import split_periods
from toekomstscenario_eval.summaries import cells as by_key
from toekomstscenario_eval.summaries import contract, site_names, teams
from toekomstscenario_eval.summaries.kinds import CELL, SUMMARIES
from toekomstscenario_eval.summaries.phases import BESIDE, require, unit_rows
from toekomstscenario_eval.summaries.registry import Indicator
from toekomstscenario_eval.types import SITE, SITE_KIND, Card, Kind, Summary, Venster, Vraag

# Fusing nested selects costs more time than the engine gains by it: it fuses them itself.
ibis.options.sql.fuse_selects = False


@dataclass(frozen=True)
class Summaries:
    """All summaries of one question: the whole, one per breakdown, and what was left out.

    `crossed` is the summary per combination of all breakdowns, with a column for each, and `periode`;
    empty for a kind that is listed, not added up. `gone` are the cells of what was left out of the whole,
    as `Summary.cellen`; None without keys.
    """

    totaal: Summary
    per: Mapping[str, Summary]
    uitsluitingen: pd.DataFrame
    crossed: pd.DataFrame
    gone: pd.DataFrame | None = None


def group_fields() -> dict[str, tuple[str, str, str | None]]:
    """Return what results may be split by: name -> table, column, code list.

    Every field of huishouden and proeftuin that is no key and no date, and the proeftuin itself.
    """
    tables = load_schema().tabellen
    out: dict[str, tuple[str, str, str | None]] = {SITE: ("proeftuin", "naam", None)}
    for table, prefix in (("huishouden", ""), ("proeftuin", f"{SITE}_")):
        for field in tables[table].fields:
            if field.type != "date" and not field.naam.endswith("_id") and field.naam != "naam":
                out[prefix + field.naam] = (table, field.naam, field.codelijst)
    return out


def require_field(per: str) -> None:
    """Refuse a breakdown that does not exist."""
    if per not in (fields := group_fields()):
        raise GebruikFout(f"uitsplitsen naar '{per}' kan niet", herstel=did_you_mean(per, fields))


def groups(package: Package, per: str) -> ir.Table:
    """Return `huishouden_id, groep`: the code of the group of every household; unknown is one of its own."""
    require_field(per)
    table, column, _ = group_fields()[per]
    huishouden = package.tabellen["huishouden"]
    if table == "proeftuin":
        # Renamed first: huishouden and proeftuin may share names of columns.
        source = site_names.coded(package) if per == SITE else package.tabellen["proeftuin"]
        proeftuin = source.select("proeftuin_id", groep_waarde=column)
        at = huishouden.select("huishouden_id", "proeftuin_id").left_join(proeftuin, "proeftuin_id")
    else:
        at = huishouden.select("huishouden_id", groep_waarde=column)
    return at.select("huishouden_id", groep=at.groep_waarde.cast("string").fill_null(UNKNOWN))


# The levels of a network, and the breakdown of the counts of households per kind of organisation.
_NODES = {"soort": "organisatie_soort", "soort organisatie": "organisatie_soort", "domein": "domein"}


def labels() -> Labels:
    """Return the words for the codes that results hold: of every breakdown, and of kinds and domains."""
    listings = {field: listing for field, (_, _, listing) in group_fields().items() if listing} | _NODES
    return Labels.of({field: load_schema().codelists[listing].labels for field, listing in listings.items()})


def strata(package: Package, per: Sequence[str]) -> dict[str, str]:
    """Return for each proeftuin the coarser groups, among those in `per`, that it is a part of.

    Disclosure control needs it: a hidden proeftuin must not follow from the published total of
    its kind. Empty when the results are not split by proeftuin and something coarser at once.
    """
    coarse = [p for p in per if p.startswith(f"{SITE}_")]
    if SITE not in per or not coarse:
        return {}
    fields = group_fields()
    table = package.tabellen["proeftuin"].select("naam", *(fields[p][1] for p in coarse)).execute()
    return {str(naam): " / ".join(map(str, waarden)) for naam, *waarden in table.itertuples(index=False)}


def fetch(table: ir.Table) -> pd.DataFrame:
    """Run a query and order the answer on all columns, so that it never depends on the engine's order."""
    return cast(pd.DataFrame, table.order_by(list(table.columns)).execute())


def _fetch_many(table: ir.Table) -> pd.DataFrame:
    """Fetch a table that is as long as the data: each text once in memory, and the rows in no order."""
    arrow = table.to_pyarrow()
    out = cast(
        pd.DataFrame, arrow.to_pandas(strings_to_categorical=True, split_blocks=True, self_destruct=True)
    )
    for column in out.select_dtypes("category"):
        out[column] = out[column].cat.reorder_categories(sorted(out[column].cat.categories))
    return out


@dataclass(frozen=True)
class Cells:
    """The cell of every household (in the engine), and the group of every cell per breakdown."""

    huishoudens: ir.Table
    groepen: pd.DataFrame
    phase: str = ""

    @classmethod
    def of(cls, package: Package, per: Sequence[str], phase: str = "") -> Cells:
        """Return the cells of a breakdown, worked out once per package."""
        # Which cells are of comparison regions tells who counts in the whole of a phase, and whose design
        # effect a group uses.
        per = tuple(dict.fromkeys((*per, *([SITE_KIND] if phase or SITE in per else []))))
        key = ("cellen", *per)
        if key not in package.memory:
            package.memory[key] = cls._make(package, per)
        return replace(cast(Cells, package.memory[key]), phase=phase)

    def groups_by(self, field: str) -> pd.Series:
        """Return by cell the group in a breakdown, of the cells that count there.

        In a phase comparison regions count only where they are groups of their own.
        """
        groepen = self.groepen
        if self.phase and field not in BESIDE:
            groepen = groepen[groepen[SITE_KIND].eq(PILOT)]
        return groepen.set_index(CELL)[field]

    @classmethod
    def _make(cls, package: Package, per: Sequence[str]) -> Cells:
        table = package.tabellen["huishouden"].select("huishouden_id")
        for field in per:
            table = table.join(groups(package, field).rename({field: "groep"}), "huishouden_id")
        if not per:
            groepen = pd.DataFrame({CELL: [1], "": [TOTAAL]})
            return cls(table.mutate(**{CELL: ibis.literal(1, "int64")}), groepen)
        sequence_number = ibis.dense_rank().over(ibis.window(order_by=[table[v] for v in per]))
        with_cell = table.mutate(**{CELL: sequence_number.cast("int64") + 1}).cache()
        groepen = fetch(with_cell.select(CELL, *per).distinct())
        return cls(with_cell.select("huishouden_id", CELL), groepen.assign(**{"": TOTAAL}))


def codes(table: ir.Table, key: str, naam: str) -> ir.Table:
    """Return every key with a number in column `naam`: its rank, the same for any row order."""
    unique = table.select(key).filter(table[key].notnull()).distinct()
    return unique.mutate(**{naam: ibis.dense_rank().over(ibis.window(order_by=unique[key])).cast("int64")})


def household_codes(package: Package) -> ir.Table:
    """Return `huishouden_id, huishouden`: the number of every household of a package."""
    return package.once(codes(package.tabellen["huishouden"], "huishouden_id", "huishouden"))


@dataclass(frozen=True)
class _Part:
    """Cells of one window: the summary, households that count, and units left out."""

    gegevens: pd.DataFrame
    huishoudens: pd.DataFrame
    excluded: pd.DataFrame
    kap: int
    effects: teams.Effects
    keyed: pd.DataFrame | None = None
    gone: pd.DataFrame | None = None


def _summarise(
    package: Package,
    eenheden: ir.Table,
    cells: Cells,
    indicator: Indicator,
    keys: ir.Table | None,
    kap: int,
    team_from: int | None,
) -> _Part:
    card = indicator.card
    rows = eenheden.join(cells.huishoudens, "huishouden_id")
    keyed, without = None, None
    if keys is not None:
        known = rows.join(keys, "huishouden_id")
        asked = by_key.histogram(known.filter(known.uitsluiting.isnull()), card, kap)
        keyed = None if asked is None else by_key.fetched(fetch(asked))
        left_out = known.filter(known.uitsluiting.notnull())
        without = by_key.fetched(fetch(by_key.exclusions(left_out, SUMMARIES[card.kind].eenheden)))
    counted = rows.filter(rows.uitsluiting.isnull())
    soort = SUMMARIES[card.kind]
    # One query counts who takes part (no reason) and who was left out for which reason, and checks the rows.
    count = fetch(
        rows.group_by([CELL, "uitsluiting"]).agg(
            aantal=soort.eenheden(rows),
            huishoudens=rows.huishouden_id.nunique(),
            breuk=contract.breach(rows, card).max(),
        )
    )
    contract.demand(indicator.id, count["breuk"])
    retrieve = fetch
    if soort.keys is None:
        retrieve, counted = _fetch_many, counted.join(household_codes(package), "huishouden_id")
    gone = count["uitsluiting"].notna()
    found = retrieve(soort.query(counted))
    houses = count.loc[~gone, [CELL, "huishoudens"]].reset_index(drop=True)
    asks = (package, counted, found, houses, cells)
    return _Part(
        found,
        houses,
        count.loc[gone, [CELL, "uitsluiting", "aantal"]].reset_index(drop=True),
        kap,
        teams.effects(*asks, horizon=card.horizon, least=team_from) if soort.by_team else {},
        keyed,
        without,
    )


def _by_group(cells: Cells, table: pd.DataFrame, field: str) -> pd.DataFrame:
    """Put the group of each cell in column `groep`; without the cells that do not count there."""
    groepen = cells.groups_by(field)
    here = table[table[CELL].isin(groepen.index)]
    return here.assign(groep=here[CELL].map(groepen))


def _listed(parts: Mapping[str, _Part], cells: Cells, field: str, kind: Kind) -> pd.DataFrame:
    """Put all periods of a kind that is listed together, with `groep` and `periode`.

    The table is as long as the data: both are categories, and only those that occur.
    """
    of_cell = cells.groups_by(field).astype("category")
    pieces = []
    for label, part in parts.items():
        rows = part.gegevens
        rows = rows[rows[CELL].isin(of_cell.index)] if cells.phase else rows
        label_of = pd.Categorical([label], categories=list(parts)).repeat(len(rows))
        rolled = SUMMARIES[kind].roll_up(rows, "groep")
        pieces.append(rolled.assign(groep=rows[CELL].map(of_cell), periode=label_of))
    out = pd.concat(pieces, ignore_index=True)
    return out.assign(**{k: out[k].cat.remove_unused_categories() for k in ("groep", "periode")})


def _added_up(parts: Mapping[str, _Part], cells: Cells, field: str, kind: Kind) -> pd.DataFrame:
    """Add the cells of every period up to the groups of one breakdown, with `groep` and `periode`."""
    return pd.concat(
        [
            SUMMARIES[kind].roll_up(_by_group(cells, part.gegevens, field), "groep").assign(periode=label)
            for label, part in parts.items()
        ],
        ignore_index=True,
    )


def _collect(parts: Mapping[str, _Part], cells: Cells, field: str, card: Card) -> Summary:
    """Bring the cells of all periods to one breakdown; a group in which nobody counts has zero."""
    every = pd.DataFrame({"groep": sorted(cells.groepen[field].unique())})
    together = _listed if SUMMARIES[card.kind].keys is None else _added_up
    groepen = []
    for label, part in parts.items():
        count = (
            _by_group(cells, part.huishoudens, field).groupby("groep", as_index=False)["huishoudens"].sum()
        )
        full = every.merge(count, on="groep", how="left").fillna({"huishoudens": 0})
        groepen.append(full.astype({"huishoudens": "int64"}).assign(periode=label, kap=part.kap))
    keyed = _keyed(parts, cells, field, lambda part: part.keyed, lambda part: by_key.grids(card, part.kap))
    effects = {label: (part.effects, part.huishoudens) for label, part in parts.items()}
    return Summary(
        card.kind,
        together(parts, cells, field, card.kind),
        pd.concat(groepen, ignore_index=True),
        keyed,
        teams.used(effects, cells, field),
    )


def _keyed(
    parts: Mapping[str, _Part],
    cells: Cells,
    field: str,
    found: Callable[[_Part], pd.DataFrame | None],
    grids: Callable[[_Part], Mapping[str, by_key.Grid]],
) -> pd.DataFrame | None:
    """Return the cells of all periods by the groups of one breakdown; None when no keys were asked for."""
    pieces = []
    for label, part in parts.items():
        table = found(part)
        if table is None:
            return None
        pieces.append(by_key.nested(_by_group(cells, table, field), grids=grids(part)).assign(periode=label))
    return pd.concat(pieces, ignore_index=True)


def _excluded(parts: Mapping[str, _Part], cells: Cells, field: str) -> pd.DataFrame:
    pieces = []
    for label, part in parts.items():
        per_groep = _by_group(cells, part.excluded, field).groupby(["groep", "uitsluiting"], as_index=False)
        piece = per_groep[["aantal"]].sum().rename(columns={"uitsluiting": "reden"})
        pieces.append(piece.assign(periode=label, uitsplitsing=field))
    return pd.concat(pieces, ignore_index=True)[list(UITSLUITING)]


def _crossed(parts: Mapping[str, _Part], cells: Cells, per: Sequence[str]) -> pd.DataFrame:
    namen = cells.groepen[[CELL, *per]]
    pieces = [part.gegevens.merge(namen, on=CELL).assign(periode=label) for label, part in parts.items()]
    return pd.concat(pieces, ignore_index=True).drop(columns=CELL)


def nothing(kind: Kind, days: Mapping[str, int]) -> Summary:
    """Return a summary without anybody, of each period with its days: of what is too small to be shown."""
    groepen = pd.DataFrame({"groep": TOTAAL, "periode": list(days), "kap": list(days.values())})
    return Summary(kind, pd.DataFrame(), groepen.assign(huishoudens=0), None)


def days_of(package: Package, venster: Venster, periode: str | None) -> dict[str, int]:
    """Return how many days of each period were observed."""
    parts = split_periods(venster, periode, package.peildatum)
    return {label: (min(part.eind, package.peildatum) - part.begin).days for label, part in parts.items()}


def summarise(
    package: Package,
    indicator: Indicator,
    *,
    params: Mapping[str, Any],
    venster: Venster,
    per: Sequence[str] = (),
    periode: str | None = None,
    keys: ir.Table | None = None,
    phase: str = "",
    seen: Callable[[ir.Table], None] | None = None,
    team_from: int | None = None,
) -> Summaries:
    """Compute the summaries of an indicator: the whole, and one set of groups for each field in `per`.

    Parameters
    ----------
    keys : Table, optional
        Record keys of the households (`huishouden_id` and `cells.HALVES`); with them the summaries also
        hold cells.
    phase : str
        Population by the clock of the pilot; see `phases`.
    seen : callable, optional
        Gets the unit rows of a window that is not split, while the engine has them.
    team_from : int, optional
        From how many households on a duration has a design effect; see `teams.told`.

    Raises
    ------
    GebruikFout
        When a field, `periode` or `phase` is unknown, or the package has no start dates.
    """
    require(package, phase)
    cells = Cells.of(package, per, phase)
    parts: dict[str, _Part] = {}
    for label, part in split_periods(venster, periode, package.peildatum).items():
        vraag = Vraag(part, package.peildatum, params)
        # The unit rows are needed twice; they stay in the engine, computed once, and go right after.
        with keeping(package.once), unit_rows(package, indicator, vraag, phase).cache() as eenheden:
            kap = (vraag.grens - part.begin).days
            parts[label] = _summarise(package, eenheden, cells, indicator, keys, kap, team_from)
            if seen is not None and periode is None:
                seen(eenheden)
    kind = indicator.card.kind
    if SUMMARIES[kind].keys is None:
        shrink(package.con)  # what is listed is as long as the data: both at once would take too much
    return Summaries(
        _collect(parts, cells, "", indicator.card),
        {field: _collect(parts, cells, field, indicator.card) for field in per},
        pd.concat([_excluded(parts, cells, field) for field in ("", *per)], ignore_index=True),
        _crossed(parts, cells, per) if SUMMARIES[kind].keys is not None else pd.DataFrame(),
        _keyed(parts, cells, "", lambda part: part.gone, lambda _: {}),
    )

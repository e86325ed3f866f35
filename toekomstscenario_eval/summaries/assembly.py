"""The cells of one window, and how those of all windows come together: the whole, and by each breakdown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.long_tables import UITSLUITING
from toekomstscenario_eval.summaries import cells as by_key
from toekomstscenario_eval.summaries import contract, teams
from toekomstscenario_eval.summaries.breakdowns import Cells, fetch, household_codes
from toekomstscenario_eval.summaries.kinds import CELL, SUMMARIES
from toekomstscenario_eval.summaries.registry import Indicator
from toekomstscenario_eval.types import Card, Kind, Summary


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
class Part:
    """Cells of one window: the summary, households that count, and units left out."""

    gegevens: pd.DataFrame
    huishoudens: pd.DataFrame
    excluded: pd.DataFrame
    kap: int
    effects: teams.Effects
    keyed: pd.DataFrame | None = None
    gone: pd.DataFrame | None = None

    def of(self, own: Collection[int]) -> Part:
        """Return the part of these cells; without design effects, which are of a whole window."""

        def kept(table: pd.DataFrame) -> pd.DataFrame:
            return table[table[CELL].isin(own)].reset_index(drop=True)

        keyed, gone = (None if t is None else kept(t) for t in (self.keyed, self.gone))
        return Part(
            kept(self.gegevens), kept(self.huishoudens), kept(self.excluded), self.kap, {}, keyed, gone
        )


def of_window(
    package: Package,
    eenheden: ir.Table,
    cells: Cells,
    indicator: Indicator,
    keys: ir.Table | None,
    kap: int,
    team_from: int | None,
) -> Part:
    """Return the cells of the unit rows of one window, in as few queries as there are things to count.

    Parameters
    ----------
    kap : int
        Days of the window.
    team_from : int or None
        From how many households on a duration has a design effect.
    """
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
    return Part(
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


def _listed(parts: Mapping[str, Part], cells: Cells, field: str, kind: Kind) -> pd.DataFrame:
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
        # Of no cell at all, as in a phase without proeftuinen, the map alone would be no category.
        groep = pd.Categorical(rows[CELL].map(of_cell), categories=of_cell.cat.categories)
        pieces.append(rolled.assign(groep=groep, periode=label_of))
    out = pd.concat(pieces, ignore_index=True)
    return out.assign(**{k: out[k].cat.remove_unused_categories() for k in ("groep", "periode")})


def _added_up(parts: Mapping[str, Part], cells: Cells, field: str, kind: Kind) -> pd.DataFrame:
    """Add the cells of every period up to the groups of one breakdown, with `groep` and `periode`."""
    return pd.concat(
        [
            SUMMARIES[kind].roll_up(_by_group(cells, part.gegevens, field), "groep").assign(periode=label)
            for label, part in parts.items()
        ],
        ignore_index=True,
    )


def _collect(parts: Mapping[str, Part], cells: Cells, field: str, card: Card) -> Summary:
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
    parts: Mapping[str, Part],
    cells: Cells,
    field: str,
    found: Callable[[Part], pd.DataFrame | None],
    grids: Callable[[Part], Mapping[str, by_key.Grid]],
) -> pd.DataFrame | None:
    """Return the cells of all periods by the groups of one breakdown; None when no keys were asked for."""
    pieces = []
    for label, part in parts.items():
        table = found(part)
        if table is None:
            return None
        pieces.append(by_key.nested(_by_group(cells, table, field), grids=grids(part)).assign(periode=label))
    return pd.concat(pieces, ignore_index=True)


def _excluded(parts: Mapping[str, Part], cells: Cells, field: str) -> pd.DataFrame:
    pieces = []
    for label, part in parts.items():
        per_groep = _by_group(cells, part.excluded, field).groupby(["groep", "uitsluiting"], as_index=False)
        piece = per_groep[["aantal"]].sum().rename(columns={"uitsluiting": "reden"})
        pieces.append(piece.assign(periode=label, uitsplitsing=field))
    return pd.concat(pieces, ignore_index=True)[list(UITSLUITING)]


def _crossed(parts: Mapping[str, Part], cells: Cells, per: Sequence[str]) -> pd.DataFrame:
    namen = cells.groepen[[CELL, *per]]
    pieces = [part.gegevens.merge(namen, on=CELL).assign(periode=label) for label, part in parts.items()]
    return pd.concat(pieces, ignore_index=True).drop(columns=CELL)


def assembled(indicator: Indicator, parts: Mapping[str, Part], cells: Cells, per: Sequence[str]) -> Summaries:
    """Return the summaries of all periods: the whole, and by each breakdown."""
    kind = indicator.card.kind
    return Summaries(
        _collect(parts, cells, "", indicator.card),
        {field: _collect(parts, cells, field, indicator.card) for field in per},
        pd.concat([_excluded(parts, cells, field) for field in ("", *per)], ignore_index=True),
        _crossed(parts, cells, per) if SUMMARIES[kind].keys is not None else pd.DataFrame(),
        _keyed(parts, cells, "", lambda part: part.gone, lambda _: {}),
    )

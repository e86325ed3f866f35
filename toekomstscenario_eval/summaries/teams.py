"""The household's own team, and what sharing one does to the variance of a duration.

The team of a household is the fixed professional (vast gezicht) with most days of involvement, without one
the organisation that is a local team with most days; a household without either is a team of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval import design_effect
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.spells import dagen, merge
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.summaries.kinds import CELL
from toekomstscenario_eval.summaries.team_variance import Sums, design_effect_of, weights
from toekomstscenario_eval.types import SITE, SITE_KIND

_FACE, _LOCAL = "vast_gezicht", "lokaal_team"
# What a package has when it tells of fixed faces, and of local teams: columns, and a code that occurs.
_SOURCES = (
    ({"betrokkenheid": ("huishouden_id", "professional_id", "begin")}, {("betrokkenheid", "rol"): (_FACE,)}),
    (
        {"betrokkenheid": ("huishouden_id", "organisatie_id", "begin"), "organisatie": ("organisatie_id",)},
        {("organisatie", "soort"): (_LOCAL,)},
    ),
)
_TEAM = "eigen_team"
_Columns = Mapping[str, tuple[str, ...]]
_Codes = Mapping[tuple[str, str], tuple[str, ...]]
# By breakdown and group.
Effects = Mapping[tuple[str, str], float]


class Grouped(Protocol):
    """The cells of households, by the groups of each breakdown."""

    @property
    def groepen(self) -> pd.DataFrame:
        """The group of every cell per breakdown."""

    def groups_by(self, field: str) -> pd.Series:
        """Return by cell the group in a breakdown."""


def told(lacks: Callable[[_Columns, _Codes], str], least: int) -> int | None:
    """Return `least` when the package tells of teams, and None when not: then there is no design effect.

    Parameters
    ----------
    lacks : callable
        Returns what is lacking of columns and codes; empty when nothing.
    """
    return least if any(not lacks(*source) for source in _SOURCES) else None


def own_team(package: Package) -> ir.Table:
    """Return `huishouden_id, eigen_team`: a number that households with the same team share.

    The same for any order of the rows.
    """
    tables = package.records
    involved = tables["betrokkenheid"]
    found = _most(package, involved.filter(involved.rol == _FACE), "professional_id", "p")
    organisations = tables.get("organisatie")
    if organisations is not None:
        local = organisations.filter(organisations.soort == _LOCAL).select("organisatie_id")
        team = _most(package, involved.semi_join(local, "organisatie_id"), "organisatie_id", "o")
        found = found.union(team.anti_join(found, "huishouden_id"))
    everybody = tables["huishouden"].select("huishouden_id").distinct()
    named = everybody.left_join(found, "huishouden_id")
    alone = ibis.literal("h") + named.huishouden_id
    with_name = named.select("huishouden_id", wie=ibis.coalesce(named.wie, alone))
    rank = ibis.dense_rank().over(ibis.window(order_by=with_name.wie)).cast("int64")
    return package.once(with_name.select("huishouden_id", **{_TEAM: rank}))


def _most(package: Package, spells: ir.Table, who: str, mark: str) -> ir.Table:
    """Return `huishouden_id, wie`: who was involved on most days; of equals the first by name."""
    keys = ["huishouden_id", who]
    each = merge(spells.select(*keys, "begin", "eind"), keys)
    days = dagen(each.begin, each.eind.fill_null(ibis.literal(package.peildatum)))
    summed = each.select(*keys, dagen=days).group_by(keys).agg(dagen=lambda t: t.dagen.sum())
    order = ibis.window(group_by="huishouden_id", order_by=[ibis.desc("dagen"), who])
    ranked = summed.mutate(plaats=ibis.row_number().over(order))
    first = ranked.filter(ranked.plaats == 0)
    return first.select("huishouden_id", wie=ibis.literal(mark) + first[who])


def effects(
    package: Package,
    rows: ir.Table,
    counts: pd.DataFrame,
    houses: pd.DataFrame,
    cells: Grouped,
    *,
    horizon: int,
    least: int | None,
) -> dict[tuple[str, str], float]:
    """Return the design effect of the whole and, where the cells tell, of each kind of region.

    Parameters
    ----------
    rows : Table
        Unit rows of a duration that count, with `cel`.
    counts : DataFrame
        The same added up: `cel`, `dag`, `soort` and `n`; see `summaries.kinds`.
    houses : DataFrame
        Households by `cel`, in `huishoudens`.
    least : int
        A group of fewer households has none; None: no group has one.
    """
    if least is None or counts.empty:
        return {}
    team = own_team(package)
    at = rows.select(CELL, "huishouden_id", "instroom", "duur", "einde").join(team, "huishouden_id")
    inside = at.select(CELL, _TEAM, dag=at.instroom, soort=ibis.literal(-1, "int64"))
    gone = at.select(CELL, _TEAM, dag=at.duur, soort=at.einde)
    lines = inside.union(gone).group_by([CELL, _TEAM, "dag", "soort"]).agg(n=lambda t: t.count())
    shared = lines.cache()
    out: dict[tuple[str, str], float] = {}
    for field in design_effect.OWN:
        if field and field not in cells.groepen:
            continue
        of_cell = cells.groups_by(field)
        for groep, many in _households(cells, field, houses).items():
            mine = [int(c) for c in of_cell.index[of_cell.eq(groep)]]
            part = counts[counts[CELL].isin(mine)]
            effect = _effect(shared, part, mine, horizon) if many >= least else None
            if effect is not None:
                out[field, groep] = effect
    return out


def _effect(lines: ir.Table, counts: pd.DataFrame, cells: Sequence[int], horizon: int) -> float | None:
    each, variance = weights(counts, horizon)
    if variance <= 0:
        return None
    mine = lines.filter(lines[CELL].isin(list(cells)))
    weighed = mine.join(ibis.memtable(each), ["dag", "soort"])
    spells = (weighed.soort == -1).cast("int64") * weighed.n
    per = weighed.group_by(_TEAM).agg(u=(weighed.n * weighed.gewicht).sum(), m=spells.sum())
    m = per.m.cast("float64")
    found = per.aggregate(raw=(per.u * per.u).sum(), **{f"m{p}": (m**p).sum() for p in (1, 2, 3, 4)})
    row = found.execute().iloc[0]
    return design_effect_of(Sums(float(row["raw"]), *(float(row[f"m{p}"]) for p in (1, 2, 3, 4))), variance)


def used(
    parts: Mapping[str, tuple[Effects, pd.DataFrame]], cells: Grouped, field: str
) -> dict[tuple[str, str], float]:
    """Return the effect that each group of a breakdown uses, by group and period; see `by_group`."""
    return {
        (groep, label): effect
        for label, (found, sizes) in parts.items()
        for groep, effect in by_group(found, cells, field, sizes).items()
    }


def by_group(found: Effects, cells: Grouped, field: str, sizes: pd.DataFrame) -> dict[str, float]:
    """Return the effect that each group of a breakdown uses, from those of the whole and kinds of region.

    `sizes` has the households of every cell, in `huishoudens`.
    """
    if ("", TOTAAL) not in found:
        return {}
    if field in design_effect.OWN:
        return {groep: effect for (per, groep), effect in found.items() if per == field}
    kinds = kinds_of_sites(cells)
    n = _households(cells, field, sizes)
    whole = sum(_households(cells, "", sizes).values())
    return {
        groep: design_effect.lent(
            found[design_effect.source(field, groep, kinds, found, TOTAAL)], field, size, whole
        )
        for groep, size in n.items()
    }


def kinds_of_sites(cells: Grouped) -> dict[str, str]:
    """Return the kind of region of each site, where the cells tell."""
    if not {SITE, SITE_KIND} <= set(cells.groepen):
        return {}
    pairs = cells.groepen[[SITE, SITE_KIND]].drop_duplicates()
    return dict(zip(pairs[SITE].map(str), pairs[SITE_KIND].map(str), strict=True))


def _households(cells: Grouped, field: str, sizes: pd.DataFrame) -> dict[str, int]:
    groepen = cells.groups_by(field)
    here = sizes[sizes[CELL].isin(groepen.index)]
    return {str(k): int(n) for k, n in here.groupby(here[CELL].map(groepen))["huishoudens"].sum().items()}

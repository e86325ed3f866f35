"""By what results may be split, and the cell of every household in a breakdown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import cast

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.identity import PILOT, TOTAAL, UNKNOWN, Labels
from toekomstscenario_eval.summaries import cohorts, site_names
from toekomstscenario_eval.summaries.kinds import CELL
from toekomstscenario_eval.summaries.phases import BESIDE
from toekomstscenario_eval.types import SITE, SITE_KIND


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
    def crossed(cls, package: Package, per: Sequence[str], members: ir.Table) -> Cells:
        """Return the cells of a breakdown crossed with the cohorts of these households; no others."""
        return cls._make(package, (*per, cohorts.COHORT), members)

    def of_cohort(self, label: str) -> Collection[int]:
        """Return the cells of one cohort."""
        return set(self.groepen.loc[self.groepen[cohorts.COHORT].eq(label), CELL])

    @classmethod
    def _make(cls, package: Package, per: Sequence[str], members: ir.Table | None = None) -> Cells:
        table = package.tabellen["huishouden"].select("huishouden_id")
        if members is not None:
            table = table.join(members, "huishouden_id")
        for field in per:
            if field != cohorts.COHORT:
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

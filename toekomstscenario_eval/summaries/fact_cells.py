"""The counts about the data themselves by household: what was delivered, found, left empty, and who is seen.

A row is counted with the household that it belongs to, as "households with at least k rows". Of rows that
belong to no household (sites, organisations, professionals) there are no cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.checks import failing, rules
from toekomstscenario_eval.data.cutting import with_household
from toekomstscenario_eval.data.filled import holders
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.summaries import cells
from toekomstscenario_eval.types import Finding, Kind, Summary

_PER = ("huishouden_id", "naam", "waarde")
# Tables without households of which a row is a protected unit by itself.
_SCANS = ("reflectie",)


def _summary(per: Sequence[ir.Table], keys: ir.Table) -> Summary:
    """Return the cells of the whole of tables `huishouden_id`, `naam`, `waarde`."""
    groepen = pd.DataFrame({"groep": [TOTAAL], "periode": [""], "huishoudens": [0]})
    if not per:
        return Summary(
            Kind.TELLING, pd.DataFrame(), groepen, cells.nested(pd.DataFrame(columns=["naam"]), grids={})
        )
    together = reduce(lambda a, b: a.union(b), per)
    found = cells.by_name(together, keys).assign(periode="")
    return Summary(Kind.TELLING, pd.DataFrame(), groepen, found)


def _counted(rows: ir.Table, naam: str) -> ir.Table:
    per = rows.group_by("huishouden_id").agg(waarde=rows.count())
    return per.mutate(naam=ibis.literal(naam)).select(*_PER)


def _owned(package: Package) -> Mapping[str, ir.Table]:
    """Return the tables of which every row belongs to a household, with that household."""
    found = {naam: with_household(package.tabellen, naam) for naam in package.tabellen}
    return {naam: table for naam, table in found.items() if table is not None}


def delivered_rows(package: Package, keys: ir.Table) -> Summary:
    """Count the rows of each table by household."""
    return _summary([_counted(table, naam) for naam, table in _owned(package).items()], keys)


def empty_fields(package: Package, keys: ir.Table) -> Summary:
    """Count the empty values of each optional column that was delivered, by household."""
    pieces = []
    for naam, table in _owned(package).items():
        fields = [
            v.naam
            for v in load_schema().tabellen[naam].fields
            if not v.required and v.naam in package.raw[naam].columns
        ]
        for field in fields:
            empty = table.filter(table[field].isnull())
            pieces.append(_counted(empty, f"{naam}.{field}"))
    return _summary(pieces, keys)


def finding_rows(package: Package, findings: Sequence[Finding], keys: ir.Table) -> Summary:
    """Count the rows of each finding that has rows of households."""
    pieces = []
    for finding, rows in failing(package, findings):
        table = {**package.tabellen, finding.tabel: rows}
        owner = with_household(table, finding.tabel)
        if owner is not None:
            pieces.append(_counted(owner, finding_name(finding)))
    return _summary(pieces, keys)


def finding_name(finding: Finding) -> str:
    """Return the name of a finding in the counts: its title and its place."""
    spot = ".".join(part for part in (finding.tabel, finding.kolom) if part)
    return f"{finding.titel} ({spot})" if spot else finding.titel


def without_household(package: Package, naam: str) -> bool:
    """Whether the rows of a delivered table belong to no household."""
    return naam in package.tabellen and with_household(package.tabellen, naam) is None


def of_no_household(package: Package, finding: Finding) -> bool:
    """Whether a finding is about the delivery itself, or about rows without a household."""
    rule = rules()[finding.regel].regel
    tables = {finding.tabel, *rule.needed} - {""}
    private = any(naam in _SCANS or not without_household(package, naam) for naam in tables)
    return rule.structure or not private


def codes(
    package: Package,
    keys: ir.Table,
    columns: Iterable[tuple[str, str]],
    may_be_empty: Iterable[tuple[str, str]] = (),
) -> Summary:
    """Count the households with each code of these columns, by `code_name`.

    Of those that may be empty: in how many households a value is expected, and is there.
    """
    pieces = list(_filled(package, may_be_empty))
    for table, column in sorted(columns):
        owned = with_household(package.tabellen, table) if table in package.tabellen else None
        if owned is not None and column in owned.columns:
            known = owned.filter(owned[column].notnull())
            naam = ibis.literal(code_name(table, column, "")) + known[column].cast("string")
            per = known.select("huishouden_id", naam=naam).distinct()
            pieces.append(per.mutate(waarde=ibis.literal(1, "int64")).select(*_PER))
    return _summary(pieces, keys)


def _filled(package: Package, columns: Iterable[tuple[str, str]]) -> Iterator[ir.Table]:
    one = ibis.literal(1, "int64")
    for table, column in sorted(columns):
        owned = with_household(package.tabellen, table) if table in package.tabellen else None
        if owned is None or column not in package.raw[table].columns:
            continue
        rows = holders(owned, column)
        for naam, part in (
            (expected_name(table, column), rows),
            (filled_name(table, column), rows.filter(rows[column].notnull())),
        ):
            per = part.select("huishouden_id").distinct()
            yield per.mutate(naam=ibis.literal(naam), waarde=one).select(*_PER)


def expected_name(table: str, column: str) -> str:
    """Return the name of the households of which a column should have a value."""
    return f"{table}.{column} verwacht"


def filled_name(table: str, column: str) -> str:
    """Return the name of the households of which a column has a value."""
    return f"{table}.{column} gevuld"


def code_name(table: str, column: str, code: str) -> str:
    """Return the name of a code in the counts."""
    return f"{table}.{column}={code}"


def households_by_kind(package: Package, keys: ir.Table) -> Summary:
    """Count the households that each kind of organisation is or was involved with."""
    organisatie = package.tabellen["organisatie"].select("organisatie_id", "soort")
    at = package.tabellen["betrokkenheid"].join(organisatie, "organisatie_id")
    per = at.select("huishouden_id", naam="soort").distinct()
    return _summary([per.mutate(waarde=ibis.literal(1, "int64")).select(*_PER)], keys)


def not_yet_in(delivered: Package, package: Package, keys: ir.Table) -> Summary:
    """Count the households of which rows were delivered that the epoch leaves out."""
    late = []
    for table in _owned(delivered).values():
        days = [k for k in ("begin", "datum", "eind") if k in table.columns]
        if days:
            after = ibis.or_(*(table[k] >= package.peildatum for k in days)).fill_null(False)
            late.append(table.filter(after).select("huishouden_id"))
    every = reduce(lambda a, b: a.union(b), late).distinct()
    per = every.mutate(naam=ibis.literal("huishoudens"), waarde=ibis.literal(1, "int64")).select(*_PER)
    return _summary([per], keys)

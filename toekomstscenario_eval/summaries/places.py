"""Who belongs to a place, by count and key: the whole, and every group of a breakdown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from toekomstscenario_eval.data.cutting import moved
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.schema import load_schema
from toekomstscenario_eval.identity import PILOT, TOTAAL, UNKNOWN
from toekomstscenario_eval.summaries import phases
from toekomstscenario_eval.summaries.breakdowns import group_fields, groups
from toekomstscenario_eval.summaries.cells import HALVES, KEY


def key_table(package: Package, pseudonyms: Sequence[str], keys: np.ndarray) -> ir.Table:
    """Put the record keys of the households in the engine: `huishouden_id` and the halves of the key."""
    halves = (keys >> np.uint64(32), keys & np.uint64(2**32 - 1))
    frame = pd.DataFrame(
        {"huishouden_id": list(pseudonyms)}
        | dict(zip(HALVES, (h.astype(np.int64) for h in halves), strict=True))
    )
    return package.con.create_table("sleutels", frame, temp=True, overwrite=True)


def households(package: Package) -> list[str]:
    """Return the pseudonyms of the households of a package."""
    found = package.tabellen["huishouden"].select("huishouden_id").distinct().order_by("huishouden_id")
    return [str(h) for h in found.execute()["huishouden_id"]]


def sums(groups_: ir.Table, keys: ir.Table) -> pd.DataFrame:
    """Return `groep`, `n`, `sleutel`: distinct households of each group, and the sum of their keys."""
    at = groups_.join(keys, "huishouden_id")
    found = cast(
        pd.DataFrame,
        at.group_by("groep")
        .agg(n=at.count(), **{h: at[h].sum() for h in HALVES})
        .order_by("groep")
        .execute(),
    )
    above, under = (found[h].astype("int64").to_numpy().astype(np.uint64) for h in HALVES)
    with np.errstate(over="ignore"):
        key = (above << np.uint64(32)) + under
    return found[["groep", "n"]].assign(**{KEY: key})


def places(package: Package, fields: Sequence[str], keys: ir.Table) -> pd.DataFrame:
    """Return every place of a package: `uitsplitsing`, `groep`, `n`, `sleutel`; the whole first."""
    pieces = [sums(_everybody(package), keys).assign(uitsplitsing="")]
    for field in fields:
        found = sums(groups(package, field), keys)
        # Whether anybody is there must not decide whether a place exists: it is drawn as any other.
        empty = sorted({*possible(package, field)} - {*found["groep"]})
        nobody = pd.DataFrame({"groep": empty, "n": 0, KEY: 0}).astype(found.dtypes.to_dict())
        pieces.append(pd.concat([found, nobody], ignore_index=True).assign(uitsplitsing=field))
    return pd.concat(pieces, ignore_index=True)[["uitsplitsing", "groep", "n", KEY]]


def possible(package: Package, field: str) -> set[str]:
    """Return the groups that a breakdown may have by the code list or the table of sites, and `unknown`."""
    table, column, listing = group_fields()[field]
    if table == "proeftuin":
        found = package.tabellen[table].select(waarde=column).distinct().execute()["waarde"].dropna()
        return {*map(str, found), UNKNOWN}
    return {*(load_schema().codelists[listing].codes if listing else ()), UNKNOWN}


def _everybody(package: Package) -> ir.Table:
    return package.tabellen["huishouden"].select("huishouden_id", groep=ibis.literal(TOTAAL))


def dated(package: Package, fields: Sequence[str], *, since: date, until: date) -> dict[tuple[str, str], int]:
    """Return how many households of each place have a dated event in `[since, until)`."""
    hit = moved(package.tabellen, since, until)
    out: dict[tuple[str, str], int] = {}
    for field, table in {"": _everybody(package), **{f: groups(package, f) for f in fields}}.items():
        at = table.semi_join(hit, "huishouden_id")
        found = at.group_by("groep").agg(n=at.count()).execute()
        out |= {(field, str(groep)): int(n) for groep, n in found.itertuples(index=False)}
    return out


def starts(package: Package, at: pd.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return of each place in `at` when its pilots started, `name=date`; nothing of a package without dates.

    A group by a field of the sites has its own pilots; at any other place there may be households of each.
    """
    if package.ontbreekt(phases.NEEDS | {"proeftuin": ("naam", *phases.NEEDS["proeftuin"])}):
        return {}
    sites = package.tabellen["proeftuin"].order_by("naam").execute()
    pilots = sites[sites["soort"].eq(PILOT)]
    day = pilots["start_datum"].map(lambda d: "" if pd.isna(d) else phases.as_date(d).isoformat())
    lines = pilots["naam"].astype("str") + "=" + day.astype("str")
    fields, out = group_fields(), {}
    for per, groep in at[["uitsplitsing", "groep"]].itertuples(index=False):
        table, column, _ = fields[per] if per else ("", "", None)
        here = lines[pilots[column].astype("str").eq(groep)] if table == "proeftuin" else lines
        out[per, groep] = tuple(here)
    return out

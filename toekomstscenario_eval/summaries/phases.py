"""The clock of the pilot: what is seen of each household before, or from, the start of its own proeftuin.

A phase is a population. Of a proeftuin it has the days before its `start_datum`, or from that day on: unit
rows are made as of a window that ends or begins there, so that a household may count in both phases and a
duration that runs across the start enters late. Comparison regions have no start: they keep the calendar,
stand beside the proeftuinen by site and by kind of region, and are never added to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data import filled
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import GebruikFout, did_you_mean
from toekomstscenario_eval.identity import BEFORE, COMPARISON, FROM, PHASES, PILOT
from toekomstscenario_eval.indicators._rows import with_exclusions
from toekomstscenario_eval.summaries.registry import Indicator
from toekomstscenario_eval.types import SITE, SITE_KIND, Venster, Vraag

# Breakdowns in which comparison regions are groups of their own, and so stand beside the proeftuinen.
BESIDE = (SITE, SITE_KIND)
NEEDS = {"proeftuin": ("soort", "start_datum"), "huishouden": ("proeftuin_id",)}
NO_START = "startdatum van de proeftuin onbekend"
NO_DAY = {
    BEFORE: "proeftuin begon voor het venster",
    FROM: "proeftuin begon niet binnen het venster",
}


@dataclass(frozen=True)
class _Wave:
    """Sites of which the same days are seen; none of their days when there is a reason."""

    sites: tuple[str, ...]
    venster: Venster
    reason: str = ""


def lacking(package: Package) -> str:
    """Return why a package cannot tell phases: a column, or all of its values, was not delivered."""
    if reason := package.ontbreekt(NEEDS):
        return reason
    sites = _sites(package)
    own = sites.loc[sites["soort"].eq(PILOT), "start_datum"]
    return filled.reason("proeftuin", "start_datum") if len(own) and own.isna().all() else ""


def require(package: Package, phase: str) -> None:
    """Refuse a phase that does not exist, or that the package can not tell.

    Raises
    ------
    GebruikFout
        For another word than `PHASES` has, or without start dates.
    """
    if not phase:
        return
    if phase not in PHASES:
        raise GebruikFout(f"de fase '{phase}' bestaat niet", herstel=did_you_mean(phase, PHASES))
    if reason := lacking(package):
        raise GebruikFout(
            "voor en vanaf de start zijn niet te onderscheiden",
            kreeg=reason,
            herstel="lever de startdatum van elke proeftuin (start_datum in proeftuin), of laat de fase weg",
        )


def _sites(package: Package) -> pd.DataFrame:
    key = ("fasen",)
    if key not in package.memory:
        table = package.tabellen["proeftuin"].select("proeftuin_id", "soort", "start_datum")
        package.memory[key] = table.order_by("proeftuin_id").execute()
    return cast(pd.DataFrame, package.memory[key])


def regions(package: Package, venster: Venster, phase: str = "") -> dict[str, int]:
    """Return how many regions of each kind have days in a population, by the table of regions.

    Empty when the package does not tell their kind.
    """
    of = _kinds(package)
    waves = _waves(package, venster, phase) if phase else ()
    seen = {site for wave in waves if not wave.reason for site in wave.sites} if phase else set(of)
    return dict(sorted(Counter(kind for site, kind in of.items() if site in seen).items()))


def _kinds(package: Package) -> dict[str, str]:
    """Return the kind of every region by its key."""
    key = ("soorten regio",)
    if key not in package.memory:
        kinds = pd.DataFrame({"proeftuin_id": [], "soort": []})
        if not package.ontbreekt({"proeftuin": ("soort",)}):
            kinds = package.tabellen["proeftuin"].select("proeftuin_id", "soort").execute()
        package.memory[key] = dict(
            zip(kinds["proeftuin_id"].astype(str), kinds["soort"].astype(str), strict=True)
        )
    return cast("dict[str, str]", package.memory[key])


def _seen(start: date, venster: Venster, phase: str) -> tuple[Venster, str]:
    """Return the days of a window in a phase; with the reason when there are none."""
    if phase == BEFORE:
        if start <= venster.begin:
            return venster, NO_DAY[phase]
        return Venster(venster.begin, min(start, venster.eind)), ""
    if start >= venster.eind:
        return venster, NO_DAY[phase]
    return Venster(max(start, venster.begin), venster.eind), ""


def _waves(package: Package, venster: Venster, phase: str) -> Iterator[_Wave]:
    """Yield the sites by the days that are seen of them."""
    found: dict[tuple[Venster, str], list[str]] = {}
    for site, kind, start in _sites(package).itertuples(index=False, name=None):
        if kind == COMPARISON:
            seen = (venster, "")
        elif kind != PILOT:
            continue
        elif pd.isna(start):
            seen = (venster, NO_START)
        else:
            seen = _seen(as_date(start), venster, phase)
        found.setdefault(seen, []).append(str(site))
    for (part, reason), sites in sorted(found.items()):
        yield _Wave(tuple(sites), part, reason)


def as_date(value: Any) -> date:
    return pd.Timestamp(value).date()


def unit_rows(package: Package, indicator: Indicator, vraag: Vraag, phase: str = "") -> ir.Table:
    """Return the unit rows of an indicator: of all days of the window, or of those in a phase.

    In a phase the rows of each household are those that a window of the days of its own site would give;
    what is chosen by who is there, such as the instrument that is used most, is chosen by all of them. With
    windows in the question itself they are those of these households.
    """
    tables = package.records
    if not phase and vraag.vensters is None:
        return indicator.rows(tables, vraag)
    if not phase:
        members = tables["huishouden"].semi_join(vraag.vensters, "huishouden_id")
        rows = indicator.rows({**tables, "huishouden": members}, vraag)
        # An indicator may know of households otherwise than by that table.
        return rows.semi_join(members, "huishouden_id")
    waves = tuple(_waves(package, vraag.venster, phase))
    seen = [wave for wave in waves if not wave.reason]
    huishouden = tables["huishouden"]
    members = huishouden.filter(huishouden.proeftuin_id.isin([site for wave in seen for site in wave.sites]))
    rows = indicator.rows({**tables, "huishouden": members}, replace(vraag, vensters=_windows(members, seen)))
    # An indicator may know of households otherwise than by that table.
    rows = rows.semi_join(members, "huishouden_id")
    gone = [
        (huishouden.filter(huishouden.proeftuin_id.isin(wave.sites)).select("huishouden_id"), wave.reason)
        for wave in waves
        if wave.reason
    ]
    if not gone:
        return rows
    nobody = with_exclusions(rows.filter(ibis.literal(False)), *gone)
    return rows.union(nobody.select(*rows.columns))


def _windows(members: ir.Table, waves: Sequence[_Wave]) -> ir.Table:
    """Return the window in which each household is seen: `huishouden_id, venster_begin, venster_eind`."""

    def day(of: Callable[[Venster], date]) -> ir.Value:
        days = [(members.proeftuin_id.isin(wave.sites), ibis.literal(of(wave.venster))) for wave in waves]
        return ibis.cases(*days, else_=ibis.null("date")) if days else ibis.null("date")

    return members.select(
        "huishouden_id", venster_begin=day(lambda v: v.begin), venster_eind=day(lambda v: v.eind)
    )


def beside(package: Package, field: str) -> frozenset[str]:
    """Return the groups of a breakdown that are comparison regions beside the proeftuinen of a phase."""
    if field == SITE_KIND:
        return frozenset({COMPARISON})
    if field != SITE:
        return frozenset()
    table = package.tabellen["proeftuin"]
    found = table.filter(table.soort == COMPARISON).select(naam="naam").distinct().execute()
    return frozenset(map(str, found["naam"].dropna()))

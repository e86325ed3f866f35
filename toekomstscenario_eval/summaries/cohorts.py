"""Households by the calendar period in which they entered, each seen so many days from its own entry on.

The periods share no household, so that a panel of regions by period is one of flows: nobody counts twice, and
no cell follows from the one before it. Every household is seen equally long, whenever it entered; one that
left earlier is seen until then. Periods of which not everybody could be seen so long yet are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import ibis
import ibis.expr.types as ir

from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.errors import GebruikFout
from toekomstscenario_eval.identity import COMPARISON, PILOT
from toekomstscenario_eval.periods import split_periods
from toekomstscenario_eval.summaries import site_names
from toekomstscenario_eval.types import Kind, Venster

# What a cohort is told by, in tables of households.
COHORT = "instroomperiode"
# Whether a kind has one figure of each region and period.
HAS_PANEL: Mapping[Kind, bool] = {
    Kind.AANDEEL: True,
    Kind.AANTAL: True,
    Kind.DUUR: False,
    Kind.HERHAALD: False,
    Kind.SCORE: False,
    Kind.MATRIX: False,
    Kind.NETWERK: False,
    Kind.KENMERK: False,
    Kind.TELLING: False,
}


def periods(package: Package, venster: Venster, periode: str, days: int) -> dict[str, Venster]:
    """Return the whole periods of a window whose last entry was seen `days` days, by label.

    Raises
    ------
    GebruikFout
        For a number of days below one, or when the window holds no such period.
    """
    if days < 1:
        raise GebruikFout("een huishouden wordt ten minste één dag gevolgd", kreeg=f"{days} dagen")
    until = min(venster.eind, package.peildatum)
    whole = split_periods(venster, periode, package.peildatum)
    seen = {
        label: part for label, part in whole.items() if part.eind - timedelta(1) + timedelta(days) <= until
    }
    if not seen:
        raise GebruikFout(
            f"van geen {periode} zijn alle huishoudens {days} dagen gevolgd",
            kreeg=str(venster),
            herstel="kies minder dagen of een kortere periode",
        )
    return seen


def members(package: Package, seen: Mapping[str, Venster], days: int) -> ir.Table:
    """Return `huishouden_id`, its cohort, and the window in which it is seen."""
    table = package.records["huishouden"]
    label = ibis.cases(
        *(
            ((table.begin >= ibis.literal(part.begin)) & (table.begin < ibis.literal(part.eind)), naam)
            for naam, part in seen.items()
        ),
        else_=ibis.null("string"),
    )
    found = table.select(
        "huishouden_id",
        **{COHORT: label},
        venster_begin=table.begin,
        venster_eind=(table.begin + ibis.interval(days=days)).cast("date"),
    )
    return found.filter(found[COHORT].notnull())


def starts(package: Package) -> dict[str, str]:
    """Return by region the day on which its pilot started (ISO text), empty for a comparison region.

    A pilot without a known start is left out; so are all when kinds and starts were not delivered.
    """
    if package.ontbreekt({"proeftuin": ("soort", "start_datum")}):
        return {}
    start = ibis._.start_datum.cast("string")
    own = package.tabellen["proeftuin"].select("proeftuin_id", "soort", start=start)
    table = site_names.coded(package).join(own, "proeftuin_id").select("naam", "soort", "start")
    rows = table.distinct().execute().sort_values("naam").itertuples(index=False)
    found = {str(naam): (str(soort), start if isinstance(start, str) else "") for naam, soort, start in rows}
    return {
        naam: start if soort == PILOT else ""
        for naam, (soort, start) in found.items()
        if soort == COMPARISON or (soort == PILOT and start)
    }

"""Unit rows to summaries, computed where the data live; only small tables come back.

Periods and cohorts are here; groups are in `summaries.breakdowns`, the roll-up is in `summaries.assembly`,
and what is added up per kind in `summaries.kinds`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from toekomstscenario_eval.data.connection import shrink
from toekomstscenario_eval.data.package import Package
from toekomstscenario_eval.data.spells import keeping
from toekomstscenario_eval.identity import TOTAAL
from toekomstscenario_eval.periods import split_periods
from toekomstscenario_eval.summaries import cohorts
from toekomstscenario_eval.summaries.assembly import Part, Summaries, assembled, of_window
from toekomstscenario_eval.summaries.breakdowns import Cells
from toekomstscenario_eval.summaries.kinds import SUMMARIES
from toekomstscenario_eval.summaries.phases import require, unit_rows
from toekomstscenario_eval.summaries.registry import Indicator
from toekomstscenario_eval.types import Kind, Summary, Venster, Vraag

# Fusing nested selects costs more time than the engine gains by it: it fuses them itself.
ibis.options.sql.fuse_selects = False


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
    cohort: tuple[str, int] | None = None,
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
    cohort : tuple, optional
        By which period households enter, and how many days of each are seen; see `cohorts`.

    Raises
    ------
    GebruikFout
        When a field, `periode` or `phase` is unknown, or the package has no start dates.
    """
    require(package, phase)
    if cohort is not None:
        cells, parts = _cohorts(
            package, indicator, Vraag(venster, package.peildatum, params), per, keys, cohort
        )
        return assembled(indicator, parts, cells, per)
    cells, parts = Cells.of(package, per, phase), {}
    for label, part in split_periods(venster, periode, package.peildatum).items():
        vraag = Vraag(part, package.peildatum, params)
        # The unit rows are needed twice; they stay in the engine, computed once, and go right after.
        with keeping(package.once), unit_rows(package, indicator, vraag, phase).cache() as eenheden:
            kap = (vraag.grens - part.begin).days
            parts[label] = of_window(package, eenheden, cells, indicator, keys, kap, team_from)
            if seen is not None and periode is None:
                seen(eenheden)
    if SUMMARIES[indicator.card.kind].keys is None:
        shrink(package.con)  # what is listed is as long as the data: both at once would take too much
    return assembled(indicator, parts, cells, per)


def _cohorts(
    package: Package,
    indicator: Indicator,
    vraag: Vraag,
    per: Sequence[str],
    keys: ir.Table | None,
    cohort: tuple[str, int],
) -> tuple[Cells, dict[str, Part]]:
    """Return the cells by cohort, and the part of each cohort; all of one query."""
    seen = cohorts.periods(package, vraag.venster, *cohort)
    members = package.once(cohorts.members(package, seen, cohort[1]))
    cells = Cells.crossed(package, per, members.select("huishouden_id", cohorts.COHORT))
    vraag = replace(vraag, vensters=members.drop(cohorts.COHORT))
    with keeping(package.once), unit_rows(package, indicator, vraag).cache() as eenheden:
        whole = of_window(package, eenheden, cells, indicator, keys, cohort[1], None)
    return cells, {label: whole.of(cells.of_cohort(label)) for label in seen}

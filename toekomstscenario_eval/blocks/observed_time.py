"""How long households of each kind of region were seen, and which figures do not compare because of that.

Proeftuinen from their start on are seen for fewer days than comparison regions by the calendar. What adds up
over days is then lower where fewer days were seen, whatever the regions do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from toekomstscenario_eval.blocks import access
from toekomstscenario_eval.document.format import number
from toekomstscenario_eval.identity import COMPARISON, PILOT
from toekomstscenario_eval.results import Release
from toekomstscenario_eval.types import SITE_KIND, Result, Vorm

_RATE = "per_blootstelling"
# How many times as long the one kind may be seen before counts no longer compare.
_ALIKE = 1.1
_UNKNOWN = "van proeftuinen tellen de dagen van één fase, van vergelijkingsregio's die van het hele venster"


def rate(r: Result) -> str:
    """Return the estimand that is the same count per time that a household was seen; empty without one."""
    every = r.card.maten_bij(r.params)
    adds_up = any(maat.over_tijd for maat in every.values())
    return next((naam for naam, maat in every.items() if adds_up and maat.schatter == _RATE), "")


def _days(r: Result) -> Mapping[str, float]:
    """Return the mean days that a household was seen, by kind of region; only what is known."""
    if r.reden_nvt or SITE_KIND not in access.breakdowns(r) or not (naam := rate(r)):
        return {}
    rows = access.rows(r, uitsplitsing=SITE_KIND, maat=naam)
    seen = rows["noemer"].astype(float) * r.card.maten[naam].schaal / rows["n"].astype(float)
    return {groep: d for groep, d in zip(rows["groep"], seen, strict=True) if math.isfinite(d) and d > 0}


def days_seen(vrijgave: Release, r: Result) -> Mapping[str, float]:
    """Return the mean days that a household was seen, by kind of region.

    By the denominator of a rate: of the result itself, or of another one about the same regions and days.
    """
    beside = (o for o in vrijgave.resultaten if (o.variant, o.venster) == (r.variant, r.venster))
    return next((days for other in (r, *beside) if {PILOT, COMPARISON} <= set(days := _days(other))), {})


def unequal_days(vrijgave: Release, r: Result, namen: Sequence[str], *, per: str = SITE_KIND) -> str:
    """Return which of these estimands depend on the days seen, where both kinds were not seen as long.

    Empty where all compare. Where no rate tells how long households were seen, proeftuinen in a phase were
    seen for other days.
    """
    depending = [r.card.maten[naam].label for naam in namen if r.card.maten[naam].over_tijd]
    why = _unequal(vrijgave, r) if per == SITE_KIND and depending else ""
    return _note(why, depending) if why else ""


def unequal_in_table(vrijgave: Release, results: Sequence[Result]) -> list[str]:
    """Return the same of a table that has the headline of each of these results."""
    found: dict[str, list[str]] = {}
    for r in results:
        if not r.reden_nvt and r.card.maten[access.headline(r)].over_tijd and (why := _unequal(vrijgave, r)):
            found.setdefault(why, []).append(r.card.label)
    return [_note(why, labels) for why, labels in found.items()]


def _note(why: str, depending: Sequence[str]) -> str:
    return (
        f"Let op: huishoudens zijn niet even lang gezien ({why}). Dat telt door, en daarom niet zonder "
        f"meer te vergelijken: {'; '.join(depending)}."
    )


def _unequal(vrijgave: Release, r: Result) -> str:
    """Return how long both kinds were seen, where that is not alike; empty where it is, or is not told."""
    if r.variant.periode or SITE_KIND not in access.breakdowns(r):
        return ""
    days = days_seen(vrijgave, r)
    if days:
        one, two = days[PILOT], days[COMPARISON]
        if max(one, two) <= _ALIKE * min(one, two):
            return ""
        known = (number(round(d), Vorm.TELLING) for d in (one, two))
        return "gemiddeld {} dagen in proeftuinen, {} in vergelijkingsregio's".format(*known)
    return _UNKNOWN if r.variant.fase else ""

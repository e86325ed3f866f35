"""The figures of all regions of two kinds, and their difference with the region as the unit.

Households of one region are alike, and it is the region that has the way of working. So a region counts once,
whatever its size. All regions of both kinds take part or there is no difference: those that are large enough
to be shown are not like the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from toekomstscenario_eval.designs import Released, breakdowns, rows
from toekomstscenario_eval.designs._assignment import Assignments, compare, no_surer, possible
from toekomstscenario_eval.designs._sites import LEAST, sites_or_reason
from toekomstscenario_eval.document.format import FORMS
from toekomstscenario_eval.types import SITE, Maat

# How much less sure regions of the kind with fewer of them may be before the test finds too much; measured in
# `benchmarks/metingen_toewijzing.py`.
UNEVEN = 1.5
_NOTHING = 1e-9  # an interval this narrow, as part of what it is about, is that of regions without any spread
_NO_KIND = "van een van de soorten is er geen regio"
_NOT_APART = "cijfers van regio's apart zijn hier niet berekend of niet openbaar"
_UNKNOWN = "van geen regio is bekend hoe onzeker het cijfer is"
_FEW = f"er zijn minder dan {LEAST} regio's"
_NOWHERE = "het komt bij geen enkele regio voor, of bij elke"


@dataclass(frozen=True)
class RegionDifference:
    """Mean over the regions of kind `a` minus that of kind `b`: every region counts once, whatever its size.

    Attributes
    ----------
    a, b : str
        The kinds, by code.
    aantal : tuple of int
        Regions of each kind.
    schatting, ondergrens, bovengrens : float
        The difference, and the 95% interval of the shift model.
    p : float
        From all assignments; never less than what the regions' own errors allow.
    by_own : bool
        Whether the regions' own errors are what makes the interval or p what they are.
    uneven : float
        Variance of a region of the kind with fewer regions over that of the other: its own error with what
        regions of one kind differ. NaN where that is not known.
    reden : str
        Why there is no difference; empty when there is one.
    """

    a: str
    b: str
    aantal: tuple[int, int] = (0, 0)
    schatting: float = math.nan
    ondergrens: float = math.nan
    bovengrens: float = math.nan
    p: float = math.nan
    by_own: bool = False
    uneven: float = math.nan
    reden: str = ""

    @property
    def ways(self) -> Assignments | None:
        """How often the kinds could have been assigned; None without regions of one of them."""
        return possible(*self.aantal) if min(self.aantal) else None


def region_difference(lines: pd.DataFrame, a: str, b: str) -> RegionDifference:
    """Compare two kinds of region with the region as the unit, by exact assignment.

    With own errors s_i of the regions the interval holds at least d -/+ z sqrt(sum s_i^2 / a^2 + sum s_i^2 /
    b^2), and p is at least that of d by this error: regions that lie close together by chance know no more
    than their households tell. Without a p that can come under 5% there is no p, and no interval either:
    no shift can be refused.

    Parameters
    ----------
    lines : DataFrame
        Every region once, with `schatting`, `fout` (its standard error; missing where it is not known) and
        `stratum` (the kinds that a region is a part of by code, separated by ` / `).

    References
    ----------
    Donner and Klar (2000), Design and Analysis of Cluster Randomization Trials, chapter 5
    Gail et al. (1996), permutation with the cluster as the unit,
    doi:10.1002/(SICI)1097-0258(19960615)15:11<1069::AID-SIM220>3.0.CO;2-Q
    """
    soorten = lines["stratum"].astype(str).str.split(" / ")
    x, y = (lines.loc[[soort in s for s in soorten]] for soort in (a, b))
    found = RegionDifference(a, b, (len(x), len(y)))
    ways = found.ways
    if ways is None:
        return replace(found, reden=_NO_KIND)
    first, second = (part["schatting"].to_numpy(dtype=float) for part in (x, y))
    found = replace(found, schatting=float(first.mean() - second.mean()), uneven=_uneven(x, y))
    if not ways.reaches:
        return found
    out = compare(first, second)
    own = math.sqrt(sum(_own(part) / len(part) for part in (x, y)))
    held = no_surer(out, np.array(own))
    found = replace(
        found,
        ondergrens=float(held.under),
        bovengrens=float(held.above),
        p=float(held.p),
        by_own=bool(held.under < out.under or held.above > out.above or held.p > out.p),
    )
    nothing = found.bovengrens - found.ondergrens <= _NOTHING * max(abs(found.schatting), 1.0)
    return replace(found, reden=_UNKNOWN) if nothing else found


def _own(part: pd.DataFrame) -> float:
    """Return the mean of the squared errors of regions, of those of which it is known."""
    known = part["fout"].to_numpy(dtype=float)
    known = known[np.isfinite(known)]
    return float(np.mean(known**2)) if len(known) else 0.0


def _uneven(x: pd.DataFrame, y: pd.DataFrame) -> float:
    """Return the variance of a region of the smaller kind over that of the larger."""
    few, many = (x, y) if len(x) < len(y) else (y, x)
    if not (_own(few) > 0 and _own(many) > 0) or len(x) + len(y) <= 2:
        return math.nan
    squares = sum(float(((part["schatting"] - part["schatting"].mean()) ** 2).sum()) for part in (x, y))
    own = (len(x) * _own(x) + len(y) * _own(y)) / (len(x) + len(y))
    between = max(0.0, squares / (len(x) + len(y) - 2) - own)
    return (between + _own(few)) / (between + _own(many))


def by_region(
    r: Released, *, per: str, a: str, b: str
) -> Iterator[tuple[str, RegionDifference, tuple[str, ...]]]:
    """Yield for each estimand with an interval the difference of two kinds of region, and the ids behind it.

    Nothing when `per` is no property of regions, when the two are the same kind, and when the result has
    neither it nor regions, or is one by period.
    """
    known = {per, SITE} & set(breakdowns(r))
    if not per.startswith(f"{SITE}_") or not known or a == b or r.schattingen["periode"].any():
        return
    for naam, maat in r.card.maten_bij(r.params).items():
        own = r.schattingen[r.schattingen["maat"].eq(naam)]
        if FORMS[maat.vorm].telling or own["bovengrens"].isna().all():
            continue
        lines, aantal, why = _regions(r, naam, a, b)
        if why:
            yield naam, RegionDifference(a, b, aantal, reden=why), ()
            continue
        v = region_difference(lines, a, b)
        yield naam, _in_range(v, maat), () if v.reden else tuple(lines["getal_id"])


def _in_range(v: RegionDifference, maat: Maat) -> RegionDifference:
    """Return the difference of two shares with bounds that two shares can differ by."""
    if not FORMS[maat.vorm].deel:
        return v
    # NaN stays NaN.
    return replace(
        v,
        ondergrens=float(np.maximum(v.ondergrens, -1.0)),
        bovengrens=float(np.minimum(v.bovengrens, 1.0)),
    )


def _regions(r: Released, naam: str, a: str, b: str) -> tuple[pd.DataFrame, tuple[int, int], str]:
    """Return every region of both kinds with figure and error, how many there are, and why there are none."""
    if SITE not in breakdowns(r):
        return pd.DataFrame(), (0, 0), _NOT_APART
    every = rows(r, uitsplitsing=SITE, maat=naam)
    soorten = every["stratum"].astype(str).str.split(" / ")
    aantal = (sum(a in s for s in soorten), sum(b in s for s in soorten))
    sites, why = sites_or_reason(r, maat=naam)
    if sites is None:
        return every, aantal, why.rstrip(".") or (_FEW if len(every) < LEAST else _NOWHERE)
    lines = sites.tabel if sites.of_all is None else sites.tabel.assign(schatting=sites.of_all)
    return lines.assign(fout=sites.plain_error), aantal, ""

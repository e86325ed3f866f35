"""The rules on concentration: one unit that makes up a total, one cell that makes up a row.

What each rule can judge depends on what a result holds. A total of counts per household comes with
the distribution of those counts, so the largest are known; a rate, and a mean of ended durations,
come without: under a policy that looks at the largest, these are not shown. Shares and frequencies
count every unit once, so nobody dominates; scores lie between fixed ends and are no totals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from toekomstscenario_eval.disclosure.kinds import KINDS
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Plek
from toekomstscenario_eval.types import Kind, Maat

# Units by count: (count, units with it).
Verdeling = Sequence[tuple[float, float]]


class _Telt(Protocol):
    @property
    def teller(self) -> float: ...


def minimum_households(soort: Kind, beleid: Policy) -> int:
    """Return the least households behind a result: for a mean, one more than the degrees of freedom."""
    if KINDS[soort].model:
        return max(beleid.minimum_huishoudens, beleid.minimum_vrijheidsgraden + 1)
    return beleid.minimum_huishoudens


def lopsided(met: float, zonder: float, beleid: Policy) -> bool:
    """Whether one side of a share holds more of the row than one cell may."""
    if beleid.maximum_aandeel_cel >= 100:
        return False
    return not 100 * max(met, zonder) <= beleid.maximum_aandeel_cel * (met + zonder)


def crowded(aantallen: Mapping[Plek, float], beleid: Policy) -> set[Plek]:
    """Groups that hold more of their breakdown than one cell may; a breakdown of one group too."""
    if beleid.maximum_aandeel_cel >= 100:
        return set()
    totaal: dict[tuple[str, str], float] = {}
    for plek, aantal in aantallen.items():
        rij = (plek.uitsplitsing, plek.periode)
        totaal[rij] = totaal.get(rij, 0.0) + aantal
    return {
        plek
        for plek, aantal in aantallen.items()
        if plek.uitsplitsing
        and aantal != 0
        and not 100 * aantal <= beleid.maximum_aandeel_cel * totaal[plek.uitsplitsing, plek.periode]
    }


def crowded_class(verdeling: Sequence[float], beleid: Policy) -> bool:
    """Whether one class of a distribution holds more of it than one cell may."""
    return beleid.maximum_aandeel_cel < 100 and not (
        100 * max(verdeling, default=0.0) <= beleid.maximum_aandeel_cel * sum(verdeling)
    )


def dominated(
    soort: Kind,
    maat: Maat,
    naam: str,
    rijen: Mapping[Plek, _Telt],
    verdelingen: Mapping[Plek, Verdeling],
    beleid: Policy,
) -> frozenset[Plek]:
    """Places where one or two units make up too much of the total behind an estimand.

    A total of which the largest parts are unknown counts as dominated.
    """
    wat = maat.schatter or naam
    if not beleid.dominantie or wat not in KINDS[soort].totalen:
        return frozenset()
    bekend = verdelingen if wat == "gemiddelde" else {}
    return frozenset(p for p, rij in rijen.items() if rij.teller != 0 and _dominates(bekend.get(p), beleid))


def _dominates(verdeling: Verdeling | None, beleid: Policy) -> bool:
    if not verdeling:
        return True
    totaal = math.fsum(x * n for x, n in verdeling)
    een, twee = _largest_two(verdeling)
    rest = totaal - een - twee
    goed = (
        100 * een <= beleid.maximum_aandeel_een * totaal
        and 100 * (een + twee) <= beleid.maximum_aandeel_twee * totaal
        # What all others together add must blur the largest for the second largest.
        and 100 * rest >= beleid.p_procent * een
    )
    return not goed


def _largest_two(verdeling: Verdeling) -> tuple[float, float]:
    rij = sorted(((x, n) for x, n in verdeling if n > 0), reverse=True)
    hoogste = [*(x for x, n in rij for _ in range(min(2, math.ceil(n)))), 0.0, 0.0]
    return hoogste[0], hoogste[1]

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

from toekomstscenario_eval.disclosure.kind_rules import KINDS
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Spot
from toekomstscenario_eval.types import Kind, Maat

# Units by count: (count, units with it).
Distribution = Sequence[tuple[float, float]]


class _Counts(Protocol):
    @property
    def teller(self) -> float: ...


def minimum_households(soort: Kind, policy: Policy) -> int:
    """Return the least households behind a result: for a mean, one more than the degrees of freedom."""
    if KINDS[soort].model:
        return max(policy.minimum_huishoudens, policy.minimum_vrijheidsgraden + 1)
    return policy.minimum_huishoudens


def lopsided(having: float, without: float, policy: Policy) -> bool:
    """Whether one side of a share holds more of the row than one cell may."""
    if policy.maximum_aandeel_cel >= 100:
        return False
    return not 100 * max(having, without) <= policy.maximum_aandeel_cel * (having + without)


def crowded(aantallen: Mapping[Spot, float], policy: Policy) -> set[Spot]:
    """Groups that hold more of their breakdown than one cell may; a breakdown of one group too."""
    if policy.maximum_aandeel_cel >= 100:
        return set()
    totaal: dict[tuple[str, str], float] = {}
    for spot, aantal in aantallen.items():
        row = (spot.uitsplitsing, spot.periode)
        totaal[row] = totaal.get(row, 0.0) + aantal
    return {
        spot
        for spot, aantal in aantallen.items()
        if spot.uitsplitsing
        and aantal != 0
        and not 100 * aantal <= policy.maximum_aandeel_cel * totaal[spot.uitsplitsing, spot.periode]
    }


def crowded_class(distribution: Sequence[float], policy: Policy) -> bool:
    """Whether one class of a distribution holds more of it than one cell may."""
    return policy.maximum_aandeel_cel < 100 and not (
        100 * max(distribution, default=0.0) <= policy.maximum_aandeel_cel * sum(distribution)
    )


def dominated(
    soort: Kind,
    maat: Maat,
    naam: str,
    rows: Mapping[Spot, _Counts],
    distributions: Mapping[Spot, Distribution],
    policy: Policy,
) -> frozenset[Spot]:
    """Places where one or two units make up too much of the total behind an estimand.

    A total of which the largest parts are unknown counts as dominated.
    """
    what = maat.schatter or naam
    if not policy.dominance or what not in KINDS[soort].totals:
        return frozenset()
    known = distributions if what == "gemiddelde" else {}
    return frozenset(p for p, row in rows.items() if row.teller != 0 and _dominates(known.get(p), policy))


def _dominates(distribution: Distribution | None, policy: Policy) -> bool:
    if not distribution:
        return True
    totaal = math.fsum(x * n for x, n in distribution)
    one, two = _largest_two(distribution)
    rest = totaal - one - two
    good = (
        100 * one <= policy.maximum_aandeel_een * totaal
        and 100 * (one + two) <= policy.maximum_aandeel_twee * totaal
        # What all others together add must blur the largest for the second largest.
        and 100 * rest >= policy.p_procent * one
    )
    return not good


def _largest_two(distribution: Distribution) -> tuple[float, float]:
    row = sorted(((x, n) for x, n in distribution if n > 0), reverse=True)
    highest = [*(x for x, n in row for _ in range(min(2, math.ceil(n)))), 0.0, 0.0]
    return highest[0], highest[1]

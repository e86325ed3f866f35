"""What must be hidden along with a hidden number, so that it does not follow from a total.

The reader that these rules think of can subtract: the whole minus the groups that are shown, and
the total of a kind of proeftuinen minus the proeftuinen of that kind. One quantity at a time: a
number of households, of units with a characteristic, of units without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from toekomstscenario_eval.identity import UNKNOWN
from toekomstscenario_eval.types import SITE

Aantallen = Mapping["Spot", float]
Requirements = Sequence[tuple[Aantallen, int]]


class Spot(NamedTuple):
    """Where a number stands: breakdown (empty: the whole), group and period."""

    uitsplitsing: str
    groep: str
    periode: str


@dataclass(frozen=True)
class Nesting:
    """How the breakdowns by place hang together in a release.

    Attributes
    ----------
    strata : mapping
        For each proeftuin the coarser published groups that it is a part of.
    onbekend : bool
        Whether a release shows coarser groups without saying which proeftuinen are in them.
    """

    strata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    onbekend: bool = False


def by_place(uitsplitsing: str) -> bool:
    """Whether a breakdown is by proeftuin or by something coarser."""
    return uitsplitsing == SITE or uitsplitsing.startswith(f"{SITE}_")


def protect(secret: Collection[Spot], *aantallen: tuple[Aantallen, int], nesting: Nesting) -> frozenset[Spot]:
    """Extend `secret` until nothing hidden follows by subtraction.

    Parameters
    ----------
    secret : collection of Spot
        What is hidden already.
    *aantallen : pairs of a quantity and a minimum
        A quantity gives the number at every place with anybody in it, the whole included; its
        minimum is what the hidden groups behind one total must hold together. The first one
        decides which groups go along. Without a whole there is nothing to subtract from.

    Returns
    -------
    frozenset of Plek
        Does not depend on the order of the places, and never shrinks when `secret` or a minimum grows.
    """
    out = set(secret)
    spots = aantallen[0][0].keys()
    for periode in {spot.periode for spot in spots}:
        part = {spot for spot in spots if spot.periode == periode}
        shut = out & part
        if shut and any(not spot.uitsplitsing for spot in part):
            out |= _protect_period(part, shut, aantallen, nesting)
    return frozenset(out)


def _protect_period(
    spots: set[Spot], secret: set[Spot], requirements: Requirements, nesting: Nesting
) -> set[Spot]:
    if any(not spot.uitsplitsing for spot in secret):
        return spots  # a hidden whole must not be the sum of its groups
    out = set(secret)
    for family in _families(spots):
        shut, safe = _protect_family(family, secret, requirements, nesting)
        if not safe:
            return spots
        out |= shut
    return out


def _families(spots: set[Spot]) -> Iterable[dict[str, set[Spot]]]:
    """Return the breakdowns, those by place together because they hang together."""
    out: dict[str, dict[str, set[Spot]]] = {}
    for spot in spots:
        if spot.uitsplitsing:
            naam = SITE if by_place(spot.uitsplitsing) else spot.uitsplitsing
            out.setdefault(naam, {}).setdefault(spot.uitsplitsing, set()).add(spot)
    return out.values()


def _protect_family(
    family: Mapping[str, set[Spot]], secret: set[Spot], requirements: Requirements, nesting: Nesting
) -> tuple[set[Spot], bool]:
    """Return what to hide of one family, and whether that is enough.

    As long as the coarser totals are shown, every stratum must protect itself. When one cannot,
    the coarser totals go, and the groups must protect each other within the whole; then every
    stratum hides a group, or its total would be the sum of what is shown.
    """
    members = set().union(*family.values())
    out = secret & members
    if not out:
        return out, True
    if nesting.onbekend and any(map(by_place, family)):
        return members, True
    fine = family.get(SITE, members)
    coarse = members - fine
    safe = not out & coarse
    strata: dict[tuple[str, ...], set[Spot]] = {}
    for spot in fine:
        stratum = nesting.strata.get(spot.groep, ()) if spot.uitsplitsing == SITE else ()
        strata.setdefault(stratum, set()).add(spot)
    for groepen in strata.values():
        # A stratum without any of it is no news only where its total is shown.
        added, enough = _cover(groepen, out & groepen, requirements, zero_may=bool(coarse))
        out |= added
        safe &= enough
    if safe:
        return out, True
    if coarse:
        out |= coarse | {min(groepen, key=partial(_turn, requirements[0][0])) for groepen in strata.values()}
    added, enough = _cover(fine, out & fine, requirements, zero_may=True)
    return out | added, enough


def _cover(
    groepen: set[Spot], secret: set[Spot], requirements: Requirements, *, zero_may: bool
) -> tuple[set[Spot], bool]:
    """Return `secret` with company, and whether it is enough: two groups or more, holding the minimum.

    Every hidden group gets the smallest others as company, whether these are hidden already or
    not: so a stricter policy can only hide more. A group with zero is no company, for its zero may
    stand elsewhere. With `zero_may` a total of zero holds nothing to protect.
    """
    counts = [(a, m) for a, m in requirements if not zero_may or any(a.get(spot, 0.0) for spot in groepen)]
    if not secret or not counts:
        return secret, True
    size = requirements[0][0]
    order = sorted((p for p in groepen if size[p]), key=partial(_turn, size))
    out, enough = set(secret), True
    for first in secret:
        together = [first]
        for spot in order:
            if _enough(together, counts):
                break
            if spot != first:
                together.append(spot)
        out |= set(together)
        enough &= _enough(together, counts)
    return out, enough


def _enough(together: Sequence[Spot], requirements: Requirements) -> bool:
    return len(together) > 1 and all(
        sum(a.get(spot, 0.0) for spot in together) >= minimum for a, minimum in requirements
    )


def _turn(size: Aantallen, spot: Spot) -> tuple[bool, bool, float, str]:
    """Return when a group is taken along: smallest first, by code when equal, zero after all others.

    Before those comes `UNKNOWN`, for how many are unknown also stands among the empty fields.
    """
    return size[spot] == 0, spot.groep == UNKNOWN, size[spot], spot.groep

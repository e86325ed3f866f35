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

from toekomstscenario_eval.identity import ONBEKEND
from toekomstscenario_eval.types import SITE

Aantallen = Mapping["Plek", float]
Eisen = Sequence[tuple[Aantallen, int]]


class Plek(NamedTuple):
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


def protect(geheim: Collection[Plek], *aantallen: tuple[Aantallen, int], nesting: Nesting) -> frozenset[Plek]:
    """Extend `geheim` until nothing hidden follows by subtraction.

    Parameters
    ----------
    geheim : collection of Plek
        What is hidden already.
    *aantallen : pairs of a quantity and a minimum
        A quantity gives the number at every place with anybody in it, the whole included; its
        minimum is what the hidden groups behind one total must hold together. The first one
        decides which groups go along. Without a whole there is nothing to subtract from.

    Returns
    -------
    frozenset of Plek
        Does not depend on the order of the places, and never shrinks when `geheim` or a minimum grows.
    """
    uit = set(geheim)
    plekken = aantallen[0][0].keys()
    for periode in {plek.periode for plek in plekken}:
        deel = {plek for plek in plekken if plek.periode == periode}
        dicht = uit & deel
        if dicht and any(not plek.uitsplitsing for plek in deel):
            uit |= _protect_period(deel, dicht, aantallen, nesting)
    return frozenset(uit)


def _protect_period(plekken: set[Plek], geheim: set[Plek], eisen: Eisen, nesting: Nesting) -> set[Plek]:
    if any(not plek.uitsplitsing for plek in geheim):
        return plekken  # a hidden whole must not be the sum of its groups
    uit = set(geheim)
    for familie in _families(plekken):
        dicht, veilig = _protect_family(familie, geheim, eisen, nesting)
        if not veilig:
            return plekken
        uit |= dicht
    return uit


def _families(plekken: set[Plek]) -> Iterable[dict[str, set[Plek]]]:
    """Return the breakdowns, those by place together because they hang together."""
    uit: dict[str, dict[str, set[Plek]]] = {}
    for plek in plekken:
        if plek.uitsplitsing:
            naam = SITE if by_place(plek.uitsplitsing) else plek.uitsplitsing
            uit.setdefault(naam, {}).setdefault(plek.uitsplitsing, set()).add(plek)
    return uit.values()


def _protect_family(
    familie: Mapping[str, set[Plek]], geheim: set[Plek], eisen: Eisen, nesting: Nesting
) -> tuple[set[Plek], bool]:
    """Return what to hide of one family, and whether that is enough.

    As long as the coarser totals are shown, every stratum must protect itself. When one cannot,
    the coarser totals go, and the groups must protect each other within the whole; then every
    stratum hides a group, or its total would be the sum of what is shown.
    """
    leden = set().union(*familie.values())
    uit = geheim & leden
    if not uit:
        return uit, True
    if nesting.onbekend and any(map(by_place, familie)):
        return leden, True
    fijn = familie.get(SITE, leden)
    grof = leden - fijn
    veilig = not uit & grof
    strata: dict[tuple[str, ...], set[Plek]] = {}
    for plek in fijn:
        stratum = nesting.strata.get(plek.groep, ()) if plek.uitsplitsing == SITE else ()
        strata.setdefault(stratum, set()).add(plek)
    for groepen in strata.values():
        # A stratum without any of it is no news only where its total is shown.
        erbij, genoeg = _cover(groepen, uit & groepen, eisen, nul_mag=bool(grof))
        uit |= erbij
        veilig &= genoeg
    if veilig:
        return uit, True
    if grof:
        uit |= grof | {min(groepen, key=partial(_turn, eisen[0][0])) for groepen in strata.values()}
    erbij, genoeg = _cover(fijn, uit & fijn, eisen, nul_mag=True)
    return uit | erbij, genoeg


def _cover(groepen: set[Plek], geheim: set[Plek], eisen: Eisen, *, nul_mag: bool) -> tuple[set[Plek], bool]:
    """Return `geheim` with company, and whether it is enough: two groups or more, holding the minimum.

    Every hidden group gets the smallest others as company, whether these are hidden already or
    not: so a stricter policy can only hide more. A group with zero is no company, for its zero may
    stand elsewhere. With `nul_mag` a total of zero holds nothing to protect.
    """
    telt = [(a, m) for a, m in eisen if not nul_mag or any(a.get(plek, 0.0) for plek in groepen)]
    if not geheim or not telt:
        return geheim, True
    grootte = eisen[0][0]
    volgorde = sorted((p for p in groepen if grootte[p]), key=partial(_turn, grootte))
    uit, genoeg = set(geheim), True
    for eerste in geheim:
        samen = [eerste]
        for plek in volgorde:
            if _enough(samen, telt):
                break
            if plek != eerste:
                samen.append(plek)
        uit |= set(samen)
        genoeg &= _enough(samen, telt)
    return uit, genoeg


def _enough(samen: Sequence[Plek], eisen: Eisen) -> bool:
    return len(samen) > 1 and all(sum(a.get(plek, 0.0) for plek in samen) >= minimum for a, minimum in eisen)


def _turn(grootte: Aantallen, plek: Plek) -> tuple[bool, bool, float, str]:
    """Return when a group is taken along: smallest first, by code when equal, zero after all others.

    Before those comes `ONBEKEND`, for how many are unknown also stands among the empty fields.
    """
    return grootte[plek] == 0, plek.groep == ONBEKEND, grootte[plek], plek.groep

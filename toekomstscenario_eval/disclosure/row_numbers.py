"""The numbers that one row or one point of a curve shows, each with when it is a secret."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from toekomstscenario_eval.disclosure.kinds import KINDS, Traits
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Plek
from toekomstscenario_eval.disclosure.rules import Bron, Curve, Punt, Rij, split
from toekomstscenario_eval.types import Vorm

# Name, value, whether it is shown, and the threshold under which it is a secret (0: none).
Number = tuple[str, float, bool, int]


def row_numbers(bron: Bron, vorm: Vorm, rij: Rij, zicht: Rij, beleid: Policy) -> Iterator[Number]:
    """Return name, value, whether it is shown, and the threshold under which it is a secret (0: none)."""
    eigen = KINDS[bron.soort]
    yield "n", rij.n, bool(zicht.n), _secret(rij.n, beleid.minimum_huishoudens)
    telt = beleid.minimum_teller if eigen.eindes else 0
    yield "teller", rij.teller, bool(zicht.teller), _secret(rij.teller, telt)
    yield "noemer", rij.noemer, bool(zicht.noemer), 0
    if eigen.gecensureerd:
        yield "gecensureerd", rij.gecensureerd, bool(zicht.gecensureerd), _secret(rij.gecensureerd, telt)
    yield from _BEHIND[vorm](eigen, rij, zicht, beleid)


def _share(eigen: Traits, rij: Rij, zicht: Rij, beleid: Policy) -> Iterator[Number]:
    if not eigen.netwerk:
        open_ = bool(zicht.schatting) and bool(zicht.noemer)
        yield from _sides(*split(rij.schatting, rij.noemer), open_, beleid)


def _count(eigen: Traits, rij: Rij, zicht: Rij, beleid: Policy) -> Iterator[Number]:
    del eigen
    yield "aantal", rij.schatting, bool(zicht.schatting), _secret(rij.schatting, beleid.minimum_teller)


def _sides(met: float, zonder: float, zicht: bool, beleid: Policy) -> Iterator[Number]:
    yield "met", met, zicht, _secret(met, beleid.minimum_teller)
    # That nobody is left over is a secret too.
    yield "zonder", zonder, zicht, beleid.minimum_rest if zonder < beleid.minimum_rest else 0


# The counts that an estimate itself tells.
_BEHIND: Mapping[Vorm, Callable[[Traits, Rij, Rij, Policy], Iterable[Number]]] = {
    Vorm.AANDEEL: _share,
    Vorm.TELLING: _count,
    Vorm.DAGEN: lambda *_: (),
    Vorm.GETAL: lambda *_: (),
}


def _secret(waarde: float, minimum: int) -> int:
    return minimum if 0 < waarde < minimum else 0


def curve_numbers(
    curve: Curve,
    punten: Mapping[Plek, Punt],
    noemer: Mapping[Plek, float],
    open_: Collection[tuple[Curve, Plek]],
    beleid: Policy,
) -> dict[str, dict[Plek, tuple[float, bool, int]]]:
    """Return for one day of a curve, per quantity and place, the same as `row_numbers`."""
    uit: dict[str, dict[Plek, tuple[float, bool, int]]] = {}
    for plek, punt in punten.items():
        zicht = (curve, plek) in open_
        getallen = [("risico", punt.n, zicht, _secret(punt.n, beleid.minimum_risico))]
        # Everything lasts longer than no time at all.
        if curve.dag > 0:
            getallen += _sides(*split(punt.waarde, noemer.get(plek, math.nan)), zicht, beleid)
        for wat, waarde, z, minimum in getallen:
            if not math.isnan(waarde):
                uit.setdefault(wat, {})[plek] = (waarde, bool(z), minimum)
    return uit

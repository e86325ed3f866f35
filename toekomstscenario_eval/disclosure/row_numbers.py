"""The numbers that one row or one point of a curve shows, each with when it is a secret."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from toekomstscenario_eval.disclosure.kind_rules import KINDS, Traits
from toekomstscenario_eval.disclosure.policy import Policy
from toekomstscenario_eval.disclosure.protect import Spot
from toekomstscenario_eval.disclosure.rules import Curve, Point, Row, Source, split
from toekomstscenario_eval.types import Vorm

# Name, value, whether it is shown, and the threshold under which it is a secret (0: none).
Number = tuple[str, float, bool, int]


def row_numbers(source: Source, vorm: Vorm, row: Row, view: Row, policy: Policy) -> Iterator[Number]:
    """Return name, value, whether it is shown, and the threshold under which it is a secret (0: none)."""
    own = KINDS[source.soort]
    yield "n", row.n, bool(view.n), _secret(row.n, policy.minimum_huishoudens)
    counts = policy.minimum_teller if own.eindes else 0
    yield "teller", row.teller, bool(view.teller), _secret(row.teller, counts)
    yield "noemer", row.noemer, bool(view.noemer), 0
    if own.gecensureerd:
        yield "gecensureerd", row.gecensureerd, bool(view.gecensureerd), _secret(row.gecensureerd, counts)
    yield from _BEHIND[vorm](own, row, view, policy)


def _share(own: Traits, row: Row, view: Row, policy: Policy) -> Iterator[Number]:
    if not own.netwerk:
        open_ = bool(view.schatting) and bool(view.noemer)
        yield from _sides(*split(row.schatting, row.noemer), open_, policy)


def _count(own: Traits, row: Row, view: Row, policy: Policy) -> Iterator[Number]:
    del own
    yield "aantal", row.schatting, bool(view.schatting), _secret(row.schatting, policy.minimum_teller)


def _sides(having: float, without: float, view: bool, policy: Policy) -> Iterator[Number]:
    yield "met", having, view, _secret(having, policy.minimum_teller)
    # That nobody is left over is a secret too.
    yield "zonder", without, view, policy.minimum_rest if without < policy.minimum_rest else 0


# The counts that an estimate itself tells.
_BEHIND: Mapping[Vorm, Callable[[Traits, Row, Row, Policy], Iterable[Number]]] = {
    Vorm.AANDEEL: _share,
    Vorm.TELLING: _count,
    Vorm.DAGEN: lambda *_: (),
    Vorm.GETAL: lambda *_: (),
}


def _secret(waarde: float, minimum: int) -> int:
    return minimum if 0 < waarde < minimum else 0


def curve_numbers(
    curve: Curve,
    points: Mapping[Spot, Point],
    noemer: Mapping[Spot, float],
    open_: Collection[tuple[Curve, Spot]],
    policy: Policy,
) -> dict[str, dict[Spot, tuple[float, bool, int]]]:
    """Return for one day of a curve, per quantity and place, the same as `row_numbers`."""
    out: dict[str, dict[Spot, tuple[float, bool, int]]] = {}
    for spot, point in points.items():
        view = (curve, spot) in open_
        getallen = [("risico", point.n, view, _secret(point.n, policy.minimum_risico))]
        # Everything lasts longer than no time at all.
        if curve.dag > 0:
            getallen += _sides(*split(point.waarde, noemer.get(spot, math.nan)), view, policy)
        for what, waarde, z, minimum in getallen:
            if not math.isnan(waarde):
                out.setdefault(what, {})[spot] = (waarde, bool(z), minimum)
    return out

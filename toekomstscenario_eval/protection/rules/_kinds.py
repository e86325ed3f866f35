"""What the rules know of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toekomstscenario_eval.types import Kind


@dataclass(frozen=True)
class Traits:
    """What the rules know of a kind.

    Attributes
    ----------
    reason : why nothing of it can be public yet; empty when it can
    is_size : whether it is a bare count, that a place under the threshold has too
    early : whether a site has it before it has every kind
    late : whether a whole that is too small for breakdowns does not have it at all
    """

    reason: str = ""
    is_size: bool = False
    early: bool = False
    late: bool = False


def _not_yet(what: str) -> Traits:
    return Traits(f"{what} zijn nog niet openbaar te maken; werk binnen met --intern")


KINDS: Mapping[Kind, Traits] = {
    Kind.AANDEEL: Traits(early=True),
    Kind.AANTAL: Traits(),
    Kind.DUUR: Traits(),
    Kind.HERHAALD: _not_yet("herhaalde gebeurtenissen"),
    Kind.SCORE: _not_yet("scores op een schaal"),
    Kind.MATRIX: _not_yet("betrouwbaarheid en overeenstemming van schalen"),
    Kind.NETWERK: Traits(late=True),
    Kind.TELLING: Traits(is_size=True, early=True),
}

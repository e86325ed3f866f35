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
    is_size : whether it is a bare count, that a place under the threshold has too
    early : whether a site has it before it has every kind
    late : whether a whole that is too small for breakdowns does not have it at all
    divided : whether the values of one thing that it counts add up to all households
    """

    is_size: bool = False
    early: bool = False
    late: bool = False
    divided: bool = False


KINDS: Mapping[Kind, Traits] = {
    Kind.AANDEEL: Traits(early=True),
    Kind.AANTAL: Traits(),
    Kind.DUUR: Traits(),
    Kind.HERHAALD: Traits(),
    Kind.SCORE: Traits(),
    Kind.MATRIX: Traits(),
    Kind.NETWERK: Traits(late=True),
    # Of a site it would be many splits of few households.
    Kind.KENMERK: Traits(divided=True),
    Kind.TELLING: Traits(is_size=True, early=True),
}

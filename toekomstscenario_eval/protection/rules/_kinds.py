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
    """

    reason: str = ""
    is_size: bool = False
    early: bool = False


def _not_yet(what: str) -> Traits:
    return Traits(f"{what} zijn nog niet openbaar te maken; werk binnen met --intern")


KINDS: Mapping[Kind, Traits] = {
    Kind.AANDEEL: Traits(early=True),
    Kind.AANTAL: Traits(),
    Kind.DUUR: Traits(),
    Kind.HERHAALD: Traits(),
    Kind.SCORE: Traits(),
    Kind.MATRIX: Traits(),
    Kind.NETWERK: _not_yet("netwerken"),
    Kind.TELLING: Traits(is_size=True, early=True),
}

"""What the rules know of each kind of result; of a kind that does not stand here nothing is released.

Which rules of a policy look at a kind, stands with the rules: see `thresholds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toekomstscenario_eval.types import Kind


@dataclass(frozen=True)
class Traits:
    """What the rules know of one kind.

    Attributes
    ----------
    sides : shares with and without something, of which either side may be too small
    model : estimates come from a mean or a model, with degrees of freedom
    totals : estimands that are a total divided by something: one unit may make up most of it
    sums : teller and noemer add up what one household may bring many of
    eindes : teller counts ends or events, and a few of them are a secret
    gecensureerd : how many ended and how many were censored can be hidden apart from the rest
    aandeel : either side of a share may stand in another result as a number of households
    netwerk : measures follow from each other, and are shown all or none
    los : groups may stand without the whole
    """

    sides: bool = False
    model: bool = False
    totals: tuple[str, ...] = ()
    sums: bool = False
    eindes: bool = False
    gecensureerd: bool = False
    aandeel: bool = False
    netwerk: bool = False
    los: bool = False


KINDS: Mapping[Kind, Traits] = {
    Kind.AANDEEL: Traits(sides=True, aandeel=True),
    Kind.AANTAL: Traits(model=True, totals=("gemiddelde", "per_blootstelling"), sums=True),
    Kind.DUUR: Traits(sides=True, totals=("gemiddelde_beeindigd",), eindes=True, gecensureerd=True),
    Kind.HERHAALD: Traits(model=True, sums=True, eindes=True),
    Kind.SCORE: Traits(sides=True, model=True),
    Kind.MATRIX: Traits(model=True),
    Kind.NETWERK: Traits(sides=True, netwerk=True),
    Kind.TELLING: Traits(sides=True, los=True),
}

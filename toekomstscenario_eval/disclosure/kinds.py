"""What the rules know of each kind of result; of a kind that does not stand here nothing is released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toekomstscenario_eval.types import Kind

_GROOTSTE = ("maximum_aandeel_een", "maximum_aandeel_twee", "p_procent")
_BEIDE_KANTEN = ("minimum_teller", "minimum_rest", "maximum_aandeel_cel")


@dataclass(frozen=True)
class Traits:
    """What the rules know of one kind.

    Attributes
    ----------
    regels : rules of the policy that look at it, apart from those that look at all
    model : estimates come from a mean or a model, with degrees of freedom
    totalen : estimands that are a total divided by something: one unit may make up most of it
    sommen : teller and noemer add up what one household may bring many of
    eindes : teller counts ends or events, and a few of them are a secret
    gecensureerd : how many ended and how many were censored can be hidden apart from the rest
    aandeel : either side of a share may stand in another result as a number of households
    netwerk : measures follow from each other, and are shown all or none
    los : groups may stand without the whole
    """

    regels: tuple[str, ...]
    model: bool = False
    totalen: tuple[str, ...] = ()
    sommen: bool = False
    eindes: bool = False
    gecensureerd: bool = False
    aandeel: bool = False
    netwerk: bool = False
    los: bool = False


KINDS: Mapping[Kind, Traits] = {
    Kind.AANDEEL: Traits(_BEIDE_KANTEN, aandeel=True),
    Kind.AANTAL: Traits(
        ("minimum_vrijheidsgraden", "maximum_aandeel_cel", *_GROOTSTE),
        model=True,
        totalen=("gemiddelde", "per_blootstelling"),
        sommen=True,
    ),
    Kind.DUUR: Traits(
        (
            "minimum_teller",
            "minimum_rest",
            "minimum_risico",
            "minimum_gebeurtenissen",
            "maximum_aandeel_cel",
            *_GROOTSTE,
        ),
        totalen=("gemiddelde_beeindigd",),
        eindes=True,
        gecensureerd=True,
    ),
    Kind.HERHAALD: Traits(
        ("minimum_teller", "minimum_gebeurtenissen", "minimum_vrijheidsgraden"),
        model=True,
        sommen=True,
        eindes=True,
    ),
    Kind.SCORE: Traits(("minimum_vrijheidsgraden", *_BEIDE_KANTEN), model=True),
    Kind.MATRIX: Traits(("minimum_vrijheidsgraden",), model=True),
    Kind.NETWERK: Traits(_BEIDE_KANTEN, netwerk=True),
    Kind.TELLING: Traits(_BEIDE_KANTEN, los=True),
}

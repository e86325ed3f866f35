"""How results of each kind are shown: what stands in a table, and what else can be said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toekomstscenario_eval.types import Kind


@dataclass(frozen=True)
class View:
    """How results of one kind are shown.

    Attributes
    ----------
    kolommen : title and column of the counts that stand beside an estimate by group
    geschat : made of estimates, with a window, an interval and a method; else counted
    bare : one share of units, that its sentence tells; of measures never without what preceded them
    additive : one number over another that both add up over groups
    curves : the curves of groups can stand beside each other
    chain : values of a parameter are steps that follow each other
    mixed : the headline of the whole lies between those of its parts
    """

    kolommen: tuple[tuple[str, str], ...] = ()
    geschat: bool = True
    bare: bool = False
    additive: bool = False
    curves: bool = False
    chain: bool = False
    mixed: bool = False


VIEWS: Mapping[Kind, View] = {
    Kind.AANDEEL: View(
        (("Met het kenmerk", "teller"), ("Eenheden", "noemer")), bare=True, additive=True, mixed=True
    ),
    Kind.AANTAL: View(additive=True, mixed=True),
    Kind.DUUR: View(
        (("Perioden", "noemer"), ("Afgelopen", "teller"), ("Gecensureerd", "gecensureerd")),
        curves=True,
        chain=True,
        mixed=True,
    ),
    Kind.HERHAALD: View(mixed=True),
    Kind.SCORE: View(mixed=True),
    Kind.MATRIX: View(),
    Kind.NETWERK: View(),
    Kind.KENMERK: View((("Met het kenmerk", "teller"),), additive=True, mixed=True),
    Kind.TELLING: View(geschat=False),
}

"""The rules of a policy, one per file: what a rule counts, which values it may have, and what it looks at.

From this directory follow what a policy must name, the record of a release, the texts in report and handbook,
and what is compared between two reports. A file with a function `hide` also hides: it gets a result as the
rules read it (`rules.Bron`) and the policy, and returns the places of which nothing may be shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from toekomstscenario_eval.directory import modules
from toekomstscenario_eval.types import Kind

# Large enough to be no limit.
VEEL = 10**6
IEDERE = frozenset(Kind)


@dataclass(frozen=True)
class Card:
    """What is to be known of a rule.

    Attributes
    ----------
    uitleg : what it counts, as a reader sees it
    onder, boven : the values that it may have
    soorten : kinds of result that it looks at
    volgorde : its place among the rules
    anders : value and source where a policy does not name the rule; without it every policy must
    """

    uitleg: str
    volgorde: int
    soorten: frozenset[Kind] = IEDERE
    onder: int = 1
    boven: int = VEEL
    anders: tuple[int, str] | None = None


@dataclass(frozen=True)
class Rule:
    """A rule as found: name (that of the file), card, and the function that hides, if it has one."""

    naam: str
    card: Card
    hide: Callable[[Any, Any], frozenset[Any]] | None


@cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by name, in order."""
    gevonden = [
        Rule(naam, module.CARD, getattr(module, "hide", None))
        for naam, module in modules(sys.modules[__name__])
    ]
    return {r.naam: r for r in sorted(gevonden, key=lambda r: (r.card.volgorde, r.naam))}


def looking_at(soort: Kind) -> tuple[str, ...]:
    """Return the names of the rules for one kind of result: first those that look at every kind."""
    mee = [r for r in all_rules().values() if soort in r.card.soorten]
    return tuple(r.naam for r in sorted(mee, key=lambda r: r.card.soorten != IEDERE))

"""The rules of a policy, one per file: what a rule counts, which values it may have, and what it looks at.

From this directory follow what a policy must name, the record of a release, the texts in report and handbook,
and what is compared between two reports. A file with a function `hide` also hides: it gets a result as the
rules read it (`rules.Source`) and the policy, and returns the places of which nothing may be shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from toekomstscenario_eval.disclosure.kind_rules import KINDS, Traits
from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.types import Kind

# Large enough to be no limit.
MANY = 10**6


@dataclass(frozen=True)
class Card:
    """What is to be known of a rule.

    Attributes
    ----------
    uitleg : what it counts, as a reader sees it
    onder, boven : the values that it may have
    order : its place among the rules
    bij : whether it looks at a kind of result, by what the rules know of that kind; without it, at every kind
    anders : value and source where a policy does not name the rule; without it every policy must
    """

    uitleg: str
    order: int
    bij: Callable[[Traits], bool] | None = None
    onder: int = 1
    boven: int = MANY
    anders: tuple[int, str] | None = None


@dataclass(frozen=True)
class Rule:
    """A rule as found: name (that of the file), card, and the function that hides, if it has one."""

    naam: str
    card: Card
    hide: Callable[[Any, Any], frozenset[Any]] | None

    def looks_at(self, soort: Kind) -> bool:
        """Whether the rule looks at this kind of result."""
        return self.card.bij is None or self.card.bij(KINDS[soort])


@cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by name, in order."""
    found = [
        Rule(naam, module.CARD, getattr(module, "hide", None))
        for naam, module in modules(sys.modules[__name__])
    ]
    return {r.naam: r for r in sorted(found, key=lambda r: (r.card.order, r.naam))}


def looking_at(soort: Kind) -> tuple[str, ...]:
    """Return the names of the rules for one kind of result: first those that look at every kind."""
    counted = [r for r in all_rules().values() if r.looks_at(soort)]
    return tuple(r.naam for r in sorted(counted, key=lambda r: r.card.bij is not None))


def hidden_by_rules(source: Any, soort: Kind, policy: Any) -> frozenset[Any]:
    """Return the places that rules with a function of their own hide in a result of this kind."""
    counted = (line for line in all_rules().values() if line.looks_at(soort))
    return frozenset().union(*(line.hide(source, policy) for line in counted if line.hide))

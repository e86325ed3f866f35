"""The rules of a policy, one per file: what a rule sets, which values it may have, and what it refuses.

From this directory follow what a policy must name, the record of a release, the texts in report and handbook,
and what is compared between two reports. A file with a function `refuse` also refuses: it gets a place and
the policy, and returns in Dutch why nothing of this kind is published there; empty when it may be.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from toekomstscenario_eval.resources import modules
from toekomstscenario_eval.types import SITE, Kind

# Large enough to be no limit.
MANY = 10**6
# Between the fields of a breakdown by two at once.
CROSSING = " x "
Value = int | float | str | bool | tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A group of a breakdown in which a kind is asked for.

    Attributes
    ----------
    kind : what is asked for
    per : the breakdown; empty for the whole, two fields with `CROSSING` in between for a crossing
    n, whole : published households at the place, and in the whole
    kinds_of_region : how many kinds of region the whole has
    headline : whether the population is the one that leads there: proeftuinen from their start on
    """

    kind: Kind
    per: str
    n: int
    whole: int
    kinds_of_region: int
    headline: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are split by; none for the whole."""
        return tuple(self.per.split(CROSSING)) if self.per else ()

    @property
    def is_site(self) -> bool:
        """Whether this is one proeftuin or region, not split any further."""
        return self.fields == (SITE,)


@dataclass(frozen=True)
class Card:
    """What is to be known of a rule.

    Attributes
    ----------
    uitleg : what it sets, as a reader sees it
    order : its place among the rules
    onder, boven : the numbers that it may be, both included
    fraction : whether the number need not be whole
    keuzes : the only values, when it is no number
    names : whether it is a list of names
    fixed : whether it is fixed per register, and a change is a new key
    anders : value and source where a policy does not name the rule; without it every policy must
    """

    uitleg: str
    order: int
    onder: float = 1
    boven: float = MANY
    fraction: bool = False
    keuzes: tuple[str | bool, ...] = ()
    names: bool = False
    fixed: bool = False
    anders: tuple[Value, str] | None = None

    def read(self, waarde: Any) -> Value | None:
        """Return the value as a policy holds it; None when it cannot be one."""
        if self.names:
            good = isinstance(waarde, list | tuple) and all(isinstance(w, str) and w for w in waarde)
            return tuple(waarde) if good and waarde else None
        if self.keuzes:
            # A bool is an int: only what has the type of a choice is one.
            return next((k for k in self.keuzes if type(k) is type(waarde) and k == waarde), None)
        # A bool is an int, and no number here.
        types = int | float if self.fraction else int
        good = isinstance(waarde, types) and not isinstance(waarde, bool)
        return waarde if good and self.onder <= waarde <= self.boven else None

    @property
    def expected(self) -> str:
        """What a value must be, in words."""
        if self.names:
            return "een lijst van namen"
        if self.keuzes:
            return "een van " + ", ".join(str(k).lower() for k in self.keuzes)
        what = "een getal" if self.fraction else "een geheel getal"
        stop = f" tot en met {self.boven:g}" if self.boven < MANY else ""
        return f"{what} vanaf {self.onder:g}{stop}".replace(".", ",")


@dataclass(frozen=True)
class Rule:
    """A rule as found: name (that of the file), card, and the function that refuses, if it has one."""

    naam: str
    card: Card
    refuse: Callable[[Place, Any], str] | None


@cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by name, in order."""
    found = [
        Rule(naam, module.CARD, getattr(module, "refuse", None))
        for naam, module in modules(sys.modules[__name__])
    ]
    return {r.naam: r for r in sorted(found, key=lambda r: (r.card.order, r.naam))}

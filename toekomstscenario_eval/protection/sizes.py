"""What may be published at which size; sizes go by published numbers of households.

Of a whole under 30 households nothing. From 30 its kinds of region, each from 30 itself, and the whole when
there is one kind only; of proeftuinen only what leads: their days from their start on. From 100 also the
whole, breakdowns and curves, and of each site its size and shares. From 300 every kind for each site, and
from 1,500 crossings. So is the policy `standaard`; each size stands, with what it refuses, in a file in
`rules`.
"""

from __future__ import annotations

from math import floor

from toekomstscenario_eval.protection.policy import Policy
from toekomstscenario_eval.protection.rules import Place, all_rules
from toekomstscenario_eval.types import Kind


def refusal(
    *,
    kind: Kind,
    per: str,
    place_n: int,
    whole_n: int,
    policy: Policy,
    kinds_of_region: int,
    headline: bool = True,
) -> str:
    """Return in Dutch why nothing of this kind is published at this place; empty when it may be.

    Parameters
    ----------
    kind : Kind
        What is asked for.
    per : str
        The breakdown that the place is a group of; empty for the whole, two fields with `rules.CROSSING` in
        between for a crossing.
    place_n, whole_n : int
        Published numbers of households at the place and in the whole.
    policy : Policy
        The policy of the register.
    kinds_of_region : int
        How many kinds of region the whole has.
    headline : bool
        Whether the population is the one that leads at this place.
    """
    place = Place(kind, per, place_n, whole_n, kinds_of_region, headline)
    reasons = (rule.refuse(place, policy) for rule in all_rules().values() if rule.refuse)
    return next(filter(None, reasons), "")


def curves(*, whole_n: int, policy: Policy) -> bool:
    """Return whether curves over time may be drawn, of any place."""
    return bool(whole_n >= policy.omvang_uitsplitsing)


def most_draws(*, per: str, whole_n: int, policy: Policy) -> int:
    """Return how many times in all a place may be drawn: the variance of the noise, rounded down.

    Each draw adds 1/V to what an attacker knows, and one household may not weigh more than 1. A site of a
    small whole is drawn once.
    """
    place = Place(Kind.TELLING, per, 0, whole_n, 0)
    if place.is_site and whole_n < policy.omvang_plaats:
        return 1
    return floor(policy.ruis.v)

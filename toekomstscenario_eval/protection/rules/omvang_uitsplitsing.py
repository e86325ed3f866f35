"""From how many households results are split, pooled over kinds of region, and drawn as a curve."""

from __future__ import annotations

from typing import Any

from toekomstscenario_eval.protection.rules import Card, Place
from toekomstscenario_eval.protection.rules._kinds import KINDS
from toekomstscenario_eval.types import SITE_KIND

CARD = Card(
    uitleg="huishoudens in het geheel voor uitsplitsingen, curven, netwerken en alle soorten regio's samen",
    order=10,
    onder=10,
)


def refuse(place: Place, policy: Any) -> str:
    """A smaller whole has its kinds of region, in the population that leads, each when it is large enough."""
    least = policy.omvang_uitsplitsing
    if place.whole >= least:
        return ""
    if KINDS[place.kind].late:
        return f"netwerken kunnen vanaf {least} huishoudens in het geheel"
    if not place.headline:
        return f"bij minder dan {least} huishoudens staan alleen de proeftuinen vanaf hun start"
    if not place.per:
        apart = f"bij minder dan {least} huishoudens staan de soorten regio's elk apart, en niet samen"
        return apart if place.kinds_of_region > 1 else ""
    if place.per == SITE_KIND:
        small = f"hier tellen minder dan {policy.omvang_geheel} huishoudens mee"
        return small if place.n < policy.omvang_geheel else ""
    return f"deze uitsplitsing kan vanaf {least} huishoudens in het geheel"

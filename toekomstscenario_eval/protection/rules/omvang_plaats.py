"""From how many households every kind is published for each site, and drawn anew."""

from __future__ import annotations

from typing import Any

from toekomstscenario_eval.protection.rules import Card, Place
from toekomstscenario_eval.protection.rules._kinds import KINDS

CARD = Card(
    uitleg="huishoudens in het geheel voordat per proeftuin of regio alles openbaar is, en meer dan eens",
    order=11,
    onder=10,
)


def refuse(place: Place, policy: Any) -> str:
    """In a smaller whole a site has its size and shares only."""
    if not place.is_site or place.whole >= policy.omvang_plaats or KINDS[place.kind].early:
        return ""
    return f"per proeftuin of regio kan dit vanaf {policy.omvang_plaats} huishoudens in het geheel"

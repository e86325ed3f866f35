"""From how many households results are split by two fields at once."""

from __future__ import annotations

from typing import Any

from toekomstscenario_eval.protection.rules import Card, Place

CARD = Card(
    uitleg="huishoudens in het geheel voordat er naar twee kenmerken tegelijk wordt uitgesplitst",
    order=12,
    onder=10,
)


def refuse(place: Place, policy: Any) -> str:
    """In a smaller whole there are no crossings."""
    if len(place.fields) < 2 or place.whole >= policy.omvang_kruising:
        return ""
    return f"naar twee kenmerken tegelijk kan vanaf {policy.omvang_kruising} huishoudens in het geheel"

"""From how many households anything is published."""

from __future__ import annotations

from typing import Any

from toekomstscenario_eval.protection.rules import Card, Place

CARD = Card(
    uitleg="huishoudens in het geheel voordat er iets openbaar is",
    order=9,
    onder=10,
)


def refuse(place: Place, policy: Any) -> str:
    """Of a small whole nothing may be published, not even by kind of region."""
    if place.whole >= policy.omvang_geheel:
        return ""
    return f"in het geheel tellen minder dan {policy.omvang_geheel} huishoudens mee"

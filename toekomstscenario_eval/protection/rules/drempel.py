"""Under which number a count is shown as few, and only the size of a place is published."""

from __future__ import annotations

from typing import Any

from toekomstscenario_eval.protection.rules import Card, Place
from toekomstscenario_eval.protection.rules._kinds import KINDS

CARD = Card(
    uitleg="een lager aantal staat er als 'minder dan', en is het enige van een plek met minder huishoudens",
    order=8,
    onder=3,
)


def refuse(place: Place, policy: Any) -> str:
    """Of a small place only its size may be published."""
    if place.n >= policy.drempel or KINDS[place.kind].is_size:
        return ""
    return f"hier tellen minder dan {policy.drempel} huishoudens mee: alleen hun aantal is openbaar"

"""By what results may be split in public, the most important first."""

from __future__ import annotations

from typing import Any

from toekomstscenario_eval.protection.rules import Card, Place

CARD = Card(
    uitleg="uitsplitsingen die openbaar zijn; wordt er te veel bekend, dan vervalt de laatste eerst",
    order=13,
    names=True,
)


def refuse(place: Place, policy: Any) -> str:
    """A breakdown that the policy does not name is refused; of a crossing each field, and a third."""
    if len(place.fields) > 2:
        return "naar meer dan twee kenmerken tegelijk wordt niet uitgesplitst"
    unnamed = [f for f in place.fields if f not in policy.uitsplitsingen]
    return f"het beleid '{policy.naam}' staat de uitsplitsing '{unnamed[0]}' niet toe" if unnamed else ""

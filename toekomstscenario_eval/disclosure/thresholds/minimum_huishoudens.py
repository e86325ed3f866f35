"""How many households stand behind every number."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="huishoudens achter elk getal",
    order=1,
)

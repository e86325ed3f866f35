"""How many spells end on a step of a protected curve."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="perioden die aflopen op elke trede van een beschermde curve",
    order=5,
    bij=lambda k: k.eindes,
)

"""How many degrees of freedom stand behind a mean, a score or a model."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="vrijheidsgraden achter een gemiddelde, een score of een model",
    order=7,
    bij=lambda k: k.model,
)

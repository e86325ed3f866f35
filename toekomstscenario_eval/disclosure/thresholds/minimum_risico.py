"""How many spells are under observation at a point of a curve."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="perioden onder waarneming bij elk punt van een curve",
    order=4,
    bij=lambda k: k.gecensureerd,
)

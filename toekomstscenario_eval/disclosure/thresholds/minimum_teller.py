"""How many units have the characteristic."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="eenheden met het kenmerk, tenzij het er nul zijn",
    order=2,
    bij=lambda k: k.sides or k.eindes,
)

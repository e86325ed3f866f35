"""How many units do not have the characteristic."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="eenheden zonder het kenmerk; ook nul is te weinig, want dan geldt het voor iedereen",
    order=3,
    bij=lambda k: k.sides,
)

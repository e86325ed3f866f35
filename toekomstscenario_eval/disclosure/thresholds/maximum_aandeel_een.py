"""How much of a total one unit may be."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="procent van een totaal dat van de grootste eenheid mag zijn",
    order=9,
    bij=lambda k: bool(k.totals),
    boven=100,
)

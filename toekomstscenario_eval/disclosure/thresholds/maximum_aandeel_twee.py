"""How much of a total two units may be."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="procent van een totaal dat van de grootste twee eenheden mag zijn",
    order=10,
    bij=lambda k: bool(k.totals),
    boven=100,
)

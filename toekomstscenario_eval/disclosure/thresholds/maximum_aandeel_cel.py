"""How much of its row one cell may hold."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="procent van een rij of verdeling dat in een cel mag zitten",
    order=8,
    bij=lambda k: k.sides or bool(k.totals),
    boven=100,
)

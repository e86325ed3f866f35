"""How closely the second largest unit may estimate the largest."""

from __future__ import annotations

from toekomstscenario_eval.disclosure.thresholds import Card

CARD = Card(
    uitleg="procent waarbinnen de op een na grootste eenheid de grootste niet mag kunnen schatten",
    order=11,
    bij=lambda k: bool(k.totals),
    onder=0,
    boven=100,
)

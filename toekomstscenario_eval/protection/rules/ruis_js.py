"""The smallest counts, that are never published."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(
    uitleg="aantallen van 1 tot en met dit getal staan nergens (js)", order=3, onder=0, boven=20, fixed=True
)

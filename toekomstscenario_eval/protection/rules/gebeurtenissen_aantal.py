"""How many households with a dated event open a place, at least."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(uitleg="huishoudens met een nieuwe gebeurtenis voordat een plek opnieuw wordt getrokken", order=5)

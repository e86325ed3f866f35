"""Which share of a place has a dated event before it is opened."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(
    uitleg="procent huishoudens met een nieuwe gebeurtenis voordat een plek opnieuw wordt getrokken",
    order=6,
    boven=100,
)

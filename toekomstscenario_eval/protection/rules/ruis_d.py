"""How far a published count may be from the true one."""

from toekomstscenario_eval.protection.rules import Card

CARD = Card(
    uitleg="verschil tussen een openbaar aantal en het echte, hooguit (D)", order=1, boven=50, fixed=True
)
